/* Inputs of acts as they were sent, by name: from a form of a page, or from flat JSON. The engine reads the words of each by its type. */
#include "app/systems_form.h"
#include "declare/check.h"
#include "sql.h"
#include "texts.h"

bool system_is_control(struct str name) {
  static const char *const all[] = {"rev", "key", "back_to", "confirmed", "do", "token", "alike"};
  for (size_t i = 0; i < COUNT_OF(all); i++)
    if (str_eqz(name, all[i])) return true;
  return false;
}
struct str system_address(struct arena *mem, const struct flow_record *r, struct str id, const char *tail) {
  return str_fmt(mem, "/s/" STRF "/" STRF "/" STRF "%s", STRA(r->system->name), STRA(r->record->head.name.text),
                 STRA(id), tail);
}
struct str system_sent(const struct web_request *rq, struct str name, bool *out_has) {
  struct str all = STR("");
  *out_has = false;
  for (size_t i = 0; i < rq->field_count; i++) {
    const struct web_field *f = &rq->fields[i];
    if (f->is_file || !str_eq(f->name, name)) continue;
    *out_has = true;
    const struct str v = str_trim(f->value);
    if (v.len) all = all.len ? str_fmt(rq->mem, STRF "," STRF, STRA(all), STRA(v)) : v;
  }
  return all;
}

/* ---- rows ---- */

/* "parts.12.title": the row, and the column; false: not of this field. */
static bool cell_name(struct str sent, struct str field, int64_t *out_row, struct str *out_column) {
  struct str head, rest, row;
  return str_cut(sent, STR("."), &head, &rest) && str_eq(head, field) && str_cut(rest, STR("."), &row, out_column) &&
         str_to_int(row, out_row) && *out_row >= 0;
}
static int64_t rows_sent(const struct web_request *rq, struct str field) {
  int64_t most = -1, row = 0;
  struct str column;
  for (size_t i = 0; i < rq->field_count; i++)
    if (cell_name(rq->fields[i].name, field, &row, &column) && row > most) most = row;
  return most + 1;
}
static bool column_known(const struct flow_field *f, struct str column) {
  for (size_t i = 0; i < f->row_count; i++)
    if (str_eq(f->rows[i].name, column)) return true;
  return false;
}
static bool read_row(struct system_run *x, struct web_request *rq, const struct flow_record *r,
                     const struct flow_field *f, int64_t row, struct flow_thing **out, struct err *e) {
  struct flow_thing *t = flow_thing(&x->run, FLOW_ROW_OF, r, STR(""));
  bool any = false, has = false;
  t->columns = f->rows;
  t->value_count = f->row_count;
  t->values = arena_new_n(rq->mem, struct value, f->row_count);
  for (size_t i = 0; i < f->row_count; i++) {
    const struct flow_field *c = &f->rows[i];
    const struct str name = str_fmt(rq->mem, STRF ".%d." STRF, STRA(f->name), (int)row, STRA(c->name));
    const struct str said = system_sent(rq, name, &has);
    any = any || said.len;
    if (said.len)
      TRY(flow_read(&x->run, r->system, name, c->field->label.text, &c->field->is, &c->type, said, &t->values[i], e));
  }
  *out = any ? t : NULL;
  return true;
}
static bool read_rows(struct system_run *x, struct web_request *rq, const struct flow_record *r,
                      const struct flow_field *f, flow_inputs *out, struct err *e) {
  const int64_t n = rows_sent(rq, f->name);
  bool is_empty = false;
  (void)system_sent(rq, f->name, &is_empty); /* sent by its bare name: no rows */
  if (!n && !is_empty) return true;
  if (n > FORM_FIELDS_MAX) return fail(e, ERR_TOO_MANY, MSG_systems_rows, "name", f->name);
  VEC(struct value) rows = {0};
  for (int64_t i = 0; i < n; i++) {
    struct flow_thing *t = NULL;
    TRY(read_row(x, rq, r, f, i, &t, e));
    if (t) vec_push(rq->mem, &rows) = flow_thing_value(t);
  }
  vec_push(rq->mem, out) = (struct flow_input){.name = f->name, .value = value_set(rows.at, rows.len)};
  return true;
}

/* ---- files ---- */

/* Of the files of an input, one after another. */
static const struct flow_thing *file_at(const struct value *v, size_t i) {
  const struct value *one = v->kind == VALUE_SET ? (i < v->set.len ? &v->set.at[i] : NULL) : i ? NULL : v;
  return one && one->kind == VALUE_THING ? flow_thing_of(one) : NULL;
}
/* One's own that no act has taken, or one that the record has already. */
static bool check_files(struct system_run *x, const struct system_place *at, const struct flow_input *in,
                        struct err *e) {
  const struct flow_thing *t;
  for (size_t i = 0; (t = file_at(&in->value, i)) != NULL; i++) {
    struct sql_flow_file_get f = {0};
    bool found = false;
    TRY(sql_flow_file_get(x->run.session, x->run.mem, &(struct sql_flow_file_get_in){STORE_TENANT, t->id}, &f, &found,
                          e));
    const bool is_own = !f.record.len && str_eq(f.person, x->run.person);
    const bool is_there = str_eq(f.record, at->record->name) && at->id.len && str_eq(f.owner, at->id);
    if (!found || !(is_own || is_there)) return fail(e, ERR_INVALID, MSG_systems_no_file, "name", in->name);
  }
  return true;
}
bool system_files_keep(struct system_run *x, const struct system_place *at, struct str round, const flow_inputs *inputs,
                       struct str id, struct err *e) {
  vec_each(const struct flow_input, in, inputs) {
    const struct flow_thing *t = file_at(&in->value, 0);
    const struct str field = round.len ? str_fmt(x->run.mem, STRF "." STRF, STRA(round), STRA(in->name)) : in->name;
    if (!t || t->kind != FLOW_FILE) continue;
    TRY(check_files(x, at, in, e));
    for (size_t i = 0; (t = file_at(&in->value, i)) != NULL; i++)
      TRY(sql_flow_file_keep(
          x->run.session,
          &(struct sql_flow_file_keep_in){
              .tenant = STORE_TENANT, .id = t->id, .record = at->record->name, .owner = id, .field = field},
          NULL, e));
  }
  return true;
}

/* ---- places ---- */

/* "31.2304,121.4737", whatever the numbers are: digits, a point, a sign, one comma. */
static bool is_degrees(struct str s) {
  size_t commas = 0, digits = 0;
  for (size_t i = 0; i < s.len; i++) {
    const char c = s.at[i];
    commas += c == ',';
    digits += c >= '0' && c <= '9';
    if (!(c >= '0' && c <= '9') && c != ',' && c != '.' && c != '-') return false;
  }
  return commas == 1 && digits;
}
/* Words beside degrees, or one of them alone: somebody who is asked where it was knows the street, a telephone the degrees. */
static bool read_place(struct system_run *x, struct web_request *rq, const struct flow_record *r,
                       const struct flow_field *f, struct str said, struct flow_input *out, struct err *e) {
  bool has = false;
  struct str head = said, rest = STR(""), at = system_sent(rq, str_fmt(rq->mem, STRF SYSTEM_AT, STRA(f->name)), &has);
  out->words = said;
  (void)str_cut(said, STR(" "), &head, &rest);
  if (is_degrees(head)) at = head, out->words = str_trim(rest);
  if (f->place != FLOW_POINT) at = said; /* sealed: one cell, for the degrees */
  if (out->words.len > PLACE_WORDS_MAX)
    return fail(e, ERR_INVALID, MSG_systems_place_long, "name", f->name, "limit", str_int(rq->mem, PLACE_WORDS_MAX));
  return !at.len ||
         flow_read(&x->run, r->system, f->name, f->field->label.text, &f->field->is, &f->type, at, &out->value, e);
}

/* ---- one input ---- */

bool system_input_read(struct system_run *x, struct web_request *rq, const struct system_place *at,
                       const struct flow_field *f, flow_inputs *out, struct err *e) {
  const struct flow_record *r = at->record;
  bool has = false;
  struct flow_input in = {.name = f->name};
  const struct str said = system_sent(rq, f->name, &has);
  if (f->field->is.type == TYPE_rows) return read_rows(x, rq, r, f, out, e);
  if (!has) return true;
  if (f->type.set) in.value = value_set(NULL, 0);
  if (f->field->is.type == TYPE_place) TRY(read_place(x, rq, r, f, said, &in, e));
  else if (said.len)
    TRY(flow_read(&x->run, r->system, f->name, f->field->label.text, &f->field->is, &f->type, said, &in.value, e));
  vec_push(rq->mem, out) = in;
  return true;
}
static bool takes_name(const struct system_place *at, struct str name) {
  int64_t row = 0;
  struct str head = name, rest, column;
  if (system_is_control(name)) return true;
  if (str_cut(name, STR("."), &head, &rest)) {
    const struct flow_field *f = flow_field(at->record, head);
    const bool is_cell = f && cell_name(name, head, &row, &column) && column_known(f, column);
    if (!is_cell && !(f && f->field->is.type == TYPE_place && str_eqz(rest, SYSTEM_AT + 1))) return false;
  } else {
    head = name;
  }
  return words_have(&at->act->asks, head) || words_have(&at->act->may, head) || part_find(&at->act->takes, head);
}
/* An input that is no field of the record. */
static bool taken_read(struct system_run *x, const struct web_request *rq, const struct system_place *at,
                       const struct named_type *said, flow_inputs *out, struct err *e) {
  const struct flow_system *s = at->record->system;
  const struct type t = meaning_said_type(&s->typed->m, &said->type);
  struct flow_input in = {.name = said->head.name.text};
  bool has = false;
  const struct str text = system_sent(rq, in.name, &has);
  if (!text.len) return true;
  TRY(flow_read(&x->run, s, in.name, flow_taken_label(at->record, said), &said->type, &t, text, &in.value, e));
  vec_push(rq->mem, out) = in;
  return true;
}
bool system_inputs_read(struct system_run *x, struct web_request *rq, const struct system_place *at, flow_inputs *out,
                        struct err *e) {
  const words *lists[] = {&at->act->asks, &at->act->may};
  for (size_t i = 0; i < rq->field_count; i++) {
    const struct str name = rq->fields[i].name;
    if (!takes_name(at, name))
      return fail(e, ERR_INVALID, MSG_systems_no_input, "name", name, "act", at->act->label.text);
  }
  for (size_t l = 0; l < COUNT_OF(lists); l++) {
    vec_each(const struct word, w, lists[l]) {
      const struct flow_field *f = flow_field(at->record, w->text);
      if (f) TRY(system_input_read(x, rq, at, f, out, e));
    }
  }
  vec_each(const struct named_type, t, &at->act->takes) TRY(taken_read(x, rq, at, t, out, e));
  return true;
}
