/* The checker of types: one pass over the tree, outer to inner for what is wanted, inner to outer for what there is. */
#include "declare/type.h"

#include "declare/type_run.h"
#include "texts.h"

/* ---- literals ---- */

static struct type type_literal_number(struct type_run *r, struct expr *x) {
  enum duration_unit unit;
  struct ratio n = ratio_of_dec(x->number), factor;
  struct type t = {.kind = KIND_NUMBER, .said = x->unit};
  if (duration_unit_of(x->unit, &unit)) {
    if (ratio_is_whole(n)) return type_of(KIND_DURATION);
    struct type_fault *f = type_tell(r, FAULT_T005, MSG_declare_t005_whole, x);
    type_arg(f, "unit", x->unit);
    return type_of(KIND_BAD);
  }
  if (!units_read(r->env->units, x->unit, &t.unit, &factor) || !ratio_mul(n, factor, &t.step)) {
    struct type_fault *f = type_tell(r, FAULT_T005, MSG_declare_t005_unknown, x);
    type_arg(f, "unit", x->unit);
    f->hint = MSG_declare_t005_unknown_hint;
    return type_of(KIND_BAD);
  }
  t.step = ratio_abs(t.step);
  if (str_eqz(x->unit, "%")) t.said = (struct str){0};
  return t;
}

static struct type type_literal_code(struct type_run *r, const struct expr *x, const struct type *want) {
  if (want && want->kind == KIND_BAD) return *want;
  if (!want || want->kind == KIND_NONE) {
    struct type_fault *f = type_tell(r, FAULT_T010, MSG_declare_t010_context, x);
    type_arg(f, "name", x->text);
    return type_of(KIND_BAD);
  }
  if (type_is_text(want) || (want->set && want->kind == KIND_CODE && !want->of)) return type_code(NULL);
  if (want->kind != KIND_CODE) {
    const struct type code = type_code(NULL);
    return tell_two(r, FIT_KIND, x, want, &code);
  }
  if (r->env->has_code(r->env, want->of, x->text)) return type_code(want->of);
  struct nearest near = nearest_to(x->text);
  if (r->env->offer_codes) r->env->offer_codes(r->env, want->of, &near);
  struct type_fault *f = type_tell(r, FAULT_T010, MSG_declare_t010, x);
  type_arg(f, "list", r->env->name_of ? r->env->name_of(r->env, want) : (struct str){0});
  type_arg(f, "name", x->text);
  tell_near(r, f, &near);
  return type_of(KIND_BAD);
}

/* ---- names ---- */

static bool type_field(const struct type_run *r, const struct type *of, struct str name, struct type *out) {
  static const struct {
    enum kind of;
    struct str name;
    enum kind is;
  } known[] = {
      {KIND_CLOCK, STR_INIT("due"), KIND_MOMENT},   {KIND_CLOCK, STR_INIT("left"), KIND_DURATION},
      {KIND_CLOCK, STR_INIT("over"), KIND_FLAG},    {KIND_CLOCK, STR_INIT("used"), KIND_DURATION},
      {KIND_CLOCK, STR_INIT("paused"), KIND_FLAG},  {KIND_CLOCK, STR_INIT("running"), KIND_FLAG},
      {KIND_PERIOD, STR_INIT("start"), KIND_DATE},  {KIND_PERIOD, STR_INIT("end"), KIND_DATE},
      {KIND_PERIOD, STR_INIT("next"), KIND_PERIOD}, {KIND_PERIOD, STR_INIT("previous"), KIND_PERIOD},
      {KIND_SPAN, STR_INIT("from"), KIND_MOMENT},   {KIND_SPAN, STR_INIT("to"), KIND_MOMENT},
  };
  for (size_t i = 0; i < COUNT_OF(known); i++)
    if (known[i].of == of->kind && str_eq(known[i].name, name)) {
      *out = (struct type){.kind = known[i].is, .period = of->period};
      return true;
    }
  const bool has_fields =
      of->kind >= KIND_UNIT && of->kind <= KIND_ACCOUNT && of->kind != KIND_CLOCK && of->kind != KIND_BOOK;
  return has_fields && r->env->field(r->env, of, name, out);
}
static struct type tell_name(struct type_run *r, const struct expr *x, const struct type *of, struct str name) {
  static const struct str clock_fields[] = {STR_INIT("due"),  STR_INIT("left"),   STR_INIT("over"),
                                            STR_INIT("used"), STR_INIT("paused"), STR_INIT("running")};
  struct nearest near = nearest_to(name);
  if (r->env->offer_names) r->env->offer_names(r->env, of, &near);
  for (size_t i = 0; of && of->kind == KIND_CLOCK && i < COUNT_OF(clock_fields); i++)
    nearest_offer(&near, clock_fields[i]);
  for (const struct scope *s = r->scope; s && x->kind == EXPR_NAME; s = s->up) nearest_offer(&near, s->held);
  const bool is_of = of && of->kind != KIND_BAD;
  struct type_fault *f = type_tell(r, FAULT_T001, is_of ? MSG_declare_t001_field : MSG_declare_t001, x);
  f->from = x->to - (int)name.len > x->from && x->kind == EXPR_PATH ? x->to - (int)name.len : x->from;
  type_arg(f, "name", name);
  if (is_of) type_arg(f, "of", type_said(r, of));
  tell_near(r, f, &near);
  return type_of(KIND_BAD);
}

struct type type_member(struct type_run *r, const struct expr *x, struct type of, struct str name) {
  struct type t, element = of;
  if (type_is_bad(&of)) return of;
  element.set = element.wide = false;
  if (of.kind == KIND_CLOCK && !str_eqz(name, "due") && !str_eqz(name, "paused")) r->is_live = true;
  if (!type_field(r, &element, name, &t)) return tell_name(r, x, &element, name);
  if (!of.set) return t;
  type_walk(r, x, &of);
  /* a set of sets is one: what is declared multiplies up to the ceiling that a set has by itself */
  int64_t most = of.most;
  if (t.set && __builtin_mul_overflow(of.most, t.most, &most)) most = INT64_MAX;
  const int64_t larger = t.set && t.most > of.most ? t.most : of.most, ceiling = larger > SET_MOST ? larger : SET_MOST;
  return type_set_of(t, most < ceiling ? most : ceiling);
}

static bool is_moving(struct str name, struct type *out) {
  if (!str_eqz(name, "now") && !str_eqz(name, "today")) return false;
  *out = type_of(str_eqz(name, "now") ? KIND_MOMENT : KIND_DATE);
  return true;
}
static const struct scope *element_scope(const struct scope *s) {
  while (s && !s->has_element) s = s->up;
  return s;
}
static struct type type_name(struct type_run *r, struct expr *x) {
  struct type t;
  if (x == r->record_name && r->env->label(r->env, LABEL_RECORD, x->text, &t)) { /* the(record where …) */
    x->bound = BOUND_LABEL;
    r->is_looking_around = true;
    t.set = t.wide = true;
    return t;
  }
  for (const struct scope *s = r->scope; s; s = s->up)
    if (s->held.len && str_eq(s->held, x->text)) {
      x->bound = BOUND_HELD;
      return s->element;
    }
  const struct scope *s = element_scope(r->scope);
  const struct type *self = s ? &s->element : &r->env->self;
  x->bound = s ? BOUND_ELEMENT : BOUND_FIELD;
  if (self->kind != KIND_BAD && type_field(r, self, x->text, &t)) return t;
  x->bound = BOUND_GLOBAL;
  if (is_moving(x->text, &t)) {
    r->is_live = true;
    return t;
  }
  if (r->env->global(r->env, x->text, &t)) return t;
  if (s && s->element.kind == KIND_BAD) { /* of what the set is was told already, or another package knows */
    x->bound = BOUND_ELEMENT;
    return type_of(KIND_BAD);
  }
  return tell_name(r, x, self, x->text);
}

/* ---- sets, conditions, queries ---- */

bool type_needs_context(const struct expr *x) {
  if (x->kind == EXPR_CODE || x->kind == EXPR_NONE) return true;
  if (x->kind == EXPR_IF) return type_needs_context(x->b) && type_needs_context(x->c);
  if (x->kind != EXPR_SET) return false;
  for (size_t i = 0; i < x->args.len; i++)
    if (!type_needs_context(x->args.at[i])) return false;
  return true;
}
static struct type join_told(struct type_run *r, const struct expr *x, const struct type *a, const struct type *b) {
  const enum fit fit = type_meets(r, a, b);
  return fit == FIT_YES ? type_join(a, b) : tell_two(r, fit, x, a, b);
}
struct type type_together(struct type_run *r, struct expr *const *list, size_t n, const struct type *want) {
  struct type t = type_of(KIND_NONE);
  bool has_type = false;
  for (int late = 0; late < 2; late++)
    for (size_t i = 0; i < n; i++) {
      if (type_needs_context(list[i]) != late) continue;
      const struct type one = type_expr(r, list[i], has_type ? &t : want);
      t = has_type ? join_told(r, list[i], &t, &one) : one;
      has_type = has_type || one.kind != KIND_NONE;
    }
  return t;
}

static struct type type_literal_set(struct type_run *r, struct expr *x, const struct type *want) {
  struct type element = want ? *want : type_of(KIND_NONE);
  element.set = false;
  const bool is_known = want && want->kind != KIND_NONE;
  struct type t = type_together(r, x->args.at, x->args.len, is_known ? &element : NULL);
  if (t.set) return tell_wanted(r, x, &t, STR("one"));
  return x->args.len ? type_set_of(t, (int64_t)x->args.len) : type_set_of(element, 0);
}

static void want_flag(struct type_run *r, struct expr *x) {
  const struct type t = type_expr(r, x, NULL);
  if (!type_is(&t, KIND_FLAG) && !type_is_any(&t)) (void)tell_wanted(r, x, &t, STR("flag"));
}
static struct type type_if(struct type_run *r, struct expr *x, const struct type *want) {
  want_flag(r, x->a);
  struct expr *const branches[] = {x->b, x->c};
  return type_together(r, branches, 2, want);
}

/* Is it a condition `field = …` of which all elements of the set hold, on a field by which a set can be found? */
static bool narrows(const struct type_run *r, const struct expr *x, const struct type *element, struct str held) {
  if (!x || x->kind != EXPR_BOTH) return false;
  if (x->op == OP_AND) return narrows(r, x->a, element, held) || narrows(r, x->b, element, held);
  if (x->op != OP_EQ) return false;
  for (int side = 0; side < 2; side++) {
    const struct str field = expr_element_field(side ? x->b : x->a, held);
    const bool is_known = field.len && !expr_about_element(side ? x->a : x->b, held);
    if (is_known && r->env->is_indexed && r->env->is_indexed(r->env, element, field)) return true;
  }
  return false;
}
/* What depends on an order: by. */
static void want_ordered(struct type_run *r, struct expr *x) {
  const struct type t = type_expr(r, x, NULL);
  const bool is_ordered = t.kind == KIND_CODE ? t.of && r->env->is_ordered(r->env, t.of)
                                              : t.kind <= KIND_NONE || (t.kind >= KIND_TEXT && t.kind <= KIND_PERIOD) ||
                                                    t.kind == KIND_FLAG;
  if (t.set || !is_ordered) (void)tell_wanted(r, x, &t, STR("number, date, moment, text, ordered choice"));
}
/* With `as` the element is known by that name only, and bare names mean what they mean outside. */
struct type type_query(struct type_run *r, struct expr *x, struct str held, const struct type *want) {
  struct type set = type_expr(r, x->a, want);
  const bool is_bad = type_is_bad(&set); /* its conditions are read all the same: they may be worked out */
  if (!is_bad && !set.set) return tell_wanted(r, x->a, &set, STR("set"));
  struct scope s = {.up = r->scope, .has_element = !held.len, .element = set, .held = held};
  s.element.set = s.element.wide = false;
  const int64_t times = r->times;
  if (++r->query_depth > QUERY_DEPTH_MAX)
    type_arg(type_tell(r, FAULT_T012, MSG_declare_t012_deep, x), "limit", str_int(r->mem, QUERY_DEPTH_MAX));
  int64_t narrow = is_bad ? 1 : set.most;
  const bool was_wide = set.wide;
  if (was_wide && narrow > SET_MOST) narrow = SET_MOST;
  r->scope = &s;
  r->times = narrow > 0 && times > INT64_MAX / narrow ? INT64_MAX : times * narrow;
  if (x->b) want_flag(r, x->b);
  if (x->c) want_ordered(r, x->c);
  r->scope = s.up;
  r->times = times;
  r->query_depth--;
  if (is_bad) return set;
  if (was_wide && !narrows(r, x->b, &s.element, held)) {
    type_walk(r, x, &set);
    set.wide = false;
    return set;
  }
  set.wide = false;
  set.most = narrow;
  if (x->b || x->c) type_walk(r, x, &set);
  return set;
}

/* a for name in b: the name also stands for the element in the conditions of b. */
static struct type type_each(struct type_run *r, struct expr *x) {
  const bool is_query = x->b->kind == EXPR_QUERY && !x->b->text.len;
  const struct type set = is_query ? type_query(r, x->b, x->text, NULL) : type_expr(r, x->b, NULL);
  if (is_query) type_note(r, x->b, &set);
  const bool is_bad = type_is_bad(&set);
  if (!is_bad && !set.set) return tell_wanted(r, x->b, &set, STR("set"));
  type_walk(r, x, &set);
  struct scope s = {.up = r->scope, .element = set, .held = x->text};
  s.element.set = s.element.wide = false;
  const int64_t times = r->times;
  r->scope = &s;
  r->times = set.most > 0 && times > INT64_MAX / set.most ? INT64_MAX : times * set.most;
  const struct type t = type_expr(r, x->a, NULL);
  r->scope = s.up;
  r->times = times;
  if (is_bad) return set;
  return t.set ? tell_wanted(r, x->a, &t, STR("one")) : type_set_of(t, set.most);
}

/* ---- the whole ---- */

static struct type type_present(struct type_run *r, struct expr *x) {
  (void)type_expr(r, x->a, NULL);
  return type_of(KIND_FLAG);
}
static struct type type_node(struct type_run *r, struct expr *x, const struct type *want) {
  switch (x->kind) {
    case EXPR_NUMBER: return type_literal_number(r, x);
    case EXPR_TEXT: return type_of(KIND_TEXT);
    case EXPR_DATE: return type_of(KIND_DATE);
    case EXPR_CODE: return type_literal_code(r, x, want);
    case EXPR_YES:
    case EXPR_NO: return type_of(KIND_FLAG);
    case EXPR_NONE: return type_of(KIND_NONE);
    case EXPR_NAME: return type_name(r, x);
    case EXPR_PATH: return type_member(r, x, type_expr(r, x->a, NULL), x->text);
    case EXPR_CALL: return type_call(r, x);
    case EXPR_SET: return type_literal_set(r, x, want);
    case EXPR_MINUS:
    case EXPR_NOT:
    case EXPR_BOTH: return type_both(r, x);
    case EXPR_IS_NONE:
    case EXPR_IS_SOME: return type_present(r, x);
    case EXPR_IF: return type_if(r, x, want);
    case EXPR_QUERY: return type_query(r, x, x->text, want);
    case EXPR_EACH: return type_each(r, x);
  }
  return type_of(KIND_BAD);
}
void type_note(struct type_run *r, struct expr *x, const struct type *t) {
  struct type *kept = arena_new(r->mem, struct type);
  *kept = *t;
  x->type = kept;
}
struct type type_expr(struct type_run *r, struct expr *x, const struct type *want) {
  const struct type t = type_node(r, x, want);
  type_note(r, x, &t);
  return t;
}

static void check_want(struct type_run *r, const struct expr *x, const struct type *got, const struct type *want) {
  const enum fit fit = type_fits(r, got, want);
  if (fit == FIT_KIND || fit == FIT_SET) (void)tell_wanted(r, x, got, type_said(r, want));
  else if (fit != FIT_YES) (void)tell_two(r, fit, x, got, want);
}
bool type_check(struct arena *mem, struct expr *x, const struct type_env *env, const struct type *want,
                struct type_answer *out, type_faults *faults) {
  const size_t before = faults->len;
  struct type_run r = {.mem = mem, .env = env, .faults = faults, .times = 1};
  const struct type t = type_expr(&r, x, want);
  if (want) check_want(&r, x, &t, want);
  if (r.cost > env->budget && faults->len == before) {
    struct type_fault *f = type_tell(&r, FAULT_T012, MSG_declare_t012, x);
    type_arg(f, "n", str_int(mem, r.cost));
    type_arg(f, "limit", str_int(mem, env->budget));
    f->hint = MSG_declare_t012_hint;
  }
  *out = (struct type_answer){t, r.cost, r.is_live, r.is_looking_around};
  x->cost = r.cost;
  x->is_live = r.is_live;
  return faults->len == before;
}
