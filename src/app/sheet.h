/* The sheet of an anchor: what is printed, signed by hand, and kept away from the computer. */
#ifndef APP_SHEET_H
#define APP_SHEET_H
#include "store/anchor.h"

/* Plain text, UTF-8. New, in mem. */
struct str sheet_text(struct arena *mem, enum lang lang, const struct anchor *a);
/* The same as an office document. The bytes live in mem. */
MUST_CHECK bool sheet_docx(struct arena *mem, enum lang lang, const struct anchor *a, struct str *out, struct err *e);
#endif
