/* Statements that are put together while the program runs: conditions of scope over declared tables. This module is the
 * only way to run such a text. What it lets through is words of the program, checked names and places of values; a value
 * never becomes text: a statement that holds a quote, a semicolon, a comment or a byte that is not printable is refused
 * (ERR_BUG) before any engine sees it, and so is one that does not read.
 *
 * The text depends on the shape of what is asked, not on values, so that the engine keeps it prepared. */
#ifndef STORE_COMPOSE_H
#define STORE_COMPOSE_H
#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"

struct store;
struct store_stmt;
enum { COMPOSE_TEXT_MAX = 256 << 10, COMPOSE_BINDS_MAX = 320, COMPOSE_NAME_MAX = 63 };
struct compose_bind {
  bool is_int;
  struct str s; /* borrowed */
  int64_t n;
};
struct compose {
  struct arena *mem;
  struct buf text; /* compose_prepare takes it; compose_drop when that is never reached */
  VEC(struct compose_bind) binds;
  bool broken; /* a name that is none, or too many values */
};
#define COMPOSE(arena) ((struct compose){.mem = (arena), .text = BUF_MAX(COMPOSE_TEXT_MAX)})
void compose_drop(struct compose *c);
#define AUTO_COMPOSE __attribute__((cleanup(compose_drop))) struct compose

bool compose_is_name(struct str s); /* a-z, 0-9 and _, beginning with a letter, at most 63 bytes */
/* Words of SQL, literal in the program. */
void compose_z(struct compose *c, const char *sql);
/* An identifier, quoted. */
void compose_name(struct compose *c, struct str name);
/* The place of a value, $n; the same place again with compose_place. */
int compose_str(struct compose *c, struct str value);
int compose_int(struct compose *c, int64_t value);
void compose_place(struct compose *c, int place);
/* A bound on rows, as digits in the text: a planner that is told how few rows are wanted plans for few. */
void compose_bound(struct compose *c, int most);
/* A condition made elsewhere: each @ in it is the place of the next value. */
void compose_condition(struct compose *c, struct str sql, const struct str *values, size_t count);
/* The other way about: what was put together, of texts alone, as a condition for a statement made elsewhere. Both in mem. */
struct str compose_as_condition(struct compose *c, struct str **out_values, size_t *out_count);

/* The statement, prepared and bound; its values must outlive store_reset. NULL and *e set when it is refused. */
struct store_stmt *compose_prepare(struct compose *c, struct store *session, int columns, struct err *e);
#endif
