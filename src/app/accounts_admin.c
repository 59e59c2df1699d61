/* What the administrators do with accounts. The powers are parted by the acts of the routes; here stands what no act may do:
 * change one's own account, leave one of the three administrators to nobody, or touch an account of the demo's people
 * outside of the demo. */
#include "app/accounts_int.h"
#include "app/notices.h"
#include "app/page.h"
#include "base/clock.h"
#include "sql.h"
#include "texts.h"

enum { NAME_BYTES = 120 };

struct admin_work {
  struct web_request *rq;
  struct str id, login, person, name, hash, admin, subject;
  enum account_deed deed;
  struct sql_account_get account;
};

static bool load_other(struct store *tx, struct admin_work *c, struct err *e) {
  bool found = false;
  TRY(sql_account_get(tx, c->rq->mem, &(struct sql_account_get_in){STORE_TENANT, c->id}, &c->account, &found, e));
  if (!found) return fail(e, ERR_NOT_FOUND, MSG_web_not_found);
  return !str_eq(c->id, who_of(c->rq)->account) || fail(e, ERR_GUARD, MSG_admin_self);
}
static struct event other_event(const struct admin_work *c, const char *act) {
  return account_event(c->rq->actor, c->id, act, c->rq->now_us);
}
static bool end_sessions(struct store *tx, const struct admin_work *c, struct err *e) {
  return sql_session_end_all(tx, &(struct sql_session_end_all_in){STORE_TENANT, c->id, STR(""), c->rq->now_us}, NULL,
                             e);
}
static struct str one_time(struct arena *mem) {
  unsigned char chance[20];
  random_bytes(chance, sizeof chance);
  return password_make(mem, chance);
}

/* ---- new ones ---- */

static bool find_person(struct store *tx, struct admin_work *c, struct err *e) {
  struct sql_account_person_find_rows rows = {0};
  if (!c->person.len) return true;
  TRY(sql_account_person_find(tx, c->rq->mem, &(struct sql_account_person_find_in){STORE_TENANT, c->person}, SIZE_MAX,
                              &rows, e));
  if (rows.len != 1) return fail(e, ERR_INVALID, MSG_admin_bad_person, "name", STR("person"), "value", c->person);
  if (rows.at[0].account.at)
    return fail(e, ERR_INVALID, MSG_admin_person_has, "name", STR("person"), "value", rows.at[0].name);
  c->person = rows.at[0].id;
  c->name = rows.at[0].name;
  return true;
}
static bool write_new(struct store *tx, void *arg, struct err *e) {
  struct admin_work once = *(struct admin_work *)arg, *c = &once; /* the act may run again */
  struct sql_account_by_login have = {0};
  bool found = false;
  TRY(sql_account_by_login(tx, c->rq->mem, &(struct sql_account_by_login_in){STORE_TENANT, c->login}, &have, &found,
                           e));
  if (found) return fail(e, ERR_INVALID, MSG_admin_login_there, "name", STR("login"), "value", c->login);
  TRY(find_person(tx, c, e));
  struct event ev = other_event(c, "account_make");
  event_add(&ev, STR("login"), c->login);
  event_add(&ev, STR("person"), c->person);
  TRY(sql_account_insert(tx,
                         &(struct sql_account_insert_in){.tenant = STORE_TENANT,
                                                         .id = c->id,
                                                         .login = c->login,
                                                         .name = c->name,
                                                         .person = c->person.len ? c->person : (struct str){0},
                                                         .hash = c->hash,
                                                         .state = STR("new"),
                                                         .must_change = 1,
                                                         .at_us = c->rq->now_us},
                         NULL, e));
  return event_append(tx, c->rq->mem, &ev, NULL, e);
}
bool accounts_make(struct web_request *rq, struct str login, struct str person, struct str name,
                   struct str *out_password, struct err *e) {
  struct admin_work c = {.rq = rq, .person = str_trim(person), .name = str_trim(name)};
  if (!login_fold(rq->mem, login, &c.login)) return fail(e, ERR_INVALID, MSG_admin_bad_login, "name", STR("login"));
  if (!c.person.len && (!c.name.len || c.name.len > NAME_BYTES || memchr(c.name.at, '\n', c.name.len)))
    return fail(e, ERR_INVALID, MSG_admin_bad_name, "name", STR("name"));
  c.id = store_new_id(rq->mem, rq->now_us);
  *out_password = one_time(rq->mem);
  TRY(accounts_hash(app_of(rq)->accounts, rq->mem, *out_password, &c.hash, e));
  return store_write(app_of(rq)->store, write_new, &c, e);
}

/* ---- acts ---- */

static bool write_reset(struct store *tx, void *arg, struct err *e) {
  struct admin_work *c = arg;
  TRY(load_other(tx, c, e));
  if (c->account.demo) return fail(e, ERR_GUARD, MSG_password_demo);
  const struct event ev = other_event(c, "password_reset");
  TRY(sql_account_set_password(
      tx, &(struct sql_account_set_password_in){STORE_TENANT, c->id, c->hash, 1, c->rq->now_us}, NULL, e));
  TRY(end_sessions(tx, c, e));
  return event_append(tx, c->rq->mem, &ev, NULL, e);
}
bool accounts_reset_other(struct web_request *rq, struct str id, struct str *out_password, struct err *e) {
  struct admin_work c = {.rq = rq, .id = id};
  *out_password = one_time(rq->mem);
  TRY(accounts_hash(app_of(rq)->accounts, rq->mem, *out_password, &c.hash, e));
  return store_write(app_of(rq)->store, write_reset, &c, e);
}

static bool others_left(struct store *tx, struct admin_work *c, struct err *e) {
  struct sql_account_admins left = {0};
  if (!c->account.admin.len || !str_eqz(c->account.state, "open")) return true;
  TRY(sql_account_admins(tx, c->rq->mem, &(struct sql_account_admins_in){STORE_TENANT, c->account.admin}, &left, NULL,
                         e));
  return left.n > 1 || fail(e, ERR_GUARD, MSG_admin_last);
}
static bool set_state(struct store *tx, struct admin_work *c, const char *state, struct err *e) {
  if (!strcmp(state, "closed")) TRY(others_left(tx, c, e) && end_sessions(tx, c, e));
  return sql_account_set_state(tx, &(struct sql_account_set_state_in){STORE_TENANT, c->id, str_of(state)}, NULL, e);
}
static bool write_deed(struct store *tx, void *arg, struct err *e) {
  static const struct {
    const char *act, *from, *to; /* from: the state it is done in; NULL = any */
  } deeds[] = {[ACCOUNT_CLOSE] = {"account_close", NULL, "closed"},
               [ACCOUNT_REOPEN] = {"account_reopen", "closed", "new"},
               [ACCOUNT_APPROVE] = {"account_approve", "new", "open"},
               [ACCOUNT_UNLOCK] = {"account_unlock", NULL, NULL}};
  struct admin_work *c = arg;
  TRY(load_other(tx, c, e));
  if (deeds[c->deed].from && !str_eqz(c->account.state, deeds[c->deed].from))
    return fail(e, ERR_CONFLICT, MSG_plans_conflict);
  struct event ev = other_event(c, deeds[c->deed].act);
  ev.from = c->account.state;
  ev.to = deeds[c->deed].to ? str_of(deeds[c->deed].to) : c->account.state;
  if (deeds[c->deed].to) TRY(set_state(tx, c, deeds[c->deed].to, e));
  else TRY(attempt_forgive(tx, c->rq->mem, c->account.login, e) && factor_end(tx, c->id, e));
  return event_append(tx, c->rq->mem, &ev, NULL, e);
}
bool accounts_do(struct web_request *rq, struct str id, enum account_deed deed, struct err *e) {
  struct admin_work c = {.rq = rq, .id = id, .deed = deed};
  return store_write(app_of(rq)->store, write_deed, &c, e);
}

/* ---- the other system's name for an account ---- */

static bool may_bind(struct store *tx, struct admin_work *c, struct err *e) {
  struct sql_outside_who has = {0};
  bool found = false;
  if (!c->subject.len) return true;
  if (c->account.demo) return fail(e, ERR_GUARD, MSG_outside_demo);
  if (c->account.admin.len) return fail(e, ERR_GUARD, MSG_outside_admin);
  TRY(sql_outside_who(tx, c->rq->mem, &(struct sql_outside_who_in){STORE_TENANT, STR(OUTSIDE_PROXY), c->subject}, &has,
                      &found, e));
  if (found && !str_eq(has.account, c->id))
    return fail(e, ERR_INVALID, MSG_outside_taken, "name", STR("subject"), "value", has.login);
  return true;
}
static bool tell_bound(struct store *tx, const struct admin_work *c, struct err *e) {
  const struct notice n = {.person = actor_of(c->rq->mem, c->account.name, c->account.login),
                           .kind = NOTICE_NEWS,
                           .msg = c->subject.len ? MSG_outside_told : MSG_outside_told_off,
                           .about = c->subject,
                           .link = STR("/me")};
  return notice_add(tx, c->rq->now_us, &n, e);
}
static bool write_bind(struct store *tx, void *arg, struct err *e) {
  struct admin_work *c = arg;
  struct sql_outside_of was = {.subject = STR("")};
  bool found = false;
  TRY(load_other(tx, c, e));
  TRY(may_bind(tx, c, e));
  const struct sql_outside_of_in of = {STORE_TENANT, c->id, STR(OUTSIDE_PROXY)};
  TRY(sql_outside_of(tx, c->rq->mem, &of, &was, &found, e));
  if (str_eq(found ? was.subject : STR(""), c->subject)) return true;
  struct event ev = other_event(c, "outside_bind");
  event_add(&ev, STR("was.outside"), found ? was.subject : STR(""));
  event_add(&ev, STR("now.outside"), c->subject);
  TRY(sql_outside_drop(tx, &(struct sql_outside_drop_in){STORE_TENANT, c->id, STR(OUTSIDE_PROXY)}, NULL, e));
  if (c->subject.len)
    TRY(sql_outside_insert(
        tx, &(struct sql_outside_insert_in){STORE_TENANT, STR(OUTSIDE_PROXY), c->subject, c->id, c->rq->now_us}, NULL,
        e));
  TRY(end_sessions(tx, c, e));
  return event_append(tx, c->rq->mem, &ev, NULL, e) && tell_bound(tx, c, e);
}
bool accounts_bind(struct web_request *rq, struct str id, struct str subject, struct err *e) {
  struct admin_work c = {.rq = rq, .id = id, .subject = str_trim(subject)};
  if (c.subject.len && !outside_is_name(c.subject))
    return fail(e, ERR_INVALID, MSG_outside_bad, "name", STR("subject"), "limit", str_int(rq->mem, SUBJECT_MAX));
  return store_write(app_of(rq)->store, write_bind, &c, e);
}

static bool write_admin(struct store *tx, void *arg, struct err *e) {
  struct admin_work *c = arg;
  TRY(load_other(tx, c, e));
  if (str_eq(c->account.admin, c->admin)) return true;
  struct event ev = other_event(c, "administrator_set");
  event_add(&ev, STR("was.admin"), c->account.admin);
  event_add(&ev, STR("now.admin"), c->admin);
  TRY(others_left(tx, c, e));
  if (c->admin.len)
    TRY(sql_outside_drop(tx, &(struct sql_outside_drop_in){STORE_TENANT, c->id, STR(OUTSIDE_PROXY)}, NULL, e));
  TRY(sql_account_set_admin(tx, &(struct sql_account_set_admin_in){STORE_TENANT, c->id, c->admin}, NULL, e));
  TRY(end_sessions(tx, c, e));
  return event_append(tx, c->rq->mem, &ev, NULL, e);
}
bool accounts_set_admin(struct web_request *rq, struct str id, struct str admin, struct err *e) {
  struct admin_work c = {.rq = rq, .id = id, .admin = admin};
  if (admin.len && !roles_role(roles_known(), admin, true))
    return fail(e, ERR_INVALID, MSG_plans_bad_word, "name", STR("admin"), "value", admin);
  return store_write(app_of(rq)->store, write_admin, &c, e);
}
