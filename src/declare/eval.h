/* Working out of a checked expression. Things and sets come from an environment; everything else is done here: exact,
 * three-valued, with a bound on the steps. The same tree may be worked out many times and by several threads. */
#ifndef DECLARE_EVAL_H
#define DECLARE_EVAL_H
#include "base/err.h"
#include "declare/rules_table.h"
#include "declare/type.h"

/* `field = value` in the conditions of all(record): an environment may use some to find fewer. */
struct equality {
  struct str field;
  struct value value; /* present */
};
struct
    eval_held { /* what `each … as name` around the expression holds; such names go before those of the environment */
  struct str name;
  struct value value;
  const struct eval_held *up;
};
struct eval_env {
  void *world;                  /* for the functions below */
  const struct eval_held *held; /* the inmost; NULL = none */
  const struct units *units;
  const struct calendar *calendar;
  int64_t now;               /* one value for the whole */
  struct date reference_day; /* which version of a table is in force */
  struct value self;         /* whose fields bare names are */
  const struct type *self_type;

  /* Each writes *out and returns true, a missing value being one; false is a failure told in e. Texts and sets that they write
   * live in mem. Types are those that type_check wrote. */
  bool (*global)(const struct eval_env *env, struct arena *mem, struct str name, struct value *out, struct err *e);
  bool (*field)(const struct eval_env *env, struct arena *mem, const struct value *thing, const struct type *of,
                struct str name, struct value *out, struct err *e);
  /* A set of a record that satisfies at least the equalities; more is no fault. */
  bool (*all)(const struct eval_env *env, struct arena *mem, const struct type *record, const struct equality *equal,
              size_t count, struct value *out, struct err *e);
  /* book.account(args): what `field` then reads. owner: the book. */
  bool (*call)(const struct eval_env *env, struct arena *mem, const struct value *owner, const struct type *of,
               struct str name, const struct value *args, size_t count, struct value *out, struct err *e);
  /* Functions that need a store: times did entered clock round(name) holders guardian_of … gauge, band, sum of a book. label: the
   * name in the first argument, if it is one; args: the values in their order, labels left out. A clock never started and a
   * round never opened are things too, whose .over and .open are no; numbers carry the unit of their type. */
  bool (*function)(const struct eval_env *env, struct arena *mem, enum function f, struct str label,
                   const struct value *args, size_t count, struct value *out, struct err *e);
  const struct rules_table *(*table)(const struct eval_env *env, const struct type *table_row); /* never NULL */
  int (*code_place)(const struct eval_env *env, const void *list,
                    struct str code); /* in an ordered list; -1 = it has none */
  struct str (*code_at)(const struct eval_env *env, const void *list, int place); /* empty = there is none */
};

/* What was seen on the way, for explanations and for the event; all optional. */
struct eval_seen {
  const struct expr *x;
  struct value value;
};
struct eval_look {
  const struct rule_row *row;
  struct date since; /* of its version */
};
struct eval_notes {
  VEC(struct eval_seen) seen;    /* parts outside of sets, literals left out, in the order of their working out */
  VEC(struct eval_look) looks;   /* rows of tables that were read */
  VEC(struct eval_look) phrases; /* rows of keywords whose phrases were found */
  bool is_cut;                   /* a closure went beyond 10,000 */
};
/* cost: what type_check answered; at twice that many visits of elements it is refused. Refuses more than 38 digits, more than EVAL_MEMORY_MAX bytes, and `the` of none or
 * several. notes may be NULL. What *out holds lives in mem. */
MUST_CHECK bool eval(struct arena *mem, const struct expr *x, const struct eval_env *env, int64_t cost,
                     struct eval_notes *notes, struct value *out, struct err *e);
/* Explanation: one line a part, `clock(fix).over = yes`. New, in mem. */
struct str eval_explain(struct arena *mem, const struct eval_env *env, const struct eval_notes *notes);

/* Places: metres along the ground, rounded; exact to 0.5 % up to 500 km. Integers only. */
int64_t spot_distance(struct spot a, struct spot b);
/* Texts: hides all but the ends of a number or a name; finds numbers of telephones, identity and bank cards, addresses of mail. */
struct str text_mask(struct arena *mem, struct str s);
bool text_has_personal(struct str s);
#endif
