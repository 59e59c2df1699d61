/* Steps of DDL for the records of a system; see flow.h. Private to this engine. */
#ifndef ENGINE_FLOW_TABLES_H
#define ENGINE_FLOW_TABLES_H
#include "base/must.h"
#include "declare/upgrade.h"
#include "engine/flow/flow.h"

void flow_table_record(struct arena *mem, const struct flow_record *r, flow_steps *out); /* of a new record */
/* Of a new field of a record that has its tables. */
void flow_table_column(struct arena *mem, const struct flow_record *r, const struct flow_field *f, flow_steps *out);
void flow_table_side(struct arena *mem, const struct flow_field *f, flow_steps *out);
void flow_table_index(struct arena *mem, const struct flow_record *r, const struct flow_field *f, flow_steps *out);
/* A package that was read, its names checked or known to have been. */
MUST_CHECK bool flow_fill(struct arena *mem, const struct world *w, const struct value_reader *reader,
                          const struct package *p, struct flow_system *s, struct err *e);
struct str flow_sealed_table(struct arena *mem, const struct flow_record *r);
#endif
