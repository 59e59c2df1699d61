/* Parts and totals: 竣工学校41所，其中幼儿园17所、小学14所…; 幼儿园17所、小学14所，共31所.
 *
 * The targets of an item are gone through in order with a small stack of open totals. A total is opened by 其中 and its
 * kin, by a bracket or colon right behind it, and takes what follows with its unit until the sentence ends, the
 * bracket closes or a verb of making starts something new. Brackets nest, so do totals. */
#include "base/limits.h"
#include "base/utf8.h"
#include "engine/plan/targets.h"

struct open_total {
  size_t total, first; /* indexes of the target and of its first part */
  uint32_t sentence;
  int depth; /* brackets around its parts */
};
struct totals {
  struct open_total at[PLAN_DEPTH_MAX];
  int count;
};

/* 1.2万个 and 8000个 count the same. */
static bool same_measure(struct str a, struct str b) {
  struct str *both[] = {&a, &b};
  for (size_t i = 0; i < COUNT_OF(both); i++) {
    const uint32_t c = utf8_at(*both[i], 0);
    if ((c == 0x4E07 || c == 0x4EBF) && both[i]->len > 3) *both[i] = str_from(*both[i], 3); /* 万 亿 */
  }
  return str_eq(a, b);
}

/* A total may stand in the sentence before: …41所。其中…. */
static bool may_be_total(const struct walk *w, size_t total, size_t part) {
  const struct made *a = &w->made.at[total], *b = &w->made.at[part];
  return same_measure(a->q.unit, b->q.unit) && b->sentence - a->sentence <= 1 && !a->q.has_max;
}

/* The last target with the unit of `i` that is no part of the group open now, a few steps back. */
static size_t find_total(const struct walk *w, size_t i) {
  enum { STEPS = 64 };
  for (size_t j = i, steps = 0; j-- > 0 && steps < STEPS; steps++) {
    if (!may_be_total(w, j, i)) continue;
    if (w->made.at[i].q.depth > w->made.at[j].q.depth || w->it->targets.at[j].part_of == NO_INDEX) return j;
  }
  return SIZE_MAX;
}

static bool bracket_or_colon_behind(const struct walk *w, size_t total) {
  const uint32_t c = utf8_at(w->p->folded, w->made.at[total].q.whole.end);
  return c == '(' || c == 0xFF08 || c == ':' || c == 0xFF1A;
}

/* A bracket or colon opens parts only when two of them follow: 41所（幼儿园17所、小学24所）. */
static bool opens_by_mark(const struct walk *w, size_t i) {
  if (i == 0 || i + 1 >= w->made.len || !bracket_or_colon_behind(w, i - 1)) return false;
  const struct made *total = &w->made.at[i - 1], *first = &w->made.at[i], *second = first + 1;
  return !first->own_verb && str_eq(total->q.unit, first->q.unit) && str_eq(total->q.unit, second->q.unit) &&
         first->q.depth == second->q.depth && first->sentence == total->sentence && second->sentence == total->sentence;
}

/* 共41所 behind its parts: those of the sentence that have its unit and no total yet. */
static bool close_total(struct walk *w, size_t i) {
  enum { PARTS = 256 };
  size_t first = i, count = 0;
  for (size_t j = i; j-- > 0 && i - j < PARTS && w->made.at[j].sentence == w->made.at[i].sentence;) {
    if (!str_eq(w->made.at[j].q.unit, w->made.at[i].q.unit) || w->it->targets.at[j].part_of != NO_INDEX) break;
    if (w->it->targets.at[j].unsure) break;
    first = j;
    count++;
  }
  if (count < 2) return false;
  for (size_t j = first; j < i; j++) w->it->targets.at[j].part_of = (int32_t)i;
  return true;
}

static void open_group(struct walk *w, struct totals *open, size_t i) {
  const size_t total = find_total(w, i);
  if (total == SIZE_MAX || open->count == PLAN_DEPTH_MAX) return;
  while (open->count && open->at[open->count - 1].depth >= w->made.at[i].q.depth) open->count--;
  open->at[open->count++] = (struct open_total){total, i, w->made.at[i].sentence, w->made.at[i].q.depth};
}

/* With the targets from i on in its sentence, do the parts of the group make up its total? */
static bool will_add_up(const struct walk *w, const struct open_total *top, size_t i) {
  enum { STEPS = 32 };
  const struct made *total = &w->made.at[top->total];
  struct dec sum = {0};
  for (size_t j = top->first, steps = 0; j < w->made.len && steps < STEPS; j++, steps++) {
    const struct made *m = &w->made.at[j];
    if (m->sentence != top->sentence) return false;
    if (!str_eq(m->q.unit, total->q.unit) || m->q.depth != top->depth) continue;
    if (!dec_add(sum, m->q.value, &sum)) return false;
    if (j >= i && dec_eq(sum, total->q.value)) return true;
  }
  return false;
}

static bool is_over(const struct walk *w, const struct open_total *top, size_t i) {
  const struct made *m = &w->made.at[i];
  if (top->sentence != m->sentence || m->q.depth < top->depth) return true;
  if (!m->own_verb || i == top->first || m->q.depth > top->depth) return false;
  return m->q.clause != w->made.at[i - 1].q.clause && !will_add_up(w, top, i);
}

void target_parts(struct walk *w) {
  struct totals open = {.count = 0};
  for (size_t i = 0; i < w->made.len; i++) {
    const struct made *m = &w->made.at[i];
    if (m->opens || opens_by_mark(w, i)) open_group(w, &open, i);
    else if (m->totals) (void)close_total(w, i);
    while (open.count && is_over(w, &open.at[open.count - 1], i)) open.count--;
    if (!open.count) continue;
    const struct open_total *top = &open.at[open.count - 1];
    if (m->q.depth == top->depth && top->total != i && same_measure(w->made.at[top->total].q.unit, m->q.unit))
      w->it->targets.at[i].part_of = (int32_t)top->total;
  }
}
