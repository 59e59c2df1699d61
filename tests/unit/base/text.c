/* utf8, messages, errors. */
#include "base/err.h"
#include "base/utf8.h"
#include "texts.h"
#include "unit.h"

static void utf8_refuses_what_the_standard_refuses(void **state) {
  (void)state;
  static const struct {
    const char *text;
    size_t good;
  } table[] = {
      {"abc", 3},
      {"中", 3},
      {"\xF0\xA0\x80\x80", 4},
      {"\xED\x9F\xBF", 3},
      {"\xF4\x8F\xBF\xBF", 4},
      {"a\x80", 1},
      {"\xC0\x80", 0},
      {"\xC1\xBF", 0},
      {"\xE0\x80\x80", 0},
      {"\xED\xA0\x80", 0},
      {"\xF0\x80\x80\x80", 0},
      {"\xF4\x90\x80\x80", 0},
      {"\xF5\x80\x80\x80", 0},
      {"ab\xE4\xB8", 2},
      {"\xE4\xB8\x41", 0},
      {"12345678\xFF", 8},
      {"1234567\xFF", 7},
  };
  for (size_t i = 0; i < COUNT_OF(table); i++) assert_int_equal(utf8_valid_len(str_of(table[i].text)), table[i].good);
}

static void utf8_round_trips_every_character(void **state) {
  (void)state;
  for (uint32_t c = 1; c <= 0x10FFFF; c++) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    char bytes[4];
    const struct str s = {bytes, utf8_put(bytes, c)};
    size_t i = 0;
    if (!utf8_valid(s) || utf8_next(s, &i) != c || i != s.len || utf8_count(s) != 1) fail_msg("U+%04X", c);
  }
}

static void utf8_steps_back_to_the_start(void **state) {
  (void)state;
  const struct str s = STR("a中𠀀");
  assert_int_equal(utf8_back(s, 8), 4);
  assert_int_equal(utf8_back(s, 4), 1);
  assert_int_equal(utf8_back(s, 1), 0);
  assert_int_equal(utf8_at(s, 1), 0x4E2D);
  assert_int_equal(utf8_at(s, 99), 0);
  assert_true(is_han(0x3007) && is_han(0x4E2D) && !is_han(0x3001));
}

static void messages_fill_their_holes(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct msg_arg args[] = {{"path", STR("a.txt")}, {"limit", STR("16 MB")}};
  assert_str(msg_text(&mem, LANG_EN, MSG_file_too_large, args, 2), "The file “a.txt” is larger than 16 MB");
  assert_str(msg_text(&mem, LANG_EN, MSG_file_too_large, args, 1), "The file “a.txt” is larger than {limit}");
  assert_str(msg_text(&mem, LANG_ZH, MSG_yaml_empty, NULL, 0), "文件里没有内容");
  assert_string_equal(msg_key(MSG_file_absent), "file_absent");
  assert_int_equal(msg_find(STR("file_absent")), MSG_file_absent);
  assert_int_equal(msg_find(STR("no_such_key")), 0);
  assert_int_equal(msg_find(STR("")), 0);
}

static void every_message_is_found_by_its_key(void **state) {
  (void)state;
  for (int id = 1; id < MSG_COUNT; id++) {
    assert_int_equal(msg_find(str_of(msg_key(id))), id);
    assert_true(utf8_valid(msg_template(LANG_ZH, id)) && msg_template(LANG_EN, id).len > 0);
  }
  assert_string_equal(msg_key(MSG_COUNT), "");
  assert_string_equal(msg_key(-1), "");
}

static void the_first_error_wins(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct err e = {0};
  assert_false(fail(&e, ERR_NOT_FOUND, MSG_file_absent, "path", STR("甲")));
  assert_false(fail(&e, ERR_BUG, MSG_yaml_empty));
  assert_false(err_hint(&e, MSG_file_absent_hint));
  assert_false(err_at(&e, STR("f"), 3, 4));
  assert_false(err_at(&e, STR("g"), 9, 9));
  const struct err copy = e; /* values must be found in the copy */
  memset(e.values, 'x', sizeof e.values);
  assert_str(err_says(&mem, LANG_ZH, &copy), "找不到文件“甲”");
  assert_str(err_field(&copy), "");
  struct err field = {0}, moved;
  assert_false(fail(&field, ERR_INVALID, MSG_web_bad_number, "name", STR("days"), "least", STR("1"), "most", STR("9")));
  moved = field;
  memset(field.values, 'x', sizeof field.values);
  assert_str(err_field(&moved), "days");
  assert_int_equal(copy.line, 3);
  assert_int_equal(err_http(copy.code), 404);
  assert_string_equal(err_word(copy.code), "not_found");
  assert_true(err_hint_says(&mem, LANG_EN, &copy).len > 0);
}

static void long_values_are_cut_at_a_character(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  AUTO_ARENA other = {0};
  struct err e = {0};
  char *long_text = arena_take(&other, 3000);
  for (size_t i = 0; i < 999; i++) memcpy(long_text + 3 * i, "中", 3);
  assert_false(fail(&e, ERR_INVALID, MSG_file_absent, "path", ((struct str){long_text, 2997})));
  assert_true(e.values_used <= ERR_VALUES);
  assert_true(utf8_valid(err_says(&mem, LANG_EN, &e)));
}

UNIT_TESTS(text) = {
    cmocka_unit_test(utf8_refuses_what_the_standard_refuses), cmocka_unit_test(utf8_round_trips_every_character),
    cmocka_unit_test(utf8_steps_back_to_the_start),           cmocka_unit_test(messages_fill_their_holes),
    cmocka_unit_test(every_message_is_found_by_its_key),      cmocka_unit_test(the_first_error_wins),
    cmocka_unit_test(long_values_are_cut_at_a_character),
};
UNIT_COUNT(text);
