/* What comes by itself while the program serves: a thread that sleeps until the next level of a clock is due, and one that sends messages
 * to other bodies (app/postman.h). Both look again after a while in any case, because acts start clocks too, on other servers as well. */
#ifndef APP_CLOCKWORK_H
#define APP_CLOCKWORK_H
#include "base/err.h"

struct systems;
struct store;
/* Does everything that is due up to a moment, however many turns it takes (engine/flow/jobs.h). */
MUST_CHECK bool clockwork_run(struct systems *s, struct store *store, int64_t until_us, struct err *e);
/* Every figure that is kept, held against the records once more by another way (engine/flow/measure.h, flow_facts_check).
 * ERR_INVALID names the first that does not agree. */
MUST_CHECK bool clockwork_recount(struct systems *s, struct store *store, struct err *e);
struct clockwork;
/* The systems and the store must outlive it. */
MUST_CHECK bool clockwork_start(struct systems *s, struct store *store, struct clockwork **out, struct err *e);
/* No level fires from the return of _hold until _release, which says whose levels fire then. Both accept NULL for c. */
void clockwork_hold(struct clockwork *c);
void clockwork_release(struct clockwork *c, struct systems *s);
/* Ends the threads when the level and the message that they are at are done. Accepts NULL. */
void clockwork_stop(struct clockwork *c);
#endif
