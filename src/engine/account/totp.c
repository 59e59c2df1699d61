/* Codes of a second factor. A code is good for its own step and one on each side, so that clocks may differ by half a minute,
 * and for one use: the step of the last code that was taken is remembered, and no code of it or before is taken again. */
#include "engine/account/totp.h"

#include "base/hash.h"
#include "base/secret.h"

static const char alphabet[33] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

int64_t totp_step(int64_t now_us) { return now_us / 1000000 / TOTP_STEP_SECONDS; }

struct str totp_code(struct arena *mem, struct str secret, int64_t step) {
  unsigned char counter[8], mac[20];
  for (int i = 0; i < 8; i++) counter[i] = (unsigned char)((uint64_t)step >> (56 - 8 * i));
  hash_hmac_sha1(secret, (struct str){(const char *)counter, sizeof counter}, mac);
  const int at = mac[19] & 15; /* RFC 4226, 5.3: dynamic truncation */
  const uint32_t n =
      (uint32_t)(mac[at] & 0x7F) << 24 | (uint32_t)mac[at + 1] << 16 | (uint32_t)mac[at + 2] << 8 | mac[at + 3];
  return str_fmt(mem, "%06u", n % 1000000);
}

bool totp_matches(struct str secret, struct str typed, int64_t used, int64_t now_us, int64_t *out_step) {
  AUTO_ARENA mem = {0};
  const struct str code = str_replace(&mem, str_trim(typed), STR(" "), STR(""));
  const int64_t now = totp_step(now_us);
  bool found = false;
  for (int64_t step = now - TOTP_DRIFT_STEPS; step <= now + TOTP_DRIFT_STEPS; step++) {
    if (!secret_same(code, totp_code(&mem, secret, step)) || step <= used) continue;
    *out_step = step;
    found = true;
  }
  return found;
}

struct str base32(struct arena *mem, struct str bytes) {
  char *z = arena_take(mem, bytes.len * 8 / 5 + 2);
  size_t n = 0;
  uint32_t bits = 0;
  int have = 0;
  for (size_t i = 0; i < bytes.len; i++) {
    bits = bits << 8 | (unsigned char)bytes.at[i];
    for (have += 8; have >= 5; have -= 5) z[n++] = alphabet[bits >> (have - 5) & 31];
  }
  if (have) z[n++] = alphabet[bits << (5 - have) & 31];
  return (struct str){z, n};
}

static struct str escape(struct arena *mem, struct str s) {
  struct str out = STR("");
  for (size_t i = 0; i < s.len; i++) {
    const unsigned char c = (unsigned char)s.at[i];
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~", c);
    out = plain ? str_fmt(mem, STRF "%c", STRA(out), c) : str_fmt(mem, STRF "%%%02X", STRA(out), c);
  }
  return out;
}
struct str totp_address(struct arena *mem, struct str issuer, struct str login, struct str secret) {
  const struct str by = escape(mem, issuer);
  return str_fmt(
      mem, "otpauth://totp/" STRF ":" STRF "?secret=" STRF "&issuer=" STRF "&algorithm=SHA1&digits=%d&period=%d",
      STRA(by), STRA(escape(mem, login)), STRA(base32(mem, secret)), STRA(by), TOTP_DIGITS, TOTP_STEP_SECONDS);
}

struct str recovery_make(struct arena *mem, const unsigned char chance[10]) {
  const struct str s = base32(mem, (struct str){(const char *)chance, 10});
  char *z = arena_take(mem, 20);
  for (size_t i = 0, n = 0; i < s.len; i++) {
    if (i && i % 4 == 0) z[n++] = '-';
    z[n++] = (char)(s.at[i] >= 'A' ? s.at[i] + 32 : s.at[i]);
  }
  return (struct str){z, 19};
}
struct str recovery_fold(struct arena *mem, struct str typed) {
  char *z = str_z(mem, typed);
  size_t n = 0;
  for (size_t i = 0; i < typed.len; i++) {
    const char c = typed.at[i];
    if (c != '-' && c != ' ') z[n++] = (char)(c >= 'a' && c <= 'z' ? c - 32 : c);
  }
  return (struct str){z, n};
}
