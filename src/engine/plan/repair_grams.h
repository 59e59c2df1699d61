/* Pairs of characters and how often they were met: a hash table (open addressing, Knuth 6.4) that links the pairs with
 * the same left one, and a bit for each pair that says no quickly (Bloom 1970). Private to the byte-shift repair. */
#ifndef ENGINE_PLAN_REPAIR_GRAMS_H
#define ENGINE_PLAN_REPAIR_GRAMS_H
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

/* A pair is left id * 2^13 + right id, both above 0. */
enum { ID_BITS = 13, PAIR_BITS = 1 << 18, COUNT_MOST = 60000 };

struct gram {
  uint64_t pair : 2 * ID_BITS; /* 0 = free */
  uint64_t count : 16;
  uint64_t next : 20; /* slot + 1 of another pair with the same left one; 0 = none */
};
struct grams {
  struct gram *at;
  uint32_t mask, count; /* slots - 1; those in use */
  int shift;            /* of the hash: its upper bits are the slot */
  uint32_t *first;      /* by left id: slot + 1 */
};
/* Room for about this many pairs; grows when there are more. */
void grams_init(struct arena *mem, struct grams *g, size_t pairs);
/* Counts the pair; true when it is met for the first time. A huge text has taught enough: then nothing is counted. */
bool grams_count(struct arena *mem, struct grams *g, uint32_t pair);

static inline struct gram *grams_find(const struct grams *g, uint32_t pair) {
  uint32_t i = pair * 2654435761u >> g->shift;
  while (g->at[i].pair && g->at[i].pair != pair) i = (i + 1) & g->mask;
  return &g->at[i];
}

typedef uint64_t pair_bits[PAIR_BITS / 64];
static inline uint32_t pair_bit(uint32_t pair) { return pair * 2654435761u >> 14; }
static inline void pair_bit_set(pair_bits bits, uint32_t pair) {
  bits[pair_bit(pair) / 64] |= UINT64_C(1) << pair_bit(pair) % 64;
}
/* False when the pair was surely never set. */
static inline bool pair_bit_is_set(const pair_bits bits, uint32_t pair) {
  return bits[pair_bit(pair) / 64] >> pair_bit(pair) % 64 & 1;
}
static inline void count_up(uint16_t *n) { *n = (uint16_t)(*n + (*n < COUNT_MOST)); }
#endif
