/* The life of the service of systems at work (systems.h), for whoever starts the program. */
#ifndef APP_SYSTEMS_START_H
#define APP_SYSTEMS_START_H
#include "base/vec.h"
#include "store/store.h"

struct systems;
/* Loads the packages of a folder (each a folder in it; empty: those that are built in), checks them, installs their tables. Refuses
 * a package with faults (ERR_INVALID, at the first). The store must outlive it. */
MUST_CHECK bool systems_start(struct store *store, struct str dir, int64_t now_us, struct systems **out, struct err *e);
/* The two halves of it, for whoever develops. systems_load leaves the database alone (dir may be one package too: then that one and
 * what it uses of those built in); false: something is wrong, it stands in told,
 * which lives in *out, else in *e. *out is there in any case and is to be stopped. systems_install takes it into force: versions may
 * stay as they are while a declaration is being written. */
struct faults;
MUST_CHECK bool systems_load(struct store *store, struct str dir, int64_t now_us, struct faults *told,
                             struct systems **out, struct err *e);
MUST_CHECK bool systems_install(struct systems *s, bool is_draft, int64_t now_us, struct err *e);
/* As systems_start, without a look at what the database has of them: to know their roles. */
MUST_CHECK bool systems_read(struct store *store, struct str dir, int64_t now_us, struct systems **out, struct err *e);
/* The words by which records are found, made again from the records of the packages that are in force as they were read. */
MUST_CHECK bool systems_words_again(const struct systems *s, struct store *store, struct err *e);
void systems_stop(struct systems *s); /* accepts NULL */
/* What people call a role of a package, "pairs.office" as posts name it; the name itself when it is none. s may be NULL. */
struct str systems_role_label(const struct systems *s, struct str role);
/* A role that a package declares and posts may hold. Borrowed. */
struct rights_role;
struct system_role {
  const struct rights_role *role;
  struct str system; /* what people call the package */
};
typedef VEC(struct system_role) system_roles;
void systems_roles(const struct systems *s, struct arena *mem, system_roles *out);
/* One of them by its name; NULL when there is none. s may be NULL. */
const struct rights_role *systems_role(const struct systems *s, struct str role);
/* Compartments that the packages built in seal under. Lives in mem. */
MUST_CHECK bool systems_compartments(struct arena *mem, struct str **out, size_t *out_n, struct err *e);
struct world;
/* What the rules of this program declare for every system. */
MUST_CHECK bool systems_world(struct arena *mem, struct world *out, struct err *e);
#endif
