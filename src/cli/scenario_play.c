/* One story from its start to its end: its actors become people with accounts, its clock is set, its steps are played in their order.
 * A step that fails does not end the story: what depends on it fails as well, and all of it is told. */
#include "cli/scenario.h"
#include "declare/read.h"
#include "declare/story.h"
#include "texts.h"

enum { STEPS_PLAYED_MOST = 20000 };

/* ---- results ---- */

void step_miss(struct step *s, struct str expected, struct str got, struct str why) {
  struct arena *mem = s->p->mem; /* what is compared may be borrowed from an answer, which lives as long as the story */
  vec_push(mem, &s->r->misses) = (struct miss){str_dup(mem, expected), str_dup(mem, got), str_dup(mem, why)};
}
void step_miss_msg(struct step *s, int msg, const char *hole, struct str value, struct str got) {
  const struct msg_arg arg = {hole, value};
  step_miss(s, msg_text(s->p->mem, s->p->lang, msg, &arg, 1), got, STR(""));
}
static struct str scalar_of(const struct yaml *map, const char *key) {
  const struct yaml *y = yaml_get(map, key);
  return y && y->kind == YAML_SCALAR ? y->text : STR("");
}
static struct str what_of(struct play *p, const struct yaml *step, const struct yaml *verb) {
  const struct yaml *with = yaml_get(step, "with");
  if (!verb) return STR("");
  return str_fmt(p->mem, STRF " " STRF "%s" STRF, STRA(verb->key),
                 STRA(verb->kind == YAML_SCALAR ? verb->text : STR("")), with ? " " : "",
                 STRA(with ? yaml_shown(p, with) : STR("")));
}
static struct step_result *result_new(struct play *p, const struct yaml *step, const struct yaml *verb, struct str no) {
  struct step_result *r = arena_new(p->mem, struct step_result);
  *r = (struct step_result){.no = no,
                            .file = p->file,
                            .line = step->line,
                            .say = scalar_of(step, "say"),
                            .who = scalar_of(step, "as"),
                            .what = what_of(p, step, verb),
                            .needs = scalar_of(step, "needs")};
  vec_push(p->mem, &p->result->steps) = r;
  return r;
}

/* ---- a step ---- */

/* Does what must hold after every step still hold? What speaks of a record that is not made yet is left alone. */
static void judge_always(struct step *s) {
  const struct yaml *list = yaml_get(s->p->root, "always");
  for (const struct yaml *y = list ? list->child : NULL; y; y = y->next) {
    struct str why = {0};
    const enum truth t = where_holds(s->p, NULL, y->text, &why);
    if (t == TRUTH_NO || t == TRUTH_NO_SENSE) step_miss_msg(s, MSG_scenario_always, "what", y->text, why);
  }
}
static bool wanted(struct step *s) {
  const struct yaml *only = yaml_get(s->y, "if");
  struct str why = {0};
  if (!only) return true;
  const enum truth t = where_holds(s->p, NULL, only->text, &why);
  if (t == TRUTH_NO_SENSE) step_miss_msg(s, MSG_scenario_no_sense, "what", why, STR("-"));
  return t == TRUTH_YES;
}
static void take_let(struct play *p, const struct yaml *let) {
  for (struct yaml *y = let ? let->child : NULL; y; y = y->next) vec_push(p->mem, &p->defined) = y;
}
static void settle(struct step *s) {
  struct story_result *all = s->p->result;
  if (s->r->misses.len) s->r->verdict = STEP_FAILED, all->failed++;
  else if (s->r->needs.len) s->r->verdict = STEP_NOT_YET, all->not_yet++;
  else s->r->verdict = STEP_PASSED, all->passed++;
}
static void check_words(struct step *s, const struct yaml *verb) {
  for (const struct yaml *y = s->y->child; y; y = y->next)
    if (!story_word(y->key)) step_miss_msg(s, MSG_scenario_unknown, "key", y->key, STR("-"));
  if (!verb && !s->expect && !yaml_get(s->y, "let")) step_miss_msg(s, MSG_scenario_unknown, "key", STR("-"), STR("-"));
}
void play_one(struct play *p, const struct yaml *y, struct str no) {
  const struct yaml *verb = story_verb(y), *as = yaml_get(y, "as"), *at = yaml_get(y, "at");
  struct step s = {.p = p, .y = y, .r = result_new(p, y, verb, no), .who = NOBODY, .expect = yaml_get(y, "expect")};
  if (as) s.who = player_called(p, as->text);
  if (as && s.who == NOBODY) step_miss_msg(&s, MSG_scenario_no_actor, "name", as->text, STR("-"));
  check_words(&s, verb);
  if (at && verb) step_clock(&s, at->text);
  s.r->at_us = p->stage->now_us;
  take_let(p, yaml_get(y, "let"));
  if (!s.r->misses.len && !wanted(&s)) {
    if (!s.r->misses.len) return (void)(s.r->verdict = STEP_LEFT_OUT);
    return settle(&s);
  }
  if (verb && !s.r->misses.len) step_verb(&s, verb);
  if (s.expect && !s.r->misses.len) expect_all(&s); /* what was not done is told once */
  judge_always(&s);
  settle(&s);
}
void play_steps(struct play *p, const struct yaml *list, struct str outer) {
  int n = 0;
  for (const struct yaml *y = list->child; y && p->result->steps.len < STEPS_PLAYED_MOST; y = y->next) {
    n++;
    play_one(p, y, outer.len ? str_fmt(p->mem, STRF ".%d", STRA(outer), n) : str_int(p->mem, n));
    if (!outer.len && p->options->step == n) return;
  }
}

/* ---- actors ---- */

static struct str role_name(struct play *p, struct str role) {
  if (str_find(role, STR(".")) != STR_NONE) return role;
  return str_fmt(p->mem, STRF "." STRF, STRA(p->packages[0].name), STRA(role));
}
/* `role: fixer, at: 南湖三中`, or two lists of the same length. */
static void add_posts(struct play *p, struct story_actor *a, const struct yaml *role, const struct yaml *at) {
  if (!role || !at) return;
  const struct yaml *r = role->kind == YAML_LIST ? role->child : role, *u = at->kind == YAML_LIST ? at->child : at;
  for (; r && u; r = role->kind == YAML_LIST ? r->next : NULL, u = at->kind == YAML_LIST && u->next ? u->next : u)
    vec_push(p->mem, &a->posts) = (struct story_post){role_name(p, r->text), u->text};
}
static void read_actors(struct play *p) {
  const struct yaml *actors = yaml_get(p->root, "actors");
  for (const struct yaml *y = actors ? actors->child : NULL; y; y = y->next) {
    if (yaml_get(y, "public")) continue;
    struct story_actor *a = &vec_push(p->mem, &p->actors);
    *a = (struct story_actor){.name = y->key, .admin = scalar_of(y, "admin"), .person = scalar_of(y, "person")};
    const struct str system = scalar_of(y, "system");
    const struct yaml *role = yaml_get(y, "role");
    add_posts(p, a, role, yaml_get(y, "at"));
    vec_each(struct story_post, post, &a->posts)
      if (system.len && role->kind == YAML_SCALAR)
        post->role = str_fmt(p->mem, STRF "." STRF, STRA(system), STRA(role->text));
  }
  vec_each(const struct story_actor, a, &p->actors)
    vec_push(p->mem, &p->players) = (struct player){.actor = a, .name = a->name};
  for (const struct yaml *y = actors ? actors->child : NULL; y; y = y->next)
    if (yaml_get(y, "public")) vec_push(p->mem, &p->players) = (struct player){.name = y->key};
  vec_push(p->mem, &p->players) = (struct player){.name = STR("public")};
}

/* ---- the whole ---- */

static void broken(struct play *p, struct str why) {
  p->result->broken = why;
  p->result->failed++;
}
static bool read_story(struct play *p) {
  struct faults f = {.mem = p->mem};
  vec_each(const struct package_file, x, &p->packages[0].files) {
    if (!str_ends(p->file, x->path)) continue;
    f.file = x->path;
    f.text = x->text;
    return declare_parse(&f, x->path, x->text, &p->root) && yaml_get(p->root, "steps") && yaml_get(p->root, "start");
  }
  return false;
}
/* `given: {rows: yes}`: the demo rows of the packages. A plan and its bindings come with the ledger. */
static bool read_given(struct play *p, struct msg_arg *out_key) {
  const struct yaml *given = yaml_get(p->root, "given");
  *out_key = (struct msg_arg){"key", STR("given")};
  if (given && given->kind != YAML_MAP) return false;
  for (const struct yaml *y = given ? given->child : NULL; y; y = y->next) {
    out_key->value = str_fmt(p->mem, "given." STRF, STRA(y->key));
    if (!str_eqz(y->key, "rows") || !(str_eqz(y->text, "yes") || str_eqz(y->text, "no"))) return false;
    p->stage->rows = str_eqz(y->text, "yes");
  }
  return true;
}
void play_story(struct play *p) {
  struct err e = {0};
  struct msg_arg key;
  int64_t start_us = 0;
  if (!read_story(p)) return broken(p, msg_template(p->lang, MSG_scenario_unread));
  p->result->title = scalar_of(p->root, "scenario");
  if (!str_eqz(scalar_of(p->root, "demo"), "yunlan")) return broken(p, msg_template(p->lang, MSG_scenario_demo));
  if (!read_given(p, &key)) return broken(p, msg_text(p->mem, p->lang, MSG_scenario_given, &key, 1));
  if (!story_moment(scalar_of(p->root, "start"), 0, &start_us))
    return broken(p, msg_template(p->lang, MSG_scenario_start));
  read_actors(p);
  take_let(p, yaml_get(p->root, "define"));
  if (stage_begin(p->stage, &p->actors, start_us, &e) && parties_begin(p, &e)) {
    play_steps(p, yaml_get(p->root, "steps"), STR(""));
    if (!p->options->step) cover_story(p);
  } else broken(p, err_says(p->mem, p->lang, &e));
  stage_end(p->stage);
}
void play_end(struct play *p) {
  vec_each(__typeof__(json_t *), j, &p->answers) json_decref(*j);
  p->answers.len = 0;
}
