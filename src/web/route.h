/* The router: tables of routes become a tree of path steps, made once at start and only read afterwards. */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H
#include "web/web.h"

enum { ROUTE_STEPS_MAX = 12 };
struct router;
/* Breaks (must) on a table that contradicts itself: a pattern twice, a change that is no POST, too many {names}. */
struct router *router_new(struct arena *mem, const struct route *const *tables);
/* The route for a decoded path; fills params in the pattern's order. NULL when there is none; *out_other is then true
 * when the path exists for another method. */
const struct route *router_find(const struct router *r, enum web_method method, struct str path,
                                struct str params[ROUTE_PARAMS], bool *out_other);
#endif
