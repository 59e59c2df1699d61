/* Which items of many plans say the same. A signature is the set of an item's character pairs, weighted by how rare they
 * are in the collection (idf in fixed point); the title's pairs count once more. Large collections keep only the
 * smallest hashes of each item (bottom-k sketch, Broder 1997), half of pairs and half of runs of six characters. Candidates come from an inverted index over
 * rare pairs only, so that the cost stays near n log n whatever the collection holds; candidates are then scored.
 * Pure, deterministic, no floating point. The texts themselves are not kept. */
#ifndef ENGINE_PLAN_ALIGN_H
#define ENGINE_PLAN_ALIGN_H
#include "base/str.h"
#include "base/vec.h"

struct align_pair {
  uint32_t left, right; /* numbers of texts as align_add gave them; left's plan < right's plan */
  uint16_t score;       /* 0..1000: likeness of both */
  uint16_t covered;     /* 0..1000: how much of the smaller one stands in the larger */
};
typedef VEC(struct align_pair) align_pairs;

struct align;
/* `expected`: about how many texts will come; it decides how much of each is kept. */
struct align *align_begin(struct arena *mem, size_t expected);
/* Texts of one plan come together, plans in rising order; pairs are only looked for between different plans.
 * Returns the text's number, from 0. Texts must be folded and valid UTF-8. */
uint32_t align_add(struct align *al, uint32_t plan, struct str title, struct str text);
/* Pairs with a score or cover of at least `least`, about `most` for a text at most; sorted by score (highest first),
 * then left, then right. */
void align_find(struct align *al, int least, int most, align_pairs *out);
#endif
