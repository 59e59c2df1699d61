/* The past of demo rows: which acts led to a state (the shortest way through the declaration), when, and by whom. Each act of the past
 * is kept as every other: state, deed, event, clocks, facts; its fields become known with the act that asks for them. */
#include "declare/check.h"
#include "engine/flow/clocks.h"
#include "engine/flow/measure.h"
#include "engine/flow/seeds.h"
#include "store/store.h"
#include "texts.h"

enum { STATES_MAX = 64, UNDATED_DAYS = 9, MORNING_MINUTES = 530, MINUTES_APART = 40, MINUTES_VARY = 170 };
static const int64_t MINUTE_US = 60 * SECOND_US;

/* ---- which acts ---- */

struct way {
  const struct act *acts[STATES_MAX];
  struct str states[STATES_MAX]; /* that they led to */
  size_t len;
};
struct reached { /* a state, and how it was come by */
  struct str state;
  const struct act *by;
  size_t from; /* of these; itself: at the start */
};
static bool is_start(const struct act *a) { return words_have(&a->from, STR("start")); }
static void step_on(struct reached *all, size_t *io_n, const struct act *a, size_t from) {
  vec_each(const struct act_case, c, &a->to) {
    const struct str to = c->state.text;
    bool is_new = !str_eqz(to, "same") && !str_eqz(to, "back") && *io_n < STATES_MAX;
    for (size_t i = 0; i < *io_n; i++) is_new &= !str_eq(all[i].state, to);
    if (is_new) all[*io_n] = (struct reached){to, a, from == STATES_MAX ? *io_n : from}, (*io_n)++;
  }
}
static bool find_way(const struct record *r, struct str state, struct way *out) {
  struct reached all[STATES_MAX];
  size_t n = 0, at = 0;
  out->len = 0;
  vec_each(const struct act, a, &r->acts)
    if (is_start(a)) step_on(all, &n, a, STATES_MAX);
  for (; at < n && state.len && !str_eq(all[at].state, state); at++)
    vec_each(const struct act, a, &r->acts)
      if (words_have(&a->from, all[at].state)) step_on(all, &n, a, at);
  if (at == n) return false;
  for (bool is_first = false; !is_first; at = all[at].from) {
    is_first = all[at].from == at;
    memmove(out->acts + 1, out->acts, out->len * sizeof *out->acts);
    memmove(out->states + 1, out->states, out->len * sizeof *out->states);
    out->acts[0] = all[at].by;
    out->states[0] = all[at].state;
    out->len++;
  }
  return true;
}
static bool asks_for(const struct act *a, struct str field) {
  if (words_have(&a->asks, field) || words_have(&a->may, field)) return true;
  vec_each(const struct effect, x, &a->does)
    vec_each(const struct named_expr, set, &x->set)
      if (str_eq(set->head.name.text, field)) return true;
  return false;
}
static size_t known_since(const struct way *w, struct str field) {
  for (size_t i = 0; i < w->len; i++)
    if (asks_for(w->acts[i], field)) return i;
  return 0;
}

/* ---- when ---- */

struct stretch {
  int64_t first, last;
};
static void stretch_to(struct stretch *x, int64_t us, int64_t now) {
  if (us >= now) return;
  if (!x->first || us < x->first) x->first = us;
  if (us > x->last) x->last = us;
}
/* A day by which something is to be done is none on which it was done. */
static bool is_deadline(const struct flow_record *r, struct str field) {
  vec_each(const struct clock, k, &r->record->clocks)
    if (has_expr(&k->until) && str_eq(k->until.word.text, field)) return true;
  return false;
}
/* Between the first and the last day that the row names and that are past. */
static struct stretch past_of(const struct flow_seed *s, const struct flow_record *r,
                              const struct flow_seed_cell *cells, int32_t as_of, size_t n) {
  struct stretch x = {0};
  const int64_t of_day = (MORNING_MINUTES + (int64_t)(n * 37 % MINUTES_VARY)) * MINUTE_US;
  for (size_t i = 0; i < r->fields.len; i++) {
    const struct value *v = &cells[i].value;
    if (is_deadline(r, r->fields.at[i].name)) continue;
    if (v->kind == VALUE_DATE) stretch_to(&x, day_moment(date_to_days(v->date), of_day), s->now_us);
    if (v->kind == VALUE_MOMENT) stretch_to(&x, v->moment, s->now_us);
    if (v->kind == VALUE_SPAN) stretch_to(&x, v->span.from, s->now_us);
  }
  if (!x.first) {
    x.first = day_moment(as_of - (int32_t)(n * 3 % UNDATED_DAYS) - 1, of_day);
    x.last = x.first + DAY_US;
  }
  return x;
}
/* The i-th of so many acts; never less than some minutes apart unless the present is near. */
static int64_t moment_of(const struct flow_seed *s, struct stretch x, size_t i, size_t count) {
  const int64_t least = x.first + (int64_t)(count - 1) * MINUTES_APART * MINUTE_US,
                last = x.last > least ? x.last : least;
  const int64_t end = last < s->now_us ? last : s->now_us - MINUTE_US;
  const int64_t at = count < 2 ? x.first : x.first + (end - x.first) / (int64_t)(count - 1) * (int64_t)i;
  return at - at % SECOND_US;
}

/* ---- by whom ---- */

static bool choose_person(struct flow_step *s, size_t n, struct err *e) {
  struct flow_run *run = s->run;
  run->person = STR("");
  run->by = act_has(s->act, WHO_PUBLIC) ? FLOW_BY_PUBLIC : act_has(s->act, WHO_CLOCK) ? FLOW_BY_CLOCK : FLOW_BY_SYSTEM;
  vec_each(const struct word, w, &s->act->who) {
    struct str *all = NULL;
    size_t count = 0;
    const enum who_kind kind = who_read(w->text).kind;
    if (kind == WHO_PUBLIC || kind == WHO_CLOCK || kind == WHO_SYSTEM) continue;
    TRY(flow_persons(run, &s->about, w->text, &all, &count, e));
    if (!count) continue;
    run->person = all[n % count];
    run->by = FLOW_BY_PERSON;
    return true;
  }
  return true;
}

/* ---- one act of the past ---- */

struct past {
  struct flow_seed *seed;
  const struct flow_seed_line *line;
  const struct flow_seed_cell *cells;
  struct way way;
  struct stretch when;
};
static void learn(const struct past *p, size_t act) {
  struct flow_row *row = p->line->row;
  for (size_t i = 0; i < row->record->fields.len; i++) {
    if (!p->cells[i].is_said || known_since(&p->way, row->record->fields.at[i].name) != act) continue;
    flow_row_set(row, i, p->cells[i].value);
    row->words[i] = p->cells[i].words;
  }
}
static bool number(struct past *p, struct err *e) {
  struct flow_run *run = p->seed->run;
  struct flow_row *row = p->line->row;
  const struct word pattern = row->record->record->number;
  const int64_t then = run->now_us;
  row->lookup = flow_lookup_new(run->mem);
  row->created = then;
  run->now_us = p->seed->now_us; /* so that the series goes on from here */
  const bool ok = !has_word(pattern) || flow_number_next(run, row->record->name, pattern.text, &row->number, e);
  run->now_us = then;
  return ok;
}
static bool set_deed(struct flow_step *s, struct err *e) {
  const struct flow_row *row = s->about.self;
  flow_deeds *deeds;
  TRY(flow_deeds_of(s->run, row->record, row->id, &deeds, e));
  deeds->at[s->deed].to = row->state;
  return true;
}
/* What a clock did in the past it does not do again: the levels up to that act are seen to. */
static bool see_to_levels(struct flow_step *s, struct err *e) {
  const struct flow_row *row = s->about.self;
  vec_each(const struct clock, k, &row->record->record->clocks)
    for (size_t i = 0; i < k->levels.len; i++) {
      struct flow_clock c;
      if (!str_eq(k->levels.at[i].act.text, s->act->head.name.text)) continue;
      TRY(flow_clock_load(s->run, row->record, k, row->id, &c, e));
      if (c.is.phase != CLOCK_RUNNING && c.is.phase != CLOCK_PAUSED) continue;
      const struct clock_ask a = flow_clock_ask(s->run, &c);
      c.is.fired |= (2u << i) - 1;
      if (!clock_plan(&a, &c.is)) return fail(e, ERR_INVALID, MSG_flow_clock_beyond, "clock", k->label.text);
      TRY(flow_clock_save(s->run, &c, e));
    }
  return true;
}
static bool do_act(struct past *p, size_t i, struct err *e) {
  struct flow_run *run = p->seed->run;
  struct flow_row *row = p->line->row;
  struct flow_step s = {.run = run, .act = p->way.acts[i], .from = row->state};
  const struct flow_ask none = {.record = row->record};
  run->now_us = moment_of(p->seed, p->when, i, p->way.len);
  s.touched = arena_new_n(run->mem, bool, row->record->fields.len);
  s.about.self = row;
  if (i) s.about.before = flow_row_copy(run, row);
  learn(p, i);
  TRY(flow_settle_self(run, row, !i, e) && choose_person(&s, p->line->n, e) && flow_deed_add(&s, e));
  flow_take_state(&s, p->way.states[i]);
  TRY(set_deed(&s, e));
  if (!i) {
    row->creator = run->person;
    TRY(number(p, e) && flow_row_write(run, row, e));
  }
  TRY(flow_clocks(&s, e) && see_to_levels(&s, e) && flow_settle_self(run, row, false, e) && flow_note(&s, &none, e));
  return flow_row_write(run, row, e) && flow_facts(&s, e);
}
static bool live(struct flow_seed *s, const struct flow_seed_line *l, int32_t as_of, struct err *e) {
  const struct flow_record *r = l->row->record;
  struct flow_seed_cell *cells = arena_new_n(s->run->mem, struct flow_seed_cell, r->fields.len);
  struct past p = {.seed = s, .line = l, .cells = cells};
  const struct str state = flow_seed_said(l, STR("state"));
  if (!find_way(r->record, state, &p.way)) return flow_seed_refuse(s, l, state, e);
  TRY(flow_seed_cells(s, l, cells, e));
  p.when = past_of(s, r, cells, as_of, l->n);
  for (size_t i = 0; i < p.way.len; i++) TRY(do_act(&p, i, e));
  s->rows++;
  return flow_settle_others(s->run, l->row, NULL, e);
}

/* ---- sheets ---- */

struct sheet {
  const struct flow_record *record;
  VEC(struct flow_seed_line) lines;
  bool is_done;
};
static bool read_sheet(struct flow_seed *s, struct sheet *sheet, struct err *e) {
  const struct str path = str_fmt(s->run->mem, "demo/" STRF ".csv", STRA(sheet->record->record->head.name.text));
  const struct package_file *f = package_file(&s->at->package, path);
  text_rows rows = {0};
  if (f) TRY(text_rows_read(s->run->mem, path, f->text, &rows, e));
  for (size_t i = 1; i < rows.len; i++) {
    const struct flow_seed_line l = {flow_row_new(s->run, sheet->record), &rows.at[0], &rows.at[i], path, i + 1};
    vec_push(s->run->mem, &sheet->lines) = l;
    flow_seed_called(s, &l);
  }
  return true;
}
/* What its rows refer to is there. */
static bool is_ready(const struct flow_seed *s, const struct sheet *all, const struct sheet *one) {
  vec_each(const struct flow_field, f, &one->record->fields) {
    const enum type_word t = f->field->is.type;
    const struct flow_record *to = t == TYPE_ref || t == TYPE_refs ? flow_referred(s->run->flow, f) : NULL;
    for (size_t i = 0; to && i < s->at->records.len; i++)
      if (all[i].record == to && &all[i] != one && !all[i].is_done) return false;
  }
  return true;
}
static bool do_sheet(struct flow_seed *s, struct sheet *sheet, int32_t as_of, struct err *e) {
  sheet->is_done = true;
  vec_each(const struct flow_seed_line, l, &sheet->lines) TRY(live(s, l, as_of, e));
  return true;
}
bool flow_seed_system(struct flow_seed *s, const struct flow_system *system, struct date as_of, struct err *e) {
  const size_t n = system->records.len;
  struct sheet *all = arena_new_n(s->run->mem, struct sheet, n);
  const int32_t day = moment_day(s->now_us), since = day - date_to_days(as_of);
  s->at = system;
  s->moved = since > 0 ? since - since % 7 : 0; /* days of the week stay what they were */
  for (size_t i = 0; i < n; i++) {
    all[i].record = &system->records.at[i];
    TRY(read_sheet(s, &all[i], e));
  }
  for (size_t left = n; left;) {
    size_t best = n;
    for (size_t i = n; i-- > 0;)
      if (!all[i].is_done && (best == n || is_ready(s, all, &all[i]))) best = i;
    TRY(do_sheet(s, &all[best], date_to_days(as_of) + s->moved, e));
    left--;
  }
  return true;
}
void flow_seed_begin(struct flow_seed *s, struct flow_run *run) {
  *s = (struct flow_seed){.run = run, .now_us = run->now_us, .names = arena_new(run->mem, struct flow_seed_names)};
}
