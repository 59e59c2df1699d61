/* Facts and what is to be added up of them, without the store: the past of a stock is kept, sums change by differences. */
#include <stdlib.h>

#include "engine/flow/measure.h"

/* ---- facts of one record ---- */

static int compare(int64_t a, int64_t b) { return a < b ? -1 : a > b; }
static int by_place(const struct flow_fact *a, const struct flow_fact *b) {
  const int measure = str_cmp(a->measure, b->measure);
  const int line = measure ? measure : compare(a->line, b->line);
  return line ? line : compare(a->from, b->from);
}
static int fact_order(const void *a, const void *b) { return by_place(a, b); }
static bool says_same(const struct flow_fact *a, const struct flow_fact *b) {
  return str_eq(a->measure, b->measure) && a->line == b->line && a->is_stock == b->is_stock &&
         a->is_hole == b->is_hole && str_eq(a->unit, b->unit) && str_eq(a->codes, b->codes) && str_eq(a->key, b->key) &&
         a->value == b->value;
}
bool flow_fact_same(const struct flow_fact *a, const struct flow_fact *b) {
  return says_same(a, b) && a->from == b->from && a->until == b->until;
}
void flow_facts_join(struct arena *mem, const flow_fact_list *had, const flow_fact_list *now, int64_t day,
                     flow_fact_list *out) {
  flow_fact_list all = {0};
  vec_each(const struct flow_fact, h, had) {
    if (!h->is_stock || h->from >= day) continue;
    struct flow_fact *kept = &vec_push(mem, &all);
    *kept = *h;
    if (kept->until > day) kept->until = day;
  }
  vec_each(const struct flow_fact, n, now) vec_push(mem, &all) = *n;
  if (all.len) qsort(all.at, all.len, sizeof *all.at, fact_order);
  vec_each(const struct flow_fact, f, &all) {
    struct flow_fact *last = out->len ? &vec_last(out) : NULL;
    if (last && f->is_stock && last->until == f->from && says_same(last, f)) last->until = f->until;
    else vec_push(mem, out) = *f;
  }
}

/* ---- what a unit stands under ---- */

static int above_order(const void *x, const void *y) {
  const struct flow_above *a = x, *b = y;
  const int above = str_cmp(a->above, b->above);
  return above ? above : compare(a->from, b->from);
}
void flow_aboves_sort(flow_aboves *io) {
  size_t kept = 0;
  if (io->len) qsort(io->at, io->len, sizeof *io->at, above_order);
  for (size_t i = 0; i < io->len; i++) {
    struct flow_above *last = kept ? &io->at[kept - 1] : NULL;
    if (last && str_eq(last->above, io->at[i].above) && last->until == io->at[i].from) last->until = io->at[i].until;
    else io->at[kept++] = io->at[i];
  }
  io->len = kept;
}

/* ---- differences ---- */

int64_t flow_month_slot(int64_t day) {
  const struct date d = date_of_days((int32_t)day);
  return (int64_t)d.year * 12 + d.month - 1;
}
static void add_both(struct arena *mem, const struct flow_fact *f, struct str above, int64_t day, int sign,
                     flow_deltas *io) {
  for (int grain = 0; grain < 2; grain++)
    vec_push(mem, io) = (struct flow_delta){.measure = f->measure,
                                            .above = above,
                                            .codes = f->codes,
                                            .key = f->key,
                                            .grain = grain,
                                            .slot = grain ? day : flow_month_slot(day),
                                            .n = sign,
                                            .total = sign * f->value,
                                            .holes = f->is_hole ? sign : 0,
                                            .is_stock = f->is_stock};
}
void flow_deltas_of(struct arena *mem, const struct flow_fact *f, const flow_aboves *above, int sign, flow_deltas *io) {
  vec_each(const struct flow_above, a, above) {
    const int64_t from = f->from > a->from ? f->from : a->from, until = f->until < a->until ? f->until : a->until;
    if (from >= until) continue;
    add_both(mem, f, a->above, from, sign, io);
    if (f->is_stock && until < FLOW_DAY_LAST) add_both(mem, f, a->above, until, -sign, io);
  }
}
static int by_row(const struct flow_delta *a, const struct flow_delta *b) {
  int n = str_cmp(a->measure, b->measure);
  if (!n) n = str_cmp(a->above, b->above);
  if (!n) n = compare(a->grain, b->grain);
  if (!n) n = compare(a->slot, b->slot);
  if (!n) n = str_cmp(a->codes, b->codes);
  return n ? n : str_cmp(a->key, b->key);
}
static int delta_order(const void *a, const void *b) { return by_row(a, b); }
void flow_deltas_fold(flow_deltas *io) {
  size_t kept = 0;
  if (io->len) qsort(io->at, io->len, sizeof *io->at, delta_order);
  for (size_t i = 0; i < io->len;) {
    struct flow_delta sum = io->at[i];
    for (i++; i < io->len && !by_row(&sum, &io->at[i]); i++) {
      sum.n += io->at[i].n;
      sum.total += io->at[i].total;
      sum.holes += io->at[i].holes;
    }
    if (sum.n || sum.total || sum.holes) io->at[kept++] = sum;
  }
  io->len = kept;
}
