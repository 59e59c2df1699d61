#include "text/numeral.h"

#include "unit.h"

struct row {
  const char *text;
  size_t bytes;
  int64_t value;
};

static void reads_chinese(void **state) {
  (void)state;
  static const struct row rows[] = {{"三十三", 9, 33},
                                    {"一百零一", 12, 101},
                                    {"二〇二六年", 12, 2026},
                                    {"二○二六", 12, 2026},
                                    {"两所", 3, 2},
                                    {"廿三", 6, 23},
                                    {"百所", 3, 100},
                                    {"千", 3, 1000},
                                    {"十余个", 3, 10},
                                    {"十四五", 6, 14},
                                    {"三五个", 3, 3},
                                    {"一两项", 3, 1},
                                    {"一百五", 9, 150},
                                    {"一百五十", 12, 150},
                                    {"两万", 6, 20000},
                                    {"三千零五十", 15, 3050},
                                    {"万名", 0, 0},
                                    {"亿", 0, 0},
                                    {"所", 0, 0},
                                    {"零", 3, 0},
                                    {"一千二百三十四万五千六百七十八", 45, 12345678},
                                    {"一百零", 6, 100},
                                    {"", 0, 0}};
  for (size_t k = 0; k < COUNT_OF(rows); k++) {
    int64_t n = 0;
    assert_int_equal(numeral_zh(str_of(rows[k].text), 0, &n), rows[k].bytes);
    if (rows[k].bytes) assert_int_equal(n, rows[k].value);
  }
}

static void reads_arabic(void **state) {
  (void)state;
  static const struct {
    const char *text;
    size_t bytes;
    int64_t digits;
    int scale;
  } rows[] = {{"1,080人", 5, 1080, 0}, {"3.3万", 3, 33, 1},
              {"１２０", 9, 120, 0},   {"1,08", 1, 1, 0},
              {"１．５", 9, 15, 1},    {"1,234,567.5", 11, 12345675, 1},
              {"1.", 1, 1, 0},         {"9999999999999999999", 0, 0, 0},
              {"人", 0, 0, 0}};
  for (size_t k = 0; k < COUNT_OF(rows); k++) {
    struct dec d = {0, 0};
    assert_int_equal(numeral_arabic(str_of(rows[k].text), 0, &d), rows[k].bytes);
    if (!rows[k].bytes) continue;
    assert_int_equal(d.digits, rows[k].digits);
    assert_int_equal(d.scale, rows[k].scale);
  }
}

static void writes_and_reads_back(void **state) {
  (void)state;
  AUTO_ARENA a = {0};
  assert_str(numeral_zh_text(&a, 33), "三十三");
  assert_str(numeral_zh_text(&a, 110), "一百一十");
  assert_str(numeral_zh_text(&a, 1010), "一千零一十");
  assert_str(numeral_zh_text(&a, 0), "零");
  for (int64_t n = 1; n < 100000000; n += n < 12000 ? 1 : 9973) {
    AUTO_ARENA b = {0};
    const struct str s = numeral_zh_text(&b, n);
    int64_t back = 0;
    assert_int_equal(numeral_zh(s, 0, &back), s.len);
    assert_int_equal(back, n);
  }
}

UNIT_TESTS(numeral) = {cmocka_unit_test(reads_chinese), cmocka_unit_test(reads_arabic),
                       cmocka_unit_test(writes_and_reads_back)};
UNIT_COUNT(numeral);
