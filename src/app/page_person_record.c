/* What is kept of a person's page for the record: the history of the person, and the whole numbers, which are shown only to
 * whoever says what for, and only after that was written down. */
#include "app/history.h"
#include "app/page.h"
#include "app/sight.h"
#include "engine/register/register_store.h"
#include "pages.h"
#include "sql.h"
#include "texts.h"

static const int labels[SIGHT_FIELDS] = {MSG_event_field_identity, MSG_event_field_phone, MSG_event_field_pupil};

static bool read_person(struct store *r, struct web_request *rq, struct sql_person_get *out, struct err *e) {
  bool found = false;
  TRY(page_may_on(rq, r, "person", web_param(rq, "id"), MSG_people_none, e));
  TRY(sql_person_get(r, rq->mem, &(struct sql_person_get_in){STORE_TENANT, web_param(rq, "id")}, out, &found, e));
  return found || fail(e, ERR_NOT_FOUND, MSG_people_none);
}
static struct str person_path(struct web_request *rq, const char *tail) {
  return str_fmt(rq->mem, "/people/" STRF "%s", STRA(web_param(rq, "id")), tail);
}

/* ---- history ---- */

static bool show_history(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct sql_person_get person = {0};
  struct history_query q = {.record = STR("person"), .id = web_param(rq, "id"), .asks = who_of(rq)};
  struct history h = {0};
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  TRY(web_int(rq, "before", 1, INT64_MAX, 0, &q.before, e));
  TRY(read_person(r, rq, &person, e));
  TRY(history_read(r, rq->mem, &q, &h, e));
  if (rq->json) {
    struct json_out *j = web_json(rs);
    json_open(j, NULL, '{');
    json_open(j, "data", '[');
    vec_each(const struct history_event, ev, &h.rows) {
      json_open(j, NULL, '{');
      history_event_json(ev, j);
      json_close(j, '}');
    }
    json_close(j, ']');
    json_int(j, "next", h.next);
    json_close(j, '}');
    return true;
  }
  struct view_history v = {.lang = rq->lang,
                           .title = person.name,
                           .above = page_text(rq, MSG_event_record_person),
                           .above_href = STR("/people"),
                           .back = person_path(rq, ""),
                           .f = page_frame(rq, page_text(rq, MSG_history_title), PAGE_PEOPLE, NULL)};
  v.f.back = v.back;
  history_view(rq, &h, &v.list);
  page_history(&rs->body, &v);
  return true;
}

/* ---- whole numbers ---- */

struct number_list {
  struct view_number at[SIGHT_FIELDS];
  size_t len;
};
static bool read_numbers(struct store *r, struct web_request *rq, struct number_list *out, struct str *out_fields,
                         struct err *e) {
  /* what they are needed for is asked in words; it is one kind of purpose that opens them */
  const struct str purpose = who_model()->opens[RIGHTS_CLASS_sensitive].purpose;
  *out_fields = STR("");
  for (size_t i = 0; i < SIGHT_FIELDS; i++) {
    struct str value = {0}, why = {0};
    const struct sight_field *f = &sight_fields[i];
    TRY(sight_number(r, rq->mem, who_of(rq), rq->lang, web_param(rq, "id"), f, purpose, &value, &why, e));
    if (!value.len && !why.len) continue;
    out->at[out->len++] =
        (struct view_number){page_text(rq, labels[i]), why.len ? why : value, str_of(code_word(f->kind)), why.len > 0};
    if (why.len) continue;
    *out_fields = str_fmt(rq->mem, STRF "%s%s", STRA(*out_fields), out_fields->len ? "," : "", code_word(f->kind));
  }
  return true;
}
static void show_page(struct web_request *rq, struct web_response *rs, struct str name, const struct number_list *list,
                      struct str error) {
  struct view_sight v = {.lang = rq->lang,
                         .f = page_frame(rq, page_text(rq, MSG_sight_title), PAGE_PEOPLE, NULL),
                         .name = name,
                         .back = person_path(rq, ""),
                         .action = person_path(rq, "/numbers"),
                         .history_href = person_path(rq, "/history"),
                         .purpose = web_field(rq, "purpose"),
                         .error = error,
                         .is_shown = list != NULL};
  v.f.back = v.back;
  for (size_t i = 0; list && i < list->len; i++) vec_push(rq->mem, &v.numbers) = list->at[i];
  page_sight(&rs->body, &v);
}
static bool ask_numbers(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct sql_person_get person = {0};
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r || !read_person(r, rq, &person, e)) return false;
  show_page(rq, rs, person.name, NULL, STR(""));
  return true;
}
/* They are read first, so that the event says which there were; they leave only when it is on the disk. */
static bool show_numbers(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct sql_person_get person = {0};
  struct number_list list = {0};
  struct sight s = {.actor = rq->actor,
                    .record = STR("person"),
                    .id = web_param(rq, "id"),
                    .purpose = web_field(rq, "purpose"),
                    .now_us = rq->now_us};
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r || !read_person(r, rq, &person, e) || !read_numbers(r, rq, &list, &s.fields, e)) return false;
  store_read_end(&r);
  if (!sight_note(app_of(rq)->store, rq->mem, &s, e)) {
    if (rq->json || err_http(e->code) >= 500) return false;
    rs->status = err_http(e->code);
    const struct str why = err_says(rq->mem, rq->lang, e);
    *e = (struct err){0};
    show_page(rq, rs, person.name, NULL, why);
    return true;
  }
  if (!rq->json) {
    show_page(rq, rs, person.name, &list, STR(""));
    return true;
  }
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  for (size_t i = 0; i < list.len; i++)
    json_str_or_null(j, str_z(rq->mem, list.at[i].word), list.at[i].is_lost ? (struct str){0} : list.at[i].value);
  json_close(j, '}');
  json_close(j, '}');
  return true;
}

const struct route page_person_record_routes[] = {
    {GET, "/people/{id}/history", "unit.see", show_history, "who changed what of a person, when and why",
     .query = "before"},
    {GET, "/people/{id}/numbers", "person.numbers", ask_numbers, "asks what the whole numbers are needed for",
     .flags = ROUTE_PAGE_ONLY},
    {POST, "/people/{id}/numbers", "person.numbers", show_numbers,
     "the whole numbers of a person; the reading is an event", .form = "purpose!"},
    {0},
};
