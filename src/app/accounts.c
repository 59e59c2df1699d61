/* The accounts' service: its start, the gate before Argon2id, and the two questions of the web base. */
#include "app/accounts.h"

#include "app/accounts_int.h"
#include "app/page.h"
#include "base/clock.h"
#include "base/secret.h"
#include "sql.h"
#include "texts.h"

enum { BEARER_BYTES = 200 };
static const int64_t SEEN_EVERY_US = 60 * 1000000; /* a session's last sign of life is kept to the minute */

/* ---- life ---- */

bool accounts_start(struct store *store, bool demo, struct accounts **out, struct err *e) {
  (void)e;
  struct arena mem = {0};
  struct accounts *a = arena_new(&mem, struct accounts);
  unsigned char chance[20];
  random_bytes(chance, sizeof chance);
  a->store = store;
  a->demo = demo;
  a->rules = sign_in_rules_known();
  a->nobody_hash = secret_hash(&mem, password_make(&mem, chance));
  a->mem = mem;
  (void)pthread_mutex_init(&a->lock, NULL);
  (void)pthread_cond_init(&a->turn, NULL);
  *out = a;
  return true;
}
void accounts_stop(struct accounts *a) {
  if (!a) return;
  (void)pthread_cond_destroy(&a->turn);
  (void)pthread_mutex_destroy(&a->lock);
  struct arena mem = a->mem; /* a itself lives in it */
  arena_drop(&mem);
}

/* ---- the gate: 64 MiB and 80 ms for each password ---- */

static bool gate_enter(struct accounts *a, struct err *e) {
  (void)pthread_mutex_lock(&a->lock);
  const bool room = a->waiting < PASSWORDS_WAITING;
  if (room) {
    a->waiting++;
    while (a->checking >= PASSWORDS_AT_ONCE) (void)pthread_cond_wait(&a->turn, &a->lock);
    a->waiting--;
    a->checking++;
  }
  (void)pthread_mutex_unlock(&a->lock);
  return room || fail(e, ERR_BUSY, MSG_web_busy);
}
static void gate_leave(struct accounts *a) {
  (void)pthread_mutex_lock(&a->lock);
  a->checking--;
  (void)pthread_cond_signal(&a->turn);
  (void)pthread_mutex_unlock(&a->lock);
}
bool accounts_check(struct accounts *a, struct str hash, struct str password, bool *out_right, struct err *e) {
  TRY(gate_enter(a, e));
  const bool right = secret_matches(hash.len ? hash : a->nobody_hash, str_slice(password, 0, PASSWORD_MAX + 1));
  *out_right = right && hash.len && password.len <= PASSWORD_MAX;
  gate_leave(a);
  return true;
}
bool accounts_hash(struct accounts *a, struct arena *mem, struct str password, struct str *out, struct err *e) {
  TRY(gate_enter(a, e));
  *out = secret_hash(mem, password);
  gate_leave(a);
  return true;
}

struct str actor_of(struct arena *mem, struct str name, struct str login) {
  return str_fmt(mem, STRF "（" STRF "）", STRA(name), STRA(login));
}
struct str actor_login(struct str actor) {
  const struct str head = STR("（"), tail = STR("）");
  const size_t at = str_rfind(actor, head);
  if (at == STR_NONE || !str_ends(actor, tail)) return actor;
  return str_slice(actor, at + head.len, actor.len - tail.len);
}
struct event account_event(struct str actor, struct str id, const char *act, int64_t now_us) {
  return (struct event){.at_us = now_us,
                        .valid = STR(""),
                        .actor = actor,
                        .record = STR("account"),
                        .id = id,
                        .act = str_of(act),
                        .from = STR(""),
                        .to = STR("")};
}

struct event own_event(const struct web_request *rq, const char *act) {
  return account_event(rq->actor, who_of(rq)->account, act, rq->now_us);
}

/* ---- who asks ---- */

struct str outside_key(struct arena *mem, const char *provider, struct str subject) {
  return str_fmt(mem, "%s:" STRF, provider, STRA(subject));
}
bool outside_holds(const struct web_request *rq, struct str outside) {
  return !outside.len || (rq->vouched.len && str_eq(outside, outside_key(rq->mem, OUTSIDE_PROXY, rq->vouched)));
}
static bool session_open(const struct web_request *rq, const struct accounts *a, const struct sql_session_who *s) {
  const bool is_vouched = outside_holds(rq, s->outside) && (!s->outside.len || !s->admin.len);
  return session_is_live(a->rules, s->created_us, s->seen_us, rq->now_us) && str_eqz(s->state, "open") &&
         (!s->demo || a->demo) && str_eqz(s->stage, "open") && is_vouched;
}
static bool write_seen(struct store *tx, void *arg, struct err *e) {
  const struct sql_session_seen_in *in = arg;
  return sql_session_seen(tx, in, NULL, e);
}
/* A session and a token name their account in the same columns. */
#define WHO_OF(row)                                                 \
  ((struct who){.account = (row).account,                           \
                .login = (row).login,                               \
                .name = (row).name,                                 \
                .person = (row).person.at ? (row).person : STR(""), \
                .admin = (row).admin,                               \
                .must_change = (row).must_change != 0,              \
                .is_demo = (row).demo != 0})
static bool load_session(struct web_request *rq, struct accounts *a, struct who **out, struct sql_session_who *s,
                         struct err *e) {
  AUTO_READ *r = store_read_begin(a->store, e);
  bool found = false;
  if (!r) return false;
  TRY(sql_session_who(r, rq->mem, &(struct sql_session_who_in){STORE_TENANT, secret_digest(rq->mem, rq->session)}, s,
                      &found, e));
  if (!found || !session_open(rq, a, s)) return true;
  *out = arena_new(rq->mem, struct who);
  **out = WHO_OF(*s);
  (*out)->session = s->id;
  (*out)->systems = app_of(rq)->systems;
  (*out)->must_change = (*out)->must_change && !s->outside.len; /* no password let them in */
  return who_load(r, rq->mem, rq->now_us, *out, e);
}
static bool write_used(struct store *tx, void *arg, struct err *e) {
  const struct sql_token_used_in *in = arg;
  return sql_token_used(tx, in, NULL, e);
}
/* A token that is unknown, over, or of an account that is not open is told so: a program shall not go on as nobody. */
static bool load_token(struct web_request *rq, struct accounts *a, struct who **out, struct sql_token_who *t,
                       struct err *e) {
  const struct sql_token_who_in in = {STORE_TENANT, secret_digest(rq->mem, str_slice(rq->bearer, 0, BEARER_BYTES))};
  AUTO_READ *r = store_read_begin(a->store, e);
  bool found = false;
  if (!r || !sql_token_who(r, rq->mem, &in, t, &found, e)) return false;
  if (!found || t->expires_us <= rq->now_us || !str_eqz(t->state, "open") || t->must_change || (t->demo && !a->demo))
    return fail(e, ERR_SIGN_IN, MSG_token_unknown);
  *out = arena_new(rq->mem, struct who);
  **out = WHO_OF(*t);
  (*out)->scopes = t->scopes;
  (*out)->systems = app_of(rq)->systems;
  return who_load(r, rq->mem, rq->now_us, *out, e);
}
static void name_actor(struct web_request *rq, const struct who *w) {
  rq->who = w;
  rq->actor = actor_of(rq->mem, w->name, w->login);
}
static bool identify_program(struct web_request *rq, struct accounts *a, struct err *e) {
  struct sql_token_who t = {0};
  struct who *w = NULL;
  TRY(load_token(rq, a, &w, &t, e));
  name_actor(rq, w);
  if (rq->now_us - t.used_us < SEEN_EVERY_US) return true;
  return store_write(a->store, write_used, &(struct sql_token_used_in){STORE_TENANT, t.id, rq->now_us}, e);
}
bool accounts_identify(struct web_request *rq, struct err *e) {
  struct accounts *a = app_of(rq)->accounts;
  struct sql_session_who s = {0};
  struct who *w = NULL;
  if (rq->bearer.len) return identify_program(rq, a, e);
  if (!rq->session.len) return true;
  TRY(load_session(rq, a, &w, &s, e));
  if (!w) return true;
  name_actor(rq, w);
  if (rq->now_us - s.seen_us < SEEN_EVERY_US) return true;
  return store_write(a->store, write_seen, &(struct sql_session_seen_in){STORE_TENANT, s.id, rq->now_us}, e);
}
bool accounts_decide(struct web_request *rq, struct err *e) {
  return may(who_of(rq), rq->lang, str_of(rq->route->act), NULL, e);
}

/* ---- all ---- */

bool accounts_list(struct accounts *a, struct arena *mem, struct str after, size_t most, account_rows *out,
                   struct err *e) {
  struct sql_account_all_rows rows = {0};
  const int64_t limit = most < INT32_MAX ? (int64_t)most : INT32_MAX;
  AUTO_READ *r = store_read_begin(a->store, e);
  if (!r || !sql_account_all(r, mem, &(struct sql_account_all_in){STORE_TENANT, after, limit}, SIZE_MAX, &rows, e))
    return false;
  for (size_t i = 0; i < rows.len; i++) {
    const struct sql_account_all *v = &rows.at[i];
    vec_push(mem, out) = (struct account_row){.id = v->id,
                                              .login = v->login,
                                              .name = v->name,
                                              .person = v->person.at ? v->person : STR(""),
                                              .admin = v->admin,
                                              .state = v->state,
                                              .outside = v->outside.at ? v->outside : STR(""),
                                              .is_demo = v->demo != 0,
                                              .must_change = v->must_change != 0,
                                              .has_password = v->has_password != 0,
                                              .seen_us = v->seen_us.n};
  }
  return true;
}
