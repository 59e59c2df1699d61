/* The table of pairs: doubled when more than five eighths of it are in use. */
#include "engine/plan/repair_grams.h"

#include <string.h>

enum { SLOTS_LEAST_BITS = 12, SLOTS_MOST_BITS = 19 };

static bool is_full(uint32_t count, uint32_t mask) { return count > mask / 8 * 5; }

static void make_slots(struct arena *mem, struct grams *g, int bits) {
  g->at = arena_new_n(mem, struct gram, (size_t)1 << bits);
  g->mask = (1u << bits) - 1;
  g->shift = 32 - bits;
}

void grams_init(struct arena *mem, struct grams *g, size_t pairs) {
  int bits = SLOTS_LEAST_BITS;
  while (bits < SLOTS_MOST_BITS && is_full((uint32_t)pairs, (1u << bits) - 1)) bits++;
  *g = (struct grams){.first = arena_new_n(mem, uint32_t, 1 << ID_BITS)};
  make_slots(mem, g, bits);
}

static void link_pair(struct grams *g, struct gram *at) {
  uint32_t *first = &g->first[(at->pair & PAIR_MASK) >> ID_BITS];
  at->next = *first & 0xFFFFF;
  *first = (uint32_t)(at - g->at) + 1;
}

/* All pairs into new slots. */
static void move_all(struct arena *mem, struct grams *g, int bits) {
  const struct gram *old = g->at, *end = old + g->mask + 1;
  make_slots(mem, g, bits);
  memset(g->first, 0, sizeof *g->first << ID_BITS);
  for (; old < end; old++) {
    if (!old->pair) continue;
    struct gram *at = grams_find(g, old->pair & PAIR_MASK);
    *at = *old;
    link_pair(g, at);
  }
}

struct gram *grams_add(struct arena *mem, struct grams *g, uint32_t pair) {
  const int bits = 32 - g->shift;
  if (is_full(g->count, g->mask)) {
    if (bits < SLOTS_MOST_BITS) move_all(mem, g, bits + 1);
    else if (g->count > g->mask / 8 * 7) return NULL;
  }
  struct gram *at = grams_find(g, pair);
  *at = (struct gram){.pair = pair};
  g->count++;
  link_pair(g, at);
  return at;
}
