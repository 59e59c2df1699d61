#include "engine/plan/structure.h"

#include "unit.h"

/* Structure of a text that needs no cleaning. */
static struct plan structured(struct arena *mem, const char *text) {
  struct plan p = {.mem = mem};
  p.options.lexicon = lexicon_default();
  p.source.text = p.source.file = p.clean = p.folded = str_of(text);
  p.cleaning.in = p.cleaning.out = p.clean;
  plan_scan(&p);
  struct err e = {0};
  assert_true(plan_structure(&p, &e));
  return p;
}

static bool is_container(enum node_kind k) {
  return k == NODE_FILE || k == NODE_DOCUMENT || k == NODE_FRONT || k == NODE_PREAMBLE || k == NODE_SECTION ||
         k == NODE_ITEM || k == NODE_PARAGRAPH || k == NODE_TABLE || k == NODE_ROW || k == NODE_CLOSING;
}

/* Every byte in exactly one leaf, children inside their parents. */
static void assert_law(const struct plan *p) {
  uint32_t at = 0;
  for (size_t k = 0; k < p->nodes.len; k++) {
    const struct node *n = &p->nodes.at[k];
    const struct node *up = &p->nodes.at[n->parent];
    assert_true(n->at.at >= up->at.at && n->at.end <= up->at.end);
    if (is_container(n->kind)) continue;
    assert_int_equal(n->at.at, at);
    at = n->at.end;
  }
  assert_int_equal(at, p->folded.len);
}

static void law_holds_on_odd_texts(void **state) {
  (void)state;
  static const char *const texts[] = {"",
                                      "\n",
                                      " \n　\n",
                                      "。",
                                      "（（（",
                                      "）））",
                                      "一、",
                                      "（一）",
                                      "1.",
                                      "一、甲\n（一）",
                                      "附件\n",
                                      "附件1\n附件2\n",
                                      "甲\t乙\n丙\t丁",
                                      "序号\t任务\t责任单位\n1\t甲\t乙局\n\t\t\n",
                                      "篇1\n篇2\n",
                                      "一、甲\n一、甲\n一、甲\n",
                                      "工作要点\n一、甲\n（一）乙（责任单位：丙局）。\n丁局\n2026年3月1日\n",
                                      "（责任单位：甲局）",
                                      "责任单位：甲局",
                                      "一、甲。（乙局负责）（丙局负责）\n【责任单位】丁局",
                                      "关于印发《甲》的通知\n2026年1月1日\n",
                                      "\x0B\x0B\t\x0B",
                                      "1.1.1.1.1"};
  for (size_t k = 0; k < COUNT_OF(texts); k++) {
    AUTO_ARENA mem = {0};
    const struct plan p = structured(&mem, texts[k]);
    assert_law(&p);
  }
}

static void law_holds_on_random_texts(void **state) {
  (void)state;
  static const char *const bits[] = {"一、", "（一）",   "1.",     "（1）",    "①",        "\n",         "\n",
                                     "\t",   "。",       "；",     "（",       "）",       "责任单位：", "教育局",
                                     "附件", "篇1",      "2026年", "工作要点", "加强管理", " ",          "　",
                                     "序号", "重点任务", "《",     "》",       "第一章",   "2.2035年"};
  uint64_t seed = 20260301;
  for (int round = 0; round < 400; round++) {
    AUTO_ARENA mem = {0};
    char text[4096];
    size_t len = 0;
    for (int k = 0; k < 120; k++) {
      seed = seed * 6364136223846793005u + 1442695040888963407u;
      const char *bit = bits[(seed >> 33) % COUNT_OF(bits)];
      memcpy(text + len, bit, strlen(bit));
      len += strlen(bit);
    }
    text[len] = 0;
    const struct plan p = structured(&mem, text);
    assert_law(&p);
  }
}

static const struct item *item_at(const struct plan *p, size_t document, size_t k) {
  assert_true(document < p->documents.len && k < p->documents.at[document].items.len);
  return &p->documents.at[document].items.at[k];
}

static void keeps_gaps_and_repeats(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct plan p = structured(
      &mem, "某局2026年工作要点\n一、甲\n1.一号。内容。\n2.二号。内容。\n2.又二号。内容。\n5.五号。内容。\n");
  assert_int_equal(item_at(&p, 0, 1)->expected, 2);
  assert_int_equal(item_at(&p, 0, 2)->number, 2);
  assert_int_equal(item_at(&p, 0, 2)->expected, 3);
  assert_int_equal(item_at(&p, 0, 3)->number, 5);
  assert_int_equal(item_at(&p, 0, 3)->expected, 3);
}

static void finds_points(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct plan p = structured(&mem,
                                   "某局2026年工作要点\n一、甲\n（一）标题。一是建制度；二是强队伍；三是严考核。其余照"
                                   "旧。\n（二）另外。\n①甲乙；\n②丙丁。\n");
  const struct item *it = item_at(&p, 0, 0);
  assert_int_equal(it->points.len, 3);
  assert_str(plan_text(&p, it->points.at[0]), "一是建制度；");
  assert_str(plan_text(&p, it->points.at[2]), "三是严考核。");
  it = item_at(&p, 0, 1);
  assert_int_equal(it->points.len, 2);
  assert_str(plan_text(&p, it->points.at[1]), "②丙丁。");
}

static void reads_columns(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct plan p = structured(&mem,
                                   "某市任务分解表\n序号\t重点任务\t牵头单位\t配合单位\t完成时限\n1\t建校3所\t规划科\t"
                                   "财务科\t12月底\n2\t扩班\t\t财务科\t9月底\n");
  const struct item *it = item_at(&p, 0, 1);
  assert_int_equal(it->cells.len, 4); /* an empty cell of a numbered row is empty */
  assert_int_equal(it->cells.at[2].role, CELL_ASSIST);
  assert_false(it->cells.at[2].inherited);
  assert_int_equal(it->cells.at[3].role, CELL_TIME);
  assert_int_equal(it->labels.len, 1);
}

static void keeps_rules(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct plan p = structured(&mem,
                                   "某市任务分解表\n（注：列第一位者为牵头单位，下同）\n一、甲\n（一）乙。丙。（责任单"
                                   "位：丁局、戊局）\n（二）己。庚。（责任单位：丁局）\n");
  assert_int_equal(p.documents.at[0].rules.len, 1);
  assert_str(plan_text(&p, p.documents.at[0].rules.at[0]), "注：列第一位者为牵头单位，下同");
}

static void leaves_labels_out_of_words(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct plan p = structured(
      &mem,
      "某局2026年工作要点\n一、甲\n（一）标题。前半。（责任单位：丁局）后半。（责任单位：戊局）\n（二）另外。内容。\n");
  const struct item *it = item_at(&p, 0, 0);
  const plan_spans with = plan_item_stretches(&mem, &p, it, true);
  assert_int_equal(with.len, 3);
  assert_str(plan_text(&p, with.at[0]), "标题");
  assert_str(plan_text(&p, with.at[2]), "后半。");
  assert_str(plan_item_text(&mem, &p, it), "前半。后半。");
  assert_true(plan_in_label(it, it->labels.at[0].at));
}

static void counts_lines_and_columns(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct plan p = structured(&mem, "某局2026年工作要点\n一、甲\n（一）标题。内容。\n");
  int line = 0, column = 0;
  plan_line_column(&p, item_at(&p, 0, 0)->title_at.at, &line, &column);
  assert_int_equal(line, 3);
  assert_int_equal(column, 4);
}

static void refuses_too_many(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const size_t lines = 30000;
  char *text = arena_take(&mem, lines * 12 + 1);
  for (size_t k = 0; k < lines; k++) memcpy(text + k * 12, "1.完成。\n", 12);
  struct plan p = {.mem = &mem};
  p.options.lexicon = lexicon_default();
  p.source.text = p.clean = p.folded = (struct str){text, lines * 12};
  plan_scan(&p);
  struct err e = {0};
  assert_false(plan_structure(&p, &e));
  assert_int_equal(e.code, ERR_TOO_LARGE);
}

static struct place_found fit(struct numbering *n, const char *line) {
  struct marker m[MARKER_READINGS];
  const struct str s = str_of(line);
  struct place_found best = {FIT_NONE, 0, 0};
  const int count = marker_read(lexicon_default(), s, 0, (uint32_t)s.len, m);
  for (int k = 0; k < count; k++) {
    const struct place_found f = numbering_fit(n, &m[k]);
    if (f.fit <= best.fit) continue;
    best = f;
    numbering_take(n, &m[k], f);
    break;
  }
  return best;
}

static void follows_levels(void **state) {
  (void)state;
  struct numbering n = {0};
  assert_int_equal(fit(&n, "一、甲").depth, 0);
  assert_int_equal(fit(&n, "（一）乙").depth, 1);
  assert_int_equal(fit(&n, "1.丙").depth, 2);
  assert_int_equal(fit(&n, "2.2035年目标").depth, 2);
  assert_int_equal(fit(&n, "3.3亿元").fit, FIT_NONE);
  assert_int_equal(fit(&n, "（二）丁").depth, 1);
  assert_int_equal(fit(&n, "二、戊").depth, 0);
  assert_int_equal(fit(&n, "（三）己").fit, FIT_NEXT);
  assert_int_equal(fit(&n, "（七）庚").expected, 4);
  assert_int_equal(fit(&n, "2026年").fit, FIT_NONE);
  assert_int_equal(fit(&n, "——条").fit, FIT_NONE);
}

UNIT_TESTS(structure) = {cmocka_unit_test(law_holds_on_odd_texts),
                         cmocka_unit_test(law_holds_on_random_texts),
                         cmocka_unit_test(keeps_gaps_and_repeats),
                         cmocka_unit_test(finds_points),
                         cmocka_unit_test(reads_columns),
                         cmocka_unit_test(keeps_rules),
                         cmocka_unit_test(leaves_labels_out_of_words),
                         cmocka_unit_test(counts_lines_and_columns),
                         cmocka_unit_test(refuses_too_many),
                         cmocka_unit_test(follows_levels)};
UNIT_COUNT(structure);
