/* Measures: what is counted, over which period, where, by what. Each record that a measure counts is a fact, kept in the transaction
 * of the act that changed the record; what the facts come to is kept at each unit and all above it, by day and by month.
 *
 *   flow_measures_load    declarations -> struct flow_measure
 *   flow_facts            the facts of a record, after an act (facts_store.c)
 *   gauge_*               figures (gauge.c pure, gauge_store.c reads)
 *   flow_facts_check      facts and sums against the records, by another way (facts_check_store.c)
 *
 * Where: a fact counts at its unit and at all that stood above it on its day (a stock: on the day asked for), by the history
 * of the tree. When: a row by its `on`; a stock from the day an act made it true until the day an act made it untrue. In the
 * A stock of what a clock is over for counts from the day on which it comes due, without anybody's act: a figure of a day is that of its
 * evening. In the condition of a measure `period` is the period asked for, of a row with `on` the day itself: what is true of a row does not
 * depend on how long a period is asked for, so that months add up to the year. */
#ifndef ENGINE_FLOW_MEASURE_H
#define ENGINE_FLOW_MEASURE_H
#include "engine/flow/flow.h"
#include "engine/flow/tree.h"

/* Days since 1970. LAST stands for no end: the day behind 9999-12-31. */
enum { FLOW_DAY_FIRST = -719162, FLOW_DAY_LAST = 2932897, FLOW_FRACTION_PLACES = 9, FLOW_BY_MAX = 6 };

enum flow_counts { FLOW_COUNT, FLOW_SUM, FLOW_DISTINCT, FLOW_MEAN, FLOW_MEDIAN, FLOW_FORMULA };
struct flow_by_field {
  struct expr *x;
  struct str name;         /* of the field, or the expression as it is written */
  struct str label;        /* for people */
  const struct list *list; /* its codes in their order; NULL: as they are found */
};
struct flow_measure {
  const struct measure *measure;
  const struct flow_system *system;
  const struct flow_record *record; /* NULL: a formula */
  struct str name;                  /* "pairs.visits" */
  struct str label, said;           /* said: its unit, may be empty */
  enum flow_counts how;
  bool is_stock;
  bool is_of_people;                         /* figures under privacy.cell are not told */
  bool is_of_period;                         /* its condition speaks of `period` */
  bool is_of_today;                          /* it changes with the day, without an act */
  bool is_of_clock;                          /* a stock that a clock changes when it comes due */
  int64_t cell;                              /* 0 = none */
  unsigned places;                           /* of the digits that are added up, in base units */
  struct dimension unit;                     /* of the figure */
  const struct expr *where, *on, *what, *at; /* NULL = not written */
  const struct flow_field *rows;             /* NULL: the facts are the records */
  VEC(struct flow_by_field) by;
  VEC(const struct flow_measure *) parts; /* of a formula */
};
/* Fills s->measures from the declaration, which was checked. */
MUST_CHECK bool flow_measures_load(struct arena *mem, const struct units *units, struct flow_system *s, struct err *e);
const struct flow_measure *flow_measure_in(const struct flow_system *s, struct str name); /* NULL = there is none */
const struct flow_measure *flow_measure(const struct flow *f, struct str system_and_name);
/* Index of a breakdown by name, of a formula one that all its parts have; -1 = there is none. */
int flow_measure_by(const struct flow_measure *m, struct str name);
/* The trees of conditions speak of `period.start` and `period.end` as of names; this is what they are called. */
#define FLOW_PERIOD_START STR("period.start")
#define FLOW_PERIOD_END STR("period.end")
/* The figure of a formula out of its parts, each by the name of its measure. */
struct flow_part {
  const struct flow_measure *measure;
  struct value value;
};
MUST_CHECK bool flow_formula(struct arena *mem, const struct flow *f, const struct flow_measure *m,
                             const struct flow_part *parts, size_t count, struct value *out, struct err *e);

/* ---- facts ---- */

struct flow_fact {
  struct str measure;  /* "pairs.visits" */
  int64_t line;        /* of the rows of the form, from 0 */
  int64_t from, until; /* until excluded; FLOW_DAY_LAST = no end. Not a stock: from is its day, until the next */
  bool is_stock, is_hole;
  struct str unit, codes, key;
  int64_t value;
};
typedef VEC(struct flow_fact) flow_fact_list;
bool flow_fact_same(const struct flow_fact *a, const struct flow_fact *b);
/* Facts of a record after an act of `day`: a stock's past stays, and goes on where the new facts are as the old. `had` holds
 * for some measures; all of `now` are of those. Sorted. */
void flow_facts_join(struct arena *mem, const flow_fact_list *had, const flow_fact_list *now, int64_t day,
                     flow_fact_list *out);

struct flow_above { /* what a unit stands under, itself among them */
  struct str above;
  int64_t from, until;
};
typedef VEC(struct flow_above) flow_aboves;
void flow_aboves_sort(flow_aboves *io); /* by unit and day; what meets becomes one */

struct flow_delta { /* what is to be added to a row of flow_fact_sum */
  struct str measure, above, codes, key;
  int grain;
  int64_t slot, n, total, holes;
  bool is_stock; /* what is added may bring a row back to nothing */
};
typedef VEC(struct flow_delta) flow_deltas;
int64_t flow_month_slot(int64_t day);
void flow_deltas_of(struct arena *mem, const struct flow_fact *f, const flow_aboves *above, int sign, flow_deltas *io);
/* Sorts, and leaves one for each row; those that come to nothing go. */
void flow_deltas_fold(flow_deltas *io);

/* Inside an act. The facts of this record: all that its measures count, as it is now. facts_store.c */
MUST_CHECK bool flow_facts_row(struct flow_run *run, struct flow_row *row, struct err *e);
/* Inside the act that installs another version: what this measure counted was said otherwise and is forgotten; flow_facts_day works it
 * out anew before anything else, a portion in a transaction, however often it is interrupted. Of a stock only what is now can be
 * known. facts_day_store.c */
MUST_CHECK bool flow_facts_stale(const struct flow_measure *m, struct store *tx, struct arena *mem, struct err *e);
/* At the change of day: what changes without an act. Records after `after` of one measure, at most `most`; *out_last the last that
 * was looked at, empty = it is done. */
MUST_CHECK bool flow_facts_today(struct flow_run *run, const struct flow_measure *m, struct str after, size_t most,
                                 struct str *out_last, struct err *e);
/* What a unit stands under, by the history of the tree; worked out anew. */
MUST_CHECK bool flow_aboves_read(struct store *session, struct arena *mem, struct str unit, flow_aboves *out,
                                 struct err *e);
/* The first day of which the record as it is tells: today; of a condition about `period`, on the day it was made, the first of all
 * days, since what it says may be true of days before. */
int64_t flow_facts_first(const struct flow_measure *m, const struct flow_row *row, int64_t day);
/* What a measure counts of a record as it is: stocks from day `first` on. */
MUST_CHECK bool flow_facts_now(struct flow_run *run, struct flow_row *row, const struct flow_measure *m, int64_t first,
                               int64_t day, flow_fact_list *out, struct err *e);
/* As they are kept, of all measures. */
MUST_CHECK bool flow_facts_read(struct store *session, struct arena *mem, struct str record, flow_fact_list *out,
                                struct err *e);
/* Ids of a record's table, by id. */
MUST_CHECK bool flow_facts_ids(struct flow_run *run, const struct flow_record *r, struct str after, size_t most,
                               struct str **out, size_t *out_n, struct err *e);

/* ---- the second way (facts_check_store.c) ---- */

struct flow_facts_proof {
  int64_t facts, sums;          /* that were held against the records, and against the facts */
  int64_t faults;               /* that did not agree */
  struct str measure, id, what; /* the first */
};
/* Every measure: its facts against its records, and its sums against its facts by the tree itself. True when it could be read. */
MUST_CHECK bool flow_facts_check(struct flow_run *run, struct flow_facts_proof *out, struct err *e);
/* Inside an act: a measure that is new, or was changed, is worked out from the records. A stock begins today. */
MUST_CHECK bool flow_facts_rebuild(struct flow_run *run, const struct flow_measure *m, struct err *e);
#endif
