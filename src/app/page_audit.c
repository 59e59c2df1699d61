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

enum { KINDS_OF_LAST = 50000, DAY_SECONDS = 86400, CHINA_SECONDS = 8 * 3600, HASH_SHOWN = 12, ANCHORS_PAGE = 50 };

static struct str number(struct web_request *rq, int64_t n) { return str_int(rq->mem, n); }

/* ---- what is asked for ---- */

/* The first moment of a day as typed, or of the day after; 0 when empty. */
static bool moment_of(struct web_request *rq, const char *name, int days, int64_t *out, struct err *e) {
  struct date d = {0};
  const struct str typed = str_trim(web_query(rq, name));
  if (!typed.len) return true;
  if (!date_parse(typed, 0, &d) || !date_valid(d) || !d.day)
    return fail(e, ERR_INVALID, MSG_audit_bad_day, "value", typed);
  *out = ((int64_t)(date_to_days(d) + days) * DAY_SECONDS - CHINA_SECONDS) * 1000000;
  return true;
}
static bool read_query(struct web_request *rq, struct history_query *q, struct err *e) {
  *q = (struct history_query){.actor = str_trim(web_query(rq, "actor")),
                              .record = web_query(rq, "record"),
                              .id = str_trim(web_query(rq, "id")),
                              .act = web_query(rq, "act"),
                              .text = str_trim(web_query(rq, "q"))};
  TRY(moment_of(rq, "from", 0, &q->from_us, e));
  TRY(moment_of(rq, "until", 1, &q->until_us, e));
  return web_int(rq, "before", 1, INT64_MAX, 0, &q->before, e);
}

/* ---- the page ---- */

static struct view_audit_row make_row(struct web_request *rq, const struct history_event *ev) {
  struct view_audit_row v = {.seq = number(rq, ev->seq),
                             .when = audit_moment(rq->mem, ev->at_us),
                             .actor = ev->actor,
                             .what = history_act_says(rq->mem, rq->lang, ev->record, ev->act),
                             .href = history_href(rq->mem, ev),
                             .detail = history_changes_say(rq->mem, rq->lang, ev),
                             .why = ev->reason,
                             .hash = str_slice(ev->hash, 0, HASH_SHOWN),
                             .hash_whole = ev->hash};
  v.object = str_fmt(rq->mem, STRF " " STRF, STRA(history_record_says(rq->mem, rq->lang, ev->record)),
                     STRA(ev->name.len ? ev->name : ev->id));
  if (str_eqz(ev->record, "person") && page_may(rq, "person.erase"))
    v.href = str_fmt(rq->mem, "/audit/people/" STRF, STRA(ev->id));
  return v;
}
/* What occurs in the record, from the data itself. */
static void add_choice(struct web_request *rq, view_options *list, struct str value, struct str label,
                       struct str chosen) {
  vec_each(const struct view_option, o, list) {
    if (str_eq(o->value, value)) return;
  }
  if (value.len) vec_push(rq->mem, list) = (struct view_option){value, label, str_eq(value, chosen)};
}
static bool fill_choices(struct store *r, struct web_request *rq, const struct history_query *q, struct view_audit *v,
                         int64_t events, struct err *e) {
  struct sql_event_kinds_rows kinds = {0};
  TRY(sql_event_kinds(r, rq->mem, &(struct sql_event_kinds_in){STORE_TENANT, events - KINDS_OF_LAST}, AUDIT_KINDS,
                      &kinds, e));
  vec_each(const struct sql_event_kinds, k, &kinds) {
    add_choice(rq, &v->records, k->record, history_record_says(rq->mem, rq->lang, k->record), q->record);
    if (!q->record.len || str_eq(q->record, k->record))
      add_choice(rq, &v->acts, k->act, history_act_says(rq->mem, rq->lang, k->record, k->act), q->act);
  }
  add_choice(rq, &v->records, q->record, history_record_says(rq->mem, rq->lang, q->record), q->record);
  add_choice(rq, &v->acts, q->act, history_act_says(rq->mem, rq->lang, q->record, q->act), q->act);
  return true;
}
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
static void fill_exports(struct web_request *rq, struct view_audit *v) {
  static const char *const forms[] = {"xlsx", "csv", "jsonl"};
  static const char *const labels[] = {"Excel", "CSV", "JSON Lines"};
  for (size_t i = 0; i < COUNT_OF(forms); i++)
    vec_push(rq->mem, &v->exports) =
        (struct view_link){.href = web_here(rq, "as", str_of(forms[i])), .label = str_of(labels[i])};
}
static void fill_page(struct web_request *rq, const struct history_query *q, const struct history *h,
                      struct view_audit *v) {
  v->actor = q->actor;
  v->record_id = q->id;
  v->text = q->text;
  v->from = web_query(rq, "from");
  v->until = web_query(rq, "until");
  v->said = page_said(rq);
  v->is_filtered =
      q->actor.len || q->record.len || q->id.len || q->act.len || q->text.len || v->from.len || v->until.len;
  vec_each(const struct history_event, ev, &h->rows) vec_push(rq->mem, &v->rows) = make_row(rq, ev);
  if (h->next) v->next = web_here(rq, "before", number(rq, h->next));
  if (q->before) v->first = web_here(rq, "before", (struct str){0});
  if (h->looked_us) {
    const struct msg_arg arg = {"when", audit_moment(rq->mem, h->looked_us)};
    v->looked = msg_text(rq->mem, rq->lang, MSG_audit_looked, &arg, 1);
  }
  v->is_paged = v->next.len || v->first.len;
  fill_exports(rq, v);
}

static void put_json(const struct history *h, const struct audit_state *s, struct json_out *j) {
  json_open(j, NULL, '{');
  json_open(j, "chain", '{');
  json_int(j, "events", s->events);
  json_str(j, "head", s->head);
  if (s->has_anchor) json_str(j, "anchor_day", s->anchor.day);
  if (s->checked_us) json_int(j, "checked_findings", s->checked_findings);
  json_close(j, '}');
  json_open(j, "data", '[');
  vec_each(const struct history_event, ev, &h->rows) history_event_json(ev, j);
  json_close(j, ']');
  if (h->next) json_int(j, "next", h->next);
  else json_nil(j, "next");
  json_close(j, '}');
}

static bool refuse(struct web_request *rq, struct web_response *rs, struct err *e) {
  if (rq->json || err_http(e->code) >= 500) return false;
  struct view_audit v = {.lang = rq->lang, .f = page_frame(rq, page_text(rq, MSG_audit_title), PAGE_AUDIT, NULL)};
  const struct history_query q = {
      .actor = web_query(rq, "actor"), .id = web_query(rq, "id"), .text = web_query(rq, "q")};
  const struct history none = {0};
  fill_page(rq, &q, &none, &v);
  v.error = err_says(rq->mem, rq->lang, e);
  rs->status = err_http(e->code);
  *e = (struct err){0};
  page_audit(&rs->body, &v);
  return true;
}
static bool show_audit(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct history_query q = {0};
  struct history h = {0};
  if (!read_query(rq, &q, e)) return refuse(rq, rs, e);
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  const struct str as = web_query(rq, "as");
  if (as.len) return audit_export(r, rq, rs, &q, as, e);
  TRY(history_read(r, rq->mem, &q, &h, e));
  struct audit_state s = {0};
  TRY(audit_read_state(r, rq->mem, &s, e));
  if (rq->json) {
    put_json(&h, &s, web_json(rs));
    return true;
  }
  struct view_audit v = {.lang = rq->lang, .f = page_frame(rq, page_text(rq, MSG_audit_title), PAGE_AUDIT, NULL)};
  fill_state(rq, &s, &v);
  TRY(fill_choices(r, rq, &q, &v, s.events, e));
  fill_page(rq, &q, &h, &v);
  page_audit(&rs->body, &v);
  return true;
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
  const struct history none = {0};
  put_json(&none, &s, web_json(rs));
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
     .query = "q actor record id act from until before as"},
    {POST, "/audit/anchors", "audit.check", make_anchor, "fix the record of today", .form = NULL},
    {POST, "/audit/verify", "audit.check", verify_now, "check the whole chain", .form = NULL},
    {GET, "/audit/anchors", "audit.read", show_anchors, "anchors, newest first", .query = "before"},
    {GET, "/audit/anchors/{day}", "audit.read", show_anchor, "the sheet of a day; as=docx|text gives a file",
     .query = "as"},
    {0},
};
