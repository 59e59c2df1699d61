/* A file as text: container and encoding opened, places kept.
 *
 * `text` is valid UTF-8 with '\n' between paragraphs; a table row is one line whose cells are parted by '\t',
 * paragraphs inside a cell by U+000B. For txt, md, html and csv the source is the file itself and `layers` lead
 * from its bytes to `text`; for docx, xlsx and pdf the extracted text is the source (no layers), and `places` say
 * which part, paragraph, cell, sheet, page or line a stretch of it came from. */
#ifndef TEXT_SOURCE_H
#define TEXT_SOURCE_H
#include "text/layer.h"

enum container { SOURCE_TEXT, SOURCE_MARKDOWN, SOURCE_HTML, SOURCE_CSV, SOURCE_DOCX, SOURCE_XLSX, SOURCE_PDF };

struct place {
  struct span at;              /* in source.text */
  uint16_t part;               /* docx: 0 body, 1.. headers, footers, notes; xlsx: sheet from 1; pdf: page from 1 */
  uint32_t para;               /* docx: paragraph from 1; pdf: line on the page from 1 */
  uint16_t table, row, cell;   /* from 1; 0 = not in a table. xlsx: row and cell are the sheet's row and column */
  uint16_t row_span, col_span; /* rows and columns that a merged cell covers; 0 = 1. The covered cells are empty */
  struct str name;             /* xlsx: sheet name */
  uint8_t heading;             /* docx outline level 1..9, html h1..h6; 0 = body text */
};

enum { SOURCE_LAYERS = 3 };
struct source {
  struct str name; /* file name as given, for messages */
  enum container container;
  const char *encoding; /* "UTF-8", "GB18030", "UTF-16LE", "BIG5"; of the file or NULL for binary containers */
  struct str file;      /* the file's bytes */
  struct str text;
  struct layer layers[SOURCE_LAYERS]; /* file -> ... -> text */
  int layer_count;
  VEC(struct place) places; /* sorted; empty for txt, md, html, csv except where a heading or cell is known */
};

/* Opens bytes as text. Type by content first, then by the extension of `name`. Refuses with a message of its own:
 * empty, binary of no known kind, encrypted or scanned PDF, password-protected or broken DOCX/XLSX, .doc/.wps/.xls,
 * too large, unpacks to too much. Containers that need parsing of untrusted XML/PDF run in the fenced worker when
 * `fenced` is set (the server and the cli do), else in this process (tests, fuzzers). */
MUST_CHECK bool source_open(struct arena *mem, struct str name, struct str bytes, bool fenced, struct source *out,
                            struct err *e);
/* Span in the source (bytes of the file, or of the extracted text for docx, xlsx, pdf) of a span of `text`. */
struct span source_span(const struct source *s, struct span text);
const struct place *source_place(const struct source *s, uint32_t text_at); /* or NULL */
const char *container_word(enum container c);                               /* "docx" */
#endif
