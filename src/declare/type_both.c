/* Types of operators: comparison, arithmetic with units, dates with durations, texts, sets. */
#include "declare/type_run.h"
#include "texts.h"

static bool is_duration(const struct type *t) { return !t->set && t->kind == KIND_DURATION; }
static bool is_number(const struct type *t) { return !t->set && t->kind == KIND_NUMBER; }
static struct type tell_pair(struct type_run *r, const struct expr *x, const struct type *a, const struct type *b) {
  if (type_is_bad(a) || type_is_bad(b)) return type_of(KIND_BAD);
  return tell_two(r, FIT_KIND, x, a, b);
}

/* Both sides, the one that knows its type first; in x->a->type and x->b->type. */
static void type_sides(struct type_run *r, struct expr *x, struct type *out_a, struct type *out_b) {
  if (type_needs_context(x->a) && !type_needs_context(x->b)) {
    *out_b = type_expr(r, x->b, NULL);
    *out_a = type_expr(r, x->a, out_b);
  } else {
    *out_a = type_expr(r, x->a, NULL);
    *out_b = type_expr(r, x->b, out_a);
  }
}

/* ---- comparison ---- */

static bool has_order(const struct type_run *r, const struct type *t) {
  if (t->kind == KIND_CODE) return t->of && r->env->is_ordered(r->env, t->of);
  return t->kind == KIND_NUMBER || t->kind == KIND_DATE || t->kind == KIND_MOMENT || t->kind == KIND_TIME ||
         t->kind == KIND_DURATION || t->kind == KIND_PERIOD;
}
static struct type type_compare(struct type_run *r, struct expr *x) {
  struct type a, b;
  const struct expr *none = x->b->kind == EXPR_NONE ? x->b : x->a->kind == EXPR_NONE ? x->a : NULL;
  type_sides(r, x, &a, &b);
  if (none) {
    type_tell(r, FAULT_T008, MSG_declare_t008, none)->hint = MSG_declare_t008_hint;
    return type_of(KIND_FLAG);
  }
  const enum fit fit = type_meets(r, &a, &b);
  if (fit != FIT_YES) {
    (void)tell_two(r, fit, x, &a, &b);
    return type_of(KIND_FLAG);
  }
  const struct type both = type_join(&a, &b);
  if (type_is_any(&both)) return type_of(KIND_FLAG);
  if (a.set || both.kind >= KIND_CLOCK) (void)tell_wanted(r, x, &both, STR("one value"));
  else if (x->op != OP_EQ && x->op != OP_NE && !has_order(r, &both))
    (void)tell_wanted(r, x, &both, STR("number, date, moment, duration, period, ordered choice"));
  return type_of(KIND_FLAG);
}

/* x in set, date in period, moment in span */
static struct type type_in(struct type_run *r, struct expr *x) {
  const struct type none = type_of(KIND_NONE);
  struct type b, a;
  if (type_needs_context(x->b)) {
    a = type_expr(r, x->a, NULL);
    struct type set = a;
    set.set = true;
    b = type_expr(r, x->b, &set);
  } else {
    b = type_expr(r, x->b, NULL);
    struct type element = b.set ? b : none;
    element.set = false;
    a = type_expr(r, x->a, b.set ? &element : NULL);
  }
  const bool is_time = a.kind == KIND_DATE || a.kind == KIND_MOMENT;
  if (type_is_bad(&a) || type_is_bad(&b)) return type_of(KIND_FLAG);
  if (!b.set && !a.set && is_time && (b.kind == KIND_PERIOD || (b.kind == KIND_SPAN && a.kind == KIND_MOMENT)))
    return type_of(KIND_FLAG);
  if (!b.set) (void)tell_wanted(r, x->b, &b, STR("set, period, span"));
  else {
    type_walk(r, x, &b);
    b.set = false;
    const enum fit fit = type_meets(r, &a, &b);
    if (fit != FIT_YES) (void)tell_two(r, fit, x, &a, &b);
  }
  return type_of(KIND_FLAG);
}

static struct type type_logic(struct type_run *r, struct expr *x) {
  struct expr *const sides[] = {x->a, x->b};
  for (int i = 0; i < 2 && sides[i]; i++) {
    const struct type t = type_expr(r, sides[i], NULL);
    if (!type_is(&t, KIND_FLAG) && !type_is_any(&t)) (void)tell_wanted(r, sides[i], &t, STR("flag"));
  }
  return type_of(KIND_FLAG);
}

/* ---- arithmetic ---- */

static struct type type_union(struct type_run *r, const struct expr *x, struct type a, struct type b) {
  const int64_t most = (a.set ? a.most : 1) + (b.set ? b.most : 1);
  if (a.set) type_walk(r, x, &a);
  if (b.set) type_walk(r, x, &b);
  a.set = b.set = a.wide = b.wide = false;
  const enum fit fit = type_meets(r, &a, &b);
  if (fit != FIT_YES) return tell_two(r, fit, x, &a, &b);
  return type_set_of(type_join(&a, &b), most);
}
static struct type type_sum(struct type_run *r, const struct expr *x, const struct type *a, const struct type *b) {
  const bool add = x->op == OP_ADD, dated = a->kind == KIND_DATE || a->kind == KIND_MOMENT;
  if (add && (a->set || b->set)) return type_union(r, x, *a, *b);
  if (a->set || b->set) return tell_pair(r, x, a, b);
  if (is_number(a) && is_number(b)) {
    const enum fit fit = type_meets(r, a, b);
    return fit == FIT_YES ? type_join(a, b) : tell_two(r, fit, x, a, b);
  }
  if (add && type_is_text(a) && type_is_text(b)) return type_is_any(a) && type_is_any(b) ? *a : type_of(KIND_TEXT);
  if (dated && (is_duration(b) || type_is_any(b))) return type_of(a->kind);
  if (!add && dated && a->kind == b->kind) return type_of(KIND_DURATION);
  if (is_duration(a) && is_duration(b)) return *a;
  if (type_is_any(a) || type_is_any(b)) return type_is_any(a) ? *b : *a;
  return tell_pair(r, x, a, b);
}

static struct type type_times(struct type_run *r, const struct expr *x, const struct type *a, const struct type *b) {
  struct type t = {.kind = KIND_NUMBER};
  if (!dimension_mul(a->unit, b->unit, x->op == OP_DIV, &t.unit)) return tell_two(r, FIT_UNIT, x, a, b);
  const bool keeps_left = dimension_bare(b->unit), keeps_right = x->op == OP_MUL && dimension_bare(a->unit);
  if (keeps_left) t.said = a->said;
  else if (keeps_right) t.said = b->said;
  t.fraction = x->op == OP_DIV || a->fraction || b->fraction || !ratio_mul(a->step, b->step, &t.step);
  if (t.fraction) t.step = ratio_int(0);
  return t;
}
static struct type type_whole_div(struct type_run *r, const struct expr *x, const struct type *a,
                                  const struct type *b) {
  struct type t = *a;
  if (x->op == OP_INT_DIV) {
    t = number_bare(ratio_int(1));
    return dimension_mul(a->unit, b->unit, true, &t.unit) ? t : tell_two(r, FIT_UNIT, x, a, b);
  }
  const enum fit fit = type_meets(r, a, b);
  return fit == FIT_YES ? type_join(a, b) : tell_two(r, fit, x, a, b);
}
static struct type type_term(struct type_run *r, const struct expr *x, const struct type *a, const struct type *b) {
  const bool is_times = x->op == OP_MUL || x->op == OP_DIV;
  if (is_number(a) && is_number(b)) return is_times ? type_times(r, x, a, b) : type_whole_div(r, x, a, b);
  if (is_duration(a) && is_duration(b) && x->op == OP_DIV) return (struct type){.kind = KIND_NUMBER, .fraction = true};
  if (is_times && is_duration(a) && is_number(b) && dimension_bare(b->unit)) return *a;
  if (x->op == OP_MUL && is_duration(b) && is_number(a) && dimension_bare(a->unit)) return *b;
  if (!a->set && !b->set && (type_is_any(a) || type_is_any(b))) return type_is_any(a) ? *b : *a;
  return tell_pair(r, x, a, b);
}
static struct type type_minus(struct type_run *r, struct expr *x) {
  const struct type t = type_expr(r, x->a, NULL);
  return is_number(&t) || is_duration(&t) || type_is_any(&t) ? t : tell_wanted(r, x->a, &t, STR("number, duration"));
}

struct type type_both(struct type_run *r, struct expr *x) {
  if (x->kind == EXPR_MINUS) return type_minus(r, x);
  if (x->kind == EXPR_NOT || x->op == OP_AND || x->op == OP_OR) return type_logic(r, x);
  if (x->op == OP_IN || x->op == OP_NOT_IN) return type_in(r, x);
  if (x->op >= OP_EQ && x->op <= OP_GE) return type_compare(r, x);
  struct type a, b;
  const bool may_be_sets = x->op == OP_ADD;
  if (may_be_sets && type_needs_context(x->b)) { /* previous + .x: the element of the set */
    a = type_expr(r, x->a, NULL);
    struct type element = a;
    if (x->b->kind != EXPR_SET) element.set = false;
    b = type_expr(r, x->b, &element);
  } else {
    type_sides(r, x, &a, &b);
  }
  return x->op == OP_ADD || x->op == OP_SUB ? type_sum(r, x, &a, &b) : type_term(r, x, &a, &b);
}
