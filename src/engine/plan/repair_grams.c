/* The table of pairs: half full at most, doubled when it is more. */
#include "engine/plan/repair_grams.h"

#include <string.h>

enum { SLOTS_LEAST_BITS = 12, SLOTS_MOST_BITS = 19 };

static void make_slots(struct arena *mem, struct grams *g, int bits) {
  g->at = arena_new_n(mem, struct gram, (size_t)1 << bits);
  g->mask = (1u << bits) - 1;
  g->shift = 32 - bits;
}

void grams_init(struct arena *mem, struct grams *g, size_t pairs) {
  int bits = SLOTS_LEAST_BITS;
  while (bits < SLOTS_MOST_BITS && (size_t)1 << bits < pairs * 2) bits++;
  *g = (struct grams){.first = arena_new_n(mem, uint32_t, 1 << ID_BITS)};
  make_slots(mem, g, bits);
}

static void link_pair(struct grams *g, struct gram *at) {
  uint32_t *first = &g->first[at->pair >> ID_BITS];
  at->next = *first & 0xFFFFF;
  *first = (uint32_t)(at - g->at) + 1;
}

static void grow(struct arena *mem, struct grams *g) {
  const struct gram *old = g->at, *end = old + g->mask + 1;
  make_slots(mem, g, 32 - g->shift + 1);
  memset(g->first, 0, sizeof *g->first << ID_BITS);
  for (; old < end; old++) {
    if (!old->pair) continue;
    struct gram *at = grams_find(g, old->pair);
    *at = *old;
    link_pair(g, at);
  }
}

bool grams_count(struct arena *mem, struct grams *g, uint32_t pair) {
  struct gram *at = grams_find(g, pair);
  if (at->pair) {
    if (at->count < COUNT_MOST) at->count++;
    return false;
  }
  if (g->count * 2 > g->mask) {
    if (g->shift > 32 - SLOTS_MOST_BITS) grow(mem, g);
    else if (g->count > g->mask / 4 * 3) return false;
    at = grams_find(g, pair);
  }
  at->pair = pair & ((1u << 2 * ID_BITS) - 1);
  at->count = 1;
  g->count++;
  link_pair(g, at);
  return true;
}
