/* Views of lists that people keep: what was asked for under a name of their own, and the one that stands for the plain
 * address. Each person sees and changes only their own. */
#include "app/table.h"
#include "sql.h"
#include "store/event.h"
#include "texts.h"
#include "web/form.h"

enum { NAME_BYTES = 120, QUERY_BYTES = 2000 };

struct str table_person(const struct web_request *rq) {
  return rq->who ? who_of(rq)->account : STR("");
}

bool table_views_read(struct web_request *rq, struct store *r, const struct table_said *t, struct table_rows *io,
                      struct err *e) {
  struct sql_view_of_person_rows rows = {0};
  const struct str now = web_query(rq, "view");
  TRY(sql_view_of_person(r, rq->mem, &(struct sql_view_of_person_in){STORE_TENANT, table_person(rq), str_of(t->name)},
                         VIEWS_MAX, &rows, e));
  io->saved = arena_new_n(rq->mem, struct view_saved, rows.len + 1);
  io->saved_count = rows.len;
  for (size_t i = 0; i < rows.len; i++) {
    const struct sql_view_of_person *v = &rows.at[i];
    io->saved[i] = (struct view_saved){v->id, v->name, v->query, v->is_default != 0};
    if (now.len && str_eq(now, v->id)) io->saved_now = i + 1;
  }
  return true;
}

/* ---- keeping ---- */

struct view_work {
  struct web_request *rq;
  struct str act, id, list, name, query;
};

static struct event begin_event(const struct view_work *w) {
  struct event ev = {.at_us = w->rq->now_us,
                     .valid = STR(""),
                     .actor = w->rq->actor,
                     .record = STR("view"),
                     .id = w->id,
                     .act = w->act,
                     .from = STR(""),
                     .to = STR("")};
  event_add(&ev, STR("list"), w->list);
  event_add(&ev, STR("name"), w->name);
  event_add(&ev, STR("query"), w->query);
  return ev;
}
static bool append(struct store *tx, const struct view_work *w, struct err *e) {
  AUTO_ARENA mem = {0};
  const struct event ev = begin_event(w);
  int64_t seq = 0;
  return event_append(tx, &mem, &ev, &seq, e);
}
/* A name that is there already is given the new query. */
static bool save(struct store *tx, void *arg, struct err *e) {
  struct view_work *w = arg;
  AUTO_ARENA mem = {0};
  struct sql_view_of_person_rows rows = {0};
  const struct str person = table_person(w->rq);
  TRY(sql_view_of_person(tx, &mem, &(struct sql_view_of_person_in){STORE_TENANT, person, w->list}, VIEWS_MAX, &rows,
                         e));
  w->id = (struct str){0};
  for (size_t i = 0; i < rows.len; i++)
    if (str_eq(rows.at[i].name, w->name)) w->id = str_dup(w->rq->mem, rows.at[i].id);
  if (w->id.len) {
    TRY(sql_view_set_query(tx, &(struct sql_view_set_query_in){STORE_TENANT, w->id, person, w->query}, NULL, e));
  } else {
    if (rows.len >= VIEWS_MAX) return fail(e, ERR_TOO_MANY, MSG_table_views_many, "limit", str_int(&mem, VIEWS_MAX));
    w->id = store_new_id(w->rq->mem, w->rq->now_us);
    TRY(sql_view_insert(tx, &(struct sql_view_insert_in){STORE_TENANT, w->id, person, w->list, w->name, w->query}, NULL,
                        e));
  }
  return append(tx, w, e);
}
static bool change(struct store *tx, void *arg, struct err *e) {
  struct view_work *w = arg;
  AUTO_ARENA mem = {0};
  struct sql_view_get v = {0};
  bool found = false;
  const struct str person = table_person(w->rq);
  TRY(sql_view_get(tx, &mem, &(struct sql_view_get_in){STORE_TENANT, w->id, person}, &v, &found, e));
  if (!found) return fail(e, ERR_NOT_FOUND, MSG_table_view_absent);
  w->list = str_dup(w->rq->mem, v.list);
  w->name = str_dup(w->rq->mem, v.name);
  if (str_eqz(w->act, "delete")) {
    TRY(sql_view_delete(tx, &(struct sql_view_delete_in){STORE_TENANT, w->id, person}, NULL, e));
  } else if (str_eqz(w->act, "save")) {
    TRY(sql_view_set_query(tx, &(struct sql_view_set_query_in){STORE_TENANT, w->id, person, w->query}, NULL, e));
  } else {
    TRY(sql_view_clear_default(tx, &(struct sql_view_clear_default_in){STORE_TENANT, person, v.list}, NULL, e));
    if (str_eqz(w->act, "default"))
      TRY(sql_view_set_default(tx, &(struct sql_view_set_default_in){STORE_TENANT, w->id, person}, NULL, e));
  }
  if (!str_eqz(w->act, "delete") && !str_eqz(w->act, "save")) w->query = str_dup(w->rq->mem, v.query);
  return append(tx, w, e);
}

/* ---- handlers ---- */

static const struct table_said *table_of(const struct web_request *rq, struct str name) {
  for (const struct table_said *const *t = tables; *t; t++)
    if (str_eqz(name, (*t)->name)) return *t;
  return systems_table(app_of(rq)->systems, name);
}
/* Taken apart and written again: what is kept is an address of ours and nothing else. */
static bool read_query(struct web_request *rq, struct str *out, struct err *e) {
  web_fields fields = {0};
  AUTO_BUF b = BUF_MAX(QUERY_BYTES);
  TRY(form_urlencoded(rq->mem, web_field(rq, "query"), &fields, e));
  for (size_t i = 0; i < fields.len; i++) {
    const struct str name = fields.at[i].name;
    if (str_eqz(name, "view") || str_eqz(name, "as") || str_eqz(name, "lang")) continue;
    buf_fmt(&b, "%s" STRF "=", b.len ? "&" : "", STRA(form_escape(rq->mem, name, false)));
    buf_str(&b, form_escape(rq->mem, fields.at[i].value, false));
  }
  if (b.broken)
    return fail(e, ERR_INVALID, MSG_plans_too_long, "name", STR("query"), "limit", str_int(rq->mem, QUERY_BYTES));
  *out = str_dup(rq->mem, buf_view(&b));
  return true;
}
static bool answer(struct web_request *rq, struct web_response *rs, const struct view_work *w) {
  const struct table_said *t = table_of(rq, w->list);
  if (!rq->json) {
    const bool gone = str_eqz(w->act, "delete");
    web_redirect(rs, gone ? str_fmt(rq->mem, "%s?did=view-delete", t ? t->path : "/")
                          : str_fmt(rq->mem, "%s?view=" STRF "%s" STRF "&did=view-%s", t ? t->path : "/", STRA(w->id),
                                    w->query.len ? "&" : "", STRA(w->query), str_z(rq->mem, w->act)));
    return true;
  }
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_str(j, "id", w->id);
  json_str(j, "list", w->list);
  json_str(j, "name", w->name);
  json_str(j, "query", w->query);
  json_close(j, '}');
  json_close(j, '}');
  return true;
}
static bool save_view(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct view_work w = {
      .rq = rq, .act = STR("save"), .list = web_field(rq, "list"), .name = str_trim(web_field(rq, "name"))};
  if (!table_of(rq, w.list)) return fail(e, ERR_INVALID, MSG_plans_bad_word, "name", STR("list"), "value", w.list);
  if (!w.name.len || w.name.len > NAME_BYTES) return fail(e, ERR_INVALID, MSG_table_view_name, "name", STR("name"));
  TRY(read_query(rq, &w.query, e));
  TRY(store_write(app_of(rq)->store, save, &w, e));
  return answer(rq, rs, &w);
}
static bool change_view(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct view_work w = {.rq = rq, .act = web_field(rq, "act"), .id = web_param(rq, "id")};
  static const char *const acts[] = {"save", "delete", "default", "plain"};
  bool known = false;
  for (size_t i = 0; i < COUNT_OF(acts); i++) known = known || str_eqz(w.act, acts[i]);
  if (!known) return fail(e, ERR_INVALID, MSG_plans_bad_word, "name", STR("act"), "value", w.act);
  TRY(read_query(rq, &w.query, e));
  TRY(store_write(app_of(rq)->store, change, &w, e));
  return answer(rq, rs, &w);
}
/* ---- the list of them ---- */

static const struct table_column columns[] = {
    {"name", MSG_table_view_name_label, SQL_view_list_name, .flags = TABLE_SORTS | TABLE_HEAD, .width = 30},
    {"list", MSG_table_view_list, SQL_view_list_list, TABLE_WORD, .prefix = "list_", .width = 20},
    {"query", MSG_table_view_query, SQL_view_list_query, .flags = TABLE_OFF, .width = 60},
};
struct str table_view_address(const struct web_request *rq, struct str list, struct str id, struct str query) {
  const struct table_said *t = table_of(rq, list);
  return t ? str_fmt(rq->mem, "%s?view=" STRF "%s" STRF, t->path, STRA(id), query.len ? "&" : "", STRA(query))
           : STR("");
}
static void show_row(struct web_request *rq, const struct list_row *row, struct view_trow *io) {
  const struct table_said *t = table_of(rq, row->at[SQL_view_list_list].s);
  struct view_tcell *head = table_cell(io, SQL_view_list_name);
  head->href = table_view_address(rq, row->at[SQL_view_list_list].s, io->id, row->at[SQL_view_list_query].s);
  struct view_tcell *of = table_cell(io, SQL_view_list_list);
  if (t && of && !t->title) of->text = t->text;
  if (row->at[SQL_view_list_is_default].n) head->tag = page_text(rq, MSG_table_view_is_default);
}
const struct table_said views_table = {.name = "views",
                                       .path = "/views",
                                       .title = MSG_table_my_views,
                                       .list = &sql_view_list,
                                       .columns = columns,
                                       .count = COUNT_OF(columns),
                                       .sort = "name",
                                       .id = SQL_view_list_id,
                                       .empty = MSG_table_no_views,
                                       .empty_says = MSG_table_no_views_says,
                                       .row = show_row};
static bool show_views(struct web_request *rq, struct web_response *rs, struct err *e) {
  const struct store_value fixed[] = {store_text(STORE_TENANT), store_text(table_person(rq))};
  return table_page(rq, rs, &views_table, &(struct table_ask){.fixed = fixed},
                    &(struct table_head){.place = PAGE_VIEWS}, e);
}
const struct route table_routes[] = {
    {GET, "/views", "self", show_views, "views of lists that you keep", .query = TABLE_QUERY},
    {POST, "/views", "self", save_view, "keep a view of a list under a name", .form = "list! name! query"},
    {POST, "/views/{id}", "self", change_view, "save anew, make the default or not (plain), or delete",
     .form = "act! query"},
    {0},
};
