/* Tables that a declaration makes while the program runs: one step of DDL at a time, in the act that takes the declaration
 * into force. Every step is noted in table `declared_step` and in the journal: a copy, a move and a restore make the tables
 * by running the steps again, in their order. See docs/decisions/0013-declared-tables.md.
 *
 * What a step may be, in the words of migrations, every name quoted and of compose_is_name:
 *
 *   CREATE TABLE "t" ("tenant" TEXT NOT NULL, "c" TEXT|INTEGER|BLOB [NOT NULL], …, PRIMARY KEY ("tenant", "c", …)) STRICT
 *   CREATE [UNIQUE] INDEX "i" ON "t" ("tenant", "c" [DESC], …)
 *   ALTER TABLE "t" ADD COLUMN "c" TEXT|INTEGER|BLOB
 *   ALTER TABLE "t" RENAME COLUMN "c" TO "d"
 *   DROP INDEX "i"
 *
 * The tenant is the first column of every table, key and index. A column that is added may be absent; there are no default
 * values and no foreign keys: who writes the rows sees to both. */
#ifndef STORE_DECLARED_H
#define STORE_DECLARED_H
#include "base/err.h"

struct store;

enum declared_kind { DECLARED_TABLE, DECLARED_INDEX, DECLARED_ADD, DECLARED_RENAME, DECLARED_DROP };
struct declared_step { /* as read; the strings are parts of its text */
  enum declared_kind kind;
  struct str made;       /* the table or index that comes to be or goes; empty for a column */
  struct str table;      /* that it is about; empty for DECLARED_DROP */
  struct str column, to; /* of DECLARED_ADD and DECLARED_RENAME */
};
/* False when it is none of these. */
bool declared_read(struct str sql, struct declared_step *out);

/* Runs a step inside an act, on either engine in the act's transaction: what fails later takes it back. Refuses what is no
 * such step, a name that the program or its engines keep for themselves, and a step on a table or index that was not
 * declared (ERR_BUG: a declaration was checked before); ERR_STORE when the database does not hold with it (the table is
 * there already, the column is none), ERR_DUPLICATE when rows are in the way of a unique index.
 *
 * On PostgreSQL a step on a table waits for the readers that have looked at it, ten seconds and then ERR_BUSY: whoever asks
 * for it holds no reader open. */
MUST_CHECK bool store_declare(struct store *session, struct arena *mem, struct str sql, struct err *e);
#endif
