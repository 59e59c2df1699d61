/* What people follow. One's own alone; no event of the record tells of it. */
#include "app/follows.h"

#include "app/systems_form.h"
#include "app/table.h"
#include "base/limits.h"
#include "pages.h"
#include "sql.h"
#include "store/event.h"
#include "texts.h"

#define FOLLOW_VIEW "view" /* in place of a record's name */

/* ---- reading ---- */

static bool read_record(struct system_run *x, const struct sql_follow_of *f, view_follows *out, struct err *e) {
  const struct flow_record *r = flow_record(x->run.flow, f->record);
  struct view_follow v = {.record = f->record, .id = f->id, .tells = f->tells != 0, .is_followed = true};
  struct flow_row *row = NULL;
  bool seen = false;
  if (r) TRY(systems_sees(x, r, f->id, &seen, e));
  if (seen) TRY(flow_row(&x->run, r, f->id, &row, e));
  if (!row) return true;
  TRY(system_record_told(x, r, f->id, &v.label, e));
  v.href = system_address(x->run.mem, r, f->id, "");
  v.state = flow_state_label(r, row->state);
  v.about = r->system->system->label.text;
  vec_push(x->run.mem, out) = v;
  return true;
}
static bool read_view(struct web_request *rq, struct store *r, const struct sql_follow_of *f, view_follows *out,
                      struct err *e) {
  struct sql_view_get v = {0};
  bool found = false;
  TRY(sql_view_get(r, rq->mem, &(struct sql_view_get_in){STORE_TENANT, f->id, table_person(rq)}, &v, &found, e));
  const struct str href = found ? table_view_address(rq, v.list, v.id, v.query) : STR("");
  if (href.len)
    vec_push(rq->mem, out) = (struct view_follow){.record = f->record,
                                                  .id = f->id,
                                                  .href = href,
                                                  .label = v.name,
                                                  .about = page_text(rq, MSG_follows_view),
                                                  .is_view = true,
                                                  .is_followed = true};
  return true;
}
bool follows_read(struct system_run *x, struct web_request *rq, size_t most, view_follows *out, struct err *e) {
  struct sql_follow_of_rows rows = {0};
  const struct sql_follow_of_in in = {STORE_TENANT, x->run.person, FOLLOWS_MAX};
  if (!x->run.person.len) return true;
  TRY(sql_follow_of(x->run.session, rq->mem, &in, SIZE_MAX, &rows, e));
  for (size_t i = 0; i < rows.len && out->len < most; i++)
    TRY(str_eqz(rows.at[i].record, FOLLOW_VIEW) ? read_view(rq, x->run.session, &rows.at[i], out, e)
                                                : read_record(x, &rows.at[i], out, e));
  return true;
}
static bool is_followed(struct store *s, struct arena *mem, struct str person, struct str record, struct str id,
                        struct view_follow *out, struct err *e) {
  struct sql_follow_get f = {0};
  *out = (struct view_follow){.record = record, .id = id};
  TRY(sql_follow_get(s, mem, &(struct sql_follow_get_in){STORE_TENANT, person, record, id}, &f, &out->is_followed, e));
  out->tells = out->is_followed && f.tells;
  return true;
}
bool follows_of_record(struct system_run *x, const struct flow_row *row, struct view_follow *out, struct err *e) {
  *out = (struct view_follow){0};
  return !x->run.person.len ||
         is_followed(x->run.session, x->run.mem, x->run.person, row->record->name, row->id, out, e);
}

/* ---- following ---- */

struct following { /* an act of the store: may run again */
  struct web_request *rq;
  struct str record, id, act;
};
static bool check_there(struct system_run *x, const struct following *w, struct err *e) {
  struct sql_view_get v = {0};
  const struct flow_record *r = flow_record(x->run.flow, w->record);
  bool found = false;
  if (str_eqz(w->record, FOLLOW_VIEW))
    TRY(sql_view_get(x->run.session, x->run.mem, &(struct sql_view_get_in){STORE_TENANT, w->id, table_person(w->rq)},
                     &v, &found, e));
  else if (r) TRY(systems_sees(x, r, w->id, &found, e));
  return found || fail(e, ERR_NOT_FOUND, MSG_systems_none);
}
static bool run_follow(struct store *tx, void *arg, struct err *e) {
  struct following *w = arg;
  struct sql_follow_count n = {0};
  struct system_run x;
  struct event ev = {.at_us = w->rq->now_us,
                     .valid = STR(""),
                     .actor = w->rq->actor,
                     .record = STR("follow"),
                     .id = w->id,
                     .act = w->act,
                     .from = STR(""),
                     .to = STR("")};
  systems_begin(&x, w->rq, tx);
  TRY(sql_follow_drop(tx, &(struct sql_follow_drop_in){STORE_TENANT, x.run.person, w->record, w->id}, NULL, e));
  if (!str_eqz(w->act, "off")) {
    TRY(check_there(&x, w, e));
    TRY(sql_follow_count(tx, w->rq->mem, &(struct sql_follow_count_in){STORE_TENANT, x.run.person}, &n, NULL, e));
    if (n.n >= FOLLOWS_MAX) return fail(e, ERR_TOO_MANY, MSG_follows_most, "limit", str_int(w->rq->mem, FOLLOWS_MAX));
    TRY(sql_follow_insert(tx,
                          &(struct sql_follow_insert_in){STORE_TENANT, x.run.person, w->record, w->id,
                                                         str_eqz(w->act, "on"), w->rq->now_us},
                          NULL, e));
  }
  event_add(&ev, STR("record"), w->record);
  return event_append(tx, w->rq->mem, &ev, NULL, e);
}
static void put_follow(struct json_out *j, const struct view_follow *v) {
  json_open(j, NULL, '{');
  json_str(j, "record", v->record);
  json_str(j, "id", v->id);
  json_str(j, "label", v->label);
  json_str(j, "state", v->state);
  json_str(j, "link", v->href);
  json_bool(j, "tells", v->tells);
  json_close(j, '}');
}
static bool answer(struct web_request *rq, struct web_response *rs, const struct following *w, struct err *e) {
  const struct flow_record *r = flow_record(systems_flow(app_of(rq)->systems), w->record);
  if (!rq->json) {
    const char *tail = str_z(rq->mem, str_fmt(rq->mem, "?did=follow-" STRF, STRA(w->act)));
    const bool is_list = str_eqz(web_field(rq, "from"), "list") || !r;
    web_redirect(rs, is_list ? str_fmt(rq->mem, "/follows%s", tail) : system_address(rq->mem, r, w->id, tail));
    return true;
  }
  AUTO_READ *s = store_read_begin(app_of(rq)->store, e);
  struct view_follow v;
  if (!s || !is_followed(s, rq->mem, who_of(rq)->person, w->record, w->id, &v, e)) return false;
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_bool(j, "followed", v.is_followed);
  json_bool(j, "tells", v.tells);
  json_close(j, '}');
  json_close(j, '}');
  return true;
}
static bool post_follow(struct web_request *rq, struct web_response *rs, struct err *e) {
  static const char *const acts[] = {"on", "quiet", "off"};
  struct following w = {rq, web_field(rq, "record"), web_field(rq, "id"), web_field(rq, "do")};
  bool known = false;
  for (size_t i = 0; i < COUNT_OF(acts); i++) known = known || str_eqz(w.act, acts[i]);
  if (!known) return fail(e, ERR_INVALID, MSG_plans_bad_word, "name", STR("do"), "value", str_slice(w.act, 0, 40));
  if (!who_of(rq)->person.len) return fail(e, ERR_FORBIDDEN, MSG_systems_none);
  return store_write(app_of(rq)->store, run_follow, &w, e) && answer(rq, rs, &w, e);
}

/* ---- the list ---- */

/* Views that are not followed yet stand below. */
static bool fill_views(struct system_run *x, struct web_request *rq, struct view_follow_page *v, struct err *e) {
  struct sql_follow_views_rows rows = {0};
  const struct sql_follow_views_in in = {STORE_TENANT, table_person(rq), FOLLOWS_MAX};
  TRY(sql_follow_views(x->run.session, rq->mem, &in, SIZE_MAX, &rows, e));
  vec_each(const struct sql_follow_views, r, &rows) {
    const struct str href = table_view_address(rq, r->list, r->id, r->query);
    bool is = !href.len;
    vec_each(const struct view_follow, f, &v->rows) is |= f->is_view && str_eq(f->id, r->id);
    if (!is)
      vec_push(rq->mem, &v->views) = (struct view_follow){
          .record = STR(FOLLOW_VIEW), .id = r->id, .href = href, .label = r->name, .is_view = true};
  }
  return true;
}
static bool show_follows(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct view_follow_page v = {.lang = rq->lang, .title = page_text(rq, MSG_follows_title)};
  struct system_run x;
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  systems_begin(&x, rq, r);
  TRY(follows_read(&x, rq, FOLLOWS_MAX, &v.rows, e));
  if (rq->json) {
    struct json_out *j = web_json(rs);
    json_open(j, NULL, '{');
    json_open(j, "rows", '[');
    vec_each(const struct view_follow, f, &v.rows) put_follow(j, f);
    json_close(j, ']');
    json_nil(j, "next");
    json_close(j, '}');
    return true;
  }
  TRY(fill_views(&x, rq, &v, e));
  v.f = page_frame(rq, v.title, PAGE_VIEWS, NULL);
  v.said = page_said(rq);
  page_follows(&rs->body, &v);
  return true;
}

const struct route follow_routes[] = {
    {GET, "/follows", "self", show_follows, "what you follow: records and views", .query = NULL},
    {POST, "/follows", "self", post_follow,
     "follow a record (system.record) or a view: on, quiet (without being told), off", .form = "record! id! do! from"},
    {0},
};
