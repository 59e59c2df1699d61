/* What came of the stories: for people as lines with the place in the file, for programs as JSON. */
#include "base/clock.h"
#include "cli/scenario.h"
#include "texts.h"

enum { WHAT_SHOWN = 400, UNTOUCHED_SHOWN = 12 };

const char *verdict_word(enum step_verdict v) {
  static const char *const told[] = {"passed", "failed", "not_yet", "left_out"};
  return told[v];
}
static struct str clipped(struct str s, size_t most) {
  while (s.len > most && most && ((unsigned char)s.at[most] & 0xC0) == 0x80) most--;
  return str_slice(s, 0, most);
}
static void line(struct cli *cli, struct buf *out, int msg, const struct msg_arg *args, size_t n) {
  buf_str(out, msg_text(&cli->mem, cli->lang, msg, args, n));
  buf_byte(out, '\n');
}
static void put_failure(struct cli *cli, const struct run_result *run, const struct step_result *r, struct str how,
                        struct buf *out) {
  const struct msg_arg head[] = {{"file", str_fmt(&cli->mem, STRF "/" STRF, STRA(run->dir), STRA(r->file))},
                                 {"line", str_int(&cli->mem, r->line)},
                                 {"no", r->no},
                                 {"say", r->say.len ? r->say : clipped(r->what, 60)}};
  const struct msg_arg who[] = {{"who", r->who.len ? r->who : STR("—")}, /* house: allow words - a dash */
                                {"what", clipped(r->what, WHAT_SHOWN)},
                                {"at", str_slice(clock_rfc3339(&cli->mem, r->at_us), 0, 16)}};
  line(cli, out, MSG_scenario_says_step, head, COUNT_OF(head));
  if (r->what.len) line(cli, out, MSG_scenario_says_who, who, COUNT_OF(who));
  vec_each(const struct miss, m, &r->misses) {
    const struct msg_arg args[] = {{"expected", m->expected}, {"got", clipped(m->got, WHAT_SHOWN)}, {"why", m->why}};
    line(cli, out, m->why.len ? MSG_scenario_says_why : MSG_scenario_says_miss, args, COUNT_OF(args));
  }
  struct str no = r->no, rest;
  (void)str_cut(r->no, STR("."), &no, &rest);
  (void)str_cut(no, STR("["), &no, &rest);
  buf_fmt(out, "  %s gangmu scenario " STRF "/" STRF " --step " STRF STRF "\n",
          msg_template(cli->lang, MSG_scenario_says_again).at, STRA(run->dir), STRA(r->file), STRA(no), STRA(how));
}
static void put_story(struct cli *cli, const struct run_result *run, const struct story_result *s, struct str how,
                      struct buf *out) {
  if (s->broken.len) buf_fmt(out, STRF "/" STRF ": " STRF "\n", STRA(run->dir), STRA(s->file), STRA(s->broken));
  vec_each(__typeof__(struct step_result *), r, &s->steps)
    if ((*r)->verdict == STEP_FAILED) put_failure(cli, run, *r, how, out);
  vec_each(__typeof__(struct step_result *), r, &s->steps) {
    const struct msg_arg args[] = {{"no", (*r)->no}, {"line", str_int(&cli->mem, (*r)->line)}, {"needs", (*r)->needs}};
    if ((*r)->verdict == STEP_NOT_YET) line(cli, out, MSG_scenario_says_not_yet, args, COUNT_OF(args));
  }
  const struct msg_arg args[] = {{"file", str_fmt(&cli->mem, STRF "/" STRF, STRA(run->dir), STRA(s->file))},
                                 {"engine", s->engine},
                                 {"passed", str_int(&cli->mem, s->passed)},
                                 {"failed", str_int(&cli->mem, s->failed)},
                                 {"later", str_int(&cli->mem, s->not_yet)}};
  line(cli, out, MSG_scenario_says_story, args, COUNT_OF(args));
}
void report_text(struct cli *cli, const struct run_result *run, struct str how, struct buf *out) {
  AUTO_BUF list = BUF_MAX(1 << 16);
  vec_each(const struct story_result, s, &run->stories) put_story(cli, run, s, how, out);
  for (size_t i = 0; i < run->untouched.len && i < UNTOUCHED_SHOWN; i++)
    buf_fmt(&list, "%s" STRF, i ? ", " : "", STRA(run->untouched.at[i]));
  if (run->untouched.len > UNTOUCHED_SHOWN) buf_z(&list, " …"); /* house: allow words - dots */
  const struct msg_arg args[] = {
      {"dir", run->dir}, {"n", str_int(&cli->mem, (int64_t)run->untouched.len)}, {"list", buf_view(&list)}};
  if (run->untouched.len) line(cli, out, MSG_scenario_says_untouched, args, COUNT_OF(args));
}

static void step_json(const struct step_result *r, struct json_out *j) {
  AUTO_ARENA mem = {0};
  json_open(j, NULL, '{');
  json_str(j, "no", r->no);
  json_int(j, "line", r->line);
  json_str(j, "say", r->say);
  json_str(j, "who", r->who);
  json_str(j, "what", r->what);
  json_z(j, "verdict", verdict_word(r->verdict));
  if (r->needs.len) json_str(j, "needs", r->needs);
  json_str(j, "at", clock_rfc3339(&mem, r->at_us));
  json_open(j, "misses", '[');
  vec_each(const struct miss, m, &r->misses) {
    json_open(j, NULL, '{');
    json_str(j, "expected", m->expected);
    json_str(j, "got", m->got);
    if (m->why.len) json_str(j, "why", m->why);
    json_close(j, '}');
  }
  json_close(j, ']');
  json_close(j, '}');
}
void report_json(const struct run_result *run, struct json_out *j) {
  json_open(j, NULL, '{');
  json_str(j, "dir", run->dir);
  json_str(j, "digest", run->digest);
  json_open(j, "stories", '[');
  vec_each(const struct story_result, s, &run->stories) {
    json_open(j, NULL, '{');
    json_str(j, "file", s->file);
    json_str(j, "title", s->title);
    json_str(j, "engine", s->engine);
    json_int(j, "passed", s->passed);
    json_int(j, "failed", s->failed);
    json_int(j, "not_yet", s->not_yet);
    if (s->broken.len) json_str(j, "broken", s->broken);
    json_open(j, "steps", '[');
    vec_each(__typeof__(struct step_result *), r, &s->steps) step_json(*r, j);
    json_close(j, ']');
    json_close(j, '}');
  }
  json_close(j, ']');
  json_open(j, "untouched", '[');
  vec_each(const struct str, u, &run->untouched) json_str(j, NULL, *u);
  json_close(j, ']');
  json_close(j, '}');
}
