/* Every sealed column of the database, and the move of its cells to another key while the program runs.
 *
 * A table with sealed columns has a row in reseal.c and three statements; that is all that rotation, retirement and
 * `gangmu keys new` need to know of it. A declared table is one of them when it was made with the columns of sealed cells,
 * (tenant, owner, field, compartment, cell): its cells are bound to its name, the field and the owner. */
#ifndef STORE_RESEAL_H
#define STORE_RESEAL_H
#include "base/seal.h"

struct store;
/* Compartments that the program seals in, sorted; borrowed, static. */
const struct str *sealed_compartments(size_t *out_n);

/* Moves all cells of a compartment that are not under its current key, in batches of one transaction each; may be stopped
 * at any time and run again. Cells that do not open are refused with their place (ERR_STORE); nothing of their batch
 * is changed. *out_moved counts what was committed, also when it fails. */
enum { RESEAL_BATCH = 200 };
MUST_CHECK bool reseal_run(struct store *store, struct str compartment, int64_t *out_moved, struct err *e);
/* Cells under one key: while there are any it must not be retired. */
MUST_CHECK bool reseal_uses(struct store *session, struct arena *mem, const struct key_info *key, int64_t *out_cells,
                            struct err *e);
/* Cells of all compartments whose key is not in the store's ring: nobody can read them. *out_old: those under a key that was
 * exchanged, which reseal_run would move. */
MUST_CHECK bool reseal_lost(struct store *session, struct arena *mem, int64_t *out_cells, int64_t *out_old,
                            struct err *e);
#endif
