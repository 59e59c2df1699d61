/* The cells of a table in a file (CSV or XLSX: the first sheet), for readers that need no places. */
#ifndef TEXT_ROWS_H
#define TEXT_ROWS_H
#include "base/err.h"
#include "base/vec.h"

typedef VEC(struct str) text_cells;
typedef VEC(text_cells) text_rows;
/* Lines with something in them, cells trimmed; texts live in mem. For files of our own: in this process, not in the fenced worker. Refuses
 * what source_open refuses. */
MUST_CHECK bool text_rows_read(struct arena *mem, struct str name, struct str bytes, text_rows *out, struct err *e);
#endif
