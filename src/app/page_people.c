/* People: the list by name, one person with posts, delegations, guardians. Numbers are shown masked and nowhere else. */
#include "app/page_org.h"
#include "app/scope.h"
#include "app/sight.h"
#include "base/clock.h"
#include "engine/account/roles.h"
#include "pages.h"
#include "sql.h"
#include "texts.h"

enum { PAGE_ROWS = 50, LOOKS_MAX = 2000, POSTS_SHOWN = 3, ROWS_SHOWN = 200 };

struct people_page {
  struct web_request *rq;
  struct store *s;
  struct str today;
  struct scope scope;
};

static struct str person_href(struct web_request *rq, struct str id) {
  return str_fmt(rq->mem, "/people/" STRF, STRA(id));
}
static bool holds(const struct people_page *p, struct str from, struct str until) {
  return str_cmp(from, p->today) <= 0 && str_cmp(until, p->today) >= 0;
}
/* 校长（东山一小）、班主任（一年级1班）: what is held today. */
static bool posts_says(struct people_page *p, struct str person, struct str *out, struct err *e) {
  struct sql_post_of_person_rows rows = {0};
  struct arena *mem = p->rq->mem;
  *out = STR("");
  TRY(sql_post_of_person(p->s, mem, &(struct sql_post_of_person_in){STORE_TENANT, person}, POSTS_SHOWN, &rows, e));
  vec_each(const struct sql_post_of_person, r, &rows) {
    if (!holds(p, r->from_day, r->until_day)) continue;
    const struct str what = r->title.len ? r->title : roles_say(roles_known(), p->rq->lang, r->role);
    const struct str one = str_fmt(mem, STRF "（" STRF "）", STRA(what), STRA(r->unit_name));
    *out = out->len ? str_fmt(mem, STRF "、" STRF, STRA(*out), STRA(one)) : one;
  }
  return true;
}

/* ---- the list ---- */

/* Rows that may be seen, until the page is full or enough were looked at; the next page begins behind the last looked at. */
static bool take_rows(struct people_page *p, struct view_people *v, struct sql_person_list_in *in, struct err *e) {
  struct web_request *rq = p->rq;
  for (int looks = 0; looks < LOOKS_MAX; looks += PAGE_ROWS) {
    struct sql_person_list_rows rows = {0};
    bool *seen = NULL;
    TRY(sql_person_list(p->s, rq->mem, in, PAGE_ROWS + 1, &rows, e));
    SEEN_ROWS(rq->mem, &p->scope, p->s, "person", id, &rows, &seen, e);
    for (size_t i = 0; i < rows.len && i < PAGE_ROWS; i++) {
      in->after_reading = rows.at[i].reading;
      in->after_id = rows.at[i].id;
      in->with_after = true;
      if (!seen[i]) continue;
      struct view_person_row row = {.href = person_href(rq, rows.at[i].id), .name = rows.at[i].name};
      TRY(posts_says(p, rows.at[i].id, &row.posts, e));
      vec_push(rq->mem, &v->rows) = row;
      if (v->rows.len < PAGE_ROWS || i + 1 == rows.len) continue;
      v->next = page_org_next(rq, in->after_reading, in->after_id);
      return true;
    }
    if (rows.len <= PAGE_ROWS) return true;
  }
  v->next = page_org_next(rq, in->after_reading, in->after_id);
  return true;
}
static bool read_list(struct people_page *p, struct view_people *v, struct err *e) {
  struct web_request *rq = p->rq;
  const struct str q = str_trim(web_query(rq, "q")), role = web_query(rq, "role"), unit = web_query(rq, "unit");
  struct sql_person_list_in in = {.tenant = STORE_TENANT,
                                  .name = page_org_like(rq->mem, q, true),
                                  .initials = page_org_like(rq->mem, q, false),
                                  .role = role,
                                  .unit = unit,
                                  .day = p->today,
                                  .most = PAGE_ROWS + 1,
                                  .with_search = q.len > 0,
                                  .with_held = role.len || unit.len,
                                  .with_role = role.len > 0,
                                  .with_unit = unit.len > 0};
  TRY(page_org_after(rq, &in.after_reading, &in.after_id, &in.with_after, e));
  const bool is_later = in.with_after;
  TRY(take_rows(p, v, &in, e));
  if (is_later) v->first = web_here(rq, "after", (struct str){0});
  v->search = q;
  v->unit = unit;
  v->is_filtered = q.len || role.len || unit.len;
  vec_each(const struct role_rule, r, &roles_known()->roles)
    if (!r->is_administrator)
      vec_push(rq->mem, &v->roles) = (struct view_option){r->name, r->label[rq->lang], str_eq(r->name, role)};
  return true;
}
static void list_json(const struct view_people *v, struct json_out *j) {
  json_open(j, NULL, '{');
  json_open(j, "rows", '[');
  vec_each(const struct view_person_row, r, &v->rows) {
    json_open(j, NULL, '{');
    json_str(j, "id", str_from(r->href, sizeof "/people/" - 1));
    json_str(j, "name", r->name);
    json_str(j, "posts", r->posts);
    json_close(j, '}');
  }
  json_close(j, ']');
  json_str(j, "next", v->next);
  json_close(j, '}');
}
static bool begin(struct people_page *p, struct err *e) {
  p->today = date_iso(p->rq->mem, clock_today(p->rq->now_us));
  p->s = store_read_begin(app_of(p->rq)->store, e);
  return p->s && page_scope(p->rq, p->s, &p->scope, e);
}
static bool show_people(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct people_page p = {.rq = rq};
  struct view_people v = {.lang = rq->lang, .f = page_frame(rq, page_text(rq, MSG_people_title), PAGE_PEOPLE, NULL)};
  const bool ok = begin(&p, e) && read_list(&p, &v, e);
  store_read_end(&p.s);
  if (!ok) return false;
  if (rq->json) {
    list_json(&v, web_json(rs));
    return true;
  }
  v.said = page_said(rq);
  v.can_keep = can(who_of(rq), "unit.manage");
  page_people(&rs->body, &v);
  return true;
}

/* ---- one person ---- */

static struct view_post_row time_row(struct people_page *p, struct str from, struct str until) {
  return (struct view_post_row){.from = page_org_day_says(p->rq, from),
                                .until = page_org_day_says(p->rq, until),
                                .is_over = str_cmp(until, p->today) < 0};
}
static struct str do_href(struct web_request *rq, struct str person, const char *act, const char *field,
                          struct str id) {
  return str_fmt(rq->mem, "/people/" STRF "/do?act=%s&%s=" STRF, STRA(person), act, field, STRA(id));
}
static bool fill_posts(struct people_page *p, struct str person, struct view_person *v, struct err *e) {
  struct web_request *rq = p->rq;
  struct sql_post_of_person_rows rows = {0};
  const bool may_grant = rq->json || can(who_of(rq), "role.grant"); /* programs read ids there */
  TRY(sql_post_of_person(p->s, rq->mem, &(struct sql_post_of_person_in){STORE_TENANT, person}, ROWS_SHOWN, &rows, e));
  vec_each(const struct sql_post_of_person, r, &rows) {
    struct view_post_row row = time_row(p, r->from_day, r->until_day);
    row.unit = r->unit_name;
    row.unit_href = str_fmt(rq->mem, "/units/" STRF, STRA(r->unit));
    row.role = roles_say(roles_known(), rq->lang, r->role);
    row.title = r->title;
    if (may_grant && !row.is_over) row.end_href = do_href(rq, person, "post-end", "post", r->id);
    if (may_grant && !row.is_over) row.deputy_href = do_href(rq, person, "delegate", "post", r->id);
    vec_push(rq->mem, &v->posts) = row;
  }
  return true;
}
static bool fill_delegations(struct people_page *p, struct str person, bool given, view_post_rows *out, struct err *e) {
  struct web_request *rq = p->rq;
  struct sql_delegation_of_person_rows rows = {0};
  const bool may_grant = rq->json || can(who_of(rq), "role.grant");
  TRY(sql_delegation_of_person(p->s, rq->mem, &(struct sql_delegation_of_person_in){STORE_TENANT, person, given},
                               ROWS_SHOWN, &rows, e));
  vec_each(const struct sql_delegation_of_person, r, &rows) {
    struct view_post_row row = time_row(p, r->from_day, r->until_day);
    row.who = r->other_name;
    row.who_href = person_href(rq, r->other);
    row.unit = r->unit_name;
    row.role = roles_say(roles_known(), rq->lang, r->role);
    if (given && may_grant && !row.is_over) row.end_href = do_href(rq, person, "delegate-end", "delegation", r->id);
    vec_push(rq->mem, out) = row;
  }
  return true;
}
static bool fill_guardians(struct people_page *p, struct str person, bool of_pupil, view_post_rows *out,
                           struct err *e) {
  struct web_request *rq = p->rq;
  AUTO_ARENA scratch = {0};
  struct sql_guardian_of_rows rows = {0};
  const bool may_keep = rq->json || can(who_of(rq), "unit.manage");
  TRY(sql_guardian_of(p->s, rq->mem, &(struct sql_guardian_of_in){STORE_TENANT, person, of_pupil}, ROWS_SHOWN, &rows,
                      e));
  vec_each(const struct sql_guardian_of, r, &rows) {
    struct view_post_row row = time_row(p, r->from_day, r->until_day);
    row.who = r->name;
    row.who_href = person_href(rq, r->person);
    row.role = page_text_of(rq->mem, rq->lang, "kin_", str_z(&scratch, r->kin));
    if (of_pupil && may_keep && !row.is_over) row.end_href = do_href(rq, person, "guardian-end", "guardian", r->id);
    vec_push(rq->mem, out) = row;
  }
  return true;
}
static bool fill_facts(struct people_page *p, struct str person, struct view_person *v, struct err *e) {
  static const struct {
    enum code_kind kind;
    int label;
  } numbers[] = {
      {CODE_IDENTITY, MSG_person_identity}, {CODE_PHONE, MSG_person_phone}, {CODE_PUPIL, MSG_person_pupil_code}};
  struct web_request *rq = p->rq;
  struct sql_pupil_get pupil = {0};
  for (size_t i = 0; i < COUNT_OF(numbers); i++) {
    struct str value = {0}, why = {0};
    TRY(sight_number(p->s, rq->mem, rq->lang, person, numbers[i].kind, &value, &why, e));
    if (!value.len && !why.len) continue;
    vec_push(rq->mem, &v->facts) = (struct view_pair){.what = page_text(rq, numbers[i].label),
                                                      .says = why.len ? why : code_masked(rq->mem, value),
                                                      .is_lost = why.len > 0};
  }
  TRY(sql_pupil_get(p->s, rq->mem, &(struct sql_pupil_get_in){STORE_TENANT, person}, &pupil, &v->is_pupil, e));
  if (!v->is_pupil) return true;
  v->token = pupil.token;
  vec_push(rq->mem, &v->facts) = (struct view_pair){.what = page_text(rq, MSG_person_token), .says = pupil.token};
  return true;
}
static bool read_one(struct people_page *p, struct str id, struct view_person *v, struct sql_person_get *row,
                     struct err *e) {
  bool found = false;
  TRY(sql_person_get(p->s, p->rq->mem, &(struct sql_person_get_in){STORE_TENANT, id}, row, &found, e));
  if (!found) return fail(e, ERR_NOT_FOUND, MSG_people_none);
  TRY(scope_check(&p->scope, p->s, "person", id, MSG_people_none, e));
  TRY(fill_facts(p, id, v, e));
  TRY(fill_posts(p, id, v, e));
  TRY(fill_delegations(p, id, true, &v->given, e));
  TRY(fill_delegations(p, id, false, &v->taken, e));
  TRY(fill_guardians(p, id, true, &v->guardians, e));
  return fill_guardians(p, id, false, &v->pupils, e);
}
static void rows_json(struct json_out *j, const char *key, const view_post_rows *rows) {
  json_open(j, key, '[');
  vec_each(const struct view_post_row, r, rows) {
    json_open(j, NULL, '{');
    if (r->who.len) json_str(j, "who", r->who);
    if (r->who_href.len) json_str(j, "person", str_from(r->who_href, sizeof "/people/" - 1));
    if (r->unit.len) json_str(j, "unit", r->unit);
    json_str(j, "role", r->role);
    if (r->title.len) json_str(j, "title", r->title);
    json_str(j, "from", r->from);
    json_str(j, "until", r->until);
    const size_t at = str_rfind(r->end_href, STR("="));
    if (at != STR_NONE) json_str(j, "id", str_from(r->end_href, at + 1));
    json_close(j, '}');
  }
  json_close(j, ']');
}
static void person_json(struct str id, const struct view_person *v, const struct sql_person_get *row,
                        struct json_out *j) {
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_str(j, "id", id);
  json_str(j, "name", row->name);
  json_int(j, "rev", row->rev);
  if (v->is_pupil) json_str(j, "token", v->token);
  json_open(j, "facts", '[');
  vec_each(const struct view_pair, f, &v->facts) {
    json_open(j, NULL, '{');
    json_str(j, "what", f->what);
    json_str(j, "says", f->says);
    if (f->is_lost) json_bool(j, "unreadable", true);
    json_close(j, '}');
  }
  json_close(j, ']');
  rows_json(j, "posts", &v->posts);
  rows_json(j, "given", &v->given);
  rows_json(j, "taken", &v->taken);
  rows_json(j, "guardians", &v->guardians);
  rows_json(j, "pupils", &v->pupils);
  json_close(j, '}');
  json_close(j, '}');
}
bool page_person_show(struct web_request *rq, struct web_response *rs, struct str id, struct err *e) {
  struct people_page p = {.rq = rq};
  struct view_person v = {.lang = rq->lang};
  struct sql_person_get row = {0};
  const bool ok = begin(&p, e) && read_one(&p, id, &v, &row, e);
  store_read_end(&p.s);
  if (!ok) return false;
  if (rq->json) {
    person_json(id, &v, &row, web_json(rs));
    return true;
  }
  v.name = row.name;
  v.f = page_frame(rq, row.name, PAGE_PEOPLE, NULL);
  v.f.back = STR("/people");
  v.said = page_said(rq);
  v.can_keep = can(who_of(rq), "unit.manage");
  v.can_grant = can(who_of(rq), "role.grant");
  v.change_href = str_fmt(rq->mem, "/people/" STRF "/do?act=change", STRA(id));
  v.numbers_href = str_fmt(rq->mem, "/people/" STRF "/numbers", STRA(id));
  v.history_href = str_fmt(rq->mem, "/people/" STRF "/history", STRA(id));
  v.post_href = str_fmt(rq->mem, "/people/" STRF "/do?act=post", STRA(id));
  v.guardian_href = str_fmt(rq->mem, "/people/" STRF "/do?act=guardian", STRA(id));
  if (can(who_of(rq), "role.grant")) v.rights_href = str_fmt(rq->mem, "/rights/person/" STRF, STRA(id));
  page_person(&rs->body, &v);
  return true;
}
static bool show_person(struct web_request *rq, struct web_response *rs, struct err *e) {
  return page_person_show(rq, rs, web_param(rq, "id"), e);
}

const struct route page_people_routes[] = {
    {GET, "/people", "unit.see", show_people, "people by name, role or unit", .query = "q role unit after"},
    {GET, "/people/{id}", "unit.see", show_person, "one person: posts, delegations, guardians", .query = NULL},
    {0},
};
