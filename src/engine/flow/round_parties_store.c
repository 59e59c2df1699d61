/* What parties of a round do: they answer, others are added, or they keep silent until their time is over. */
#include "declare/check.h"
#include "engine/flow/act.h"
#include "engine/flow/env.h"
#include "engine/flow/jobs.h"
#include "engine/flow/round_parts.h"
#include "engine/flow/sealed.h"
#include "sql.h"
#include "store/store.h"
#include "texts.h"

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
static bool may_answer(struct flow_run *run, const struct flow_round_at *at, const struct flow_party *p, bool *out,
                       struct err *e) {
  struct value persons;
  TRY(flow_party_persons(run, at, p, &persons, e));
  *out = is_one_of(&persons, run);
  return *out || p->is_unit || is_deputy(run, p->id, out, e);
}
static bool find_mine(struct flow_run *run, const struct flow_round_at *at, const struct flow_round *round,
                      struct str party, size_t *out, struct err *e) {
  *out = SIZE_MAX;
  for (size_t i = 0; i < round->parties.len; i++) {
    const struct flow_party *p = &round->parties.at[i];
    bool may = false;
    if (party.len && !str_eq(p->id, party)) continue;
    TRY(may_answer(run, at, p, &may, e));
    if (!may) continue;
    const bool is_asked = p->state == PARTY_ASKED || p->state == PARTY_DEPUTY;
    if (*out == SIZE_MAX || is_asked) *out = i;
    if (is_asked) return true;
  }
  return true;
}
bool flow_round_mine(struct flow_run *run, const struct flow_round *round, size_t *out, struct err *e) {
  const struct flow_round_at at = {round->asking->record, STR(""), round->asking, round->n};
  *out = SIZE_MAX;
  if (round->closed_us) return true;
  TRY(find_mine(run, &at, round, STR(""), out, e));
  if (*out != SIZE_MAX && round->parties.at[*out].state == PARTY_WAITING) *out = SIZE_MAX;
  return true;
}
/* A deputy answers in the post of whoever is away: both names stand in the event. */
static bool say_instead_of(struct flow_run *run, const struct flow_round_at *at, const struct flow_party *p,
                           struct err *e) {
  struct sql_flow_stood_for_rows rows = {0};
  if (run->instead_of.len || !run->person.len) return true;
  if (!p->is_unit) {
    if (!str_eq(p->id, run->person)) run->instead_of = p->id;
    return true;
  }
  const struct sql_flow_stood_for_in in = {
      STORE_TENANT, run->person,
      str_fmt(run->mem, STRF "." STRF, STRA(at->record->system->name), STRA(at->asking->round->as.text)), p->id,
      flow_today(run)};
  TRY(sql_flow_stood_for(run->session, run->mem, &in, SIZE_MAX, &rows, e));
  if (rows.len && !str_eq(rows.at[0].person, run->person)) run->instead_of = rows.at[0].person;
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
static bool write_answer(struct flow_run *run, const struct flow_round_at *at, const struct flow_party *p,
                         struct err *e) {
  for (size_t i = 0; i < at->asking->count; i++) {
    const struct flow_field *f = &at->asking->fields[i];
    const struct str said = flow_value_words(run, f, &p->fields[i]);
    if (!said.len) continue;
    if (f->place == FLOW_SEALED) {
      const struct str name =
          flow_answer_cell(run->mem, flow_asking_name(at->asking), at->n, p->id, p->version, f->name);
      TRY(flow_cell_write(run, at->record, at->id, name, false, said, e));
      continue;
    }
    TRY(sql_flow_answer_insert(
        run->session,
        &(struct sql_flow_answer_insert_in){STORE_TENANT, at->record->name, at->id, flow_asking_name(at->asking), at->n,
                                            p->id, p->version, f->name, said},
        NULL, e));
  }
  return true;
}
static bool begin(struct flow_run *run, const struct flow_record *r, struct str id, struct str name,
                  struct flow_round_at *at, struct flow_round *round, struct flow_row **row, struct err *e) {
  const struct flow_asking *a = flow_asking_of(r, name);
  TRY(flow_row(run, r, id, row, e));
  if (!*row || !a) return fail(e, ERR_NOT_FOUND, MSG_flow_no_record, "record", r->record->label.text);
  TRY(flow_round_newest(run, r, id, a, round, e));
  *at = (struct flow_round_at){r, id, a, round->n};
  if (!round->n) return fail(e, ERR_NOT_FOUND, MSG_flow_no_record, "record", a->round->label.text);
  return !round->closed_us || fail(e, ERR_GUARD, MSG_flow_round_closed, "round", a->round->label.text);
}
bool flow_round_answer(struct flow_run *run, const struct flow_answering *said, struct err *e) {
  struct flow_round round;
  struct flow_row *row;
  struct flow_round_at at;
  size_t mine;
  TRY(begin(run, said->record, said->id, said->round, &at, &round, &row, e));
  TRY(find_mine(run, &at, &round, said->party, &mine, e));
  if (mine == SIZE_MAX) return fail(e, ERR_FORBIDDEN, MSG_flow_round_not_asked, "round", at.asking->round->label.text);
  struct flow_party *p = &round.parties.at[mine];
  if (p->state == PARTY_WAITING) return fail(e, ERR_GUARD, MSG_flow_round_turn, "round", at.asking->round->label.text);
  TRY(fill(run, at.asking, said, p, e) && say_instead_of(run, &at, p, e));
  p->state = PARTY_ANSWERED;
  p->due_us = 0;
  p->person = run->person;
  p->answered_us = run->now_us;
  p->version++;
  TRY(flow_party_write(run, &at, p, e) && write_answer(run, &at, p, e) &&
      flow_round_note(run, &at, "answer", p->id, p, STR(""), e));
  return flow_round_judge(run, &at, row, e) && flow_acts_later(run, e);
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
  struct flow_round_at at;
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
  const struct flow_party p = {.id = party,
                               .is_unit = at.asking->round->as.text.len > 0,
                               .place = own ? own->place - (before ? 1 : 0) : (int64_t)(round.parties.len + 1) * 100,
                               .added_by = run->person};
  TRY(flow_party_insert(run, &at, &p, e));
  if (before && own && (own->state == PARTY_ASKED || own->state == PARTY_DEPUTY)) {
    own->state = PARTY_WAITING;
    own->due_us = 0;
    TRY(flow_party_write(run, &at, own, e));
  }
  TRY(flow_round_note(run, &at, "add", party, NULL, STR(""), e));
  return flow_round_judge(run, &at, row, e) && flow_acts_later(run, e);
}

/* ---- silence ---- */

static bool deputies_of(struct flow_run *run, struct str person, struct value *out, struct err *e) {
  struct sql_flow_deputies_rows rows = {0};
  TRY(sql_flow_deputies(run->session, run->mem, &(struct sql_flow_deputies_in){STORE_TENANT, person, flow_today(run)},
                        SIZE_MAX, &rows, e));
  struct value *at = arena_new_n(run->mem, struct value, rows.len);
  for (size_t i = 0; i < rows.len; i++) at[i] = flow_thing_value(flow_thing(run, FLOW_PERSON, NULL, rows.at[i].deputy));
  *out = value_set(at, rows.len);
  return true;
}
/* pass: no objection; next: the deputy of a person (those of a unit's holders were asked with them), then the one after; stop:
 * nothing, the round stands. */
static bool fall_silent(struct flow_run *run, const struct flow_round_at *at, struct flow_row *row,
                        struct flow_party *p, struct err *e) {
  const struct choice_word *silent = &at->asking->round->silent;
  struct value deputies = value_set(NULL, 0);
  p->due_us = 0;
  if (silent->which == SILENT_stop) return flow_party_write(run, at, p, e);
  if (silent->which == SILENT_next && !p->is_unit && p->state == PARTY_ASKED)
    TRY(deputies_of(run, p->id, &deputies, e));
  p->state = deputies.set.len ? PARTY_DEPUTY : PARTY_SILENT;
  TRY(flow_round_note(run, at, deputies.set.len ? "deputy_asked" : "silent", p->id, NULL, STR(""), e));
  if (deputies.set.len) return flow_party_ask(run, at, row, p, &deputies, e);
  TRY(flow_party_write(run, at, p, e));
  return flow_round_judge(run, at, row, e) && flow_acts_later(run, e);
}
static bool is_loaded(const struct flow *f, struct str record, struct str round) {
  const struct flow_record *r = flow_record(f, record);
  return r && flow_asking_of(r, round);
}
static bool first_in(const struct flow *f, struct store *session, struct arena *mem, const char *state,
                     struct flow_silence *io, struct err *e) {
  enum { PASSED_OVER = 32 };
  struct sql_flow_party_next_rows rows = {.len = PASSED_OVER};
  struct sql_flow_party_next_in in = {.tenant = STORE_TENANT, .state = str_of(state), .most = PASSED_OVER};
  while (rows.len == PASSED_OVER) {
    rows = (struct sql_flow_party_next_rows){0};
    TRY(sql_flow_party_next(session, mem, &in, PASSED_OVER, &rows, e));
    vec_each(const struct sql_flow_party_next, x, &rows) {
      in.after_us = x->due_us;
      in.record = x->record;
      in.id = x->id;
      in.round = x->round;
      in.n = x->n;
      in.party = x->party;
      if (x->due_us >= io->due_us) return true;
      if (!is_loaded(f, x->record, x->round)) continue;
      *io = (struct flow_silence){x->record, x->id, x->round, x->party, x->n, x->due_us};
      return true;
    }
  }
  return true;
}
bool flow_round_next(const struct flow *f, struct store *session, struct arena *mem, struct flow_silence *out,
                     struct err *e) {
  *out = (struct flow_silence){.due_us = INT64_MAX};
  return first_in(f, session, mem, "asked", out, e) && first_in(f, session, mem, "deputy", out, e);
}
static bool claim(struct flow_run *run, const struct flow_silence *s, int64_t again_us, bool *out_mine, struct err *e) {
  int64_t changed = 0;
  TRY(sql_flow_party_claim(
      run->session,
      &(struct sql_flow_party_claim_in){STORE_TENANT, s->record, s->id, s->round, s->n, s->party, s->due_us, again_us},
      &changed, e));
  *out_mine = changed == 1;
  return true;
}
static bool find_party(struct flow_run *run, const struct flow_silence *s, struct flow_round_at *at,
                       struct flow_row **row, struct flow_round *round, struct flow_party **out, struct err *e) {
  const struct flow_record *r = flow_record(run->flow, s->record);
  const struct flow_asking *a = flow_asking_of(r, s->round);
  *out = NULL;
  TRY(flow_row(run, r, s->id, row, e) && flow_round_newest(run, r, s->id, a, round, e));
  *at = (struct flow_round_at){r, s->id, a, s->n};
  if (!*row || round->n != s->n || round->closed_us) return true;
  vec_each(struct flow_party, p, &round->parties)
    if (str_eq(p->id, s->party)) *out = p;
  return true;
}
bool flow_round_silent(struct flow_run *run, const struct flow_silence *s, bool *out_mine, struct err *e) {
  struct flow_round_at at;
  struct value limit;
  struct flow_round round;
  struct flow_row *row = NULL;
  struct flow_party *p = NULL;
  TRY(claim(run, s, 0, out_mine, e));
  if (!*out_mine) return true;
  TRY(find_party(run, s, &at, &row, &round, &p, e));
  if (!p) return true;
  if (run->now_us < row->changed) run->now_us = row->changed;
  TRY(flow_round_limit(run, &at, row, &limit, e));
  run->tell_us = flow_call_at(run->flow->calendar, limit.duration, run->known_us);
  return fall_silent(run, &at, row, p, e);
}
bool flow_round_put_off(struct flow_run *run, const struct flow_silence *s, int64_t again_us, struct str says,
                        bool *out_mine, struct err *e) {
  struct flow_round_at at;
  struct flow_round round;
  struct flow_row *row = NULL;
  struct flow_party *p = NULL;
  TRY(claim(run, s, again_us, out_mine, e));
  if (!*out_mine) return true;
  TRY(find_party(run, s, &at, &row, &round, &p, e));
  return !p || flow_round_note(run, &at, "round_refused", p->id, NULL, says, e);
}
