/* Papers: a template of declare/paper.h filled with a record, in the look of text/office.h. Pure: what is printed is frozen, numbered and
 * kept by whoever asks.
 *
 * Values are written as a Chinese office writes them: 2026年3月2日, 1,234.50元, 10个工作日, 是, 2025—2026学年第二学期; several
 * with 、 between them; what is missing as —. */
#ifndef ENGINE_FLOW_PAPER_H
#define ENGINE_FLOW_PAPER_H
#include "declare/eval.h"
#include "declare/paper.h"
#include "text/office.h"

/* What a declaration cannot say. */
struct paper_names {
  void *arg;
  /* What a unit, person, record or file is called, or a code of a list that comes from rules; empty: it is not known. */
  struct str (*name)(void *arg, struct arena *mem, const struct type *t, const struct value *v);
};
struct paper_job {
  const struct paper_template *template; /* read without faults */
  const struct eval_env *env;            /* self: the record */
  struct paper_names names;
  struct office_head head;
};
struct paper_said { /* a filled template: all that is needed to draw it */
  struct document document;
  struct office_head head;
  enum office_form form;
};
struct paper_made {
  struct str docx, pdf; /* live in mem */
  int pages;
  int unknown; /* over 0: some characters have no typeface here and show as boxes */
};
/* Fills the template. Refuses what the expressions refuse, and more than PAPER_TEXT_MAX bytes or PAPER_PARTS_MAX parts
 * (ERR_TOO_LARGE). */
MUST_CHECK bool paper_fill(struct arena *mem, const struct paper_job *job, struct paper_said *out, struct err *e);
/* Draws it in its form, both ways; both say the same. The same words give the same bytes where the same typefaces are. Refuses more
 * than PAPER_PAGES_MAX pages (ERR_TOO_LARGE). */
MUST_CHECK bool paper_draw(struct arena *mem, const struct paper_said *said, struct paper_made *out, struct err *e);

/* As one text of UTF-8, and back (paper_kept.c): what was filled is drawn later. Refuses more than four times PAPER_TEXT_MAX
 * (ERR_TOO_LARGE); a text that this program did not write (ERR_STORE). */
MUST_CHECK bool paper_keep(struct arena *mem, const struct paper_said *said, struct str *out, struct err *e);
MUST_CHECK bool paper_kept(struct arena *mem, struct str text, struct paper_said *out, struct err *e);

/* One value in words, never empty unless it is an empty text. */
struct str paper_show(struct arena *mem, const struct units *units, const struct paper_names *names,
                      const struct type *t, const struct value *v);
#endif
