/* The way of a sheet: kept, tried, taken; the rows become the same inputs as a form's. */
#include "app/systems_sheet.h"

#include "base/limits.h"
#include "base/seal.h"
#include "declare/base_known.h"
#include "declare/check.h"
#include "engine/register/register_store.h"
#include "sql.h"
#include "texts.h"

enum { DAY_SECONDS = 86400, SECOND = 1000000 };

/* ---- columns: what the act asks for, as far as it stands in a cell ---- */

static bool fits_cell(const struct flow_field *f) {
  const enum type_word t = f->field->is.type;
  const bool is_file = t == TYPE_file || t == TYPE_files || t == TYPE_photos || t == TYPE_signature;
  return !is_file && t != TYPE_rows && t != TYPE_sheet;
}
static void add_columns(struct sheet_work *w, const words *names, bool needed) {
  vec_each(const struct word, x, names) {
    const struct flow_field *f = flow_field(w->at.record, x->text);
    if (!f || !fits_cell(f) || w->sheet.count == CELLS_COLUMNS_MAX) continue;
    w->fields[w->sheet.count] = f;
    w->sheet.needed[w->sheet.count] = needed;
    w->sheet.heads[w->sheet.count++] = str_z(w->rq->mem, f->field->label.text);
  }
}
bool sheet_begin(struct web_request *rq, struct sheet_work *w, struct err *e) {
  struct system_run x;
  *w = (struct sheet_work){.rq = rq};
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
static struct str code_of(const struct codes *c, struct str said) {
  const struct list *list = c ? c->list : NULL;
  for (size_t i = 0; list && i < list->items.len; i++)
    if (str_eq(list->items.at[i].label.text, said)) return list->items.at[i].head.name.text;
  return said;
}
static struct str codes_of(struct sheet_work *w, const struct flow_field *f, struct str said) {
  struct str rest = str_replace(w->rq->mem, said, STR("、"), STR(",")), one, all = STR("");
  while (rest.len) {
    if (!str_cut(rest, STR(","), &one, &rest)) one = rest, rest = (struct str){0};
    one = code_of(f->type.of, str_trim(one));
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
static bool cell_said(struct sheet_work *w, struct system_run *x, size_t i, struct str said, struct str *out,
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
struct row_work { /* an act of the store: may run again */
  struct sheet_work *w;
  size_t row;
};
/* As if the form had been sent with these inputs. */
static bool do_row(struct store *tx, const struct row_work *k, struct err *e) {
  struct sheet_work *w = k->w;
  struct system_run x;
  struct web_request one = *w->rq;
  flow_inputs inputs = {0};
  struct flow_done done = {0};
  const struct cells_row *cells = &w->sheet.rows.at[k->row];
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
  const struct flow_ask ask = {
      .record = w->at.record,
      .act = w->at.act->head.name.text,
      .inputs = inputs.at,
      .input_count = inputs.len,
      .key = w->is_taking ? str_fmt(w->rq->mem, "sheet-" STRF "-%zu", STRA(w->id), k->row) : STR(""),
      .is_confirmed = true};
  return flow_act(&x.run, &ask, &done, e);
}
static bool take_row(struct store *tx, void *arg, struct err *e) { return do_row(tx, arg, e); }
static bool try_row(struct store *tx, void *arg, struct err *e) {
  TRY(do_row(tx, arg, e));
  return fail(e, ERR_CONFIRM, MSG_import_not_taken); /* it could be; it is taken back */
}

/* ---- kept ---- */

static struct seal_place draft_place(struct str id) {
  return (struct seal_place){STORE_TENANT, STR("import_draft"), STR("bytes"), id};
}
/* Rotation and the start know those that are sealed by this word. */
static struct str draft_kind(const struct sheet_work *w) {
  for (size_t i = 0; i < w->sheet.count; i++)
    if (w->fields[i]->class >= CLASS_sensitive) return STR("sealed_records");
  return STR("records");
}
struct keeping {
  const struct sheet_work *w;
  struct str bytes;
};
static bool drop_one(struct store *tx, const struct sheet_work *w, struct str id, struct err *e) {
  const int64_t before = w->rq->now_us - (int64_t)DAY_SECONDS * SECOND;
  return sql_import_draft_drop(tx, &(struct sql_import_draft_drop_in){STORE_TENANT, id, before}, NULL, e) &&
         sql_flow_sheet_drop(tx, &(struct sql_flow_sheet_drop_in){STORE_TENANT, id, before}, NULL, e) &&
         sql_flow_sheet_rows_drop(tx, &(struct sql_flow_sheet_rows_drop_in){STORE_TENANT, id}, NULL, e);
}
static bool run_keep(struct store *tx, void *arg, struct err *e) {
  const struct keeping *k = arg;
  const struct sheet_work *w = k->w;
  struct sql_flow_sheet_count n = {0};
  const struct str person = who_of(w->rq)->person;
  const struct sql_import_draft_insert_in draft = {.tenant = STORE_TENANT,
                                                   .id = w->id,
                                                   .what = draft_kind(w),
                                                   .name = w->name,
                                                   .bytes = k->bytes,
                                                   .actor = w->rq->actor,
                                                   .at_us = w->rq->now_us};
  const struct sql_flow_sheet_insert_in in = {
      STORE_TENANT, w->id, person, w->at.record->name, w->at.act->head.name.text, w->rows, w->rq->now_us};
  TRY(drop_one(tx, w, STR(""), e));
  TRY(sql_flow_sheet_count(tx, w->rq->mem, &(struct sql_flow_sheet_count_in){STORE_TENANT, person}, &n, NULL, e));
  if (n.n >= SHEETS_OPEN_MAX)
    return fail(e, ERR_TOO_MANY, MSG_sheet_open_most, "limit", str_int(w->rq->mem, SHEETS_OPEN_MAX));
  return sql_import_draft_insert(tx, &draft, NULL, e) && sql_flow_sheet_insert(tx, &in, NULL, e);
}
bool sheet_keep(struct sheet_work *w, struct str name, struct str bytes, struct err *e) {
  struct keeping k = {w, bytes};
  struct store *store = app_of(w->rq)->store;
  TRY(cells_read(w->rq->mem, name, bytes, IMPORT_ROWS_MAX, &w->sheet, e));
  w->id = store_new_id(w->rq->mem, w->rq->now_us);
  w->name = name;
  w->rows = (int64_t)w->sheet.rows.len;
  w->problems = arena_new_n(w->rq->mem, struct str, w->sheet.rows.len);
  const struct seal_place at = draft_place(w->id);
  if (str_eqz(draft_kind(w), "sealed_records"))
    TRY(seal_cell(store_keys(store), w->rq->mem, REGISTER_COMPARTMENT, &at, bytes, &k.bytes, e));
  return store_write(store, run_keep, &k, e);
}
/* How far it is, and what was refused. */
static bool read_way(struct sheet_work *w, struct store *r, struct err *e) {
  struct sql_flow_sheet_get s = {0};
  struct sql_flow_sheet_rows_rows rows = {0};
  bool found = false;
  TRY(sql_flow_sheet_get(r, w->rq->mem, &(struct sql_flow_sheet_get_in){STORE_TENANT, w->id}, &s, &found, e));
  const bool is_own = found && str_eq(s.person, who_of(w->rq)->person) && str_eq(s.record, w->at.record->name) &&
                      str_eq(s.act, w->at.act->head.name.text);
  if (!is_own || !s.person.len) return fail(e, ERR_NOT_FOUND, MSG_import_gone);
  w->rows = s.rows;
  w->tried = s.tried;
  w->taken = s.taken;
  w->made = s.made;
  w->is_taking = s.is_taking != 0;
  TRY(sql_flow_sheet_rows(r, w->rq->mem, &(struct sql_flow_sheet_rows_in){STORE_TENANT, w->id, IMPORT_ROWS_MAX},
                          SIZE_MAX, &rows, e));
  w->bad = (int64_t)rows.len;
  if (w->problems) memset(w->problems, 0, w->sheet.rows.len * sizeof *w->problems);
  vec_each(const struct sql_flow_sheet_rows, x, &rows)
    if (w->problems && x->n >= 0 && (size_t)x->n < w->sheet.rows.len) w->problems[x->n] = x->says;
  return true;
}
bool sheet_open(struct sheet_work *w, struct str id, struct err *e) {
  struct sql_import_draft_get draft = {0};
  bool found = false;
  AUTO_READ *r = store_read_begin(app_of(w->rq)->store, e);
  w->id = id;
  if (!r || !read_way(w, r, e)) return false;
  TRY(sql_import_draft_get(r, w->rq->mem, &(struct sql_import_draft_get_in){STORE_TENANT, id}, &draft, &found, e));
  if (!found) return fail(e, ERR_NOT_FOUND, MSG_import_gone);
  const struct seal_place at = draft_place(id);
  if (str_eqz(draft.what, "sealed_records"))
    TRY(seal_open(store_keys(r), w->rq->mem, REGISTER_COMPARTMENT, &at, draft.bytes, &draft.bytes, e));
  w->name = draft.name;
  TRY(cells_read(w->rq->mem, draft.name, draft.bytes, IMPORT_ROWS_MAX, &w->sheet, e));
  if ((int64_t)w->sheet.rows.len != w->rows) return fail(e, ERR_NOT_FOUND, MSG_import_gone);
  w->problems = arena_new_n(w->rq->mem, struct str, w->sheet.rows.len);
  return read_way(w, r, e);
}

/* ---- on its way ---- */

struct portion {
  struct sheet_work *w;
  int64_t from, end, made;
  struct str *says; /* of from..end */
};
static bool run_portion(struct portion *p, struct err *e) {
  struct store *store = app_of(p->w->rq)->store;
  for (int64_t i = p->from; i < p->end; i++) {
    struct row_work k = {p->w, (size_t)i};
    struct err why = {0};
    const bool ok = store_write(store, p->w->is_taking ? take_row : try_row, &k, &why);
    if (!ok && err_http(why.code) >= 500) return *e = why, false;
    if (ok) p->made++;
    else if (why.code != ERR_CONFIRM) p->says[i - p->from] = err_says(p->w->rq->mem, p->w->rq->lang, &why);
  }
  return true;
}
static bool run_note(struct store *tx, void *arg, struct err *e) {
  const struct portion *p = arg;
  const struct str id = p->w->id;
  int64_t changed = 0;
  const struct sql_flow_sheet_taken_in taken = {STORE_TENANT, id, p->end, p->made, p->from};
  const struct sql_flow_sheet_tried_in tried = {STORE_TENANT, id, p->end, p->from};
  TRY(p->w->is_taking ? sql_flow_sheet_taken(tx, &taken, &changed, e) : sql_flow_sheet_tried(tx, &tried, &changed, e));
  for (int64_t i = p->from; changed && i < p->end; i++)
    if (p->says[i - p->from].len)
      TRY(sql_flow_sheet_row_insert(
          tx, &(struct sql_flow_sheet_row_insert_in){STORE_TENANT, id, i, p->says[i - p->from]}, NULL, e));
  return true;
}
bool sheet_go(struct sheet_work *w, struct err *e) {
  struct portion p = {.w = w, .from = w->is_taking ? w->taken : w->tried};
  struct store *store = app_of(w->rq)->store;
  p.end = p.from + SHEET_PORTION < w->rows ? p.from + SHEET_PORTION : w->rows;
  if (p.from == p.end) return true;
  p.says = arena_new_n(w->rq->mem, struct str, (size_t)(p.end - p.from));
  TRY(run_portion(&p, e) && store_write(store, run_note, &p, e));
  AUTO_READ *r = store_read_begin(store, e);
  return r && read_way(w, r, e);
}
static bool run_take(struct store *tx, void *arg, struct err *e) {
  const struct sheet_work *w = arg;
  int64_t changed = 0;
  TRY(sql_flow_sheet_take(tx, &(struct sql_flow_sheet_take_in){STORE_TENANT, w->id}, &changed, e));
  return !changed || sql_flow_sheet_rows_drop(tx, &(struct sql_flow_sheet_rows_drop_in){STORE_TENANT, w->id}, NULL, e);
}
bool sheet_take(struct sheet_work *w, struct err *e) {
  if (!sheet_is_tried(w)) return fail(e, ERR_GUARD, MSG_sheet_not_tried);
  if (!w->is_taking && w->bad == w->rows) return fail(e, ERR_GUARD, MSG_import_not_taken);
  TRY(store_write(app_of(w->rq)->store, run_take, w, e));
  AUTO_READ *r = store_read_begin(app_of(w->rq)->store, e);
  return r && read_way(w, r, e);
}
static bool run_drop(struct store *tx, void *arg, struct err *e) {
  const struct sheet_work *w = arg;
  return drop_one(tx, w, w->id, e);
}
bool sheet_drop(struct sheet_work *w, struct err *e) { return store_write(app_of(w->rq)->store, run_drop, w, e); }
