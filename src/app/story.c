/* Puts a story's actors into a store that the demo was loaded into. Their posts are in roles of packages (`pairs.office`), which
 * rules/roles.yaml does not have: they are written past the rules of the organisation's pages, each with its event. Ids follow
 * from names. */
#include "app/story.h"

#include "app/demo.h"
#include "app/demo_int.h"
#include "app/views_story.h"
#include "base/embed.h"
#include "base/secret.h"
#include "pages.h"
#include "sql.h"
#include "store/event.h"
#include "texts.h"

struct story_work {
  struct plans_who who;
  struct arena *mem;
  story_actors *actors;
  story_units *units;
  struct str hash; /* one for all */
};
static const char *const admins[] = {"system", "security", "audit"};

static bool read_units(struct store *tx, struct story_work *w, struct err *e) {
  struct sql_unit_all_rows units = {0};
  struct sql_unit_alias_all_rows aliases = {0};
  w->units->len = 0; /* the act may run again */
  TRY(sql_unit_all(tx, w->mem, &(struct sql_unit_all_in){STORE_TENANT}, SIZE_MAX, &units, e));
  TRY(sql_unit_alias_all(tx, w->mem, &(struct sql_unit_alias_all_in){STORE_TENANT}, SIZE_MAX, &aliases, e));
  for (size_t i = 0; i < units.len; i++)
    vec_push(w->mem, w->units) = (struct story_unit){units.at[i].name, units.at[i].id};
  for (size_t i = 0; i < aliases.len; i++)
    vec_push(w->mem, w->units) = (struct story_unit){aliases.at[i].alias, aliases.at[i].unit};
  return true;
}
static bool unit_called(const struct story_work *w, struct str name, struct str *out, struct err *e) {
  vec_each(const struct story_unit, u, w->units) {
    if (!str_eq(u->name, name)) continue;
    *out = u->id;
    return true;
  }
  return fail(e, ERR_INVALID, MSG_story_no_unit, "name", name);
}
static struct event note(const struct story_work *w, const char *record, struct str id, const char *act) {
  return (struct event){.at_us = w->who.now_us,
                        .valid = STR(""),
                        .actor = w->who.actor,
                        .record = str_of(record),
                        .id = id,
                        .act = str_of(act),
                        .from = STR(""),
                        .to = STR("")};
}
/* The first post is held longest: a person's own unit is that one's. */
static bool add_post(struct org_session *s, struct story_work *w, const struct story_actor *a,
                     const struct story_post *p, struct err *e) {
  struct sql_post_insert_in in = {.tenant = STORE_TENANT,
                                  .id = demo_id(s->mem, "post", a->name, p->role),
                                  .person = a->id,
                                  .role = p->role,
                                  .title = STR(""),
                                  .from_day = str_fmt(s->mem, "2020-01-%02zu", 1 + (size_t)(p - a->posts.at) % 28),
                                  .until_day = STR("9999-12-31")};
  TRY(unit_called(w, p->unit, &in.unit, e));
  in.id = demo_id(s->mem, "post", in.id, in.unit);
  struct event ev = note(w, "person", a->id, "post");
  event_add(&ev, STR("post"), in.id);
  event_add(&ev, STR("unit"), in.unit);
  event_add(&ev, STR("role"), p->role);
  return sql_post_insert(s->tx, &in, NULL, e) && event_append(s->tx, s->mem, &ev, NULL, e);
}
static bool find_person(struct org_session *s, struct story_work *w, struct story_actor *a, struct err *e) {
  struct sql_account_person_find_rows rows = {0};
  TRY(sql_account_person_find(s->tx, w->mem, &(struct sql_account_person_find_in){STORE_TENANT, a->person}, SIZE_MAX,
                              &rows, e));
  if (rows.len != 1) return fail(e, ERR_INVALID, MSG_story_no_person, "name", a->person);
  a->id = rows.at[0].id;
  return true;
}
static bool add_person(struct org_session *s, struct story_work *w, struct story_actor *a, struct err *e) {
  if (a->person.len) return find_person(s, w, a, e);
  a->id = demo_id(w->mem, "who", STR("story"), a->name);
  return org_person_add(s, &(struct org_person){.id = a->id, .name = a->name}, NULL, e);
}
static bool add_account(struct org_session *s, struct story_work *w, const struct story_actor *a, struct err *e) {
  struct event ev = note(w, "account", demo_id(s->mem, "acct", STR("story"), a->name), "story");
  event_add(&ev, STR("login"), a->name);
  return sql_account_insert(s->tx,
                            &(struct sql_account_insert_in){.tenant = STORE_TENANT,
                                                            .id = ev.id,
                                                            .login = a->name,
                                                            .name = a->name,
                                                            .person = a->admin.len ? (struct str){0} : a->id,
                                                            .admin = a->admin,
                                                            .hash = w->hash,
                                                            .state = STR("open"),
                                                            .at_us = w->who.now_us},
                            NULL, e) &&
         event_append(s->tx, s->mem, &ev, NULL, e);
}
/* One of each of the three, whether the story speaks of them or not. */
static bool add_admins(struct org_session *s, struct story_work *w, struct err *e) {
  for (size_t i = 0; i < COUNT_OF(admins); i++) {
    const struct story_actor a = {.name = str_fmt(s->mem, "story-%s", admins[i]), .admin = str_of(admins[i])};
    TRY(add_account(s, w, &a, e));
  }
  return true;
}
static bool add_all(struct org_session *s, void *arg, struct err *e) {
  struct story_work *w = arg;
  TRY(read_units(s->tx, w, e));
  vec_each(struct story_actor, a, w->actors) {
    if (!a->admin.len) TRY(add_person(s, w, a, e));
    vec_each(const struct story_post, p, &a->posts) TRY(add_post(s, w, a, p, e));
    TRY(add_account(s, w, a, e));
  }
  TRY(add_admins(s, w, e));
  return sql_setting_add(s->tx, &(struct sql_setting_add_in){STORE_TENANT, STR("story"), STR("1")}, NULL, e);
}
bool story_make(struct plans *s, struct store *store, struct arena *mem, struct str password, int64_t now_us,
                story_actors *io, story_units *out_units, struct err *e) {
  const struct str name = STR("story");
  struct demo_count count = {0};
  struct story_work w = {.who = {.actor = name, .reason = name, .now_us = now_us, .asks = &who_program},
                         .mem = mem,
                         .actors = io,
                         .units = out_units,
                         .hash = secret_hash(mem, password)};
  return demo_load(s, true, now_us, &count, e) && org_write(store, &w.who, add_all, &w, e);
}
bool story_stands_at(struct store *store, int64_t *out_us, struct err *e) {
  AUTO_ARENA mem = {0};
  struct sql_setting_get row = {0};
  struct sql_chain_get chain = {0};
  struct sql_event_after_rows last = {0};
  bool found = false;
  AUTO_READ *r = store_read_begin(store, e);
  *out_us = 0;
  if (!r || !sql_setting_get(r, &mem, &(struct sql_setting_get_in){STORE_TENANT, STR("story")}, &row, &found, e))
    return false;
  if (!found) return true;
  TRY(sql_chain_get(r, &mem, &(struct sql_chain_get_in){STORE_TENANT}, &chain, &found, e));
  TRY(sql_event_after(r, &mem, &(struct sql_event_after_in){STORE_TENANT, chain.seq - 1}, 1, &last, e));
  if (last.len) *out_us = last.at[0].at_us;
  return true;
}

/* ---- afterwards ---- */

static bool look_back(struct str where, store_act look, void *arg, struct err *e) {
  struct store *st = NULL;
  const bool ok =
      store_open(where, &(struct store_options){.existing = true, .as_it_is = true, .readers = 1}, &st, e) &&
      store_read(st, look, arg, e);
  store_close(st);
  return ok;
}
struct looking {
  story_visit visit;
  story_mark mark;
  void *arg;
};
static bool see_events(struct store *r, void *arg, struct err *e) {
  const struct looking *l = arg;
  for (int64_t after = 0, more = 1; more;) {
    AUTO_ARENA mem = {0};
    struct sql_event_after_rows rows = {0};
    TRY(sql_event_after(r, &mem, &(struct sql_event_after_in){STORE_TENANT, after}, SIZE_MAX, &rows, e));
    for (size_t i = 0; i < rows.len; i++) l->visit(l->arg, rows.at[i].record, rows.at[i].act, rows.at[i].to_state);
    more = rows.len > 0;
    if (more) after = vec_last(&rows).seq;
  }
  return true;
}
bool story_events(struct str where, story_visit visit, void *arg, struct err *e) {
  return look_back(where, see_events, &(struct looking){.visit = visit, .arg = arg}, e);
}
static bool see_marks(struct store *r, void *arg, struct err *e) {
  const struct looking *l = arg;
  AUTO_ARENA mem = {0};
  struct sql_story_marks_rows rows = {0};
  TRY(sql_story_marks(r, &mem, &(struct sql_story_marks_in){STORE_TENANT}, SIZE_MAX, &rows, e));
  vec_each(const struct sql_story_marks, m, &rows) l->mark(l->arg, m->kind, m->record, m->name, m->what);
  return true;
}
bool story_marks(struct str where, story_mark mark, void *arg, struct err *e) {
  return look_back(where, see_marks, &(struct looking){.mark = mark, .arg = arg}, e);
}
static void put_styles(struct buf *out) {
  size_t n = 0;
  const struct embedded *all = embed_all(&n);
  for (size_t i = 0; i < n; i++) {
    const struct str path = str_of(all[i].path);
    if (str_starts(path, STR("ui/css/")) && str_ends(path, STR(".css"))) buf_str(out, all[i].bytes);
  }
}
void story_page(struct buf *out, const struct view_story_page *v) {
  buf_fmt(out, "<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\"><title>" STRF "</title>",
          v->lang == LANG_ZH ? "zh-CN" : "en", STRA(msg_template(v->lang, MSG_scenario_page_title)));
  buf_z(out, "<meta name=\"viewport\" content=\"width=device-width\"><style>");
  put_styles(out);
  buf_z(out, "</style></head><body>");
  page_scenario_record(out, v);
  buf_z(out, "</body></html>\n");
}
