/* Measures that another version of a package has changed are counted anew. At the change of day: measures whose condition speaks of today are asked of all their records, a portion in a transaction. It is
 * noted for which day that was done; done twice it changes nothing. */
#include "engine/flow/jobs.h"
#include "engine/flow/measure.h"
#include "sql.h"
#include "store/store.h"

enum { PORTION = 200 };
#define DONE STR("facts_day")

struct portion {
  const struct flow_starter *starter;
  const struct flow_measure *measure;
  struct arena *mem; /* outlives the act */
  int64_t at_us;
  struct str after, last; /* last: what it answers */
};
static bool work_portion(struct store *tx, void *arg, struct err *e) {
  struct portion *p = arg;
  AUTO_ARENA mem = {0};
  struct str last;
  struct flow_run *run = p->starter->begin(p->starter->arg, tx, &mem, p->at_us);
  TRY(flow_facts_today(run, p->measure, p->after, PORTION, &last, e));
  p->last = str_dup(p->mem, last);
  return true;
}
static bool work_measure(struct store *store, const struct flow_starter *starter, const struct flow_measure *m,
                         int64_t at_us, struct err *e) {
  AUTO_ARENA mem = {0};
  struct portion p = {.starter = starter, .measure = m, .mem = &mem, .at_us = at_us, .after = STR("")};
  do {
    TRY(store_write(store, work_portion, &p, e));
    p.after = p.last;
  } while (p.after.len);
  return true;
}

/* ---- another version of a package ---- */

#define STALE STR("facts_stale.")
static bool note_stale(struct store *tx, struct arena *mem, struct str measure, const char *value, struct err *e) {
  const struct str name = str_join(mem, STALE, measure);
  int64_t changed = 0;
  TRY(sql_fact_day_move(tx, &(struct sql_fact_day_move_in){STORE_TENANT, name, str_of(value)}, &changed, e));
  return changed || sql_setting_add(tx, &(struct sql_setting_add_in){STORE_TENANT, name, str_of(value)}, NULL, e);
}
bool flow_facts_stale(const struct flow_measure *m, struct store *tx, struct arena *mem, struct err *e) {
  TRY(sql_facts_drop(tx, &(struct sql_facts_drop_in){STORE_TENANT, m->name}, NULL, e));
  TRY(sql_fact_sums_drop(tx, &(struct sql_fact_sums_drop_in){STORE_TENANT, m->name}, NULL, e));
  return note_stale(tx, mem, m->name, "yes", e);
}
static bool note_fresh(struct store *tx, void *arg, struct err *e) {
  AUTO_ARENA mem = {0};
  const struct str *measure = arg;
  return note_stale(tx, &mem, *measure, "", e);
}
static bool count_anew(const struct flow *f, struct store *store, const struct flow_starter *starter, int64_t now_us,
                       struct err *e) {
  AUTO_ARENA mem = {0};
  struct sql_fact_stale_list_rows stale = {0};
  {
    AUTO_READ *r = store_read_begin(store, e);
    TRY(r && sql_fact_stale_list(r, &mem, &(struct sql_fact_stale_list_in){STORE_TENANT}, SIZE_MAX, &stale, e));
  }
  vec_each(const struct sql_fact_stale_list, x, &stale) {
    struct str measure = str_from(x->name, STALE.len);
    const struct flow_measure *m = flow_measure(f, measure);
    if (m) TRY(work_measure(store, starter, m, now_us, e));
    TRY(store_write(store, note_fresh, &measure, e));
  }
  return true;
}

/* ---- once a day ---- */

static bool note_day(struct store *tx, void *arg, struct err *e) {
  const struct str *day = arg;
  int64_t changed = 0;
  TRY(sql_fact_day_move(tx, &(struct sql_fact_day_move_in){STORE_TENANT, DONE, *day}, &changed, e));
  return changed || sql_setting_add(tx, &(struct sql_setting_add_in){STORE_TENANT, DONE, *day}, NULL, e);
}
static bool is_done(struct store *store, struct str day, bool *out, struct err *e) {
  AUTO_ARENA mem = {0};
  struct sql_setting_get row = {0};
  AUTO_READ *r = store_read_begin(store, e);
  TRY(r && sql_setting_get(r, &mem, &(struct sql_setting_get_in){STORE_TENANT, DONE}, &row, out, e));
  *out = *out && str_cmp(row.value, day) >= 0;
  return true;
}
bool flow_facts_day(const struct flow *f, struct store *store, const struct flow_starter *starter, int64_t now_us,
                    struct err *e) {
  AUTO_ARENA mem = {0};
  bool done = false, any = false;
  struct str day = date_iso(&mem, date_of_days(moment_day(now_us)));
  for (size_t i = 0; i < f->systems.len; i++)
    vec_each(const struct flow_measure, m, &f->systems.at[i]->measures) any |= m->is_of_today;
  TRY(count_anew(f, store, starter, now_us, e));
  if (!any) return true;
  TRY(is_done(store, day, &done, e));
  for (size_t i = 0; !done && i < f->systems.len; i++)
    vec_each(const struct flow_measure, m, &f->systems.at[i]->measures)
      if (m->is_of_today) TRY(work_measure(store, starter, m, now_us, e));
  return done || store_write(store, note_day, &day, e);
}
