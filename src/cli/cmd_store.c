/* The commands that look after a database: `backup`, `restore` and `move` are one copy that proves itself table by table;
 * `migrate` brings a schema forward or shows what that would be; `doctor` looks at everything that could be wrong.
 *
 * A copy into a file is made beside it and put in its place when it is whole and its chain of events holds. */
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/vec.h"
#include "cli/cli.h"
#include "store/copy.h"
#include "store/event.h"
#include "store/store.h"
#include "texts.h"

const struct cli_option cmd_backup_options[] = {
    {"db", 0, "DATABASE", MSG_cli_option_db}, {"to", 0, "FILE", MSG_cli_option_backup_to}, {0}};
const struct cli_option cmd_restore_options[] = {
    {"db", 0, "DATABASE", MSG_cli_option_new_db}, {"from", 0, "FILE", MSG_cli_option_backup_from}, {0}};
const struct cli_option cmd_move_options[] = {
    {"db", 0, "DATABASE", MSG_cli_option_db}, {"to", 0, "DATABASE", MSG_cli_option_new_db}, {0}};
const struct cli_option cmd_migrate_options[] = {
    {"db", 0, "DATABASE", MSG_cli_option_db}, {"dry-run", 0, NULL, MSG_cli_option_dry_run}, {0}};
const struct cli_option cmd_doctor_options[] = {{"db", 0, "DATABASE", MSG_cli_option_db}, {0}};

enum { OPTION_FIRST = 256, OPTION_SECOND, ROOM_LEAST = 1 << 30, AHEAD_US = 120 * 1000000 };

static void say(struct cli *cli, int msg, const struct msg_arg *args, size_t n) {
  const struct str text = msg_text(&cli->mem, cli->lang, msg, args, n);
  printf(STRF "\n", STRA(text));
}
static struct str number(struct cli *cli, int64_t n) { return str_fmt(&cli->mem, "%lld", (long long)n); }

/* Both options of a command that has two, or the only one; false after saying what is wrong. */
static bool read_places(struct cli *cli, int argc, char **argv, struct str *first, struct str *second, bool *flag) {
  struct str value = {0};
  for (int c; (c = cli_option(cli, argc, argv, &value)) != -1;) {
    if (c == '?') return false;
    if (c == OPTION_FIRST) *first = value;
    else if (second) *second = value;
    else *flag = true;
  }
  if (first->len && (!second || second->len)) return true;
  (void)cli_refuse_msg(cli, second ? MSG_cli_needs_two : MSG_cli_needs_db, second ? "options" : NULL,
                       str_of(cli->command->usage), 0, NULL, STR(""));
  return false;
}

/* ---- backup, restore, move ---- */

static bool open_place(struct str where, bool existing, struct store **out, struct err *e) {
  return store_open(where, &(struct store_options){.existing = existing}, out, e);
}
static void remove_database(struct cli *cli, struct str file) {
  static const char *const ends[] = {"", "-wal", "-shm"};
  for (size_t i = 0; i < COUNT_OF(ends); i++) (void)unlink(str_fmt(&cli->mem, STRF "%s", STRA(file), ends[i]).at);
}

static bool prove_chain(struct cli *cli, struct store *st, struct event_proof *out, struct err *e) {
  AUTO_READ *r = store_read_begin(st, e);
  return r && event_verify(r, &cli->mem, out, e);
}

struct copied {
  struct table_sums sums;
  struct event_proof proof;
};
static bool copy_between(struct cli *cli, struct str from, struct str to, struct copied *out, struct err *e) {
  struct store *left = NULL, *right = NULL;
  const bool ok = open_place(from, true, &left, e) && open_place(to, false, &right, e) &&
                  store_copy(left, right, &cli->mem, &out->sums, e) && prove_chain(cli, right, &out->proof, e);
  store_close(left);
  store_close(right);
  return ok;
}
/* All equal and the chain whole? */
static bool is_proved(const struct copied *c) {
  bool equal = c->proof.broken == 0;
  vec_each(const struct table_sum, t, &c->sums) equal = equal && t->equal;
  return equal;
}

static bool copy_to_place(struct cli *cli, struct str from, struct str to, struct copied *out, struct err *e) {
  if (store_is_url(to)) return copy_between(cli, from, to, out, e);
  if (file_exists(to)) return fail(e, ERR_CONFLICT, MSG_copy_target_there, "file", to);
  const struct str beside = str_join(&cli->mem, to, STR(".part"));
  remove_database(cli, beside);
  const bool ok = copy_between(cli, from, beside, out, e) && (!is_proved(out) || file_place(beside, to, e));
  remove_database(cli, beside);
  return ok;
}

static int show_copy(struct cli *cli, const struct copied *c) {
  int64_t rows = 0;
  vec_each(const struct table_sum, t, &c->sums) {
    printf("%-20.*s %10lld  %.16s  %s\n", STRA(t->name), (long long)t->rows, t->digest.at, t->equal ? "=" : "≠");
    rows += t->rows;
  }
  const bool proved = is_proved(c);
  const struct msg_arg args[] = {{"tables", number(cli, (int64_t)c->sums.len)},
                                 {"rows", number(cli, rows)},
                                 {"events", number(cli, c->proof.events)}};
  say(cli, proved ? MSG_copy_equal : MSG_copy_unequal, args, COUNT_OF(args));
  return proved ? CLI_CLEAN : CLI_FOUND;
}
static int copy_command(struct cli *cli, struct str from, struct str to) {
  struct copied c = {0};
  struct err e = {0};
  if (!copy_to_place(cli, from, to, &c, &e)) return cli_refuse(cli, &e);
  return show_copy(cli, &c);
}
int cmd_backup(struct cli *cli, int argc, char **argv) {
  struct str db = {0}, to = {0};
  return read_places(cli, argc, argv, &db, &to, NULL) ? copy_command(cli, db, to) : CLI_REFUSED;
}
int cmd_restore(struct cli *cli, int argc, char **argv) {
  struct str db = {0}, from = {0};
  return read_places(cli, argc, argv, &db, &from, NULL) ? copy_command(cli, from, db) : CLI_REFUSED;
}
int cmd_move(struct cli *cli, int argc, char **argv) {
  struct str db = {0}, to = {0};
  return read_places(cli, argc, argv, &db, &to, NULL) ? copy_command(cli, db, to) : CLI_REFUSED;
}

/* ---- migrate ---- */

int cmd_migrate(struct cli *cli, int argc, char **argv) {
  struct str db = {0}, sql = {0};
  struct store *st = NULL;
  struct err e = {0};
  bool dry = false;
  int from = 0;
  if (!read_places(cli, argc, argv, &db, NULL, &dry)) return CLI_REFUSED;
  bool ok = store_migration(db, &cli->mem, &sql, &from, &e);
  if (ok && dry) printf(STRF, STRA(sql));
  else if (ok && sql.len) ok = open_place(db, true, &st, &e);
  store_close(st);
  if (!ok) return cli_refuse(cli, &e);
  const struct msg_arg args[] = {{"from", number(cli, from)}, {"to", number(cli, store_schema_version())}};
  say(cli, !sql.len ? MSG_migrate_none : dry ? MSG_migrate_would : MSG_migrate_done, args, COUNT_OF(args));
  return CLI_CLEAN;
}

/* ---- doctor ---- */

static int64_t finding(struct cli *cli, int what, struct str problem) {
  const struct msg_arg args[] = {{"what", msg_text(&cli->mem, cli->lang, what, NULL, 0)}, {"problem", problem}};
  say(cli, problem.len ? MSG_doctor_bad : MSG_doctor_good, args, COUNT_OF(args));
  return problem.len > 0;
}

static struct str chain_problem(struct cli *cli, const struct event_proof *p) {
  const struct msg_arg args[] = {{"seq", number(cli, p->broken)},
                                 {"what", str_of(p->what ? p->what : "")},
                                 {"events", number(cli, p->broken - 1)}};
  return p->broken ? msg_text(&cli->mem, cli->lang, MSG_verify_broken, args, COUNT_OF(args)) : STR("");
}
static struct str room_problem(struct cli *cli, struct str db) {
  const int64_t room = file_room(db), size = file_size(db);
  if (store_is_url(db) || room < 0 || (room > ROOM_LEAST && room > 2 * size)) return STR("");
  const struct msg_arg arg = {"room", number(cli, room >> 20)};
  return msg_text(&cli->mem, cli->lang, MSG_doctor_room_low, &arg, 1);
}
static struct str clock_problem(struct cli *cli, const struct event_proof *p) {
  const struct msg_arg arg = {"at", clock_rfc3339(&cli->mem, p->last_us)};
  return p->last_us > clock_now_us() + AHEAD_US ? msg_text(&cli->mem, cli->lang, MSG_doctor_clock_back, &arg, 1)
                                                : STR("");
}

static bool examine(struct cli *cli, struct str db, struct store *st, int64_t *out_bad, struct err *e) {
  struct str problem = {0};
  struct event_proof proof = {0};
  AUTO_READ *r = store_read_begin(st, e);
  if (!r || !store_sound(r, &cli->mem, &problem, e)) return false;
  *out_bad += finding(cli, MSG_doctor_database, problem);
  TRY(event_verify(r, &cli->mem, &proof, e));
  *out_bad += finding(cli, MSG_doctor_chain, chain_problem(cli, &proof));
  *out_bad += finding(cli, MSG_doctor_room, room_problem(cli, db));
  *out_bad += finding(cli, MSG_doctor_clock, clock_problem(cli, &proof));
  return true;
}
/* The schema comes first: what is older is said and left as it is, since opening would bring it forward. */
int cmd_doctor(struct cli *cli, int argc, char **argv) {
  struct str db = {0}, sql = {0};
  struct store *st = NULL;
  struct err e = {0};
  int64_t bad = 0;
  int version = 0;
  if (!read_places(cli, argc, argv, &db, NULL, NULL)) return CLI_REFUSED;
  bool ok = store_migration(db, &cli->mem, &sql, &version, &e);
  const struct msg_arg arg = {"version", number(cli, version)};
  if (ok)
    bad = finding(cli, MSG_doctor_schema,
                  sql.len ? msg_text(&cli->mem, cli->lang, MSG_doctor_schema_old, &arg, 1) : STR(""));
  if (ok && !bad) ok = open_place(db, true, &st, &e) && examine(cli, db, st, &bad, &e);
  store_close(st);
  if (!ok) return cli_refuse(cli, &e);
  return bad ? CLI_FOUND : CLI_CLEAN;
}
