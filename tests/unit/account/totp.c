/* The vectors of RFC 6238 and RFC 4648, the drift, and that no code is taken twice. */
#include "engine/account/totp.h"

#include "unit.h"

static const struct str secret = STR_INIT("12345678901234567890");

static void the_vectors_of_the_rfc(void **state) {
  (void)state;
  /* RFC 6238, appendix B, SHA-1: eight digits there, the last six of them here */
  static const struct {
    int64_t seconds;
    const char *code;
  } vectors[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                 {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
  AUTO_ARENA mem = {0};
  for (size_t i = 0; i < COUNT_OF(vectors); i++)
    assert_str(totp_code(&mem, secret, totp_step(vectors[i].seconds * 1000000)), vectors[i].code);
  /* RFC 4226, appendix D: counts 0 to 9 */
  static const char *const counts[] = {"755224", "287082", "359152", "969429", "338314",
                                       "254676", "287922", "162583", "399871", "520489"};
  for (size_t i = 0; i < COUNT_OF(counts); i++) assert_str(totp_code(&mem, secret, (int64_t)i), counts[i]);
}
static void a_code_is_good_for_its_neighbours_and_once(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const int64_t now_us = 1234567890LL * 1000000, now = totp_step(now_us);
  for (int64_t step = now - 3; step <= now + 3; step++) {
    int64_t taken = 0;
    const bool near = step >= now - 1 && step <= now + 1;
    assert_int_equal(totp_matches(secret, totp_code(&mem, secret, step), 0, now_us, &taken), near);
    if (near) assert_int_equal(taken, step);
    assert_false(totp_matches(secret, totp_code(&mem, secret, step), now + 1, now_us, &taken));
  }
  int64_t taken = 0;
  assert_true(totp_matches(secret, STR(" 005 924 "), now - 1, now_us, &taken)); /* typed as apps show it */
  assert_false(totp_matches(secret, STR("005924"), now, now_us, &taken));       /* the same again */
  assert_false(totp_matches(secret, STR(""), 0, now_us, &taken));
  assert_false(totp_matches(secret, STR("5924"), 0, now_us, &taken));
}
static void base32_as_the_rfc_says(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  assert_str(base32(&mem, STR("")), "");
  assert_str(base32(&mem, STR("f")), "MY");
  assert_str(base32(&mem, STR("fo")), "MZXQ");
  assert_str(base32(&mem, STR("foo")), "MZXW6");
  assert_str(base32(&mem, STR("foob")), "MZXW6YQ");
  assert_str(base32(&mem, STR("fooba")), "MZXW6YTB");
  assert_str(base32(&mem, STR("foobar")), "MZXW6YTBOI");
  assert_str(
      totp_address(&mem, STR("纲目"), STR("zhou min"), STR("foo")),
      "otpauth://totp/%E7%BA%B2%E7%9B%AE:zhou%20min?secret=MZXW6&issuer=%E7%BA%B2%E7%9B%AE&algorithm=SHA1&digits=6&"
      "period=30");
}
static void recovery_codes_are_typed_in_any_way(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const unsigned char chance[10] = {'f', 'o', 'o', 'b', 'a', 'r', 'f', 'o', 'o', 'b'};
  const struct str code = recovery_make(&mem, chance);
  assert_str(code, "mzxw-6ytb-ojtg-633c");
  assert_str(recovery_fold(&mem, code), "MZXW6YTBOJTG633C");
  assert_str(recovery_fold(&mem, STR(" MZXW6YTB ojtg-633c")), "MZXW6YTBOJTG633C");
}

UNIT_TESTS(totp) = {
    cmocka_unit_test(the_vectors_of_the_rfc),
    cmocka_unit_test(a_code_is_good_for_its_neighbours_and_once),
    cmocka_unit_test(base32_as_the_rfc_says),
    cmocka_unit_test(recovery_codes_are_typed_in_any_way),
};
UNIT_COUNT(totp);
