/* Civil dates without time zones: conversion to day numbers by eras of 400 years, and the reading of the ways in
 * which people write a day. A date that does not exist is refused, never moved to the next one. */
#include "base/date.h"

#include "base/utf8.h"

static bool leap(int y) { return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0; }

int date_month_days(int year, int month) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12) return 0;
  return days[month - 1] + (month == 2 && leap(year));
}

bool date_valid(struct date d) {
  return d.year >= 1 && d.year <= 9999 && d.month >= 1 && d.month <= 12 && d.day >= 1 &&
         d.day <= date_month_days(d.year, d.month);
}

/* Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms" (2014): eras of 400 years from 1 March. */
int32_t date_to_days(struct date d) {
  const int y = d.year - (d.month <= 2);
  const int era = (y >= 0 ? y : y - 399) / 400;
  const int yoe = y - era * 400;
  const int doy = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;
  const int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146097 + doe - 719468;
}

struct date date_of_days(int32_t z) {
  z += 719468;
  const int era = (z >= 0 ? z : z - 146096) / 146097;
  const int doe = z - era * 146097;
  const int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const int mp = (5 * doy + 2) / 153;
  const int month = mp < 10 ? mp + 3 : mp - 9;
  return (struct date){(int16_t)(yoe + era * 400 + (month <= 2)), (int8_t)month,
                       (int8_t)(doy - (153 * mp + 2) / 5 + 1)};
}

int date_cmp(struct date a, struct date b) {
  const int x = a.year * 10000 + a.month * 100 + a.day, y = b.year * 10000 + b.month * 100 + b.day;
  return (x > y) - (x < y);
}

/* A list says a date a row: by hand it is a tenth of what printf needs. Puts n with at least so many digits and what stands
 * behind it; returns where it ends. */
enum { DATE_BYTES = 24 };
static char *put(char *p, int n, int least, const char *behind) {
  char digits[8];
  int at = sizeof digits;
  for (; n > 0 || least > 0; n /= 10, least--) digits[--at] = (char)('0' + n % 10);
  memcpy(p, digits + at, sizeof digits - (size_t)at);
  p += sizeof digits - (size_t)at;
  while (*behind) *p++ = *behind++;
  return p;
}
struct str date_iso(struct arena *a, struct date d) {
  if (d.year <= 0) return (struct str){0};
  char *z = arena_take(a, DATE_BYTES), *p = put(z, d.year, 4, d.month ? "-" : "");
  if (d.month) p = put(p, d.month, 2, d.day ? "-" : "");
  if (d.month && d.day) p = put(p, d.day, 2, "");
  return (struct str){z, (size_t)(p - z)};
}

struct str date_zh(struct arena *a, struct date d) {
  if (d.year <= 0) return (struct str){0};
  char *z = arena_take(a, DATE_BYTES), *p = put(z, d.year, 1, "年");
  if (d.month) p = put(p, d.month, 1, "月");
  if (d.month && d.day) p = put(p, d.day, 1, "日");
  return (struct str){z, (size_t)(p - z)};
}

struct str date_zh_short(struct arena *a, struct date d) {
  char *z = arena_take(a, DATE_BYTES), *p = put(put(z, d.month, 1, "月"), d.day, 1, "日");
  return (struct str){z, (size_t)(p - z)};
}

/* Reads numbers with anything but digits between them; full-width digits count. */
static size_t read_numbers(struct str s, int *out, size_t most, size_t *out_first_width) {
  size_t n = 0, width = 0;
  bool in = false;
  for (size_t i = 0; i < s.len;) {
    const uint32_t c = utf8_next(s, &i);
    if (!is_digit(c)) {
      in = false;
      continue;
    }
    if (!in && n == most) return most + 1;
    if (!in) out[n++] = 0;
    in = true;
    if (n == 1) width++;
    if (out[n - 1] > 99999999) return most + 1;
    out[n - 1] = out[n - 1] * 10 + (int)(c >= 0xFF10 ? c - 0xFF10 : c - '0');
  }
  *out_first_width = width;
  return n;
}

bool date_parse(struct str s, int year, struct date *out) {
  s = str_trim(s);
  int n[3];
  size_t width = 0;
  if (!utf8_valid(s)) return false;
  const size_t count = read_numbers(s, n, 3, &width);
  struct date d = {0};
  if (count == 1 && width == 8)
    d = (struct date){(int16_t)(n[0] / 10000), (int8_t)(n[0] / 100 % 100), (int8_t)(n[0] % 100)};
  else if (count == 3 && width == 4 && n[1] < 13 && n[2] < 32)
    d = (struct date){(int16_t)n[0], (int8_t)n[1], (int8_t)n[2]};
  else if (count == 2 && width <= 2 && year && n[0] < 13 && n[1] < 32)
    d = (struct date){(int16_t)year, (int8_t)n[0], (int8_t)n[1]};
  if (!date_valid(d)) return false;
  *out = d;
  return true;
}
