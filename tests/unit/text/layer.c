/* Tests of src/text/layer.c. */
#include "text/layer.h"

#include "unit.h"

static void push(struct arena *mem, changes *list, uint32_t from, uint32_t to, const char *with, enum edit_kind kind) {
  vec_push(mem, list) = (struct change){.at = {from, to}, .with = str_of(with), .kind = (uint8_t)kind};
}

static struct layer made(struct arena *mem, const char *in, const changes *list) {
  struct layer l;
  layer_make(mem, str_of(in), list, &l);
  assert_true(layer_holds(mem, &l));
  return l;
}

static void no_change_is_the_text_itself(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const changes none = {0};
  const struct layer l = made(&mem, "abc", &none);
  assert_ptr_equal(l.in.at, l.out.at);
  assert_int_equal(layer_in_at(&l, 2, false), 2);
  assert_int_equal(layer_out_at(&l, 3), 3);
}

static void spans_stay_tight_around_dropped_bytes(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  changes list = {0};
  push(&mem, &list, 2, 5, "", EDIT_PINYIN);
  const struct layer l = made(&mem, "ab(x)cd", &list);
  assert_str(l.out, "abcd");
  assert_int_equal(layer_in_at(&l, 2, false), 5); /* a start goes behind what was dropped */
  assert_int_equal(layer_in_at(&l, 2, true), 2);  /* an end before it */
  const struct span all = layer_in_span(&l, (struct span){1, 3});
  assert_int_equal(all.at, 1);
  assert_int_equal(all.end, 6);
  const struct span empty = layer_in_span(&l, (struct span){2, 2});
  assert_int_equal(empty.at, empty.end);
  assert_int_equal(layer_out_at(&l, 3), 2);
  assert_int_equal(layer_out_at(&l, 6), 3);
}

static void inside_a_replacement_is_the_whole_of_it(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  changes list = {0};
  push(&mem, &list, 1, 3, "WXYZ", EDIT_BYTE_SHIFT);
  const struct layer l = made(&mem, "abcd", &list);
  assert_str(l.out, "aWXYZd");
  assert_int_equal(layer_in_at(&l, 3, false), 1);
  assert_int_equal(layer_in_at(&l, 3, true), 3);
  assert_int_equal(layer_in_at(&l, 5, false), 3);
}

static void what_was_left_keeps_its_places(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  changes list = {0};
  push(&mem, &list, 1, 4, "bcd", EDIT_QUESTION_MARK);
  const struct layer l = made(&mem, "abcde", &list);
  assert_int_equal(layer_in_at(&l, 2, false), 2);
  assert_int_equal(layer_out_at(&l, 3), 3);
}

static void a_broken_layer_does_not_hold(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  changes list = {0};
  push(&mem, &list, 1, 2, "x", EDIT_WIDTH);
  struct layer l = made(&mem, "abc", &list);
  l.out = STR("axd");
  assert_false(layer_holds(&mem, &l));
  l.out = STR("axc");
  l.edits.at[0].in_len = 9;
  assert_false(layer_holds(&mem, &l));
}

static void composes_neighbours_and_overlaps(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  changes one = {0}, two = {0};
  push(&mem, &one, 2, 4, "", EDIT_PINYIN); /* ab--efgh -> abefgh */
  push(&mem, &one, 6, 7, "G", EDIT_WIDTH); /* abefGh */
  const struct layer a = made(&mem, "ab--efgh", &one);
  assert_str(a.out, "abefGh");
  push(&mem, &two, 2, 3, "E", EDIT_WIDTH);    /* next to the dropped bytes: an edit of its own */
  push(&mem, &two, 3, 6, "", EDIT_FURNITURE); /* over the G */
  const struct layer b = made(&mem, "abefGh", &two);
  struct layer whole;
  layer_compose(&mem, &a, &b, &whole);
  assert_str(whole.out, "abE");
  assert_true(layer_holds(&mem, &whole));
  assert_int_equal(whole.edits.len, 3);
  assert_int_equal(whole.edits.at[0].kind, EDIT_PINYIN);
  assert_int_equal(whole.edits.at[1].kind, EDIT_WIDTH);
  assert_int_equal(whole.edits.at[2].kind, EDIT_FURNITURE);
  assert_int_equal(whole.edits.at[2].in_at, 5);
  assert_int_equal(whole.edits.at[2].in_len, 3);
}

static void a_byte_shift_stays_one_when_it_is_touched(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  changes one = {0}, two = {0}, three = {0};
  push(&mem, &one, 1, 2, "xyz", EDIT_BYTE_SHIFT);
  const struct layer a = made(&mem, "abc", &one);
  push(&mem, &two, 2, 3, "", EDIT_BLANK);
  const struct layer b = made(&mem, "axyzc", &two);
  struct layer whole;
  layer_compose(&mem, &a, &b, &whole);
  assert_int_equal(whole.edits.at[0].kind, EDIT_BYTE_SHIFT);
  push(&mem, &three, 0, 5, "", EDIT_FURNITURE);
  const struct layer c = made(&mem, "axyzc", &three);
  layer_compose(&mem, &a, &c, &whole);
  assert_int_equal(whole.edits.at[0].kind, EDIT_FURNITURE);
  assert_true(layer_holds(&mem, &whole));
}

static void a_doubt_goes_when_the_place_is_mended(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  changes one = {0}, two = {0}, three = {0};
  push(&mem, &one, 1, 2, "b", EDIT_BYTE_SHIFT);
  vec_last(&one).doubt = true;
  const struct layer a = made(&mem, "abc", &one);
  push(&mem, &two, 1, 2, "xyz", EDIT_BYTE_SHIFT);
  const struct layer b = made(&mem, "abc", &two);
  struct layer whole;
  layer_compose(&mem, &a, &b, &whole);
  assert_false(whole.edits.at[0].doubt);
  push(&mem, &three, 1, 2, "", EDIT_BLANK);
  const struct layer c = made(&mem, "abc", &three);
  layer_compose(&mem, &a, &c, &whole);
  assert_true(whole.edits.at[0].doubt);
}

static void codec_places_are_found_by_walking(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct layer l = {.in = STR("\xD1\xA7"
                                    "a\xD0\xA3"),
                          .out = STR("\xE5\xAD\xA6"
                                     "a\xE6\xA0\xA1"),
                          .codec = "GB18030"};
  assert_true(layer_holds(&mem, &l));
  assert_int_equal(layer_in_at(&l, 3, false), 2);
  assert_int_equal(layer_in_at(&l, 4, false), 3);
  assert_int_equal(layer_in_at(&l, 7, true), 5);
  assert_int_equal(layer_out_at(&l, 3), 4);
}

static void codec_edits_stand_for_undecodable_bytes(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct layer l = {.in = STR("a\x80"
                              "b"),
                    .out = STR("a\xEF\xBF\xBD"
                               "b"),
                    .codec = "GBK"};
  vec_push(&mem, &l.edits) = (struct edit){.in_at = 1, .in_len = 1, .out_at = 1, .out_len = 3, .kind = EDIT_BYTES};
  assert_true(layer_holds(&mem, &l));
  assert_int_equal(layer_in_at(&l, 4, false), 2);
  assert_int_equal(layer_in_at(&l, 5, true), 3);
  assert_int_equal(layer_in_at(&l, 2, false), 1);
}

UNIT_TESTS(layer) = {
    cmocka_unit_test(no_change_is_the_text_itself),
    cmocka_unit_test(spans_stay_tight_around_dropped_bytes),
    cmocka_unit_test(inside_a_replacement_is_the_whole_of_it),
    cmocka_unit_test(what_was_left_keeps_its_places),
    cmocka_unit_test(a_broken_layer_does_not_hold),
    cmocka_unit_test(composes_neighbours_and_overlaps),
    cmocka_unit_test(a_doubt_goes_when_the_place_is_mended),
    cmocka_unit_test(a_byte_shift_stays_one_when_it_is_touched),
    cmocka_unit_test(codec_places_are_found_by_walking),
    cmocka_unit_test(codec_edits_stand_for_undecodable_bytes),
};
UNIT_COUNT(layer);
