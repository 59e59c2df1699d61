/* Records out of a sheet, each through the same start act as by its form: the sheet is tried first, every row in a transaction that is
 * taken back, and what is wrong is said row by row; then it is taken whole or not at all. Nothing of it is kept in between: the page
 * carries what was tried. */
#include "app/sheet_cells.h"
#include "app/systems_form.h"
#include "app/views_system_sheet.h"
#include "base/limits.h"
#include "declare/base_known.h"
#include "declare/check.h"
#include "pages.h"
#include "texts.h"

enum { PROBLEMS_SHOWN = 50 };

struct taking {
  struct web_request *rq;
  struct system_place at;
  const struct flow_field *fields[CELLS_COLUMNS_MAX]; /* as the columns */
  struct cells_sheet sheet;
  struct str *problems; /* one a row */
  size_t bad, row;      /* row: that is being done */
  bool is_taken;
};

/* ---- columns: what the act asks for, as far as it stands in a cell ---- */

static bool fits_cell(const struct flow_field *f) {
  const enum type_word t = f->field->is.type;
  const bool is_file = t == TYPE_file || t == TYPE_files || t == TYPE_photos || t == TYPE_signature;
  return !is_file && t != TYPE_rows && t != TYPE_sheet;
}
static void add_columns(struct taking *w, const words *names, bool needed) {
  vec_each(const struct word, x, names) {
    const struct flow_field *f = flow_field(w->at.record, x->text);
    if (!f || !fits_cell(f) || w->sheet.count == CELLS_COLUMNS_MAX) continue;
    w->fields[w->sheet.count] = f;
    w->sheet.needed[w->sheet.count] = needed;
    w->sheet.heads[w->sheet.count++] = str_z(w->rq->mem, f->field->label.text);
  }
}
static bool begin(struct web_request *rq, struct taking *w, struct err *e) {
  struct system_run x;
  w->rq = rq;
  TRY(systems_place(rq, &w->at, e));
  systems_begin(&x, rq, NULL);
  if (!systems_is_start(w->at.act)) return fail(e, ERR_NOT_FOUND, MSG_systems_no_act);
  if (!systems_may_start(&x, w->at.record, w->at.act))
    return fail(e, ERR_FORBIDDEN, MSG_flow_forbidden, "act", w->at.act->label.text);
  add_columns(w, &w->at.act->asks, true);
  add_columns(w, &w->at.act->may, false);
  return true;
}

/* ---- one row ---- */

/* 水电 for power; what is no label stays as it is. */
static struct str code_of(struct taking *w, const struct codes *c, struct str said) {
  const struct list *list = c ? c->list : NULL;
  for (size_t i = 0; list && i < list->items.len; i++)
    if (str_eq(list->items.at[i].label.text, said)) return list->items.at[i].head.name.text;
  (void)w;
  return said;
}
static struct str codes_of(struct taking *w, const struct flow_field *f, struct str said) {
  struct str rest = str_replace(w->rq->mem, said, STR("、"), STR(",")), one, all = STR("");
  while (rest.len) {
    if (!str_cut(rest, STR(","), &one, &rest)) one = rest, rest = (struct str){0};
    one = code_of(w, f->type.of, str_trim(one));
    all = all.len ? str_fmt(w->rq->mem, STRF "," STRF, STRA(all), STRA(one)) : one;
  }
  return all;
}
/* A record is named by its number. */
static bool ref_of(struct system_run *x, const struct flow_field *f, struct str said, struct str *out, struct err *e) {
  const struct flow_record *r = flow_referred(x->run.flow, f);
  const struct equality equal = {STR("number"), value_text(said)};
  struct str *ids = NULL;
  size_t n = 0;
  *out = said;
  if (!r || !has_word(r->record->number)) return true;
  TRY(flow_rows_where(&x->run, r, &equal, 1, 2, &ids, &n, e));
  if (n == 1) *out = ids[0];
  return true;
}
static bool cell_said(struct taking *w, struct system_run *x, size_t i, struct str said, struct str *out,
                      struct err *e) {
  const struct flow_field *f = w->fields[i];
  *out = said;
  if (f->type.kind == KIND_CODE) *out = codes_of(w, f, said);
  if (f->type.kind == KIND_FLAG)
    *out = str_eq(said, page_text(w->rq, MSG_review_yes))  ? STR("yes")
           : str_eq(said, page_text(w->rq, MSG_review_no)) ? STR("no")
                                                           : said;
  return f->field->is.type != TYPE_ref || ref_of(x, f, said, out, e);
}
/* As if the form had been sent with these inputs. */
static bool do_row(struct store *tx, struct taking *w, size_t row, struct err *e) {
  struct system_run x;
  struct web_request one = *w->rq;
  flow_inputs inputs = {0};
  struct flow_done done = {0};
  const struct cells_row *cells = &w->sheet.rows.at[row];
  systems_begin(&x, w->rq, tx);
  one.fields = arena_new_n(w->rq->mem, struct web_field, w->sheet.count);
  one.field_count = 0;
  for (size_t i = 0; i < w->sheet.count; i++) {
    struct web_field *f = &one.fields[one.field_count];
    if (!cells->cells[i].len) continue;
    f->name = w->fields[i]->name;
    TRY(cell_said(w, &x, i, cells->cells[i], &f->value, e));
    one.field_count++;
  }
  TRY(system_names_resolve(&x, &one, &w->at, e) && system_inputs_read(&x, &one, &w->at, &inputs, e));
  const struct flow_ask ask = {.record = w->at.record,
                               .act = w->at.act->head.name.text,
                               .inputs = inputs.at,
                               .input_count = inputs.len,
                               .is_confirmed = true};
  return flow_act(&x.run, &ask, &done, e);
}

/* ---- trial and taking ---- */

static bool try_row(struct store *tx, void *arg, struct err *e) {
  struct taking *w = arg;
  TRY(do_row(tx, w, w->row, e));
  return fail(e, ERR_CONFIRM, MSG_import_not_taken); /* it could be; it is taken back */
}
static bool try_all(struct taking *w, struct err *e) {
  for (w->row = 0; w->row < w->sheet.rows.len; w->row++) {
    struct err why = {0};
    if (store_write(app_of(w->rq)->store, try_row, w, &why) || why.code == ERR_CONFIRM) continue;
    if (err_http(why.code) >= 500) return *e = why, false;
    w->problems[w->row] = err_says(w->rq->mem, w->rq->lang, &why);
    w->bad++;
  }
  return true;
}
static bool take_rows(struct store *tx, void *arg, struct err *e) {
  struct taking *w = arg;
  for (w->row = 0; w->row < w->sheet.rows.len; w->row++) TRY(do_row(tx, w, w->row, e));
  return true;
}
static bool take_all(struct taking *w, struct err *e) {
  struct err why = {0};
  w->is_taken = store_write(app_of(w->rq)->store, take_rows, w, &why);
  if (w->is_taken) return true;
  if (err_http(why.code) >= 500) return *e = why, false;
  w->problems[w->row] = err_says(w->rq->mem, w->rq->lang, &why);
  w->bad = 1;
  return true;
}
static bool read_sheet(struct taking *w, struct err *e) {
  struct web_request *rq = w->rq;
  const struct web_field *file = web_file(rq, "file");
  const struct str sheet = web_field(rq, "sheet");
  const struct str bytes = file && file->value.len ? file->value : sheet;
  const struct str name = file && file->value.len ? file->file_name : STR("sheet.csv");
  if (!bytes.len) return fail(e, ERR_INVALID, MSG_upload_no_file);
  TRY(cells_read(rq->mem, name, bytes, IMPORT_PORTION, &w->sheet, e));
  w->problems = arena_new_n(rq->mem, struct str, w->sheet.rows.len);
  return true;
}

/* ---- answers ---- */

static struct str list_address(struct taking *w) {
  return str_fmt(w->rq->mem, "/s/" STRF "/" STRF, STRA(w->at.system->name), STRA(w->at.record->record->head.name.text));
}
static bool send_sheet(struct taking *w, struct web_response *rs, const struct str *problems, bool xlsx,
                       struct err *e) {
  struct str bytes = {0};
  TRY(cells_write(w->rq->mem, &w->sheet, problems, w->rq->lang, xlsx, &bytes, e));
  web_download(w->rq, rs,
               str_fmt(w->rq->mem, STRF "%s", STRA(w->at.record->record->label.text), xlsx ? ".xlsx" : ".csv"),
               xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "text/csv; charset=utf-8");
  buf_str(&rs->body, bytes);
  return true;
}
static void put_json(struct taking *w, struct web_response *rs) {
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_int(j, "rows", (int64_t)w->sheet.rows.len);
  json_int(j, "bad", (int64_t)w->bad);
  json_bool(j, "taken", w->is_taken);
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
static void fill_page(struct taking *w, struct view_system_sheet *v) {
  struct web_request *rq = w->rq;
  v->lang = rq->lang;
  v->title = w->at.act->label.text;
  v->f = page_frame(rq, v->title, PAGE_SYSTEMS, NULL);
  v->system = w->at.system->system->label.text;
  v->system_href = str_fmt(rq->mem, "/s/" STRF, STRA(w->at.system->name));
  v->list = w->at.record->record->label.text;
  v->list_href = v->f.back = list_address(w);
  v->action = str_fmt(rq->mem, STRF "/acts/" STRF "/sheet", STRA(v->list_href), STRA(w->at.act->head.name.text));
  v->xlsx_href = str_fmt(rq->mem, STRF "?format=xlsx", STRA(v->action));
  v->csv_href = str_fmt(rq->mem, STRF "?format=csv", STRA(v->action));
  v->most = str_int(rq->mem, IMPORT_PORTION);
}
static bool fill_trial(struct taking *w, struct view_system_sheet *v, struct err *e) {
  struct arena *mem = w->rq->mem;
  const size_t rows = w->sheet.rows.len;
  const struct msg_arg args[] = {{"rows", str_int(mem, (int64_t)rows)},
                                 {"made", str_int(mem, (int64_t)(rows - w->bad))},
                                 {"changed", STR("0")},
                                 {"same", STR("0")},
                                 {"bad", str_int(mem, (int64_t)w->bad)}};
  v->can_take = !w->bad;
  v->summary = msg_text(mem, w->rq->lang, w->bad ? MSG_import_bad : MSG_import_good, args, COUNT_OF(args));
  for (size_t r = 0; r < rows && v->lines.len < PROBLEMS_SHOWN; r++)
    if (w->problems[r].len)
      vec_push(mem, &v->lines) = (struct view_import_line){str_int(mem, w->sheet.rows.at[r].number), w->problems[r],
                                                           w->sheet.rows.at[r].cells[0]};
  return cells_write(mem, &w->sheet, NULL, w->rq->lang, false, &v->sheet, e);
}

/* ---- handlers ---- */

static bool show_form(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct taking w = {0};
  struct view_system_sheet v = {0};
  const struct str format = web_query(rq, "format");
  TRY(begin(rq, &w, e));
  if (format.len) return send_sheet(&w, rs, NULL, !str_eqz(format, "csv"), e);
  fill_page(&w, &v);
  page_system_sheet(&rs->body, &v);
  return true;
}
static bool do_sheet(struct taking *w, struct err *e) {
  const bool takes = str_eqz(web_field(w->rq, "take"), "yes");
  return read_sheet(w, e) && (takes ? take_all(w, e) : try_all(w, e));
}
static bool send_form(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct taking w = {0};
  struct view_system_sheet v = {0};
  TRY(begin(rq, &w, e));
  if (!do_sheet(&w, e)) {
    if (rq->json || err_http(e->code) >= 500) return false;
    v.refusal = err_says(rq->mem, rq->lang, e);
    v.hint = err_hint_says(rq->mem, rq->lang, e);
    rs->status = err_http(e->code);
    *e = (struct err){0};
  } else if (str_eqz(web_field(rq, "take"), "problems")) {
    return send_sheet(&w, rs, w.problems, true, e);
  } else if (rq->json) {
    put_json(&w, rs);
    return true;
  } else if (w.is_taken) {
    web_redirect(rs, list_address(&w));
    return true;
  } else {
    TRY(fill_trial(&w, &v, e));
  }
  fill_page(&w, &v);
  page_system_sheet(&rs->body, &v);
  return true;
}

const struct route page_system_sheet_routes[] = {
    {GET, "/s/{system}/{record}/acts/{act}/sheet", "system.see", show_form,
     "records from a sheet: the form; format: an empty sheet with its columns", .query = "format",
     .flags = ROUTE_PAGE_ONLY},
    {POST, "/s/{system}/{record}/acts/{act}/sheet", "system.act", send_form,
     "try a sheet row by row; take=yes takes it whole or not at all, take=problems gives it back with what is wrong",
     .form = "file sheet take", .flags = ROUTE_UPLOAD},
    {0},
};
