/* The schema of a database: whose it is, which version, and the way forward. Private to the store. */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H
#include "store/driver.h"

/* Brings an empty or older database to this program's schema, all steps in one transaction. Refuses a database of
 * another program and one with a newer schema; nothing is written then. */
MUST_CHECK bool store_migrate(struct connection *c, const struct place *place, struct err *e);
#endif
