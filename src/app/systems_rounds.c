/* Rounds of a record as people see them: who was asked, what they answered, until when. A blind round shows nobody another's answer
 * before its end; what a class hides of fields it hides of answers. */
#include "app/systems_rounds.h"
#include "base/clock.h"
#include "texts.h"

bool systems_answer_shown(const struct flow_round *round, const struct flow_party *p, bool is_mine) {
  return p->fields && (is_mine || round->closed_us || !is_yes(round->asking->round->blind));
}
static const struct type *type_of_party(const struct flow_party *p) {
  static const struct type person = {.kind = KIND_PERSON}, unit = {.kind = KIND_UNIT};
  return p->is_unit ? &unit : &person;
}
static bool put_who(struct system_run *x, const struct flow_system *s, const char *key, bool is_unit, struct str id,
                    struct json_out *j, struct err *e) {
  const struct flow_party p = {.is_unit = is_unit};
  const struct value v =
      id.len ? flow_thing_value(flow_thing(&x->run, is_unit ? FLOW_UNIT : FLOW_PERSON, NULL, id)) : (struct value){0};
  return systems_value_json(x, s, key, &(struct type_said){0}, type_of_party(&p), &v, j, e);
}
static struct str moment(struct system_run *x, int64_t us) {
  return us ? clock_rfc3339(x->run.mem, us) : (struct str){0};
}
static bool put_answer(struct system_run *x, const struct flow_row *row, const struct flow_round *round,
                       const struct flow_party *p, struct json_out *j, struct err *e) {
  const struct flow_asking *a = round->asking;
  json_open(j, "fields", '{');
  for (size_t i = 0; i < a->count; i++) {
    const struct flow_field *f = &a->fields[i];
    AUTO_ARENA mem = {0};
    bool may = false;
    TRY(systems_reads(x, row->record, row->id, f->class, &may, e));
    if (may)
      TRY(systems_value_json(x, row->record->system, str_z(&mem, f->name), &f->field->is, &f->type, &p->fields[i], j,
                             e));
  }
  json_close(j, '}');
  return true;
}
static bool put_party(struct system_run *x, const struct flow_row *row, const struct flow_round *round, size_t i,
                      bool is_mine, struct json_out *j, struct err *e) {
  static const char *const states[] = {"waiting", "asked", "deputy", "answered", "silent"};
  const struct flow_party *p = &round->parties.at[i];
  const struct flow_system *s = row->record->system;
  json_open(j, NULL, '{');
  TRY(put_who(x, s, "party", p->is_unit, p->id, j, e));
  json_z(j, "state", states[p->state]);
  json_str_or_null(j, "due", moment(x, p->due_us));
  TRY(put_who(x, s, "person", false, p->person, j, e) && put_who(x, s, "added_by", false, p->added_by, j, e));
  json_str_or_null(j, "at", moment(x, p->answered_us));
  json_bool(j, "mine", is_mine);
  if (systems_answer_shown(round, p, is_mine)) TRY(put_answer(x, row, round, p, j, e));
  json_close(j, '}');
  return true;
}
static bool put_opening(struct system_run *x, const struct flow_row *row, const struct flow_round *round,
                        struct json_out *j, struct err *e) {
  size_t mine = SIZE_MAX;
  int64_t answered = 0;
  vec_each(const struct flow_party, p, &round->parties) answered += p->state == PARTY_ANSWERED;
  TRY(flow_round_mine(&x->run, round, &mine, e));
  json_str(j, "label", round->asking->round->label.text);
  json_int(j, "n", round->n);
  json_str(j, "outcome", round->outcome);
  json_bool(j, "open", !round->closed_us);
  json_str(j, "opened", clock_rfc3339(x->run.mem, round->opened_us));
  json_str_or_null(j, "closed", moment(x, round->closed_us));
  json_int(j, "answers", answered);
  json_int(j, "missing", (int64_t)round->parties.len - answered);
  json_open(j, "parties", '[');
  for (size_t i = 0; i < round->parties.len; i++) TRY(put_party(x, row, round, i, i == mine, j, e));
  json_close(j, ']');
  return true;
}
/* The newest opening of each under its name. */
bool systems_rounds_json(struct system_run *x, const struct flow_row *row, struct json_out *j, struct err *e) {
  flow_rounds all = {0};
  TRY(flow_rounds_of(&x->run, row->record, row->id, &all, e));
  json_open(j, "rounds", '{');
  vec_each(const struct flow_asking, a, &row->record->rounds) {
    AUTO_ARENA mem = {0};
    const struct flow_round *last = NULL;
    vec_each(const struct flow_round, r, &all)
      if (r->asking == a && (!last || r->n > last->n)) last = r;
    if (!last) continue;
    json_open(j, str_z(&mem, a->round->head.name.text), '{');
    TRY(put_opening(x, row, last, j, e));
    json_close(j, '}');
  }
  json_close(j, '}');
  return true;
}
