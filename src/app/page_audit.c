/* The record for the audit administrator: state of the chain, search, files with the proof; anchors and their sheets. */
#include "app/audit.h"
#include "app/page.h"
#include "app/sheet.h"
#include "base/clock.h"
#include "base/date.h"
#include "pages.h"
#include "sql.h"
#include "store/anchor.h"
#include "store/store.h"
#include "texts.h"

enum { ANCHORS_PAGE = 50 };

static struct str number(struct web_request *rq, int64_t n) { return str_int(rq->mem, n); }

/* ---- the list ---- */

/* 记录链共1,234条，末条摘要…；最近一次封存是…；最近一次核验…。 */
static void fill_state(struct web_request *rq, const struct audit_state *state, struct view_audit *v) {
  const struct audit_state s = *state;
  const struct msg_arg args[] = {{"n", number(rq, s.events)}};
  v->finding = msg_text(rq->mem, rq->lang, MSG_audit_finding, args, 1);
  v->head = s.head;
  v->is_anchored = s.has_anchor && str_eq(s.anchor.day, date_iso(rq->mem, clock_today(rq->now_us)));
  if (s.has_anchor) {
    const struct msg_arg a[] = {{"day", s.anchor.day}, {"seq", number(rq, s.anchor.seq)}};
    v->anchor = msg_text(rq->mem, rq->lang, MSG_audit_anchor, a, 2);
    v->anchor_href = str_fmt(rq->mem, "/audit/anchors/" STRF, STRA(s.anchor.day));
  }
  if (s.checked_us) {
    const struct msg_arg c[] = {{"when", audit_moment(rq->mem, s.checked_us)}, {"n", number(rq, s.checked_findings)}};
    v->is_bad = s.checked_findings > 0;
    v->checked = msg_text(rq->mem, rq->lang, v->is_bad ? MSG_audit_checked_bad : MSG_audit_checked, c, 2);
  }
}
static void put_state(const struct audit_state *s, struct json_out *j) {
  json_open(j, "chain", '{');
  json_int(j, "events", s->events);
  json_str(j, "head", s->head);
  if (s->has_anchor) json_str(j, "anchor_day", s->anchor.day);
  if (s->checked_us) json_int(j, "checked_findings", s->checked_findings);
  json_close(j, '}');
}
/* The list, and in JSON the state of the chain beside it. */
static bool answer(struct web_request *rq, struct web_response *rs, struct table_rows *rows,
                   const struct audit_state *state, struct err *e) {
  if (rq->json) {
    struct json_out *j = web_json(rs);
    json_open(j, NULL, '{');
    put_state(state, j);
    table_json(j, &audit_table, rows);
    json_close(j, '}');
    return true;
  }
  struct view_audit v = {.lang = rq->lang,
                         .f = page_frame(rq, page_text(rq, MSG_audit_title), PAGE_AUDIT, "ui/js/table.js")};
  fill_state(rq, state, &v);
  v.said = page_said(rq);
  TRY(table_view(rq, &audit_table, rows, &v.table, e));
  page_audit(&rs->body, &v);
  return true;
}
static bool show_audit(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct audit_ask ask;
  struct audit_state state = {0};
  struct table_rows rows;
  bool sent = !rq->json || web_query(rq, "as").len;
  TRY(table_begin(rq, &audit_table, e));
  {
    AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
    if (!r || !audit_ask(rq, r, &ask, e) || !audit_read_state(r, rq->mem, &state, e)) return false;
  }
  TRY(table_read(rq, &audit_table, &ask.ask, &rows, e));
  if (sent) TRY(table_sent(rq, rs, &audit_table, &rows, &sent, e));
  return sent || answer(rq, rs, &rows, &state, e);
}

/* ---- acts ---- */

static bool done(struct web_request *rq, struct web_response *rs, const char *did, struct err *e) {
  if (!rq->json) {
    web_redirect(rs, str_fmt(rq->mem, "/audit?did=%s", did));
    return true;
  }
  struct audit_state s = {0};
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r || !audit_read_state(r, rq->mem, &s, e)) return false;
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  put_state(&s, j);
  json_close(j, '}');
  return true;
}
static bool make_anchor(struct web_request *rq, struct web_response *rs, struct err *e) {
  const struct anchor_order order = {rq->actor, app_of(rq)->anchor_key, rq->now_us};
  struct anchor a = {0};
  bool is_new = false;
  TRY(anchor_make(app_of(rq)->store, rq->mem, &order, &a, &is_new, e));
  return done(rq, rs, "anchor", e);
}
static bool verify_now(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct event_proof p = {0};
  TRY(audit_verify(app_of(rq)->store, rq->mem, rq->actor, rq->now_us, &p, e));
  return done(rq, rs, p.findings ? "verify-bad" : "verify", e);
}

/* ---- anchors ---- */

static void anchor_json(const struct anchor *a, struct json_out *j) {
  json_open(j, NULL, '{');
  json_str(j, "day", a->day);
  json_int(j, "seq", a->seq);
  json_str(j, "hash", a->hash);
  json_int(j, "events", a->events);
  json_int(j, "at_us", a->at_us);
  json_str(j, "actor", a->actor);
  json_str(j, "signer", a->signer);
  json_str(j, "signature", a->signature);
  json_close(j, '}');
}
static bool show_anchors(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct anchors list = {0};
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r || !anchor_list(r, rq->mem, web_query(rq, "before"), ANCHORS_PAGE, &list, e)) return false;
  const struct str next = list.len == ANCHORS_PAGE ? list.at[list.len - 1].day : STR("");
  if (rq->json) {
    struct json_out *j = web_json(rs);
    json_open(j, NULL, '{');
    json_open(j, "data", '[');
    vec_each(const struct anchor, a, &list) anchor_json(a, j);
    json_close(j, ']');
    json_str(j, "next", next);
    json_close(j, '}');
    return true;
  }
  struct view_anchors v = {.lang = rq->lang, .f = page_frame(rq, page_text(rq, MSG_anchors_title), PAGE_AUDIT, NULL)};
  v.f.back = STR("/audit");
  vec_each(const struct anchor, a, &list) {
    vec_push(rq->mem, &v.rows) = (struct view_anchor_row){a->day,
                                                          str_fmt(rq->mem, "/audit/anchors/" STRF, STRA(a->day)),
                                                          number(rq, a->seq),
                                                          audit_moment(rq->mem, a->at_us),
                                                          a->actor,
                                                          a->signer};
  }
  if (next.len) v.next = web_here(rq, "before", next);
  page_anchors(&rs->body, &v);
  return true;
}
static bool send_sheet(struct web_request *rq, struct web_response *rs, const struct anchor *a, struct str as,
                       struct err *e) {
  struct str bytes = {0};
  const bool docx = str_eqz(as, "docx");
  if (!docx && !str_eqz(as, "text")) return fail(e, ERR_INVALID, MSG_plans_bad_word, "name", STR("as"), "value", as);
  if (docx) TRY(sheet_docx(rq->mem, rq->lang, a, &bytes, e));
  else bytes = sheet_text(rq->mem, rq->lang, a);
  const struct str name =
      str_fmt(rq->mem, STRF " " STRF ".%s", STRA(page_text(rq, MSG_sheet_title)), STRA(a->day), docx ? "docx" : "txt");
  web_download(
      rq, rs, name,
      docx ? "application/vnd.openxmlformats-officedocument.wordprocessingml.document" : "text/plain; charset=utf-8");
  buf_str(&rs->body, bytes);
  return true;
}
static bool show_anchor(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct anchor a = {0};
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r || !anchor_get(r, rq->mem, web_param(rq, "day"), &a, e)) return false;
  if (web_query(rq, "as").len) return send_sheet(rq, rs, &a, web_query(rq, "as"), e);
  if (rq->json) {
    anchor_json(&a, web_json(rs));
    return true;
  }
  struct view_sheet v = {.lang = rq->lang,
                         .f = page_frame(rq, page_text(rq, MSG_sheet_title), PAGE_AUDIT, NULL),
                         .day = a.day,
                         .events = number(rq, a.events),
                         .seq = number(rq, a.seq),
                         .at = audit_moment(rq->mem, a.at_us),
                         .actor = a.actor,
                         .signer = a.signer,
                         .signature = a.signature,
                         .text_href = web_here(rq, "as", STR("text")),
                         .docx_href = web_here(rq, "as", STR("docx"))};
  v.f.back = STR("/audit/anchors");
  struct str rest = anchor_groups(rq->mem, a.hash), line = {0};
  while (str_cut(rest, STR("\n"), &line, &rest)) vec_push(rq->mem, &v.hash) = line;
  vec_push(rq->mem, &v.hash) = rest;
  page_sheet(&rs->body, &v);
  return true;
}

const struct route page_audit_routes[] = {
    {GET, "/audit", "audit.read", show_audit, "the record: search, state of the chain; as=xlsx|csv|jsonl gives a file",
     .query = TABLE_QUERY " actor record id act at_from at_to"},
    {POST, "/audit/anchors", "audit.check", make_anchor, "fix the record of today", .form = NULL},
    {POST, "/audit/verify", "audit.check", verify_now, "check the whole chain", .form = NULL},
    {GET, "/audit/anchors", "audit.read", show_anchors, "anchors, newest first", .query = "before"},
    {GET, "/audit/anchors/{day}", "audit.read", show_anchor, "the sheet of a day; as=docx|text gives a file",
     .query = "as"},
    {0},
};
