/* A compiled plan as a list of facts in the words of the case files, and the matching of an expected line. */
#ifndef TESTS_CASES_FACTS_H
#define TESTS_CASES_FACTS_H
#include "engine/plan/plan.h"

/* target @1.2 41 所 eq hard "竣工学校41所": a keyword and tokens. Pairs such as `from 300` are one token. */
struct fact_token {
  struct str name; /* "from", "path"; empty for a plain word */
  struct str text;
  bool quoted;
  bool part; /* an expected text may be a part of this one */
};
struct fact {
  struct str keyword;
  VEC(struct fact_token) tokens;
};
typedef VEC(struct fact) facts;

void facts_of_plan(struct arena *mem, struct plan *p, facts *out);
/* Reads one expected line; false when it is not well formed. */
bool fact_parse(struct arena *mem, struct str line, struct fact *out);
/* Every token of `want` stands in `have`; order does not matter after the keyword. */
bool fact_matches(const struct fact *want, const struct fact *have);
struct str fact_says(struct arena *mem, const struct fact *f);
#endif
