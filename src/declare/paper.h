/* Templates of papers (folder papers): text, elements of a short list and holes: {expression}, {label(field)},
 * {each rows as r}…{end}, {if expression}…{end}. Read once into a tree whose expressions are typed; what it is filled with and how
 * it looks is the business of others.
 *
 * What stands where: h1 h2 h3 p ol ul dl table at the top, li in ol and ul, dt and dd in dl, caption thead tbody tr in table, tr
 * in thead and tbody, th and td in tr; text, values, br and strong in h1 h2 h3 p li dt dd caption th td. Blocks stand anywhere and
 * change nothing of this. So a filled template is always a document. */
#ifndef DECLARE_PAPER_H
#define DECLARE_PAPER_H
#include "declare/system.h"
#include "declare/type.h"

#define PAPER_ELEMENTS(X)                                                                                          \
  X(h1) X(h2) X(h3) X(p) X(br) X(strong) X(ol) X(ul) X(li) X(dl) X(dt) X(dd) X(table) X(caption) X(thead) X(tbody) \
      X(tr) X(th) X(td)
enum paper_element {
  PAPER_top, /* none: the file itself */
#define X(word) PAPER_##word,
  PAPER_ELEMENTS(X)
#undef X
      PAPER_ELEMENT_COUNT
};
enum paper_part_kind { PAPER_TEXT, PAPER_ELEMENT, PAPER_VALUE, PAPER_LABEL, PAPER_EACH, PAPER_IF };
struct paper_part {
  enum paper_part_kind kind;
  enum paper_element element;
  struct str text;         /* TEXT: as written; LABEL: what the field is called; EACH: the name of the element */
  const struct expr *tree; /* VALUE, EACH, IF */
  struct type type;        /* of the value; of one element */
  int64_t cost;
  struct paper_part *first, *last, *next; /* inside; behind */
};
struct paper_template {
  const struct paper *paper;
  const struct record *record; /* whose paper it is */
  struct paper_part top;       /* PAPER_top */
};
/* Adds faults of this file: P013 elements, T… and Y013 holes. The tree lives in f->mem, its texts are views of `text`; it may be filled
 * when no fault was told. True: none was. */
bool paper_read(struct faults *f, const struct system *s, const struct world *w, const struct paper *p, struct str file,
                struct str text, struct paper_template *out);
#endif
