/* `gangmu doctor`: looks at everything that could be wrong with a database, on any engine, and with the settings that a server
 * would run with (its file, the environment, flags as `serve` has them); changes nothing, and says of each finding what to do
 * about it. */
#include <stdio.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "cli/cli.h"
#include "cli/record.h"
#include "cli/settings.h"
#include "engine/plan/plan_store.h"
#include "store/event.h"
#include "store/replay.h"
#include "store/reseal.h"
#include "store/search.h"
#include "texts.h"

const struct cli_option cmd_doctor_options[] = {SETTING_OPTIONS};

enum { AHEAD_US = 120 * 1000000 };
static const int64_t room_least = 1 << 30, journal_much = 512 << 20;

struct examination {
  struct cli *cli;
  struct str db;
  struct store *r; /* a reader */
  int64_t bad;
  int64_t last_us; /* of the last event */
};

static struct str text(struct examination *x, int msg, const struct msg_arg *args, size_t n) {
  return msg_text(&x->cli->mem, x->cli->lang, msg, args, n);
}
static struct str number(struct examination *x, int64_t n) { return str_int(&x->cli->mem, n); }

/* A line for each thing; with a problem also what to do. */
static void finding(struct examination *x, int what, struct str problem, int advice) {
  const struct msg_arg args[] = {{"what", text(x, what, NULL, 0)}, {"problem", problem}};
  printf(STRF "\n", STRA(text(x, problem.len ? MSG_doctor_bad : MSG_doctor_good, args, COUNT_OF(args))));
  if (!problem.len) return;
  x->bad++;
  const struct msg_arg arg = {"advice", text(x, advice, NULL, 0)};
  printf(STRF "\n", STRA(text(x, MSG_doctor_advice, &arg, 1)));
}

/* ---- what is looked at ---- */

static void look_settings(struct examination *x, const struct settings *set) {
  vec_each(const struct setting_problem, p, &set->problems) {
    const struct str says = err_says(&x->cli->mem, x->cli->lang, &p->err);
    finding(x, MSG_doctor_settings,
            p->place.len ? str_fmt(&x->cli->mem, STRF ": " STRF, STRA(p->place), STRA(says)) : says,
            MSG_doctor_do_settings);
  }
  if (!set->problems.len) finding(x, MSG_doctor_settings, STR(""), 0);
}
/* The ring that a server would use: whole, private, with a key for whatever is sealed. Without one nothing is said: what is
 * examined may be a backup. */
static void look_keys(struct examination *x, struct str file, struct keys **out) {
  size_t n = 0;
  struct err why = {0};
  if (!record_keys(file, x->db, false, out, &why)) {
    finding(x, MSG_doctor_keys, err_says(&x->cli->mem, x->cli->lang, &why), MSG_doctor_do_keys);
    return;
  }
  const struct str *names = sealed_compartments(&n);
  struct str missing = STR("");
  for (size_t i = 0; *out && i < n; i++)
    if (!keys_current(*out, names[i]))
      missing = str_fmt(&x->cli->mem, STRF "%s" STRF, STRA(missing), missing.len ? ", " : "", STRA(names[i]));
  const struct msg_arg arg = {"names", missing};
  if (*out)
    finding(x, MSG_doctor_keys, missing.len ? text(x, MSG_doctor_keys_missing, &arg, 1) : STR(""),
            MSG_doctor_do_keys_new);
}
static bool look_sealed(struct examination *x, struct err *e) {
  int64_t lost = 0, old = 0;
  if (!store_keys(x->r)) return true;
  TRY(reseal_lost(x->r, &x->cli->mem, &lost, &old, e));
  const struct msg_arg arg = {"n", number(x, lost ? lost : old)};
  const struct str problem = lost  ? text(x, MSG_doctor_sealed_lost, &arg, 1)
                             : old ? text(x, MSG_doctor_sealed_old, &arg, 1)
                                   : STR("");
  finding(x, MSG_doctor_sealed, problem, lost ? MSG_doctor_do_sealed : MSG_doctor_do_reseal);
  return true;
}

static bool look_database(struct examination *x, struct err *e) {
  struct str problem = {0};
  TRY(store_sound(x->r, &x->cli->mem, &problem, e));
  finding(x, MSG_doctor_database, problem, MSG_doctor_do_database);
  return true;
}
static bool look_chain(struct examination *x, struct err *e) {
  struct event_proof p = {0};
  TRY(event_verify(x->r, &x->cli->mem, &p, e));
  const struct msg_arg args[] = {
      {"seq", number(x, p.broken)},
      {"what", p.found_len ? event_finding_says(&x->cli->mem, x->cli->lang, p.found) : STR("")},
      {"events", number(x, p.broken - 1)}};
  finding(x, MSG_doctor_chain, p.broken ? text(x, MSG_verify_broken, args, COUNT_OF(args)) : STR(""),
          MSG_doctor_do_chain);
  x->last_us = p.last_us;
  return true;
}
static bool look_journal(struct examination *x, struct err *e) {
  struct journal_state s;
  TRY(store_journal_check(x->r, &s, e));
  const struct msg_arg args[] = {
      {"what", str_of(s.wrong ? s.wrong : "")}, {"at", number(x, s.wrong_at)}, {"mb", number(x, s.bytes >> 20)}};
  const struct str problem = s.wrong                  ? text(x, MSG_doctor_journal_wrong, args, COUNT_OF(args))
                             : s.bytes > journal_much ? text(x, MSG_doctor_journal_much, args, COUNT_OF(args))
                                                      : STR("");
  finding(x, MSG_doctor_journal, problem, MSG_doctor_do_backup);
  return true;
}
static bool look_search(struct examination *x, struct err *e) {
  struct search_state s;
  struct plan_gaps gaps;
  TRY(search_check(x->r, &s, e) && plan_store_gaps(x->r, &x->cli->mem, &gaps, e));
  const struct msg_arg args[] = {{"rows", number(x, s.rows)},
                                 {"indexed", number(x, s.indexed)},
                                 {"lost", number(x, s.lost + gaps.unsearched)},
                                 {"stray", number(x, gaps.stray_search)}};
  const bool bad = s.rows != s.indexed || s.lost || gaps.unsearched || gaps.stray_search;
  finding(x, MSG_doctor_search, bad ? text(x, MSG_doctor_search_bad, args, COUNT_OF(args)) : STR(""),
          MSG_doctor_do_search);
  const struct msg_arg files = {"files", number(x, gaps.files)};
  finding(x, MSG_doctor_orphans, gaps.files ? text(x, MSG_doctor_orphan_files, &files, 1) : STR(""),
          MSG_doctor_do_orphans);
  return true;
}
static void look_room(struct examination *x) {
  const int64_t room = file_room(x->db), size = file_size(x->db);
  const bool good = store_is_url(x->db) || room < 0 || (room > room_least && room > 2 * size);
  const struct msg_arg arg = {"room", number(x, room >> 20)};
  finding(x, MSG_doctor_room, good ? STR("") : text(x, MSG_doctor_room_low, &arg, 1), MSG_doctor_do_room);
}
/* The file holds personal data: nobody but its owner should read it. */
static void look_rights(struct examination *x) {
  struct stat st;
  if (store_is_url(x->db) || stat(str_z(&x->cli->mem, x->db), &st)) return;
  const struct msg_arg arg = {"mode", str_fmt(&x->cli->mem, "%o", (unsigned)st.st_mode & 0777)};
  const bool open = st.st_mode & (S_IROTH | S_IWOTH | S_IWGRP);
  finding(x, MSG_doctor_rights, open ? text(x, MSG_doctor_rights_open, &arg, 1) : STR(""), MSG_doctor_do_rights);
}
static void look_clock(struct examination *x) {
  const struct msg_arg arg = {"at", clock_rfc3339(&x->cli->mem, x->last_us)};
  const bool ahead = x->last_us > clock_now_us() + AHEAD_US;
  finding(x, MSG_doctor_clock, ahead ? text(x, MSG_doctor_clock_back, &arg, 1) : STR(""), MSG_doctor_do_clock);
}

/* An older schema is said and left as it is: only what does not depend on it is looked at. */
static bool examine(struct examination *x, struct store *st, struct err *e) {
  const bool older = store_schema_of(st) != store_schema_version();
  const struct msg_arg arg = {"version", number(x, store_schema_of(st))};
  AUTO_READ *r = x->r = store_read_begin(st, e);
  if (!r) return false;
  finding(x, MSG_doctor_schema, older ? text(x, MSG_doctor_schema_old, &arg, 1) : STR(""), MSG_doctor_do_schema);
  TRY(look_database(x, e));
  if (!older) TRY(look_chain(x, e) && look_journal(x, e) && look_search(x, e) && look_sealed(x, e));
  look_room(x);
  look_rights(x);
  if (!older) look_clock(x);
  return true;
}
int cmd_doctor(struct cli *cli, int argc, char **argv) {
  struct examination x = {.cli = cli};
  struct settings set;
  struct store *st = NULL;
  struct keys *keys = NULL;
  struct err e = {0};
  if (!settings_read(cli, argc, argv, &set)) return CLI_REFUSED;
  x.db = setting_text(&set, SET_db);
  if (!x.db.len) return cli_refuse_msg(cli, MSG_cli_needs_db, NULL, STR(""), 0, NULL, STR(""));
  look_settings(&x, &set);
  look_keys(&x, setting_text(&set, SET_keys), &keys);
  const struct store_options options = {.as_it_is = true, .keys = keys};
  const bool ok = store_open(x.db, &options, &st, &e) && examine(&x, st, &e);
  store_close(st);
  keys_close(keys);
  if (!ok) return cli_refuse(cli, &e);
  return x.bad ? CLI_FOUND : CLI_CLEAN;
}
