/* The run as one file that can be sent around: no address in it leads anywhere, its styles are those of the program. */
#include "app/views_story.h"
#include "base/clock.h"
#include "base/embed.h"
#include "cli/scenario.h"
#include "pages.h"
#include "texts.h"

static struct str verdict_says(struct cli *cli, enum step_verdict v) {
  static const int msgs[] = {MSG_scenario_verdict_passed, MSG_scenario_verdict_failed, MSG_scenario_verdict_not_yet,
                             MSG_scenario_verdict_left_out};
  return msg_template(cli->lang, msgs[v]);
}
static struct str moment_says(struct cli *cli, int64_t us) {
  const struct str at = clock_rfc3339(&cli->mem, us);
  return str_fmt(&cli->mem, STRF " " STRF, STRA(str_slice(at, 0, 10)), STRA(str_slice(at, 11, 16)));
}
static void fill_step(struct cli *cli, const struct step_result *r, struct view_story_step *out) {
  *out = (struct view_story_step){.no = r->no,
                                  .at = moment_says(cli, r->at_us),
                                  .say = r->say,
                                  .who = r->who,
                                  .what = r->what,
                                  .needs = r->needs,
                                  .verdict = verdict_says(cli, r->verdict),
                                  .passed = r->verdict == STEP_PASSED,
                                  .failed = r->verdict == STEP_FAILED,
                                  .later = r->verdict == STEP_NOT_YET};
  vec_each(const struct miss, m, &r->misses)
    vec_push(&cli->mem, &out->misses) = (struct view_story_miss){m->expected, m->got, m->why};
}
static void fill_story(struct cli *cli, const struct story_result *s, struct view_story *out) {
  const struct msg_arg args[] = {{"file", s->file},
                                 {"engine", s->engine},
                                 {"passed", str_int(&cli->mem, s->passed)},
                                 {"failed", str_int(&cli->mem, s->failed)},
                                 {"later", str_int(&cli->mem, s->not_yet)}};
  out->title = s->title.len ? s->title : s->file;
  out->file = s->file;
  out->sum = msg_text(&cli->mem, cli->lang, MSG_scenario_page_sum, args, COUNT_OF(args));
  out->broken = s->broken;
  out->good = !s->failed;
  vec_each(__typeof__(struct step_result *), r, &s->steps) fill_step(cli, *r, &vec_push(&cli->mem, &out->steps));
}
/* The style sheets of the program, in the order of their names, as they are served. */
static void put_styles(struct buf *out) {
  size_t n = 0;
  const struct embedded *all = embed_all(&n);
  for (size_t i = 0; i < n; i++) {
    const struct str path = str_of(all[i].path);
    if (str_starts(path, STR("ui/css/")) && str_ends(path, STR(".css"))) buf_str(out, all[i].bytes);
  }
}
bool report_page(struct cli *cli, const run_results *all, struct buf *out, struct err *e) {
  struct view_story_page v = {.lang = cli->lang, .when = moment_says(cli, clock_now_us())};
  vec_each(const struct run_result, r, all) {
    struct view_story_run *run = &vec_push(&cli->mem, &v.runs);
    *run = (struct view_story_run){.label = r->system->label.text, .dir = r->dir, .summary = r->system->summary.text};
    vec_each(const struct story_result, s, &r->stories) fill_story(cli, s, &vec_push(&cli->mem, &run->stories));
    vec_each(const struct str, u, &r->untouched) vec_push(&cli->mem, &run->untouched) = *u;
  }
  buf_fmt(out, "<!doctype html><html lang=\"%s\"><head><meta charset=\"utf-8\"><title>" STRF "</title>",
          cli->lang == LANG_ZH ? "zh-CN" : "en", STRA(msg_template(cli->lang, MSG_scenario_page_title)));
  buf_z(out, "<meta name=\"viewport\" content=\"width=device-width\"><style>");
  put_styles(out);
  buf_z(out, "</style></head><body>");
  page_scenario_record(out, &v);
  buf_z(out, "</body></html>\n");
  return !out->broken || fail(e, ERR_TOO_LARGE, MSG_scenario_none, "dir", STR("html"));
}
