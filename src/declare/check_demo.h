/* The demo rows of a package against its declaration. Private to src/declare. */
#ifndef DECLARE_CHECK_DEMO_H
#define DECLARE_CHECK_DEMO_H
#include "declare/package.h"

/* After the check of the declaration, which found nothing: faults point into demo/NAME.csv. */
void demo_check(struct faults *f, const struct package *p, struct str prefix, const struct world *w);
#endif
