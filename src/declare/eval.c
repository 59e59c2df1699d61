/* The evaluator: a walk over the checked tree. What a name means was written into it by type_check, so nothing is looked up
 * twice; missing values travel with their reason. */
#include "declare/eval.h"

#include "base/limits.h"
#include "base/must.h"
#include "declare/eval_run.h"
#include "texts.h"

bool eval_step(struct eval_run *r, size_t visits) {
  r->steps += (int64_t)visits;
  if (r->steps <= r->steps_max) return true;
  return fail(r->e, ERR_TOO_LARGE, MSG_eval_steps, "limit", str_int(r->mem, r->steps_max));
}
bool eval_overflow(struct eval_run *r) { return fail(r->e, ERR_INVALID, MSG_eval_overflow); }

/* ---- literals ---- */

/* The checker has read the unit: a literal is never below zero, so it is its own step. */
static struct value number_value(const struct expr *x) {
  enum duration_unit unit;
  if (x->type->kind != KIND_DURATION) return value_number(x->type->step, x->type->unit);
  must(duration_unit_of(x->unit, &unit));
  return value_duration((struct duration){(int64_t)ratio_of_dec(x->number).n, unit});
}
static bool eval_set(struct eval_run *r, const struct expr *x, struct value *out) {
  struct value *at = arena_new_n(r->mem, struct value, x->args.len);
  for (size_t i = 0; i < x->args.len; i++) TRY(eval_expr(r, x->args.at[i], &at[i]));
  *out = value_set(at, x->args.len); /* what is missing stays: it is not nothing */
  return true;
}

/* ---- names ---- */

/* Members that need no environment. */
static bool known_member(const struct eval_run *r, const struct value *of, struct str name, struct value *out) {
  const struct calendar *c = r->env->calendar;
  if (of->kind == VALUE_SPAN) {
    *out = value_moment(str_eqz(name, "from") ? of->span.from : of->span.to);
  } else if (of->kind == VALUE_PERIOD) {
    if (str_eqz(name, "start")) *out = value_date(period_start(c, of->period));
    else if (str_eqz(name, "end")) *out = value_date(period_end(c, of->period));
    else *out = value_period(period_step(c, of->period, str_eqz(name, "next") ? 1 : -1));
  } else {
    return false;
  }
  return true;
}
static bool member_of_one(struct eval_run *r, const struct value *of, const struct type *type, struct str name,
                          struct value *out) {
  if (value_is_none(of)) {
    *out = *of;
    return true;
  }
  if (known_member(r, of, name, out)) return true;
  if (type->kind != KIND_TABLE_ROW) return r->env->field(r->env, r->mem, of, type, name, out, r->e);
  const struct value *given = rule_row_give(of->thing.at, name);
  *out = given ? *given : value_none(NONE_no_row);
  return true;
}
/* A set of sets becomes one; what is missing in one element is missing in the set. */
static bool member_of_each(struct eval_run *r, struct value of, const struct type *type, struct str name,
                           struct value *out) {
  VEC(struct value) all = {0};
  TRY(eval_step(r, of.set.len));
  for (size_t i = 0; i < of.set.len; i++) {
    struct value v;
    TRY(member_of_one(r, &of.set.at[i], type, name, &v));
    if (v.kind != VALUE_SET) vec_push(r->mem, &all) = v;
    for (size_t k = 0; v.kind == VALUE_SET && k < v.set.len; k++) vec_push(r->mem, &all) = v.set.at[k];
  }
  *out = value_set(all.at, all.len);
  return true;
}
bool eval_member(struct eval_run *r, struct value of, const struct type *type, struct str name, struct value *out) {
  return of.kind == VALUE_SET ? member_of_each(r, of, type, name, out) : member_of_one(r, &of, type, name, out);
}
/* Missing things have no fields; a set that is missing is the empty set. */
static void settle_set(const struct expr *x, struct value *out) {
  if (x->type->set && value_is_none(out)) *out = value_set(NULL, 0);
}

static const struct frame *element_frame(const struct frame *f) {
  while (f->held.len) f = f->up;
  return f;
}
static const struct frame *held_frame(const struct frame *f, struct str name) {
  while (!str_eq(f->held, name)) f = f->up;
  return f;
}
static bool eval_global(struct eval_run *r, struct str name, struct value *out) {
  for (const struct eval_held *h = r->env->held; h; h = h->up)
    if (str_eq(h->name, name)) return *out = h->value, true;
  if (str_eqz(name, "now")) *out = value_moment(r->env->now);
  else if (str_eqz(name, "today")) *out = value_date(date_of_days(moment_day(r->env->now)));
  else return r->env->global(r->env, r->mem, name, out, r->e);
  return true;
}
static bool eval_name(struct eval_run *r, const struct expr *x, struct value *out) {
  switch (x->bound) {
    case BOUND_HELD: *out = *held_frame(r->frame, x->text)->element; return true;
    case BOUND_ELEMENT: {
      const struct frame *f = element_frame(r->frame);
      return member_of_one(r, f->element, f->type, x->text, out);
    }
    case BOUND_FIELD: return member_of_one(r, &r->env->self, r->env->self_type, x->text, out);
    case BOUND_LABEL: return r->env->all(r->env, r->mem, x->type, NULL, 0, out, r->e);
    default: return eval_global(r, x->text, out);
  }
}

/* ---- the walk ---- */

static bool eval_if(struct eval_run *r, const struct expr *x, struct value *out) {
  struct value when;
  TRY(eval_expr(r, x->a, &when));
  if (value_is_none(&when)) {
    *out = when;
    return true;
  }
  return eval_expr(r, when.flag ? x->b : x->c, out);
}
static bool eval_present(struct eval_run *r, const struct expr *x, struct value *out) {
  struct value v;
  TRY(eval_expr(r, x->a, &v));
  const bool is_there = v.kind == VALUE_SET ? v.set.len > 0 : !value_is_none(&v);
  *out = value_flag(is_there == (x->kind == EXPR_IS_SOME));
  return true;
}
static bool eval_path(struct eval_run *r, const struct expr *x, struct value *out) {
  struct value of;
  return eval_expr(r, x->a, &of) && eval_member(r, of, x->a->type, x->text, out);
}
static bool eval_node(struct eval_run *r, const struct expr *x, struct value *out) {
  switch (x->kind) {
    case EXPR_NUMBER: *out = number_value(x); return true;
    case EXPR_TEXT: *out = value_text(x->text); return true;
    case EXPR_DATE: *out = value_date(x->date); return true;
    case EXPR_CODE: *out = x->type->of ? value_code(x->text) : value_text(x->text); return true;
    case EXPR_YES:
    case EXPR_NO: *out = value_flag(x->kind == EXPR_YES); return true;
    case EXPR_NONE: *out = value_none(NONE_missing); return true;
    case EXPR_NAME: return eval_name(r, x, out);
    case EXPR_PATH: return eval_path(r, x, out);
    case EXPR_CALL: return eval_call(r, x, out);
    case EXPR_SET: return eval_set(r, x, out);
    case EXPR_MINUS:
    case EXPR_NOT:
    case EXPR_BOTH: return eval_both(r, x, out);
    case EXPR_IS_NONE:
    case EXPR_IS_SOME: return eval_present(r, x, out);
    case EXPR_IF: return eval_if(r, x, out);
    case EXPR_QUERY: return eval_query(r, x, x->text, out);
    case EXPR_EACH: return eval_each(r, x, out);
  }
  return false;
}
static bool is_worth_telling(const struct expr *x) {
  return x->kind == EXPR_NAME || x->kind == EXPR_PATH || x->kind == EXPR_CALL ||
         (x->kind == EXPR_BOTH && x->op > OP_AND);
}
bool eval_expr(struct eval_run *r, const struct expr *x, struct value *out) {
  TRY(eval_node(r, x, out));
  if (r->mem->taken > r->memory_max) return fail(r->e, ERR_TOO_LARGE, MSG_eval_memory, "limit", STR("64 MB"));
  settle_set(x, out);
  if (r->notes && !r->frame && is_worth_telling(x)) vec_push(r->mem, &r->notes->seen) = (struct eval_seen){x, *out};
  return true;
}

bool eval(struct arena *mem, const struct expr *x, const struct eval_env *env, int64_t cost, struct eval_notes *notes,
          struct value *out, struct err *e) {
  enum { STEPS_LEAST = 100 };
  must(x->type != NULL); /* type_check comes first */
  struct eval_run r = {.mem = mem, .env = env, .notes = notes, .e = e, .memory_max = mem->taken + EVAL_MEMORY_MAX};
  r.steps_max = cost < INT64_MAX / 2 - STEPS_LEAST ? 2 * cost + STEPS_LEAST : INT64_MAX;
  struct value v;
  TRY(eval_expr(&r, x, &v));
  *out = v;
  return true;
}

struct str eval_explain(struct arena *mem, const struct eval_env *env, const struct eval_notes *notes) {
  struct str out = {0};
  vec_each(const struct eval_seen, s, &notes->seen) {
    const struct str value = value_show(mem, env->units, &s->value, s->x->type->said);
    out = str_fmt(mem, STRF STRF " = " STRF "\n", STRA(out), STRA(expr_text(mem, s->x)), STRA(value));
  }
  return out;
}
