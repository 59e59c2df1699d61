/* Functions on people, units and what was done. Posts, guardians and deputies are those of today; a deputy holds what the absent
 * holder holds. */
#include "base/must.h"
#include "declare/base_known.h"
#include "declare/calendar.h"
#include "declare/check.h"
#include "engine/flow/env.h"
#include "sql.h"
#include "store/store.h"
#include "texts.h"

static struct value person_of(struct flow_run *run, struct str id) {
  return flow_thing_value(flow_thing(run, FLOW_PERSON, NULL, id));
}
/* A unit of a table that nobody found by its name is a thing without an id. */
static struct str id_of(const struct value *v) { return v->thing.at ? flow_thing_of(v)->id : STR(""); }

/* ---- holders ---- */

static bool read_holders(struct flow_run *run, struct str role, enum flow_holding how, struct str unit,
                         struct value *out, struct err *e) {
  struct sql_flow_holders_rows rows = {0};
  const struct sql_flow_holders_in in = {.tenant = STORE_TENANT,
                                         .role = role,
                                         .unit = unit,
                                         .today = flow_today(run),
                                         .most = FLOW_SET_MOST + 1,
                                         .with_above = how == FLOW_AT_OR_ABOVE,
                                         .with_at = how == FLOW_AT};
  TRY(sql_flow_holders(run->session, run->mem, &in, SIZE_MAX, &rows, e));
  if (rows.len > FLOW_SET_MOST)
    return fail(e, ERR_TOO_MANY, MSG_flow_set_most, "name", role, "limit", str_int(run->mem, FLOW_SET_MOST));
  struct value *at = arena_new_n(run->mem, struct value, rows.len);
  for (size_t i = 0; i < rows.len; i++) at[i] = person_of(run, rows.at[i].person);
  return flow_give(out, value_set(at, rows.len));
}
bool flow_holders(struct flow_run *run, struct str role, enum flow_holding how, struct str unit, struct value *out,
                  struct err *e) {
  const struct str question = str_fmt(run->mem, "%d " STRF " " STRF, (int)how, STRA(role), STRA(unit));
  struct flow_thing *kept = flow_kept(run, question);
  if (!kept->values) {
    struct value *v = arena_new(run->mem, struct value);
    TRY(read_holders(run, role, how, unit, v, e));
    kept->values = v;
  }
  return flow_give(out, kept->values[0]);
}
static struct str full_role(const struct flow_env *env, struct str role) {
  must(env->system != NULL);
  return str_fmt(env->run->mem, STRF "." STRF, STRA(env->system->name), STRA(role));
}

/* ---- guardians, heads, advisers ---- */

static bool guardians(struct flow_run *run, struct str pupil, struct value *out, struct err *e) {
  struct sql_rights_guardians_rows rows = {0};
  TRY(sql_rights_guardians(run->session, run->mem,
                           &(struct sql_rights_guardians_in){STORE_TENANT, pupil, flow_today(run)}, SIZE_MAX, &rows,
                           e));
  struct value *at = arena_new_n(run->mem, struct value, rows.len);
  for (size_t i = 0; i < rows.len; i++) at[i] = person_of(run, rows.at[i].person);
  return flow_give(out, value_set(at, rows.len));
}
/* The first holder of one of the roles that rules/declare/base.yaml names for the function. */
static bool first_holder(struct flow_run *run, struct str function, struct str unit, struct value *out, struct err *e) {
  *out = value_none(NONE_missing);
  vec_each(const struct str, role, &base_posts_of(function)->roles) {
    struct value all;
    TRY(flow_holders(run, *role, FLOW_AT, unit, &all, e));
    if (all.set.len) return flow_give(out, all.set.at[0]);
  }
  return true;
}
static struct str pupil_role(void) { return base_posts_of(STR("pupils"))->roles.at[0]; }
static bool adviser(struct flow_run *run, struct str pupil, struct value *out, struct err *e) {
  struct sql_flow_class_of_rows classes = {0};
  const struct sql_flow_class_of_in in = {STORE_TENANT, pupil, pupil_role(), flow_today(run)};
  TRY(sql_flow_class_of(run->session, run->mem, &in, SIZE_MAX, &classes, e));
  *out = value_none(NONE_missing);
  for (size_t i = 0; i < classes.len && value_is_none(out); i++)
    TRY(first_holder(run, STR("adviser_of"), classes.at[i].unit, out, e));
  return true;
}

/* ---- worked_at, related, pupils ---- */

/* The days of a span, a period, a day or a moment. */
static bool days_of(const struct flow_run *run, const struct value *v, struct date *from, struct date *until) {
  switch (v->kind) {
    case VALUE_DATE: *from = *until = v->date; return true;
    case VALUE_MOMENT: *from = *until = date_of_days(moment_day(v->moment)); return true;
    case VALUE_SPAN:
      *from = date_of_days(moment_day(v->span.from));
      *until = date_of_days(moment_day(v->span.to > v->span.from ? v->span.to - 1 : v->span.to));
      return true;
    case VALUE_PERIOD:
      *from = period_start(run->flow->calendar, v->period);
      *until = period_end(run->flow->calendar, v->period);
      return true;
    default: return false;
  }
}
static bool worked_at(struct flow_run *run, const struct value *args, struct value *out, struct err *e) {
  struct date from, until;
  struct sql_flow_worked_rows rows = {0};
  if (!days_of(run, &args[2], &from, &until)) return flow_give(out, value_none(NONE_unknown));
  const struct sql_flow_worked_in in = {STORE_TENANT, id_of(&args[0]), id_of(&args[1]), date_iso(run->mem, from),
                                        date_iso(run->mem, until)};
  TRY(sql_flow_worked(run->session, run->mem, &in, SIZE_MAX, &rows, e));
  return flow_give(out, value_flag(rows.len > 0));
}
static bool related_unit(struct flow_run *run, struct str person, struct str unit, struct value *out, struct err *e) {
  struct sql_flow_related_unit_rows rows = {0};
  struct sql_flow_worked_rows posts = {0};
  const struct str today = flow_today(run);
  TRY(sql_flow_worked(run->session, run->mem, &(struct sql_flow_worked_in){STORE_TENANT, person, unit, today, today},
                      SIZE_MAX, &posts, e));
  const struct sql_flow_related_unit_in in = {STORE_TENANT, person, unit, pupil_role(), today};
  TRY(sql_flow_related_unit(run->session, run->mem, &in, SIZE_MAX, &rows, e));
  return flow_give(out, value_flag(posts.len || rows.len));
}
/* Two people: guardian and pupil, or guardians of one; a person and a unit: a post there, or guardian of a pupil there. */
static bool related(struct flow_run *run, const struct value *args, struct value *out, struct err *e) {
  if (args[1].kind != VALUE_THING) return flow_give(out, value_none(NONE_unknown));
  const struct flow_thing *other = flow_thing_of(&args[1]);
  if (!other) return flow_give(out, value_none(NONE_unknown));
  if (other->kind == FLOW_UNIT) return related_unit(run, id_of(&args[0]), other->id, out, e);
  struct sql_flow_related_rows rows = {0};
  const struct sql_flow_related_in in = {STORE_TENANT, id_of(&args[0]), other->id, flow_today(run)};
  TRY(sql_flow_related(run->session, run->mem, &in, SIZE_MAX, &rows, e));
  return flow_give(out, value_flag(rows.len > 0 || args[0].thing.id == args[1].thing.id));
}
/* Of a unit or a set of them; grades are not known of classes. */
static bool pupils(struct flow_run *run, const struct value *args, size_t count, struct value *out, struct err *e) {
  const struct value *units = args[0].kind == VALUE_SET ? args[0].set.at : &args[0];
  const size_t unit_count = args[0].kind == VALUE_SET ? args[0].set.len : 1;
  VEC(struct value) all = {0};
  if (count > 1) return flow_give(out, value_none(NONE_unknown));
  for (size_t i = 0; i < unit_count; i++) {
    struct sql_flow_pupils_rows rows = {0};
    if (units[i].kind != VALUE_THING) continue;
    const struct sql_flow_pupils_in in = {STORE_TENANT, id_of(&units[i]), pupil_role(), flow_today(run),
                                          FLOW_SET_MOST + 1};
    TRY(sql_flow_pupils(run->session, run->mem, &in, SIZE_MAX, &rows, e));
    for (size_t k = 0; k < rows.len; k++) vec_push(run->mem, &all) = person_of(run, rows.at[k].person);
    if (all.len > FLOW_SET_MOST)
      return fail(e, ERR_TOO_MANY, MSG_flow_set_most, "name", STR("pupils"), "limit", str_int(run->mem, FLOW_SET_MOST));
  }
  return flow_give(out, value_set(all.at, all.len));
}
static bool by_token(struct flow_run *run, struct str token, struct value *out, struct err *e) {
  struct sql_pupil_by_token p;
  bool is_there = false;
  TRY(sql_pupil_by_token(run->session, run->mem, &(struct sql_pupil_by_token_in){STORE_TENANT, token}, &p, &is_there,
                         e));
  return flow_give(out, is_there ? person_of(run, p.person) : value_none(NONE_missing));
}
/* By either code; several of one code are nobody. */
static bool by_code(struct flow_run *run, struct str code, struct value *out, struct err *e) {
  *out = value_none(NONE_missing);
  for (int credit = 0; credit < 2; credit++) {
    struct sql_unit_by_code_rows rows = {0};
    const struct sql_unit_by_code_in in = {.tenant = STORE_TENANT, .code = code, .with_credit = credit == 1};
    TRY(sql_unit_by_code(run->session, run->mem, &in, SIZE_MAX, &rows, e));
    if (rows.len == 1) return flow_give(out, flow_thing_value(flow_thing(run, FLOW_UNIT, NULL, rows.at[0].id)));
  }
  return true;
}

/* ---- what was done ---- */

static bool is_end(const struct flow_record *r, struct str state) {
  const struct state *s = part_find(&r->record->states, state);
  return s && is_yes(s->end);
}
/* A start, or out of an end state: `did` counts from there. */
static bool is_anew(const struct flow_record *r, const struct flow_deed *d) {
  return !d->from.len || (is_end(r, d->from) && !str_eq(d->from, d->to));
}
static void add_person(struct flow_run *run, struct value *at, size_t *n, struct str id) {
  if (!id.len) return;
  const struct value v = person_of(run, id);
  for (size_t i = 0; i < *n; i++)
    if (at[i].thing.id == v.thing.id) return;
  at[(*n)++] = v;
}
static bool did(const struct flow_env *env, struct str act, const flow_deeds *deeds, struct value *out) {
  struct value *at = arena_new_n(env->run->mem, struct value, 2 * deeds->len);
  size_t first = 0, n = 0;
  for (size_t i = 0; i < deeds->len; i++)
    if (is_anew(env->about->self->record, &deeds->at[i])) first = i;
  for (size_t i = first; i < deeds->len; i++) {
    if (!str_eq(deeds->at[i].act, act)) continue;
    add_person(env->run, at, &n, deeds->at[i].person);
    add_person(env->run, at, &n, deeds->at[i].instead_of);
  }
  return flow_give(out, value_set(at, n));
}
static bool deeds_function(const struct flow_env *env, enum function f, struct str label, struct value *out,
                           struct err *e) {
  static const flow_deeds nothing;
  const struct flow_row *self = env->about->self;
  flow_deeds *found = NULL;
  int64_t times = 0;
  if (self) TRY(flow_deeds_of(env->run, self->record, self->id, &found, e));
  const flow_deeds *deeds = found ? found : &nothing;
  if (f == FUNCTION_did) return did(env, label, deeds, out);
  *out = value_none(NONE_missing);
  vec_each(const struct flow_deed, d, deeds) {
    times += str_eq(d->act, label);
    if (f == FUNCTION_entered && str_eq(d->to, label) && !str_eq(d->from, d->to)) *out = value_moment(d->at_us);
  }
  return f == FUNCTION_entered || flow_give(out, value_int(times));
}
/* The clock or round of the record; none when there is no record to have one. */
static bool part_of_self(const struct flow_env *env, enum flow_thing_kind kind, struct str name, struct value *out) {
  struct flow_row *self = env->about->self;
  if (!self) return flow_give(out, value_none(NONE_missing));
  return flow_give(out, flow_thing_value(flow_thing_at(env->run, kind, flow_thing_row(env->run, self), name)));
}

bool flow_function(const struct flow_env *env, enum function f, struct str label, const struct value *args,
                   size_t count, struct value *out, struct err *e) {
  struct flow_run *run = env->run;
  switch (f) {
    case FUNCTION_times:
    case FUNCTION_did:
    case FUNCTION_entered: return deeds_function(env, f, label, out, e);
    case FUNCTION_clock: return part_of_self(env, FLOW_CLOCK, label, out);
    case FUNCTION_asked_round: return part_of_self(env, FLOW_ROUND, label, out);
    case FUNCTION_holders:
      return flow_holders(run, full_role(env, label), count ? FLOW_AT : FLOW_ANYWHERE,
                          count ? id_of(&args[0]) : STR(""), out, e);
    case FUNCTION_guardian_of: return guardians(run, id_of(&args[0]), out, e);
    case FUNCTION_adviser_of: return adviser(run, id_of(&args[0]), out, e);
    case FUNCTION_head_of: return first_holder(run, STR("head_of"), id_of(&args[0]), out, e);
    case FUNCTION_worked_at: return worked_at(run, args, out, e);
    case FUNCTION_related: return related(run, args, out, e);
    case FUNCTION_pupils: return pupils(run, args, count, out, e);
    case FUNCTION_person_of: return by_token(run, args[0].text, out, e);
    case FUNCTION_unit_of: return by_code(run, args[0].text, out, e);
    default: return flow_give(out, value_none(NONE_unknown)); /* gauge, band, books: nothing keeps them yet */
  }
}
