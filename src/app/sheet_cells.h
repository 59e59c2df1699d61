/* A sheet with columns that are known only while the program runs, in and out: engine/register/sheet.h for those who know declarations,
 * whose places have the same name as those of files. */
#ifndef APP_SHEET_CELLS_H
#define APP_SHEET_CELLS_H
#include "base/err.h"
#include "base/vec.h"

enum { CELLS_COLUMNS_MAX = 24 };
struct cells_row {
  uint32_t number; /* in the file, from 1 */
  struct str cells[CELLS_COLUMNS_MAX];
};
struct cells_sheet {
  const char *heads[CELLS_COLUMNS_MAX];
  bool needed[CELLS_COLUMNS_MAX];
  size_t count;
  VEC(struct cells_row) rows;
};
/* A CSV or XLSX file of at most IMPORT_FILE_MAX bytes, read apart from this process; io->heads say what is looked for. Refuses what
 * sheet_read refuses, and more than `most` rows. Texts live in mem. */
MUST_CHECK bool cells_read(struct arena *mem, struct str name, struct str bytes, size_t most, struct cells_sheet *io,
                           struct err *e);
/* problems: one text a row for a last column, or NULL. */
MUST_CHECK bool cells_write(struct arena *mem, const struct cells_sheet *s, const struct str *problems, enum lang lang,
                            bool xlsx, struct str *out, struct err *e);
#endif
