/* A paper of a package as it would look: filled from the demo rows of the package alone, without a store. For analysts who write
 * templates (`gangmu system paper`), and for tests.
 *
 * The demo rows are the world: references and back sets among them hold, computed fields are computed. Units and people are their names,
 * clocks begin now, rounds were never opened. A cell that cannot be read is missing. */
#ifndef ENGINE_FLOW_PAPER_SAMPLE_H
#define ENGINE_FLOW_PAPER_SAMPLE_H
#include "declare/package.h"
#include "engine/flow/paper.h"

/* p: checked without faults. head.number, day and verify are made here when the paper has them. Refuses a paper that there is not, and
 * a record without demo rows (ERR_NOT_FOUND). */
MUST_CHECK bool paper_sample(struct arena *mem, const struct package *p, const struct world *w, struct str paper,
                             struct office_head head, int64_t now_us, struct paper_made *out, struct err *e);
#endif
