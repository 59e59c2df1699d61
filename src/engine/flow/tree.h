/* What whoever changes the tree of units owes the figures of systems; apart from measure.h, whose names are not theirs. */
#ifndef ENGINE_FLOW_TREE_H
#define ENGINE_FLOW_TREE_H
#include "base/err.h"

struct store;
/* Inside the act that changed the tree of units: sums of units that stand elsewhere now go with them. */
MUST_CHECK bool flow_facts_tree(struct store *tx, struct arena *mem, struct err *e);
#endif
