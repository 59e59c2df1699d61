/* Which types fit, what two of them have in common, and how it is told when they do not. */
#include "declare/type_run.h"
#include "texts.h"

/* ---- text ---- */

static const char *const words[] = {
    [KIND_BAD] = "?",          [KIND_NONE] = "none",     [KIND_FLAG] = "flag",         [KIND_CODE] = "choice",
    [KIND_TEXT] = "text",      [KIND_NUMBER] = "number", [KIND_DATE] = "date",         [KIND_MOMENT] = "moment",
    [KIND_TIME] = "time",      [KIND_SPAN] = "span",     [KIND_DURATION] = "duration", [KIND_PERIOD] = "period",
    [KIND_PLACE] = "place",    [KIND_UNIT] = "unit",     [KIND_PERSON] = "person",     [KIND_RECORD] = "ref",
    [KIND_ROW] = "rows",       [KIND_SHEET] = "sheet",   [KIND_CLOCK] = "clock",       [KIND_ROUND] = "round",
    [KIND_TABLE_ROW] = "look", [KIND_BOOK] = "book",     [KIND_ACCOUNT] = "account",   [KIND_OTHER] = "file"};

static struct str unit_text(struct arena *mem, const struct units *u, const struct type *t) {
  return t->said.len ? t->said : dimension_text(mem, u, t->unit);
}
struct str type_text(struct arena *mem, const struct units *u, const struct type *t, struct str name_of) {
  struct str in = name_of;
  if (t->kind == KIND_NUMBER) in = unit_text(mem, u, t);
  if (t->kind == KIND_PERIOD) in = period_kind_word(t->period);
  const char *word = t->kind == KIND_CODE && !t->of ? "code" : words[t->kind];
  const struct str one = in.len ? str_fmt(mem, "%s(" STRF ")", word, STRA(in)) : str_of(word);
  return t->set ? str_join(mem, STR("set of "), one) : one;
}
struct str type_said(struct type_run *r, const struct type *t) {
  const bool has_name = t->of && r->env->name_of;
  return type_text(r->mem, r->env->units, t, has_name ? r->env->name_of(r->env, t) : (struct str){0});
}
bool type_number(const struct units *u, int places, struct str said, struct type *out) {
  struct type t = {.kind = KIND_NUMBER, .said = said};
  if (!units_read(u, said, &t.unit, &t.step)) return false;
  for (int i = 0; i < places; i++)
    if (!ratio_div(t.step, ratio_int(10), &t.step)) return false;
  *out = t;
  return true;
}
struct type number_bare(struct ratio step) {
  return (struct type){.kind = KIND_NUMBER, .step = step};
}

/* ---- fitting ---- */

bool type_is_text(const struct type *t) {
  return !t->set &&
         (t->kind == KIND_TEXT || t->kind == KIND_BAD || t->kind == KIND_NONE || (t->kind == KIND_CODE && !t->of));
}
static bool fits_all(const struct type *t) { return t->kind == KIND_BAD || t->kind == KIND_NONE; }

static bool units_meet(const struct type_run *r, const struct type *a, const struct type *b) {
  if (dimension_same(a->unit, b->unit)) return true;
  if (a->bare && dimension_counts(r->env->units, b->unit)) return true;
  return b->bare && dimension_counts(r->env->units, a->unit);
}
static bool is_word(const struct type *t) { return t->kind == KIND_TEXT || (t->kind == KIND_CODE && !t->of); }
/* The elements, whether they are sets or not. */
static enum fit elements_meet(const struct type_run *r, const struct type *a, const struct type *b) {
  if (fits_all(a) || fits_all(b)) return FIT_YES;
  if (a->kind != b->kind) return is_word(a) && is_word(b) ? FIT_YES : FIT_KIND;
  switch (a->kind) {
    case KIND_NUMBER: return units_meet(r, a, b) ? FIT_YES : FIT_UNIT;
    case KIND_PERIOD: return a->period == b->period ? FIT_YES : FIT_KIND;
    case KIND_CODE: return a->of == b->of || !a->of || !b->of ? FIT_YES : FIT_KIND;
    case KIND_RECORD:
    case KIND_ROW:
    case KIND_SHEET: return a->of == b->of ? FIT_YES : FIT_KIND;
    default: return FIT_YES;
  }
}
enum fit type_meets(const struct type_run *r, const struct type *a, const struct type *b) {
  if (type_is_any(a) || type_is_any(b)) return FIT_YES;
  if (a->set != b->set) return FIT_SET;
  return elements_meet(r, a, b);
}
enum fit type_fits(const struct type_run *r, const struct type *got, const struct type *want) {
  if (type_is_any(got) || type_is_any(want)) return FIT_YES;
  if (got->set != want->set) return FIT_SET;
  const enum fit fit = elements_meet(r, got, want);
  struct ratio times;
  if (fit != FIT_YES || want->kind != KIND_NUMBER || want->fraction) return fit;
  if (got->fraction) return FIT_STEP;
  if (ratio_is_zero(want->step)) return FIT_YES; /* nothing is said of its step */
  return ratio_div(got->step, want->step, &times) && ratio_is_whole(times) ? FIT_YES : FIT_STEP;
}

/* The greatest number of which both are whole multiples; 0 goes with all. */
struct ratio step_join(struct ratio a, struct ratio b, bool *io_fraction) {
  struct ratio whole, rest;
  for (int i = 0; i < 400; i++) { /* Euclid: at most some hundred steps for 38 digits */
    if (ratio_is_zero(b)) return a;
    if (!ratio_div_mod(a, b, &whole, &rest)) break;
    a = b;
    b = rest;
  }
  *io_fraction = true;
  return ratio_int(0);
}
struct type type_join(const struct type *a, const struct type *b) {
  if (fits_all(a)) return *b;
  if (fits_all(b)) return *a;
  struct type t = a->kind == KIND_CODE && !a->of ? *b : *a;
  t.most = a->most > b->most ? a->most : b->most;
  if (a->reach != b->reach) t.reach = REACH_ANY;
  if (t.kind != KIND_NUMBER) return t;
  t.fraction = a->fraction || b->fraction;
  if (a->bare && !dimension_bare(b->unit)) t.unit = b->unit;
  t.bare = a->bare && b->bare;
  if (!t.said.len) t.said = b->said;
  t.step = t.fraction ? ratio_int(0) : step_join(a->step, b->step, &t.fraction);
  return t;
}

/* ---- telling ---- */

struct type_fault *type_tell(struct type_run *r, enum fault_code code, int msg, const struct expr *x) {
  struct type_fault *f = &vec_push(r->mem, r->faults);
  *f = (struct type_fault){.code = code, .msg = msg, .from = x->from, .to = x->to};
  return f;
}
void type_arg(struct type_fault *f, const char *hole, struct str value) {
  if (f->arg_count < FAULT_ARGS) f->args[f->arg_count++] = (struct msg_arg){hole, value};
}
void tell_near(struct type_run *r, struct type_fault *f, const struct nearest *n) {
  (void)r;
  if (!n->best.len) return;
  f->hint = MSG_declare_near_hint;
  type_arg(f, "near", n->best);
}
static struct type tell_units(struct type_run *r, const struct expr *x, const struct type *a, const struct type *b) {
  const struct str left = unit_text(r->mem, r->env->units, a), right = unit_text(r->mem, r->env->units, b);
  struct type_fault *f = type_tell(r, FAULT_T005, left.len && right.len ? MSG_declare_t005 : MSG_declare_t005_bare, x);
  if (left.len && right.len) {
    type_arg(f, "left", left);
    type_arg(f, "right", right);
  } else {
    type_arg(f, "unit", left.len ? left : right);
    f->hint = MSG_declare_t005_bare_hint;
  }
  return type_of(KIND_BAD);
}
static bool are_day_and_moment(const struct type *a, const struct type *b) {
  return !a->set && !b->set && a->kind == KIND_DATE && b->kind == KIND_MOMENT;
}
struct type tell_two(struct type_run *r, enum fit fit, const struct expr *x, const struct type *a,
                     const struct type *b) {
  if (fit == FIT_UNIT) return tell_units(r, x, a, b);
  if (fit == FIT_STEP) {
    type_tell(r, FAULT_T007, MSG_declare_t007, x)->hint = MSG_declare_t007_hint;
    return type_of(KIND_BAD);
  }
  struct type_fault *f = type_tell(r, FAULT_T006, MSG_declare_t006, x);
  type_arg(f, "left", type_said(r, a));
  type_arg(f, "right", type_said(r, b));
  if (are_day_and_moment(a, b) || are_day_and_moment(b, a)) f->hint = MSG_declare_t006_hint;
  return type_of(KIND_BAD);
}
struct type tell_wanted(struct type_run *r, const struct expr *x, const struct type *got, struct str wanted) {
  if (type_is_bad(got)) return *got;
  struct type_fault *f = type_tell(r, FAULT_T006, MSG_declare_t006_wanted, x);
  type_arg(f, "got", type_said(r, got));
  type_arg(f, "wanted", wanted);
  return type_of(KIND_BAD);
}

/* ---- cost ---- */

static int64_t product(int64_t a, int64_t b) {
  int64_t n;
  return __builtin_mul_overflow(a, b, &n) ? INT64_MAX : n;
}
void type_walk(struct type_run *r, const struct expr *x, const struct type *set) {
  if (!set->set) return;
  if (set->wide) {
    struct type_fault *f = type_tell(r, FAULT_T012, MSG_declare_t012_wide, x);
    type_arg(f, "n", str_int(r->mem, set->most));
    f->hint = MSG_declare_t012_wide_hint;
    return;
  }
  const int64_t visits = product(r->times, set->most);
  if (__builtin_add_overflow(r->cost, visits, &r->cost)) r->cost = INT64_MAX;
}
