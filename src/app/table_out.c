/* A list as JSON, CSV, XLSX, JSON Lines or as a part of a page. Files hold the rows of all pages, read a piece at a time behind the key
 * of the last row: an XLSX from one snapshot, the others while they are sent. */
#include "app/table.h"
#include "base/clock.h"
#include "pages.h"
#include "sql.h"
#include "text/xlsx_write.h"
#include "texts.h"

enum { PIECE_ROWS = 500, WIDTH = 12 };

/* ---- JSON ---- */

static void put_cell(struct json_out *j, const char *name, const struct table_column *c, const struct store_value *v) {
  AUTO_ARENA mem = {0};
  if (v->null || (c->type == TABLE_TIME && !v->n)) json_nil(j, name);
  else if (c->type == TABLE_TIME) json_str(j, name, clock_rfc3339(&mem, v->n));
  else if (v->type == 'i') json_int(j, name, v->n);
  else json_str(j, name, v->s);
}
static void put_row(struct json_out *j, const struct table_said *t, const struct list_row *row) {
  const struct store_value *id = &row->at[t->id];
  json_open(j, NULL, '{');
  if (t->json) {
    t->json(j, row);
  } else {
    AUTO_ARENA mem = {0};
    json_str(j, "id", id->type == 'i' ? str_int(&mem, id->n) : id->s);
    for (size_t i = 0; i < t->count; i++) put_cell(j, t->columns[i].name, &t->columns[i], &row->at[t->columns[i].sql]);
  }
  json_close(j, '}');
}
void table_json(struct json_out *j, const struct table_said *t, const struct table_rows *rows) {
  json_open(j, "rows", '[');
  for (size_t i = 0; i < rows->rows.len; i++) put_row(j, t, &rows->rows.at[i]);
  json_close(j, ']');
  json_str_or_null(j, "next", rows->next.len ? rows->next : (struct str){0});
  json_str_or_null(j, "prev", rows->prev.len ? rows->prev : (struct str){0});
}

/* ---- files ---- */

struct file_out { /* a row goes into one of them */
  struct web_request *rq;
  const struct table_said *t;
  const struct table_rows *asked;
  struct buf *csv, *lines;
  struct xlsx *xlsx;
};
static bool in_file(const struct file_out *f, size_t i) {
  return f->asked->shown[i] || (f->t->columns[i].flags & TABLE_FILES);
}
/* RFC 4180. A text that a spreadsheet would take for a formula is told apart by an apostrophe. */
static void put_csv(struct buf *out, struct str s) {
  buf_byte(out, '"');
  if (s.len && strchr("=+-@\t\r", s.at[0])) buf_byte(out, '\'');
  for (size_t i = 0; i < s.len; i++) {
    if (s.at[i] == '"') buf_byte(out, '"');
    buf_byte(out, s.at[i]);
  }
  buf_byte(out, '"');
}
/* Moments and days as machines read them; numbers as numbers; words as people read them. */
static struct str file_value(struct web_request *rq, struct arena *mem, const struct table_column *c,
                             const struct store_value *v) {
  if (v->null || (c->type == TABLE_TIME && !v->n)) return (struct str){0};
  if (c->type == TABLE_TIME) return page_moment_of(mem, v->n);
  if (v->type == 'i') return c->places ? dec_text(mem, (struct dec){v->n, c->places}) : str_int(mem, v->n);
  if (c->type != TABLE_WORD || !v->s.len) return v->s;
  return str_dup(mem, page_text_of(rq->mem, rq->lang, c->prefix, str_z(mem, v->s)));
}
static void put_file_cell(struct file_out *f, struct arena *mem, const struct table_column *c,
                          const struct list_row *row, bool is_first) {
  const struct store_value *v = &row->at[c->sql];
  const bool is_said = f->t->says && !(c->flags & TABLE_EXACT);
  const struct str says = is_said ? f->t->says(f->rq, c, row) : (struct str){0};
  const struct str text = says.at ? says : file_value(f->rq, mem, c, v);
  if (f->csv) {
    if (!is_first) buf_byte(f->csv, ',');
    if (c->type == TABLE_NUMBER) buf_str(f->csv, text);
    else put_csv(f->csv, text);
  } else if (c->type == TABLE_NUMBER && !v->null) {
    xlsx_number(f->xlsx, (struct dec){v->n, c->places});
  } else {
    xlsx_text(f->xlsx, text);
  }
}
static void put_file_row(struct file_out *f, struct arena *mem, const struct list_row *row) {
  bool first = true;
  if (f->lines) {
    struct json_out j = {.to = f->lines};
    put_row(&j, f->t, row);
    buf_byte(f->lines, '\n');
    return;
  }
  for (size_t i = 0; i < f->t->count; i++) {
    if (!in_file(f, i)) continue;
    put_file_cell(f, mem, &f->t->columns[i], row, first);
    first = false;
  }
  if (f->csv) buf_z(f->csv, "\r\n");
  else xlsx_row_end(f->xlsx);
}
static void begin_file(struct file_out *f, struct arena *mem) {
  struct xlsx_column *columns = arena_new_n(mem, struct xlsx_column, f->t->count);
  size_t n = 0;
  if (f->csv) buf_z(f->csv, "\xEF\xBB\xBF");
  for (size_t i = 0; i < f->t->count; i++) {
    const struct table_column *c = &f->t->columns[i];
    if (!in_file(f, i)) continue;
    const struct str label = table_label(f->rq, c);
    const struct str head = c->unit.len ? str_fmt(mem, STRF "（" STRF "）", STRA(label), STRA(c->unit)) : label;
    columns[n] = (struct xlsx_column){head, (uint32_t)(c->width ? c->width : WIDTH), c->width > 20};
    if (f->csv && n) buf_byte(f->csv, ',');
    if (f->csv) put_csv(f->csv, columns[n].title);
    n++;
  }
  const struct str title = table_title(f->rq, f->t);
  if (f->csv) buf_z(f->csv, "\r\n");
  else xlsx_sheet(f->xlsx, title, STR(""), columns, n);
}
static bool refuse_large(struct web_request *rq, struct store *r, const struct table_said *t,
                         const struct list_query *q, struct err *e) {
  int64_t n = 0;
  TRY(store_list_count(r, rq->mem, t->list, q, TABLE_EXPORT_MAX + 1, &n, e));
  if (n <= TABLE_EXPORT_MAX) return true;
  (void)fail(e, ERR_TOO_LARGE, MSG_table_too_many, "limit", str_int(rq->mem, TABLE_EXPORT_MAX));
  return err_hint(e, MSG_table_too_many_hint);
}
/* The rows behind *io_q's key; the key moves on. *out_more: there may be others. */
static bool put_piece(struct file_out *f, struct store *r, struct list_query *io_q, bool *out_more, struct err *e) {
  AUTO_ARENA mem = {0};
  list_rows rows = {0};
  TRY(store_list_rows(r, &mem, f->t->list, io_q, PIECE_ROWS, &rows, e));
  if (f->t->read) TRY(f->t->read(f->rq, f->t, f->asked, r, &mem, &rows, e));
  for (size_t i = 0; i < rows.len; i++) put_file_row(f, &mem, &rows.at[i]);
  *out_more = rows.len == PIECE_ROWS;
  if (!*out_more) return true;
  io_q->has_key = true;
  io_q->key = vec_last(&rows).at[io_q->sort];
  io_q->key_id = vec_last(&rows).at[io_q->id];
  io_q->key.s = str_dup(f->rq->mem, io_q->key.s);
  io_q->key_id.s = str_dup(f->rq->mem, io_q->key_id.s);
  return true;
}
static struct list_query all_pages(const struct table_rows *asked) {
  struct list_query q = asked->query;
  q.has_key = q.backward = false;
  return q;
}
static struct str file_name(struct web_request *rq, const struct table_said *t, const char *ending) {
  return str_fmt(rq->mem, STRF " " STRF ".%s", STRA(table_title(rq, t)),
                 STRA(date_iso(rq->mem, clock_today(rq->now_us))), ending);
}
/* CSV and lines go out as they are read, a piece at a time: no reader of the store waits for a slow client. */
struct text_stream {
  struct file_out f;
  struct list_query q;
  struct table_rows asked;
  bool is_lines, begun;
};
static bool next_text(void *arg, struct buf *out, bool *io_more, struct err *e) {
  struct text_stream *s = arg;
  *(s->is_lines ? &s->f.lines : &s->f.csv) = out;
  if (!s->begun && !s->is_lines) begin_file(&s->f, s->f.rq->mem);
  s->begun = true;
  AUTO_READ *r = store_read_begin(app_of(s->f.rq)->store, e);
  return r && put_piece(&s->f, r, &s->q, io_more, e);
}
static struct store_value *copy_values(struct arena *mem, const struct store_value *from, size_t n) {
  struct store_value *to = arena_new_n(mem, struct store_value, n + 1);
  for (size_t i = 0; i < n; i++) to[i] = from[i];
  return to;
}
/* The handler is over before the last piece is read: what stood on its stack is copied. */
static void send_text(struct web_request *rq, struct web_response *rs, const struct table_said *t,
                      struct table_rows *rows, bool is_lines) {
  struct text_stream *s = arena_new(rq->mem, struct text_stream);
  s->asked = *rows;
  s->is_lines = is_lines;
  s->f = (struct file_out){.rq = rq, .t = t, .asked = &s->asked};
  s->q = all_pages(rows);
  s->q.fixed = copy_values(rq->mem, s->q.fixed, strlen(t->list->types));
  s->q.scope.values = copy_values(rq->mem, s->q.scope.values, s->q.scope.count);
  rs->stream = (struct web_stream){.next = next_text, .arg = s};
  web_download(rq, rs, file_name(rq, t, is_lines ? "jsonl" : "csv"),
               is_lines ? "application/x-ndjson" : "text/csv; charset=utf-8");
}
static bool send_xlsx(struct web_request *rq, struct web_response *rs, struct store *r, const struct table_said *t,
                      struct table_rows *rows, struct err *e) {
  AUTO_XLSX x = {0};
  struct file_out f = {.rq = rq, .t = t, .asked = rows, .xlsx = &x};
  struct list_query q = all_pages(rows);
  TRY(xlsx_begin(&x, rq->mem, e));
  begin_file(&f, rq->mem);
  for (bool more = true; more;) TRY(put_piece(&f, r, &q, &more, e));
  TRY(xlsx_finish(&x, &rs->fixed, e)); /* in the request's arena, which outlives the answer */
  web_download(rq, rs, file_name(rq, t, "xlsx"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
  return true;
}
static bool send_file(struct web_request *rq, struct web_response *rs, const struct table_said *t,
                      struct table_rows *rows, struct str as, struct err *e) {
  const struct list_query q = all_pages(rows);
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  TRY(refuse_large(rq, r, t, &q, e));
  if (str_eqz(as, "xlsx")) return send_xlsx(rq, rs, r, t, rows, e);
  send_text(rq, rs, t, rows, str_eqz(as, "jsonl"));
  return true;
}

bool table_sent(struct web_request *rq, struct web_response *rs, const struct table_said *t, struct table_rows *rows,
                bool *out_sent, struct err *e) {
  const struct str as = web_query(rq, "as");
  *out_sent = true;
  if (str_eqz(as, "csv") || str_eqz(as, "xlsx") || str_eqz(as, "jsonl")) return send_file(rq, rs, t, rows, as, e);
  if (as.len) return fail(e, ERR_INVALID, MSG_plans_bad_word, "name", STR("as"), "value", as);
  if (rq->json) {
    struct json_out *j = web_json(rs);
    json_open(j, NULL, '{');
    table_json(j, t, rows);
    json_close(j, '}');
  } else if (rq->partial) {
    struct view_table v;
    TRY(table_view(rq, t, rows, &v, e));
    part_table(&rs->body, rq->lang, &v);
  } else {
    *out_sent = false;
  }
  return true;
}
