/* Pairs of characters and how often they were met: a hash table (open addressing, Knuth 6.4) that also links the pairs
 * with the same left one. Private to the byte-shift repair. */
#ifndef ENGINE_PLAN_REPAIR_GRAMS_H
#define ENGINE_PLAN_REPAIR_GRAMS_H
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/* A pair is left id * 2^13 + right id, both above 0. */
enum { ID_BITS = 13, PAIR_MASK = (1 << 2 * ID_BITS) - 1, PAIR_TWICE = 1 << 2 * ID_BITS, GRAM_COUNT_MOST = 0xFFF };

struct gram {
  uint32_t pair;       /* 0 = free; with PAIR_TWICE when the table of the words has it, too */
  uint32_t count : 12; /* up to GRAM_COUNT_MOST */
  uint32_t next : 20;  /* slot + 1 of another pair with the same left one; 0 = none */
};
struct grams {
  struct gram *at;
  uint32_t mask, count; /* slots - 1; those in use */
  int shift;            /* of the hash: its upper bits are the slot */
  uint32_t *first;      /* by left id: slot + 1 */
};
void grams_init(struct arena *mem, struct grams *g, size_t pairs); /* room for about so many */
/* Adds a pair that is not there; NULL when the table is as large as it may be and full: a huge text has taught enough. */
struct gram *grams_add(struct arena *mem, struct grams *g, uint32_t pair);

/* By slot + 1; NULL for 0. */
static inline const struct gram *gram_at(const struct grams *g, uint32_t place) {
  return place ? &g->at[place - 1] : NULL;
}
static inline struct gram *grams_find(const struct grams *g, uint32_t pair) {
  uint32_t i = pair * 2654435761u >> g->shift;
  while (g->at[i].pair && (g->at[i].pair & PAIR_MASK) != pair) i = (i + 1) & g->mask;
  return &g->at[i];
}

/* Counts the pair: 1 when it is met for the first time. NULL when there is no room. */
static inline struct gram *grams_count(struct arena *mem, struct grams *g, uint32_t pair) {
  struct gram *at = grams_find(g, pair);
  if (!at->pair && !(at = grams_add(mem, g, pair))) return NULL;
  if (at->count < GRAM_COUNT_MOST) at->count++;
  return at;
}
#endif
