/* `gangmu system draw`: states and acts of a record as a person draws them with a pencil, for a terminal. */
#ifndef DECLARE_DRAW_H
#define DECLARE_DRAW_H
#include "declare/system.h"

/* Appends. Records without states are one line. */
void system_draw(const struct system *s, const struct record *r, enum lang lang, struct buf *out);
/* The same in words: who may do it (r NULL: roles alone), and where an act leads. New, in mem. */
struct str system_draw_who(struct arena *mem, const struct system *s, const struct record *r, const words *who,
                           enum lang lang);
struct str system_draw_target(struct arena *mem, const struct record *r, const struct act *a, enum lang lang);
#endif
