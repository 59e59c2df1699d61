/* The second factor: a secret shared with an app on a telephone, codes of it taken once each, and ten codes on paper for the
 * day the telephone is lost. The secret is shown while it is being set up and never again; it is kept sealed, bound to its
 * account. */
#include "app/accounts_int.h"
#include "app/page.h"
#include "base/clock.h"
#include "base/secret.h"
#include "base/vec.h"
#include "engine/account/totp.h"
#include "sql.h"
#include "store/replay.h"
#include "texts.h"

#define COMPARTMENT STR("second_factor")

/* ---- the secret, sealed ---- */

static struct seal_place place_of(struct str account) {
  return (struct seal_place){STORE_TENANT, STR("second_factor"), STR("secret"), account};
}
static bool open_secret(struct store *s, struct arena *mem, struct str account, struct str *io, struct err *e) {
  const struct seal_place at = place_of(account);
  return seal_open(store_keys(s), mem, COMPARTMENT, &at, *io, io, e);
}
static bool seal_secret(struct store *s, struct arena *mem, struct str account, struct str secret, struct str *out,
                        struct err *e) {
  const struct seal_place at = place_of(account);
  return seal_cell(store_keys(s), mem, COMPARTMENT, &at, secret, out, e);
}

struct bare_work {
  struct arena *mem;
  int64_t now_us;
};
static bool read_bare(struct store *s, struct arena *mem, struct sql_factor_bare_rows *out, struct err *e) {
  return sql_factor_bare(s, mem, &(struct sql_factor_bare_in){STORE_TENANT, TOTP_SECRET_BYTES}, SIZE_MAX, out, e);
}
static bool seal_bare(struct store *tx, void *arg, struct err *e) {
  struct bare_work *w = arg;
  struct sql_factor_bare_rows rows = {0};
  int64_t sealed = 0;
  TRY(read_bare(tx, w->mem, &rows, e));
  vec_each(const struct sql_factor_bare, r, &rows) {
    struct str cell = {0};
    int64_t changed = 0;
    TRY(seal_secret(tx, w->mem, r->account, r->secret, &cell, e));
    TRY(sql_factor_seal(tx, &(struct sql_factor_seal_in){STORE_TENANT, r->account, cell, TOTP_SECRET_BYTES}, &changed,
                        e));
    sealed += changed;
  }
  if (!sealed) return true;
  struct event ev = account_event(STR("-"), COMPARTMENT, "reseal", w->now_us);
  ev.record = STR("key");
  event_add(&ev, STR("cells"), str_int(w->mem, sealed));
  return event_append(tx, w->mem, &ev, NULL, e);
}
/* The journal has the bare secrets as they were written: it begins anew behind them, before they are sealed, so that
 * whoever is stopped between begins again. */
bool accounts_seal_factors(struct store *store, int64_t now_us, struct err *e) {
  AUTO_ARENA mem = {0};
  struct bare_work w = {.mem = &mem, .now_us = now_us};
  struct sql_factor_bare_rows rows = {0};
  int64_t last = 0;
  AUTO_READ *r = store_read_begin(store, e);
  if (!r || !read_bare(r, &mem, &rows, e) || !store_journal_last(r, &mem, &last, e)) return false;
  store_read_end(&r);
  return !rows.len || (store_journal_trim(store, last, e) && store_write(store, seal_bare, &w, e));
}

/* ---- taking a code ---- */

static bool is_code_of_app(struct str typed) {
  int digits = 0;
  for (size_t i = 0; i < typed.len; i++) {
    if (typed.at[i] == ' ') continue;
    if (typed.at[i] < '0' || typed.at[i] > '9') return false;
    digits++;
  }
  return digits == TOTP_DIGITS;
}
bool factor_take(struct store *tx, struct arena *mem, struct str account, struct str code, int64_t now_us,
                 bool *out_right, const char **out_way, struct err *e) {
  struct sql_factor_get f = {0};
  bool found = false;
  int64_t step = 0, changed = 0;
  TRY(sql_factor_get(tx, mem, &(struct sql_factor_get_in){STORE_TENANT, account}, &f, &found, e));
  found = found && f.confirmed;
  *out_way = "code";
  if (found && is_code_of_app(code)) {
    TRY(open_secret(tx, mem, account, &f.secret, e));
    if (totp_matches(f.secret, code, f.step, now_us, &step))
      TRY(sql_factor_use(tx, &(struct sql_factor_use_in){STORE_TENANT, account, step}, &changed, e));
  } else if (found) { /* also while the key is missing */
    const struct str hash = secret_digest(mem, recovery_fold(mem, str_slice(code, 0, PASSWORD_MAX)));
    *out_way = "recovery";
    TRY(sql_recovery_use(tx, &(struct sql_recovery_use_in){STORE_TENANT, account, hash, now_us}, &changed, e));
  }
  *out_right = changed == 1;
  return true;
}

bool accounts_factor(struct web_request *rq, struct factor *out, struct err *e) {
  struct sql_factor_get f = {0};
  struct sql_recovery_left left = {0};
  const struct str account = who_of(rq)->account;
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r || !sql_factor_get(r, rq->mem, &(struct sql_factor_get_in){STORE_TENANT, account}, &f, &out->begun, e))
    return false;
  TRY(sql_recovery_left(r, rq->mem, &(struct sql_recovery_left_in){STORE_TENANT, account}, &left, NULL, e));
  out->confirmed = out->begun && f.confirmed;
  out->codes_left = left.n;
  if (!out->begun || out->confirmed) return true;
  out->secret = f.secret;
  return open_secret(r, rq->mem, account, &out->secret, e);
}

/* ---- setting it up ---- */

struct factor_work {
  struct web_request *rq;
  struct str secret, code;
  struct str hashes[RECOVERY_CODES];
};
static bool write_begin(struct store *tx, void *arg, struct err *e) {
  struct factor_work *c = arg;
  struct sql_factor_get f = {0};
  const struct str account = who_of(c->rq)->account;
  bool found = false;
  TRY(sql_factor_get(tx, c->rq->mem, &(struct sql_factor_get_in){STORE_TENANT, account}, &f, &found, e));
  struct str cell = {0};
  if (found && f.confirmed) return fail(e, ERR_GUARD, MSG_factor_there);
  TRY(sql_factor_drop(tx, &(struct sql_factor_drop_in){STORE_TENANT, account}, NULL, e));
  TRY(seal_secret(tx, c->rq->mem, account, c->secret, &cell, e));
  TRY(sql_factor_insert(tx, &(struct sql_factor_insert_in){STORE_TENANT, account, cell, c->rq->now_us}, NULL, e));
  const struct event ev = own_event(c->rq, "factor_begin");
  return event_append(tx, c->rq->mem, &ev, NULL, e);
}
bool accounts_factor_begin(struct web_request *rq, struct err *e) {
  struct factor_work c = {.rq = rq};
  char *bytes = arena_take(rq->mem, TOTP_SECRET_BYTES);
  if (who_of(rq)->is_demo) return fail(e, ERR_GUARD, MSG_factor_demo);
  random_bytes(bytes, TOTP_SECRET_BYTES);
  c.secret = (struct str){bytes, TOTP_SECRET_BYTES};
  return store_write(app_of(rq)->store, write_begin, &c, e);
}

static void make_codes(struct factor_work *c, struct str out[RECOVERY_CODES]) {
  for (int i = 0; i < RECOVERY_CODES; i++) {
    unsigned char chance[10];
    random_bytes(chance, sizeof chance);
    out[i] = recovery_make(c->rq->mem, chance);
    c->hashes[i] = secret_digest(c->rq->mem, recovery_fold(c->rq->mem, out[i]));
  }
}
static bool write_codes(struct store *tx, struct factor_work *c, struct err *e) {
  const struct str account = who_of(c->rq)->account;
  TRY(sql_recovery_drop(tx, &(struct sql_recovery_drop_in){STORE_TENANT, account}, NULL, e));
  for (int i = 0; i < RECOVERY_CODES; i++)
    TRY(sql_recovery_insert(tx, &(struct sql_recovery_insert_in){STORE_TENANT, account, c->hashes[i]}, NULL, e));
  return true;
}
static bool write_confirm(struct store *tx, void *arg, struct err *e) {
  struct factor_work *c = arg;
  struct sql_factor_get f = {0};
  const struct str account = who_of(c->rq)->account;
  bool found = false;
  int64_t step = 0, changed = 0;
  TRY(sql_factor_get(tx, c->rq->mem, &(struct sql_factor_get_in){STORE_TENANT, account}, &f, &found, e));
  if (!found || f.confirmed) return fail(e, ERR_GUARD, MSG_factor_none);
  TRY(open_secret(tx, c->rq->mem, account, &f.secret, e));
  if (!totp_matches(f.secret, c->code, 0, c->rq->now_us, &step))
    return fail(e, ERR_INVALID, MSG_factor_wrong, "name", STR("code"));
  TRY(sql_factor_confirm(tx, &(struct sql_factor_confirm_in){STORE_TENANT, account, step}, &changed, e));
  if (changed != 1) return fail(e, ERR_CONFLICT, MSG_factor_none);
  TRY(write_codes(tx, c, e));
  const struct event ev = own_event(c->rq, "factor_confirm");
  return event_append(tx, c->rq->mem, &ev, NULL, e);
}
bool accounts_factor_confirm(struct web_request *rq, struct str code, struct str out[RECOVERY_CODES], struct err *e) {
  struct factor_work c = {.rq = rq, .code = code};
  make_codes(&c, out);
  return store_write(app_of(rq)->store, write_confirm, &c, e);
}

/* ---- once it is there ---- */

static bool write_new_codes(struct store *tx, void *arg, struct err *e) {
  struct factor_work *c = arg;
  struct sql_factor_get f = {0};
  bool found = false;
  TRY(sql_factor_get(tx, c->rq->mem, &(struct sql_factor_get_in){STORE_TENANT, who_of(c->rq)->account}, &f, &found, e));
  if (!found || !f.confirmed) return fail(e, ERR_GUARD, MSG_factor_none);
  TRY(write_codes(tx, c, e));
  const struct event ev = own_event(c->rq, "factor_codes");
  return event_append(tx, c->rq->mem, &ev, NULL, e);
}
bool accounts_factor_codes(struct web_request *rq, struct str password, struct str out[RECOVERY_CODES], struct err *e) {
  struct factor_work c = {.rq = rq};
  TRY(accounts_confirm(rq, password, e));
  make_codes(&c, out);
  return store_write(app_of(rq)->store, write_new_codes, &c, e);
}
bool factor_end(struct store *tx, struct str account, struct err *e) {
  TRY(sql_factor_drop(tx, &(struct sql_factor_drop_in){STORE_TENANT, account}, NULL, e));
  return sql_recovery_drop(tx, &(struct sql_recovery_drop_in){STORE_TENANT, account}, NULL, e);
}
static bool write_drop(struct store *tx, void *arg, struct err *e) {
  struct factor_work *c = arg;
  const struct event ev = own_event(c->rq, "factor_drop");
  TRY(factor_end(tx, who_of(c->rq)->account, e));
  return event_append(tx, c->rq->mem, &ev, NULL, e);
}
bool accounts_factor_drop(struct web_request *rq, struct str password, struct err *e) {
  struct factor_work c = {.rq = rq};
  TRY(accounts_confirm(rq, password, e));
  return store_write(app_of(rq)->store, write_drop, &c, e);
}
