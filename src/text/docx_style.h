/* Paragraph styles of a DOCX, as far as they change the text: outline level, numbering, tables of contents. */
#ifndef TEXT_DOCX_STYLE_H
#define TEXT_DOCX_STYLE_H
#include "base/vec.h"
#include "text/archive.h"

struct docx_style_def {
  struct str id, based_on;
  int64_t list_id;  /* -1 = not said */
  int level;        /* of the list, -1 = not said */
  int outline;      /* 1..9, 0 = body text, -1 = not said */
  bool is_contents; /* "toc 1": a line of the table of contents */
};
struct docx_styles {
  struct arena *mem;
  VEC(struct docx_style_def) all;
  struct docx_style_def *open; /* while reading */
  struct str default_id;
};
MUST_CHECK bool styles_read(struct docx_styles *s, struct archive *a, struct str part, struct err *e);
/* What a style says with all that it is based on; an unknown style says nothing. */
struct docx_style_def styles_resolve(const struct docx_styles *s, struct str id);
#endif
