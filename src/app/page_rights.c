/* For the administrator of security: what can this person see and why, who can see this and why. Both are said by the
 * function that decides, never by a copy of its rules. */
#include "app/page.h"
#include "app/views_rights.h"
#include "base/clock.h"
#include "engine/account/roles.h"
#include "pages.h"
#include "sql.h"
#include "store/store.h"
#include "texts.h"

enum { HOLDERS_MOST = 200, SEERS_MOST = 100 };

struct rights_page {
  struct web_request *rq;
  struct store *s;
};

static bool unit_name(struct rights_page *p, struct str id, struct str *out, struct err *e) {
  struct sql_rights_unit_name row = {0};
  bool found = false;
  TRY(sql_rights_unit_name(p->s, p->rq->mem, &(struct sql_rights_unit_name_in){STORE_TENANT, id}, &row, &found, e));
  *out = found ? row.name : id;
  return true;
}
static bool person_name(struct rights_page *p, struct str id, struct str *out, struct err *e) {
  struct sql_person_get row = {0};
  bool found = false;
  TRY(sql_person_get(p->s, p->rq->mem, &(struct sql_person_get_in){STORE_TENANT, id}, &row, &found, e));
  *out = row.name;
  return found || fail(e, ERR_NOT_FOUND, MSG_people_none);
}

/* 计划管理员（发展规划处）, 处长（财务处，代王芳） */
static bool post_says(struct rights_page *p, const struct rights_post *post, struct str *out, struct err *e) {
  struct str unit = {0}, holder = {0};
  const struct str role = roles_say(roles_known(), p->rq->lang, post->role);
  TRY(unit_name(p, post->unit, &unit, e));
  if (post->instead_of.len) TRY(person_name(p, post->instead_of, &holder, e));
  const struct msg_arg args[] = {{"role", role}, {"unit", unit}, {"name", holder}};
  *out = msg_text(p->rq->mem, p->rq->lang, holder.len ? MSG_rights_post_for : MSG_rights_post, args, COUNT_OF(args));
  return true;
}
static struct str word_says(struct rights_page *p, enum rights_word w) {
  return page_text_of(p->rq->mem, p->rq->lang, "rights_word_", rights_word_name(w));
}
static bool may_open(const struct rights_model *m, int class, const struct rights_role *role) {
  vec_each(const struct str, to, &m->opens[class].to)
    if (str_eq(*to, role->name)) return true;
  return false;
}
/* Which classes of fields the role reads, and what for. */
static struct str classes_say(struct rights_page *p, const struct rights_model *m, const struct rights_role *role) {
  struct str out = page_text(p->rq, MSG_rights_class_inner);
  for (int c = RIGHTS_CLASS_personal; c < RIGHTS_CLASS_sealed; c++) {
    if (!may_open(m, c, role)) continue;
    const struct str one =
        page_text_of(p->rq->mem, p->rq->lang, "rights_class_", rights_class_name((enum rights_class)c));
    out = page_listed(p->rq->mem, p->rq->lang, out, one);
  }
  return out;
}
static bool grant_says(struct rights_page *p, const struct rights_model *m, const struct rights_record *rec,
                       const struct rights_grant *g, struct view_right *out, struct err *e) {
  *out = (struct view_right){.record = rec->label, .word = word_says(p, g->sees->word), .where = g->sees->says};
  for (size_t i = 0; i < g->posts.len; i++) {
    struct str one = {0};
    TRY(post_says(p, g->posts.at[i], &one, e));
    out->through = page_listed(p->rq->mem, p->rq->lang, out->through, one);
  }
  out->classes = classes_say(p, m, g->role);
  return true;
}

/* ---- one person ---- */

static bool fill_person(struct rights_page *p, struct str id, struct view_rights_person *v, struct err *e) {
  const struct rights_model *m = who_model();
  struct who who = {.person = id};
  TRY(person_name(p, id, &v->name, e));
  TRY(who_load(p->s, p->rq->mem, p->rq->now_us, &who, e));
  vec_each(const struct rights_post, post, &who.holds.posts) {
    struct str one = {0};
    TRY(post_says(p, post, &one, e));
    v->posts = page_listed(p->rq->mem, p->rq->lang, v->posts, one);
  }
  if (!v->posts.len) v->posts = page_text(p->rq, MSG_rights_no_post);
  for (size_t i = 0; i < m->records.len; i++)
    vec_each(const struct rights_grant, g, &who_view(&who, &m->records.at[i])->grants)
      TRY(grant_says(p, m, &m->records.at[i], g, &vec_push(p->rq->mem, &v->rows), e));
  return true;
}
static void right_json(const struct view_right *r, struct json_out *j) {
  json_open(j, NULL, '{');
  if (r->record.len) json_str(j, "record", r->record);
  json_str(j, "scope", r->word);
  if (r->where.len) json_str(j, "where", r->where);
  json_str(j, "through", r->through);
  json_str(j, "classes", r->classes);
  json_close(j, '}');
}
static void rights_json(const view_rights *rows, const char *key, struct json_out *j) {
  json_open(j, key, '[');
  vec_each(const struct view_right, r, rows) right_json(r, j);
  json_close(j, ']');
}
static bool show_person(struct web_request *rq, struct web_response *rs, struct err *e) {
  const struct str id = web_param(rq, "id");
  struct view_rights_person v = {.lang = rq->lang, .says = page_text(rq, MSG_rights_person_says)};
  AUTO_READ *s = store_read_begin(app_of(rq)->store, e);
  struct rights_page p = {.rq = rq, .s = s};
  if (!s || !fill_person(&p, id, &v, e)) return false;
  v.f = page_frame(rq, v.name, PAGE_OTHER, NULL);
  if (!rq->json) {
    page_rights_person(&rs->body, &v);
    return true;
  }
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_str(j, "id", id);
  json_str(j, "name", v.name);
  json_str(j, "posts", v.posts);
  rights_json(&v.rows, "sees", j);
  json_close(j, '}');
  json_close(j, '}');
  return true;
}

/* ---- one record ---- */

static bool through_this(struct rights_page *p, const struct rights_view *v, const struct rights_grant *g,
                         struct str id, const struct rights_person *who, bool *out, struct err *e) {
  struct rights_condition one;
  rights_compile_grant(p->rq->mem, v, g, who, &one);
  return rights_check(p->s, p->rq->mem, v->record, &one, id, out, e);
}
static bool add_seer(struct rights_page *p, const struct rights_record *rec, struct str id, struct str person,
                     struct view_rights_record *out, struct err *e) {
  const struct rights_model *m = who_model();
  struct who who = {.person = person};
  struct view_seer seer = {.href = str_fmt(p->rq->mem, "/rights/person/" STRF, STRA(person))};
  bool is = false;
  TRY(who_load(p->s, p->rq->mem, p->rq->now_us, &who, e));
  const struct rights_view *v = who_view(&who, rec);
  TRY(rights_check(p->s, p->rq->mem, rec, &v->seen, id, &is, e));
  if (!is) return true;
  TRY(person_name(p, person, &seer.name, e));
  vec_each(const struct rights_grant, g, &v->grants) {
    TRY(through_this(p, v, g, id, &who.holds, &is, e));
    if (is) TRY(grant_says(p, m, rec, g, &vec_push(p->rq->mem, &seer.rows), e));
  }
  vec_push(p->rq->mem, &out->rows) = seer;
  return true;
}
static bool fill_record(struct rights_page *p, const struct rights_record *rec, struct str id,
                        struct view_rights_record *v, struct err *e) {
  struct str *people = NULL;
  size_t n = 0;
  bool there = false;
  const struct rights_condition every = {.sql = STR("1 = 1"), .always = true};
  const struct str today = date_iso(p->rq->mem, clock_today(p->rq->now_us));
  TRY(rights_check(p->s, p->rq->mem, rec, &every, id, &there, e));
  if (!there) return fail(e, ERR_NOT_FOUND, MSG_row_absent);
  TRY(rights_candidates(p->s, p->rq->mem, who_model(), rec, id, today, HOLDERS_MOST, &people, &n, e));
  for (size_t i = 0; i < n && v->rows.len < SEERS_MOST; i++) TRY(add_seer(p, rec, id, people[i], v, e));
  if (n >= HOLDERS_MOST || v->rows.len == SEERS_MOST) v->more = page_text(p->rq, MSG_rights_more);
  if (str_eqz(rec->table, "person")) return person_name(p, id, &v->title, e);
  return str_eqz(rec->table, "unit") ? unit_name(p, id, &v->title, e) : true;
}
static void seers_json(const struct view_rights_record *v, struct str id, struct json_out *j) {
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_str(j, "id", id);
  json_str(j, "name", v->title);
  json_bool(j, "more", v->more.len > 0);
  json_open(j, "people", '[');
  vec_each(const struct view_seer, r, &v->rows) {
    json_open(j, NULL, '{');
    json_str(j, "id", str_from(r->href, sizeof "/rights/person/" - 1));
    json_str(j, "name", r->name);
    rights_json(&r->rows, "why", j);
    json_close(j, '}');
  }
  json_close(j, ']');
  json_close(j, '}');
  json_close(j, '}');
}
static bool show_record(struct web_request *rq, struct web_response *rs, struct err *e) {
  const struct str id = web_param(rq, "id");
  const struct rights_record *rec = rights_record(who_model(), web_param(rq, "record"));
  struct view_rights_record v = {.lang = rq->lang, .title = id, .says = page_text(rq, MSG_rights_record_says)};
  if (!rec) return fail(e, ERR_NOT_FOUND, MSG_row_absent);
  AUTO_READ *s = store_read_begin(app_of(rq)->store, e);
  struct rights_page p = {.rq = rq, .s = s};
  if (!s || !fill_record(&p, rec, id, &v, e)) return false;
  v.f = page_frame(rq, v.title, PAGE_OTHER, NULL);
  if (rq->json) seers_json(&v, id, web_json(rs));
  else page_rights_record(&rs->body, &v);
  return true;
}

const struct route page_rights_routes[] = {
    {GET, "/rights/person/{id}", "role.grant", show_person, "what this person can see, and why", .query = NULL},
    {GET, "/rights/record/{record}/{id}", "role.grant", show_record, "who can see this, and why", .query = NULL},
    {0},
};
