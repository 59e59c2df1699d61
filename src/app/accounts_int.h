/* Between the files of the accounts' service. */
#ifndef APP_ACCOUNTS_INT_H
#define APP_ACCOUNTS_INT_H
#include <pthread.h>

#include "app/accounts.h"
#include "store/event.h"

struct accounts {
  struct arena mem;
  struct store *store;
  const struct sign_in_rules *rules;
  bool demo;
  struct str nobody_hash; /* of a password that nobody has: checked when there is no account */
  pthread_mutex_t lock;   /* the gate: few passwords are checked at once, see base/limits.h */
  pthread_cond_t turn;
  int checking, waiting;
};

struct event account_event(struct str actor, struct str id, const char *act, int64_t now_us);
/* Argon2id behind the gate; ERR_BUSY when too many wait. */
MUST_CHECK bool accounts_check(struct accounts *a, struct str hash, struct str password, bool *out_right,
                               struct err *e);
MUST_CHECK bool accounts_hash(struct accounts *a, struct arena *mem, struct str password, struct str *out,
                              struct err *e);

bool outside_is_name(struct str subject); /* can it be one at all? */
/* provider:subject, as a session keeps it. In mem. */
struct str outside_key(struct arena *mem, const char *provider, struct str subject);
/* Does the other system still name whom it named when this session began? Sessions of one's own password: always. */
bool outside_holds(const struct web_request *rq, struct str outside);
/* The event of an act of whoever is signed in, on their own account. */
struct event own_event(const struct web_request *rq, const char *act);
/* Is it a code of the app of this account, not used before, or a recovery code? It is used up then. Inside an act. */
MUST_CHECK bool factor_take(struct store *tx, struct arena *mem, struct str account, struct str code, int64_t now_us,
                            bool *out_right, const char **out_way, struct err *e);
/* Without asking: the factor and its recovery codes go. Inside an act. */
MUST_CHECK bool factor_end(struct store *tx, struct str account, struct err *e);
/* Failures of one typed login and one address, counted before the password is looked at, so that many attempts at once
 * cannot slip through. ERR_TOO_MANY while one of them waits. */
MUST_CHECK bool attempt_begin(struct store *tx, struct arena *mem, const struct accounts *a, struct str login,
                              struct str address, int64_t now_us, struct err *e);
MUST_CHECK bool attempt_forgive(struct store *tx, struct arena *mem, struct str login, struct err *e);
#endif
