/* Clauses and their verbs on bare text. */
#include "engine/plan/phrase.h"
#include "unit.h"

#include "one_item.h"

static void clauses_end_outside_brackets(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct plan p;
  one_item(&mem, &p, STR("甲（乙，丙）丁，1,080人；“戊，己”庚。（辛，壬。癸"));
  static const char *const want[] = {"甲（乙，丙）丁", "1,080人", "“戊，己”庚", "（辛，壬", "癸"};
  struct clause c;
  size_t n = 0;
  for (uint32_t at = 0; clause_next(&p, the_item(&p)->at, &at, &c); n++) {
    assert_true(n < COUNT_OF(want));
    assert_str(plan_text(&p, c.at), want[n]);
  }
  assert_int_equal(n, COUNT_OF(want));
}

static void measures_cover_their_clauses(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct plan p;
  one_item(&mem, &p, STR("持续推进改革，力争新增名师20人，骨干50人。鼓励高校开设课程。"));
  plan_measures(&p);
  const struct item *it = the_item(&p);
  assert_int_equal(it->measures.len, 3);
  assert_str(it->measures.at[0].verb, "推进");
  assert_str(it->measures.at[1].object, "名师20人，骨干50人");
  assert_int_equal(it->measures.at[1].strength, STRENGTH_STRIVE);
  assert_int_equal(it->measures.at[2].strength, STRENGTH_ENCOURAGE);
}

static void sets_hold_what_was_added(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct str_set set = {0};
  assert_false(str_set_has(&set, STR("甲")));
  for (int i = 0; i < 1000; i++) str_set_add(&mem, &set, str_fmt(&mem, "%d处", i));
  assert_int_equal(set.count, 1000);
  assert_true(str_set_has(&set, STR("999处")));
  assert_false(str_set_has(&set, STR("1000处")));
  assert_false(str_set_has(&set, STR("")));
}

static void hostile_clauses_end(void **state) {
  (void)state;
  static const char *const pieces[] = {"推进", "持续", "（", "，", "甲", "鼓励", "力争，"};
  for (size_t i = 0; i < COUNT_OF(pieces); i++) {
    AUTO_ARENA mem = {0};
    struct plan p;
    one_item(&mem, &p, many(&mem, pieces[i], 50000));
    plan_measures(&p);
    assert_true(the_item(&p)->measures.len <= 50000);
  }
}

UNIT_TESTS(measures) = {
    cmocka_unit_test(clauses_end_outside_brackets),
    cmocka_unit_test(measures_cover_their_clauses),
    cmocka_unit_test(sets_hold_what_was_added),
    cmocka_unit_test(hostile_clauses_end),
};
UNIT_COUNT(measures);
