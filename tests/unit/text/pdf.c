/* PDF through pdftotext: the fixtures of tests/data/text hold three pages of a plan, a page without words, and the
 * plan behind a password. Run from the project's root. */
#include "base/file.h"
#include "open.h"
#include "text/radicals.h"
#include "texts.h"

static struct str fixture(struct arena *mem, const char *name) {
  struct str bytes = {0};
  struct err e = {0};
  assert_true(file_read(mem, str_fmt(mem, "tests/data/text/%s", name), 1 << 20, &bytes, &e));
  return bytes;
}

static void joins_lines_and_drops_page_frames(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct source s = open_ok(&mem, "plan.pdf", fixture(&mem, "plan.pdf"));
  assert_int_equal(s.container, SOURCE_PDF);
  assert_str(
      s.text,
      "2026年工作要点\n一、加强党的建设\n"
      "（一）竣工学校四十一所，其中幼儿园十七所、小学十四所、初中八所，全面提高教育质量，推进文明校园创建。\n"
      "（二）推进义务教育优质均衡发展，实施教师队伍建设工程，深化改革试点工作，落实立德树人根本任务，办好人民满意教育，"
      "促进学生全面发展。\n"
      "二、落实责任\n（三）各单位要加强领导，按照职责分工抓好工作落实，每季度报送进展情况。\n（四）完善督查机制。\n");
  const struct place *p = source_place(&s, (uint32_t)str_find(s.text, STR("促进学生")));
  assert_non_null(p);
  assert_int_equal(p->part, 2);
  assert_int_equal(p->para, 3);
}

static void refuses_with_the_reason(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  assert_int_equal(open_refused(&mem, "scan.pdf", fixture(&mem, "scan.pdf")), MSG_source_pdf_scanned);
  assert_int_equal(open_refused(&mem, "locked.pdf", fixture(&mem, "locked.pdf")), MSG_source_encrypted);
  assert_int_equal(open_refused(&mem, "broken.pdf", STR("%PDF-1.7\nno object at all\n")), MSG_source_pdf_broken);
}

static void radicals_become_characters(void **state) {
  (void)state;
  assert_str(radical_whole(0x2F00), "一");
  assert_str(radical_whole(0x2F42), "文");
  assert_str(radical_whole(0x2FD5), "龠");
  assert_str(radical_whole(0x2EC5), "见");
  assert_int_equal(radical_whole(0x6587).len, 0);
}

UNIT_TESTS(pdf) = {cmocka_unit_test(joins_lines_and_drops_page_frames), cmocka_unit_test(refuses_with_the_reason),
                   cmocka_unit_test(radicals_become_characters)};
UNIT_COUNT(pdf);
