/* Where everything is joined: the tables of all pages, and /healthz. */
#include "app/app.h"

#include "app/page.h"
#include "app/plans_int.h"
#include "base/clock.h"
#include "base/hash.h"
#include "sql.h"
#include "texts.h"

static bool show_health(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct plans *s = rq->app;
  AUTO_READ *r = store_read_begin(s->store, e);
  struct sql_chain_get head = {0};
  bool found = false;
  if (!r) return false;
  TRY(sql_chain_get(r, rq->mem, &(struct sql_chain_get_in){STORE_TENANT}, &head, &found, e));
  rs->type = "application/json; charset=utf-8";
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_z(j, "status", "ok");
  json_z(j, "version", GANGMU_VERSION);
  json_int(j, "events", head.seq);
  json_close(j, '}');
  return true;
}
/* Orphans: corrections whose fact the newest draft no longer has are hung on another, or dropped (key empty). */
static bool reattach(struct web_request *rq, struct web_response *rs, struct err *e) {
  const struct plans_who who = {rq->actor, str_trim(web_field(rq, "reason")), rq->now_us};
  const struct str id = web_param(rq, "id");
  int64_t seq = 0, rev = 0;
  uint64_t key = 0;
  TRY(web_int(rq, "seq", 1, INT64_MAX, 0, &seq, e));
  TRY(web_int(rq, "rev", 0, INT64_MAX, 0, &rev, e));
  if (web_field(rq, "key").len && !correct_key_of(web_field(rq, "key"), &key))
    return fail(e, ERR_INVALID, MSG_plans_bad_word, "name", STR("key"), "value", web_field(rq, "key"));
  TRY(plans_reattach(rq->app, rq->mem, &who, id, rev, seq, key, e));
  if (!rq->json) {
    web_redirect(rs, str_fmt(rq->mem, "/plans/" STRF "?did=reattach", STRA(id)));
    return true;
  }
  AUTO_VIEW *v = NULL;
  TRY(plans_open(rq->app, rq->mem, id, 0, &v, e));
  plans_view_json(v, rq->lang, web_json(rs));
  return true;
}
static const struct route own_routes[] = {
    {POST, "/plans/{id}/reattach", RIGHT_ACT, reattach,
     "hang an orphaned correction on another fact, or drop it (no key)", .form = "seq! key reason rev"},
    {GET, "/healthz", RIGHT_OPEN, show_health, "alive, and the store answers", .flags = ROUTE_PLAIN},
    {0},
};

const struct route *const app_tables[] = {page_plan_routes, page_review_routes, page_compare_routes,
                                          page_help_routes, own_routes,         NULL};

struct secret_work {
  struct arena mem;
  struct str value;
};
static bool write_secret(struct store *tx, void *arg, struct err *e) {
  struct secret_work *w = arg;
  struct sql_setting_get have = {0};
  bool found = false;
  TRY(sql_setting_get(tx, &w->mem, &(struct sql_setting_get_in){STORE_TENANT, STR("web_secret")}, &have, &found, e));
  if (found) {
    w->value = have.value;
    return true;
  }
  unsigned char bytes[32];
  random_bytes(bytes, sizeof bytes);
  w->value = hash_hex(&w->mem, hash_sha256((struct str){(const char *)bytes, sizeof bytes}));
  return sql_setting_add(tx, &(struct sql_setting_add_in){STORE_TENANT, STR("web_secret"), w->value}, NULL, e);
}
bool app_secret(struct store *store, unsigned char out[32], struct err *e) {
  struct secret_work w = {0};
  const bool ok = store_write(store, write_secret, &w, e);
  if (ok) memcpy(out, hash_sha256(w.value).at, 32);
  arena_drop(&w.mem);
  return ok;
}
struct str app_local_actor(void) {
  return msg_template(LANG_ZH, MSG_actor_local);
}
