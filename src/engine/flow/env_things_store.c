/* What expressions read of units, people and sets of records: each unit and person once in a run; sets of records anew, for an
 * act changes them. */
#include "base/limits.h"
#include "declare/check.h"
#include "engine/flow/env.h"
#include "engine/flow/rows.h"
#include "sql.h"
#include "store/store.h"
#include "texts.h"

/* ---- units and people ---- */

static const struct str unit_names[] = {STR_INIT("code"),     STR_INIT("name"),  STR_INIT("parent"),
                                        STR_INIT("district"), STR_INIT("stage"), STR_INIT("kind")};
enum { UNIT_code, UNIT_name, UNIT_parent, UNIT_district, UNIT_stage, UNIT_kind };
static const struct str person_names[] = {STR_INIT("name"), STR_INIT("unit"), STR_INIT("token")};
enum { PERSON_name, PERSON_unit, PERSON_token };

static struct value text_or_none(struct str s) { return s.len ? value_text(s) : value_none(NONE_missing); }
static struct value code_or_none(struct str s) { return s.len ? value_code(s) : value_none(NONE_missing); }
static struct value unit_or_none(struct flow_run *run, struct str id) {
  return id.len ? flow_thing_value(flow_thing(run, FLOW_UNIT, NULL, id)) : value_none(NONE_missing);
}
static bool give_named(const struct flow_thing *t, struct str name, struct value *out) {
  for (size_t i = 0; i < t->value_count; i++)
    if (str_eq(t->names[i], name)) return flow_give(out, t->values[i]);
  return flow_give(out, value_none(NONE_missing));
}
static void begin_values(struct flow_run *run, struct flow_thing *t, const struct str *names, size_t n) {
  t->names = names;
  t->value_count = n;
  t->values = arena_new_n(run->mem, struct value, n);
}

/* The unit itself or the nearest above it that is a district. */
static bool find_district(struct flow_run *run, struct flow_thing *t, struct value *out, struct err *e) {
  struct flow_thing *at = t;
  for (int depth = 0; depth < UNIT_DEPTH_MAX; depth++) {
    struct value kind, up;
    TRY(flow_unit_field(run, at, STR("kind"), &kind, e));
    if (kind.kind == VALUE_CODE && str_eqz(kind.text, "district")) return flow_give(out, flow_thing_value(at));
    TRY(flow_unit_field(run, at, STR("parent"), &up, e));
    if (value_is_none(&up)) break;
    at = flow_thing_of(&up);
  }
  return flow_give(out, value_none(NONE_missing));
}
static bool read_unit(struct flow_run *run, struct flow_thing *t, struct err *e) {
  struct sql_unit_get u;
  bool is_there = false;
  TRY(sql_unit_get(run->session, run->mem, &(struct sql_unit_get_in){STORE_TENANT, t->id}, &u, &is_there, e));
  begin_values(run, t, unit_names, COUNT_OF(unit_names));
  if (!is_there) return true;
  t->values[UNIT_code] = text_or_none(u.school_code.len ? u.school_code : u.credit_code);
  t->values[UNIT_name] = text_or_none(u.name);
  t->values[UNIT_parent] = unit_or_none(run, u.parent);
  t->values[UNIT_stage] = code_or_none(u.stage);
  t->values[UNIT_kind] = code_or_none(u.kind);
  return find_district(run, t, &t->values[UNIT_district], e);
}
/* Of a place nothing is known: the kernel keeps none of units. */
bool flow_unit_field(struct flow_run *run, struct flow_thing *t, struct str name, struct value *out, struct err *e) {
  if (!t->values) TRY(read_unit(run, t, e));
  return give_named(t, name, out);
}
static bool read_person(struct flow_run *run, struct flow_thing *t, struct err *e) {
  const struct sql_flow_person_unit_in at = {STORE_TENANT, t->id, flow_today(run)};
  struct sql_flow_person_there p;
  struct sql_pupil_get pupil;
  struct sql_flow_person_unit_rows posts = {0};
  bool is_there = false, is_pupil = false;
  TRY(sql_flow_person_there(run->session, run->mem, &(struct sql_flow_person_there_in){STORE_TENANT, t->id}, &p,
                            &is_there, e));
  TRY(sql_pupil_get(run->session, run->mem, &(struct sql_pupil_get_in){STORE_TENANT, t->id}, &pupil, &is_pupil, e));
  TRY(sql_flow_person_unit(run->session, run->mem, &at, SIZE_MAX, &posts, e));
  begin_values(run, t, person_names, COUNT_OF(person_names));
  if (is_there) t->values[PERSON_name] = text_or_none(p.name);
  if (posts.len) t->values[PERSON_unit] = unit_or_none(run, posts.at[0].unit);
  if (is_pupil) t->values[PERSON_token] = text_or_none(pupil.token);
  return true;
}
bool flow_person_field(struct flow_run *run, struct flow_thing *t, struct str name, struct value *out, struct err *e) {
  if (!t->values) TRY(read_person(run, t, e));
  return give_named(t, name, out);
}

/* ---- sets ---- */

static bool refuse_many(struct flow_run *run, struct str what, struct err *e) {
  return fail(e, ERR_TOO_MANY, MSG_flow_set_most, "name", what, "limit", str_int(run->mem, FLOW_SET_MOST));
}
static bool set_of_things(struct flow_run *run, enum flow_thing_kind kind, const struct flow_record *r,
                          const struct str *ids, size_t n, struct value *out, struct err *e) {
  if (n > FLOW_SET_MOST) return refuse_many(run, r ? r->record->label.text : STR("units"), e);
  struct value *at = arena_new_n(run->mem, struct value, n);
  for (size_t i = 0; i < n; i++) at[i] = flow_thing_value(flow_thing(run, kind, r, ids[i]));
  return flow_give(out, value_set(at, n));
}
static bool read_units(struct flow_run *run, struct value *out, struct err *e) {
  struct sql_flow_units_rows rows = {0};
  const struct sql_flow_units_in in = {STORE_TENANT, FLOW_SET_MOST + 1};
  TRY(sql_flow_units(run->session, run->mem, &in, SIZE_MAX, &rows, e));
  struct str *ids = arena_new_n(run->mem, struct str, rows.len);
  for (size_t i = 0; i < rows.len; i++) ids[i] = rows.at[i].id;
  return set_of_things(run, FLOW_UNIT, NULL, ids, rows.len, out, e);
}
bool flow_units(struct flow_run *run, struct value *out, struct err *e) {
  struct flow_thing *kept = flow_kept(run, STR("units"));
  if (!kept->values) {
    struct value *v = arena_new(run->mem, struct value);
    TRY(read_units(run, v, e));
    kept->values = v;
  }
  return flow_give(out, kept->values[0]);
}

static bool is_found_by(const struct flow_record *r, struct str name) {
  const struct flow_field *f = flow_field(r, name);
  if (f) return f->place == FLOW_COLUMN;
  return str_eqz(name, "state") || str_eqz(name, "number") || str_eqz(name, "id");
}
bool flow_all(struct flow_run *run, const struct flow_record *r, const struct equality *equal, size_t count,
              struct value *out, struct err *e) {
  struct equality *used = arena_new_n(run->mem, struct equality, count);
  struct str *ids = NULL;
  size_t n = 0, found = 0;
  for (size_t i = 0; i < count; i++)
    if (is_found_by(r, equal[i].field)) used[n++] = equal[i];
  TRY(flow_rows_where(run, r, used, n, FLOW_SET_MOST + 1, &ids, &found, e));
  return set_of_things(run, FLOW_RECORD, r, ids, found, out, e);
}

/* ---- sets seen from the other side ---- */

/* Does this field of another record refer to r, under that name? ref(visit) of the same system, ref(pairs.visit) of another. */
static bool refers(const struct flow_record *other, const struct flow_field *f, const struct flow_record *r,
                   struct str back) {
  const enum type_word t = f->field->is.type;
  if ((t != TYPE_ref && t != TYPE_refs) || !str_eq(f->field->back.text, back)) return false;
  const struct str name = f->field->is.name;
  return str_eq(name, r->name) || (other->system == r->system && str_eq(name, r->record->head.name.text));
}
static bool read_back(struct flow_run *run, const struct flow_record *other, const struct flow_field *f,
                      const struct flow_record *r, struct str id, struct value *out, struct err *e) {
  struct str *ids = NULL;
  size_t n = 0;
  if (f->place == FLOW_SIDE) {
    TRY(flow_owners(run, f, NULL, id, FLOW_SET_MOST + 1, &ids, &n, e));
  } else {
    const struct equality equal = {f->name, flow_thing_value(flow_thing(run, FLOW_RECORD, r, id))};
    TRY(flow_rows_where(run, other, &equal, 1, FLOW_SET_MOST + 1, &ids, &n, e));
  }
  return set_of_things(run, FLOW_RECORD, other, ids, n, out, e);
}
bool flow_back_set(struct flow_run *run, const struct flow_record *r, struct str id, struct str name, bool *out_is,
                   struct value *out, struct err *e) {
  *out_is = true;
  for (size_t i = 0; i < run->flow->systems.len; i++)
    vec_each(const struct flow_record, other, &run->flow->systems.at[i]->records)
      vec_each(const struct flow_field, f, &other->fields)
        if (refers(other, f, r, name)) return read_back(run, other, f, r, id, out, e);
  *out_is = false;
  return true;
}
