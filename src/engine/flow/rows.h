/* Rows and their columns; see flow.h. Private to this engine. */
#ifndef ENGINE_FLOW_ROWS_H
#define ENGINE_FLOW_ROWS_H
#include "engine/flow/tables.h"

struct store_value;
/* A value as the columns of its field hold it (one, two or three), and back. */
MUST_CHECK bool flow_cells(struct flow_run *run, const struct flow_field *f, const struct value *v, struct str address,
                           struct store_value *out, struct err *e);
struct value flow_cells_value(struct flow_run *run, const struct flow_field *f, const struct store_value *cells);
enum { FLOW_WORDS_MOST = 1 << 20 };
/* A value as a text that flow_words_value reads again (flow.h): where there is no column for it. Rows of more than FLOW_WORDS_MOST bytes
 * are cut off there, which is more than a form takes. */
struct str flow_value_words(struct flow_run *run, const struct flow_field *f, const struct value *v);
/* Records whose set (FLOW_SIDE) has this value, or whose rows (FLOW_ROWS) have it in a column. */
MUST_CHECK bool flow_owners(struct flow_run *run, const struct flow_field *f, const struct flow_field *column,
                            struct str value, size_t most, struct str **out, size_t *out_n, struct err *e);
/* Does whoever acts see this record? The program's own work sees everything, who has no account nothing. */
MUST_CHECK bool flow_sees(struct flow_run *run, const struct flow_record *r, struct str id, bool *out, struct err *e);
/* Both missing, or equal. */
bool flow_same(const struct value *a, const struct value *b);
/* A row of a table inside the form. */
struct flow_thing *flow_row_thing(struct flow_run *run, const struct flow_row *of, const struct flow_field *f,
                                  struct value *values);
/* As it is now, apart from the run: `before` of an act. */
struct flow_row *flow_row_copy(struct flow_run *run, const struct flow_row *row);
#endif
