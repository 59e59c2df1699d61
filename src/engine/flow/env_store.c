/* Expressions over the store: what eval.h asks for, of a run. What a value is about, its thing says (flow_thing.record), never the
 * type, so that paths lead into other packages' records too. */
#include "base/clock.h"
#include "base/must.h"
#include "declare/check.h"
#include "engine/flow/env.h"
#include "texts.h"

static const struct flow_env *of_env(const struct eval_env *env) { return env->world; }

/* ---- names that stand alone ---- */

static bool person_value(struct flow_run *run, struct str id, struct value *out) {
  return flow_give(out, id.len ? flow_thing_value(flow_thing(run, FLOW_PERSON, NULL, id)) : value_none(NONE_missing));
}
static bool row_value(struct flow_run *run, struct flow_row *row, struct value *out) {
  return flow_give(out, row ? flow_thing_value(flow_thing_row(run, row)) : value_none(NONE_missing));
}
static bool thing_value(const struct flow_thing *t, struct value *out) {
  return flow_give(out, t ? flow_thing_value(t) : value_none(NONE_missing));
}
static bool answers_value(struct flow_run *run, const struct flow_thing *round, struct value *out, struct err *e) {
  if (!round) return flow_give(out, value_set(NULL, 0));
  return flow_round_field(run, round, STR("answers"), out, e);
}
static bool env_global(const struct eval_env *env, struct arena *mem, struct str name, struct value *out,
                       struct err *e) {
  const struct flow_about *about = of_env(env)->about;
  struct flow_run *run = of_env(env)->run;
  (void)mem;
  for (size_t i = 0; i < about->bound_count; i++)
    if (str_eq(about->bound[i].name, name)) return flow_give(out, about->bound[i].value);
  if (str_eqz(name, "this")) return about->self ? row_value(run, about->self, out) : flow_give(out, env->self);
  if (str_eqz(name, "actor")) return person_value(run, run->person, out);
  if (str_eqz(name, "before")) return row_value(run, about->before, out);
  if (str_eqz(name, "takes")) return thing_value(about->takes, out);
  if (str_eqz(name, "message")) return thing_value(about->message, out);
  if (str_eqz(name, "answers")) return answers_value(run, about->answers, out, e);
  if (str_eqz(name, "units")) return flow_units(run, out, e);
  return flow_give(out, value_none(NONE_unknown)); /* measures: nothing here counts them */
}

/* ---- fields ---- */

static struct value text_value(struct str s) { return s.len ? value_text(s) : value_none(NONE_missing); }
static bool system_value(struct flow_run *run, const struct flow_row *row, struct str name, struct value *out) {
  if (str_eqz(name, "id")) return flow_give(out, text_value(row->id));
  if (str_eqz(name, "number")) return flow_give(out, text_value(row->number));
  if (str_eqz(name, "lookup")) return flow_give(out, text_value(row->lookup));
  if (str_eqz(name, "state")) return flow_give(out, row->state.len ? value_code(row->state) : value_none(NONE_missing));
  if (str_eqz(name, "ended")) return flow_give(out, value_flag(row->ended));
  if (str_eqz(name, "created")) return flow_give(out, value_moment(row->created));
  if (str_eqz(name, "changed")) return flow_give(out, value_moment(row->changed));
  if (str_eqz(name, "rev")) return flow_give(out, value_int(row->rev));
  if (str_eqz(name, "creator")) return person_value(run, row->creator, out);
  if (str_eqz(name, "ended_on"))
    return flow_give(out, date_none(row->ended_on) ? value_none(NONE_missing) : value_date(row->ended_on));
  return false;
}
static bool record_field(struct flow_run *run, struct flow_thing *t, struct str name, struct value *out,
                         struct err *e) {
  bool is_back = false;
  if (!t->row && t->record) TRY(flow_row(run, t->record, t->id, &t->row, e));
  if (!t->row) return flow_give(out, value_none(NONE_missing));
  const struct flow_field *f = flow_field(t->record, name);
  if (f) return flow_row_field(run, t->row, (size_t)(f - t->record->fields.at), out, e);
  if (system_value(run, t->row, name, out)) return true;
  TRY(flow_back_set(run, t->record, t->id, name, &is_back, out, e));
  return is_back || flow_give(out, value_none(NONE_missing));
}
/* A row's columns, or values with names of their own (takes, a message, an answer's party and at). */
static bool values_field(const struct flow_thing *t, struct str name, struct value *out) {
  for (size_t i = 0; i < t->value_count; i++)
    if (str_eq(t->names ? t->names[i] : t->columns[i].name, name)) return flow_give(out, t->values[i]);
  return flow_give(out, value_none(NONE_missing));
}
static bool thing_field(struct flow_run *run, struct flow_thing *t, struct str name, struct value *out, struct err *e) {
  switch (t->kind) {
    case FLOW_RECORD: return record_field(run, t, name, out, e);
    case FLOW_UNIT: return flow_unit_field(run, t, name, out, e);
    case FLOW_PERSON: return flow_person_field(run, t, name, out, e);
    case FLOW_CLOCK: return flow_clock_field(run, t, name, out, e);
    case FLOW_ROUND: return flow_round_field(run, t, name, out, e);
    case FLOW_ROW_OF:
    case FLOW_VALUES: return values_field(t, name, out);
    default: return flow_give(out, value_none(NONE_missing));
  }
}
static bool env_field(const struct eval_env *env, struct arena *mem, const struct value *thing, const struct type *of,
                      struct str name, struct value *out, struct err *e) {
  const struct flow_env *w = of_env(env);
  bool is_version = false;
  (void)mem, (void)of;
  if (thing->kind != VALUE_THING || !thing->thing.at) return flow_give(out, value_none(NONE_missing));
  struct flow_thing *t = flow_thing_of(thing);
  TRY(thing_field(w->run, t, name, out, e));
  if (t->kind != FLOW_RECORD || !t->record || !t->record->from || !t->row || t->row == w->about->self) return true;
  return flow_version(w->run, t->row, name, env->reference_day, &is_version, out, e);
}

/* ---- sets, tables, codes ---- */

static bool env_all(const struct eval_env *env, struct arena *mem, const struct type *record,
                    const struct equality *equal, size_t count, struct value *out, struct err *e) {
  struct flow_run *run = of_env(env)->run;
  const struct flow_record *r = record->of ? flow_record_of(run->flow, record->of) : NULL;
  (void)mem;
  if (!r) return fail(e, ERR_INVALID, MSG_flow_all_foreign);
  return flow_all(run, r, equal, count, out, e);
}
static bool env_call(const struct eval_env *env, struct arena *mem, const struct value *owner, const struct type *of,
                     struct str name, const struct value *args, size_t count, struct value *out, struct err *e) {
  (void)env, (void)mem, (void)owner, (void)of, (void)name, (void)args, (void)count, (void)e;
  return flow_give(out, value_none(NONE_unknown)); /* books are kept by nobody yet */
}
static bool env_function(const struct eval_env *env, struct arena *mem, enum function f, struct str label,
                         const struct value *args, size_t count, struct value *out, struct err *e) {
  (void)mem;
  return flow_function(of_env(env), f, label, args, count, out, e);
}
static const struct rules_table *env_table(const struct eval_env *env, const struct type *row) {
  const struct flow *f = of_env(env)->run->flow;
  const struct table *said = row->of;
  for (size_t i = 0; i < f->systems.len; i++) {
    const struct flow_system *s = f->systems.at[i];
    for (size_t k = 0; k < s->system->tables.len; k++)
      if (&s->system->tables.at[k] == said) return &s->typed->tables[k];
  }
  must(false); /* the check found it in its own system */
  return NULL;
}
static int env_code_place(const struct eval_env *env, const void *list, struct str code) {
  (void)env;
  return flow_code_place(list, code);
}
static struct str env_code_at(const struct eval_env *env, const void *list, int place) {
  (void)env;
  return flow_code_at(list, place);
}

/* ---- working out ---- */

/* The first field marked as_of, else the day it was started: which version of a table is in force. */
static bool reference_day(struct flow_run *run, struct flow_row *row, struct date *out, struct err *e) {
  *out = clock_today(row && row->created ? row->created : run->now_us);
  for (size_t i = 0; row && i < row->record->fields.len; i++) {
    struct value v;
    if (!is_yes(row->record->fields.at[i].field->as_of)) continue;
    TRY(flow_row_field(run, row, i, &v, e));
    if (v.kind == VALUE_DATE) *out = v.date;
    if (v.kind == VALUE_MOMENT) *out = clock_today(v.moment);
    return true;
  }
  return true;
}
bool flow_env_begin(struct flow_run *run, const struct flow_about *about, struct flow_env *world, struct eval_env *env,
                    struct err *e) {
  static const struct type any = {.kind = KIND_BAD};
  *world = (struct flow_env){run, about,
                             about->system ? about->system
                             : about->self ? about->self->record->system
                                           : NULL};
  *env = (struct eval_env){.world = world,
                           .units = run->flow->units,
                           .calendar = run->flow->calendar,
                           .now = run->now_us,
                           .self_type = about->self ? &about->self->record->type : &any,
                           .global = env_global,
                           .field = env_field,
                           .all = env_all,
                           .call = env_call,
                           .function = env_function,
                           .table = env_table,
                           .code_place = env_code_place,
                           .code_at = env_code_at};
  if (about->element) env->self = flow_thing_value(about->element), env->self_type = &any;
  else if (about->self) (void)row_value(run, about->self, &env->self);
  else (void)thing_value(about->message, &env->self);
  return reference_day(run, about->self, &env->reference_day, e);
}
bool flow_eval(struct flow_run *run, const struct flow_about *about, const struct expr *x, struct eval_notes *notes,
               struct value *out, struct err *e) {
  struct flow_env world;
  struct eval_env env;
  return flow_env_begin(run, about, &world, &env, e) && eval(run->mem, x, &env, x->cost, notes, out, e);
}
bool flow_holds(struct flow_run *run, const struct flow_about *about, const struct expr_word *x, bool *out,
                struct err *e) {
  struct value v = value_flag(true);
  if (x->tree) TRY(flow_eval(run, about, x->tree, NULL, &v, e));
  *out = value_is_yes(&v);
  return true;
}
