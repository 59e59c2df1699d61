/* What a password must be, the clock of the delays, how long a session lives. */
#include "engine/account/rules.h"

#include "base/limits.h"
#include "texts.h"
#include "unit.h"

static int refused_as(const char *login, const char *password) {
  struct err e = {0};
  const bool good = password_is_good(&sign_in_rules_known()->password, str_of(login), str_of(password), &e);
  assert_int_equal(good, !e.code);
  if (!good) assert_int_equal(e.code, ERR_INVALID);
  return e.msg;
}
static void passwords(void **state) {
  (void)state;
  static const struct {
    const char *login, *password;
    int msg; /* 0 = good */
  } cases[] = {
      {"zhoumin", "Yunlan#River9", 0},
      {"zhoumin", "jianghe liu 2026", 0},
      {"zhoumin", "纲举目张abcXYZ12", 0},
      {"zhoumin", "aB3!aB3!a", MSG_password_short},
      {"zhoumin", "纲举目张aB3", MSG_password_short}, /* seven characters, though fifteen bytes */
      {"zhoumin", "onlysmallletters", MSG_password_classes},
      {"zhoumin", "smallandDIGITless", MSG_password_classes},
      {"zhoumin", "1234567890123", MSG_password_classes},
      {"zhoumin", "My-ZhouMin-2026", MSG_password_login},
      {"zhoumin", "x-NIMuohz-2026", MSG_password_login},
      {"", "My-ZhouMin-2026", 0},
      {"zhoumin", "Password2026!", MSG_password_common},
      {"zhoumin", "!!Admin@2026", MSG_password_common},
      {"zhoumin", "2026!Qwertyuiop", MSG_password_common},
      {"zhoumin", "Password-of-Yunlan7", 0}, /* has more than the common word */
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++)
    if (refused_as(cases[i].login, cases[i].password) != cases[i].msg) fail_msg("%s", cases[i].password);
  char longest[PASSWORD_MAX + 2];
  memset(longest, 'a', sizeof longest);
  memcpy(longest, "A1", 2);
  longest[PASSWORD_MAX] = 0;
  assert_int_equal(refused_as("x", longest), 0);
  longest[PASSWORD_MAX] = 'a';
  longest[PASSWORD_MAX + 1] = 0;
  assert_int_equal(refused_as("x", longest), MSG_password_long);
}
static void one_time_passwords(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  unsigned char chance[20];
  for (int i = 0; i < 20; i++) chance[i] = (unsigned char)(i * 13);
  const struct str a = password_make(&mem, chance);
  assert_int_equal(a.len, 24);
  chance[19] ^= 1;
  assert_false(str_eq(a, password_make(&mem, chance)));
}
static void logins(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct str out = {0};
  assert_true(login_fold(&mem, STR("  Zhou.Min-2_x@edu "), &out));
  assert_str(out, "zhou.min-2_x@edu");
  assert_true(login_fold(&mem, STR("周敏"), &out));
  static const char *const none[] = {"", "  ", "a b", "a\nb", "a/b", "a<b", "a:b"};
  for (size_t i = 0; i < COUNT_OF(none); i++) assert_false(login_fold(&mem, str_of(none[i]), &out));
  char long_one[LOGIN_MAX + 2];
  memset(long_one, 'a', sizeof long_one);
  assert_true(login_fold(&mem, (struct str){long_one, LOGIN_MAX}, &out));
  assert_false(login_fold(&mem, (struct str){long_one, LOGIN_MAX + 1}, &out));
}
static void delays_grow(void **state) {
  (void)state;
  const int64_t now = 1700000000LL * 1000000, second = 1000000;
  const struct delay_rule r = {.free = 3, .first_seconds = 10, .most_seconds = 100, .forget_us = 3600 * second};
  static const int64_t waits[] = {0, 0, 0, 10, 20, 40, 80, 100, 100};
  for (size_t i = 0; i < COUNT_OF(waits); i++)
    assert_int_equal(delay_until(&r, (int64_t)i, now), now + waits[i] * second);
  assert_int_equal(delay_until(&r, INT64_MAX, now), now + 100 * second);
  assert_int_equal(delay_count(&r, 7, now - 3600 * second, now), 7);
  assert_int_equal(delay_count(&r, 7, now - 3600 * second - 1, now), 0);
}
static void sessions_end(void **state) {
  (void)state;
  const struct sign_in_rules *r = sign_in_rules_known();
  const int64_t now = 1700000000LL * 1000000;
  assert_true(session_is_live(r, now, now, now));
  assert_true(session_is_live(r, now - r->absolute_us, now - r->idle_us, now));
  assert_false(session_is_live(r, now - r->absolute_us, now - r->idle_us - 1, now));
  assert_false(session_is_live(r, now - r->absolute_us - 1, now, now));
}
static void files_with_a_mistake(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct sign_in_rules r = {0};
  struct err e = {0};
  assert_false(sign_in_rules_parse(&mem, STR("least: ten\nclasses: 3\n"), STR("session: {}\n"), &r, &e));
  assert_int_equal(e.msg, MSG_rules_no_number);
}

UNIT_TESTS(rules) = {
    cmocka_unit_test(passwords),   cmocka_unit_test(one_time_passwords), cmocka_unit_test(logins),
    cmocka_unit_test(delays_grow), cmocka_unit_test(sessions_end),       cmocka_unit_test(files_with_a_mistake),
};
UNIT_COUNT(rules);
