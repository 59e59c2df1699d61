/* What parties of a round send: an answer, or another party to be asked (加签), over the API or by a form of its own, which works as the
 * forms of acts do. Whoever does not see the record is told that there is none. */
#include "app/systems_form.h"
#include "app/systems_rounds.h"
#include "declare/check.h"
#include "pages.h"
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
static bool answer(struct web_request *rq, struct web_response *rs, const struct asked *w, struct err *e) {
  const struct system_answered a = {w->at->record, w->at->id, NULL, "?did=system-round", STR("/inbox")};
  return system_answer(rq, rs, &a, e);
}

/* ---- the forms ---- */

struct round_form {
  struct form_made m;
  struct system_run x;
  struct view_system_form v;
  struct flow_round round;
  size_t mine; /* SIZE_MAX: nobody they may answer for */
};
static void fill_frame(struct round_form *f, const struct asked *w, const char *what, struct str verb) {
  struct web_request *rq = w->rq;
  const struct flow_record *r = w->at->record;
  struct view_system_form *v = &f->v;
  v->lang = rq->lang;
  v->title = str_fmt(rq->mem, STRF "：" STRF, STRA(w->asking->round->label.text), STRA(verb));
  v->verb = verb;
  v->f = page_frame(rq, v->title, PAGE_SYSTEMS, SYSTEM_FORM_JS);
  v->system = r->system->system->label.text;
  v->system_href = str_fmt(rq->mem, "/s/" STRF, STRA(r->system->name));
  v->back = v->f.back = system_address(rq->mem, r, w->at->id, "");
  v->back_label = r->record->label.text;
  v->action = str_fmt(rq->mem, STRF "/rounds/" STRF "/%s", STRA(v->back), STRA(w->asking->round->head.name.text), what);
  v->has_no_draft = true;
}
static bool form_begin(struct round_form *f, struct asked *w, struct store *r, struct err *e) {
  struct web_request *rq = w->rq;
  flow_rounds all = {0};
  systems_begin(&f->x, rq, r);
  f->m = (struct form_made){
      .x = &f->x, .rq = rq, .mem = rq->mem, .record = w->at->record, .drop_row = -1, .v = &f->v, .typed = rq->fields};
  f->m.typed_count = rq->method == POST ? rq->field_count : 0;
  f->m.today = rights_day(rq->mem, rq->now_us);
  system_form_button(&f->m);
  f->mine = SIZE_MAX;
  TRY(systems_row(&f->x, w->at->record, w->at->id, &f->m.row, e));
  TRY(flow_rounds_of(&f->x.run, w->at->record, w->at->id, &all, e));
  vec_each(const struct flow_round, one, &all)
    if (one->asking == w->asking) f->round = *one; /* the newest */
  if (!f->round.asking) return fail(e, ERR_NOT_FOUND, MSG_systems_no_round);
  TRY(flow_round_mine(&f->x.run, &f->round, &f->mine, e));
  f->v.about = f->m.row->number;
  return true;
}
/* Why it was refused, at its field when it is one of the form's. */
static void refused(struct round_form *f, const struct err *why) {
  const struct web_request *rq = f->m.rq;
  const struct str says = err_says(rq->mem, rq->lang, why);
  f->m.error_at = err_field(why);
  f->v.refusal = says;
  f->v.hint = err_hint_says(rq->mem, rq->lang, why);
  if (!f->m.error_at.len) return;
  f->m.error = says;
  f->v.refusal = page_text(rq, MSG_systems_fix_one);
  vec_push(rq->mem, &f->v.errors) =
      (struct view_link){str_fmt(rq->mem, "#f-" STRF, STRA(f->m.error_at)), .label = says};
}
static bool answer_form(struct asked *w, struct web_response *rs, const struct err *why, struct err *e) {
  struct round_form f = {0};
  const struct value none = {0};
  AUTO_READ *r = store_read_begin(app_of(w->rq)->store, e);
  if (!r) return false;
  TRY(form_begin(&f, w, r, e));
  if (f.mine == SIZE_MAX && !why)
    return fail(e, ERR_FORBIDDEN, MSG_flow_forbidden, "act", w->asking->round->label.text);
  const struct flow_party *p = f.mine == SIZE_MAX ? NULL : &f.round.parties.at[f.mine];
  fill_frame(&f, w, "answer", page_text(w->rq, p && p->fields ? MSG_systems_round_change : MSG_systems_round_answer));
  if (why) refused(&f, why);
  for (size_t i = 0; i < w->asking->count; i++)
    TRY(system_answer_fill(&f.m, &w->asking->fields[i], p && p->fields ? &p->fields[i] : &none, e));
  page_system_form(&rs->body, &f.v);
  return true;
}
/* A party is a unit, or a person. */
static struct field party_field(const struct asked *w) {
  const bool is_unit = w->asking->round->as.text.len > 0;
  return (struct field){.label.text = page_text(w->rq, MSG_systems_round_party),
                        .help.text = page_text(w->rq, MSG_systems_round_party_help),
                        .need.which = 1,
                        .is.type = is_unit ? TYPE_unit : TYPE_person};
}
static void fill_where(struct round_form *f, const struct asked *w) {
  static const char *const words_known[] = {"before", "beside"};
  static const int labels[] = {MSG_systems_round_before, MSG_systems_round_beside};
  struct view_sfield *v = &vec_push(f->m.mem, &f->v.fields);
  const struct round_add *add = w->asking->round->add;
  const struct str now = web_field(w->rq, "where");
  *v = (struct view_sfield){.name = STR("where"),
                            .id = STR("f-where"),
                            .label = page_text(w->rq, MSG_systems_round_place),
                            .css = "",
                            .is_radio = true};
  if (str_eqz(f->m.error_at, "where")) v->error = f->m.error;
  for (size_t i = 0; i < COUNT_OF(words_known); i++)
    if (add && words_have(&add->where, str_of(words_known[i])))
      vec_push(f->m.mem, &v->options) =
          (struct view_option){str_of(words_known[i]), page_text(w->rq, labels[i]),
                               now.len ? str_eqz(now, words_known[i]) : v->options.len == 1};
}
static bool add_form(struct asked *w, struct web_response *rs, const struct err *why, struct err *e) {
  static const struct type unit = {.kind = KIND_UNIT}, person = {.kind = KIND_PERSON};
  struct round_form f = {0};
  const struct field said = party_field(w);
  const struct flow_field field = {
      .field = &said, .name = STR("party"), .type = said.is.type == TYPE_unit ? unit : person};
  bool may = false;
  AUTO_READ *r = store_read_begin(app_of(w->rq)->store, e);
  if (!r) return false;
  TRY(form_begin(&f, w, r, e) && systems_may_add(&f.x, f.m.row, &f.round, &may, e));
  if (!may && !why) return fail(e, ERR_FORBIDDEN, MSG_flow_forbidden, "act", w->asking->round->label.text);
  fill_frame(&f, w, "add", page_text(w->rq, MSG_systems_round_add));
  if (why) refused(&f, why);
  TRY(system_answer_fill(&f.m, &field, &(struct value){0}, e));
  fill_where(&f, w);
  page_system_form(&rs->body, &f.v);
  return true;
}
static bool show_answer(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct system_place at;
  struct asked w;
  return find(rq, &w, &at, e) && answer_form(&w, rs, NULL, e);
}
static bool show_add(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct system_place at;
  struct asked w;
  return find(rq, &w, &at, e) && add_form(&w, rs, NULL, e);
}
/* A form that was refused is shown again with all that was typed. */
static bool again(struct asked *w, struct web_response *rs, struct err *e,
                  bool (*form)(struct asked *, struct web_response *, const struct err *, struct err *)) {
  const struct err was = *e;
  if (w->rq->json || err_http(was.code) >= 500 || was.code == ERR_NOT_FOUND) return false;
  *e = (struct err){0};
  rs->status = err_http(was.code);
  return form(w, rs, &was, e);
}

/* ---- answering ---- */

/* Files that came with the form are kept; their ids stand in their place. */
static bool take_files(struct asked *w, struct err *e) {
  for (size_t i = 0; i < w->rq->field_count; i++) {
    struct web_field *sent = &w->rq->fields[i];
    struct str id = {0};
    if (!sent->is_file) continue;
    if (sent->file_name.len && sent->value.len) TRY(system_file_keep(w->rq, sent, &id, e));
    sent->value = id;
    sent->is_file = false;
  }
  return true;
}

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
  return flow_round_answer(&x.run, &said, e) &&
         system_files_keep(&x, w->at, a->round->head.name.text, &in, w->at->id, e);
}
static bool post_answer(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct system_place at;
  struct asked w;
  TRY(find(rq, &w, &at, e) && take_files(&w, e));
  if (!rq->json && system_form_holds(rq)) return answer_form(&w, rs, NULL, e);
  if (!store_write(app_of(rq)->store, run_answer, &w, e)) return again(&w, rs, e, answer_form);
  return answer(rq, rs, &w, e);
}

/* ---- adding ---- */

static bool run_add(struct store *tx, void *arg, struct err *e) {
  static const struct type_said unit_said = {.type = TYPE_unit}, person_said = {.type = TYPE_person};
  static const struct type unit = {.kind = KIND_UNIT}, person = {.kind = KIND_PERSON};
  struct asked *w = arg;
  const struct round *round = w->asking->round;
  const bool is_unit = round->as.text.len > 0;
  const struct field typed = party_field(w);
  const struct flow_field field = {.field = &typed};
  const struct str where = web_field(w->rq, "where");
  struct str said = str_trim(web_field(w->rq, "party"));
  struct system_run x;
  struct value party;
  TRY(begin(w, &x, tx, e));
  if (!str_eqz(where, "before") && !str_eqz(where, "beside"))
    return fail(e, ERR_INVALID, MSG_systems_round_where, "name", STR("where"));
  if (!w->rq->json && said.len) TRY(system_name_id(&x, &field, said, &said, e));
  TRY(flow_read(&x.run, w->at->system, STR("party"), page_text(w->rq, MSG_systems_round_party),
                is_unit ? &unit_said : &person_said, is_unit ? &unit : &person, said, &party, e));
  return flow_round_add(&x.run, w->at->record, w->at->id, round->head.name.text, flow_thing_of(&party)->id,
                        str_eqz(where, "before"), e);
}
static bool post_add(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct system_place at;
  struct asked w;
  TRY(find(rq, &w, &at, e));
  if (!store_write(app_of(rq)->store, run_add, &w, e)) return again(&w, rs, e, add_form);
  return answer(rq, rs, &w, e);
}

const struct route page_system_rounds_routes[] = {
    {POST, "/s/{system}/{record}/{id}/rounds/{round}/answer", "system.act", post_answer,
     "an answer, or a change of it while the round is open; fields are those of the declaration, party: for which one",
     .form = "party", .flags = ROUTE_UPLOAD},
    {POST, "/s/{system}/{record}/{id}/rounds/{round}/add", "system.act", post_add,
     "one party more: before or beside whoever adds it", .form = "party! where!", .flags = ROUTE_UPLOAD},
    {GET, "/s/{system}/{record}/{id}/rounds/{round}/answer", "system.act", show_answer, "the form of an answer",
     .flags = ROUTE_PAGE_ONLY},
    {GET, "/s/{system}/{record}/{id}/rounds/{round}/add", "system.act", show_add, "the form that adds a party",
     .flags = ROUTE_PAGE_ONLY},
    {0},
};
