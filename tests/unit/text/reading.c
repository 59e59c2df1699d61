/* Pinyin of names: keys to sort by, initials to search by. */
#include "text/reading.h"

#include "unit.h"

#define READS(name, is_person, k, i)                                     \
  do {                                                                   \
    AUTO_ARENA mem = {0};                                                \
    const struct reading r = reading_make(&mem, STR(name), (is_person)); \
    assert_str(r.key, k);                                                \
    assert_str(r.initials, i);                                           \
  } while (0)

static void names_of_units(void **state) {
  (void)state;
  READS("云岚市实验小学", false, "yun lan shi shi yan xiao xue", "ylssyxx");
  READS("重庆路小学", false, "chong qing lu xiao xue", "cqlxx");
  READS("长江中学", false, "chang jiang zhong xue", "cjzx");
  READS("银行", false, "yin hang", "yh");
  READS("绿洲幼儿园", false, "lv zhou you er yuan", "lzyey");
  READS("一年级２班（实验）", false, "yi nian ji 2 ban shi yan", "ynj2bsy");
  READS("STEM中心 3", false, "stem zhong xin 3", "stemzx3");
  READS("二〇一小学", false, "er ling yi xiao xue", "elyxx");
  READS("", false, "", "");
}
static void family_names(void **state) {
  (void)state;
  READS("单知远", true, "shan zhi yuan", "szy");
  READS("单知远", false, "dan zhi yuan", "dzy");
  READS("曾国", true, "zeng guo", "zg");
  READS("尉迟明", true, "yu chi ming", "ycm");
  READS("欧阳静", true, "ou yang jing", "oyj");
}
/* A rare character has no syllable and stands behind all that have one. */
static void what_has_no_reading_stays(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct reading r = reading_make(&mem,
                                        STR("\xF0\xA0\x80\x80"
                                            "中"),
                                        false);
  assert_str(r.key, "\xF0\xA0\x80\x80 zhong");
  assert_true(str_cmp(r.key, reading_make(&mem, STR("左"), false).key) > 0);
}

UNIT_TESTS(reading) = {cmocka_unit_test(names_of_units), cmocka_unit_test(family_names),
                       cmocka_unit_test(what_has_no_reading_stays)};
UNIT_COUNT(reading);
