/* Steps that are played more than once: two at the same instant, a request whose server dies, one sent again, the same with other
 * values. Where a story goes several ways, each way begins in a copy of the store. */
#include <pthread.h>

#include "base/clock.h"
#include "cli/scenario.h"
#include "texts.h"

enum { SIDES_MOST = 8, SPREAD_US = 3000 };

static void miss_err(struct step *s, const struct err *e) {
  step_miss(s, err_says(s->p->mem, s->p->lang, e), STR("-"), STR(""));
}

/* ---- together ---- */

struct side {      /* one of those that act at once, in a thread of its own */
  struct play own; /* the player with an arena of its own */
  struct arena mem;
  struct browser browser;
  struct http_ask ask;
  struct http_reply reply;
  struct err e;
  int64_t wait_us;
  pthread_barrier_t *gate;
  struct prepared_do d;
  struct step step;
};
static void *act_at_once(void *arg) {
  struct side *x = arg;
  (void)pthread_barrier_wait(x->gate);
  clock_sleep_us(x->wait_us);
  (void)x->own.send(&x->own, &x->browser, &x->ask, &x->reply, &x->e);
  return NULL;
}
/* A number of the seed, the turn and the side, the same in each run. */
static int64_t spread(const struct play *p, int turn, size_t side) {
  const int64_t of[] = {p->options->seed, turn, (int64_t)side};
  return (int64_t)(str_hash((struct str){(const char *)of, sizeof of}) % SPREAD_US);
}
static void send_all(struct play *p, struct side *sides, size_t n, int turn) {
  pthread_barrier_t gate;
  pthread_t threads[SIDES_MOST];
  (void)pthread_barrier_init(&gate, NULL, (unsigned)n);
  for (size_t i = 0; i < n; i++) {
    struct side *x = &sides[i];
    x->own = *p;
    x->own.mem = &x->mem;
    x->browser = p->players.at[x->step.who].browser;
    x->gate = &gate;
    x->wait_us = turn ? spread(p, turn, i) : 0;
    x->e = (struct err){0};
    x->reply = (struct http_reply){0};
    must(pthread_create(&threads[i], NULL, act_at_once, x) == 0);
  }
  for (size_t i = 0; i < n; i++) (void)pthread_join(threads[i], NULL);
  (void)pthread_barrier_destroy(&gate);
  for (size_t i = 0; i < n; i++)
    if (sides[i].reply.json) vec_push(p->mem, &p->answers) = sides[i].reply.json;
}
/* A step that leaves open who wins: each is done, or is told that the record has changed or is no longer so. */
static void judge_either(struct step *s, const struct side *sides, size_t n) {
  for (size_t i = 0; i < n; i++) {
    const struct str code = str_of(reply_code(&sides[i].reply));
    const bool ok = sides[i].reply.status >= 200 && sides[i].reply.status < 300;
    if (!ok && !str_eqz(code, "conflict") && !str_eqz(code, "guard"))
      step_miss_msg(s, MSG_scenario_wanted_yes, "what", s->r->what, reply_shown(s->p, &sides[i].reply));
  }
}
static void judge_sides(struct step *s, const struct side *sides, size_t n, int turn) {
  const struct yaml *expect = yaml_get(s->y, "expect"), *refused = yaml_get(expect, "refused"),
                    *succeed = yaml_get(expect, "succeed"), *code = yaml_get(refused, "code");
  AUTO_BUF got = BUF_MAX(1 << 16);
  int64_t wanted = (int64_t)n, done = 0;
  bool fits = true;
  if (succeed) fits = str_to_int(succeed->text, &wanted);
  if (!expect) return judge_either(s, sides, n);
  for (size_t i = 0; i < n; i++) {
    const bool ok = sides[i].reply.status >= 200 && sides[i].reply.status < 300;
    done += ok;
    if (!ok && !(code && str_eqz(code->text, reply_code(&sides[i].reply)))) fits = false;
    buf_fmt(&got, "%s" STRF, i ? " / " : "", STRA(reply_shown(s->p, &sides[i].reply)));
  }
  for (const struct yaml *y = expect ? expect->child : NULL; y; y = y->next)
    if (y != refused && y != succeed) step_miss_msg(s, MSG_scenario_unknown, "key", y->key, STR("-"));
  if (!fits || done != wanted)
    step_miss(s, yaml_shown(s->p, expect ? expect : s->y), str_dup(s->p->mem, buf_view(&got)),
              turn ? str_fmt(s->p->mem, "#%d", turn + 1) : STR(""));
}
static size_t prepare_sides(struct step *s, const struct yaml *list, struct side *sides) {
  size_t n = 0;
  for (const struct yaml *y = list->child; y; y = y->next, n++) {
    const struct yaml *verb = yaml_get(y, "do"), *as = yaml_get(y, "as");
    struct err e = {0};
    if (n == SIDES_MOST || !verb) return step_miss_msg(s, MSG_scenario_unknown, "key", STR("together"), STR("-")), 0;
    struct side *x = &sides[n];
    x->step = (struct step){.p = s->p, .y = y, .r = s->r, .who = as ? player_called(s->p, as->text) : NOBODY};
    if (!do_prepare(&x->step, verb, &x->d)) return 0;
    if (!s->p->players.at[x->step.who].signed_in && !play_sign_in(s->p, x->step.who, &e)) return miss_err(s, &e), 0;
    x->ask =
        (struct http_ask){.method = "POST",
                          .path = x->d.path,
                          .type = STR("application/json"),
                          .body = json_shown(s->p, x->d.body),
                          .if_match = x->d.rev,
                          .key = str_fmt(s->p->mem, "story-%lld-%d", (long long)s->p->options->seed, ++s->p->requests)};
  }
  return n;
}
void verb_together(struct step *s, const struct yaml *verb) {
  struct side *sides = arena_new_n(s->p->mem, struct side, SIDES_MOST);
  struct str copy = {0};
  struct err e = {0};
  const int turns = s->p->options->interleavings;
  const size_t n = prepare_sides(s, verb, sides);
  s->expect = NULL; /* it is about all of them, and judged here */
  if (!n) return;
  if (turns > 1 && !stage_save(s->p->stage, &copy, &e)) return miss_err(s, &e);
  for (int turn = 0; turn < turns && !s->r->misses.len; turn++) {
    if (turn && !stage_restore(s->p->stage, copy, &e)) return miss_err(s, &e);
    send_all(s->p, sides, n, turn);
    judge_sides(s, sides, n, turn);
    for (size_t i = 0; i < n; i++) {
      struct step *x = &sides[i].step;
      x->reply = sides[i].reply;
      if (x->reply.status >= 200 && x->reply.status < 300) do_done(x, &sides[i].d), s->record = x->record;
    }
    s->expect = yaml_get(s->y, "then");
    if (s->expect) expect_all(s);
    s->expect = NULL;
  }
  if (copy.len) stage_forget(s->p->stage, copy);
  for (size_t i = 0; i < n; i++) {
    sides[i].reply = (struct http_reply){0};
  }
}

/* ---- crash ---- */

/* Sent until the server answers; *out_died says whether it did not at first. */
static bool send_through(struct step *s, const struct http_ask *ask, bool *out_died, struct err *e) {
  struct play *p = s->p;
  struct http_ask again = *ask;
  struct err lost = {0};
  *out_died = !p->send(p, &p->players.at[s->who].browser, ask, &s->reply, &lost);
  if (!*out_died) { /* it is done, and nobody was told: the answer is lost with the server */
    if (s->reply.json) vec_push(p->mem, &p->answers) = s->reply.json;
  }
  stage_kill(p->stage);
  TRY(stage_start(p->stage, e));
  return play_ask(p, s->who, &again, &s->reply, e);
}
void verb_crash(struct step *s, const struct yaml *crash) {
  struct play *p = s->p;
  const struct yaml *verb = yaml_get(s->y, "do"), *times = yaml_get(crash, "times"), *at = yaml_get(crash, "at");
  struct prepared_do d;
  struct str copy = {0};
  struct err e = {0};
  int64_t most = 0;
  bool died = true;
  if (!verb || !at || !str_eqz(at->text, "every_write") || !times || !str_to_int(times->text, &most))
    return step_miss_msg(s, MSG_scenario_unknown, "key", STR("crash"), STR("-"));
  if (!do_prepare(s, verb, &d)) return;
  const struct http_ask ask = {.method = "POST",
                               .path = d.path,
                               .type = STR("application/json"),
                               .body = json_shown(p, d.body),
                               .if_match = d.rev,
                               .key = str_fmt(p->mem, "story-%lld-%d", (long long)p->options->seed, ++p->requests)};
  if (!stage_save(p->stage, &copy, &e)) return miss_err(s, &e);
  for (int64_t k = 1; died && k <= most && !s->r->misses.len; k++) {
    if (k > 1 && !stage_restore(p->stage, copy, &e)) return miss_err(s, &e);
    if (!stage_say(p->stage, str_fmt(p->mem, "stop %lld", (long long)k), NULL, &e)) return miss_err(s, &e);
    if (!send_through(s, &ask, &died, &e)) return miss_err(s, &e);
    if (s->reply.status < 200 || s->reply.status >= 300)
      step_miss_msg(s, MSG_scenario_after_crash, "n", str_int(p->mem, k), reply_shown(p, &s->reply));
    else do_done(s, &d);
    if (s->expect) expect_all(s);
  }
  s->expect = NULL; /* looked at after each */
  stage_forget(p->stage, copy);
}

/* ---- replay ---- */

static bool same_answer(struct play *p, const struct http_reply *a, const struct http_reply *b) {
  static const char *const parts[] = {"id", "number", "rev", "state"};
  if (a->status != b->status || a->status < 200 || a->status >= 300) return false;
  for (size_t i = 0; i < COUNT_OF(parts); i++) {
    const json_t *x = json_object_get(reply_data(a), parts[i]), *y = json_object_get(reply_data(b), parts[i]);
    if (!x != !y || (x && !str_eq(json_shown(p, x), json_shown(p, y)))) return false;
  }
  return true;
}
void verb_replay(struct step *s, const struct yaml *verb) {
  struct play *p = s->p;
  struct err e = {0};
  if (!str_eqz(verb->text, "last") || !p->last.is)
    return step_miss_msg(s, MSG_scenario_no_sense, "what", verb->text, STR("-"));
  struct http_ask again = p->last.ask;
  if (!play_ask(p, p->last.who, &again, &s->reply, &e)) return miss_err(s, &e);
  s->replayed = same_answer(p, &p->last.reply, &s->reply) &&
                json_is_true(json_object_get(json_object_get(s->reply.json, "done"), "replayed"));
}

/* ---- with other values ---- */

struct holes {
  const struct yaml *values; /* a map; or the row of a table, with its columns */
  const struct yaml *columns;
  struct str n;
};
static struct str filled_text(struct play *p, const struct holes *h, struct str text) {
  if (str_find(text, STR("<")) == STR_NONE) return text;
  const char *const counted = h->columns ? "<row>" : "<n>";
  text = str_replace(p->mem, text, str_of(counted), h->n);
  const struct yaml *column = h->columns ? h->columns->child : NULL;
  for (const struct yaml *y = h->values ? h->values->child : NULL; y; y = y->next) {
    const struct str name = column ? column->text : y->key;
    text = str_replace(p->mem, text, str_fmt(p->mem, "<" STRF ">", STRA(name)), y->text);
    if (column) column = column->next;
  }
  return text;
}
static struct yaml *filled(struct play *p, const struct holes *h, const struct yaml *y) {
  struct yaml *copy = arena_new(p->mem, struct yaml), *last = NULL;
  *copy = *y;
  copy->text = filled_text(p, h, y->text);
  copy->child = copy->next = NULL;
  for (const struct yaml *one = y->child; one; one = one->next) {
    struct yaml *child = filled(p, h, one);
    if (last) last->next = child;
    else copy->child = child;
    last = child;
  }
  return copy;
}
void verb_repeat(struct step *s, const struct yaml *verb) {
  const struct yaml *steps = yaml_get(s->y, "steps");
  int64_t n = 0;
  if (!steps) return step_miss_msg(s, MSG_scenario_unknown, "key", STR("repeat"), STR("-"));
  for (const struct yaml *one = verb->child; one; one = one->next) {
    const struct yaml *times = yaml_get(one, "times");
    int64_t most = 0;
    if (!times || !str_to_int(times->text, &most))
      step_miss_msg(s, MSG_scenario_unknown, "key", STR("times"), STR("-"));
    for (int64_t i = 0; i < most; i++) {
      const struct holes h = {.values = yaml_get(one, "with"), .n = str_int(s->p->mem, ++n)};
      play_steps(s->p, filled(s->p, &h, steps), s->r->no);
    }
  }
}
static bool play_row(struct step *s, const struct yaml *table, const struct yaml *row, int64_t n, struct str copy,
                     struct err *e) {
  const struct holes h = {row, yaml_get(table, "each"), str_int(s->p->mem, n)};
  const struct yaml *steps = filled(s->p, &h, yaml_get(table, "steps"));
  const size_t records = s->p->records.len;
  const struct yaml *outcome = NULL;
  for (const struct yaml *c = h.columns->child, *v = row->child; c && v; c = c->next, v = v->next)
    if (str_eqz(c->text, "outcome")) outcome = v;
  for (struct yaml *y = steps->child; y; y = y->next) {
    if (y->next || !outcome || yaml_get(y, "outcome")) continue; /* the last step is the one that is judged */
    struct yaml *more = arena_new(s->p->mem, struct yaml);
    *more = (struct yaml){.kind = YAML_SCALAR, .line = y->line, .text = outcome->text, .key = STR("outcome")};
    more->next = y->child;
    y->child = more;
  }
  play_steps(s->p, steps, str_fmt(s->p->mem, STRF "[%lld]", STRA(s->r->no), (long long)n));
  s->p->records.len = records;
  return stage_restore(s->p->stage, copy, e);
}
void verb_run(struct step *s, const struct yaml *verb) {
  const struct yaml *tables = yaml_get(s->p->root, "examples");
  struct str copy = {0};
  struct err e = {0};
  int64_t n = 0;
  if (!str_eqz(verb->text, "examples") || !tables)
    return step_miss_msg(s, MSG_scenario_no_sense, "what", verb->text, STR("-"));
  if (!stage_save(s->p->stage, &copy, &e)) return miss_err(s, &e);
  for (const struct yaml *t = tables->child; t; t = t->next) {
    const struct yaml *rows = yaml_get(t, "rows");
    if (!rows || !yaml_get(t, "each") || !yaml_get(t, "steps")) {
      step_miss_msg(s, MSG_scenario_unknown, "key", STR("examples"), STR("-"));
      continue;
    }
    for (const struct yaml *row = rows->child; row; row = row->next)
      if (!play_row(s, t, row, ++n, copy, &e)) return miss_err(s, &e);
  }
  stage_forget(s->p->stage, copy);
}

/* ---- sweep ---- */

static void sweep_one(struct step *s, int who, struct named *n, struct str way, const struct yaml *expect) {
  struct play *p = s->p;
  struct err e = {0};
  const char *const head = str_eqz(way, "page") ? "" : "/api/v1";
  const struct str last = str_eqz(way, "list") ? STR("") : str_fmt(p->mem, "/" STRF, STRA(n->id));
  const struct str path =
      str_fmt(p->mem, "%s/s/" STRF "/" STRF STRF, head, STRA(n->system), STRA(n->record), STRA(last));
  const struct yaml *refused = yaml_get(expect, "refused"), *hides = yaml_get(expect, "hides");
  if (!play_get(p, who, path, &s->reply, &e)) return miss_err(s, &e);
  const bool there = str_eqz(way, "list") ? str_find(s->reply.body, n->id) != STR_NONE : s->reply.status < 400;
  const struct str where =
      str_fmt(p->mem, STRF " " STRF " " STRF, STRA(p->players.at[who].name), STRA(way), STRA(n->name));
  if (refused && there) step_miss(s, yaml_shown(p, expect), reply_shown(p, &s->reply), where);
  for (const struct yaml *y = hides ? hides->child : NULL; y; y = y->next)
    vec_each(const struct kept_input, k, &n->inputs) {
      if (str_eq(k->field, y->text) && str_find(s->reply.body, k->text) != STR_NONE)
        step_miss_msg(s, MSG_scenario_hides, "name", y->text, where);
    }
  if (!refused && !hides) step_miss_msg(s, MSG_scenario_unknown, "key", STR("sweep"), STR("-"));
}
/* {of: [names], as: [actors], try: [see, page, list], expect: {refused: … | hides: […]}} */
void verb_sweep(struct step *s, const struct yaml *verb) {
  const struct yaml *of = yaml_get(verb, "of"), *as = yaml_get(verb, "as"), *ways = yaml_get(verb, "try");
  if (!of || !as || !ways) return step_miss_msg(s, MSG_scenario_unknown, "key", STR("sweep"), STR("-"));
  for (const struct yaml *o = of->child; o; o = o->next)
    for (const struct yaml *a = as->child; a; a = a->next)
      for (const struct yaml *w = ways->child; w; w = w->next) {
        struct named *n = named_called(s->p, o->text);
        const int who = player_called(s->p, a->text);
        if (n && who != NOBODY) sweep_one(s, who, n, w->text, yaml_get(verb, "expect"));
        else step_miss_msg(s, MSG_scenario_no_name, "name", n ? a->text : o->text, STR("-"));
      }
}
