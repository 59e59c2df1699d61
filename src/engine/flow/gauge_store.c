/* Reading figures: one statement for a unit over all periods, one for all units below it. */
#include "engine/flow/gauge.h"

#include "base/must.h"
#include "sql.h"
#include "store/store.h"
#include "texts.h"

/* ---- the question ---- */

static bool unit_name(struct flow_run *run, struct gauge_unit *u, struct str day, struct err *e) {
  struct sql_unit_on_rows rows = {0};
  TRY(sql_unit_on(run->session, run->mem, &(struct sql_unit_on_in){STORE_TENANT, u->id, day}, 1, &rows, e));
  if (rows.len) {
    u->name = rows.at[0].name;
    u->kind = rows.at[0].kind;
    return true;
  }
  struct sql_unit_get now;
  bool found = false;
  TRY(sql_unit_get(run->session, run->mem, &(struct sql_unit_get_in){STORE_TENANT, u->id}, &now, &found, e));
  if (!found) return fail(e, ERR_NOT_FOUND, MSG_gauge_unit);
  u->name = now.name;
  u->kind = now.kind;
  return true;
}
static bool units_below(struct flow_run *run, struct str unit, struct str day, struct gauge *g, struct err *e) {
  struct sql_unit_under_rows rows = {0};
  const struct sql_unit_under_in in = {
      .tenant = STORE_TENANT, .parent = unit, .day = day, .most = GAUGE_UNITS_MAX + 1, .with_after = false};
  TRY(sql_unit_under(run->session, run->mem, &in, SIZE_MAX, &rows, e));
  if (rows.len > GAUGE_UNITS_MAX)
    return fail(e, ERR_TOO_LARGE, MSG_gauge_units, "limit", str_int(run->mem, GAUGE_UNITS_MAX));
  struct gauge_unit *all = arena_new_n(run->mem, struct gauge_unit, rows.len + 1);
  all[0] = g->units[0];
  vec_each(const struct sql_unit_under, r, &rows)
    all[g->unit_count++] = (struct gauge_unit){r->unit, r->name, r->kind, r->under != 0};
  g->units = all;
  return true;
}
bool gauge_begin(struct gauge *g, struct flow_run *run, struct str unit, bool below, const struct gauge_span *spans,
                 size_t span_count, struct str by, struct err *e) {
  must(span_count > 0);
  *g = (struct gauge){.run = run, .spans = spans, .span_count = span_count, .by = by};
  if (span_count > GAUGE_SPANS_MAX)
    return fail(e, ERR_TOO_LARGE, MSG_gauge_spans, "limit", str_int(run->mem, GAUGE_SPANS_MAX));
  const struct str day = date_iso(run->mem, date_of_days((int32_t)spans[span_count - 1].to));
  g->units = arena_new(run->mem, struct gauge_unit);
  g->unit_count = 1;
  g->units[0] = (struct gauge_unit){.id = unit, .has_below = true};
  if (unit.len) TRY(unit_name(run, &g->units[0], day, e));
  return !below || units_below(run, unit, day, g, e);
}

/* ---- reading ---- */

static bool read_self(struct gauge *g, const struct flow_measure *m, gauge_raws *out, struct err *e) {
  struct flow_run *run = g->run;
  struct sql_fact_sums_rows rows = {0};
  const struct gauge_slots x = gauge_hull(g->spans, g->span_count, m->is_stock);
  const struct sql_fact_sums_in in = {STORE_TENANT, m->name,  g->units[0].id, x.month_from, x.month_to,
                                      x.day_from,   x.day_to, x.tail_from,    x.tail_to};
  TRY(sql_fact_sums(run->session, run->mem, &in, SIZE_MAX, &rows, e));
  vec_each(const struct sql_fact_sums, r, &rows)
    for (size_t s = 0; s < g->span_count; s++)
      if (gauge_counts(&g->spans[s], m->is_stock, (int)r->grain, r->slot))
        vec_push(run->mem, out) = (struct gauge_raw){0, s, r->codes, r->key, r->n, r->total, r->holes};
  return true;
}
static size_t unit_place(const struct gauge *g, struct str id) {
  for (size_t i = 1; i < g->unit_count; i++)
    if (str_eq(g->units[i].id, id)) return i;
  return 0;
}
static bool read_below(struct gauge *g, const struct flow_measure *m, gauge_raws *out, struct err *e) {
  struct flow_run *run = g->run;
  const struct str day = date_iso(run->mem, date_of_days((int32_t)g->spans[g->span_count - 1].to));
  size_t at = 0;
  for (size_t s = 0; s < g->span_count; s++) {
    struct sql_fact_sums_below_rows rows = {0};
    const struct gauge_slots x = gauge_slots(&g->spans[s], m->is_stock);
    const struct sql_fact_sums_below_in in = {STORE_TENANT, m->name,    g->units[0].id, day,         x.month_from,
                                              x.month_to,   x.day_from, x.day_to,       x.tail_from, x.tail_to};
    TRY(sql_fact_sums_below(run->session, run->mem, &in, SIZE_MAX, &rows, e));
    vec_each(const struct sql_fact_sums_below, r, &rows) {
      if (!at || !str_eq(g->units[at].id, r->above)) at = unit_place(g, r->above);
      if (at) vec_push(run->mem, out) = (struct gauge_raw){at, s, r->codes, r->key, r->n, r->total, r->holes};
    }
  }
  return true;
}
/* A stock is that of today in a period that is not over; one whose condition speaks of the period knows itself. */
static const struct gauge_span *until_today(struct gauge *g) {
  const int64_t today = moment_day(g->run->now_us);
  struct gauge_span *all = arena_new_n(g->run->mem, struct gauge_span, g->span_count);
  for (size_t i = 0; i < g->span_count; i++) {
    all[i] = g->spans[i];
    if (all[i].to > today) all[i].to = today;
  }
  return all;
}
static bool ask_sums(struct gauge *asked, const struct flow_measure *m, int by, struct gauge_cube *c, struct err *e) {
  gauge_raws raws = {0};
  struct gauge now = *asked, *g = asked;
  if (m->is_of_clock && !m->is_of_period) {
    now.spans = until_today(asked);
    g = &now;
  }
  TRY(read_self(g, m, &raws, e));
  if (g->unit_count > 1) TRY(read_below(g, m, &raws, e));
  TRY(gauge_fold(g->run->mem, &raws, by, c, e));
  if (m->is_of_people && m->cell) gauge_hide(c, m->cell);
  return true;
}

/* ---- formulas ---- */

static void join_codes(struct arena *mem, const struct gauge_cube *part, struct gauge_cube *c) {
  for (size_t i = c->codes.len ? 1 : 0; i < part->codes.len; i++) {
    bool is_there = false;
    for (size_t k = 1; k < c->codes.len; k++) is_there |= str_eq(c->codes.at[k], part->codes.at[i]);
    if (!is_there) vec_push(mem, &c->codes) = part->codes.at[i];
  }
}
/* The part's figure at this place; of a code that it does not have: nothing. */
static struct gauge_figure part_figure(const struct gauge_cube *part, size_t unit, size_t span, size_t code,
                                       struct str name) {
  size_t at = code ? part->codes.len : 0;
  for (size_t k = 1; code && k < part->codes.len; k++)
    if (str_eq(part->codes.at[k], name)) at = k;
  if (at < part->codes.len) return part->at[gauge_place(part, unit, span, at)];
  return (struct gauge_figure){.value = value_number(ratio_int(0), part->measure->unit),
                               .is_hidden = part->measure->is_of_people && part->measure->cell > 0};
}
static bool ask_formula(struct gauge *g, const struct flow_measure *m, struct gauge_cube *c, struct err *e) {
  struct arena *mem = g->run->mem;
  const struct gauge_cube **cubes = arena_new_n(mem, const struct gauge_cube *, m->parts.len);
  struct flow_part *parts = arena_new_n(mem, struct flow_part, m->parts.len);
  for (size_t i = 0; i < m->parts.len; i++) {
    TRY(gauge_ask(g, m->parts.at[i], &cubes[i], e));
    join_codes(mem, cubes[i], c);
  }
  if (!c->codes.len) vec_push(mem, &c->codes) = (struct str){0};
  const size_t count = c->unit_count * c->span_count * c->codes.len;
  c->at = arena_new_n(mem, struct gauge_figure, count);
  for (size_t i = 0; i < count; i++) {
    const size_t code = i % c->codes.len, span = i / c->codes.len % c->span_count,
                 unit = i / c->codes.len / c->span_count;
    for (size_t p = 0; p < m->parts.len; p++) {
      const struct gauge_figure f = part_figure(cubes[p], unit, span, code, c->codes.at[code]);
      parts[p] = (struct flow_part){m->parts.at[p], f.value};
      c->at[i].is_hidden |= f.is_hidden;
      c->at[i].n += f.n;
    }
    TRY(flow_formula(mem, g->run->flow, m, parts, m->parts.len, &c->at[i].value, e));
  }
  return true;
}
bool gauge_ask(struct gauge *g, const struct flow_measure *m, const struct gauge_cube **out, struct err *e) {
  for (size_t i = 0; i < g->kept.len; i++)
    if (g->kept.at[i]->measure == m) return *out = g->kept.at[i], true;
  const int by = g->by.len ? flow_measure_by(m, g->by) : -1;
  if (g->by.len && by < 0) return fail(e, ERR_NOT_FOUND, MSG_gauge_by, "name", g->by);
  struct gauge_cube *c = arena_new(g->run->mem, struct gauge_cube);
  *c = (struct gauge_cube){.measure = m, .units = g->units, .unit_count = g->unit_count, .span_count = g->span_count};
  TRY(m->how == FLOW_FORMULA ? ask_formula(g, m, c, e) : ask_sums(g, m, by, c, e));
  vec_push(g->run->mem, &g->kept) = c;
  *out = c;
  return true;
}

/* ---- records behind a figure ---- */

bool gauge_records(struct flow_run *run, const struct flow_measure *m, struct str unit, const struct gauge_span *span,
                   int by, const struct str *code, struct str after, size_t most, struct str **out, size_t *out_n,
                   struct err *e) {
  enum { ROWS_MOST = 1000 };
  VEC(struct str) ids = {0};
  for (bool is_more = true; is_more && ids.len < most;) {
    struct sql_facts_behind_rows rows = {0};
    const struct sql_facts_behind_in in = {.tenant = STORE_TENANT,
                                           .measure = m->name,
                                           .above = unit,
                                           .from_day = span->from,
                                           .until_day = span->to,
                                           .after = after,
                                           .most = ROWS_MOST,
                                           .with_stock = m->is_stock};
    TRY(sql_facts_behind(run->session, run->mem, &in, SIZE_MAX, &rows, e));
    is_more = rows.len == ROWS_MOST;
    const struct str cut = is_more ? vec_last(&rows).record : (struct str){0};
    while (is_more && rows.len && str_eq(vec_last(&rows).record, cut))
      rows.len--; /* more of it may follow: it comes again */
    is_more &= rows.len > 0;
    for (size_t i = 0; i < rows.len && ids.len < most; i++) {
      const struct sql_facts_behind *r = &rows.at[i];
      after = r->record;
      if (code && by >= 0 && !str_eq(gauge_code(r->codes, by), *code)) continue;
      if (!ids.len || !str_eq(vec_last(&ids), r->record)) vec_push(run->mem, &ids) = r->record;
    }
  }
  *out = ids.at;
  *out_n = ids.len;
  return true;
}
