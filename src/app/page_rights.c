/* For the administrator of security: what can this person see and do and why, who can see and change this and why. All is said
 * by the functions that decide, never by a copy of their rules. */
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
  const struct role_rule *admin = post->unit.len ? NULL : roles_role(roles_known(), post->role, true);
  const struct str role = page_role(p->rq, post->role);
  *out = admin ? admin->label[p->rq->lang] : STR("");
  if (admin) return true;
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
static bool is_on(const struct act_rule *rule, const struct rights_record *rec) {
  vec_each(const struct str, on, &rule->on)
    if (str_eq(*on, rec->name)) return true;
  return false;
}
static struct str text_or(struct rights_page *p, const char *head, struct str tail, struct str other) {
  const struct str text = page_text_of(p->rq->mem, p->rq->lang, head, str_z(p->rq->mem, tail));
  return str_eq(text, tail) ? other : text;
}
static struct str record_says(struct rights_page *p, const struct rights_record *rec) {
  return text_or(p, "rights_rec_", rec->name, rec->label);
}
/* What a role may do on rows that it sees. */
static struct str acts_say(struct rights_page *p, const struct rights_record *rec, struct str role, bool is_admin) {
  const struct role_rule *holds = roles_role(roles_known(), role, is_admin);
  struct str out = {0};
  vec_each(const struct act_rule, rule, &roles_known()->acts)
    if (holds && is_on(rule, rec) && role_may(holds, rule->name))
      out = page_listed(p->rq->mem, p->rq->lang, out, rule->label[p->rq->lang]);
  return out;
}
static bool grant_says(struct rights_page *p, const struct rights_model *m, const struct rights_record *rec,
                       const struct rights_grant *g, struct view_right *out, struct err *e) {
  *out =
      (struct view_right){.record = record_says(p, rec), .word = word_says(p, g->sees->word), .where = g->sees->says};
  if (out->where.len) out->where = text_or(p, "rights_where_", rec->name, out->where);
  for (size_t i = 0; i < g->posts.len; i++) {
    struct str one = {0};
    TRY(post_says(p, g->posts.at[i], &one, e));
    out->through = page_listed(p->rq->mem, p->rq->lang, out->through, one);
  }
  out->classes = classes_say(p, m, g->role);
  out->acts = acts_say(p, rec, g->role->name, !g->posts.at[0]->unit.len);
  return true;
}

/* ---- one person ---- */

/* Their posts; or the administration that their account is given, and then nothing else. */
static bool load_who(struct rights_page *p, struct str person, struct who *out, struct err *e) {
  struct sql_account_admin_of row = {.admin = STR("")};
  bool found = false;
  TRY(sql_account_admin_of(p->s, p->rq->mem, &(struct sql_account_admin_of_in){STORE_TENANT, person}, &row, &found, e));
  *out = (struct who){.person = person, .admin = found ? row.admin : STR("")};
  return who_load(p->s, p->rq->mem, p->rq->now_us, out, e);
}
/* 计划（本单位及以下）: where the role's acts on these records are done. */
static void add_where(struct rights_page *p, const struct who *who, const struct act_rule *rule, struct str role,
                      struct str *io) {
  vec_each(const struct rights_record, rec, &who_model()->records) {
    if (!is_on(rule, rec)) continue;
    vec_each(const struct rights_grant, g, &who_view(who, rec)->grants) {
      if (!str_eq(g->role->name, role)) continue;
      const struct msg_arg args[] = {{"role", record_says(p, rec)}, {"unit", word_says(p, g->sees->word)}};
      const struct str one = msg_text(p->rq->mem, p->rq->lang, MSG_rights_post, args, COUNT_OF(args));
      if (str_find(*io, one) == STR_NONE) *io = page_listed(p->rq->mem, p->rq->lang, *io, one);
    }
  }
}
static bool act_says(struct rights_page *p, const struct who *who, const struct act_rule *rule, struct view_may *out,
                     struct err *e) {
  *out = (struct view_may){.act = rule->name, .says = rule->label[p->rq->lang]};
  vec_each(const struct rights_post, post, &who->holds.posts) {
    const struct role_rule *role = roles_role(roles_known(), post->role, who->admin.len > 0);
    struct str one = {0};
    if (!role || !role_may(role, rule->name)) continue;
    TRY(post_says(p, post, &one, e));
    out->through = page_listed(p->rq->mem, p->rq->lang, out->through, one);
    add_where(p, who, rule, post->role, &out->on);
  }
  return true;
}
/* plan.see, plan.upload: acts of one kind have the same first word, and stand together. */
static bool fill_acts(struct rights_page *p, const struct who *who, struct view_rights_person *v, struct err *e) {
  struct str kind = {0}, was = {0}, rest;
  vec_each(const struct act_rule, rule, &roles_known()->acts) {
    struct view_may one;
    TRY(act_says(p, who, rule, &one, e));
    if (!one.through.len) continue;
    (void)str_cut(rule->name, STR("."), &kind, &rest);
    if (!v->acts.len || !str_eq(kind, was))
      vec_push(p->rq->mem, &v->acts) =
          (struct view_mays){.label = page_text_of(p->rq->mem, p->rq->lang, "rights_acts_", str_z(p->rq->mem, kind))};
    was = kind;
    vec_push(p->rq->mem, &vec_last(&v->acts).rows) = one;
  }
  return true;
}
static bool fill_person(struct rights_page *p, struct str id, struct view_rights_person *v, struct err *e) {
  const struct rights_model *m = who_model();
  struct who who;
  TRY(person_name(p, id, &v->name, e));
  TRY(load_who(p, id, &who, e));
  vec_each(const struct rights_post, post, &who.holds.posts) {
    struct str one = {0};
    TRY(post_says(p, post, &one, e));
    v->posts = page_listed(p->rq->mem, p->rq->lang, v->posts, one);
  }
  if (!v->posts.len) v->posts = page_text(p->rq, MSG_rights_no_post);
  TRY(fill_acts(p, &who, v, e));
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
  json_str(j, "acts", r->acts);
  json_close(j, '}');
}
static void acts_json(const struct view_rights_person *v, struct json_out *j) {
  json_open(j, "acts", '[');
  vec_each(const struct view_mays, g, &v->acts) {
    vec_each(const struct view_may, r, &g->rows) {
      json_open(j, NULL, '{');
      json_str(j, "act", r->act);
      json_str(j, "says", r->says);
      json_str(j, "on", r->on);
      json_str(j, "through", r->through);
      json_close(j, '}');
    }
  }
  json_close(j, ']');
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
  v.f = page_frame(rq, v.name, PAGE_PEOPLE, NULL);
  v.f.back = v.back = str_join(rq->mem, STR("/people/"), id);
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
  acts_json(&v, j);
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
/* Why they see it: by every record that is in its table. *io is added when there is a reason. */
static bool add_seer(struct rights_page *p, const char *table, struct str id, const struct who *who,
                     struct view_seer *io, struct view_rights_record *out, struct err *e) {
  const struct rights_model *m = who_model();
  vec_each(const struct rights_record, rec, &m->records) {
    if (!str_eqz(rec->table, table)) continue;
    const struct rights_view *v = who_view(who, rec);
    vec_each(const struct rights_grant, g, &v->grants) {
      bool is = false;
      TRY(through_this(p, v, g, id, &who->holds, &is, e));
      if (is) TRY(grant_says(p, m, rec, g, &vec_push(p->rq->mem, &io->rows), e));
    }
  }
  if (io->rows.len) vec_push(p->rq->mem, &out->rows) = *io;
  return true;
}
static bool add_person(struct rights_page *p, const char *table, struct str id, struct str person,
                       struct view_rights_record *out, struct err *e) {
  struct view_seer seer = {.href = str_fmt(p->rq->mem, "/rights/person/" STRF, STRA(person))};
  struct who who;
  TRY(load_who(p, person, &who, e));
  TRY(person_name(p, person, &seer.name, e));
  return add_seer(p, table, id, &who, &seer, out, e);
}
/* Administrators hold no post: none of them is found by what the record names. */
static bool add_admins(struct rights_page *p, const char *table, struct str id, struct view_rights_record *out,
                       struct err *e) {
  struct sql_account_administrators_rows rows = {0};
  TRY(sql_account_administrators(p->s, p->rq->mem, &(struct sql_account_administrators_in){STORE_TENANT}, SEERS_MOST,
                                 &rows, e));
  vec_each(const struct sql_account_administrators, a, &rows) {
    struct who who = {.person = a->person, .admin = a->admin};
    struct view_seer seer = {.name = a->name};
    if (a->person.len) seer.href = str_fmt(p->rq->mem, "/rights/person/" STRF, STRA(a->person));
    TRY(who_load(p->s, p->rq->mem, p->rq->now_us, &who, e));
    TRY(add_seer(p, table, id, &who, &seer, out, e));
  }
  return true;
}
static bool has_seer(const struct view_rights_record *v, struct str person) {
  vec_each(const struct view_seer, x, &v->rows)
    if (str_ends(x->href, person)) return true;
  return false;
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
  TRY(add_admins(p, str_z(p->rq->mem, rec->table), id, v, e));
  vec_each(const struct rights_record, x, &who_model()->records) {
    if (!str_eq(x->table, rec->table)) continue;
    TRY(rights_candidates(p->s, p->rq->mem, who_model(), x, id, today, HOLDERS_MOST, &people, &n, e));
    for (size_t i = 0; i < n && v->rows.len < SEERS_MOST; i++)
      if (!has_seer(v, people[i])) TRY(add_person(p, str_z(p->rq->mem, x->table), id, people[i], v, e));
    if (n >= HOLDERS_MOST || v->rows.len == SEERS_MOST) v->more = page_text(p->rq, MSG_rights_more);
  }
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
    json_str_or_null(j, "id", r->href.len ? str_from(r->href, sizeof "/rights/person/" - 1) : (struct str){0});
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
