/* Are two trees of expressions the same, but for their places? For unit tests and the fuzzer. */
#ifndef TESTS_EXPR_SAME_H
#define TESTS_EXPR_SAME_H
#include "declare/expr.h"

static inline bool expr_same(const struct expr *x, const struct expr *y) {
  if (!x || !y) return x == y;
  if (x->kind != y->kind || (x->kind == EXPR_BOTH && x->op != y->op) || x->args.len != y->args.len) return false;
  if (!str_eq(x->text, y->text) || !str_eq(x->unit, y->unit) || !dec_eq(x->number, y->number)) return false;
  if (date_cmp(x->date, y->date) != 0) return false;
  for (size_t i = 0; i < x->args.len; i++)
    if (!expr_same(x->args.at[i], y->args.at[i])) return false;
  return expr_same(x->a, y->a) && expr_same(x->b, y->b) && expr_same(x->c, y->c);
}
#endif
