/* Records out of a sheet (systems_sheet.h): the form with those that are on their way, and one of them: how far it is, what was refused, what can
 * be done next. Each press of a button does a portion; with script the next one follows by itself. */
#include "app/systems_sheet.h"
#include "app/views_system_sheet.h"
#include "base/limits.h"
#include "declare/check.h"
#include "pages.h"
#include "sql.h"
#include "texts.h"

enum { PROBLEMS_SHOWN = 50 };

static struct str list_address(const struct sheet_work *w) {
  return str_fmt(w->rq->mem, "/s/" STRF "/" STRF, STRA(w->at.system->name), STRA(w->at.record->record->head.name.text));
}
static struct str address_of(const struct sheet_work *w, struct str id) {
  return str_fmt(w->rq->mem, STRF "/acts/" STRF "/sheet%s" STRF, STRA(list_address(w)), STRA(w->at.act->head.name.text),
                 id.len ? "/" : "", STRA(id));
}
static const char *phase_of(const struct sheet_work *w) {
  if (sheet_is_over(w)) return "done";
  return w->is_taking ? "taking" : sheet_is_tried(w) ? "tried" : "trying";
}
static struct str told(const struct sheet_work *w, int msg) {
  struct arena *mem = w->rq->mem;
  const struct msg_arg args[] = {{"rows", str_int(mem, w->rows)},
                                 {"n", str_int(mem, w->is_taking ? w->taken : w->tried)},
                                 {"good", str_int(mem, w->rows - w->bad)},
                                 {"made", str_int(mem, w->made)},
                                 {"bad", str_int(mem, w->bad)}};
  return msg_text(mem, w->rq->lang, msg, args, COUNT_OF(args));
}

/* ---- files ---- */

static bool send_sheet(const struct sheet_work *w, struct web_response *rs, const struct cells_sheet *sheet,
                       const struct str *problems, bool xlsx, struct err *e) {
  struct str bytes = {0};
  TRY(cells_write(w->rq->mem, sheet, problems, w->rq->lang, xlsx, &bytes, e));
  web_download(w->rq, rs,
               str_fmt(w->rq->mem, STRF "%s", STRA(w->at.record->record->label.text), xlsx ? ".xlsx" : ".csv"),
               xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "text/csv; charset=utf-8");
  buf_str(&rs->body, bytes);
  return true;
}
/* Only the rows that were refused, each with why: mended, they can be sent as they are. */
static bool send_problems(const struct sheet_work *w, struct web_response *rs, bool xlsx, struct err *e) {
  struct cells_sheet out = w->sheet;
  VEC(struct str) says = {0};
  memset(&out.rows, 0, sizeof out.rows);
  for (size_t i = 0; i < w->sheet.rows.len; i++) {
    if (!w->problems[i].len) continue;
    vec_push(w->rq->mem, &out.rows) = w->sheet.rows.at[i];
    vec_push(w->rq->mem, &says) = w->problems[i];
  }
  return send_sheet(w, rs, &out, says.at, xlsx, e);
}

/* ---- as JSON ---- */

static void put_json(const struct sheet_work *w, struct web_response *rs) {
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_str(j, "id", w->id);
  json_str(j, "name", w->name);
  json_z(j, "phase", phase_of(w));
  json_int(j, "rows", w->rows);
  json_int(j, "tried", w->tried);
  json_int(j, "taken", w->taken);
  json_int(j, "made", w->made);
  json_int(j, "bad", w->bad);
  json_open(j, "problems", '[');
  for (size_t r = 0, shown = 0; r < w->sheet.rows.len && shown < PROBLEMS_SHOWN; r++) {
    if (!w->problems[r].len) continue;
    shown++;
    json_open(j, NULL, '{');
    json_int(j, "row", w->sheet.rows.at[r].number);
    json_str(j, "says", w->problems[r]);
    json_close(j, '}');
  }
  json_close(j, ']');
  json_close(j, '}');
  json_close(j, '}');
}

/* ---- the page ---- */

static void fill_frame(const struct sheet_work *w, struct view_system_sheet *v) {
  struct web_request *rq = w->rq;
  v->lang = rq->lang;
  v->title = w->at.act->label.text;
  v->f = page_frame(rq, v->title, PAGE_SYSTEMS, SYSTEM_FORM_JS);
  v->system = w->at.system->system->label.text;
  v->system_href = str_fmt(rq->mem, "/s/" STRF, STRA(w->at.system->name));
  v->list = w->at.record->record->label.text;
  v->list_href = v->f.back = list_address(w);
  v->action = address_of(w, STR(""));
  v->xlsx_href = str_fmt(rq->mem, STRF "?format=xlsx", STRA(v->action));
  v->csv_href = str_fmt(rq->mem, STRF "?format=csv", STRA(v->action));
  v->most = str_int(rq->mem, IMPORT_ROWS_MAX);
}
static bool fill_open(struct sheet_work *w, struct view_system_sheet *v, struct err *e) {
  struct sql_flow_sheet_of_rows rows = {0};
  AUTO_READ *r = store_read_begin(app_of(w->rq)->store, e);
  const struct sql_flow_sheet_of_in in = {STORE_TENANT, who_of(w->rq)->person, w->at.record->name,
                                          w->at.act->head.name.text};
  if (!r || !sql_flow_sheet_of(r, w->rq->mem, &in, SIZE_MAX, &rows, e)) return false;
  vec_each(const struct sql_flow_sheet_of, s, &rows)
    vec_push(w->rq->mem, &v->open) =
        (struct view_link){.href = address_of(w, s->id), .label = s->name, .count = page_when(w->rq, s->at_us)};
  return true;
}
static void fill_work(const struct sheet_work *w, struct view_system_sheet *v) {
  struct arena *mem = w->rq->mem;
  const int64_t at = w->is_taking ? w->taken : w->tried;
  v->name = w->name;
  v->work = address_of(w, w->id);
  v->problems_href = str_fmt(mem, STRF "?format=xlsx", STRA(v->work));
  v->bar = w->rows ? (int)(at * 100 / w->rows) : 100;
  v->goes_on = w->is_taking ? !sheet_is_over(w) : !sheet_is_tried(w);
  v->is_taking = w->is_taking;
  v->is_over = sheet_is_over(w);
  v->is_good = !w->bad;
  v->can_take = sheet_is_tried(w) && !w->is_taking && w->bad < w->rows;
  v->take = told(w, w->bad ? MSG_sheet_take_good : MSG_import_take);
  v->summary = told(w, v->is_over           ? MSG_sheet_is_over
                       : w->is_taking       ? MSG_sheet_is_taken
                       : !sheet_is_tried(w) ? MSG_sheet_is_tried
                       : w->bad             ? MSG_sheet_is_bad
                                            : MSG_sheet_is_good);
  for (size_t r = 0; r < w->sheet.rows.len && v->lines.len < PROBLEMS_SHOWN; r++)
    if (w->problems[r].len)
      vec_push(mem, &v->lines) = (struct view_import_line){str_int(mem, w->sheet.rows.at[r].number), w->problems[r],
                                                           w->sheet.rows.at[r].cells[0]};
  if (w->bad > PROBLEMS_SHOWN) v->more = told(w, MSG_sheet_more);
}
static bool answer(struct sheet_work *w, struct web_response *rs, struct err *e) {
  const bool is_done = sheet_is_over(w) && !w->bad;
  if (is_done) TRY(sheet_drop(w, e));
  if (w->rq->json) put_json(w, rs);
  else web_redirect(rs, is_done ? str_fmt(w->rq->mem, STRF "?did=sheet", STRA(list_address(w))) : address_of(w, w->id));
  return true;
}

/* ---- handlers ---- */

static bool show_form(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct sheet_work w;
  struct view_system_sheet v = {0};
  const struct str format = web_query(rq, "format");
  TRY(sheet_begin(rq, &w, e));
  if (format.len) return send_sheet(&w, rs, &w.sheet, NULL, !str_eqz(format, "csv"), e);
  fill_frame(&w, &v);
  TRY(fill_open(&w, &v, e));
  page_system_sheet(&rs->body, &v);
  return true;
}
static bool take_in(struct sheet_work *w, struct err *e) {
  const struct web_field *file = web_file(w->rq, "file");
  if (!file || !file->value.len) return fail(e, ERR_INVALID, MSG_upload_no_file);
  return sheet_keep(w, file->file_name, file->value, e) && sheet_go(w, e);
}
static bool send_form(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct sheet_work w;
  struct view_system_sheet v = {0};
  TRY(sheet_begin(rq, &w, e));
  if (take_in(&w, e)) return answer(&w, rs, e);
  if (rq->json || err_http(e->code) >= 500) return false;
  v.refusal = err_says(rq->mem, rq->lang, e);
  v.hint = err_hint_says(rq->mem, rq->lang, e);
  rs->status = err_http(e->code);
  *e = (struct err){0};
  fill_frame(&w, &v);
  TRY(fill_open(&w, &v, e));
  page_system_sheet(&rs->body, &v);
  return true;
}
static bool show_work(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct sheet_work w;
  struct view_system_sheet v = {0};
  const struct str format = web_query(rq, "format");
  TRY(sheet_begin(rq, &w, e) && sheet_open(&w, web_param(rq, "sheet"), e));
  if (format.len) return send_problems(&w, rs, !str_eqz(format, "csv"), e);
  if (rq->json) {
    put_json(&w, rs);
    return true;
  }
  fill_frame(&w, &v);
  fill_work(&w, &v);
  page_system_sheet(&rs->body, &v);
  return true;
}
static bool send_work(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct sheet_work w;
  const struct str act = web_field(rq, "do");
  const bool takes = str_eqz(act, "take");
  TRY(sheet_begin(rq, &w, e) && sheet_open(&w, web_param(rq, "sheet"), e));
  if (str_eqz(act, "drop")) {
    TRY(sheet_drop(&w, e));
    if (rq->json) put_json(&w, rs);
    else web_redirect(rs, address_of(&w, STR("")));
    return true;
  }
  if (!takes && !str_eqz(act, "go"))
    return fail(e, ERR_INVALID, MSG_plans_bad_word, "name", STR("do"), "value", str_slice(act, 0, 40));
  if (takes) TRY(sheet_take(&w, e));
  return sheet_go(&w, e) && answer(&w, rs, e);
}

const struct route page_system_sheet_routes[] = {
    {GET, "/s/{system}/{record}/acts/{act}/sheet", "system.see", show_form,
     "records from a sheet: the form; format: an empty sheet with its columns", .query = "format",
     .flags = ROUTE_PAGE_ONLY},
    {POST, "/s/{system}/{record}/acts/{act}/sheet", "system.act", send_form,
     "a sheet, to be tried: its first portion of rows", .form = "file!", .flags = ROUTE_UPLOAD},
    {GET, "/s/{system}/{record}/acts/{act}/sheet/{sheet}", "system.see", show_work,
     "a sheet on its way: how far it is, what was refused; format: the rows that were, with why", .query = "format"},
    {POST, "/s/{system}/{record}/acts/{act}/sheet/{sheet}", "system.act", send_work,
     "go: the next portion; take: those that can be are taken from now on; drop: it is called off", .form = "do!"},
    {0},
};
