/* What the files of the demo share. Private to app/demo*.c. */
#ifndef APP_DEMO_INT_H
#define APP_DEMO_INT_H
#include "app/demo.h"
#include "app/demo_files.h"
#include "app/org.h"
#include "app/plans_int.h"

enum { DEMO_PLANS_MAX = 64 };
struct demo {
  struct arena mem;
  struct plans_who who;
  struct yaml *units;
  struct prepared plans[DEMO_PLANS_MAX];
  size_t plan_count;
  struct demo_count count;
};
/* The unit that is called so. */
MUST_CHECK bool demo_unit(struct store *s, struct arena *mem, struct str name, struct str *out, struct err *e);
/* Units, then people. Complete or nothing. */
MUST_CHECK bool demo_load_org(struct store *store, struct demo *d, struct err *e);
/* Those who can be signed in as, with their posts; the units must be there. Complete or nothing. */
MUST_CHECK bool demo_load_accounts(struct store *store, struct demo *d, struct err *e);
#endif
