/* What the commands that open a database share. */
#ifndef CLI_SERVE_H
#define CLI_SERVE_H
#include "app/plans.h"
#include "base/seal.h"
#include "cli/cli.h"
#include "store/store.h"

struct opened {
  struct store *store;
  struct plans *plans;
  struct keys *keys; /* NULL: none */
};
/* keys: the ring's file; empty: as record_keys has it. */
MUST_CHECK bool opened_begin(struct opened *o, struct str db, struct str keys, bool existing, struct err *e);
MUST_CHECK bool opened_with(struct opened *o, struct str db, const struct store_options *options, size_t cache_bytes,
                            struct err *e);
void opened_end(struct opened *o);
#endif
