/* Whom a term of `who` or of notify.to names for a record. A role means those of its holders who see the record by the role's own
 * word, so that a notice goes to nobody who cannot open what it tells of. */
#include "declare/check.h"
#include "engine/flow/env.h"
#include "sql.h"
#include "store/store.h"
#include "texts.h"

struct seeker {
  struct flow_run *run;
  const struct flow_about *about;
  const struct flow_system *system;
  VEC(struct str) found;
};

static void add(struct seeker *k, struct str id) {
  vec_each(const struct str, x, &k->found)
    if (str_eq(*x, id)) return;
  if (id.len) vec_push(k->run->mem, &k->found) = id;
}
/* Persons in a value: one, a set, or nobody. */
static void add_value(struct seeker *k, const struct value *v) {
  const struct value *at = v->kind == VALUE_SET ? v->set.at : v;
  const size_t n = v->kind == VALUE_SET ? v->set.len : v->kind == VALUE_THING;
  for (size_t i = 0; i < n; i++)
    if (at[i].kind == VALUE_THING && at[i].thing.at && flow_thing_of(&at[i])->kind == FLOW_PERSON)
      add(k, flow_thing_of(&at[i])->id);
}
static struct str full_role(struct seeker *k, struct str role) {
  return str_fmt(k->run->mem, STRF "." STRF, STRA(k->system->name), STRA(role));
}
static bool field_value(struct seeker *k, struct str name, struct value *out, struct err *e) {
  const struct flow_row *self = k->about->self;
  const struct flow_field *f = self ? flow_field(self->record, name) : NULL;
  *out = value_none(NONE_missing);
  return !f || flow_row_field(k->run, k->about->self, (size_t)(f - self->record->fields.at), out, e);
}

/* ---- holders at units ---- */

/* Of a unit field: one unit or several. */
static bool add_holders_at(struct seeker *k, struct str role, enum flow_holding how, struct str field, struct err *e) {
  struct value v, all;
  TRY(field_value(k, field, &v, e));
  const struct value *at = v.kind == VALUE_SET ? v.set.at : &v;
  const size_t n = v.kind == VALUE_SET ? v.set.len : 1;
  for (size_t i = 0; i < n; i++) {
    if (at[i].kind != VALUE_THING || !at[i].thing.at || flow_thing_of(&at[i])->kind != FLOW_UNIT) continue;
    TRY(flow_holders(k->run, full_role(k, role), how, flow_thing_of(&at[i])->id, &all, e));
    add_value(k, &all);
  }
  return true;
}
static bool add_by_units(struct seeker *k, struct str role, enum flow_holding how, struct err *e) {
  const struct record *r = k->about->self->record->record;
  if (has_word(r->belongs)) TRY(add_holders_at(k, role, how, r->belongs.text, e));
  vec_each(const struct word, w, &r->shared) TRY(add_holders_at(k, role, how, w->text, e));
  return true;
}

/* ---- those who stand in the record ---- */

static bool add_named(struct seeker *k, struct err *e) {
  struct flow_row *self = k->about->self;
  for (size_t i = 0; i < self->record->fields.len; i++) {
    struct value v;
    if (!is_person_type(self->record->fields.at[i].field->is.type)) continue;
    TRY(flow_row_field(k->run, self, i, &v, e));
    add_value(k, &v);
  }
  add(k, self->creator);
  return true;
}
static bool add_guardians(struct seeker *k, struct err *e) {
  const struct record *r = k->about->self->record->record;
  const struct flow_env env = {k->run, k->about, k->system};
  struct value pupil, all;
  if (!has_word(r->about)) return true;
  TRY(field_value(k, r->about.text, &pupil, e));
  if (pupil.kind != VALUE_THING) return true;
  TRY(flow_function(&env, FUNCTION_guardian_of, STR(""), &pupil, 1, &all, e));
  add_value(k, &all);
  return true;
}
static bool add_about(struct seeker *k, struct err *e) {
  struct value v;
  TRY(field_value(k, k->about->self->record->record->about.text, &v, e));
  add_value(k, &v);
  return true;
}
/* Parties of its rounds: persons who were asked, and holders at units that were. */
static bool add_asked(struct seeker *k, struct str role, struct err *e) {
  struct sql_flow_parties_rows rows = {0};
  const struct flow_row *self = k->about->self;
  TRY(sql_flow_parties(k->run->session, k->run->mem,
                       &(struct sql_flow_parties_in){STORE_TENANT, self->record->name, self->id}, SIZE_MAX, &rows, e));
  vec_each(const struct sql_flow_parties, x, &rows) {
    struct value all;
    add(k, x->party); /* of a unit: nobody's id */
    TRY(flow_holders(k->run, full_role(k, role), FLOW_AT, x->party, &all, e));
    add_value(k, &all);
  }
  return true;
}
static bool keep_holders(struct seeker *k, struct str role, struct err *e) {
  struct value all;
  size_t n = 0;
  TRY(flow_holders(k->run, full_role(k, role), FLOW_ANYWHERE, STR(""), &all, e));
  for (size_t i = 0; i < k->found.len; i++)
    for (size_t j = 0; j < all.set.len; j++)
      if (str_eq(k->found.at[i], flow_thing_of(&all.set.at[j])->id)) {
        k->found.at[n++] = k->found.at[i];
        break;
      }
  k->found.len = n;
  return true;
}

/* ---- terms ---- */

/* `where` narrows what the role sees: a record outside it is seen by none of its holders. */
static bool add_seeing(struct seeker *k, struct str role, const struct sees *sees, struct err *e) {
  struct value all;
  bool is_seen = false;
  TRY(flow_holds(k->run, k->about, &sees->where, &is_seen, e));
  if (!is_seen) return true;
  switch ((enum sees_scope)sees->scope.which) {
    case SEES_all:
      TRY(flow_holders(k->run, full_role(k, role), FLOW_ANYWHERE, STR(""), &all, e));
      add_value(k, &all);
      return true;
    case SEES_below: return add_by_units(k, role, FLOW_AT_OR_ABOVE, e);
    case SEES_unit: return add_by_units(k, role, FLOW_AT, e);
    case SEES_mine: return add_named(k, e) && add_guardians(k, e) && keep_holders(k, role, e);
    case SEES_asked: return add_asked(k, role, e) && keep_holders(k, role, e);
    case SEES_about: return add_about(k, e) && keep_holders(k, role, e);
    default: return true;
  }
}
static bool add_role(struct seeker *k, struct str name, struct err *e) {
  const struct role *role = part_find(&k->system->system->roles, name);
  const struct str record = k->about->self ? k->about->self->record->record->head.name.text : STR("");
  const struct sees *sees = role ? part_find(&role->sees, record) : NULL;
  return !sees || add_seeing(k, name, sees, e);
}
/* guardian_of(pupil) and the like. */
static bool add_expression(struct seeker *k, struct str term, struct err *e) {
  struct type_answer answer;
  struct expr *x = NULL;
  struct value v;
  const struct record *r = k->about->self ? k->about->self->record->record : NULL;
  TRY(typed_expr(k->system->typed, k->run->mem, r, term, NULL, &x, &answer, e));
  TRY(flow_eval(k->run, k->about, x, NULL, &v, e));
  add_value(k, &v);
  return true;
}
static bool add_term(struct seeker *k, struct str term, struct err *e) {
  const struct who_said who = who_read(term);
  struct value v;
  switch (who.kind) {
    case WHO_ROLE_AT: return add_holders_at(k, who.role, FLOW_AT, who.field, e);
    case WHO_SELF_AT:
      TRY(field_value(k, who.field, &v, e));
      add_value(k, &v);
      return true;
    case WHO_CREATOR:
      if (k->about->self) add(k, k->about->self->creator);
      return true;
    case WHO_ROLE: return str_find(term, STR("(")) == STR_NONE ? add_role(k, term, e) : add_expression(k, term, e);
    default: return true; /* public, clock, system: nobody who can be told */
  }
}
bool flow_persons(struct flow_run *run, const struct flow_about *about, struct str term, struct str **out,
                  size_t *out_n, struct err *e) {
  struct seeker k = {.run = run, .about = about};
  k.system = about->system ? about->system : about->self ? about->self->record->system : NULL;
  TRY(!k.system || add_term(&k, term, e));
  *out = k.found.at;
  *out_n = k.found.len;
  return true;
}
