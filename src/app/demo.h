/* The demo: the fictional city that is put into the program (demo/), and those of its people who have an account. */
#ifndef APP_DEMO_H
#define APP_DEMO_H
#include "app/plans.h"

struct demo_count {
  int units, people, accounts, plans; /* new ones */
};
/* Loads units and people, their accounts, then (unless people_only) the plans, each complete or nothing; what is there
 * already stays as it is, so it can be run again. */
MUST_CHECK bool demo_load(struct plans *s, bool people_only, int64_t now_us, struct demo_count *out, struct err *e);
/* Has it been loaded before? */
MUST_CHECK bool demo_is_there(struct store *store, bool *out, struct err *e);
/* Whose demo it is. In mem. */
MUST_CHECK bool demo_authority(struct arena *mem, struct str *out, struct err *e);
#endif
