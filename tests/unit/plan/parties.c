/* Splitting lists of offices and reading labels, without the structure around them. */
#include "engine/plan/labels.h"
#include "unit.h"

#include "one_item.h"

static size_t split(struct arena *mem, struct plan *p, const char *text, struct str *out, size_t most) {
  one_item(mem, p, str_of(text));
  struct unit_book book = unit_book(p);
  unit_list units = {0};
  units_split(&book, (struct span){0, (uint32_t)p->folded.len}, false, &units);
  for (size_t i = 0; i < units.len && i < most; i++) out[i] = plan_text(p, units.at[i]);
  return units.len;
}

static void a_name_may_hold_a_mark(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct plan p;
  struct str got[4];
  assert_int_equal(split(&mem, &p, "办公室、体育、卫生与艺术教育处", got, 4), 2);
  assert_str(got[0], "办公室");
  assert_str(got[1], "体育、卫生与艺术教育处");
}

static void etc_is_dropped_but_not_higher_education(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct plan p;
  struct str got[4];
  assert_int_equal(split(&mem, &p, "高等教育处、财政局等有关部门", got, 4), 2);
  assert_str(got[0], "高等教育处");
  assert_str(got[1], "财政局");
}

static void conjunctions_part_whole_offices_only(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct plan p;
  struct str got[4];
  assert_int_equal(split(&mem, &p, "统战与群工处", got, 4), 1);
  assert_int_equal(split(&mem, &p, "组织人事处与财务处", got, 4), 2);
  assert_int_equal(split(&mem, &p, "学院与学科建设处", got, 4), 1);
}

static void the_dictionary_decides(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct plan p;
  one_item(&mem, &p, STR("职成、人事科"));
  const struct str known = STR("人事科");
  p.options.units = &known;
  p.options.unit_count = 1;
  struct unit_book book = unit_book(&p);
  unit_list units = {0};
  units_split(&book, (struct span){0, (uint32_t)p.folded.len}, false, &units);
  assert_int_equal(units.len, 2);
}

static void labels_give_roles(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct plan p;
  one_item(&mem, &p, STR("（A处牵头会同B处负责；配合单位：C处；责任人：张三）"));
  struct unit_book book = unit_book(&p);
  label_lists lists = {0};
  bool first = false;
  label_read(&book, (struct span){0, (uint32_t)p.folded.len}, LABEL_NONE, &lists, &first);
  assert_int_equal(lists.len, 3);
  assert_int_equal(lists.at[0].role, LABEL_LEAD);
  assert_int_equal(lists.at[1].role, LABEL_ASSIST);
  assert_str(plan_text(&p, lists.at[1].at), "B处");
  assert_int_equal(lists.at[2].role, LABEL_ASSIST);
  assert_false(first);
}

static void hostile_labels_end(void **state) {
  (void)state;
  static const char *const pieces[] = {"（", "）（", "牵头：", "A处（", "、", "责任单位", "会同", "负责，", "各区、"};
  for (size_t i = 0; i < COUNT_OF(pieces); i++) {
    AUTO_ARENA mem = {0};
    struct plan p;
    one_item(&mem, &p, many(&mem, pieces[i], 20000));
    vec_push(&mem, &the_item(&p)->labels) = the_item(&p)->at;
    plan_parties(&p);
    assert_true(the_item(&p)->parties.len < 20001);
  }
}

UNIT_TESTS(parties) = {
    cmocka_unit_test(a_name_may_hold_a_mark),
    cmocka_unit_test(etc_is_dropped_but_not_higher_education),
    cmocka_unit_test(conjunctions_part_whole_offices_only),
    cmocka_unit_test(the_dictionary_decides),
    cmocka_unit_test(labels_give_roles),
    cmocka_unit_test(hostile_labels_end),
};
UNIT_COUNT(parties);
