/* Civil dates (proleptic Gregorian). A zero date is "none"; day 0 or month 0 inside a date is "unknown". */
#ifndef BASE_DATE_H
#define BASE_DATE_H
#include "base/str.h"

struct date {
  int16_t year;
  int8_t month, day;
};

static inline bool date_none(struct date d) { return d.year == 0; }
bool date_valid(struct date d);
int date_month_days(int year, int month);
int32_t date_to_days(struct date d); /* days since 1970-01-01 */
struct date date_of_days(int32_t z);
int date_cmp(struct date a, struct date b);
struct str date_iso(struct arena *a, struct date d);      /* 2026-05-20; empty for none */
struct str date_zh(struct arena *a, struct date d);       /* 2026年5月20日, 2026年5月, 2026年 */
struct str date_zh_short(struct arena *a, struct date d); /* 5月20日, of a year that is known */
/* 2026-5-18, 20260518, 2026/5/18, 2026年5月18日, and with `year` known 5月18日 and 5-18. */
bool date_parse(struct str s, int year, struct date *out);
#endif
