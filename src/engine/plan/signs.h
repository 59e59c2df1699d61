/* Signs: the characters that part or bracket words, and those that stand for numbers or for something left out. One in ten
 * characters of a plan is a sign. They are found once; the passes that look for clauses, sentences, quotes, titles, numbers
 * and gaps go from sign to sign instead of from character to character. Owned by the arena they are found in. */
#ifndef ENGINE_PLAN_SIGNS_H
#define ENGINE_PLAN_SIGNS_H
#include "base/str.h"

enum sign_kind {
  SIGN_NONE,
  SIGN_COMMA, /* ， , unless it stands between digits */
  SIGN_COLON,
  SIGN_SEMICOLON,
  SIGN_STOP, /* 。 ！ ？ ! ? */
  SIGN_LINE, /* end of a line, a cell or a paragraph of a cell */
  SIGN_OPEN, /* brackets of all kinds, 《 and quotes that have two forms */
  SIGN_CLOSE,
  SIGN_QUOTE, /* ‘ ’ " ＂ */
  SIGN_DIGIT, /* the first of a run */
  SIGN_NUMERAL,
  SIGN_OTHER /* what may stand for words left out (× ○ x _ 某), ② */
};
struct sign {
  uint32_t at;
  uint16_t c;
  uint8_t len, kind;
};
struct signs {
  struct sign *at; /* by place; behind the last stands one at UINT32_MAX */
  size_t len, cap;
  uint32_t *marks; /* index of sign_from */
};
enum { SIGN_MARK_BYTES = 32 };
/* What the characters of the basic plane are, wherever they stand. */
extern const uint8_t sign_kinds[0x10000];
/* The comma or digit at text[at] is no sign of its own: it stands inside a number. */
bool sign_is_inside_number(struct str text, size_t at, unsigned char c);
/* Signs are found by the scan for words (lexicon_scan), which has every character at hand. It writes each behind the
 * last one: signs_room gives the place where the next one goes, `to` being behind the last one (NULL: none yet), and
 * where there is no more room; signs_end is called once, behind the last one. */
struct sign *signs_room(struct arena *mem, size_t text_len, struct signs *s, const struct sign *to,
                        const struct sign **out_full);
void signs_end(struct arena *mem, struct str text, struct signs *s, struct sign *to);
/* The first sign at or behind a place in the text. Walks end at the sign behind the last one: s->at < to. */
static inline const struct sign *sign_from(const struct signs *all, uint32_t place) {
  const struct sign *s = all->at + all->marks[place / SIGN_MARK_BYTES];
  while (s->at < place) s++;
  return s;
}
/* +1 for an opening sign, -1 for a closing one. */
static inline int sign_turn(const struct sign *s) { return (s->kind == SIGN_OPEN) - (s->kind == SIGN_CLOSE); }
#endif
