/* A record of a system as it is read: all that may be read of it, and what was done to it. */
#include "app/systems_form.h"
#include "app/systems_openings.h"
#include "app/systems_rounds.h"
#include "base/clock.h"
#include "declare/check.h"
#include "pages.h"
#include "sql.h"
#include "texts.h"

/* ---- one ---- */

static bool show_record(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct system_place at;
  struct system_run x;
  struct flow_row *row = NULL;
  TRY(systems_place(rq, &at, e));
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  systems_begin(&x, rq, r);
  TRY(systems_row(&x, at.record, at.id, &row, e));
  if (!rq->json) return system_record_page(&x, rq, row, rs, e);
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  TRY(systems_record_json(&x, row, j, e));
  json_close(j, '}');
  return true;
}

/* ---- what was done to it ---- */

static bool deed_json(struct system_run *x, const struct flow_system *s, const struct sql_flow_act_list *d,
                      struct json_out *j, struct err *e) {
  static const struct type person = {.kind = KIND_PERSON};
  static const struct type_said said = {.type = TYPE_person};
  const struct str of[] = {d->person, d->instead_of};
  json_open(j, NULL, '{');
  json_str(j, "act", d->act);
  json_str(j, "at", clock_rfc3339(x->run.mem, d->at_us));
  json_str(j, "from", d->from_state);
  json_str(j, "to", d->to_state);
  for (size_t i = 0; i < COUNT_OF(of); i++) {
    const struct value v =
        of[i].len ? flow_thing_value(flow_thing(&x->run, FLOW_PERSON, NULL, of[i])) : value_none(NONE_missing);
    TRY(systems_value_json(x, s, i ? "for" : "by", &said, &person, &v, j, e));
  }
  json_close(j, '}');
  return true;
}
static bool opened_json(struct system_run *x, const struct flow_system *s, const struct opened *d, struct json_out *j,
                        struct err *e) {
  static const struct type person = {.kind = KIND_PERSON};
  static const struct type_said said = {.type = TYPE_person};
  const struct value by = flow_thing_value(flow_thing(&x->run, FLOW_PERSON, NULL, d->person));
  json_open(j, NULL, '{');
  json_z(j, "act", d->is_first_key ? OPENING_ASKED : OPENING_OPENED);
  json_str(j, "at", clock_rfc3339(x->run.mem, d->at_us));
  json_str(j, "what", d->what);
  TRY(systems_value_json(x, s, "by", &said, &person, &by, j, e));
  json_close(j, '}');
  return true;
}
static bool told_json(struct system_run *x, const struct flow_system *s, const struct round_told *t, struct json_out *j,
                      struct err *e) {
  static const struct type person = {.kind = KIND_PERSON}, unit = {.kind = KIND_UNIT};
  const bool is_unit = t->asking->round->as.text.len > 0;
  const struct {
    const char *key;
    struct str id;
    const struct type *type;
    enum flow_thing_kind kind;
  } of[] = {{"party", t->party, is_unit ? &unit : &person, is_unit ? FLOW_UNIT : FLOW_PERSON},
            {"by", t->is_somebodys ? t->person : STR(""), &person, FLOW_PERSON},
            {"for", t->instead_of, &person, FLOW_PERSON}};
  json_open(j, NULL, '{');
  json_z(j, "act", t->what);
  json_str(j, "round", t->asking->round->head.name.text);
  json_str(j, "at", clock_rfc3339(x->run.mem, t->at_us));
  for (size_t i = 0; i < COUNT_OF(of); i++) {
    const struct value v =
        of[i].id.len ? flow_thing_value(flow_thing(&x->run, of[i].kind, NULL, of[i].id)) : value_none(NONE_missing);
    TRY(systems_value_json(x, s, of[i].key, &(struct type_said){0}, of[i].type, &v, j, e));
  }
  json_close(j, '}');
  return true;
}
/* The page of the record shows it too, in words. */
static bool show_history(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct system_place at;
  struct system_run x;
  struct flow_row *row = NULL;
  struct sql_flow_act_list_rows deeds = {0};
  opened_list opened = {0};
  rounds_told told = {0};
  TRY(systems_place(rq, &at, e));
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  systems_begin(&x, rq, r);
  TRY(systems_row(&x, at.record, at.id, &row, e));
  if (!rq->json) return system_record_page(&x, rq, row, rs, e);
  const struct sql_flow_act_list_in in = {STORE_TENANT, at.record->name, at.id};
  TRY(sql_flow_act_list(r, rq->mem, &in, SIZE_MAX, &deeds, e));
  TRY(systems_opened(&x, at.record, at.id, &opened, e) && systems_rounds_told(&x, row, &told, e));
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "rows", '[');
  vec_each(const struct sql_flow_act_list, d, &deeds) TRY(deed_json(&x, at.system, d, j, e));
  for (size_t i = opened.len; i-- > 0;) TRY(opened_json(&x, at.system, &opened.at[i], j, e));
  vec_each(const struct round_told, t, &told) TRY(told_json(&x, at.system, t, j, e));
  json_close(j, ']');
  json_nil(j, "next");
  json_close(j, '}');
  return true;
}

const struct route page_system_read_routes[] = {
    {GET, "/s/{system}/{record}/{id}", "system.see", show_record,
     "one record: fields, clocks, rounds, what may be done now", .query = "purpose"},
    {GET, "/s/{system}/{record}/{id}/history", "system.see", show_history, "what was done to a record, by whom, when",
     .query = NULL},
    {0},
};
