/* What parties of a round send: an answer, or another party to be asked (加签). Whoever does not see the record is told that there
 * is none. */
#include "app/systems_form.h"
#include "app/systems_rounds.h"
#include "texts.h"

struct asked { /* an act of the store: may run again */
  struct web_request *rq;
  const struct system_place *at;
  const struct flow_asking *asking;
};
static bool find(struct web_request *rq, struct asked *out, struct system_place *at, struct err *e) {
  TRY(systems_place(rq, at, e));
  *out = (struct asked){.rq = rq, .at = at};
  vec_each(const struct flow_asking, a, &at->record->rounds)
    if (str_eq(a->round->head.name.text, web_param(rq, "round"))) out->asking = a;
  return out->asking || fail(e, ERR_NOT_FOUND, MSG_systems_no_round);
}
static bool begin(struct asked *w, struct system_run *x, struct store *tx, struct err *e) {
  struct flow_row *row;
  systems_begin(x, w->rq, tx);
  return systems_row(x, w->at->record, w->at->id, &row, e);
}
/* The record as it is now; a round that ended may have taken it out of sight. */
static bool answer(struct web_request *rq, struct web_response *rs, const struct asked *w, struct err *e) {
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  struct json_out *j = web_json(rs);
  struct system_run x;
  struct flow_row *row = NULL;
  bool seen = false;
  if (!r) return false;
  systems_begin(&x, rq, r);
  TRY(systems_sees(&x, w->at->record, w->at->id, &seen, e));
  if (seen) TRY(flow_row(&x.run, w->at->record, w->at->id, &row, e));
  json_open(j, NULL, '{');
  if (row) {
    TRY(systems_record_json(&x, row, j, e));
  } else {
    json_open(j, "data", '{');
    json_str(j, "id", w->at->id);
    json_close(j, '}');
  }
  json_close(j, '}');
  return true;
}

/* ---- answering ---- */

static bool is_asked_for(const struct flow_asking *a, struct str name) {
  struct str head = name, rest;
  (void)str_cut(name, STR("."), &head, &rest);
  for (size_t i = 0; i < a->count; i++)
    if (str_eq(a->fields[i].name, head)) return true;
  return str_eqz(name, "party") || system_is_control(name);
}
static bool run_answer(struct store *tx, void *arg, struct err *e) {
  struct asked *w = arg;
  struct web_request *rq = w->rq;
  const struct flow_asking *a = w->asking;
  struct system_run x;
  flow_inputs in = {0};
  TRY(begin(w, &x, tx, e));
  for (size_t i = 0; i < rq->field_count; i++)
    if (!is_asked_for(a, rq->fields[i].name))
      return fail(e, ERR_INVALID, MSG_systems_no_input, "name", rq->fields[i].name, "act", a->round->label.text);
  for (size_t i = 0; i < a->count; i++) TRY(system_input_read(&x, rq, w->at, &a->fields[i], &in, e));
  const struct flow_answering said = {w->at->record,          w->at->id, a->round->head.name.text,
                                      web_field(rq, "party"), in.at,     in.len};
  return flow_round_answer(&x.run, &said, e);
}
static bool post_answer(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct system_place at;
  struct asked w;
  TRY(find(rq, &w, &at, e) && store_write(app_of(rq)->store, run_answer, &w, e));
  return answer(rq, rs, &w, e);
}

/* ---- adding ---- */

static bool run_add(struct store *tx, void *arg, struct err *e) {
  static const struct type_said unit_said = {.type = TYPE_unit}, person_said = {.type = TYPE_person};
  static const struct type unit = {.kind = KIND_UNIT}, person = {.kind = KIND_PERSON};
  struct asked *w = arg;
  const struct round *round = w->asking->round;
  const bool is_unit = round->as.text.len > 0;
  const struct str where = web_field(w->rq, "where"), said = str_trim(web_field(w->rq, "party"));
  struct system_run x;
  struct value party;
  TRY(begin(w, &x, tx, e));
  if (!str_eqz(where, "before") && !str_eqz(where, "beside"))
    return fail(e, ERR_INVALID, MSG_systems_round_where, "name", STR("where"));
  TRY(flow_read(&x.run, w->at->system, STR("party"), is_unit ? &unit_said : &person_said, is_unit ? &unit : &person,
                said, &party, e));
  return flow_round_add(&x.run, w->at->record, w->at->id, round->head.name.text, flow_thing_of(&party)->id,
                        str_eqz(where, "before"), e);
}
static bool post_add(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct system_place at;
  struct asked w;
  TRY(find(rq, &w, &at, e) && store_write(app_of(rq)->store, run_add, &w, e));
  return answer(rq, rs, &w, e);
}

const struct route page_system_rounds_routes[] = {
    {POST, "/s/{system}/{record}/{id}/rounds/{round}/answer", "system.act", post_answer,
     "an answer, or a change of it while the round is open; fields are those of the declaration, party: for which one",
     .form = "party", .flags = ROUTE_UPLOAD | ROUTE_API_ONLY},
    {POST, "/s/{system}/{record}/{id}/rounds/{round}/add", "system.act", post_add,
     "one party more: before or beside whoever adds it", .form = "party! where!", .flags = ROUTE_API_ONLY},
    {0},
};
