/* The schema of a database: whose it is, which version, and the way forward. Private to the store. */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H
#include "store/driver.h"

/* Brings an empty or older database to a schema of this program, all steps in one transaction. Refuses a database of
 * another program and one with a newer schema; nothing is written then. */
MUST_CHECK bool store_migrate(struct connection *c, const struct place *place, int version, struct err *e);
/* The schema that it has; refuses the same, and an empty one. */
MUST_CHECK bool store_schema_read(struct connection *c, const struct place *place, int *out_version, struct err *e);
/* The steps that store_migrate would take, as this engine would be given them. Writes nothing. */
MUST_CHECK bool store_migrate_text(struct connection *c, const struct place *place, struct arena *mem,
                                   struct str *out_sql, int *out_from, struct err *e);
#endif
