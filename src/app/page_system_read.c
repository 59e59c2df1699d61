/* Records of systems as they are read: one with all that may be read of it, and a list under the scope of who asks. */
#include "app/systems_form.h"
#include "app/systems_openings.h"
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
/* The page of the record shows it too, in words. */
static bool show_history(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct system_place at;
  struct system_run x;
  struct flow_row *row = NULL;
  struct sql_flow_act_list_rows deeds = {0};
  opened_list opened = {0};
  TRY(systems_place(rq, &at, e));
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  systems_begin(&x, rq, r);
  TRY(systems_row(&x, at.record, at.id, &row, e));
  if (!rq->json) return system_record_page(&x, rq, row, rs, e);
  const struct sql_flow_act_list_in in = {STORE_TENANT, at.record->name, at.id};
  TRY(sql_flow_act_list(r, rq->mem, &in, SIZE_MAX, &deeds, e));
  TRY(systems_opened(&x, at.record, at.id, &opened, e));
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "rows", '[');
  vec_each(const struct sql_flow_act_list, d, &deeds) TRY(deed_json(&x, at.system, d, j, e));
  for (size_t i = opened.len; i-- > 0;) TRY(opened_json(&x, at.system, &opened.at[i], j, e));
  json_close(j, ']');
  json_nil(j, "next");
  json_close(j, '}');
  return true;
}

/* ---- a list ---- */

enum { LIST_PAGE = 100, LIST_LOOKS = 5000 };
struct asked { /* state, equalities and a condition */
  struct system_run *x;
  const struct flow_record *record;
  const struct expr *where;
  struct str state;
};
struct forbidden {
  const struct flow_record *record;
  bool is;
};
/* A condition that somebody types must not tell what they may not read: it speaks of the record's own fields that every
 * reader sees, of its clocks, and of no other record. */
static void look_at(void *arg, const struct expr *x) {
  struct forbidden *f = arg;
  const struct flow_field *field =
      x->kind == EXPR_NAME && x->bound == BOUND_FIELD ? flow_field(f->record, x->text) : NULL;
  if (field && field->class > CLASS_inner) f->is = true;
  if (x->kind == EXPR_QUERY || x->kind == EXPR_EACH) f->is = true;
  if (x->kind != EXPR_PATH || !x->a->type) return;
  const enum kind of = x->a->type->kind;
  if (of == KIND_RECORD || of == KIND_BAD || of == KIND_PERSON || of == KIND_ROUND || x->a->type->set) f->is = true;
}
static bool read_where(struct web_request *rq, struct asked *o, struct err *e) {
  static const struct type flag = {.kind = KIND_FLAG};
  const struct str text = str_trim(web_query(rq, "where"));
  struct type_answer answer;
  struct expr *tree = NULL;
  struct forbidden f = {o->record, false};
  if (!text.len) return true;
  if (!typed_expr(o->record->system->typed, rq->mem, o->record->record, text, &flag, &tree, &answer, e)) return false;
  expr_walk(tree, look_at, &f);
  if (f.is || answer.is_looking_around) return fail(e, ERR_INVALID, MSG_systems_where, "name", STR("where"));
  o->where = tree;
  return true;
}
static bool fits(struct asked *o, struct flow_row *row, bool *out, struct err *e) {
  const struct flow_about about = {.self = row};
  struct value v = value_flag(true);
  *out = !o->state.len || str_eq(o->state, row->state);
  if (*out && o->where) TRY(flow_eval(&o->x->run, &about, o->where, NULL, &v, e));
  *out = *out && value_is_yes(&v);
  return true;
}
static bool put_row(struct asked *o, struct flow_row *row, struct json_out *j, struct err *e) {
  struct system_run *x = o->x;
  json_open(j, NULL, '{');
  systems_head_json(x, row, j);
  json_open(j, "fields", '{');
  for (size_t i = 0; i < o->record->fields.len; i++) {
    const struct flow_field *f = &o->record->fields.at[i];
    AUTO_ARENA mem = {0};
    struct value v = {0};
    if (f->class > CLASS_inner || f->place > FLOW_POINT)
      continue; /* sets and what is worked out stand on the record's own page */
    TRY(flow_row_field(&x->run, row, i, &v, e));
    TRY(systems_value_json(x, o->record->system, str_z(&mem, f->name), &f->field->is, &f->type, &v, j, e));
  }
  json_close(j, '}');
  json_close(j, '}');
  return true;
}
typedef VEC(struct flow_row *) row_list;
typedef VEC(const struct flow_field *) row_fields;
/* Goes through what is seen, newest first, until a page is full or enough was looked through. */
static bool find_rows(struct asked *o, struct str after, row_list *out, struct str *out_next, struct err *e) {
  struct system_run *x = o->x;
  struct rights_list q = {.types = "", .after = after.len > 0, .after_id = after, .most = LIST_PAGE};
  int found = 0;
  for (int looked = 0; found < LIST_PAGE && looked < LIST_LOOKS; looked += LIST_PAGE) {
    rights_rows rows = {0};
    TRY(rights_list(x->run.session, x->run.mem, systems_view(x, o->record), &q, &rows, e));
    for (size_t i = 0; i < rows.len && found < LIST_PAGE; i++) {
      struct flow_row *row = NULL;
      bool is = false;
      q.after = true;
      q.after_id = rows.at[i].at[0].s;
      TRY(flow_row(&x->run, o->record, q.after_id, &row, e));
      if (row) TRY(fits(o, row, &is, e));
      if (is) vec_push(x->run.mem, out) = row;
      found += is;
    }
    *out_next = rows.len < LIST_PAGE && found < LIST_PAGE ? (struct str){0} : q.after_id;
    if (rows.len < LIST_PAGE) break;
  }
  return true;
}
/* ---- as a page ---- */

/* What views.list names, as far as it is a field that every reader sees; else the first of them. */
static void list_columns(const struct flow_record *r, struct arena *mem, row_fields *out) {
  enum { COLUMNS_MOST = 6 };
  const struct views *v = r->record->views;
  for (size_t i = 0; v && i < v->list.len && out->len < COLUMNS_MOST; i++) {
    const struct expr *x = v->list.at[i].tree;
    const struct flow_field *f = x && x->kind == EXPR_NAME ? flow_field(r, x->text) : NULL;
    if (f && f->class <= CLASS_inner && f->place <= FLOW_POINT) vec_push(mem, out) = f;
  }
  vec_each(const struct flow_field, f, &r->fields) {
    const bool is_short = f->field->is.type != TYPE_text || f->field->is.most < 120;
    if (!v && is_short && f->class <= CLASS_inner && f->place <= FLOW_POINT && out->len < COLUMNS_MOST)
      vec_push(mem, out) = f;
  }
}
static bool fill_row(struct asked *o, const row_fields *columns, struct flow_row *row, struct view_srecord *v,
                     struct err *e) {
  struct system_run *x = o->x;
  struct arena *mem = x->run.mem;
  v->href = system_address(mem, o->record, row->id, "");
  v->title = row->number;
  if (!v->title.len) TRY(system_record_told(x, o->record, row->id, &v->title, e));
  for (size_t i = 0; i < columns->len; i++) {
    const struct flow_field *f = columns->at[i];
    struct view_scell *c = &vec_push(mem, &v->cells);
    struct value value = {0};
    c->label = f->field->label.text;
    TRY(flow_row_field(&x->run, row, (size_t)(f - o->record->fields.at), &value, e));
    TRY(flow_show(&x->run, o->record->system, &f->type, &value, &c->text, e));
  }
  if (o->record->record->states.len)
    vec_push(mem, &v->cells) = (struct view_scell){.text = flow_state_label(o->record, row->state)};
  return true;
}
static void fill_tabs(struct asked *o, struct web_request *rq, struct view_system_list *v, struct str path) {
  vec_push(rq->mem, &v->tabs) =
      (struct view_link){.href = path, .label = page_text(rq, MSG_systems_all), .current = !o->state.len};
  vec_each(const struct state, s, &o->record->record->states)
    vec_push(rq->mem, &v->tabs) =
        (struct view_link){.href = str_fmt(rq->mem, STRF "?state=" STRF, STRA(path), STRA(s->head.name.text)),
                           .label = s->label.text,
                           .current = str_eq(o->state, s->head.name.text)};
  if (v->tabs.len == 1) v->tabs.len = 0;
}
static bool list_page(struct asked *o, struct web_request *rq, struct web_response *rs, const row_list *rows,
                      struct str next, struct err *e) {
  struct view_system_list v = {.lang = rq->lang, .title = o->record->record->label.text};
  const struct flow_system *s = o->record->system;
  row_fields columns = {0};
  v.f = page_frame(rq, v.title, PAGE_SYSTEMS, "ui/js/table.js");
  v.system = s->system->label.text;
  v.system_href = v.f.back = str_fmt(rq->mem, "/s/" STRF, STRA(s->name));
  const struct str path = str_fmt(rq->mem, STRF "/" STRF, STRA(v.system_href), STRA(o->record->record->head.name.text));
  vec_each(const struct act, a, &o->record->record->acts)
    if (systems_is_start(a) && systems_may_start(o->x, o->record, a)) {
      const bool is_first = !v.acts.len;
      vec_push(rq->mem, &v.acts) =
          (struct view_link){.href = str_fmt(rq->mem, STRF "/acts/" STRF, STRA(path), STRA(a->head.name.text)),
                             .label = a->label.text,
                             .current = is_first};
    }
  fill_tabs(o, rq, &v, path);
  list_columns(o->record, rq->mem, &columns);
  vec_push(rq->mem, &v.heads) = page_text(rq, MSG_systems_number);
  for (size_t i = 0; i < columns.len; i++) vec_push(rq->mem, &v.heads) = columns.at[i]->field->label.text;
  if (o->record->record->states.len) vec_push(rq->mem, &v.heads) = page_text(rq, MSG_systems_state);
  for (size_t i = 0; i < rows->len; i++) TRY(fill_row(o, &columns, rows->at[i], &vec_push(rq->mem, &v.rows), e));
  if (next.len) v.next = web_here(rq, "after", next);
  if (web_query(rq, "after").len) v.first = web_here(rq, "after", STR(""));
  page_system_list(&rs->body, &v);
  return true;
}
static bool list_json(struct asked *o, struct web_response *rs, const row_list *rows, struct str next, struct err *e) {
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "rows", '[');
  for (size_t i = 0; i < rows->len; i++) TRY(put_row(o, rows->at[i], j, e));
  json_close(j, ']');
  json_str_or_null(j, "next", next);
  json_close(j, '}');
  return true;
}
static bool show_list(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct system_place at;
  struct system_run x;
  struct str next = {0};
  row_list rows = {0};
  TRY(systems_place(rq, &at, e));
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  systems_begin(&x, rq, r);
  struct asked o = {.x = &x, .record = at.record, .state = web_query(rq, "state")};
  TRY(read_where(rq, &o, e));
  TRY(find_rows(&o, web_query(rq, "after"), &rows, &next, e));
  return rq->json ? list_json(&o, rs, &rows, next, e) : list_page(&o, rq, rs, &rows, next, e);
}

const struct route page_system_read_routes[] = {
    {GET, "/s/{system}/{record}", "system.see", show_list,
     "records that are seen; where: a condition over their own fields", .query = "state where after"},
    {GET, "/s/{system}/{record}/{id}", "system.see", show_record,
     "one record: fields, clocks, rounds, what may be done now", .query = "purpose"},
    {GET, "/s/{system}/{record}/{id}/history", "system.see", show_history, "what was done to a record, by whom, when",
     .query = NULL},
    {0},
};
