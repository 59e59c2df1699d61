/* What numbers count and measure: 元, 所, m², 元/kg. Each counting unit is a dimension of its own; others may be made of
 * some (kg = 1000 g, % = 0.01). Data: rules/units.yaml. */
#ifndef DECLARE_UNITS_H
#define DECLARE_UNITS_H
#include "base/err.h"
#include "base/vec.h"
#include "declare/ratio.h"

enum { UNIT_FACTORS = 4, UNIT_POWER_MAX = 6, UNITS_MAX = 250 };
struct dimension { /* a product of powers of base units, by number; all zero = a bare number */
  uint8_t unit[UNIT_FACTORS];
  int8_t power[UNIT_FACTORS];
};
struct unit_known {
  struct str name;
  bool is_counting;
  struct ratio factor; /* of what it is made of; 1 for a base unit */
  struct dimension of;
};
struct units {
  struct str money;             /* what the type money is counted in */
  VEC(struct unit_known) known; /* element i is base unit i + 1, if it is one */
};
/* Refuses a word told twice and a unit made of unknown ones. Texts stay views of what yaml_parse made in mem. */
MUST_CHECK bool units_parse(struct arena *mem, struct str yaml, struct units *out, struct err *e);
/* "元", "元/kg", "": false if a word is unknown or there are too many factors. */
MUST_CHECK bool units_read(const struct units *u, struct str said, struct dimension *out, struct ratio *out_factor);
static inline bool dimension_bare(struct dimension d) { return d.power[0] == 0; }
bool dimension_same(struct dimension a, struct dimension b);
/* a * b, or a / b. False: too many factors. */
MUST_CHECK bool dimension_mul(struct dimension a, struct dimension b, bool divide, struct dimension *out);
/* One counting unit and nothing else: 所, 人. */
bool dimension_counts(const struct units *u, struct dimension d);
/* 元, 元/g, m²; empty for a bare number. New, in mem. */
struct str dimension_text(struct arena *mem, const struct units *u, struct dimension d);
#endif
