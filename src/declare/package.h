/* The folder of a system: which files may lie in it, what they are, all of it checked. The disk is touched here alone. */
#ifndef DECLARE_PACKAGE_H
#define DECLARE_PACKAGE_H
#include "declare/system.h"

struct package_file {
  struct str path, text; /* "tables/matrix.csv" */
};
struct package {
  struct str name; /* of the folder */
  VEC(struct package_file) files;
  struct system *system; /* NULL: it could not be read */
};
/* Reads a folder into memory. Refuses a folder that is not there, files that cannot be read, and more than a package may
 * have (ERR_TOO_LARGE). Everything lives in mem. */
MUST_CHECK bool package_load(struct arena *mem, struct str dir, struct package *out, struct err *e);
/* Reads and checks it. Faults carry paths inside the folder, behind `prefix`. */
void package_check(struct faults *f, struct package *p, struct str prefix, const struct world *w);
/* Holds what one of several packages uses against the others. A package that is not among them is not judged. */
void packages_check_uses(struct faults *f, const struct package *all, size_t count, size_t which);
#endif
