/* What is sensitive or sealed stands in the table RECORD__sealed, a cell each, under the key of the package's compartment and bound to its
 * place. There is no second way: fields of the record, the rows of a form that have a sensitive column, and answers of rounds are
 * all kept by these two, so that rotation, retention and what goes with a record find them. Private to this engine. */
#ifndef ENGINE_FLOW_SEALED_H
#define ENGINE_FLOW_SEALED_H
#include "engine/flow/flow.h"

struct str flow_compartment(const struct flow_record *r);
/* Is there a key under which its sensitive fields would be sealed? */
bool flow_may_seal(struct flow_run *run, const struct flow_record *r);
/* name: of a field; of an answer see flow_answer_cell. *out_said empty: there is none. */
MUST_CHECK bool flow_cell_read(struct flow_run *run, const struct flow_record *r, struct str owner, struct str name,
                               struct str *out_said, struct err *e);
/* Instead of what stood there, if it may be there already; an empty text leaves nothing. */
MUST_CHECK bool flow_cell_write(struct flow_run *run, const struct flow_record *r, struct str owner, struct str name,
                                bool may_be_there, struct str said, struct err *e);
/* A field as one text, and back. Rows are a JSON list of objects; spans FROM..TO; a place LATITUDE,LONGITUDE and its address. */
MUST_CHECK bool flow_sealed_read(struct flow_run *run, struct flow_row *row, size_t field, struct err *e);
MUST_CHECK bool flow_sealed_write(struct flow_run *run, const struct flow_row *row, size_t field, struct err *e);
/* ROUND.OPENING.PARTY.VERSION.FIELD: no field has a name with a point. */
struct str flow_answer_cell(struct arena *mem, struct str round, int64_t n, struct str party, int64_t version,
                            struct str field);
#endif
