/* What a transaction wrote, noted while it runs and kept in its own row of table `journal`. Private to src/store.
 *
 * The bytes of a row: for each act its statements, each as S, the hash of its text (8 bytes), the rows it changed (8) and
 * its arguments (n | i and 8 bytes | s or b, 4 bytes of length, and the bytes), then A. Numbers are big-endian. A text that
 * was put together at run time stands before its first S in the act: T, 1 when it erases else 0, the types of its arguments
 * and the text, each with 4 bytes of length. A step of declared tables is D, 4 bytes of length and its text.
 *
 * The texts stand in a setting of their own for each program that wrote here, `journal.texts.` and a digest of it, so that a
 * later one can run what it does not have itself: lines, each `1` when it erases else `0`, a tab, the types of
 * its arguments, a tab, the text. */
#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H
#include "base/buf.h"
#include "store/driver.h"

struct journal_notes {
  struct buf bytes;
  bool on;       /* acts are noted */
  bool erases;   /* or declares: something that a restore to an earlier point must know of, too */
  int64_t moves; /* of the chain: an event each */
  int64_t act;   /* number of the one that runs */
};
struct journal_mark { /* where an act began */
  size_t bytes;
  int64_t moves;
};
enum { JOURNAL_SINCE = 9 }; /* the schema that brought it; its tables have not changed since */
enum { JOURNAL_GROUP_MAX = 32 << 20, JOURNAL_NOTES_MAX = 512 << 20 }; /* a group takes no more acts; ceiling of all */

void journal_begin(struct journal_notes *j);
void journal_note(struct journal_notes *j, struct store_stmt *ran, int64_t changed);
void journal_note_step(struct journal_notes *j, struct str sql);
struct journal_mark journal_begin_act(struct journal_notes *j);
/* The end of an act: kept, or taken out again. */
void journal_end_act(struct journal_notes *j, struct journal_mark mark, bool keep);
/* At the opening: a database without a journal gets one that begins now, and the texts of this program when they are new. */
MUST_CHECK bool journal_open(struct store *st, struct err *e);
/* Before the commit, in the transaction: the notes become a row. ERR_BUSY when another process was faster. When the chain
 * has more events than the journal knows of, the row says that it follows something unknown. */
MUST_CHECK bool journal_write(struct store *tx, const struct journal_notes *j, struct err *e);
/* What a row of a schema says of its acts, so that damage is noticed: SHA-256, before schema 12 SM3. It proves nothing, as
 * the chain of events does: whoever can change a row can change this, too. New. */
struct str journal_digest(struct arena *mem, int64_t schema, struct str acts);
/* The number of a statement's text in the journal. */
uint64_t journal_hash(const struct store_sql *sql);
/* The statements in such a setting, added to `out`; the next one's sql is STORE_COMPOSED. ERR_CONFLICT when it is damaged. */
struct journal_text {
  uint64_t hash;
  struct store_sql sql;
};
struct journal_texts {
  struct journal_text *at;
  size_t len, cap;
};
MUST_CHECK bool journal_read_texts(struct arena *mem, struct str value, struct journal_texts *out, struct err *e);
/* One of them, and of those that stand in a row; its texts in mem. */
struct store_sql journal_composed(struct arena *mem, struct str types, struct str text, bool erases);
bool journal_moves_chain(const struct store_sql *sql);

/* Rows that a backup holds, or that are too many, go. */
MUST_CHECK bool journal_trim(struct store *tx, int64_t n, struct err *e);
#endif
