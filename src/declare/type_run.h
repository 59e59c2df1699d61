/* One run of type_check. Private to type*.c. */
#ifndef DECLARE_TYPE_RUN_H
#define DECLARE_TYPE_RUN_H
#include "declare/type.h"

struct scope { /* inside `where` and `by`, and of `for` */
  const struct scope *up;
  bool has_element; /* a bare name is a field of the element; not where it is held by a name */
  struct type element;
  struct str held; /* by `as` or `for`; empty = not */
};
struct type_run {
  struct arena *mem;
  const struct type_env *env;
  type_faults *faults;
  const struct scope *scope;
  int64_t times, cost; /* how often what is being read is worked out; what was found so far */
  int query_depth;
  bool is_live, is_looking_around;
  const struct expr *record_name; /* of `the`: a name that means all of a record */
};

/* Types x for this place; want: what it is compared with or put into, for codes and none; NULL = nothing is known. */
struct type type_expr(struct type_run *r, struct expr *x, const struct type *want);
void type_note(struct type_run *r, struct expr *x, const struct type *t); /* writes it into the node */
struct type type_both(struct type_run *r, struct expr *x);
struct type type_call(struct type_run *r, struct expr *x);
struct type type_query(struct type_run *r, struct expr *x, struct str held, const struct type *want);
/* A field of a type, over a set a set of them; tells T001. x: where the name stands. */
struct type type_member(struct type_run *r, const struct expr *x, struct type of, struct str name);
/* Has x no type without its surroundings? A code, none, a set of these. */
bool type_needs_context(const struct expr *x);
/* Types several values that have to fit each other, those that know their type first. */
struct type type_together(struct type_run *r, struct expr *const *list, size_t n, const struct type *want);

/* ---- fitting ---- */
enum fit { FIT_YES, FIT_UNIT, FIT_KIND, FIT_STEP, FIT_SET };
enum fit type_meets(const struct type_run *r, const struct type *a,
                    const struct type *b); /* two sides of a comparison */
enum fit type_fits(const struct type_run *r, const struct type *got, const struct type *want);
/* The common type of two that meet. */
struct type type_join(const struct type *a, const struct type *b);
bool type_is_text(const struct type *t); /* text, or a code of no list */
static inline bool type_is(const struct type *t, enum kind k) {
  return !t->set && (t->kind == k || t->kind == KIND_BAD);
}
/* Fits every single value: the word none, or what a fault was told of. */
static inline bool type_is_any(const struct type *t) {
  return t->kind == KIND_BAD || (t->kind == KIND_NONE && !t->set);
}
static inline bool type_is_bad(const struct type *t) { return t->kind == KIND_BAD; }
struct ratio step_join(struct ratio a, struct ratio b, bool *io_fraction);
struct type number_bare(struct ratio step);

/* ---- telling; each returns KIND_BAD ---- */
struct type_fault *type_tell(struct type_run *r, enum fault_code code, int msg, const struct expr *x);
void type_arg(struct type_fault *f, const char *hole, struct str value);
struct type tell_two(struct type_run *r, enum fit fit, const struct expr *x, const struct type *a,
                     const struct type *b);
struct type tell_wanted(struct type_run *r, const struct expr *x, const struct type *got, struct str wanted);
void tell_near(struct type_run *r, struct type_fault *f, const struct nearest *n);
struct str type_said(struct type_run *r, const struct type *t);

/* Walking over a set: counts the visits and refuses one that nothing narrows. */
void type_walk(struct type_run *r, const struct expr *x, const struct type *set);
#endif
