/* Responsibility labels, read into lists of offices with their roles. */
#ifndef ENGINE_PLAN_LABELS_H
#define ENGINE_PLAN_LABELS_H
#include "engine/plan/units.h"

/* How a list of offices is called. ANY (责任单位, 负责) leads when nothing else does, and helps otherwise. */
enum label_role { LABEL_NONE, LABEL_LEAD, LABEL_ASSIST, LABEL_GUIDE, LABEL_ANY, LABEL_SKIP };
struct label_list {
  struct span at;
  enum label_role role;
};
typedef VEC(struct label_list) label_lists;

/* Reads a label with or without its brackets; `role` is that of the table column it stands in, or LABEL_NONE. Sets
 * *io_first when the label states that the first office of a list leads. */
void label_read(struct unit_book *book, struct span label, enum label_role role, label_lists *out, bool *io_first);
/* True when the sentence states that rule. */
bool states_first_leads(const struct plan *p, struct span sentence);
#endif
