/* The closure of the tree of units as of today: table unit_path holds a row for each unit and each unit above it,
 * itself among them. Scope (`below`, `unit`) is asked of this table only (docs/decisions/0011-rights.md). Beside it
 * unit_area: where the rows of the units below one lie in larger pieces (its migration says how). */
#ifndef STORE_UNIT_PATH_H
#define STORE_UNIT_PATH_H
#include "base/err.h"

struct store;
/* Inside an act, after every change of the tree and at the change of day: brings unit_path to the tree as it is on the
 * day of `now_us`. Writes only what differs, so that one moved unit costs the rows of its subtree. Refuses a unit that
 * stands under itself and a tree deeper than UNIT_DEPTH_MAX (ERR_INVALID); nothing is changed then. */
MUST_CHECK bool unit_path_refresh(struct store *tx, struct arena *mem, int64_t now_us, struct err *e);
#endif
