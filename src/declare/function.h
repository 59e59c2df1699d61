/* The functions of expressions: one table for the checker and the evaluator. A package cannot add to it. */
#ifndef DECLARE_FUNCTION_H
#define DECLARE_FUNCTION_H
#include "declare/expr.h"

/* name, least and most arguments (at: not counted), the form of the arguments: lower case a value, upper case a label. The
 * last letter holds for all that follow.
 *   s a set · n number · t text · d date or moment · c code · p person · u unit · f flag · l place · x any value
 *   C clock · A act · S state · T table · W table of keywords · H sheet · R record · L role · M measure · F field */
#define FUNCTIONS(X)          \
  X(count, 1, 1, "s")         \
  X(sum, 1, 1, "x")           \
  X(min, 1, 9, "x")           \
  X(max, 1, 9, "x")           \
  X(mean, 1, 1, "s")          \
  X(median, 1, 1, "s")        \
  X(quantile, 2, 2, "sn")     \
  X(stdev, 1, 1, "s")         \
  X(cv, 1, 1, "s")            \
  X(trimmed_mean, 2, 2, "sn") \
  X(share, 1, 1, "s")         \
  X(rank, 2, 2, "xs")         \
  X(distinct, 1, 1, "s")      \
  X(first, 1, 1, "s")         \
  X(last, 1, 1, "s")          \
  X(exists, 1, 1, "s")        \
  X(the, 1, 1, "s")           \
  X(all, 1, 1, "R")           \
  X(round, 1, 2, "nn")        \
  X(floor, 2, 2, "nn")        \
  X(ceil, 2, 2, "nn")         \
  X(abs, 1, 1, "x")           \
  X(look, 2, 9, "Tx")         \
  X(classify, 2, 2, "Wt")     \
  X(band, 2, 2, "Hn")         \
  X(next, 1, 1, "c")          \
  X(previous, 1, 1, "c")      \
  X(date, 1, 1, "d")          \
  X(year, 1, 1, "d")          \
  X(quarter, 1, 1, "d")       \
  X(month, 1, 1, "d")         \
  X(week, 1, 1, "d")          \
  X(term, 1, 1, "d")          \
  X(school_year, 1, 1, "d")   \
  X(workdays, 2, 2, "d")      \
  X(age, 2, 2, "d")           \
  X(span, 2, 2, "d")          \
  X(times, 1, 1, "A")         \
  X(did, 1, 1, "A")           \
  X(entered, 1, 1, "S")       \
  X(since, 1, 1, "S")         \
  X(clock, 1, 1, "C")         \
  X(holders, 1, 2, "Lu")      \
  X(persons, 1, 9, "p")       \
  X(guardian_of, 1, 1, "p")   \
  X(adviser_of, 1, 1, "p")    \
  X(head_of, 1, 1, "u")       \
  X(worked_at, 3, 3, "pux")   \
  X(related, 2, 2, "px")      \
  X(pupils, 1, 2, "xx")       \
  X(person_of, 1, 1, "t")     \
  X(unit_of, 1, 1, "t")       \
  X(text, 1, 1, "x")          \
  X(len, 1, 1, "t")           \
  X(contains, 2, 2, "t")      \
  X(starts, 2, 2, "t")        \
  X(mask, 1, 1, "t")          \
  X(has_personal, 1, 1, "t")  \
  X(distance, 2, 2, "l")      \
  X(gauge, 1, 3, "Mux")       \
  X(closure, 2, 2, "xF")      \
  X(gains, 4, 4, "sF")
enum function {
  FUNCTION_none, /* not a function: called on something, or `round(name)` */
#define X(word, least, most, form) FUNCTION_##word,
  FUNCTIONS(X)
#undef X
      FUNCTION_asked_round, /* round(name) */
  FUNCTION_COUNT
};
enum { FUNCTION_ARGS_MAX = 9 };
struct function_form {
  struct str name;
  int least, most;
  const char *form;
};
const struct function_form *function_form(enum function f); /* of one in the table */
enum function function_find(struct str name);               /* FUNCTION_none: there is none */
/* The letter of the argument, see above. */
char function_letter(enum function f, size_t arg);
#endif
