/* When a level of a clock fires, as a declaration says it: 2/3, -2 workdays, due, +5 workdays. */
#ifndef DECLARE_LEVEL_H
#define DECLARE_LEVEL_H
#include "declare/duration.h"

enum level_side { LEVEL_SHARE, LEVEL_BEFORE, LEVEL_DUE, LEVEL_BEHIND };
struct level {
  enum level_side side;
  int part, of;       /* LEVEL_SHARE: 0 < part < of <= 100 of the time given */
  struct duration by; /* LEVEL_BEFORE, LEVEL_BEHIND: n >= 0 */
};
/* False: it has none of these forms, or more than a million. */
MUST_CHECK bool level_parse(struct str s, struct level *out);
#endif
