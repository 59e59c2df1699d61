/* `gangmu serve`: opens the database, listens, prints the address, and ends in order at SIGTERM or SIGINT: requests in
 * flight are answered, the queue of the store is written, the database is closed. SIGHUP reads the certificate again. */
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>

#include "app/app.h"
#include "app/clockwork.h"
#include "app/demo.h"
#include "app/demo_work.h"
#include "app/notices.h"
#include "app/org.h"
#include "app/org_sheets.h"
#include "app/page.h"
#include "app/systems_start.h"
#include "app/systems_watch.h"
#include "app/table.h"
#include "base/clock.h"
#include "base/log.h"
#include "cli/record.h"
#include "cli/serve.h"
#include "cli/serve_story.h"
#include "cli/settings.h"
#include "store/anchor.h"
#include "texts.h"

const struct cli_option cmd_serve_options[] = {SETTING_OPTIONS};

static void fill_config(struct cli *cli, const struct settings *set, struct web_config *config) {
  struct str host = {0};
  setting_names nets = {0}, hosts = {0};
  (void)peer_listen_parse(setting_text(set, SET_listen), &host, &config->port); /* was checked */
  setting_list(&cli->mem, set, SET_proxy, &nets);
  setting_list(&cli->mem, set, SET_hosts, &hosts);
  struct peer_net *proxies = arena_new_n(&cli->mem, struct peer_net, nets.len);
  for (size_t i = 0; i < nets.len; i++) (void)peer_net_parse(nets.at[i], &proxies[i]);
  config->address = str_z(&cli->mem, host);
  config->certificate = setting_text(set, SET_tls_certificate);
  config->key = setting_text(set, SET_tls_key);
  config->proxies = proxies;
  config->proxy_count = nets.len;
  config->vouch_header = setting_text(set, SET_sign_in_header);
  config->hosts = hosts.at;
  config->host_count = hosts.len;
  config->metrics_token = setting_text(set, SET_metrics_token);
  config->connections = setting_number(set, SET_connections);
  config->per_address = setting_number(set, SET_per_address);
  config->header_seconds = setting_number(set, SET_header_seconds);
  config->idle_seconds = setting_number(set, SET_idle_seconds);
}
/* Once, to whoever started the server: nothing of it is kept in the clear. */
static void show_first(struct cli *cli, const struct first_admins *first) {
  if (!first->login[0].len) return;
  const struct str text = msg_text(&cli->mem, cli->lang, MSG_account_first, NULL, 0);
  printf(STRF "\n", STRA(text));
  for (int i = 0; i < FIRST_ADMINS; i++)
    printf("    %-10.*s  " STRF "\n", STRA(first->login[i]), STRA(first->password[i]));
  (void)fflush(stdout);
}
/* What came of a save, for whoever wrote it. */
static void say_saved(void *arg, struct str text) {
  (void)arg;
  printf(STRF, STRA(text));
  (void)fflush(stdout);
}
/* A demonstration is never reached from elsewhere (settings.c): somebody tries declarations out at their own machine, and nobody
 * else's work hangs on them. */
static bool is_developing(const struct settings *set, const struct story_server *story) {
  return setting_flag(set, SET_demo) && setting_text(set, SET_systems).len && !story;
}
static bool watch(struct cli *cli, const struct settings *set, struct app *app, struct web_config *config,
                  struct err *e) {
  const struct systems_watch_order order = {
      .app = app, .dir = setting_text(set, SET_systems), .lang = cli->lang, .say = say_saved};
  config->identify = systems_watch_identify;
  config->ended = systems_watch_ended;
  return systems_watch_start(&order, &app->watch, e);
}
static void announce(struct cli *cli, const struct web_config *config, struct web *web) {
  const bool six = strchr(config->address, ':') != NULL;
  const struct str url = str_fmt(&cli->mem, six ? "%s://[%s]:%d/" : "%s://%s:%d/",
                                 config->certificate.len ? "https" : "http", config->address, (int)web_port(web));
  const struct msg_arg arg = {"address", url};
  const struct str text = msg_text(&cli->mem, cli->lang, MSG_serve_ready, &arg, 1);
  printf(STRF "\n", STRA(text));
  (void)fflush(stdout);
  log_event(LOG_INFO, "listen", "address", url);
}
static void say(struct cli *cli, int msg) {
  const struct str text = msg_text(&cli->mem, cli->lang, msg, NULL, 0);
  printf(STRF "\n", STRA(text));
  (void)fflush(stdout);
}
static void say_watched(struct cli *cli, struct str dir) {
  const struct str text = msg_text(&cli->mem, cli->lang, MSG_develop_watched, &(struct msg_arg){"dir", dir}, 1);
  printf(STRF "\n", STRA(text));
  (void)fflush(stdout);
}
/* Into a database that has never had it; what people did with it since stays. */
static bool load_demo(struct opened *o, bool *out_new, struct err *e) {
  struct demo_count count = {0};
  bool there = false;
  TRY(demo_is_there(o->store, &there, e));
  *out_new = !there;
  return there || demo_load(o->plans, false, clock_now_us(), &count, e);
}
/* What falls due when a story's clock moves. */
static bool story_day(void *arg, int64_t until_us, struct err *e) {
  const struct app *app = arg;
  return org_new_day(app->store, until_us, e) && clockwork_run(app->systems, app->store, until_us, e);
}
static bool story_recount(void *arg, struct err *e) {
  const struct app *app = arg;
  return clockwork_recount(app->systems, app->store, e);
}
static bool story_rows(void *arg, struct err *e) {
  const struct app *app = arg;
  struct demo_work_count count = {0};
  return demo_load_work(app->systems, app->store, clock_now_us(), &count, e);
}
static bool open_store(const struct settings *set, struct opened *o, struct story_server *story, struct err *e) {
  struct store_options options = {.readers = setting_number(set, SET_readers)};
  TRY(record_keys(setting_text(set, SET_keys), setting_text(set, SET_db), true, &o->keys, e));
  options.keys = o->keys;
  if (story) options.inject = story_server_inject, options.inject_arg = story;
  TRY(opened_with(o, setting_text(set, SET_db), &options, (size_t)setting_number(set, SET_cache_mb) << 20, e));
  return !story || story_server_claim(o->store, setting_text(set, SET_db), e);
}
static bool start(struct cli *cli, const struct settings *set, struct opened *o, struct app *app,
                  struct story_server *story, struct web **out, struct err *e) {
  struct web_config config = {
      .routes = app_tables, .identify = accounts_identify, .decide = app_decide, .error_page = page_error};
  struct first_admins first = {0};
  const bool demo = setting_flag(set, SET_demo);
  struct demo_work_count work = {0};
  bool is_new_demo = false;
  fill_config(cli, set, &config);
  TRY(app_acts_known(e));
  TRY(open_store(set, o, story, e));
  TRY(org_new_day(o->store, clock_now_us(), e));
  if (demo) TRY(load_demo(o, &is_new_demo, e));
  TRY(accounts_seal_factors(o->store, clock_now_us(), e) && org_drafts_forget_bare(o->store, e));
  TRY(accounts_start(o->store, demo, &app->accounts, e));
  if (!demo) TRY(accounts_first(app->accounts, &cli->mem, clock_now_us(), &first, e));
  TRY(app_secret(o->store, config.secret, e));
  app->store = o->store;
  app->plans = o->plans;
  app->kept = table_kept_new();
  app->notices = notices_new();
  TRY(systems_start(o->store, setting_text(set, SET_systems), clock_now_us(), &app->systems, e));
  if (is_new_demo) TRY(demo_load_work(app->systems, o->store, clock_now_us(), &work, e));
  if (!story) TRY(clockwork_start(app->systems, o->store, &app->clocks, e)); /* a story's socket drives its clocks */
  app->demo = demo;
  app->vouched = setting_text(set, SET_sign_in_header).len > 0;
  app->authority = setting_text(set, SET_authority);
  if (demo && !app->authority.len) TRY(demo_authority(&cli->mem, &app->authority, e));
  app->anchor_key = setting_text(set, SET_anchor_key);
  config.app = app;
  if (is_developing(set, story)) TRY(watch(cli, set, app, &config, e));
  TRY(web_start(&config, out, e));
  const struct story_server_host host = {app, story_day, story_recount, story_rows};
  if (story) TRY(story_server_start(story, setting_text(set, SET_story), &host, e));
  announce(cli, &config, *out);
  if (demo) say(cli, MSG_serve_ready_demo);
  if (app->watch) say_watched(cli, setting_text(set, SET_systems));
  show_first(cli, &first);
  return true;
}
/* What is done when a day begins; each as soon as it can be, else again in a minute. */
struct daily {
  struct store *store;
  struct str anchor_key;
  struct date told, anchored; /* days for which it was done */
  bool outside;               /* anchors are made by somebody else */
};
/* What was told ahead of its day comes to hold. */
static void follow_tree(struct daily *d, int64_t now) {
  struct err e = {0};
  if (!date_cmp(d->told, clock_today(now))) return;
  if (org_new_day(d->store, now, &e)) d->told = clock_today(now);
  else log_event(LOG_WARN, "new day", "code", str_of(err_word(e.code)));
}
static void follow_anchor(struct daily *d, int64_t now) {
  AUTO_ARENA mem = {0};
  const struct anchor_order order = {msg_template(LANG_ZH, MSG_anchor_server), d->anchor_key, now};
  struct anchor a = {0};
  struct err e = {0};
  bool is_new = false;
  if (d->outside || !date_cmp(d->anchored, clock_today(now))) return;
  if (anchor_daily(d->store, &mem, &order, &a, &is_new, &e)) d->anchored = clock_today(now);
  else log_event(LOG_WARN, "anchor", "code", str_of(err_word(e.code)));
  if (is_new) log_event(LOG_INFO, "anchor", "day", a.day);
}
/* Returns the signal that ends the program; looks at the calendar every minute. */
static int wait_for_end(const sigset_t *signals, struct web *web, struct daily *daily) {
  const struct timespec minute = {.tv_sec = 60};
  for (;;) {
    follow_tree(daily, clock_now_us());
    follow_anchor(daily, clock_now_us());
    const int got = sigtimedwait(signals, NULL, &minute);
    if (got == SIGHUP) web_renew(web);
    else if (got > 0) return got;
  }
}
static void block(sigset_t *signals) {
  (void)sigemptyset(signals);
  (void)sigaddset(signals, SIGTERM);
  (void)sigaddset(signals, SIGINT);
  (void)sigaddset(signals, SIGHUP);
  (void)pthread_sigmask(SIG_BLOCK, signals, NULL); /* inherited by every thread: only sigwait sees them */
}
/* A connection has a thread of its own. The ordinary policy lets the one that wakes take the place of the one that works, so
 * that many half done requests take turns; this one lets each run to its end (sched(7)). Advice: without it all is well. */
static void run_to_the_end(void) { (void)sched_setscheduler(0, SCHED_BATCH, &(struct sched_param){0}); }

int cmd_serve(struct cli *cli, int argc, char **argv) {
  struct settings set;
  struct opened o = {0};
  struct app app = {0};
  struct web *web = NULL;
  struct story_server *story = NULL;
  struct err e = {0};
  sigset_t signals;
  if (!settings_read(cli, argc, argv, &set)) return CLI_REFUSED;
  if (set.problems.len) return setting_refuse(cli, &set.problems.at[0]);
  log_set_level((enum log_level)setting_level(&set));
  block(&signals);
  run_to_the_end(); /* threads that are started later take it over */
  if (setting_text(&set, SET_story).len) story = story_server_new();
  const bool ok = start(cli, &set, &o, &app, story, &web, &e);
  if (ok) {
    struct daily daily = {.store = o.store,
                          .anchor_key = app.anchor_key,
                          .told = clock_today(clock_now_us()),
                          .outside = setting_flag(&set, SET_anchor_outside)};
    const int got = wait_for_end(&signals, web, &daily);
    log_event(LOG_INFO, "stop", "signal", got == SIGTERM ? STR("TERM") : STR("INT"));
    story_server_stop(story);
    story = NULL;
    web_stop(web, setting_number(&set, SET_stop_seconds));
  }
  story_server_stop(story);
  systems_watch_stop(app.watch);
  table_kept_drop(app.kept);
  notices_drop(app.notices);
  clockwork_stop(app.clocks);
  systems_stop(app.systems);
  accounts_stop(app.accounts);
  opened_end(&o);
  return ok ? CLI_CLEAN : cli_refuse(cli, &e);
}
