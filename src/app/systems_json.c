/* Records of systems for programs: every value in one exact form. Decimals are text, moments carry +08:00, what is missing is null,
 * and what may not be read is not there. */
#include "app/ledger.h"
#include "app/systems_openings.h"
#include "app/systems_papers.h"
#include "app/systems_rounds.h"
#include "base/clock.h"
#include "declare/check.h"
#include "engine/flow/lamp.h"
#include "sql.h"

/* ---- values ---- */

static struct str unit_said(const struct system_run *x, const struct type_said *is) {
  return is->type == TYPE_money ? x->run.flow->units->money : is->unit;
}
/* 950.00 whatever the number is: the places of its type. */
struct str systems_number(const struct system_run *x, const struct type_said *is, const struct value *v) {
  const unsigned places = is->type == TYPE_money ? 2 : is->type == TYPE_decimal ? (unsigned)is->places : 0;
  int64_t digits = 0, unit = 1;
  if (!value_stored(x->run.flow->units, v, unit_said(x, is), places, &digits))
    return value_show(x->run.mem, x->run.flow->units, v, unit_said(x, is));
  if (!places) return str_int(x->run.mem, digits);
  for (unsigned i = 0; i < places; i++) unit *= 10;
  const int64_t whole = digits / unit, part = digits < 0 ? -(digits % unit) : digits % unit;
  return str_fmt(x->run.mem, "%s%lld.%0*lld", digits < 0 && !whole ? "-" : "", (long long)whole, (int)places,
                 (long long)part);
}
static void put_number(const struct system_run *x, const char *key, const struct type_said *is, const struct value *v,
                       struct json_out *j) {
  int64_t whole = 0;
  const struct str s = systems_number(x, is, v);
  if (is->type == TYPE_count && str_to_int(s, &whole)) json_int(j, key, whole);
  else json_str(j, key, s);
}
static bool put_file(struct system_run *x, const struct flow_thing *t, struct json_out *j, struct err *e) {
  struct sql_flow_file_get f = {0};
  bool found = false;
  TRY(sql_flow_file_get(x->run.session, x->run.mem, &(struct sql_flow_file_get_in){STORE_TENANT, t->id}, &f, &found,
                        e));
  json_str(j, "name", f.name);
  json_str(j, "type", f.type);
  json_int(j, "size", f.size);
  json_str(j, "href", str_fmt(x->run.mem, "/files/" STRF, STRA(t->id)));
  return true;
}
/* A unit, person, record or file: its id, and how people call it. */
static bool put_thing(struct system_run *x, const struct flow_system *s, const char *key, const struct type *t,
                      const struct value *v, struct json_out *j, struct err *e) {
  const struct flow_thing *thing = flow_thing_of(v);
  struct flow_row *row = NULL;
  struct str told;
  struct type one = *t;
  one.set = false;
  json_open(j, key, '{');
  if (thing) json_str(j, "id", thing->id);
  if (thing && thing->kind == FLOW_FILE) TRY(put_file(x, thing, j, e));
  if (thing && thing->kind == FLOW_RECORD && thing->record) {
    TRY(flow_row(&x->run, thing->record, thing->id, &row, e));
    if (row) json_str(j, "number", row->number);
  }
  if (thing && thing->kind != FLOW_FILE) {
    TRY(flow_show(&x->run, s, &one, v, &told, e));
    json_str(j, thing->kind == FLOW_RECORD ? "label" : "name", told);
  }
  json_close(j, '}');
  return true;
}
static bool put_rows(struct system_run *x, const struct flow_system *s, const struct value *v, struct json_out *j,
                     struct err *e) {
  const struct flow_thing *line = flow_thing_of(v);
  json_open(j, NULL, '{');
  for (size_t i = 0; line && i < line->value_count; i++) {
    const struct flow_field *f = &line->columns[i];
    AUTO_ARENA mem = {0};
    TRY(systems_value_json(x, s, str_z(&mem, f->name), &f->field->is, &f->type, &line->values[i], j, e));
  }
  json_close(j, '}');
  return true;
}
static void put_span(struct system_run *x, const char *key, const struct value *v, struct json_out *j) {
  json_open(j, key, '{');
  json_str(j, "from", clock_rfc3339(x->run.mem, v->span.from));
  json_str(j, "to", clock_rfc3339(x->run.mem, v->span.to));
  json_close(j, '}');
}
void systems_place_json(const char *key, const struct value *v, struct str address, struct json_out *j) {
  AUTO_ARENA mem = {0};
  json_open(j, key, '{');
  json_str_or_null(j, "at", value_is_none(v) ? (struct str){0} : value_show(&mem, NULL, v, STR("")));
  if (address.len) json_str(j, "words", address);
  json_close(j, '}');
}
static bool put_code(struct system_run *x, const struct flow_system *s, const char *key, const struct type *t,
                     const struct value *v, struct json_out *j, struct err *e) {
  struct str label;
  struct type one = *t;
  one.set = false;
  TRY(flow_show(&x->run, s, &one, v, &label, e));
  json_open(j, key, '{');
  json_str(j, "code", v->text);
  json_str(j, "label", label);
  json_close(j, '}');
  return true;
}
bool systems_value_json(struct system_run *x, const struct flow_system *s, const char *key, const struct type_said *is,
                        const struct type *t, const struct value *v, struct json_out *j, struct err *e) {
  struct arena *mem = x->run.mem;
  switch (v->kind) {
    case VALUE_NONE: json_nil(j, key); return true;
    case VALUE_FLAG: json_bool(j, key, v->flag); return true;
    case VALUE_TEXT: json_str(j, key, v->text); return true;
    case VALUE_CODE: return put_code(x, s, key, t, v, j, e);
    case VALUE_NUMBER: put_number(x, key, is, v, j); return true;
    case VALUE_DATE: json_str(j, key, date_iso(mem, v->date)); return true;
    case VALUE_MOMENT: json_str(j, key, clock_rfc3339(mem, v->moment)); return true;
    case VALUE_SPAN: put_span(x, key, v, j); return true;
    case VALUE_PLACE: systems_place_json(key, v, STR(""), j); return true;
    case VALUE_THING: return put_thing(x, s, key, t, v, j, e);
    case VALUE_TIME:
    case VALUE_DURATION:
    case VALUE_PERIOD: json_str(j, key, value_show(mem, x->run.flow->units, v, STR(""))); return true;
    case VALUE_SET: break;
  }
  json_open(j, key, '[');
  for (size_t i = 0; i < v->set.len; i++) {
    if (is->type == TYPE_rows) TRY(put_rows(x, s, &v->set.at[i], j, e));
    else TRY(systems_value_json(x, s, NULL, is, t, &v->set.at[i], j, e));
  }
  json_close(j, ']');
  return true;
}

/* ---- a record ---- */

static bool put_fields(struct system_run *x, struct flow_row *row, struct json_out *j, struct err *e) {
  json_open(j, "fields", '{');
  for (size_t i = 0; i < row->record->fields.len; i++) {
    const struct flow_field *f = &row->record->fields.at[i];
    AUTO_ARENA mem = {0};
    struct value v = {0};
    bool may = false;
    TRY(systems_reads(x, row->record, row->id, f->class, &may, e));
    if (!may) continue;
    TRY(flow_row_field(&x->run, row, i, &v, e));
    if (f->place == FLOW_POINT && row->words[i].len) {
      systems_place_json(str_z(&mem, f->name), &v, row->words[i], j);
      continue;
    }
    TRY(systems_value_json(x, row->record->system, str_z(&mem, f->name), &f->field->is, &f->type, &v, j, e));
  }
  json_close(j, '}');
  return true;
}
const struct flow_thing *systems_part(struct system_run *x, enum flow_thing_kind kind, const struct flow_row *row,
                                      struct str name) {
  struct flow_thing *t = arena_new(x->run.mem, struct flow_thing);
  *t = (struct flow_thing){
      .kind = kind, .id = name, .record = row->record, .of = flow_thing(&x->run, FLOW_RECORD, row->record, row->id)};
  return t;
}
static bool put_clock(struct system_run *x, const struct flow_row *row, const struct clock *c, struct json_out *j,
                      struct err *e) {
  static const char *const names[] = {"due", "left", "over", "used", "paused", "running"};
  struct clock_reading now = {0};
  AUTO_ARENA mem = {0};
  TRY(flow_clock_read(&x->run, row->record, row->id, c, &now, e));
  json_open(j, str_z(&mem, c->head.name.text), '{');
  json_str(j, "label", c->label.text);
  json_str(j, "lamp", str_of(lamp_word(lamp_of(&now, lamp_rules()))));
  for (size_t i = 0; i < COUNT_OF(names); i++) {
    struct value v = {0};
    flow_clock_part(&now, str_of(names[i]), &v);
    TRY(systems_value_json(x, row->record->system, names[i], &(struct type_said){0}, &(struct type){0}, &v, j, e));
  }
  json_close(j, '}');
  return true;
}
bool systems_clocks_json(struct system_run *x, const struct flow_row *row, struct json_out *j, struct err *e) {
  json_open(j, "clocks", '{');
  vec_each(const struct clock, c, &row->record->record->clocks) TRY(put_clock(x, row, c, j, e));
  json_close(j, '}');
  return true;
}
void systems_head_json(struct system_run *x, const struct flow_row *row, struct json_out *j) {
  struct arena *mem = x->run.mem;
  json_str(j, "id", row->id);
  json_str(j, "record", row->record->name);
  json_str(j, "number", row->number);
  json_str(j, "state", row->state);
  json_str(j, "state_label", flow_state_label(row->record, row->state));
  json_int(j, "rev", row->rev);
  json_bool(j, "ended", row->ended);
  json_str(j, "created", clock_rfc3339(mem, row->created));
  json_str(j, "changed", clock_rfc3339(mem, row->changed));
  json_str_or_null(j, "ended_on", date_none(row->ended_on) ? (struct str){0} : date_iso(mem, row->ended_on));
}
static bool put_creator(struct system_run *x, const struct flow_row *row, struct json_out *j, struct err *e) {
  static const struct type person = {.kind = KIND_PERSON};
  const struct value v =
      row->creator.len ? flow_thing_value(flow_thing(&x->run, FLOW_PERSON, NULL, row->creator)) : (struct value){0};
  return systems_value_json(x, row->record->system, "creator", &(struct type_said){0}, &person, &v, j, e);
}
static bool put_can(struct system_run *x, struct flow_row *row, struct json_out *j, struct err *e) {
  flow_cans all = {0};
  TRY(flow_can(&x->run, row->record, row, &all, e));
  json_open(j, "can", '[');
  vec_each(const struct flow_can, c, &all)
    if (c->code == ERR_NONE) json_str(j, NULL, c->act->head.name.text);
  json_close(j, ']');
  json_open(j, "cannot", '[');
  vec_each(const struct flow_can, c, &all) {
    if (c->code == ERR_NONE) continue;
    json_open(j, NULL, '{');
    json_str(j, "act", c->act->head.name.text);
    json_z(j, "code", err_word(c->code));
    json_str(j, "says", c->says);
    json_close(j, '}');
  }
  json_close(j, ']');
  return true;
}
static bool put_openings(struct system_run *x, struct flow_row *row, struct json_out *j, struct err *e) {
  openings all = {0};
  TRY(systems_openings(x, row, &all, e));
  json_open(j, "openings", '[');
  vec_each(__typeof__(const struct opening *), o, &all) json_str(j, NULL, (*o)->head.name.text);
  json_close(j, ']');
  return true;
}
bool systems_record_json(struct system_run *x, struct flow_row *row, struct json_out *j, struct err *e) {
  const struct record *said = row->record->record;
  json_open(j, "data", '{');
  systems_head_json(x, row, j);
  TRY(put_creator(x, row, j, e));
  TRY(put_fields(x, row, j, e));
  TRY(systems_clocks_json(x, row, j, e));
  TRY(systems_rounds_json(x, row, j, e));
  TRY(systems_papers_json(x, row, j, e) && ledger_origins_json(x, row, j, e));
  json_close(j, '}');
  TRY(put_can(x, row, j, e) && put_openings(x, row, j, e));
  json_open(j, "links", '{');
  const struct str list =
      str_fmt(x->run.mem, "/s/" STRF "/" STRF, STRA(row->record->system->name), STRA(said->head.name.text));
  json_str(j, "list", list);
  json_str(j, "self", str_fmt(x->run.mem, STRF "/" STRF, STRA(list), STRA(row->id)));
  json_close(j, '}');
  return true;
}
