/* The form of an act: a field for each input by its type, what is missing said at the field, what was typed kept. Everything works
 * without script: rows are added by a button of the form, a draft is kept by another. */
#include "app/systems_form.h"
#include "declare/check.h"
#include "engine/flow/alike.h"
#include "pages.h"
#include "sql.h"
#include "texts.h"
#include "web/form.h"

/* ---- drafts ---- */

static struct sql_flow_draft_get_in draft_key(const struct system_run *x, const struct system_place *at) {
  return (struct sql_flow_draft_get_in){STORE_TENANT, x->run.person, at->record->name, at->act->head.name.text,
                                        at->id.len ? at->id : STR("")};
}
bool system_draft_drop(struct system_run *x, const struct system_place *at, struct err *e) {
  const struct sql_flow_draft_get_in k = draft_key(x, at);
  return sql_flow_draft_drop(x->run.session,
                             &(struct sql_flow_draft_drop_in){k.tenant, k.person, k.record, k.act, k.id}, NULL, e);
}
struct drafting {
  struct web_request *rq;
  const struct system_place *at;
};
/* What is sensitive stands sealed beside its record and nowhere else: a draft is without it. */
static bool is_kept_out(const struct flow_record *r, struct str input) {
  struct str head = input, rest;
  (void)str_cut(input, STR("."), &head, &rest);
  const struct flow_field *f = flow_field(r, head);
  return f && f->class >= CLASS_sensitive;
}
/* As a form sends it. Nobody's act: it leaves no event. */
static struct str draft_text(struct web_request *rq, const struct flow_record *r) {
  AUTO_BUF b = BUF_MAX(FORM_MAX);
  for (size_t i = 0; i < rq->field_count; i++) {
    const struct web_field *f = &rq->fields[i];
    if (f->is_file || system_is_control(f->name) || is_kept_out(r, f->name)) continue;
    if (b.len) buf_byte(&b, '&');
    buf_str(&b, form_escape(rq->mem, f->name, false));
    buf_byte(&b, '=');
    buf_str(&b, form_escape(rq->mem, f->value, false));
  }
  return b.broken ? STR("") : str_dup(rq->mem, buf_view(&b));
}
static bool keep_draft(struct store *tx, void *arg, struct err *e) {
  const struct drafting *w = arg;
  struct sql_system_drafts n = {0};
  struct system_run x;
  systems_begin(&x, w->rq, tx);
  const struct sql_flow_draft_get_in k = draft_key(&x, w->at);
  TRY(system_draft_drop(&x, w->at, e));
  TRY(sql_system_drafts(tx, w->rq->mem, &(struct sql_system_drafts_in){STORE_TENANT, k.person}, &n, NULL, e));
  if (n.n >= DRAFTS_MAX) return fail(e, ERR_TOO_MANY, MSG_systems_drafts, "limit", str_int(w->rq->mem, DRAFTS_MAX));
  return sql_flow_draft_insert(tx,
                               &(struct sql_flow_draft_insert_in){k.tenant, k.person, k.record, k.act, k.id,
                                                                  draft_text(w->rq, w->at->record), w->rq->now_us},
                               NULL, e);
}
static bool load_draft(struct form_made *m, const struct system_place *at, struct err *e) {
  const struct sql_flow_draft_get_in k = draft_key(m->x, at);
  struct sql_flow_draft_get d = {0};
  web_fields typed = {0};
  bool found = false;
  TRY(sql_flow_draft_get(m->x->run.session, m->mem, &k, &d, &found, e));
  if (!found || !d.inputs.len) return true;
  TRY(form_urlencoded(m->mem, d.inputs, &typed, e));
  const struct msg_arg arg = {"at", page_moment_of(m->mem, d.at_us)};
  m->typed = typed.at;
  m->typed_count = typed.len;
  bool is_whole = true;
  const words *inputs[] = {&at->act->asks, &at->act->may};
  for (size_t l = 0; l < COUNT_OF(inputs); l++)
    vec_each(const struct word, w, inputs[l]) is_whole = is_whole && !is_kept_out(at->record, w->text);
  m->v->drafted = msg_text(m->mem, m->rq->lang, is_whole ? MSG_systems_draft_kept : MSG_systems_draft_open, &arg, 1);
  return true;
}

/* ---- the page ---- */

static void fill_frame(struct form_made *m, const struct system_place *at) {
  struct view_system_form *v = m->v;
  const struct act *a = at->act;
  const struct flow_record *r = at->record;
  v->lang = m->rq->lang;
  v->title = v->verb = a->label.text;
  v->system = r->system->system->label.text;
  v->system_href = str_fmt(m->mem, "/s/" STRF, STRA(r->system->name));
  v->f = page_frame(m->rq, v->title, PAGE_SYSTEMS, SYSTEM_FORM_JS);
  v->back_label = r->record->label.text;
  v->back = str_fmt(m->mem, STRF "/" STRF, STRA(v->system_href), STRA(r->record->head.name.text));
  v->action = str_fmt(m->mem, STRF "/acts/" STRF, STRA(v->back), STRA(a->head.name.text));
  if (m->row) {
    v->back = system_address(m->mem, r, m->row->id, "");
    v->action = str_fmt(m->mem, STRF "/acts/" STRF, STRA(v->back), STRA(a->head.name.text));
    v->about = m->row->number;
    v->rev = str_int(m->mem, m->row->rev);
  }
  v->f.back = v->back;
  v->help = a->help.text;
  v->confirm = a->confirm.text;
  if (a->to.len == 1 && !str_eqz(a->to.at[0].state.text, "same") && !str_eqz(a->to.at[0].state.text, "back")) {
    const struct msg_arg arg = {"state", flow_state_label(r, a->to.at[0].state.text)};
    v->after = msg_text(m->mem, m->rq->lang, MSG_systems_leads, &arg, 1);
  }
}
static bool fill_backs(struct form_made *m, const struct act *a, struct err *e) {
  flow_deeds *deeds = NULL;
  if (!a->back.len || !m->row) return true;
  TRY(flow_deeds_of(&m->x->run, m->record, m->row->id, &deeds, e));
  vec_each(const struct word, w, &a->back) {
    bool was = false;
    vec_each(const struct flow_deed, d, deeds) was |= str_eq(d->to, w->text);
    if (was)
      vec_push(m->mem, &m->v->backs) = (struct view_option){w->text, flow_state_label(m->record, w->text),
                                                            str_eq(web_field(m->rq, "back_to"), w->text)};
  }
  return true;
}
static bool fill_fields(struct form_made *m, const struct act *a, struct err *e) {
  const words *lists[] = {&a->asks, &a->may};
  for (size_t l = 0; l < COUNT_OF(lists); l++)
    vec_each(const struct word, w, lists[l]) {
      const struct flow_field *f = flow_field(m->record, w->text);
      if (f) TRY(system_field_fill(m, f, l == 1 && f->field->need.which != 1, e));
    }
  if (m->record->from && part_find(&a->takes, FLOW_FROM)) TRY(system_field_fill(m, m->record->from, false, e));
  return fill_backs(m, a, e);
}
/* Offered to whom it is open to: a record's act by what the engine says of it now, a start act by the roles it names. */
static bool may_fill(struct form_made *m, const struct system_place *at, struct err *e) {
  flow_cans all = {0};
  if (!m->row)
    return systems_may_start(m->x, at->record, at->act) ||
           fail(e, ERR_FORBIDDEN, MSG_flow_forbidden, "act", at->act->label.text);
  TRY(flow_can(&m->x->run, at->record, m->row, &all, e));
  vec_each(const struct flow_can, c, &all)
    if (c->act == at->act && c->code != ERR_NONE) return fail(e, c->code, MSG_flow_says, "says", c->says);
  return true;
}
static bool begin(struct form_made *m, struct system_run *x, struct web_request *rq, struct store *r,
                  const struct system_place *at, struct view_system_form *v, struct err *e) {
  systems_begin(x, rq, r);
  *m = (struct form_made){.x = x, .rq = rq, .mem = rq->mem, .record = at->record, .drop_row = -1, .v = v};
  m->today = rights_day(rq->mem, rq->now_us);
  if (systems_is_start(at->act) != !at->id.len) return fail(e, ERR_NOT_FOUND, MSG_systems_no_act);
  if (at->id.len) TRY(systems_row(x, at->record, at->id, &m->row, e));
  fill_frame(m, at);
  return true;
}
static bool show_form(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct view_system_form v = {0};
  struct system_place at;
  struct system_run x;
  struct form_made m;
  TRY(systems_place(rq, &at, e));
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  TRY(begin(&m, &x, rq, r, &at, &v, e) && may_fill(&m, &at, e) && load_draft(&m, &at, e));
  v.key = store_new_id(rq->mem, rq->now_us);
  if (rq->query_count && !m.typed_count) { /* a link may fill in: ?visit=… */
    m.typed = rq->query;
    m.typed_count = rq->query_count;
  }
  TRY(fill_fields(&m, at.act, e));
  page_system_form(&rs->body, &v);
  return true;
}

/* ---- again ---- */

bool system_form_holds(const struct web_request *rq) { return web_field(rq, "do").len > 0; }
void system_form_button(struct form_made *m) {
  struct str what, rest, row;
  if (!str_cut(web_field(m->rq, "do"), STR(":"), &what, &rest)) return;
  if (str_eqz(what, "add")) m->add_to = rest;
  else if (str_eqz(what, "drop") && str_cut(rest, STR(":"), &m->drop_from, &row) && !str_to_int(row, &m->drop_row))
    m->drop_row = -1;
}
static void refused(struct form_made *m, const struct err *why) {
  struct view_system_form *v = m->v;
  const struct str says = err_says(m->mem, m->rq->lang, why);
  m->error_at = err_field(why);
  if (why->code == ERR_CONFIRM) {
    vec_push(m->mem, &v->warnings) = says;
    return;
  }
  v->refusal = says;
  v->hint = err_hint_says(m->mem, m->rq->lang, why);
  if (!m->error_at.len) return;
  m->error = says;
  v->refusal = page_text(m->rq, MSG_systems_fix_one);
  vec_push(m->mem, &v->errors) = (struct view_link){str_fmt(m->mem, "#f-" STRF, STRA(m->error_at)), .label = says};
}
bool system_form_again(struct web_request *rq, struct web_response *rs, const struct system_place *at, struct err *why,
                       struct err *e) {
  struct view_system_form v = {0};
  struct system_run x;
  struct form_made m;
  struct err was = why ? *why : (struct err){0};
  if (why) *why = (struct err){0};
  if (!was.code && str_eqz(web_field(rq, "do"), "draft"))
    TRY(store_write(app_of(rq)->store, keep_draft, &(struct drafting){rq, at}, e));
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  TRY(begin(&m, &x, rq, r, at, &v, e));
  if (!was.code && str_eqz(web_field(rq, "do"), "draft")) TRY(load_draft(&m, at, e));
  m.typed = rq->fields;
  m.typed_count = rq->field_count;
  v.key = web_field(rq, "key");
  system_form_button(&m);
  if (was.code) refused(&m, &was);
  if (was.code) rs->status = err_http(was.code);
  TRY(fill_fields(&m, at->act, e));
  page_system_form(&rs->body, &v);
  return true;
}

/* ---- records that may be about the same ---- */

enum { ALIKE_SHOWN = 5 };
bool system_alike_links(struct system_run *x, const struct flow_row *row, view_links *out, struct err *e) {
  flow_alikes all = {0};
  TRY(flow_alike(&x->run, row, &all, e));
  for (size_t i = 0; i < all.len && out->len < ALIKE_SHOWN; i++) {
    struct str told;
    bool seen = false;
    TRY(systems_sees(x, row->record, all.at[i]->id, &seen, e));
    if (!seen) continue;
    TRY(system_record_told(x, row->record, all.at[i]->id, &told, e));
    vec_push(x->run.mem, out) = (struct view_link){.href = system_address(x->run.mem, row->record, all.at[i]->id, ""),
                                                   .label = told,
                                                   .count = flow_state_label(row->record, all.at[i]->state)};
  }
  return true;
}
/* What cannot be read is refused by the act itself. */
static bool draft_of(struct form_made *m, const struct system_place *at, struct flow_row **out, struct err *e) {
  flow_inputs inputs = {0};
  struct err ignored = {0};
  TRY(system_names_resolve(m->x, m->rq, at, e));
  *out = NULL;
  if (!system_inputs_read(m->x, m->rq, at, &inputs, &ignored)) return true;
  *out = flow_row_new(&m->x->run, at->record);
  vec_each(const struct flow_input, in, &inputs) {
    const struct flow_field *f = flow_field(at->record, in->name);
    if (f) flow_row_set(*out, (size_t)(f - at->record->fields.at), in->value);
  }
  return true;
}
bool system_form_alike(struct web_request *rq, struct web_response *rs, const struct system_place *at, bool *out_shown,
                       struct err *e) {
  struct view_system_form v = {0};
  struct flow_row *draft = NULL;
  struct system_run x;
  struct form_made m;
  *out_shown = false;
  if (!at->record->record->duplicates || str_eqz(web_field(rq, "alike"), "seen")) return true;
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  TRY(begin(&m, &x, rq, r, at, &v, e) && draft_of(&m, at, &draft, e));
  if (draft) TRY(system_alike_links(&x, draft, &v.alike, e));
  if (!v.alike.len) return true;
  m.typed = rq->fields;
  m.typed_count = rq->field_count;
  v.key = web_field(rq, "key");
  TRY(fill_fields(&m, at->act, e));
  page_system_form(&rs->body, &v);
  return *out_shown = true;
}

const struct route page_system_form_routes[] = {
    {GET, "/s/{system}/{record}/acts/{act}", "system.act", show_form, "the form of a start act",
     .flags = ROUTE_PAGE_ONLY},
    {GET, "/s/{system}/{record}/{id}/acts/{act}", "system.act", show_form, "the form of an act",
     .flags = ROUTE_PAGE_ONLY},
    {0},
};
