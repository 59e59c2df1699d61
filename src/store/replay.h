/* A database brought forward by the journal of another one: from a backup to any event after it.
 * See docs/decisions/0008-restore-to-a-point.md. */
#ifndef STORE_REPLAY_H
#define STORE_REPLAY_H
#include "base/err.h"

struct store;
struct replayed {
  int64_t rows, acts; /* of the journal that were run */
  int64_t seq;        /* the event that `to` ends at */
  int64_t erased;     /* erasing statements from behind that point */
};
/* Runs on the database at `to`, which nobody has open, what the journal that `from` (a reader) holds behind it, up to and
 * with the act that wrote event until_seq (INT64_MAX: all). Where a row is of a newer schema `to` is brought forward first.
 * Then runs every erasing statement that came later, brings it forward to this program's schema and makes the search index
 * again.
 *
 * ERR_CONFLICT when that cannot be done, with the reason: `to` is beyond the event already; rows are missing; they follow
 * another history; they are of a schema that this program does not have, or hold a statement that this program does not have; one is damaged; the
 * journal ends before the event. `to` is of no use then. */
MUST_CHECK bool store_replay(struct store *from, struct str to, int64_t until_seq, struct replayed *out, struct err *e);
/* The last event before the first one that was known after at_us. */
MUST_CHECK bool store_seq_at(struct store *session, struct arena *mem, int64_t at_us, int64_t *out_seq, struct err *e);

/* For backups: the number of the last row of a journal, and an end for those that a backup holds. */
MUST_CHECK bool store_journal_last(struct store *session, struct arena *mem, int64_t *out_n, struct err *e);
MUST_CHECK bool store_journal_trim(struct store *st, int64_t n, struct err *e);

/* For the doctor: what the journal holds, and the first thing that is wrong with it. */
struct journal_state {
  int64_t rows, bytes, since_us; /* since_us: of the oldest row; 0 = none */
  int64_t from_seq;              /* a backup that ends at this event or later can be brought forward */
  const char *wrong;             /* "behind" "missing" "damaged"; NULL = nothing */
  int64_t wrong_at;              /* number of the row, or the event that it does not know */
};
MUST_CHECK bool store_journal_check(struct store *session, struct journal_state *out, struct err *e);
#endif
