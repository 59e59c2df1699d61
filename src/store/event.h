/* The record of what was done: one chain of events for each tenant, each bound by SM3 to the one before, so that an
 * altered, missing or reordered event shows. Rows are only added.
 *
 *   field_hash   = SM3(salt ‖ field ‖ 0x1F ‖ value), salt of 16 random bytes kept beside the value
 *   payload_hash = SM3 of the lines `field TAB hex LF`, sorted by bytes
 *   hash         = SM3(prev LF tenant LF seq LF at_µs LF valid LF actor LF record LF id LF act LF from LF to LF payload LF)
 *
 * A value can be deleted with its salt; its hash stays and the chain still verifies. */
#ifndef STORE_EVENT_H
#define STORE_EVENT_H
#include "base/err.h"

struct store;
struct event_field {
  struct str name, value; /* a name at most once in an event */
};
enum { EVENT_FIELDS_MAX = 64 };
struct event {
  int64_t at_us;                               /* when it was known */
  struct str valid;                            /* when it is true: a day, ISO; empty = the same */
  struct str actor, record, id, act, from, to; /* no line ends in them */
  struct event_field fields[EVENT_FIELDS_MAX];
  size_t count;
};
void event_add(struct event *ev, struct str name, struct str value); /* leaves out what is empty */

/* Inside an act. It holds the chain's row until the commit; ERR_BUSY when another was faster: the act runs again. */
MUST_CHECK bool event_append(struct store *session, struct arena *mem, const struct event *ev, int64_t *out_seq,
                             struct err *e);

struct event_proof {
  int64_t events;   /* that were checked */
  int64_t broken;   /* seq of the first that does not hold; 0 = all hold */
  const char *what; /* "missing" "prev" "hash" "payload" "value" "stray" "head" */
  struct str head;  /* hash of the last, hex */
  int64_t last_us;  /* when the last was known */
};
/* Reads the whole chain. Answers true when it could be read, whatever the finding. */
MUST_CHECK bool event_verify(struct store *session, struct arena *mem, struct event_proof *out, struct err *e);
#endif
