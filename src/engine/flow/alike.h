/* Records that may be about the same thing (`duplicates:` of a record). */
#ifndef ENGINE_FLOW_ALIKE_H
#define ENGINE_FLOW_ALIKE_H
#include "engine/flow/flow.h"

typedef VEC(struct flow_row *) flow_alikes;
/* Those of the last hundred within the window, newest first; of a row in its table the window is counted from when it was made, so
 * what came later is there too. The row may be a draft in memory. Texts of class personal and above are not compared. Sight is not asked. */
MUST_CHECK bool flow_alike(struct flow_run *run, const struct flow_row *row, flow_alikes *out, struct err *e);
#endif
