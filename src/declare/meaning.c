/* The environment. Names of other packages mean what cannot be known here: they fit everything. */
#include "declare/meaning.h"

#include "declare/base_known.h"
#include "texts.h"

enum { BACK_MOST = 10000, RECORDS_MOST = 1000000 };

static struct meaning *of_env(const struct type_env *env) { return (struct meaning *)(uintptr_t)env->world; }

/* ---- things of which there is one pointer each ---- */

static const struct codes *codes_of(struct meaning *m, struct codes want) {
  for (size_t i = 0; i < m->codes.len; i++) {
    const struct codes *k = m->codes.at[i];
    if (k->list == want.list && k->states == want.states && k->kinds == want.kinds && str_eq(k->base, want.base))
      return k;
  }
  struct codes *made = arena_new(m->c->mem, struct codes);
  *made = want;
  vec_push(m->c->mem, &m->codes) = made;
  return made;
}
static const struct row_of *row_of(struct meaning *m, struct row_of want) {
  for (size_t i = 0; i < m->rows.len; i++) {
    const struct row_of *k = m->rows.at[i];
    if (k->fields == want.fields && k->takes == want.takes && k->message == want.message) return k;
  }
  struct row_of *made = arena_new(m->c->mem, struct row_of);
  *made = want;
  vec_push(m->c->mem, &m->rows) = made;
  return made;
}

/* ---- types of fields ---- */

struct type meaning_record_type(const struct record *r) {
  struct type t = type_ref(KIND_RECORD, r);
  t.most = r->most.n ? r->most.n : RECORDS_MOST;
  return t;
}
static struct type code_type(struct meaning *m, struct str name) {
  const struct list *l = part_find(&m->c->s->lists, name);
  if (l) return type_code(codes_of(m, (struct codes){.list = l}));
  if (!base_list_find(name)) return type_of(KIND_BAD);
  return type_code(codes_of(m, (struct codes){.base = name}));
}
static struct type ref_type(struct meaning *m, struct str name) {
  const struct record *r = part_find(&m->c->s->records, name);
  return r ? type_ref(KIND_RECORD, r) : type_of(KIND_BAD);
}
static struct type number_type(struct meaning *m, int places, struct str unit) {
  struct type t;
  return type_number(m->env.units, places, unit, &t) ? t : type_of(KIND_BAD);
}
static struct type period_type(struct str word) {
  struct type t = type_of(KIND_PERIOD);
  return period_kind_of(word, &t.period) ? t : type_of(KIND_BAD);
}
struct type meaning_said_type(struct meaning *m, const struct type_said *t) {
  switch (t->type) {
    case TYPE_text:
    case TYPE_code:
    case TYPE_phone:
    case TYPE_bank_account:
    case TYPE_id_number:
    case TYPE_credit_code: return type_of(KIND_TEXT);
    case TYPE_flag: return type_of(KIND_FLAG);
    case TYPE_count: return number_type(m, 0, t->unit);
    case TYPE_decimal: return number_type(m, t->places, t->unit);
    case TYPE_money: return number_type(m, 2, m->env.units->money);
    case TYPE_range: return number_type(m, DEC_SCALE_MAX, t->unit);
    case TYPE_date: return type_of(KIND_DATE);
    case TYPE_moment: return type_of(KIND_MOMENT);
    case TYPE_time: return type_of(KIND_TIME);
    case TYPE_span: return type_of(KIND_SPAN);
    case TYPE_duration: return type_of(KIND_DURATION);
    case TYPE_year: return period_type(STR("year"));
    case TYPE_period: return period_type(t->name);
    case TYPE_choice: return code_type(m, t->name);
    case TYPE_choices: return type_set_of(code_type(m, t->name), BACK_MOST);
    case TYPE_unit: return type_of(KIND_UNIT);
    case TYPE_units: return type_set_of(type_of(KIND_UNIT), t->most);
    case TYPE_person: return type_of(KIND_PERSON);
    case TYPE_persons: return type_set_of(type_of(KIND_PERSON), BACK_MOST);
    case TYPE_place: return type_of(KIND_PLACE);
    case TYPE_ref: return ref_type(m, t->name);
    case TYPE_refs: return type_set_of(ref_type(m, t->name), t->most);
    case TYPE_file:
    case TYPE_signature: return type_of(KIND_OTHER);
    case TYPE_files:
    case TYPE_photos: return type_set_of(type_of(KIND_OTHER), t->most);
    default: return type_of(KIND_BAD);
  }
}
struct type meaning_field_type(struct meaning *m, const struct record *r, const struct field *f) {
  if (f->is.type != TYPE_rows) return meaning_said_type(m, &f->is);
  const struct row_of *row = row_of(m, (struct row_of){.fields = &f->fields, .record = r});
  return type_set_of(type_ref(KIND_ROW, row), f->most.n ? f->most.n : BACK_MOST);
}

/* ---- fields of things ---- */

static bool kernel_field(struct meaning *m, enum kind of, struct str name, struct type *out) {
  static const struct {
    enum kind of;
    const char *name;
    enum kind is;
  } all[] = {{KIND_UNIT, "code", KIND_TEXT},   {KIND_UNIT, "name", KIND_TEXT},     {KIND_UNIT, "parent", KIND_UNIT},
             {KIND_UNIT, "place", KIND_PLACE}, {KIND_UNIT, "district", KIND_UNIT}, {KIND_UNIT, "kind", KIND_CODE},
             {KIND_UNIT, "stage", KIND_CODE},  {KIND_PERSON, "unit", KIND_UNIT},   {KIND_PERSON, "token", KIND_TEXT},
             {KIND_PERSON, "name", KIND_TEXT}};
  for (size_t i = 0; i < COUNT_OF(all); i++) {
    if (all[i].of != of || !str_eqz(name, all[i].name)) continue;
    *out = type_of(all[i].is);
    if (all[i].is != KIND_CODE) return true;
    const bool is_kind = str_eqz(name, "kind");
    out->of = codes_of(m, is_kind ? (struct codes){.kinds = true} : (struct codes){.base = STR("base.stage")});
    return true;
  }
  return false;
}
static bool system_field_type(struct meaning *m, const struct record *r, struct str name, struct type *out) {
  switch (system_field(name)) {
    case TYPE_missing: return false;
    case TYPE_choice: *out = type_code(codes_of(m, (struct codes){.states = r})); return true;
    case TYPE_flag: *out = type_of(KIND_FLAG); return true;
    case TYPE_date: *out = type_of(KIND_DATE); return true;
    case TYPE_moment: *out = type_of(KIND_MOMENT); return true;
    case TYPE_person: *out = type_of(KIND_PERSON); return true;
    case TYPE_count: *out = number_type(m, 0, STR("")); return true;
    default: *out = type_of(KIND_TEXT); return true;
  }
}
/* `back: contracts` of another record's reference to this one. */
static bool back_set(struct meaning *m, const struct type *of, struct str name, struct type *out) {
  const struct record *r = of->of;
  vec_each(const struct record, other, &m->c->s->records)
    vec_each(const struct field, f, &other->fields) {
      if (!str_eq(f->back.text, name) || !str_eq(f->is.name, r->head.name.text)) continue;
      *out = type_set_of(type_ref(KIND_RECORD, other), BACK_MOST);
      const bool is_onward = of->reach == REACH_SELF || of->reach == REACH_NEWER;
      if (is_onward && field_given_at_start(m->c->s, other, f)) out->reach = REACH_NEWER;
      return true;
    }
  return false;
}
static bool record_field(struct meaning *m, const struct type *of, struct str name, struct type *out) {
  const struct record *r = of->of;
  const struct field *f = field_find(r, name);
  if (!f) return system_field_type(m, r, name, out) || back_set(m, of, name, out);
  vec_push(m->c->mem, &m->reads) = (struct reading){r, f, of->reach};
  *out = meaning_field_type(m, r, f);
  const bool is_onward = of->reach == REACH_SELF || of->reach == REACH_OLDER;
  if (out->kind == KIND_RECORD && is_onward && field_given_at_start(m->c->s, r, f)) out->reach = REACH_OLDER;
  return true;
}
static bool row_field(struct meaning *m, const struct row_of *row, struct str name, struct type *out) {
  if (row->takes) {
    const struct named_type *t = part_find(row->takes, name);
    if (t) *out = meaning_said_type(m, &t->type);
    return t != NULL;
  }
  if (row->message) {
    const struct message_field *f = part_find(&row->message->fields, name);
    if (f) *out = meaning_said_type(m, &f->is);
    return f != NULL;
  }
  const struct field *f = part_find(row->fields, name);
  if (f) {
    if (row->record) vec_push(m->c->mem, &m->reads) = (struct reading){row->record, f, REACH_ANY};
    *out = meaning_said_type(m, &f->is);
    return true;
  }
  if (!row->round || (!str_eqz(name, "party") && !str_eqz(name, "at"))) return false;
  *out = type_of(str_eqz(name, "at") ? KIND_MOMENT : row->round->as.text.len ? KIND_UNIT : KIND_PERSON);
  return true;
}
static bool round_field(struct meaning *m, const struct round *x, struct str name, struct type *out) {
  if (str_eqz(name, "open")) {
    *out = type_of(KIND_FLAG);
  } else if (str_eqz(name, "answers")) {
    const struct row_of *row = row_of(m, (struct row_of){.fields = &x->answer, .round = x, .record = m->record});
    *out = type_set_of(type_ref(KIND_ROW, row), BACK_MOST);
  } else if (str_eqz(name, "missing")) {
    *out = type_set_of(type_of(x->as.text.len ? KIND_UNIT : KIND_PERSON), BACK_MOST);
  } else {
    return false;
  }
  return true;
}
static bool table_field(struct meaning *m, const struct table *t, struct str name, struct type *out) {
  const struct named_type *g = part_find(&t->gives, name);
  if (!g) return false;
  *out = meaning_said_type(m, &g->type);
  return true;
}
static bool env_field(const struct type_env *env, const struct type *of, struct str name, struct type *out) {
  struct meaning *m = of_env(env);
  switch (of->kind) {
    case KIND_RECORD: return record_field(m, of, name, out);
    case KIND_ROW: return row_field(m, of->of, name, out);
    case KIND_ROUND: return round_field(m, of->of, name, out);
    case KIND_TABLE_ROW: return table_field(m, of->of, name, out);
    case KIND_UNIT:
    case KIND_PERSON: return kernel_field(m, of->kind, name, out);
    default: return false;
  }
}

/* ---- names that stand alone ---- */

static bool measure_type(struct meaning *m, struct str name, struct type *out) {
  const struct measure *x = part_find(&m->c->s->measures, name);
  if (x) *out = number_type(m, DEC_SCALE_MAX, x->unit.text);
  return x != NULL;
}
static struct type self_type(const struct record *r) {
  struct type t = meaning_record_type(r);
  t.reach = REACH_SELF;
  return t;
}
static bool act_global(struct meaning *m, struct str name, struct type *out) {
  if (str_eqz(name, "before")) *out = meaning_record_type(m->record);
  else if (str_eqz(name, "takes")) *out = type_ref(KIND_ROW, row_of(m, (struct row_of){.takes = &m->act->takes}));
  else return false;
  return true;
}
static bool env_global(const struct type_env *env, struct str name, struct type *out) {
  struct meaning *m = of_env(env);
  for (size_t i = m->bound.len; i-- > 0;) { /* the inmost of a name wins */
    if (!str_eq(m->bound.at[i].name, name)) continue;
    *out = m->bound.at[i].type;
    return true;
  }
  if (str_eqz(name, "actor")) return *out = type_of(KIND_PERSON), true;
  if (str_eqz(name, "units")) return *out = type_set_of(type_of(KIND_UNIT), BACK_MOST), true;
  if (m->record && str_eqz(name, "this")) return *out = self_type(m->record), true;
  if (m->record && m->act && act_global(m, name, out)) return true;
  if (m->message && str_eqz(name, "message"))
    return *out = type_ref(KIND_ROW, row_of(m, (struct row_of){.message = m->message})), true;
  if (m->round && str_eqz(name, "answers")) return round_field(m, m->round, name, out);
  return m->of_measures && measure_type(m, name, out);
}

/* ---- labels ---- */

static bool table_label(struct meaning *m, struct str name, struct type *out) {
  const struct table *t = part_find(&m->c->s->tables, name);
  if (!t) return false;
  *out = type_ref(KIND_TABLE_ROW, t);
  if (t->hit.which == TABLE_ALL) *out = type_set_of(*out, (int64_t)t->rows.len);
  return true;
}
static bool env_label(const struct type_env *env, enum label what, struct str name, struct type *out) {
  struct meaning *m = of_env(env);
  const struct record *r = m->record, *other;
  const struct round *round;
  *out = type_of(KIND_BAD);
  switch (what) {
    case LABEL_CLOCK: *out = type_of(KIND_CLOCK); return r && part_find(&r->clocks, name);
    case LABEL_ACT: return r && part_find(&r->acts, name);
    case LABEL_STATE: return r && part_find(&r->states, name);
    case LABEL_TABLE:
    case LABEL_WORDS: return table_label(m, name, out);
    case LABEL_RECORD:
      other = part_find(&m->c->s->records, name);
      if (other) *out = meaning_record_type(other);
      return other || str_find(name, STR(".")) != STR_NONE;
    case LABEL_ROLE: return part_find(&m->c->s->roles, name);
    case LABEL_MEASURE: return measure_type(m, name, out) || str_find(name, STR(".")) != STR_NONE;
    case LABEL_ROUND:
      round = r ? part_find(&r->rounds, name) : NULL;
      *out = type_ref(KIND_ROUND, round);
      return round;
    default: return false;
  }
}
static bool env_key(const struct type_env *env, const struct type *row, size_t i, struct type *out) {
  const struct table *t = row->of;
  if (i >= t->key.len) return false;
  *out = meaning_said_type(of_env(env), &t->key.at[i].type);
  return true;
}

/* ---- codes ---- */

static bool env_has_code(const struct type_env *env, const void *list, struct str code) {
  const struct codes *k = list;
  const struct world *w = of_env(env)->c->w;
  if (k->states) return part_find(&k->states->states, code);
  for (size_t i = 0; k->kinds && i < w->unit_kind_count; i++)
    if (str_eq(w->unit_kinds[i], code)) return true;
  if (k->list && !has_word(k->list->from)) return part_find(&k->list->items, code);
  if (k->base.len) return base_code_place(base_list_find(k->base), code) >= 0;
  return !k->kinds;
}
static bool env_is_ordered(const struct type_env *env, const void *list) {
  const struct codes *k = list;
  (void)env;
  return k->base.len || (k->list && is_yes(k->list->ordered));
}
static bool env_is_indexed(const struct type_env *env, const struct type *of, struct str field) {
  (void)env;
  if (of->kind == KIND_UNIT || of->kind == KIND_PERSON) return true;
  const struct record *r = of->kind == KIND_RECORD ? of->of : NULL;
  const struct field *f = r ? field_find(r, field) : NULL;
  if (!f) return str_eqz(field, "state") || str_eqz(field, "number") || str_eqz(field, "id");
  const enum type_word t = f->is.type;
  return t == TYPE_ref || is_unit_type(t) || is_person_type(t) || is_yes(f->unique) || words_have(&r->key, field);
}
static struct str env_name_of(const struct type_env *env, const struct type *t) {
  (void)env;
  if (t->kind == KIND_CODE && t->of) {
    const struct codes *k = t->of;
    return k->list ? k->list->head.name.text : k->states ? STR("state") : k->kinds ? STR("kind") : k->base;
  }
  if (t->kind == KIND_RECORD && t->of) return ((const struct record *)t->of)->head.name.text;
  if (t->kind == KIND_TABLE_ROW && t->of) return ((const struct table *)t->of)->head.name.text;
  return STR("");
}

/* ---- what could have been meant ---- */

#define OFFER(near, vec) \
  for (size_t offer_i = 0; offer_i < (vec)->len; offer_i++) nearest_offer((near), (vec)->at[offer_i].head.name.text)

static void env_offer_names(const struct type_env *env, const struct type *of, struct nearest *n) {
  const struct meaning *m = of_env(env);
  if (m->of_measures) OFFER(n, &m->c->s->measures);
  if (!of) return;
  if (of->kind == KIND_RECORD && of->of) OFFER(n, &((const struct record *)of->of)->fields);
  if (of->kind == KIND_TABLE_ROW && of->of) OFFER(n, &((const struct table *)of->of)->gives);
  const struct row_of *row = of->kind == KIND_ROW ? of->of : NULL;
  if (row && row->fields) OFFER(n, row->fields);
  if (row && row->takes) OFFER(n, row->takes);
  if (row && row->message) OFFER(n, &row->message->fields);
}
static void env_offer_labels(const struct type_env *env, enum label what, struct nearest *n) {
  const struct meaning *m = of_env(env);
  const struct system *s = m->c->s;
  const struct record *r = m->record;
  if (what == LABEL_TABLE || what == LABEL_WORDS) OFFER(n, &s->tables);
  if (what == LABEL_RECORD) OFFER(n, &s->records);
  if (what == LABEL_ROLE) OFFER(n, &s->roles);
  if (what == LABEL_MEASURE) OFFER(n, &s->measures);
  if (!r) return;
  if (what == LABEL_CLOCK) OFFER(n, &r->clocks);
  if (what == LABEL_ACT) OFFER(n, &r->acts);
  if (what == LABEL_STATE) OFFER(n, &r->states);
  if (what == LABEL_ROUND) OFFER(n, &r->rounds);
}
static void env_offer_codes(const struct type_env *env, const void *list, struct nearest *n) {
  const struct codes *k = list;
  const struct world *w = of_env(env)->c->w;
  if (k->list) OFFER(n, &k->list->items);
  if (k->states) OFFER(n, &k->states->states);
  for (size_t i = 0; k->kinds && i < w->unit_kind_count; i++) nearest_offer(n, w->unit_kinds[i]);
  const struct base_list *base = k->base.len ? base_list_find(k->base) : NULL;
  for (size_t i = 0; base && i < base->items.len; i++) nearest_offer(n, base->items.at[i].code);
}

/* ---- begin ---- */

void meaning_begin(struct meaning *m, struct checker *c, const struct units *units, int64_t budget) {
  *m = (struct meaning){.c = c};
  m->env = (struct type_env){.world = m,
                             .units = units,
                             .budget = budget,
                             .global = env_global,
                             .field = env_field,
                             .label = env_label,
                             .key = env_key,
                             .has_code = env_has_code,
                             .is_ordered = env_is_ordered,
                             .is_indexed = env_is_indexed,
                             .name_of = env_name_of,
                             .offer_names = env_offer_names,
                             .offer_labels = env_offer_labels,
                             .offer_codes = env_offer_codes};
  meaning_of(m, NULL);
}
void meaning_of(struct meaning *m, const struct record *r) {
  m->record = r;
  m->act = NULL;
  m->round = NULL;
  m->message = NULL;
  m->of_measures = false;
  m->bound.len = 0;
  m->env.self = r ? self_type(r) : type_of(KIND_BAD);
}
void meaning_of_row(struct meaning *m, struct row_of row) { m->env.self = type_ref(KIND_ROW, row_of(m, row)); }
