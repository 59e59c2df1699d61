/* How the targets of two linked items moved. */
#ifndef ENGINE_PLAN_COMPARE_MOVES_H
#define ENGINE_PLAN_COMPARE_MOVES_H
#include "engine/plan/compare.h"

/* Pairs targets by what is counted and its unit, and fills row->moves. */
void compare_moves(struct arena *mem, const struct item *left, const struct item *right, struct compare_row *row);
/* Between levels: a target of the upper plan that its lower items together do not reach becomes MOVE_SHORT, with what
 * is missing as `change`; one that they reach becomes MOVE_SAME or MOVE_UP. */
void compare_cover(struct arena *mem, struct plan_comparison *c);
/* The target's value without 万 or 亿, and its unit without them; false when it has no value. */
bool target_plain(const struct target *t, struct dec *out_value, struct str *out_unit);
#endif
