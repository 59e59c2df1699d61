/* Private to the byte-shift repair: what the document teaches about its own language, and the search. */
#ifndef ENGINE_PLAN_REPAIR_SHIFT_H
#define ENGINE_PLAN_REPAIR_SHIFT_H
#include "engine/plan/repair.h"

/* Costs are eighths of a bit: what a character costs after the one before it. */
enum { COST_BIT = 8 };

struct reading {
  uint32_t hash; /* of the syllable as written, with its tone */
  uint16_t c;
  bool is_own; /* the document itself shows it */
};
struct gram {
  uint32_t pair;   /* two folded characters; 0 = free */
  uint16_t count;  /* in the document, what is suspicious left out */
  uint16_t common; /* in the words of rules/plan/common.yaml and of the lexicon */
};
/* What a character costs after one it was never seen behind, less what the left one adds. */
struct lone_cost {
  uint16_t c, cost, kind;
  bool is_known;
};
/* A character that a lost byte may have belonged to. `cost` is never more than its cost alone, less what the left one
 * adds. */
struct candidate {
  uint16_t c, plain;
  int16_t cost;
  uint8_t lead, trail;
};
struct candidates {
  struct candidate *at; /* in order of the byte that is lost; NULL = not worked out yet */
  size_t len;
};
enum { LONE_SLOTS = 4096, PAIR_BITS = 1 << 18 };
struct model {
  struct arena *mem;
  struct lone_cost lone[LONE_SLOTS]; /* the last ones worked out */
  struct candidates by_lead[256], by_trail[256];
  uint64_t maybe[PAIR_BITS / 64]; /* a bit for each pair in grams (Bloom 1970): most pairs asked for are none */
  struct gram *grams;
  uint32_t gram_mask, gram_count;
  uint16_t single[0x10000];  /* counts of folded characters, words and document */
  uint16_t lefts[0x10000];   /* how many different characters stand before it (Kneser and Ney 1995) */
  uint8_t seen[0x10000 / 8]; /* characters of the document as they stand */
  uint32_t pairs, total;     /* different pairs; characters */
  bool traditional;
  VEC(struct reading) readings;
  VEC(uint32_t) followers; /* pairs of the document as they stand (left * 65536 + right), sorted */
};
struct model *model_make(struct arena *mem, const struct lexicon *lx, struct str text);
/* What `c` costs after `left` (0 = unknown). */
int model_cost(struct model *m, uint32_t left, uint32_t c); /* remembers what it worked out */
/* All characters with this first or this second byte, the user-defined areas left out. */
const struct candidates *model_by_lead(struct model *m, unsigned lead);
const struct candidates *model_by_trail(struct model *m, unsigned trail);
/* What the left one adds to the cost of a candidate, and the key of its pairs. */
int model_left_cost(uint32_t left, uint32_t *out_key);
static inline uint32_t pair_bit(uint32_t pair) { return pair * 2654435761u >> 14; }
/* False when the pair was surely never seen. */
static inline bool model_may_know(const struct model *m, uint32_t pair) {
  const uint32_t bit = pair_bit(pair);
  return m->maybe[bit / 64] >> bit % 64 & 1;
}
/* True when the document or the words of the field know b behind a; marks go with everything. */
bool model_knows(const struct model *m, uint32_t a, uint32_t b);
/* The first of the followers of `left`, and how many there are. */
const uint32_t *model_followers(const struct model *m, uint32_t left, size_t *out_count);
/* Follows many different characters, as 的 或 不 do. */
bool model_is_common(const struct model *m, uint32_t c);
bool model_is_everywhere(const struct model *m, uint32_t c); /* 的 */
bool model_is_mark(uint32_t c);
uint32_t reading_hash(struct str syllable);
/* A Han character that hardly any document of today holds. */
bool is_rare_han(uint32_t c);
/* Rare, or a sign that official texts hardly use. */
bool is_odd_char(uint32_t c);

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
/* Reads the stretch of tokens in the best way. `io_budget` counts down the work; false when it is used up. */
bool shift_search(struct arena *mem, struct model *m, struct str text, const tokens *list, uint32_t left,
                  int64_t *io_budget, struct shift_result *out);
#endif
