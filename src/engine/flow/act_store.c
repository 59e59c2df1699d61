/* One act, in the order that the language gives it: right, draft, guard, inputs, state and checks, clocks, effects, what follows in
 * computed fields, event. Whoever calls stands in store_write: when a step refuses, nothing has happened.
 *
 * A start act has no record yet that a right could be asked of: the draft is put into its table first and the same condition as for
 * every other act is asked of it there; when it does not hold, the row goes with the transaction. */
#include "base/clock.h"
#include "declare/check.h"
#include "engine/flow/act.h"
#include "engine/flow/message.h"
#include "engine/flow/rounds.h"
#include "texts.h"

enum { ACT_DEPTH_MAX = 6 };

static bool is_start(const struct act *a) { return words_have(&a->from, STR("start")); }
static const struct state *state_of(const struct flow_record *r, struct str name) {
  return part_find(&r->record->states, name);
}
static bool not_found(const struct flow_ask *ask, struct err *e) {
  return fail(e, ERR_NOT_FOUND, MSG_flow_no_record, "record", ask->record->record->label.text);
}
static bool forbidden(const struct act *a, struct err *e) {
  return fail(e, ERR_FORBIDDEN, MSG_flow_forbidden, "act", a->label.text);
}

/* ---- right ---- */

static bool may_do(struct flow_step *s, const struct flow_ask *ask, struct err *e) {
  static const enum who_kind itself[] = {
      [FLOW_BY_PUBLIC] = WHO_PUBLIC, [FLOW_BY_CLOCK] = WHO_CLOCK, [FLOW_BY_SYSTEM] = WHO_SYSTEM};
  struct flow_run *run = s->run;
  bool may = false, seen = false;
  if (run->by != FLOW_BY_PERSON) return act_has(s->act, itself[run->by]) || forbidden(s->act, e);
  TRY(run->host->may(run->host->arg, run, ask->record, s->about.self->id, ask->act, &may, &seen, e));
  if (!seen && ask->id.len) return not_found(ask, e);
  if (!may) return forbidden(s->act, e);
  return flow_excepted(s, e);
}
static bool is_possible(struct flow_step *s, const struct flow_ask *ask, struct err *e) {
  const struct flow_row *row = s->about.self;
  if (ask->rev && ask->rev != row->rev) return fail(e, ERR_CONFLICT, MSG_flow_conflict);
  if (!ask->id.len || words_have(&s->act->from, row->state)) return true;
  return fail(e, ERR_GUARD, MSG_flow_not_in_state, "act", s->act->label.text, "state",
              flow_state_label(ask->record, row->state));
}
static bool guard(struct flow_step *s, struct err *e) {
  bool holds = true;
  TRY(flow_holds(s->run, &s->about, &s->act->when, &holds, e));
  if (holds) return true;
  if (has_word(s->act->says)) return fail(e, ERR_GUARD, MSG_flow_says, "says", s->act->says.text);
  return fail(e, ERR_GUARD, MSG_flow_guard, "act", s->act->label.text);
}

/* ---- the draft ---- */

static bool begin(struct flow_step *s, const struct flow_ask *ask, struct err *e) {
  struct flow_run *run = s->run;
  s->act = part_find(&ask->record->record->acts, ask->act);
  if (!s->act || is_start(s->act) == (ask->id.len > 0)) return not_found(ask, e);
  if (run->depth > ACT_DEPTH_MAX) return fail(e, ERR_BUG, MSG_flow_depth, "limit", str_int(run->mem, ACT_DEPTH_MAX));
  if (!ask->id.len) {
    s->about.self = flow_row_new(run, ask->record);
    if (run->by == FLOW_BY_SYSTEM || run->by == FLOW_BY_CLOCK) s->about.self->creator = (struct str){0};
    return true;
  }
  TRY(flow_row(run, ask->record, ask->id, &s->about.self, e));
  return s->about.self != NULL || not_found(ask, e);
}
static bool draft(struct flow_step *s, const struct flow_ask *ask, struct err *e) {
  const struct state *state = state_of(ask->record, s->from);
  if (state && is_yes(state->frozen) && ask->input_count)
    return fail(e, ERR_FROZEN, MSG_flow_frozen, "state", state->label.text);
  return flow_fill_draft(s, ask, e) && flow_settle_self(s->run, s->about.self, !ask->id.len, e);
}
void flow_take_state(struct flow_step *s, struct str to) {
  struct flow_row *row = s->about.self;
  const struct state *state = state_of(row->record, to);
  const bool ends = state && is_yes(state->end);
  row->state = to;
  if (ends && !row->ended) row->ended_on = clock_today(s->run->now_us);
  if (!ends) row->ended_on = (struct date){0};
  row->ended = ends;
}
bool flow_deed_add(struct flow_step *s, struct err *e) {
  struct flow_run *run = s->run;
  flow_deeds *deeds;
  TRY(flow_deeds_of(run, s->about.self->record, s->about.self->id, &deeds, e));
  const bool by_person = run->by == FLOW_BY_PERSON;
  const int64_t n = flow_deed_next(deeds); /* before there is room for it */
  s->deed = deeds->len;
  vec_push(run->mem, deeds) = (struct flow_deed){.n = n,
                                                 .at_us = run->now_us,
                                                 .act = s->act->head.name.text,
                                                 .person = by_person ? run->person : STR(""),
                                                 .instead_of = by_person ? run->instead_of : STR(""),
                                                 .from = s->from};
  return true;
}
static bool choose_state(struct flow_step *s, const struct flow_ask *ask, struct err *e) {
  struct str to;
  flow_deeds *deeds;
  TRY(flow_deed_add(s, e) && flow_target(s, ask, &to, e));
  TRY(flow_deeds_of(s->run, ask->record, s->about.self->id, &deeds, e));
  deeds->at[s->deed].to = to;
  flow_take_state(s, to);
  return true;
}
static bool number(struct flow_step *s, struct err *e) {
  struct flow_row *row = s->about.self;
  const struct word pattern = row->record->record->number;
  row->lookup = flow_lookup_new(s->run->mem);
  return !has_word(pattern) || flow_number_next(s->run, row->record->name, pattern.text, &row->number, e);
}

/* ---- what it sets going ---- */

static bool enters(struct flow_step *s, struct err *e) {
  const struct flow_row *row = s->about.self;
  const struct state *state = state_of(row->record, row->state);
  return str_eq(s->from, row->state) || !state || flow_effects(s, &state->enter, e);
}
/* Papers that are made at this act. */
static bool papers(struct flow_step *s, struct err *e) {
  const struct flow_record *r = s->about.self->record;
  vec_each(const struct paper, p, &r->system->system->papers) {
    bool holds = true;
    if (!str_eq(p->of.text, r->record->head.name.text) || !words_have(&p->on, s->act->head.name.text)) continue;
    if (has_expr(&p->when)) TRY(flow_holds(s->run, &s->about, &p->when, &holds, e));
    if (holds) TRY(flow_paper(s, p->head.name.text, e));
  }
  return true;
}
/* A new one stands in its table already; what was worked out since has to go there too. */
static bool is_changed(const struct flow_row *row) {
  for (size_t i = 0; i < row->record->fields.len; i++)
    if (row->changed_field[i]) return true;
  return false;
}
static bool set_going(struct flow_step *s, const struct flow_ask *ask, struct err *e) {
  struct flow_row *row = s->about.self;
  TRY(flow_versions_keep(s, e));
  TRY(flow_clocks(s, e) && flow_effects(s, &s->act->does, e) && enters(s, e));
  TRY(flow_settle_self(s->run, row, false, e));
  TRY(flow_clocks(s, e)); /* an effect may have moved what a clock follows */
  TRY(flow_note(s, ask, e));
  if (s->about.before || is_changed(row)) TRY(flow_row_write(s->run, row, e));
  TRY(flow_settle_others(s->run, row, s->about.before, e) && flow_facts(s, e));
  if (row->ended) TRY(flow_rounds_off(s, e));
  return papers(s, e) && flow_messages_out(s, e) && flow_follow(s, e) && flow_tell_followers(s, e);
}
static bool perform(struct flow_step *s, const struct flow_ask *ask, struct err *e) {
  struct flow_row *row = s->about.self;
  if (ask->id.len) {
    TRY(may_do(s, ask, e) && is_possible(s, ask, e));
    s->about.before = flow_row_copy(s->run, row);
    s->from = row->state;
    TRY(draft(s, ask, e) && guard(s, e) && flow_asks_there(s, ask, e) && choose_state(s, ask, e));
  } else {
    TRY(draft(s, ask, e) && flow_asks_there(s, ask, e) && choose_state(s, ask, e) && number(s, e));
    TRY(flow_unique(s, e) && flow_row_write(s->run, row, e) && may_do(s, ask, e) && guard(s, e));
  }
  return flow_judge(s, ask->is_confirmed, e) && set_going(s, ask, e);
}
static bool act(struct flow_run *run, const struct flow_ask *ask, struct flow_done *out, struct err *e) {
  struct flow_step s = {.run = run, .done = out};
  TRY(begin(&s, ask, e));
  s.touched = arena_new_n(run->mem, bool, ask->record->fields.len);
  const bool ok = perform(&s, ask, e);
  const struct flow_row *row = s.about.self;
  if (!ok) return false;
  out->id = row->id;
  out->number = row->number;
  out->lookup = row->lookup;
  out->state = row->state;
  out->rev = row->rev;
  out->seq = s.seq;
  return true;
}
struct flow_later {
  struct flow_later *next;
  struct flow_ask ask;
};
bool flow_act_later(struct flow_run *run, const struct flow_record *r, struct str id, struct str act_name,
                    struct err *e) {
  struct flow_later **last = &run->later;
  while (*last) last = &(*last)->next;
  *last = arena_new(run->mem, struct flow_later);
  (*last)->ask = (struct flow_ask){.record = r, .id = id, .act = act_name};
  return r && id.len ? true : fail(e, ERR_BUG, MSG_flow_no_case, "act", act_name);
}
bool flow_acts_later(struct flow_run *run, struct err *e) {
  const enum flow_by by = run->by;
  bool ok = true;
  run->by = FLOW_BY_SYSTEM;
  while (ok && run->later && !run->depth) {
    struct flow_later *first = run->later;
    struct flow_done done;
    run->later = first->next;
    ok = flow_act(run, &first->ask, &done, e);
  }
  run->by = by;
  return ok;
}
bool flow_act(struct flow_run *run, const struct flow_ask *ask, struct flow_done *out, struct err *e) {
  struct eval_notes notes = {0}, *around = run->notes;
  bool replayed = false;
  *out = (struct flow_done){0};
  TRY(flow_replay(run, ask, out, &replayed, e));
  if (replayed) return true;
  run->notes = &notes;
  run->depth++;
  const bool ok = act(run, ask, out, e);
  run->depth--;
  run->notes = around;
  return ok && (run->depth || !run->later || flow_acts_later(run, e));
}

/* ---- what may be done now ---- */

bool flow_can_do(struct flow_run *run, const struct flow_record *r, struct flow_row *row, const struct act *a,
                 struct flow_can *out, struct err *e) {
  struct flow_step s = {.run = run, .act = a, .about = {.self = row, .before = row}};
  const struct flow_ask ask = {.record = r, .act = a->head.name.text, .id = row->id};
  struct value when = {0};
  struct err why = {0};
  bool ok = may_do(&s, &ask, &why) && is_possible(&s, &ask, &why);
  if (ok && a->when.tree) {
    TRY(flow_eval(run, &s.about, a->when.tree, NULL, &when, e));
    if (value_is_no(&when)) ok = guard(&s, &why); /* unknown: it may depend on what is still to be filled in */
  }
  if (!ok && why.code >= ERR_BUG) return *e = why, false;
  out->code = ok ? ERR_NONE : why.code;
  out->says = ok ? STR("") : err_says(run->mem, run->lang, &why);
  return true;
}
bool flow_can(struct flow_run *run, const struct flow_record *r, struct flow_row *row, flow_cans *out, struct err *e) {
  vec_each(const struct act, a, &r->record->acts) {
    if (is_start(a) || !act_by_person(a)) continue;
    struct flow_can one = {.act = a};
    TRY(flow_can_do(run, r, row, a, &one, e));
    vec_push(run->mem, out) = one;
  }
  return true;
}
