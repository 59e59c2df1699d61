/* Templates of papers (folder papers): elements that a document may have, properly nested, and holes that mean something. */
#ifndef DECLARE_PAPER_CHECK_H
#define DECLARE_PAPER_CHECK_H
#include "declare/system.h"

/* Adds faults of this file: P013 elements, T… and Y013 holes. */
void paper_check(struct faults *f, const struct system *s, const struct world *w, const struct paper *p,
                 struct str file, struct str text);
#endif
