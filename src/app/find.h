/* What can be found by words: the one door to the search for pages and services. It folds Traditional script, so that a
 * question in either script finds both; marks are byte places in the texts of the hit.
 *
 *   kind   id          title                  body
 *   plan   PLAN        the plan's             issuer, 文号, file, year
 *   item   PLAN/STEP   the item's, or empty   its words without the title; STEP as in addresses, "~2" behind the second
 *                                             item of the same number
 *
 * A kind of one's own: find_put and find_drop in the act that writes the record, a line here, and a source in find.c for
 * `gangmu search rebuild`. A plan that is void is not found. */
#ifndef APP_FIND_H
#define APP_FIND_H
#include "app/plans.h"
#include "store/search.h"

/* ---- inside an act ---- */

MUST_CHECK bool find_put(struct store *tx, const struct search_row *row, struct err *e);
/* A plan as corrected, and its items; what it had before goes. */
MUST_CHECK bool find_put_plan(struct store *tx, const struct plan_row *row, const struct plan *p, struct err *e);
MUST_CHECK bool find_drop_plan(struct store *tx, struct str id, struct err *e);

/* ---- asking ---- */

/* What of it `who` sees; q->may_see is set here. */
MUST_CHECK bool find_words(struct store *session, struct arena *mem, const struct who *who,
                           const struct search_question *q, struct search_hits *out, struct err *e);
/* The page of a hit, "/plans/ID?item=2.9"; empty for a kind that has none. */
struct str find_address(struct arena *mem, const struct search_row *row);

/* Makes every row again from the plans and, when they are given, from the records of the packages whose tables are there, while
 * others work on. *out_rows: how many there are now. */
struct systems;
MUST_CHECK bool find_rebuild(struct plans *s, const struct systems *systems, struct store *store, int64_t *out_rows,
                             struct err *e);
/* At the start: makes the rows of a database that is older than the search. */
MUST_CHECK bool find_begin(struct plans *s, struct store *store, struct err *e);
#endif
