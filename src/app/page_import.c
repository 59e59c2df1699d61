/* Import with a dry run first: the file is tried, what would happen is shown, and only then it is taken. Export as a file. */
#include "app/org_sheets.h"
#include "app/page_org.h"
#include "base/limits.h"
#include "pages.h"
#include "texts.h"

enum { PROBLEMS_SHOWN = 50 };

static bool read_what(struct str word, enum org_sheet *out, struct err *e) {
  if (!word.len || org_sheet_of(word, out)) return true;
  return fail(e, ERR_INVALID, MSG_plans_bad_word, "name", STR("what"), "value", str_slice(word, 0, 40));
}
static struct str number(struct web_request *rq, size_t n) { return str_int(rq->mem, (int64_t)n); }

/* Who keeps units and people imports them; posts are rights, and come by a sheet only from somebody who may give them. */
static const char *act_of(enum org_sheet what) { return what == ORG_POSTS ? "role.grant" : "unit.manage"; }
static bool may_sheet(const struct web_request *rq, enum org_sheet what, struct err *e) {
  return may(who_of(rq), rq->lang, str_of(act_of(what)), NULL, e);
}
/* Before anything is looked up. */
static bool may_any(const struct web_request *rq, struct err *e) {
  return can(who_of(rq), act_of(ORG_POSTS)) || may_sheet(rq, ORG_UNITS, e);
}
static enum org_sheet first_sheet(const struct web_request *rq) {
  return can(who_of(rq), act_of(ORG_UNITS)) ? ORG_UNITS : ORG_POSTS;
}
static void may_import(struct web_request *rq, struct org_import *i) {
  i->may_keep = can(who_of(rq), "unit.manage");
  i->may_grant = can(who_of(rq), "role.grant");
  i->self = who_of(rq)->person;
}

/* ---- pages ---- */

static void fill_page(struct web_request *rq, enum org_sheet what, struct view_import *v) {
  v->lang = rq->lang;
  v->f = page_frame(rq, page_text(rq, MSG_import_title), what == ORG_UNITS ? PAGE_UNITS : PAGE_PEOPLE, NULL);
  v->back = what == ORG_UNITS ? STR("/units") : STR("/people");
  v->f.back = v->back;
  v->what = str_of(org_sheet_word(what));
  v->what_word = page_text(rq, org_sheet_form(what)->title);
  v->most = str_int(rq->mem, IMPORT_ROWS_MAX);
  for (int i = 0; i < ORG_SHEET_COUNT; i++) {
    if (!can(who_of(rq), act_of((enum org_sheet)i))) continue;
    const struct str word = str_of(org_sheet_word((enum org_sheet)i)),
                     label = page_text(rq, org_sheet_form((enum org_sheet)i)->title);
    vec_push(rq->mem, &v->kinds) = (struct view_option){word, label, (int)what == i};
    vec_push(rq->mem, &v->templates) =
        (struct view_link){.href = str_fmt(rq->mem, "/org/export?what=" STRF "&empty=1", STRA(word)), .label = label};
  }
}
static bool show_import(struct web_request *rq, struct web_response *rs, struct err *e) {
  enum org_sheet what = first_sheet(rq);
  struct view_import v = {0};
  TRY(may_any(rq, e));
  TRY(read_what(web_query(rq, "what"), &what, e));
  TRY(may_sheet(rq, what, e));
  fill_page(rq, what, &v);
  page_import(&rs->body, &v);
  return true;
}
static void fill_preview(struct web_request *rq, const struct org_import *i, struct str id, struct view_import *v) {
  const struct msg_arg args[] = {
      {"rows", number(rq, i->sheet.rows.len)}, {"made", number(rq, i->made)}, {"changed", number(rq, i->changed)},
      {"same", number(rq, i->same)},           {"bad", number(rq, i->bad)},   {"written", number(rq, i->written)},
      {"differ", number(rq, i->differ)}};
  v->is_preview = true;
  v->draft = id;
  v->name = i->name;
  v->can_take = !i->bad && i->made + i->changed > 0;
  v->summary = msg_text(rq->mem, rq->lang,
                        i->written    ? MSG_import_partly
                        : i->bad      ? MSG_import_bad
                        : i->differ   ? MSG_import_differs
                        : v->can_take ? MSG_import_good
                                      : MSG_import_nothing,
                        args, COUNT_OF(args));
  v->problems_href = str_fmt(rq->mem, "/org/import/" STRF "/problems", STRA(id));
  for (size_t r = 0; r < i->sheet.rows.len && v->lines.len < PROBLEMS_SHOWN; r++)
    if (i->problems[r].len)
      vec_push(rq->mem, &v->lines) = (struct view_import_line){number(rq, i->sheet.rows.at[r].number), i->problems[r],
                                                               sheet_cell(&i->sheet, &i->sheet.rows.at[r], "name")};
}
static void import_json(struct web_request *rq, struct web_response *rs, const struct org_import *i, struct str id) {
  struct json_out *j = web_json(rs);
  (void)rq;
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_str(j, "draft", id);
  json_bool(j, "taken", i->taken);
  json_int(j, "rows", (int64_t)i->sheet.rows.len);
  json_int(j, "made", (int64_t)i->made);
  json_int(j, "changed", (int64_t)i->changed);
  json_int(j, "same", (int64_t)i->same);
  json_int(j, "bad", (int64_t)i->bad);
  json_int(j, "differ", (int64_t)i->differ);
  json_int(j, "written", (int64_t)i->written);
  json_open(j, "problems", '[');
  for (size_t r = 0, shown = 0; r < i->sheet.rows.len && shown < PROBLEMS_SHOWN; r++) {
    if (!i->problems[r].len) continue;
    shown++;
    json_open(j, NULL, '{');
    json_int(j, "row", i->sheet.rows.at[r].number);
    json_str(j, "says", i->problems[r]);
    json_close(j, '}');
  }
  json_close(j, ']');
  json_close(j, '}');
  json_close(j, '}');
}
static bool try_file(struct web_request *rq, struct web_response *rs, struct org_import *i, struct err *e) {
  const struct web_field *file = web_file(rq, "file");
  struct str id = {0};
  TRY(read_what(web_field(rq, "what"), &i->what, e));
  TRY(may_sheet(rq, i->what, e));
  if (!file) return fail(e, ERR_INVALID, MSG_upload_no_file);
  i->name = file->file_name;
  i->bytes = file->value;
  i->dry = true;
  i->lang = rq->lang;
  may_import(rq, i);
  TRY(org_import(app_of(rq)->store, rq->mem, page_who(rq), i, e));
  TRY(org_draft_keep(app_of(rq)->store, rq->mem, page_who(rq), i, &id, e));
  if (rq->json) {
    import_json(rq, rs, i, id);
    return true;
  }
  struct view_import v = {0};
  fill_page(rq, i->what, &v);
  fill_preview(rq, i, id, &v);
  page_import(&rs->body, &v);
  return true;
}
static bool send_import(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct org_import i = {.what = first_sheet(rq)};
  TRY(may_any(rq, e));
  if (try_file(rq, rs, &i, e)) return true;
  if (rq->json || err_http(e->code) >= 500) return false;
  struct view_import v = {.refusal = err_says(rq->mem, rq->lang, e), .hint = err_hint_says(rq->mem, rq->lang, e)};
  rs->status = err_http(e->code);
  *e = (struct err){0};
  fill_page(rq, i.what, &v);
  page_import(&rs->body, &v);
  return true;
}
static bool is_xlsx(struct str name) { return str_ends(name, STR(".xlsx")) || str_ends(name, STR(".XLSX")); }
static bool send_sheet(struct web_request *rq, struct web_response *rs, const struct sheet *s,
                       const struct str *problems, bool xlsx, struct err *e) {
  struct str bytes = {0};
  const struct str title = page_text(rq, s->form->title);
  TRY(sheet_write(rq->mem, s, problems, rq->lang, xlsx ? SHEET_XLSX : SHEET_CSV, &bytes, e));
  web_download(rq, rs, str_fmt(rq->mem, STRF "%s", STRA(title), xlsx ? ".xlsx" : ".csv"),
               xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "text/csv; charset=utf-8");
  buf_str(&rs->body, bytes);
  return true;
}
/* The same sheet with a column that says what is wrong; found by trying again, for nothing of it is kept. */
static bool show_problems(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct org_import i = {.dry = true, .lang = rq->lang};
  TRY(may_any(rq, e));
  TRY(org_draft_get(app_of(rq)->store, rq->mem, page_who(rq), web_param(rq, "id"), &i, e));
  TRY(may_sheet(rq, i.what, e));
  may_import(rq, &i);
  TRY(org_import(app_of(rq)->store, rq->mem, page_who(rq), &i, e));
  return send_sheet(rq, rs, &i.sheet, i.problems, is_xlsx(i.name), e);
}
/* What came out otherwise than in the trial is a trial of its own, to be said yes to. */
static bool try_again(struct web_request *rq, const struct org_import *i, struct str *io_id, struct err *e) {
  if (!i->differ || i->bad) return true;
  TRY(org_draft_drop(app_of(rq)->store, page_who(rq), *io_id, e));
  return org_draft_keep(app_of(rq)->store, rq->mem, page_who(rq), i, io_id, e);
}
static bool take(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct org_import i = {.lang = rq->lang};
  struct str id = web_param(rq, "id");
  TRY(may_any(rq, e));
  TRY(org_draft_get(app_of(rq)->store, rq->mem, page_who(rq), id, &i, e));
  TRY(may_sheet(rq, i.what, e));
  may_import(rq, &i);
  TRY(org_import(app_of(rq)->store, rq->mem, page_who(rq), &i, e));
  TRY(try_again(rq, &i, &id, e));
  if (i.taken) TRY(org_draft_drop(app_of(rq)->store, page_who(rq), id, e));
  if (i.taken && i.what == ORG_UNITS) TRY(plans_reload_units(plans_of(rq), e));
  if (rq->json) {
    import_json(rq, rs, &i, id);
    return true;
  }
  if (i.taken) {
    web_redirect(rs, i.what == ORG_UNITS ? STR("/units?did=org-import") : STR("/people?did=org-import"));
    return true;
  }
  struct view_import v = {0}; /* something has changed since the dry run */
  rs->status = 409;
  fill_page(rq, i.what, &v);
  fill_preview(rq, &i, id, &v);
  page_import(&rs->body, &v);
  return true;
}
static bool show_export(struct web_request *rq, struct web_response *rs, struct err *e) {
  enum org_sheet what = first_sheet(rq);
  struct str day = {0};
  struct sheet sheet = {0};
  bool other = false;
  TRY(may_any(rq, e));
  TRY(read_what(web_query(rq, "what"), &what, e));
  TRY(may_sheet(rq, what, e));
  TRY(page_org_day(rq, &day, &other, e));
  sheet.form = org_sheet_form(what);
  if (!web_query(rq, "empty").len)
    TRY(org_export(app_of(rq)->store, rq->mem, page_who(rq), what, day, false, &sheet, e));
  return send_sheet(rq, rs, &sheet, NULL, !str_eqz(web_query(rq, "format"), "csv"), e);
}

/* Two acts, one for each kind of sheet: the handlers ask for the one that is meant. */
const struct route page_import_routes[] = {
    {GET, "/org/import", "unit.see", show_import, "the form of an import", .query = "what", .flags = ROUTE_PAGE_ONLY},
    {POST, "/org/import", "unit.see", send_import, "try a sheet of units, people, posts or pupils: what would happen",
     .form = "file! what", .flags = ROUTE_UPLOAD},
    {GET, "/org/import/{id}/problems", "unit.see", show_problems, "the sheet that was tried, with what is wrong",
     .flags = ROUTE_PAGE_ONLY},
    {POST, "/org/import/{id}/take", "unit.see", take, "take the sheet that was tried", .form = "reason"},
    {GET, "/org/export", "unit.see", show_export, "units, people, posts or pupils as a sheet, without their numbers",
     .query = "what at format empty", .flags = ROUTE_PAGE_ONLY},
    {0},
};
