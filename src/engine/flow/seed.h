/* Demo rows of a package (its demo folder) as records that look lived with: each is made, and led to its state by acts of its declaration,
 * at moments of the past, by people who hold the roles that may do them. What a row says is taken as it stands: guards, checks and
 * effects are not asked, for the other end of an effect is a row of its own.
 *
 * A column is a field; or `row`, what other rows call it; `number`, which is only another such name, since numbers are taken
 * from their series; `state`; NAME_from and NAME_to of a span. Sets are parted by blanks or `;`, rows are lists in brackets. A reference
 * is a `row`, a number, a unique field, or the fields of the key with `/` between. */
#ifndef ENGINE_FLOW_SEED_H
#define ENGINE_FLOW_SEED_H
#include "engine/flow/flow.h"

struct flow_seed {
  struct flow_run *run;
  int32_t moved;                /* days by which all days of the rows are moved */
  const struct flow_system *at; /* of the rows */
  struct flow_seed_names *names;
  int64_t now_us; /* of the loading: everything lies before */
  int64_t rows;   /* that were made */
};
/* Inside store_write, in the order of flow->systems: a row may refer to rows of packages that came before. run->person and by are
 * changed. ERR_INVALID names the file and the cell. */
void flow_seed_begin(struct flow_seed *s, struct flow_run *run);
/* The rows of one package. as_of: the day on which they were true. */
MUST_CHECK bool flow_seed_system(struct flow_seed *s, const struct flow_system *system, struct date as_of,
                                 struct err *e);
#endif
