/* dec and date. */
#include "base/date.h"
#include "base/dec.h"
#include "unit.h"

static void assert_dec(const char *text, const char *expected) {
  AUTO_ARENA mem = {0};
  struct dec d;
  if (!dec_parse(str_of(text), &d)) fail_msg("%s is refused", text);
  assert_str(dec_text(&mem, d), expected);
}

static void reads_decimals_exactly(void **state) {
  (void)state;
  assert_dec("3.30", "3.3");
  assert_dec("-0.50", "-0.5");
  assert_dec("1,200", "1200");
  assert_dec("12,345,678.05", "12345678.05");
  assert_dec("0.000000000001", "0.000000000001");
  assert_dec("-0", "0");
  assert_dec("00041", "41");
}

static void refuses_what_is_no_decimal(void **state) {
  (void)state;
  static const char *const bad[] = {
      "",    "-",  ".5", "5.",     "1,20", "1,2345",          "12,34,567",           "1.2.3",
      "1e3", "+1", " 1", "1,000,", "0x1",  "1.0000000000001", "99999999999999999999"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct dec d = {77, 0};
    if (dec_parse(str_of(bad[i]), &d)) fail_msg("%s is taken", bad[i]);
    assert_int_equal(d.digits, 77);
  }
}

static void adds_and_subtracts_over_scales(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct dec out;
  assert_true(dec_add((struct dec){11, 1}, (struct dec){205, 2}, &out));
  assert_str(dec_text(&mem, out), "3.15");
  assert_true(dec_sub((struct dec){11, 1}, (struct dec){110, 2}, &out));
  assert_str(dec_text(&mem, out), "0");
  assert_false(dec_add(dec_int(INT64_MAX), dec_int(1), &out));
  assert_false(dec_sub(dec_int(INT64_MIN), dec_int(1), &out));
}

static void shifts_by_powers_of_ten(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct dec out;
  assert_true(dec_shift((struct dec){33, 1}, 4, &out)); /* 3.3 万 */
  assert_str(dec_text(&mem, out), "33000");
  assert_true(dec_shift(dec_int(5), -2, &out));
  assert_str(dec_text(&mem, out), "0.05");
  assert_false(dec_shift(dec_int(INT64_MAX), 1, &out));
  assert_false(dec_shift((struct dec){1, DEC_SCALE_MAX}, -1, &out));
}

static void compares_without_rounding(void **state) {
  (void)state;
  assert_int_equal(dec_cmp((struct dec){30, 1}, dec_int(3)), 0);
  assert_true(dec_cmp((struct dec){2999999, 6}, dec_int(3)) < 0);
  assert_true(dec_cmp(dec_int(INT64_MAX), (struct dec){INT64_MAX, DEC_SCALE_MAX}) > 0);
  assert_true(dec_cmp(dec_int(-1), (struct dec){1, 1}) < 0);
}

static void dates_round_trip_over_eras(void **state) {
  (void)state;
  assert_int_equal(date_to_days((struct date){1970, 1, 1}), 0);
  assert_int_equal(date_to_days((struct date){2000, 3, 1}), 11017);
  for (int32_t day = -719162; day <= 2932896; day += 97) { /* years 1 to 9999 */
    const struct date d = date_of_days(day);
    assert_true(date_valid(d));
    assert_int_equal(date_to_days(d), day);
  }
}

static void knows_leap_years(void **state) {
  (void)state;
  assert_int_equal(date_month_days(2024, 2), 29);
  assert_int_equal(date_month_days(2026, 2), 28);
  assert_int_equal(date_month_days(1900, 2), 28);
  assert_int_equal(date_month_days(2000, 2), 29);
  assert_int_equal(date_month_days(2026, 13), 0);
  assert_false(date_valid((struct date){2026, 2, 29}));
}

static void reads_the_ways_people_write_a_day(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  static const char *const good[] = {"2026-5-18", "20260518", "2026/5/18",           "2026年5月18日",
                                     "5月18日",   "5-18",     "２０２６年５月１８日"};
  for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
    struct date d = {0};
    if (!date_parse(str_of(good[i]), 2026, &d)) fail_msg("%s is refused", good[i]);
    assert_str(date_iso(&mem, d), "2026-05-18");
  }
  static const char *const bad[] = {"2026-2-30", "2026-13-1", "18", "", "2026", "26-5-18", "2026-5-18-1", "\xff"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    struct date d = {0};
    if (date_parse(str_of(bad[i]), 2026, &d)) fail_msg("%s is taken", bad[i]);
  }
  struct date d = {0};
  assert_false(date_parse(STR("5月18日"), 0, &d)); /* no year known */
}

static void writes_dates_with_unknown_parts(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  assert_str(date_iso(&mem, (struct date){2026, 5, 0}), "2026-05");
  assert_str(date_iso(&mem, (struct date){2026, 0, 0}), "2026");
  assert_str(date_iso(&mem, (struct date){0}), "");
  assert_str(date_zh(&mem, (struct date){2026, 5, 20}), "2026年5月20日");
  assert_str(date_zh_short(&mem, (struct date){2026, 5, 20}), "5月20日");
  assert_str(date_zh(&mem, (struct date){2026, 5, 0}), "2026年5月");
}

UNIT_TESTS(number) = {
    cmocka_unit_test(reads_decimals_exactly),
    cmocka_unit_test(refuses_what_is_no_decimal),
    cmocka_unit_test(adds_and_subtracts_over_scales),
    cmocka_unit_test(shifts_by_powers_of_ten),
    cmocka_unit_test(compares_without_rounding),
    cmocka_unit_test(dates_round_trip_over_eras),
    cmocka_unit_test(knows_leap_years),
    cmocka_unit_test(reads_the_ways_people_write_a_day),
    cmocka_unit_test(writes_dates_with_unknown_parts),
};
UNIT_COUNT(number);
