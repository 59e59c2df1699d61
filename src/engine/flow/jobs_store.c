/* The scheduler's turn. The first row of the index of next moments is claimed by a conditional UPDATE in the transaction that does the
 * work: of several servers one changes it, and a crash before the commit leaves it as it was. */
#include "engine/flow/jobs.h"

#include "base/limits.h"
#include "declare/check.h"
#include "engine/flow/act.h"
#include "engine/flow/clocks.h"
#include "engine/flow/rounds.h"
#include "sql.h"
#include "store/store.h"
#include "texts.h"

enum { PASSED_OVER = 32 };

struct job {
  const struct flow *flow;
  const struct flow_starter *starter;
  const struct flow_record *record;
  const struct clock *said;
  struct str id;
  int level;
  int64_t at, until;           /* when it was due; when it is known */
  int64_t tries, again;        /* 0: for the first time; else it is tried again */
  const struct err *why;       /* it was refused: only noted */
  struct flow_silence silence; /* of a party of a round, instead of a level: due_us is not 0 */
  struct arena *mem;
  bool is_mine; /* nobody else was faster */
};

/* ---- claiming ---- */

static bool claim(struct job *j, struct store *session, struct err *e) {
  const struct str record = j->record->name, clock = j->said->head.name.text;
  int64_t changed = 0;
  if (j->tries)
    TRY(sql_flow_clock_failed_drop(
        session, &(struct sql_flow_clock_failed_drop_in){STORE_TENANT, record, j->id, clock, j->level, j->again},
        &changed, e));
  else
    TRY(sql_flow_clock_claim(
        session, &(struct sql_flow_clock_claim_in){STORE_TENANT, record, j->id, clock, j->at, j->level}, &changed, e));
  j->is_mine = changed == 1;
  return true;
}
/* The clock with the level marked; false in *out_asks: it no longer asks for it. */
static bool mark(struct job *j, struct flow_run *run, bool *out_asks, struct err *e) {
  struct flow_clock c;
  TRY(flow_clock_load(run, j->record, j->said, j->id, &c, e));
  const struct clock_ask a = flow_clock_ask(run, &c);
  const bool is_live = c.is.phase == CLOCK_RUNNING || c.is.phase == CLOCK_PAUSED;
  run->tell_us = flow_call_at(run->flow->calendar, c.is.limit, run->known_us);
  *out_asks = is_live;
  if (j->tries) {
    *out_asks = is_live && (j->level == CLOCK_PAUSES_END ? c.is.is_held : (c.is.fired >> j->level & 1) != 0);
    return true;
  }
  c.is.next_at = j->at;
  if (!clock_done(&a, &c.is)) c.is.next_at = CLOCK_NEVER;
  return flow_clock_save(run, &c, e);
}

/* ---- what a level does ---- */

static bool do_act(struct flow_run *run, struct job *j, struct str act, struct err *e) {
  struct flow_done done;
  const struct flow_ask ask = {.record = j->record, .act = act, .id = j->id, .is_confirmed = true};
  return !act.len || flow_act(run, &ask, &done, e);
}
static struct str level_text(const struct job *j) {
  return j->level < (int)j->said->levels.len ? j->said->levels.at[j->level].at.text : STR("pauses");
}
static bool do_effects(struct flow_run *run, struct job *j, struct flow_row *row, const effects *list, struct err *e) {
  struct flow_done done = {0};
  struct flow_step s = {.run = run, .about = {.self = row}, .from = row->state, .done = &done};
  s.about.before = flow_row_copy(run, row);
  s.touched = arena_new_n(run->mem, bool, row->record->fields.len);
  run->depth++; /* acts that it brings about wait until it is written */
  TRY(flow_effects(&s, list, e) && flow_settle_self(run, row, false, e) && flow_clocks(&s, e));
  TRY(flow_note_level(&s, j->said->head.name.text, level_text(j), STR(""), e) && flow_row_write(run, row, e));
  TRY(flow_settle_others(run, row, s.about.before, e) && flow_facts(&s, e) && flow_follow(&s, e));
  run->depth--;
  return flow_acts_later(run, e);
}
static bool do_level(struct flow_run *run, struct job *j, struct flow_row *row, const struct clock_level *l,
                     struct err *e) {
  const struct flow_about about = {.self = row, .before = row};
  bool holds = true;
  TRY(flow_holds(run, &about, &l->when, &holds, e));
  if (!holds) return true;
  return do_act(run, j, l->act.text, e) && (!l->does.len || do_effects(run, j, row, &l->does, e));
}
static bool do_job(struct flow_run *run, struct job *j, struct flow_row *row, struct err *e) {
  if (j->level == CLOCK_PAUSES_END) return do_act(run, j, j->said->pauses ? j->said->pauses->then.text : STR(""), e);
  if (j->level == CLOCK_TURNS_OVER) return flow_facts_touch(run, j->record, j->id, e);
  return j->level >= (int)j->said->levels.len || do_level(run, j, row, &j->said->levels.at[j->level], e);
}

/* ---- a level that was refused ---- */

static bool note_failure(struct flow_run *run, struct job *j, struct flow_row *row, struct err *e) {
  const int64_t wait = INT64_C(60) * SECOND_US << (j->tries < 11 ? j->tries : 11);
  const struct str says = err_says(run->mem, run->lang, j->why);
  struct flow_step s = {.run = run, .about = {.self = row, .before = row}, .from = row->state};
  s.touched = arena_new_n(run->mem, bool, row->record->fields.len);
  if (!j->tries) TRY(flow_note_level(&s, j->said->head.name.text, level_text(j), says, e));
  return sql_flow_clock_failed_insert(
      run->session,
      &(struct sql_flow_clock_failed_insert_in){.tenant = STORE_TENANT,
                                                .record = j->record->name,
                                                .id = j->id,
                                                .clock = j->said->head.name.text,
                                                .level = j->level,
                                                .moment = j->at,
                                                .tries = j->tries + 1,
                                                .again_us = j->until + (wait < DAY_US ? wait : DAY_US),
                                                .says = says},
      NULL, e);
}

/* ---- one job ---- */

static bool do_silence(struct flow_run *run, struct job *j, struct err *e) {
  if (!j->why) return flow_round_silent(run, &j->silence, &j->is_mine, e);
  return flow_round_put_off(run, &j->silence, j->until + DAY_US, err_says(run->mem, run->lang, j->why), &j->is_mine, e);
}
static bool act_job(struct store *session, void *arg, struct err *e) {
  struct job *j = arg;
  struct flow_row *row = NULL;
  bool asks = false;
  if (!j->silence.due_us) TRY(claim(j, session, e));
  if (!j->silence.due_us && !j->is_mine) return true;
  struct flow_run *run = j->starter->begin(j->starter->arg, session, j->mem, j->at);
  run->by = FLOW_BY_CLOCK;
  run->known_us = j->until;
  if (j->silence.due_us) return do_silence(run, j, e);
  TRY(flow_row(run, j->record, j->id, &row, e));
  if (!row) return true;
  if (run->now_us < row->changed) run->now_us = row->changed;
  TRY(mark(j, run, &asks, e));
  if (!asks) return true;
  return j->why ? note_failure(run, j, row, e) : do_job(run, j, row, e);
}
static bool is_of_store(const struct err *e) { return e->code == ERR_STORE || e->code == ERR_BUSY; }
static bool run_job(struct job *j, struct store *store, struct flow_jobs *out, struct err *e) {
  AUTO_ARENA mem = {0};
  struct err why = {0};
  j->mem = &mem;
  if (store_write(store, act_job, j, &why)) {
    out->done += j->is_mine;
    return true;
  }
  if (is_of_store(&why)) return *e = why, false;
  j->why = &why;
  TRY(store_write(store, act_job, j, e));
  out->failed += j->is_mine;
  return true;
}

/* ---- which is next ---- */

struct turn {
  const struct flow *flow;
  struct store *store;
  struct arena *mem;                 /* lives as long as the turn */
  struct sql_flow_clock_next behind; /* the last that was passed over: of a system that is not loaded */
};
static bool find_said(const struct flow *f, struct str record, struct str clock, struct job *out) {
  out->record = flow_record(f, record);
  out->said = out->record ? part_find(&out->record->record->clocks, clock) : NULL;
  return out->said != NULL;
}
static void pass_over(struct turn *t, const struct sql_flow_clock_next *x) {
  t->behind = (struct sql_flow_clock_next){.record = str_dup(t->mem, x->record),
                                           .id = str_dup(t->mem, x->id),
                                           .clock = str_dup(t->mem, x->clock),
                                           .next_us = x->next_us};
}
/* The first that is due, ever; *out_found false: none. */
static bool first_level(struct turn *t, struct store *session, struct arena *mem, struct job *out, bool *out_found,
                        struct err *e) {
  *out_found = false;
  for (struct sql_flow_clock_next_rows rows = {.len = PASSED_OVER}; rows.len == PASSED_OVER && !*out_found;) {
    const struct sql_flow_clock_next *b = &t->behind;
    rows = (struct sql_flow_clock_next_rows){0};
    TRY(sql_flow_clock_next(
        session, mem,
        &(struct sql_flow_clock_next_in){STORE_TENANT, b->next_us, b->record, b->id, b->clock, PASSED_OVER},
        PASSED_OVER, &rows, e));
    for (size_t i = 0; i < rows.len && !*out_found; i++) {
      const struct sql_flow_clock_next *x = &rows.at[i];
      *out_found = find_said(t->flow, x->record, x->clock, out);
      if (!*out_found) pass_over(t, x);
      out->id = x->id;
      out->level = (int)x->next_level;
      out->at = x->next_us;
    }
  }
  return true;
}
/* Of a clock or of a round; at the same moment the clock's. */
static bool first(struct turn *t, struct arena *mem, struct job *out, bool *out_found, struct err *e) {
  struct flow_silence s;
  AUTO_READ *session = store_read_begin(t->store, e);
  if (!session) return false;
  TRY(first_level(t, session, mem, out, out_found, e) && flow_round_next(t->flow, session, mem, &s, e));
  if (s.due_us == INT64_MAX || (*out_found && out->at <= s.due_us)) return true;
  *out_found = true;
  out->silence = s;
  out->at = s.due_us;
  return true;
}
static bool work_off(struct turn *t, const struct flow_starter *starter, int64_t until, struct flow_jobs *out,
                     struct err *e) {
  bool found = true;
  for (int n = 0; found; n++) {
    AUTO_ARENA mem = {0};
    struct job j = {.flow = t->flow, .starter = starter, .until = until};
    TRY(first(t, &mem, &j, &found, e));
    out->next_us = found ? j.at : INT64_MAX;
    if (!found || j.at > until) return true;
    out->is_more = n >= FLOW_JOBS_TURN_MAX;
    if (out->is_more) return true;
    TRY(run_job(&j, t->store, out, e));
  }
  return true;
}

/* ---- trying again ---- */

static bool failed_rows(struct store *session, struct arena *mem, size_t most,
                        struct sql_flow_clock_failed_next_rows *out, struct err *e) {
  return sql_flow_clock_failed_next(session, mem, &(struct sql_flow_clock_failed_next_in){STORE_TENANT, (int64_t)most},
                                    most, out, e);
}
static bool try_again(struct turn *t, const struct flow_starter *starter, int64_t until, struct flow_jobs *out,
                      struct err *e) {
  struct sql_flow_clock_failed_next_rows rows = {0};
  AUTO_READ *session = store_read_begin(t->store, e);
  if (!session) return false;
  TRY(failed_rows(session, t->mem, FLOW_JOBS_AGAIN_MAX, &rows, e));
  store_read_end(&session);
  vec_each(const struct sql_flow_clock_failed_next, x, &rows) {
    struct job j = {.flow = t->flow, .starter = starter, .id = x->id, .level = (int)x->level, .until = until};
    j.at = until;
    j.tries = x->tries;
    j.again = x->again_us;
    if (x->again_us > until) {
      if (x->again_us < out->next_us) out->next_us = x->again_us;
      break;
    }
    if (find_said(t->flow, x->record, x->clock, &j)) TRY(run_job(&j, t->store, out, e));
  }
  return true;
}
bool flow_jobs_run(const struct flow *f, struct store *store, const struct flow_starter *starter, int64_t until_us,
                   struct flow_jobs *out, struct err *e) {
  AUTO_ARENA mem = {0};
  struct turn t = {.flow = f, .store = store, .mem = &mem, .behind = {.next_us = INT64_MIN}};
  *out = (struct flow_jobs){.next_us = INT64_MAX};
  return work_off(&t, starter, until_us, out, e) && try_again(&t, starter, until_us, out, e);
}

bool flow_failed_levels(const struct flow *f, struct store *session, struct arena *mem, size_t most, flow_failures *out,
                        struct err *e) {
  struct sql_flow_clock_failed_next_rows rows = {0};
  TRY(failed_rows(session, mem, most, &rows, e));
  vec_each(const struct sql_flow_clock_failed_next, x, &rows) {
    struct job j = {.level = (int)x->level};
    const struct str level = find_said(f, x->record, x->clock, &j) ? level_text(&j) : STR("");
    vec_push(mem, out) =
        (struct flow_failed){x->record, x->id, x->clock, level, x->says, x->moment, x->again_us, x->tries};
  }
  return true;
}
