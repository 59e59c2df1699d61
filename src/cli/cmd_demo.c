/* `gangmu demo --db FILE`: a database with the fictional city, or with its people alone. `gangmu verify --db FILE`: does the record hold? */
#include <stdio.h>

#include "app/app.h"
#include "app/demo.h"
#include "app/find.h"
#include "base/clock.h"
#include "cli/serve.h"
#include "texts.h"

const struct cli_option cmd_demo_options[] = {
    {"db", 0, "FILE", MSG_cli_option_db}, {"people", 0, NULL, MSG_cli_option_people}, {0}};
const struct cli_option cmd_verify_options[] = {{"db", 0, "FILE", MSG_cli_option_db}, {0}};

enum { OPTION_DB = 256 };

bool opened_with(struct opened *o, struct str db, const struct store_options *options, size_t cache_bytes,
                 struct err *e) {
  TRY(store_open(db, options, &o->store, e));
  return plans_start(o->store, cache_bytes, &o->plans, e) && find_begin(o->plans, o->store, e);
}
bool opened_begin(struct opened *o, struct str db, bool existing, struct err *e) {
  return opened_with(o, db, &(struct store_options){.existing = existing}, APP_CACHE_BYTES, e);
}
void opened_end(struct opened *o) {
  plans_stop(o->plans);
  store_close(o->store);
  *o = (struct opened){0};
}

/* --db, and the flag of a command that has one; false after saying what is wrong. */
static bool read_db(struct cli *cli, int argc, char **argv, struct str *out, bool *out_flag) {
  struct str value = {0};
  for (int c; (c = cli_option(cli, argc, argv, &value)) != -1;) {
    if (c == '?') return false;
    if (c == OPTION_DB) *out = value;
    else *out_flag = true;
  }
  if (out->len) return true;
  (void)cli_refuse_msg(cli, MSG_cli_needs_db, NULL, STR(""), 0, NULL, STR(""));
  return false;
}
static void say(struct cli *cli, int msg, const struct msg_arg *args, size_t n) {
  const struct str text = msg_text(&cli->mem, cli->lang, msg, args, n);
  printf(STRF "\n", STRA(text));
}

static bool demo(struct opened *o, struct str db, bool people_only, struct demo_count *count, struct err *e) {
  TRY(opened_begin(o, db, false, e));
  return demo_load(o->plans, people_only, clock_now_us(), count, e);
}
int cmd_demo(struct cli *cli, int argc, char **argv) {
  struct str db = {0};
  struct opened o = {0};
  struct demo_count count = {0};
  struct err e = {0};
  bool people_only = false;
  if (!read_db(cli, argc, argv, &db, &people_only)) return CLI_REFUSED;
  const bool ok = demo(&o, db, people_only, &count, &e);
  opened_end(&o);
  if (!ok) return cli_refuse(cli, &e);
  const struct msg_arg args[] = {{"units", str_fmt(&cli->mem, "%d", count.units)},
                                 {"people", str_fmt(&cli->mem, "%d", count.people)},
                                 {"accounts", str_fmt(&cli->mem, "%d", count.accounts)},
                                 {"plans", str_fmt(&cli->mem, "%d", count.plans)}};
  say(cli, MSG_demo_done, args, COUNT_OF(args));
  return CLI_CLEAN;
}

static bool verify(struct arena *mem, struct opened *o, struct str db, struct event_proof *proof, struct err *e) {
  TRY(opened_begin(o, db, true, e));
  AUTO_READ *r = store_read_begin(o->store, e);
  return r && event_verify(r, mem, proof, e);
}
int cmd_verify(struct cli *cli, int argc, char **argv) {
  struct str db = {0};
  struct opened o = {0};
  struct event_proof proof = {0};
  struct err e = {0};
  bool no_flag = false;
  if (!read_db(cli, argc, argv, &db, &no_flag)) return CLI_REFUSED;
  const bool ok = verify(&cli->mem, &o, db, &proof, &e);
  opened_end(&o);
  if (!ok) return cli_refuse(cli, &e);
  const struct msg_arg args[] = {{"events", str_fmt(&cli->mem, "%lld", (long long)proof.events)},
                                 {"hash", proof.head},
                                 {"seq", str_fmt(&cli->mem, "%lld", (long long)proof.broken)},
                                 {"what", str_of(proof.what ? proof.what : "")}};
  say(cli, proof.broken ? MSG_verify_broken : MSG_verify_holds, args, COUNT_OF(args));
  return proof.broken ? CLI_FOUND : CLI_CLEAN;
}
