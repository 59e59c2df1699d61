/* What waits for somebody: records on which they are the one awaited, and rounds that ask them. Apart from systems.h, because every page
 * counts it.
 *
 * Who is awaited is read from the declaration: of the acts that lead from a state to another, those count first that lead to a state which
 * is no end, then those that lead forward in the order of the states, then those with the fewest states to be done from, then
 * the first; its `who` says whom the state waits for. Where that names holders at a unit or persons of a field, it is those and nobody wider;
 * holders of a role at large are awaited only while a clock runs, or everything that is in force would wait for its office. What the guards
 * refuse now does not wait. */
#ifndef APP_SYSTEMS_INBOX_H
#define APP_SYSTEMS_INBOX_H
#include "base/vec.h"
#include "web/web.h"

struct store;
struct inbox_row {
  struct str system, system_label, record, id, number, href, title, state, state_label;
  struct str act, act_label, act_href; /* what is awaited; of a round empty, with its label */
  struct str round;                    /* empty: an act */
  int64_t due_us;                      /* INT64_MAX: none */
  bool is_over, is_soon;               /* soon: its lamp is amber, or a day of a round's is left */
  struct str left;                     /* in words; empty = not known */
};
struct inbox {
  VEC(struct inbox_row) rows; /* by due, then by when they were made */
  bool more;                  /* there are others behind `most` */
};
enum { INBOX_ROWS = 100, INBOX_COUNTED = 50 };
/* system empty: of all. At most INBOX_ROWS. */
MUST_CHECK bool systems_inbox(struct web_request *rq, struct store *session, struct str system, struct inbox *out,
                              struct err *e);
/* How many there are, counted no further than INBOX_COUNTED; then *out_more. */
MUST_CHECK bool systems_waiting(struct web_request *rq, struct store *session, int *out, bool *out_more, struct err *e);
#endif
