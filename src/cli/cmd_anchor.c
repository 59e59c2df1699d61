/* `gangmu anchor`: fixes the record once a day, prints the sheet, and checks a printed one against the chain. */
#include <stdio.h>
#include <unistd.h>

#include "app/sheet.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/sm2.h"
#include "cli/cli.h"
#include "cli/record.h"
#include "texts.h"

enum { OPTION_DB = 256, OPTION_KEY, OPTION_DAY, OPTION_FORMAT, OPTION_OUT, OPTION_SEQ, OPTION_HASH };
const struct cli_option cmd_anchor_options[] = {
    {"db", 0, "DATABASE", MSG_cli_option_db},       {"key", 0, "FILE", MSG_cli_option_sm2},
    {"day", 0, "DAY", MSG_cli_option_day},          {"format", 0, "text|docx", MSG_cli_option_format},
    {"output", 'o', "FILE", MSG_cli_option_output}, {"seq", 0, "N", MSG_cli_option_seq},
    {"hash", 0, "HEX", MSG_cli_option_hash},        {0}};
enum verb { VERB_KEY, VERB_MAKE, VERB_PRINT, VERB_CHECK };

struct order {
  struct str db, key, day, out, hash;
  int64_t seq;
  bool docx;
};
static bool take(struct order *o, int option, struct str value) {
  switch (option) {
    case OPTION_DB: o->db = value; return true;
    case OPTION_KEY: o->key = value; return true;
    case OPTION_DAY: o->day = value; return true;
    case OPTION_SEQ: return str_to_int(value, &o->seq);
    case OPTION_HASH: o->hash = value; return true;
    case OPTION_FORMAT: o->docx = str_eqz(value, "docx"); return o->docx || str_eqz(value, "text");
    default: o->out = value; return true;
  }
}
static bool is_complete(const struct order *o, enum verb verb) {
  if (verb == VERB_KEY) return o->key.len > 0;
  return o->db.len && (verb != VERB_CHECK || (o->seq > 0 && o->hash.len) || (o->day.len && o->key.len));
}
static bool read_order(struct cli *cli, int argc, char **argv, enum verb verb, struct order *o) {
  struct str value = {0};
  bool ok = true;
  for (int c; ok && (c = cli_option(cli, argc, argv, &value)) != -1;) {
    if (c == '?') return false;
    ok = take(o, c, value);
  }
  if (ok && is_complete(o, verb)) return true;
  (void)cli_refuse_msg(cli, MSG_cli_usage, "usage", str_of(cli->command->usage), 0, NULL, STR(""));
  return false;
}

/* FILE, private, and FILE.pub to give away. */
static bool make_key(struct cli *cli, const struct order *o, struct err *e) {
  struct str secret = {0}, open = {0};
  const struct str beside = str_join(&cli->mem, o->key, STR(".pub"));
  if (file_exists(o->key)) return fail(e, ERR_CONFLICT, MSG_copy_target_there, "file", o->key);
  TRY(sm2_new(&cli->mem, &secret, &open, e));
  TRY(file_write_private(o->key, secret, e));
  TRY(file_write(beside, open, e));
  const struct msg_arg args[] = {{"file", o->key}, {"public", beside}};
  cli_say(cli, MSG_anchor_key_made, args, 2);
  return true;
}
static bool make(struct cli *cli, struct store *st, const struct order *o, struct err *e) {
  const struct anchor_order order = {cli_actor(), o->key, clock_now_us()};
  struct anchor a = {0};
  bool is_new = false;
  TRY(anchor_make(st, &cli->mem, &order, &a, &is_new, e));
  const struct msg_arg args[] = {{"day", a.day}, {"seq", cli_number(cli, a.seq)}, {"hash", a.hash}};
  cli_say(cli, is_new ? MSG_anchor_made : MSG_anchor_there, args, 3);
  return true;
}
static bool print(struct cli *cli, struct store *st, const struct order *o, struct err *e) {
  struct anchor a = {0};
  struct str bytes = {0};
  AUTO_READ *r = store_read_begin(st, e);
  if (!r || !anchor_get(r, &cli->mem, o->day, &a, e)) return false;
  if (o->docx) TRY(sheet_docx(&cli->mem, cli->lang, &a, &bytes, e));
  else bytes = sheet_text(&cli->mem, cli->lang, &a);
  return cli_write(cli, o->out, bytes, o->docx, e);
}

/* What a printed sheet says against the chain. */
static bool check_hash(struct cli *cli, struct store *r, const struct order *o, bool *out_good, struct err *e) {
  static const int says[] = {MSG_anchor_agrees, MSG_anchor_differs, MSG_anchor_cut};
  enum anchor_answer answer = ANCHOR_DIFFERS;
  int64_t last = 0;
  TRY(anchor_ask(r, &cli->mem, o->seq, o->hash, &answer, &last, e));
  const struct msg_arg args[] = {{"seq", cli_number(cli, o->seq)}, {"last", cli_number(cli, last)}};
  cli_say(cli, says[answer], args, 2);
  *out_good = answer == ANCHOR_AGREES;
  return true;
}
static bool check_signature(struct cli *cli, struct store *r, const struct order *o, bool *out_good, struct err *e) {
  struct anchor a = {0};
  TRY(anchor_get(r, &cli->mem, o->day, &a, e));
  TRY(sm2_holds(o->key, &cli->mem, anchor_text(&cli->mem, &a), a.signature, out_good, e));
  const struct msg_arg args[] = {{"day", a.day}, {"signer", a.signer}};
  cli_say(cli, *out_good ? MSG_anchor_signed : MSG_anchor_not_signed, args, 2);
  return true;
}
static bool check(struct cli *cli, struct store *st, const struct order *o, bool *out_good, struct err *e) {
  bool hash = true, signature = true;
  AUTO_READ *r = store_read_begin(st, e);
  if (!r) return false;
  if (o->hash.len) TRY(check_hash(cli, r, o, &hash, e));
  if (o->day.len && o->key.len) TRY(check_signature(cli, r, o, &signature, e));
  *out_good = hash && signature;
  return true;
}
static bool with_database(struct cli *cli, enum verb verb, const struct order *o, bool *out_good, struct err *e) {
  struct record_opened r = {0};
  const bool ok = record_open(&r, o->db, STR(""), e) && (verb == VERB_MAKE    ? make(cli, r.store, o, e)
                                                         : verb == VERB_PRINT ? print(cli, r.store, o, e)
                                                                              : check(cli, r.store, o, out_good, e));
  record_close(&r);
  return ok;
}
int cmd_anchor(struct cli *cli, int argc, char **argv) {
  static const char *const words[] = {"key", "make", "print", "check"};
  struct order o = {0};
  struct err e = {0};
  bool good = true;
  const int verb = cli_verb(cli, argc, argv, words, COUNT_OF(words));
  if (verb < 0 || !read_order(cli, argc - 1, argv + 1, (enum verb)verb, &o)) return CLI_REFUSED;
  const bool ok = verb == VERB_KEY ? make_key(cli, &o, &e) : with_database(cli, (enum verb)verb, &o, &good, &e);
  if (!ok) return cli_refuse(cli, &e);
  return good ? CLI_CLEAN : CLI_FOUND;
}
