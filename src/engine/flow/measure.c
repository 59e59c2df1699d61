/* Measures as declared, made ready: which record and rows they count, on which day, in which unit, and what a formula is made
 * of. Conditions are copied, with `period.end` as a name of its own, so that any day can be the end of a period. */
#include "engine/flow/measure.h"

#include "base/must.h"
#include "declare/check.h"

/* ---- trees ---- */

static struct str period_name(const struct expr *x) {
  if (x->kind != EXPR_PATH || x->a->kind != EXPR_NAME || x->a->bound != BOUND_GLOBAL) return (struct str){0};
  if (!str_eqz(x->a->text, "period")) return (struct str){0};
  if (str_eqz(x->text, "start")) return FLOW_PERIOD_START;
  return str_eqz(x->text, "end") ? FLOW_PERIOD_END : (struct str){0};
}
static struct expr *copy_tree(struct arena *mem, const struct expr *x, bool *io_period) {
  if (!x) return NULL;
  struct expr *y = arena_new(mem, struct expr);
  *y = *x;
  const struct str period = period_name(x);
  if (period.len) {
    *io_period = true;
    y->kind = EXPR_NAME;
    y->text = period;
    y->bound = BOUND_GLOBAL;
    y->a = NULL;
    return y;
  }
  y->a = copy_tree(mem, x->a, io_period);
  y->b = copy_tree(mem, x->b, io_period);
  y->c = copy_tree(mem, x->c, io_period);
  if (x->args.len) y->args.at = arena_new_n(mem, struct expr *, x->args.len);
  y->args.cap = x->args.len;
  for (size_t i = 0; i < x->args.len; i++) y->args.at[i] = copy_tree(mem, x->args.at[i], io_period);
  return y;
}
/* Does it speak of the day on which it is asked: by itself, or by a field that is worked out each time? What a clock says is not
 * meant: when that changes, the clock tells. */
static bool is_of_today(const struct flow_record *r, const struct expr *x) {
  if (!x) return false;
  if (x->kind == EXPR_NAME && x->bound == BOUND_GLOBAL && (str_eqz(x->text, "today") || str_eqz(x->text, "now")))
    return true;
  if (x->kind == EXPR_NAME && x->bound == BOUND_FIELD) {
    const struct flow_field *f = flow_field(r, x->text);
    return f && f->place == FLOW_LIVE && is_of_today(r, f->field->value.tree);
  }
  if (is_of_today(r, x->a) || is_of_today(r, x->b) || is_of_today(r, x->c)) return true;
  for (size_t i = 0; i < x->args.len; i++)
    if (is_of_today(r, x->args.at[i])) return true;
  return false;
}

static bool is_of_clock(const struct expr *x) {
  if (!x) return false;
  if (x->kind == EXPR_CALL && !x->a && str_eqz(x->text, "clock")) return true;
  if (is_of_clock(x->a) || is_of_clock(x->b) || is_of_clock(x->c)) return true;
  for (size_t i = 0; i < x->args.len; i++)
    if (is_of_clock(x->args.at[i])) return true;
  return false;
}

/* ---- one measure ---- */

static unsigned places_of(const struct expr *x) {
  const struct type *t = x->type;
  const int n = t->fraction || ratio_is_zero(t->step) ? FLOW_FRACTION_PLACES : ratio_places(t->step);
  return n < 0 || n > FLOW_FRACTION_PLACES ? (unsigned)FLOW_FRACTION_PLACES : (unsigned)n;
}
static void load_what(const struct measure *said, struct flow_measure *m) {
  const struct {
    const struct expr_word *x;
    enum flow_counts how;
  } all[] = {{&said->sum, FLOW_SUM},
             {&said->distinct, FLOW_DISTINCT},
             {&said->mean, FLOW_MEAN},
             {&said->median, FLOW_MEDIAN},
             {&said->value, FLOW_FORMULA}};
  m->how = FLOW_COUNT;
  for (size_t i = 0; i < COUNT_OF(all); i++) {
    if (!all[i].x->tree) continue;
    m->how = all[i].how;
    m->what = all[i].x->tree;
  }
  if (m->how == FLOW_SUM || m->how == FLOW_MEAN || m->how == FLOW_MEDIAN) {
    m->places = places_of(m->what);
    m->unit = m->what->type->unit;
  }
}
/* The same as what the check calls counting people (M003). */
static bool counts_people(const struct flow_measure *m) {
  if (m->how == FLOW_DISTINCT) return m->what->type->kind == KIND_PERSON;
  return m->how == FLOW_COUNT && m->record && has_word(m->record->record->about);
}
static const struct list *list_of(const struct flow_measure *m, const struct expr *x) {
  const struct flow_field *f = x->kind == EXPR_NAME && x->bound == BOUND_FIELD ? flow_field(m->record, x->text) : NULL;
  if (!f || f->field->is.type != TYPE_choice) return NULL;
  return part_find(&m->system->system->lists, f->field->is.name);
}
static void load_by(struct arena *mem, const struct measure *said, struct flow_measure *m) {
  vec_each(const struct expr_word, b, &said->by) {
    if (m->by.len == FLOW_BY_MAX || !b->tree) continue;
    const struct flow_field *f = b->tree->kind == EXPR_NAME ? flow_field(m->record, b->tree->text) : NULL;
    vec_push(mem, &m->by) = (struct flow_by_field){.x = b->tree,
                                                   .name = b->word.text,
                                                   .label = f ? f->field->label.text : b->word.text,
                                                   .list = list_of(m, b->tree)};
  }
}
static bool load_at(struct arena *mem, const struct flow_system *s, const struct measure *said, struct flow_measure *m,
                    struct err *e) {
  if (!has_word(said->at)) return true;
  struct expr *x = NULL;
  struct type_answer answer;
  const struct type want = type_of(KIND_UNIT);
  TRY(typed_expr(s->typed, mem, m->record->record, said->at.text, &want, &x, &answer, e));
  m->at = x;
  return true;
}
static bool load_counting(struct arena *mem, const struct flow_system *s, const struct measure *said,
                          struct flow_measure *m, struct err *e) {
  m->record = flow_record_in(s, said->of.text);
  must(m->record != NULL); /* the check refuses others */
  m->is_stock = is_yes(said->stock);
  m->on = m->is_stock ? NULL : said->on.tree;
  m->where = copy_tree(mem, said->where.tree, &m->is_of_period);
  m->rows = has_word(said->rows) ? flow_field(m->record, said->rows.text) : NULL;
  m->is_of_today = is_of_today(m->record, m->where) || is_of_today(m->record, m->what);
  m->is_of_clock = m->is_stock && is_of_clock(m->where);
  load_by(mem, said, m);
  TRY(load_at(mem, s, said, m, e));
  m->is_of_people = counts_people(m);
  return true;
}
static bool load_one(struct arena *mem, const struct units *units, const struct flow_system *s,
                     const struct measure *said, struct flow_measure *m, struct err *e) {
  struct ratio factor;
  *m = (struct flow_measure){.measure = said,
                             .system = s,
                             .name = str_fmt(mem, STRF "." STRF, STRA(s->name), STRA(said->head.name.text)),
                             .label = said->label.text,
                             .said = said->unit.text,
                             .cell = s->system->privacy ? s->system->privacy->cell.n : 0};
  if (!units_read(units, m->said, &m->unit, &factor)) m->unit = (struct dimension){0};
  load_what(said, m);
  return m->how == FLOW_FORMULA || load_counting(mem, s, said, m, e);
}

/* ---- formulas ---- */

static void add_part(struct arena *mem, struct flow_measure *m, const struct flow_measure *part) {
  for (size_t i = 0; i < m->parts.len; i++)
    if (m->parts.at[i] == part) return;
  vec_push(mem, &m->parts) = part;
}
/* A formula may speak of formulas: their parts are its own. depth: measures that name one another in a ring have none. */
static void find_parts(struct arena *mem, struct flow_measure *m, const struct expr *x, int depth) {
  if (!x || depth > EXPR_DEPTH_MAX) return;
  const struct flow_measure *named = x->kind == EXPR_NAME ? flow_measure_in(m->system, x->text) : NULL;
  if (named && named->how == FLOW_FORMULA) find_parts(mem, m, named->what, depth + 1);
  else if (named) add_part(mem, m, named);
  find_parts(mem, m, x->a, depth + 1);
  find_parts(mem, m, x->b, depth + 1);
  find_parts(mem, m, x->c, depth + 1);
  for (size_t i = 0; i < x->args.len; i++) find_parts(mem, m, x->args.at[i], depth + 1);
}
static void load_formula(struct arena *mem, struct flow_measure *m) {
  find_parts(mem, m, m->what, 0);
  for (size_t i = 0; i < m->parts.len; i++) {
    const struct flow_measure *p = m->parts.at[i];
    m->is_of_people |= p->is_of_people;
    m->is_stock |= p->is_stock;
  }
  const struct flow_measure *first = m->parts.len ? m->parts.at[0] : NULL;
  for (size_t k = 0; first && k < first->by.len; k++) {
    bool in_all = true;
    for (size_t i = 1; i < m->parts.len; i++) in_all &= flow_measure_by(m->parts.at[i], first->by.at[k].name) >= 0;
    if (in_all) vec_push(mem, &m->by) = first->by.at[k];
  }
}
bool flow_measures_load(struct arena *mem, const struct units *units, struct flow_system *s, struct err *e) {
  vec_each(const struct measure, said, &s->system->measures) {
    struct flow_measure m;
    TRY(load_one(mem, units, s, said, &m, e));
    vec_push(mem, &s->measures) = m;
  }
  vec_each(struct flow_measure, m, &s->measures) /* their addresses are final now */
    if (m->how == FLOW_FORMULA) load_formula(mem, m);
  return true;
}

/* ---- finding ---- */

const struct flow_measure *flow_measure_in(const struct flow_system *s, struct str name) {
  for (size_t i = 0; s && i < s->measures.len; i++)
    if (str_eq(s->measures.at[i].measure->head.name.text, name)) return &s->measures.at[i];
  return NULL;
}
const struct flow_measure *flow_measure(const struct flow *f, struct str name) {
  struct str system, measure;
  return str_cut(name, STR("."), &system, &measure) ? flow_measure_in(flow_system(f, system), measure) : NULL;
}
int flow_measure_by(const struct flow_measure *m, struct str name) {
  for (size_t i = 0; i < m->by.len; i++)
    if (str_eq(m->by.at[i].name, name)) return (int)i;
  return -1;
}

/* ---- working out a formula ---- */

struct formula {
  const struct flow *flow;
  const struct flow_measure *measure;
  const struct flow_part *parts;
  size_t count;
  int depth;
};
static bool formula_run(struct arena *mem, struct formula *f, const struct expr *x, struct value *out, struct err *e);
static bool formula_name(const struct eval_env *env, struct arena *mem, struct str name, struct value *out,
                         struct err *e) {
  const struct formula *f = env->world;
  const struct flow_measure *named = flow_measure_in(f->measure->system, name);
  *out = value_none(NONE_unknown);
  for (size_t i = 0; i < f->count; i++)
    if (f->parts[i].measure == named) *out = f->parts[i].value;
  if (!named || named->how != FLOW_FORMULA || f->depth > EXPR_DEPTH_MAX) return true;
  struct formula inner = *f;
  inner.depth++;
  return formula_run(mem, &inner, named->what, out, e);
}
/* What a formula over measures cannot reach: gauges of other packages, books. */
static bool formula_function(const struct eval_env *env, struct arena *mem, enum function function, struct str label,
                             const struct value *args, size_t count, struct value *out, struct err *e) {
  (void)env, (void)mem, (void)function, (void)label, (void)args, (void)count, (void)e;
  *out = value_none(NONE_unknown);
  return true;
}
static bool formula_run(struct arena *mem, struct formula *f, const struct expr *x, struct value *out, struct err *e) {
  const struct type no_self = type_of(KIND_BAD);
  const struct eval_env env = {.world = f,
                               .units = f->flow->units,
                               .calendar = f->flow->calendar,
                               .self_type = &no_self,
                               .global = formula_name,
                               .function = formula_function};
  return eval(mem, x, &env, x->cost, NULL, out, e);
}
bool flow_formula(struct arena *mem, const struct flow *flow, const struct flow_measure *m,
                  const struct flow_part *parts, size_t count, struct value *out, struct err *e) {
  struct formula f = {.flow = flow, .measure = m, .parts = parts, .count = count};
  return formula_run(mem, &f, m->what, out, e);
}
