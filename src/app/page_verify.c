/* Is this paper genuine? Anybody who holds one types the number at its foot, and for a file its digest, and is told what is on record: what it
 * is called, its number, its day, never what it says. Numbers are found by nobody who does not hold one (declare/number.h). */
#include "app/systems.h"
#include "app/views_public.h"
#include "base/clock.h"
#include "declare/check.h"
#include "declare/number.h"
#include "engine/flow/paper_print.h"
#include "pages.h"
#include "sql.h"
#include "texts.h"

enum { DIGEST_LEN = 64 };
struct checking {
  struct str number, digest; /* digits; small letters */
  struct sql_flow_paper_by_number paper;
  struct sql_flow_authority top;
};
static bool read_digest(struct web_request *rq, struct str *out, struct err *e) {
  const struct str said = str_trim(web_query(rq, "digest"));
  char *z = arena_take(rq->mem, DIGEST_LEN);
  *out = (struct str){0};
  if (!said.len) return true;
  for (size_t i = 0; i < said.len && said.len == DIGEST_LEN; i++) {
    const char c = said.at[i], small = (char)(c >= 'A' && c <= 'F' ? c + 32 : c);
    if (!((small >= '0' && small <= '9') || (small >= 'a' && small <= 'f'))) break;
    z[i] = small;
    if (i + 1 == DIGEST_LEN) *out = (struct str){z, DIGEST_LEN};
  }
  return out->len || fail(e, ERR_INVALID, MSG_verify_not_digest, "name", STR("digest"));
}
static bool find_paper(struct web_request *rq, struct checking *out, struct err *e) {
  const struct sql_flow_paper_by_number_in in = {STORE_TENANT, out->number};
  bool found = false;
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  TRY(sql_flow_paper_by_number(r, rq->mem, &in, &out->paper, &found, e));
  if (!found) return fail(e, ERR_NOT_FOUND, MSG_verify_none);
  return sql_flow_authority(r, rq->mem, &(struct sql_flow_authority_in){STORE_TENANT}, &out->top, NULL, e);
}
/* Somebody may know the number before the paper is printed: then its bytes are drawn now, to be told from others. */
static bool look(struct web_request *rq, struct str typed, struct checking *out, struct err *e) {
  out->number = verify_read(rq->mem, typed);
  if (!out->number.len) return fail(e, ERR_INVALID, MSG_verify_bad, "name", STR("number"));
  TRY(read_digest(rq, &out->digest, e) && find_paper(rq, out, e));
  if (out->paper.pdf.len) return true;
  TRY(flow_paper_print(app_of(rq)->store, rq->mem, out->paper.id, STR("system"), rq->now_us, e));
  return find_paper(rq, out, e);
}
static struct str label_of(struct web_request *rq, const struct checking *c) {
  const struct flow_record *r = flow_record(systems_flow(app_of(rq)->systems), c->paper.record);
  const struct paper *p = r ? part_find(&r->system->system->papers, c->paper.paper) : NULL;
  return p ? p->label.text : c->paper.paper;
}
/* As it is printed. */
static struct str grouped(struct arena *mem, struct str digits) {
  enum { GROUP = 4 };
  struct str out = STR("");
  for (size_t i = 0; i < digits.len; i += GROUP) {
    const struct str one = str_slice(digits, i, i + GROUP < digits.len ? i + GROUP : digits.len);
    out = i ? str_fmt(mem, STRF " " STRF, STRA(out), STRA(one)) : one;
  }
  return out;
}
static bool is_same(const struct checking *c) {
  return str_eq(c->digest, c->paper.pdf) || str_eq(c->digest, c->paper.docx);
}
static void put_json(struct web_request *rq, const struct checking *c, struct json_out *j) {
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_str(j, "verify", c->number);
  json_str(j, "label", label_of(rq, c));
  json_str_or_null(j, "number", c->paper.number);
  json_str(j, "authority", c->top.name);
  json_str(j, "made_on", date_iso(rq->mem, clock_today(c->paper.at_us)));
  json_int(j, "pages", c->paper.pages);
  json_str(j, "pdf_sha256", c->paper.pdf);
  json_str(j, "docx_sha256", c->paper.docx);
  if (c->digest.len) json_bool(j, "same", is_same(c));
  json_close(j, '}');
  json_close(j, '}');
}
static void fill(struct web_request *rq, const struct checking *c, struct view_verify *v) {
  v->is_known = true;
  v->label = label_of(rq, c);
  v->number = c->paper.number;
  v->verify = grouped(rq->mem, c->number);
  v->authority = c->top.name;
  v->day = date_zh(rq->mem, clock_today(c->paper.at_us));
  v->pages = str_int(rq->mem, c->paper.pages);
  v->pdf = c->paper.pdf;
  v->docx = c->paper.docx;
  if (!c->digest.len) return;
  v->verdict = page_text(rq, is_same(c) ? MSG_verify_same : MSG_verify_other);
  v->css = is_same(c) ? STR("note-g") : STR("note-r");
  v->icon = is_same(c) ? STR("circle-check") : STR("circle-alert");
}
static bool show_verify(struct web_request *rq, struct web_response *rs, struct err *e) {
  const struct str in_path = web_param(rq, "number");
  struct view_verify v = {.lang = rq->lang, .typed = in_path.len ? in_path : str_trim(web_query(rq, "number"))};
  struct checking c = {0};
  struct err why = {0};
  if (rq->json) {
    TRY(look(rq, v.typed, &c, e));
    put_json(rq, &c, web_json(rs));
    return true;
  }
  v.digest = str_trim(web_query(rq, "digest"));
  if (v.typed.len && look(rq, v.typed, &c, &why)) fill(rq, &c, &v);
  if (why.code && err_http(why.code) >= 500) return *e = why, false;
  if (why.code) rs->status = err_http(why.code), v.refusal = err_says(rq->mem, rq->lang, &why);
  v.f = page_frame(rq, page_text(rq, MSG_verify_title), PAGE_OTHER, NULL);
  page_verify(&rs->body, &v);
  return true;
}

const struct route page_verify_routes[] = {
    {GET, "/verify", "open", show_verify, "is a paper genuine? number: at its foot; digest: SHA-256 of a file",
     .query = "number digest", .flags = ROUTE_NOBODY},
    {GET, "/verify/{number}", "open", show_verify, "what is on record of the paper with this check number",
     .query = "digest", .flags = ROUTE_NOBODY},
    {0},
};
