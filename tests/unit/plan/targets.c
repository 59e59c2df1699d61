/* Why a number is or is not a target, and what hangs together. Further sentences: tests/cases/plan/targets*.case. */
#include "engine/plan/targets.h"
#include "unit.h"

#include "one_item.h"

static judged_list judge_text(struct arena *mem, struct plan *p, const char *text) {
  judged_list judged = {0};
  one_item(mem, p, str_of(text));
  p->documents.at[0].year = 2026;
  plan_times(p);
  targets_of_item(p, &p->documents.at[0], the_item(p), mem, &judged);
  return judged;
}

static const struct {
  const char *text, *why; /* of the last number */
} reasons[] = {
    {"竣工学校41所。", "aim"},
    {"“4个100%”动态达标。", "quoted"},
    {"组织第六批申报。", "ordinal"},
    {"进入全省前10名。", "which"},
    {"面向60岁以上老年人。", "age"},
    {"开展六个一活动。", "slogan"},
    {"去年建成12所。", "past"},
    {"依托12项课题研究。", "existing"},
    {"对超过50人的班级分流。", "condition"},
    {"消除56人以上大班额。", "condition"},
    {"5个工作日内办结。", "limit"},
    {"打造15分钟生活圈。", "standard"},
    {"每学期上1次思政课。", "norm"},
    {"建立一个平台。", "article"},
    {"推进五项改革。", "loose-numeral"},
    {"码头停靠5艟。", "unlisted"},
    {"班额45人。", "class-size"},
    {"服务全市26个乡镇。", "set"},
    {"从300元提高至650元。", "aim"},
};

static void names_the_rule(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT_OF(reasons); i++) {
    AUTO_ARENA mem = {0};
    struct plan p;
    const judged_list judged = judge_text(&mem, &p, reasons[i].text);
    assert_true(judged.len > 0);
    if (strcmp(judged.at[judged.len - 1].why, reasons[i].why)) print_error("in %s\n", reasons[i].text);
    assert_string_equal(judged.at[judged.len - 1].why, reasons[i].why);
  }
}

static void a_start_value_is_no_target(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct plan p;
  const judged_list judged = judge_text(&mem, &p, "由每人每月115元提高至130元，覆盖率由61%提高到72%以上。");
  assert_int_equal(judged.len, 4);
  assert_string_equal(judged.at[0].why, "start-value");
  assert_string_equal(judged.at[2].why, "start-value");
  const struct item *it = the_item(&p);
  assert_int_equal(it->targets.len, 2);
  assert_str(dec_text(&mem, it->targets.at[0].from), "115");
  assert_str(dec_text(&mem, it->targets.at[1].from), "61");
}

static void facts_sections_hold_no_targets(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct plan p;
  one_item(&mem, &p, STR("新建学校12所。"));
  p.documents.at[0].sections.at[0].title = STR("2025年工作回顾");
  plan_targets(&p);
  assert_int_equal(the_item(&p)->targets.len, 0);
  the_item(&p)->targets.len = 0;
  p.documents.at[0].sections.at[0].title = STR("夯实教育改革发展基础");
  plan_targets(&p);
  assert_int_equal(the_item(&p)->targets.len, 1);
}

static void parts_point_at_their_totals(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct plan p;
  judge_text(&mem, &p, "建设公厕60座，其中新建40座（城区25座、乡村15座）、改建20座。种树300株。");
  static const int32_t part_of[] = {NO_INDEX, 0, 1, 1, 0, NO_INDEX};
  const struct item *it = the_item(&p);
  assert_int_equal(it->targets.len, COUNT_OF(part_of));
  for (size_t i = 0; i < COUNT_OF(part_of); i++) assert_int_equal(it->targets.at[i].part_of, part_of[i]);
}

static void spans_are_the_words_themselves(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct plan p;
  judge_text(&mem, &p, "新增“龙城十佳”60名、优秀教师400名以上，评选标兵70名。");
  static const char *const clause[] = {"新增“龙城十佳”60名", "优秀教师400名以上", "评选标兵70名"};
  static const char *const number[] = {"60名", "400名以上", "70名"};
  const struct item *it = the_item(&p);
  assert_int_equal(it->targets.len, 3);
  for (size_t i = 0; i < 3; i++) {
    assert_str(plan_text(&p, it->targets.at[i].at), clause[i]);
    assert_str(plan_text(&p, it->targets.at[i].number_at), number[i]);
  }
}

static void soft_aims_have_no_value(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct plan p;
  judge_text(&mem, &p, "办件率稳步提升，满意度明显提高到95%。");
  const struct item *it = the_item(&p);
  assert_int_equal(it->targets.len, 2);
  assert_true(it->targets.at[0].has_value);
  assert_false(it->targets.at[1].has_value);
  assert_true(it->targets.at[1].unsure);
  assert_str(it->targets.at[1].what, "办件率");
}

/* The worst that words around numbers can do: every pass must stay linear. */
static void stays_linear_on_hostile_text(void **state) {
  (void)state;
  static const char *const pieces[] = {"其中1个、", "不低于", "从1元到",   "每年",
                                       "分别1个和", "（1个",  "新增1个，", "不低于1个"};
  for (size_t i = 0; i < COUNT_OF(pieces); i++) {
    AUTO_ARENA mem = {0};
    struct plan p;
    one_item(&mem, &p, many(&mem, pieces[i], 30000));
    plan_times(&p);
    plan_targets(&p);
    assert_true(mem.taken < (size_t)200 << 20);
  }
}

UNIT_TESTS(targets) = {
    cmocka_unit_test(names_the_rule),
    cmocka_unit_test(a_start_value_is_no_target),
    cmocka_unit_test(facts_sections_hold_no_targets),
    cmocka_unit_test(parts_point_at_their_totals),
    cmocka_unit_test(spans_are_the_words_themselves),
    cmocka_unit_test(soft_aims_have_no_value),
    cmocka_unit_test(stays_linear_on_hostile_text),
};
UNIT_COUNT(targets);
