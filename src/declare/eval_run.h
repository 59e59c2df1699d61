/* One run of eval. Private to eval*.c. */
#ifndef DECLARE_EVAL_RUN_H
#define DECLARE_EVAL_RUN_H
#include "declare/eval.h"

struct frame { /* the element that `where`, `by` and `for` are about */
  const struct frame *up;
  const struct value *element;
  const struct type *type; /* of the set that it is from */
  struct str held;         /* its name; empty: bare names are its fields */
};
struct eval_run {
  struct arena *mem;
  const struct eval_env *env;
  struct eval_notes *notes;
  const struct frame *frame;
  int64_t steps, steps_max;
  size_t memory_max; /* of mem->taken */
  struct err *e;
};
bool eval_expr(struct eval_run *r, const struct expr *x, struct value *out);
bool eval_both(struct eval_run *r, const struct expr *x, struct value *out);
bool eval_query(struct eval_run *r, const struct expr *x, struct str held, struct value *out);
bool eval_each(struct eval_run *r, const struct expr *x, struct value *out);
bool eval_call(struct eval_run *r, const struct expr *x, struct value *out);
bool eval_aggregate(struct eval_run *r, const struct expr *x, struct value *out);
/* A field of a thing, or of each of a set. */
bool eval_member(struct eval_run *r, struct value of, const struct type *type, struct str name, struct value *out);
/* Order of two present values; codes by their list. UNLIKE where none can be told. */
enum value_order eval_order(struct eval_run *r, const struct type *t, const struct value *a, const struct value *b);
/* Counts visits of elements; refuses beyond the bound. */
bool eval_step(struct eval_run *r, size_t visits);
bool eval_overflow(struct eval_run *r); /* refuses; false */
#endif
