/* Figures of measures: at a unit, over periods, at the units below it, by one breakdown. All that is asked for at once is one cube,
 * so that what may not be told is found over all of it. A figure is worked out from the sums that are kept (measure.h); a
 * formula at each place from the sums of its parts, never from figures of other places. */
#ifndef ENGINE_FLOW_GAUGE_H
#define ENGINE_FLOW_GAUGE_H
#include "engine/flow/measure.h"

struct gauge_span { /* days, both in; of a stock the last one counts */
  int64_t from, to;
  struct str name; /* 2026-03 */
};
enum { GAUGE_SPANS_MAX = 60, GAUGE_UNITS_MAX = 500, GAUGE_CELLS_MAX = 20000, GAUGE_CODES_MAX = 500 };
struct gauge_unit {
  struct str id, name, kind;
  bool has_below;
};
struct gauge_figure {
  struct value value; /* missing, with its reason */
  int64_t n;          /* records, or rows of their forms, behind it; of different ones how many */
  bool is_hidden;     /* fewer than may be told, or it would tell of such */
};
struct gauge_cube {
  const struct flow_measure *measure;
  const struct gauge_unit *units; /* the first is the one asked for */
  size_t unit_count, span_count;
  VEC(struct str) codes; /* the first stands for all of them together; a later empty one for what is not filled in */
  struct gauge_figure *at;
};
static inline size_t gauge_place(const struct gauge_cube *c, size_t unit, size_t span, size_t code) {
  return (unit * c->span_count + span) * c->codes.len + code;
}

/* One question, asked of several measures: what was read for one is there for the formulas over it. */
struct gauge {
  struct flow_run *run;
  struct gauge_unit *units; /* gauge_begin */
  size_t unit_count;
  const struct gauge_span *spans;
  size_t span_count;
  struct str by; /* a breakdown by its name; empty = none */
  VEC(struct gauge_cube *) kept;
};
/* unit empty: everything, also what stands nowhere. below: also each unit that stands under it on the last day, of everything the
 * units on top; no more than GAUGE_UNITS_MAX (ERR_TOO_LARGE). spans in their order, at least one, no more than GAUGE_SPANS_MAX
 * (ERR_TOO_LARGE). */
MUST_CHECK bool gauge_begin(struct gauge *g, struct flow_run *run, struct str unit, bool below,
                            const struct gauge_span *spans, size_t span_count, struct str by, struct err *e);
/* ERR_NOT_FOUND: the measure has no such breakdown. Lives in run->mem. */
MUST_CHECK bool gauge_ask(struct gauge *g, const struct flow_measure *m, const struct gauge_cube **out, struct err *e);

/* Ids of the records behind a figure, by id, after one; may name one twice that counts in several rows. code NULL: all. */
MUST_CHECK bool gauge_records(struct flow_run *run, const struct flow_measure *m, struct str unit,
                              const struct gauge_span *span, int by, const struct str *code, struct str after,
                              size_t most, struct str **out, size_t *out_n, struct err *e);

/* ---- pure ---- */

struct gauge_raw { /* what was read */
  size_t unit, span;
  struct str codes, key;
  int64_t n, total, holes;
};
typedef VEC(struct gauge_raw) gauge_raws;
/* One breakdown out of those that are kept together. */
struct str gauge_code(struct str codes, int by);
/* Fills c->codes and c->at from what was read. by: index, -1 = none. */
MUST_CHECK bool gauge_fold(struct arena *mem, const gauge_raws *raws, int by, struct gauge_cube *c, struct err *e);
/* Hides figures of fewer than `cell`, and as many others as it takes that no line of the cube gives one away by subtraction. The
 * lines: the breakdowns of a figure, the units below one, the periods in a row. */
void gauge_hide(struct gauge_cube *c, int64_t cell);

struct gauge_slots { /* rows of flow_fact_sum that make a period; empty when from > to */
  int64_t month_from, month_to, day_from, day_to, tail_from, tail_to;
};
struct gauge_slots gauge_slots(const struct gauge_span *s, bool is_stock);
/* All periods in a row, to be read at once: by months where each begins and ends with one, else by days. */
struct gauge_slots gauge_hull(const struct gauge_span *s, size_t count, bool is_stock);
/* Does a row of the hull count in this period? */
bool gauge_counts(const struct gauge_span *s, bool is_stock, int grain, int64_t slot);
/* A period by its name in words of people and programs: 2026, 2026-1, 2026-03; `kind` empty: year, quarter, month. ERR_INVALID names
 * what was asked. */
MUST_CHECK bool gauge_period(const struct calendar *c, struct str kind, struct str text, struct period *out,
                             struct err *e);
struct gauge_span gauge_span_of(struct arena *mem, const struct calendar *c, struct period p);
#endif
