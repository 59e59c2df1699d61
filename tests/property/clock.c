/* Random lives of a clock: started, stopped, held, extended, followed, its levels seen to in time or late. `property_clock print N`
 * tells N of them, a line each, with what the clock says after each step; tests/tools/test_clocks.py works them out a second time by
 * walking through the minutes. Without arguments: what must hold whatever the calendar. */
#include <stdio.h>

#include "engine/flow/clock.h"

static const int64_t MINUTE_US = 60 * SECOND_US;

struct life {
  uint32_t seed;
  struct clock_rules rules;
  struct clock_run run;
  struct clock_ask ask;
  struct str levels[CLOCK_LEVELS_MAX], most;
  bool is_told; /* print it */
};
static unsigned pick(struct life *l, unsigned n) {
  l->seed = l->seed * 1664525u + 1013904223u;
  return (l->seed >> 16) % n;
}
static void check(bool holds, const char *what) {
  if (holds) return;
  (void)printf("not ok - %s\n", what);
  exit(1);
}

/* ---- what is declared ---- */

static void make_levels(struct life *l) {
  static const char *const ladders[][5] = {{"2/3", "-1 workdays", "due", "+2 workdays", NULL},
                                           {"-10 days", "-2 days", "due", "+1 days", "+3 days"},
                                           {"1/2", "4/5", "due", "+30 minutes", "+3 workhours"},
                                           {"1/3", "-45 minutes", "due", NULL, NULL},
                                           {"-3 workhours", "due", "+1 months", NULL, NULL}};
  const char *const *ladder = ladders[pick(l, COUNT_OF(ladders))];
  for (; l->rules.level_count < 5 && ladder[l->rules.level_count]; l->rules.level_count++) {
    l->levels[l->rules.level_count] = str_of(ladder[l->rules.level_count]);
    check(level_parse(l->levels[l->rules.level_count], &l->rules.levels[l->rules.level_count]), "levels are read");
  }
}
static void make_rules(struct life *l) {
  static const char *const most[] = {"0 days", "2 workdays", "5 days", "9 workhours", "90 minutes", "1 months"};
  l->rules.restarts = (enum clock_restart)pick(l, 3);
  l->rules.times = (int)pick(l, 4);
  l->rules.has_then = pick(l, 2);
  l->most = str_of(most[pick(l, COUNT_OF(most))]);
  check(duration_parse(l->most, &l->rules.most), "most is read");
  make_levels(l);
}
static struct duration some_duration(struct life *l) {
  static const struct duration some[] = {{5, DURATION_workdays},  {1, DURATION_workdays},   {10, DURATION_workdays},
                                         {4, DURATION_workhours}, {30, DURATION_workhours}, {90, DURATION_workminutes},
                                         {3, DURATION_days},      {15, DURATION_days},      {2, DURATION_weeks},
                                         {1, DURATION_months},    {30, DURATION_minutes},   {26, DURATION_hours}};
  return some[pick(l, COUNT_OF(some))];
}

/* ---- what happens ---- */

static void tell_state(struct life *l) {
  struct clock_reading x;
  check(clock_read(&l->ask, &l->run, &x), "a clock is read");
  if (!l->is_told) return;
  const bool is_known = x.due != CLOCK_NEVER;
  (void)printf(" = %lld %lld %lld %lld %lld %d%d%d %u %lld %d", (long long)x.due, (long long)(is_known ? x.left_us : 0),
               (long long)x.used_us, (long long)(is_known ? x.left.n : 0), (long long)x.used.n, x.is_over, x.is_paused,
               x.is_running, l->run.fired, (long long)l->run.next_at, l->run.next_at == CLOCK_NEVER ? 0 : l->run.next);
}
static void tell_step(const struct life *l, const char *what, struct duration by, int64_t at) {
  AUTO_ARENA mem = {0};
  if (!l->is_told) return;
  (void)printf(" | %lld %s " STRF " %lld", (long long)l->ask.now, what, STRA(duration_text(&mem, by)), (long long)at);
}
static struct clock_goal some_goal(struct life *l) {
  const int64_t ahead = l->ask.now + ((int64_t)pick(l, 20000) - 1000) * MINUTE_US;
  switch (pick(l, 8)) {
    case 0: return clock_goal_moment(ahead);
    case 1:
    case 2: return clock_goal_day(date_of_days(moment_day(ahead)));
    default: return clock_goal_limit(some_duration(l));
  }
}
static void step(struct life *l) {
  const unsigned what = pick(l, 12);
  const struct clock_goal goal = some_goal(l);
  const struct duration by = some_duration(l);
  const bool is_known = l->run.phase != CLOCK_NOT_STARTED;
  if (what < 3) {
    tell_step(l, goal.kind == CLOCK_GOAL_LIMIT ? "start" : "start_until", goal.limit, goal.until);
    check(clock_start(&l->ask, &goal, &l->run), "a clock starts");
  } else if (what < 5) {
    tell_step(l, "stop", by, 0);
    check(clock_stop(&l->ask, &l->run), "a clock stops");
  } else if (what < 9) {
    const bool wish = !l->run.is_held;
    tell_step(l, wish ? "hold" : "release", by, 0);
    check(clock_hold(&l->ask, wish, &l->run), "a clock is held");
  } else if (what == 9) {
    tell_step(l, goal.kind == CLOCK_GOAL_LIMIT ? "follow" : "follow_until", goal.limit, goal.until);
    check(clock_follow(&l->ask, &goal, &l->run), "a clock follows");
  } else if (what == 10) {
    tell_step(l, "by", by, 0);
    check(clock_extend_by(&l->ask, by, &l->run) == is_known, "a clock is extended");
  } else {
    tell_step(l, "to", by, goal.until == CLOCK_NEVER ? l->ask.now : goal.until);
    check(clock_extend_to(&l->ask, goal.until == CLOCK_NEVER ? l->ask.now : goal.until, &l->run) == is_known,
          "a clock is set");
  }
}
/* The scheduler: what was due is done; never endlessly, never backwards. */
static void see_to(struct life *l) {
  int64_t last = INT64_MIN;
  for (int n = 0; l->run.phase && l->run.next_at <= l->ask.now; n++) {
    check(n <= CLOCK_TURNS_OVER, "levels end");
    check(l->run.next_at >= last, "levels fire in the order of their moments");
    last = l->run.next_at;
    tell_step(l, "done", (struct duration){0}, 0);
    check(clock_done(&l->ask, &l->run), "a level is done");
    tell_state(l);
  }
}
static void live(struct life *l) {
  const int64_t steps = 3 + pick(l, 8);
  l->ask.now = day_moment(date_to_days((struct date){2026, 1, 1}), 0) + (int64_t)pick(l, 30000) * 9 * MINUTE_US;
  for (int64_t i = 0; i < steps; i++) {
    step(l);
    tell_state(l);
    if (pick(l, 4)) see_to(l);
    l->ask.now += (int64_t)pick(l, pick(l, 3) ? 700 : 9000) * MINUTE_US;
  }
  see_to(l);
}
static void print_life(uint32_t seed) {
  struct life l = {.seed = seed * 2654435761u + 7, .is_told = true};
  make_rules(&l);
  l.ask = (struct clock_ask){calendar_known(), &l.rules, 0};
  (void)printf("%d %d %d " STRF " :", l.rules.restarts, l.rules.times, l.rules.has_then, STRA(l.most));
  for (size_t i = 0; i < l.rules.level_count; i++) (void)printf("%s" STRF, i ? "," : "", STRA(l.levels[i]));
  live(&l);
  (void)printf("\n");
}

/* ---- what must hold ---- */

/* Used and left together stay the same while it runs or stands; pausing for a while gives no more and no less. */
static void standing_changes_nothing(struct life *l) {
  struct clock_reading before, after;
  const struct clock_goal goal = some_goal(l);
  l->rules.times = 0;
  l->rules.most = (struct duration){0};
  l->ask.now = day_moment(date_to_days((struct date){2026, 1, 1}), 0) + (int64_t)pick(l, 300000) * MINUTE_US;
  check(clock_start(&l->ask, &goal, &l->run) && clock_read(&l->ask, &l->run, &before), "a clock starts");
  for (int i = 0; i < 6; i++) {
    l->ask.now += (int64_t)pick(l, 4000) * MINUTE_US;
    check(clock_hold(&l->ask, !(i % 2), &l->run) && clock_read(&l->ask, &l->run, &after), "a clock is held");
    check(before.used_us + before.left_us == after.used_us + after.left_us, "used and left together stay the same");
    check(!after.is_over || after.left_us <= 0 || goal.kind == CLOCK_GOAL_LIMIT, "what is over has nothing left");
    check(after.is_over || after.left.n > 0 || after.due == (after.is_paused ? l->run.from : l->ask.now),
          "what is not over has something left");
  }
}

int main(int argc, char **argv) {
  int64_t n = 0;
  if (argc == 3 && str_eqz(str_of(argv[1]), "print") && str_to_int(str_of(argv[2]), &n)) {
    for (int64_t i = 0; i < n; i++) print_life((uint32_t)i);
    return 0;
  }
  for (uint32_t i = 0; i < 4000; i++) {
    struct life l = {.seed = i * 2654435761u + 3};
    make_rules(&l);
    l.ask = (struct clock_ask){calendar_known(), &l.rules, 0};
    if (i % 2) live(&l);
    else standing_changes_nothing(&l);
  }
  (void)printf("ok 1 - 4000 lives of clocks\n1..1\n");
  return 0;
}
