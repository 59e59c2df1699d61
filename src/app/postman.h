/* Sends what lies in the outbox to the addresses that administrators have set. */
#ifndef APP_POSTMAN_H
#define APP_POSTMAN_H
#include "base/err.h"

struct store;
/* One turn: what is due now, each sent outside any transaction; what came of it is written down with a receipt or a reason. *out_more:
 * there may be more. A message is sent again when it is not known what came of it. */
MUST_CHECK bool postman_turn(struct store *store, bool *out_more, struct err *e);
#endif
