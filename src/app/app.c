/* Where everything is joined: the tables of all pages, and /healthz, /readyz, /metrics. */
#include "app/app.h"

#include "app/notices.h"
#include "app/page.h"
#include "app/plans_int.h"
#include "app/table.h"
#include "base/clock.h"
#include "base/hash.h"
#include "sql.h"
#include "text/worker.h"
#include "texts.h"

static bool say_state(struct web_response *rs, const char *status) {
  rs->type = "application/json; charset=utf-8";
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_z(j, "status", status);
  json_z(j, "version", GANGMU_VERSION);
  json_close(j, '}');
  return true;
}
/* Alive says nothing of the store: who restarts a server because its database is away helps nobody. */
static bool show_health(struct web_request *rq, struct web_response *rs, struct err *e) {
  (void)rq, (void)e;
  return say_state(rs, "ok");
}
static bool read_events(struct web_request *rq, int64_t *out, struct err *e) {
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  struct sql_chain_get head = {0};
  bool found = false;
  if (!r) return false;
  TRY(sql_chain_get(r, rq->mem, &(struct sql_chain_get_in){STORE_TENANT}, &head, &found, e));
  *out = head.seq;
  return true;
}
static bool show_ready(struct web_request *rq, struct web_response *rs, struct err *e) {
  int64_t events = 0;
  if (web_is_closing(rq)) return fail(e, ERR_BUSY, MSG_store_stopping);
  TRY(read_events(rq, &events, e));
  return say_state(rs, "ready");
}

static void put_store(struct buf *o, struct store *store) {
  struct store_stats s;
  store_stats(store, &s);
  web_metric(o, "gangmu_store_queue", "gauge", "Acts that wait or are being written.", s.queued);
  web_metric(o, "gangmu_store_commits_total", "counter", "Transactions that reached the disk.", s.commits);
  web_metric(o, "gangmu_store_acts_total", "counter", "Acts in them; by commits it is the size of a group.", s.acts);
  web_metric(o, "gangmu_store_retries_total", "counter", "Transactions run again.", s.retries);
  web_metric(o, "gangmu_store_readers", "gauge", "Connections to read with.", s.readers);
  web_metric(o, "gangmu_store_readers_busy", "gauge", "Of them in use.", s.readers_busy);
  web_metric(o, "gangmu_store_readers_wanted", "gauge", "Requests that wait for one.", s.readers_wanted);
}
static void put_cache(struct buf *o, struct plans *plans) {
  struct plans_stats s;
  plans_stats(plans, &s);
  web_metric(o, "gangmu_cache_bytes", "gauge", "Compiled plans kept in memory.", s.bytes);
  web_metric(o, "gangmu_cache_entries", "gauge", "How many they are.", s.entries);
  web_metric(o, "gangmu_cache_hits_total", "counter", "Found there.", s.hits);
  web_metric(o, "gangmu_cache_misses_total", "counter", "Not found there.", s.misses);
}
static bool show_metrics(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct buf *o = &rs->body;
  struct app *app = app_of(rq);
  int64_t events = 0;
  if (!web_may_measure(rq)) return fail(e, ERR_FORBIDDEN, MSG_metrics_refused);
  TRY(read_events(rq, &events, e));
  rs->type = "text/plain; version=0.0.4; charset=utf-8";
  buf_fmt(o,
          "# HELP gangmu_build_info What runs here.\n# TYPE gangmu_build_info gauge\n"
          "gangmu_build_info{version=\"%s\",engine=\"%s\"} 1\n",
          GANGMU_VERSION, store_engine(app->store));
  web_metrics(rq, o);
  put_store(o, app->store);
  put_cache(o, app->plans);
  web_metric(o, "gangmu_events", "counter", "Events of the chain.", events);
  web_metric(o, "gangmu_worker_children", "gauge", "Fenced children that read a file at this moment.",
             worker_children());
  return true;
}
static const struct route own_routes[] = {
    {GET, "/healthz", "open", show_health, "alive", .flags = ROUTE_PLAIN},
    {GET, "/readyz", "open", show_ready, "the store answers, and no end is near", .flags = ROUTE_PLAIN},
    {GET, "/metrics", "open", show_metrics, "figures for Prometheus", .flags = ROUTE_PLAIN},
    {0},
};

const struct route *const app_tables[] = {page_plan_routes,
                                          page_review_routes,
                                          page_orphans_routes,
                                          page_assign_routes,
                                          page_ledger_routes,
                                          page_ledger_home_routes,
                                          page_system_measures_routes,
                                          page_compare_routes,
                                          page_help_routes,
                                          table_routes,
                                          page_unit_routes,
                                          page_people_routes,
                                          page_org_form_routes,
                                          page_import_routes,
                                          page_sign_in_routes,
                                          page_rights_routes,
                                          notice_routes,
                                          page_search_routes,
                                          page_parts_routes,
                                          page_me_routes,
                                          page_tokens_routes,
                                          page_accounts_routes,
                                          page_audit_routes,
                                          page_person_record_routes,
                                          page_erase_routes,
                                          page_system_list_routes,
                                          page_system_read_routes,
                                          page_system_act_routes,
                                          page_system_form_routes,
                                          page_system_file_routes,
                                          page_system_help_routes,
                                          page_system_sheet_routes,
                                          page_system_home_routes,
                                          page_packages_routes,
                                          page_system_public_routes,
                                          page_public_routes,
                                          page_system_rounds_routes,
                                          follow_routes,
                                          page_system_opening_routes,
                                          page_system_paper_routes,
                                          page_verify_routes,
                                          page_system_inbox_routes,
                                          page_develop_routes,
                                          page_messages_in_routes,
                                          page_messages_routes,
                                          own_routes,
                                          NULL};
const struct table_said *const tables[] = {&plans_table, &people_table,  &audit_table,
                                           &views_table, &notices_table, NULL};

bool app_decide(struct web_request *rq, struct err *e) {
  TRY(accounts_decide(rq, e));
  if (!rq->json) notices_look(rq);
  return true;
}

bool app_acts_known(struct err *e) {
  static const char *const outside[] = {"open",       "leave",      "self",      "self.password",
                                        "system.see", "system.act", "search.see"}; /* see who.h */
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
  struct err why = {0};
  if (sql_setting_add(tx, &(struct sql_setting_add_in){STORE_TENANT, STR("web_secret"), w->value}, NULL, &why))
    return true;
  if (why.code == ERR_DUPLICATE) return fail(e, ERR_BUSY, MSG_store_busy); /* another server started at this moment */
  *e = why;
  return false;
}
bool app_secret(struct store *store, unsigned char out[32], struct err *e) {
  struct secret_work w = {0};
  const bool ok = store_write(store, write_secret, &w, e);
  if (ok) memcpy(out, hash_sha256(w.value).at, 32);
  arena_drop(&w.mem);
  return ok;
}
