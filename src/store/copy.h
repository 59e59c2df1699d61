/* Whole databases: what is in them, and one made equal to another, on the same engine or the other one. Backup, restore
 * and move are this copy.
 *
 * A table's digest is SM3 over its rows in the order of their keys; of each value a letter (s text, i integer, b
 * bytes, n nothing), its length as 8 bytes, and its bytes (integers as 8), so that two databases are equal when their
 * digests are, whatever engine holds them. */
#ifndef STORE_COPY_H
#define STORE_COPY_H
#include "base/err.h"

struct store;
struct table_sum {
  struct str name, digest; /* digest in hex */
  int64_t rows;
  bool equal; /* of a copy: the same on both sides */
};
struct table_sums {
  struct table_sum *at;
  size_t len, cap;
};
/* Every table as this session sees it: referenced ones before those that refer to them, else by name. */
MUST_CHECK bool store_sums(struct store *session, struct arena *mem, struct table_sums *out, struct err *e);

/* Fills `to` (opened, of the same schema, without a row: ERR_CONFLICT else) with all that a snapshot of `from` holds, in
 * one transaction, then reads `to` again and compares. Writers of `from` go on meanwhile. Answers true when it was
 * done, whatever the comparison found: look at `equal`. */
MUST_CHECK bool store_copy(struct store *from, struct store *to, struct arena *mem, struct table_sums *out,
                           struct err *e);
#endif
