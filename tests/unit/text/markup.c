/* HTML, CSV and Markdown: the text that comes out, and that a word's place is its bytes in the file. */
#include "base/buf.h"
#include "open.h"

static struct source check(struct arena *mem, const char *name, const char *in, const char *out) {
  const struct source s = open_ok(mem, name, str_of(in));
  assert_str(s.text, out);
  return s;
}

static void html_keeps_words_and_places(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const char *page =
      "<!DOCTYPE html><html><head><title>网站</title><script>if (a<b) x();</script></head><body>\n"
      "<nav>首页 &gt; 文件</nav><h1>工作要点</h1>\n<p>一、加强<b>党</b>建。<!-- 注 --></p>"
      "<p>二、竣工&nbsp;&ldquo;学校&#8221;\n41所<br>三、a &lt; b</p></body></html>";
  const struct source s = check(&mem, "a.txt", page, "工作要点\n一、加强党建。\n二、竣工\u00A0“学校”41所\n三、a < b");
  assert_int_equal(s.container, SOURCE_HTML);
  assert_str(file_part(&s, "加强党建"), "加强<b>党</b>建");
  assert_str(file_part(&s, "“学校”"), "&ldquo;学校&#8221;");
  assert_str(file_part(&s, "三、"), "三、");
  assert_int_equal(s.places.at[0].heading, 1);
  assert_int_equal(s.places.at[0].at.end, strlen("工作要点"));
}

static void html_tables_are_rows(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct source s =
      check(&mem, "a.html",
            "<table><tr><th>序号</th><th>任务</th><th>牵头</th></tr><tr><td rowspan=2>1</td><td>建 <p>学校</p>"
            "<p>41所</p></td><td>基建处</td></tr><tr><td>修缮</td><td>后勤处</td></tr></table><p>完</p>",
            "序号\t任务\t牵头\n1\t建\v学校\v41所\t基建处\n\t修缮\t后勤处\n完");
  const struct place *p = source_place(&s, (uint32_t)str_find(s.text, STR("后勤处")));
  assert_non_null(p);
  assert_int_equal(p->row, 3);
  assert_int_equal(p->cell, 3);
  assert_int_equal(source_place(&s, (uint32_t)str_find(s.text, STR("1\t")))->row_span, 2);
  check(&mem, "b.html",
        "<table><tr><td><table><tr><td>甲</td></tr></table></td><td><p>一、教育</p><p>二、学校</p></td></tr></table>",
        "甲\n一、教育\n二、学校");
}

static void html_states_its_charset(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct source s =
      open_ok(&mem, "a.html", STR("<meta charset=\"gb2312\"><p>\xBD\xCC\xD3\xFD\xB9\xA4\xD7\xF7</p>"));
  assert_str(s.text, "教育工作");
  assert_str(file_part(&s, "工作"), "\xB9\xA4\xD7\xF7");
}

static void html_survives_nesting_and_long_lines(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  AUTO_BUF b = BUF_MAX(8 << 20);
  buf_z(&b, "<html>");
  for (int i = 0; i < 100000; i++) buf_z(&b, "<div><table><tr><td>");
  buf_z(&b, "教育");
  for (int i = 0; i < 100000; i++) buf_z(&b, "<a b=\"");
  const struct source s = open_ok(&mem, "a.html", buf_view(&b));
  assert_str(s.text, "教育");
}

static void csv_rows_and_quotes(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct source s = check(&mem, "a.csv", "序号,任务,牵头\r\n1,\"建\"\"学校\"\"41所,\n含小学\",基建处\r\n",
                                "序号\t任务\t牵头\n1\t建\"学校\"41所,\v含小学\t基建处\n");
  assert_str(file_part(&s, "\"学校\""), "\"学校\"\"");
  assert_str(file_part(&s, "基建处"), "基建处");
  const struct place *p = source_place(&s, (uint32_t)str_find(s.text, STR("基建处")));
  assert_int_equal(p->row, 2);
  assert_int_equal(p->cell, 3);
  check(&mem, "b.csv", "甲;乙,丙;丁\n1;2;3\n", "甲\t乙,丙\t丁\n1\t2\t3\n");
}

static void markdown_marks_go(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct source s =
      check(&mem, "a.md",
            "# 工作要点\n\n一、**重点任务**见[文件](http://x/y)\n\n| 序号 | 任务 |\n|---|:--:|\n| 1 | 建**学校** |\n",
            "工作要点\n\n一、重点任务见文件\n\n序号\t任务\n1\t建**学校**\n");
  assert_int_equal(s.places.at[0].heading, 1);
  assert_str(file_part(&s, "重点任务"), "重点任务");
  assert_int_equal(source_place(&s, (uint32_t)str_find(s.text, STR("任务\n1")))->cell, 2);
}

static void markdown_leaves_blacked_out_names(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  check(&mem, "a.md", "**市**区教育局\n《**教育现代化2035》和《**教育规划》\n**市委、**市政府\n",
        "**市**区教育局\n《**教育现代化2035》和《**教育规划》\n**市委、**市政府\n");
}

UNIT_TESTS(markup) = {cmocka_unit_test(html_keeps_words_and_places),
                      cmocka_unit_test(html_tables_are_rows),
                      cmocka_unit_test(html_states_its_charset),
                      cmocka_unit_test(html_survives_nesting_and_long_lines),
                      cmocka_unit_test(csv_rows_and_quotes),
                      cmocka_unit_test(markdown_marks_go),
                      cmocka_unit_test(markdown_leaves_blacked_out_names)};
UNIT_COUNT(markup);
