/* Papers of records: which there are, their bytes, one made on demand; and the page on which anybody who holds one can ask whether it
 * is genuine. */
#include "app/systems_papers.h"
#include "base/clock.h"
#include "declare/check.h"
#include "declare/number.h"
#include "engine/flow/paper.h"
#include "engine/flow/paper_print.h"
#include "pages.h"
#include "sql.h"
#include "texts.h"

enum { EVENTS_LOOKED = 20 };
static const struct paper *paper_said(const struct flow_record *r, struct str name) {
  const struct paper *p = part_find(&r->system->system->papers, name);
  return p && str_eq(p->of.text, r->record->head.name.text) ? p : NULL;
}
static bool may_read(struct system_run *x, const struct flow_record *r, struct str id, const struct paper *p, bool *out,
                     struct err *e) {
  const struct paper_template *t = &r->system->papers[p - r->system->system->papers.at];
  return systems_reads(x, r, id, flow_paper_class(r, t), out, e);
}
static struct str address_of(struct arena *mem, const struct flow_row *row, struct str paper, const char *form) {
  return str_fmt(mem, STRF "/papers/" STRF "%s", STRA(system_address(mem, row->record, row->id, "")), STRA(paper),
                 form);
}
static bool read_all(struct system_run *x, const struct flow_row *row, struct sql_flow_paper_list_rows *out,
                     struct err *e) {
  const struct sql_flow_paper_list_in in = {STORE_TENANT, row->record->name, row->id};
  return sql_flow_paper_list(x->run.session, x->run.mem, &in, SIZE_MAX, out, e);
}

/* ---- which there are ---- */

static bool put_one(struct system_run *x, const struct flow_row *row, const struct sql_flow_paper_list *d,
                    struct json_out *j, struct err *e) {
  static const struct type person = {.kind = KIND_PERSON};
  const struct paper *p = paper_said(row->record, d->paper);
  const struct value by =
      d->person.len ? flow_thing_value(flow_thing(&x->run, FLOW_PERSON, NULL, d->person)) : value_none(NONE_missing);
  bool may = false;
  if (p) TRY(may_read(x, row->record, row->id, p, &may, e));
  json_open(j, NULL, '{');
  json_str(j, "id", d->id);
  json_str(j, "name", d->paper);
  json_str(j, "label", p ? p->label.text : d->paper);
  if (d->number.len) json_str(j, "number", d->number);
  if (d->verify.len) json_str(j, "verify", d->verify);
  json_str(j, "at", clock_rfc3339(x->run.mem, d->at_us));
  TRY(systems_value_json(x, row->record->system, "by", &(struct type_said){.type = TYPE_person}, &person, &by, j, e));
  if (d->pages) json_int(j, "pages", d->pages); /* it was printed */
  if (may) json_str(j, "href", address_of(x->run.mem, row, d->id, ""));
  json_close(j, '}');
  return true;
}
bool systems_papers_json(struct system_run *x, const struct flow_row *row, struct json_out *j, struct err *e) {
  struct sql_flow_paper_list_rows all = {0};
  TRY(read_all(x, row, &all, e));
  json_open(j, "papers", '[');
  for (size_t i = 0; i < all.len; i++) TRY(put_one(x, row, &all.at[i], j, e));
  json_close(j, ']');
  return true;
}

/* ---- on demand ---- */

static bool is_named(struct system_run *x, struct flow_row *row, const struct paper *p, bool *out, struct err *e) {
  const struct flow_about about = {.self = row};
  *out = false;
  vec_each(const struct word, term, &p->who) {
    struct str *persons = NULL;
    size_t n = 0;
    TRY(flow_persons(&x->run, &about, term->text, &persons, &n, e));
    for (size_t i = 0; i < n; i++) *out |= str_eq(persons[i], x->run.person);
  }
  return true;
}
/* ERR_FORBIDDEN: not on demand, not by them, or it shows what they may not read. ERR_GUARD: not as the record stands now. */
static bool may_make(struct system_run *x, struct flow_row *row, const struct paper *p, struct err *e) {
  const struct flow_about about = {.self = row};
  bool is = false;
  TRY(is_named(x, row, p, &is, e));
  if (is) TRY(may_read(x, row->record, row->id, p, &is, e));
  if (!is) return fail(e, ERR_FORBIDDEN, MSG_flow_forbidden, "act", p->label.text);
  TRY(flow_holds(&x->run, &about, &p->when, &is, e));
  return is || fail(e, ERR_GUARD, MSG_flow_guard, "act", p->label.text);
}
static bool fill_one(struct system_run *x, struct web_request *rq, const struct flow_row *row,
                     const struct sql_flow_paper_list *d, struct view_spaper *to, struct err *e) {
  static const struct type person = {.kind = KIND_PERSON};
  const struct paper *p = paper_said(row->record, d->paper);
  const struct value by = flow_thing_value(flow_thing(&x->run, FLOW_PERSON, NULL, d->person));
  struct str who = page_text(rq, MSG_systems_by_system);
  bool may = false;
  if (p) TRY(may_read(x, row->record, row->id, p, &may, e));
  if (d->person.len) TRY(flow_show(&x->run, row->record->system, &person, &by, &who, e));
  to->label = p ? p->label.text : d->paper;
  if (d->number.len) to->label = str_fmt(rq->mem, STRF " " STRF, STRA(to->label), STRA(d->number));
  to->about = str_fmt(rq->mem, STRF " · " STRF, STRA(page_when(rq, d->at_us)), STRA(who));
  if (d->verify.len) to->verify = str_join(rq->mem, STR("/verify/"), d->verify);
  if (!may) return true;
  to->pdf = address_of(rq->mem, row, d->id, "");
  to->docx = address_of(rq->mem, row, d->id, "?form=docx");
  return true;
}
bool systems_papers_fill(struct system_run *x, struct web_request *rq, struct flow_row *row,
                         struct view_system_record *v, struct err *e) {
  struct sql_flow_paper_list_rows all = {0};
  TRY(read_all(x, row, &all, e));
  for (size_t i = all.len; i-- > 0;) TRY(fill_one(x, rq, row, &all.at[i], &vec_push(rq->mem, &v->papers), e));
  vec_each(const struct paper, p, &row->record->system->system->papers) {
    struct err why = {0};
    if (!paper_said(row->record, p->head.name.text) || !p->who.len) continue;
    if (may_make(x, row, p, &why))
      vec_push(rq->mem, &v->prints) =
          (struct view_link){address_of(rq->mem, row, p->head.name.text, ""), .label = p->label.text};
    else if (why.code >= ERR_BUG) return *e = why, false;
  }
  return true;
}
struct printing {
  struct web_request *rq;
  const struct system_place *at;
  const struct paper *paper;
};
static bool is_of_paper(struct str act) { return str_eqz(act, "paper") || str_eqz(act, "print"); }
/* What was printed of the record as it stands is handed out again: nothing but papers was made of it since. */
static bool is_there(struct system_run *x, const struct flow_row *row, struct str name, bool *out, struct err *e) {
  struct sql_event_of_rows all = {0};
  const struct sql_event_of_in in = {STORE_TENANT, row->record->name, row->id, INT64_MAX, EVENTS_LOOKED};
  TRY(sql_event_of(x->run.session, x->run.mem, &in, SIZE_MAX, &all, e));
  for (size_t i = 0; i < all.len && is_of_paper(all.at[i].act); i++) {
    struct sql_event_fields_rows said = {0};
    TRY(sql_event_fields(x->run.session, x->run.mem, &(struct sql_event_fields_in){STORE_TENANT, all.at[i].seq},
                         SIZE_MAX, &said, e));
    vec_each(const struct sql_event_fields, f, &said) *out |= str_eqz(f->field, "paper") && str_eq(f->value, name);
  }
  return true;
}
static bool print(struct store *tx, void *arg, struct err *e) {
  struct printing *w = arg;
  struct system_run x;
  struct flow_row *row = NULL;
  bool there = false;
  systems_begin(&x, w->rq, tx);
  TRY(systems_row(&x, w->at->record, w->at->id, &row, e) && may_make(&x, row, w->paper, e));
  TRY(is_there(&x, row, w->paper->head.name.text, &there, e));
  struct flow_step step = {.run = &x.run, .about = {.self = row}, .from = row->state};
  return there || flow_paper(&step, w->paper->head.name.text, e);
}
/* Whoever asks for a paper wants it printed: the newest of this name. */
static bool print_it(struct web_request *rq, const struct printing *w, struct err *e) {
  struct sql_flow_paper_list_rows all = {0};
  const struct sql_flow_paper_list_in in = {STORE_TENANT, w->at->record->name, w->at->id};
  struct str id = {0};
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  TRY(sql_flow_paper_list(r, rq->mem, &in, SIZE_MAX, &all, e));
  vec_each(const struct sql_flow_paper_list, d, &all)
    if (str_eq(d->paper, w->paper->head.name.text)) id = d->id;
  store_read_end(&r);
  return flow_paper_print(app_of(rq)->store, rq->mem, id, rq->actor, rq->now_us, e);
}
static bool post_paper(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct system_place at;
  struct system_run x;
  struct flow_row *row = NULL;
  TRY(systems_place(rq, &at, e));
  struct printing w = {rq, &at, paper_said(at.record, web_param(rq, "paper"))};
  if (!w.paper) return fail(e, ERR_NOT_FOUND, MSG_systems_no_paper);
  TRY(store_write(app_of(rq)->store, print, &w, e) && print_it(rq, &w, e));
  if (!rq->json) {
    web_redirect(rs, system_address(rq->mem, at.record, at.id, "?did=system-paper#s-papers"));
    return true;
  }
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  systems_begin(&x, rq, r);
  TRY(systems_row(&x, at.record, at.id, &row, e));
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  TRY(systems_record_json(&x, row, j, e));
  json_close(j, '}');
  return true;
}

/* ---- its bytes ---- */

struct handing { /* a paper that is handed out */
  struct str name;
  struct sql_flow_paper_get row;
};
/* ERR_NOT_FOUND: no such paper of this record, or not theirs to read. */
static bool find_paper(struct web_request *rq, struct store *r, struct handing *out, struct err *e) {
  const struct sql_flow_paper_get_in in = {STORE_TENANT, web_param(rq, "paper")};
  struct sql_flow_paper_get *d = &out->row;
  struct system_place at;
  struct system_run x;
  struct flow_row *row = NULL;
  bool found = false;
  TRY(systems_place(rq, &at, e));
  systems_begin(&x, rq, r);
  TRY(systems_row(&x, at.record, at.id, &row, e));
  TRY(sql_flow_paper_get(r, rq->mem, &in, d, &found, e));
  const struct paper *p = found && str_eq(d->record, row->record->name) && str_eq(d->owner, row->id)
                              ? paper_said(row->record, d->paper)
                              : NULL;
  if (p) TRY(may_read(&x, row->record, row->id, p, &found, e));
  if (!p || !found) return fail(e, ERR_NOT_FOUND, MSG_systems_no_paper);
  out->name = str_fmt(rq->mem, STRF " " STRF, STRA(p->label.text), STRA(d->number.len ? d->number : row->number));
  return true;
}
static bool show_paper(struct web_request *rq, struct web_response *rs, struct err *e) {
  static const char docx[] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
  const bool is_docx = str_eqz(web_query(rq, "form"), "docx");
  struct handing h = {0};
  struct sql_file_get bytes = {0};
  bool found = false;
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  TRY(find_paper(rq, r, &h, e));
  if (!h.row.pdf.len) { /* it is handed out for the first time */
    store_read_end(&r);
    TRY(flow_paper_print(app_of(rq)->store, rq->mem, web_param(rq, "paper"), rq->actor, rq->now_us, e));
    if (!(r = store_read_begin(app_of(rq)->store, e))) return false;
    TRY(find_paper(rq, r, &h, e));
  }
  const struct str hash = is_docx ? h.row.docx : h.row.pdf;
  TRY(sql_file_get(r, rq->mem, &(struct sql_file_get_in){STORE_TENANT, hash}, &bytes, &found, e));
  if (!found) return fail(e, ERR_STORE, MSG_systems_no_paper);
  web_download(rq, rs, str_join(rq->mem, h.name, is_docx ? STR(".docx") : STR(".pdf")),
               is_docx ? docx : "application/pdf");
  buf_str(&rs->body, bytes.bytes);
  return true;
}

const struct route page_system_paper_routes[] = {
    {POST, "/s/{system}/{record}/{id}/papers/{paper}", "system.act", post_paper,
     "a paper made on demand; the one there is when the record has not changed since", .form = NULL},
    {GET, "/s/{system}/{record}/{id}/papers/{paper}", "system.see", show_paper,
     "a paper by its id, as PDF or form=docx: the bytes that were kept", .query = "form", .flags = ROUTE_PAGE_ONLY},
    {0},
};
