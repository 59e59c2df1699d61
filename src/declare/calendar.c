/* Working time. A day is its number since 1970, a moment microseconds; office time within a day is the overlap with the
 * parts of the office hours, whole days between are counted. */
#include "declare/calendar.h"

#include "base/must.h"

static const int64_t MINUTE_US = 60 * SECOND_US;
enum { FIRST_DAY = -719162, LAST_DAY = 2932896 }; /* 0001-01-01, 9999-12-31 */

/* ---- days ---- */

static const struct calendar_year *year_of(const struct calendar *c, int year) {
  vec_each(const struct calendar_year, y, &c->years)
    if (y->year == year) return y;
  return NULL;
}
static bool has_day(const int32_t *at, size_t n, int32_t day) {
  for (size_t i = 0; i < n; i++)
    if (at[i] == day) return true;
  return false;
}
static bool is_weekend(int32_t day) {
  const int weekday = (int)((day % 7 + 10) % 7); /* 0 = Monday; 1970-01-01 was a Thursday */
  return weekday > 4;
}
static bool works_in(const struct calendar_year *y, int32_t day) {
  if (y && has_day(y->off.at, y->off.len, day)) return false;
  return (y && has_day(y->work.at, y->work.len, day)) || !is_weekend(day);
}
bool calendar_works(const struct calendar *c, int32_t day) { return works_in(year_of(c, date_of_days(day).year), day); }
bool calendar_announced(const struct calendar *c, int year) {
  const struct calendar_year *y = year_of(c, year);
  return y && y->is_announced;
}

/* Weekdays among the first n days from Monday 1969-12-29 on; n may be below zero. */
static int64_t weekdays_before(int64_t n) {
  const int64_t weeks = n / 7 - (n % 7 < 0), rest = n - weeks * 7;
  return weeks * 5 + (rest < 5 ? rest : 5);
}
/* Working days in (a, b], a <= b: weekdays, less those off, more weekends at work. */
static int64_t workdays_up(const struct calendar *c, int32_t a, int32_t b) {
  enum { MONDAY = -3 };
  int64_t n = weekdays_before((int64_t)b + 1 - MONDAY) - weekdays_before((int64_t)a + 1 - MONDAY);
  vec_each(const struct calendar_year, y, &c->years) {
    vec_each(const int32_t, d, &y->off) n -= *d > a && *d <= b && !is_weekend(*d);
    vec_each(const int32_t, d, &y->work) n += *d > a && *d <= b && is_weekend(*d);
  }
  return n;
}
int64_t calendar_workdays(const struct calendar *c, int32_t a, int32_t b) {
  return a <= b ? workdays_up(c, a, b) : -workdays_up(c, b, a);
}

/* The n-th working day after, or for n < 0 before. */
static bool add_workdays(const struct calendar *c, int32_t day, int64_t n, int32_t *out) {
  const int step = n < 0 ? -1 : 1;
  if (n > CALENDAR_WORKDAYS_MAX || n < -CALENDAR_WORKDAYS_MAX) return false;
  while (n) {
    day += step;
    if (day < FIRST_DAY || day > LAST_DAY) return false;
    if (calendar_works(c, day)) n -= step;
  }
  *out = day;
  return true;
}

/* ---- office time ---- */

int64_t calendar_day_us(const struct calendar *c) {
  int64_t us = 0;
  for (size_t i = 0; i < c->part_count; i++) us += (c->parts[i].to - c->parts[i].from) * MINUTE_US;
  return us;
}
int64_t calendar_close(const struct calendar *c, int32_t day) {
  return day_moment(day, c->parts[c->part_count - 1].to * MINUTE_US);
}
/* The first opening of that day behind the minute; -1 = none any more. */
static int opening_from(const struct calendar *c, int64_t minute) {
  for (size_t i = 0; i < c->part_count; i++)
    if (minute <= c->parts[i].from) return c->parts[i].from;
  return -1;
}
static bool is_open(const struct calendar *c, int64_t minute) {
  for (size_t i = 0; i < c->part_count; i++)
    if (minute >= c->parts[i].from && minute <= c->parts[i].to) return true;
  return false;
}
int64_t calendar_open(const struct calendar *c, int64_t moment) {
  int32_t day = moment_day(moment);
  int64_t minute = (moment - day_moment(day, 0)) / MINUTE_US;
  if (calendar_works(c, day) && is_open(c, minute)) return moment;
  for (; day < LAST_DAY; day++, minute = 0) {
    const int opening = opening_from(c, minute);
    if (calendar_works(c, day) && opening >= 0) return day_moment(day, opening * MINUTE_US);
  }
  return moment;
}
static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
/* Office time of a working day that has passed at this time of day. */
static int64_t passed(const struct calendar *c, int64_t us_of_day) {
  int64_t us = 0;
  for (size_t i = 0; i < c->part_count; i++) {
    const int64_t from = c->parts[i].from * MINUTE_US, to = c->parts[i].to * MINUTE_US;
    if (us_of_day > from) us += least(us_of_day, to) - from;
  }
  return us;
}
/* The time of day at which so much of it has passed: the earliest. */
static int64_t time_passed(const struct calendar *c, int64_t us) {
  for (size_t i = 0; i < c->part_count; i++) {
    const int64_t from = c->parts[i].from * MINUTE_US, long_us = c->parts[i].to * MINUTE_US - from;
    if (us <= long_us) return from + us;
    us -= long_us;
  }
  return c->parts[c->part_count - 1].to * MINUTE_US;
}
static int64_t us_of_day(int64_t moment) { return moment - day_moment(moment_day(moment), 0); }
static int64_t passed_at(const struct calendar *c, int64_t moment) {
  return calendar_works(c, moment_day(moment)) ? passed(c, us_of_day(moment)) : 0;
}

int64_t calendar_office_us(const struct calendar *c, int64_t a, int64_t b) {
  if (a > b) return -calendar_office_us(c, b, a);
  const int32_t from = moment_day(a), to = moment_day(b);
  /* whole days from the first up to, not with, the last; less what had passed of the first, more what has of the last */
  const int64_t whole = workdays_up(c, from - 1, to - 1) * calendar_day_us(c);
  return whole - passed_at(c, a) + passed_at(c, b);
}

bool calendar_office_add(const struct calendar *c, int64_t from, int64_t us, int64_t *out) {
  const int64_t each = calendar_day_us(c);
  if (!us) {
    *out = from;
    return true;
  }
  int32_t day = moment_day(from);
  const bool works = calendar_works(c, day);
  const int64_t at = us + passed_at(c, from); /* office time since the beginning of `day` */
  int64_t days = at / each - (at % each < 0), rest = at - days * each;
  if (us > 0 && !rest) { /* it ends with a day, not at the beginning of the next */
    days--;
    rest = each;
  }
  if (!works && days >= 0) days++; /* a day of rest stands before the first working day */
  if (days && !add_workdays(c, day, days, &day)) return false;
  *out = day_moment(day, time_passed(c, rest));
  return true;
}

/* ---- durations ---- */

static bool date_plus_days(struct date d, int64_t n, struct date *out) {
  if (n > LAST_DAY || n < -LAST_DAY) return false;
  const int64_t day = date_to_days(d) + n;
  if (day < FIRST_DAY || day > LAST_DAY) return false;
  *out = date_of_days((int32_t)day);
  return true;
}
static bool date_plus_months(struct date d, int64_t n, struct date *out) {
  enum { MONTHS_MOST = 12 * 9999 };
  if (n > MONTHS_MOST || n < -MONTHS_MOST) return false;
  const int64_t months = (int64_t)d.year * 12 + d.month - 1 + n;
  if (months < 12 || months >= 12 * 10000) return false;
  const int year = (int)(months / 12), month = (int)(months % 12) + 1, last = date_month_days(year, month);
  *out = (struct date){(int16_t)year, (int8_t)month, (int8_t)(d.day < last ? d.day : last)};
  return true;
}
static bool times(int64_t n, int64_t by, int64_t *out) { return !__builtin_mul_overflow(n, by, out); }

bool date_plus(const struct calendar *c, struct date d, struct duration by, struct date *out) {
  int64_t n;
  int32_t day;
  switch (by.unit) {
    case DURATION_days: return date_plus_days(d, by.n, out);
    case DURATION_weeks: return times(by.n, 7, &n) && date_plus_days(d, n, out);
    case DURATION_months: return date_plus_months(d, by.n, out);
    case DURATION_years: return times(by.n, 12, &n) && date_plus_months(d, n, out);
    case DURATION_workdays:
      if (!add_workdays(c, date_to_days(d), by.n, &day)) return false;
      *out = date_of_days(day);
      return true;
    default: return false;
  }
}

static bool moment_plus_us(int64_t moment, int64_t n, int64_t each, int64_t *out) {
  int64_t us, sum;
  if (!times(n, each, &us) || __builtin_add_overflow(moment, us, &sum)) return false;
  if (sum / DAY_US < FIRST_DAY + 1 || sum / DAY_US > LAST_DAY - 1) return false;
  *out = sum;
  return true;
}
bool moment_plus(const struct calendar *c, int64_t moment, struct duration by, int64_t *out) {
  int64_t us;
  struct date d;
  switch (by.unit) {
    case DURATION_seconds: return moment_plus_us(moment, by.n, SECOND_US, out);
    case DURATION_minutes: return moment_plus_us(moment, by.n, MINUTE_US, out);
    case DURATION_hours: return moment_plus_us(moment, by.n, 60 * MINUTE_US, out);
    case DURATION_workminutes: return times(by.n, MINUTE_US, &us) && calendar_office_add(c, moment, us, out);
    case DURATION_workhours: return times(by.n, 60 * MINUTE_US, &us) && calendar_office_add(c, moment, us, out);
    default: break;
  }
  if (!by.n) {
    *out = moment;
    return true;
  }
  if (!date_plus(c, date_of_days(moment_day(moment)), by, &d)) return false;
  const int32_t day = date_to_days(d);
  *out = by.unit == DURATION_workdays ? calendar_close(c, day) : day_moment(day, us_of_day(moment));
  return true;
}
bool calendar_due(const struct calendar *c, int64_t start, struct duration limit, int64_t *out) {
  const enum duration_family family = duration_family(limit.unit);
  struct date d;
  if (family != DURATION_DAY && family != DURATION_MONTH) return moment_plus(c, start, limit, out);
  if (!date_plus(c, date_of_days(moment_day(start)), limit, &d)) return false;
  *out = day_moment(date_to_days(d), DAY_US - SECOND_US);
  return true;
}
