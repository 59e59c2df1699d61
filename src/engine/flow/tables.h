/* Steps of DDL for the records of a system; see flow.h. Private to this engine. */
#ifndef ENGINE_FLOW_TABLES_H
#define ENGINE_FLOW_TABLES_H
#include "base/must.h"
#include "declare/upgrade.h"
#include "engine/flow/flow.h"

void flow_table_record(struct arena *mem, const struct flow_record *r, flow_steps *out); /* of a new record */
void flow_table_indexes(struct arena *mem, const struct flow_record *r, flow_steps *out);
void flow_table_side(struct arena *mem, const struct flow_field *f, flow_steps *out); /* nothing when it has none */
/* Adds the i-th column of a field to a table that is there. */
void flow_table_column(struct arena *mem, struct str table, const struct flow_field *f, int i, flow_steps *out);
int flow_columns_of(const struct flow_field *f); /* of its own; 0: it lies elsewhere */

/* A package that was read, its names checked or known to have been. */
MUST_CHECK bool flow_fill(struct arena *mem, const struct world *w, const struct value_reader *reader,
                          const struct package *p, struct flow_system *s, struct err *e);
struct str flow_sealed_table(struct arena *mem, const struct flow_record *r);
#endif
