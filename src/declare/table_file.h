/* Rows of a table that stand in a file of the package: CSV by RFC 4180 with commas, the header naming the columns of the table,
 * keys first, in their order. Private to src/declare. */
#ifndef DECLARE_TABLE_FILE_H
#define DECLARE_TABLE_FILE_H
#include "declare/system.h"

/* Appends the rows to t->rows; each cell is a word with its place in the file. Faults go to f, whose file and text are set: a header
 * that is not that of the table, a row with more or fewer cells, a quote that is not closed, and more than TABLE_FILE_ROWS_MAX. */
void table_file_read(struct faults *f, struct table *t, struct str text);
/* Any such file as it stands, the header first. False: a quote is not closed, or there are too many rows; it was told. */
typedef VEC(words) sheet_lines;
bool sheet_file_read(struct faults *f, struct str text, sheet_lines *out);
enum { TABLE_FILE_ROWS_MAX = 100000 };
#endif
