/* A system's roles, records and privacy as the model of engine/rights, so that one condition decides about packages as it
 * does about plans and people. Roles and records carry their full names: posts and the parties of rounds speak of them so. */
#include "app/systems.h"
#include "declare/check.h"
#include "texts.h"

struct maker {
  struct arena *mem;
  const struct flow_system *s;
  struct rights_model *to;
};
static struct str full(const struct maker *k, struct str name) {
  return str_fmt(k->mem, STRF "." STRF, STRA(k->s->name), STRA(name));
}

/* ---- records ---- */

/* Both count from the least to the most secret, one from 1. */
static enum rights_class class_of(enum class_said c) { return (enum rights_class)(c - CLASS_open + RIGHTS_CLASS_open); }
static struct rights_column column_of(const struct rights_record *rec, const struct flow_field *f) {
  const struct rights_field *field = rights_field(rec, f->name);
  return (struct rights_column){.name = f->name, .many = field->many, .link = field->link};
}
static void add_unit(const struct maker *k, const struct flow_record *r, struct str name, struct str area,
                     struct rights_record *rec) {
  const struct flow_field *f = flow_field(r, name);
  if (!f || (f->place != FLOW_COLUMN && f->place != FLOW_SIDE)) return;
  struct rights_column *c = &vec_push(k->mem, &rec->units);
  *c = column_of(rec, f);
  c->area = area;
}
static void add_fields(const struct maker *k, const struct flow_record *r, struct rights_record *rec) {
  vec_each(const struct flow_field, f, &r->fields) {
    struct rights_field *to = &vec_push(k->mem, &rec->fields);
    *to = (struct rights_field){.name = f->name, .class = class_of(f->class), .many = f->place == FLOW_SIDE};
    if (to->many) to->link = (struct rights_link){.table = f->side, .owner = STR("owner"), .value = STR("value")};
  }
  vec_each(const struct flow_field, f, &r->fields) {
    const bool here = f->place == FLOW_COLUMN || f->place == FLOW_SIDE;
    if (here && is_person_type(f->field->is.type)) vec_push(k->mem, &rec->persons) = column_of(rec, f);
  }
  rec->creator = STR("creator");
  vec_push(k->mem, &rec->fields) = (struct rights_field){.name = rec->creator, .class = RIGHTS_CLASS_inner};
  vec_push(k->mem, &rec->persons) = (struct rights_column){.name = rec->creator};
}
static void add_who(const struct maker *k, struct str term, struct rights_act *act) {
  const struct who_said said = who_read(term);
  struct rights_who *to = &vec_push(k->mem, &act->who);
  *to = (struct rights_who){.kind = RIGHTS_NOT_A_PERSON, .field = said.field};
  if (said.kind == WHO_ROLE || said.kind == WHO_ROLE_AT) to->role = full(k, said.role);
  if (said.kind == WHO_ROLE) to->kind = RIGHTS_ROLE;
  if (said.kind == WHO_ROLE_AT) to->kind = RIGHTS_ROLE_AT;
  if (said.kind == WHO_SELF_AT) to->kind = RIGHTS_SELF_AT;
  if (said.kind == WHO_CREATOR) to->kind = RIGHTS_CREATOR;
}
static void add_acts(const struct maker *k, const struct record *said, struct rights_record *rec) {
  vec_each(const struct act, a, &said->acts) {
    struct rights_act *act = &vec_push(k->mem, &rec->acts);
    act->name = a->head.name.text;
    vec_each(const struct word, w, &a->who) add_who(k, w->text, act);
  }
}
static void add_record(const struct maker *k, const struct flow_record *r) {
  struct rights_record *rec = &vec_push(k->mem, &k->to->records);
  *rec = (struct rights_record){.name = r->name, .label = r->record->label.text, .table = r->table};
  add_fields(k, r, rec);
  add_unit(k, r, r->record->belongs.text, r->area, rec);
  vec_each(const struct word, w, &r->record->shared) add_unit(k, r, w->text, STR(""), rec);
  const struct flow_field *about = flow_field(r, r->record->about.text);
  if (about && about->place == FLOW_COLUMN) rec->about = about->name;
  add_acts(k, r->record, rec);
}

/* ---- roles, privacy ---- */

static enum rights_word word_of(int scope) {
  static const enum rights_word scopes[] = {
      [SEES_all] = RIGHTS_all,     [SEES_below] = RIGHTS_below, [SEES_unit] = RIGHTS_unit, [SEES_mine] = RIGHTS_mine,
      [SEES_asked] = RIGHTS_asked, [SEES_about] = RIGHTS_about, [SEES_none] = RIGHTS_none};
  return scopes[scope];
}
/* What a condition of rows may ask for: it is worked out by the database. */
static bool is_column(const struct flow_record *r, struct str name) {
  const struct flow_field *f = flow_field(r, name);
  return str_eqz(name, "state") || str_eqz(name, "ended") || (f && f->place == FLOW_COLUMN && f->class <= CLASS_inner);
}
/* Whoever answers for a unit sees what it is asked about, whatever else the role sees: an added party stands in no field. */
static void add_asked(const struct maker *k, const struct role *said, struct rights_role *role) {
  vec_each(const struct flow_record, r, &k->s->records)
    vec_each(const struct round, x, &r->record->rounds)
      if (str_eq(x->as.text, said->head.name.text))
        vec_push(k->mem, &role->sees) = (struct rights_sees){.record = r->name, .word = RIGHTS_asked};
}
static bool add_role(const struct maker *k, const struct role *said, struct err *e) {
  struct rights_role *role = &vec_push(k->mem, &k->to->roles);
  *role = (struct rights_role){.name = full(k, said->head.name.text), .label = said->label.text};
  vec_each(const struct word, w, &said->at) vec_push(k->mem, &role->at) = w->text;
  vec_each(const struct sees, s, &said->sees) {
    struct rights_sees *to = &vec_push(k->mem, &role->sees);
    *to = (struct rights_sees){full(k, s->head.name.text), word_of(s->scope.which), {0}, s->where.word.text};
    const struct word w = s->where.word;
    const struct str file = str_fmt(k->mem, "systems/" STRF "/system.yaml", STRA(k->s->name));
    if (!has_word(w)) continue;
    TRY(rights_where_read(k->mem, w.text, file, w.at.line, w.at.column + w.inset, &to->where, e));
    vec_each(const struct rights_test, t, &to->where)
      if (!is_column(flow_record_in(k->s, s->head.name.text), t->field))
        return fail(e, ERR_INVALID, MSG_systems_where_column, "name", t->field) ||
               err_at(e, file, w.at.line, w.at.column);
  }
  add_asked(k, said, role);
  return true;
}
static void add_privacy(const struct maker *k, const struct privacy *p) {
  if (!p) return;
  k->to->compartment = p->compartment.text;
  vec_each(const struct named_text, t, &p->purposes) vec_push(k->mem, &k->to->purposes) = t->head.name.text;
  vec_each(const struct opens, o, &p->opens) {
    for (int c = CLASS_personal; c <= CLASS_sensitive; c++) {
      if (!str_eqz(o->head.name.text, rights_class_name(class_of((enum class_said)c)))) continue;
      struct rights_opens *to = &k->to->opens[class_of((enum class_said)c)];
      vec_each(const struct word, w, &o->to) vec_push(k->mem, &to->to) = full(k, w->text);
      to->purpose = o->purpose.text;
    }
  }
}
bool systems_model(struct arena *mem, const struct flow_system *s, struct rights_model *out, struct err *e) {
  const struct maker k = {mem, s, out};
  *out = (struct rights_model){.system = s->name};
  vec_each(const struct flow_record, r, &s->records) add_record(&k, r);
  vec_each(const struct role, r, &s->system->roles) TRY(add_role(&k, r, e));
  add_privacy(&k, s->system->privacy);
  return true;
}
