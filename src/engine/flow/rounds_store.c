/* A round is opened by an effect, its parties settled then. After each answer, each silence and each party added it is judged: failed at
 * once when `fails` says so, done when `done` holds, failed when nobody is left to ask. Then its act is done by the system. */
#include "base/clock.h"
#include "declare/check.h"
#include "engine/flow/act.h"
#include "engine/flow/clock.h"
#include "engine/flow/env.h"
#include "engine/flow/rounds.h"
#include "sql.h"
#include "store/event.h"
#include "store/store.h"
#include "texts.h"

static const char *const party_words[] = {"waiting", "asked", "answered", "silent"};

struct place_of { /* of a round: whose, which, which opening */
  const struct flow_record *record;
  struct str id;
  const struct flow_asking *asking;
  int64_t n;
};
static struct str name_of(const struct flow_asking *a) { return a->round->head.name.text; }
static const struct flow_asking *asking_of(const struct flow_record *r, struct str name) {
  vec_each(const struct flow_asking, a, &r->rounds)
    if (str_eq(name_of(a), name)) return a;
  return NULL;
}

/* ---- reading ---- */

static bool read_answers(struct flow_run *run, const struct flow_record *r, struct str id, struct flow_round *round,
                         struct err *e) {
  struct sql_flow_answer_list_rows rows = {0};
  const struct flow_asking *a = round->asking;
  TRY(sql_flow_answer_list(run->session, run->mem,
                           &(struct sql_flow_answer_list_in){STORE_TENANT, r->name, id, name_of(a), round->n}, SIZE_MAX,
                           &rows, e));
  vec_each(struct flow_party, p, &round->parties) {
    if (!p->version) continue;
    p->fields = arena_new_n(run->mem, struct value, a->count);
    vec_each(const struct sql_flow_answer_list, x, &rows)
      for (size_t i = 0; str_eq(x->party, p->id) && i < a->count; i++)
        if (str_eq(a->fields[i].name, x->field)) p->fields[i] = flow_words_value(run, &a->fields[i], x->value);
  }
  return true;
}
static bool read_parties(struct flow_run *run, const struct flow_record *r, struct str id, struct flow_round *round,
                         struct err *e) {
  struct sql_flow_party_list_rows rows = {0};
  TRY(sql_flow_party_list(run->session, run->mem,
                          &(struct sql_flow_party_list_in){STORE_TENANT, r->name, id, name_of(round->asking), round->n},
                          SIZE_MAX, &rows, e));
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
    const struct flow_asking *a = asking_of(r, x->round);
    if (!a) continue; /* of an earlier version */
    struct flow_round round = {a, x->n, x->opened_us, x->closed_us, x->outcome, {0}};
    TRY(read_parties(run, r, id, &round, e));
    vec_push(run->mem, out) = round;
  }
  return true;
}
/* The newest opening; n 0: never opened. */
static bool read_last(struct flow_run *run, const struct flow_record *r, struct str id, const struct flow_asking *a,
                      struct flow_round *out, struct err *e) {
  struct sql_flow_round_last last = {0};
  bool found = false;
  *out = (struct flow_round){.asking = a, .outcome = STR("")};
  TRY(sql_flow_round_last(run->session, run->mem,
                          &(struct sql_flow_round_last_in){STORE_TENANT, r->name, id, name_of(a)}, &last, &found, e));
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
  const struct flow_asking *a = asking_of(t->record, t->id);
  struct flow_round round;
  *out = str_eqz(name, "open") ? value_flag(false) : value_set(NULL, 0);
  if (!a || !t->of) return true;
  TRY(read_last(run, t->record, t->of->id, a, &round, e));
  if (str_eqz(name, "open")) *out = value_flag(round.n && !round.closed_us);
  else *out = parties_value(run, &round, str_eqz(name, "answers"));
  return true;
}

/* ---- writing ---- */

static bool write_party(struct flow_run *run, const struct place_of *at, const struct flow_party *p, struct err *e) {
  return sql_flow_party_change(run->session,
                               &(struct sql_flow_party_change_in){.tenant = STORE_TENANT,
                                                                  .record = at->record->name,
                                                                  .id = at->id,
                                                                  .round = name_of(at->asking),
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
static struct str role_of(struct flow_run *run, const struct place_of *at, const struct flow_party *p) {
  if (!p->is_unit) return STR("");
  return str_fmt(run->mem, STRF "." STRF, STRA(at->record->system->name), STRA(at->asking->round->as.text));
}
/* From now on the party sees the record (rights: asked). */
static bool open_sight(struct flow_run *run, const struct place_of *at, const struct flow_party *p, struct err *e) {
  struct sql_round_party_get is = {0};
  const struct str role = role_of(run, at, p);
  bool found = false;
  TRY(sql_round_party_get(run->session, run->mem,
                          &(struct sql_round_party_get_in){STORE_TENANT, at->record->name, role, p->id, at->id}, &is,
                          &found, e));
  return found ||
         sql_round_party_insert(
             run->session, &(struct sql_round_party_insert_in){STORE_TENANT, at->record->name, role, p->id, at->id},
             NULL, e);
}
static bool due_of(struct flow_run *run, const struct place_of *at, struct flow_row *row, int64_t *out, struct err *e) {
  const struct flow_about about = {.self = row};
  const struct round *round = at->asking->round;
  struct value limit = {0};
  *out = 0;
  if (round->limit.tree) TRY(flow_eval(run, &about, round->limit.tree, run->notes, &limit, e));
  if (limit.kind != VALUE_DURATION) return true;
  return calendar_due(run->flow->calendar, run->now_us, limit.duration, out) ||
         fail(e, ERR_INVALID, MSG_flow_number, "name", STR("limit"));
}
static bool persons_of(struct flow_run *run, const struct place_of *at, const struct flow_party *p, struct value *out,
                       struct err *e) {
  if (p->is_unit) return flow_holders(run, role_of(run, at, p), FLOW_AT, p->id, out, e);
  const struct value one = party_value(run, p);
  struct value *set = arena_new(run->mem, struct value);
  *set = one;
  *out = value_set(set, 1);
  return true;
}
static bool tell_party(struct flow_run *run, const struct place_of *at, const struct flow_row *row,
                       const struct flow_party *p, struct err *e) {
  struct value persons;
  const struct str link = str_fmt(run->mem, "/s/" STRF "/" STRF "/" STRF, STRA(at->record->system->name),
                                  STRA(at->record->record->head.name.text), STRA(at->id));
  const struct msg_arg args[] = {{"record", at->record->record->label.text},
                                 {"number", row->number.len ? row->number : STR("")},
                                 {"round", at->asking->round->label.text}};
  const struct str text = msg_text(run->mem, run->lang, MSG_flow_round_asked, args, COUNT_OF(args));
  TRY(persons_of(run, at, p, &persons, e));
  for (size_t i = 0; i < persons.set.len; i++)
    TRY(run->host->notify(run->host->arg, run, flow_thing_of(&persons.set.at[i])->id, text, link, e));
  return true;
}
static bool ask_party(struct flow_run *run, const struct place_of *at, struct flow_row *row, struct flow_party *p,
                      struct err *e) {
  p->state = PARTY_ASKED;
  TRY(due_of(run, at, row, &p->due_us, e) && open_sight(run, at, p, e) && write_party(run, at, p, e));
  return tell_party(run, at, row, p, e);
}
static bool note(struct flow_run *run, const struct place_of *at, const char *act, struct str party,
                 const struct flow_party *answered, struct err *e) {
  struct event *ev = arena_new(run->mem, struct event);
  int64_t seq;
  *ev = (struct event){.at_us = run->now_us,
                       .actor = run->actor.len ? run->actor : STR("system"),
                       .record = at->record->name,
                       .id = at->id,
                       .act = str_of(act)};
  event_add(ev, STR("round"), name_of(at->asking));
  event_add(ev, STR("opening"), str_int(run->mem, at->n));
  event_add(ev, STR("party"), party);
  for (size_t i = 0; answered && answered->fields && i < at->asking->count; i++)
    event_add(ev, at->asking->fields[i].name, flow_value_words(run, &at->asking->fields[i], &answered->fields[i]));
  return event_append(run->session, run->mem, ev, &seq, e);
}

/* ---- judging ---- */

static size_t count_of(const struct flow_round *round, int state) {
  size_t n = 0;
  vec_each(const struct flow_party, p, &round->parties) n += (int)p->state == state;
  return n;
}
/* done: all, any, at_least(n), or a condition. */
static bool is_done(struct flow_run *run, const struct flow_about *about, const struct flow_round *round, bool *out,
                    struct err *e) {
  const struct expr *x = round->asking->round->done.tree;
  const size_t answered = count_of(round, PARTY_ANSWERED), all = round->parties.len;
  const bool passes = round->asking->round->silent.which == SILENT_pass;
  *out = answered + (passes ? count_of(round, PARTY_SILENT) : 0) == all;
  if (!x || (x->kind == EXPR_NAME && str_eqz(x->text, "all"))) return true;
  if (x->kind == EXPR_NAME && str_eqz(x->text, "any")) {
    *out = answered > 0;
  } else if (x->kind == EXPR_CALL && !x->a && str_eqz(x->text, "at_least")) {
    int64_t least = 0;
    if (x->args.len == 1) least = (int64_t)ratio_of_dec(x->args.at[0]->number).n;
    *out = (int64_t)answered >= least;
  } else {
    return flow_holds(run, about, &round->asking->round->done, out, e);
  }
  return true;
}
static bool close(struct flow_run *run, const struct place_of *at, const char *outcome, struct word act,
                  struct err *e) {
  int64_t changed = 0;
  TRY(sql_flow_round_close(run->session,
                           &(struct sql_flow_round_close_in){STORE_TENANT, at->record->name, at->id,
                                                             name_of(at->asking), at->n, run->now_us, str_of(outcome)},
                           &changed, e));
  TRY(note(run, at, outcome, STR(""), NULL, e));
  return !changed || !has_word(act) || flow_act_later(run, at->record, at->id, act.text, e);
}
/* The next in turn, when those before have answered or kept silent. */
static bool ask_next(struct flow_run *run, const struct place_of *at, struct flow_row *row, struct flow_round *round,
                     struct err *e) {
  vec_each(struct flow_party, p, &round->parties) {
    if (p->state == PARTY_ASKED) return true;
    if (p->state == PARTY_WAITING) return ask_party(run, at, row, p, e);
  }
  return true;
}
static bool judge(struct flow_run *run, const struct place_of *at, struct flow_row *row, struct err *e) {
  const struct round *said = at->asking->round;
  struct flow_thing *t = flow_thing_at(run, FLOW_ROUND, flow_thing_row(run, row), name_of(at->asking));
  const struct flow_about about = {.self = row, .answers = t};
  struct flow_round round;
  bool fails = false, done = false;
  TRY(read_last(run, at->record, at->id, at->asking, &round, e));
  if (has_expr(&said->fails)) TRY(flow_holds(run, &about, &said->fails, &fails, e));
  if (fails) return close(run, at, "failed", said->else_, e);
  TRY(is_done(run, &about, &round, &done, e));
  if (done) return close(run, at, "done", said->then, e);
  TRY(ask_next(run, at, row, &round, e));
  if (count_of(&round, PARTY_ASKED)) return true;
  return close(run, at, "failed", said->else_, e);
}

/* ---- opening ---- */

static bool insert_party(struct flow_run *run, const struct place_of *at, const struct flow_party *p, struct err *e) {
  return sql_flow_party_insert(run->session,
                               &(struct sql_flow_party_insert_in){.tenant = STORE_TENANT,
                                                                  .record = at->record->name,
                                                                  .id = at->id,
                                                                  .round = name_of(at->asking),
                                                                  .n = at->n,
                                                                  .party = p->id,
                                                                  .is_unit = p->is_unit,
                                                                  .place = p->place,
                                                                  .state = str_of(party_words[p->state]),
                                                                  .added_by = p->added_by},
                               NULL, e);
}
static bool open_parties(struct flow_run *run, const struct place_of *at, struct flow_row *row,
                         const struct value *asks, struct err *e) {
  const bool in_turn = at->asking->round->order.which == 2; /* one_by_one */
  const struct value *all = asks->kind == VALUE_SET ? asks->set.at : asks;
  const size_t n = asks->kind == VALUE_SET ? asks->set.len : !value_is_none(asks);
  for (size_t i = 0; i < n; i++) {
    const struct flow_thing *t = all[i].kind == VALUE_THING ? flow_thing_of(&all[i]) : NULL;
    if (!t || (t->kind != FLOW_UNIT && t->kind != FLOW_PERSON)) continue;
    struct flow_party p = {.id = t->id, .is_unit = t->kind == FLOW_UNIT, .place = (int64_t)(i + 1) * 100};
    TRY(insert_party(run, at, &p, e));
    if (!in_turn || !i) TRY(ask_party(run, at, row, &p, e));
  }
  return true;
}
bool flow_round_open(struct flow_step *s, struct str name, struct err *e) {
  struct flow_run *run = s->run;
  struct flow_row *row = s->about.self;
  const struct flow_asking *a = asking_of(row->record, name);
  struct flow_round last;
  struct value asks = {0};
  if (!a) return true;
  TRY(read_last(run, row->record, row->id, a, &last, e));
  if (last.n && !last.closed_us) return true; /* it is open already */
  const struct place_of at = {row->record, row->id, a, last.n + 1};
  if (a->round->asks.tree) TRY(flow_eval(run, &s->about, a->round->asks.tree, run->notes, &asks, e));
  TRY(sql_flow_round_insert(
      run->session,
      &(struct sql_flow_round_insert_in){STORE_TENANT, row->record->name, row->id, name, at.n, run->now_us}, NULL, e));
  TRY(note(run, &at, "open", STR(""), NULL, e));
  TRY(open_parties(run, &at, row, &asks, e));
  return judge(run, &at, row, e);
}
bool flow_rounds_off(struct flow_step *s, struct err *e) {
  struct flow_run *run = s->run;
  const struct flow_row *row = s->about.self;
  vec_each(const struct flow_asking, a, &row->record->rounds) {
    struct flow_round last;
    TRY(read_last(run, row->record, row->id, a, &last, e));
    const struct place_of at = {row->record, row->id, a, last.n};
    if (last.n && !last.closed_us) TRY(close(run, &at, "off", (struct word){0}, e));
  }
  return true;
}

/* ---- answering ---- */

static bool is_one_of(const struct value *persons, const struct flow_run *run) {
  for (size_t i = 0; i < persons->set.len; i++) {
    const struct str id = flow_thing_of(&persons->set.at[i])->id;
    if (run->person.len && (str_eq(id, run->person) || str_eq(id, run->instead_of))) return true;
  }
  return false;
}
static bool is_deputy(struct flow_run *run, struct str person, bool *out, struct err *e) {
  struct sql_flow_deputy is = {0};
  if (!run->person.len) return true;
  return sql_flow_deputy(run->session, run->mem,
                         &(struct sql_flow_deputy_in){STORE_TENANT, person, run->person, flow_today(run)}, &is, out, e);
}
static bool may_answer(struct flow_run *run, const struct place_of *at, const struct flow_party *p, bool *out,
                       struct err *e) {
  struct value persons;
  TRY(persons_of(run, at, p, &persons, e));
  *out = is_one_of(&persons, run);
  return *out || p->is_unit || is_deputy(run, p->id, out, e);
}
static bool find_mine(struct flow_run *run, const struct place_of *at, const struct flow_round *round, struct str party,
                      size_t *out, struct err *e) {
  *out = SIZE_MAX;
  for (size_t i = 0; i < round->parties.len; i++) {
    const struct flow_party *p = &round->parties.at[i];
    bool may = false;
    if (party.len && !str_eq(p->id, party)) continue;
    TRY(may_answer(run, at, p, &may, e));
    if (!may) continue;
    if (*out == SIZE_MAX || p->state == PARTY_ASKED) *out = i;
    if (p->state == PARTY_ASKED) return true;
  }
  return true;
}
bool flow_round_mine(struct flow_run *run, const struct flow_round *round, size_t *out, struct err *e) {
  const struct place_of at = {round->asking->record, STR(""), round->asking, round->n};
  *out = SIZE_MAX;
  if (round->closed_us) return true;
  TRY(find_mine(run, &at, round, STR(""), out, e));
  if (*out != SIZE_MAX && round->parties.at[*out].state == PARTY_WAITING) *out = SIZE_MAX;
  return true;
}
static bool fill(struct flow_run *run, const struct flow_asking *a, const struct flow_answering *said,
                 struct flow_party *p, struct err *e) {
  p->fields = arena_new_n(run->mem, struct value, a->count);
  for (size_t i = 0; i < a->count; i++) {
    const struct flow_field *f = &a->fields[i];
    for (size_t k = 0; k < said->input_count; k++)
      if (str_eq(said->inputs[k].name, f->name)) p->fields[i] = said->inputs[k].value;
    if (f->field->need.which == 1 && value_is_none(&p->fields[i]))
      return fail(e, ERR_INVALID, MSG_flow_asked, "name", f->name, "label", f->field->label.text);
  }
  return true;
}
static bool write_answer(struct flow_run *run, const struct place_of *at, const struct flow_party *p, struct err *e) {
  for (size_t i = 0; i < at->asking->count; i++) {
    const struct flow_field *f = &at->asking->fields[i];
    const struct str said = flow_value_words(run, f, &p->fields[i]);
    if (!said.len) continue;
    TRY(sql_flow_answer_insert(
        run->session,
        &(struct sql_flow_answer_insert_in){STORE_TENANT, at->record->name, at->id, name_of(at->asking), at->n, p->id,
                                            p->version, f->name, said},
        NULL, e));
  }
  return true;
}
static bool begin(struct flow_run *run, const struct flow_record *r, struct str id, struct str name,
                  struct place_of *at, struct flow_round *round, struct flow_row **row, struct err *e) {
  const struct flow_asking *a = asking_of(r, name);
  TRY(flow_row(run, r, id, row, e));
  if (!*row || !a) return fail(e, ERR_NOT_FOUND, MSG_flow_no_record, "record", r->record->label.text);
  TRY(read_last(run, r, id, a, round, e));
  *at = (struct place_of){r, id, a, round->n};
  if (!round->n) return fail(e, ERR_NOT_FOUND, MSG_flow_no_record, "record", a->round->label.text);
  return !round->closed_us || fail(e, ERR_GUARD, MSG_flow_round_closed, "round", a->round->label.text);
}
bool flow_round_answer(struct flow_run *run, const struct flow_answering *said, struct err *e) {
  struct flow_round round;
  struct flow_row *row;
  struct place_of at;
  size_t mine;
  TRY(begin(run, said->record, said->id, said->round, &at, &round, &row, e));
  TRY(find_mine(run, &at, &round, said->party, &mine, e));
  if (mine == SIZE_MAX) return fail(e, ERR_FORBIDDEN, MSG_flow_round_not_asked, "round", at.asking->round->label.text);
  struct flow_party *p = &round.parties.at[mine];
  if (p->state == PARTY_WAITING) return fail(e, ERR_GUARD, MSG_flow_round_turn, "round", at.asking->round->label.text);
  TRY(fill(run, at.asking, said, p, e));
  p->state = PARTY_ANSWERED;
  p->person = run->person;
  p->answered_us = run->now_us;
  p->version++;
  TRY(write_party(run, &at, p, e) && write_answer(run, &at, p, e) && note(run, &at, "answer", p->id, p, e));
  return judge(run, &at, row, e) && flow_acts_later(run, e);
}

/* ---- adding ---- */

static bool may_add(struct flow_run *run, const struct round_add *add, struct flow_row *row, bool *out, struct err *e) {
  const struct flow_about about = {.self = row};
  *out = false;
  vec_each(const struct word, term, &add->who) {
    struct str *persons = NULL;
    size_t n = 0;
    TRY(flow_persons(run, &about, term->text, &persons, &n, e));
    for (size_t i = 0; i < n; i++) *out |= str_eq(persons[i], run->person) || str_eq(persons[i], run->instead_of);
  }
  return true;
}
static size_t added(const struct flow_round *round) {
  size_t n = 0;
  vec_each(const struct flow_party, p, &round->parties) n += p->added_by.len > 0;
  return n;
}
bool flow_round_add(struct flow_run *run, const struct flow_record *r, struct str id, struct str name, struct str party,
                    bool before, struct err *e) {
  struct flow_round round;
  struct flow_row *row;
  struct place_of at;
  size_t mine;
  bool may = false;
  TRY(begin(run, r, id, name, &at, &round, &row, e));
  const struct round_add *add = at.asking->round->add;
  if (add) TRY(may_add(run, add, row, &may, e));
  if (!may || (before && !words_have(&add->where, STR("before"))) ||
      (!before && !words_have(&add->where, STR("beside"))))
    return fail(e, ERR_FORBIDDEN, MSG_flow_round_not_add, "round", at.asking->round->label.text);
  if ((int64_t)added(&round) >= add->most.n)
    return fail(e, ERR_TOO_MANY, MSG_flow_round_add_most, "limit", str_int(run->mem, add->most.n));
  vec_each(const struct flow_party, p, &round.parties)
    if (str_eq(p->id, party)) return fail(e, ERR_DUPLICATE, MSG_flow_round_there);
  TRY(find_mine(run, &at, &round, STR(""), &mine, e));
  struct flow_party *own = mine == SIZE_MAX ? NULL : &round.parties.at[mine];
  const bool waits = before && own && own->state == PARTY_ASKED;
  struct flow_party p = {.id = party,
                         .is_unit = at.asking->round->as.text.len > 0,
                         .place = own ? own->place - (before ? 1 : 0) : (int64_t)(round.parties.len + 1) * 100,
                         .added_by = run->person};
  TRY(insert_party(run, &at, &p, e) && ask_party(run, &at, row, &p, e));
  if (waits) {
    own->state = PARTY_WAITING;
    own->due_us = 0;
    TRY(write_party(run, &at, own, e));
  }
  return note(run, &at, "add", party, NULL, e);
}

/* ---- silence ---- */

bool flow_round_next(struct store *session, struct arena *mem, int64_t *out_us, struct err *e) {
  struct sql_flow_party_next next = {0};
  bool found = false;
  *out_us = INT64_MAX;
  TRY(sql_flow_party_next(session, mem, &(struct sql_flow_party_next_in){STORE_TENANT}, &next, &found, e));
  if (found) *out_us = next.due_us;
  return true;
}
/* pass: no objection; next: the deputy, then the one after; stop: nothing, the round stands. */
static bool fall_silent(struct flow_run *run, const struct place_of *at, struct flow_row *row, struct flow_party *p,
                        struct err *e) {
  p->due_us = 0;
  if (at->asking->round->silent.which == SILENT_stop) return write_party(run, at, p, e);
  p->state = PARTY_SILENT;
  TRY(write_party(run, at, p, e) && note(run, at, "silent", p->id, NULL, e));
  return judge(run, at, row, e) && flow_acts_later(run, e);
}
bool flow_round_due(struct flow_run *run, int64_t until_us, bool *out_done, struct err *e) {
  struct sql_flow_party_due due = {0};
  struct flow_round round;
  struct flow_row *row = NULL;
  TRY(sql_flow_party_due(run->session, run->mem, &(struct sql_flow_party_due_in){STORE_TENANT, until_us}, &due,
                         out_done, e));
  if (!*out_done) return true;
  const struct flow_record *r = flow_record(run->flow, due.record);
  const struct flow_asking *a = r ? asking_of(r, due.round) : NULL;
  if (a) TRY(flow_row(run, r, due.id, &row, e) && read_last(run, r, due.id, a, &round, e));
  if (!row) return true;
  const struct place_of at = {r, due.id, a, due.n};
  vec_each(struct flow_party, p, &round.parties)
    if (str_eq(p->id, due.party)) return fall_silent(run, &at, row, p, e);
  return true;
}
