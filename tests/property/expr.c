/* Random expressions of literals, worked out. `property_expr print N` tells N of them, a line each: the expression, its tree as a
 * list, its value; tests/tools/test_expressions.py works the trees out in exact fractions and civil dates of its own. Without
 * arguments: each is read as it was written, has a type and a value. */
#include <stdio.h>

#include "base/embed.h"
#include "declare/eval.h"
#include "texts.h"

struct maker {
  struct arena *mem;
  uint32_t seed;
};
static unsigned pick(struct maker *m, unsigned n) {
  m->seed = m->seed * 1664525u + 1013904223u;
  return (m->seed >> 16) % n;
}
static struct expr *node(struct maker *m, enum expr_kind kind) {
  struct expr *x = arena_new(m->mem, struct expr);
  x->kind = kind;
  return x;
}
static struct expr *both(struct maker *m, enum expr_op op, struct expr *a, struct expr *b) {
  struct expr *x = node(m, EXPR_BOTH);
  x->op = op;
  x->a = a;
  x->b = b;
  return x;
}
static struct expr *choose(struct maker *m, struct expr *when, struct expr *a, struct expr *b) {
  struct expr *x = node(m, EXPR_IF);
  x->a = when;
  x->b = a;
  x->c = b;
  return x;
}
static struct expr *call(struct maker *m, const char *name, struct expr *a, struct expr *b) {
  struct expr *x = node(m, EXPR_CALL);
  x->text = str_of(name);
  vec_push(m->mem, &x->args) = a;
  if (b) vec_push(m->mem, &x->args) = b;
  return x;
}
static struct expr *member(struct maker *m, struct expr *a, const char *name) {
  struct expr *x = node(m, EXPR_PATH);
  x->a = a;
  x->text = str_of(name);
  return x;
}

static struct expr *number(struct maker *m, int depth);
static struct expr *flag(struct maker *m, int depth);
static struct expr *day(struct maker *m, int depth);

/* ---- literals ---- */

static struct expr *literal_number(struct maker *m) {
  struct expr *x = node(m, EXPR_NUMBER);
  x->number = (struct dec){pick(m, pick(m, 3) ? 60 : 32000), (uint8_t)pick(m, 4)};
  if (!pick(m, 8)) x->unit = STR("%");
  if (pick(m, 4)) return x;
  struct expr *minus = node(m, EXPR_MINUS);
  minus->a = x;
  return minus;
}
static struct expr *literal_day(struct maker *m) {
  struct expr *x = node(m, EXPR_DATE);
  x->date = date_of_days(date_to_days((struct date){2024, 6, 1}) + (int32_t)pick(m, 1400));
  if (!pick(m, 4)) x->date.day = (int8_t)date_month_days(x->date.year, x->date.month);
  return x;
}
static struct expr *literal_duration(struct maker *m) {
  static const struct str units[] = {STR_INIT("days"), STR_INIT("weeks"), STR_INIT("months"), STR_INIT("years"),
                                     STR_INIT("workdays")};
  struct expr *x = node(m, EXPR_NUMBER);
  x->number = dec_int(pick(m, 40));
  x->unit = units[pick(m, COUNT_OF(units))];
  return x;
}
static struct expr *missing(struct maker *m, struct expr *kind) {
  return choose(m, node(m, EXPR_NO), kind, node(m, EXPR_NONE));
}

/* ---- numbers ---- */

static struct expr *number_set(struct maker *m, int depth) {
  struct expr *x = node(m, EXPR_SET);
  for (unsigned n = 2 + pick(m, 5); n; n--)
    vec_push(m->mem, &x->args) = pick(m, 3) ? literal_number(m) : number(m, depth - 1);
  return x;
}
static struct expr *aggregate(struct maker *m, int depth) {
  static const char *const names[] = {"sum", "mean", "median", "count", "min", "max", "stdev", "cv"};
  struct expr *set = number_set(m, depth), *half;
  switch (pick(m, 10)) {
    case 0:
      half = node(m, EXPR_NUMBER);
      half->number = (struct dec){pick(m, 101), 2};
      return call(m, "quantile", set, half);
    case 1:
      half = node(m, EXPR_NUMBER);
      half->number = dec_int(pick(m, 3));
      return call(m, "trimmed_mean", set, half);
    case 2: return call(m, "count", call(m, "distinct", set, NULL), NULL);
    case 3: return call(m, "rank", number(m, depth - 1), set);
    default: return call(m, names[pick(m, COUNT_OF(names))], set, NULL);
  }
}
static struct expr *rounding(struct maker *m, int depth) {
  static const char *const names[] = {"round", "floor", "ceil"};
  static const struct dec steps[] = {{1, 0}, {1, 2}, {5, 2}, {25, 1}, {10, 0}, {0, 0}};
  struct expr *step = node(m, EXPR_NUMBER);
  step->number = steps[pick(m, pick(m, 9) ? COUNT_OF(steps) - 1 : COUNT_OF(steps))];
  if (!step->number.digits) step = both(m, OP_SUB, step, node(m, EXPR_NUMBER)); /* 0, which the checker cannot see */
  return call(m, names[pick(m, COUNT_OF(names))], number(m, depth - 1), step);
}
static struct expr *number(struct maker *m, int depth) {
  static const enum expr_op ops[] = {OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_INT_DIV, OP_MOD};
  if (depth <= 0) return pick(m, 12) ? literal_number(m) : missing(m, literal_number(m));
  struct expr *minus;
  switch (pick(m, 12)) {
    case 0: return rounding(m, depth);
    case 1: return aggregate(m, depth);
    case 2: return call(m, pick(m, 2) ? "min" : "max", number(m, depth - 1), number(m, depth - 1));
    case 3: return choose(m, flag(m, depth - 1), number(m, depth - 1), number(m, depth - 1));
    case 4: return call(m, "age", day(m, 0), day(m, depth - 1));
    case 5:
      minus = node(m, EXPR_MINUS);
      minus->a = call(m, "abs", number(m, depth - 1), NULL);
      return minus;
    default: return both(m, ops[pick(m, COUNT_OF(ops))], number(m, depth - 1), number(m, depth - 1));
  }
}

/* ---- days, durations, flags ---- */

static struct expr *end_of_period(struct maker *m, int depth) {
  static const char *const kinds[] = {"week", "month", "quarter", "term", "school_year", "year"};
  static const char *const members[] = {"start", "end"};
  struct expr *period = call(m, kinds[pick(m, COUNT_OF(kinds))], day(m, depth - 1), NULL);
  if (!pick(m, 3)) period = member(m, period, pick(m, 2) ? "next" : "previous");
  return member(m, period, members[pick(m, 2)]);
}
static struct expr *day(struct maker *m, int depth) {
  if (depth <= 0) return literal_day(m);
  switch (pick(m, 5)) {
    case 0: return end_of_period(m, depth);
    case 1: return call(m, pick(m, 2) ? "min" : "max", day(m, depth - 1), day(m, depth - 1));
    default: return both(m, pick(m, 3) ? OP_ADD : OP_SUB, day(m, depth - 1), literal_duration(m));
  }
}
static struct expr *duration(struct maker *m, int depth) {
  struct expr *whole;
  switch (pick(m, 4)) {
    case 0: return both(m, OP_SUB, day(m, depth - 1), day(m, depth - 1));
    case 1: return call(m, "workdays", day(m, depth - 1), day(m, depth - 1));
    case 2:
      whole = node(m, EXPR_NUMBER);
      whole->number = dec_int(pick(m, 9));
      return both(m, OP_MUL, literal_duration(m), whole);
    default: return both(m, pick(m, 2) ? OP_ADD : OP_SUB, literal_duration(m), literal_duration(m));
  }
}
static struct expr *flag(struct maker *m, int depth) {
  const enum expr_op op = (enum expr_op)(OP_EQ + (int)pick(m, OP_GE - OP_EQ + 1));
  if (depth <= 0) return node(m, pick(m, 2) ? EXPR_YES : pick(m, 3) ? EXPR_NO : EXPR_NONE);
  struct expr *x;
  switch (pick(m, 9)) {
    case 0:
      x = node(m, EXPR_NOT);
      x->a = flag(m, depth - 1);
      return x;
    case 1:
      x = node(m, pick(m, 2) ? EXPR_IS_NONE : EXPR_IS_SOME);
      x->a = number(m, depth - 1);
      return x;
    case 2: return both(m, pick(m, 2) ? OP_IN : OP_NOT_IN, number(m, depth - 1), number_set(m, depth));
    case 3: return both(m, op, day(m, depth - 1), day(m, depth - 1));
    case 4: return both(m, op, duration(m, depth), duration(m, depth));
    case 5:
    case 6: return both(m, op, number(m, depth - 1), number(m, depth - 1));
    default: return both(m, pick(m, 2) ? OP_AND : OP_OR, flag(m, depth - 1), flag(m, depth - 1));
  }
}

/* ---- telling ---- */

static void tell_list(struct arena *mem, const struct expr *x);
static void tell_parts(struct arena *mem, const char *word, const struct expr *a, const struct expr *b,
                       const struct expr *c) {
  const struct expr *const parts[] = {a, b, c};
  (void)printf("(%s", word);
  for (size_t i = 0; i < COUNT_OF(parts) && parts[i]; i++) {
    (void)putchar(' ');
    tell_list(mem, parts[i]);
  }
  (void)putchar(')');
}
static void tell_call(struct arena *mem, const struct expr *x) {
  (void)printf("(" STRF, STRA(x->kind == EXPR_SET ? STR("set") : x->text));
  for (size_t i = 0; i < x->args.len; i++) {
    (void)putchar(' ');
    tell_list(mem, x->args.at[i]);
  }
  (void)putchar(')');
}
static void tell_list(struct arena *mem, const struct expr *x) {
  static const char *const ops[] = {
      "or", "and", "=", "!=", "<", "<=", ">", ">=", "in", "notin", "+", "-", "*", "/", "div", "mod"};
  switch (x->kind) {
    case EXPR_NUMBER:
      (void)printf("(n " STRF " " STRF ")", STRA(dec_text(mem, x->number)), STRA(x->unit.len ? x->unit : STR("1")));
      return;
    case EXPR_DATE: (void)printf("(d " STRF ")", STRA(date_iso(mem, x->date))); return;
    case EXPR_YES: (void)printf("yes"); return;
    case EXPR_NO: (void)printf("no"); return;
    case EXPR_NONE: (void)printf("none"); return;
    case EXPR_MINUS: tell_parts(mem, "neg", x->a, NULL, NULL); return;
    case EXPR_NOT: tell_parts(mem, "not", x->a, NULL, NULL); return;
    case EXPR_IS_NONE: tell_parts(mem, "isnone", x->a, NULL, NULL); return;
    case EXPR_IS_SOME: tell_parts(mem, "issome", x->a, NULL, NULL); return;
    case EXPR_IF: tell_parts(mem, "if", x->a, x->b, x->c); return;
    case EXPR_BOTH: tell_parts(mem, ops[x->op], x->a, x->b, NULL); return;
    case EXPR_PATH: tell_parts(mem, str_z(mem, x->text), x->a, NULL, NULL); return;
    default: tell_call(mem, x); return;
  }
}

/* ---- working out ---- */

static bool no_name(const struct type_env *env, struct str name, struct type *out) {
  (void)env, (void)name, (void)out;
  return false;
}
enum outcome { IS_VALUE, IS_REFUSED, IS_WRONG };
static enum outcome work_out(struct arena *mem, const struct units *u, struct str text, struct value *out,
                             struct expr **out_tree) {
  const struct type_env types = {.units = u, .budget = 1000000, .global = no_name};
  const struct eval_env env = {.units = u, .calendar = calendar_known(), .reference_day = {2026, 3, 2}};
  struct expr_fault f = {0};
  struct type_answer answer;
  type_faults faults = {0};
  struct err e = {0};
  if (!expr_parse(mem, text, out_tree, &f))
    return (void)printf("not ok - " STRF ": %s\n", STRA(text), msg_key(f.msg)), IS_WRONG;
  if (!type_check(mem, *out_tree, &types, NULL, &answer, &faults))
    return (void)printf("not ok - " STRF ": %s\n", STRA(text), msg_key(faults.at[0].msg)), IS_WRONG;
  if (eval(mem, *out_tree, &env, answer.cost, NULL, out, &e)) return IS_VALUE;
  return e.msg == MSG_eval_overflow ? IS_REFUSED
                                    : ((void)printf("not ok - " STRF ": %s\n", STRA(text), msg_key(e.msg)), IS_WRONG);
}
static struct expr *any(struct maker *m, int depth) {
  switch (pick(m, 4)) {
    case 0: return flag(m, depth);
    case 1: return day(m, depth);
    case 2: return pick(m, 3) ? number(m, depth) : duration(m, depth);
    default: return number(m, depth);
  }
}
static enum outcome one(const struct units *u, uint32_t seed, bool print) {
  AUTO_ARENA mem = {0};
  struct maker m = {&mem, seed * 2654435761u + 1};
  const struct str text = expr_text(&mem, any(&m, 1 + (int)(seed % 4)));
  struct expr *x = NULL;
  struct value v;
  if (text.len > EXPR_LENGTH_MAX) return IS_VALUE;
  const enum outcome outcome = work_out(&mem, u, text, &v, &x);
  if (!print || outcome == IS_WRONG) return outcome;
  struct str value = STR("overflow");
  if (outcome == IS_VALUE)
    value = value_is_none(&v) ? str_join(&mem, STR("none:"), str_from(str_of(msg_key(none_msg(v.why))), 5))
                              : value_show(&mem, u, &v, STR(""));
  (void)printf(STRF "\t", STRA(text));
  tell_list(&mem, x);
  (void)printf("\t" STRF "\n", STRA(value));
  return outcome;
}

int main(int argc, char **argv) {
  AUTO_ARENA mem = {0};
  struct units u = {0};
  struct err e = {0};
  int64_t count = 20000, refused = 0, wrong = 0;
  const bool print = argc == 3 && str_eqz(str_of(argv[1]), "print") && str_to_int(str_of(argv[2]), &count);
  const struct embedded *f = embed_find(STR("rules/units.yaml"));
  must(f && units_parse(&mem, f->bytes, &u, &e));
  for (int64_t i = 0; i < count && wrong < 5; i++) {
    const enum outcome outcome = one(&u, (uint32_t)i, print);
    refused += outcome == IS_REFUSED;
    wrong += outcome == IS_WRONG;
  }
  if (!print)
    (void)printf("%s - %lld expressions have values, %lld refused as too long\n",
                 wrong || refused > count / 20 ? "not ok" : "ok", (long long)count, (long long)refused);
  return wrong != 0;
}
