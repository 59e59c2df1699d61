/* Facts of measures, kept in the transaction of each act: what a record counted is held against what it counts now, and sums change
 * by the difference, at its unit and at all above it. Most acts change few facts, and those that change none write nothing. */
#include "engine/flow/measure.h"

#include "base/limits.h"
#include "sql.h"
#include "store/compose.h"
#include "store/statement.h"
#include "store/store.h"
#include "texts.h"

/* ---- the tree ---- */

struct climb {
  struct store *session;
  struct arena *mem;
  flow_aboves *out;
};
static int64_t day_of_text(struct str iso) {
  struct date d = {0};
  return date_parse(iso, 0, &d) ? date_to_days(d) : FLOW_DAY_LAST;
}
/* Before its first version a unit stands where that one has it, after its end where the last had it: what is left open there is
 * still somebody's. */
static bool climb(struct climb *c, struct str unit, int64_t from, int64_t until, int depth, struct err *e) {
  struct sql_unit_versions_of_rows rows = {0};
  if (from >= until || depth > UNIT_DEPTH_MAX) return true;
  vec_push(c->mem, c->out) = (struct flow_above){unit, from, until};
  TRY(sql_unit_versions_of(c->session, c->mem, &(struct sql_unit_versions_of_in){STORE_TENANT, unit}, SIZE_MAX, &rows,
                           e));
  for (size_t i = 0; i < rows.len; i++) {
    const int64_t begins = i ? day_of_text(rows.at[i].from_day) : FLOW_DAY_FIRST;
    const int64_t ends = i + 1 < rows.len ? day_of_text(rows.at[i + 1].from_day) : FLOW_DAY_LAST;
    if (!rows.at[i].parent.len) continue;
    TRY(climb(c, rows.at[i].parent, from > begins ? from : begins, until < ends ? until : ends, depth + 1, e));
  }
  return true;
}
bool flow_aboves_read(struct store *session, struct arena *mem, struct str unit, flow_aboves *out, struct err *e) {
  struct climb c = {session, mem, out};
  vec_push(mem, out) = (struct flow_above){STR(""), FLOW_DAY_FIRST, FLOW_DAY_LAST};
  if (unit.len) TRY(climb(&c, unit, FLOW_DAY_FIRST, FLOW_DAY_LAST, 0, e));
  flow_aboves_sort(out);
  return true;
}
static bool write_aboves(struct store *tx, struct str unit, const flow_aboves *list, struct err *e) {
  vec_each(const struct flow_above, a, list) {
    const struct sql_fact_above_insert_in in = {STORE_TENANT, unit, a->above, a->from, a->until};
    TRY(sql_fact_above_insert(tx, &in, NULL, e));
  }
  return true;
}
/* As the sums have it. */
static bool kept_aboves(struct store *tx, struct arena *mem, struct str unit, flow_aboves *out, struct err *e) {
  struct sql_fact_aboves_rows rows = {0};
  TRY(sql_fact_aboves(tx, mem, &(struct sql_fact_aboves_in){STORE_TENANT, unit}, SIZE_MAX, &rows, e));
  vec_each(const struct sql_fact_aboves, r, &rows)
    vec_push(mem, out) = (struct flow_above){r->above, r->from_day, r->until_day};
  return true;
}

/* ---- sums ---- */

static bool add_delta(struct store *tx, const struct flow_delta *d, struct err *e) {
  int64_t changed = 0;
  const struct sql_fact_sum_add_in add = {.tenant = STORE_TENANT,
                                          .measure = d->measure,
                                          .above = d->above,
                                          .grain = d->grain,
                                          .slot = d->slot,
                                          .codes = d->codes,
                                          .key = d->key,
                                          .n = d->n,
                                          .total = d->total,
                                          .holes = d->holes};
  TRY(sql_fact_sum_add(tx, &add, &changed, e));
  if (changed) {
    if (d->n > 0 && !d->is_stock) return true;
    const struct sql_fact_sum_sweep_in sweep = {STORE_TENANT, d->measure, d->above, d->grain,
                                                d->slot,      d->codes,   d->key};
    return sql_fact_sum_sweep(tx, &sweep, NULL, e);
  }
  const struct sql_fact_sum_insert_in insert = {.tenant = STORE_TENANT,
                                                .measure = d->measure,
                                                .above = d->above,
                                                .grain = d->grain,
                                                .slot = d->slot,
                                                .codes = d->codes,
                                                .key = d->key,
                                                .n = d->n,
                                                .total = d->total,
                                                .holes = d->holes};
  return sql_fact_sum_insert(tx, &insert, NULL, e);
}
static bool add_deltas(struct store *tx, flow_deltas *list, struct err *e) {
  flow_deltas_fold(list);
  vec_each(const struct flow_delta, d, list) TRY(add_delta(tx, d, e));
  return true;
}

/* ---- facts of one record ---- */

struct keeping {
  struct store *tx;
  struct arena *mem;
  struct str record; /* id */
  flow_deltas deltas;
  struct str unit; /* whose aboves were read last */
  flow_aboves aboves;
  bool has_unit;
};
/* A unit's first fact makes known what it stands under. */
static bool aboves_of(struct keeping *k, struct str unit, struct err *e) {
  if (k->has_unit && str_eq(k->unit, unit)) return true;
  k->aboves = (flow_aboves){0};
  TRY(kept_aboves(k->tx, k->mem, unit, &k->aboves, e));
  if (!k->aboves.len) {
    TRY(flow_aboves_read(k->tx, k->mem, unit, &k->aboves, e));
    TRY(write_aboves(k->tx, unit, &k->aboves, e));
  }
  k->unit = unit;
  k->has_unit = true;
  return true;
}
static bool fact_goes(struct keeping *k, const struct flow_fact *f, struct err *e) {
  TRY(aboves_of(k, f->unit, e));
  flow_deltas_of(k->mem, f, &k->aboves, -1, &k->deltas);
  const struct sql_fact_delete_in in = {STORE_TENANT, k->record, f->measure, f->line, f->from};
  return sql_fact_delete(k->tx, &in, NULL, e);
}
static bool fact_comes(struct keeping *k, const struct flow_fact *f, struct err *e) {
  TRY(aboves_of(k, f->unit, e));
  flow_deltas_of(k->mem, f, &k->aboves, 1, &k->deltas);
  return sql_fact_insert(k->tx,
                         &(struct sql_fact_insert_in){.tenant = STORE_TENANT,
                                                      .record = k->record,
                                                      .measure = f->measure,
                                                      .line = f->line,
                                                      .from_day = f->from,
                                                      .until_day = f->until,
                                                      .stock = f->is_stock,
                                                      .unit = f->unit,
                                                      .codes = f->codes,
                                                      .key = f->key,
                                                      .value = f->value,
                                                      .hole = f->is_hole},
                         NULL, e);
}
static bool is_among(const flow_fact_list *list, const struct flow_fact *f) {
  vec_each(const struct flow_fact, x, list)
    if (flow_fact_same(x, f)) return true;
  return false;
}
static bool write_difference(struct keeping *k, const flow_fact_list *had, const flow_fact_list *want, struct err *e) {
  vec_each(const struct flow_fact, h, had)
    if (!is_among(want, h)) TRY(fact_goes(k, h, e));
  vec_each(const struct flow_fact, w, want)
    if (!is_among(had, w)) TRY(fact_comes(k, w, e));
  return add_deltas(k->tx, &k->deltas, e);
}
bool flow_facts_read(struct store *session, struct arena *mem, struct str record, flow_fact_list *out, struct err *e) {
  struct sql_facts_of_rows rows = {0};
  TRY(sql_facts_of(session, mem, &(struct sql_facts_of_in){STORE_TENANT, record}, SIZE_MAX, &rows, e));
  vec_each(const struct sql_facts_of, r, &rows)
    vec_push(mem, out) = (struct flow_fact){.measure = r->measure,
                                            .line = r->line,
                                            .from = r->from_day,
                                            .until = r->until_day,
                                            .is_stock = r->stock != 0,
                                            .is_hole = r->hole != 0,
                                            .unit = r->unit,
                                            .codes = r->codes,
                                            .key = r->key,
                                            .value = r->value};
  return true;
}
/* What one measure had of the record, and has now. */
static bool join_one(struct flow_run *run, struct flow_row *row, const struct flow_measure *m,
                     const flow_fact_list *all, flow_fact_list *out_had, flow_fact_list *out_want, struct err *e) {
  const int64_t today = moment_day(run->now_us), first = flow_facts_first(m, row, today);
  flow_fact_list had = {0}, now = {0};
  vec_each(const struct flow_fact, f, all) {
    if (!str_eq(f->measure, m->name)) continue;
    vec_push(run->mem, &had) = *f;
    vec_push(run->mem, out_had) = *f;
  }
  TRY(flow_facts_now(run, row, m, first, today, &now, e));
  flow_facts_join(run->mem, &had, &now, first, out_want);
  return true;
}
int64_t flow_facts_first(const struct flow_measure *m, const struct flow_row *row, int64_t day) {
  return m->is_of_period && moment_day(row->created) >= day ? (int64_t)FLOW_DAY_FIRST : day;
}
static bool keep_row(struct flow_run *run, struct flow_row *row, const struct flow_measure *only, struct err *e) {
  const struct flow_system *s = row->record->system;
  struct keeping k = {.tx = run->session, .mem = run->mem, .record = row->id};
  flow_fact_list all = {0}, had = {0}, want = {0};
  bool is_read = false;
  vec_each(const struct flow_measure, m, &s->measures) {
    if (m->record != row->record || (only && m != only)) continue;
    if (!is_read) TRY(flow_facts_read(run->session, run->mem, row->id, &all, e));
    is_read = true;
    TRY(join_one(run, row, m, &all, &had, &want, e));
  }
  return write_difference(&k, &had, &want, e);
}
bool flow_facts_row(struct flow_run *run, struct flow_row *row, struct err *e) { return keep_row(run, row, NULL, e); }
bool flow_facts(struct flow_step *s, struct err *e) { return flow_facts_row(s->run, s->about.self, e); }
bool flow_facts_touch(struct flow_run *run, const struct flow_record *r, struct str id, struct err *e) {
  struct flow_row *row = NULL;
  TRY(flow_row(run, r, id, &row, e));
  return !row || flow_facts_row(run, row, e);
}

/* ---- all records of a measure ---- */

bool flow_facts_ids(struct flow_run *run, const struct flow_record *r, struct str after, size_t most, struct str **out,
                    size_t *out_n, struct err *e) {
  AUTO_COMPOSE c = COMPOSE(run->mem);
  VEC(struct str) ids = {0};
  compose_z(&c, "SELECT \"id\" FROM ");
  compose_name(&c, r->table);
  compose_z(&c, " WHERE \"tenant\" = ");
  (void)compose_str(&c, STORE_TENANT);
  compose_z(&c, " AND \"id\" > ");
  (void)compose_str(&c, after);
  compose_z(&c, " ORDER BY \"id\" LIMIT ");
  compose_bound(&c, (int)most);
  struct store_stmt *rows = compose_prepare(&c, run->session, 1, e);
  if (!rows) return false;
  bool is_row = false, is_read = false;
  while ((is_read = store_step(rows, &is_row, e)) && is_row)
    vec_push(run->mem, &ids) = store_column_str(rows, 0, run->mem);
  store_reset(rows);
  *out = ids.at;
  *out_n = ids.len;
  return is_read;
}
bool flow_facts_today(struct flow_run *run, const struct flow_measure *m, struct str after, size_t most,
                      struct str *out_last, struct err *e) {
  struct str *ids = NULL;
  size_t count = 0;
  *out_last = (struct str){0};
  TRY(flow_facts_ids(run, m->record, after, most, &ids, &count, e));
  for (size_t i = 0; i < count; i++) {
    struct flow_row *row = NULL;
    TRY(flow_row(run, m->record, ids[i], &row, e));
    if (row) TRY(keep_row(run, row, m, e));
  }
  if (count == most) *out_last = ids[count - 1];
  return true;
}

/* ---- units that stand elsewhere now ---- */

static bool same_aboves(const flow_aboves *a, const flow_aboves *b) {
  if (a->len != b->len) return false;
  for (size_t i = 0; i < a->len; i++)
    if (!str_eq(a->at[i].above, b->at[i].above) || a->at[i].from != b->at[i].from || a->at[i].until != b->at[i].until)
      return false;
  return true;
}
static bool move_unit(struct store *tx, struct arena *mem, struct str unit, const flow_aboves *was,
                      const flow_aboves *is, struct err *e) {
  struct sql_facts_at_rows rows = {0};
  flow_deltas deltas = {0};
  TRY(sql_facts_at(tx, mem, &(struct sql_facts_at_in){STORE_TENANT, unit}, SIZE_MAX, &rows, e));
  vec_each(const struct sql_facts_at, r, &rows) {
    const struct flow_fact f = {.measure = r->measure,
                                .from = r->from_day,
                                .until = r->until_day,
                                .is_stock = r->stock != 0,
                                .is_hole = r->hole != 0,
                                .codes = r->codes,
                                .key = r->key,
                                .value = r->value};
    flow_deltas_of(mem, &f, was, -1, &deltas);
    flow_deltas_of(mem, &f, is, 1, &deltas);
  }
  TRY(add_deltas(tx, &deltas, e));
  TRY(sql_fact_aboves_drop(tx, &(struct sql_fact_aboves_drop_in){STORE_TENANT, unit}, NULL, e));
  return write_aboves(tx, unit, is, e);
}
bool flow_facts_tree(struct store *tx, struct arena *mem, struct err *e) {
  struct sql_fact_units_rows units = {0};
  TRY(sql_fact_units(tx, mem, &(struct sql_fact_units_in){STORE_TENANT}, SIZE_MAX, &units, e));
  vec_each(const struct sql_fact_units, u, &units) {
    AUTO_ARENA own = {0};
    flow_aboves was = {0}, is = {0};
    TRY(kept_aboves(tx, &own, u->unit, &was, e));
    TRY(flow_aboves_read(tx, &own, u->unit, &is, e));
    if (!same_aboves(&was, &is)) TRY(move_unit(tx, &own, u->unit, &was, &is, e));
  }
  return true;
}
