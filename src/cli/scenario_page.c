/* The run of stories as a page: what app/story.h writes, filled with what came of each step. */
#include "app/views_story.h"
#include "base/clock.h"
#include "cli/scenario.h"
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
bool report_page(struct cli *cli, const run_results *all, struct buf *out, struct err *e) {
  struct view_story_page v = {.lang = cli->lang, .when = moment_says(cli, clock_now_us())};
  vec_each(const struct run_result, r, all) {
    struct view_story_run *run = &vec_push(&cli->mem, &v.runs);
    *run = (struct view_story_run){.label = r->system->label.text, .dir = r->dir, .summary = r->system->summary.text};
    vec_each(const struct story_result, s, &r->stories) fill_story(cli, s, &vec_push(&cli->mem, &run->stories));
    vec_each(const struct str, u, &r->untouched) vec_push(&cli->mem, &run->untouched) = *u;
  }
  story_page(out, &v);
  return !out->broken || fail(e, ERR_TOO_LARGE, MSG_scenario_none, "dir", STR("html"));
}
