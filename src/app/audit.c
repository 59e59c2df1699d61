/* The chain's state, its check as an event of the record, and files of what was found. */
#include "app/audit.h"

#include "app/page.h"
#include "base/clock.h"
#include "sql.h"
#include "store/store.h"
#include "text/xlsx_write.h"
#include "texts.h"

struct str audit_moment(struct arena *mem, int64_t at_us) {
  const struct str whole = clock_rfc3339(mem, at_us);
  return str_fmt(mem, STRF " " STRF, STRA(str_slice(whole, 0, 10)), STRA(str_slice(whole, 11, 19)));
}

static bool last_check(struct store *s, struct arena *mem, struct audit_state *out, struct err *e) {
  struct history h = {0};
  const struct history_query q = {.record = STR("chain"), .id = STORE_TENANT, .act = STR("verify"), .most = 1};
  TRY(history_read(s, mem, &q, &h, e));
  if (!h.rows.len) return true;
  out->checked_us = h.rows.at[0].at_us;
  vec_each(const struct history_change, c, &h.rows.at[0].changes) {
    if (str_eqz(c->field, "findings")) (void)str_to_int(c->after, &out->checked_findings);
  }
  return true;
}
bool audit_read_state(struct store *s, struct arena *mem, struct audit_state *out, struct err *e) {
  struct sql_chain_get head = {.hash = STR("")};
  struct err none = {0};
  bool found = false;
  TRY(sql_chain_get(s, mem, &(struct sql_chain_get_in){STORE_TENANT}, &head, &found, e));
  *out = (struct audit_state){.events = head.seq, .head = head.hash};
  out->has_anchor = anchor_get(s, mem, STR(""), &out->anchor, &none);
  if (!out->has_anchor && none.code != ERR_NOT_FOUND) {
    *e = none;
    return false;
  }
  return last_check(s, mem, out, e);
}

/* ---- the check ---- */

struct check_work {
  struct arena *mem;
  struct str actor;
  int64_t now_us;
  const struct event_proof *proof;
};
static bool note_check(struct store *tx, void *arg, struct err *e) {
  const struct check_work *w = arg;
  struct event ev = {.at_us = w->now_us,
                     .valid = STR(""),
                     .actor = w->actor,
                     .record = STR("chain"),
                     .id = STORE_TENANT,
                     .act = STR("verify"),
                     .from = STR(""),
                     .to = STR("")};
  event_add(&ev, STR("events"), str_int(w->mem, w->proof->events));
  event_add(&ev, STR("findings"), str_int(w->mem, w->proof->findings));
  event_add(&ev, STR("head"), w->proof->head);
  if (w->proof->findings) event_add(&ev, STR("first"), str_int(w->mem, w->proof->broken));
  return event_append(tx, w->mem, &ev, NULL, e);
}
static bool read_chain(struct store *s, void *arg, struct err *e) {
  struct check_work *w = arg;
  return event_verify(s, w->mem, (struct event_proof *)w->proof, e);
}
bool audit_verify(struct store *store, struct arena *mem, struct str actor, int64_t now_us, struct event_proof *out,
                  struct err *e) {
  struct check_work w = {mem, actor, now_us, out};
  TRY(store_read(store, read_chain, &w, e));
  return store_write(store, note_check, &w, e);
}

/* ---- files ---- */

enum export_form { AS_XLSX, AS_CSV, AS_JSONL };
struct export {
  struct web_request *rq;
  struct web_response *rs;
  struct xlsx xlsx;
  struct json_out json;
  enum export_form as;
};
enum { COLUMNS = 13, WIDE_FIRST = 8, WIDE_LAST = 9 };
/* The same cells in every table: what a person reads, then the proof. */
static void cells_of(struct arena *mem, enum lang lang, const struct history_event *ev, struct str out[COLUMNS]) {
  const struct str cells[COLUMNS] = {str_int(mem, ev->seq),
                                     clock_rfc3339(mem, ev->at_us),
                                     ev->valid,
                                     ev->actor,
                                     history_act_says(mem, lang, ev->record, ev->act),
                                     history_record_says(mem, lang, ev->record),
                                     ev->id,
                                     ev->name,
                                     history_changes_say(mem, lang, ev),
                                     ev->reason,
                                     ev->prev,
                                     ev->payload,
                                     ev->hash};
  memcpy(out, cells, sizeof cells);
}
static struct str head_of(enum lang lang, int column) {
  static const int heads[COLUMNS] = {
      MSG_audit_col_seq,    MSG_audit_col_at,      MSG_audit_col_valid, MSG_audit_col_actor,   MSG_audit_col_act,
      MSG_audit_col_record, MSG_audit_col_id,      MSG_audit_col_name,  MSG_audit_col_changes, MSG_audit_col_reason,
      MSG_audit_col_prev,   MSG_audit_col_payload, MSG_audit_col_hash};
  return msg_template(lang, heads[column]);
}

/* A cell that a spreadsheet would take for a formula gets an apostrophe before it. */
static void put_csv_cell(struct buf *o, struct str s) {
  const bool formula = s.len && strchr("=+-@\t\r", s.at[0]);
  buf_byte(o, '"');
  if (formula) buf_byte(o, '\'');
  for (size_t i = 0; i < s.len; i++) {
    if (s.at[i] == '"') buf_byte(o, '"');
    buf_byte(o, s.at[i]);
  }
  buf_byte(o, '"');
}
static void put_csv_row(struct buf *o, const struct str cells[COLUMNS]) {
  for (int i = 0; i < COLUMNS; i++) {
    if (i) buf_byte(o, ',');
    put_csv_cell(o, cells[i]);
  }
  buf_z(o, "\r\n");
}
static void put_event(struct export *x, const struct history_event *ev) {
  AUTO_ARENA mem = {0};
  struct str cells[COLUMNS];
  if (x->as == AS_JSONL) {
    struct json_out j = {.to = &x->rs->body};
    history_event_json(ev, &j);
    buf_byte(&x->rs->body, '\n');
    return;
  }
  cells_of(&mem, x->rq->lang, ev, cells);
  if (x->as == AS_CSV) {
    put_csv_row(&x->rs->body, cells);
    return;
  }
  xlsx_number(&x->xlsx, dec_int(ev->seq));
  for (int i = 1; i < COLUMNS; i++) xlsx_text(&x->xlsx, cells[i]);
  xlsx_row_end(&x->xlsx);
}
static bool begin(struct export *x, struct err *e) {
  static const uint32_t widths[COLUMNS] = {8, 32, 12, 14, 16, 12, 24, 30, 60, 30, 20, 20, 66};
  const enum lang lang = x->rq->lang;
  struct str heads[COLUMNS];
  struct xlsx_column columns[COLUMNS];
  for (int i = 0; i < COLUMNS; i++) {
    heads[i] = head_of(lang, i);
    columns[i] = (struct xlsx_column){heads[i], widths[i], i == WIDE_FIRST || i == WIDE_LAST};
  }
  if (x->as == AS_CSV) {
    buf_z(&x->rs->body, "\xEF\xBB\xBF");
    put_csv_row(&x->rs->body, heads);
  }
  if (x->as != AS_XLSX) return true;
  TRY(xlsx_begin(&x->xlsx, x->rq->mem, e));
  xlsx_sheet(&x->xlsx, msg_template(lang, MSG_audit_title), STR(""), columns, COLUMNS);
  return true;
}
static bool put_all(struct export *x, struct store *s, struct history_query q, struct err *e) {
  int64_t count = 0;
  q.most = HISTORY_MOST;
  do {
    AUTO_ARENA mem = {0};
    struct history h = {0};
    TRY(history_read(s, &mem, &q, &h, e));
    count += (int64_t)h.rows.len;
    if (count > AUDIT_EXPORT_MAX)
      return fail(e, ERR_TOO_LARGE, MSG_audit_too_many, "limit", str_int(&mem, AUDIT_EXPORT_MAX));
    vec_each(const struct history_event, ev, &h.rows) put_event(x, ev);
    q.before = h.next;
  } while (q.before);
  return true;
}
bool audit_export(struct store *s, struct web_request *rq, struct web_response *rs, const struct history_query *q,
                  struct str as, struct err *e) {
  static const struct {
    const char *word, *type;
  } forms[] = {{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
               {"csv", "text/csv; charset=utf-8"},
               {"jsonl", "application/x-ndjson"}};
  struct export x = {.rq = rq, .rs = rs};
  int form = -1;
  for (int i = 0; i < (int)COUNT_OF(forms); i++)
    if (str_eqz(as, forms[i].word)) form = i;
  if (form < 0) return fail(e, ERR_INVALID, MSG_plans_bad_word, "name", STR("as"), "value", as);
  x.as = (enum export_form)form;
  struct history_query from_start = *q;
  from_start.before = 0;
  struct str bytes = {0};
  const bool ok = begin(&x, e) && put_all(&x, s, from_start, e) && (x.as != AS_XLSX || xlsx_finish(&x.xlsx, &bytes, e));
  if (!ok) {
    if (x.as == AS_XLSX) xlsx_drop(&x.xlsx);
    buf_clear(&rs->body);
    return false;
  }
  if (x.as == AS_XLSX) buf_str(&rs->body, bytes);
  const struct str name = str_fmt(rq->mem, STRF " " STRF ".%s", STRA(page_text(rq, MSG_audit_title)),
                                  STRA(str_slice(clock_rfc3339(rq->mem, rq->now_us), 0, 10)), forms[form].word);
  web_download(rq, rs, name, forms[form].type);
  return true;
}
