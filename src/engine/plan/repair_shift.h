/* Private to the byte-shift repair: what the document teaches about its own language, and the search. */
#ifndef ENGINE_PLAN_REPAIR_SHIFT_H
#define ENGINE_PLAN_REPAIR_SHIFT_H
#include "engine/plan/repair.h"
#include "engine/plan/repair_grams.h"

/* Costs are eighths of a bit: what a character costs after the one before it. */
enum { COST_BIT = 8 };

/* A character that is ever counted has an id, the same for all that fold to one another; 0 = never counted. */
enum { IDS = 1 << ID_BITS };

/* A character of the basic plane, by what it is. */
struct char_info {
  uint16_t id;
  uint8_t is_mark : 1; /* when folded: , : ; 、 。 《 》 “ ” */
  uint8_t teaches : 1; /* may stand in a sound document */
  uint8_t is_rare : 1; /* a Han character that hardly any document of today holds */
  int8_t script;       /* 1 only Traditional, -1 only Simplified */
  uint8_t unseen[2];   /* cost in a Simplified and in a Traditional document that does not show it */
  uint8_t seen;        /* cost in one that does */
};
struct reading {
  uint32_t hash; /* of the syllable as written, with its tone */
  uint16_t c;
};
/* What every model begins with: the words of the rules and of a lexicon. Never changed when made. */
struct words {
  struct char_info info[0x10000];
  uint16_t char_of[IDS];  /* the folded character */
  uint16_t same[0x10000]; /* the next character that folds to the same; 0 = none */
  uint32_t ids;
  struct grams grams;
  pair_bits maybe;
  uint16_t single[IDS], lefts[IDS];
  uint32_t pairs, total;
  VEC(struct reading) readings;
};
const struct words *words_for(struct arena *mem, const struct lexicon *lx);

/* A character that a lost byte may have belonged to; `cost` is what it costs alone, less what the left one adds. */
struct candidate {
  uint16_t c, id;
  int16_t cost;
  uint8_t lead, trail;
};
struct candidates {
  struct candidate *at; /* the cheapest first; NULL = not worked out yet */
  size_t len;
};
struct model {
  const struct words *words;
  struct arena *mem;
  struct candidates by_lead[256], by_trail[256], by_vanishing[256];
  struct grams grams;        /* of the document */
  pair_bits maybe;           /* of words and document: most pairs asked for are none */
  uint16_t single[IDS];      /* counts, words and document */
  uint16_t lefts[IDS];       /* how many different characters stand before it (Kneser and Ney 1995) */
  uint8_t seen[0x10000 / 8]; /* characters of the document as they stand */
  uint32_t pairs, total;     /* different pairs; characters */
  int lg_pairs, lg_total;
  bool traditional;
  VEC(struct reading) readings;
  uint16_t reading_of[256]; /* by character: which of them it had last */
};
struct model *model_make(struct arena *mem, const struct lexicon *lx, struct str text);

static inline const struct char_info *model_info(const struct model *m, uint32_t c) {
  return &m->words->info[c < 0x10000 ? c : 0xFFFD];
}
/* What `c` costs after `left` (0 = unknown). */
int model_cost(const struct model *m, uint32_t left, uint32_t c);
/* All characters with this first byte, with this second byte, and with this first byte and a second one that may be
 * the first of a pair that shows nothing; the user-defined areas left out. */
const struct candidates *model_by_lead(struct model *m, unsigned lead);
const struct candidates *model_by_trail(struct model *m, unsigned trail);
const struct candidates *model_by_vanishing(struct model *m, unsigned lead);
/* What the left one adds to the cost of a candidate, and the key of its pairs. */
int model_left_cost(const struct model *m, uint32_t left, uint32_t *out_key);
/* False when the pair was surely never seen. */
static inline bool model_may_know(const struct model *m, uint32_t pair) { return pair_bit_is_set(m->maybe, pair); }
/* True when the document or the words of the field know b behind a; marks go with everything. */
bool model_knows(const struct model *m, uint32_t a, uint32_t b);
/* Han characters that the document shows behind `left`, one a call: *io_place and *io_c begin with 0; 0 = no more. */
uint32_t model_follower(const struct model *m, uint32_t left, uint32_t *io_place, uint32_t *io_c);
/* Follows many different characters, as 的 or 不 do. */
bool model_is_common(const struct model *m, uint32_t c);
bool model_is_everywhere(const struct model *m, uint32_t c); /* 的 */
bool model_is_mark(const struct model *m, uint32_t c);
uint32_t reading_hash(struct str syllable);
/* A Han character that hardly any document of today holds. */
bool is_rare_han(uint32_t c);
/* Rare, or a sign that official texts hardly use. */
bool is_odd_char(uint32_t c);
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
