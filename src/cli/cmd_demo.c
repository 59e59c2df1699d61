/* `gangmu demo --db FILE`: a database with the fictional city, or with its people alone. */
#include <stdio.h>

#include "app/app.h"
#include "app/demo.h"
#include "app/demo_work.h"
#include "app/find.h"
#include "app/systems_start.h"
#include "base/clock.h"
#include "cli/record.h"
#include "cli/serve.h"
#include "texts.h"

const struct cli_option cmd_demo_options[] = {{"db", 0, "DATABASE", MSG_cli_option_db},
                                              {"people", 0, NULL, MSG_cli_option_people},
                                              {"keys", 0, "FILE", MSG_cli_option_keys},
                                              {0}};

enum { OPTION_DB = 256, OPTION_PEOPLE, OPTION_KEYS };
struct demo_order {
  struct str db, keys;
  bool people_only;
};

bool opened_with(struct opened *o, struct str db, const struct store_options *options, size_t cache_bytes,
                 struct err *e) {
  TRY(store_open(db, options, &o->store, e));
  return plans_start(o->store, cache_bytes, &o->plans, e) && find_begin(o->plans, o->store, e);
}
bool opened_begin(struct opened *o, struct str db, struct str keys, bool existing, struct err *e) {
  TRY(record_keys(keys, db, !existing, &o->keys, e));
  return opened_with(o, db, &(struct store_options){.existing = existing, .keys = o->keys}, APP_CACHE_BYTES, e);
}
void opened_end(struct opened *o) {
  plans_stop(o->plans);
  store_close(o->store);
  keys_close(o->keys);
  *o = (struct opened){0};
}

/* False after saying what is wrong. */
static bool read_options(struct cli *cli, int argc, char **argv, struct demo_order *out) {
  struct str value = {0};
  for (int c; (c = cli_option(cli, argc, argv, &value)) != -1;) {
    if (c == '?') return false;
    if (c == OPTION_DB) out->db = value;
    else if (c == OPTION_KEYS) out->keys = value;
    else out->people_only = true;
  }
  if (out->db.len) return true;
  (void)cli_refuse_msg(cli, MSG_cli_needs_db, NULL, STR(""), 0, NULL, STR(""));
  return false;
}
static bool fill_systems(struct opened *o, struct demo_work_count *work, struct err *e) {
  struct systems *s = NULL;
  TRY(systems_start(o->store, STR(""), clock_now_us(), &s, e));
  const bool ok = demo_load_work(s, o->store, clock_now_us(), work, e);
  systems_stop(s);
  return ok;
}
/* The ring beside the database gets a key for every compartment of the packages, so that their sensitive fields can be filled. */
static bool make_keys(const struct demo_order *order, struct err *e) {
  AUTO_ARENA mem = {0};
  struct str *names = NULL;
  size_t n = 0;
  int made = 0;
  if (order->people_only || order->keys.len || store_is_url(order->db)) return true;
  TRY(systems_compartments(&mem, &names, &n, e));
  const struct str beside = str_join(&mem, order->db, STR(".keys"));
  return !n || keys_add(beside, names, n, SEAL_SM4, date_iso(&mem, clock_today(clock_now_us())), &made, e);
}
static bool demo(struct opened *o, const struct demo_order *order, struct demo_count *count,
                 struct demo_work_count *work, struct err *e) {
  TRY(make_keys(order, e) && opened_begin(o, order->db, order->keys, false, e));
  TRY(demo_load(o->plans, order->people_only, clock_now_us(), count, e));
  return order->people_only || fill_systems(o, work, e);
}
int cmd_demo(struct cli *cli, int argc, char **argv) {
  struct demo_order order = {0};
  struct opened o = {0};
  struct demo_count count = {0};
  struct demo_work_count work = {0};
  struct err e = {0};
  if (!read_options(cli, argc, argv, &order)) return CLI_REFUSED;
  const bool ok = demo(&o, &order, &count, &work, &e);
  opened_end(&o);
  if (!ok) return cli_refuse(cli, &e);
  const struct msg_arg args[] = {
      {"units", str_int(&cli->mem, count.units)},       {"people", str_int(&cli->mem, count.people)},
      {"accounts", str_int(&cli->mem, count.accounts)}, {"plans", str_int(&cli->mem, count.plans)},
      {"posts", str_int(&cli->mem, work.posts)},        {"rows", str_int(&cli->mem, work.rows)}};
  cli_say(cli, MSG_demo_done, args, COUNT_OF(args));
  return CLI_CLEAN;
}
