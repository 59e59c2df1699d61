/* The one scan over every text: which kinds of damage can it hold at all, and which script is it?
 *
 * A table of first bytes sorts out the plain ones; what is left is looked at more closely. Rare characters count only
 * when several stand close together, as they do where GBK pairs have slipped and hardly ever do in a document. */
#include "base/utf8.h"
#include "engine/plan/repair.h"
#include "text/fold_table.h"

enum lead_class {
  LEAD_PLAIN,
  LEAD_HAN,
  LEAD_BRACKET,
  LEAD_QUESTION,
  LEAD_AMPERSAND,
  LEAD_CONTROL,
  LEAD_C2,
  LEAD_TWO,
  LEAD_E2,
  LEAD_E3,
  LEAD_PRIVATE,
  LEAD_EF,
  LEAD_FOUR
};

static const uint8_t lead_class[256] = {[0x00 ... 0x08] = LEAD_CONTROL,
                                        [0x0C ... 0x1F] = LEAD_CONTROL,
                                        [0x7F] = LEAD_CONTROL,
                                        ['('] = LEAD_BRACKET,
                                        ['?'] = LEAD_QUESTION,
                                        ['&'] = LEAD_AMPERSAND,
                                        [0xC2] = LEAD_C2,
                                        [0xCB ... 0xDF] = LEAD_TWO, /* the Latin letters before are plain */
                                        [0xE0 ... 0xE1] = LEAD_E3,
                                        [0xE2] = LEAD_E2,
                                        [0xE3] = LEAD_E3,
                                        [0xE4 ... 0xE9] = LEAD_HAN,
                                        [0xEA ... 0xED] = LEAD_E3,
                                        [0xEE] = LEAD_PRIVATE,
                                        [0xEF] = LEAD_EF,
                                        [0xF0 ... 0xF7] = LEAD_FOUR};

static bool is_letter(struct str text, size_t i) {
  if (i >= text.len) return false;
  const unsigned char c = (unsigned char)text.at[i];
  return (c >= 'a' && c <= 'z') || c == 0xC3 || c == 0xC4 || c == 0xC5 || c == 0xC7;
}

/* U+F000..U+FFFF: private use, presentation forms, full width. */
static unsigned look_ef(struct str text, size_t i) {
  const uint32_t c = utf8_at(text, i);
  if (c == 0xFF08) return is_letter(text, i + 3) ? SUSPECT_PINYIN : 0;
  if (c == 0xFF1F) return 0;
  if (c < 0xF900 || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFC)) return SUSPECT_CHAR | (c < 0xF900 ? SUSPECT_SHIFT : 0);
  const bool is_wide = (c >= 0xFF10 && c <= 0xFF19) || (c >= 0xFF21 && c <= 0xFF3A) || (c >= 0xFF41 && c <= 0xFF5A) ||
                       c == 0xFF05 || c == 0xFF0D || c == 0xFF0E || c == 0xFF0B || c == 0xFF0F || c == 0xFF0A;
  return is_wide ? SUSPECT_CHAR : 0;
}

static unsigned look_e2(struct str text, size_t i) {
  const uint32_t c = utf8_at(text, i);
  return (c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F) || (c >= 0x205F && c <= 0x206F) ? SUSPECT_CHAR
                                                                                                      : 0;
}

static unsigned look(enum lead_class class, struct str text, size_t i) {
  switch (class) {
    case LEAD_BRACKET: return is_letter(text, i + 1) ? SUSPECT_PINYIN : 0;
    case LEAD_QUESTION: return SUSPECT_QUESTION | SUSPECT_SHIFT;
    case LEAD_AMPERSAND: return SUSPECT_ENTITY;
    case LEAD_CONTROL: return SUSPECT_CHAR;
    case LEAD_C2: return utf8_at(text, i) < 0xA2 || utf8_at(text, i) == 0xAD ? SUSPECT_CHAR : 0;
    case LEAD_E2: return look_e2(text, i);
    case LEAD_PRIVATE: return SUSPECT_CHAR | SUSPECT_SHIFT;
    case LEAD_EF: return look_ef(text, i);
    case LEAD_PLAIN:
    case LEAD_HAN:
    case LEAD_TWO:
    case LEAD_E3:
    case LEAD_FOUR: return 0;
  }
  return 0;
}

/* Passes over the Han characters from i on that hardly any document is without; returns where they end. */
static inline size_t pass_listed(struct str text, size_t i, int64_t *io_script) {
  const unsigned char *p = (const unsigned char *)text.at;
  int64_t script = 0;
  while (i < text.len && p[i] >= 0xE4 && p[i] <= 0xE9) { /* U+4000..U+9FFF */
    const unsigned mark = han_marks[utf8_three(p + i) - HAN_FIRST];
    if (!(mark & HAN_LISTED)) break;
    script += han_script_of(mark);
    i += 3;
  }
  *io_script += script;
  return i;
}

/* 、 。 《 》 and their like: as frequent as they are harmless. */
static bool is_cjk_mark(struct str text, size_t i) { return text.at[i] == '\xE3' && text.at[i + 1] == '\x80'; }

/* One of the others: its kinds. */
static inline unsigned weigh_char(enum lead_class class, struct str text, size_t i, struct tally *io) {
  const unsigned kinds = look(class, text, i);
  io->odd += kinds != 0;
  io->rare += class == LEAD_HAN;
  if (class == LEAD_HAN || class == LEAD_E3) io->script += han_script_of(han_mark(utf8_at(text, i)));
  return kinds;
}

void repair_weigh(struct str piece, int sign, struct tally *io) {
  struct tally t = {0};
  for (size_t i = pass_listed(piece, 0, &t.script); i < piece.len; i = pass_listed(piece, i, &t.script)) {
    const enum lead_class class = lead_class[(unsigned char)piece.at[i]];
    if (class != LEAD_PLAIN && !is_cjk_mark(piece, i)) (void)weigh_char(class, piece, i, &t);
    i += utf8_len(piece, i);
  }
  io->script += sign * t.script;
  io->odd += sign * t.odd;
  io->rare += sign * t.rare;
}

static bool may_be_shift(struct str text, size_t i) {
  const unsigned char *p = (const unsigned char *)text.at + i;
  if (*p == '?') return i && (p[-1] >= 0x80 || p[-1] == ')');
  return *p >= 0x80 && !(*p == 0xEF && p[1] >= 0xBC) && is_odd_char(utf8_at(text, i)); /* nearly all are U+FF00.. */
}

enum { RARE_NEAR = 12 }; /* bytes: the next but two characters */

void repair_look(struct arena *mem, struct str text, struct suspects *out) {
  struct tally t = {0};
  size_t rare_at = 0;
  for (size_t i = pass_listed(text, 0, &t.script); i < text.len; i = pass_listed(text, i, &t.script)) {
    const enum lead_class class = lead_class[(unsigned char)text.at[i]];
    if (class == LEAD_PLAIN && (unsigned char)text.at[i] < 0x80) {
      i++;
      continue;
    }
    if (class != LEAD_PLAIN && !is_cjk_mark(text, i)) {
      out->kinds |= weigh_char(class, text, i, &t);
      if (may_be_shift(text, i)) vec_push(mem, &out->odd) = (uint32_t)i;
    }
    if (class == LEAD_HAN) {
      if (rare_at && i - rare_at <= RARE_NEAR) out->kinds |= SUSPECT_SHIFT;
      rare_at = i + 1;
    }
    i += utf8_len(text, i);
  }
  out->tally = t;
}
