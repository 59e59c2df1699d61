/* Numbers as declarations say them: 云教联〔{yyyy}〕{seq}号, WT{yyyy}-{seq:5}; and the number under which a paper can be verified. */
#ifndef DECLARE_NUMBER_H
#define DECLARE_NUMBER_H
#include "base/date.h"

enum number_part_kind { NUMBER_TEXT, NUMBER_YEAR, NUMBER_MONTH, NUMBER_DAY, NUMBER_COUNTER, NUMBER_BAD };
struct number_part {
  enum number_part_kind kind;
  struct str text; /* as written, a hole without its braces */
  int width;       /* COUNTER: least digits */
};
/* The part of the pattern that begins at *at, which is moved behind it. False at the end. BAD: no hole that is known. */
bool number_next(struct str pattern, size_t *at, struct number_part *out);
/* What stands before the counter, with the day filled in: a counter counts for each of these, so that it begins anew when one of
 * them changes. All of it when nothing is counted. New, in mem. */
struct str number_series(struct arena *mem, struct str pattern, struct date day);
/* The number itself; a counter that needs more digits than its width gets them. New, in mem. */
struct str number_text(struct arena *mem, struct str pattern, struct date day, int64_t count);

/* 16 digits in groups of four, the last one the check digit of ISO 7064 MOD 11,10 (GB/T 17710), made of what `chance` holds: 10^15
 * numbers, so that none is found by trying. */
struct str verify_number(struct arena *mem, uint64_t chance);
/* The digits of a number that somebody typed, blanks and dashes left out; empty when it is none: a wrong digit or two that were
 * exchanged do not pass. New, in mem. */
struct str verify_read(struct arena *mem, struct str typed);
#endif
