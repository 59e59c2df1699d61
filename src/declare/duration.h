/* Amounts of time as people set them: `10 workdays`, `3 months`. Not one number: what a month or a working day is depends
 * on the calendar, so only durations of one family are converted into each other. */
#ifndef DECLARE_DURATION_H
#define DECLARE_DURATION_H
#include "declare/ratio.h"

/* word, family, how many of the family's smallest */
#define DURATION_UNITS(X)   \
  X(seconds, CLOCK, 1)      \
  X(minutes, CLOCK, 60)     \
  X(hours, CLOCK, 3600)     \
  X(workminutes, OFFICE, 1) \
  X(workhours, OFFICE, 60)  \
  X(workdays, WORKDAY, 1)   \
  X(days, DAY, 1)           \
  X(weeks, DAY, 7)          \
  X(months, MONTH, 1)       \
  X(years, MONTH, 12)
enum duration_unit {
#define X(word, family, n) DURATION_##word,
  DURATION_UNITS(X)
#undef X
      DURATION_UNIT_COUNT
};
enum duration_family { DURATION_CLOCK, DURATION_OFFICE, DURATION_WORKDAY, DURATION_DAY, DURATION_MONTH };
struct duration {
  int64_t n;
  enum duration_unit unit;
};
enum duration_order { DURATION_LESS = -1, DURATION_EQUAL, DURATION_MORE, DURATION_UNLIKE };

bool duration_unit_of(struct str word, enum duration_unit *out);
enum duration_family duration_family(enum duration_unit u);
/* "10 workdays", "-2 days": canonical text and back. */
MUST_CHECK bool duration_parse(struct str s, struct duration *out);
struct str duration_text(struct arena *mem, struct duration d);
/* UNLIKE: days and workdays, say, of the same sign. With 0 everything can be compared. */
enum duration_order duration_cmp(struct duration a, struct duration b);
/* False: of two families, or more than 18 digits. The result is in the finer of both units. */
MUST_CHECK bool duration_add(struct duration a, struct duration b, struct duration *out);
/* a * by, if that is whole; in a finer unit of the family if need be: 1 weeks * 1/7 = 1 days. */
MUST_CHECK bool duration_mul(struct duration a, struct ratio by, struct duration *out);
/* How many times b goes into a. False: of two families, or b is 0. */
MUST_CHECK bool duration_div(struct duration a, struct duration b, struct ratio *out);
#endif
