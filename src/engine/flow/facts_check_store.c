/* Facts and sums by another way than the one by which they were kept: each record is asked anew, each sum is added up from its
 * facts by the tree as its history has it. What was true of a stock before today is known from the acts alone; of that only its
 * order is looked at. */
#include "engine/flow/measure.h"

#include "sql.h"
#include "store/store.h"

enum { PAGE = 500, DELTAS_FOLD = 200000 };

struct checking {
  struct flow_run *run;
  const struct flow_measure *measure;
  struct flow_facts_proof *out;
  int64_t today;
  flow_deltas deltas; /* sums as they should be */
};
static void fault(struct checking *c, struct str id, const char *what) {
  if (!c->out->faults++) {
    c->out->measure = c->measure->name;
    c->out->id = id;
    c->out->what = str_of(what);
  }
}

/* ---- facts against the record ---- */

static void clip(struct arena *mem, const flow_fact_list *all, struct str measure, int64_t today, flow_fact_list *out) {
  vec_each(const struct flow_fact, f, all) {
    if (!str_eq(f->measure, measure) || (f->is_stock && f->until <= today)) continue;
    struct flow_fact *x = &vec_push(mem, out);
    *x = *f;
    if (x->is_stock && x->from < today) x->from = today;
  }
}
static bool same_facts(const flow_fact_list *a, const flow_fact_list *b) {
  if (a->len != b->len) return false;
  vec_each(const struct flow_fact, x, a) {
    bool is_there = false;
    vec_each(const struct flow_fact, y, b) is_there |= flow_fact_same(x, y);
    if (!is_there) return false;
  }
  return true;
}
static bool check_record(struct checking *c, struct str id, struct err *e) {
  struct flow_run *run = c->run;
  flow_fact_list kept = {0}, had = {0}, now = {0}, want = {0};
  struct flow_row *row = NULL;
  TRY(flow_row(run, c->measure->record, id, &row, e));
  if (!row) return true;
  TRY(flow_facts_read(run->session, run->mem, id, &kept, e));
  TRY(flow_facts_now(run, row, c->measure, c->today, c->today, &now, e));
  clip(run->mem, &kept, c->measure->name, c->today, &had);
  clip(run->mem, &now, c->measure->name, c->today, &want);
  c->out->facts += (int64_t)had.len;
  if (!same_facts(&had, &want)) fault(c, id, "record");
  return true;
}
static bool check_records(struct checking *c, struct err *e) {
  struct str after = STR("");
  for (size_t count = PAGE; count == PAGE;) {
    struct str *ids = NULL;
    TRY(flow_facts_ids(c->run, c->measure->record, after, PAGE, &ids, &count, e));
    for (size_t i = 0; i < count; i++) TRY(check_record(c, ids[i], e));
    if (count) after = ids[count - 1];
  }
  return true;
}

/* ---- sums against facts ---- */

static bool add_fact(struct checking *c, const struct sql_facts_after *r, const struct sql_facts_after *before,
                     struct err *e) {
  struct arena *mem = c->run->mem;
  flow_aboves above = {0};
  const struct flow_fact f = {.measure = c->measure->name,
                              .from = r->from_day,
                              .until = r->until_day,
                              .is_stock = r->stock != 0,
                              .is_hole = r->hole != 0,
                              .codes = r->codes,
                              .key = r->key,
                              .value = r->value};
  if (before && str_eq(before->record, r->record) && before->line == r->line && before->until_day > r->from_day)
    fault(c, r->record, "overlap");
  TRY(flow_aboves_read(c->run->session, mem, r->unit, &above, e));
  flow_deltas_of(mem, &f, &above, 1, &c->deltas);
  if (c->deltas.len > DELTAS_FOLD) flow_deltas_fold(&c->deltas);
  return true;
}
static bool add_facts(struct checking *c, struct err *e) {
  struct str after = STR("");
  for (bool is_more = true; is_more;) {
    struct sql_facts_after_rows rows = {0};
    const struct sql_facts_after_in in = {STORE_TENANT, c->measure->name, after, PAGE};
    TRY(sql_facts_after(c->run->session, c->run->mem, &in, SIZE_MAX, &rows, e));
    is_more = rows.len == PAGE;
    const struct str cut = is_more ? vec_last(&rows).record : (struct str){0};
    while (is_more && str_eq(vec_last(&rows).record, cut)) {
      if (!--rows.len) break; /* a record has far fewer facts of one measure */
    }
    for (size_t i = 0; i < rows.len; i++) TRY(add_fact(c, &rows.at[i], i ? &rows.at[i - 1] : NULL, e));
    is_more &= rows.len > 0;
    if (rows.len) after = vec_last(&rows).record;
  }
  flow_deltas_fold(&c->deltas);
  return true;
}
static bool check_sums(struct checking *c, struct err *e) {
  struct sql_fact_sums_all_rows rows = {0};
  TRY(add_facts(c, e));
  TRY(sql_fact_sums_all(c->run->session, c->run->mem, &(struct sql_fact_sums_all_in){STORE_TENANT, c->measure->name},
                        SIZE_MAX, &rows, e));
  c->out->sums += (int64_t)rows.len;
  if (rows.len != c->deltas.len) fault(c, STR(""), "sums");
  for (size_t i = 0; i < rows.len && i < c->deltas.len; i++) {
    const struct sql_fact_sums_all *r = &rows.at[i];
    const struct flow_delta *d = &c->deltas.at[i];
    const bool same_place = str_eq(r->above, d->above) && r->grain == d->grain && r->slot == d->slot &&
                            str_eq(r->codes, d->codes) && str_eq(r->key, d->key);
    if (!same_place || r->n != d->n || r->total != d->total || r->holes != d->holes) fault(c, r->above, "sum");
  }
  return true;
}
bool flow_facts_check(struct flow_run *run, struct flow_facts_proof *out, struct err *e) {
  *out = (struct flow_facts_proof){0};
  for (size_t i = 0; i < run->flow->systems.len; i++)
    vec_each(const struct flow_measure, m, &run->flow->systems.at[i]->measures) {
      struct checking c = {.run = run, .measure = m, .out = out, .today = moment_day(run->now_us)};
      if (m->how == FLOW_FORMULA) continue;
      TRY(check_records(&c, e));
      TRY(check_sums(&c, e));
    }
  return true;
}

/* ---- anew ---- */

bool flow_facts_rebuild(struct flow_run *run, const struct flow_measure *m, struct err *e) {
  struct str after = STR("");
  TRY(sql_facts_drop(run->session, &(struct sql_facts_drop_in){STORE_TENANT, m->name}, NULL, e));
  TRY(sql_fact_sums_drop(run->session, &(struct sql_fact_sums_drop_in){STORE_TENANT, m->name}, NULL, e));
  do {
    TRY(flow_facts_today(run, m, after, PAGE, &after, e));
  } while (after.len);
  return true;
}
