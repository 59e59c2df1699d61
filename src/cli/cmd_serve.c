/* `gangmu serve`: opens the database, listens, prints the address, and ends in order at SIGTERM or SIGINT: requests in
 * flight are answered, the queue of the store is written, the database is closed. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

#include "app/app.h"
#include "app/demo.h"
#include "app/page.h"
#include "base/clock.h"
#include "base/log.h"
#include "cli/serve.h"
#include "texts.h"

enum { OPTION_DB = 256, OPTION_LISTEN, OPTION_DEMO, OPTION_LOG, STOP_SECONDS = 10 };
const struct cli_option cmd_serve_options[] = {{"db", 0, "FILE", MSG_cli_option_db},
                                               {"listen", 0, "ADDR:PORT", MSG_cli_option_listen},
                                               {"demo", 0, NULL, MSG_cli_option_demo},
                                               {"log", 0, "LEVEL", MSG_cli_option_log},
                                               {0}};

struct settings {
  struct str db, listen;
  enum log_level log;
  bool demo;
};

static bool log_level_of(struct str word, enum log_level *out) {
  static const char *const words[] = {"debug", "info", "warn", "error"};
  for (int i = 0; i < 4; i++) {
    if (!str_eqz(word, words[i])) continue;
    *out = (enum log_level)i;
    return true;
  }
  return false;
}
static bool read_settings(struct cli *cli, int argc, char **argv, struct settings *s) {
  struct str value = {0};
  *s = (struct settings){.listen = STR("127.0.0.1:8080"), .log = LOG_INFO};
  for (int c; (c = cli_option(cli, argc, argv, &value)) != -1;) {
    if (c == OPTION_DB) s->db = value;
    else if (c == OPTION_LISTEN) s->listen = value;
    else if (c == OPTION_DEMO) s->demo = true;
    else if (c != OPTION_LOG || !log_level_of(value, &s->log)) return false;
  }
  if (s->db.len) return true;
  (void)cli_refuse_msg(cli, MSG_cli_needs_db, NULL, STR(""), 0, NULL, STR(""));
  return false;
}
/* 127.0.0.1:8080, [::1]:8080 */
static bool read_address(struct arena *mem, struct str listen, struct web_config *config, struct err *e) {
  const size_t colon = str_rfind(listen, STR(":"));
  int64_t port = 0;
  struct str host = colon == STR_NONE ? STR("") : str_slice(listen, 0, colon);
  const bool ok = colon != STR_NONE && str_to_int(str_from(listen, colon + 1), &port) && port >= 0 && port <= 65535;
  if (str_starts(host, STR("[")) && str_ends(host, STR("]"))) host = str_slice(host, 1, host.len - 1);
  if (str_eqz(host, "localhost")) host = STR("127.0.0.1");
  if (!ok || !host.len) return fail(e, ERR_INVALID, MSG_web_bad_address, "address", listen);
  config->address = str_z(mem, host);
  config->port = (uint16_t)port;
  return true;
}
static void announce(struct cli *cli, const struct web_config *config, struct web *web) {
  const bool six = strchr(config->address, ':') != NULL;
  const struct str url =
      str_fmt(&cli->mem, six ? "http://[%s]:%d/" : "http://%s:%d/", config->address, (int)web_port(web));
  const struct msg_arg arg = {"address", url};
  const struct str text = msg_text(&cli->mem, cli->lang, MSG_serve_ready, &arg, 1);
  printf(STRF "\n", STRA(text));
  (void)fflush(stdout);
  log_event(LOG_INFO, "listen", "address", url);
}
static bool start(struct cli *cli, const struct settings *set, struct opened *o, struct app *app, struct web **out,
                  struct err *e) {
  struct web_config config = {.routes = app_tables, .actor = app_local_actor(), .error_page = page_error};
  struct demo_count count = {0};
  TRY(read_address(&cli->mem, set->listen, &config, e));
  TRY(opened_begin(o, set->db, false, e));
  if (set->demo) TRY(demo_load(o->plans, clock_now_us(), &count, e));
  TRY(app_secret(o->store, config.secret, e));
  *app = (struct app){.store = o->store, .plans = o->plans};
  config.app = app;
  TRY(web_start(&config, out, e));
  announce(cli, &config, *out);
  return true;
}
int cmd_serve(struct cli *cli, int argc, char **argv) {
  struct settings set;
  struct opened o = {0};
  struct app app = {0};
  struct web *web = NULL;
  struct err e = {0};
  sigset_t ends;
  int got = 0;
  if (!read_settings(cli, argc, argv, &set)) return CLI_REFUSED;
  log_set_level(set.log);
  (void)sigemptyset(&ends);
  (void)sigaddset(&ends, SIGTERM);
  (void)sigaddset(&ends, SIGINT);
  (void)pthread_sigmask(SIG_BLOCK, &ends, NULL); /* inherited by every thread: only sigwait sees them */
  const bool ok = start(cli, &set, &o, &app, &web, &e);
  if (ok) {
    (void)sigwait(&ends, &got);
    log_event(LOG_INFO, "stop", "signal", got == SIGTERM ? STR("TERM") : STR("INT"));
    web_stop(web, STOP_SECONDS);
  }
  opened_end(&o);
  return ok ? CLI_CLEAN : cli_refuse(cli, &e);
}
