/* The program as a server: which pages there are, and what it needs from the store before it can answer. */
#ifndef APP_APP_H
#define APP_APP_H
#include "app/page.h"
#include "web/web.h"

/* Every table of routes, ended by NULL. Their app is a struct app. */
extern const struct route *const app_tables[];
/* web_config.decide: whether they may, and what waits for them. */
MUST_CHECK bool app_decide(struct web_request *rq, struct err *e);

/* The key of the forms' tokens, made at the first start and kept in the store. */
MUST_CHECK bool app_secret(struct store *store, unsigned char out[32], struct err *e);

/* Is the act of every route one that rules/roles.yaml declares, or one that stands outside the roles? ERR_INVALID with the
 * first that is not: nobody could be told who may do it. */
MUST_CHECK bool app_acts_known(struct err *e);

enum { APP_CACHE_BYTES = 256 << 20 };
#endif
