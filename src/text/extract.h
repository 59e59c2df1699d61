/* The readers behind source_open, one per container. Private to this folder. */
#ifndef TEXT_EXTRACT_H
#define TEXT_EXTRACT_H
#include "base/buf.h"
#include "text/source.h"

typedef VEC(struct place) place_list;

/* Text that is being taken out of a container: bytes and their places. Fails stickily like buf. */
struct extract {
  struct arena *mem;
  struct str name; /* of the file, for refusals */
  struct buf text; /* ceiling PLAN_FILE_MAX */
  place_list places;
};

/* Markup over text: a layer and the places it knows. Total: any text gives a layer. */
bool html_read(struct arena *mem, struct str text, struct layer *l, place_list *places);
bool csv_read(struct arena *mem, struct str text, struct layer *l, place_list *places);
bool markdown_read(struct arena *mem, struct str text, struct layer *l, place_list *places);
/* The charset a page states in its first kilobyte, or empty. */
struct str html_charset(struct str bytes);

/* Binary containers: text and places. Refuse with messages of their own. */
MUST_CHECK bool docx_read(struct extract *x, struct str bytes, struct err *e);
MUST_CHECK bool xlsx_read(struct extract *x, struct str bytes, struct err *e);
MUST_CHECK bool pdf_read(struct extract *x, struct str bytes, struct err *e);
/* The part of pdf_read behind pdftotext: lines laid out on pages become paragraphs. */
MUST_CHECK bool pdf_join(struct extract *x, struct str laid_out, struct err *e);

void extract_place(struct extract *x, struct place p); /* at.end is set to the end of the text so far */
#endif
