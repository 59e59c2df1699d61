/* `gangmu verify`: does the record hold? Everything that does not is said in words, with its place; what was
 * erased is listed. With the key ring, sealed values are opened and checked too. */
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/vec.h"
#include "cli/cli.h"
#include "cli/record.h"
#include "store/reseal.h"
#include "texts.h"

const struct cli_option cmd_verify_options[] = {
    {"db", 0, "DATABASE", MSG_cli_option_db}, {"keys", 0, "FILE", MSG_cli_option_keys}, {0}};

struct str cli_actor(void) {
  return msg_template(LANG_ZH, MSG_cli_actor);
}
void cli_say(struct cli *cli, int msg, const struct msg_arg *args, size_t n) {
  const struct str text = msg_text(&cli->mem, cli->lang, msg, args, n);
  printf(STRF "\n", STRA(text));
}
struct str cli_number(struct cli *cli, int64_t n) {
  return str_int(&cli->mem, n);
}

struct str event_finding_says(struct arena *mem, enum lang lang, const struct event_finding *f) {
  const struct str word = str_replace(mem, str_of(event_fault_word(f->fault)), STR("-"), STR("_"));
  int msg = msg_find(str_fmt(mem, "verify_fault_" STRF, STRA(word)));
  if (f->fault == EVENT_MISSING && f->until == f->seq) msg = MSG_verify_missing_one;
  const struct msg_arg args[] = {{"seq", str_int(mem, f->seq)},
                                 {"until", str_int(mem, f->until)},
                                 {"record", f->record},
                                 {"id", f->id},
                                 {"field", f->field}};
  return msg_text(mem, lang, msg, args, COUNT_OF(args));
}

static void show_findings(struct cli *cli, const struct event_proof *p) {
  for (size_t i = 0; i < p->found_len; i++) {
    const struct str says = event_finding_says(&cli->mem, cli->lang, &p->found[i]);
    printf("%-11s " STRF "\n", event_fault_word(p->found[i].fault), STRA(says));
  }
  const struct msg_arg more = {"n", cli_number(cli, p->findings - (int64_t)p->found_len)};
  if (p->findings > (int64_t)p->found_len) cli_say(cli, MSG_verify_more, &more, 1);
}
static void show_values(struct cli *cli, const struct event_proof *p) {
  const struct msg_arg erased = {"n", cli_number(cli, p->erased)};
  if (p->erased) cli_say(cli, MSG_verify_erased, &erased, 1);
  for (size_t i = 0; i < p->gone_len; i++)
    printf("  %lld\t" STRF "\n", (long long)p->gone[i].seq, STRA(p->gone[i].field));
  const struct msg_arg sealed[] = {{"n", cli_number(cli, p->sealed)}, {"unopened", cli_number(cli, p->unopened)}};
  if (p->sealed) cli_say(cli, p->unopened ? MSG_verify_unopened : MSG_verify_sealed, sealed, 2);
  const struct msg_arg anchors[] = {{"n", cli_number(cli, p->anchors)}, {"day", p->anchor_day}};
  cli_say(cli, p->anchors ? MSG_verify_anchors : MSG_verify_no_anchor, anchors, 2);
}

bool record_keys(struct str file, struct str db, bool make, struct keys **out, struct err *e) {
  AUTO_ARENA mem = {0};
  size_t n = 0;
  int made = 0;
  if (file.len) return keys_open(file, out, e);
  if (store_is_url(db)) return true;
  const struct str beside = str_join(&mem, db, STR(".keys"));
  if (make) {
    const struct str *names = sealed_compartments(&n);
    TRY(keys_add(beside, names, n, SEAL_SM4, date_iso(&mem, clock_today(clock_now_us())), &made, e));
  }
  return !file_exists(beside) || keys_open(beside, out, e);
}
bool record_open(struct record_opened *o, struct str db, struct str keys, struct err *e) {
  TRY(record_keys(keys, db, false, &o->keys, e));
  return store_open(db, &(struct store_options){.existing = true, .keys = o->keys}, &o->store, e);
}
void record_close(struct record_opened *o) {
  store_close(o->store);
  keys_close(o->keys);
  *o = (struct record_opened){0};
}

static bool verify(struct cli *cli, struct record_opened *o, struct event_proof *out, struct err *e) {
  AUTO_READ *r = store_read_begin(o->store, e);
  return r && event_verify(r, &cli->mem, out, e);
}
int cmd_verify(struct cli *cli, int argc, char **argv) {
  struct str value = {0}, db = {0}, keys = {0};
  struct record_opened o = {0};
  struct event_proof p = {0};
  struct err e = {0};
  for (int c; (c = cli_option(cli, argc, argv, &value)) != -1;) {
    if (c == '?') return CLI_REFUSED;
    *(c == 256 ? &db : &keys) = value;
  }
  if (!db.len) return cli_refuse_msg(cli, MSG_cli_needs_db, NULL, STR(""), 0, NULL, STR(""));
  const bool ok = record_open(&o, db, keys, &e) && verify(cli, &o, &p, &e);
  record_close(&o);
  if (!ok) return cli_refuse(cli, &e);
  const struct msg_arg args[] = {{"events", cli_number(cli, p.events)},
                                 {"hash", p.head},
                                 {"seq", cli_number(cli, p.broken)},
                                 {"n", cli_number(cli, p.findings)}};
  cli_say(cli, p.findings ? MSG_verify_found : MSG_verify_holds, args, COUNT_OF(args));
  show_findings(cli, &p);
  show_values(cli, &p);
  return p.findings ? CLI_FOUND : CLI_CLEAN;
}
