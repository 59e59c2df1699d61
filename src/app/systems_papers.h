/* Papers of a record as people see them. A paper is read by who may read the most secret field that its template can show, and is
 * made on demand by whom its declaration names. */
#ifndef APP_SYSTEMS_PAPERS_H
#define APP_SYSTEMS_PAPERS_H
#include "app/systems_form.h"

/* "papers": those that were made, oldest first, into an open object. The record is seen. */
MUST_CHECK bool systems_papers_json(struct system_run *x, const struct flow_row *row, struct json_out *j,
                                    struct err *e);
/* The same for its page, and those that whoever looks may have made now. */
MUST_CHECK bool systems_papers_fill(struct system_run *x, struct web_request *rq, struct flow_row *row,
                                    struct view_system_record *v, struct err *e);
#endif
