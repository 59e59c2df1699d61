/* Periods as year and number. The first day of each is worked out from the pair, its last day from the next one's first. */
#include "declare/period.h"

#include "base/must.h"

static const struct str words[PERIOD_KIND_COUNT] = {
#define X(word) STR_INIT(#word),
    PERIOD_KINDS(X)
#undef X
};
bool period_kind_of(struct str word, enum period_kind *out) {
  for (size_t i = 0; i < PERIOD_KIND_COUNT; i++)
    if (str_eq(word, words[i])) {
      *out = (enum period_kind)i;
      return true;
    }
  return false;
}
struct str period_kind_word(enum period_kind kind) {
  return words[kind];
}

static struct date day_in(int year, struct day_of_year d) { return (struct date){(int16_t)year, d.month, d.day}; }

/* Monday of the first week of a year: the week with 4 January (ISO 8601). */
static int32_t first_monday(int year) {
  const int32_t day = date_to_days((struct date){(int16_t)year, 1, 4});
  return day - (day % 7 + 10) % 7;
}
/* A term's first day: those before the school year's first day in the calendar lie in the following year. */
static struct date term_start(const struct calendar *c, int year, int n) {
  const struct day_of_year d = c->terms[n - 1], s = c->school_year;
  const bool is_later = d.month > s.month || (d.month == s.month && d.day >= s.day);
  return day_in(year + !is_later, d);
}

struct date period_start(const struct calendar *c, struct period p) {
  switch (p.kind) {
    case PERIOD_week: return date_of_days(first_monday(p.year) + 7 * (p.n - 1));
    case PERIOD_month: return (struct date){p.year, (int8_t)p.n, 1};
    case PERIOD_quarter: return (struct date){p.year, (int8_t)(p.n * 3 - 2), 1};
    case PERIOD_term: return term_start(c, p.year, p.n);
    case PERIOD_school_year: return day_in(p.year, c->school_year);
    default: return (struct date){p.year, 1, 1};
  }
}
static int last_number(const struct calendar *c, enum period_kind kind, int year) {
  switch (kind) {
    case PERIOD_week: return (first_monday(year + 1) - first_monday(year)) / 7;
    case PERIOD_month: return 12;
    case PERIOD_quarter: return 4;
    case PERIOD_term: return (int)c->term_count;
    default: return 0;
  }
}
struct period period_step(const struct calendar *c, struct period p, int by) {
  for (; by > 0; by--)
    if (p.n == last_number(c, p.kind, p.year)) p = (struct period){p.kind, (int16_t)(p.year + 1), p.n > 0};
    else p.n++;
  for (; by < 0; by++)
    if (p.n <= 1) p = (struct period){p.kind, (int16_t)(p.year - 1), (int16_t)last_number(c, p.kind, p.year - 1)};
    else p.n--;
  return p;
}
struct date period_end(const struct calendar *c, struct period p) {
  return date_of_days(date_to_days(period_start(c, period_step(c, p, 1))) - 1);
}

struct period period_of(const struct calendar *c, enum period_kind kind, struct date d) {
  struct period p = {kind, d.year, 0};
  const bool has_number = last_number(c, kind, d.year) > 0;
  if (kind == PERIOD_month) p.n = d.month;
  else if (kind == PERIOD_quarter) p.n = (int16_t)((d.month + 2) / 3);
  else if (kind != PERIOD_year) {
    if (has_number) p.n = 1;
    p.year++; /* begins after the day, or with it */
    while (date_cmp(period_start(c, p), d) > 0) p = period_step(c, p, -1);
  }
  return p;
}
int period_cmp(struct period a, struct period b) {
  const int x = a.year * 100 + a.n, y = b.year * 100 + b.n;
  return (x > y) - (x < y);
}

struct str period_text(struct arena *mem, struct period p) {
  if (!p.n) return str_fmt(mem, "%04d", p.year);
  const bool two = p.kind == PERIOD_week || p.kind == PERIOD_month;
  return str_fmt(mem, "%04d-%0*d", p.year, two ? 2 : 1, p.n);
}
bool period_parse(const struct calendar *c, enum period_kind kind, struct str s, struct period *out) {
  struct str head = s, tail = {0};
  int64_t year, n = 0;
  const bool has_number = str_cut(s, STR("-"), &head, &tail);
  if (head.len != 4 || !str_to_int(head, &year) || year < 1 || year > 9998) return false;
  const int last = last_number(c, kind, (int)year);
  if (has_number != (last > 0)) return false;
  const size_t width = kind == PERIOD_week || kind == PERIOD_month ? 2 : 1;
  if (has_number && (tail.len != width || !str_to_int(tail, &n) || n < 1 || n > last)) return false;
  *out = (struct period){kind, (int16_t)year, (int16_t)n};
  return true;
}
