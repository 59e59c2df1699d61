/* One-time codes of a second factor: RFC 6238 (TOTP) over RFC 4226 (HOTP) with HMAC-SHA-1, six digits, steps of 30 seconds,
 * as every authenticator app reads them; Base32 is that of RFC 4648. Pure. */
#ifndef ENGINE_ACCOUNT_TOTP_H
#define ENGINE_ACCOUNT_TOTP_H
#include "base/str.h"

enum { TOTP_SECRET_BYTES = 20, TOTP_DIGITS = 6, TOTP_STEP_SECONDS = 30, TOTP_DRIFT_STEPS = 1 };

int64_t totp_step(int64_t now_us);
/* The code of a step, TOTP_DIGITS digits; in mem. */
struct str totp_code(struct arena *mem, struct str secret, int64_t step);
/* Is `typed` (blanks aside) the code of the present step or of a neighbour, and of a later step than `used`, the last one
 * that was taken? Then *out_step is its step, to be kept. */
bool totp_matches(struct str secret, struct str typed, int64_t used, int64_t now_us, int64_t *out_step);

struct str base32(struct arena *mem, struct str bytes); /* capitals, no padding; in mem */
/* otpauth://totp/… for apps, to be shown as a QR code. In mem. */
struct str totp_address(struct arena *mem, struct str issuer, struct str login, struct str secret);
/* A recovery code of 80 random bits: xxxx-xxxx-xxxx-xxxx; in mem. */
struct str recovery_make(struct arena *mem, const unsigned char chance[10]);
/* As it is compared: capitals, without blanks and dashes; in mem. */
struct str recovery_fold(struct arena *mem, struct str typed);
#endif
