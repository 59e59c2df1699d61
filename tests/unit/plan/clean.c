/* Tests of src/engine/plan/clean.c and its passes: what is mended, what is flagged, and what must not be touched. */
#include "engine/plan/plan.h"
#include "engine/plan/repair.h"
#include "unit.h"

static struct plan *cleaned(struct arena *mem, const char *text) {
  struct plan *p = arena_new(mem, struct plan);
  struct err e = {0};
  p->mem = mem;
  p->source.text = str_of(text);
  p->options.lexicon = lexicon_default();
  assert_true(plan_clean(p, &e));
  assert_true(layer_holds(mem, &p->cleaning));
  assert_int_equal(p->folded.len, p->clean.len);
  return p;
}

static void becomes(const char *text, const char *wanted) {
  AUTO_ARENA mem = {0};
  const struct plan *p = cleaned(&mem, text);
  assert_str(p->clean, wanted);
  const struct plan *again = cleaned(&mem, wanted); /* a clean text stays */
  assert_str(again->clean, wanted);
}

static void stays(const char *text) { becomes(text, text); }

static bool has_edit(const struct plan *p, enum edit_kind kind, bool doubt) {
  vec_each(const struct edit, e, &p->cleaning.edits)
    if (e->kind == kind && e->doubt == doubt) return true;
  return false;
}

static void readings_go(void **state) {
  (void)state;
  becomes("發(fā)展規(guī)劃", "發展規劃");
  becomes("现（xiàn）代化", "现代化");
  becomes("规(gui)划和建(jian)设", "规划和建设");
  becomes("養(yǎng)成(chéng)", "養成");
}

static void what_is_no_reading_stays(void **state) {
  (void)state;
  stays("(一)加强");
  stays("学院(xx)等");
  stays("人(群)众");
  stays("人工智能(ai)应用");
  stays("职校(vip)班");
  stays("**区和××市某某处");
}

static void syllables_are_told_from_letters(void **state) {
  (void)state;
  bool toned = false;
  assert_int_equal(pinyin_at(STR("zhuang"), 0, &toned), 6);
  assert_false(toned);
  assert_int_equal(pinyin_at(STR("xu\xC3\xA9)"), 0, &toned), 4);
  assert_true(toned);
  assert_int_equal(pinyin_at(STR("xx"), 0, &toned), 0);
  assert_int_equal(pinyin_at(STR("bong"), 0, &toned), 0);
  assert_int_equal(pinyin_at(STR("zhuangg"), 0, &toned), 0);
  assert_int_equal(pinyin_at(STR(""), 0, &toned), 0);
}

static void entities_and_invisible_characters(void **state) {
  (void)state;
  becomes("教育&ldquo;双减&rdquo;政策&#12290;", "教育“双减”政策。");
  becomes("教育&amp;nbsp;", "教育");
  becomes("推\xE2\x80\x8B进\xEF\xBB\xBF工作", "推进工作");
  stays("A&B公司");
  AUTO_ARENA mem = {0};
  assert_true(has_edit(cleaned(&mem, "学\xEE\x80\x80校"), EDIT_INVISIBLE, true)); /* may be a lost character */
}

static void width_of_letters_and_digits(void **state) {
  (void)state;
  becomes("建设３－５所，占８０％", "建设3-5所，占80%");
  becomes("ＡＩ教育", "AI教育");
  stays("（一）加强，推进：");
  stays("ＸＸ市");
}

static void blanks_inside_lines(void **state) {
  (void)state;
  becomes("组建 8个以上联盟。", "组建8个以上联盟。");
  becomes("落实 “三项机制”。", "落实“三项机制”。");
  stays("中共某市委教育工委  某市教育局");
  stays("“双随机 一公开”监管。");
  stays("开展STEM education活动。");
  becomes("　　一、总体要求\n\n\n  1.任务", "一、总体要求\n1.任务");
}

static void broken_lines_join(void **state) {
  (void)state;
  becomes("加强管理。（牵头部\n门：办公室）\n二、其他", "加强管理。（牵头部门：办公室）\n二、其他");
  becomes("印发《教育督导\n规程》。", "印发《教育督导规程》。");
  becomes("推进课程、\n教材建设。", "推进课程、教材建设。");
  stays("一、加强党建\n坚持党的领导。");
  stays("1.任务，\n2.任务。");
  stays("各区教育局：\n现将要点印发给你们。");
}

static void wrapped_text_joins(void **state) {
  (void)state;
  const char *line = "各地各校要认真贯彻落实全国教育大会精神深入推进教育改革发展各项工作任务";
  AUTO_ARENA mem = {0};
  struct str text = STR("一、总体要求\n");
  for (int i = 0; i < 9; i++) text = str_join(&mem, text, str_fmt(&mem, "%s\n", line));
  text = str_join(&mem, text, STR("取得实效。\n二、任务\n"));
  const struct plan *p = cleaned(&mem, str_z(&mem, text));
  int lines = 0;
  for (size_t i = 0; i < p->clean.len; i++) lines += p->clean.at[i] == '\n';
  assert_int_equal(lines, 3);
}

static void question_marks(void **state) {
  (void)state;
  becomes("建设小学?初中?高中三类学校", "建设小学、初中、高中三类学校");
  becomes("实施?领航?计划。", "实施“领航”计划。");
  stays("培养什么人?怎样培养人?");
  AUTO_ARENA mem = {0};
  assert_true(has_edit(cleaned(&mem, "推进教育?改革工作"), EDIT_QUESTION_MARK, true));
}

static void furniture_goes_only_outside_the_body(void **state) {
  (void)state;
  becomes(
      "首页 > 政务公开 > 通知\n某市教育局2026年工作要点\n发布日期：2026-01-05\n浏览次数：120\n字号：大 中 "
      "小\n一、党建\n1.浏览次数统计。\n打印 关闭\n",
      "某市教育局2026年工作要点\n发布日期：2026-01-05\n一、党建\n1.浏览次数统计。\n");
  becomes("某局工作要点\n时间:2024-02-10 16:56:02 来源:网友投稿\n某局工作要点\n一、党建\n", "某局工作要点\n一、党建\n");
  stays("打印");
}

static void shifts_are_mended_in_a_document_that_knows_its_words(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct plan *p = cleaned(&mem,
                                 "加強學校基層組織建設。學校基層組織要發揮作用。完善學校基層組織工作,"
                                 "推動學校發展。\n落實《高等學?;鶎咏M織工作條例》。");
  assert_true(str_find(p->clean, STR("《高等學校基層組織工作條例》")) != STR_NONE);
  assert_true(has_edit(p, EDIT_BYTE_SHIFT, false));
}

static void shifts_that_nothing_explains_are_flagged(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct plan *p = cleaned(&mem, "落實?;鶎髅M工作");
  assert_true(has_edit(p, EDIT_BYTE_SHIFT, true));
  assert_false(has_edit(p, EDIT_BYTE_SHIFT, false));
  assert_str(p->clean, "落實?;鶎髅M工作");
}

/* A bracket below the last cell of a head belongs to it, and the body begins behind. */
static void brackets_below_a_head_belong_to_it(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct plan *p = cleaned(&mem, "工作任务\n具体要求\n责任科室\n(");
  assert_true(layer_holds(&mem, &p->cleaning));
  p = cleaned(&mem, "工作任务\n具体要求\n责任科室\n（单位）\n加强学校管理\n完善各项制度。\n办公室\n");
  assert_true(layer_holds(&mem, &p->cleaning));
  assert_str(p->clean, "工作任务\t具体要求\t责任科室\v（单位）\n加强学校管理\t完善各项制度。\t办公室\n");
}

static int64_t script_of(const char *text) {
  struct tally t = {0};
  repair_weigh(str_of(text), 1, &t);
  return t.script;
}

static void scripts_are_told_by_their_characters(void **state) {
  (void)state;
  assert_true(script_of("學校里的範圍") > 0);
  assert_true(script_of("学校里的范围,乾隆") <= 0);
  assert_true(script_of("abc") == 0);
  assert_true(script_of("") == 0);
}

/* What a change takes away can be taken from the tally of the whole. */
static void tallies_add_up(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct suspects found = {0};
  repair_look(&mem, STR("學(xué)校?鶎咏組(一)"), &found);
  struct tally t = {0};
  repair_weigh(STR("學(xué)校?鶎咏組(一)"), 1, &t);
  assert_memory_equal(&t, &found.tally, sizeof t);
  assert_int_equal(t.odd, 2); /* ( and ? */
  assert_int_equal(t.rare, 1);
  repair_weigh(STR("(xué)"), -1, &t);
  repair_weigh(STR("?鶎咏"), -1, &t);
  repair_weigh(STR("基层"), 1, &t);
  struct tally want = {0};
  repair_weigh(STR("學校基层組(一)"), 1, &want);
  assert_memory_equal(&t, &want, sizeof t);
  assert_int_equal(t.odd, 0);
}

UNIT_TESTS(clean) = {
    cmocka_unit_test(scripts_are_told_by_their_characters),
    cmocka_unit_test(tallies_add_up),
    cmocka_unit_test(brackets_below_a_head_belong_to_it),
    cmocka_unit_test(readings_go),
    cmocka_unit_test(what_is_no_reading_stays),
    cmocka_unit_test(syllables_are_told_from_letters),
    cmocka_unit_test(entities_and_invisible_characters),
    cmocka_unit_test(width_of_letters_and_digits),
    cmocka_unit_test(blanks_inside_lines),
    cmocka_unit_test(broken_lines_join),
    cmocka_unit_test(wrapped_text_joins),
    cmocka_unit_test(question_marks),
    cmocka_unit_test(furniture_goes_only_outside_the_body),
    cmocka_unit_test(shifts_are_mended_in_a_document_that_knows_its_words),
    cmocka_unit_test(shifts_that_nothing_explains_are_flagged),
};
UNIT_COUNT(clean);
