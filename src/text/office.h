/* Documents in the look of an office. office_compose puts a document into one of the forms: pieces with their style, on a page of a
 * certain size; the two writers draw these, so that DOCX and PDF say the same.
 *
 *   gbt9704      GB/T 9704-2012: A4, margins 37/35/28/26 mm, 22 lines of 28 characters, the name of the authority in red 35 mm below
 *                the upper margin, number, red line, title 2号 小标宋, body 3号 仿宋, signature and day on the right, imprint (版记) at
 *                the foot of the last page, page numbers outside
 *   certificate  A4 across, in a double frame
 *   list         A4 across, for wide tables
 *   plain        forms and sheets: entries are a table
 *
 * All lengths are in twentieths of a point (1 mm = 56.7), sizes of type in half points. Same input, same bytes, as long as the same typefaces are
 * installed: there is no time of making but the day of the document. */
#ifndef TEXT_OFFICE_H
#define TEXT_OFFICE_H
#include "base/date.h"
#include "base/err.h"
#include "text/document.h"

enum office_form { OFFICE_PLAIN, OFFICE_GBT9704, OFFICE_CERTIFICATE, OFFICE_LIST };
struct office_head {    /* what a document has besides its text; empty = it has none */
  struct str authority; /* who issues it, as it signs */
  struct str number;
  struct date day;      /* of the document */
  struct str copies;    /* 抄送 */
  struct str printer;   /* who prints it: the left of the imprint; empty = no imprint */
  struct str verify;    /* the number under which it can be verified */
  struct str verify_at; /* and where */
};

/* ---- composed ---- */

enum office_style {
  STYLE_AUTHORITY,
  STYLE_NUMBER,
  STYLE_TITLE,
  STYLE_ADDRESSEE,
  STYLE_BODY,
  STYLE_SECTION,
  STYLE_POINT,
  STYLE_CAPTION,
  STYLE_CELL,
  STYLE_CELL_HEAD,
  STYLE_SIGNER,
  STYLE_IMPRINT,
  STYLE_NOTE,
  STYLE_COUNT
};
enum office_face { FACE_TITLE, FACE_FANGSONG, FACE_HEI, FACE_KAI, FACE_SONG, FACE_COUNT };
enum office_align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT, ALIGN_BOTH };
struct office_look {
  enum office_face face;
  int size;  /* half points */
  int pitch; /* from line to line */
  enum office_align align;
  int indent;  /* of the first line, characters */
  int squeeze; /* that much nearer together than they are wide: 28 characters of 3号 in 156 mm */
  bool red;
};
enum { OFFICE_COLUMNS_MAX = 30, OFFICE_CELL_SIDE = 108 /* left and right of the text of a cell */ };
struct office_table {
  const struct doc_row *rows;
  size_t row_count, columns;
  int width[OFFICE_COLUMNS_MAX]; /* together the width of the text */
  bool centred[OFFICE_COLUMNS_MAX];
  bool lined;  /* has lines around its cells */
  int padding; /* above and below the text of a cell */
};
enum office_piece_kind { PIECE_TEXT, PIECE_TABLE, PIECE_SPACE, PIECE_RULE /* red, over the whole width */ };
struct office_piece {
  enum office_piece_kind kind;
  enum office_style style;
  doc_runs runs;
  struct str aside; /* IMPRINT: at the right end of the line */
  int left, right;  /* TEXT: indents of all lines */
  int size;         /* TEXT: another size of type than the style's; 0 = its own */
  int height;       /* SPACE */
  bool keeps;       /* stays on one page with the next piece */
  const struct office_table *table;
};
enum office_folio { FOLIO_NONE, FOLIO_CENTRE, FOLIO_OUTSIDE }; /* page numbers: — 1 — */
typedef VEC(struct office_piece) office_pieces;
struct office_sheet {
  struct str title; /* of the file */
  struct date day;
  const struct office_look *looks; /* STYLE_COUNT */
  int page_width, page_height, top, bottom, left, right;
  enum office_folio folio;
  bool framed;
  office_pieces pieces, imprint; /* imprint: at the foot of the last page */
};
/* Texts stay views of the document; everything else lives in mem. Refuses more than OFFICE_COLUMNS_MAX columns (ERR_TOO_LARGE). */
MUST_CHECK bool office_compose(struct arena *mem, const struct document *d, const struct office_head *head,
                               enum office_form form, struct office_sheet *out, struct err *e);
static inline int office_width(const struct office_sheet *s) { return s->page_width - s->left - s->right; }
/* Width of a text in halves of a character: what is not Chinese takes one. */
int office_measure(struct str s);

/* ---- written ---- */

MUST_CHECK bool office_docx(struct arena *mem, const struct office_sheet *s, struct str *out, struct err *e);
struct office_pdf {
  struct str bytes;
  int pages;
  int unknown; /* characters that no installed typeface has */
};
/* Refuses more than PAPER_PAGES_MAX pages (ERR_TOO_LARGE). */
MUST_CHECK bool office_pdf(struct arena *mem, const struct office_sheet *s, struct office_pdf *out, struct err *e);
#endif
