/* What the generated SQL functions (gen/sql.c, made by tools/sqlc.c) ask of the store, on any engine. A statement belongs to the connection of the thread that prepared it and is used by one call at a
 * time; the store keeps it for the next call (by sql->index), so there is no finalize here.
 * Indexes of binds start at 1, of columns at 0. */
#ifndef STORE_STATEMENT_H
#define STORE_STATEMENT_H
#include "base/err.h"

struct store;
struct store_stmt;

/* index of a statement that was put together (store/list.c, store/compose.c): kept by its text, STORE_COMPOSED_KEPT of them a connection. */
enum { STORE_COMPOSED = -1000, STORE_COMPOSED_KEPT = 256 };

/* One statement, as the generator knows it. A block with `-- if` has one entry for each combination. */
struct store_sql {
  const char *name; /* "task_insert" */
  const char *text; /* with $1, $2, ... in the order of their first place: the same index on SQLite and PostgreSQL */
  int index;        /* 0 .. sql_statement_count - 1: for a cache of prepared statements; or STORE_COMPOSED */
  int binds, columns;
  const char *types; /* of the binds, a letter each: s text, i integer, b blob */
  bool writes;       /* INSERT, UPDATE, DELETE */
  bool erases;       /* for good, by a retention rule */
};
/* All of them, for the test that prepares each on a fresh database. */
extern const struct store_sql sql_statements[];
extern const size_t sql_statement_count;

/* A `-- list` block: its columns as expressions, and what stands behind them (FROM ... WHERE ...). See store/list.h. */
struct store_column {
  const char *name, *sql;
  char type; /* s i b */
  bool nullable;
};
struct store_list {
  const char *name, *from, *types; /* types: of the parameters in `from`, $1 $2 ... */
  const struct store_column *columns;
  size_t count;
};
extern const struct store_list *const sql_lists[]; /* ended by NULL */

struct store_int { /* an integer that may be absent */
  bool has;
  int64_t n;
};

struct store_value { /* type of the column: 'i' is n, all others (s text, b blob) are s */
  char type;
  bool null;
  struct str s;
  int64_t n;
};
static inline struct store_value store_text(struct str s) { return (struct store_value){.type = 's', .s = s}; }
static inline struct store_value store_number(int64_t n) { return (struct store_value){.type = 'i', .n = n}; }
static inline struct store_value store_blob(struct str s) { return (struct store_value){.type = 'b', .s = s}; }
static inline struct store_value store_none(char type) { return (struct store_value){.type = type, .null = true}; }

/* NULL and *e set when it cannot be prepared, or when it writes outside store_write. */
struct store_stmt *store_prepare(struct store *st, const struct store_sql *sql, struct err *e);
void store_bind_str(struct store_stmt *s, int index, struct str value); /* text; borrowed until store_reset */
void store_bind_int(struct store_stmt *s, int index, int64_t value);
void store_bind_blob(struct store_stmt *s, int index, struct str value); /* borrowed until store_reset */
void store_bind_null(struct store_stmt *s, int index);
/* *out_row: a row stands ready; false at the end. */
MUST_CHECK bool store_step(struct store_stmt *s, bool *out_row, struct err *e);
bool store_column_null(struct store_stmt *s, int column);
struct str store_column_str(struct store_stmt *s, int column, struct arena *mem); /* a copy in mem */
int64_t store_column_int(struct store_stmt *s, int column);
struct str store_column_blob(struct store_stmt *s, int column, struct arena *mem);
int64_t store_changed(struct store_stmt *s); /* rows that the last INSERT, UPDATE or DELETE touched */
/* Ends the run of a statement, on every path; accepts NULL. */
void store_reset(struct store_stmt *s);
#endif
