/* Exact numbers, units, durations, periods, three-valued logic. */
#include "declare/value.h"

#include "base/embed.h"
#include "unit.h"

static struct ratio ratio(int64_t n, int64_t d) {
  struct ratio r = {0};
  assert_true(ratio_of(n, d, &r));
  return r;
}
static struct ratio largest(void) { /* 38 nines */
  struct ratio r = ratio_int(0);
  for (int i = 0; i < RATIO_DIGITS; i++) assert_true(ratio_mul(r, ratio_int(10), &r) && ratio_add(r, ratio_int(9), &r));
  return r;
}

static void numbers_are_exact(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct ratio r;
  assert_true(ratio_add(ratio(1, 3), ratio(1, 6), &r));
  assert_str(ratio_text(&mem, r), "0.5");
  assert_true(ratio_mul(ratio(-2, 3), ratio(3, 4), &r));
  assert_str(ratio_text(&mem, r), "-0.5");
  assert_true(ratio_div(ratio(1, 2), ratio(-3, 2), &r));
  assert_str(ratio_text(&mem, r), "-1/3");
  assert_str(ratio_text(&mem, ratio(-1005, 1000)), "-1.005");
  assert_str(ratio_text(&mem, ratio_int(0)), "0");
  assert_int_equal(ratio_places(ratio(1, 8)), 3);
  assert_int_equal(ratio_places(ratio(1, 7)), -1);
  int64_t stored;
  assert_true(ratio_scaled(ratio(125, 100), 2, &stored) && stored == 125);
  assert_false(ratio_scaled(ratio(1255, 1000), 2, &stored));
  assert_false(ratio_scaled(largest(), 0, &stored)); /* more than 18 digits */
}

static void nothing_wraps(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct ratio most = largest();
  struct ratio r = ratio_int(7), inverse;
  assert_int_equal(ratio_text(&mem, most).len, RATIO_DIGITS);
  assert_false(ratio_add(most, ratio_int(1), &r));
  assert_false(ratio_mul(most, ratio_int(2), &r));
  assert_false(ratio_sub(ratio_negate(most), ratio_int(1), &r));
  assert_true(ratio_div(ratio_int(1), most, &inverse));
  assert_false(ratio_div(inverse, ratio_int(10), &r));
  assert_int_equal((int)r.n, 7); /* untouched */
  assert_true(ratio_mul(most, inverse, &r) && ratio_cmp(r, ratio_int(1)) == 0);
  assert_int_equal(ratio_cmp(inverse, most), -1);
  assert_true(ratio_sub(most, ratio_int(1), &r));
  assert_int_equal(ratio_cmp(r, most), -1);
}

static void rounding_is_half_away(void **state) {
  (void)state;
  static const struct {
    int64_t n, d;
    enum rounding how;
    const char *cents;
  } cases[] = {
      {1005, 1000, ROUND_NEAR, "1.01"}, {-1005, 1000, ROUND_NEAR, "-1.01"}, {1004, 1000, ROUND_NEAR, "1"},
      {2, 3, ROUND_NEAR, "0.67"},       {-2, 3, ROUND_NEAR, "-0.67"},       {2, 3, ROUND_DOWN, "0.66"},
      {-2, 3, ROUND_DOWN, "-0.67"},     {2, 3, ROUND_UP, "0.67"},           {-2, 3, ROUND_UP, "-0.66"},
      {1, 200, ROUND_NEAR, "0.01"},     {-1, 200, ROUND_NEAR, "-0.01"},     {1, 201, ROUND_NEAR, "0"},
  };
  AUTO_ARENA mem = {0};
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct ratio r;
    assert_true(ratio_round(ratio(cases[i].n, cases[i].d), ratio(1, 100), cases[i].how, &r));
    assert_str(ratio_text(&mem, r), cases[i].cents);
  }
}

static void roots_and_rests(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct ratio r, rest;
  assert_true(ratio_sqrt(ratio_int(2), 6, &r));
  assert_str(ratio_text(&mem, r), "1.414214");
  assert_true(ratio_sqrt(ratio(1, 4), 6, &r));
  assert_str(ratio_text(&mem, r), "0.5");
  assert_true(ratio_div_mod(ratio_int(-7), ratio_int(2), &r, &rest));
  assert_str(ratio_text(&mem, r), "-4");
  assert_str(ratio_text(&mem, rest), "1");
}

static struct units units_of_rules(struct arena *mem) {
  struct units u = {0};
  struct err e = {0};
  const struct embedded *f = embed_find(STR("rules/units.yaml"));
  assert_true(f && units_parse(mem, f->bytes, &u, &e));
  return u;
}

static void units_are_vectors(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct units u = units_of_rules(&mem);
  struct dimension price = {0}, weight = {0}, money = {0}, area = {0}, count = {0};
  struct ratio factor = {0}, kilo = {0};
  assert_true(units_read(&u, STR("元/kg"), &price, &factor) && units_read(&u, STR("kg"), &weight, &kilo));
  assert_int_equal(ratio_cmp(kilo, ratio_int(1000)), 0);
  assert_true(dimension_mul(price, weight, false, &money));
  assert_str(dimension_text(&mem, &u, money), "元");
  assert_str(dimension_text(&mem, &u, price), "元/g");
  assert_true(units_read(&u, STR("m²"), &area, &factor));
  assert_str(dimension_text(&mem, &u, area), "m²");
  assert_true(units_read(&u, STR("所"), &count, &factor) && dimension_counts(&u, count));
  assert_false(dimension_counts(&u, money) || dimension_counts(&u, price));
  assert_true(units_read(&u, STR(""), &count, &factor) && dimension_bare(count));
  assert_false(units_read(&u, STR("尺"), &count, &factor) || units_read(&u, STR("元/"), &count, &factor));
  assert_true(units_read(&u, STR("%"), &count, &factor) && dimension_bare(count) &&
              ratio_cmp(factor, ratio(1, 100)) == 0);
  struct value v;
  int64_t stored;
  assert_true(value_of_stored(&u, 500, 2, STR("kg"), &v)); /* 5.00 kg */
  assert_str(value_show(&mem, &u, &v, STR("")), "5000 g");
  assert_str(value_show(&mem, &u, &v, STR("kg")), "5 kg");
  assert_true(value_stored(&u, &v, STR("kg"), 2, &stored) && stored == 500);
}
static void unit_rules_are_checked(void **state) {
  (void)state;
  static const char *const wrong[] = {"counting: [个, 个]\n", "counting: [个]\nmade: {kg: 1000 g}\n",
                                      "made: {kg: x}\n"};
  for (size_t i = 0; i < COUNT_OF(wrong); i++) {
    AUTO_ARENA mem = {0};
    struct units u;
    struct err e = {0};
    assert_false(units_parse(&mem, str_of(wrong[i]), &u, &e));
    assert_int_equal(e.code, ERR_INVALID);
  }
}

static void durations_convert_within_a_family(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct duration a = {0}, b = {0}, c = {0};
  struct ratio r = {0};
  assert_true(duration_parse(STR("2 weeks"), &a) && duration_parse(STR("3 days"), &b) && duration_add(a, b, &c));
  assert_str(duration_text(&mem, c), "17 days");
  assert_int_equal(duration_cmp(a, b), DURATION_MORE);
  assert_true(duration_div(a, b, &r) && ratio_cmp(r, ratio(14, 3)) == 0);
  assert_true(duration_mul(a, ratio(1, 7), &c));
  assert_str(duration_text(&mem, c), "2 days");
  assert_false(duration_mul(b, ratio(1, 2), &c));
  assert_true(duration_parse(STR("10 workdays"), &b));
  assert_false(duration_add(a, b, &c));
  assert_int_equal(duration_cmp(a, b), DURATION_UNLIKE);
  assert_true(duration_parse(STR("0 minutes"), &b));
  assert_int_equal(duration_cmp(a, b), DURATION_MORE); /* nothing is comparable with all */
  assert_true(duration_add(a, b, &c));
  assert_str(duration_text(&mem, c), "2 weeks");
  assert_true(duration_parse(STR("1 years"), &a) && duration_parse(STR("12 months"), &b));
  assert_int_equal(duration_cmp(a, b), DURATION_EQUAL);
  static const char *const wrong[] = {"",          "10",       "workdays", "1 day",
                                      "1.5 hours", "10  days", "x days",   "99999999999999999999 days"};
  for (size_t i = 0; i < COUNT_OF(wrong); i++) assert_false(duration_parse(str_of(wrong[i]), &a));
}

static void missing_is_neither(void **state) {
  (void)state;
  const struct value yes = value_flag(true), no = value_flag(false), none = value_none(NONE_missing),
                     zero = value_none(NONE_zero);
  struct value v = value_and(none, no);
  assert_true(value_is_no(&v));
  v = value_or(none, yes);
  assert_true(value_is_yes(&v));
  v = value_and(none, yes);
  assert_true(value_is_none(&v) && v.why == NONE_missing);
  v = value_or(no, zero);
  assert_true(value_is_none(&v) && v.why == NONE_zero);
  v = value_not(zero);
  assert_true(value_is_none(&v) && v.why == NONE_zero);
  const struct value blank = {0};
  assert_true(value_is_none(&blank) && blank.why == NONE_missing);
}

static void sets_are_compared_as_sets(void **state) {
  (void)state;
  const struct value one[] = {value_int(1), value_int(2)}, other[] = {value_int(2), value_int(1), value_int(2)};
  const struct value a = value_set(one, 2), b = value_set(other, 3), c = value_set(one, 1);
  assert_true(value_same(&a, &b) && !value_same(&a, &c));
}

UNIT_TESTS(value) = {
    cmocka_unit_test(numbers_are_exact),         cmocka_unit_test(nothing_wraps),
    cmocka_unit_test(rounding_is_half_away),     cmocka_unit_test(roots_and_rests),
    cmocka_unit_test(units_are_vectors),         cmocka_unit_test(unit_rules_are_checked),
    cmocka_unit_test(missing_is_neither),        cmocka_unit_test(durations_convert_within_a_family),
    cmocka_unit_test(sets_are_compared_as_sets),
};
UNIT_COUNT(value);
