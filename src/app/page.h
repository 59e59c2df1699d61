/* What pages about plans share besides (frame.h). */
#ifndef APP_PAGE_H
#define APP_PAGE_H
#include "app/frame.h"
#include "app/plans.h"
#include "engine/plan/correct.h"

static inline struct plans *plans_of(const struct web_request *rq) { return app_of(rq)->plans; }
/* Who asks, for the services: the account, its rights, the act of this route, and the field `reason`. */
const struct plans_who *page_who(struct web_request *rq);
/* The value of a field as people read it: choices by their labels, dates in their form; the rest as it is. */
struct str page_value(struct arena *mem, enum lang lang, const struct correct_field *f, struct str value);
/* The answer to an act on a plan: a person is sent to `address`, a program gets the plan as it is now. */
MUST_CHECK bool page_done(struct web_request *rq, struct web_response *rs, struct str id, struct str address,
                          struct err *e);
#endif
