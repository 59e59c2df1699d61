/* What the pages of the record need beside history.h: the state of the chain, a check of all of it, files. */
#ifndef APP_AUDIT_H
#define APP_AUDIT_H
#include "app/history.h"
#include "store/anchor.h"
#include "store/event.h"

struct audit_state {
  int64_t events;
  struct str head; /* hash of the last, hex */
  bool has_anchor;
  struct anchor anchor;                 /* the last */
  int64_t checked_us, checked_findings; /* the last check of the whole chain; 0 = never */
};
MUST_CHECK bool audit_read_state(struct store *session, struct arena *mem, struct audit_state *out, struct err *e);
/* Reads the whole chain and appends an event that says what was found. */
MUST_CHECK bool audit_verify(struct store *store, struct arena *mem, struct str actor, int64_t now_us,
                             struct event_proof *out, struct err *e);
/* What is found, all pages of it, with the proof: as "xlsx", "csv" or "jsonl" (with salts and hashes of each value). At most
 * AUDIT_EXPORT_MAX events: ERR_TOO_LARGE. */
MUST_CHECK bool audit_export(struct store *session, struct web_request *rq, struct web_response *rs,
                             const struct history_query *q, struct str as, struct err *e);
struct str audit_moment(struct arena *mem, int64_t at_us); /* 2026-05-20 08:30:05 */
#endif
