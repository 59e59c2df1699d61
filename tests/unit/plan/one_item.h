/* A plan of one item whose body is the given text, for tests of the passes over an item's words. */
#ifndef UNIT_PLAN_ONE_ITEM_H
#define UNIT_PLAN_ONE_ITEM_H
#include "engine/plan/plan.h"

static inline void one_item(struct arena *mem, struct plan *p, struct str text) {
  *p = (struct plan){.mem = mem, .clean = text, .folded = text};
  p->options.lexicon = lexicon_default();
  plan_scan(p);
  vec_push(mem, &p->documents) = (struct document){0};
  vec_push(mem, &p->documents.at[0].sections) = (struct section){0};
  const struct span all = {0, (uint32_t)text.len};
  vec_push(mem, &p->documents.at[0].items) =
      (struct item){.number = 1, .depth = 1, .path = {1}, .at = all, .body_at = all, .parent = NO_INDEX};
  struct item *it = &p->documents.at[0].items.at[0];
  it->stretches = plan_item_stretches(mem, p, it, true);
}
static inline struct item *the_item(struct plan *p) { return &p->documents.at[0].items.at[0]; }

/* `piece` n times. */
static inline struct str many(struct arena *mem, const char *piece, size_t n) {
  const size_t len = strlen(piece);
  char *to = arena_take(mem, len * n + 1);
  for (size_t i = 0; i < n; i++) memcpy(to + i * len, piece, len);
  return (struct str){to, len * n};
}
#endif
