/* Tokens for programs: a program acts as the person who made its token, within the scopes given to it and until it expires.
 * Administrators have none, because what they do is to be done by a person. */
#include "app/accounts_int.h"
#include "app/page.h"
#include "base/secret.h"
#include "sql.h"
#include "texts.h"

enum { NAME_BYTES = 100, SCOPES_BYTES = 1000 };

bool accounts_tokens(struct web_request *rq, token_rows *out, struct err *e) {
  struct sql_token_of_rows rows = {0};
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r || !sql_token_of(r, rq->mem, &(struct sql_token_of_in){STORE_TENANT, who_of(rq)->account}, SIZE_MAX, &rows, e))
    return false;
  for (size_t i = 0; i < rows.len; i++) {
    const struct sql_token_of *t = &rows.at[i];
    vec_push(rq->mem, out) = (struct token_row){t->id, t->name, t->scopes, t->created_us, t->expires_us, t->used_us};
  }
  return true;
}

/* Each word a scope that there is, once, a blank between; refuses others at the field. */
static bool scopes_of(struct arena *mem, struct str typed, struct str *out, struct err *e) {
  struct str rest = str_trim(typed), all = STR("");
  while (rest.len && rest.len <= SCOPES_BYTES) {
    struct str one = rest, more = {0};
    if (!str_cut(rest, STR(" "), &one, &more)) one = rest, more = (struct str){0};
    rest = str_trim(more);
    if (!str_eqz(one, "read") && !str_eqz(one, "act") && !roles_act(roles_known(), one))
      return fail(e, ERR_INVALID, MSG_token_scope, "name", STR("scopes"), "value", one);
    all = all.len ? str_fmt(mem, STRF " " STRF, STRA(all), STRA(one)) : one;
  }
  *out = all;
  return all.len || fail(e, ERR_INVALID, MSG_token_no_scope, "name", STR("scopes"));
}

struct token_work {
  struct web_request *rq;
  struct sql_token_insert_in row;
  struct str id; /* to end */
};
static bool write_token(struct store *tx, void *arg, struct err *e) {
  struct token_work *c = arg;
  struct sql_token_of_rows have = {0};
  struct event ev = own_event(c->rq, "token_make");
  event_add(&ev, STR("token"), c->row.id);
  event_add(&ev, STR("name"), c->row.name);
  event_add(&ev, STR("scopes"), c->row.scopes);
  TRY(sql_token_of(tx, c->rq->mem, &(struct sql_token_of_in){STORE_TENANT, c->row.account}, SIZE_MAX, &have, e));
  if (have.len >= TOKENS_MAX) return fail(e, ERR_GUARD, MSG_token_too_many, "limit", str_int(c->rq->mem, TOKENS_MAX));
  TRY(sql_token_insert(tx, &c->row, NULL, e));
  return event_append(tx, c->rq->mem, &ev, NULL, e);
}
bool accounts_token_make(struct web_request *rq, const struct token_wish *wish, struct str password, struct str *out,
                         struct err *e) {
  const struct who *w = who_of(rq);
  const int most = app_of(rq)->accounts->rules->token_days;
  const struct str name = str_trim(wish->name);
  struct token_work c = {.rq = rq};
  if (w->admin.len) return fail(e, ERR_GUARD, MSG_token_admin);
  if (!name.len || name.len > NAME_BYTES) return fail(e, ERR_INVALID, MSG_token_bad_name, "name", STR("name"));
  if (wish->days < 1 || wish->days > most)
    return fail(e, ERR_INVALID, MSG_token_bad_days, "name", STR("days"), "most", str_int(rq->mem, most));
  c.row = (struct sql_token_insert_in){.tenant = STORE_TENANT,
                                       .id = store_new_id(rq->mem, rq->now_us),
                                       .account = w->account,
                                       .name = name,
                                       .at_us = rq->now_us,
                                       .expires_us = rq->now_us + wish->days * 86400LL * 1000000};
  TRY(scopes_of(rq->mem, wish->scopes, &c.row.scopes, e));
  TRY(accounts_confirm(rq, password, e));
  *out = str_fmt(rq->mem, "gm_" STRF, STRA(web_session_new(rq->mem)));
  c.row.hash = secret_digest(rq->mem, *out);
  return store_write(app_of(rq)->store, write_token, &c, e);
}
static bool write_token_end(struct store *tx, void *arg, struct err *e) {
  struct token_work *c = arg;
  struct event ev = own_event(c->rq, "token_end");
  int64_t changed = 0;
  event_add(&ev, STR("token"), c->id);
  TRY(sql_token_end(tx, &(struct sql_token_end_in){STORE_TENANT, c->id, who_of(c->rq)->account, c->rq->now_us},
                    &changed, e));
  if (!changed) return fail(e, ERR_NOT_FOUND, MSG_web_not_found);
  return event_append(tx, c->rq->mem, &ev, NULL, e);
}
bool accounts_token_end(struct web_request *rq, struct str id, struct err *e) {
  struct token_work c = {.rq = rq, .id = id};
  return store_write(app_of(rq)->store, write_token_end, &c, e);
}
