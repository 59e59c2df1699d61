/* The job that brings records to another version: rehearsal, tables, records in portions. What is done stands in flow_upgrade in the
 * transaction that does it, so that a stop between two portions loses nothing and a stop within one leaves nothing behind. */
#include "engine/flow/upgrade.h"

#include "engine/flow/measure.h"
#include "engine/flow/upgrade_plan.h"
#include "sql.h"
#include "store/compose.h"
#include "store/event.h"
#include "store/store.h"
#include "texts.h"

enum { PORTION = 100 };

struct job { /* of one system */
  const struct flow *flow;
  const struct flow_starter *starter;
  const struct flow_system *system;
  int64_t now_us;
  struct flow_upgraded *counts; /* of a rehearsal; NULL = nobody asks */
  struct arena *counts_mem;
  struct arena *mem; /* of the plan */
  struct flow_plan plan;
  bool is_read, is_done;
};

/* ---- one portion ---- */

static bool has_work(const struct flow_turn *t) {
  return t->told || t->gives.len || t->clocks.len || t->is_worked_out || t->is_found || t->is_area_new ||
         t->is_ended_new;
}
static bool read_plan(struct job *j, struct store *tx, struct str said, struct err *e) {
  struct faults told;
  if (j->is_read) return true;
  TRY(flow_plan_read(j->mem, j->system, str_dup(j->mem, said), &told, &j->plan, e));
  TRY(flow_plan_turns(tx, j->mem, &j->plan, e));
  j->is_read = true;
  return true;
}
/* The turn that it has come to; NULL: all are done. */
static const struct flow_turn *turn_at(const struct job *j, struct str record) {
  bool is_behind = !record.len;
  vec_each(const struct flow_turn, t, &j->plan.turns) {
    is_behind |= str_eq(t->now->name, record);
    if (is_behind && has_work(t)) return t;
  }
  return NULL;
}
static struct str after_turn(const struct job *j, const struct flow_turn *t) {
  for (const struct flow_turn *next = t + 1; next < j->plan.turns.at + j->plan.turns.len; next++)
    if (has_work(next)) return next->now->name;
  return STR("");
}
static struct flow_upgraded_record *counts_of(struct job *j, const struct flow_record *r) {
  vec_each(struct flow_upgraded_record, x, &j->counts->records)
    if (x->record == r) return x;
  struct flow_upgraded_record *x = &vec_push(j->counts_mem, &j->counts->records);
  *x = (struct flow_upgraded_record){.record = r};
  return x;
}
/* Which record it is, by what people call it. */
static bool name_it(struct store *tx, struct job *j, const struct flow_turn *t, struct str id, struct err *e) {
  AUTO_ARENA mem = {0};
  const struct err why = *e;
  struct flow_row *row = NULL;
  struct err ignored = {0};
  struct flow_run *run = j->starter->begin(j->starter->arg, tx, &mem, j->now_us);
  struct str name = id;
  if (why.code == ERR_STORE || why.code == ERR_BUSY) return false;
  if (flow_row(run, t->now, id, &row, &ignored) && row && row->number.len) name = row->number;
  const struct str says = err_says(&mem, LANG_ZH, &why);
  *e = (struct err){0};
  return fail(e, ERR_CONFLICT, MSG_flow_upgrade_record, "system", j->system->name, "record", t->now->record->label.text,
              "number", name, "why", says);
}
static bool turn_one(struct job *j, struct store *tx, const struct flow_turn *t, struct str id,
                     struct flow_upgraded_record *counts, struct err *e) {
  AUTO_ARENA mem = {0};
  struct flow_run *was = j->starter->begin(j->starter->arg, tx, &mem, j->now_us);
  struct flow_run *run = j->starter->begin(j->starter->arg, tx, &mem, j->now_us);
  was->by = run->by = FLOW_BY_SYSTEM;
  return flow_turn_record(was, run, &j->plan, t, id, counts, e) || name_it(tx, j, t, id, e);
}
static bool note_done(struct job *j, struct store *tx, struct arena *mem, const struct sql_flow_upgrade_get *at,
                      const struct flow_upgraded_record *sum, struct err *e) {
  struct event ev = {.at_us = j->now_us,
                     .valid = STR(""),
                     .actor = STR("system"),
                     .record = STR("system"),
                     .id = j->system->name,
                     .act = STR("upgrade"),
                     .from = STR(""),
                     .to = STR("")};
  event_add(&ev, STR("version"), str_fmt(mem, "%lld → %lld", (long long)at->from_version, (long long)at->version));
  event_add(&ev, STR("seen"), str_int(mem, at->seen + sum->seen));
  event_add(&ev, STR("changed"), str_int(mem, at->changed + sum->changed));
  event_add(&ev, STR("moved"), str_int(mem, at->moved + sum->moved));
  return event_append(tx, mem, &ev, NULL, e);
}
static bool note_portion(struct job *j, struct store *tx, const struct sql_flow_upgrade_get *at, struct str record,
                         struct str after, const struct flow_upgraded_record *sum, struct err *e) {
  int64_t changed = 0;
  const struct sql_flow_upgrade_move_in in = {.tenant = STORE_TENANT,
                                              .system = j->system->name,
                                              .was_record = at->record,
                                              .was_after = at->after,
                                              .record = record,
                                              .after = after,
                                              .seen = at->seen + sum->seen,
                                              .changed = at->changed + sum->changed,
                                              .moved = at->moved + sum->moved,
                                              .done_us = record.len ? 0 : j->now_us};
  TRY(sql_flow_upgrade_move(tx, &in, &changed, e));
  return changed == 1 || fail(e, ERR_BUSY, MSG_store_busy);
}
static bool portion(struct store *tx, void *arg, struct err *e) {
  struct job *j = arg;
  AUTO_ARENA mem = {0};
  struct sql_flow_upgrade_get at = {0};
  struct flow_upgraded_record sum = {0};
  struct str *ids = NULL, record = STR(""), after = STR("");
  size_t n = 0;
  TRY(sql_flow_upgrade_get(tx, &mem, &(struct sql_flow_upgrade_get_in){STORE_TENANT, j->system->name}, &at, &j->is_done,
                           e));
  j->is_done = !j->is_done || at.done_us;
  if (j->is_done) return true;
  TRY(read_plan(j, tx, at.said, e));
  const struct flow_turn *t = turn_at(j, at.record);
  if (t) {
    struct flow_run *run = j->starter->begin(j->starter->arg, tx, &mem, j->now_us);
    struct flow_upgraded_record *counts = j->counts ? counts_of(j, t->now) : &sum;
    TRY(flow_facts_ids(run, t->now, at.after, PORTION, &ids, &n, e));
    for (size_t i = 0; i < n; i++) TRY(turn_one(j, tx, t, ids[i], counts, e));
    record = n == PORTION ? t->now->name : after_turn(j, t);
    if (n == PORTION) after = ids[n - 1];
  }
  j->is_done = !record.len;
  return note_portion(j, tx, &at, record, after, &sum, e) && (!j->is_done || note_done(j, tx, &mem, &at, &sum, e));
}

/* ---- all systems ---- */

static bool is_pending(const struct flow_system *s, struct store *session, struct arena *mem, bool *out_new,
                       bool *out_half, struct err *e) {
  struct sql_system_installed_get is = {0};
  struct sql_flow_upgrade_get at = {0};
  bool there = false, begun = false;
  TRY(sql_system_installed_get(session, mem, &(struct sql_system_installed_get_in){STORE_TENANT, s->name}, &is, &there,
                               e));
  TRY(sql_flow_upgrade_get(session, mem, &(struct sql_flow_upgrade_get_in){STORE_TENANT, s->name}, &at, &begun, e));
  *out_new = there && !str_eq(is.digest, s->digest);
  *out_half = begun && !at.done_us;
  return true;
}
struct rehearsal {
  const struct flow *flow;
  const struct flow_starter *starter;
  int64_t now_us;
  struct arena *mem; /* NULL: nobody asks what it would do */
  flow_upgrades *out;
  bool is_over;
  struct err why; /* it would not go */
};
static bool rehearse_system(struct rehearsal *r, const struct flow_system *s, struct store *tx, struct err *e) {
  AUTO_ARENA mem = {0};
  struct flow_upgraded counts = {.system = s};
  struct job j = {.flow = r->flow, .starter = r->starter, .system = s, .now_us = r->now_us, .mem = &mem};
  if (r->mem) j.counts = &counts, j.counts_mem = r->mem;
  while (!j.is_done) TRY(portion(tx, &j, e));
  counts.from = j.is_read ? j.plan.before.system->version.n : s->system->version.n;
  counts.to = s->system->version.n;
  if (r->mem) vec_push(r->mem, r->out) = counts;
  return true;
}
static bool rehearse_all(struct rehearsal *r, struct store *tx, struct err *e) {
  if (r->out) r->out->len = 0; /* the act may run again */
  TRY(flow_install(r->flow, tx, r->now_us, e));
  for (size_t i = 0; i < r->flow->systems.len; i++) TRY(rehearse_system(r, r->flow->systems.at[i], tx, e));
  return true;
}
/* All of it, and then nothing: it answers that it failed, and the store forgets what was done. An act that fails is run once more by the
 * store, to tell it from the others of its group: then what came of it is known. */
static bool rehearse(struct store *tx, void *arg, struct err *e) {
  struct rehearsal *r = arg;
  if (!r->is_over && !rehearse_all(r, tx, &r->why) && r->why.code == ERR_BUSY) {
    *e = r->why;
    r->why = (struct err){0};
    return false;
  }
  r->is_over = true;
  if (r->why.code) return *e = r->why, false;
  return fail(e, ERR_CONFLICT, MSG_flow_upgrade_rehearsed);
}
static bool rehearsed(struct rehearsal *r, struct store *store, struct err *e) {
  struct err given_up = {0};
  if (!store_write(store, rehearse, r, &given_up) && r->is_over && !r->why.code) return true;
  *e = r->is_over ? r->why : given_up;
  return false;
}
bool flow_rehearse(const struct flow *f, struct store *store, const struct flow_starter *starter, int64_t now_us,
                   struct arena *mem, flow_upgrades *out, struct err *e) {
  struct rehearsal r = {.flow = f, .starter = starter, .now_us = now_us, .mem = mem, .out = out};
  *out = (flow_upgrades){0};
  return rehearsed(&r, store, e);
}

struct installing {
  const struct flow *flow;
  int64_t now_us;
};
static bool install(struct store *tx, void *arg, struct err *e) {
  const struct installing *w = arg;
  return flow_install(w->flow, tx, w->now_us, e);
}
static bool what_is_pending(const struct flow *f, struct store *store, bool *out_new, struct err *e) {
  AUTO_ARENA mem = {0};
  AUTO_READ *r = store_read_begin(store, e);
  *out_new = false;
  if (!r) return false;
  for (size_t i = 0; i < f->systems.len; i++) {
    bool is_new = false, is_half = false;
    TRY(is_pending(f->systems.at[i], r, &mem, &is_new, &is_half, e));
    *out_new |= is_new && !is_half;
  }
  return true;
}
bool flow_take_over(const struct flow *f, struct store *store, const struct flow_starter *starter, int64_t now_us,
                    struct err *e) {
  struct rehearsal r = {.flow = f, .starter = starter, .now_us = now_us};
  struct installing w = {f, now_us};
  bool is_new = false;
  TRY(what_is_pending(f, store, &is_new, e) && (!is_new || rehearsed(&r, store, e)));
  TRY(store_write(store, install, &w, e));
  for (size_t i = 0; i < f->systems.len; i++) {
    AUTO_ARENA mem = {0};
    struct job j = {.flow = f, .starter = starter, .system = f->systems.at[i], .now_us = now_us, .mem = &mem};
    while (!j.is_done) TRY(store_write(store, portion, &j, e));
  }
  return true;
}

/* ---- how many ---- */

bool flow_upgrade_rows(struct store *session, struct arena *mem, const struct flow_record *r, struct str state,
                       int64_t *out, struct err *e) {
  struct sql_declared_made made = {0};
  AUTO_COMPOSE c = COMPOSE(mem);
  bool is_row = false;
  *out = 0;
  TRY(sql_declared_made(session, mem, &(struct sql_declared_made_in){STORE_TENANT, r->table}, &made, NULL, e));
  if (!made.n) return true;
  compose_z(&c, "SELECT count(*) FROM ");
  compose_name(&c, r->table);
  compose_z(&c, " WHERE \"tenant\" = ");
  (void)compose_str(&c, STORE_TENANT);
  if (state.len) compose_z(&c, " AND \"state\" = "), (void)compose_str(&c, state);
  struct store_stmt *s = compose_prepare(&c, session, 1, e);
  if (!s) return false;
  const bool ok = store_step(s, &is_row, e);
  if (ok && is_row) *out = store_column_int(s, 0);
  store_reset(s);
  return ok;
}
