/* Views: cutting, trimming, finding, numbers, copies. */
#include "base/str.h"

#include "unit.h"

static void slices_stay_inside(void **state) {
  (void)state;
  const struct str s = STR("abcdef");
  assert_str(str_slice(s, 2, 4), "cd");
  assert_str(str_slice(s, 4, 99), "ef");
  assert_str(str_slice(s, 5, 2), "");
  assert_str(str_from(s, 6), "");
  assert_int_equal(str_slice((struct str){0}, 0, 5).len, 0);
}

static void compares_by_bytes_shorter_first(void **state) {
  (void)state;
  assert_true(str_cmp(STR("a"), STR("ab")) < 0);
  assert_true(str_cmp(STR("b"), STR("ab")) > 0);
  assert_true(str_cmp(STR("\xff"), STR("a")) > 0);
  assert_int_equal(str_cmp((struct str){0}, STR("")), 0);
  assert_true(str_eq((struct str){0}, STR("")));
}

static void finds_first_and_last(void **state) {
  (void)state;
  assert_int_equal(str_find(STR("abcabc"), STR("bc")), 1);
  assert_int_equal(str_rfind(STR("abcabc"), STR("bc")), 4);
  assert_int_equal(str_find(STR("abc"), STR("abcd")), STR_NONE);
  assert_int_equal(str_rfind(STR("abc"), STR("x")), STR_NONE);
  assert_int_equal(str_find(STR("abc"), STR("")), 0);
  assert_int_equal(str_rfind(STR("abc"), STR("")), 3);
}

/* Every text of ten and every needle of four letters, a or b, and the same with each letter five times over (longer than a
 * short needle), against a search written out. */
static size_t search_plainly(struct str s, struct str needle, bool last) {
  size_t found = STR_NONE;
  for (size_t i = 0; i + needle.len <= s.len && (last || found == STR_NONE); i++)
    if (memcmp(s.at + i, needle.at, needle.len) == 0) found = i;
  return found;
}

static void finds_as_a_plain_search_does(void **state) {
  (void)state;
  enum { TEXT = 10, NEEDLE = 4, TIMES = 5 };
  for (unsigned text = 0; text < 1u << TEXT; text++)
    for (unsigned needle = 0; needle < 1u << NEEDLE; needle++)
      for (size_t times = 1; times <= TIMES; times += TIMES - 1) {
        char t[TEXT * TIMES], n[NEEDLE * TIMES];
        for (size_t i = 0; i < TEXT * times; i++) t[i] = (char)('a' + (text >> i / times & 1));
        for (size_t i = 0; i < NEEDLE * times; i++) n[i] = (char)('a' + (needle >> i / times & 1));
        const struct str s = {t, TEXT * times}, wanted = {n, NEEDLE * times};
        assert_int_equal(str_find(s, wanted), search_plainly(s, wanted, false));
        assert_int_equal(str_rfind(s, wanted), search_plainly(s, wanted, true));
      }
}

static void cuts_at_the_first_separator(void **state) {
  (void)state;
  struct str head = STR("old"), tail = STR("old");
  assert_true(str_cut(STR("a=b=c"), STR("="), &head, &tail));
  assert_str(head, "a");
  assert_str(tail, "b=c");
  assert_false(str_cut(STR("abc"), STR("="), &head, &tail));
  assert_str(head, "a"); /* untouched */
}

static void trims_every_blank_of_documents(void **state) {
  (void)state;
  assert_str(str_trim(STR("\xE3\x80\x80 a b \xC2\xA0\xE3\x80\x80\n")), "a b");
  assert_str(str_trim(STR("\xE2\x80\x82x\xE2\x80\x8A")), "x");
  assert_str(str_trim(STR(" \t\r\n")), "");
  assert_str(str_trim(STR("\xE3\x80\x81")), "\xE3\x80\x81"); /* the comma 、 is no blank */
}

static void reads_whole_integers_only(void **state) {
  (void)state;
  int64_t n = 7;
  assert_true(str_to_int(STR("-42"), &n));
  assert_int_equal(n, -42);
  assert_true(str_to_int(STR("9223372036854775807"), &n));
  assert_true(n == INT64_MAX);
  n = 7;
  assert_false(str_to_int(STR("9223372036854775808"), &n));
  assert_false(str_to_int(STR("12x"), &n));
  assert_false(str_to_int(STR(""), &n));
  assert_false(str_to_int(STR("-"), &n));
  assert_false(str_to_int(STR(" 1"), &n));
  assert_int_equal(n, 7);
}

static void makes_new_text_in_an_arena(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  assert_str(str_join(&mem, STR("a"), STR("b")), "ab");
  assert_str(str_join(&mem, (struct str){0}, (struct str){0}), "");
  assert_str(str_replace(&mem, STR("a-b-c"), STR("-"), STR("--")), "a--b--c");
  assert_str(str_replace(&mem, STR("abc"), STR(""), STR("x")), "abc");
  assert_str(str_fmt(&mem, "%d " STRF, 3, STRA(STR("x"))), "3 x");
  assert_string_equal(str_z(&mem, str_slice(STR("abc"), 0, 2)), "ab");
  const char with_nul[] = {'a', 0, 'b'};
  assert_int_equal(str_dup(&mem, (struct str){with_nul, 3}).len, 3);
}

static void hash_is_the_same_on_every_machine(void **state) {
  (void)state;
  assert_true(str_hash(STR("")) == str_hash((struct str){0}));
  assert_true(str_hash(STR("abc")) != str_hash(STR("acb")));
  /* FNV-1a of "a" is af63dc4c8601ec8c; the mixed value was computed apart from the program */
  assert_true(str_hash(STR("a")) == UINT64_C(0x2ef7d1316eb86f71));
}

UNIT_TESTS(str) = {
    cmocka_unit_test(slices_stay_inside),
    cmocka_unit_test(compares_by_bytes_shorter_first),
    cmocka_unit_test(finds_first_and_last),
    cmocka_unit_test(finds_as_a_plain_search_does),
    cmocka_unit_test(cuts_at_the_first_separator),
    cmocka_unit_test(trims_every_blank_of_documents),
    cmocka_unit_test(reads_whole_integers_only),
    cmocka_unit_test(makes_new_text_in_an_arena),
    cmocka_unit_test(hash_is_the_same_on_every_machine),
};
UNIT_COUNT(str);
