/* arena, buf, vec: growth, alignment, ceilings. */
#include <stdalign.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "unit.h"

static void arena_gives_zeroed_aligned_memory(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  for (size_t size = 0; size < 5000; size = size * 2 + 1) {
    unsigned char *p = arena_take(&mem, size);
    assert_non_null(p);
    assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
    for (size_t i = 0; i < size; i++) assert_int_equal(p[i], 0);
    memset(p, 0xAA, size);
  }
}

/* A long array with other things taken in between: its words stay, what is new is zero, no copies are left behind. */
static void arena_lengthens_a_large_piece(void **state) {
  (void)state;
  enum { FIRST = 600 << 10, LAST = 40 << 20 };
  struct arena mem = {0};
  size_t size = FIRST;
  unsigned char *p = arena_take(&mem, size);
  while (size < LAST) {
    for (size_t i = 0; i < size; i += 997) p[i] = (unsigned char)(i / 997);
    unsigned char *between = arena_take(&mem, 100);
    const size_t more = size + size / 3;
    p = arena_grow(&mem, p, size, more);
    for (size_t i = 0; i < size; i += 997) assert_int_equal(p[i], (unsigned char)(i / 997));
    for (size_t i = size; i < more; i += 61) assert_int_equal(p[i], 0);
    assert_int_equal(between[99], 0);
    size = more;
  }
  assert_true(mem.taken < size + (4 << 20));
  arena_drop(&mem);
}
static void arena_takes_pieces_larger_than_a_block(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  char *small = arena_take(&mem, 8);
  char *large = arena_take(&mem, 9 << 20);
  large[(9 << 20) - 1] = 1;
  small[7] = 1;
  assert_true(mem.taken >= (9 << 20));
  arena_drop(&mem);
  assert_null(mem.head);
  arena_drop(&mem); /* again */
  arena_drop(NULL);
}

static void arena_grows_the_last_piece_in_place(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  char *p = arena_take(&mem, 16);
  memcpy(p, "0123456789abcdef", 16);
  char *longer = arena_grow(&mem, p, 16, 64);
  assert_ptr_equal(longer, p);
  assert_int_equal(longer[63], 0);
  (void)arena_take(&mem, 1);
  char *moved = arena_grow(&mem, longer, 64, 128);
  assert_ptr_not_equal(moved, longer);
  assert_memory_equal(moved, "0123456789abcdef", 16);
  assert_int_equal(moved[127], 0);
  assert_ptr_equal(arena_grow(&mem, moved, 128, 5), moved);
}

static void buf_breaks_at_its_ceiling_and_stays_broken(void **state) {
  (void)state;
  AUTO_BUF b = BUF_MAX(5);
  buf_z(&b, "abcd");
  assert_false(b.broken);
  buf_byte(&b, 'e'); /* at the ceiling */
  assert_false(b.broken);
  buf_byte(&b, 'f'); /* one above */
  assert_true(b.broken);
  assert_str(buf_view(&b), "abcde");
  buf_clear(&b);
  assert_false(b.broken);
  buf_fmt(&b, "%d%s", 12, "345678");
  assert_true(b.broken);
}

static void buf_writes_long_formats(void **state) {
  (void)state;
  AUTO_BUF b = BUF_MAX(1 << 20);
  buf_fmt(&b, "%0600d", 7);
  assert_int_equal(b.len, 600);
  assert_int_equal(b.at[599], '7');
  buf_clear(&b);
  buf_int(&b, INT64_MIN);
  assert_str(buf_view(&b), "-9223372036854775808");
}

static void vec_keeps_its_elements_while_growing(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  VEC(int) numbers = {0};
  for (int i = 0; i < 1000; i++) {
    vec_push(&mem, &numbers) = i;
    if (i % 7 == 0) (void)arena_take(&mem, 3); /* so that it must move now and then */
  }
  assert_int_equal(numbers.len, 1000);
  int expected = 0;
  vec_each(int, n, &numbers) assert_int_equal(*n, expected++);
  assert_int_equal(vec_last(&numbers), 999);
}

UNIT_TESTS(memory) = {
    cmocka_unit_test(arena_lengthens_a_large_piece),
    cmocka_unit_test(arena_gives_zeroed_aligned_memory),
    cmocka_unit_test(arena_takes_pieces_larger_than_a_block),
    cmocka_unit_test(arena_grows_the_last_piece_in_place),
    cmocka_unit_test(buf_breaks_at_its_ceiling_and_stays_broken),
    cmocka_unit_test(buf_writes_long_formats),
    cmocka_unit_test(vec_keeps_its_elements_while_growing),
};
UNIT_COUNT(memory);
