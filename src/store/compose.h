/* Statements that are put together while the program runs: conditions of scope, and what the runtime of declarations reads
 * and writes in declared tables (declared.h). This module is the only way to run such a text. What it lets through is words
 * of the program, checked names and places of values; a value never becomes text: a statement that holds a quote, a
 * semicolon, a comment or a byte that is not printable is refused (ERR_BUG) before any engine sees it, and so is one that
 * does neither read nor write, a reading one that holds a word of writing, and one that changes or deletes rows of more than
 * one tenant.
 *
 * The text depends on the shape of what is asked, not on values, so that the engine keeps it prepared. */
#ifndef STORE_COMPOSE_H
#define STORE_COMPOSE_H
#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"
#include "store/statement.h"

enum { COMPOSE_TEXT_MAX = 256 << 10, COMPOSE_BINDS_MAX = 320, COMPOSE_NAME_MAX = 63 };
struct compose {
  struct arena *mem;
  struct buf text;               /* compose_prepare takes it; compose_drop when that is never reached */
  VEC(struct store_value) binds; /* their bytes are borrowed */
  bool broken;                   /* a name that is none, or too many values */
};
#define COMPOSE(arena) ((struct compose){.mem = (arena), .text = BUF_MAX(COMPOSE_TEXT_MAX)})
void compose_drop(struct compose *c);
#define AUTO_COMPOSE __attribute__((cleanup(compose_drop))) struct compose

bool compose_is_name(struct str s); /* a-z, 0-9 and _, beginning with a letter, at most 63 bytes */
/* Words of SQL, literal in the program. */
void compose_z(struct compose *c, const char *sql);
/* An identifier, quoted. */
void compose_name(struct compose *c, struct str name);
/* The place of a value, $n; the same place again with compose_place. Its type is the column's, also of one that is not
 * there: an engine is told the types before it is told the values. */
int compose_value(struct compose *c, struct store_value value);
int compose_str(struct compose *c, struct str value);
int compose_int(struct compose *c, int64_t value);
int compose_blob(struct compose *c, struct str value);
int compose_null(struct compose *c, char type);
void compose_place(struct compose *c, int place);
/* A bound on rows, as digits in the text: a planner that is told how few rows are wanted plans for few. */
void compose_bound(struct compose *c, int most);
/* A condition made elsewhere: each @ in it is the place of the next value. */
void compose_condition(struct compose *c, struct str sql, const struct str *values, size_t count);
/* The other way about: what was put together, of texts alone, as a condition for a statement made elsewhere. Both in mem. */
struct str compose_as_condition(struct compose *c, struct str **out_values, size_t *out_count);
/* The same with values of every type, for a list (store/list.h). */
struct str compose_as_scope(struct compose *c, struct store_value **out_values, size_t *out_count);

/* SELECT or WITH: prepared and bound; its values must outlive store_reset. NULL and *e set when it is refused. */
struct store_stmt *compose_prepare(struct compose *c, struct store *session, int columns, struct err *e);

/* INSERT INTO "t" …, UPDATE "t" SET … WHERE "tenant" = $n [AND …], DELETE FROM "t" WHERE "tenant" = $n [AND …]; no OR outside
 * of brackets. Inside an act alone; kept in the journal. *out_changed (may be NULL): the rows it touched. ERR_DUPLICATE when
 * a key is there already. */
MUST_CHECK bool compose_run(struct compose *c, struct store *session, int64_t *out_changed, struct err *e);
/* The same for what goes for good, by a retention rule or on a person's wish: a restore to an earlier point does it again. */
MUST_CHECK bool compose_run_erasing(struct compose *c, struct store *session, int64_t *out_changed, struct err *e);
#endif
