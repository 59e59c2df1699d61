/* What the files migrations/ of a package say is to be done to the records there are when another version takes over
 * (docs/declarations.md, chapter 6). Several files are one way: from the version that is installed to the new one, in the order of
 * their `to`; a state goes where the last of them sends it, a field is set by each in turn. */
#ifndef DECLARE_MIGRATION_H
#define DECLARE_MIGRATION_H
#include "declare/package.h"

struct migration_said { /* a name, what is said of it, and where */
  struct str name, text;
  const struct package_file *file;
  const struct yaml *at;
};
typedef VEC(struct migration_said) migration_list;
struct migration { /* of one record */
  struct str record;
  migration_list states;    /* name: the state that is no more; text: where its records go */
  migration_list set;       /* name: a field of the new version; text: an expression; in the order of being done */
  migration_list recompute; /* name: a clock of the new version */
};
typedef VEC(struct migration) migrations;
/* Those that lead on from version `from`. Faults are told of f: files that cannot be read, keys, records, fields, states and clocks
 * that are not there, computed fields that are set, more than MIGRATION_LINES_MAX of a kind. Expressions are not read here: what they may
 * speak of is known where both versions are. Lives in f->mem. */
void migrations_read(struct faults *f, const struct package *now, int64_t from, migrations *out);
const struct migration *migration_of(const migrations *all, struct str record);           /* NULL: nothing */
const struct migration_said *migration_says(const migration_list *list, struct str name); /* the last; NULL: nothing */
#endif
