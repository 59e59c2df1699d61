/* Rows of a table that stand in a file of the package: CSV by RFC 4180 with commas, the header naming the columns of the table,
 * keys first, in their order. Private to src/declare. */
#ifndef DECLARE_TABLE_FILE_H
#define DECLARE_TABLE_FILE_H
#include "declare/system.h"

/* Appends the rows to t->rows; each cell is a word with its place in the file. Faults go to f, whose file and text are set: a header
 * that is not that of the table, a row with more or fewer cells, a quote that is not closed, and more than TABLE_FILE_ROWS_MAX. */
void table_file_read(struct faults *f, struct table *t, struct str text);
enum { TABLE_FILE_ROWS_MAX = 100000 };
#endif
