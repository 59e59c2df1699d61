/* What comes by itself: levels of clocks, pauses that are used up, parties of rounds that kept silent. Whoever calls decides when; how often and from how many servers
 * does not matter, each is done once. */
#ifndef ENGINE_FLOW_JOBS_H
#define ENGINE_FLOW_JOBS_H
#include "engine/flow/flow.h"

/* How the program begins a run of its own work, in this session and arena, at this moment; the run lives in the arena. */
struct flow_starter {
  void *arg;
  struct flow_run *(*begin)(void *arg, struct store *session, struct arena *mem, int64_t now_us);
};
struct flow_jobs {
  int done, failed; /* levels: seen to (also those whose condition did not hold); refused, to be tried again */
  bool is_more;     /* the ceiling of one turn was reached: call again */
  int64_t next_us;  /* when something is due next; INT64_MAX = nothing is known. Acts may bring something sooner */
};
/* Whoever is told something by a clock is called when the office opens, unless that clock counts minutes and hours as they pass, by day and
 * by night: then at once. */
static inline int64_t flow_call_at(const struct calendar *c, struct duration limit, int64_t now_us) {
  return limit.n && duration_family(limit.unit) == DURATION_CLOCK ? 0 : calendar_open(c, now_us);
}
/* Does what is due up to a moment, in the order of the moments at which it was due, each in a transaction of its own with what
 * follows from it, as if it had been done then: dates count from that moment (never before the record's last change); the event says that
 * it became known at until_us. Levels that this brings about up to that moment are done in the same turn.
 *
 * What refuses is rolled back alone, noted, told in the record's history once, and tried again after a minute, two, four … at most a
 * day, as long as its clock asks for it; the silence of a party a day later. False: the store could not be had; what was done until then is done. */
MUST_CHECK bool flow_jobs_run(const struct flow *f, struct store *store, const struct flow_starter *starter,
                              int64_t until_us, struct flow_jobs *out, struct err *e);

/* Goes on with what acts left to be done for each of many (`batch: yes`), at most FLOW_JOBS_TURN_MAX elements; adds to what io counts.
 * batch_store.c */
MUST_CHECK bool flow_batches_run(const struct flow *f, struct store *store, const struct flow_starter *starter,
                                 int64_t now_us, struct flow_jobs *io, struct err *e);

/* Once a day: measures whose condition speaks of today are asked anew (facts_day_store.c). Done again it does nothing. */
MUST_CHECK bool flow_facts_day(const struct flow *f, struct store *store, const struct flow_starter *starter,
                               int64_t now_us, struct err *e);

/* Registers with versions: what becomes true by that day is written into their records, each in an act of its own. Once a day; again it
 * does nothing. versions_store.c */
MUST_CHECK bool flow_versions_day(const struct flow *f, struct store *store, const struct flow_starter *starter,
                                  int64_t now_us, struct err *e);

/* Retention: what packages let go by now, a portion in a transaction. Once a day. keep_store.c */
MUST_CHECK bool flow_retention_day(const struct flow *f, struct store *store, int64_t now_us, struct err *e);

struct flow_failed { /* a level that was refused */
  struct str record, id, clock, level, says;
  int64_t moment, again_us, tries;
};
typedef VEC(struct flow_failed) flow_failures;
/* Those to be tried next, at most so many. */
MUST_CHECK bool flow_failed_levels(const struct flow *f, struct store *session, struct arena *mem, size_t most,
                                   flow_failures *out, struct err *e);
#endif
