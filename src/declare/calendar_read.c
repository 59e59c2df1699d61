/* rules/calendar: office.yaml tells hours and terms, one file a year tells what differs from the week. */
#include <pthread.h>

#include "base/embed.h"
#include "base/must.h"
#include "base/yaml.h"
#include "declare/calendar.h"
#include "texts.h"

static bool refuse(struct str name, const struct yaml *y, struct err *e) {
  (void)fail(e, ERR_INVALID, MSG_calendar_rule, "text", y ? y->text : STR("?"));
  return err_at(e, name, y ? y->line : 0, y ? y->column : 0);
}

/* Two numbers of two digits around a sign: 08:30, 09-01. */
static bool two_numbers(struct str s, char sign, int *out_a, int *out_b) {
  int64_t a, b;
  if (s.len != 5 || s.at[2] != sign) return false;
  if (!str_to_int(str_slice(s, 0, 2), &a) || !str_to_int(str_slice(s, 3, 5), &b) || a < 0 || b < 0) return false;
  *out_a = (int)a;
  *out_b = (int)b;
  return true;
}
static bool read_minutes(struct str s, int *out) {
  int hour, minute;
  if (!two_numbers(s, ':', &hour, &minute) || minute > 59 || hour * 60 + minute > 24 * 60) return false;
  *out = hour * 60 + minute;
  return true;
}
static bool read_part(struct calendar *c, struct str s) {
  struct str from, to;
  int a, b;
  if (c->part_count == OFFICE_PARTS_MAX || !str_cut(s, STR("-"), &from, &to)) return false;
  if (!read_minutes(from, &a) || !read_minutes(to, &b) || a >= b) return false;
  if (c->part_count && c->parts[c->part_count - 1].to > a) return false;
  c->parts[c->part_count].from = a;
  c->parts[c->part_count++].to = b;
  return true;
}
static bool read_day(struct str s, struct day_of_year *out) {
  int month, day;
  if (!two_numbers(s, '-', &month, &day) || !day || day > date_month_days(2001, month)) return false;
  *out = (struct day_of_year){(int8_t)month, (int8_t)day};
  return true;
}

bool calendar_parse(struct arena *mem, struct str name, struct str yaml, struct calendar *out, struct err *e) {
  struct yaml *root;
  struct calendar c = {0};
  TRY(yaml_parse(mem, name, yaml, &root, e));
  const struct yaml *hours = yaml_get(root, "hours"), *school = yaml_get(root, "school_year");
  const struct yaml *terms = yaml_get(root, "terms");
  if (!hours || !hours->child || !school || !terms || !terms->child) return refuse(name, root, e);
  for (const struct yaml *y = hours->child; y; y = y->next)
    if (!read_part(&c, y->text)) return refuse(name, y, e);
  if (!read_day(school->text, &c.school_year)) return refuse(name, school, e);
  for (const struct yaml *y = terms->child; y; y = y->next)
    if (c.term_count == TERMS_MAX || !read_day(y->text, &c.terms[c.term_count++])) return refuse(name, y, e);
  *out = c;
  return true;
}

/* 01-04, or 02-15..02-23 */
static bool read_days(struct arena *mem, struct calendar_year *year, const struct yaml *list, bool off) {
  for (const struct yaml *y = list ? list->child : NULL; y; y = y->next) {
    struct str first = y->text, last = y->text;
    struct day_of_year a, b;
    (void)str_cut(y->text, STR(".."), &first, &last);
    if (!read_day(first, &a) || !read_day(last, &b)) return false;
    const int32_t from = date_to_days((struct date){(int16_t)year->year, a.month, a.day});
    const int32_t to = date_to_days((struct date){(int16_t)year->year, b.month, b.day});
    for (int32_t d = from; d <= to; d++) vec_push(mem, off ? &year->off : &year->work) = d;
  }
  return true;
}
bool calendar_parse_year(struct arena *mem, struct str name, struct str yaml, struct calendar *io, struct err *e) {
  struct yaml *root;
  int64_t n;
  TRY(yaml_parse(mem, name, yaml, &root, e));
  const struct yaml *year = yaml_get(root, "year"), *state = yaml_get(root, "state");
  if (!year || !str_to_int(year->text, &n) || n < 1 || n > 9999 || !state) return refuse(name, root, e);
  vec_each(const struct calendar_year, known, &io->years)
    if (known->year == n) return refuse(name, year, e);
  struct calendar_year y = {.year = (int)n, .is_announced = str_eqz(state->text, "announced")};
  const struct yaml *off = yaml_get(root, "off"), *work = yaml_get(root, "work");
  if (!read_days(mem, &y, off, true) || !read_days(mem, &y, work, false)) return refuse(name, root, e);
  vec_push(mem, &io->years) = y;
  return true;
}

/* house: allow mutable - set once and never again */
static struct {
  pthread_once_t once;
  struct arena mem;
  struct calendar calendar;
} built_in = {.once = PTHREAD_ONCE_INIT};

static void read_built_in(void) {
  struct err e = {0};
  size_t n;
  const struct embedded *office = embed_find(STR("rules/calendar/office.yaml")), *all = embed_all(&n);
  must(office && calendar_parse(&built_in.mem, str_of(office->path), office->bytes, &built_in.calendar, &e));
  for (size_t i = 0; i < n; i++) {
    const struct str path = str_of(all[i].path);
    if (!str_starts(path, STR("rules/calendar/")) || all + i == office) continue;
    must(calendar_parse_year(&built_in.mem, path, all[i].bytes, &built_in.calendar, &e));
  }
}
const struct calendar *calendar_known(void) {
  must(pthread_once(&built_in.once, read_built_in) == 0);
  return &built_in.calendar;
}
