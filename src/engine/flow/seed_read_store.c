/* Cells of demo rows to values: units and people by their names, records by what their rows call them, days moved to the demo's own. */
#include "base/yaml.h"
#include "declare/check.h"
#include "engine/flow/sealed.h"
#include "engine/flow/seeds.h"
#include "sql.h"
#include "store/store.h"
#include "texts.h"

enum { CALLED_MOST = 2 };

/* ---- what rows call one another ---- */

struct str flow_seed_said(const struct flow_seed_line *l, struct str column) {
  for (size_t i = 0; i < l->head->len && i < l->cells->len; i++)
    if (str_eq(l->head->at[i], column)) return l->cells->at[i];
  return STR("");
}
static void call(struct flow_seed *s, const struct flow_seed_line *l, struct str name) {
  if (name.len) vec_push(s->run->mem, &s->names->all) = (struct flow_seed_name){l->row->record, name, l->row->id};
}
void flow_seed_called(struct flow_seed *s, const struct flow_seed_line *l) {
  const struct record *r = l->row->record->record;
  struct str key = STR("");
  call(s, l, flow_seed_said(l, STR("row")));
  call(s, l, flow_seed_said(l, STR("number")));
  vec_each(const struct word, w, &r->key)
    key = str_fmt(s->run->mem, STRF "%s" STRF, STRA(key), key.len ? "/" : "", STRA(flow_seed_said(l, w->text)));
  call(s, l, key);
  vec_each(const struct field, f, &r->fields)
    if (is_yes(f->unique)) call(s, l, flow_seed_said(l, f->head.name.text));
}
static struct str record_called(const struct flow_seed *s, const struct flow_record *r, struct str name) {
  vec_each(const struct flow_seed_name, x, &s->names->all)
    if (x->record == r && str_eq(x->name, name)) return x->id;
  return STR("");
}

/* ---- units, people ---- */

static struct str unit_called(struct flow_seed *s, struct str name) {
  struct sql_system_unit_named_rows rows = {0};
  struct err ignored = {0};
  const struct sql_system_unit_named_in in = {STORE_TENANT, name};
  return sql_system_unit_named(s->run->session, s->run->mem, &in, CALLED_MOST, &rows, &ignored) && rows.len
             ? rows.at[0].id
             : STR("");
}
/* Somebody who can be signed in as, before one of the same name who cannot. */
static struct str person_called(struct flow_seed *s, struct str name) {
  struct sql_account_person_find_rows rows = {0};
  struct err ignored = {0};
  const struct sql_account_person_find_in in = {STORE_TENANT, name};
  if (!sql_account_person_find(s->run->session, s->run->mem, &in, SIZE_MAX, &rows, &ignored)) return STR("");
  for (size_t i = 0; i < rows.len; i++)
    if (rows.at[i].account.len) return rows.at[i].id;
  return rows.len ? rows.at[0].id : STR("");
}
static bool find_thing(const struct value_reader *reader, const struct type *t, struct str said, struct value *out) {
  struct flow_seed *s = reader->world;
  struct str id = STR("");
  const struct flow_record *r = t->kind == KIND_RECORD ? flow_record_of(s->run->flow, t->of) : NULL;
  if (t->kind == KIND_UNIT) id = unit_called(s, said);
  if (t->kind == KIND_PERSON) id = person_called(s, said);
  if (r) id = record_called(s, r, said);
  if (!id.len) return false;
  const enum flow_thing_kind kind = t->kind == KIND_UNIT     ? FLOW_UNIT
                                    : t->kind == KIND_PERSON ? FLOW_PERSON
                                                             : FLOW_RECORD;
  *out = flow_thing_value(flow_thing(s->run, kind, r, id));
  return true;
}

/* ---- cells ---- */

static void move(const struct flow_seed *s, struct value *v) {
  switch (v->kind) {
    case VALUE_DATE: v->date = date_of_days(date_to_days(v->date) + s->moved); return;
    case VALUE_MOMENT: v->moment += s->moved * DAY_US; return;
    case VALUE_SPAN: v->span.from += s->moved * DAY_US, v->span.to += s->moved * DAY_US; return;
    default: return;
  }
}
/* Of a list or a record of another package, whose types this one does not know. */
static bool read_other(struct flow_seed *s, const struct flow_field *f, struct str said, struct value *out) {
  const struct flow_record *r = flow_referred(s->run->flow, f);
  const bool is_ref = f->field->is.type == TYPE_ref;
  const struct str id = is_ref && r ? record_called(s, r, said) : STR("");
  if (!is_ref) *out = value_code(said);
  else if (id.len) *out = flow_thing_value(flow_thing(s->run, FLOW_RECORD, r, id));
  return !is_ref || id.len;
}
static bool read_cell(struct flow_seed *s, const struct flow_field *f, struct str said, struct flow_seed_cell *out) {
  struct arena *mem = s->run->mem;
  const struct value_reader reader = {s->run->flow->units, s->run->flow->calendar, s, find_thing};
  struct str head = said, tail = {0};
  *out = (struct flow_seed_cell){.is_said = said.len > 0};
  if (!said.len || str_eqz(said, "none")) return true;
  if (f->type.kind == KIND_BAD) return read_other(s, f, said, &out->value);
  if (f->type.set) said = str_replace(mem, str_replace(mem, said, STR(";"), STR(",")), STR(" "), STR(","));
  if (f->type.kind == KIND_PLACE && str_cut(said, STR(" "), &head, &tail)) said = head, out->words = tail;
  TRY(value_read(mem, &reader, &f->type, said, &out->value));
  move(s, &out->value);
  return true;
}
/* `[[SQ, none, none], [ZC, none, none]]`: cells of the columns that are not computed. */
static bool read_rows(struct flow_seed *s, const struct flow_row *row, const struct flow_field *f, struct str said,
                      struct flow_seed_cell *out) {
  struct yaml *root = NULL;
  struct err quiet = {0};
  VEC(struct value) all = {0};
  if (!said.len) return true;
  if (!yaml_parse(s->run->mem, STR("demo"), said, &root, &quiet) || root->kind != YAML_LIST) return false;
  for (const struct yaml *line = root->child; line; line = line->next) {
    struct value *values = arena_new_n(s->run->mem, struct value, f->row_count);
    const struct yaml *cell = line->child;
    for (size_t i = 0; i < f->row_count; i++) {
      struct flow_seed_cell one;
      if (f->rows[i].is_computed) continue;
      if (cell && cell->kind != YAML_SCALAR) return false;
      TRY(read_cell(s, &f->rows[i], cell ? cell->text : STR(""), &one));
      values[i] = one.value;
      cell = cell ? cell->next : NULL;
    }
    vec_push(s->run->mem, &all) = flow_thing_value(flow_row_thing(s->run, row, f, values));
  }
  *out = (struct flow_seed_cell){.value = value_set(all.at, all.len), .is_said = true};
  return true;
}
static struct str span_said(struct flow_seed *s, const struct flow_seed_line *l, struct str name) {
  const struct str from = flow_seed_said(l, str_join(s->run->mem, name, STR("_from")));
  const struct str to = flow_seed_said(l, str_join(s->run->mem, name, STR("_to")));
  return from.len ? str_fmt(s->run->mem, STRF ".." STRF, STRA(from), STRA(to)) : STR("");
}
bool flow_seed_refuse(struct flow_seed *s, const struct flow_seed_line *l, struct str said, struct err *e) {
  const struct str at = str_fmt(s->run->mem, STRF "/" STRF ":%zu", STRA(s->at->name), STRA(l->path), l->n);
  return fail(e, ERR_INVALID, MSG_flow_seed_cell, "at", at, "text", said);
}
bool flow_seed_cells(struct flow_seed *s, const struct flow_seed_line *l, struct flow_seed_cell *out, struct err *e) {
  const struct flow_record *r = l->row->record;
  const bool may_seal = flow_may_seal(s->run, r);
  for (size_t i = 0; i < r->fields.len; i++) {
    const struct flow_field *f = &r->fields.at[i];
    const struct str said = f->type.kind == KIND_SPAN ? span_said(s, l, f->name) : flow_seed_said(l, f->name);
    out[i] = (struct flow_seed_cell){0};
    if (f->is_computed || (f->place == FLOW_SEALED && !may_seal)) continue;
    const bool ok = f->type.kind == KIND_ROW ? read_rows(s, l->row, f, said, &out[i]) : read_cell(s, f, said, &out[i]);
    if (!ok) return flow_seed_refuse(s, l, str_fmt(s->run->mem, STRF ": " STRF, STRA(f->name), STRA(said)), e);
  }
  return true;
}
