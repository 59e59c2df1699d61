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
/* Reads a folder into memory, without what editors put beside a file (.name.swp, name~). Refuses a folder that is not there, files that cannot be read, and more than a package may
 * have (ERR_TOO_LARGE). Everything lives in mem. */
MUST_CHECK bool package_load(struct arena *mem, struct str dir, struct package *out, struct err *e);
/* The same of a folder of systems/ that was built into the program; its texts are borrowed for good. ERR_NOT_FOUND when there is
 * none of this name. Names in order. */
MUST_CHECK bool package_built_in(struct arena *mem, struct str name, struct package *out, struct err *e);
typedef VEC(struct str) package_names;
void packages_built_in(struct arena *mem, package_names *out);
/* The file of this path; NULL when there is none. */
const struct package_file *package_file(const struct package *p, struct str path);
/* SHA-256 over its files, hex: what is the same package. In mem. */
struct str package_digest(struct arena *mem, const struct package *p);
/* Reads and checks it. Faults carry paths inside the folder, behind `prefix`. */
void package_check(struct faults *f, struct package *p, struct str prefix, const struct world *w);
/* Holds what one of several packages uses against the others. A package that is not among them is not judged. */
void packages_check_uses(struct faults *f, const struct package *all, size_t count, size_t which);
#endif
