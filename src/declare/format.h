/* `gangmu system format`: the one layout of a declaration. Two blanks a level; keys in the order of language.c, names and
 * elements in the order they were written; what stood between brackets stays on one line of at most 240 columns; names
 * whose values are on one line stand in columns; quotes where they are needed and nowhere else; comments stay at what they speak of. What is read of it does not change. */
#ifndef DECLARE_FORMAT_H
#define DECLARE_FORMAT_H
#include "declare/faults.h"

/* False when the text is no map of the strict YAML; what is wrong with it was told then. Other faults are told as well and
 * do not hinder. *out lives in f->mem. */
MUST_CHECK bool system_format(struct faults *f, struct str file, struct str text, struct str *out);
#endif
