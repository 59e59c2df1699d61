/* What the files of demo rows share; see seed.h. Private to this engine. */
#ifndef ENGINE_FLOW_SEEDS_H
#define ENGINE_FLOW_SEEDS_H
#include "engine/flow/act.h"
#include "engine/flow/seed.h"
#include "text/rows.h"

struct flow_seed_name { /* what rows call a record */
  const struct flow_record *record;
  struct str name, id;
};
struct flow_seed_names {
  VEC(struct flow_seed_name) all;
};
struct flow_seed_line { /* one row of a sheet */
  struct flow_row *row;
  const text_cells *head, *cells;
  struct str path; /* of the sheet, for people */
  size_t n;        /* its line, from 1; the header is line 1 */
};
struct flow_seed_cell {
  struct value value;
  struct str words; /* of a place: its address */
  bool is_said;
};
struct str flow_seed_said(const struct flow_seed_line *l, struct str column); /* empty: it says nothing */
void flow_seed_called(struct flow_seed *s, const struct flow_seed_line *l);   /* keeps what others call it */
/* Every field as the row says it, days moved; out as record->fields. seed_read_store.c */
MUST_CHECK bool flow_seed_cells(struct flow_seed *s, const struct flow_seed_line *l, struct flow_seed_cell *out,
                                struct err *e);
MUST_CHECK bool flow_seed_refuse(struct flow_seed *s, const struct flow_seed_line *l, struct str said, struct err *e);
#endif
