/* Rules of signing in as data: rules/password.yaml and rules/sign-in.yaml, read once; and what follows from them. Pure: the
 * moment is given. */
#ifndef ENGINE_ACCOUNT_RULES_H
#define ENGINE_ACCOUNT_RULES_H
#include "base/err.h"
#include "base/vec.h"

struct password_rules {
  int least, classes;
  VEC(struct str) common;
};
struct delay_rule {
  int free, first_seconds, most_seconds;
  int64_t forget_us;
};
struct sign_in_rules {
  struct password_rules password;
  struct delay_rule login, address;
  int64_t idle_us, absolute_us;
  int token_days;
};
const struct sign_in_rules *sign_in_rules_known(void);
/* Both files read from texts, for tests; ERR_INVALID with the key that is missing or no number. */
MUST_CHECK bool sign_in_rules_parse(struct arena *mem, struct str password, struct str sign_in,
                                    struct sign_in_rules *out, struct err *e);

/* May this be a password of this login? Refuses with ERR_INVALID, name = "password", and the rule that it breaks. */
MUST_CHECK bool password_is_good(const struct password_rules *r, struct str login, struct str password, struct err *e);
/* A one-time password of 100 bits: five groups of four letters and digits. In mem; `chance` is 20 random bytes. */
struct str password_make(struct arena *mem, const unsigned char chance[20]);

/* A login as it is kept and compared: trimmed, small letters. False when it could be none: empty, longer than LOGIN_MAX,
 * other characters than letters of any script, digits, . - _ @ */
bool login_fold(struct arena *mem, struct str typed, struct str *out);

/* Until when the next attempt waits after `failures` in a row, the last of them now; now_us when it need not. */
int64_t delay_until(const struct delay_rule *r, int64_t failures, int64_t now_us);
/* Failures that still count; 0 when they are forgotten. */
int64_t delay_count(const struct delay_rule *r, int64_t failures, int64_t last_us, int64_t now_us);
bool session_is_live(const struct sign_in_rules *r, int64_t created_us, int64_t seen_us, int64_t now_us);
#endif
