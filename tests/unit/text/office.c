/* DOCX, XLSX and PDF: what is read, what our own writers write, and what is refused. */
#include "../../zipped.h"
#include "base/file.h"
#include "base/limits.h"
#include "open.h"
#include "text/docx_write.h"
#include "text/worker.h"
#include "text/xlsx_number.h"
#include "text/xlsx_write.h"
#include "texts.h"

#define W "<w:document xmlns:w=\"w\"><w:body>"
#define W_END "</w:body></w:document>"
#define P(text) "<w:p><w:r><w:t>" text "</w:t></w:r></w:p>"
#define N(list, level, text)                                                                                         \
  "<w:p><w:pPr><w:numPr><w:ilvl w:val=\"" level "\"/><w:numId w:val=\"" list "\"/></w:numPr></w:pPr><w:r><w:t>" text \
  "</w:t></w:r></w:p>"
#define LEVEL(n, format, pattern)                                                                             \
  "<w:lvl w:ilvl=\"" n "\"><w:start w:val=\"1\"/><w:numFmt w:val=\"" format "\"/><w:lvlText w:val=\"" pattern \
  "\"/></w:lvl>"

static struct str docx_of(struct arena *mem, struct str document, struct str numbering, struct str styles) {
  const struct zipped parts[] = {{"[Content_Types].xml", STR("<Types/>")},
                                 {"word/document.xml", document},
                                 {"word/numbering.xml", numbering},
                                 {"word/styles.xml", styles}};
  return zipped(mem, parts, COUNT_OF(parts));
}

static void check_body(const char *body, const char *text) {
  AUTO_ARENA mem = {0};
  const struct str document = str_fmt(&mem, W "%s" W_END, body);
  const struct source s = open_ok(&mem, "a.docx", docx_of(&mem, document, STR("<w:numbering/>"), STR("<w:styles/>")));
  assert_int_equal(s.container, SOURCE_DOCX);
  assert_str(s.text, text);
}

static void docx_runs_and_revisions(void **state) {
  (void)state;
  check_body(P("一、党建") "<w:p/>" P("二、学校"), "一、党建\n二、学校\n");
  check_body(
      "<w:p><w:r><w:t>竣工</w:t></w:r><w:ins><w:r><w:t>学校</w:t></w:r></w:ins><w:del><w:r><w:delText>旧</w:delText></"
      "w:r></w:del>"
      "<w:r><w:tab/><w:t>41所</w:t><w:br/><w:t>完</w:t></w:r></w:p>",
      "竣工学校 41所\n完\n");
  check_body("<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>上半</w:t></w:r></w:p>" P("下半"), "上半下半\n");
  check_body(
      "<w:p><w:r><w:fldChar/><w:instrText>PAGE</w:instrText><w:t>7</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</"
      "w:t></w:r></w:p>",
      "7\n");
  check_body("<w:p><w:r><w:t>外</w:t><w:pict><w:txbxContent>" P("框") "</w:txbxContent></w:pict></w:r></w:p>",
             "框\n外\n");
  check_body(
      "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val=\"Table of "
      "Contents\"/></w:docPartObj></w:sdtPr><w:sdtContent>" P("目录 1") "</w:sdtContent></w:sdt>" P("正文"),
      "正文\n");
}

static void docx_numbers_are_drawn(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct str numbering = STR(
      "<w:numbering><w:abstractNum w:abstractNumId=\"7\">" LEVEL("0", "chineseCountingThousand", "%1、")
          LEVEL("1", "chineseCounting", "（%2）") LEVEL("2", "decimal", "%3.") LEVEL("3", "decimalEnclosedCircleChinese", "%4")
              "</w:abstractNum><w:abstractNum w:abstractNumId=\"8\">" LEVEL("0", "ideographDigital", "第%1条") 
          "<w:lvl w:ilvl=\"1\"><w:isLgl/><w:lvlText w:val=\"%1.%2\"/></w:lvl></w:abstractNum><w:num w:numId=\"1\"><w:abstractNumId w:val=\"7\"/></w:num><w:num "
                                           "w:numId=\"2\"><w:abstractNumId w:val=\"8\"/></w:num><w:num w:numId=\"3\"><w:abstractNumId "
                                           "w:val=\"7\"/><w:lvlOverride w:ilvl=\"0\"><w:startOverride "
                                           "w:val=\"11\"/></w:lvlOverride></w:num></w:numbering>");
  const struct str styles =
      STR("<w:styles><w:style w:type=\"paragraph\" w:styleId=\"A\"><w:name w:val=\"heading 2\"/><w:pPr><w:numPr>"
          "<w:ilvl w:val=\"1\"/><w:numId w:val=\"1\"/></w:numPr></w:pPr></w:style><w:style w:type=\"paragraph\" "
          "w:styleId=\"B\"><w:basedOn w:val=\"A\"/></w:style></w:styles>");
  const struct str document =
      STR(W N("1", "0", "党建") N("1", "1", "政治") N("1", "2", "学习") N("1", "3", "全员") N("1", "1", "组织")
              N("1", "2", "支部")
                  N("1", "0", "质量") "<w:p><w:pPr><w:pStyle w:val=\"B\"/></w:pPr><w:r><w:t>德育</w:t></w:r></w:p>" N(
                      "2", "0", "总则") N("2", "1", "依据") N("3", "0", "保障") N("0", "0", "无号") W_END);
  const struct source s = open_ok(&mem, "a.docx", docx_of(&mem, document, numbering, styles));
  assert_str(s.text,
             "一、党建\n（一）政治\n1. 学习\n①全员\n（二）组织\n1. 支部\n二、质量\n（一）德育\n第一条总则\n1.1 "
             "依据\n十一、保障\n无号\n");
  assert_int_equal(source_place(&s, (uint32_t)str_find(s.text, STR("德育")))->heading, 2);
}

static void docx_tables_keep_their_columns(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
#define TC(props, text) "<w:tc><w:tcPr>" props "</w:tcPr>" P(text) "</w:tc>"
  const struct str document = STR(
      W P("分工表") "<w:tbl><w:tr>" TC("", "序号") TC("<w:gridSpan w:val=\"2\"/>", "任务")
          TC("", "牵头") "</w:tr><w:tr>" TC("", "1") TC("", "建校") TC("", "41所")
              TC("<w:vMerge w:val=\"restart\"/>", "基建处") "</w:tr><w:tr>" TC("", "2") TC("", "修缮") "<w:tc>" P("甲")
                  P("乙") "</w:tc>" TC("<w:vMerge/>", "") "</w:tr></w:tbl>" P("完") W_END);
  const struct source s = open_ok(&mem, "a.docx", docx_of(&mem, document, STR("<w:numbering/>"), STR("<w:styles/>")));
  assert_str(s.text, "分工表\n序号\t任务\t\t牵头\n1\t建校\t41所\t基建处\n2\t修缮\t甲\v乙\t\n完\n");
  const struct place *p = source_place(&s, (uint32_t)str_find(s.text, STR("基建处")));
  assert_int_equal(p->row, 2);
  assert_int_equal(p->cell, 4);
  assert_int_equal(p->row_span, 2);
  assert_int_equal(source_place(&s, (uint32_t)str_find(s.text, STR("任务")))->col_span, 2);
}

static struct str written_docx(struct arena *mem) {
  static const struct docx_column columns[] = {{STR_INIT("序号"), 12, true}, {STR_INIT("任务"), 100, false}};
  const struct str row[] = {STR_INIT("1"), STR_INIT("竣工<学校>&\n41所")};
  struct err e = {0};
  struct str bytes = {0};
  struct docx d = docx_begin(mem, true);
  docx_para(&d, DOCX_TITLE, STR("重点任务分解表"));
  docx_table_begin(&d, columns, 2);
  docx_row_merged(&d, STR("一、党建"));
  docx_row(&d, row);
  docx_table_end(&d);
  docx_para(&d, DOCX_HEADING1, STR("附注"));
  assert_true(docx_finish(&d, &bytes, &e));
  return bytes;
}

static void docx_written_is_read(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct str bytes = written_docx(&mem);
  assert_true(str_eq(bytes, written_docx(&mem)));
  const struct source s = open_ok(&mem, "out.docx", bytes);
  assert_str(s.text, "重点任务分解表\n序号\t任务\n一、党建\t\n1\t竣工<学校>&\v41所\n附注\n");
}

static struct str written_xlsx(struct arena *mem) {
  static const struct xlsx_column columns[] = {{STR_INIT("序号"), 6, false}, {STR_INIT("任务"), 60, true}};
  struct err e = {0};
  struct str bytes = {0};
  struct xlsx x;
  assert_true(xlsx_begin(&x, mem, &e));
  xlsx_sheet(&x, STR("任务/表"), STR("分解表"), columns, 2);
  xlsx_band(&x, STR("一、党建"));
  xlsx_number(&x, (struct dec){335, 1});
  xlsx_text(&x, STR("=1+1"));
  xlsx_row_end(&x);
  xlsx_number(&x, dec_int(2));
  xlsx_text(&x, STR("建校\n41所"));
  xlsx_row_end(&x);
  assert_true(xlsx_finish(&x, &bytes, &e));
  return bytes;
}

static void xlsx_written_is_read(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct str bytes = written_xlsx(&mem);
  assert_true(str_eq(bytes, written_xlsx(&mem)));
  const struct source s = open_ok(&mem, "out.xlsx", bytes);
  assert_str(s.text, "分解表\n序号\t任务\n一、党建\n33.5\t=1+1\n2\t建校\v41所\n");
  const struct place *p = source_place(&s, (uint32_t)str_find(s.text, STR("建校")));
  assert_str(p->name, "任务 表");
  assert_int_equal(p->row, 5);
  assert_int_equal(p->cell, 2);
}

/* A sheet's name has 31 units of UTF-16, a rare character takes two: the one that would end at 32 is left out. */
static void xlsx_long_names_are_cut(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  static const struct xlsx_column columns[] = {{STR_INIT("任务"), 60, true}};
  struct str bytes;
  struct err e = {0};
  struct xlsx x;
  assert_true(xlsx_begin(&x, &mem, &e));
  xlsx_sheet(&x, STR("一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十𠮷"), (struct str){0}, columns, 1);
  assert_true(xlsx_finish(&x, &bytes, &e));
  const struct source s = open_ok(&mem, "out.xlsx", bytes);
  assert_str(s.places.at[0].name, "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十");
}

static void xlsx_shared_strings_dates_and_gaps(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct zipped parts[] = {
      {"xl/workbook.xml", STR("<workbook><sheets><sheet name=\"任务\" r:id=\"a\"/><sheet name=\"单\" state=\"hidden\" "
                              "r:id=\"b\"/></sheets></workbook>")},
      {"xl/_rels/workbook.xml.rels",
       STR("<R><Relationship Id=\"a\" Target=\"s1.xml\"/><Relationship Id=\"b\" Target=\"s2.xml\"/></R>")},
      {"xl/styles.xml", STR("<s><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"9\"/></cellXfs></s>")},
      {"xl/sharedStrings.xml",
       STR("<sst><si><t>序号</t></si><si><r><t>任</t></r><r><t>务</t></r><rPh><t>rèn</t></rPh></si></sst>")},
      {"xl/s1.xml",
       STR("<w><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" t=\"s\"><v>1</v></c></row><row "
           "r=\"2\">"
           "<c r=\"A2\" s=\"1\"><v>46203</v></c><c r=\"B2\" s=\"2\"><v>0.84999999999999998</v></c>"
           "<c r=\"C2\" t=\"inlineStr\"><is><t>甲\n乙</t></is></c></row></sheetData><mergeCells><mergeCell "
           "ref=\"A1:B1\"/>"
           "</mergeCells></w>")},
      {"xl/s2.xml", STR("<w><row><c t=\"str\"><v>隐藏</v></c></row></w>")}};
  const struct source s = open_ok(&mem, "a.xlsx", zipped(&mem, parts, COUNT_OF(parts)));
  assert_str(s.text, "序号\t\t任务\n2026年6月30日\t85%\t甲\v乙\n");
  assert_int_equal(s.places.at[0].col_span, 2);
}

static void numbers_are_decimal(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"0.28999999999999998", "0.29"}, {"1.2E+3", "1200"}, {"-3.5", "-3.5"}, {"100", "100"}, {"1E-2", "0.01"},
      {"33000.000000000004", "33000"}, {"x", "x"}};
  AUTO_ARENA mem = {0};
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    assert_str(number_look_text(&mem, str_of(cases[i][0]), LOOK_PLAIN, false), cases[i][1]);
}

static void each_bad_input_has_its_message(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  assert_int_equal(open_refused(&mem, "a.txt", STR("")), MSG_source_empty);
  assert_int_equal(open_refused(&mem, "a.txt", STR(" \n\u3000\n")), MSG_source_empty);
  const struct str large = {arena_take(&mem, PLAN_FILE_MAX + 1), PLAN_FILE_MAX + 1};
  assert_int_equal(open_refused(&mem, "a.txt", large), MSG_source_too_large);
  assert_int_equal(open_refused(&mem, "a.txt", STR("\x89PNG\r\n\x1a\n")), MSG_source_is_image);
  assert_int_equal(open_refused(&mem, "a.docx", STR("PK\x03\x04 zip")), MSG_source_is_archive);
  assert_int_equal(open_refused(&mem, "a.txt",
                                STR("\x7F"
                                    "ELF\x02\x01\x01")),
                   MSG_source_is_program);
  assert_int_equal(open_refused(&mem, "a.txt", STR("a\0\1\2\3b\0\4\5\6")), MSG_source_is_binary);
  assert_int_equal(open_refused(&mem, "a.doc", STR("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 WordDocument")), MSG_source_ole);
  assert_int_equal(
      open_refused(&mem, "a.docx",
                   STR("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0")),
      MSG_source_encrypted);
  const struct str whole = written_docx(&mem);
  assert_int_equal(open_refused(&mem, "a.docx", str_slice(whole, 0, whole.len / 2)), MSG_source_office_broken);
  assert_int_equal(open_refused(&mem, "a.docx", docx_of(&mem, STR("<w:document><w:p>"), STR(""), STR(""))),
                   MSG_source_office_broken);
  assert_int_equal(open_refused(&mem, "a.docx", docx_of(&mem, STR(W W_END), STR("<x/>"), STR("<x/>"))),
                   MSG_source_no_text);
  assert_int_equal(open_refused(&mem, "a.docx",
                                docx_of(&mem, STR("<!DOCTYPE a [<!ENTITY b \"c\">]><a/>"), STR("<x/>"), STR("<x/>"))),
                   MSG_source_office_broken);
}

static void ceilings_of_packages(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  AUTO_BUF deep = BUF_MAX(1 << 20);
  for (int i = 0; i < CONTAINER_DEPTH_MAX + 1; i++) buf_z(&deep, "<a>");
  assert_int_equal(open_refused(&mem, "a.docx", docx_of(&mem, buf_view(&deep), STR("<x/>"), STR("<x/>"))),
                   MSG_source_deep);
  struct zipped *many = arena_new_n(&mem, struct zipped, CONTAINER_PARTS_MAX + 1);
  for (int i = 0; i <= CONTAINER_PARTS_MAX; i++)
    many[i] = (struct zipped){str_z(&mem, str_fmt(&mem, "p%d", i)), STR("")};
  many[0].name = "word/document.xml";
  assert_int_equal(open_refused(&mem, "a.docx", zipped(&mem, many, CONTAINER_PARTS_MAX + 1)), MSG_source_parts);
}

static bool open_fenced(struct arena *mem, const char *name, struct str bytes, struct source *out, struct err *e) {
  return source_open(mem, str_of(name), bytes, true, out, e);
}

static void fenced_reads_the_same(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct str docs[] = {written_docx(&mem), written_xlsx(&mem)};
  for (size_t i = 0; i < COUNT_OF(docs); i++) {
    struct source fenced = {0};
    struct err e = {0};
    assert_true(open_fenced(&mem, "a", docs[i], &fenced, &e));
    const struct source plain = open_ok(&mem, "a", docs[i]);
    assert_true(str_eq(plain.text, fenced.text));
    assert_int_equal(plain.places.len, fenced.places.len);
    for (size_t k = 0; k < plain.places.len; k++) {
      assert_int_equal(plain.places.at[k].at.end, fenced.places.at[k].at.end);
      assert_int_equal(plain.places.at[k].cell, fenced.places.at[k].cell);
      assert_true(str_eq(plain.places.at[k].name, fenced.places.at[k].name));
    }
  }
  struct source s;
  struct err e = {0};
  assert_false(open_fenced(&mem, "坏.docx", str_slice(docs[0], 0, docs[0].len / 2), &s, &e));
  assert_int_equal(e.msg, MSG_source_office_broken);
  assert_true(str_find(err_says(&mem, LANG_ZH, &e), STR("坏.docx")) != STR_NONE);
}

static void child_is_fenced(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct child_result r;
  struct err e = {0};
  const char *const absent[] = {"no-such-program-here", NULL};
  assert_true(child_run(&mem, absent, STR(""), 100, &r, &e));
  assert_int_equal(r.exit_status, 127);
  const char *const echo[] = {"cat", NULL};
  assert_true(child_run(&mem, echo, STR("教育"), 100, &r, &e));
  assert_str(r.out, "教育");
  assert_true(child_run(&mem, echo, STR("0123456789"), 4, &r, &e));
  assert_true(r.too_much);
  /* A shell stands for a reader that was taken over: it may neither start a process nor open a file for writing. */
  static const char *const forbidden[] = {"(echo started); echo $?", ": > /dev/null && echo written"};
  for (size_t i = 0; WORKER_FENCED && i < COUNT_OF(forbidden); i++) {
    const char *const shell[] = {"sh", "-c", forbidden[i], NULL};
    assert_true(child_run(&mem, shell, STR(""), 100, &r, &e));
    assert_str(r.out, "");
    assert_int_not_equal(r.exit_status, 0);
  }
}

UNIT_TESTS(office) = {cmocka_unit_test(docx_runs_and_revisions),
                      cmocka_unit_test(docx_numbers_are_drawn),
                      cmocka_unit_test(docx_tables_keep_their_columns),
                      cmocka_unit_test(docx_written_is_read),
                      cmocka_unit_test(xlsx_written_is_read),
                      cmocka_unit_test(xlsx_long_names_are_cut),
                      cmocka_unit_test(xlsx_shared_strings_dates_and_gaps),
                      cmocka_unit_test(numbers_are_decimal),
                      cmocka_unit_test(each_bad_input_has_its_message),
                      cmocka_unit_test(ceilings_of_packages),
                      cmocka_unit_test(fenced_reads_the_same),
                      cmocka_unit_test(child_is_fenced)};
UNIT_COUNT(office);
