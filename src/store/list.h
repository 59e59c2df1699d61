/* Lists that people filter, sort and page. A `-- list` block of src/store/sql (tools/sqlc.c) says which rows and columns
 * there are; here conditions, order and page are added. Every word of SQL comes from the block or from this module, every
 * value is bound: what a person asks for only chooses among columns, never becomes text of a statement.
 *
 * Pages are found by key, never by counting: the next one begins behind the last row's sort value and id, so that what
 * comes and goes between two pages moves nothing, and page 1000 costs what page 1 costs. Counts have a ceiling.
 *
 * What a reader may see is one condition, `scope`: the same for rows, counts and choices. */
#ifndef STORE_LIST_H
#define STORE_LIST_H
#include "base/vec.h"
#include "store/statement.h"
#include "store/store.h"

enum list_op { LIST_IS, LIST_NOT, LIST_LEAST, LIST_MOST, LIST_HAS };
struct list_filter {
  int column; /* SQL_<list>_<column> */
  enum list_op op;
  struct store_value value; /* LIST_HAS: the word as typed; found in the column's small letters */
};
/* What LIKE with the escape \ asks for when a column must hold these words: %words%, in small letters. New, in mem. */
struct str list_like(struct arena *mem, struct str word);
enum { LIST_FILTERS_MAX = 80, LIST_FEW = 1000, LIST_FEW_ALL = 10000 };
/* A statement that gives the ids of all rows of a scope, and perhaps others, of no more than LIST_FEW_ALL; sql NULL: none. */
struct list_few {
  const char *sql;
  const struct store_value *values;
  size_t count;
  bool of;      /* of rows that are equal in one column */
  size_t known; /* how many ids it gives, and one; 0: they are to be counted; LIST_MANY: not few, but not all by far */
};
enum { LIST_MANY = INT32_MAX };
/* A condition in SQL made by the program itself; each @ in it stands for the next value, @@ for the operator. */
struct list_scope {
  const char *sql;
  const struct store_value *values;
  size_t count;
  /* The part of it that asks for this column alone; alike NULL: none. Most readers see every row of most pages: then a page
   * is read without any condition, and one row of each different value is asked for. */
  int column;
  const char *alike;
  const struct store_value *alike_values;
  size_t alike_count;
  /* When the rows of the scope are few (LIST_FEW for a page, LIST_FEW_ALL for a count or choices) the list is made of them
   * instead of walking all rows in order. Put together when a list needs it, which most do not; NULL: none. */
  struct list_few (*few)(struct arena *mem, const void *few_of);
  const void *few_of; /* outlives the list */
  /* The same for what else is asked for: each gives the ids of all rows of the scope, and perhaps others. The
   * fewest are taken. */
  const struct list_few *asked;
  size_t asked_count;
  bool is_indexed; /* by (tenant, column, id), every column that is filtered by: its rows are tried too */
};
struct list_query {
  const struct store_value *fixed; /* the parameters of the block, in the order of its `-- in:` */
  struct list_scope scope;         /* sql NULL: all rows */
  struct list_filter filters[LIST_FILTERS_MAX];
  size_t filter_count;
  int sort,
      id; /* columns; id makes the order whole. Rows without a value in `sort` stand last, either way, by their id */
  bool falling, has_key, backward;
  struct store_value key, key_id; /* rows behind this one; before it when backward. key.null: it has no value */
};
struct list_row {
  struct store_value *at; /* by SQL_<list>_<column> */
  const void *more;       /* what whoever asked has read beside them; NULL here */
};
typedef VEC(struct list_row) list_rows;

/* A list over a table that a declaration made, as SELECT … FROM "table" r WHERE r.tenant = $1: its one parameter is the tenant.
 * Columns are told by their names in the table; one of them is no name: ERR_BUG. All lives in mem. */
struct list_name {
  const char *name; /* of the column in the list */
  struct str column;
  char type;
  bool nullable;
};
MUST_CHECK bool store_list_of(struct arena *mem, struct str table, const struct list_name *columns, size_t count,
                              struct store_list *out, struct err *e);

/* At most `most` rows, always in the order asked for, also when they were read backward. */
MUST_CHECK bool store_list_rows(struct store *session, struct arena *mem, const struct store_list *l,
                                const struct list_query *q, size_t most, list_rows *out, struct err *e);
/* All rows, in order, when the scope has few; *out_are false: it has not, none are read. */
MUST_CHECK bool store_list_all(struct store *session, struct arena *mem, const struct store_list *l,
                               const struct list_query *q, list_rows *out, bool *out_are, struct err *e);
/* How many rows there are, counted no further than `most`. */
MUST_CHECK bool store_list_count(struct store *session, struct arena *mem, const struct store_list *l,
                                 const struct list_query *q, int64_t most, int64_t *out, struct err *e);
/* The different values of a column, rising, without the empty one and 0; at most `most`. */
MUST_CHECK bool store_list_choices(struct store *session, struct arena *mem, const struct store_list *l,
                                   const struct list_query *q, int column, size_t most, list_rows *out, struct err *e);
#endif
