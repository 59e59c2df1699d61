/* Who can be signed in as in the demo: people with a post, and the three administrators, each with an account that has no
 * password and opens only with --demo. Ids follow from logins; what is there already stays as it is. */
#include "app/demo_int.h"
#include "sql.h"
#include "store/event.h"
#include "texts.h"

struct demo_accounts {
  struct demo *d;
  const struct yaml *list;
  int people; /* that were made before */
};

static bool has_account(struct store *tx, struct arena *mem, struct str login, bool *out, struct err *e) {
  struct sql_account_by_login row = {0};
  return sql_account_by_login(tx, mem, &(struct sql_account_by_login_in){STORE_TENANT, login}, &row, out, e);
}
bool demo_unit(struct store *s, struct arena *mem, struct str name, struct str *out, struct err *e) {
  struct sql_unit_all_rows rows = {0};
  TRY(sql_unit_all(s, mem, &(struct sql_unit_all_in){STORE_TENANT}, SIZE_MAX, &rows, e));
  for (size_t i = 0; i < rows.len; i++) {
    if (!str_eq(rows.at[i].name, name)) continue;
    *out = rows.at[i].id;
    return true;
  }
  return fail(e, ERR_INVALID, MSG_demo_no_parent, "unit", name, "parent", name);
}
static bool add_person(struct org_session *s, struct demo_accounts *a, const struct yaml *y, struct err *e) {
  const struct str login = demo_text(y, "login");
  const struct org_person p = {.id = demo_id(s->mem, "who", STR("account"), login), .name = demo_text(y, "name")};
  struct org_post_order post = {.id = demo_id(s->mem, "post", STR("account"), login),
                                .person = p.id,
                                .role = demo_text(y, "role"),
                                .title = demo_text(y, "title"),
                                .from = STR("2026-01-01")};
  TRY(demo_unit(s->tx, s->mem, demo_text(y, "unit"), &post.unit, e));
  TRY(org_person_add(s, &p, NULL, e));
  a->d->count.people++;
  return org_post_add(s, &post, NULL, e);
}
static bool add_account(struct org_session *s, struct demo_accounts *a, const struct yaml *y, struct err *e) {
  const struct str login = demo_text(y, "login"), admin = demo_text(y, "admin");
  const struct str id = demo_id(s->mem, "demo", STR("account"), login);
  struct event ev = {.at_us = a->d->who.now_us,
                     .valid = STR(""),
                     .actor = a->d->who.actor,
                     .record = STR("account"),
                     .id = id,
                     .act = STR("demo"),
                     .from = STR(""),
                     .to = STR("")};
  bool there = false;
  TRY(has_account(s->tx, s->mem, login, &there, e));
  if (there) return true;
  if (!admin.len) TRY(add_person(s, a, y, e));
  event_add(&ev, STR("login"), login);
  a->d->count.accounts++;
  TRY(sql_account_insert(s->tx,
                         &(struct sql_account_insert_in){
                             .tenant = STORE_TENANT,
                             .id = id,
                             .login = login,
                             .name = demo_text(y, "name"),
                             .person = admin.len ? (struct str){0} : demo_id(s->mem, "who", STR("account"), login),
                             .admin = admin,
                             .state = STR("open"),
                             .demo = 1,
                             .at_us = a->d->who.now_us + a->d->count.accounts},
                         NULL, e));
  return event_append(s->tx, s->mem, &ev, NULL, e);
}
static bool load(struct org_session *s, void *arg, struct err *e) {
  struct demo_accounts *a = arg;
  a->d->count.accounts = 0; /* the act may run again */
  a->d->count.people = a->people;
  for (const struct yaml *y = a->list->child; y; y = y->next) TRY(add_account(s, a, y, e));
  return true;
}
bool demo_load_accounts(struct store *store, struct demo *d, struct err *e) {
  struct demo_accounts a = {.d = d, .people = d->count.people};
  struct yaml *list = NULL;
  TRY(demo_list(&d->mem, "accounts.yaml", "accounts", &list, e));
  a.list = list;
  return org_write(store, &d->who, load, &a, e);
}
bool demo_is_there(struct store *store, bool *out, struct err *e) {
  AUTO_ARENA mem = {0};
  struct sql_account_demo_rows rows = {0};
  AUTO_READ *r = store_read_begin(store, e);
  if (!r || !sql_account_demo(r, &mem, &(struct sql_account_demo_in){STORE_TENANT}, 1, &rows, e)) return false;
  *out = rows.len > 0;
  return true;
}
