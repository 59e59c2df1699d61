/* The commands that look after a database: `backup`, `restore` and `move` are one copy that proves itself table by table;
 * `restore` can go on from there by a journal, to any event; `migrate` brings a schema forward or shows what that would
 * be. What is copied is opened as it is: an older schema is copied as such and not brought forward by it.
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
#include "store/replay.h"
#include "store/store.h"
#include "texts.h"

const struct cli_option cmd_backup_options[] = {{"db", 0, "DATABASE", MSG_cli_option_db},
                                                {"to", 0, "FILE", MSG_cli_option_backup_to},
                                                {"check", 0, "FILE", MSG_cli_option_backup_check},
                                                {0}};
const struct cli_option cmd_restore_options[] = {
    {"db", 0, "DATABASE", MSG_cli_option_new_db},       {"from", 0, "FILE", MSG_cli_option_backup_from},
    {"journal", 0, "DATABASE", MSG_cli_option_journal}, {"to-event", 0, "SEQ", MSG_cli_option_to_event},
    {"to-time", 0, "TIME", MSG_cli_option_to_time},     {0}};
const struct cli_option cmd_move_options[] = {
    {"db", 0, "DATABASE", MSG_cli_option_db}, {"to", 0, "DATABASE", MSG_cli_option_new_db}, {0}};
const struct cli_option cmd_migrate_options[] = {
    {"db", 0, "DATABASE", MSG_cli_option_db}, {"dry-run", 0, NULL, MSG_cli_option_dry_run}, {0}};

enum { OPTION_FIRST = 256, OPTIONS_MOST = 5 };

static void say(struct cli *cli, int msg, const struct msg_arg *args, size_t n) {
  const struct str text = msg_text(&cli->mem, cli->lang, msg, args, n);
  printf(STRF "\n", STRA(text));
}
static struct str number(struct cli *cli, int64_t n) { return str_int(&cli->mem, n); }

/* The values of the command's options, by their rows; false after saying what is wrong. */
static bool read_options(struct cli *cli, int argc, char **argv, struct str *out) {
  struct str value = {0};
  for (int c; (c = cli_option(cli, argc, argv, &value)) != -1;) {
    if (c == '?') return false;
    out[c - OPTION_FIRST] = value.at ? value : STR("");
  }
  return true;
}
static int misused(struct cli *cli) {
  return cli_refuse_msg(cli, MSG_cli_needs_two, "options", str_of(cli->command->usage), 0, NULL, STR(""));
}

/* ---- copies ---- */

static void remove_database(struct cli *cli, struct str file) {
  static const char *const ends[] = {"", "-wal", "-shm"};
  for (size_t i = 0; i < COUNT_OF(ends); i++) (void)unlink(str_fmt(&cli->mem, STRF "%s", STRA(file), ends[i]).at);
}

struct copying {
  struct str from, to;
  struct str journal;          /* of a restore to a point: the database whose journal is read; empty = only the copy */
  int64_t until_seq, until_us; /* INT64_MAX: all */
  struct table_sums sums;
  struct event_proof proof;
  bool older; /* its chain could not be looked at: an older schema */
  struct replayed replayed;
};

static bool prove_chain(struct cli *cli, struct store *st, struct copying *c, struct err *e) {
  c->older = store_schema_of(st) != store_schema_version();
  AUTO_READ *r = store_read_begin(st, e);
  return r && (c->older || event_verify(r, &cli->mem, &c->proof, e));
}
/* Equal tables first; then what the journal adds is proved by the chain. */
static bool go_on(struct cli *cli, struct copying *c, struct str to, struct err *e) {
  struct store *from = NULL;
  TRY(store_open(c->journal, &(struct store_options){.as_it_is = true}, &from, e));
  AUTO_READ *r = store_read_begin(from, e);
  int64_t seq = c->until_seq;
  bool ok = r != NULL;
  if (ok && c->until_us != INT64_MAX) ok = store_seq_at(r, &cli->mem, c->until_us, &seq, e);
  ok = ok && store_replay(r, to, seq, &c->replayed, e);
  if (r) store_read_end(&r);
  store_close(from);
  return ok;
}
static bool copy_tables(struct cli *cli, struct copying *c, struct str to, struct err *e) {
  struct store *left = NULL, *right = NULL;
  bool ok = store_open(c->from, &(struct store_options){.as_it_is = true}, &left, e);
  const struct store_options same = {.schema = ok ? store_schema_of(left) : 0};
  ok = ok && store_open(to, &same, &right, e) && store_copy(left, right, &cli->mem, &c->sums, e) &&
       prove_chain(cli, right, c, e);
  store_close(left);
  store_close(right);
  return ok;
}
static bool copy_between(struct cli *cli, struct copying *c, struct str to, struct err *e) {
  TRY(copy_tables(cli, c, to, e));
  if (!c->journal.len) return true;
  struct store *st = NULL;
  const bool ok = go_on(cli, c, to, e) && store_open(to, NULL, &st, e) && prove_chain(cli, st, c, e);
  store_close(st);
  return ok;
}
/* All equal and the chain whole? */
static bool is_proved(const struct copying *c) {
  bool equal = c->proof.broken == 0;
  vec_each(const struct table_sum, t, &c->sums) equal = equal && t->equal;
  return equal;
}
static bool copy_to_place(struct cli *cli, struct copying *c, struct err *e) {
  if (store_is_url(c->to)) return copy_between(cli, c, c->to, e);
  if (file_exists(c->to)) return fail(e, ERR_CONFLICT, MSG_copy_target_there, "file", c->to);
  const struct str beside = str_join(&cli->mem, c->to, STR(".part"));
  remove_database(cli, beside);
  const bool ok = copy_between(cli, c, beside, e) && (!is_proved(c) || file_place(beside, c->to, e));
  remove_database(cli, beside);
  return ok;
}

static void show_tables(const struct table_sums *sums, bool compared) {
  vec_each(const struct table_sum, t, sums)
    printf("%-20.*s %10lld  %.16s%s\n", STRA(t->name), (long long)t->rows, t->digest.at,
           !compared  ? ""
           : t->equal ? "  ="
                      : "  ≠");
}
static int show_copy(struct cli *cli, const struct copying *c) {
  int64_t rows = 0;
  show_tables(&c->sums, true);
  vec_each(const struct table_sum, t, &c->sums) rows += t->rows;
  const bool proved = is_proved(c);
  const struct msg_arg args[] = {{"tables", number(cli, (int64_t)c->sums.len)},
                                 {"rows", number(cli, rows)},
                                 {"events", number(cli, c->proof.events)}};
  say(cli, !proved ? MSG_copy_unequal : c->older ? MSG_copy_equal_older : MSG_copy_equal, args, COUNT_OF(args));
  const struct msg_arg went[] = {{"acts", number(cli, c->replayed.acts)},
                                 {"seq", number(cli, c->replayed.seq)},
                                 {"erased", number(cli, c->replayed.erased)}};
  if (proved && c->journal.len) say(cli, MSG_restore_went_on, went, COUNT_OF(went));
  return proved ? CLI_CLEAN : CLI_FOUND;
}
static int copy_command(struct cli *cli, struct copying *c) {
  struct err e = {0};
  if (!copy_to_place(cli, c, &e)) return cli_refuse(cli, &e);
  return show_copy(cli, c);
}

/* ---- backup ---- */

/* Where the backup's journal ends, the original's may begin. */
static bool trim_journal(struct cli *cli, const struct copying *c, struct err *e) {
  struct store *left = NULL, *right = NULL;
  int64_t last = 0;
  TRY(store_open(c->to, &(struct store_options){.as_it_is = true}, &right, e));
  AUTO_READ *r = store_read_begin(right, e);
  bool ok = r && store_journal_last(r, &cli->mem, &last, e);
  if (r) store_read_end(&r);
  store_close(right);
  ok = ok && store_open(c->from, &(struct store_options){.existing = true}, &left, e) &&
       store_journal_trim(left, last, e);
  store_close(left);
  return ok;
}
/* A backup that lies there: is it sound, does its chain hold, what is in it? It is only read. */
static bool check_backup(struct cli *cli, struct str file, struct copying *c, struct str *problem, struct err *e) {
  struct store *st = NULL;
  TRY(store_open(file, &(struct store_options){.as_it_is = true}, &st, e));
  AUTO_READ *r = store_read_begin(st, e);
  bool ok = r && store_sound(r, &cli->mem, problem, e) && store_sums(r, &cli->mem, &c->sums, e);
  if (r) store_read_end(&r);
  ok = ok && prove_chain(cli, st, c, e);
  store_close(st);
  return ok;
}
static int check_command(struct cli *cli, struct str file) {
  struct copying c = {0};
  struct str problem = {0};
  struct err e = {0};
  if (!check_backup(cli, file, &c, &problem, &e)) return cli_refuse(cli, &e);
  show_tables(&c.sums, false);
  const struct msg_arg args[] = {
      {"events", number(cli, c.proof.events)}, {"seq", number(cli, c.proof.broken)}, {"problem", problem}};
  const bool good = !problem.len && !c.proof.broken;
  say(cli,
      problem.len      ? MSG_backup_unsound
      : c.proof.broken ? MSG_backup_broken
      : c.older        ? MSG_backup_older
                       : MSG_backup_good,
      args, COUNT_OF(args));
  return good ? CLI_CLEAN : CLI_FOUND;
}
int cmd_backup(struct cli *cli, int argc, char **argv) {
  enum { DB, TO, CHECK };
  struct str o[OPTIONS_MOST] = {0};
  struct err e = {0};
  if (!read_options(cli, argc, argv, o)) return CLI_REFUSED;
  if (o[CHECK].len && !o[DB].len && !o[TO].len) return check_command(cli, o[CHECK]);
  if (!o[DB].len || !o[TO].len || o[CHECK].len) return misused(cli);
  struct copying c = {.from = o[DB], .to = o[TO]};
  const int status = copy_command(cli, &c);
  if (status != CLI_CLEAN || c.older || trim_journal(cli, &c, &e)) return status;
  return cli_refuse(cli, &e);
}

/* ---- restore, move ---- */

/* 2026-05-20T08:30, with seconds or without, blank for T: the time of day in China. */
static bool read_time(struct str s, int64_t *out_us) {
  struct date day;
  int64_t part[3] = {0};
  if (s.len < 16 || !date_parse(str_slice(s, 0, 10), 0, &day) || !date_valid(day)) return false;
  for (size_t i = 0; i < 3 && 10 + 3 * i < s.len; i++)
    if (s.len < 13 + 3 * i || !str_to_int(str_slice(s, 11 + 3 * i, 13 + 3 * i), &part[i]) || part[i] < 0) return false;
  if ((s.len != 16 && s.len != 19) || part[0] > 23 || part[1] > 59 || part[2] > 59) return false;
  const int64_t seconds = (int64_t)date_to_days(day) * 86400 + (part[0] - 8) * 3600 + part[1] * 60 + part[2];
  *out_us = seconds * 1000000 + 999999;
  return true;
}
int cmd_restore(struct cli *cli, int argc, char **argv) {
  enum { DB, FROM, JOURNAL, TO_EVENT, TO_TIME };
  struct str o[OPTIONS_MOST] = {0};
  if (!read_options(cli, argc, argv, o)) return CLI_REFUSED;
  struct copying c = {
      .from = o[FROM], .to = o[DB], .journal = o[JOURNAL], .until_seq = INT64_MAX, .until_us = INT64_MAX};
  const bool point = o[TO_EVENT].len || o[TO_TIME].len;
  if (!c.from.len || !c.to.len || (point && !c.journal.len) || (o[TO_EVENT].len && o[TO_TIME].len)) return misused(cli);
  if (o[TO_EVENT].len && (!str_to_int(o[TO_EVENT], &c.until_seq) || c.until_seq < 0)) return misused(cli);
  if (o[TO_TIME].len && !read_time(o[TO_TIME], &c.until_us)) return misused(cli);
  return copy_command(cli, &c);
}
int cmd_move(struct cli *cli, int argc, char **argv) {
  enum { DB, TO };
  struct str o[OPTIONS_MOST] = {0};
  if (!read_options(cli, argc, argv, o)) return CLI_REFUSED;
  struct copying c = {.from = o[DB], .to = o[TO]};
  return c.from.len && c.to.len ? copy_command(cli, &c) : misused(cli);
}

/* ---- migrate ---- */

int cmd_migrate(struct cli *cli, int argc, char **argv) {
  enum { DB, DRY_RUN };
  struct str o[OPTIONS_MOST] = {0}, sql = {0};
  struct store *st = NULL;
  struct err e = {0};
  int from = 0;
  if (!read_options(cli, argc, argv, o)) return CLI_REFUSED;
  const bool dry = o[DRY_RUN].at != NULL;
  if (!o[DB].len) return misused(cli);
  bool ok = store_migration(o[DB], &cli->mem, &sql, &from, &e);
  if (ok && dry) printf(STRF, STRA(sql));
  else if (ok && sql.len) ok = store_open(o[DB], &(struct store_options){.existing = true}, &st, &e);
  store_close(st);
  if (!ok) return cli_refuse(cli, &e);
  const struct msg_arg args[] = {{"from", number(cli, from)}, {"to", number(cli, store_schema_version())}};
  say(cli, !sql.len ? MSG_migrate_none : dry ? MSG_migrate_would : MSG_migrate_done, args, COUNT_OF(args));
  return CLI_CLEAN;
}
