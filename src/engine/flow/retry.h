/* Levels of clocks that were refused, tried again before their time. */
#ifndef ENGINE_FLOW_RETRY_H
#define ENGINE_FLOW_RETRY_H
#include "base/err.h"

struct store;
/* Inside an act: all that wait are to be tried at this moment. *out_n: how many. */
MUST_CHECK bool flow_retry_levels(struct store *tx, int64_t now_us, int64_t *out_n, struct err *e);
#endif
