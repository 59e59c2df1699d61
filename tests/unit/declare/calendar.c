/* Working days and office time of 2026, month ends, clocks, periods; against counting day by day and minute by minute. */
#include "declare/calendar.h"

#include "base/clock.h"
#include "declare/period.h"
#include "unit.h"

static const int64_t MINUTE_US = 60 * SECOND_US;

static int32_t day(int y, int m, int d) { return date_to_days((struct date){(int16_t)y, (int8_t)m, (int8_t)d}); }
static int64_t at(int y, int m, int d, int hour, int minute) {
  return day_moment(day(y, m, d), (hour * 60 + minute) * MINUTE_US);
}
static struct duration lasting(const char *z) {
  struct duration d = {0};
  assert_true(duration_parse(str_of(z), &d));
  return d;
}

static void the_year_2026(void **state) {
  (void)state;
  const struct calendar *c = calendar_known();
  assert_true(calendar_announced(c, 2026) && calendar_announced(c, 2025) && !calendar_announced(c, 2027));
  assert_false(calendar_works(c, day(2026, 1, 2)) || calendar_works(c, day(2026, 2, 23)) ||
               calendar_works(c, day(2026, 10, 7)));
  assert_true(calendar_works(c, day(2026, 1, 4)) && calendar_works(c, day(2026, 2, 28)) &&
              calendar_works(c, day(2026, 10, 10)));
  assert_false(calendar_works(c, day(2026, 3, 7)));
  assert_int_equal(calendar_day_us(c), 7 * 60 * MINUTE_US);
  /* 2025: 365 days, 104 of weekends, 28 days off, of these 10 on weekends, 5 weekends at work */
  assert_int_equal(calendar_workdays(c, day(2024, 12, 31), day(2025, 12, 31)), 248);
}

static void workdays_as_counted_by_hand(void **state) {
  (void)state;
  const struct calendar *c = calendar_known();
  uint32_t seed = 3;
  for (int i = 0; i < 3000; i++) {
    seed = seed * 1664525u + 1013904223u;
    const int32_t a = day(2024, 11, 1) + (int32_t)(seed >> 16) % 1100, b = a + (int32_t)(seed >> 8) % 90;
    int64_t n = 0;
    for (int32_t d = a + 1; d <= b; d++) n += calendar_works(c, d);
    assert_int_equal(calendar_workdays(c, a, b), n);
    assert_int_equal(calendar_workdays(c, b, a), -n);
    struct date end;
    assert_true(date_plus(c, date_of_days(a), (struct duration){n, DURATION_workdays}, &end));
    assert_true(date_to_days(end) <= b && calendar_workdays(c, a, date_to_days(end)) == n);
  }
}

static bool is_office_minute(const struct calendar *c, int64_t us) {
  if (!calendar_works(c, moment_day(us))) return false;
  const int64_t minute = (us - day_moment(moment_day(us), 0)) / MINUTE_US;
  return (minute >= 510 && minute < 720) || (minute >= 840 && minute < 1050);
}
static void office_time_as_counted_by_hand(void **state) {
  (void)state;
  const struct calendar *c = calendar_known();
  uint32_t seed = 5;
  for (int i = 0; i < 300; i++) {
    seed = seed * 1664525u + 1013904223u;
    const int64_t a = at(2026, 2, 10, 0, 0) + (int64_t)(seed >> 16) % 30000 * MINUTE_US;
    const int64_t b = a + (int64_t)(seed >> 8) % 20000 * MINUTE_US;
    int64_t n = 0;
    for (int64_t t = a; t < b; t += MINUTE_US) n += is_office_minute(c, t);
    assert_int_equal(calendar_office_us(c, a, b), n * MINUTE_US);
    assert_int_equal(calendar_office_us(c, b, a), -n * MINUTE_US);
    int64_t end, back;
    assert_true(calendar_office_add(c, a, n * MINUTE_US, &end));
    assert_true(end <= b && calendar_office_us(c, a, end) == n * MINUTE_US);
    if (n) assert_true(is_office_minute(c, end - MINUTE_US)); /* the earliest */
    assert_true(calendar_office_add(c, b, -n * MINUTE_US, &back) && calendar_office_us(c, back, b) == n * MINUTE_US);
  }
}

static void ends_of_months(void **state) {
  (void)state;
  static const char *const cases[][3] = {
      {"2026-01-31", "1 months", "2026-02-28"},   {"2028-01-31", "1 months", "2028-02-29"},
      {"2026-02-28", "1 months", "2026-03-28"},   {"2026-03-31", "-1 months", "2026-02-28"},
      {"2028-02-29", "1 years", "2029-02-28"},    {"2026-05-31", "13 months", "2027-06-30"},
      {"2026-01-15", "-13 months", "2024-12-15"}, {"2026-03-02", "2 weeks", "2026-03-16"},
      {"2026-02-13", "2 workdays", "2026-02-24"}, {"2026-02-24", "-1 workdays", "2026-02-14"},
  };
  AUTO_ARENA mem = {0};
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct date d = {0}, out = {0};
    assert_true(date_parse(str_of(cases[i][0]), 0, &d) && date_plus(calendar_known(), d, lasting(cases[i][1]), &out));
    assert_str(date_iso(&mem, out), cases[i][2]);
  }
  struct date out;
  assert_false(date_plus(calendar_known(), (struct date){9999, 12, 31}, lasting("1 days"), &out));
  assert_false(date_plus(calendar_known(), (struct date){2026, 1, 1}, lasting("999999999 years"), &out));
  assert_false(date_plus(calendar_known(), (struct date){2026, 1, 1}, lasting("2 hours"), &out));
}

static void clocks_are_due(void **state) {
  (void)state;
  static const struct {
    const char *limit;
    int month, day, hour, minute, second;
  } cases[] = {
      /* from Friday 2026-02-13, 16:30; Saturday 14 is a working day, then the Spring Festival up to 23 */
      {"30 minutes", 2, 13, 17, 0, 0},   {"2 hours", 2, 13, 18, 30, 0},    {"1 workhours", 2, 13, 17, 30, 0},
      {"4 workhours", 2, 14, 11, 30, 0}, {"1 workdays", 2, 14, 17, 30, 0}, {"2 workdays", 2, 24, 17, 30, 0},
      {"3 days", 2, 16, 23, 59, 59},     {"1 months", 3, 13, 23, 59, 59},  {"8 workhours", 2, 14, 17, 30, 0},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    int64_t due;
    assert_true(calendar_due(calendar_known(), at(2026, 2, 13, 16, 30), lasting(cases[i].limit), &due));
    assert_int_equal(
        due, at(2026, cases[i].month, cases[i].day, cases[i].hour, cases[i].minute) + cases[i].second * SECOND_US);
  }
  int64_t end; /* seven hours are exactly a day: over at its close, not at the next opening */
  assert_true(calendar_office_add(calendar_known(), at(2026, 2, 14, 8, 0), 7 * 60 * MINUTE_US, &end));
  assert_int_equal(end, at(2026, 2, 14, 17, 30));
}

static void periods(void **state) {
  (void)state;
  static const char *const cases[][5] = {
      /* kind, day, text, start, end */
      {"year", "2026-03-02", "2026", "2026-01-01", "2026-12-31"},
      {"school_year", "2026-08-31", "2025", "2025-09-01", "2026-08-31"},
      {"school_year", "2026-09-01", "2026", "2026-09-01", "2027-08-31"},
      {"term", "2026-01-31", "2025-1", "2025-09-01", "2026-01-31"},
      {"term", "2026-02-01", "2025-2", "2026-02-01", "2026-08-31"},
      {"quarter", "2026-06-30", "2026-2", "2026-04-01", "2026-06-30"},
      {"month", "2028-02-10", "2028-02", "2028-02-01", "2028-02-29"},
      {"week", "2026-01-01", "2026-01", "2025-12-29", "2026-01-04"},
      {"week", "2027-01-03", "2026-53", "2026-12-28", "2027-01-03"},
      {"week", "2026-12-27", "2026-52", "2026-12-21", "2026-12-27"},
  };
  AUTO_ARENA mem = {0};
  const struct calendar *c = calendar_known();
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    enum period_kind kind = PERIOD_year;
    struct date d = {0};
    struct period again;
    assert_true(period_kind_of(str_of(cases[i][0]), &kind) && date_parse(str_of(cases[i][1]), 0, &d));
    const struct period p = period_of(c, kind, d);
    assert_str(period_text(&mem, p), cases[i][2]);
    assert_str(date_iso(&mem, period_start(c, p)), cases[i][3]);
    assert_str(date_iso(&mem, period_end(c, p)), cases[i][4]);
    assert_true(period_parse(c, kind, period_text(&mem, p), &again) && period_cmp(p, again) == 0);
    assert_int_equal(period_cmp(period_step(c, period_step(c, p, 9), -9), p), 0);
  }
  struct period p;
  assert_false(period_parse(c, PERIOD_month, STR("2026-13"), &p) || period_parse(c, PERIOD_month, STR("2026-3"), &p) ||
               period_parse(c, PERIOD_year, STR("2026-1"), &p) || period_parse(c, PERIOD_term, STR("2026-3"), &p) ||
               period_parse(c, PERIOD_week, STR("2025-53"), &p));
}

static void every_day_lies_in_its_period(void **state) {
  (void)state;
  const struct calendar *c = calendar_known();
  for (int32_t d = day(2023, 12, 1); d < day(2029, 2, 1); d++)
    for (enum period_kind kind = 0; kind < PERIOD_KIND_COUNT; kind++) {
      const struct period p = period_of(c, kind, date_of_days(d));
      assert_true(date_to_days(period_start(c, p)) <= d && d <= date_to_days(period_end(c, p)));
    }
}

UNIT_TESTS(calendar) = {
    cmocka_unit_test(the_year_2026),  cmocka_unit_test(workdays_as_counted_by_hand),
    cmocka_unit_test(ends_of_months), cmocka_unit_test(office_time_as_counted_by_hand),
    cmocka_unit_test(clocks_are_due), cmocka_unit_test(every_day_lies_in_its_period),
    cmocka_unit_test(periods),
};
UNIT_COUNT(calendar);
