/* Types of functions, and of what is called on a book. Arguments are typed by the letters of function.h, results by kind
 * of function. */
#include "declare/type_run.h"
#include "texts.h"

struct call { /* the arguments of one call, typed */
  struct expr *x;
  enum function f;
  struct type args[FUNCTION_ARGS_MAX];
  struct type label; /* what its label names */
  bool is_bad;
};

/* ---- arguments ---- */

static struct str label_text(struct type_run *r, const struct expr *x) {
  return x->kind == EXPR_PATH && x->a->kind == EXPR_NAME
             ? str_fmt(r->mem, STRF "." STRF, STRA(x->a->text), STRA(x->text))
             : x->text;
}
static bool is_label_form(const struct expr *x, enum label what) {
  return x->kind == EXPR_NAME || (what == LABEL_MEASURE && x->kind == EXPR_PATH && x->a->kind == EXPR_NAME);
}
static int label_kind(enum label what) {
  static const int kinds[] = {[LABEL_CLOCK] = MSG_declare_kind_clock,     [LABEL_ACT] = MSG_declare_kind_act,
                              [LABEL_STATE] = MSG_declare_kind_state,     [LABEL_TABLE] = MSG_declare_kind_table,
                              [LABEL_WORDS] = MSG_declare_kind_words,     [LABEL_SHEET] = MSG_declare_kind_sheet,
                              [LABEL_RECORD] = MSG_declare_kind_record,   [LABEL_ROLE] = MSG_declare_kind_role,
                              [LABEL_MEASURE] = MSG_declare_kind_measure, [LABEL_ROUND] = MSG_declare_kind_round};
  return kinds[what];
}
static bool type_label(struct type_run *r, struct expr *x, enum label what, struct type *out) {
  const struct str name = label_text(r, x);
  if (is_label_form(x, what) && r->env->label(r->env, what, name, out)) {
    x->bound = BOUND_LABEL;
    type_note(r, x, out);
    return true;
  }
  const struct type bad = type_of(KIND_BAD);
  struct nearest near = nearest_to(name);
  if (r->env->offer_labels) r->env->offer_labels(r->env, what, &near);
  struct type_fault *f = type_tell(r, FAULT_N003, MSG_declare_n003, x);
  f->kind = label_kind(what);
  type_arg(f, "name", is_label_form(x, what) ? name : expr_text(r->mem, x));
  tell_near(r, f, &near);
  type_note(r, x, &bad);
  return false;
}
static enum label label_of(char letter) {
  static const char letters[] = "CASTWHRLM";
  static const enum label labels[] = {LABEL_CLOCK, LABEL_ACT,    LABEL_STATE, LABEL_TABLE,  LABEL_WORDS,
                                      LABEL_SHEET, LABEL_RECORD, LABEL_ROLE,  LABEL_MEASURE};
  return labels[strchr(letters, letter) - letters];
}
/* A field of the elements of the first argument. */
static bool type_field_label(struct type_run *r, struct expr *x, struct type of) {
  of.set = false;
  if (x->kind != EXPR_NAME) {
    const struct type bad = type_of(KIND_BAD);
    struct type_fault *f = type_tell(r, FAULT_N003, MSG_declare_n003, x);
    f->kind = MSG_declare_kind_field;
    type_arg(f, "name", expr_text(r->mem, x));
    type_note(r, x, &bad);
    return false;
  }
  x->bound = BOUND_LABEL;
  const struct type t = type_member(r, x, of, x->text);
  type_note(r, x, &t);
  return !type_is_bad(&t);
}

static bool letter_fits(char letter, const struct type *t) {
  if (letter == 's') return t->set || t->kind == KIND_BAD;
  if (type_is_any(t)) return true;
  if (letter == 'x') return true;
  if (t->set) return false;
  switch (letter) {
    case 'n': return t->kind == KIND_NUMBER;
    case 't': return type_is_text(t);
    case 'd': return t->kind == KIND_DATE || t->kind == KIND_MOMENT;
    case 'c': return t->kind == KIND_CODE && t->of;
    case 'p': return t->kind == KIND_PERSON;
    case 'u': return t->kind == KIND_UNIT;
    case 'f': return t->kind == KIND_FLAG;
    default: return t->kind == KIND_PLACE;
  }
}
static struct str letter_said(char letter) {
  switch (letter) {
    case 's': return STR("set");
    case 'n': return STR("number");
    case 't': return STR("text");
    case 'd': return STR("date, moment");
    case 'c': return STR("ordered choice");
    case 'p': return STR("person");
    case 'u': return STR("unit");
    case 'f': return STR("flag");
    default: return STR("place");
  }
}
static bool is_walker(enum function f) { return f != FUNCTION_first && f != FUNCTION_last && f != FUNCTION_gains; }

static void type_arg_value(struct type_run *r, struct call *c, size_t i, const struct type *want) {
  const char letter = function_letter(c->f, i);
  struct expr *x = c->x->args.at[i];
  if (c->f == FUNCTION_the) r->record_name = x->kind == EXPR_QUERY ? x->a : x;
  c->args[i] = type_expr(r, x, want);
  if (!letter_fits(letter, &c->args[i])) {
    (void)tell_wanted(r, x, &c->args[i], letter_said(letter));
    c->is_bad = true;
  }
  if (letter == 's' && x->kind != EXPR_QUERY && is_walker(c->f)) type_walk(r, x, &c->args[i]);
  c->is_bad = c->is_bad || type_is_bad(&c->args[i]);
}
static void type_args(struct type_run *r, struct call *c) {
  for (size_t i = 0; i < c->x->args.len; i++) {
    const char letter = function_letter(c->f, i);
    const bool is_label = letter >= 'A' && letter <= 'Z';
    struct expr *x = c->x->args.at[i];
    if (letter == 'F') c->is_bad = !type_field_label(r, x, c->args[0]) || c->is_bad;
    else if (is_label) c->is_bad = !type_label(r, x, label_of(letter), &c->label) || c->is_bad;
    else if (c->f == FUNCTION_look && !c->is_bad) {
      struct type key;
      const bool has_key = r->env->key(r->env, &c->label, i - 1, &key);
      type_arg_value(r, c, i, has_key ? &key : NULL);
      const enum fit fit = has_key && !c->is_bad ? type_meets(r, &c->args[i], &key) : FIT_YES;
      if (fit != FIT_YES) {
        (void)tell_two(r, fit, x, &c->args[i], &key);
        c->is_bad = true;
      }
    } else if (c->f != FUNCTION_min && c->f != FUNCTION_max && c->f != FUNCTION_rank) {
      type_arg_value(r, c, i, NULL);
    }
  }
}

static bool tell_count(struct type_run *r, const struct call *c, int least, int most) {
  struct type_fault *f = type_tell(r, FAULT_T006, MSG_declare_t006_count, c->x);
  type_arg(f, "name", c->x->text);
  type_arg(f, "n", str_int(r->mem, (int64_t)c->x->args.len));
  type_arg(f, "wanted", least == most ? str_int(r->mem, least) : str_fmt(r->mem, "%d–%d", least, most));
  return false;
}
static bool count_fits(struct type_run *r, const struct call *c) {
  const struct function_form *form = function_form(c->f);
  int least = form->least, most = form->most;
  struct type key;
  if (c->f == FUNCTION_round) least = 2;
  if (c->f == FUNCTION_look && c->x->args.len) {
    struct expr *label = c->x->args.at[0];
    struct type row;
    if (label->kind == EXPR_NAME && r->env->label(r->env, LABEL_TABLE, label->text, &row))
      for (most = 1; most < FUNCTION_ARGS_MAX && r->env->key(r->env, &row, (size_t)most - 1, &key);) least = ++most;
  }
  const int n = (int)c->x->args.len;
  return (n >= least && n <= most) || tell_count(r, c, least, most);
}

/* ---- results ---- */

static struct type element_of(const struct type *set) {
  struct type t = *set;
  t.set = t.wide = false;
  t.most = 0;
  return t;
}
static bool is_kind_in(const struct type *t, const enum kind *kinds, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (t->kind == kinds[i] || t->kind == KIND_BAD || t->kind == KIND_NONE) return true;
  return false;
}
static struct type fraction_of(const struct type *set) {
  struct type t = element_of(set);
  t.kind = KIND_NUMBER;
  t.fraction = true;
  t.bare = false;
  t.step = ratio_int(0);
  return t;
}
/* The first argument as a set of numbers, or a fault. */
static bool wants_numbers(struct type_run *r, const struct call *c) {
  const struct type *t = &c->args[0];
  if (t->kind == KIND_NUMBER || t->kind == KIND_NONE) return true;
  (void)tell_wanted(r, c->x->args.at[0], t, STR("set of number"));
  return false;
}
static bool has_order(struct type_run *r, const struct expr *x, const struct type *t) {
  static const enum kind ordered[] = {KIND_NUMBER, KIND_DATE, KIND_MOMENT, KIND_TIME, KIND_DURATION, KIND_PERIOD};
  const bool is_good =
      t->kind == KIND_CODE ? t->of && r->env->is_ordered(r->env, t->of) : is_kind_in(t, ordered, COUNT_OF(ordered));
  if (!is_good) (void)tell_wanted(r, x, t, STR("number, date, moment, duration, period, ordered choice"));
  return is_good;
}

static struct type type_extreme(struct type_run *r, struct call *c) {
  struct type t = type_together(r, c->x->args.at, c->x->args.len, NULL);
  const bool is_one = c->x->args.len == 1;
  if (type_is_bad(&t)) return t;
  if (is_one && !t.set) return tell_wanted(r, c->x->args.at[0], &t, STR("set"));
  if (!is_one && t.set) return tell_wanted(r, c->x, &t, STR("one"));
  if (is_one && c->x->args.at[0]->kind != EXPR_QUERY) type_walk(r, c->x, &t);
  return has_order(r, c->x, &t) ? element_of(&t) : type_of(KIND_BAD);
}
static struct type type_rank(struct type_run *r, struct call *c) {
  struct type set = type_expr(r, c->x->args.at[1], NULL);
  if (!set.set) return tell_wanted(r, c->x->args.at[1], &set, STR("set"));
  type_walk(r, c->x, &set);
  const struct type element = element_of(&set), t = type_expr(r, c->x->args.at[0], &element);
  const enum fit fit = type_meets(r, &t, &element);
  if (fit != FIT_YES) return tell_two(r, fit, c->x, &t, &element);
  struct type n = number_bare(ratio_int(1));
  n.bare = true;
  return has_order(r, c->x->args.at[0], &t) ? n : type_of(KIND_BAD);
}

static struct type type_aggregate(struct type_run *r, struct call *c) {
  struct type count = number_bare(ratio_int(1)), t = c->args[0];
  count.bare = true;
  switch (c->f) {
    case FUNCTION_count: return count;
    case FUNCTION_exists: return type_of(KIND_FLAG);
    case FUNCTION_distinct: return t;
    case FUNCTION_first:
    case FUNCTION_last:
      if (c->x->args.at[0]->kind != EXPR_QUERY) type_walk(r, c->x, &t);
      return element_of(&t);
    case FUNCTION_the: return element_of(&t);
    case FUNCTION_share:
      if (t.kind != KIND_FLAG) return tell_wanted(r, c->x->args.at[0], &t, STR("set of flag"));
      t = number_bare(ratio_int(0));
      t.fraction = true;
      return t;
    default: break;
  }
  if (!wants_numbers(r, c)) return type_of(KIND_BAD);
  t = fraction_of(&t);
  if (c->f != FUNCTION_stdev && c->f != FUNCTION_cv) return t;
  t.fraction = false; /* kept to six places */
  if (c->f == FUNCTION_cv) t = number_bare(ratio_int(1));
  return ratio_of(1, 1000000, &t.step) ? t : type_of(KIND_BAD);
}
static struct type type_total(struct type_run *r, struct call *c) {
  struct type t = c->args[0];
  const struct expr *x = c->x->args.at[0];
  if (t.kind == KIND_BOOK && !t.set) {
    t.kind = KIND_NUMBER;
    t.of = NULL;
    return t;
  }
  if (!t.set) return tell_wanted(r, x, &t, STR("set"));
  if (x->kind != EXPR_QUERY) type_walk(r, x, &t);
  if (t.kind == KIND_NONE) return number_bare(ratio_int(0)); /* of nothing */
  if (t.kind != KIND_NUMBER && t.kind != KIND_DURATION) return tell_wanted(r, x, &t, STR("set of number"));
  return element_of(&t);
}

/* round(x, step): a multiple of the step, in the unit of both. */
static struct type type_rounded(struct type_run *r, struct call *c) {
  const struct type *x = &c->args[0], *step = &c->args[1];
  const enum fit fit = type_meets(r, x, step);
  if (fit != FIT_YES) return tell_two(r, fit, c->x, x, step);
  if (c->x->args.at[1]->kind == EXPR_NUMBER && ratio_is_zero(step->step))
    return tell_wanted(r, c->x->args.at[1], step, STR("> 0"));
  struct type t = type_join(x, step);
  t.fraction = step->fraction;
  t.step = step->step;
  return t;
}
static struct type type_period(enum function f) {
  static const enum period_kind kinds[] = {
      [FUNCTION_year] = PERIOD_year, [FUNCTION_quarter] = PERIOD_quarter, [FUNCTION_month] = PERIOD_month,
      [FUNCTION_week] = PERIOD_week, [FUNCTION_term] = PERIOD_term,       [FUNCTION_school_year] = PERIOD_school_year};
  return (struct type){.kind = KIND_PERIOD, .period = kinds[f]};
}
static struct type type_metres(struct type_run *r) {
  struct type t;
  return type_number(r->env->units, 0, STR("m"), &t) ? t : type_of(KIND_BAD);
}
static struct type type_persons(void) { return type_set_of(type_of(KIND_PERSON), SET_MOST); }

static struct type type_time_result(struct type_run *r, struct call *c) {
  struct type n = number_bare(ratio_int(1));
  n.bare = true;
  switch (c->f) {
    case FUNCTION_date: return type_of(KIND_DATE);
    case FUNCTION_workdays: return type_of(KIND_DURATION);
    case FUNCTION_span: return type_of(KIND_SPAN);
    case FUNCTION_entered: return type_of(KIND_MOMENT);
    case FUNCTION_since: r->is_live = true; return type_of(KIND_DURATION);
    case FUNCTION_age: return n;
    default: return type_period(c->f);
  }
}
static struct type type_text_result(const struct call *c) {
  if (c->f == FUNCTION_text || c->f == FUNCTION_mask) return type_of(KIND_TEXT);
  struct type n = number_bare(ratio_int(1));
  n.bare = true;
  return c->f == FUNCTION_len ? n : type_of(KIND_FLAG);
}
static struct type type_person_result(const struct call *c) {
  switch (c->f) {
    case FUNCTION_adviser_of:
    case FUNCTION_head_of:
    case FUNCTION_person_of: return type_of(KIND_PERSON);
    case FUNCTION_unit_of: return type_of(KIND_UNIT);
    case FUNCTION_worked_at:
    case FUNCTION_related: return type_of(KIND_FLAG);
    case FUNCTION_persons: return type_set_of(type_of(KIND_PERSON), (int64_t)c->x->args.len);
    default: return type_persons();
  }
}
static struct type type_band(struct type_run *r, const struct call *c) {
  struct type t;
  return r->env->field(r->env, &c->label, STR("band"), &t) ? t : tell_wanted(r, c->x, &c->label, STR("sheet"));
}
static struct type type_step_code(struct type_run *r, const struct call *c) {
  const struct type *t = &c->args[0];
  return t->kind != KIND_CODE || r->env->is_ordered(r->env, t->of)
             ? *t
             : tell_wanted(r, c->x->args.at[0], t, STR("ordered choice"));
}

/* A field of the elements that leads to things of their own sort. */
static struct type type_closure(struct type_run *r, const struct call *c) {
  const struct type *from = &c->args[0], *field = c->x->args.at[1]->type;
  const bool is_same =
      field->kind == from->kind && field->of == from->of && from->kind >= KIND_UNIT && from->kind <= KIND_RECORD;
  struct type all = type_set_of(*from, SET_MOST);
  all.reach = REACH_ANY;
  return is_same ? all : tell_wanted(r, c->x->args.at[1], field, type_said(r, from));
}
static struct type type_gains(struct type_run *r, const struct call *c) {
  const struct type *from = c->x->args.at[1]->type, *to = c->x->args.at[2]->type, *rate = c->x->args.at[3]->type;
  const enum fit fit = type_meets(r, from, to);
  if (fit != FIT_YES || from->set) return tell_two(r, FIT_KIND, c->x, from, to);
  return type_is(rate, KIND_NUMBER) ? type_of(KIND_FLAG) : tell_wanted(r, c->x->args.at[3], rate, STR("number"));
}

static struct type type_result(struct type_run *r, struct call *c) {
  switch (c->f) {
    case FUNCTION_sum: return type_total(r, c);
    case FUNCTION_round:
    case FUNCTION_floor:
    case FUNCTION_ceil: return type_rounded(r, c);
    case FUNCTION_abs: {
      const bool is_good = !c->args[0].set && (c->args[0].kind == KIND_NUMBER || c->args[0].kind == KIND_DURATION);
      return is_good || type_is_any(&c->args[0]) ? c->args[0]
                                                 : tell_wanted(r, c->x, &c->args[0], STR("number, duration"));
    }
    case FUNCTION_all:
      r->is_looking_around = true;
      c->label.set = c->label.wide = true;
      return c->label;
    case FUNCTION_look:
    case FUNCTION_classify:
    case FUNCTION_clock:
    case FUNCTION_gauge: return c->label;
    case FUNCTION_band: return type_band(r, c);
    case FUNCTION_next:
    case FUNCTION_previous: return type_step_code(r, c);
    case FUNCTION_times: {
      struct type n = number_bare(ratio_int(1));
      n.bare = true;
      return n;
    }
    case FUNCTION_did: return type_persons();
    case FUNCTION_distance: return type_metres(r);
    case FUNCTION_closure: return type_closure(r, c);
    case FUNCTION_gains: return type_gains(r, c);
    default: break;
  }
  if (c->f <= FUNCTION_the) return type_aggregate(r, c);
  if (c->f <= FUNCTION_since) return type_time_result(r, c);
  return c->f >= FUNCTION_text ? type_text_result(c) : type_person_result(c);
}

/* ---- calls ---- */

/* custody.held(contract) */
static struct type type_method(struct type_run *r, struct expr *x) {
  struct type of = type_expr(r, x->a, NULL), args[FUNCTION_ARGS_MAX], t;
  for (size_t i = 0; i < x->args.len && i < FUNCTION_ARGS_MAX; i++) args[i] = type_expr(r, x->args.at[i], NULL);
  if (type_is_bad(&of)) return of;
  if (!of.set && r->env->call && x->args.len <= FUNCTION_ARGS_MAX &&
      r->env->call(r->env, &of, x->text, args, x->args.len, &t))
    return t;
  struct type_fault *f = type_tell(r, FAULT_T001, MSG_declare_t001_call, x);
  type_arg(f, "name", x->text);
  type_arg(f, "of", type_said(r, &of));
  return type_of(KIND_BAD);
}
static struct type tell_function(struct type_run *r, const struct expr *x) {
  struct nearest near = nearest_to(x->text);
  for (enum function f = FUNCTION_none + 1; f < FUNCTION_asked_round; f++) nearest_offer(&near, function_form(f)->name);
  struct type_fault *fault = type_tell(r, FAULT_T001, MSG_declare_t001_function, x);
  type_arg(fault, "name", x->text);
  tell_near(r, fault, &near);
  return type_of(KIND_BAD);
}
/* look(t, k, at: day) */
static void type_at(struct type_run *r, struct expr *x) {
  if (!x->b) return;
  const struct type day = type_expr(r, x->b, NULL);
  if (x->function != FUNCTION_look) {
    struct type_fault *f = type_tell(r, FAULT_T006, MSG_declare_t006_at, x->b);
    type_arg(f, "name", x->text);
  } else if (!letter_fits('d', &day)) {
    (void)tell_wanted(r, x->b, &day, letter_said('d'));
  }
}
struct type type_call(struct type_run *r, struct expr *x) {
  if (x->a) return type_method(r, x);
  struct call c = {.x = x, .f = function_find(x->text)};
  if (c.f == FUNCTION_none) return tell_function(r, x);
  const bool is_asked = c.f == FUNCTION_round && x->args.len == 1 && x->args.at[0]->kind == EXPR_NAME;
  x->function = (int)(is_asked ? FUNCTION_asked_round : c.f);
  if (is_asked) return type_label(r, x->args.at[0], LABEL_ROUND, &c.label) ? c.label : type_of(KIND_BAD);
  if (!count_fits(r, &c)) return type_of(KIND_BAD);
  type_args(r, &c);
  type_at(r, x);
  if (c.is_bad) return type_of(KIND_BAD);
  if (c.f == FUNCTION_min || c.f == FUNCTION_max) return type_extreme(r, &c);
  return c.f == FUNCTION_rank ? type_rank(r, &c) : type_result(r, &c);
}
