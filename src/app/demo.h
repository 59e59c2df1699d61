/* The demo: the fictional city that is put into the program (demo/). */
#ifndef APP_DEMO_H
#define APP_DEMO_H
#include "app/plans.h"

struct demo_count {
  int units, people, plans; /* new ones */
};
/* Loads units and people, then the plans, each complete or nothing; what is there already stays as it is, so it can be run
 * again. */
MUST_CHECK bool demo_load(struct plans *s, int64_t now_us, struct demo_count *out, struct err *e);
#endif
