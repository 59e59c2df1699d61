/* Operators on values. A missing side makes the result missing, with the reason of the left one first; `and` and `or` know
 * better when the other side decides. */
#include "declare/eval_run.h"

#include "base/must.h"

static bool give(struct value *out, struct value v) {
  *out = v;
  return true;
}

/* ---- comparison ---- */

enum value_order eval_order(struct eval_run *r, const struct type *t, const struct value *a, const struct value *b) {
  const bool are_words =
      (a->kind == VALUE_CODE || a->kind == VALUE_TEXT) && (b->kind == VALUE_CODE || b->kind == VALUE_TEXT);
  if (!are_words) return value_cmp(a, b);
  if (str_eq(a->text, b->text)) return VALUE_EQUAL;
  if (a->kind == VALUE_TEXT || !t->of) return str_cmp(a->text, b->text) < 0 ? VALUE_LESS : VALUE_MORE;
  const int x = r->env->code_place(r->env, t->of, a->text), y = r->env->code_place(r->env, t->of, b->text);
  return x < y ? VALUE_LESS : VALUE_MORE;
}
static bool holds(enum expr_op op, enum value_order order) {
  switch (op) {
    case OP_EQ: return order == VALUE_EQUAL;
    case OP_NE: return order != VALUE_EQUAL;
    case OP_LT: return order == VALUE_LESS;
    case OP_LE: return order == VALUE_LESS || order == VALUE_EQUAL;
    case OP_GT: return order == VALUE_MORE;
    default: return order == VALUE_MORE || order == VALUE_EQUAL;
  }
}
static const struct type *listed(const struct expr *x) {
  return x->a->type->kind == KIND_CODE && !x->a->type->of ? x->b->type : x->a->type;
}
static bool compare(struct eval_run *r, const struct expr *x, const struct value *a, const struct value *b,
                    struct value *out) {
  const enum value_order order = eval_order(r, listed(x), a, b);
  return give(out, order == VALUE_UNLIKE ? value_none(NONE_unlike) : value_flag(holds(x->op, order)));
}

static struct value in_set(struct eval_run *r, const struct type *t, const struct value *a, const struct value *set) {
  struct value found = value_flag(false);
  for (size_t i = 0; i < set->set.len; i++) {
    const struct value *v = &set->set.at[i];
    if (value_is_none(v)) found = *v; /* it may be the one */
    else if (eval_order(r, t, a, v) == VALUE_EQUAL) return value_flag(true);
  }
  return found;
}
static bool contains(struct eval_run *r, const struct expr *x, const struct value *a, const struct value *b,
                     struct value *out) {
  struct value v;
  if (b->kind == VALUE_SET) {
    TRY(eval_step(r, b->set.len));
    v = in_set(r, x->a->type, a, b);
  } else if (b->kind == VALUE_SPAN) {
    v = value_flag(a->moment >= b->span.from && a->moment < b->span.to);
  } else {
    const struct date d = a->kind == VALUE_DATE ? a->date : date_of_days(moment_day(a->moment));
    v = value_flag(period_cmp(period_of(r->env->calendar, b->period.kind, d), b->period) == 0);
  }
  return give(out, x->op == OP_NOT_IN ? value_not(v) : v);
}

/* ---- logic ---- */

static bool logic(struct eval_run *r, const struct expr *x, struct value *out) {
  struct value a, b;
  TRY(eval_expr(r, x->a, &a));
  if (x->kind == EXPR_NOT) return give(out, value_not(a));
  if (x->op == OP_AND ? value_is_no(&a) : value_is_yes(&a)) return give(out, a);
  TRY(eval_expr(r, x->b, &b));
  return give(out, x->op == OP_AND ? value_and(a, b) : value_or(a, b));
}

/* ---- arithmetic ---- */

static bool numbers(struct eval_run *r, enum expr_op op, const struct value *a, const struct value *b,
                    struct value *out) {
  struct ratio n = a->number, rest;
  struct dimension unit = dimension_bare(a->unit) ? b->unit : a->unit;
  bool is_good = true;
  if (op >= OP_DIV && ratio_is_zero(b->number)) return give(out, value_none(NONE_zero));
  switch (op) {
    case OP_ADD: is_good = ratio_add(a->number, b->number, &n); break;
    case OP_SUB: is_good = ratio_sub(a->number, b->number, &n); break;
    case OP_MUL: is_good = ratio_mul(a->number, b->number, &n) && dimension_mul(a->unit, b->unit, false, &unit); break;
    case OP_DIV: is_good = ratio_div(a->number, b->number, &n) && dimension_mul(a->unit, b->unit, true, &unit); break;
    case OP_INT_DIV:
      is_good = ratio_div_mod(a->number, b->number, &n, &rest) && dimension_mul(a->unit, b->unit, true, &unit);
      break;
    default: is_good = ratio_div_mod(a->number, b->number, &rest, &n); break;
  }
  return is_good ? give(out, value_number(n, unit)) : eval_overflow(r);
}

static struct duration negated(struct duration d) { return (struct duration){-d.n, d.unit}; }
static bool moved(struct eval_run *r, const struct value *a, struct duration by, struct value *out) {
  const struct calendar *c = r->env->calendar;
  const bool has_hours = duration_family(by.unit) == DURATION_CLOCK || duration_family(by.unit) == DURATION_OFFICE;
  struct value v = *a;
  const bool is_good =
      a->kind == VALUE_DATE ? date_plus(c, a->date, by, &v.date) : moment_plus(c, a->moment, by, &v.moment);
  if (is_good) return give(out, v);
  return give(out, value_none(a->kind == VALUE_DATE && has_hours ? NONE_unlike : NONE_beyond));
}
static bool durations(const struct value *a, struct duration b, struct value *out) {
  struct duration d;
  return give(out, duration_add(a->duration, b, &d) ? value_duration(d) : value_none(NONE_unlike));
}
static bool apart(const struct value *a, const struct value *b, struct value *out) {
  if (a->kind == VALUE_DATE) {
    const int32_t days = date_to_days(a->date) - date_to_days(b->date);
    return give(out, value_duration((struct duration){days, DURATION_days}));
  }
  return give(out, value_duration((struct duration){(a->moment - b->moment) / SECOND_US, DURATION_seconds}));
}
static bool joined(struct eval_run *r, const struct value *a, const struct value *b, struct value *out) {
  return give(out, value_text(str_join(r->mem, a->text, b->text)));
}
static bool sum(struct eval_run *r, const struct expr *x, const struct value *a, const struct value *b,
                struct value *out) {
  const bool is_dated = a->kind == VALUE_DATE || a->kind == VALUE_MOMENT;
  if (a->kind == VALUE_NUMBER) return numbers(r, x->op, a, b, out);
  if (is_dated && b->kind != VALUE_DURATION) return apart(a, b, out);
  if (a->kind == VALUE_DURATION || is_dated) {
    const struct duration by = x->op == OP_SUB ? negated(b->duration) : b->duration;
    return is_dated ? moved(r, a, by, out) : durations(a, by, out);
  }
  return joined(r, a, b, out);
}
static bool scaled(struct eval_run *r, const struct expr *x, struct duration d, struct ratio by, struct value *out) {
  struct duration product;
  if (x->op == OP_DIV) {
    if (ratio_is_zero(by)) return give(out, value_none(NONE_zero));
    if (!ratio_div(ratio_int(1), by, &by)) return eval_overflow(r);
  }
  return give(out, duration_mul(d, by, &product) ? value_duration(product) : value_none(NONE_unlike));
}
static bool term(struct eval_run *r, const struct expr *x, const struct value *a, const struct value *b,
                 struct value *out) {
  struct ratio n;
  if (a->kind == VALUE_NUMBER && b->kind == VALUE_NUMBER) return numbers(r, x->op, a, b, out);
  if (a->kind == VALUE_DURATION && b->kind == VALUE_DURATION) {
    if (!b->duration.n) return give(out, value_none(NONE_zero));
    const struct dimension bare = {0};
    return give(out, duration_div(a->duration, b->duration, &n) ? value_number(n, bare) : value_none(NONE_unlike));
  }
  return a->kind == VALUE_DURATION ? scaled(r, x, a->duration, b->number, out)
                                   : scaled(r, x, b->duration, a->number, out);
}

/* ---- sets ---- */

static bool has(const struct value *set, const struct value *v) {
  for (size_t i = 0; i < set->set.len; i++)
    if (value_same(&set->set.at[i], v)) return true;
  return false;
}
static bool together(struct eval_run *r, const struct value *a, const struct value *b, struct value *out) {
  const struct value one = value_set(a, a->kind != VALUE_NONE), other = value_set(b, b->kind != VALUE_NONE);
  if (a->kind != VALUE_SET) a = &one;
  if (b->kind != VALUE_SET) b = &other;
  struct value *at = arena_new_n(r->mem, struct value, a->set.len + b->set.len);
  struct value all = value_set(at, 0);
  TRY(eval_step(r, a->set.len + b->set.len));
  for (size_t i = 0; i < a->set.len; i++) at[all.set.len++] = a->set.at[i];
  for (size_t i = 0; i < b->set.len; i++)
    if (!has(&all, &b->set.at[i])) at[all.set.len++] = b->set.at[i];
  return give(out, all);
}

/* ---- the operators ---- */

static bool negative(struct eval_run *r, const struct expr *x, struct value *out) {
  TRY(eval_expr(r, x->a, out));
  if (out->kind == VALUE_NUMBER) out->number = ratio_negate(out->number);
  if (out->kind == VALUE_DURATION) out->duration = negated(out->duration);
  return true;
}
bool eval_both(struct eval_run *r, const struct expr *x, struct value *out) {
  struct value a, b;
  if (x->kind == EXPR_MINUS) return negative(r, x, out);
  if (x->kind == EXPR_NOT || x->op == OP_AND || x->op == OP_OR) return logic(r, x, out);
  TRY(eval_expr(r, x->a, &a) && eval_expr(r, x->b, &b));
  if (x->op == OP_ADD && x->type->set) return together(r, &a, &b, out);
  if (value_is_none(&a)) return give(out, a);
  if (value_is_none(&b)) return give(out, b);
  if (x->op == OP_IN || x->op == OP_NOT_IN) return contains(r, x, &a, &b, out);
  if (x->op <= OP_GE) return compare(r, x, &a, &b, out);
  return x->op == OP_ADD || x->op == OP_SUB ? sum(r, x, &a, &b, out) : term(r, x, &a, &b, out);
}
