/* Types of expressions, and the checker that finds them: names, units, codes, rounding, the cost bound. It writes type and
 * meaning into the tree, which eval.h then trusts. What names mean is told by an environment, so that a system's
 * declaration, a measure, a migration and a test use one checker. Rules: docs/declarations.md, chapter Expressions. */
#ifndef DECLARE_TYPE_H
#define DECLARE_TYPE_H
#include "declare/expr.h"
#include "declare/faults.h"
#include "declare/function.h"
#include "declare/period.h"
#include "declare/units.h"

enum kind {
  KIND_BAD,  /* a fault was told; fits everything, so that it is told once */
  KIND_NONE, /* the word none; fits everything */
  KIND_FLAG,
  KIND_CODE, /* of: the list; NULL = any code, compared with texts by its letters */
  KIND_TEXT,
  KIND_NUMBER,
  KIND_DATE,
  KIND_MOMENT,
  KIND_TIME,
  KIND_SPAN,
  KIND_DURATION,
  KIND_PERIOD,
  KIND_PLACE,
  KIND_UNIT,
  KIND_PERSON,
  KIND_RECORD,    /* of: the record */
  KIND_ROW,       /* of: the field with rows, the round whose answers, the message … */
  KIND_SHEET,     /* of: the sheet */
  KIND_CLOCK,     /* .due .left .over .used .paused .running are known here */
  KIND_ROUND,     /* of: the round */
  KIND_TABLE_ROW, /* of: the table; what look and classify give */
  KIND_BOOK,      /* of: the book; unit: what it is kept in */
  KIND_ACCOUNT,
  KIND_OTHER /* file, signature: only `is none` */
};
/* Records: how they were come by from the record that the expression is about, over references that only the start of a record gives.
 * Such a reference leads to what was there before: a way of them alone never comes back. */
enum reach { REACH_ANY, REACH_SELF, REACH_NEWER, REACH_OLDER };
struct type {
  enum kind kind;
  enum reach reach;
  bool set;              /* a set of them */
  bool wide;             /* a set: all(record) without an equality that narrows it; cannot be walked */
  bool bare;             /* number: what count gives, fits any counting unit */
  bool fraction;         /* number: of no bounded step, has to be rounded before it is kept */
  struct ratio step;     /* number, not a fraction: each value is a whole multiple of it; 0 = it can only be 0 */
  struct dimension unit; /* number; with base units */
  struct str said;       /* number: the unit as written, for people; may be empty */
  enum period_kind period;
  const void *of; /* belongs to the environment */
  int64_t most;   /* set: ceiling of elements */
};
struct str type_text(struct arena *mem, const struct units *u, const struct type *t,
                     struct str name_of); /* "set of ref(order)" */

enum label {
  LABEL_CLOCK,
  LABEL_ACT,
  LABEL_STATE,
  LABEL_TABLE,
  LABEL_WORDS,
  LABEL_SHEET,
  LABEL_RECORD,
  LABEL_ROLE,
  LABEL_MEASURE,
  LABEL_ROUND
};

/* What names mean. Each function gets the environment itself; a type that it writes is complete. `of` of types is the
 * environment's own; two types are of the same list, record … when their `of` is the same pointer. global, field, label,
 * key, has_code and is_ordered are needed, the others may be NULL. */
struct type_env {
  const void *world;
  const struct units *units;
  int64_t budget;   /* most element visits */
  struct type self; /* whose fields bare names are; KIND_BAD: none (only globals) */
  /* this, actor, before, takes, message, period, holder, units, a book … Not now and today, which are always there. */
  bool (*global)(const struct type_env *env, struct str name, struct type *out);
  /* A field of a record, row, unit, person, sheet, round, row of a table, account: back sets and system fields too. */
  bool (*field)(const struct type_env *env, const struct type *of, struct str name, struct type *out);
  /* book.account(args), book.inside(x); NULL = nothing can be called. */
  bool (*call)(const struct type_env *env, const struct type *of, struct str name, const struct type *args,
               size_t count, struct type *out);
  /* What a label names: a clock KIND_CLOCK, a table or keywords KIND_TABLE_ROW (a set with hit: all), a sheet KIND_SHEET (with
   * a field `band`), a record KIND_RECORD with the record's own ceiling in most, a measure its number, a round KIND_ROUND;
   * acts, states and roles nothing. */
  bool (*label)(const struct type_env *env, enum label what, struct str name, struct type *out);
  /* The i-th key column of a table; false: it has no more. */
  bool (*key)(const struct type_env *env, const struct type *table_row, size_t i, struct type *out);
  bool (*has_code)(const struct type_env *env, const void *list, struct str code);
  bool (*is_ordered)(const struct type_env *env, const void *list);
  /* May an equality on this field of the record narrow all(record)? */
  bool (*is_indexed)(const struct type_env *env, const struct type *of, struct str field);
  struct str (*name_of)(const struct type_env *env,
                        const struct type *t); /* of list, record …, for texts; may be empty */
  /* Offers what could have been meant: fields and globals (of = NULL: only globals), labels of a sort, codes of a list. */
  void (*offer_names)(const struct type_env *env, const struct type *of, struct nearest *n);
  void (*offer_labels)(const struct type_env *env, enum label what, struct nearest *n);
  void (*offer_codes)(const struct type_env *env, const void *list, struct nearest *n);
};
enum { SET_MOST = 10000, QUERY_DEPTH_MAX = 2 };

struct type_fault {
  enum fault_code code;
  int msg, hint, kind; /* as in struct fault; 0 = none. The near name stands in the hole {near} */
  int from, to;        /* bytes of the source */
  struct msg_arg args[FAULT_ARGS];
  size_t arg_count;
};
typedef VEC(struct type_fault) type_faults;
struct type_answer {
  struct type type;
  int64_t cost;           /* element visits at most */
  bool is_live;           /* depends on now or today */
  bool is_looking_around; /* depends on all(…): other records */
};
/* Checks x and writes into its nodes. want: what it has to fit, NULL = anything with a type of its own. For a number `want` bounds
 * the unit and the step (T007). Adds what is wrong; true = nothing was. Texts of faults live in mem or in the source. */
MUST_CHECK bool type_check(struct arena *mem, struct expr *x, const struct type_env *env, const struct type *want,
                           struct type_answer *out, type_faults *faults);

/* Of a checked condition of a query: the field of the element that x names, empty if it is none; does x depend on the element?
 * held: the name of the element, empty = bare names are its fields. */
struct str expr_element_field(const struct expr *x, struct str held);
bool expr_about_element(const struct expr *x, struct str held);

static inline struct type type_of(enum kind k) { return (struct type){.kind = k}; }
static inline struct type type_set_of(struct type t, int64_t most) {
  t.set = true;
  t.most = most;
  return t;
}
static inline struct type type_code(const void *list) { return (struct type){.kind = KIND_CODE, .of = list}; }
static inline struct type type_ref(enum kind k, const void *of) { return (struct type){.kind = k, .of = of}; }
/* A number of a field: decimal(places, said). False: the unit is unknown. */
MUST_CHECK bool type_number(const struct units *u, int places, struct str said, struct type *out);
#endif
