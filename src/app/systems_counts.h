/* How much there is of a record that somebody sees: open ones, those whose clock is over, what comes due. For homes; each figure is
 * counted no further than SYSTEM_COUNT_MOST. */
#ifndef APP_SYSTEMS_COUNTS_H
#define APP_SYSTEMS_COUNTS_H
#include "app/systems.h"

enum { SYSTEM_COUNT_MOST = 1000 };
struct system_count {
  int64_t open, over; /* open: of a record whose states end it; else all of them */
  bool ends;
};
MUST_CHECK bool systems_count(struct system_run *x, const struct flow_record *r, struct system_count *out,
                              struct err *e);
struct system_due { /* a clock that runs */
  const struct flow_record *record;
  struct str id, clock; /* clock: what people call it */
  int64_t due_us;
};
typedef VEC(struct system_due) system_dues;
/* Those due before a moment, at most `most` of this record, added to io by the moment; io keeps at most `most`. */
MUST_CHECK bool systems_due(struct system_run *x, const struct flow_record *r, int64_t before_us, size_t most,
                            system_dues *io, struct err *e);
#endif
