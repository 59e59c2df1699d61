/* What every unit test includes: cmocka with what it needs, and comparisons of our own types. */
#ifndef UNIT_H
#define UNIT_H
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* cmocka has a macro `fail` too; ours wins. */
#pragma push_macro("fail")
#undef fail
#include <cmocka.h>
#undef fail
#pragma pop_macro("fail")
#undef fail_msg
#define fail_msg(...) (print_error("ERROR: " __VA_ARGS__), print_error("\n"), _fail(__FILE__, __LINE__))

#include "base/err.h"

/* At the end of tests/unit/<folder>/<file>.c: UNIT_TESTS(file) = {cmocka_unit_test(name), ...}; UNIT_COUNT(file) */
#define UNIT_TESTS(file)                         \
  extern const struct CMUnitTest file##_tests[]; \
  const struct CMUnitTest file##_tests[]
#define UNIT_COUNT(file)                 \
  extern const size_t file##_test_count; \
  const size_t file##_test_count = sizeof file##_tests / sizeof file##_tests[0]

/* In main.c of the folder: UNIT_FILE(file) before main, UNIT_RUN(file) in it. */
#define UNIT_FILE(file)                          \
  extern const struct CMUnitTest file##_tests[]; \
  extern const size_t file##_test_count
#define UNIT_RUN(file) _cmocka_run_group_tests(#file, file##_tests, file##_test_count, NULL, NULL)

#define assert_str(s, z) unit_assert_str((s), (z), __FILE__, __LINE__)
static inline void unit_assert_str(struct str s, const char *z, const char *file, int line) {
  if (str_eqz(s, z)) return;
  print_error("\"%.*s\" is not \"%s\"\n", STRA(s), z);
  _fail(file, line);
}
#endif
