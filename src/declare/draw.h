/* `gangmu system draw`: states and acts of a record as a person draws them with a pencil, for a terminal. */
#ifndef DECLARE_DRAW_H
#define DECLARE_DRAW_H
#include "declare/system.h"

/* Appends. Records without states are one line. */
void system_draw(const struct system *s, const struct record *r, enum lang lang, struct buf *out);
#endif
