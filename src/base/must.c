/* The end of a program that broke its own promise: one line for the operator, then abort, so that nothing is written
 * after it. */
#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

void must_broken(const char *what, const char *where) {
  (void)fprintf(stderr, "gangmu: a promise was broken: %s at %s\n", what, where);
  abort();
}
