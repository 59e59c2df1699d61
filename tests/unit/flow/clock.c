/* Clocks as stories tell them, and the standing complaints about such clocks elsewhere: reminders at midnight, holidays counted
 * that are none, one clock that overrules another, clocks that do not follow, amounts that are cut, no pause, one level only. */
#include "engine/flow/lamp.h"

#include "unit.h"

static const int64_t MINUTE_US = 60 * SECOND_US;

static int64_t at(int month, int day, int hour, int minute) {
  const struct date d = {2026, (int8_t)month, (int8_t)day};
  return day_moment(date_to_days(d), (hour * 60 + minute) * MINUTE_US);
}
static struct duration lasting(const char *z) {
  struct duration d = {0};
  assert_true(duration_parse(str_of(z), &d));
  return d;
}
struct watch { /* a clock with its rules */
  struct clock_rules rules;
  struct clock_run run;
};
static void add_level(struct watch *w, const char *z) {
  assert_true(level_parse(str_of(z), &w->rules.levels[w->rules.level_count++]));
}
static struct clock_ask now(const struct watch *w, int64_t t) {
  return (struct clock_ask){calendar_known(), &w->rules, t};
}
static void start(struct watch *w, int64_t t, const char *limit) {
  const struct clock_ask a = now(w, t);
  const struct clock_goal goal = clock_goal_limit(lasting(limit));
  assert_true(clock_start(&a, &goal, &w->run));
}
static void follow(struct watch *w, int64_t t, struct clock_goal goal) {
  const struct clock_ask a = now(w, t);
  assert_true(clock_follow(&a, &goal, &w->run));
}
static void stop(struct watch *w, int64_t t) {
  const struct clock_ask a = now(w, t);
  assert_true(clock_stop(&a, &w->run));
}
static void hold(struct watch *w, int64_t t, bool wish) {
  const struct clock_ask a = now(w, t);
  assert_true(clock_hold(&a, wish, &w->run));
}
static void extend(struct watch *w, int64_t t, const char *by) {
  const struct clock_ask a = now(w, t);
  assert_true(clock_extend_by(&a, lasting(by), &w->run));
}
static void done(struct watch *w) {
  const struct clock_ask a = now(w, w->run.next_at);
  assert_true(clock_done(&a, &w->run));
}
static struct clock_reading reading(const struct watch *w, int64_t t) {
  const struct clock_ask a = now(w, t);
  struct clock_reading r = {0};
  assert_true(clock_read(&a, &w->run, &r));
  return r;
}
static void assert_next(const struct watch *w, int level, int64_t t) {
  assert_int_equal(w->run.next_at, t);
  assert_int_equal(w->run.next, level);
}

/* ---- pauses, extensions, beginning again: the dates of the packages' stories ---- */

static void a_pause_moves_office_time_by_office_time(void **state) {
  (void)state;
  struct watch w = {.rules.most = lasting("60 workdays"), .rules.times = 3};
  start(&w, at(4, 30, 15, 0), "10 workdays");
  assert_int_equal(w.run.due, at(5, 18, 17, 30)); /* over the holiday, Saturday 9 May at work */
  hold(&w, at(5, 7, 10, 0), true);
  assert_true(reading(&w, at(5, 8, 3, 0)).is_paused);
  hold(&w, at(5, 11, 10, 0), false);
  assert_int_equal(w.run.due, at(5, 21, 17, 30));
  extend(&w, at(5, 11, 10, 0), "10 workdays");
  assert_int_equal(w.run.due, at(6, 4, 17, 30));
}
static void a_pause_moves_days_by_time(void **state) {
  (void)state;
  struct watch w = {.rules.most = lasting("60 days"), .rules.times = 1};
  start(&w, at(8, 10, 10, 0), "30 days");
  assert_int_equal(w.run.due, at(9, 9, 23, 59) + 59 * SECOND_US);
  hold(&w, at(8, 15, 10, 0), true);
  hold(&w, at(8, 25, 10, 0), false);
  assert_int_equal(w.run.due, at(9, 19, 23, 59) + 59 * SECOND_US);
  extend(&w, at(8, 26, 10, 0), "30 days");
  assert_int_equal(w.run.due, at(10, 19, 23, 59) + 59 * SECOND_US);
}
static void used_up_pauses_go_on_by_themselves(void **state) {
  (void)state;
  struct watch w = {.rules.most = lasting("2 workdays"), .rules.times = 2, .rules.has_then = true};
  start(&w, at(3, 2, 9, 0), "5 workdays");
  hold(&w, at(3, 3, 10, 0), true);
  assert_next(&w, CLOCK_PAUSES_END, at(3, 5, 10, 0));
  assert_true(reading(&w, at(3, 5, 9, 59)).is_paused);
  assert_true(reading(&w, at(3, 5, 10, 1)).is_running); /* whether or not anybody has looked */
  done(&w);
  assert_true(w.run.phase == CLOCK_RUNNING && w.run.is_held);
  assert_int_equal(w.run.due, at(3, 11, 17, 30));
  hold(&w, at(3, 5, 11, 0), true); /* still the same wish: no second pause */
  assert_int_equal(w.run.phase, CLOCK_RUNNING);
  hold(&w, at(3, 5, 12, 0), false);
  hold(&w, at(3, 6, 10, 0), true); /* a second one, with nothing left of two days */
  assert_true(w.run.phase == CLOCK_RUNNING && w.run.pauses == 1);
  assert_next(&w, CLOCK_PAUSES_END, at(3, 6, 10, 0));
}
static void beginning_again(void **state) {
  (void)state;
  static const struct {
    enum clock_restart how;
    int month, day, hour, minute;
  } cases[] = {
      {CLOCK_FULL, 3, 30, 17, 30}, /* ten working days from Monday 16 March */
      {CLOCK_REST, 3, 17, 12, 0},  /* one day and a half were left */
      {CLOCK_THIRD, 3, 19, 14, 10} /* a third of the 74 hours that ten days and the rest of the first gave: 24:40 */
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct watch w = {.rules.restarts = cases[i].how};
    start(&w, at(3, 2, 11, 30), "10 workdays");
    stop(&w, at(3, 13, 14, 0)); /* due on the 16th */
    assert_int_equal(reading(&w, at(3, 15, 0, 0)).left_us, (7 * 60 + 210) * MINUTE_US);
    start(&w, at(3, 16, 8, 30), "10 workdays");
    assert_int_equal(w.run.due, at(cases[i].month, cases[i].day, cases[i].hour, cases[i].minute));
  }
}
static void over_stays_until_the_deadline_moves(void **state) {
  (void)state;
  struct watch w = {.rules.restarts = CLOCK_THIRD};
  start(&w, at(3, 2, 9, 0), "1 workdays");
  assert_false(reading(&w, at(3, 3, 17, 30)).is_over);
  assert_true(reading(&w, at(3, 3, 17, 30) + 1).is_over);
  stop(&w, at(3, 4, 9, 0));
  assert_true(reading(&w, at(3, 9, 9, 0)).is_over);
  start(&w, at(3, 9, 9, 0), "1 workdays");
  assert_true(reading(&w, at(3, 9, 9, 1)).is_over && reading(&w, at(3, 9, 9, 1)).left.n > 0);
  extend(&w, at(3, 9, 10, 0), "2 workdays");
  assert_false(reading(&w, at(3, 9, 10, 0)).is_over);
  w.rules.restarts = CLOCK_FULL;
  stop(&w, at(3, 30, 9, 0));
  assert_true(reading(&w, at(3, 30, 9, 0)).is_over);
  start(&w, at(3, 30, 9, 0), "1 workdays");
  assert_false(reading(&w, at(3, 30, 9, 0)).is_over);
}
static void a_clock_never_started(void **state) {
  (void)state;
  struct watch w = {0};
  const struct clock_ask a = now(&w, at(3, 2, 9, 0));
  const struct clock_reading r = reading(&w, at(3, 2, 9, 0));
  assert_false(r.is_over || r.is_paused || r.is_running || r.due != CLOCK_NEVER);
  assert_false(clock_extend_by(&a, lasting("1 days"), &w.run));
  assert_false(clock_extend_to(&a, at(3, 3, 0, 0), &w.run));
  stop(&w, at(3, 2, 9, 0));
  hold(&w, at(3, 2, 9, 0), true);
  assert_int_equal(w.run.phase, CLOCK_NOT_STARTED);
}
static void an_end_that_is_not_known_yet(void **state) {
  (void)state;
  struct watch w = {0};
  const struct clock_ask a = now(&w, at(3, 2, 9, 0));
  const struct clock_goal unknown = {0};
  add_level(&w, "due");
  assert_true(clock_start(&a, &unknown, &w.run));
  assert_true(reading(&w, at(9, 2, 9, 0)).is_running && w.run.next_at == CLOCK_NEVER);
  follow(&w, at(3, 4, 9, 0), clock_goal_limit(lasting("5 workdays")));
  assert_next(&w, 0, at(3, 9, 17, 30) + 1); /* from its start */
  assert_int_equal(reading(&w, at(3, 3, 8, 30)).used_us, 6 * 60 * MINUTE_US + 30 * MINUTE_US);
}
static void what_is_left_in_words(void **state) {
  (void)state;
  static const struct {
    const char *limit, *left;
    int month, day, hour;
  } cases[] = {
      {"5 workdays", "5 workdays", 3, 2, 9},  {"5 workdays", "1 workdays", 3, 9, 17},
      {"5 workdays", "0 workdays", 3, 9, 18}, {"3 days", "3 days", 3, 2, 9},
      {"3 days", "1 days", 3, 5, 23},         {"4 workhours", "180 workminutes", 3, 2, 10},
      {"26 hours", "1500 minutes", 3, 2, 10}, {"1 months", "31 days", 3, 2, 9},
  };
  AUTO_ARENA mem = {0};
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct watch w = {0};
    start(&w, at(3, 2, 9, 0), cases[i].limit);
    assert_str(duration_text(&mem, reading(&w, at(cases[i].month, cases[i].day, cases[i].hour, 0)).left),
               cases[i].left);
  }
}

/* ---- levels ---- */

static void levels_fire_in_their_order(void **state) {
  (void)state;
  struct watch w = {0};
  static const char *const ladder[] = {"1/2", "-1 workdays", "due", "+1 workdays", "+5 workdays"};
  for (size_t i = 0; i < COUNT_OF(ladder); i++) add_level(&w, ladder[i]);
  start(&w, at(3, 2, 8, 30), "5 workdays");
  assert_next(&w, 0, at(3, 4, 17, 30)); /* three of the six days that Monday the 2nd to Monday the 9th give */
  done(&w);
  assert_next(&w, 1, at(3, 6, 17, 30)); /* Friday before they leave, not Monday morning */
  done(&w);
  assert_next(&w, 2, at(3, 9, 17, 30) + 1);
  assert_true(reading(&w, w.run.next_at).is_over); /* so that an act may ask for it */
  done(&w);
  assert_next(&w, CLOCK_TURNS_OVER, at(3, 9, 17, 30) + 1);
  done(&w);
  assert_next(&w, 3, at(3, 10, 17, 30));
  done(&w);
  assert_next(&w, 4, at(3, 16, 17, 30));
  done(&w);
  assert_int_equal(w.run.next_at, CLOCK_NEVER);
}
static void a_moved_deadline_has_its_ladder_again(void **state) {
  (void)state;
  struct watch w = {0};
  add_level(&w, "-3 days");
  add_level(&w, "due");
  const struct clock_ask a = now(&w, at(3, 2, 9, 0));
  const struct clock_goal goal = clock_goal_day((struct date){2026, 3, 10});
  assert_true(clock_start(&a, &goal, &w.run));
  assert_next(&w, 0, at(3, 7, 23, 59) + 59 * SECOND_US);
  done(&w);
  follow(&w, at(3, 9, 9, 0), clock_goal_day((struct date){2026, 3, 20}));
  assert_next(&w, 0, at(3, 17, 23, 59) + 59 * SECOND_US);
  follow(&w, at(3, 18, 9, 0),
         clock_goal_day((struct date){2026, 3, 17})); /* taken back: both are past, both fire now */
  assert_next(&w, 0, at(3, 18, 9, 0));
  done(&w);
  assert_next(&w, 1, at(3, 18, 9, 0));
  assert_true(reading(&w, at(3, 18, 9, 0)).is_over);
}

/* ---- standing complaints ---- */

static void no_reminder_at_midnight_or_on_weekends(void **state) {
  (void)state;
  const struct calendar *c = calendar_known();
  struct watch w = {0};
  add_level(&w, "2/3");
  add_level(&w, "due");
  add_level(&w, "+3 workhours");
  for (int hour = 0; hour < 24; hour++) {
    w.run = (struct clock_run){0};
    start(&w, at(2, 13, hour, 17), "9 workhours");
    for (int i = 0; i < 3; i++) {
      assert_int_equal(calendar_open(c, w.run.next_at), w.run.next_at);
      done(&w);
    }
  }
  assert_int_equal(calendar_open(c, at(2, 14, 23, 59)), at(2, 24, 8, 30)); /* behind the Spring Festival */
  assert_int_equal(calendar_open(c, at(3, 2, 12, 30)), at(3, 2, 14, 0));
  assert_int_equal(calendar_open(c, at(3, 2, 3, 0)), at(3, 2, 8, 30));
  assert_int_equal(calendar_open(c, at(3, 7, 10, 0)), at(3, 9, 8, 30));
  assert_int_equal(calendar_open(c, at(3, 6, 17, 30) + 1), at(3, 6, 17, 30) + 1);
}
static void only_announced_holidays_rest(void **state) {
  (void)state;
  struct watch w = {0}, v = {0};
  start(&w, at(2, 13, 16, 30), "1 workdays");
  assert_int_equal(w.run.due, at(2, 14, 17, 30)); /* a Saturday at work */
  start(&v, at(2, 13, 16, 30), "2 workdays");
  assert_int_equal(v.run.due, at(2, 24, 17, 30));
}
static void one_clock_does_not_overrule_another(void **state) {
  (void)state;
  struct watch sign = {0}, handle = {0};
  start(&sign, at(3, 2, 9, 0), "4 workhours");
  start(&handle, at(3, 2, 9, 0), "10 workdays");
  stop(&sign, at(3, 2, 16, 0));
  assert_true(reading(&sign, at(3, 2, 16, 0)).is_over);
  assert_false(reading(&handle, at(3, 2, 16, 0)).is_over);
  extend(&handle, at(3, 2, 16, 0), "5 workdays");
  assert_true(reading(&sign, at(3, 2, 16, 0)).is_over);
}
static void a_clock_follows_its_date(void **state) {
  (void)state;
  struct watch w = {.rules.restarts = CLOCK_REST};
  const struct clock_ask a = now(&w, at(3, 2, 9, 0));
  const struct clock_goal first = clock_goal_day((struct date){2026, 3, 31}),
                          second = clock_goal_day((struct date){2026, 5, 8});
  assert_true(clock_start(&a, &first, &w.run));
  follow(&w, at(3, 3, 9, 0), clock_goal_day((struct date){2026, 4, 15}));
  assert_int_equal(w.run.due, at(4, 15, 23, 59) + 59 * SECOND_US);
  stop(&w, at(4, 10, 9, 0));
  const struct clock_ask later = now(&w, at(4, 20, 9, 0));
  assert_true(clock_start(&later, &second, &w.run)); /* reopened with another date: as it is said */
  assert_int_equal(w.run.due, at(5, 8, 23, 59) + 59 * SECOND_US);
}
static void long_limits_are_not_cut(void **state) {
  (void)state;
  struct watch w = {0};
  start(&w, at(3, 2, 8, 30), "700 workhours"); /* a hundred working days */
  assert_int_equal(w.run.due, at(7, 23, 17, 30));
  assert_int_equal(reading(&w, at(3, 2, 8, 30)).left.n, 42000);
}
/* The worked example of the rule: a limit of 30 days. */
static enum lamp lamp_at(const struct watch *w, int64_t t, const struct lamp_rules *rules) {
  const struct clock_reading k = reading(w, t);
  return lamp_of(&k, rules);
}
static void a_lamp_is_read_off_its_clock(void **state) {
  (void)state;
  const struct lamp_rules *rules = lamp_rules();
  struct watch w = {0};
  assert_int_equal(lamp_at(&w, at(3, 2, 9, 0), rules), LAMP_NONE);
  start(&w, at(3, 2, 9, 0), "30 days");
  assert_int_equal(lamp_at(&w, at(3, 21, 23, 0), rules), LAMP_GREEN); /* day 19: 11 left */
  assert_int_equal(lamp_at(&w, at(3, 22, 0, 1), rules), LAMP_AMBER);  /* day 20: a third */
  assert_int_equal(lamp_at(&w, at(3, 23, 9, 0), rules), LAMP_AMBER);
  assert_int_equal(lamp_at(&w, at(4, 2, 0, 0), rules), LAMP_RED); /* day 31 */
  stop(&w, at(4, 2, 9, 0));
  assert_int_equal(lamp_at(&w, at(4, 3, 9, 0), rules), LAMP_DONE);
}
static void a_lamp_counts_in_the_clocks_own_unit(void **state) {
  (void)state;
  const struct lamp_rules *rules = lamp_rules(), few = {.part = 1, .of = 100, .days = 3, .over = 9};
  struct watch w = {.rules = {.times = 1}}, office = {0}, brief = {0};
  start(&office, at(3, 2, 9, 0), "12 workdays"); /* until Wednesday 18 March */
  assert_int_equal(lamp_at(&office, at(3, 11, 17, 0), rules), LAMP_GREEN);
  assert_int_equal(lamp_at(&office, at(3, 12, 17, 0), rules), LAMP_AMBER); /* 4 of 12, however many weekends */
  assert_int_equal(lamp_at(&office, at(3, 12, 17, 0), &few), LAMP_GREEN);
  assert_int_equal(lamp_at(&office, at(3, 13, 17, 0), &few), LAMP_AMBER); /* 3 days of more than 9 */
  start(&brief, at(3, 2, 9, 0), "1 days");                                /* less than the unit: to the moment */
  assert_int_equal(lamp_at(&brief, at(3, 2, 20, 0), rules), LAMP_GREEN);
  assert_int_equal(lamp_at(&brief, at(3, 3, 20, 0), rules), LAMP_AMBER);
  start(&w, at(3, 2, 9, 0), "30 days");
  hold(&w, at(3, 3, 9, 0), true);
  assert_int_equal(lamp_at(&w, at(3, 25, 9, 0), rules), LAMP_GREY); /* stands still */
}

UNIT_TESTS(clock) = {
    cmocka_unit_test(a_pause_moves_office_time_by_office_time),
    cmocka_unit_test(a_pause_moves_days_by_time),
    cmocka_unit_test(used_up_pauses_go_on_by_themselves),
    cmocka_unit_test(beginning_again),
    cmocka_unit_test(over_stays_until_the_deadline_moves),
    cmocka_unit_test(a_clock_never_started),
    cmocka_unit_test(an_end_that_is_not_known_yet),
    cmocka_unit_test(what_is_left_in_words),
    cmocka_unit_test(levels_fire_in_their_order),
    cmocka_unit_test(a_moved_deadline_has_its_ladder_again),
    cmocka_unit_test(no_reminder_at_midnight_or_on_weekends),
    cmocka_unit_test(only_announced_holidays_rest),
    cmocka_unit_test(one_clock_does_not_overrule_another),
    cmocka_unit_test(a_clock_follows_its_date),
    cmocka_unit_test(long_limits_are_not_cut),
    cmocka_unit_test(a_lamp_is_read_off_its_clock),
    cmocka_unit_test(a_lamp_counts_in_the_clocks_own_unit),
};
UNIT_COUNT(clock);
