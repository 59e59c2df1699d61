/* The scheduler takes what is refused in the order of its next try; here that is set to now. */
#include "engine/flow/retry.h"

#include "sql.h"
#include "store/store.h"

bool flow_retry_levels(struct store *tx, int64_t now_us, int64_t *out_n, struct err *e) {
  return sql_flow_clock_failed_again(tx, &(struct sql_flow_clock_failed_again_in){STORE_TENANT, now_us}, out_n, e);
}
