/* What a person does with their own account: the password, the list of sessions. */
#include "app/accounts_int.h"
#include "app/page.h"
#include "base/secret.h"
#include "sql.h"
#include "texts.h"

struct change_work {
  struct web_request *rq;
  struct str hash, digest;
};
static bool write_change(struct store *tx, void *arg, struct err *e) {
  struct change_work *c = arg;
  struct web_request *rq = c->rq;
  const struct who *w = who_of(rq);
  const struct event ev = own_event(rq, "password_change");
  TRY(sql_account_set_password(
      tx, &(struct sql_account_set_password_in){STORE_TENANT, w->account, c->hash, 0, rq->now_us}, NULL, e));
  TRY(sql_session_end_all(tx, &(struct sql_session_end_all_in){STORE_TENANT, w->account, w->session, rq->now_us}, NULL,
                          e));
  TRY(sql_session_renew(
      tx, &(struct sql_session_renew_in){STORE_TENANT, w->session, c->digest, STR("open"), rq->now_us}, NULL, e));
  return event_append(tx, rq->mem, &ev, NULL, e);
}
/* Guesses at the old password count like those at the door. */
struct guess {
  struct web_request *rq;
  const struct accounts *a;
};
static bool write_guess(struct store *tx, void *arg, struct err *e) {
  struct guess *g = arg;
  return attempt_begin(tx, g->rq->mem, g->a, who_of(g->rq)->login, g->rq->address, g->rq->now_us, e);
}
static bool write_forgive(struct store *tx, void *arg, struct err *e) {
  struct guess *g = arg;
  return attempt_forgive(tx, g->rq->mem, who_of(g->rq)->login, e);
}
static bool old_hash(struct web_request *rq, struct accounts *a, struct str *out, struct err *e) {
  struct sql_account_get account = {0};
  AUTO_READ *r = store_read_begin(a->store, e);
  if (!r ||
      !sql_account_get(r, rq->mem, &(struct sql_account_get_in){STORE_TENANT, who_of(rq)->account}, &account, NULL, e))
    return false;
  *out = account.hash;
  return true;
}
bool accounts_confirm(struct web_request *rq, struct str password, struct err *e) {
  struct accounts *a = app_of(rq)->accounts;
  struct guess g = {rq, a};
  struct str hash = {0};
  bool right = false;
  if (who_of(rq)->is_demo) return true; /* has no password */
  TRY(store_write(a->store, write_guess, &g, e));
  TRY(old_hash(rq, a, &hash, e));
  TRY(accounts_check(a, hash, password, &right, e));
  if (!right) return fail(e, ERR_INVALID, MSG_password_old_wrong, "name", STR("old"));
  return store_write(a->store, write_forgive, &g, e);
}
bool accounts_change_password(struct web_request *rq, struct web_response *rs, struct str old, struct str password,
                              struct err *e) {
  struct accounts *a = app_of(rq)->accounts;
  struct change_work c = {.rq = rq};
  if (who_of(rq)->is_demo) return fail(e, ERR_GUARD, MSG_password_demo);
  TRY(accounts_confirm(rq, old, e));
  if (str_eq(old, password)) return fail(e, ERR_INVALID, MSG_password_same, "name", STR("password"));
  TRY(password_is_good(&a->rules->password, who_of(rq)->login, password, e));
  TRY(accounts_hash(a, rq->mem, password, &c.hash, e));
  const struct str token = web_session_new(rq->mem);
  c.digest = secret_digest(rq->mem, token);
  TRY(store_write(a->store, write_change, &c, e));
  web_session_begin(rq, rs, token);
  return accounts_identify(rq, e);
}

/* ---- sessions ---- */

bool accounts_sessions(struct web_request *rq, session_rows *out, struct err *e) {
  const struct accounts *a = app_of(rq)->accounts;
  struct sql_session_of_rows rows = {0};
  AUTO_READ *r = store_read_begin(a->store, e);
  if (!r ||
      !sql_session_of(r, rq->mem, &(struct sql_session_of_in){STORE_TENANT, who_of(rq)->account}, SIZE_MAX, &rows, e))
    return false;
  for (size_t i = 0; i < rows.len; i++) {
    const struct sql_session_of *s = &rows.at[i];
    if (!session_is_live(a->rules, s->created_us, s->seen_us, rq->now_us)) continue;
    vec_push(rq->mem, out) = (struct session_row){.id = s->id,
                                                  .address = s->address,
                                                  .agent = s->agent,
                                                  .created_us = s->created_us,
                                                  .seen_us = s->seen_us,
                                                  .is_this = str_eq(s->id, who_of(rq)->session)};
  }
  return true;
}
struct end_work {
  struct web_request *rq;
  struct str id;
};
static bool write_end(struct store *tx, void *arg, struct err *e) {
  struct end_work *c = arg;
  const struct who *w = who_of(c->rq);
  const int64_t now_us = c->rq->now_us;
  struct event ev = own_event(c->rq, c->id.len ? "session_end" : "session_end_others");
  int64_t changed = 0;
  event_add(&ev, STR("session"), c->id);
  if (c->id.len)
    TRY(sql_session_end(tx, &(struct sql_session_end_in){STORE_TENANT, c->id, w->account, now_us}, &changed, e));
  else
    TRY(sql_session_end_all(tx, &(struct sql_session_end_all_in){STORE_TENANT, w->account, w->session, now_us}, NULL,
                            e));
  if (c->id.len && !changed) return fail(e, ERR_NOT_FOUND, MSG_web_not_found);
  return event_append(tx, c->rq->mem, &ev, NULL, e);
}
bool accounts_session_end(struct web_request *rq, struct str id, struct err *e) {
  struct end_work c = {rq, id};
  return store_write(app_of(rq)->store, write_end, &c, e);
}

/* ---- the other system's name for it ---- */

bool accounts_outside(struct web_request *rq, struct outside *out, struct err *e) {
  struct sql_outside_of row = {.subject = STR("")};
  const struct sql_outside_of_in in = {STORE_TENANT, who_of(rq)->account, STR(OUTSIDE_PROXY)};
  bool found = false;
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r || !sql_outside_of(r, rq->mem, &in, &row, &found, e)) return false;
  *out = (struct outside){row.subject, row.made_us};
  return true;
}
