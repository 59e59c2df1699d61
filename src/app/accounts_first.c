/* The first administrators of a database, and new one-time passwords: nothing in the program has a default password. */
#include "app/accounts_int.h"
#include "base/clock.h"
#include "sql.h"
#include "texts.h"

static const struct {
  const char *login;
  int name;
} firsts[FIRST_ADMINS] = {{"system", MSG_admin_system}, {"security", MSG_admin_security}, {"audit", MSG_admin_audit}};

static struct str one_time(struct arena *mem) {
  unsigned char chance[20];
  random_bytes(chance, sizeof chance);
  return password_make(mem, chance);
}

struct first_work {
  struct arena *mem;
  int64_t now_us;
  struct str hashes[FIRST_ADMINS];
  bool made;
};
static bool write_first(struct store *tx, struct first_work *w, int i, struct err *e) {
  const struct str login = str_of(firsts[i].login), id = store_new_id(w->mem, w->now_us);
  struct event ev = account_event(STR("-"), id, "account_first", w->now_us);
  event_add(&ev, STR("login"), login);
  event_add(&ev, STR("admin"), login);
  TRY(sql_account_insert(tx,
                         &(struct sql_account_insert_in){.tenant = STORE_TENANT,
                                                         .id = id,
                                                         .login = login,
                                                         .name = msg_template(LANG_ZH, firsts[i].name),
                                                         .admin = login,
                                                         .hash = w->hashes[i],
                                                         .state = STR("open"),
                                                         .must_change = 1,
                                                         .at_us = w->now_us},
                         NULL, e));
  return event_append(tx, w->mem, &ev, NULL, e);
}
/* Of two servers that start on one database at the same moment, one makes them. */
static bool write_firsts(struct store *tx, void *arg, struct err *e) {
  struct first_work *w = arg;
  struct sql_account_real_admins have = {0};
  TRY(sql_account_real_admins(tx, w->mem, &(struct sql_account_real_admins_in){STORE_TENANT}, &have, NULL, e));
  w->made = !have.n;
  for (int i = 0; w->made && i < FIRST_ADMINS; i++) TRY(write_first(tx, w, i, e));
  return true;
}
static bool has_admins(struct store *store, struct arena *mem, bool *out, struct err *e) {
  struct sql_account_real_admins have = {0};
  AUTO_READ *r = store_read_begin(store, e);
  if (!r || !sql_account_real_admins(r, mem, &(struct sql_account_real_admins_in){STORE_TENANT}, &have, NULL, e))
    return false;
  *out = have.n > 0;
  return true;
}
bool accounts_first(struct accounts *a, struct arena *mem, int64_t now_us, struct first_admins *out, struct err *e) {
  struct first_work w = {.mem = mem, .now_us = now_us};
  struct first_admins made = {0};
  bool there = false;
  *out = (struct first_admins){0};
  TRY(has_admins(a->store, mem, &there, e));
  if (there) return true;
  for (int i = 0; i < FIRST_ADMINS; i++) {
    made.login[i] = str_of(firsts[i].login);
    made.password[i] = one_time(mem);
    TRY(accounts_hash(a, mem, made.password[i], &w.hashes[i], e));
  }
  TRY(store_write(a->store, write_firsts, &w, e));
  if (w.made) *out = made;
  return true;
}

/* ---- a new one-time password ---- */

struct reset_work {
  struct arena *mem;
  struct str login, actor, hash;
  int64_t now_us;
};
static bool write_reset(struct store *tx, void *arg, struct err *e) {
  struct reset_work *w = arg;
  struct sql_account_by_login account = {0};
  bool found = false;
  TRY(sql_account_by_login(tx, w->mem, &(struct sql_account_by_login_in){STORE_TENANT, w->login}, &account, &found, e));
  if (!found || account.demo) return fail(e, ERR_NOT_FOUND, MSG_account_none, "login", w->login);
  const struct event ev = account_event(w->actor, account.id, "password_reset", w->now_us);
  TRY(sql_account_set_password(
      tx, &(struct sql_account_set_password_in){STORE_TENANT, account.id, w->hash, 1, w->now_us}, NULL, e));
  TRY(sql_session_end_all(tx, &(struct sql_session_end_all_in){STORE_TENANT, account.id, STR(""), w->now_us}, NULL, e));
  TRY(attempt_forgive(tx, w->mem, w->login, e));
  return event_append(tx, w->mem, &ev, NULL, e);
}
bool accounts_reset(struct accounts *a, struct arena *mem, struct str login, struct str actor, int64_t now_us,
                    struct str *out_password, struct err *e) {
  struct reset_work w = {.mem = mem, .actor = actor, .now_us = now_us};
  if (!login_fold(mem, login, &w.login)) return fail(e, ERR_NOT_FOUND, MSG_account_none, "login", login);
  *out_password = one_time(mem);
  TRY(accounts_hash(a, mem, *out_password, &w.hash, e));
  return store_write(a->store, write_reset, &w, e);
}
