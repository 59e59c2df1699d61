/* One record goes along with another version of its declaration: its state, what is carried over and set, what follows in computed
 * fields, its clocks; then it is held against what the new version asks of it, noted and written like after an act. Nobody acts here:
 * what states do when they are entered is not done. */
#include "base/clock.h"
#include "declare/check.h"
#include "engine/flow/act.h"
#include "engine/flow/clocks.h"
#include "engine/flow/measure.h"
#include "engine/flow/rounds.h"
#include "engine/flow/upgrade_plan.h"
#include "engine/flow/words.h"
#include "sql.h"
#include "store/compose.h"
#include "store/store.h"
#include "texts.h"

/* ---- the state ---- */

static bool nowhere(const struct flow_row *row, struct err *e) {
  return fail(e, ERR_CONFLICT, MSG_flow_upgrade_state, "state", row->state);
}
static struct str state_now(const struct flow_turn *t, struct str state) {
  const struct migration_said *way = migration_says(&t->told->states, state);
  return way ? way->text : state;
}
static bool rename_deed(struct flow_run *run, const struct flow_turn *t, struct str id, struct flow_deed *d,
                        struct err *e) {
  const struct str from = state_now(t, d->from), to = state_now(t, d->to);
  if (str_eq(from, d->from) && str_eq(to, d->to)) return true;
  d->from = from;
  d->to = to;
  return sql_flow_act_states(run->session,
                             &(struct sql_flow_act_states_in){STORE_TENANT, t->now->name, id, d->n, from, to}, NULL, e);
}
/* Deeds and what waits for a state speak of it under its new name: acts go back to it, expressions ask when it was entered. Events
 * keep the old word. */
static bool rename_states(struct flow_run *run, const struct flow_turn *t, struct str id, struct err *e) {
  flow_deeds *deeds;
  if (!t->told || !t->told->states.len) return true;
  TRY(flow_deeds_of(run, t->now, id, &deeds, e));
  vec_each(struct flow_deed, d, deeds) TRY(rename_deed(run, t, id, d, e));
  vec_each(const struct migration_said, x, &t->told->states)
    TRY(sql_flow_follow_state(
        run->session, &(struct sql_flow_follow_state_in){STORE_TENANT, t->now->name, id, x->name, x->text}, NULL, e));
  return true;
}
static bool take_state(struct flow_step *s, const struct flow_turn *t, struct err *e) {
  struct flow_row *row = s->about.self;
  const struct migration_said *way = t->told ? migration_says(&t->told->states, row->state) : NULL;
  const struct state *to = part_find(&t->now->record->states, way ? way->text : row->state);
  if (!t->now->record->states.len) return true;
  if (!to) return nowhere(row, e);
  if (way || is_yes(to->end) != row->ended) flow_take_state(s, to->head.name.text);
  return true;
}

/* ---- values ---- */

static bool is_there(const struct value *v) { return v->kind == VALUE_SET ? v->set.len > 0 : !value_is_none(v); }
/* What is sealed now must not stand in the open any more. */
static bool hide(struct flow_run *run, const struct flow_turn *t, const struct flow_field *had, struct str id,
                 struct err *e) {
  AUTO_COMPOSE c = COMPOSE(run->mem);
  compose_z(&c, "UPDATE ");
  compose_name(&c, t->now->table);
  for (int i = 0; i < flow_columns_of(had); i++) {
    compose_z(&c, i ? ", " : " SET ");
    compose_name(&c, had->column[i]);
    compose_z(&c, " = NULL");
  }
  compose_z(&c, " WHERE \"tenant\" = ");
  (void)compose_str(&c, STORE_TENANT);
  compose_z(&c, " AND \"id\" = ");
  (void)compose_str(&c, id);
  return compose_run_erasing(&c, run->session, NULL, e);
}
static bool carry(struct flow_run *was, struct flow_row *old, const struct flow_turn *t, struct flow_row *row,
                  const struct flow_giving *g, struct err *e) {
  const struct flow_field *had = &old->record->fields.at[g->from];
  struct value v;
  TRY(flow_row_field(was, old, g->from, &v, e));
  if (!is_there(&v)) return true;
  flow_row_set(row, g->to, v);
  row->words[g->to] = old->words[g->from];
  const bool is_hidden = row->record->fields.at[g->to].place == FLOW_SEALED && had->place <= FLOW_POINT;
  return !is_hidden || hide(was, t, had, row->id, e);
}
/* A field that has the type it had is seen by those set after it. */
static bool set(struct flow_run *was, struct flow_row *old, struct flow_run *run, struct flow_row *row,
                const struct flow_giving *g, struct err *e) {
  const struct flow_about about = {.self = old, .before = old, .system = row->record->system};
  const struct flow_field *f = &row->record->fields.at[g->to], *had = &old->record->fields.at[g->to];
  struct value v, is;
  TRY(flow_eval(was, &about, g->x, NULL, &v, e) && flow_row_field(run, row, g->to, &is, e));
  if (f->type.set && value_is_none(&v)) v = value_set(NULL, 0);
  if (!flow_same(&v, &is)) flow_row_set(row, g->to, v);
  if (had->field->is.type == f->field->is.type) flow_row_set(old, g->to, v);
  if (f->field->need.which != 1 || is_there(&v)) return true;
  return fail(e, ERR_INVALID, MSG_flow_asked, "name", f->name, "label", f->field->label.text);
}
static bool give(struct flow_run *was, struct flow_run *run, const struct flow_turn *t, struct flow_row *row,
                 struct err *e) {
  struct flow_row *old = NULL;
  if (!t->gives.len) return true;
  TRY(flow_row(was, &t->old, row->id, &old, e));
  must(old);
  old->state = row->state;
  vec_each(const struct flow_giving, g, &t->gives)
    TRY(g->x ? set(was, old, run, row, g, e) : carry(was, old, t, row, g, e));
  return true;
}

/* ---- what became of it ---- */

static bool is_changed(const struct flow_row *row, const struct flow_row *before) {
  for (size_t i = 0; i < row->record->fields.len; i++)
    if (row->changed_field[i]) return true;
  return !str_eq(row->state, before->state) || row->ended != before->ended;
}
static struct str moment_said(const struct flow_run *run, int64_t us) {
  const struct value v = value_moment(us);
  return us == CLOCK_NEVER ? STR("—") : value_show(run->mem, run->flow->units, &v, STR(""));
}
static bool say_moved(struct flow_step *s, const int64_t *dues, struct str *out, struct err *e) {
  const struct flow_record *r = s->about.self->record;
  struct arena *mem = s->run->mem;
  int64_t *now = arena_new_n(mem, int64_t, r->record->clocks.len);
  TRY(flow_clock_dues(s->run, r, s->about.self->id, now, e));
  for (size_t i = 0; i < r->record->clocks.len; i++) {
    if (dues[i] == now[i]) continue;
    const struct str one = str_fmt(mem, STRF " " STRF " → " STRF, STRA(r->record->clocks.at[i].label.text),
                                   STRA(moment_said(s->run, dues[i])), STRA(moment_said(s->run, now[i])));
    *out = out->len ? str_fmt(mem, STRF "; " STRF, STRA(*out), STRA(one)) : one;
  }
  return true;
}
static bool finish(struct flow_step *s, const struct flow_plan *p, const struct flow_turn *t, struct str moved,
                   struct err *e) {
  struct flow_run *run = s->run;
  struct flow_row *row = s->about.self;
  const bool is_other = is_changed(row, s->about.before), is_left = !str_eq(row->state, s->from);
  const size_t belongs =
      t->is_area_new ? (size_t)(flow_field(t->now, t->now->record->belongs.text) - t->now->fields.at) : 0;
  if (is_other && t->told && (t->told->set.len || is_left)) TRY(flow_judge(s, true, e));
  if (is_other || moved.len)
    TRY(flow_note_migrated(s, p->before.system->version.n, p->now->system->version.n, moved, e));
  if (t->is_area_new) row->changed_field[belongs] = true; /* in which area it lies is written with it */
  if (is_other || t->is_area_new) TRY(flow_row_write(run, row, e));
  if (t->is_found) TRY(flow_words_erased(run->flow, run->session, run->mem, t->now, row->id, e));
  if (is_other) TRY(flow_settle_others(run, row, s->about.before, e));
  if (is_other || moved.len) TRY(flow_facts(s, e));
  if (row->ended && !s->about.before->ended) TRY(flow_rounds_off(s, e));
  return !is_left || flow_follow(s, e);
}
bool flow_turn_record(struct flow_run *was, struct flow_run *run, const struct flow_plan *p, const struct flow_turn *t,
                      struct str id, struct flow_upgraded_record *io_counts, struct err *e) {
  struct flow_done done = {0};
  struct flow_row *row = NULL;
  struct str moved = {0};
  int64_t *dues = arena_new_n(run->mem, int64_t, t->now->record->clocks.len + 1);
  TRY(flow_row(run, t->now, id, &row, e));
  if (!row) return true;
  struct flow_step s = {.run = run, .about.self = row, .from = row->state, .done = &done};
  s.about.before = flow_row_copy(run, row);
  s.touched = arena_new_n(run->mem, bool, t->now->fields.len);
  TRY(flow_clock_dues(run, t->now, id, dues, e) && flow_clocks_anew(&s, t, e));
  TRY(take_state(&s, t, e) && rename_states(run, t, id, e) && give(was, run, t, row, e));
  TRY(flow_settle_self(run, row, false, e));
  if (t->clocks.len || is_changed(row, s.about.before)) TRY(flow_clocks(&s, e));
  TRY(flow_clocks_recomputed(&s, t, e) && flow_settle_self(run, row, false, e) && say_moved(&s, dues, &moved, e));
  io_counts->seen++;
  io_counts->changed += is_changed(row, s.about.before);
  io_counts->moved += moved.len > 0;
  return finish(&s, p, t, moved, e);
}
