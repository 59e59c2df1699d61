/* What is asked of a system's measures: at which unit, over which period; and how figures are said. */
#ifndef APP_MEASURES_ASK_H
#define APP_MEASURES_ASK_H
#include "app/systems.h"
#include "engine/flow/gauge.h"

enum { MEASURES_ROW = 12 /* periods in a row, the last is the one asked for */ };
struct measures_ask {
  struct web_request *rq;
  struct system_run x;
  const struct flow_system *system;
  const struct flow_measure *measure; /* NULL: all of them */
  struct str unit;                    /* empty: everything */
  bool is_said;                       /* the address names a period */
  enum period_kind kind;
  struct period period;
  struct gauge_span span;
  struct gauge_span row[MEASURES_ROW]; /* the periods up to it */
};
/* Reads at, period, every. Without a period: on pages this month, over the API this year, of a stock today. ERR_NOT_FOUND for a measure
 * that is not there, or a unit that one's roles do not reach. */
MUST_CHECK bool measures_read(struct web_request *rq, struct store *r, struct measures_ask *out, struct err *e);

/* ---- rights: a figure is told for units under the scope of one's roles (measures_may.c) ---- */

struct measures_reach {
  bool all;
  VEC(struct str) below, exact; /* units */
};
/* Through which roles somebody sees what the measure counts; of a formula all that its parts count. */
void measures_reach(struct system_run *x, const struct flow_measure *m, struct measures_reach *out);
MUST_CHECK bool measures_may(struct system_run *x, const struct flow_measure *m, struct str unit, bool *out,
                             struct err *e);
/* Where to begin: everything for whoever sees all, else the first of one's units; empty and false: none. */
bool measures_home(struct system_run *x, const struct flow_system *s, struct str *out);

/* ---- how figures are said ---- */

/* As people read it: 1,234.50元, 33.33%; 不可算 with its reason; 不足10. */
MUST_CHECK bool measures_says(struct system_run *x, const struct gauge_cube *c, size_t place, struct str *out,
                              struct err *e);
/* value, exact, n, hidden, why into an open object: digits in the measure's unit, text. */
MUST_CHECK bool measures_json(struct system_run *x, const struct gauge_cube *c, size_t place, struct json_out *j,
                              struct err *e);
/* In the measure's unit, as far as two places; false: it is missing or hidden. */
bool measures_number(struct system_run *x, const struct gauge_cube *c, size_t place, struct ratio *out);
struct str measures_code_says(const struct flow_measure *m, int by, struct str code, enum lang lang, struct arena *mem);

/* ---- pages (page_system_figures.c) ---- */

MUST_CHECK bool measures_show_all(struct measures_ask *a, struct web_response *rs, struct err *e);
MUST_CHECK bool measures_show_one(struct measures_ask *a, struct web_response *rs, struct err *e);
/* next: the last of them when there are more; empty = all are here. */
void measures_show_records(struct measures_ask *a, struct flow_row **rows, size_t count, struct str next,
                           struct web_response *rs);
#endif
