/* The worked numbers of the standards, and what is refused with which message. */
#include "engine/register/codes.h"

#include <stdio.h>

#include "texts.h"
#include "unit.h"

static const struct date today = {2026, 9, 1};

/* The kept form, or the key of the refusal. */
static const char *judge(bool demo, enum code_kind kind, const char *typed) {
  static char answer[64]; /* house: allow mutable - read at once */
  AUTO_ARENA mem = {0};
  struct err e = {0};
  struct str out = {0};
  const bool ok = code_check(&mem, code_rules_known(demo), kind, today, str_of(typed), &out, &e);
  (void)snprintf(answer, sizeof answer, STRF, STRA(ok ? out : str_of(msg_key(e.msg))));
  return answer;
}
#define TAKES(kind, typed, kept) assert_string_equal(judge(false, CODE_##kind, typed), kept)
#define REFUSES(kind, typed, key) assert_string_equal(judge(false, CODE_##kind, typed), "code_" key)

static void identity_numbers(void **state) {
  (void)state;
  TAKES(IDENTITY, "11010519491231002X", "11010519491231002X");
  TAKES(IDENTITY, "440524188001010014", "440524188001010014");
  TAKES(IDENTITY, "320102201503011232", "320102201503011232");
  TAKES(IDENTITY, "320106201609150025", "320106201609150025");
  TAKES(IDENTITY, "110105491231002", "11010519491231002X"); /* 15 digits */
  TAKES(IDENTITY, " １１０１０５ 19491231 002x ", "11010519491231002X");
  REFUSES(IDENTITY, "110105194912310021", "identity_digit");
  REFUSES(IDENTITY, "11010519490230002X", "identity_day");
  REFUSES(IDENTITY, "1101051949123100", "identity_form");
  REFUSES(IDENTITY, "1101051949123100ZX", "identity_form");
  REFUSES(IDENTITY, "", "identity_form");
}
static void a_birthday_to_come_and_regions_of_nowhere_are_refused(void **state) {
  (void)state;
  REFUSES(IDENTITY, "320102202609020011", "identity_future");
  REFUSES(IDENTITY, "99999920160312001X", "identity_region");
  assert_string_equal(judge(true, CODE_IDENTITY, "99999920160312001X"), "99999920160312001X");
}
static void credit_codes(void **state) {
  (void)state;
  TAKES(CREDIT, "91350100M000100Y43", "91350100M000100Y43");
  TAKES(CREDIT, "91350100m000100y43", "91350100M000100Y43");
  REFUSES(CREDIT, "91350100M000100Y44", "credit_digit");
  REFUSES(CREDIT, "91350100M000100Y3X", "credit_inner"); /* the outer one would fit */
  REFUSES(CREDIT, "91350100I000100Y43", "credit_form");
  REFUSES(CREDIT, "91350100M000100Y4", "credit_form");
  REFUSES(CREDIT, "91350100M000100Y4字", "credit_form");
}
static void pupils_numbers(void **state) {
  (void)state;
  TAKES(PUPIL, "G11010519491231002X", "G11010519491231002X");
  TAKES(PUPIL, "L320102201503011234", "L320102201503011234");
  REFUSES(PUPIL, "G110105194912310021", "pupil_digit");
  REFUSES(PUPIL, "J110105194912310021", "pupil_digit");
  REFUSES(PUPIL, "L32010220150301123X", "pupil_form");
  REFUSES(PUPIL, "X11010519491231002X", "pupil_form");
  REFUSES(PUPIL, "G", "pupil_form");
}
static void regions_schools_telephones(void **state) {
  (void)state;
  TAKES(REGION, "320583", "320583");
  TAKES(REGION, "320000", "320000");
  TAKES(REGION, "320100", "320100");
  REFUSES(REGION, "990101", "region");
  REFUSES(REGION, "320001", "region");
  REFUSES(REGION, "327501", "region");
  REFUSES(REGION, "999999", "region");
  assert_string_equal(judge(true, CODE_REGION, "999999"), "999999");
  TAKES(SCHOOL, "4145014684", "4145014684");
  REFUSES(SCHOOL, "414501468", "school");
  TAKES(PHONE, "138-0013-8000", "13800138000");
  TAKES(PHONE, "025-83335000", "02583335000");
  REFUSES(PHONE, "12345", "phone");
  REFUSES(PHONE, "10000000001", "phone");
  assert_string_equal(judge(true, CODE_PHONE, "10000000001"), "10000000001");
}
/* Every single wrong digit and every two neighbours exchanged shows in an identity number (GB 11643 promises it). */
static void slips_show(void **state) {
  (void)state;
  const char good[] = "320106201609150025";
  for (size_t i = 0; i < 17; i++) {
    char bad[19];
    memcpy(bad, good, sizeof bad);
    for (char c = '0'; c <= '9'; c++) {
      bad[i] = c;
      if (c != good[i]) assert_true(strncmp(judge(false, CODE_IDENTITY, bad), "code_", 5) == 0);
    }
    memcpy(bad, good, sizeof bad);
    bad[i] = good[i + 1], bad[i + 1] = good[i];
    if (good[i] != good[i + 1]) assert_true(strncmp(judge(false, CODE_IDENTITY, bad), "code_", 5) == 0);
  }
}
static void masked(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  assert_str(code_masked(&mem, STR("11010519491231002X")), "110105********002X");
  assert_str(code_masked(&mem, STR("13800138000")), "138****8000");
  assert_str(code_masked(&mem, STR("")), "");
}

UNIT_TESTS(codes) = {cmocka_unit_test(identity_numbers),
                     cmocka_unit_test(a_birthday_to_come_and_regions_of_nowhere_are_refused),
                     cmocka_unit_test(credit_codes),
                     cmocka_unit_test(pupils_numbers),
                     cmocka_unit_test(regions_schools_telephones),
                     cmocka_unit_test(slips_show),
                     cmocka_unit_test(masked)};
UNIT_COUNT(codes);
