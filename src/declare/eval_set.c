/* Sets: queries, `for`, aggregates. A query keeps the elements for which its condition is yes; all(record) is asked for with
 * the equalities of the condition, so that a store need not read the whole. Sorting goes by keys worked out once. */
#include <stdlib.h>

#include "base/must.h"
#include "declare/eval_run.h"
#include "texts.h"

static bool give(struct value *out, struct value v) {
  *out = v;
  return true;
}

/* ---- an order of all values of one kind, and sorting by it ---- */

struct sorted {
  struct value key, element;
  size_t place;
};
static int kind_order(const struct value *a, const struct value *b) {
  const bool is_word = a->kind == VALUE_CODE || a->kind == VALUE_TEXT;
  if (is_word && (b->kind == VALUE_CODE || b->kind == VALUE_TEXT)) return str_cmp(a->text, b->text);
  if (a->kind != b->kind) return a->kind < b->kind ? -1 : 1;
  if (a->kind == VALUE_NONE) return 0;
  if (a->kind == VALUE_SPAN && a->span.from == b->span.from)
    return (a->span.to > b->span.to) - (a->span.to < b->span.to);
  if (a->kind == VALUE_SPAN) return a->span.from < b->span.from ? -1 : 1;
  if (a->kind == VALUE_PLACE && a->place.latitude_e7 == b->place.latitude_e7)
    return (a->place.longitude_e7 > b->place.longitude_e7) - (a->place.longitude_e7 < b->place.longitude_e7);
  if (a->kind == VALUE_PLACE) return a->place.latitude_e7 < b->place.latitude_e7 ? -1 : 1;
  const enum value_order order = value_cmp(a, b);
  if (order == VALUE_UNLIKE) return (int)a->duration.unit - (int)b->duration.unit;
  return (int)order;
}
static int sorted_cmp(const void *x, const void *y) {
  const struct sorted *a = x, *b = y;
  const int order = kind_order(&a->key, &b->key);
  return order ? order : a->place < b->place ? -1 : a->place > b->place;
}
static struct value *sort(struct eval_run *r, struct sorted *list, size_t n) {
  struct value *at = arena_new_n(r->mem, struct value, n);
  if (n) qsort(list, n, sizeof *list, sorted_cmp);
  for (size_t i = 0; i < n; i++) at[i] = list[i].element;
  return at;
}
/* Elements by themselves. */
static struct value sorted_set(struct eval_run *r, const struct value *set) {
  struct sorted *list = arena_new_n(r->mem, struct sorted, set->set.len);
  for (size_t i = 0; i < set->set.len; i++) list[i] = (struct sorted){set->set.at[i], set->set.at[i], i};
  return value_set(sort(r, list, set->set.len), set->set.len);
}

/* ---- equalities for all(record) ---- */

typedef VEC(struct equality) equalities;
static bool find_equalities(struct eval_run *r, const struct expr *x, struct str held, equalities *out) {
  if (!x || x->kind != EXPR_BOTH) return true;
  if (x->op == OP_AND) return find_equalities(r, x->a, held, out) && find_equalities(r, x->b, held, out);
  for (int side = 0; side < 2 && x->op == OP_EQ; side++) {
    const struct expr *field = side ? x->b : x->a, *other = side ? x->a : x->b;
    const struct str name = expr_element_field(field, held);
    struct value v;
    if (!name.len || expr_about_element(other, held)) continue;
    TRY(eval_expr(r, other, &v));
    if (!value_is_none(&v)) vec_push(r->mem, out) = (struct equality){name, v};
    return true;
  }
  return true;
}
static bool is_all(const struct expr *x) {
  return (x->kind == EXPR_CALL && !x->a && x->function == FUNCTION_all) ||
         (x->kind == EXPR_NAME && x->bound == BOUND_LABEL);
}
static bool eval_source(struct eval_run *r, const struct expr *x, struct str held, struct value *out) {
  equalities equal = {0};
  if (!is_all(x->a)) return eval_expr(r, x->a, out);
  TRY(find_equalities(r, x->b, held, &equal));
  return r->env->all(r->env, r->mem, x->a->type, equal.at, equal.len, out, r->e);
}

/* ---- queries ---- */

/* The key by which an element is sorted; a code by its place in the list. */
static bool eval_key(struct eval_run *r, const struct expr *by, struct value *out) {
  TRY(eval_expr(r, by, out));
  if (out->kind == VALUE_CODE && by->type->of) *out = value_int(r->env->code_place(r->env, by->type->of, out->text));
  return true;
}
bool eval_query(struct eval_run *r, const struct expr *x, struct str held, struct value *out) {
  struct value set;
  TRY(eval_source(r, x, held, &set));
  if (set.kind != VALUE_SET) return give(out, value_set(NULL, 0));
  if (!x->b && !x->c) return give(out, set);
  TRY(eval_step(r, set.set.len));
  struct sorted *kept = arena_new_n(r->mem, struct sorted, set.set.len);
  size_t n = 0;
  struct frame f = {.up = r->frame, .type = x->a->type, .held = held};
  r->frame = &f;
  bool is_good = true;
  for (size_t i = 0; i < set.set.len && is_good; i++) {
    struct value when = value_flag(true);
    f.element = &set.set.at[i];
    is_good = !x->b || eval_expr(r, x->b, &when);
    if (!is_good || !value_is_yes(&when)) continue;
    kept[n] = (struct sorted){.element = set.set.at[i], .place = i};
    is_good = !x->c || eval_key(r, x->c, &kept[n].key);
    n++;
  }
  r->frame = f.up;
  if (!is_good) return false;
  return give(out, value_set(sort(r, kept, n), n)); /* without keys it stays as it was */
}
bool eval_each(struct eval_run *r, const struct expr *x, struct value *out) {
  const bool is_query = x->b->kind == EXPR_QUERY && !x->b->text.len;
  struct value set;
  TRY(is_query ? eval_query(r, x->b, x->text, &set) : eval_expr(r, x->b, &set));
  if (set.kind != VALUE_SET) return give(out, value_set(NULL, 0));
  TRY(eval_step(r, set.set.len));
  struct value *at = arena_new_n(r->mem, struct value, set.set.len);
  struct frame f = {.up = r->frame, .type = x->b->type, .held = x->text};
  r->frame = &f;
  bool is_good = true;
  for (size_t i = 0; i < set.set.len && is_good; i++) {
    f.element = &set.set.at[i];
    is_good = eval_expr(r, x->a, &at[i]);
  }
  r->frame = f.up;
  return is_good && give(out, value_set(at, set.set.len));
}

/* ---- aggregates ---- */

static bool find_none(const struct value *set, struct value *out) {
  for (size_t i = 0; i < set->set.len; i++)
    if (value_is_none(&set->set.at[i])) return give(out, value_none(NONE_missing));
  return false;
}
static struct value zero_of(const struct type *t) {
  if (t->kind == KIND_DURATION) return value_duration((struct duration){0, DURATION_days});
  return value_number(ratio_int(0), t->unit);
}
static bool add_all(struct eval_run *r, const struct type *t, const struct value *at, size_t n, struct value *out) {
  struct value sum = zero_of(t);
  for (size_t i = 0; i < n; i++) {
    if (t->kind == KIND_DURATION) {
      if (!duration_add(sum.duration, at[i].duration, &sum.duration)) return give(out, value_none(NONE_unlike));
    } else if (!ratio_add(sum.number, at[i].number, &sum.number)) {
      return eval_overflow(r);
    }
  }
  return give(out, sum);
}
static bool mean_of(struct eval_run *r, const struct type *t, const struct value *at, size_t n, struct value *out) {
  if (!n) return give(out, value_none(NONE_empty));
  TRY(add_all(r, t, at, n, out));
  return ratio_div(out->number, ratio_int((int64_t)n), &out->number) || eval_overflow(r);
}
/* Between the two neighbours of place q * (n - 1), in proportion (definition 7 of Hyndman and Fan, Sample quantiles, 1996). */
static bool quantile_of(struct eval_run *r, const struct value *set, struct ratio q, struct value *out) {
  if (!set->set.len) return give(out, value_none(NONE_empty));
  if (ratio_sign(q) < 0 || ratio_cmp(q, ratio_int(1)) > 0) return give(out, value_none(NONE_beyond));
  const struct value list = sorted_set(r, set);
  struct ratio at, whole, rest, step;
  if (!ratio_mul(q, ratio_int((int64_t)list.set.len - 1), &at) || !ratio_div_mod(at, ratio_int(1), &whole, &rest))
    return eval_overflow(r);
  const size_t i = (size_t)whole.n;
  *out = list.set.at[i];
  if (ratio_is_zero(rest)) return true;
  const bool is_good = ratio_sub(list.set.at[i + 1].number, out->number, &step) && ratio_mul(step, rest, &step) &&
                       ratio_add(out->number, step, &out->number);
  return is_good || eval_overflow(r);
}
/* n Σx² - (Σx)²: n² times the variance of the whole (not of a sample), without a division on the way. */
static bool squares_of(struct eval_run *r, const struct value *set, struct ratio *out_sum, struct ratio *out) {
  struct ratio sum = ratio_int(0), squares = ratio_int(0), square;
  for (size_t i = 0; i < set->set.len; i++) {
    const struct ratio x = set->set.at[i].number;
    if (!ratio_mul(x, x, &square) || !ratio_add(squares, square, &squares) || !ratio_add(sum, x, &sum))
      return eval_overflow(r);
  }
  if (!ratio_mul(squares, ratio_int((int64_t)set->set.len), &squares) || !ratio_mul(sum, sum, &square))
    return eval_overflow(r);
  *out_sum = sum;
  return ratio_sub(squares, square, out) || eval_overflow(r);
}
/* stdev = √(n Σx² - (Σx)²) / n; cv = the same / Σx, without its sign. */
static bool spread_of(struct eval_run *r, const struct expr *x, const struct value *set, struct value *out) {
  enum { SPREAD_PLACES = 6 };
  const bool is_cv = x->function == FUNCTION_cv;
  const struct dimension bare = {0};
  struct ratio sum, squares, by = ratio_int((int64_t)set->set.len), root;
  if (!set->set.len) return give(out, value_none(NONE_empty));
  TRY(squares_of(r, set, &sum, &squares));
  if (is_cv && ratio_is_zero(sum)) return give(out, value_none(NONE_zero));
  if (is_cv) by = sum;
  if (!ratio_mul(by, by, &by) || !ratio_div(squares, by, &squares)) return eval_overflow(r);
  if (!ratio_sqrt(squares, SPREAD_PLACES, &root)) return eval_overflow(r);
  return give(out, value_number(root, is_cv ? bare : x->args.at[0]->type->unit));
}

static bool extreme_of(struct eval_run *r, const struct expr *x, const struct value *at, size_t n, struct value *out) {
  const enum value_order wanted = x->function == FUNCTION_min ? VALUE_LESS : VALUE_MORE;
  if (!n) return give(out, value_none(NONE_empty));
  size_t best = 0;
  for (size_t i = 0; i < n; i++) {
    if (value_is_none(&at[i])) return give(out, at[i]);
    if (!i) continue;
    const enum value_order order = eval_order(r, x->type, &at[i], &at[best]);
    if (order == VALUE_UNLIKE) return give(out, value_none(NONE_unlike));
    if (order == wanted) best = i;
  }
  return give(out, at[best]);
}
static bool extreme(struct eval_run *r, const struct expr *x, struct value *out) {
  struct value at[FUNCTION_ARGS_MAX];
  for (size_t i = 0; i < x->args.len; i++) TRY(eval_expr(r, x->args.at[i], &at[i]));
  if (x->args.len > 1) return extreme_of(r, x, at, x->args.len, out);
  if (at[0].kind != VALUE_SET) return give(out, value_set(NULL, 0));
  TRY(eval_step(r, at[0].set.len));
  return extreme_of(r, x, at[0].set.at, at[0].set.len, out);
}
static bool rank(struct eval_run *r, const struct expr *x, struct value *out) {
  struct value v, set;
  int64_t place = 1;
  TRY(eval_expr(r, x->args.at[0], &v) && eval_expr(r, x->args.at[1], &set));
  if (value_is_none(&v) || find_none(&set, out)) return give(out, value_none(NONE_missing));
  TRY(eval_step(r, set.set.len));
  for (size_t i = 0; i < set.set.len; i++) {
    const enum value_order order = eval_order(r, x->args.at[0]->type, &set.set.at[i], &v);
    if (order == VALUE_UNLIKE) return give(out, value_none(NONE_unlike));
    place += order == VALUE_MORE;
  }
  return give(out, value_int(place));
}

static struct value distinct(struct eval_run *r, const struct value *set) {
  const struct value list = sorted_set(r, set);
  struct value *at = arena_new_n(r->mem, struct value, list.set.len);
  size_t n = 0;
  for (size_t i = 0; i < list.set.len; i++)
    if (!value_is_none(&list.set.at[i]) && (!n || !value_same(&at[n - 1], &list.set.at[i]))) at[n++] = list.set.at[i];
  return value_set(at, n);
}
static bool share_of(const struct value *set, struct value *out) {
  int64_t yes = 0;
  const struct dimension bare = {0};
  struct ratio n;
  for (size_t i = 0; i < set->set.len; i++) yes += value_is_yes(&set->set.at[i]);
  if (!set->set.len) return give(out, value_none(NONE_zero));
  must(ratio_of(yes, (__int128)set->set.len, &n));
  return give(out, value_number(n, bare));
}
static bool the_one(struct eval_run *r, const struct value *set, struct value *out) {
  if (set->set.len == 1) return give(out, set->set.at[0]);
  return set->set.len ? fail(r->e, ERR_INVALID, MSG_eval_several) : fail(r->e, ERR_NOT_FOUND, MSG_eval_none_found);
}
/* Without the n smallest and the n largest. */
static bool trimmed(struct eval_run *r, const struct expr *x, const struct value *set, struct value *out) {
  struct value by;
  TRY(eval_expr(r, x->args.at[1], &by));
  if (value_is_none(&by)) return give(out, by);
  const __int128 n = by.number.n / by.number.d;
  if (n < 0 || 2 * n >= (__int128)set->set.len) return give(out, value_none(NONE_empty));
  const struct value list = sorted_set(r, set);
  return mean_of(r, x->args.at[0]->type, list.set.at + (size_t)n, list.set.len - 2 * (size_t)n, out);
}
static bool quantile(struct eval_run *r, const struct expr *x, const struct value *set, struct value *out) {
  struct value q = value_none(NONE_missing);
  if (x->function == FUNCTION_quantile) TRY(eval_expr(r, x->args.at[1], &q));
  else must(ratio_of(1, 2, &q.number));
  if (x->function == FUNCTION_quantile && value_is_none(&q)) return give(out, q);
  return quantile_of(r, set, q.number, out);
}

static bool aggregate(struct eval_run *r, const struct expr *x, const struct value *set, struct value *out) {
  const struct type *t = x->args.at[0]->type;
  const size_t n = set->set.len;
  switch (x->function) {
    case FUNCTION_count: return give(out, value_int((int64_t)n));
    case FUNCTION_exists: return give(out, value_flag(n > 0));
    case FUNCTION_distinct: return give(out, distinct(r, set));
    case FUNCTION_first: return give(out, n ? set->set.at[0] : value_none(NONE_empty));
    case FUNCTION_last: return give(out, n ? set->set.at[n - 1] : value_none(NONE_empty));
    case FUNCTION_the: return the_one(r, set, out);
    default: break;
  }
  if (find_none(set, out)) return true;
  switch (x->function) {
    case FUNCTION_sum: return add_all(r, t, set->set.at, n, out);
    case FUNCTION_mean: return mean_of(r, t, set->set.at, n, out);
    case FUNCTION_share: return share_of(set, out);
    case FUNCTION_trimmed_mean: return trimmed(r, x, set, out);
    case FUNCTION_stdev:
    case FUNCTION_cv: return spread_of(r, x, set, out);
    default: return quantile(r, x, set, out);
  }
}
bool eval_aggregate(struct eval_run *r, const struct expr *x, struct value *out) {
  struct value set;
  if (x->function == FUNCTION_min || x->function == FUNCTION_max) return extreme(r, x, out);
  if (x->function == FUNCTION_rank) return rank(r, x, out);
  TRY(eval_expr(r, x->args.at[0], &set));
  if (set.kind != VALUE_SET) set = value_set(NULL, 0);
  if (x->args.at[0]->kind != EXPR_QUERY) TRY(eval_step(r, set.set.len));
  return aggregate(r, x, &set, out);
}
