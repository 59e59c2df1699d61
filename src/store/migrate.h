/* The schema of a database: whose it is, which version, and the way forward. Private to the store. */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H
#include <sqlite3.h>

#include "base/err.h"

/* Brings an empty or older database to this program's schema, each step in one transaction. Refuses a database of
 * another program and one with a newer schema; nothing is written then. `file` is for the message. */
MUST_CHECK bool store_migrate(sqlite3 *db, struct str file, struct err *e);
#endif
