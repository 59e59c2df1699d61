/* Functions. Those that need a store are asked of the environment with the name of their label and their values; a missing
 * argument makes the result missing. */
#include "base/must.h"
#include "base/utf8.h"
#include "declare/eval_run.h"
#include "texts.h"

static bool give(struct value *out, struct value v) {
  *out = v;
  return true;
}
static struct value bare(struct ratio n) { return value_number(n, (struct dimension){0}); }

struct call {
  const struct expr *x;
  enum function f;
  struct str label;
  struct value args[FUNCTION_ARGS_MAX]; /* values, labels left out */
  size_t count;
};

/* ---- arguments ---- */

static struct str label_of(struct eval_run *r, const struct expr *x) {
  return x->kind == EXPR_PATH ? str_fmt(r->mem, STRF "." STRF, STRA(x->a->text), STRA(x->text)) : x->text;
}
static bool read_args(struct eval_run *r, struct call *c) {
  for (size_t i = 0; i < c->x->args.len; i++) {
    const struct expr *arg = c->x->args.at[i];
    if (arg->bound == BOUND_LABEL && arg->kind != EXPR_QUERY) {
      if (!i) c->label = label_of(r, arg);
    } else {
      TRY(eval_expr(r, arg, &c->args[c->count++]));
    }
  }
  return true;
}
static const struct value *first_none(const struct call *c) {
  for (size_t i = 0; i < c->count; i++)
    if (value_is_none(&c->args[i])) return &c->args[i];
  return NULL;
}
static bool ask(struct eval_run *r, const struct call *c, enum function f, struct value *out) {
  return r->env->function(r->env, r->mem, f, c->label, c->args, c->count, out, r->e);
}

/* ---- tables ---- */

static void note_rows(struct eval_run *r, const rule_rows *rows, const struct rules_version *v, bool are_phrases) {
  for (size_t i = 0; r->notes && i < rows->len; i++) {
    const struct eval_look look = {rows->at[i], v->since};
    if (are_phrases) vec_push(r->mem, &r->notes->phrases) = look;
    else vec_push(r->mem, &r->notes->looks) = look;
  }
}
static struct value row_value(const struct rule_row *row) { return value_thing(row->number, row); }
static bool reference_day(struct eval_run *r, const struct expr *x, struct date *out, struct value *none) {
  struct value v;
  *out = r->env->reference_day;
  *none = value_none(NONE_missing);
  if (!x->b) return true;
  TRY(eval_expr(r, x->b, &v));
  *out = v.kind == VALUE_MOMENT ? date_of_days(moment_day(v.moment)) : v.kind == VALUE_DATE ? v.date : (struct date){0};
  return true;
}
static bool look(struct eval_run *r, const struct call *c, struct value *out) {
  const struct rules_table *t = r->env->table(r->env, c->x->type);
  struct date day;
  struct value none;
  TRY(reference_day(r, c->x, &day, &none));
  if (date_none(day)) return give(out, none);
  const struct rules_version *v = table_version(t, day);
  if (!v) return give(out, value_none(NONE_no_row));
  rule_rows rows = {0};
  table_look(r->mem, v, t, c->args, &rows);
  note_rows(r, &rows, v, false);
  if (t->hit != HIT_ALL) return give(out, rows.len ? row_value(rows.at[0]) : value_none(NONE_no_row));
  struct value *at = arena_new_n(r->mem, struct value, rows.len);
  for (size_t i = 0; i < rows.len; i++) at[i] = row_value(rows.at[i]);
  return give(out, value_set(at, rows.len));
}
static bool classify(struct eval_run *r, const struct call *c, struct value *out) {
  const struct rules_table *t = r->env->table(r->env, c->x->type);
  const struct rules_version *v = table_version(t, r->env->reference_day);
  if (!v) return give(out, value_none(NONE_no_row));
  rule_rows found = {0};
  const struct rule_row *row = table_classify(r->mem, v, t, c->args[0].text, &found);
  note_rows(r, &found, v, true);
  return give(out, row ? row_value(row) : value_none(NONE_tie));
}
/* The next code stays the last one at the end: what rises a step cannot fall out of the list. */
static bool step_code(struct eval_run *r, const struct call *c, struct value *out) {
  const void *list = c->x->type->of;
  const int place = r->env->code_place(r->env, list, c->args[0].text) + (c->f == FUNCTION_next ? 1 : -1);
  const struct str code = place < 0 ? (struct str){0} : r->env->code_at(r->env, list, place);
  return give(out, code.len ? value_code(code) : c->args[0]);
}

/* ---- numbers and time ---- */

static bool rounded(struct eval_run *r, const struct call *c, struct value *out) {
  static const enum rounding how[] = {
      [FUNCTION_round] = ROUND_NEAR, [FUNCTION_floor] = ROUND_DOWN, [FUNCTION_ceil] = ROUND_UP};
  const struct ratio step = c->args[1].number;
  *out = c->args[0];
  if (ratio_is_zero(step)) return give(out, value_none(NONE_zero));
  if (dimension_bare(out->unit)) out->unit = c->args[1].unit;
  return ratio_round(c->args[0].number, ratio_abs(step), how[c->f], &out->number) || eval_overflow(r);
}
static bool absolute(const struct call *c, struct value *out) {
  *out = c->args[0];
  if (out->kind == VALUE_NUMBER) out->number = ratio_abs(out->number);
  if (out->kind == VALUE_DURATION && out->duration.n < 0) out->duration.n = -out->duration.n;
  return true;
}
static struct date day_of(const struct value *v) {
  return v->kind == VALUE_MOMENT ? date_of_days(moment_day(v->moment)) : v->date;
}
static int64_t moment_of(const struct value *v) {
  return v->kind == VALUE_MOMENT ? v->moment : day_moment(date_to_days(v->date), 0);
}
static struct value period_with(struct eval_run *r, const struct call *c) {
  return value_period(period_of(r->env->calendar, c->x->type->period, day_of(&c->args[0])));
}
static struct value years_between(struct date birth, struct date at) {
  const bool is_before = at.month < birth.month || (at.month == birth.month && at.day < birth.day);
  return value_int(at.year - birth.year - is_before);
}
static bool time_function(struct eval_run *r, const struct call *c, struct value *out) {
  const struct value *a = &c->args[0], *b = &c->args[1];
  switch (c->f) {
    case FUNCTION_date: return give(out, value_date(day_of(a)));
    case FUNCTION_workdays: {
      const int64_t n = calendar_workdays(r->env->calendar, date_to_days(day_of(a)), date_to_days(day_of(b)));
      return give(out, value_duration((struct duration){n, DURATION_workdays}));
    }
    case FUNCTION_age: return give(out, years_between(day_of(a), day_of(b)));
    case FUNCTION_span: {
      const struct value v = {.kind = VALUE_SPAN, .span = {moment_of(a), moment_of(b)}};
      return give(out, v.span.from <= v.span.to ? v : value_none(NONE_beyond));
    }
    default: return give(out, period_with(r, c));
  }
}
static bool since(struct eval_run *r, const struct call *c, struct value *out) {
  TRY(ask(r, c, FUNCTION_entered, out));
  if (value_is_none(out)) return true;
  return give(out, value_duration((struct duration){(r->env->now - out->moment) / SECOND_US, DURATION_seconds}));
}

/* ---- texts and places ---- */

static bool shown(struct eval_run *r, const struct call *c, struct value *out) {
  const struct type *t = c->x->args.at[0]->type;
  const struct value *v = &c->args[0];
  if (v->kind == VALUE_THING && (t->kind == KIND_UNIT || t->kind == KIND_PERSON))
    return r->env->field(r->env, r->mem, v, t, STR("name"), out, r->e);
  return give(out, value_text(v->kind == VALUE_CODE ? v->text : value_show(r->mem, r->env->units, v, t->said)));
}
static bool text_function(struct eval_run *r, const struct call *c, struct value *out) {
  const struct str a = c->args[0].text, b = c->args[1].text;
  switch (c->f) {
    case FUNCTION_text: return shown(r, c, out);
    case FUNCTION_len: return give(out, value_int((int64_t)utf8_count(a)));
    case FUNCTION_contains: return give(out, value_flag(str_find(a, b) != STR_NONE));
    case FUNCTION_starts: return give(out, value_flag(str_starts(a, b)));
    case FUNCTION_mask: return give(out, value_text(text_mask(r->mem, a)));
    default: return give(out, value_flag(text_has_personal(a)));
  }
}
static bool distance(struct eval_run *r, const struct call *c, struct value *out) {
  *out = bare(ratio_int(spot_distance(c->args[0].place, c->args[1].place)));
  out->unit = c->x->type->unit;
  (void)r;
  return true;
}

/* ---- graphs ---- */

enum { CLOSURE_SLOTS = 32768, GAINS_WORK_MAX = 2000000 };
/* Was the thing not met before? Open addressing over its id. */
static bool is_new(int64_t *slots, bool *used, int64_t id) {
  size_t i = (size_t)((uint64_t)id * 0x9E3779B97F4A7C15u >> 49);
  for (; used[i]; i = (i + 1) % CLOSURE_SLOTS)
    if (slots[i] == id) return false;
  used[i] = true;
  slots[i] = id;
  return true;
}
static void meet(struct eval_run *r, struct value *at, size_t *n, int64_t *slots, bool *used, const struct value *v) {
  const struct value *list = v->kind == VALUE_SET ? v->set.at : v;
  const size_t len = v->kind == VALUE_SET ? v->set.len : v->kind == VALUE_THING;
  for (size_t i = 0; i < len; i++) {
    if (list[i].kind != VALUE_THING) continue;
    if (*n == SET_MOST) {
      if (r->notes) r->notes->is_cut = true;
      return;
    }
    if (is_new(slots, used, list[i].thing.id)) at[(*n)++] = list[i];
  }
}
/* All that can be reached by the field, with where it begins, each once. */
static bool closure(struct eval_run *r, const struct call *c, struct value *out) {
  struct value *at = arena_new_n(r->mem, struct value, SET_MOST);
  int64_t *slots = arena_new_n(r->mem, int64_t, CLOSURE_SLOTS);
  bool *used = arena_new_n(r->mem, bool, CLOSURE_SLOTS);
  size_t n = 0;
  meet(r, at, &n, slots, used, &c->args[0]);
  for (size_t i = 0; i < n; i++) {
    struct value next;
    TRY(eval_member(r, at[i], c->x->type, c->x->args.at[1]->text, &next));
    meet(r, at, &n, slots, used, &next);
  }
  return give(out, value_set(at, n));
}

struct edge {
  size_t from, to;
  struct ratio rate;
};
static size_t node_of(struct value *nodes, size_t *n, const struct value *v) {
  for (size_t i = 0; i < *n; i++)
    if (value_same(&nodes[i], v)) return i;
  nodes[*n] = *v;
  return (*n)++;
}
static bool read_edges(struct eval_run *r, const struct call *c, struct edge *edges, size_t *out_edges,
                       size_t *out_nodes) {
  const struct value *set = &c->args[0];
  struct value *nodes = arena_new_n(r->mem, struct value, 2 * set->set.len), side[3];
  size_t n = 0, m = 0;
  for (size_t i = 0; i < set->set.len; i++) {
    bool is_whole = true;
    for (size_t k = 0; k < 3; k++) {
      TRY(eval_member(r, set->set.at[i], c->x->args.at[0]->type, c->x->args.at[k + 1]->text, &side[k]));
      is_whole = is_whole && !value_is_none(&side[k]);
    }
    if (!is_whole) continue;
    const size_t from = node_of(nodes, &n, &side[0]), to = node_of(nodes, &n, &side[1]);
    edges[m++] = (struct edge){from, to, side[2].number};
    if (n * m > GAINS_WORK_MAX)
      return fail(r->e, ERR_TOO_LARGE, MSG_eval_steps, "limit", str_int(r->mem, GAINS_WORK_MAX));
  }
  *out_edges = m;
  *out_nodes = n;
  return true;
}
/* Bellman's way with products: if the best product to some node still grows after as many rounds as there are nodes, a cycle
 * multiplies to more than 1. */
static bool gains(struct eval_run *r, const struct call *c, struct value *out) {
  struct edge *edges = arena_new_n(r->mem, struct edge, c->args[0].set.len);
  size_t m = 0, n = 0;
  TRY(read_edges(r, c, edges, &m, &n));
  struct ratio *best = arena_new_n(r->mem, struct ratio, n);
  for (size_t i = 0; i < n; i++) best[i] = ratio_int(1);
  bool grows = true;
  for (size_t round = 0; grows && round <= n; round++) {
    grows = false;
    for (size_t i = 0; i < m; i++) {
      struct ratio product;
      if (!ratio_mul(best[edges[i].from], edges[i].rate, &product)) return eval_overflow(r);
      if (ratio_cmp(product, best[edges[i].to]) <= 0) continue;
      best[edges[i].to] = product;
      grows = true;
    }
  }
  return give(out, value_flag(grows));
}

/* ---- calls ---- */

static bool persons(struct eval_run *r, const struct call *c, struct value *out) {
  struct value *at = arena_new_n(r->mem, struct value, c->count);
  size_t n = 0;
  for (size_t i = 0; i < c->count; i++)
    if (!value_is_none(&c->args[i])) at[n++] = c->args[i];
  return give(out, value_set(at, n));
}
static bool method(struct eval_run *r, const struct expr *x, struct value *out) {
  struct value owner, args[FUNCTION_ARGS_MAX];
  TRY(eval_expr(r, x->a, &owner));
  for (size_t i = 0; i < x->args.len; i++) {
    TRY(eval_expr(r, x->args.at[i], &args[i]));
    if (value_is_none(&args[i])) return give(out, args[i]);
  }
  return r->env->call(r->env, r->mem, &owner, x->a->type, x->text, args, x->args.len, out, r->e);
}
/* With all arguments there. */
static bool function(struct eval_run *r, const struct call *c, struct value *out) {
  switch (c->f) {
    case FUNCTION_round:
    case FUNCTION_floor:
    case FUNCTION_ceil: return rounded(r, c, out);
    case FUNCTION_abs: return absolute(c, out);
    case FUNCTION_look: return look(r, c, out);
    case FUNCTION_classify: return classify(r, c, out);
    case FUNCTION_next:
    case FUNCTION_previous: return step_code(r, c, out);
    case FUNCTION_date:
    case FUNCTION_year:
    case FUNCTION_quarter:
    case FUNCTION_month:
    case FUNCTION_week:
    case FUNCTION_term:
    case FUNCTION_school_year:
    case FUNCTION_workdays:
    case FUNCTION_age:
    case FUNCTION_span: return time_function(r, c, out);
    case FUNCTION_since: return since(r, c, out);
    case FUNCTION_text:
    case FUNCTION_len:
    case FUNCTION_contains:
    case FUNCTION_starts:
    case FUNCTION_mask:
    case FUNCTION_has_personal: return text_function(r, c, out);
    case FUNCTION_distance: return distance(r, c, out);
    case FUNCTION_closure: return closure(r, c, out);
    case FUNCTION_gains: return gains(r, c, out);
    default: return ask(r, c, c->f, out);
  }
}
static bool is_aggregate(const struct expr *x) {
  const bool is_book = x->function == FUNCTION_sum && x->args.at[0]->type->kind == KIND_BOOK;
  return x->function >= FUNCTION_count && x->function <= FUNCTION_the && !is_book;
}
bool eval_call(struct eval_run *r, const struct expr *x, struct value *out) {
  if (x->a) return method(r, x, out);
  if (is_aggregate(x)) return eval_aggregate(r, x, out);
  if (x->function == FUNCTION_all) return r->env->all(r->env, r->mem, x->type, NULL, 0, out, r->e);
  struct call c = {.x = x, .f = (enum function)x->function};
  TRY(read_args(r, &c));
  if (c.f == FUNCTION_persons) return persons(r, &c, out);
  const struct value *none = first_none(&c);
  return none ? give(out, *none) : function(r, &c, out);
}
