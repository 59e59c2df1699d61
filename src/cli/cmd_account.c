/* `gangmu account --db DATABASE`: who may sign in; `--reset LOGIN`: a new one-time password. For whoever has the database
 * itself, when an administrator has lost a password; the reset is an event like any other. */
#include <stdio.h>

#include "app/accounts.h"
#include "base/clock.h"
#include "cli/cli.h"
#include "texts.h"

const struct cli_option cmd_account_options[] = {
    {"db", 0, "DATABASE", MSG_cli_option_db}, {"reset", 0, "LOGIN", MSG_cli_option_account_reset}, {0}};

enum { OPTION_DB = 256, OPTION_RESET };

static bool read_options(struct cli *cli, int argc, char **argv, struct str *db, struct str *login) {
  struct str value = {0};
  for (int c; (c = cli_option(cli, argc, argv, &value)) != -1;) {
    if (c == OPTION_DB) *db = value;
    else if (c == OPTION_RESET) *login = value;
    else return false;
  }
  if (db->len) return true;
  (void)cli_refuse_msg(cli, MSG_cli_needs_db, NULL, STR(""), 0, NULL, STR(""));
  return false;
}
static bool show_all(struct cli *cli, struct accounts *a, struct err *e) {
  account_rows rows = {0};
  TRY(accounts_list(a, &cli->mem, STR(""), SIZE_MAX, &rows, e));
  vec_each(const struct account_row, r, &rows) {
    printf("%-24.*s %-10.*s %-8.*s " STRF "\n", STRA(r->login), STRA(r->admin.len ? r->admin : STR("-")),
           STRA(r->state), STRA(r->name));
  }
  return true;
}
static bool reset(struct cli *cli, struct accounts *a, struct str login, struct err *e) {
  struct str password = {0};
  TRY(accounts_reset(a, &cli->mem, login, STR("gangmu account"), clock_now_us(), &password, e));
  const struct msg_arg args[] = {{"login", login}, {"password", password}};
  const struct str text = msg_text(&cli->mem, cli->lang, MSG_account_reset_done, args, COUNT_OF(args));
  printf(STRF "\n", STRA(text));
  return true;
}
int cmd_account(struct cli *cli, int argc, char **argv) {
  struct str db = {0}, login = {0};
  struct store *store = NULL;
  struct accounts *a = NULL;
  struct err e = {0};
  if (!read_options(cli, argc, argv, &db, &login)) return CLI_REFUSED;
  const bool ok = store_open(db, &(struct store_options){.existing = true}, &store, &e) &&
                  accounts_start(store, false, &a, &e) && (login.len ? reset(cli, a, login, &e) : show_all(cli, a, &e));
  accounts_stop(a);
  store_close(store);
  return ok ? CLI_CLEAN : cli_refuse(cli, &e);
}
