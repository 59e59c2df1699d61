/* Trying an expression out on one record that is only thought of: which row of a table answers, what a computed field comes to. For
 * analysts (`gangmu system try`) and for lessons; nothing is stored. */
#ifndef DECLARE_TRIAL_H
#define DECLARE_TRIAL_H
#include "declare/package.h"

struct trial_given { /* as on the command line: cost=1200, kind=power, on=2026-03-02, none */
  struct str field, text;
};
struct trial_answer {
  struct str type, value, explained; /* explained: one line a part that was worked out on the way */
};
/* Fields that are not given are missing, computed ones are computed; there are no other records, posts or clocks. False: faults of
 * the expression were added to f, whose file is the expression itself, or *e says why it could not be worked out. */
MUST_CHECK bool trial(struct faults *f, const struct package *p, const struct world *w, struct str record,
                      struct str text, const struct trial_given *given, size_t count, int64_t now_us,
                      struct trial_answer *out, struct err *e);
#endif
