/* Encodings: what they are taken for, that they come back byte for byte, and where damage is said. */
#include <iconv.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "open.h"
#include "text/decode.h"

static const char PLAN[] = "云岚市教育局2026年工作要点\n一、全面加强党的建设。竣工学校41所，其中幼儿园17所。\n";
static const char TRADITIONAL[] = "全面加強學校建設，認真落實教育質量監測；竣工學校四十一所。\n";

static struct str encoded(struct arena *mem, const char *codec, struct str text) {
  char *at = arena_take(mem, text.len * 4 + 16), *to = at, *from = (char *)(uintptr_t)text.at;
  size_t left = text.len, room = text.len * 4 + 16;
  const size_t had = room;
  const iconv_t cd = iconv_open(codec, "UTF-8");
  assert_int_equal(iconv(cd, &from, &left, &to, &room), 0);
  iconv_close(cd);
  return (struct str){at, had - room};
}

static void check(const char *codec, const char *text, const char *word, const char *expected) {
  AUTO_ARENA mem = {0};
  const struct str bytes = encoded(&mem, codec, str_of(text));
  const struct source s = open_ok(&mem, "a.txt", bytes);
  assert_str(s.text, text);
  assert_string_equal(s.encoding, expected);
  const struct str part = file_part(&s, word), wanted = encoded(&mem, codec, str_of(word));
  assert_true(str_eq(part, wanted));
}

static void knows_every_encoding(void **state) {
  (void)state;
  check("UTF-8", PLAN, "学校", "UTF-8");
  check("GB18030", PLAN, "学校", "GB18030");
  check("GBK", TRADITIONAL, "學校", "GB18030");
  check("BIG5", TRADITIONAL, "學校", "BIG5");
  check("UTF-16LE", PLAN, "学校", "UTF-16LE");
  check("UTF-16BE", PLAN, "学校", "UTF-16BE");
}

static void knows_24_bytes(void **state) {
  (void)state;
  check("GB18030", "全市教育系统工作要点通", "教育", "GB18030");
  check("GB18030", "推进义务教育均衡发展。", "教育", "GB18030");
  check("BIG5", "推進義務教育均衡發展。通", "教育", "BIG5");
  check("GB18030", "深化教育改革落实责任", "教育", "GB18030");
  check("UTF-16LE", "推进义务教育均衡发展。", "教育", "UTF-16LE");
}

static void clean_utf8_is_the_file(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct source s = open_ok(&mem, "a.txt", STR("一、教育\n"));
  assert_int_equal(s.layer_count, 0);
  assert_ptr_equal(s.text.at, s.file.at);
}

static void drops_byte_order_marks(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct source s = open_ok(&mem, "a.txt", STR("\xEF\xBB\xBF一、教育\n"));
  assert_str(s.text, "一、教育\n");
  assert_int_equal(s.layers[0].edits.at[0].kind, EDIT_BOM);
  assert_str(file_part(&s, "教育"), "教育");
  s = open_ok(&mem, "a.txt", STR("\xFF\xFE\x59\x65\xB2\x80"));
  assert_str(s.text, "教育");
}

static void marks_bad_bytes(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct source s = open_ok(&mem, "a.txt", STR("一、教育\xFF工作\xE6\x95\n二、学校\n"));
  assert_str(s.text, "一、教育\uFFFD工作\uFFFD\n二、学校\n");
  assert_int_equal(s.layers[0].edits.len, 2);
  assert_true(s.layers[0].edits.at[0].doubt && s.layers[0].edits.at[0].kind == EDIT_BYTES);
  const struct str gb = encoded(&mem, "GB18030", STR("一、教育工作要点，推进学校建设。"));
  const struct str broken = str_join(&mem, gb, STR("\xFF\n\xD2"));
  s = open_ok(&mem, "a.txt", broken);
  assert_str(s.text, "一、教育工作要点，推进学校建设。\uFFFD\n\uFFFD");
  assert_str(str_slice(s.file, s.layers[0].edits.at[0].in_at, s.layers[0].edits.at[0].in_at + 1), "\xFF");
}

static void decodes_lines_of_another_encoding(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct str gb = encoded(&mem, "GB18030", STR("推进学校建设。"));
  struct str mixed = str_join(&mem, STR("一、教育工作要点\n二、全面加强党建\n"), gb);
  mixed = str_join(&mem, mixed, STR("\n三、落实责任\n"));
  struct source s = open_ok(&mem, "a.txt", mixed);
  assert_str(s.text, "一、教育工作要点\n二、全面加强党建\n推进学校建设。\n三、落实责任\n");
  assert_true(s.layers[0].edits.at[0].doubt);
  struct str other = encoded(&mem, "GB18030", STR("一、教育工作要点\n二、全面加强党建，落实责任\n"));
  other = str_join(&mem, other, STR("推进学校建设。\n"));
  s = open_ok(&mem, "a.txt", other);
  assert_str(s.text, "一、教育工作要点\n二、全面加强党建，落实责任\n推进学校建设。\n");
  assert_str(file_part(&s, "学校"), "推进学校建设。"); /* a replacement has one place */
}

static void folds_line_ends(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct source s = open_ok(&mem, "a.txt", STR("一\r\n二\r三\u2028四\n\r\n五"));
  assert_str(s.text, "一\n二\n三\n四\n\n五");
  assert_str(file_part(&s, "五"), "五");
}

/* Every two-byte code, also those that a second code stands for, comes back as it was. */
static void gives_back_every_pair(void **state) {
  (void)state;
  static const char *const codecs[] = {"GB18030", "BIG5"};
  for (size_t k = 0; k < COUNT_OF(codecs); k++) {
    AUTO_ARENA mem = {0};
    AUTO_BUF b = BUF_MAX(1 << 20);
    const struct str line =
        encoded(&mem, codecs[k], STR("的教育工作要求是的教育工作要求是的教育工作要求是的教育工作要求是\n"));
    for (unsigned lead = 0x81; lead <= 0xFE; lead++) {
      for (int i = 0; i < 40; i++) buf_str(&b, line);
      for (unsigned trail = 0x40; trail <= 0xFE; trail++) {
        buf_byte(&b, (char)lead);
        buf_byte(&b, (char)trail);
      }
      buf_byte(&b, '\n');
    }
    struct decoded d;
    assert_true(decode_bytes(&mem, buf_view(&b), STR(""), &d));
    assert_string_equal(d.encoding, codecs[k]);
    assert_true(layer_holds(&mem, &d.layer));
    assert_true(utf8_valid(d.layer.out));
  }
}

UNIT_TESTS(decode) = {cmocka_unit_test(knows_every_encoding),   cmocka_unit_test(knows_24_bytes),
                      cmocka_unit_test(clean_utf8_is_the_file), cmocka_unit_test(drops_byte_order_marks),
                      cmocka_unit_test(marks_bad_bytes),        cmocka_unit_test(decodes_lines_of_another_encoding),
                      cmocka_unit_test(folds_line_ends),        cmocka_unit_test(gives_back_every_pair)};
UNIT_COUNT(decode);
