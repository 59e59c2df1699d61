/* Work in the systems of the demo: who holds which role of a package (demo/posts.yaml), and the demo rows of the packages as records
 * with a past. After it the clocks catch up, so that what has become due since is seen to. */
#include "app/demo_work.h"

#include "app/clockwork.h"
#include "app/demo_files.h"
#include "app/systems.h"
#include "base/clock.h"
#include "declare/check.h"
#include "engine/flow/seed.h"
#include "sql.h"
#include "store/event.h"
#include "texts.h"

enum { POST_FIRST_DAY = 16801 /* 2016-01-01 */, POSTS_AT_UNIT = 100 };
struct work {
  struct systems *systems;
  struct arena *mem;
  struct store *tx;
  int64_t now_us;
  struct str actor;
  struct sql_unit_all_rows units;
  const struct yaml *org;
  int32_t day; /* on which the next post begins: the first are held longest */
  struct demo_work_count count;
};

/* ---- posts ---- */

/* pairs.office of a package that is here; refuses a role that there is not, or that is not held at such a unit. */
static bool check_role(const struct work *w, struct str role, const struct sql_unit_all *unit, bool *out_here,
                       struct err *e) {
  struct str system = role, name = {0};
  (void)str_cut(role, STR("."), &system, &name);
  const struct flow_system *s = flow_system(systems_flow(w->systems), system);
  const struct role *r = s ? part_find(&s->system->roles, name) : NULL;
  *out_here = r && words_have(&r->at, unit->kind);
  return !s || *out_here || fail(e, ERR_INVALID, MSG_demo_no_role, "role", role, "unit", unit->name);
}
static bool add_post(struct work *w, struct str person, const struct sql_unit_all *unit, struct str role,
                     struct err *e) {
  const struct str id = demo_id(w->mem, "post", str_join(w->mem, person, unit->id), role);
  struct sql_post_get same = {0};
  bool is_here = false, is_held = false;
  TRY(check_role(w, role, unit, &is_here, e));
  TRY(sql_post_get(w->tx, w->mem, &(struct sql_post_get_in){STORE_TENANT, id}, &same, &is_held, e));
  if (!is_here || is_held) return true;
  struct event ev = {.at_us = w->now_us,
                     .valid = STR(""),
                     .actor = w->actor,
                     .record = STR("person"),
                     .id = person,
                     .act = STR("post"),
                     .from = STR(""),
                     .to = STR("")};
  event_add(&ev, STR("post"), id);
  event_add(&ev, STR("unit"), unit->id);
  event_add(&ev, STR("role"), role);
  w->count.posts++;
  return sql_post_insert(w->tx,
                         &(struct sql_post_insert_in){.tenant = STORE_TENANT,
                                                      .id = id,
                                                      .person = person,
                                                      .unit = unit->id,
                                                      .role = role,
                                                      .title = STR(""),
                                                      .from_day = date_iso(w->mem, date_of_days(w->day)),
                                                      .until_day = STR("9999-12-31")},
                         NULL, e) &&
         event_append(w->tx, w->mem, &ev, NULL, e);
}
static bool add_posts(struct work *w, struct str person, const struct sql_unit_all *unit, const struct yaml *y,
                      struct err *e) {
  const struct yaml *roles = yaml_get(y, "roles");
  for (const struct yaml *r = roles ? roles->child : NULL; r; r = r->next) TRY(add_post(w, person, unit, r->text, e));
  return true;
}
static const struct sql_unit_all *unit_called(const struct work *w, struct str name, struct str id) {
  for (size_t i = 0; i < w->units.len; i++)
    if (str_eq(id.len ? w->units.at[i].id : w->units.at[i].name, id.len ? id : name)) return &w->units.at[i];
  return NULL;
}
/* Whoever holds the role that org.yaml gives the head, or the clerk, of such a unit. */
static bool add_at(struct work *w, const struct sql_unit_all *unit, const struct yaml *y, struct err *e) {
  const bool is_clerk = str_eqz(demo_text(y, "holder"), "clerk");
  const struct yaml *kinds = yaml_get(w->org, is_clerk ? "clerks" : "heads");
  const struct yaml *rule = yaml_get(kinds, str_z(w->mem, unit->kind));
  const struct str today = date_iso(w->mem, clock_today(w->now_us));
  const struct sql_post_at_unit_in in = {.tenant = STORE_TENANT, .unit = unit->id, .day = today, .most = POSTS_AT_UNIT};
  struct sql_post_at_unit_rows rows = {0};
  TRY(!rule || sql_post_at_unit(w->tx, w->mem, &in, SIZE_MAX, &rows, e));
  for (size_t i = 0; i < rows.len; i++) {
    if (!str_eq(rows.at[i].role, demo_text(rule, "role"))) continue;
    return add_posts(w, rows.at[i].person, unit, y, e);
  }
  return true;
}
static bool add_of_login(struct work *w, const struct yaml *y, struct err *e) {
  const struct str login = demo_text(y, "who"), name = demo_text(y, "unit");
  const struct str person = demo_id(w->mem, "who", STR("account"), login);
  const struct str post = demo_id(w->mem, "post", STR("account"), login);
  struct sql_post_get own = {0};
  bool found = false;
  TRY(sql_post_get(w->tx, w->mem, &(struct sql_post_get_in){STORE_TENANT, post}, &own, &found, e));
  const struct sql_unit_all *unit = found ? unit_called(w, name, name.len ? STR("") : own.unit) : NULL;
  if (!unit) return fail(e, ERR_INVALID, MSG_demo_no_role, "role", login, "unit", name);
  return add_posts(w, person, unit, y, e);
}
static bool add_all_posts(struct work *w, struct err *e) {
  struct yaml *list = NULL;
  TRY(demo_list(w->mem, "posts.yaml", "posts", &list, e) && demo_root(w->mem, "org.yaml", &w->org, e));
  TRY(sql_unit_all(w->tx, w->mem, &(struct sql_unit_all_in){STORE_TENANT}, SIZE_MAX, &w->units, e));
  for (const struct yaml *y = list->child; y; y = y->next, w->day++) {
    const struct str unit = demo_text(y, "unit"), each = demo_text(y, "each");
    if (demo_text(y, "who").len) TRY(add_of_login(w, y, e));
    for (size_t i = 0; i < w->units.len && !demo_text(y, "who").len; i++)
      if (str_eq(each.len ? w->units.at[i].kind : w->units.at[i].name, each.len ? each : unit))
        TRY(add_at(w, &w->units.at[i], y, e));
  }
  return true;
}

/* ---- rows ---- */

static bool day_of(const struct yaml *root, struct str system, struct arena *mem, struct date *out, struct err *e) {
  const struct yaml *own = yaml_get(root, "as_of_system");
  const struct yaml *y = own ? yaml_get(own, str_z(mem, system)) : NULL;
  const struct str said = y ? y->text : demo_text(root, "as_of");
  return date_parse(said, 0, out) || fail(e, ERR_INVALID, MSG_flow_seed_cell, "at", STR("demo.yaml"), "text", said);
}
static bool add_rows(struct work *w, struct err *e) {
  const struct flow *f = systems_flow(w->systems);
  const struct yaml *root = NULL;
  struct system_run x;
  struct flow_seed seed;
  TRY(demo_root(w->mem, "demo.yaml", &root, e));
  systems_begin_for(&x, w->systems, w->tx, w->mem, NULL, w->now_us, LANG_ZH);
  x.run.actor = w->actor;
  flow_seed_begin(&seed, &x.run);
  for (size_t i = 0; i < f->systems.len; i++) {
    struct date as_of = {0};
    TRY(day_of(root, f->systems.at[i]->name, w->mem, &as_of, e));
    TRY(flow_seed_system(&seed, f->systems.at[i], as_of, e));
  }
  w->count.rows = (int)seed.rows;
  return true;
}

/* ---- the whole ---- */

static bool load(struct store *tx, void *arg, struct err *e) {
  struct work *w = arg;
  w->tx = tx;
  w->day = POST_FIRST_DAY;
  w->count = (struct demo_work_count){0}; /* the act may run again */
  TRY(add_all_posts(w, e) && add_rows(w, e));
  return sql_setting_add(tx, &(struct sql_setting_add_in){STORE_TENANT, STR("demo_work"), STR("1")}, NULL, e);
}
static bool is_done(struct store *store, bool *out, struct err *e) {
  AUTO_ARENA mem = {0};
  struct sql_setting_get row = {0};
  AUTO_READ *r = store_read_begin(store, e);
  const struct sql_setting_get_in in = {STORE_TENANT, STR("demo_work")};
  return r && sql_setting_get(r, &mem, &in, &row, out, e);
}
bool demo_load_work(struct systems *s, struct store *store, int64_t now_us, struct demo_work_count *out,
                    struct err *e) {
  AUTO_ARENA mem = {0};
  struct work w = {.systems = s, .mem = &mem, .now_us = now_us, .actor = msg_template(LANG_ZH, MSG_demo_reason)};
  bool done = false;
  *out = (struct demo_work_count){0};
  TRY(is_done(store, &done, e));
  if (done) return true;
  TRY(store_write(store, load, &w, e));
  *out = w.count;
  return clockwork_run(s, store, now_us, e);
}
