/* Signing in and out. A password is looked at only after the attempt has been counted; a session begins under a token that
 * the browser did not have before; what is refused is refused in one way. */
#include "app/accounts_int.h"
#include "app/page.h"
#include "base/clock.h"
#include "base/secret.h"
#include "sql.h"
#include "texts.h"

enum { AGENT_BYTES = 200 };

/* ---- failures ---- */

struct failure {
  struct str key;
  const struct delay_rule *rule;
  struct sql_failure_get now;
  bool found;
};
static struct str failure_key(struct arena *mem, const char *kind, struct str what) {
  return secret_digest(mem, str_fmt(mem, "%s\n" STRF, kind, STRA(what)));
}
static bool failure_read(struct store *tx, struct arena *mem, struct failure *f, int64_t now_us, int64_t *io_until,
                         struct err *e) {
  TRY(sql_failure_get(tx, mem, &(struct sql_failure_get_in){STORE_TENANT, f->key}, &f->now, &f->found, e));
  if (f->found && f->now.until_us > *io_until) *io_until = f->now.until_us;
  f->now.failures = f->found ? delay_count(f->rule, f->now.failures, f->now.last_us, now_us) : 0;
  return true;
}
/* Old rows go when a new one comes, so the table follows the attackers of one day. */
static bool failure_room(struct store *tx, struct arena *mem, const struct accounts *a, int64_t now_us, bool *out,
                         struct err *e) {
  struct sql_failure_count have = {0};
  TRY(sql_failure_forget(tx, &(struct sql_failure_forget_in){STORE_TENANT, now_us - a->rules->login.forget_us}, NULL,
                         e));
  TRY(sql_failure_count(tx, mem, &(struct sql_failure_count_in){STORE_TENANT}, &have, NULL, e));
  *out = have.n < FAILURES_MAX;
  return true;
}
static bool failure_more(struct store *tx, struct arena *mem, const struct accounts *a, struct failure *f,
                         int64_t now_us, struct err *e) {
  const int64_t n = f->now.failures + 1, until = delay_until(f->rule, n, now_us);
  bool room = true;
  if (f->found)
    return sql_failure_set(tx, &(struct sql_failure_set_in){STORE_TENANT, f->key, n, now_us, until}, NULL, e);
  TRY(failure_room(tx, mem, a, now_us, &room, e));
  return !room ||
         sql_failure_insert(tx, &(struct sql_failure_insert_in){STORE_TENANT, f->key, n, now_us, until}, NULL, e);
}
bool attempt_begin(struct store *tx, struct arena *mem, const struct accounts *a, struct str login, struct str address,
                   int64_t now_us, struct err *e) {
  struct failure f[] = {{.key = failure_key(mem, "login", login), .rule = &a->rules->login},
                        {.key = failure_key(mem, "address", address), .rule = &a->rules->address}};
  int64_t until = 0;
  for (size_t i = 0; i < COUNT_OF(f); i++) TRY(failure_read(tx, mem, &f[i], now_us, &until, e));
  if (until > now_us)
    return fail(e, ERR_TOO_MANY, MSG_sign_in_wait, "n", str_int(mem, (until - now_us + 999999) / 1000000));
  for (size_t i = 0; i < COUNT_OF(f); i++) TRY(failure_more(tx, mem, a, &f[i], now_us, e));
  return true;
}
bool attempt_forgive(struct store *tx, struct arena *mem, struct str login, struct err *e) {
  return sql_failure_drop(tx, &(struct sql_failure_drop_in){STORE_TENANT, failure_key(mem, "login", login)}, NULL, e);
}

/* ---- a session begins ---- */

struct sign_in {
  struct web_request *rq;
  struct accounts *a;
  struct arena mem;
  struct str login; /* folded; empty when what was typed can be none */
  struct sql_account_by_login account;
  bool found, right;
  struct str digest;  /* of the new token */
  struct str attempt; /* whose failures count: the login, or the outside subject */
  struct str outside; /* provider:subject; empty: by password */
  const char *way;    /* password, demo, code, recovery, outside */
  bool second;        /* a code is asked for before the session is open */
};
static bool write_attempt(struct store *tx, void *arg, struct err *e) {
  struct sign_in *s = arg;
  return attempt_begin(tx, &s->mem, s->a, s->attempt, s->rq->address, s->rq->now_us, e);
}
static struct event sign_event(const struct sign_in *s, struct str actor, const char *act) {
  struct event ev = account_event(actor, s->found ? s->account.id : STR(""), act, s->rq->now_us);
  event_add(&ev, STR("way"), str_of(s->way));
  event_add(&ev, STR("address"), s->rq->address);
  if (s->outside.len) event_add(&ev, STR("outside"), s->outside);
  return ev;
}
static bool write_failure(struct store *tx, void *arg, struct err *e) {
  struct sign_in *s = arg;
  const struct event ev = sign_event(s, STR("-"), "sign_in_failed"); /* nobody knows who it was */
  return event_append(tx, &s->mem, &ev, NULL, e);
}
/* What the browser calls itself: foreign bytes, of which the printable ones are kept. */
static struct str agent_of(const struct web_request *rq) {
  const struct str said = str_slice(web_header_in(rq, "User-Agent"), 0, AGENT_BYTES);
  char *z = str_z(rq->mem, said);
  for (size_t i = 0; i < said.len; i++)
    if (z[i] < 0x20 || z[i] > 0x7E) z[i] = '?';
  return (struct str){z, said.len};
}
/* The oldest sessions of an account end when there are too many. */
static bool end_oldest(struct store *tx, struct sign_in *s, struct err *e) {
  struct sql_session_of_rows rows = {0};
  TRY(sql_session_of(tx, &s->mem, &(struct sql_session_of_in){STORE_TENANT, s->account.id}, SIZE_MAX, &rows, e));
  for (size_t i = SESSIONS_MAX - 1; i < rows.len; i++)
    TRY(sql_session_end(tx, &(struct sql_session_end_in){STORE_TENANT, rows.at[i].id, s->account.id, s->rq->now_us},
                        NULL, e));
  return true;
}
static bool write_session(struct store *tx, void *arg, struct err *e) {
  struct sign_in *s = arg;
  const struct who *before = who_of(s->rq);
  const struct str actor = actor_of(&s->mem, s->account.name, s->login);
  const struct event ev = sign_event(s, actor, s->second ? "sign_in_first" : "sign_in");
  if (!s->second) TRY(attempt_forgive(tx, &s->mem, s->attempt, e)); /* else guesses at codes would count for nothing */
  if (before)
    TRY(sql_session_end(tx, &(struct sql_session_end_in){STORE_TENANT, before->session, before->account, s->rq->now_us},
                        NULL, e));
  TRY(end_oldest(tx, s, e));
  TRY(sql_session_insert(tx,
                         &(struct sql_session_insert_in){.tenant = STORE_TENANT,
                                                         .id = store_new_id(&s->mem, s->rq->now_us),
                                                         .hash = s->digest,
                                                         .account = s->account.id,
                                                         .stage = s->second ? STR("second") : STR("open"),
                                                         .address = s->rq->address,
                                                         .agent = agent_of(s->rq),
                                                         .outside = s->outside,
                                                         .at_us = s->rq->now_us},
                         NULL, e));
  return event_append(tx, &s->mem, &ev, NULL, e);
}
static bool begin_session(struct sign_in *s, struct web_response *rs, struct err *e) {
  const struct str token = web_session_new(s->rq->mem);
  s->digest = secret_digest(&s->mem, token);
  TRY(store_write(s->a->store, write_session, s, e));
  web_session_begin(s->rq, rs, token);
  return accounts_identify(s->rq, e);
}

static bool find_account(struct sign_in *s, struct err *e) {
  AUTO_READ *r = store_read_begin(s->a->store, e);
  struct sql_factor_get factor = {0};
  bool has = false;
  if (!r || !sql_account_by_login(r, &s->mem, &(struct sql_account_by_login_in){STORE_TENANT, s->login}, &s->account,
                                  &s->found, e))
    return false;
  const struct str id = s->found ? s->account.id : STR("");
  TRY(sql_factor_get(r, &s->mem, &(struct sql_factor_get_in){STORE_TENANT, id}, &factor, &has, e));
  s->second = has && factor.confirmed;
  return true;
}
static bool sign_in(struct sign_in *s, struct web_response *rs, struct str typed, struct str password, struct err *e) {
  if (!login_fold(&s->mem, typed, &s->login)) s->login = STR("");
  s->attempt = s->login;
  TRY(store_write(s->a->store, write_attempt, s, e));
  TRY(find_account(s, e));
  const bool usable = s->found && !s->account.demo && str_eqz(s->account.state, "open");
  TRY(accounts_check(s->a, usable ? s->account.hash : STR(""), password, &s->right, e));
  if (s->right) return begin_session(s, rs, e);
  TRY(store_write(s->a->store, write_failure, s, e));
  (void)fail(e, ERR_FORBIDDEN, MSG_sign_in_wrong);
  return err_hint(e, MSG_sign_in_wrong_hint);
}
bool accounts_sign_in(struct web_request *rq, struct web_response *rs, struct str login, struct str password,
                      bool *out_second, struct err *e) {
  struct sign_in s = {.rq = rq, .a = app_of(rq)->accounts, .outside = STR(""), .way = "password"};
  const bool ok = sign_in(&s, rs, login, password, e);
  *out_second = s.second;
  arena_drop(&s.mem);
  return ok;
}

/* ---- vouched for by another system ---- */

/* Printable, without blanks and without what would part two names: some proxies join two headers into one. */
bool outside_is_name(struct str subject) {
  for (size_t i = 0; i < subject.len; i++)
    if (subject.at[i] <= ' ' || subject.at[i] > '~' || strchr(",;", subject.at[i])) return false;
  return subject.len > 0 && subject.len <= SUBJECT_MAX;
}
static bool find_outside(struct sign_in *s, const char *provider, struct str subject, struct err *e) {
  AUTO_READ *r = store_read_begin(s->a->store, e);
  struct sql_outside_who who = {0};
  bool found = false;
  if (!r || !sql_outside_who(r, &s->mem, &(struct sql_outside_who_in){STORE_TENANT, str_of(provider), subject}, &who,
                             &found, e))
    return false;
  s->login = found ? who.login : STR("");
  return true;
}
static bool enter_outside(struct sign_in *s, struct web_response *rs, const char *provider, struct str subject,
                          struct err *e) {
  const bool is_name = outside_is_name(subject);
  s->outside = s->attempt = outside_key(&s->mem, provider, is_name ? subject : STR("?"));
  TRY(store_write(s->a->store, write_attempt, s, e));
  if (is_name) TRY(find_outside(s, provider, subject, e));
  TRY(find_account(s, e));
  s->right = s->found && !s->account.demo && !s->account.admin.len && str_eqz(s->account.state, "open");
  if (s->right) return begin_session(s, rs, e);
  TRY(store_write(s->a->store, write_failure, s, e));
  return fail(e, ERR_FORBIDDEN, MSG_outside_unbound, "subject", str_slice(subject, 0, SUBJECT_MAX));
}
bool accounts_enter_outside(struct web_request *rq, struct web_response *rs, const char *provider, struct str subject,
                            bool *out_second, struct err *e) {
  struct sign_in s = {.rq = rq, .a = app_of(rq)->accounts, .login = STR(""), .way = "outside"};
  const bool ok = enter_outside(&s, rs, provider, subject, e);
  *out_second = s.second;
  arena_drop(&s.mem);
  return ok;
}

/* ---- the second factor ---- */

static const int64_t SECOND_US = 600 * 1000000LL; /* to find one's telephone */

static bool find_waiting(struct web_request *rq, struct sql_session_who *out, bool *out_found, struct err *e) {
  const struct accounts *a = app_of(rq)->accounts;
  *out_found = false;
  if (!rq->session.len) return true;
  AUTO_READ *r = store_read_begin(a->store, e);
  const struct sql_session_who_in in = {STORE_TENANT, secret_digest(rq->mem, rq->session)};
  if (!r || !sql_session_who(r, rq->mem, &in, out, out_found, e)) return false;
  *out_found = *out_found && str_eqz(out->stage, "second") && str_eqz(out->state, "open") &&
               rq->now_us - out->created_us <= SECOND_US && outside_holds(rq, out->outside);
  return true;
}
bool accounts_waiting(struct web_request *rq, struct str *out_login, struct err *e) {
  struct sql_session_who s = {0};
  bool found = false;
  TRY(find_waiting(rq, &s, &found, e));
  *out_login = found ? s.login : STR("");
  return true;
}
struct second {
  struct sign_in sign;
  struct sql_session_who session;
  struct str code;
};
static bool write_second(struct store *tx, void *arg, struct err *e) {
  struct second *c = arg;
  struct sign_in *s = &c->sign;
  const int64_t now_us = s->rq->now_us;
  TRY(factor_take(tx, &s->mem, s->account.id, c->code, now_us, &s->right, &s->way, e));
  const struct str actor = actor_of(&s->mem, s->account.name, s->login);
  const struct event ev = sign_event(s, s->right ? actor : STR("-"), s->right ? "sign_in" : "sign_in_failed");
  if (s->right) {
    TRY(attempt_forgive(tx, &s->mem, s->login, e));
    TRY(sql_session_renew(
        tx, &(struct sql_session_renew_in){STORE_TENANT, c->session.id, s->digest, STR("open"), now_us}, NULL, e));
  }
  return event_append(tx, &s->mem, &ev, NULL, e);
}
static bool second(struct second *c, struct web_response *rs, struct err *e) {
  struct sign_in *s = &c->sign;
  TRY(find_waiting(s->rq, &c->session, &s->found, e));
  if (!s->found) return fail(e, ERR_SIGN_IN, MSG_second_over);
  s->login = s->attempt = c->session.login;
  s->account.id = c->session.account;
  s->account.name = c->session.name;
  TRY(store_write(s->a->store, write_attempt, s, e));
  const struct str token = web_session_new(s->rq->mem);
  s->digest = secret_digest(&s->mem, token);
  TRY(store_write(s->a->store, write_second, c, e));
  if (!s->right) return fail(e, ERR_FORBIDDEN, MSG_second_wrong);
  web_session_begin(s->rq, rs, token);
  return accounts_identify(s->rq, e);
}
bool accounts_second(struct web_request *rq, struct web_response *rs, struct str code, struct err *e) {
  struct second c = {.sign = {.rq = rq, .a = app_of(rq)->accounts, .outside = STR(""), .way = "code"}, .code = code};
  const bool ok = second(&c, rs, e);
  arena_drop(&c.sign.mem);
  return ok;
}

/* ---- the demo's accounts ---- */

/* A proxy on this machine does not make the demo public: what counts is where the person sits. */
bool accounts_offer_demo(const struct web_request *rq) {
  return app_of(rq)->accounts->demo && (str_starts(rq->address, STR("127.")) || str_eqz(rq->address, "::1"));
}
static bool sign_in_demo(struct sign_in *s, struct web_response *rs, struct str typed, struct err *e) {
  if (!accounts_offer_demo(s->rq) || !login_fold(&s->mem, typed, &s->login))
    return fail(e, ERR_NOT_FOUND, MSG_web_not_found);
  TRY(find_account(s, e));
  if (!s->found || !s->account.demo || !str_eqz(s->account.state, "open"))
    return fail(e, ERR_NOT_FOUND, MSG_web_not_found);
  return begin_session(s, rs, e);
}
bool accounts_sign_in_demo(struct web_request *rq, struct web_response *rs, struct str login, struct err *e) {
  struct sign_in s = {.rq = rq, .a = app_of(rq)->accounts, .outside = STR(""), .way = "demo"};
  const bool ok = sign_in_demo(&s, rs, login, e);
  arena_drop(&s.mem);
  return ok;
}
bool accounts_demo_logins(struct web_request *rq, demo_logins *out, struct err *e) {
  struct arena *mem = rq->mem;
  struct sql_account_demo_rows rows = {0};
  if (!accounts_offer_demo(rq)) return true;
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r || !sql_account_demo(r, mem, &(struct sql_account_demo_in){STORE_TENANT}, SIZE_MAX, &rows, e)) return false;
  for (size_t i = 0; i < rows.len; i++) {
    const struct sql_account_demo *d = &rows.at[i];
    if (i && str_eq(d->id, rows.at[i - 1].id)) continue; /* another post of the same */
    vec_push(mem, out) = (struct demo_login){.login = d->login,
                                             .name = d->name,
                                             .role = d->admin.len ? d->admin : d->role,
                                             .unit = d->unit_name,
                                             .is_admin = d->admin.len > 0};
  }
  return true;
}

/* ---- out ---- */

static bool write_sign_out(struct store *tx, void *arg, struct err *e) {
  struct web_request *rq = arg;
  const struct who *w = who_of(rq);
  const struct event ev = account_event(rq->actor, w->account, "sign_out", rq->now_us);
  TRY(sql_session_end(tx, &(struct sql_session_end_in){STORE_TENANT, w->session, w->account, rq->now_us}, NULL, e));
  return event_append(tx, rq->mem, &ev, NULL, e);
}
bool accounts_sign_out(struct web_request *rq, struct web_response *rs, struct err *e) {
  TRY(store_write(app_of(rq)->store, write_sign_out, rq, e));
  web_session_end(rq, rs);
  rq->who = NULL;
  rq->actor = STR("");
  return true;
}
