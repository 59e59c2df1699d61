/* Times and due dates of one item. Further sentences: tests/cases/plan/times.case. */
#include "engine/plan/plan.h"
#include "unit.h"

#include "one_item.h"

static const struct {
  const char *text, *due;
  bool inferred;
} dues[] = {
    {"6月底前完成。", "2026-06-30", false},
    {"2月底前完成。", "2026-02-28", false},
    {"2026年6月30日前完成。", "2026-06-30", false},
    {"二〇二六年十月底前完成。", "2026-10-31", false},
    {"9月中旬复查。", "2026-09-20", false},
    {"一季度启动。", "2026-03-31", false},
    {"上半年完成。", "2026-06-30", false},
    {"年内完成。", "2026-12-31", false},
    {"一年内完成。", "2026-12-31", true},
    {"暑假前完成。", "2026-06-30", true},
    {"秋季学期开学前完成。", "2026-08-31", true},
    {"3月至5月整治。", "2026-05-31", false},
    {"11月—2027年1月开展。", "2027-01-31", false},
    {"持续推进。", "2026-12-31", true},
    {"落实《规划（2026—2035年）》。", "2026-12-31", true},
    {"巩固2025年底前建成的成果。", "2026-12-31", true},
    {"3月底前摸底，10月底前整改。", "2026-10-31", false},
    {"6月底前初稿，到2030年形成体系。", "2026-06-30", false},
    {"到2030年形成体系。", "2030-12-31", false},
    {"7月前完成。", "2026-06-30", true},
    {"2月30日前完成。", "2026-02-28", false},
};

static void due_dates(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(dues); i++) {
    AUTO_ARENA mem = {0};
    struct plan p;
    one_item(&mem, &p, str_of(dues[i].text));
    p.documents.at[0].year = 2026;
    plan_times(&p);
    const struct when *due = &the_item(&p)->due;
    if (!str_eqz(date_iso(&mem, due->to), dues[i].due)) print_error("in %s\n", dues[i].text);
    assert_str(date_iso(&mem, due->to), dues[i].due);
    assert_int_equal(due->inferred, dues[i].inferred);
  }
}

static void without_a_year_nothing_is_invented(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct plan p;
  one_item(&mem, &p, STR("6月底前完成，年内见效。"));
  plan_times(&p);
  const struct item *it = the_item(&p);
  assert_int_equal(it->times.len, 2);
  assert_true(date_none(it->times.at[0].to));
  assert_true(date_none(it->due.to));
}

static void the_last_year_of_a_long_plan(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct plan p;
  one_item(&mem, &p, STR("持续推进。"));
  p.documents.at[0].year = 2026;
  p.documents.at[0].year_to = 2028;
  plan_times(&p);
  assert_str(date_iso(&mem, the_item(&p)->due.to), "2028-12-31");
  assert_true(the_item(&p)->due.inferred);
}

static void recurrence_and_duty(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct plan p;
  one_item(&mem, &p, STR("每学期开展家访不少于2次，每月通报进展。"));
  p.documents.at[0].year = 2026;
  plan_times(&p);
  plan_targets(&p);
  const struct item *it = the_item(&p);
  assert_int_equal(it->times.len, 2);
  assert_int_equal(it->times.at[0].every, EVERY_TERM);
  assert_int_equal(it->times.at[1].every, EVERY_MONTH);
  assert_int_equal(it->duties.len, 2);
  assert_str(dec_text(&mem, it->duties.at[0].count), "2");
  assert_int_equal(it->duties.at[0].bound, BOUND_GE);
  assert_false(it->duties.at[1].has_count);
}

UNIT_TESTS(times) = {
    cmocka_unit_test(due_dates),
    cmocka_unit_test(without_a_year_nothing_is_invented),
    cmocka_unit_test(the_last_year_of_a_long_plan),
    cmocka_unit_test(recurrence_and_duty),
};
UNIT_COUNT(times);
