/* A round is opened by an effect, its parties settled then. After each answer, each silence and each party added it is judged: failed at
 * once when `fails` says so, done when `done` holds, failed when nobody is left to ask. Then its act is done by the system. */
#include "base/clock.h"
#include "declare/check.h"
#include "engine/flow/act.h"
#include "engine/flow/clock.h"
#include "engine/flow/env.h"
#include "engine/flow/round_parts.h"
#include "engine/flow/sealed.h"
#include "sql.h"
#include "store/event.h"
#include "store/store.h"
#include "texts.h"

static const char *const party_words[] = {"waiting", "asked", "deputy", "answered", "silent"};

const struct flow_asking *flow_asking_of(const struct flow_record *r, struct str name) {
  vec_each(const struct flow_asking, a, &r->rounds)
    if (str_eq(flow_asking_name(a), name)) return a;
  return NULL;
}

/* ---- reading ---- */

static bool read_sealed(struct flow_run *run, const struct flow_record *r, struct str id,
                        const struct flow_round *round, struct flow_party *p, struct err *e) {
  const struct flow_asking *a = round->asking;
  for (size_t i = 0; i < a->count; i++) {
    struct str said;
    if (a->fields[i].place != FLOW_SEALED) continue;
    const struct str name =
        flow_answer_cell(run->mem, flow_asking_name(a), round->n, p->id, p->version, a->fields[i].name);
    TRY(flow_cell_read(run, r, id, name, &said, e));
    if (said.len) p->fields[i] = flow_words_value(run, &a->fields[i], said);
  }
  return true;
}
static bool read_answers(struct flow_run *run, const struct flow_record *r, struct str id, struct flow_round *round,
                         struct err *e) {
  struct sql_flow_answer_list_rows rows = {0};
  const struct flow_asking *a = round->asking;
  TRY(sql_flow_answer_list(run->session, run->mem,
                           &(struct sql_flow_answer_list_in){STORE_TENANT, r->name, id, flow_asking_name(a), round->n},
                           SIZE_MAX, &rows, e));
  vec_each(struct flow_party, p, &round->parties) {
    if (!p->version) continue;
    p->fields = arena_new_n(run->mem, struct value, a->count);
    TRY(read_sealed(run, r, id, round, p, e));
    vec_each(const struct sql_flow_answer_list, x, &rows)
      for (size_t i = 0; str_eq(x->party, p->id) && i < a->count; i++)
        if (str_eq(a->fields[i].name, x->field)) p->fields[i] = flow_words_value(run, &a->fields[i], x->value);
  }
  return true;
}
static bool read_parties(struct flow_run *run, const struct flow_record *r, struct str id, struct flow_round *round,
                         struct err *e) {
  struct sql_flow_party_list_rows rows = {0};
  TRY(sql_flow_party_list(
      run->session, run->mem,
      &(struct sql_flow_party_list_in){STORE_TENANT, r->name, id, flow_asking_name(round->asking), round->n}, SIZE_MAX,
      &rows, e));
  vec_each(const struct sql_flow_party_list, x, &rows) {
    struct flow_party *p = &vec_push(run->mem, &round->parties);
    *p = (struct flow_party){.id = x->party,
                             .is_unit = x->is_unit != 0,
                             .place = x->place,
                             .due_us = x->due_us,
                             .person = x->person,
                             .answered_us = x->answered_us,
                             .version = x->version,
                             .added_by = x->added_by};
    while (p->state < PARTY_SILENT && !str_eqz(x->state, party_words[p->state])) p->state++;
  }
  return read_answers(run, r, id, round, e);
}
bool flow_rounds_of(struct flow_run *run, const struct flow_record *r, struct str id, flow_rounds *out, struct err *e) {
  struct sql_flow_round_list_rows rows = {0};
  TRY(sql_flow_round_list(run->session, run->mem, &(struct sql_flow_round_list_in){STORE_TENANT, r->name, id}, SIZE_MAX,
                          &rows, e));
  vec_each(const struct sql_flow_round_list, x, &rows) {
    const struct flow_asking *a = flow_asking_of(r, x->round);
    if (!a) continue; /* of an earlier version */
    struct flow_round round = {a, x->n, x->opened_us, x->closed_us, x->outcome, {0}};
    TRY(read_parties(run, r, id, &round, e));
    vec_push(run->mem, out) = round;
  }
  return true;
}
bool flow_round_newest(struct flow_run *run, const struct flow_record *r, struct str id, const struct flow_asking *a,
                       struct flow_round *out, struct err *e) {
  struct sql_flow_round_last last = {0};
  bool found = false;
  *out = (struct flow_round){.asking = a, .outcome = STR("")};
  TRY(sql_flow_round_last(run->session, run->mem,
                          &(struct sql_flow_round_last_in){STORE_TENANT, r->name, id, flow_asking_name(a)}, &last,
                          &found, e));
  if (!found) return true;
  out->n = last.n;
  out->opened_us = last.opened_us;
  out->closed_us = last.closed_us;
  out->outcome = last.outcome;
  return read_parties(run, r, id, out, e);
}

/* ---- what expressions see ---- */

static struct value party_value(struct flow_run *run, const struct flow_party *p) {
  return flow_thing_value(flow_thing(run, p->is_unit ? FLOW_UNIT : FLOW_PERSON, NULL, p->id));
}
static struct value answer_value(struct flow_run *run, const struct flow_asking *a, const struct flow_party *p) {
  struct flow_thing *t = flow_thing(run, FLOW_VALUES, NULL, p->id);
  struct str *names = arena_new_n(run->mem, struct str, a->count + 2);
  t->values = arena_new_n(run->mem, struct value, a->count + 2);
  t->names = names;
  t->value_count = a->count + 2;
  names[0] = STR("party");
  t->values[0] = party_value(run, p);
  names[1] = STR("at");
  t->values[1] = value_moment(p->answered_us);
  for (size_t i = 0; i < a->count; i++) {
    names[i + 2] = a->fields[i].name;
    t->values[i + 2] = p->fields[i];
  }
  return flow_thing_value(t);
}
static struct value parties_value(struct flow_run *run, const struct flow_round *round, bool answered) {
  VEC(struct value) all = {0};
  vec_each(const struct flow_party, p, &round->parties) {
    if (answered && p->fields) vec_push(run->mem, &all) = answer_value(run, round->asking, p);
    else if (!answered && p->state != PARTY_ANSWERED) vec_push(run->mem, &all) = party_value(run, p);
  }
  return value_set(all.at, all.len);
}
bool flow_round_field(struct flow_run *run, const struct flow_thing *t, struct str name, struct value *out,
                      struct err *e) {
  const struct flow_asking *a = flow_asking_of(t->record, t->id);
  struct flow_round round;
  *out = str_eqz(name, "open") ? value_flag(false) : value_set(NULL, 0);
  if (!a || !t->of) return true;
  TRY(flow_round_newest(run, t->record, t->of->id, a, &round, e));
  if (str_eqz(name, "open")) *out = value_flag(round.n && !round.closed_us);
  else *out = parties_value(run, &round, str_eqz(name, "answers"));
  return true;
}

/* ---- writing ---- */

bool flow_party_write(struct flow_run *run, const struct flow_round_at *at, const struct flow_party *p, struct err *e) {
  return sql_flow_party_change(run->session,
                               &(struct sql_flow_party_change_in){.tenant = STORE_TENANT,
                                                                  .record = at->record->name,
                                                                  .id = at->id,
                                                                  .round = flow_asking_name(at->asking),
                                                                  .n = at->n,
                                                                  .party = p->id,
                                                                  .place = p->place,
                                                                  .state = str_of(party_words[p->state]),
                                                                  .due_us = p->due_us,
                                                                  .person = p->person,
                                                                  .answered_us = p->answered_us,
                                                                  .version = p->version},
                               NULL, e);
}
static struct str party_role(struct flow_run *run, const struct flow_round_at *at, const struct flow_party *p) {
  if (!p->is_unit) return STR("");
  return str_fmt(run->mem, STRF "." STRF, STRA(at->record->system->name), STRA(at->asking->round->as.text));
}
/* From now on the party sees the record (rights: asked). */
static bool open_sight(struct flow_run *run, const struct flow_round_at *at, const struct flow_party *p,
                       struct err *e) {
  struct sql_round_party_get is = {0};
  const struct str role = party_role(run, at, p);
  bool found = false;
  TRY(sql_round_party_get(run->session, run->mem,
                          &(struct sql_round_party_get_in){STORE_TENANT, at->record->name, role, p->id, at->id}, &is,
                          &found, e));
  return found ||
         sql_round_party_insert(
             run->session, &(struct sql_round_party_insert_in){STORE_TENANT, at->record->name, role, p->id, at->id},
             NULL, e);
}
bool flow_round_limit(struct flow_run *run, const struct flow_round_at *at, struct flow_row *row, struct value *out,
                      struct err *e) {
  const struct flow_about about = {.self = row};
  const struct round *round = at->asking->round;
  *out = (struct value){0};
  return !round->limit.tree || flow_eval(run, &about, round->limit.tree, run->notes, out, e);
}
static bool due_of(struct flow_run *run, const struct flow_round_at *at, struct flow_row *row, int64_t *out,
                   struct err *e) {
  struct value limit;
  *out = 0;
  TRY(flow_round_limit(run, at, row, &limit, e));
  if (limit.kind != VALUE_DURATION) return true;
  return calendar_due(run->flow->calendar, run->now_us, limit.duration, out) ||
         fail(e, ERR_INVALID, MSG_flow_number, "name", STR("limit"));
}
bool flow_party_persons(struct flow_run *run, const struct flow_round_at *at, const struct flow_party *p,
                        struct value *out, struct err *e) {
  if (p->is_unit) return flow_holders(run, party_role(run, at, p), FLOW_AT, p->id, out, e);
  const struct value one = party_value(run, p);
  struct value *set = arena_new(run->mem, struct value);
  *set = one;
  *out = value_set(set, 1);
  return true;
}
static bool tell_party(struct flow_run *run, const struct flow_round_at *at, struct flow_row *row,
                       const struct value *persons, struct err *e) {
  const struct str link = str_fmt(run->mem, "/s/" STRF "/" STRF "/" STRF, STRA(at->record->system->name),
                                  STRA(at->record->record->head.name.text), STRA(at->id));
  const struct msg_arg args[] = {
      {"record", at->record->record->label.text}, {"number", row->number}, {"round", at->asking->round->label.text}};
  const struct str text = msg_text(run->mem, run->lang, MSG_flow_round_asked, args, COUNT_OF(args));
  for (size_t i = 0; i < persons->set.len; i++)
    TRY(run->host->notify(run->host->arg, run, flow_thing_of(&persons->set.at[i])->id, text, link, e));
  return true;
}
bool flow_party_ask(struct flow_run *run, const struct flow_round_at *at, struct flow_row *row, struct flow_party *p,
                    const struct value *persons, struct err *e) {
  TRY(due_of(run, at, row, &p->due_us, e) && flow_party_write(run, at, p, e));
  return tell_party(run, at, row, persons, e);
}
static bool ask_party(struct flow_run *run, const struct flow_round_at *at, struct flow_row *row, struct flow_party *p,
                      struct err *e) {
  struct value persons;
  p->state = PARTY_ASKED;
  TRY(flow_party_persons(run, at, p, &persons, e) && open_sight(run, at, p, e));
  return flow_party_ask(run, at, row, p, &persons, e);
}
static void note_answer(struct flow_run *run, const struct flow_round_at *at, const struct flow_party *p,
                        struct event *ev) {
  for (size_t i = 0; i < at->asking->count; i++) {
    const struct flow_field *f = &at->asking->fields[i];
    const struct str text = flow_value_words(run, f, &p->fields[i]);
    if (f->class < CLASS_sensitive) event_add(ev, f->name, text);
    else event_add_sealed(ev, flow_compartment(at->record), f->name, text);
  }
}
bool flow_round_note(struct flow_run *run, const struct flow_round_at *at, const char *act, struct str party,
                     const struct flow_party *answered, struct str said, struct err *e) {
  static const char *const by[] = {"", "public", "clock", "system"};
  struct event *ev = arena_new(run->mem, struct event);
  const struct str today = flow_today(run), known = date_iso(run->mem, clock_today(run->known_us));
  int64_t seq;
  *ev = (struct event){.at_us = run->known_us,
                       .valid = str_eq(today, known) ? STR("") : today,
                       .actor = run->actor.len ? run->actor : str_of(by[run->by]),
                       .record = at->record->name,
                       .id = at->id,
                       .act = str_of(act)};
  event_add(ev, STR("round"), flow_asking_name(at->asking));
  event_add(ev, STR("opening"), str_int(run->mem, at->n));
  event_add(ev, STR("party"), party);
  event_add(ev, STR("person"), run->person);
  if (run->instead_of.len) event_add(ev, STR("instead_of"), run->instead_of);
  event_add(ev, STR("says"), said);
  if (answered && !is_yes(at->asking->round->blind)) note_answer(run, at, answered, ev);
  return event_append(run->session, run->mem, ev, &seq, e);
}

/* ---- judging ---- */

static size_t count_of(const struct flow_round *round, int state) {
  size_t n = 0;
  vec_each(const struct flow_party, p, &round->parties) n += (int)p->state == state;
  return n;
}
/* done: all, any, at_least(n), or a condition over the answers. Where silence passes, whoever kept silent has no objection, and counts. */
static bool is_done(struct flow_run *run, const struct flow_about *about, const struct flow_round *round, bool *out,
                    struct err *e) {
  const struct expr *x = round->asking->round->done.tree;
  const bool passes = round->asking->round->silent.which == SILENT_pass;
  const size_t came = count_of(round, PARTY_ANSWERED) + (passes ? count_of(round, PARTY_SILENT) : 0);
  *out = came == round->parties.len;
  if (!x || (x->kind == EXPR_NAME && str_eqz(x->text, "all"))) return true;
  if (x->kind == EXPR_NAME && str_eqz(x->text, "any")) {
    *out = came > 0;
  } else if (x->kind == EXPR_CALL && !x->a && str_eqz(x->text, "at_least")) {
    int64_t least = 0;
    if (x->args.len == 1) least = (int64_t)ratio_of_dec(x->args.at[0]->number).n;
    *out = (int64_t)came >= least;
  } else {
    return flow_holds(run, about, &round->asking->round->done, out, e);
  }
  return true;
}
static struct sql_flow_party_rest_in rest_of(const struct flow_round_at *at) {
  return (struct sql_flow_party_rest_in){STORE_TENANT, at->record->name, at->id, flow_asking_name(at->asking), at->n};
}
/* From now on nobody's time runs. */
static bool close(struct flow_run *run, const struct flow_round_at *at, const char *outcome, struct word act,
                  struct err *e) {
  const struct sql_flow_party_rest_in rest = rest_of(at);
  TRY(sql_flow_round_close(
      run->session,
      &(struct sql_flow_round_close_in){STORE_TENANT, at->record->name, at->id, flow_asking_name(at->asking), at->n,
                                        run->now_us, str_of(outcome)},
      NULL, e));
  TRY(sql_flow_party_rest(run->session, &rest, NULL, e));
  TRY(flow_round_note(run, at, outcome, STR(""), NULL, STR(""), e));
  return !has_word(act) || flow_act_later(run, at->record, at->id, act.text, e);
}
static bool is_over(const struct flow_party *p) { return p->state >= PARTY_ANSWERED; }
static bool is_asked(const struct flow_party *p) { return p->state == PARTY_ASKED || p->state == PARTY_DEPUTY; }
/* One by one: nobody before it is still to answer. Together: nobody who was added before it. */
static bool has_turn(const struct flow_round *round, const struct flow_party *p) {
  const bool in_turn = round->asking->round->order.which == ORDER_one_by_one;
  vec_each(const struct flow_party, q, &round->parties)
    if (!is_over(q) && (in_turn ? q->place < p->place : q->place == p->place - 1)) return false;
  return true;
}
static bool ask_next(struct flow_run *run, const struct flow_round_at *at, struct flow_row *row,
                     struct flow_round *round, struct err *e) {
  vec_each(struct flow_party, p, &round->parties)
    if (p->state == PARTY_WAITING && has_turn(round, p)) TRY(ask_party(run, at, row, p, e));
  return true;
}
static bool is_anybody_asked(const struct flow_round *round) {
  vec_each(const struct flow_party, p, &round->parties)
    if (is_asked(p)) return true;
  return false;
}
bool flow_round_judge(struct flow_run *run, const struct flow_round_at *at, struct flow_row *row, struct err *e) {
  const struct round *said = at->asking->round;
  struct flow_thing *t = flow_thing_at(run, FLOW_ROUND, flow_thing_row(run, row), flow_asking_name(at->asking));
  const struct flow_about about = {.self = row, .answers = t};
  struct flow_round round;
  bool fails = false, done = false;
  TRY(flow_round_newest(run, at->record, at->id, at->asking, &round, e));
  if (has_expr(&said->fails)) TRY(flow_holds(run, &about, &said->fails, &fails, e));
  if (fails) return close(run, at, "failed", said->else_, e);
  TRY(is_done(run, &about, &round, &done, e));
  if (done) return close(run, at, "done", said->then, e);
  TRY(ask_next(run, at, row, &round, e));
  return is_anybody_asked(&round) || close(run, at, "failed", said->else_, e);
}

/* ---- opening ---- */

bool flow_party_insert(struct flow_run *run, const struct flow_round_at *at, const struct flow_party *p,
                       struct err *e) {
  return sql_flow_party_insert(run->session,
                               &(struct sql_flow_party_insert_in){.tenant = STORE_TENANT,
                                                                  .record = at->record->name,
                                                                  .id = at->id,
                                                                  .round = flow_asking_name(at->asking),
                                                                  .n = at->n,
                                                                  .party = p->id,
                                                                  .is_unit = p->is_unit,
                                                                  .place = p->place,
                                                                  .state = str_of(party_words[p->state]),
                                                                  .added_by = p->added_by},
                               NULL, e);
}
static bool is_there(const struct value *all, size_t n, const struct flow_thing *t) {
  for (size_t i = 0; i < n; i++)
    if (all[i].kind == VALUE_THING && str_eq(flow_thing_of(&all[i])->id, t->id)) return true;
  return false;
}
static bool open_parties(struct flow_run *run, const struct flow_round_at *at, const struct value *asks,
                         struct err *e) {
  const struct value *all = asks->kind == VALUE_SET ? asks->set.at : asks;
  const size_t n = asks->kind == VALUE_SET ? asks->set.len : !value_is_none(asks);
  for (size_t i = 0; i < n; i++) {
    const struct flow_thing *t = all[i].kind == VALUE_THING ? flow_thing_of(&all[i]) : NULL;
    if (!t || (t->kind != FLOW_UNIT && t->kind != FLOW_PERSON) || is_there(all, i, t)) continue;
    const struct flow_party p = {.id = t->id, .is_unit = t->kind == FLOW_UNIT, .place = (int64_t)(i + 1) * 100};
    TRY(flow_party_insert(run, at, &p, e));
  }
  return true;
}
bool flow_round_open(struct flow_step *s, struct str name, struct err *e) {
  struct flow_run *run = s->run;
  struct flow_row *row = s->about.self;
  const struct flow_asking *a = flow_asking_of(row->record, name);
  struct flow_round last;
  struct value asks = {0};
  if (!a) return true;
  TRY(flow_round_newest(run, row->record, row->id, a, &last, e));
  if (last.n && !last.closed_us) return true; /* it is open already */
  const struct flow_round_at at = {row->record, row->id, a, last.n + 1};
  if (a->round->asks.tree) TRY(flow_eval(run, &s->about, a->round->asks.tree, run->notes, &asks, e));
  TRY(sql_flow_round_insert(
      run->session,
      &(struct sql_flow_round_insert_in){STORE_TENANT, row->record->name, row->id, name, at.n, run->now_us}, NULL, e));
  TRY(flow_round_note(run, &at, "open", STR(""), NULL, STR(""), e));
  TRY(open_parties(run, &at, &asks, e));
  return flow_round_judge(run, &at, row, e);
}
bool flow_rounds_off(struct flow_step *s, struct err *e) {
  struct flow_run *run = s->run;
  struct flow_row *row = s->about.self;
  vec_each(const struct flow_asking, a, &row->record->rounds) {
    struct flow_round last;
    TRY(flow_round_newest(run, row->record, row->id, a, &last, e));
    const struct flow_round_at at = {row->record, row->id, a, last.n};
    if (last.n && !last.closed_us) TRY(close(run, &at, "off", (struct word){0}, e));
  }
  return true;
}
