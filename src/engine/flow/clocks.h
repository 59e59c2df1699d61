/* Rows of clocks, for clock_store.c and jobs_store.c. Private to this engine. */
#ifndef ENGINE_FLOW_CLOCKS_H
#define ENGINE_FLOW_CLOCKS_H
#include "engine/flow/clock.h"
#include "engine/flow/flow.h"

struct flow_clock { /* one of one record, as it was read and as it is now */
  const struct clock *said;
  struct str record, id; /* full name of the record, and which */
  struct clock_rules rules;
  struct clock_run was, is;
};
/* Zeroed runs when it was never started. */
MUST_CHECK bool flow_clock_load(struct flow_run *run, const struct flow_record *r, const struct clock *said,
                                struct str id, struct flow_clock *out, struct err *e);
/* Inside an act; nothing when nothing changed. What failed before is forgotten when the clock stopped, began again or has another deadline. */
MUST_CHECK bool flow_clock_save(struct flow_run *run, const struct flow_clock *c, struct err *e);
/* What its functions are told; never before its last change, whatever the run's moment. */
struct clock_ask flow_clock_ask(const struct flow_run *run, const struct flow_clock *c);
#endif
