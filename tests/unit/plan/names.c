/* Quotes and placeholders on bare text. */
#include "unit.h"

#include "one_item.h"

static struct item *read_text(struct arena *mem, struct plan *p, struct str text) {
  one_item(mem, p, text);
  plan_measures(p);
  plan_deliverables(p);
  plan_names(p);
  return the_item(p);
}

static void a_name_lies_inside_its_quotes(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct plan p;
  const struct item *it = read_text(&mem, &p, STR("实施“青蓝”工程，巩固“双减”成果，找“甲乙丙丁”看看。"));
  assert_int_equal(it->names.len, 3);
  assert_str(plan_text(&p, it->names.at[0].at), "青蓝");
  assert_int_equal(it->names.at[0].kind, NAME_PROGRAMME);
  assert_int_equal(it->names.at[1].kind, NAME_SLOGAN);
  assert_int_equal(it->names.at[2].kind, NAME_OTHER);
}

static void quotes_in_a_title_belong_to_it(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct plan p;
  const struct item *it = read_text(&mem, &p, STR("制定《“青蓝计划”办法》，实施“星火计划”。"));
  assert_int_equal(it->names.len, 1);
  assert_str(it->names.at[0].text, "星火计划");
}

static void placeholders_are_runs_of_marks(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct plan p;
  const struct item *it = read_text(&mem, &p, STR("xx市 XX学院 ***人 ×年 3×4 Exxon 二○○八 ○○县 某某"));
  assert_int_equal(it->placeholders.len, 6);
  assert_str(plan_text(&p, it->placeholders.at[2].at), "***");
  assert_str(plan_text(&p, it->placeholders.at[5].at), "某某");
}

static void hostile_quotes_end(void **state) {
  (void)state;
  static const char *const pieces[] = {"“", "”", "“”", "“甲", "“甲”", "“甲”、", "\"", "‘“", "《“", "x", "某", "**甲"};
  for (size_t i = 0; i < COUNT_OF(pieces); i++) {
    AUTO_ARENA mem = {0};
    struct plan p;
    const struct item *it = read_text(&mem, &p, many(&mem, pieces[i], 30000));
    assert_true(it->names.len <= 30000);
  }
}

UNIT_TESTS(names) = {
    cmocka_unit_test(a_name_lies_inside_its_quotes),
    cmocka_unit_test(quotes_in_a_title_belong_to_it),
    cmocka_unit_test(placeholders_are_runs_of_marks),
    cmocka_unit_test(hostile_quotes_end),
};
UNIT_COUNT(names);
