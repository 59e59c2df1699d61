/* Public forms and pages as people see them: on a telephone, without script, without signing in. What a form asks is made by the same
 * code as the forms of the office; what stands on a page is what the API tells. */
#include "app/systems_public.h"
#include "app/views_public.h"
#include "declare/check.h"
#include "pages.h"
#include "texts.h"

enum { LONG_FROM = 120 };

static struct str address_of(struct web_request *rq, const struct flow_system *s, struct str part) {
  return str_fmt(rq->mem, "/p/" STRF "/" STRF, STRA(s->name), STRA(part));
}
static struct str home_of(struct web_request *rq, const struct flow_system *s) {
  return str_fmt(rq->mem, "/p/" STRF, STRA(s->name));
}

/* ---- the door ---- */

static bool is_record(const struct word *of, const struct flow_record *r) {
  struct str head = of->text, rest;
  (void)str_cut(of->text, STR("."), &head, &rest);
  return str_eq(head, r->record->head.name.text);
}
static bool show_home(struct web_request *rq, struct web_response *rs, struct err *e) {
  const struct flow_system *s = flow_system(systems_flow(app_of(rq)->systems), web_param(rq, "system"));
  const struct public_part *p = s ? s->system->public : NULL;
  if (!p) return fail(e, ERR_NOT_FOUND, MSG_web_not_found);
  const struct str title = s->system->label.text;
  struct view_public_home v = {.lang = rq->lang, .f = page_frame(rq, title, PAGE_OTHER, NULL), .title = title};
  v.says = s->system->summary.text;
  vec_each(const struct public_form, f, &p->forms)
    vec_push(rq->mem, &v.links) = (struct view_link){address_of(rq, s, f->head.name.text), .label = f->label.text};
  vec_each(const struct public_page, x, &p->pages)
    vec_push(rq->mem, &v.links) = (struct view_link){address_of(rq, s, x->head.name.text), .label = x->label.text};
  page_public_home(&rs->body, &v);
  return true;
}

/* ---- fields ---- */

static struct str key_label(struct web_request *rq, const struct flow_record *r, struct str name) {
  const struct flow_field *f = flow_field(r, name);
  if (str_eqz(name, "number")) return page_text(rq, MSG_systems_number);
  return str_eqz(name, "lookup") ? page_text(rq, MSG_public_lookup) : f ? f->field->label.text : name;
}
static struct view_sfield key_field(struct web_request *rq, const struct flow_record *r, struct str name,
                                    const struct err *why) {
  struct view_sfield v = {.name = name, .css = "", .label = key_label(rq, r, name)};
  AUTO_ARENA mem = {0};
  const char *key = str_z(&mem, name);
  v.id = str_fmt(rq->mem, "f-" STRF, STRA(name));
  v.value = str_dup(rq->mem, rq->method == POST ? web_field(rq, key) : web_query(rq, key));
  if (!why || !str_eq(err_field(why), name)) return v;
  v.error = err_says(rq->mem, rq->lang, why);
  v.described = str_fmt(rq->mem, "e-" STRF, STRA(name));
  return v;
}
/* A record is chosen among those that stand on a public page. */
static bool offer_posted(struct form_made *m, const struct public_place *at, const struct flow_field *f,
                         struct view_sfield *v, struct err *e) {
  const struct flow_record *of = flow_referred(m->x->run.flow, f);
  const struct str chosen = v->value;
  v->options.len = 0;
  v->is_select = true;
  v->list = STR("");
  vec_push(m->mem, &v->options) = (struct view_option){
      STR(""), page_text(m->rq, v->is_optional ? MSG_systems_unsaid : MSG_systems_choose), !chosen.len};
  vec_each(const struct public_page, p, &at->system->system->public->pages) {
    const struct public_place there = {
        .system = at->system, .page = p, .record = flow_record_in(at->system, p->of.text)};
    flow_row_list rows = {0};
    struct str next = {0};
    if (there.record != of || p->find_by.len) continue;
    TRY(public_rows(m->x, m->rq, &there, STR(""), &rows, &next, e));
    for (size_t i = 0; i < rows.len; i++) {
      struct str told;
      TRY(system_record_told(m->x, of, rows.at[i]->id, &told, e));
      vec_push(m->mem, &v->options) = (struct view_option){rows.at[i]->id, told, str_eq(rows.at[i]->id, chosen)};
    }
  }
  return true;
}
static bool fill_fields(struct form_made *m, const struct public_place *at, const struct err *why, struct err *e) {
  const words *lists[] = {&at->act->asks, &at->act->may};
  for (size_t i = 0; i < at->form->find_by.len; i++)
    vec_push(m->mem, &m->v->fields) = key_field(m->rq, at->record, at->form->find_by.at[i].text, why);
  for (size_t l = 0; l < COUNT_OF(lists); l++)
    vec_each(const struct word, w, lists[l]) {
      const struct flow_field *f = flow_field(at->record, w->text);
      if (!f || !public_can_fill(at->form, f)) continue;
      TRY(system_field_fill(m, f, l == 1 && f->field->need.which != 1, e));
      if (f->field->is.type == TYPE_ref) TRY(offer_posted(m, at, f, &vec_last(&m->v->fields), e));
    }
  return true;
}

/* ---- a form ---- */

static void say_why(struct web_request *rq, struct form_made *m, struct view_public_form *v, const struct err *why) {
  const struct str says = err_says(rq->mem, rq->lang, why);
  if (why->code == ERR_CONFIRM) {
    v->warned = says;
    return;
  }
  m->error_at = err_field(why);
  m->error = says;
  v->form.refusal = m->error_at.len ? page_text(rq, MSG_systems_fix_one) : says;
  v->form.hint = m->error_at.len ? STR("") : err_hint_says(rq->mem, rq->lang, why);
  if (m->error_at.len)
    vec_push(rq->mem, &v->form.errors) =
        (struct view_link){str_fmt(rq->mem, "#f-" STRF, STRA(m->error_at)), .label = says};
}
static int privacy_of(const struct public_form *f) {
  if (f->find_by.len) return MSG_public_identity_key;
  return f->identity.which == IDENTITY_none ? MSG_public_identity_none : MSG_public_identity_sealed;
}
/* Rows that come and go, one's own position; a form without them has no script. */
static bool needs_script(const struct view_system_form *v) {
  vec_each(const struct view_sfield, x, &v->fields)
    if (x->is_rows || x->is_place) return true;
  return false;
}
/* why: of what was sent and refused; NULL: the form is empty, or as far as its address fills it. */
static bool write_form(struct web_request *rq, struct web_response *rs, const struct public_place *at,
                       const struct err *why, struct err *e) {
  const struct str title = at->form->label.text;
  struct view_public_form v = {
      .lang = rq->lang, .f = page_frame(rq, title, PAGE_OTHER, SYSTEM_FORM_JS), .title = title};
  struct system_run x;
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  public_begin(&x, rq, r);
  struct form_made m = {.x = &x, .rq = rq, .mem = rq->mem, .record = at->record, .drop_row = -1, .v = &v.form};
  m.today = rights_day(rq->mem, rq->now_us);
  m.typed = rq->method == POST ? rq->fields : rq->query;
  m.typed_count = rq->method == POST ? rq->field_count : rq->query_count;
  v.form.lang = rq->lang;
  v.form.f = v.f;
  v.form.action = address_of(rq, at->system, at->form->head.name.text);
  v.form.key = web_field(rq, "key").len ? web_field(rq, "key") : store_new_id(rq->mem, rq->now_us);
  v.system = at->system->system->label.text;
  v.system_href = home_of(rq, at->system);
  v.help = at->act->help.text;
  v.privacy = page_text(rq, privacy_of(at->form));
  system_form_button(&m);
  if (why) say_why(rq, &m, &v, why);
  if (why) rs->status = err_http(why->code);
  TRY(fill_fields(&m, at, why, e));
  if (!needs_script(&v.form)) v.f.page_js = v.form.f.page_js = (struct str){0};
  page_public_form(&rs->body, &v);
  return true;
}
static bool write_done(struct web_request *rq, struct web_response *rs, const struct public_place *at,
                       const struct flow_done *done) {
  const struct str title = at->form->label.text;
  struct view_public_done v = {.lang = rq->lang, .f = page_frame(rq, title, PAGE_OTHER, NULL), .title = title};
  const bool is_new = !at->form->find_by.len;
  vec_each(const struct public_page, p, &at->system->system->public->pages) {
    const bool is_here = is_record(&p->of, at->record) && words_have(&p->find_by, STR("lookup"));
    if (!is_here || !done->number.len) continue;
    if (is_new) v.number = done->number, v.lookup = done->lookup;
    const struct str href =
        str_fmt(rq->mem, STRF "?number=" STRF "&lookup=" STRF, STRA(address_of(rq, at->system, p->head.name.text)),
                STRA(web_escape(rq->mem, done->number)), STRA(web_escape(rq->mem, done->lookup)));
    vec_push(rq->mem, &v.links) = (struct view_link){href, .label = p->label.text};
  }
  vec_push(rq->mem, &v.links) = (struct view_link){home_of(rq, at->system), .label = at->system->system->label.text};
  page_public_done(&rs->body, &v);
  return true;
}
static bool send_form(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct public_place at;
  struct flow_done done;
  TRY(public_place(rq, true, &at, e));
  if (web_field(rq, "do").len) return write_form(rq, rs, &at, NULL, e);
  if (public_send(rq, &at, &done, e)) return write_done(rq, rs, &at, &done);
  const struct err why = *e;
  if (err_http(why.code) >= 500) return false;
  *e = (struct err){0};
  return write_form(rq, rs, &at, &why, e);
}

/* ---- a page ---- */

static bool show_rows(struct system_run *x, const struct public_place *at, const struct public_value *from,
                      struct view_public_value *to, struct err *e) {
  for (size_t i = 0; i < from->value.set.len; i++) {
    const struct flow_thing *t = flow_thing_of(&from->value.set.at[i]);
    struct view_line *l = &vec_push(x->run.mem, &to->lines);
    for (size_t k = 0; k < t->value_count; k++) {
      if (!i) vec_push(x->run.mem, &to->heads) = t->columns[k].field->label.text;
      TRY(flow_show(&x->run, at->system, &t->columns[k].type, &t->values[k], &vec_push(x->run.mem, &l->cells), e));
    }
  }
  return true;
}
static bool fill_row(struct system_run *x, const struct public_place *at, struct flow_row *row,
                     struct view_public_row *to, struct err *e) {
  for (size_t i = 0; i < at->page->shows.len; i++) {
    struct public_value v;
    TRY(public_value_of(x, row, &at->page->shows.at[i], &v, e));
    if ((value_is_none(&v.value) && !v.words.len) || (v.value.kind == VALUE_SET && !v.value.set.len)) continue;
    struct view_public_value *one = &vec_push(x->run.mem, &to->values);
    one->label = v.label;
    if (v.is->type == TYPE_rows) TRY(show_rows(x, at, &v, one, e));
    else TRY(flow_show(&x->run, at->system, v.type, &v.value, &one->text, e));
    if (v.words.len) one->text = str_trim(str_fmt(x->run.mem, STRF " " STRF, STRA(v.words), STRA(one->text)));
    one->is_long = v.is->type == TYPE_text && v.is->most >= LONG_FROM;
  }
  return true;
}
/* What everybody may do about this one: forms that find it by the same words, forms in which it is chosen. */
static void offer_forms(struct web_request *rq, const struct public_place *at, const struct flow_row *row,
                        struct view_public_row *to) {
  vec_each(const struct public_form, f, &at->system->system->public->forms) {
    struct str head = {0}, act = {0}, query = {0};
    (void)str_cut(f->act.text, STR("."), &head, &act);
    const struct flow_record *r = flow_record_in(at->system, head);
    const struct act *a = r ? part_find(&r->record->acts, act) : NULL;
    if (!a) continue;
    if (f->find_by.len && r == at->record && at->page->find_by.len && words_have(&a->from, row->state))
      query =
          str_fmt(rq->mem, "number=" STRF "&lookup=" STRF, STRA(web_escape(rq->mem, row->number)), STRA(row->lookup));
    vec_each(const struct word, w, &a->asks) {
      const struct flow_field *x = flow_field(r, w->text);
      if (x && x->field->is.type == TYPE_ref && !at->page->find_by.len &&
          flow_referred(systems_flow(app_of(rq)->systems), x) == at->record)
        query = str_fmt(rq->mem, STRF "=" STRF, STRA(x->name), STRA(row->id));
    }
    if (query.len)
      vec_push(rq->mem, &to->links) = (struct view_link){
          str_fmt(rq->mem, STRF "?" STRF, STRA(address_of(rq, at->system, f->head.name.text)), STRA(query)),
          .label = f->label.text};
  }
}
static bool fill_page(struct web_request *rq, const struct public_place *at, struct view_public_page *v,
                      struct err *e) {
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  struct system_run x;
  flow_row_list rows = {0};
  struct str next = {0};
  if (!r) return false;
  public_begin(&x, rq, r);
  TRY(public_rows(&x, rq, at, web_query(rq, "after"), &rows, &next, e));
  for (size_t i = 0; i < rows.len; i++) {
    struct view_public_row *to = &vec_push(rq->mem, &v->rows);
    TRY(fill_row(&x, at, rows.at[i], to, e));
    offer_forms(rq, at, rows.at[i], to);
  }
  v->is_empty = !rows.len;
  if (next.len) v->next = web_here(rq, "after", next);
  return true;
}
static bool write_page(struct web_request *rq, struct web_response *rs, const struct public_place *at, struct err *e) {
  const struct str title = at->page->label.text;
  struct view_public_page v = {.lang = rq->lang, .f = page_frame(rq, title, PAGE_OTHER, NULL), .title = title};
  struct err why = {0};
  v.system = at->system->system->label.text;
  v.system_href = home_of(rq, at->system);
  v.action = address_of(rq, at->system, at->page->head.name.text);
  const bool is_asked = !at->page->find_by.len || public_is_asked(rq, at->page);
  if (is_asked && !fill_page(rq, at, &v, &why)) {
    if (err_http(why.code) >= 500) return *e = why, false;
    rs->status = err_http(why.code);
    v.refusal = err_says(rq->mem, rq->lang, &why);
  }
  for (size_t i = 0; i < at->page->find_by.len; i++)
    vec_push(rq->mem, &v.keys) = key_field(rq, at->record, at->page->find_by.at[i].text, NULL);
  page_public_page(&rs->body, &v);
  return true;
}
static bool show_part(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct public_place at;
  struct err none = {0};
  if (public_place(rq, true, &at, &none)) return write_form(rq, rs, &at, NULL, e);
  if (none.code != ERR_NOT_FOUND) return *e = none, false;
  return public_place(rq, false, &at, e) && write_page(rq, rs, &at, e);
}

const struct route page_public_routes[] = {
    {GET, "/p/{system}", "open", show_home, "what a system opens to everybody",
     .flags = ROUTE_PAGE_ONLY | ROUTE_NOBODY},
    {GET, "/p/{system}/{part}", "open", show_part, "a public form or page", .flags = ROUTE_PAGE_ONLY | ROUTE_NOBODY},
    {POST, "/p/{system}/{part}", "open", send_form, "a public form, sent", .form = "key confirmed",
     .flags = ROUTE_PAGE_ONLY | ROUTE_NOBODY | ROUTE_UPLOAD},
    {0},
};
