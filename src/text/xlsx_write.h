/* XLSX out: sheets with a header row (frozen, filtered, repeated in print, A4 landscape), on libxlsxwriter.
 *
 * Numbers are written as numbers, everything else as text: a text that begins with = + - @ stays a text and never
 * becomes a formula. Same calls, same bytes: the creation date is fixed. Texts are borrowed for the call only.
 *
 *   struct xlsx x;
 *   TRY(xlsx_begin(&x, mem, e));
 *   xlsx_sheet(&x, STR("任务"), title, columns, 8);
 *   xlsx_number(&x, dec_int(1)); xlsx_text(&x, s); ... xlsx_row_end(&x);
 *   TRY(xlsx_finish(&x, &bytes, e));            // bytes live in mem */
#ifndef TEXT_XLSX_WRITE_H
#define TEXT_XLSX_WRITE_H
#include "base/dec.h"
#include "base/err.h"

struct xlsx_column {
  struct str title;
  uint32_t width; /* in characters of the default font; a Han character takes two */
  bool wrap;
};

enum { XLSX_COLUMNS_MAX = 256 };
struct lxw_workbook;
struct lxw_worksheet;
struct lxw_format;
struct xlsx {
  struct arena *mem;
  struct lxw_workbook *book; /* NULL once finished or dropped */
  struct lxw_worksheet *sheet;
  struct lxw_format *head, *plain, *wrapped;
  int file; /* the memory file that libxlsxwriter writes to */
  struct lxw_format *title, *band;
  uint32_t row, col, columns, header; /* header: row of the column titles */
  uint32_t lines;                     /* that the fullest cell of the open row needs */
  uint32_t width[XLSX_COLUMNS_MAX];   /* by column of the open sheet */
  bool wrap[XLSX_COLUMNS_MAX];
  bool broken;
};

MUST_CHECK bool xlsx_begin(struct xlsx *x, struct arena *mem, struct err *e);
/* Ends the sheet before it and opens a new one. Names longer than 31 characters are cut, []:*?/\ become blanks. A title,
 * when there is one, stands in a row of its own over all columns. */
void xlsx_sheet(struct xlsx *x, struct str name, struct str title, const struct xlsx_column *columns, size_t n);
void xlsx_text(struct xlsx *x, struct str s); /* into the next cell of the row; over 32,767 characters is cut */
void xlsx_number(struct xlsx *x, struct dec d);
void xlsx_skip(struct xlsx *x);               /* leaves a cell empty */
void xlsx_row_end(struct xlsx *x);            /* the row is as high as its wrapped text needs */
void xlsx_band(struct xlsx *x, struct str s); /* a whole row for one text: a section's name */
MUST_CHECK bool xlsx_finish(struct xlsx *x, struct str *out_bytes, struct err *e);
void xlsx_drop(struct xlsx *x);
#define AUTO_XLSX __attribute__((cleanup(xlsx_drop))) struct xlsx
#endif
