/* Time of an office: which days it works and at which hours, and what the durations of a declaration come to. Civil time is
 * UTC+8 without summer time; moments are microseconds since 1970 UTC. Data: rules/calendar (office hours, terms, and each
 * year's holidays and make-up working days as the State Council announces them). */
#ifndef DECLARE_CALENDAR_H
#define DECLARE_CALENDAR_H
#include "base/date.h"
#include "base/err.h"
#include "base/vec.h"
#include "declare/duration.h"

enum { OFFICE_PARTS_MAX = 4, TERMS_MAX = 4, CALENDAR_WORKDAYS_MAX = 40000 };
#define SECOND_US INT64_C(1000000)
#define DAY_US (INT64_C(86400) * SECOND_US)
#define CIVIL_US (INT64_C(8) * 3600 * SECOND_US) /* civil time is ahead of UTC */

struct day_of_year {
  int8_t month, day;
};
struct calendar_year { /* days that are not as the week says */
  int year;
  bool is_announced;      /* no: only what the law itself names */
  VEC(int32_t) off, work; /* days since 1970, in order */
};
struct calendar {
  struct {
    int from, to; /* minutes of the day, in order, apart */
  } parts[OFFICE_PARTS_MAX];
  size_t part_count;
  struct day_of_year school_year, terms[TERMS_MAX]; /* first days; terms in their order within the school year */
  size_t term_count;
  VEC(struct calendar_year) years;
};

/* Hours and terms. Refuses unknown shapes. */
MUST_CHECK bool calendar_parse(struct arena *mem, struct str name, struct str yaml, struct calendar *out,
                               struct err *e);
/* Adds one year; refuses a day outside it and a year told twice. */
MUST_CHECK bool calendar_parse_year(struct arena *mem, struct str name, struct str yaml, struct calendar *io,
                                    struct err *e);
/* The calendar that was built in, read once. Borrowed for good. */
const struct calendar *calendar_known(void);

/* Weekdays work and weekends rest where a year says nothing else, also in years that are not there. */
bool calendar_works(const struct calendar *c, int32_t day);
bool calendar_announced(const struct calendar *c, int year);
int64_t calendar_day_us(const struct calendar *c); /* office time of a working day */
/* Working days in (a, b]; below zero when b lies before a. */
int64_t calendar_workdays(const struct calendar *c, int32_t a, int32_t b);
/* Office time from a to b; below zero when b lies before a. */
int64_t calendar_office_us(const struct calendar *c, int64_t a, int64_t b);
/* The moment at which so much office time has passed since (before) `from`; false beyond the years 1 to 9999. */
MUST_CHECK bool calendar_office_add(const struct calendar *c, int64_t from, int64_t us, int64_t *out);

/* Civil day and time of day of a moment; and back. */
static inline int32_t moment_day(int64_t us) {
  const int64_t civil = us + CIVIL_US;
  return (int32_t)(civil / DAY_US - (civil % DAY_US < 0));
}
static inline int64_t day_moment(int32_t day, int64_t us_of_day) {
  return (int64_t)day * DAY_US - CIVIL_US + us_of_day;
}
int64_t calendar_close(const struct calendar *c, int32_t day); /* when the office shuts on that day */
/* When somebody at the office can be told: that moment, or the next opening. The minute in which it shuts still counts. */
int64_t calendar_open(const struct calendar *c, int64_t moment);

/* date + duration. 1 months after 31 January is the last day of February; n workdays is the n-th working day after (for
 * n < 0 before). False: hours and minutes, which dates do not have, or beyond the years 1 to 9999. */
MUST_CHECK bool date_plus(const struct calendar *c, struct date d, struct duration by, struct date *out);
/* moment + duration: hours, minutes elapse; days, weeks, months keep the time of day; n workdays (n != 0) end at the close
 * of the n-th working day; workhours run in office hours. */
MUST_CHECK bool moment_plus(const struct calendar *c, int64_t moment, struct duration by, int64_t *out);
/* When a clock that starts then is due: as moment_plus, but calendar days count from the next day and end at 23:59:59. */
MUST_CHECK bool calendar_due(const struct calendar *c, int64_t start, struct duration limit, int64_t *out);
#endif
