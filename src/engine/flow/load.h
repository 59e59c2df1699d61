/* What loading does to a declaration that is right. Private to this engine. */
#ifndef ENGINE_FLOW_LOAD_H
#define ENGINE_FLOW_LOAD_H
#include "engine/flow/flow.h"

/* A record without states gets the states kept and over and its keepers' acts add (every field that is not computed), change and
 * end; any other is left as it is. Lives in mem. */
void flow_open_register(struct arena *mem, struct record *r);
#endif
