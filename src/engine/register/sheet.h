/* Sheets of units and people: a table with a header row out of a CSV or XLSX file, and back. Pure.
 *
 * Columns are known by their header, in either language and any order; the header is the first of the upper rows that has all
 * the columns that are needed. Of an XLSX file the first visible sheet is read. A column 问题, as sheet_write gives it back, is
 * passed over, so that a corrected sheet can be sent again. Refused: no header, a column nobody knows or that stands twice, more
 * than IMPORT_ROWS_MAX rows, no row. */
#ifndef ENGINE_REGISTER_SHEET_H
#define ENGINE_REGISTER_SHEET_H
#include "base/err.h"
#include "base/vec.h"
#include "text/source.h"

enum { SHEET_COLUMNS_MAX = 24 };
struct sheet_column {
  const char *key;
  int label; /* its header: a text of the catalogue; 0: the key is the header */
  bool needed;
};
struct sheet_form {
  const char *what; /* "units" */
  int title;
  const struct sheet_column *columns;
  size_t count;
};
struct sheet_row {
  uint32_t number; /* in the file, from 1 */
  struct str cells[SHEET_COLUMNS_MAX];
};
struct sheet {
  const struct sheet_form *form;
  VEC(struct sheet_row) rows;
};
MUST_CHECK bool sheet_read(struct arena *mem, const struct sheet_form *form, const struct source *source,
                           struct sheet *out, struct err *e);
struct str sheet_cell(const struct sheet *s, const struct sheet_row *row,
                      const char *key); /* empty when there is none */
void sheet_set(const struct sheet *s, struct sheet_row *row, const char *key, struct str value);

enum sheet_format { SHEET_CSV, SHEET_XLSX };
/* problems: one text a row for a last column, or NULL. The bytes live in mem. */
MUST_CHECK bool sheet_write(struct arena *mem, const struct sheet *s, const struct str *problems, enum lang lang,
                            enum sheet_format format, struct str *out, struct err *e);
#endif
