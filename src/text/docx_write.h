/* DOCX out: a small document model of paragraphs and tables, written as office documents are (GB/T 9704-2012: A4, margins
 * 37/35/28/26 mm, title 22 pt 方正小标宋简体, body 16 pt 仿宋_GB2312, headings 黑体 and 楷体_GB2312, page number — 1 —).
 *
 * The model borrows every text it is given and takes its own memory from the arena of docx_begin. Same calls, same
 * bytes: times in the archive are fixed. Characters that XML 1.0 cannot hold are left out; text must be valid UTF-8.
 *
 *   struct docx d = docx_begin(mem, true);
 *   docx_para(&d, DOCX_TITLE, title);
 *   docx_table_begin(&d, columns, 8);           // the header row, repeated on each page
 *   docx_row(&d, cells);                        // 8 texts; '\n' in a cell begins a new paragraph
 *   docx_table_end(&d);
 *   TRY(docx_finish(&d, &bytes, e));            // bytes live in mem */
#ifndef TEXT_DOCX_WRITE_H
#define TEXT_DOCX_WRITE_H
#include "base/buf.h"
#include "base/err.h"

enum docx_style { DOCX_TITLE, DOCX_HEADING1, DOCX_HEADING2, DOCX_BODY, DOCX_PLAIN /* 12 pt, no indent: notes */ };

struct docx_column {
  struct str title;
  uint32_t width_mm; /* columns are scaled together to the width of the page */
  bool centred;      /* numbers and short words */
};

struct docx {
  struct arena *mem;
  struct buf body; /* word/document.xml so far */
  bool landscape;
  uint32_t columns; /* of the open table, 0 = none */
  const struct docx_column *column;
};

struct docx docx_begin(struct arena *mem, bool landscape);
void docx_para(struct docx *d, enum docx_style style, struct str text);
/* `columns` is borrowed until docx_table_end; at least one, at most DOCX_COLUMNS_MAX. */
enum { DOCX_COLUMNS_MAX = 63 };
void docx_table_begin(struct docx *d, const struct docx_column *columns, size_t n);
void docx_row(struct docx *d, const struct str *cells); /* as many cells as the table has columns */
void docx_row_merged(struct docx *d, struct str text);  /* one cell over the whole row: a section's name */
void docx_table_end(struct docx *d);
/* Packs everything; frees the working buffer also when it fails. Refuses what passes PAGE_MAX. */
MUST_CHECK bool docx_finish(struct docx *d, struct str *out_bytes, struct err *e);
/* Gives up a document that is not finished. */
void docx_drop(struct docx *d);
#define AUTO_DOCX __attribute__((cleanup(docx_drop))) struct docx
#endif
