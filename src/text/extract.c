/* What the readers of containers share: places, and the last checks on what was taken out. */
#include "text/extract.h"

#include "base/limits.h"
#include "base/must.h"
#include "text/worker.h"
#include "texts.h"

void extract_place(struct extract *x, struct place p) {
  if (x->text.broken) return;
  p.at.end = (uint32_t)x->text.len;
  vec_push(x->mem, &x->places) = p;
}

static bool is_blank(struct str text) {
  for (size_t i = 0; i < text.len; i++)
    if ((unsigned char)text.at[i] > ' ') return false;
  return true;
}

bool extract_run(struct extract *x, enum container container, struct str bytes, struct err *e) {
  switch (container) {
    case SOURCE_DOCX: TRY(docx_read(x, bytes, e)); break;
    case SOURCE_XLSX: TRY(xlsx_read(x, bytes, e)); break;
    case SOURCE_PDF: TRY(pdf_read(x, bytes, e)); break;
    case SOURCE_TEXT:
    case SOURCE_MARKDOWN:
    case SOURCE_HTML:
    case SOURCE_CSV: must(container >= SOURCE_DOCX); break; /* these have no container to open */
  }
  if (x->text.broken) {
    fail(e, ERR_TOO_LARGE, MSG_source_text_large, "name", x->name, "limit",
         str_fmt(x->mem, "%d MiB", PLAN_FILE_MAX >> 20));
    return err_hint(e, MSG_source_too_large_hint);
  }
  if (!is_blank(buf_view(&x->text))) return true;
  fail(e, ERR_INVALID, MSG_source_no_text, "name", x->name);
  return err_hint(e, MSG_source_no_text_hint);
}
