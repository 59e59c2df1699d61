/* Packages, for the system administrator: which are at work, in what version and since when, what their stories came to where they
 * were played, what the check says of them; and levels of clocks that were refused, to be tried again now. */
#include "app/frame.h"
#include "app/systems.h"
#include "app/systems_watch.h"
#include "app/systems_world.h"
#include "app/views_system_help.h"
#include "base/embed.h"
#include "engine/flow/jobs.h"
#include "engine/flow/retry.h"
#include "pages.h"
#include "sql.h"
#include "store/event.h"
#include "texts.h"

enum { DIGEST_SHOWN = 16, FAILED_MOST = 100, COUNTS = 3 };

/* ---- what came of the stories ---- */

static bool next_word(struct str *io, struct str *out) {
  const bool more = str_cut(*io, STR(" "), out, io);
  if (!more) *out = *io, *io = (struct str){0};
  return out->len > 0;
}
/* docs/stories.txt: NAME DIGEST STORY ENGINE passed failed later; they hold for these very files alone. */
static struct str stories_say(struct web_request *rq, const struct flow_system *s) {
  const struct embedded *f = embed_find(STR("docs/stories.txt"));
  const struct str head =
      str_fmt(rq->mem, STRF " " STRF " ", STRA(s->name), STRA(str_slice(s->digest, 0, DIGEST_SHOWN)));
  struct str rest = f ? f->bytes : STR(""), line, word;
  int64_t all[COUNTS] = {0}, n = 0;
  bool found = false;
  while (str_cut(rest, STR("\n"), &line, &rest)) {
    if (!str_starts(line, head)) continue;
    line = str_from(line, head.len);
    found = true;
    (void)next_word(&line, &word), (void)next_word(&line, &word);
    for (int i = 0; i < COUNTS; i++)
      if (next_word(&line, &word) && str_to_int(word, &n)) all[i] += n;
  }
  const struct msg_arg args[] = {
      {"passed", str_int(rq->mem, all[0])}, {"failed", str_int(rq->mem, all[1])}, {"later", str_int(rq->mem, all[2])}};
  return found ? msg_text(rq->mem, rq->lang, MSG_packages_stories, args, COUNT_OF(args))
               : page_text(rq, MSG_packages_not_played);
}

/* ---- all ---- */

static bool fill_rows(struct web_request *rq, struct store *r, struct view_packages *v, struct err *e) {
  const struct flow *f = systems_flow(app_of(rq)->systems);
  for (size_t i = 0; i < f->systems.len; i++) {
    const struct flow_system *s = f->systems.at[i];
    struct sql_system_installed_get is = {0};
    bool there = false;
    TRY(sql_system_installed_get(r, rq->mem, &(struct sql_system_installed_get_in){STORE_TENANT, s->name}, &is, &there,
                                 e));
    vec_push(rq->mem, &v->rows) =
        (struct view_package_row){.href = str_fmt(rq->mem, "/admin/systems/" STRF, STRA(s->name)),
                                  .label = s->system->label.text,
                                  .name = s->name,
                                  .version = str_int(rq->mem, s->system->version.n),
                                  .digest = str_slice(s->digest, 0, DIGEST_SHOWN),
                                  .installed = there ? page_moment_of(rq->mem, is.at_us) : STR(""),
                                  .stories = stories_say(rq, s)};
  }
  return true;
}
/* Of the record only its kind and the clock are told: an administrator sees no records. */
static bool fill_failed(struct web_request *rq, struct store *r, struct view_packages *v, struct err *e) {
  const struct flow *f = systems_flow(app_of(rq)->systems);
  flow_failures all = {0};
  TRY(flow_failed_levels(f, r, rq->mem, FAILED_MOST, &all, e));
  vec_each(const struct flow_failed, x, &all) {
    const struct flow_record *of = flow_record(f, x->record);
    const struct clock *k = of ? part_find(&of->record->clocks, x->clock) : NULL;
    const struct str label =
        of ? str_fmt(rq->mem, STRF " · " STRF, STRA(of->system->system->label.text), STRA(of->record->label.text))
           : x->record;
    vec_push(rq->mem, &v->failed) = (struct view_failed_row){.label = label,
                                                             .clock = k ? k->label.text : x->clock,
                                                             .says = x->says,
                                                             .when = page_moment_of(rq->mem, x->moment),
                                                             .again = page_moment_of(rq->mem, x->again_us),
                                                             .tries = str_int(rq->mem, x->tries)};
  }
  return true;
}
static void packages_json(const struct view_packages *v, struct web_response *rs) {
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "rows", '[');
  vec_each(const struct view_package_row, p, &v->rows) {
    json_open(j, NULL, '{');
    json_str(j, "system", p->name);
    json_str(j, "label", p->label);
    json_str(j, "version", p->version);
    json_str(j, "digest", p->digest);
    json_str(j, "installed", p->installed);
    json_str(j, "stories", p->stories);
    json_close(j, '}');
  }
  json_close(j, ']');
  json_nil(j, "next");
  json_open(j, "failed", '[');
  vec_each(const struct view_failed_row, x, &v->failed) {
    json_open(j, NULL, '{');
    json_str(j, "label", x->label);
    json_str(j, "clock", x->clock);
    json_str(j, "says", x->says);
    json_str(j, "due", x->when);
    json_str(j, "again", x->again);
    json_str(j, "tries", x->tries);
    json_close(j, '}');
  }
  json_close(j, ']');
  json_close(j, '}');
}
static bool show_packages(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct view_packages v = {.lang = rq->lang, .title = page_text(rq, MSG_packages_title)};
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  TRY(fill_rows(rq, r, &v, e) && fill_failed(rq, r, &v, e));
  if (rq->json) {
    packages_json(&v, rs);
    return true;
  }
  v.f = page_frame(rq, v.title, PAGE_PACKAGES, NULL);
  v.said = page_said(rq);
  v.retry = STR("/admin/systems/retry");
  page_packages(&rs->body, &v);
  return true;
}

/* ---- one ---- */

static void fact(struct web_request *rq, view_hlines *list, int label, struct str says) {
  vec_push(rq->mem, list) = (struct view_hline){page_text(rq, label), says, {0}};
}
static void fill_faults(struct web_request *rq, const struct flow_system *s, struct view_package *v) {
  struct faults told = {.mem = rq->mem};
  struct package again = s->package;
  again.system = NULL;
  package_check(&told, &again, STR(""), systems_world_of(app_of(rq)->systems));
  for (size_t i = 0; i < told.all.len; i++) {
    const struct fault *x = &told.all.at[i];
    const struct str says =
        msg_text(rq->mem, rq->lang, x->msg ? x->msg : fault_sentence(x->code), x->args, x->arg_count);
    vec_push(rq->mem, &v->faults) = (struct view_hline){
        str_of(fault_word(x->code)), says, str_fmt(rq->mem, STRF ":%d:%d", STRA(x->file), x->at.line, x->at.column)};
  }
}
/* What the last upgrade did to records, and what was saved since but not taken over. */
static bool fill_upgrade(struct web_request *rq, struct store *r, const struct flow_system *s, struct view_package *v,
                         struct err *e) {
  struct sql_flow_upgrade_get at = {0};
  struct systems_news news = {0};
  bool there = false;
  TRY(sql_flow_upgrade_get(r, rq->mem, &(struct sql_flow_upgrade_get_in){STORE_TENANT, s->name}, &at, &there, e));
  const struct msg_arg args[] = {
      {"way", str_fmt(rq->mem, "%lld → %lld", (long long)at.from_version, (long long)at.version)},
      {"when", page_moment_of(rq->mem, at.done_us)},
      {"changed", str_int(rq->mem, at.changed)},
      {"moved", str_int(rq->mem, at.moved)}};
  if (there)
    fact(rq, &v->facts, MSG_packages_upgrade, msg_text(rq->mem, rq->lang, MSG_packages_upgraded, args, COUNT_OF(args)));
  if (app_of(rq)->watch) systems_watch_news(app_of(rq)->watch, rq->mem, rq->lang, &news);
  if (news.is_broken) fact(rq, &v->facts, MSG_packages_refused, news.text);
  return true;
}
static bool fill_package(struct web_request *rq, struct store *r, const struct flow_system *s, struct view_package *v,
                         struct err *e) {
  struct sql_system_installed_get is = {0};
  bool there = false;
  struct str uses = STR("");
  TRY(sql_system_installed_get(r, rq->mem, &(struct sql_system_installed_get_in){STORE_TENANT, s->name}, &is, &there,
                               e));
  vec_each(const struct uses, u, &s->system->uses) uses = page_listed(rq->mem, rq->lang, uses, u->head.name.text);
  fact(rq, &v->facts, MSG_packages_version, str_int(rq->mem, s->system->version.n));
  if (there) fact(rq, &v->facts, MSG_packages_installed, page_moment_of(rq->mem, is.at_us));
  TRY(fill_upgrade(rq, r, s, v, e));
  fact(rq, &v->facts, MSG_packages_uses, uses.len ? uses : page_text(rq, MSG_packages_none));
  fact(rq, &v->facts, MSG_packages_files, str_int(rq->mem, (int64_t)s->package.files.len));
  fact(rq, &v->facts, MSG_packages_played, stories_say(rq, s));
  vec_each(const struct flow_record, x, &s->records) {
    const struct msg_arg args[] = {{"fields", str_int(rq->mem, (int64_t)x->fields.len)},
                                   {"states", str_int(rq->mem, (int64_t)x->record->states.len)},
                                   {"acts", str_int(rq->mem, (int64_t)x->record->acts.len)}};
    vec_push(rq->mem, &v->records) = (struct view_hline){
        x->record->label.text, msg_text(rq->mem, rq->lang, MSG_packages_record, args, COUNT_OF(args)), x->table};
  }
  fill_faults(rq, s, v);
  return true;
}
void views_help_lines(struct json_out *j, const char *name, const view_hlines *list) {
  json_open(j, name, '[');
  vec_each(const struct view_hline, x, list) {
    json_open(j, NULL, '{');
    json_str(j, "label", x->label);
    json_str(j, "says", x->says);
    if (x->about.len) json_str(j, "about", x->about);
    json_close(j, '}');
  }
  json_close(j, ']');
}
static bool show_package(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct view_package v = {.lang = rq->lang};
  const struct flow_system *s = flow_system(systems_flow(app_of(rq)->systems), web_param(rq, "system"));
  if (!s) return fail(e, ERR_NOT_FOUND, MSG_systems_no_system);
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r) return false;
  v.title = s->system->label.text;
  v.digest = s->digest;
  TRY(fill_package(rq, r, s, &v, e));
  if (rq->json) {
    struct json_out *j = web_json(rs);
    json_open(j, NULL, '{');
    json_open(j, "data", '{');
    json_str(j, "system", s->name);
    json_str(j, "label", v.title);
    json_str(j, "digest", v.digest);
    views_help_lines(j, "facts", &v.facts);
    views_help_lines(j, "records", &v.records);
    views_help_lines(j, "faults", &v.faults);
    json_close(j, '}');
    json_close(j, '}');
    return true;
  }
  v.f = page_frame(rq, v.title, PAGE_PACKAGES, NULL);
  v.back = v.f.back = STR("/admin/systems");
  page_package(&rs->body, &v);
  return true;
}

/* ---- again ---- */

struct retrying {
  struct web_request *rq;
  int64_t n;
};
static bool retry_all(struct store *tx, void *arg, struct err *e) {
  struct retrying *w = arg;
  TRY(flow_retry_levels(tx, w->rq->now_us, &w->n, e));
  struct event ev = {.at_us = w->rq->now_us,
                     .valid = STR(""),
                     .actor = w->rq->actor,
                     .record = STR("system"),
                     .id = STR("clocks"),
                     .act = STR("retry"),
                     .from = STR(""),
                     .to = STR("")};
  event_add(&ev, STR("n"), str_int(w->rq->mem, w->n));
  return !w->n || event_append(tx, w->rq->mem, &ev, NULL, e);
}
static bool retry(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct retrying w = {.rq = rq};
  TRY(store_write(app_of(rq)->store, retry_all, &w, e));
  if (!rq->json) {
    web_redirect(rs, STR("/admin/systems"));
    return true;
  }
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_int(j, "tried", w.n);
  json_close(j, '}');
  json_close(j, '}');
  return true;
}

const struct route page_packages_routes[] = {
    {GET, "/admin/systems", "system.manage", show_packages, "packages at work, and levels of clocks that were refused",
     .query = NULL},
    {GET, "/admin/systems/{system}", "system.manage", show_package, "one package: version, digest, check, stories",
     .query = NULL},
    {POST, "/admin/systems/retry", "system.manage", retry, "refused levels are tried again at once", .form = ""},
    {0},
};
