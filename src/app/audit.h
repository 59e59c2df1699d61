/* What the pages of the record need beside history.h: the state of the chain, a check of all of it, the list. */
#ifndef APP_AUDIT_H
#define APP_AUDIT_H
#include "app/history.h"
#include "app/table.h"
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
/* What the address asks the record for, as a question to audit_table; after table_begin. Its JSON Lines hold salts and
 * hashes of each value. */
struct audit_ask {
  struct table_ask ask;
  struct store_value fixed[1], values[AUDIT_RECORDS + 24]; /* `ask` points to these: not to be copied */
  struct table_told told[4];
  size_t value_count;
};
MUST_CHECK bool audit_ask(struct web_request *rq, struct store *session, struct audit_ask *out, struct err *e);
struct str audit_moment(struct arena *mem, int64_t at_us); /* 2026-05-20 08:30:05 */
#endif
