/* Tables from one version of a record to the next; see flow.h. Private to this engine. */
#ifndef ENGINE_FLOW_TABLES_CHANGE_STORE_H
#define ENGINE_FLOW_TABLES_CHANGE_STORE_H
#include "engine/flow/tables.h"
#include "store/declared.h"

/* Every step that was taken on declared tables, in order. */
struct flow_made {
  struct declared_step step;
  struct str sql;
};
typedef VEC(struct flow_made) flow_made_list;
MUST_CHECK bool flow_made_read(struct store *session, struct arena *mem, flow_made_list *out, struct err *e);
/* Where the values of a field of the version before are for the new one: in the same place; elsewhere, so that they have to be
 * carried over; nowhere. was NULL: there was no such field. */
enum flow_way { FLOW_WAY_NEW, FLOW_WAY_STAYS, FLOW_WAY_MOVES };
enum flow_way flow_way_of(const struct flow_field *was, const struct flow_field *f);
/* The field that this one was in the version before, by its own name or by `was`; NULL = it is new. */
struct flow_field *flow_was(const struct flow_record *before, const struct flow_record *now,
                            const struct flow_field *f);
/* Where the column of a field that moves stands now: one that was in the way of another kind of value has got another name. */
struct str flow_moved_column(const flow_made_list *made, const struct flow_record *now, struct str column);
/* Steps that lead from the tables as they were made to those of now; they are added to io_made too. */
void flow_tables_change(struct arena *mem, const struct flow_record *before, const struct flow_record *now,
                        flow_made_list *io_made, flow_steps *out);
#endif
