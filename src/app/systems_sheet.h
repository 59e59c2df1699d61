/* Records out of a sheet, each through the same start act as by its form. The sheet is kept while it is on its way: its rows are tried a
 * portion at a time, each in a transaction that is taken back, and what is wrong is said row by row; then, when somebody says so, those that can
 * be are taken, a portion at a time, each row once whatever happens (its act has a key of its own). It may be left and gone on with for a
 * day, or be called off; what was taken stays. */
#ifndef APP_SYSTEMS_SHEET_H
#define APP_SYSTEMS_SHEET_H
#include "app/sheet_cells.h"
#include "app/systems_form.h"

struct sheet_work {
  struct web_request *rq;
  struct system_place at;
  const struct flow_field *fields[CELLS_COLUMNS_MAX]; /* as the columns */
  struct cells_sheet sheet;                           /* its columns; its rows once one is open */
  struct str id, name;                                /* empty: none is open */
  int64_t rows, tried, taken, made, bad;              /* bad: refused, in the trial or when they were to be taken */
  bool is_taking;
  struct str *problems; /* one a row; empty = none */
};
/* The columns of the act in the address. ERR_NOT_FOUND: no start act; ERR_FORBIDDEN: not theirs. */
MUST_CHECK bool sheet_begin(struct web_request *rq, struct sheet_work *w, struct err *e);
/* A new one, open from now on. Refuses what cells_read refuses; ERR_TOO_MANY: they have too many on the way; ERR_GUARD: it may hold what is
 * sealed, and there is no key. */
MUST_CHECK bool sheet_keep(struct sheet_work *w, struct str name, struct str bytes, struct err *e);
/* One of their own with this act. ERR_NOT_FOUND when it is gone. */
MUST_CHECK bool sheet_open(struct sheet_work *w, struct str id, struct err *e);
/* The next portion of what it is at: the trial, or the taking. Nothing when that is over. */
MUST_CHECK bool sheet_go(struct sheet_work *w, struct err *e);
/* From now on it is taken. ERR_GUARD while it is being tried, or when no row can be taken. */
MUST_CHECK bool sheet_take(struct sheet_work *w, struct err *e);
MUST_CHECK bool sheet_drop(struct sheet_work *w, struct err *e);
static inline bool sheet_is_tried(const struct sheet_work *w) { return w->tried == w->rows; }
static inline bool sheet_is_over(const struct sheet_work *w) { return w->is_taking && w->taken == w->rows; }
#endif
