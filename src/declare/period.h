/* Periods: a week, month, quarter, term, school year or year. Text: 2026-09 (week of ISO 8601, month), 2026-1 (quarter, term),
 * 2026 (school year by the year in which it begins, year); a kind's texts sort as the periods do. */
#ifndef DECLARE_PERIOD_H
#define DECLARE_PERIOD_H
#include "declare/calendar.h"

#define PERIOD_KINDS(X) X(week) X(month) X(quarter) X(term) X(school_year) X(year)
enum period_kind {
#define X(word) PERIOD_##word,
  PERIOD_KINDS(X)
#undef X
      PERIOD_KIND_COUNT
};
struct period {
  enum period_kind kind;
  int16_t year;
  int16_t n; /* from 1; 0 for years */
};
bool period_kind_of(struct str word, enum period_kind *out);
struct str period_kind_word(enum period_kind kind);
/* The one that holds the day. */
struct period period_of(const struct calendar *c, enum period_kind kind, struct date d);
struct date period_start(const struct calendar *c, struct period p);
struct date period_end(const struct calendar *c, struct period p); /* its last day */
struct period period_step(const struct calendar *c, struct period p,
                          int by);                /* by 1: the next; by -1: the one before */
int period_cmp(struct period a, struct period b); /* of one kind */
MUST_CHECK bool period_parse(const struct calendar *c, enum period_kind kind, struct str s, struct period *out);
struct str period_text(struct arena *mem, struct period p);
#endif
