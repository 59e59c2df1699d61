/* Where everything is joined: the tables of all pages, and /healthz. */
#include "app/app.h"

#include "app/page.h"
#include "app/plans_int.h"
#include "app/table.h"
#include "base/clock.h"
#include "base/hash.h"
#include "sql.h"
#include "texts.h"

static bool show_health(struct web_request *rq, struct web_response *rs, struct err *e) {
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
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
static const struct route own_routes[] = {
    {GET, "/healthz", "open", show_health, "alive, and the store answers", .flags = ROUTE_PLAIN},
    {0},
};

const struct route *const app_tables[] = {page_plan_routes,     page_review_routes,
                                          page_orphans_routes,  page_compare_routes,
                                          page_help_routes,     table_routes,
                                          page_unit_routes,     page_people_routes,
                                          page_org_form_routes, page_import_routes,
                                          page_sign_in_routes,  page_rights_routes,
                                          notice_routes,        page_search_routes,
                                          page_parts_routes,    page_me_routes,
                                          page_tokens_routes,   page_accounts_routes,
                                          page_audit_routes,    page_person_record_routes,
                                          own_routes,           NULL};
const struct table *const tables[] = {&plans_table, &views_table, &notices_table, NULL};

bool app_acts_known(struct err *e) {
  static const char *const outside[] = {"open", "leave", "self", "self.password"}; /* see who.h */
  for (const struct route *const *t = app_tables; *t; t++) {
    for (const struct route *r = *t; r->path; r++) {
      bool known = roles_act(roles_known(), str_of(r->act)) != NULL;
      for (size_t i = 0; i < COUNT_OF(outside); i++) known |= !strcmp(r->act, outside[i]);
      if (!known) return fail(e, ERR_INVALID, MSG_roles_no_act, "what", str_of(r->act));
    }
  }
  return true;
}

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
