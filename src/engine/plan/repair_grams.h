/* Pairs of characters and how often they were met: a hash table (open addressing, Knuth 6.4) that also links the pairs
 * with the same left one. Private to the byte-shift repair. */
#ifndef ENGINE_PLAN_REPAIR_GRAMS_H
#define ENGINE_PLAN_REPAIR_GRAMS_H
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/* A pair is left id * 2^13 + right id, both above 0. */
enum { ID_BITS = 13, PAIR_MASK = (1 << 2 * ID_BITS) - 1, PAIR_OWN = 1 << 2 * ID_BITS, GRAM_COUNT_MOST = 0xFFF };

struct gram {
  uint32_t pair;       /* 0 = free; with PAIR_OWN when the document shows it, not only the words */
  uint32_t count : 12; /* up to GRAM_COUNT_MOST */
  uint32_t next : 20;  /* slot + 1 of another pair with the same left one; 0 = none */
};
struct grams {
  struct gram *at;
  uint32_t mask, count; /* slots - 1; those in use */
  int shift;            /* of the hash: its upper bits are the slot */
  uint32_t *first;      /* by left id: slot + 1 */
};
void grams_init(struct arena *mem, struct grams *g);
/* The same pairs, and room for about so many more. */
void grams_copy(struct arena *mem, const struct grams *from, size_t more, struct grams *out);
/* Adds a pair that is not there; NULL when the table is as large as it may be and full: a huge text has taught enough. */
struct gram *grams_add(struct arena *mem, struct grams *g, uint32_t pair);

static inline struct gram *grams_find(const struct grams *g, uint32_t pair) {
  uint32_t i = pair * 2654435761u >> g->shift;
  while (g->at[i].pair && (g->at[i].pair & PAIR_MASK) != pair) i = (i + 1) & g->mask;
  return &g->at[i];
}

/* Counts the pair; true when it is met for the first time. */
static inline bool grams_count(struct arena *mem, struct grams *g, uint32_t pair, bool is_own) {
  struct gram *at = grams_find(g, pair);
  const bool is_new = !at->pair;
  if (is_new && !(at = grams_add(mem, g, pair))) return false;
  if (is_own) at->pair |= PAIR_OWN;
  if (at->count < GRAM_COUNT_MOST) at->count++;
  return is_new;
}

#endif
