/* Databases that are thrown away: stories are played in them, and copied where a story goes two ways. `base` is what a person gave:
 * a folder, or a database of a PostgreSQL cluster whose user may make databases. */
#ifndef STORE_SCRATCH_H
#define STORE_SCRATCH_H
#include "base/err.h"

/* Where a scratch database of this name is. On PostgreSQL an empty one is made, on SQLite opening it will. */
MUST_CHECK bool scratch_make(struct arena *mem, struct str base, struct str name, struct str *out_where, struct err *e);
/* Makes `to` an exact copy of `from`; what `to` held is gone. Nobody may have either open. */
MUST_CHECK bool scratch_copy(struct arena *mem, struct str base, struct str from, struct str to, struct err *e);
/* Gone, if it was there. */
void scratch_drop(struct arena *mem, struct str base, struct str name);
#endif
