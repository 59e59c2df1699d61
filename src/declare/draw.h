/* States and acts of a record as a person draws them with a pencil: read once from the declaration (system_drawn), shown as lines for a
 * terminal (`gangmu system draw`) and as boxes and arrows on the help page. */
#ifndef DECLARE_DRAW_H
#define DECLARE_DRAW_H
#include "declare/system.h"

#define DRAWN_SAME SIZE_MAX /* stays where it is */
struct drawn_case {
  struct str when; /* as it is written; empty: always */
  size_t state;    /* index, or DRAWN_SAME */
};
struct drawn_act {
  struct str label, who;
  bool is_back; /* to one of these, as whoever does it chooses */
  VEC(struct drawn_case) cases;
};
struct drawn_state {
  struct str name, label, clocks; /* clocks: that start in it, in words; empty = none */
  bool is_end;
  VEC(struct drawn_act) acts; /* that leave it */
};
typedef VEC(struct drawn_state) drawn_states;
/* The start first, then the states in the order of the declaration. Lives in mem. */
void system_drawn(struct arena *mem, const struct system *s, const struct record *r, enum lang lang, drawn_states *out);
/* Where an act leads, in words. New, in mem. */
struct str system_draw_target(struct arena *mem, const drawn_states *all, const struct drawn_act *a, enum lang lang);
/* Who may do it (r NULL: roles alone). New, in mem. */
struct str system_draw_who(struct arena *mem, const struct system *s, const struct record *r, const words *who,
                           enum lang lang);
/* Lines, appended. Records without states are one line. */
void system_draw(const struct system *s, const struct record *r, enum lang lang, struct buf *out);

/* ---- boxes and arrows (draw_plan.c) ---- */

struct drawn_shape {
  enum { DRAWN_START, DRAWN_BOX, DRAWN_END, DRAWN_LABEL, DRAWN_ACT, DRAWN_LINE, DRAWN_HEAD, DRAWN_DOT } kind;
  int x, y, w, h;  /* boxes; of texts the middle of the box or the beginning of the line; of dots the middle */
  struct str text; /* label; of lines and heads an SVG path */
};
struct drawn_plan {
  int width, height;
  VEC(struct drawn_shape) shapes;
};
/* The states one under another, what leaves each beside it, and one lane for every state that something leads to: lines meet only where
 * a dot says so. Lives in mem. */
void system_draw_plan(struct arena *mem, const drawn_states *all, struct drawn_plan *out);
/* Width of a text in a terminal: two for a Chinese character. */
int system_draw_cells(struct str s);
#endif
