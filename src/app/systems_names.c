/* What a form's reader typed or sent becomes what the API takes: names of units and people their ids, files the ids they are kept
 * under. */
#include "app/systems_form.h"
#include "declare/check.h"
#include "sql.h"
#include "texts.h"

enum { TOLD_MOST = 120 };
static const struct flow_field *input_field(const struct system_place *at, struct str name) {
  const bool takes = words_have(&at->act->asks, name) || words_have(&at->act->may, name);
  return takes ? flow_field(at->record, name) : NULL;
}
static bool unit_id(struct system_run *x, struct str typed, struct str *out, struct err *e) {
  struct sql_system_unit_named_rows rows = {0};
  TRY(sql_system_unit_named(x->run.session, x->run.mem, &(struct sql_system_unit_named_in){STORE_TENANT, typed}, 2,
                            &rows, e));
  if (rows.len == 1) *out = rows.at[0].id;
  return true;
}
/* A name that one person has; 周敏（发展规划与财务处） is read by what stands before the bracket when the role offers it. */
static bool person_id(struct system_run *x, const struct flow_field *f, struct str typed, struct str *out,
                      struct err *e) {
  struct sql_account_person_find_rows rows = {0};
  struct str name = typed, rest;
  (void)f;
  if (!str_cut(typed, STR("（"), &name, &rest)) name = typed;
  TRY(sql_account_person_find(x->run.session, x->run.mem, &(struct sql_account_person_find_in){STORE_TENANT, name}, 2,
                              &rows, e));
  if (rows.len == 1) *out = rows.at[0].id;
  return true;
}
bool system_name_id(struct system_run *x, const struct flow_field *f, struct str typed, struct str *out,
                    struct err *e) {
  *out = typed;
  return is_unit_type(f->field->is.type) ? unit_id(x, typed, out, e) : person_id(x, f, typed, out, e);
}
bool system_names_resolve(struct system_run *x, struct web_request *rq, const struct system_place *at, struct err *e) {
  for (size_t i = 0; i < rq->field_count; i++) {
    struct web_field *sent = &rq->fields[i];
    const struct flow_field *f = sent->is_file ? NULL : input_field(at, sent->name);
    if (!f || !(is_unit_type(f->field->is.type) || is_person_type(f->field->is.type))) continue;
    struct str rest = str_replace(rq->mem, str_trim(sent->value), STR("、"), STR(",")), one, id, all = STR("");
    while (rest.len) {
      if (!str_cut(rest, STR(","), &one, &rest)) one = rest, rest = (struct str){0};
      if (!str_trim(one).len) continue;
      TRY(system_name_id(x, f, str_trim(one), &id, e));
      all = all.len ? str_fmt(rq->mem, STRF "," STRF, STRA(all), STRA(id)) : id;
    }
    sent->value = all;
  }
  return true;
}
bool system_files_take(struct web_request *rq, const struct system_place *at, struct err *e) {
  for (size_t i = 0; i < rq->field_count; i++) {
    struct web_field *sent = &rq->fields[i];
    if (!sent->is_file) continue;
    if (input_field(at, sent->name) && sent->file_name.len && sent->value.len) {
      struct str id = {0};
      TRY(system_file_keep(rq, sent, &id, e));
      sent->value = id;
    } else {
      sent->value = STR("");
    }
    sent->is_file = false;
  }
  return true;
}
static struct str cut_to(struct str s, size_t most) {
  size_t n = s.len < most ? s.len : most;
  while (n && n < s.len && ((unsigned char)s.at[n] & 0xC0) == 0x80) n--;
  return str_slice(s, 0, n);
}
/* The first text of it that people search by, else the first text at all. */
bool system_record_told(struct system_run *x, const struct flow_record *r, struct str id, struct str *out,
                        struct err *e) {
  struct flow_row *row = NULL;
  const struct flow_field *by = NULL;
  struct value v = {0};
  TRY(flow_row(&x->run, r, id, &row, e));
  *out = row ? row->number : STR("");
  vec_each(const struct flow_field, f, &r->fields) {
    if (f->field->is.type != TYPE_text || f->class > CLASS_inner || f->place != FLOW_COLUMN) continue;
    if (!by || (f->field->search.which == 1 && by->field->search.which != 1)) by = f;
  }
  if (row && by) TRY(flow_row_field(&x->run, row, (size_t)(by - r->fields.at), &v, e));
  if (v.kind == VALUE_TEXT) {
    const struct str cut = cut_to(v.text, TOLD_MOST);
    *out = out->len ? str_fmt(x->run.mem, STRF " " STRF, STRA(*out), STRA(cut)) : cut;
  }
  if (!out->len) *out = r->record->label.text;
  return true;
}
