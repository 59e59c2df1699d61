/* What a measure counts of a record as it is: condition, day, unit, breakdowns and number are worked out by the expressions of
 * the declaration. A stock whose condition speaks of `period` is asked at each day on which a comparison could turn. */
#include "engine/flow/clocks.h"
#include "engine/flow/measure.h"

enum { TURNS_MAX = 24, CODE_MAX = 60, DUES_MAX = 12 };

struct asking {
  struct flow_run *run;
  struct flow_about about;
  const struct flow_measure *measure;
  struct flow_bound bound[3]; /* period.start, period.end; the row */
  int64_t over[DUES_MAX];     /* when clocks that run will be over, if nobody acts */
  int over_count;
};
static bool ask(struct asking *a, const struct expr *x, struct eval_notes *notes, struct value *out, struct err *e) {
  return flow_eval(a->run, &a->about, x, notes, out, e);
}
static void set_day(struct asking *a, int64_t day) {
  const struct value v = value_date(date_of_days((int32_t)(day < FLOW_DAY_LAST ? day : FLOW_DAY_LAST - 1)));
  a->bound[0] = (struct flow_bound){FLOW_PERIOD_START, v};
  a->bound[1] = (struct flow_bound){FLOW_PERIOD_END, v};
}
static bool holds(struct asking *a, int64_t end, struct eval_notes *notes, bool *out, struct err *e) {
  struct value v;
  *out = true;
  if (!a->measure->where) return true;
  set_day(a, end);
  const int64_t now = a->run->now_us;
  for (int i = 0; i < a->over_count; i++)
    if (moment_day(a->over[i]) <= end && a->over[i] > a->run->now_us) a->run->now_us = a->over[i];
  const bool ok = ask(a, a->measure->where, notes, &v, e);
  a->run->now_us = now;
  *out = ok && value_is_yes(&v);
  return ok;
}
/* When the record's clocks come due: from then on what is said of them is another thing, without an act. */
static bool find_dues(struct asking *a, struct flow_row *row, struct err *e) {
  vec_each(const struct clock, k, &row->record->record->clocks) {
    struct clock_reading x;
    if (a->over_count == DUES_MAX) break;
    TRY(flow_clock_read(a->run, row->record, row->id, k, &x, e));
    if (x.due != CLOCK_NEVER && x.due + SECOND_US > a->run->now_us) a->over[a->over_count++] = x.due + SECOND_US;
  }
  return true;
}

/* ---- unit, breakdowns, number ---- */

/* One breakdown as it is kept: a code, an id, a word; empty = not filled in. */
static struct str code_of(struct arena *mem, const struct value *v) {
  const struct flow_thing *t = v->kind == VALUE_THING ? flow_thing_of(v) : NULL;
  switch (v->kind) {
    case VALUE_CODE: return v->text;
    case VALUE_TEXT: return str_replace(mem, str_slice(v->text, 0, CODE_MAX), STR("\x1f"), STR(" "));
    case VALUE_FLAG: return v->flag ? STR("yes") : STR("no");
    case VALUE_DATE: return date_iso(mem, v->date);
    case VALUE_PERIOD: return period_text(mem, v->period);
    case VALUE_NUMBER: return ratio_text(mem, v->number);
    case VALUE_THING: return t ? t->id : (struct str){0};
    default: return (struct str){0};
  }
}
static bool codes_of(struct asking *a, struct str *out, struct err *e) {
  struct arena *mem = a->run->mem;
  *out = (struct str){0};
  for (size_t i = 0; i < a->measure->by.len; i++) {
    struct value v;
    TRY(ask(a, a->measure->by.at[i].x, NULL, &v, e));
    *out = str_fmt(mem, STRF "%s" STRF, STRA(*out), i ? "\x1f" : "", STRA(code_of(mem, &v)));
  }
  return true;
}
static bool unit_of(struct asking *a, struct str *out, struct err *e) {
  struct value v;
  *out = (struct str){0};
  if (!a->measure->at) return true;
  TRY(ask(a, a->measure->at, NULL, &v, e));
  const struct flow_thing *t = v.kind == VALUE_THING ? flow_thing_of(&v) : NULL;
  if (t) *out = t->id;
  return true;
}
/* Digits in base units; a fraction is kept to so many places, half away from zero. False: more digits than are kept. */
static bool digits_of(struct ratio n, unsigned places, int64_t *out) {
  struct ratio step = ratio_int(1), round;
  for (unsigned i = 0; i < places; i++)
    if (!ratio_div(step, ratio_int(10), &step)) return false;
  return ratio_round(n, step, ROUND_NEAR, &round) && ratio_scaled(round, places, out);
}
static bool number_of(struct asking *a, struct flow_fact *f, bool *out_counts, struct err *e) {
  const struct flow_measure *m = a->measure;
  struct value v;
  *out_counts = true;
  if (m->how == FLOW_COUNT) return true;
  TRY(ask(a, m->what, NULL, &v, e));
  if (m->how == FLOW_DISTINCT) {
    f->key = code_of(a->run->mem, &v);
    *out_counts = f->key.len > 0;
    return true;
  }
  f->is_hole = v.kind != VALUE_NUMBER || !digits_of(v.number, m->places, &f->value);
  if (m->how == FLOW_MEDIAN && !f->is_hole) f->key = str_int(a->run->mem, f->value);
  return true;
}
static bool describe(struct asking *a, struct flow_fact *f, bool *out_counts, struct err *e) {
  TRY(number_of(a, f, out_counts, e));
  return !*out_counts || (unit_of(a, &f->unit, e) && codes_of(a, &f->codes, e));
}

/* ---- rows with a day ---- */

static bool day_of(const struct value *v, int64_t *out) {
  if (v->kind == VALUE_DATE) *out = date_to_days(v->date);
  else if (v->kind == VALUE_MOMENT) *out = moment_day(v->moment);
  else return false;
  return true;
}
static bool add_dated(struct asking *a, int64_t line, flow_fact_list *out, struct err *e) {
  struct flow_fact f = {.measure = a->measure->name, .line = line};
  struct value on;
  bool counts = false;
  if (!a->measure->on) return true;
  TRY(ask(a, a->measure->on, NULL, &on, e));
  if (!day_of(&on, &f.from)) return true;
  f.until = f.from + 1;
  TRY(holds(a, f.from, NULL, &counts, e));
  if (!counts) return true;
  TRY(describe(a, &f, &counts, e));
  if (counts) vec_push(a->run->mem, out) = f;
  return true;
}

/* ---- stocks ---- */

struct turns { /* days at which the condition was asked, in order */
  int64_t day[TURNS_MAX];
  bool holds[TURNS_MAX], is_asked[TURNS_MAX];
  int count;
};
static void add_turn(struct turns *t, int64_t first, int64_t day) {
  int at = t->count;
  if (day < first || day >= FLOW_DAY_LAST || t->count == TURNS_MAX) return;
  for (int i = 0; i < t->count; i++)
    if (t->day[i] == day) return;
  for (; at > 0 && t->day[at - 1] > day; at--) {
    t->day[at] = t->day[at - 1];
    t->holds[at] = t->holds[at - 1];
    t->is_asked[at] = t->is_asked[at - 1];
  }
  t->day[at] = day;
  t->is_asked[at] = false;
  t->count++;
}
static bool speaks_of_period(const struct expr *x) {
  if (!x) return false;
  if (x->kind == EXPR_NAME) return str_eq(x->text, FLOW_PERIOD_END) || str_eq(x->text, FLOW_PERIOD_START);
  if (speaks_of_period(x->a) || speaks_of_period(x->b) || speaks_of_period(x->c)) return true;
  for (size_t i = 0; i < x->args.len; i++)
    if (speaks_of_period(x->args.at[i])) return true;
  return false;
}
static bool seen_day(const struct eval_notes *notes, const struct expr *x, int64_t *out) {
  if (x->kind == EXPR_DATE) return *out = date_to_days(x->date), true;
  vec_each(const struct eval_seen, s, &notes->seen)
    if (s->x == x) return day_of(&s->value, out);
  return false;
}
/* Each comparison of a day that moves with the period with one that does not turns where they meet. */
static void find_turns(struct turns *t, int64_t first, int64_t asked, const struct eval_notes *notes) {
  vec_each(const struct eval_seen, s, &notes->seen) {
    const struct expr *x = s->x;
    int64_t left, right;
    if (x->kind != EXPR_BOTH || x->op < OP_EQ || x->op > OP_GE) continue;
    const bool left_moves = speaks_of_period(x->a), right_moves = speaks_of_period(x->b);
    if (left_moves == right_moves || !seen_day(notes, x->a, &left) || !seen_day(notes, x->b, &right)) continue;
    const int64_t meet = asked + (left_moves ? right - left : left - right);
    for (int64_t day = meet - 1; day <= meet + 1; day++) add_turn(t, first, day);
  }
}
static bool ask_turns(struct asking *a, int64_t first, struct turns *t, struct err *e) {
  for (int i = 0; i < t->count;) {
    struct eval_notes notes = {0};
    if (t->is_asked[i]) {
      i++;
      continue;
    }
    const int64_t day = t->day[i];
    t->is_asked[i] = true;
    TRY(holds(a, day, a->measure->is_of_period ? &notes : NULL, &t->holds[i], e));
    find_turns(t, first, day, &notes);
    i = 0; /* new ones may stand before it */
  }
  return true;
}
static bool add_stock(struct asking *a, int64_t line, int64_t first, int64_t today, flow_fact_list *out,
                      struct err *e) {
  struct flow_fact f = {.measure = a->measure->name, .line = line, .is_stock = true};
  struct turns t = {0};
  bool is_described = false, counts = true;
  add_turn(&t, first, first);
  if (a->measure->is_of_period) add_turn(&t, first, today);
  for (int i = 0; i < a->over_count; i++) add_turn(&t, first, moment_day(a->over[i]));
  TRY(ask_turns(a, first, &t, e));
  for (int i = 0; i < t.count && counts; i++) {
    if (!t.holds[i]) continue;
    if (!is_described) TRY(describe(a, &f, &counts, e));
    is_described = true;
    f.from = t.day[i];
    while (i + 1 < t.count && t.holds[i + 1]) i++;
    f.until = i + 1 < t.count ? t.day[i + 1] : FLOW_DAY_LAST;
    if (counts) vec_push(a->run->mem, out) = f;
  }
  return true;
}

/* ---- a record ---- */

static bool add_line(struct asking *a, int64_t line, int64_t first, int64_t day, flow_fact_list *out, struct err *e) {
  return a->measure->is_stock ? add_stock(a, line, first, day, out, e) : add_dated(a, line, out, e);
}
bool flow_facts_now(struct flow_run *run, struct flow_row *row, const struct flow_measure *m, int64_t first,
                    int64_t day, flow_fact_list *out, struct err *e) {
  struct asking a = {.run = run, .about = {.self = row}, .measure = m};
  struct value rows;
  a.about.bound = a.bound;
  a.about.bound_count = 2;
  set_day(&a, day);
  if (m->is_of_clock) TRY(find_dues(&a, row, e));
  if (!m->rows) return add_line(&a, 0, first, day, out, e);
  const size_t at = (size_t)(m->rows - m->record->fields.at);
  TRY(flow_row_field(run, row, at, &rows, e));
  for (size_t i = 0; rows.kind == VALUE_SET && i < rows.set.len; i++) {
    a.bound[2] = (struct flow_bound){m->rows->name, rows.set.at[i]};
    a.about.bound_count = 3;
    TRY(add_line(&a, (int64_t)i, first, day, out, e));
  }
  return true;
}
