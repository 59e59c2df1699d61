#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

void must_broken(const char *what, const char *where) {
  (void)fprintf(stderr, "gangmu: a promise was broken: %s at %s\n", what, where);
  abort();
}
