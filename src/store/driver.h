/* What an engine does for the store. Private to src/store: sqlite.c and postgres.c implement it, store.c drives it,
 * migrate.c brings its schema forward.
 *
 * A connection is used by one thread at a time. Errors: ERR_BUSY says that nothing was written and the whole
 * transaction may be run again (busy file, serialization failure, connection lost before the commit was sent);
 * everything else is final for the act. After a failed statement no other may run until savepoint_undo or rollback:
 * store.c sees to that, so that acts behave the same on every engine. */
#ifndef STORE_DRIVER_H
#define STORE_DRIVER_H
#include "base/buf.h"
#include "base/must.h"
#include "base/vec.h"
#include "store/statement.h"
#include "store/store.h"

struct driver;
struct connection { /* first member of each engine's own */
  const struct driver *driver;
  struct arena mem; /* dies with the connection */
  bool writer;
};
struct store_stmt { /* first member of each engine's own */
  struct store *on;
  const struct driver *driver;
  const struct store_sql *sql; /* of one that the journal notes, with what is bound; else NULL */
  struct copy_value *args;
  size_t args_room; /* so many are there */
  uint64_t hash;    /* of its text */
  bool moves_chain;
  int64_t told;         /* of a composed one: the act in which the journal was given its text */
  struct store_sql own; /* a composed one as it stands in its place; its texts are in `words` */
  struct buf words;
};
/* Composed statements share their places: is it this one, and now it is. */
static inline bool stmt_is(const struct store_stmt *s, const struct store_sql *sql) {
  return s->own.text && s->own.erases == sql->erases && !strcmp(s->own.text, sql->text) &&
         !strcmp(s->own.types, sql->types);
}
static inline void stmt_take(struct store_stmt *s, const struct store_sql *sql) {
  const size_t text = strlen(sql->text) + 1;
  s->words.max = SIZE_MAX;
  buf_clear(&s->words);
  buf_add(&s->words, sql->text, text);
  buf_add(&s->words, sql->types, strlen(sql->types) + 1);
  must(!s->words.broken);
  s->own = *sql;
  s->own.text = s->words.at;
  s->own.types = s->words.at + text;
  s->sql = NULL;
  s->told = 0;
}

/* What an engine needs to know to connect. */
struct place {
  struct str where; /* file or URL, as the user gave it */
  struct str label; /* the same for messages: without a password */
  bool may_create;  /* a file that is not there yet is made */
};
struct schema_state {
  bool empty, ours;
  int64_t version;
};

/* The tables that are there, for copying: names and columns as the database says. */
struct catalog_column {
  struct str name;
  char type; /* s text, i integer, b bytes; 0 another one */
};
typedef VEC(struct str) catalog_names;
struct catalog_table {
  struct str name;
  VEC(struct catalog_column) columns;
  catalog_names keys;   /* the primary key, in order */
  catalog_names refers; /* tables that its foreign keys name */
};
struct catalog {
  VEC(struct catalog_table) tables; /* by name */
};
struct copy_value {
  bool null;
  int64_t n;
  struct str bytes;
};
struct loader { /* first member of each engine's own */
  const struct driver *driver;
};

/* The engine's own statements, of its full-text index (search.c); their `index` is -1, -2, ... */
enum search_statement {
  SEARCH_ADD,    /* tenant, doc, line, grams; the last are bound when it has so many binds */
  SEARCH_REMOVE, /* the same, of the entry as it was made */
  SEARCH_CLEAR,  /* tenant */
  SEARCH_COUNT,  /* tenant -> entries */
  SEARCH_FIND,   /* tenant, question, before, most, LIKE a phrase -> doc, kind, id, unit, title, body; latest first */
  SEARCH_WITHIN, /* tenant, question, most -> how many, counted no further */
  SEARCH_STATEMENTS
};
/* Where a connection keeps a statement: the generated ones, those of the search, and places that composed ones share,
 * by their text. */
#define STATEMENT_SLOTS (sql_statement_count + SEARCH_STATEMENTS + STORE_COMPOSED_KEPT)
static inline size_t statement_slot(const struct store_sql *sql) {
  if (sql->index == STORE_COMPOSED)
    return sql_statement_count + SEARCH_STATEMENTS + str_hash(str_of(sql->text)) % STORE_COMPOSED_KEPT;
  return sql->index >= 0 ? (size_t)sql->index : sql_statement_count + (size_t)(-1 - sql->index);
}

struct driver {
  const char *name;
  int writers; /* connections that write at the same time */
  struct str (*label)(struct arena *mem, struct str where);

  /* Memory of the connection is its own; NULL and *e set when it cannot be had. */
  struct connection *(*connect)(const struct place *place, bool writer, struct err *e);
  void (*disconnect)(struct connection *c); /* accepts NULL */
  /* Once the schema is this program's: settings, and nothing but reading on a reader. */
  bool (*ready)(struct connection *c, struct err *e);

  bool (*schema_read)(struct connection *c, const struct place *place, struct schema_state *out, struct err *e);
  bool (*schema_begin)(struct connection *c, struct err *e); /* alone among all processes until schema_end */
  bool (*schema_step)(struct connection *c, struct str sql, int version, struct err *e);
  bool (*schema_end)(struct connection *c, bool keep, struct err *e);
  struct str (*schema_text)(struct arena *mem, struct str sql); /* a migration as this engine is given it */
  const char *search_schema;      /* makes the full-text index when it is not there; the last step of every migration */
  const struct store_sql *search; /* by enum search_statement */
  const char *search_ids;         /* from where the rows s of search_row are had; @: question, tenant, kind */

  bool (*begin)(struct connection *c, struct err *e);
  bool (*commit)(struct connection *c, struct err *e); /* when it fails, nothing of the transaction is left open */
  void (*rollback)(struct connection *c);              /* also when none is open */
  bool (*savepoint)(struct connection *c, struct err *e);
  bool (*savepoint_release)(struct connection *c, struct err *e);
  bool (*savepoint_undo)(struct connection *c, struct err *e); /* and releases it */
  void (*checkpoint)(struct connection *c);                    /* before closing, after an erasure; may be NULL */

  struct store_stmt *(*prepare)(struct connection *c, const struct store_sql *sql, struct err *e);
  void (*bind_str)(struct store_stmt *s, int i, struct str v);
  void (*bind_int)(struct store_stmt *s, int i, int64_t v);
  void (*bind_blob)(struct store_stmt *s, int i, struct str v);
  void (*bind_null)(struct store_stmt *s, int i);
  bool (*step)(struct store_stmt *s, bool *out_row, struct err *e);
  bool (*column_null)(struct store_stmt *s, int c);
  struct str (*column_bytes)(struct store_stmt *s, int c, struct arena *mem); /* of text and blobs */
  int64_t (*column_int)(struct store_stmt *s, int c);
  int64_t (*changed)(struct store_stmt *s);
  void (*reset)(struct store_stmt *s);
  /* A step of declared tables (declared.h), in the words of migrations, in the open transaction. */
  bool (*declare)(struct connection *c, struct str sql, struct err *e);

  /* Is the database sound, and set so that what was answered stays? Says the first problem. */
  bool (*sound)(struct connection *c, struct arena *mem, struct str *out_problem, struct err *e);

  /* Whole tables (copy.c). Rows are streamed: only step and the columns may be called between begin and end. */
  bool (*catalog)(struct connection *c, struct arena *mem, struct catalog *out, struct err *e);
  struct store_stmt *(*rows_begin)(struct connection *c, struct str sql, struct err *e);
  void (*rows_end)(struct store_stmt *rows);
  struct loader *(*load_begin)(struct connection *c, struct arena *mem, const struct catalog_table *t, struct err *e);
  bool (*load_row)(struct loader *l, const struct copy_value *row, struct err *e); /* a value for each column */
  bool (*load_end)(struct loader *l, bool keep, struct err *e);                    /* false also when not kept */
};
extern const struct driver driver_sqlite, driver_postgres;
#endif
