/* Bytes of papers. An act keeps what a paper says (flow_paper); whoever hands it out prints it first. */
#ifndef ENGINE_FLOW_PAPER_PRINT_H
#define ENGINE_FLOW_PAPER_PRINT_H
#include "base/err.h"

struct arena;
struct store;
/* Afterwards the paper has its bytes: columns docx, pdf (hashes in table file) and pages of flow_paper. Drawn once, with an event that holds
 * both hashes; printed again, or no such paper: nothing is done. Not inside an act. Refuses what paper_draw refuses. */
MUST_CHECK bool flow_paper_print(struct store *store, struct arena *mem, struct str id, struct str actor,
                                 int64_t now_us, struct err *e);
#endif
