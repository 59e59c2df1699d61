/* Which items of many plans say the same. A signature is the set of an item's character pairs and triples, weighted by
 * how rare they are in the collection (idf in fixed point). Candidates come from an inverted index over the rare ones
 * only, so that the cost stays near n log n whatever the collection holds; candidates are then scored exactly.
 * Pure, deterministic, no floating point. */
#ifndef ENGINE_PLAN_ALIGN_H
#define ENGINE_PLAN_ALIGN_H
#include "base/str.h"
#include "base/vec.h"

struct align_text {
  struct str title, text; /* folded */
  uint32_t plan;          /* pairs are only looked for between different plans */
  uint32_t order;         /* place in its plan */
};
struct align_pair {
  uint32_t left, right;   /* indexes of texts; left's plan < right's plan */
  uint16_t score;         /* 0..1000: likeness of both */
  uint16_t covered;       /* 0..1000: how much of the smaller one stands in the larger */
};
typedef VEC(struct align_pair) align_pairs;

/* Pairs with score or cover of at least `least`, at most `most` a text on each side; sorted by score (highest first),
 * then left, then right. */
void align_find(struct arena *mem, const struct align_text *texts, size_t n, int least, int most, align_pairs *out);
#endif
