/* `gangmu keys`: makes the key ring, shows what is in it (never the keys), exchanges a compartment's key while servers run,
 * and takes an old one away once nothing needs it. Exchange and removal are events of the record. */
#include <stdio.h>

#include "base/clock.h"
#include "base/vec.h"
#include "cli/cli.h"
#include "cli/record.h"
#include "store/reseal.h"
#include "texts.h"

enum { OPTION_DB = 256, OPTION_KEYS, OPTION_COMPARTMENT, OPTION_SUITE, SERVERS_LOOK_US = 2000000 };
const struct cli_option cmd_keys_options[] = {{"db", 0, "DATABASE", MSG_cli_option_db},
                                              {"keys", 0, "FILE", MSG_cli_option_keys},
                                              {"compartment", 0, "NAME", MSG_cli_option_compartment},
                                              {"suite", 0, "sm4|aes", MSG_cli_option_suite},
                                              {0}};

struct order {
  struct str db, keys, compartment;
  enum seal_suite suite;
};

int cli_verb(struct cli *cli, int argc, char **argv, const char *const *words, size_t n) {
  for (size_t i = 0; argc > 1 && i < n; i++)
    if (strcmp(argv[1], words[i]) == 0) return (int)i;
  (void)cli_refuse_msg(cli, MSG_cli_usage, "usage", str_of(cli->command->usage), 0, NULL, STR(""));
  return -1;
}

static bool take(struct order *o, int option, struct str value) {
  if (option == OPTION_DB) o->db = value;
  else if (option == OPTION_KEYS) o->keys = value;
  else if (option == OPTION_COMPARTMENT) o->compartment = value;
  else return seal_suite_of(value, &o->suite);
  return true;
}
static bool read_order(struct cli *cli, int argc, char **argv, struct order *o) {
  struct str value = {0};
  bool ok = true;
  for (int c; ok && (c = cli_option(cli, argc, argv, &value)) != -1;) {
    if (c == '?') return false;
    ok = take(o, c, value);
  }
  if (ok && o->keys.len) return true;
  (void)cli_refuse_msg(cli, MSG_cli_usage, "usage", str_of(cli->command->usage), 0, NULL, STR(""));
  return false;
}
static struct str today(struct cli *cli) { return date_iso(&cli->mem, clock_today(clock_now_us())); }

/* ---- new, list ---- */

static bool make_new(struct cli *cli, const struct order *o, struct err *e) {
  size_t n = 1;
  int made = 0;
  const struct str *names = o->compartment.len ? &o->compartment : sealed_compartments(&n);
  TRY(keys_add(o->keys, names, n, o->suite, today(cli), &made, e));
  const struct msg_arg args[] = {{"n", cli_number(cli, made)}, {"file", o->keys}};
  cli_say(cli, made ? MSG_keys_made : MSG_keys_made_none, args, 2);
  return true;
}
static bool show_list(struct cli *cli, const struct order *o, struct err *e) {
  static const int states[] = {MSG_keys_state_current, MSG_keys_state_old, MSG_keys_state_lookup};
  struct keys *k = NULL;
  struct key_list list = {0};
  TRY(keys_open(o->keys, &k, e));
  const bool ok = keys_list(k, &cli->mem, &list, e);
  vec_each(const struct key_info, x, &list) {
    const struct str state = msg_template(cli->lang, states[x->state]);
    printf("%6lld  %-16.*s  %s  " STRF "  " STRF "\n", (long long)x->id, STRA(x->compartment),
           seal_suite_word(x->suite), STRA(x->made), STRA(state));
  }
  keys_close(k);
  return ok;
}

/* ---- rotate, reseal, retire ---- */

struct key_event {
  struct arena *mem;
  struct str compartment, act;
  int64_t key, cells;
};
static bool append_event(struct store *tx, void *arg, struct err *e) {
  const struct key_event *k = arg;
  struct event ev = {.at_us = clock_now_us(),
                     .valid = STR(""),
                     .actor = cli_actor(),
                     .record = STR("key"),
                     .id = k->compartment,
                     .act = k->act,
                     .from = STR(""),
                     .to = STR("")};
  event_add(&ev, STR("cells"), str_int(k->mem, k->cells));
  event_add(&ev, STR("key"), str_int(k->mem, k->key));
  return event_append(tx, k->mem, &ev, NULL, e);
}
static bool move_cells(struct cli *cli, struct record_opened *r, const struct order *o, const char *act,
                       struct err *e) {
  struct key_event k = {.mem = &cli->mem, .compartment = o->compartment, .act = str_of(act)};
  TRY(reseal_run(r->store, o->compartment, &k.cells, e));
  k.key = keys_current(r->keys, o->compartment);
  const struct msg_arg args[] = {{"n", cli_number(cli, k.cells)}, {"key", cli_number(cli, k.key)}};
  cli_say(cli, MSG_keys_moved, args, 2);
  return store_write(r->store, append_event, &k, e);
}
/* Servers look at the ring once a second: only then is nothing sealed under the old key any more. */
static bool rotate(struct cli *cli, struct record_opened *r, const struct order *o, struct err *e) {
  int64_t id = 0;
  TRY(keys_rotate(o->keys, o->compartment, o->suite, today(cli), &id, e));
  clock_sleep_us(SERVERS_LOOK_US);
  return move_cells(cli, r, o, "rotate", e);
}
static bool count_uses(struct cli *cli, struct record_opened *r, const struct key_info *key, int64_t *out,
                       struct err *e) {
  AUTO_READ *s = store_read_begin(r->store, e);
  return s && reseal_uses(s, &cli->mem, key, out, e);
}
static bool retire_key(struct cli *cli, struct record_opened *r, const struct order *o, const struct key_info *key,
                       struct err *e) {
  struct key_event k = {.mem = &cli->mem, .compartment = key->compartment, .act = STR("retire"), .key = key->id};
  TRY(count_uses(cli, r, key, &k.cells, e));
  if (k.cells) return fail(e, ERR_GUARD, MSG_keys_needed, "n", cli_number(cli, k.cells));
  TRY(keys_retire(o->keys, key->id, e));
  const struct msg_arg arg = {"key", cli_number(cli, key->id)};
  cli_say(cli, MSG_keys_retired, &arg, 1);
  return store_write(r->store, append_event, &k, e);
}
/* Every old key of the compartment. */
static bool retire(struct cli *cli, struct record_opened *r, const struct order *o, struct err *e) {
  struct key_list list = {0};
  int done = 0;
  TRY(keys_list(r->keys, &cli->mem, &list, e));
  vec_each(const struct key_info, k, &list) {
    if (k->state != KEY_OLD || !str_eq(k->compartment, o->compartment)) continue;
    TRY(retire_key(cli, r, o, k, e));
    done++;
  }
  return done || fail(e, ERR_NOT_FOUND, MSG_keys_none_old, "compartment", o->compartment);
}

enum verb { VERB_NEW, VERB_LIST, VERB_ROTATE, VERB_RESEAL, VERB_RETIRE };
static bool with_database(struct cli *cli, enum verb verb, const struct order *o, struct err *e) {
  struct record_opened r = {0};
  if (!o->db.len || !o->compartment.len)
    return fail(e, ERR_BAD_REQUEST, MSG_cli_usage, "usage", str_of(cli->command->usage));
  const bool ok = record_open(&r, o->db, o->keys, e) && (verb == VERB_ROTATE   ? rotate(cli, &r, o, e)
                                                         : verb == VERB_RETIRE ? retire(cli, &r, o, e)
                                                                               : move_cells(cli, &r, o, "reseal", e));
  record_close(&r);
  return ok;
}
int cmd_keys(struct cli *cli, int argc, char **argv) {
  static const char *const words[] = {"new", "list", "rotate", "reseal", "retire"};
  struct order o = {0};
  struct err e = {0};
  const int verb = cli_verb(cli, argc, argv, words, COUNT_OF(words));
  if (verb < 0 || !read_order(cli, argc - 1, argv + 1, &o)) return CLI_REFUSED;
  const bool ok = verb == VERB_NEW    ? make_new(cli, &o, &e)
                  : verb == VERB_LIST ? show_list(cli, &o, &e)
                                      : with_database(cli, (enum verb)verb, &o, &e);
  return ok ? CLI_CLEAN : cli_refuse(cli, &e);
}
