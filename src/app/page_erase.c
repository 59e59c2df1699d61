/* For the audit administrator: what is kept of a person's sensitive values, and their erasure. The values are never shown. Like
 * the log itself it is not bound to a scope: whoever keeps the record keeps all of it. */
#include "app/audit.h"
#include "app/erase.h"
#include "app/page.h"
#include "pages.h"
#include "sql.h"
#include "texts.h"

static bool read_kept(struct web_request *rq, struct sql_person_get *person, struct register_kept *kept,
                      struct err *e) {
  const struct str id = web_param(rq, "id");
  bool found = false;
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r || !sql_person_get(r, rq->mem, &(struct sql_person_get_in){STORE_TENANT, id}, person, &found, e)) return false;
  return found ? register_store_kept(r, rq->mem, id, kept, e) : fail(e, ERR_NOT_FOUND, MSG_people_none);
}
static void kept_json(struct web_request *rq, const struct sql_person_get *person, const struct register_kept *kept,
                      struct json_out *j) {
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_str(j, "id", web_param(rq, "id"));
  json_str(j, "name", person->name);
  json_open(j, "fields", '[');
  vec_each(const struct str, f, &kept->fields) json_str(j, NULL, *f);
  json_close(j, ']');
  json_int(j, "values", kept->values);
  json_close(j, '}');
  json_close(j, '}');
}
static bool show(struct web_request *rq, struct web_response *rs, struct str error, struct err *e) {
  struct sql_person_get person = {0};
  struct register_kept kept = {0};
  TRY(read_kept(rq, &person, &kept, e));
  if (rq->json) {
    kept_json(rq, &person, &kept, web_json(rs));
    return true;
  }
  const struct msg_arg n = {"n", str_int(rq->mem, kept.values)};
  struct view_erase v = {.lang = rq->lang,
                         .f = page_frame(rq, page_text(rq, MSG_erase_title), PAGE_AUDIT, NULL),
                         .name = person.name,
                         .said = page_said(rq),
                         .action = str_fmt(rq->mem, "/audit/people/" STRF "/erase", STRA(web_param(rq, "id"))),
                         .history_href = str_fmt(rq->mem, "/audit?record=person&id=" STRF, STRA(web_param(rq, "id"))),
                         .reason = web_field(rq, "reason"),
                         .error = error,
                         .values = msg_text(rq->mem, rq->lang, MSG_erase_count, &n, 1),
                         .is_kept = kept.fields.len || kept.values};
  v.f.back = STR("/audit");
  vec_each(const struct str, f, &kept.fields)
    vec_push(rq->mem, &v.fields) = page_text_of(rq->mem, rq->lang, "event_field_", str_z(rq->mem, *f));
  page_erase(&rs->body, &v);
  return true;
}
static bool show_kept(struct web_request *rq, struct web_response *rs, struct err *e) {
  return show(rq, rs, STR(""), e);
}
static bool erase_kept(struct web_request *rq, struct web_response *rs, struct err *e) {
  const struct erase_order o = {rq->actor, web_param(rq, "id"), web_field(rq, "reason"), rq->now_us};
  if (erase_person(app_of(rq)->store, rq->mem, &o, e)) {
    if (rq->json) return show(rq, rs, STR(""), e);
    web_redirect(rs, str_fmt(rq->mem, "/audit/people/" STRF "?did=erase", STRA(o.person)));
    return true;
  }
  if (rq->json || (e->code != ERR_INVALID && e->code != ERR_TOO_LARGE)) return false;
  rs->status = err_http(e->code);
  const struct str why = err_says(rq->mem, rq->lang, e);
  *e = (struct err){0};
  return show(rq, rs, why, e);
}

const struct route page_erase_routes[] = {
    {GET, "/audit/people/{id}", "person.erase", show_kept, "what is kept of a person's sensitive values",
     .query = NULL},
    {POST, "/audit/people/{id}/erase", "person.erase", erase_kept,
     "erases a person's sensitive values, also from the histories, for good", .form = "reason!"},
    {0},
};
