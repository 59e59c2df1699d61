/* Facts, sums and figures against counting by hand: random records that change from day to day, in units that move in a random tree;
 * each figure that the sums give must be what a walk over every record and every day gives. */
#include "base/buf.h"
#include "engine/flow/gauge.h"
#include "unit.h"

enum { WORLDS = 120, UNITS = 5, RECORDS = 14, DAYS = 140, ASKED = 60, FIRST = 20440 /* 2025-12-18 */ };

struct toy_state { /* of a record on a day */
  bool counts, is_hole;
  int unit, code, key;
  int64_t value;
};
struct toy {
  struct arena *mem;
  uint64_t chance;
  int parent[UNITS][DAYS]; /* 0 east, 1 west, by day */
  struct toy_state was[RECORDS][DAYS];
  flow_aboves above[UNITS];
  flow_fact_list facts[RECORDS];
  flow_deltas sums;
};
static const char *const unit_names[] = {"u0", "u1", "u2", "u3", "u4"}, *const tops[] = {"east", "west"},
                         *const codes[] = {"", "red", "blue"}, *const keys[] = {"k1", "k2", "k3", "k4"};

static int pick(struct toy *w, int n) {
  w->chance = w->chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (int)((w->chance >> 33) % (uint64_t)n);
}

/* ---- a world ---- */

static void grow_tree(struct toy *w) {
  for (int u = 0; u < UNITS; u++) {
    int now = pick(w, 2), from = 0;
    for (int d = 0; d < DAYS; d++) {
      const bool moves = d > 0 && pick(w, 60) == 0;
      if (moves) {
        vec_push(w->mem, &w->above[u]) =
            (struct flow_above){str_of(tops[now]), from ? FIRST + from : FLOW_DAY_FIRST, FIRST + d};
        now = 1 - now;
        from = d;
      }
      w->parent[u][d] = now;
    }
    vec_push(w->mem, &w->above[u]) =
        (struct flow_above){str_of(tops[now]), from ? FIRST + from : FLOW_DAY_FIRST, FLOW_DAY_LAST};
    vec_push(w->mem, &w->above[u]) = (struct flow_above){str_of(unit_names[u]), FLOW_DAY_FIRST, FLOW_DAY_LAST};
    vec_push(w->mem, &w->above[u]) = (struct flow_above){STR(""), FLOW_DAY_FIRST, FLOW_DAY_LAST};
    flow_aboves_sort(&w->above[u]);
  }
}
static struct toy_state some_state(struct toy *w) {
  return (struct toy_state){.counts = pick(w, 4) > 0,
                            .is_hole = pick(w, 40) == 0,
                            .unit = pick(w, UNITS),
                            .code = pick(w, 3),
                            .key = pick(w, 4),
                            .value = pick(w, 9) - 2};
}
static struct flow_fact fact_of(const struct flow_measure *m, const struct toy *w, const struct toy_state *s) {
  const bool is_keyed = m->how == FLOW_DISTINCT, is_median = m->how == FLOW_MEDIAN;
  return (struct flow_fact){.measure = STR("toy.m"),
                            .is_stock = m->is_stock,
                            .is_hole = s->is_hole && m->how != FLOW_COUNT && !is_keyed,
                            .unit = str_of(unit_names[s->unit]),
                            .codes = str_of(codes[s->code]),
                            .key = is_keyed                   ? str_of(keys[s->key])
                                   : is_median && !s->is_hole ? str_int(w->mem, s->value)
                                                              : STR(""),
                            .value = s->is_hole || m->how == FLOW_COUNT || is_keyed ? 0 : s->value};
}
/* An act: what it leaves is the state of this day and all after it. */
static void act(struct toy *w, const struct flow_measure *m, int record, int day, int on) {
  const struct toy_state s = some_state(w);
  flow_fact_list now = {0}, want = {0};
  for (int d = day; d < DAYS; d++) w->was[record][d] = (struct toy_state){0};
  for (int d = m->is_stock ? day : on; d < (m->is_stock ? DAYS : on + 1); d++) w->was[record][d] = s;
  if (!m->is_stock)
    for (int d = 0; d < DAYS; d++)
      if (d != on) w->was[record][d] = (struct toy_state){0};
  if (s.counts) {
    struct flow_fact *f = &vec_push(w->mem, &now);
    *f = fact_of(m, w, &s);
    f->from = FIRST + (m->is_stock ? day : on);
    f->until = m->is_stock ? FLOW_DAY_LAST : f->from + 1;
  }
  flow_facts_join(w->mem, &w->facts[record], &now, FIRST + day, &want);
  vec_each(const struct flow_fact, f, &w->facts[record])
    flow_deltas_of(w->mem, f, &w->above[f->unit.at[1] - '0'], -1, &w->sums);
  vec_each(const struct flow_fact, f, &want) flow_deltas_of(w->mem, f, &w->above[f->unit.at[1] - '0'], 1, &w->sums);
  w->facts[record] = want;
  flow_deltas_fold(&w->sums);
}
static void live(struct toy *w, const struct flow_measure *m) {
  grow_tree(w);
  for (int d = 0; d < DAYS; d++)
    for (int r = 0; r < RECORDS; r++)
      if (pick(w, 20) == 0) act(w, m, r, d, pick(w, DAYS));
}

/* ---- by hand ---- */

struct tally {
  int64_t n, total, holes, values[RECORDS * DAYS];
  bool keys[4];
};
static void tally_one(struct tally *t, const struct toy_state *s) {
  t->values[t->n++] = s->value;
  t->total += s->is_hole ? 0 : s->value;
  t->holes += s->is_hole;
  t->keys[s->key] = true;
}
static bool is_under(const struct toy *w, int unit, int day, struct str above) {
  return !above.len || str_eqz(above, unit_names[unit]) || str_eqz(above, tops[w->parent[unit][day]]);
}
static void tally_all(const struct toy *w, const struct flow_measure *m, struct str above, const struct gauge_span *s,
                      const char *code, struct tally *out) {
  *out = (struct tally){0};
  for (int r = 0; r < RECORDS; r++)
    for (int d = 0; d < DAYS; d++) {
      const struct toy_state *x = &w->was[r][d];
      const bool in = m->is_stock ? FIRST + d == s->to : FIRST + d >= s->from && FIRST + d <= s->to;
      if (in && x->counts && (!code || str_eqz(str_of(codes[x->code]), code)) && is_under(w, x->unit, d, above))
        tally_one(out, x);
    }
}
static int by_value(const void *a, const void *b) {
  const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return x < y ? -1 : x > y;
}
static struct value expected(const struct flow_measure *m, struct tally *t) {
  struct ratio r = ratio_int(t->n);
  if (m->how == FLOW_COUNT) return value_number(r, m->unit);
  if (m->how == FLOW_DISTINCT) {
    int64_t n = 0;
    for (int i = 0; i < 4; i++) n += t->keys[i];
    return value_number(ratio_int(n), m->unit);
  }
  if (t->holes) return value_none(NONE_missing);
  if (m->how == FLOW_SUM) return value_number(ratio_int(t->total), m->unit);
  if (!t->n) return value_none(NONE_empty);
  if (m->how == FLOW_MEAN) {
    assert_true(ratio_of(t->total, t->n, &r));
  } else {
    qsort(t->values, (size_t)t->n, sizeof t->values[0], by_value);
    assert_true(ratio_of(t->values[(t->n - 1) / 2] + t->values[t->n / 2], 2, &r));
  }
  return value_number(r, m->unit);
}

/* ---- the sums, read as the store would give them ---- */

static bool is_in(int64_t slot, int64_t from, int64_t to) { return slot >= from && slot <= to; }
static void read_sums(const struct toy *w, const struct gauge_slots *x, struct str above, const struct gauge_span *s,
                      size_t spans, bool is_stock, gauge_raws *out) {
  vec_each(const struct flow_delta, d, &w->sums) {
    const bool read = d->grain ? is_in(d->slot, x->day_from, x->day_to) || is_in(d->slot, x->tail_from, x->tail_to)
                               : is_in(d->slot, x->month_from, x->month_to);
    for (size_t k = 0; read && str_eq(d->above, above) && k < spans; k++)
      if (spans == 1 || gauge_counts(&s[k], is_stock, d->grain, d->slot))
        vec_push(w->mem, out) = (struct gauge_raw){0, k, d->codes, d->key, d->n, d->total, d->holes};
  }
}
static void hold_figure(struct toy *w, const struct flow_measure *m, struct str above, const struct gauge_span *s,
                        const struct gauge_cube *c, size_t span) {
  for (size_t k = 0; k < c->codes.len; k++) {
    struct tally t;
    char code[8] = "";
    for (size_t i = 0; i < c->codes.at[k].len; i++) code[i] = c->codes.at[k].at[i];
    tally_all(w, m, above, s, k ? code : NULL, &t);
    const struct value is = c->at[gauge_place(c, 0, span, k)].value, want = expected(m, &t);
    if (is.kind != want.kind || (is.kind == VALUE_NUMBER && ratio_cmp(is.number, want.number)))
      fail_msg("how %d stock %d above %.*s %lld..%lld code %s: %.*s, not %.*s", (int)m->how, m->is_stock, STRA(above),
               (long long)s->from, (long long)s->to, code, STRA(ratio_text(w->mem, is.number)),
               STRA(ratio_text(w->mem, want.number)));
  }
}
static void hold_world(struct toy *w, const struct flow_measure *m) {
  struct err e = {0};
  const char *const all[] = {"", "east", "west", "u0", "u3"};
  for (int i = 0; i < ASKED; i++) {
    const struct str above = str_of(all[pick(w, 5)]);
    struct gauge_span s[3] = {{0}};
    const size_t spans = (size_t)pick(w, 3) + 1;
    int64_t from = FIRST + pick(w, DAYS / 2);
    for (size_t k = 0; k < spans; k++) {
      s[k].from = from;
      s[k].to = from + pick(w, 40);
      if (s[k].to >= FIRST + DAYS) s[k].to = FIRST + DAYS - 1;
      from = s[k].to + 1;
    }
    struct gauge_cube c = {.measure = m, .unit_count = 1, .span_count = spans};
    gauge_raws raws = {0};
    const struct gauge_slots x = spans == 1 ? gauge_slots(&s[0], m->is_stock) : gauge_hull(s, spans, m->is_stock);
    read_sums(w, &x, above, s, spans, m->is_stock, &raws);
    assert_true(gauge_fold(w->mem, &raws, 0, &c, &e));
    for (size_t k = 0; k < spans; k++)
      if (s[k].from <= s[k].to) hold_figure(w, m, above, &s[k], &c, k);
  }
}
static void figures_are_what_counting_gives(void **state) {
  (void)state;
  struct flow_by_field by = {.name = STR("color")};
  for (int i = 0; i < WORLDS; i++) {
    AUTO_ARENA mem = {0};
    struct toy *w = arena_new(&mem, struct toy);
    w->mem = &mem;
    w->chance = (uint64_t)i + 1;
    struct flow_measure m = {.name = STR("toy.m"),
                             .how = (enum flow_counts)(i % (int)FLOW_FORMULA),
                             .is_stock = i / (int)FLOW_FORMULA % 2 == 1,
                             .by = {&by, 1, 1}};
    live(w, &m);
    hold_world(w, &m);
  }
}

/* ---- periods ---- */

static void months_and_days_make_periods(void **state) {
  (void)state;
  const struct gauge_span january = {20454, 20484, STR("2026-01")}, odd = {20446, 20500, STR("")};
  struct gauge_slots x = gauge_slots(&january, false);
  assert_int_equal(x.month_from, 2026 * 12);
  assert_int_equal(x.month_to, 2026 * 12);
  assert_true(x.day_from > x.day_to && x.tail_from > x.tail_to);
  x = gauge_slots(&odd, false); /* 2025-12-24 to 2026-02-16 */
  assert_int_equal(x.month_from, 2026 * 12);
  assert_int_equal(x.day_from, 20446);
  assert_int_equal(x.day_to, 20453);
  assert_int_equal(x.tail_from, 20485);
  assert_int_equal(x.tail_to, 20500);
  x = gauge_slots(&odd, true);
  assert_int_equal(x.month_to, 2026 * 12);
  assert_int_equal(x.day_from, 20485);
}
static void periods_are_read_by_their_look(void **state) {
  (void)state;
  struct period p;
  struct err e = {0};
  const struct calendar *c = calendar_known();
  assert_true(gauge_period(c, STR(""), STR("2026"), &p, &e) && p.kind == PERIOD_year);
  assert_true(gauge_period(c, STR(""), STR("2026-1"), &p, &e) && p.kind == PERIOD_quarter);
  assert_true(gauge_period(c, STR(""), STR("2026-03"), &p, &e) && p.kind == PERIOD_month);
  assert_true(gauge_period(c, STR("week"), STR("2026-03"), &p, &e) && p.kind == PERIOD_week);
  assert_true(gauge_period(c, STR("term"), STR("2026-1"), &p, &e) && p.kind == PERIOD_term);
  assert_false(gauge_period(c, STR(""), STR("3月"), &p, &e));
  assert_int_equal(e.code, ERR_INVALID);
}

/* ---- small figures ---- */

static bool is_safe(const struct gauge_cube *c, size_t first, size_t step, size_t count, int64_t cell) {
  size_t hidden = 0;
  int64_t sum = 0;
  for (size_t i = 0; i < count; i++) {
    const struct gauge_figure *f = &c->at[first + i * step];
    hidden += f->is_hidden;
    if (f->is_hidden) sum += f->n;
    if (!f->is_hidden && f->n < cell) return false;
  }
  return hidden != 1 && (c->at[first].is_hidden || !hidden || sum >= cell);
}
static void what_is_hidden_cannot_be_subtracted(void **state) {
  (void)state;
  enum { TABLES = 3000, CELL = 10 };
  struct toy w = {.chance = 7};
  const struct flow_measure m = {.how = FLOW_COUNT, .is_stock = true};
  for (int i = 0; i < TABLES; i++) {
    AUTO_ARENA mem = {0};
    const size_t units = (size_t)pick(&w, 5) + 1, kinds = (size_t)pick(&w, 4) + 1;
    struct gauge_cube c = {.measure = &m, .unit_count = units, .span_count = 1};
    for (size_t k = 0; k < kinds; k++) vec_push(&mem, &c.codes) = (struct str){0};
    c.at = arena_new_n(&mem, struct gauge_figure, units * kinds);
    for (size_t u = 0; u < units; u++)
      for (size_t k = 0; k < kinds; k++) {
        const int64_t n = (units == 1 || u) && (kinds == 1 || k) ? pick(&w, 30) : 0;
        c.at[gauge_place(&c, u, 0, k)].n += n;
        if (u) c.at[gauge_place(&c, 0, 0, k)].n += n;
        if (k) c.at[gauge_place(&c, u, 0, 0)].n += n;
        if (u && k) c.at[gauge_place(&c, 0, 0, 0)].n += n;
      }
    gauge_hide(&c, CELL);
    for (size_t u = 0; u < units && kinds > 1; u++) assert_true(is_safe(&c, gauge_place(&c, u, 0, 0), 1, kinds, CELL));
    for (size_t k = 0; k < kinds && units > 1; k++) assert_true(is_safe(&c, k, kinds, units, CELL));
  }
}

UNIT_TESTS(measure) = {cmocka_unit_test(figures_are_what_counting_gives),
                       cmocka_unit_test(months_and_days_make_periods), cmocka_unit_test(periods_are_read_by_their_look),
                       cmocka_unit_test(what_is_hidden_cannot_be_subtracted)};
UNIT_COUNT(measure);
