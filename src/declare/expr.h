/* Expressions of declarations: `grade = .major and clock(fix).over and not ended`. Text to tree; no names are looked up
 * here and nothing is worked out.
 *
 * The grammar is that of docs/declarations.md, chapter Expressions: comparison before `not` before `and` before `or`,
 * comparisons do not chain, `where` and `by` belong to the query that they follow. Read by precedence climbing (Pratt,
 * Top down operator precedence, 1973) with a bound on depth, length and steps of a path. */
#ifndef DECLARE_EXPR_H
#define DECLARE_EXPR_H
#include "base/date.h"
#include "base/dec.h"
#include "base/err.h"
#include "base/vec.h"

enum expr_kind {
  EXPR_NUMBER, /* number, unit (empty = none): 125 g, 20%, 3 workdays */
  EXPR_TEXT,   /* text, without its quotes */
  EXPR_DATE,
  EXPR_CODE, /* text: .major without the point */
  EXPR_YES,
  EXPR_NO,
  EXPR_NONE,
  EXPR_NAME, /* text */
  EXPR_PATH, /* a . text */
  EXPR_CALL, /* text (args, at: b); a = what it is called on, NULL = a function; b NULL = no `at:` */
  EXPR_SET,  /* (args), two or more; or the empty set () */
  EXPR_MINUS,
  EXPR_NOT,  /* a */
  EXPR_BOTH, /* a op b: every binary operator, enum expr_op */
  EXPR_IS_NONE,
  EXPR_IS_SOME,
  EXPR_IF,    /* if a then b else c */
  EXPR_QUERY, /* a as text where b by c; text empty, b and c NULL = not there */
  EXPR_EACH   /* a for text in b */
};
enum expr_op {
  OP_OR,
  OP_AND,
  OP_EQ,
  OP_NE,
  OP_LT,
  OP_LE,
  OP_GT,
  OP_GE,
  OP_IN,
  OP_NOT_IN,
  OP_ADD,
  OP_SUB,
  OP_MUL,
  OP_DIV,
  OP_INT_DIV,
  OP_MOD
};
enum expr_bound { /* what a name stands for; written by type_check */
                  BOUND_NOT,
                  BOUND_FIELD,   /* of the thing that the expression is about */
                  BOUND_ELEMENT, /* of the element of the nearest set around */
                  BOUND_HELD,    /* an element held by `as` or `for` */
                  BOUND_GLOBAL,  /* this, actor, today, takes, a book … */
                  BOUND_LABEL    /* the name of a clock, act, table, record …, not a value */
};
struct type;
struct expr {
  enum expr_kind kind;
  enum expr_op op;
  int from, to; /* bytes of the source */
  struct str text, unit;
  struct dec number;
  struct date date;
  struct expr *a, *b, *c;
  VEC(struct expr *) args;
  /* written by type_check (declare/type.h); NULL and BOUND_NOT before */
  const struct type *type;
  enum expr_bound bound;
  int function; /* of a call: enum function */
  int64_t cost; /* of the whole expression: its element visits at most, and whether it depends on now */
  bool is_live;
};
enum { EXPR_LENGTH_MAX = 1000, EXPR_DEPTH_MAX = 24, EXPR_PATH_MAX = 6 }; /* characters; nesting; steps */

/* What stands in the way, for people: a message with its holes, the bytes it is about. */
struct expr_fault {
  int msg, from, to;
  struct msg_arg args[2];
  size_t arg_count;
};
/* Texts of the tree are views of `source` or live in mem. False: *fault says what is wrong and where. */
MUST_CHECK bool expr_parse(struct arena *mem, struct str source, struct expr **out, struct expr_fault *fault);
/* The one way to write it: least brackets, one blank around operators. Reading it again gives the same tree. New, in mem. */
struct str expr_text(struct arena *mem, const struct expr *x);
/* Is it a word that expressions keep for themselves? Neither a name nor a code may be one. */
bool expr_reserved(struct str word);
#endif
