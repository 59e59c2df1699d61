/* Which computed fields read which records, found at load. Private to this engine. */
#ifndef ENGINE_FLOW_SETTLE_H
#define ENGINE_FLOW_SETTLE_H
#include "engine/flow/flow.h"

enum { FLOW_HOPS_MAX = 6, FLOW_SETTLE_DEPTH_MAX = 12 };
struct
    flow_hop { /* from one record to another: by a reference field of `from`, or by the set of those that refer to it */
  const struct flow_record *from, *to;
  size_t field; /* of `from`; with is_back of `to` */
  bool is_back;
  const struct flow_field *column; /* of the rows in that field of `from`; NULL = the field itself */
};
struct flow_walk { /* a way by which a computed field of `of` reads other records */
  const struct flow_record *of;
  struct flow_hop hops[FLOW_HOPS_MAX];
  size_t len;
  const struct flow_field *rows; /* while it is looked for: it stands in the rows of this field */
};
struct flow_walks { /* those that come by a record: the walk, and the hop that leads to it */
  struct flow_pass {
    const struct flow_walk *walk;
    size_t hop;
  } * at;
  size_t len, cap;
};
/* What the rows of this field compute, each of itself and of the record; lines_store.c. */
MUST_CHECK bool flow_lines_settle(struct flow_run *run, struct flow_row *row, size_t i, bool *io_changed,
                                  struct err *e);
/* Fills record->walks of all systems. */
void flow_find_walks(struct flow *f);
#endif
