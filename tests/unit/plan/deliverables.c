/* Titles in marks and the verbs around them, on bare text. */
#include "engine/plan/phrase.h"
#include "unit.h"

#include "one_item.h"

static struct item *read_text(struct arena *mem, struct plan *p, struct str text) {
  one_item(mem, p, text);
  plan_measures(p);
  plan_deliverables(p);
  return the_item(p);
}

static void a_title_lies_inside_its_marks(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct plan p;
  const struct item *it = read_text(&mem, &p, STR("印发《甲办法》。"));
  assert_int_equal(it->deliverables.len, 1);
  const struct deliverable *d = &it->deliverables.at[0];
  assert_str(d->title, "甲办法");
  assert_str(plan_text(&p, d->at), "《甲办法》");
  assert_str(d->action, "印发");
  assert_int_equal(d->stage, STAGE_ISSUED);
  assert_int_equal(d->measure, 0);
}

static void order_is_that_of_the_text(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct plan p;
  const struct item *it = read_text(&mem, &p, STR("依据《甲法》制定《乙细则》《丙规程》，宣传《丁条例》。"));
  assert_int_equal(it->deliverables.len, 4);
  static const bool is_new[] = {false, true, true, false};
  for (size_t i = 0; i < 4; i++) assert_int_equal(it->deliverables.at[i].is_new, is_new[i]);
}

static void blanks_inside_a_title_are_dropped(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct plan p;
  const struct item *it = read_text(&mem, &p, STR("制定《学校食堂 管理办法》"));
  assert_int_equal(it->deliverables.len, 1);
  assert_str(it->deliverables.at[0].title, "学校食堂管理办法");
}

static void hostile_marks_end(void **state) {
  (void)state;
  static const char *const pieces[] = {"《",     "》",   "《》",     "《甲》", "《甲》、",
                                       "制定《", "制定", "（《甲》", "“《",    "落实制定并、"};
  for (size_t i = 0; i < COUNT_OF(pieces); i++) {
    AUTO_ARENA mem = {0};
    struct plan p;
    const struct item *it = read_text(&mem, &p, many(&mem, pieces[i], 30000));
    assert_true(it->deliverables.len <= 30000);
  }
}

UNIT_TESTS(deliverables) = {
    cmocka_unit_test(a_title_lies_inside_its_marks),
    cmocka_unit_test(order_is_that_of_the_text),
    cmocka_unit_test(blanks_inside_a_title_are_dropped),
    cmocka_unit_test(hostile_marks_end),
};
UNIT_COUNT(deliverables);
