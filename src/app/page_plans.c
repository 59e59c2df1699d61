/* The list of plans, the upload form, voiding and restoring, history. */
#include "app/page.h"
#include "app/plans.h"
#include "app/table.h"
#include "app/views_history.h"
#include "base/file.h"
#include "pages.h"
#include "sql.h"
#include "texts.h"

static struct str with_number(struct web_request *rq, int msg, int64_t n) {
  const struct msg_arg args[] = {{"n", str_int(rq->mem, n)}};
  return msg_text(rq->mem, rq->lang, msg, args, 1);
}

/* ---- the list ---- */

static const struct table_column columns[] = {
    {"title", MSG_plans_col_title, SQL_plan_list_title, TABLE_TEXT, .flags = TABLE_SORTS | TABLE_HEAD, .width = 44},
    {"issuer", MSG_plans_issuer, SQL_plan_list_issuer, TABLE_TEXT, TABLE_CHOICE, .all = MSG_plans_all_issuers,
     .flags = TABLE_OFF, .width = 24},
    {"number", MSG_plans_col_number, SQL_plan_list_number, TABLE_TEXT, .flags = TABLE_OFF, .width = 20},
    {"level", MSG_plans_col_level, SQL_plan_list_level, TABLE_WORD, .words = "province city district school",
     .prefix = "level_", .flags = TABLE_OFF},
    {"year", MSG_plans_col_year, SQL_plan_list_year, TABLE_NUMBER, TABLE_CHOICE, .all = MSG_plans_all_years,
     .flags = TABLE_SORTS | TABLE_MUTED, .width = 8},
    {"items", MSG_plans_col_items, SQL_plan_list_items, TABLE_NUMBER, .flags = TABLE_FILES, .width = 8},
    {"accepted", MSG_plans_col_accepted, SQL_plan_list_accepted, TABLE_NUMBER, .width = 8},
    {"doubts", MSG_plans_col_doubts, SQL_plan_list_doubts, TABLE_NUMBER, TABLE_RANGE, .width = 8},
    {"errors", MSG_plans_col_errors, SQL_plan_list_errors, TABLE_NUMBER, TABLE_RANGE, .width = 8},
    {"file", MSG_plans_col_file, SQL_plan_list_name, TABLE_TEXT, .flags = TABLE_OFF, .width = 30},
    {"created", MSG_plans_col_uploaded, SQL_plan_list_created_us, TABLE_TIME, TABLE_RANGE,
     .flags = TABLE_SORTS | TABLE_MUTED, .width = 18},
};
#define NOT_VOID                                           \
  {                                                        \
    SQL_plan_list_voided, LIST_IS, { .type = 'i', .n = 0 } \
  }
#define ALL_ACCEPTED(yes)                                            \
  {                                                                  \
    SQL_plan_list_accepted_all, LIST_IS, { .type = 'i', .n = (yes) } \
  }
static const struct table_tab tabs[] = {
    {"any", MSG_plan_status_any, {NOT_VOID}, 1},
    {"open", MSG_plan_status_open, {NOT_VOID, ALL_ACCEPTED(0)}, 2},
    {"accepted", MSG_plan_status_accepted, {NOT_VOID, ALL_ACCEPTED(1)}, 2},
    {"void", MSG_plan_status_void, {{SQL_plan_list_voided, LIST_IS, {.type = 'i', .n = 1}}}, 1},
};
static const struct table_bulk bulk = {"/compare", MSG_plans_compare, false};

enum { PARTS_MOST = 6 };
/* Below the title: what has no column of its own just now. */
static struct str sub_line(struct web_request *rq, const struct plan_row *p, struct view_trow *io) {
  static const char between[] = " · ";
  const struct str parts[PARTS_MOST] = {table_cell(io, SQL_plan_list_issuer) ? STR("") : p->issuer,
                                        table_cell(io, SQL_plan_list_number) ? STR("") : p->number,
                                        table_cell(io, SQL_plan_list_level) || !p->level.len
                                            ? STR("")
                                            : page_text_of(rq->mem, rq->lang, "level_", str_z(rq->mem, p->level)),
                                        p->documents > 1 ? with_number(rq, MSG_plans_documents, p->documents) : STR(""),
                                        table_cell(io, SQL_plan_list_name) ? STR("") : p->name,
                                        page_size(rq->mem, p->size)};
  size_t len = 0;
  for (size_t i = 0; i < PARTS_MOST; i++) len += parts[i].len + sizeof between;
  char *const out = arena_take(rq->mem, len), *to = out;
  for (size_t i = 0; i < PARTS_MOST; i++) {
    if (!parts[i].len) continue;
    if (to > out) to = (char *)memcpy(to, between, sizeof between - 1) + sizeof between - 1;
    to = (char *)memcpy(to, parts[i].at, parts[i].len) + parts[i].len;
  }
  return (struct str){out, (size_t)(to - out)};
}
static void color(struct view_trow *io, int sql, struct str css) {
  struct view_tcell *c = table_cell(io, sql);
  if (c && c->text.len) c->css = css;
}
static void show_row(struct web_request *rq, const struct list_row *row, struct view_trow *io) {
  const struct plan_row p = plan_store_listed(row);
  struct view_tcell *head = table_cell(io, SQL_plan_list_title), *done = table_cell(io, SQL_plan_list_accepted);
  head->sub = sub_line(rq, &p, io);
  if (p.draft > 1) head->tag = with_number(rq, MSG_plans_draft, p.draft);
  if (p.voided) head->tag2 = page_text(rq, MSG_plans_voided);
  if (done) {
    done->css = STR("pg");
    done->label = (struct str){0};
    done->text =
        str_join(rq->mem, str_join(rq->mem, str_int(rq->mem, p.accepted), STR(" / ")), str_int(rq->mem, p.items));
    done->bar = str_int(rq->mem, p.items ? p.accepted * 100 / p.items : 0);
  }
  color(io, SQL_plan_list_doubts, STR("num amber"));
  color(io, SQL_plan_list_errors, STR("num over"));
  if (p.voided) io->pick = (struct str){0};
  io->act_href = str_join(rq->mem, head->href, p.voided ? STR("/restore") : STR("/void"));
  io->act_label = page_text(rq, p.voided ? MSG_plans_restore : MSG_plans_void);
}
/* Voiding is offered to those who do it. What is done on a plan is held at its unit (rules/rights/kernel.yaml), so one plan of
 * each unit on the page is asked about. */
static bool offer_acts(struct web_request *rq, struct store *r, const struct table_rows *rows, struct view_table *io,
                       struct err *e) {
  struct str *ids = arena_new_n(rq->mem, struct str, rows->rows.len);
  size_t *of = arena_new_n(rq->mem, size_t, rows->rows.len), n = 0;
  bool *may = arena_new_n(rq->mem, bool, rows->rows.len);
  for (size_t i = 0; i < rows->rows.len; i++) {
    const struct store_value *at = rows->rows.at[i].at;
    size_t k = 0;
    while (k < i && !str_eq(rows->rows.at[k].at[SQL_plan_list_unit].s, at[SQL_plan_list_unit].s)) k++;
    of[i] = k < i ? of[k] : n;
    if (k == i) ids[n++] = at[SQL_plan_list_id].s;
  }
  TRY(who_filter_act(who_of(rq), r, "plan.void", "plan", ids, n, may, e));
  io->has_acts = false;
  for (size_t i = 0; i < rows->rows.len; i++) {
    if (!may[of[i]]) io->rows.at[i].act_href = (struct str){0};
    io->has_acts = io->has_acts || may[of[i]];
  }
  return true;
}
static void put_row(struct json_out *j, const struct list_row *row) {
  const struct plan_row p = plan_store_listed(row);
  plans_row_json(&p, j);
}
const struct table_said plans_table = {.name = "plans",
                                       .path = "/plans",
                                       .row_path = "/plans/",
                                       .title = MSG_plans_title,
                                       .list = &sql_plan_list,
                                       .columns = columns,
                                       .count = COUNT_OF(columns),
                                       .sort = "created",
                                       .id = SQL_plan_list_id,
                                       .search = SQL_plan_list_search,
                                       .search_label = MSG_plans_search,
                                       .tab = "status",
                                       .tabs = tabs,
                                       .tab_count = COUNT_OF(tabs),
                                       .help = MSG_plans_tip,
                                       .empty = MSG_plans_empty,
                                       .empty_says = MSG_plans_none_says,
                                       .empty_href = "/plans/new",
                                       .empty_verb = MSG_plans_upload,
                                       .bulk = &bulk,
                                       .pick_label = MSG_plans_pick_one,
                                       .empty_act = "plan.upload",
                                       .row = show_row,
                                       .page = offer_acts,
                                       .json = put_row};

/* 4份计划，131条任务，已接受27条；2处错误、16处存疑待核对。 Only when all of them are on this page. */
static struct str finding(struct web_request *rq, const struct table_rows *list) {
  int64_t items = 0, accepted = 0, errors = 0, doubts = 0;
  if (!list->rows.len || list->next.len || list->prev.len) return (struct str){0};
  for (size_t i = 0; i < list->rows.len; i++) {
    const struct plan_row p = plan_store_listed(&list->rows.at[i]);
    items += p.items;
    accepted += p.accepted;
    errors += p.errors;
    doubts += p.doubts;
  }
  const struct msg_arg args[] = {{"plans", str_int(rq->mem, (int64_t)list->rows.len)},
                                 {"items", str_int(rq->mem, items)},
                                 {"accepted", str_int(rq->mem, accepted)},
                                 {"errors", str_int(rq->mem, errors)},
                                 {"doubts", str_int(rq->mem, doubts)}};
  return msg_text(rq->mem, rq->lang, MSG_plans_finding, args, COUNT_OF(args));
}

static bool show_list(struct web_request *rq, struct web_response *rs, struct err *e) {
  const struct store_value fixed[] = {store_text(STORE_TENANT)};
  struct table_rows rows;
  bool sent = false;
  const struct table_ask ask = {.fixed = fixed, .scope = plans_scope(rq->mem, who_of(rq))};
  TRY(table_read(rq, &plans_table, &ask, &rows, e));
  TRY(table_sent(rq, rs, &plans_table, &rows, &sent, e));
  if (sent) return true;
  struct view_plans v = {.lang = rq->lang,
                         .f = page_frame(rq, page_text(rq, MSG_plans_title), PAGE_PLANS, "ui/js/table.js")};
  v.said = page_said(rq);
  v.can_upload = can(who_of(rq), "plan.upload");
  v.finding = finding(rq, &rows);
  TRY(table_view(rq, &plans_table, &rows, &v.table, e));
  page_plans(&rs->body, &v);
  return true;
}

/* ---- upload ---- */

static void fill_upload(struct web_request *rq, struct view_upload *v) {
  static const char *const levels[] = {"province", "city", "district", "school"};
  v->lang = rq->lang;
  v->f = page_frame(rq, page_text(rq, v->replaces.len ? MSG_upload_draft_title : MSG_upload_title), PAGE_PLANS,
                    "ui/js/upload.js");
  v->f.back = STR("/plans");
  v->most = str_int(rq->mem, PLAN_FILE_MAX);
  const struct msg_arg args[] = {{"limit", page_size(rq->mem, PLAN_FILE_MAX)}};
  v->too_large = msg_text(rq->mem, rq->lang, MSG_upload_too_large, args, 1);
  for (size_t i = 0; i < COUNT_OF(levels); i++)
    vec_push(rq->mem, &v->levels) = (struct view_option){
        str_of(levels[i]), page_text_of(rq->mem, rq->lang, "level_", levels[i]), str_eqz(v->level, levels[i])};
}

/* Whose a new plan is, for those who plan for several; a newer draft stays where the plan is. */
static bool fill_units(struct web_request *rq, struct view_upload *v, struct err *e) {
  struct str seats[RIGHTS_POSTS_MAX];
  const size_t n = v->replaces.len ? 0 : who_seats(who_of(rq), STR("plan.upload"), "plan", seats);
  AUTO_READ *r = n > 1 ? store_read_begin(app_of(rq)->store, e) : NULL;
  if (n > 1 && !r) return false;
  for (size_t i = 0; n > 1 && i < n; i++) {
    struct sql_unit_get unit = {.name = seats[i]};
    TRY(sql_unit_get(r, rq->mem, &(struct sql_unit_get_in){STORE_TENANT, seats[i]}, &unit, NULL, e));
    vec_push(rq->mem, &v->units) = (struct view_option){seats[i], unit.name, str_eq(seats[i], web_field(rq, "unit"))};
  }
  return true;
}
static bool show_upload(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct view_upload v = {.replaces = web_query(rq, "replaces")};
  if (v.replaces.len) {
    AUTO_VIEW *old = NULL;
    TRY(plans_open(plans_of(rq), rq->mem, page_who(rq), v.replaces, 0, &old, e));
    v.replaces_title = str_dup(rq->mem, old->row.title);
  }
  fill_upload(rq, &v);
  TRY(fill_units(rq, &v, e));
  page_upload(&rs->body, &v);
  return true;
}

static bool refuse_upload(struct web_request *rq, struct web_response *rs, struct str id, struct err *e) {
  struct view_upload v = {.title = web_field(rq, "title"),
                          .year = web_field(rq, "year"),
                          .level = web_field(rq, "level"),
                          .replaces = web_field(rq, "replaces")};
  fill_upload(rq, &v);
  v.refusal = err_says(rq->mem, rq->lang, e);
  v.refusal_hint = err_hint_says(rq->mem, rq->lang, e);
  if (e->code == ERR_DUPLICATE && id.len) v.refusal_href = str_fmt(rq->mem, "/plans/" STRF, STRA(id));
  rs->status = err_http(e->code);
  *e = (struct err){0};
  TRY(fill_units(rq, &v, e));
  page_upload(&rs->body, &v);
  return true;
}

static bool take_upload(struct web_request *rq, struct str *out_id, struct err *e) {
  const struct web_field *file = web_file(rq, "file");
  int64_t year = 0;
  if (!file) return fail(e, ERR_INVALID, MSG_upload_no_file);
  TRY(web_int(rq, "year", 1990, 2100, 0, &year, e));
  const struct plans_upload up = {.name = file->file_name,
                                  .bytes = file->value,
                                  .title = str_trim(web_field(rq, "title")),
                                  .year = (int)year,
                                  .level = web_field(rq, "level"),
                                  .issuer = str_trim(web_field(rq, "issuer")),
                                  .replaces = web_field(rq, "replaces"),
                                  .unit = web_field(rq, "unit")};
  return plans_add(plans_of(rq), rq->mem, page_who(rq), &up, out_id, e);
}

static bool upload(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct str id = {0};
  if (!take_upload(rq, &id, e)) return rq->json || err_http(e->code) >= 500 ? false : refuse_upload(rq, rs, id, e);
  return page_done(rq, rs, id, str_fmt(rq->mem, "/plans/" STRF "?did=upload", STRA(id)), e);
}

/* ---- voiding ---- */

static bool ask_void(struct web_request *rq, struct web_response *rs, bool voided, struct err *e) {
  AUTO_VIEW *plan = NULL;
  TRY(plans_open(plans_of(rq), rq->mem, page_who(rq), web_param(rq, "id"), 0, &plan, e));
  const struct msg_arg args[] = {{"title", plan->row.title}};
  struct view_confirm v = {.lang = rq->lang};
  v.question = msg_text(rq->mem, rq->lang, voided ? MSG_void_question : MSG_restore_question, args, 1);
  v.f = page_frame(rq, v.question, PAGE_PLANS, NULL);
  v.body = page_text(rq, voided ? MSG_void_body : MSG_restore_body);
  v.verb = page_text(rq, voided ? MSG_plans_void : MSG_plans_restore);
  v.action = str_fmt(rq->mem, "/plans/" STRF "/%s", STRA(plan->row.id), voided ? "void" : "restore");
  v.rev = str_int(rq->mem, plan->row.rev);
  v.back = STR("/plans");
  v.f.back = v.back;
  v.is_danger = voided;
  page_confirm(&rs->body, &v);
  return true;
}

static bool set_void(struct web_request *rq, struct web_response *rs, bool voided, struct err *e) {
  int64_t rev = 0;
  TRY(web_int(rq, "rev", 0, INT64_MAX, 0, &rev, e));
  TRY(plans_void(plans_of(rq), rq->mem, page_who(rq), web_param(rq, "id"), rev, voided, e));
  return page_done(rq, rs, web_param(rq, "id"), voided ? STR("/plans?did=void") : STR("/plans?did=restore"), e);
}

static bool ask_void_plan(struct web_request *rq, struct web_response *rs, struct err *e) {
  return ask_void(rq, rs, true, e);
}
static bool ask_restore_plan(struct web_request *rq, struct web_response *rs, struct err *e) {
  return ask_void(rq, rs, false, e);
}
static bool void_plan(struct web_request *rq, struct web_response *rs, struct err *e) {
  return set_void(rq, rs, true, e);
}
static bool restore_plan(struct web_request *rq, struct web_response *rs, struct err *e) {
  return set_void(rq, rs, false, e);
}

/* ---- history ---- */

/* 数值 41 → 42; of an answer the doubt and what was answered: 区间口径：是下限. */
static struct str change_says(struct web_request *rq, const struct plan_event *ev, const struct plan_change_line *c) {
  AUTO_ARENA scratch = {0};
  const char *name = str_z(&scratch, c->field);
  int subject = 0;
  if (str_eqz(ev->act, "answer"))
    return str_fmt(rq->mem, STRF "：" STRF, STRA(page_text_of(rq->mem, rq->lang, "short_", name)),
                   STRA(page_text_of(rq->mem, rq->lang, "answer_", str_z(&scratch, c->after))));
  const struct correct_field *f = correct_subject_of(ev->subject, &subject) ? correct_field(subject, c->field) : NULL;
  const struct str label = f ? page_text(rq, f->label) : page_text_of(rq->mem, rq->lang, "field_", name);
  const struct str before = f ? page_value(rq->mem, rq->lang, f, c->before) : c->before;
  const struct str after = f ? page_value(rq->mem, rq->lang, f, c->after) : c->after;
  return str_fmt(rq->mem, STRF " " STRF " → " STRF, STRA(label), STRA(before.len ? before : STR("—")),
                 STRA(after.len ? after : STR("—")));
}

static struct str after_of(const struct plan_event *ev, const char *field) {
  for (size_t i = 0; i < ev->lines.len; i++)
    if (str_eqz(ev->lines.at[i].field, field)) return ev->lines.at[i].after;
  return (struct str){0};
}

/* 第2稿 · 要点.docx · 23 kB · 文件指纹（SM3）7fd45aedb434… */
static struct str file_says(struct web_request *rq, const struct plan_event *ev) {
  enum { HASH_SHOWN = 12 };
  int64_t size = 0, draft = 0;
  struct str out = after_of(ev, "name");
  if (str_to_int(after_of(ev, "draft"), &draft))
    out = str_fmt(rq->mem, STRF " · " STRF, STRA(with_number(rq, MSG_plans_draft, draft)), STRA(out));
  if (str_to_int(after_of(ev, "size"), &size))
    out = str_fmt(rq->mem, STRF " · " STRF, STRA(out), STRA(page_size(rq->mem, size)));
  const struct msg_arg args[] = {{"hash", str_slice(after_of(ev, "file"), 0, HASH_SHOWN)}};
  return str_fmt(rq->mem, STRF " · " STRF, STRA(out), STRA(msg_text(rq->mem, rq->lang, MSG_history_file, args, 1)));
}

static struct str with_text(struct web_request *rq, int msg, const char *hole, struct str value) {
  const struct msg_arg args[] = {{hole, value}};
  return msg_text(rq->mem, rq->lang, msg, args, 1);
}

/* What an act changed, as people say it; each act that is no correction has its own way. */
static struct str event_says(struct web_request *rq, const struct plan_event *ev) {
  AUTO_ARENA scratch = {0};
  struct str out = {0};
  if (str_eqz(ev->act, "upload") || str_eqz(ev->act, "draft")) return file_says(rq, ev);
  if (str_eqz(ev->act, "undo"))
    return ev->lines.len ? page_text_of(rq->mem, rq->lang, "act_", str_z(&scratch, ev->lines.at[0].before)) : out;
  if (str_eqz(ev->act, "link") || str_eqz(ev->act, "cut"))
    return with_text(rq, MSG_history_link, "item", after_of(ev, "item"));
  if (str_eqz(ev->act, "accept-clear")) return with_text(rq, MSG_history_count, "n", after_of(ev, "count"));
  for (size_t i = 0; i < ev->lines.len; i++) {
    const struct str says = change_says(rq, ev, &ev->lines.at[i]);
    out = str_fmt(rq->mem, STRF "%s" STRF, STRA(out), out.len ? "；" : "", STRA(says));
  }
  return out;
}

static struct view_history_line make_line(struct web_request *rq, const struct plan_event *ev) {
  struct view_history_line l = {
      .when = page_when(rq, ev->at_us), .actor = ev->actor, .why = ev->reason, .undone = ev->undone};
  l.what = page_text_of(rq->mem, rq->lang, "act_", str_z(rq->mem, ev->act));
  if (ev->item.len) l.what = str_fmt(rq->mem, STRF " · " STRF, STRA(l.what), STRA(ev->item));
  if (ev->words.len) l.what = str_fmt(rq->mem, STRF " · " STRF, STRA(l.what), STRA(ev->words));
  l.detail = event_says(rq, ev);
  return l;
}

static bool show_history(struct web_request *rq, struct web_response *rs, struct err *e) {
  AUTO_VIEW *plan = NULL;
  struct plan_history h = {0};
  int64_t before = 0;
  TRY(web_int(rq, "before", 1, INT64_MAX, 0, &before, e));
  TRY(plans_open(plans_of(rq), rq->mem, page_who(rq), web_param(rq, "id"), 0, &plan, e));
  TRY(plans_history(plans_of(rq), rq->mem, page_who(rq), plan->row.id, before, 100, &h, e));
  if (rq->json) {
    plans_history_json(&h, web_json(rs));
    return true;
  }
  struct view_history v = {.lang = rq->lang,
                           .title = plan->row.title,
                           .above = page_text(rq, MSG_plans_title),
                           .above_href = STR("/plans"),
                           .f = page_frame(rq, page_text(rq, MSG_history_title), PAGE_PLANS, NULL),
                           .list = {.lang = rq->lang}};
  v.back = str_fmt(rq->mem, "/plans/" STRF, STRA(plan->row.id));
  v.f.back = v.back;
  if (h.next) v.list.next = web_here(rq, "before", str_int(rq->mem, h.next));
  for (size_t i = 0; i < h.rows.len; i++) vec_push(rq->mem, &v.list.rows) = make_line(rq, &h.rows.at[i]);
  page_history(&rs->body, &v);
  return true;
}

const struct route page_plan_routes[] = {
    {GET, "/plans", "plan.see", show_list, "all plans",
     .query = TABLE_QUERY " year issuer status doubts_from doubts_to errors_from errors_to created_from created_to"},
    {GET, "/plans/new", "plan.upload", show_upload, "the upload form", .query = "replaces", .flags = ROUTE_PAGE_ONLY},
    {POST, "/plans", "plan.upload", upload, "upload a plan",
     .form = "file! title year level issuer replaces unit reason", .flags = ROUTE_UPLOAD},
    {GET, "/plans/{id}/void", "plan.void", ask_void_plan, "asks before voiding", .flags = ROUTE_PAGE_ONLY},
    {GET, "/plans/{id}/restore", "plan.void", ask_restore_plan, "asks before restoring", .flags = ROUTE_PAGE_ONLY},
    {POST, "/plans/{id}/void", "plan.void", void_plan, "void a plan", .form = "reason rev"},
    {POST, "/plans/{id}/restore", "plan.void", restore_plan, "restore a voided plan", .form = "reason rev"},
    {GET, "/plans/{id}/history", "plan.see", show_history, "who changed what, when and why", .query = "before"},
    {0},
};
