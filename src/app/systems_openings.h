/* Openings of sealed fields (declarations, privacy): who may use one of this record now, and which were used. The values themselves
 * are read by app/page_system_opening.c alone. */
#ifndef APP_SYSTEMS_OPENINGS_H
#define APP_SYSTEMS_OPENINGS_H
#include "app/systems.h"

#define OPENING_OPENED "opened"       /* the event of one that was used */
#define OPENING_ASKED "opening_asked" /* of a first key that waits for the second */

typedef VEC(const struct opening *) openings;
/* ERR_FORBIDDEN: not one of those it names. ERR_GUARD: not in this state of the record. */
MUST_CHECK bool systems_may_open(struct system_run *x, struct flow_row *row, const struct opening *o, struct err *e);
/* Those that whoever asks may use now. */
MUST_CHECK bool systems_openings(struct system_run *x, struct flow_row *row, openings *out, struct err *e);

struct opened {
  int64_t seq, at_us;      /* of its event */
  struct str what, person; /* name of the opening; id of a person */
  bool is_first_key;
};
typedef VEC(struct opened) opened_list;
/* Those among the last hundred events of this record, newest first. Lives in the run. */
MUST_CHECK bool systems_opened(struct system_run *x, const struct flow_record *r, struct str id, opened_list *out,
                               struct err *e);
#endif
