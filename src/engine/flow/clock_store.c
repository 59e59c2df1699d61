/* Clocks of records: what an act does to them, and what expressions and pages read of them. The arithmetic is clock.c; here stand
 * rows, the states that start and stop, and what the expressions of limits, ends and pauses come to. */
#include "engine/flow/clocks.h"

#include "base/must.h"
#include "declare/check.h"
#include "engine/flow/upgrade_plan.h"
#include "sql.h"
#include "store/store.h"
#include "texts.h"

/* ---- rows ---- */

static int64_t known(struct store_int n) { return n.has ? n.n : CLOCK_NEVER; }
static struct store_int maybe(int64_t n) {
  return (struct store_int){.has = n != CLOCK_NEVER, .n = n == CLOCK_NEVER ? 0 : n};
}
static bool beyond(const struct clock *said, struct err *e) {
  return fail(e, ERR_INVALID, MSG_flow_clock_beyond, "clock", said->label.text);
}
static bool run_of_row(const struct sql_flow_clock_get *row, struct clock_run *out) {
  *out = (struct clock_run){.phase = (enum clock_phase)row->phase,
                            .is_held = row->held != 0,
                            .is_late = row->late != 0,
                            .pauses = (int)row->pauses,
                            .fired = (unsigned)row->fired,
                            .next = (int)row->next_level,
                            .started = row->started_us,
                            .from = row->from_us,
                            .used = row->used_us,
                            .given = known(row->given_us),
                            .due = known(row->due_us),
                            .until = known(row->until_us),
                            .paused = row->paused_us,
                            .pauses_end = known(row->pauses_end_us),
                            .next_at = known(row->next_us)};
  return duration_parse(row->lasts, &out->limit);
}
bool flow_clock_load(struct flow_run *run, const struct flow_record *r, const struct clock *said, struct str id,
                     struct flow_clock *out, struct err *e) {
  const struct str name = said->head.name.text;
  struct sql_flow_clock_get row = {0};
  bool found = false;
  *out = (struct flow_clock){.said = said, .record = r->name, .id = id};
  if (!clock_rules_read(said, &out->rules)) return fail(e, ERR_BUG, MSG_flow_clock_beyond, "clock", said->label.text);
  TRY(sql_flow_clock_get(run->session, run->mem, &(struct sql_flow_clock_get_in){STORE_TENANT, r->name, id, name}, &row,
                         &found, e));
  if (found && !run_of_row(&row, &out->was))
    return fail(e, ERR_STORE, MSG_flow_clock_beyond, "clock", said->label.text);
  out->is = out->was;
  return true;
}
#define COLUMNS_OF(c, name, how_long)                                                                           \
  {                                                                                                             \
    .tenant = STORE_TENANT, .record = (c)->record, .id = (c)->id, .clock = (name), .phase = (c)->is.phase,      \
    .lasts = (how_long), .held = (c)->is.is_held, .late = (c)->is.is_late, .pauses = (c)->is.pauses,            \
    .fired = (c)->is.fired, .next_level = (c)->is.next, .started_us = (c)->is.started, .from_us = (c)->is.from, \
    .used_us = (c)->is.used, .given_us = maybe((c)->is.given), .due_us = maybe((c)->is.due),                    \
    .until_us = maybe((c)->is.until), .paused_us = (c)->is.paused, .pauses_end_us = maybe((c)->is.pauses_end),  \
    .next_us = maybe((c)->is.next_at)                                                                           \
  }
static bool is_same(const struct clock_run *a, const struct clock_run *b) {
  return a->phase == b->phase && a->is_held == b->is_held && a->is_late == b->is_late && a->pauses == b->pauses &&
         a->fired == b->fired && a->next == b->next && a->started == b->started && a->from == b->from &&
         a->used == b->used && a->given == b->given && a->due == b->due && a->until == b->until &&
         a->paused == b->paused && a->pauses_end == b->pauses_end && a->next_at == b->next_at &&
         a->limit.n == b->limit.n && a->limit.unit == b->limit.unit;
}
static bool forgets(const struct flow_clock *c) {
  if (c->was.phase == CLOCK_NOT_STARTED) return false;
  return c->is.phase == CLOCK_STOPPED || c->is.started != c->was.started || c->is.due != c->was.due;
}
bool flow_clock_save(struct flow_run *run, const struct flow_clock *c, struct err *e) {
  if (is_same(&c->was, &c->is)) return true;
  const struct str name = c->said->head.name.text;
  if (forgets(c))
    TRY(sql_flow_clock_failed_drop_all(
        run->session, &(struct sql_flow_clock_failed_drop_all_in){STORE_TENANT, c->record, c->id, name}, NULL, e));
  const struct str lasts = duration_text(run->mem, c->is.limit);
  if (c->was.phase == CLOCK_NOT_STARTED)
    return sql_flow_clock_insert(run->session, &(struct sql_flow_clock_insert_in)COLUMNS_OF(c, name, lasts), NULL, e);
  return sql_flow_clock_change(run->session, &(struct sql_flow_clock_change_in)COLUMNS_OF(c, name, lasts), NULL, e);
}
struct clock_ask flow_clock_ask(const struct flow_run *run, const struct flow_clock *c) {
  const bool was = c->is.phase != CLOCK_NOT_STARTED;
  return (struct clock_ask){run->flow->calendar, &c->rules, was && c->is.from > run->now_us ? c->is.from : run->now_us};
}

/* ---- acts ---- */

static bool is_live(const struct clock_run *x) { return x->phase == CLOCK_RUNNING || x->phase == CLOCK_PAUSED; }
static bool asked_goal(struct flow_step *s, const struct expr_word *x, struct clock_goal *out, struct err *e) {
  struct value v = {0};
  *out = (struct clock_goal){.until = CLOCK_NEVER};
  if (x->tree) TRY(flow_eval(s->run, &s->about, x->tree, s->run->notes, &v, e));
  if (v.kind == VALUE_DURATION) *out = clock_goal_limit(v.duration);
  if (v.kind == VALUE_DATE) *out = clock_goal_day(v.date);
  if (v.kind == VALUE_MOMENT) *out = clock_goal_moment(v.moment);
  return true;
}
/* A limit that was settled is not asked for again. */
static bool goal_of(struct flow_step *s, const struct flow_clock *c, struct clock_goal *out, struct err *e) {
  const struct clock *k = c->said;
  const struct expr_word *x = has_expr(&k->until) ? &k->until : &k->limit;
  const bool is_settled = c->is.due != CLOCK_NEVER && c->is.started != s->run->now_us;
  *out = clock_goal_limit(c->is.limit);
  return (is_live(&c->is) && is_settled && x == &k->limit) || asked_goal(s, x, out, e);
}
static bool wish_of(struct flow_step *s, const struct clock *k, bool *out, struct err *e) {
  const struct clock_pauses *p = k->pauses;
  *out = p && words_have(&p->in, s->about.self->state);
  if (!p || *out || !has_expr(&p->while_)) return true;
  return flow_holds(s->run, &s->about, &p->while_, out, e);
}
/* A state that ends the record stops a clock that it does not start. */
static bool see_to(struct flow_step *s, struct flow_clock *c, struct err *e) {
  const struct flow_row *row = s->about.self;
  const bool entered = !str_eq(s->from, row->state), starts = entered && words_have(&c->said->starts, row->state);
  const bool stops = entered && !starts && (row->ended || words_have(&c->said->stops, row->state));
  const struct clock_ask a = flow_clock_ask(s->run, c);
  struct clock_goal goal;
  bool wish = false;
  if (!is_live(&c->is) && !starts) return true;
  if (stops) return clock_stop(&a, &c->is) || beyond(c->said, e);
  TRY(goal_of(s, c, &goal, e) && wish_of(s, c->said, &wish, e));
  if (starts && !clock_start(&a, &goal, &c->is)) return beyond(c->said, e);
  return (clock_hold(&a, wish, &c->is) && clock_follow(&a, &goal, &c->is)) || beyond(c->said, e);
}
bool flow_clocks(struct flow_step *s, struct err *e) {
  const struct flow_row *row = s->about.self;
  vec_each(const struct clock, k, &row->record->record->clocks) {
    struct flow_clock c;
    TRY(flow_clock_load(s->run, row->record, k, row->id, &c, e) && see_to(s, &c, e) && flow_clock_save(s->run, &c, e));
  }
  return true;
}
static bool is_following(const struct clock *k) {
  return has_expr(&k->until) || (k->pauses && has_expr(&k->pauses->while_));
}
bool flow_clocks_follow(struct flow_run *run, struct flow_row *row, struct err *e) {
  struct flow_step s = {.run = run, .about.self = row, .from = row->state};
  vec_each(const struct clock, k, &row->record->record->clocks) {
    struct flow_clock c;
    if (!is_following(k)) continue;
    TRY(flow_clock_load(run, row->record, k, row->id, &c, e) && see_to(&s, &c, e) && flow_clock_save(run, &c, e));
  }
  return true;
}
bool flow_clocks_end(struct flow_run *run, const struct flow_row *row, struct err *e) {
  vec_each(const struct clock, k, &row->record->record->clocks) {
    struct flow_clock c;
    TRY(flow_clock_load(run, row->record, k, row->id, &c, e));
    const struct clock_ask a = flow_clock_ask(run, &c);
    if (is_live(&c.is) && !clock_stop(&a, &c.is)) return beyond(k, e);
    TRY(flow_clock_save(run, &c, e));
  }
  return true;
}
static bool extend(struct flow_step *s, const struct effect_extend *x, struct flow_clock *c, struct err *e) {
  const struct expr_word *said = has_expr(&x->to) ? &x->to : &x->by;
  const struct clock_ask a = flow_clock_ask(s->run, c);
  struct value v = {0};
  bool ok = false;
  if (c->is.phase == CLOCK_NOT_STARTED || c->is.due == CLOCK_NEVER)
    return fail(e, ERR_GUARD, MSG_flow_clock_not_started, "clock", c->said->label.text);
  if (said->tree) TRY(flow_eval(s->run, &s->about, said->tree, s->run->notes, &v, e));
  switch (v.kind) {
    case VALUE_DURATION: ok = clock_extend_by(&a, v.duration, &c->is); break;
    case VALUE_DATE: ok = clock_extend_to(&a, clock_day_end(v.date), &c->is); break;
    case VALUE_MOMENT: ok = clock_extend_to(&a, v.moment, &c->is); break;
    default: return fail(e, ERR_INVALID, MSG_flow_clock_to_none, "clock", c->said->label.text);
  }
  return ok || beyond(c->said, e);
}
bool flow_clock_extend(struct flow_step *s, const struct effect_extend *x, struct err *e) {
  const struct flow_row *row = s->about.self;
  const struct clock *k = part_find(&row->record->record->clocks, x->clock.text);
  struct flow_clock c;
  if (!k) return fail(e, ERR_BUG, MSG_flow_clock_not_started, "clock", x->clock.text);
  return flow_clock_load(s->run, row->record, k, row->id, &c, e) && extend(s, x, &c, e) &&
         flow_clock_save(s->run, &c, e);
}

/* ---- another version of the declaration ---- */

/* What was refused is to fire again under the new rules, at once: its level is known by a number of the old ones. */
static bool take_back_failed(struct flow_run *run, struct flow_clock *c, struct err *e) {
  const struct str name = c->said->head.name.text;
  struct sql_flow_clock_failed_levels_rows rows = {0};
  TRY(sql_flow_clock_failed_levels(run->session, run->mem,
                                   &(struct sql_flow_clock_failed_levels_in){STORE_TENANT, c->record, c->id, name},
                                   SIZE_MAX, &rows, e));
  vec_each(const struct sql_flow_clock_failed_levels, x, &rows)
    if (x->level < CLOCK_LEVELS_MAX) c->is.fired &= ~(1u << x->level);
  return !rows.len ||
         sql_flow_clock_failed_drop_all(
             run->session, &(struct sql_flow_clock_failed_drop_all_in){STORE_TENANT, c->record, c->id, name}, NULL, e);
}
static bool renew(struct flow_step *s, const struct clock *k, const struct clock *was, struct err *e) {
  const struct flow_row *row = s->about.self;
  struct clock_rules before = {0};
  struct flow_clock c;
  TRY(flow_clock_load(s->run, row->record, k, row->id, &c, e));
  if (!is_live(&c.is)) return true;
  if (was && !clock_rules_read(was, &before)) return beyond(k, e);
  const struct clock_ask a = flow_clock_ask(s->run, &c);
  TRY(take_back_failed(s->run, &c, e));
  return (clock_renew(&a, &before, &c.is) || beyond(k, e)) && flow_clock_save(s->run, &c, e);
}
bool flow_clocks_anew(struct flow_step *s, const struct flow_turn *t, struct err *e) {
  for (size_t i = 0; i < t->clocks.len; i++) {
    const struct clock *k = part_find(&t->now->record->clocks, t->clocks.at[i]);
    if (k) TRY(renew(s, k, part_find(&t->was->clocks, t->clocks.at[i]), e));
  }
  return true;
}
bool flow_clocks_recomputed(struct flow_step *s, const struct flow_turn *t, struct err *e) {
  const struct flow_row *row = s->about.self;
  for (size_t i = 0; t->told && i < t->told->recompute.len; i++) {
    const struct clock *k = part_find(&t->now->record->clocks, t->told->recompute.at[i].name);
    struct clock_goal goal;
    struct flow_clock c;
    must(k);
    TRY(flow_clock_load(s->run, row->record, k, row->id, &c, e));
    if (!is_live(&c.is)) continue;
    const struct clock_ask a = flow_clock_ask(s->run, &c);
    TRY(asked_goal(s, has_expr(&k->until) ? &k->until : &k->limit, &goal, e));
    TRY((clock_settle(&a, &goal, &c.is) || beyond(k, e)) && flow_clock_save(s->run, &c, e));
  }
  return true;
}
bool flow_clock_dues(struct flow_run *run, const struct flow_record *r, struct str id, int64_t *out, struct err *e) {
  for (size_t i = 0; i < r->record->clocks.len; i++) {
    struct flow_clock c;
    TRY(flow_clock_load(run, r, &r->record->clocks.at[i], id, &c, e));
    out[i] = is_live(&c.is) ? c.is.due : CLOCK_NEVER;
  }
  return true;
}

/* ---- reading ---- */

bool flow_clock_read(struct flow_run *run, const struct flow_record *r, struct str id, const struct clock *said,
                     struct clock_reading *out, struct err *e) {
  struct flow_clock c;
  TRY(flow_clock_load(run, r, said, id, &c, e));
  const struct clock_ask a = flow_clock_ask(run, &c);
  return clock_read(&a, &c.is, out) || beyond(said, e);
}
bool flow_clock_ladder(struct flow_run *run, const struct flow_record *r, struct str id, const struct clock *said,
                       flow_ladder *out, struct err *e) {
  struct flow_clock c;
  TRY(flow_clock_load(run, r, said, id, &c, e));
  const struct clock_ask a = flow_clock_ask(run, &c);
  for (size_t i = 0; c.is.phase == CLOCK_RUNNING && i < said->levels.len; i++) {
    struct flow_rung one = {&said->levels.at[i], 0};
    if (!clock_level_at(&a, &c.is, i, &one.at_us)) continue;
    size_t k = out->len;
    vec_push(run->mem, out) = one;
    for (; k > 0 && out->at[k - 1].at_us > one.at_us; k--) out->at[k] = out->at[k - 1];
    out->at[k] = one;
  }
  return true;
}
void flow_clock_part(const struct clock_reading *x, struct str name, struct value *out) {
  const bool has_due = x->due != CLOCK_NEVER;
  *out = value_none(NONE_missing);
  if (str_eqz(name, "due") && has_due) *out = value_moment(x->due);
  else if (str_eqz(name, "left") && has_due) *out = value_duration(x->left);
  else if (str_eqz(name, "used") && x->is_started) *out = value_duration(x->used);
  else if (str_eqz(name, "over")) *out = value_flag(x->is_over);
  else if (str_eqz(name, "paused")) *out = value_flag(x->is_paused);
  else if (str_eqz(name, "running")) *out = value_flag(x->is_running);
}
bool flow_clock_field(struct flow_run *run, const struct flow_thing *clock, struct str name, struct value *out,
                      struct err *e) {
  const struct clock *k = part_find(&clock->record->record->clocks, clock->id);
  struct clock_reading x;
  if (!k || !clock->of) return fail(e, ERR_BUG, MSG_flow_clock_not_started, "clock", clock->id);
  TRY(flow_clock_read(run, clock->record, clock->of->id, k, &x, e));
  flow_clock_part(&x, name, out);
  return true;
}
