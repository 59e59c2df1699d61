/* Lists of offices, split into offices.
 *
 * 、 does not always part two offices: 体育、卫生与艺术教育处 is one, 各区、市政府 stays whole, 办公室、审计室 are two. The
 * splitting asks the dictionary given by the user, the offices that stand alone elsewhere in the document, and the endings
 * of the names of offices (rules/plan). The names are borrowed from p->folded or squeezed into p->mem. */
#ifndef ENGINE_PLAN_UNITS_H
#define ENGINE_PLAN_UNITS_H
#include "engine/plan/phrase.h"

struct unit_book {
  struct plan *p;
  struct str_set given; /* the user's dictionary */
  struct str_set seen;  /* offices that stand alone in some label of the file */
  bool missed;          /* a name was asked for and not known: once more is learnt the answer may be another */
};
typedef VEC(struct span) unit_list;

struct unit_book unit_book(struct plan *p);
/* Ends like the name of an office, or is one that the book knows. A closing bracket group at the end is looked through. */
bool is_unit(struct unit_book *book, struct span at);
/* The same by the endings of one group only. */
bool has_ending(const struct plan *p, struct span at, lex_bits group);
/* The offices of a list, without 等 and 等部门 at its end. When `learn` is set, offices that are certain go into `seen`. */
void units_split(struct unit_book *book, struct span list, bool learn, unit_list *out);
/* Is this a character that parts the members of a list, outside brackets? */
bool parts_units(uint32_t c);
#endif
