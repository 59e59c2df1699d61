/* Private to the byte-shift repair: what the document teaches about its own language, and the search. */
#ifndef ENGINE_PLAN_REPAIR_SHIFT_H
#define ENGINE_PLAN_REPAIR_SHIFT_H
#include "engine/plan/repair.h"
#include "engine/plan/repair_grams.h"
#include "text/fold_table.h"

/* Costs are eighths of a bit: what a character costs after the one before it. */
enum { COST_BIT = 8 };

/* A character of the basic plane, by what it is. */
enum char_level { LEVEL_PLAIN, LEVEL_SECOND, LEVEL_OUTSIDE, LEVEL_SYMBOL };
struct char_info {
  uint32_t id : 13;     /* below IDS */
  uint32_t is_mark : 1; /* when folded: , : ; 、 。 《 》 “ ” */
  uint32_t teaches : 1; /* may stand in a sound document */
  uint32_t is_rare : 1; /* a Han character that hardly any document of today holds */
  uint32_t level : 2;   /* how far from the common ones */
  uint32_t is_letter : 1;
  uint32_t is_traditional : 1, is_simplified : 1; /* has another form in the other script */
};
/* A character of GBK that has an id. */
struct form {
  uint16_t c, code;
};
struct reading {
  uint32_t hash; /* of the syllable as written, with its tone */
  uint16_t c;
};
typedef VEC(struct reading) reading_list;
/* One as it stands in the text. */
struct heard {
  uint32_t c;
  struct str syllable;
};
/* A character that a lost byte may have belonged to; `cost` is what it costs alone, less what the left one adds (marks
 * do not pay for it: there it is taken off beforehand). */
struct candidate {
  uint16_t c;
  uint16_t id : 13, is_mark : 1;
  int16_t cost;
  uint8_t lead, trail;
};
struct candidates {
  struct candidate *at; /* the cheapest first; NULL = not worked out yet */
  size_t len;
  bool is_whole;
};
/* What characters cost in a document that does not hold them (RANKED_PAIRS), the cheapest first; behind `near` those of
 * which nothing is known but that they are rare. Marks stand among them, at any place. */
struct ranked {
  const struct candidate *at;
  uint32_t near, len;
};
/* What every model begins with: the words of the rules and of a lexicon. Never changed when made. */
struct words {
  struct char_info info[0x10000];
  uint16_t first_form[IDS + 1]; /* by id: its forms end where those of the next begin */
  struct form *forms;
  uint32_t form_bytes[2]
                     [IDS]; /* first bytes, and second ones, that the characters of an id have: a bit for byte & 31 */
  struct ranked ranked[2][2][256]; /* in a Simplified text and a Traditional one, by first and by second byte */
  uint32_t ids;
  struct grams grams;
  struct counts counts;
  reading_list readings;
};
const struct words *words_for(struct arena *mem, const struct lexicon *lx);

/* All characters with one first byte, those of them whose second byte may be the first of a pair that shows nothing,
 * and all with one second byte. */
enum list_kind { BY_LEAD, BY_LEAD_VANISHING, BY_TRAIL, LIST_KINDS };
struct model {
  const struct words *words;
  struct arena *mem;
  struct candidates lists[LIST_KINDS][256];
  struct grams grams;   /* of the document; the words have their own */
  struct counts counts; /* words and document */
  bool seen[0x10000];   /* characters of the document as they stand */
  int lg_pairs, lg_total;
  bool traditional;
  reading_list readings;
  uint16_t reading_of[256]; /* by character: which of them it had last */
  VEC(struct heard) heard;  /* to be put among them when they are asked for */
};
struct model *model_make(struct arena *mem, const struct lexicon *lx, struct str text, bool is_traditional);

static inline const struct char_info *model_info(const struct model *m, uint32_t c) {
  return &m->words->info[c < 0x10000 ? c : 0xFFFD];
}
/* What it costs alone. */
struct candidate model_alone(const struct model *m, uint32_t c, unsigned code);
/* The least that a character costs of which nothing is known but that it is rare. */
int model_far_cost(const struct model *m);
/* For repair_words.c: what the lists of candidates are made of (repair_lists.c). */
void lists_rank(struct arena *mem, struct words *w);
/* What `c` costs after `left` (0 = unknown). */
int model_cost(struct model *m, uint32_t left, uint32_t c);
/* The i-th cheapest of a list; NULL when it costs more than `most` or there are not so many. */
const struct candidate *model_candidate(struct model *m, enum list_kind kind, unsigned byte, size_t i, int most);
/* What the left one adds to the cost of a candidate. */
int model_left_cost(const struct model *m, uint32_t left);
/* True when the document or the words of the field know b behind a; marks go with everything. */
bool model_knows(struct model *m, uint32_t a, uint32_t b);
/* True when the document itself shows the character. */
static inline bool model_has(const struct model *m, uint32_t c) { return c < 0x10000 && m->seen[c]; }
/* The ids that follow the character in the document, and in the words. */
struct row model_own_row(struct model *m, uint32_t left);
struct row model_word_row(const struct model *m, uint32_t left);
/* The characters that an id stands for. */
static inline const struct form *model_forms(const struct model *m, uint32_t id, const struct form **out_end) {
  *out_end = m->words->forms + m->words->first_form[id + 1];
  return m->words->forms + m->words->first_form[id];
}
/* Follows many different characters, as 的 or 不 do. */
bool model_is_common(const struct model *m, uint32_t c);
bool model_is_everywhere(const struct model *m, uint32_t c); /* 的 */
bool model_is_mark(const struct model *m, uint32_t c);
/* Of the words and the document, each once. */
const reading_list *model_readings(struct model *m);
uint32_t reading_hash(struct str syllable);
/* A Han character that hardly any document of today holds. */
bool is_rare_han(uint32_t c);
/* The character of a GBK pair; 0 when it shows nothing: none there, or in a user-defined area. */
static inline uint32_t shown_char(unsigned lead, unsigned trail) {
  if (lead < GBK_LEAD_FIRST || lead > 0xFE || trail < GBK_TRAIL_FIRST || trail > 0xFE) return 0;
  const uint32_t c = gbk_to_char[(lead - GBK_LEAD_FIRST) * GBK_TRAILS + trail - GBK_TRAIL_FIRST];
  return c >= 0xE000 && c <= 0xF8FF ? 0 : c;
}
/* First bytes of which some pair with a second byte from 81 shows nothing. */
static inline bool may_vanish(unsigned a) { return (a >= 0xA1 && a <= 0xAF) || a >= 0xF8 || a == 0xD7; }

enum token_kind { TOKEN_PAIR, TOKEN_ASCII, TOKEN_QUESTION, TOKEN_READING, TOKEN_TORN, TOKEN_OTHER };
struct token {
  struct span at;
  uint32_t c;    /* PAIR, ASCII, OTHER */
  uint16_t code; /* PAIR: its GBK bytes */
  uint8_t kind;
  bool odd;      /* not to be expected in sound text */
  uint32_t hash; /* READING, TORN: of the syllable */
};
typedef VEC(struct token) tokens;

struct piece {
  struct span at;
  struct str with;
};
typedef VEC(struct piece) pieces;
struct shift_result {
  pieces pieces; /* what changes, in order; none when the text stands best as it is */
  bool is_known; /* each character that was guessed meets a neighbour it is known to meet */
  int made;      /* characters that were read anew */
  int gain;      /* cost as it stands less cost as mended */
  int margin;    /* cost of the next best reading less that of the best */
};
struct search;
/* A search for many stretches of one text; its memory is used again. */
struct search *search_make(struct arena *mem, struct model *m);
/* Reads the stretch of tokens in the best way; what it gives lasts until the next one. `io_budget` counts down the
 * work; false when it is used up. */
bool shift_search(struct search *s, struct str text, const tokens *list, uint32_t left, int64_t *io_budget,
                  struct shift_result *out);
#endif
