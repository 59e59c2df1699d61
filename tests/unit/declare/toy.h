/* A small world for expressions: a record `task` with every kind of field, parts, lines, a table, a book, a clock. */
#ifndef UNIT_DECLARE_TOY_H
#define UNIT_DECLARE_TOY_H
#include "declare/eval.h"

/* Units of rules/units.yaml; in mem. */
const struct units *toy_units(struct arena *mem);
/* About a `task`; budget 100000. */
struct type_env toy_types(const struct units *u);
/* The type that is written so: "money", "choice(grade)", "set(10) rows(line)"; for what a field wants. */
struct type toy_type(const struct units *u, const char *spec);
/* The same world with values: task 1 and 2, their parts and lines; now is 2026-03-02 09:00. What it makes lives in mem. */
struct eval_env toy_values(struct arena *mem, const struct units *u);
#endif
