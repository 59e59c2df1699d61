/* Whole files in the scratch folder of the test run. */
#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "texts.h"
#include "unit.h"

static struct str in_scratch(struct arena *mem, const char *name) {
  const char *scratch = getenv("SCRATCH");
  return str_fmt(mem, "%s/%s", scratch ? scratch : ".", name);
}

static void writes_and_reads_whole_files(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct err e = {0};
  struct str got;
  const struct str path = in_scratch(&mem, "unit-file.txt");
  assert_true(file_write(path, STR("甲\0乙"), &e));
  assert_true(file_write(path, STR("new"), &e));
  assert_true(file_exists(path));
  assert_true(file_read(&mem, path, 3, &got, &e)); /* at the ceiling */
  assert_str(got, "new");
  assert_false(file_read(&mem, path, 2, &got, &e)); /* one above */
  assert_int_equal(e.code, ERR_TOO_LARGE);
  assert_int_equal(unlink(str_z(&mem, path)), 0);
  assert_false(file_exists(path));
}

static void says_what_is_wrong_with_a_path(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct str got;
  struct err absent = {0}, folder = {0}, unwritable = {0};
  assert_false(file_read(&mem, in_scratch(&mem, "no-such-file"), 9, &got, &absent));
  assert_int_equal(absent.msg, MSG_file_absent);
  assert_false(file_read(&mem, STR("."), 9, &got, &folder));
  assert_int_equal(folder.msg, MSG_file_is_folder);
  assert_false(file_write(in_scratch(&mem, "no/such/folder"), STR("x"), &unwritable));
  assert_int_equal(unwritable.code, ERR_NOT_FOUND);
}

static void lists_plain_files_in_order(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct err e = {0};
  struct str_list names;
  const struct str dir = in_scratch(&mem, "unit-list");
  assert_int_equal(mkdir(str_z(&mem, dir), 0700), 0);
  assert_int_equal(mkdir(str_z(&mem, str_join(&mem, dir, STR("/folder"))), 0700), 0);
  static const char *const made[] = {"b", "a", "B"};
  for (size_t i = 0; i < COUNT_OF(made); i++)
    assert_true(file_write(str_fmt(&mem, STRF "/%s", STRA(dir), made[i]), STR(""), &e));
  assert_true(file_list(&mem, dir, &names, &e));
  assert_int_equal(names.len, 3);
  assert_str(names.at[0], "B");
  assert_str(names.at[1], "a");
  assert_str(names.at[2], "b");
  for (size_t i = 0; i < names.len; i++)
    assert_int_equal(unlink(str_z(&mem, str_fmt(&mem, STRF "/" STRF, STRA(dir), STRA(names.at[i])))), 0);
  assert_int_equal(rmdir(str_z(&mem, str_join(&mem, dir, STR("/folder")))), 0);
  assert_int_equal(rmdir(str_z(&mem, dir)), 0);
}

static void takes_names_apart(void **state) {
  (void)state;
  assert_str(file_base(STR("a/b.txt")), "b.txt");
  assert_str(file_base(STR("b.txt")), "b.txt");
  assert_str(file_extension(STR("a.d/b.TXT")), "TXT");
  assert_str(file_extension(STR("a.d/b")), "");
  assert_str(file_extension(STR("a/.hidden")), "");
}

UNIT_TESTS(file) = {
    cmocka_unit_test(writes_and_reads_whole_files),
    cmocka_unit_test(says_what_is_wrong_with_a_path),
    cmocka_unit_test(lists_plain_files_in_order),
    cmocka_unit_test(takes_names_apart),
};
UNIT_COUNT(file);
