/* Tests of src/text/han.c: folding by character and by word, GBK in both directions. */
#include "text/han.h"

#include "base/utf8.h"
#include "text/fold_table.h"
#include "unit.h"

static void folds(const char *from, const char *to) {
  AUTO_ARENA mem = {0};
  const struct str got = han_fold(&mem, str_of(from));
  assert_str(got, to);
  assert_int_equal(got.len, strlen(from));
}

static void folds_character_for_character(void **state) {
  (void)state;
  folds("學校基層組織 ABC,。", "学校基层组织 ABC,。");
  folds("臺灣體育", "台湾体育");
  folds("", "");
}

static void simplified_text_is_not_copied(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct str s = STR("学校基层组织");
  assert_ptr_equal(han_fold(&mem, s).at, s.at);
}

static void some_characters_fold_by_their_word(void **state) {
  (void)state;
  folds("圍繞著顯著成效的著作", "围绕着显著成效的著作");
  folds("瞭解瞭望塔", "了解瞭望塔");
  folds("反覆覆蓋批覆", "反复覆盖批复");
  folds("乾淨與乾隆", "干净与乾隆");
  folds("甚麼", "什么");
  folds("憑藉慰藉", "凭借慰藉");
}

static void gbk_is_its_own_reverse(void **state) {
  (void)state;
  assert_int_equal(gbk_code(0x5B66), 0xD1A7);
  assert_int_equal(gbk_char(0x8C, 0x57), 0x5B78);
  assert_int_equal(gbk_char(0x20, 0x57), 0);
  assert_int_equal(gbk_char(0x81, 0x7F), 0);
  for (unsigned lead = 0x81; lead <= 0xFE; lead++)
    for (unsigned trail = 0x40; trail <= 0xFE; trail++) {
      const uint32_t c = gbk_char(lead, trail);
      if (c) assert_int_equal(gbk_code(c), lead << 8 | trail);
    }
}

static void user_areas_map_to_private_use(void **state) {
  (void)state;
  assert_int_equal(gbk_char(0xAA, 0xA1), 0xE000);
  assert_int_equal(gbk_char(0xF8, 0xA1), 0xE234);
  assert_int_equal(gbk_char(0xA1, 0x40), 0xE4C6);
  assert_int_equal(gbk_char(0xA7, 0xA0), 0xE765);
  assert_true(gbk_is_user_area(0xF9, 0xCE));
  assert_false(gbk_is_user_area(0xB0, 0xA1));
}

UNIT_TESTS(han) = {
    cmocka_unit_test(folds_character_for_character),      cmocka_unit_test(simplified_text_is_not_copied),
    cmocka_unit_test(some_characters_fold_by_their_word), cmocka_unit_test(gbk_is_its_own_reverse),
    cmocka_unit_test(user_areas_map_to_private_use),
};
UNIT_COUNT(han);
