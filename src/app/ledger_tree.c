/* Tasks of a plan: those that came of its items, and all that stand below them, read in one question under the right of whoever asks. */
#include "app/ledger_tree.h"

#include <stdlib.h>

#include "app/systems_list.h"
#include "sql.h"
#include "store/compose.h"
#include "store/statement.h"
#include "texts.h"

enum {
  ID,
  ITEM,
  NUMBER,
  TITLE,
  STATE,
  ENDED,
  UNIT,

  DUE,
  ABOVE,
  SHARE,
  CLOCK_DUE,
  CLOCK_RUNS,
  CLOCK_LATE,
  CLOCK_START,
  COLUMNS
};
enum { PLANS_MOST = 200 };

static const struct flow_record *tasks_of(const struct system_run *x) {
  return flow_record(x->run.flow, STR("task.task"));
}

/* ---- which plans ---- */

bool ledger_plans(struct web_request *rq, struct store *s, struct str **out_ids, size_t *out_n, struct err *e) {
  struct sql_origin_plans_rows rows = {0};
  struct str *ids = NULL;
  bool *sees = NULL;
  TRY(sql_origin_plans(s, rq->mem, &(struct sql_origin_plans_in){STORE_TENANT, STR("task.task"), PLANS_MOST},
                       PLANS_MOST, &rows, e));
  ids = arena_new_n(rq->mem, struct str, rows.len + 1);
  sees = arena_new_n(rq->mem, bool, rows.len + 1);
  *out_n = 0;
  for (size_t i = 0; i < rows.len; i++) ids[i] = rows.at[i].plan;
  TRY(who_filter(who_of(rq), s, "plan", ids, rows.len, sees, e));
  for (size_t i = 0; i < rows.len; i++)
    if (sees[i]) ids[(*out_n)++] = ids[i];
  *out_ids = ids;
  return true;
}

/* ---- tasks ---- */

/* The column of a field that lies in one; of one that the package does not have, nothing. */
static void put_field(struct compose *c, const struct flow_record *r, const char *name, const char *none) {
  const struct flow_field *f = flow_field(r, str_of(name));
  if (!f || f->place != FLOW_COLUMN) {
    compose_z(c, none);
    return;
  }
  compose_z(c, "r.");
  compose_name(c, f->column[0]);
}
static void put_tree(struct compose *c, const struct flow_record *r, struct str plan) {
  const struct flow_field *parent = flow_field(r, STR("parent"));
  compose_z(c, "WITH RECURSIVE t(id, item) AS (SELECT o.id, o.item FROM ledger_origin o WHERE o.tenant = ");
  (void)compose_str(c, STORE_TENANT);
  compose_z(c, " AND o.plan = ");
  (void)compose_str(c, plan);
  compose_z(c, " AND o.record = ");
  (void)compose_str(c, r->name);
  if (parent && parent->place == FLOW_COLUMN) {
    compose_z(c, " UNION SELECT k.id, t.item FROM t JOIN ");
    compose_name(c, r->table);
    compose_z(c, " k ON k.");
    compose_name(c, parent->column[0]);
    compose_z(c, " = t.id AND k.tenant = ");
    (void)compose_str(c, STORE_TENANT);
  }
  compose_z(c, ") ");
}
static void put_columns(struct compose *c, const struct flow_record *r) {
  compose_z(c, "SELECT r.id, t.item, r.number, ");
  put_field(c, r, "title", "r.number");
  compose_z(c, ", r.state, r.ended, ");
  put_field(c, r, "unit", "NULL");
  compose_z(c, ", ");
  put_field(c, r, "due", "NULL");
  compose_z(c, ", ");
  put_field(c, r, "parent", "NULL");
  compose_z(c, ", ");
  put_field(c, r, "share", "NULL");
  compose_z(c, ", k.due_us, k.phase, k.late, k.started_us FROM t JOIN ");
  compose_name(c, r->table);
  compose_z(c, " r ON r.id = t.id AND r.tenant = ");
  (void)compose_str(c, STORE_TENANT);
  compose_z(c, " LEFT JOIN flow_clock k ON k.tenant = r.tenant AND k.id = r.id AND k.record = ");
  (void)compose_str(c, r->name);
  compose_z(c, " AND k.clock = ");
  (void)compose_str(c, STR("due"));
}
static void put_question(struct system_run *x, struct compose *c, const struct flow_record *r, struct str plan) {
  const struct rights_condition *seen = &systems_view(x, r)->seen;
  put_tree(c, r, plan);
  put_columns(c, r);
  compose_z(c, " WHERE 1 = 1");
  if (!seen->always) {
    compose_z(c, " AND (");
    compose_condition(c, seen->sql, seen->values.at, seen->values.len);
    compose_z(c, ")");
  }
  compose_z(c, " ORDER BY LENGTH(r.number), r.number LIMIT ");
  compose_bound(c, LEDGER_TASKS_MAX + 1);
}
static struct ledger_task read_task(struct web_request *rq, struct store_stmt *s, int64_t scale) {
  struct arena *mem = rq->mem;
  struct ledger_task t = {.id = store_column_str(s, ID, mem),
                          .item = store_column_str(s, ITEM, mem),
                          .number = store_column_str(s, NUMBER, mem),
                          .title = store_column_str(s, TITLE, mem),
                          .state = store_column_str(s, STATE, mem),
                          .is_ended = store_column_int(s, ENDED) != 0,
                          .unit = store_column_str(s, UNIT, mem),
                          .due = store_column_str(s, DUE, mem),
                          .above = store_column_str(s, ABOVE, mem),
                          .share = store_column_null(s, SHARE) ? -1 : (int)(store_column_int(s, SHARE) / scale),
                          .due_us = store_column_int(s, CLOCK_DUE),
                          .started_us = store_column_int(s, CLOCK_START),
                          .parent = -1};
  t.is_running = !t.is_ended && t.due_us;
  t.is_over = t.is_running && (store_column_int(s, CLOCK_LATE) || t.due_us < rq->now_us);
  return t;
}
struct known { /* by id: where a task stands */
  struct str id;
  int32_t at;
};
static int by_id(const void *a, const void *b) {
  return str_cmp(((const struct known *)a)->id, ((const struct known *)b)->id);
}
static void hang(struct arena *mem, ledger_tasks *all) {
  struct known *known = arena_new_n(mem, struct known, all->len + 1);
  for (size_t i = 0; i < all->len; i++) known[i] = (struct known){all->at[i].id, (int32_t)i};
  qsort(known, all->len, sizeof *known, by_id);
  for (size_t i = 0; i < all->len; i++) {
    struct ledger_task *t = &all->at[i];
    const struct known *above = bsearch(&(struct known){.id = t->above}, known, all->len, sizeof *known, by_id);
    if (!above) continue;
    t->parent = above->at;
    vec_push(mem, &all->at[above->at].children) = (int32_t)i;
  }
}
/* Each unit is asked for once: a plan has few of them. */
static bool name_units(struct web_request *rq, struct store *s, ledger_tasks *all, struct err *e) {
  VEC(const struct ledger_task *) named = {0};
  vec_each(struct ledger_task, t, all) {
    struct sql_unit_get unit = {0};
    bool known = !t->unit.len, found = false;
    for (size_t i = 0; !known && i < named.len; i++) {
      known = str_eq(named.at[i]->unit, t->unit);
      if (known) t->unit_name = named.at[i]->unit_name;
    }
    if (known) continue;
    TRY(sql_unit_get(s, rq->mem, &(struct sql_unit_get_in){STORE_TENANT, t->unit}, &unit, &found, e));
    t->unit_name = found ? unit.name : t->unit;
    vec_push(rq->mem, &named) = t;
  }
  return true;
}
static int64_t scale_of(const struct flow_record *r) {
  const struct flow_field *f = flow_field(r, STR("share"));
  int64_t scale = 1;
  for (int i = 0; f && i < f->field->is.places; i++) scale *= 10;
  return scale;
}
bool ledger_tasks_of(struct web_request *rq, struct store *s, struct str plan, ledger_tasks *out, struct err *e) {
  AUTO_COMPOSE c = COMPOSE(rq->mem);
  struct system_run x;
  bool found = false;
  *out = (ledger_tasks){0};
  systems_begin(&x, rq, s);
  const struct flow_record *r = tasks_of(&x);
  if (!r) return fail(e, ERR_GUARD, MSG_ledger_no_package);
  if (systems_view(&x, r)->seen.never) return true;
  const int64_t scale = scale_of(r);
  put_question(&x, &c, r, plan);
  struct store_stmt *stmt = compose_prepare(&c, s, COLUMNS, e);
  bool ok = stmt != NULL;
  while (ok && out->len <= LEDGER_TASKS_MAX && (ok = store_step(stmt, &found, e)) && found)
    vec_push(rq->mem, out) = read_task(rq, stmt, scale);
  if (stmt) store_reset(stmt);
  if (!ok) return false;
  if (out->len > LEDGER_TASKS_MAX)
    return fail(e, ERR_TOO_MANY, MSG_ledger_too_long, "limit", str_int(rq->mem, LEDGER_TASKS_MAX));
  hang(rq->mem, out);
  return name_units(rq, s, out, e);
}

/* ---- in words ---- */

bool ledger_lamps(struct web_request *rq, struct store *s, ledger_tasks *io, const int32_t *which, size_t n,
                  struct err *e) {
  struct system_run x;
  struct system_lamp lamp;
  const struct clock *due = NULL;
  systems_begin(&x, rq, s);
  const struct flow_record *r = tasks_of(&x);
  for (size_t i = 0; r && i < r->record->clocks.len; i++)
    if (str_eqz(r->record->clocks.at[i].head.name.text, "due")) due = &r->record->clocks.at[i];
  for (size_t i = 0; due && i < n; i++) {
    struct ledger_task *t = &io->at[which[i]];
    const struct flow_row row = {.record = r, .id = t->id};
    TRY(systems_lamp(&x, &row, due, &lamp, e));
    t->lamp = t->is_ended ? STR("d") : lamp.css;
    t->says = t->is_ended ? flow_state_label(r, t->state) : lamp.says;
  }
  return true;
}
struct str ledger_state_says(struct web_request *rq, struct str state) {
  const struct flow_record *r = flow_record(systems_flow(app_of(rq)->systems), STR("task.task"));
  return r ? flow_state_label(r, state) : state;
}
struct str ledger_day(struct web_request *rq, struct str iso) {
  struct date d;
  return iso.len && date_parse(iso, 0, &d) ? date_zh_short(rq->mem, d) : (struct str){0};
}
