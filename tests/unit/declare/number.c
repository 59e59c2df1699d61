/* Patterns of numbers, what their counters count for, and numbers that can be verified. */
#include "declare/number.h"

#include "unit.h"

static const struct date day = {2026, 3, 2};

static void patterns_are_filled(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  assert_str(number_text(&mem, STR("云教联〔{yyyy}〕{seq}号"), day, 7), "云教联〔2026〕7号");
  assert_str(number_text(&mem, STR("ZX{yyyy}{mm}{dd}-{seq:4}"), day, 41), "ZX20260302-0041");
  assert_str(number_text(&mem, STR("{seq:2}"), day, 12345), "12345");
  assert_str(number_text(&mem, STR("plain"), day, 1), "plain");
  assert_str(number_text(&mem, STR(""), day, 1), "");
}
static void a_counter_counts_for_what_stands_before_it(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  assert_str(number_series(&mem, STR("云教联〔{yyyy}〕{seq}号"), day), "云教联〔2026〕");
  assert_str(number_series(&mem, STR("D{yyyy}{mm}-{seq:3}/{dd}"), day), "D202603-");
  assert_str(number_series(&mem, STR("{seq}"), day), "");
  const struct date later = {2027, 1, 1};
  assert_false(
      str_eq(number_series(&mem, STR("A{yyyy}-{seq}"), day), number_series(&mem, STR("A{yyyy}-{seq}"), later)));
}
static void parts_cover_the_pattern(void **state) {
  (void)state;
  static const char *const bad[] = {"{yy}", "{seq:0}", "{seq:10}", "{", "{}", "a{b}c", "{yyyy"};
  for (size_t i = 0; i < COUNT_OF(bad); i++) {
    struct number_part p;
    bool told = false;
    size_t at = 0;
    while (number_next(str_of(bad[i]), &at, &p)) told |= p.kind == NUMBER_BAD;
    assert_true(told);
    assert_int_equal(at, strlen(bad[i]));
  }
}
/* The check digits were worked out apart, by the formula of ISO 7064 in another language that gives 0794 its 5. */
static void check_digits_find_mistakes(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  assert_str(verify_number(&mem, 0), "0000 0000 0000 0000");
  assert_str(verify_number(&mem, 123456789012345), "5432 1098 7654 3216");
  for (uint64_t n = 0; n < 40; n++) {
    const struct str number = verify_number(&mem, n * UINT64_C(24691357802469)), digits = verify_read(&mem, number);
    assert_int_equal(number.len, 19);
    assert_int_equal(digits.len, 16);
    for (size_t i = 0; i < digits.len; i++) {
      char *wrong = str_z(&mem, digits);
      for (char c = '0'; c <= '9'; c++) {
        wrong[i] = c;
        assert_int_equal(verify_read(&mem, str_of(wrong)).len > 0, c == digits.at[i]);
      }
    }
  }
  assert_str(verify_read(&mem, STR("0000 0000-0007 945")), ""); /* too short */
  assert_str(verify_read(&mem, STR("12345678901234567")), "");
  assert_str(verify_read(&mem, STR("x")), "");
  assert_str(verify_read(&mem, STR("")), "");
}

UNIT_TESTS(number) = {cmocka_unit_test(patterns_are_filled),
                      cmocka_unit_test(a_counter_counts_for_what_stands_before_it),
                      cmocka_unit_test(parts_cover_the_pattern), cmocka_unit_test(check_digits_find_mistakes)};
UNIT_COUNT(number);
