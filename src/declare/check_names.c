/* Names that roles, lists, tables, records and fields refer to; names that may not be taken; lists that nothing uses. */
#include "base/utf8.h"
#include "declare/check.h"
#include "declare/units.h"
#include "texts.h"

enum { TABLE_NAME_MOST = 63 };

/* base.stage, base.grade …: lists that every package has. */
static bool is_base(struct str name) { return str_starts(name, STR("base.")); }
static bool is_foreign(struct str name) { return str_find(name, STR(".")) != STR_NONE; }

/* `package.record` must stand in `uses`. */
static void check_foreign(struct checker *c, struct word at, struct str name) {
  struct str package, rest;
  if (!str_cut(name, STR("."), &package, &rest) || part_find(&c->s->uses, package)) return;
  (void)tell(c, FAULT_N005, at, "name", name);
}

static void check_kind(struct checker *c, struct word at, struct str kind) {
  for (size_t i = 0; i < c->w->unit_kind_count; i++)
    if (str_eq(c->w->unit_kinds[i], kind)) return;
  struct nearest near = nearest_to(kind);
  for (size_t i = 0; i < c->w->unit_kind_count; i++) nearest_offer(&near, c->w->unit_kinds[i]);
  struct fault *x = tell(c, FAULT_N003, at, "name", kind);
  x->kind = MSG_declare_kind_unit;
  if (!near.best.len) return;
  x->hint = MSG_declare_near_hint;
  (void)fault_arg(x, "near", near.best);
}

/* The part of a type that stands in its brackets, with its place. */
static struct word inner_word(const struct type_said *t, struct str part) {
  const size_t before = part.len ? (size_t)(part.at - t->word.text.at) : 0;
  return (struct word){part, t->word.at, t->word.inset + (int)utf8_count(str_slice(t->word.text, 0, before))};
}
static void check_unit(struct checker *c, struct word unit) {
  struct dimension d;
  struct ratio factor;
  if (!has_word(unit) || units_read(c->w->units, unit.text, &d, &factor)) return;
  struct fault *x = tell(c, FAULT_T005, unit, "unit", unit.text);
  x->msg = MSG_declare_t005_unknown;
  x->hint = MSG_declare_t005_unknown_hint;
}
static void check_type(struct checker *c, const struct type_said *t) {
  const struct word name = inner_word(t, t->name);
  if (t->type == TYPE_count || t->type == TYPE_decimal || t->type == TYPE_range) check_unit(c, inner_word(t, t->unit));
  switch (t->type) {
    case TYPE_choice:
    case TYPE_choices:
      if (!is_base(t->name)) (void)part_refer(c, &c->s->lists, name, MSG_declare_kind_list);
      break;
    case TYPE_unit:
      if (t->name.len) check_kind(c, name, t->name);
      break;
    case TYPE_person:
    case TYPE_persons:
      if (t->name.len) (void)part_refer(c, &c->s->roles, name, MSG_declare_kind_role);
      break;
    case TYPE_ref:
    case TYPE_refs:
      if (is_foreign(t->name)) check_foreign(c, name, t->name);
      else (void)part_refer(c, &c->s->records, name, MSG_declare_kind_record);
      break;
    default: break;
  }
}
static void check_types(struct checker *c, const named_types *list) {
  vec_each(const struct named_type, x, list) check_type(c, &x->type);
}

static void check_roles(struct checker *c) {
  vec_each(const struct role, r, &c->s->roles) {
    vec_each(const struct word, kind, &r->at) check_kind(c, *kind, kind->text);
    vec_each(const struct sees, x, &r->sees) (void)part_refer(c, &c->s->records, x->head.name, MSG_declare_kind_record);
  }
}
static void check_lists(struct checker *c) {
  vec_each(const struct list, l, &c->s->lists) {
    if (l->items.len || has_word(l->from)) continue;
    struct fault *x = tell(c, FAULT_Y005, l->head.name, "part", l->head.name.text);
    (void)fault_arg(x, "key", STR("items"));
  }
  vec_each(const struct table, t, &c->s->tables) {
    check_types(c, &t->key);
    check_types(c, &t->gives);
  }
}

/* ---- records ---- */

static void want_type(struct checker *c, const struct record *r, struct word name, bool (*fits)(enum type_word),
                      int msg) {
  if (!has_word(name)) return;
  const enum type_word t = field_type(r, name.text);
  if (t == TYPE_missing) {
    (void)part_refer(c, &r->fields, name, MSG_declare_kind_field);
  } else if (!fits(t)) {
    struct fault *x = tell(c, FAULT_M001, name, "name", name.text);
    x->kind = msg;
  }
}
static bool is_span_type(enum type_word t) { return t == TYPE_span; }
static bool is_any_type(enum type_word t) { return t != TYPE_missing; }
static void want_fields(struct checker *c, const struct record *r, const words *names) {
  vec_each(const struct word, w, names) want_type(c, r, *w, is_any_type, MSG_declare_kind_field);
}

static void check_field(struct checker *c, const struct record *r, const struct field *f) {
  check_type(c, &f->is);
  if (f->is.type == TYPE_rows && !f->fields.len) {
    struct fault *x = tell(c, FAULT_Y005, f->head.name, "part", f->head.name.text);
    (void)fault_arg(x, "key", STR("fields"));
  }
  if (system_field(f->head.name.text) != TYPE_missing && r)
    (void)tell(c, FAULT_N001, f->head.name, "name", f->head.name.text);
  if (r && is_yes(r->versions) && str_eqz(f->head.name.text, "from")) /* what a change of it is asked besides */
    tell(c, FAULT_N001, f->head.name, "name", f->head.name.text)->hint = MSG_declare_n001_from_hint;
  vec_each(const struct field, inner, &f->fields) check_field(c, NULL, inner);
  vec_each(const struct word, k, &f->key) (void)part_refer(c, &f->fields, *k, MSG_declare_kind_field);
}
/* What has a table of its own; `sealed` is the name of the table that every record has. */
static bool is_side_type(enum type_word t) {
  return t == TYPE_rows || t == TYPE_choices || t == TYPE_units || t == TYPE_persons || t == TYPE_refs ||
         t == TYPE_files || t == TYPE_photos;
}
static void check_views(struct checker *c, const struct record *r) {
  const struct views *v = r->views;
  if (!v) return;
  want_type(c, r, v->board, is_any_type, MSG_declare_kind_field);
  want_type(c, r, v->map, is_any_type, MSG_declare_kind_field);
  if (has_word(v->calendar) && !part_find(&r->clocks, v->calendar.text))
    want_type(c, r, v->calendar, is_date_type, MSG_declare_kind_date_field);
}
static void check_ids(struct checker *c, const struct record *r) {
  for (size_t i = 0; i < r->checks.len; i++) {
    const struct check *x = &r->checks.at[i];
    want_type(c, r, x->at, is_any_type, MSG_declare_kind_field);
    for (size_t k = 0; k < i; k++) {
      if (!has_word(x->id) || !str_eq(r->checks.at[k].id.text, x->id.text)) continue;
      struct fault *twice = tell(c, FAULT_N002, x->id, "name", x->id.text);
      (void)fault_arg(twice, "line", str_int(c->mem, r->checks.at[k].id.at.line));
    }
  }
}
static void check_record(struct checker *c, const struct record *r) {
  const size_t length = c->s->system.text.len + 1 + r->head.name.text.len;
  vec_each(const struct field, f, &r->fields) {
    check_field(c, r, f);
    if (str_eqz(f->head.name.text, "sealed") && is_side_type(f->is.type))
      (void)tell(c, FAULT_N001, f->head.name, "name", f->head.name.text);
    if (length + 2 + f->head.name.text.len > TABLE_NAME_MOST)
      (void)tell(c, FAULT_N007, f->head.name, "name", f->head.name.text);
  }
  want_type(c, r, r->belongs, is_unit_type, MSG_declare_kind_unit_field);
  vec_each(const struct word, w, &r->shared) want_type(c, r, *w, is_unit_type, MSG_declare_kind_unit_field);
  want_type(c, r, r->about, is_person_type, MSG_declare_kind_person_field);
  want_fields(c, r, &r->key);
  vec_each(const struct word, w, &r->keepers) (void)part_refer(c, &c->s->roles, *w, MSG_declare_kind_role);
  if (!r->states.len && !r->keepers.len) (void)tell(c, FAULT_F012, r->head.name, "name", r->head.name.text);
  vec_each(const struct round, x, &r->rounds)
    vec_each(const struct field, f, &x->answer) check_field(c, NULL, f);
  vec_each(const struct act, a, &r->acts) check_types(c, &a->takes);
  check_ids(c, r);
  check_views(c, r);
  vec_each(const struct exclusive, x, &r->exclusive) {
    want_fields(c, r, &x->key);
    want_type(c, r, x->during, is_span_type, MSG_declare_kind_span_field);
  }
  if (!r->duplicates) return;
  want_fields(c, r, &r->duplicates->same);
  want_fields(c, r, &r->duplicates->like);
}

/* ---- what nothing uses ---- */

struct uses_of {
  struct str list;
  bool found;
};
static bool types_use(const named_types *types, struct str list) {
  vec_each(const struct named_type, x, types)
    if (str_eq(x->type.name, list)) return true;
  return false;
}
static bool fields_use(const fields *all, struct str list) {
  vec_each(const struct field, x, all)
    if (str_eq(x->is.name, list) || fields_use(&x->fields, list)) return true;
  return false;
}
static bool list_is_used(const struct system *s, struct str list) {
  vec_each(const struct table, t, &s->tables)
    if (types_use(&t->key, list) || types_use(&t->gives, list)) return true;
  vec_each(const struct record, r, &s->records) {
    if (fields_use(&r->fields, list)) return true;
    vec_each(const struct round, x, &r->rounds)
      if (fields_use(&x->answer, list)) return true;
    vec_each(const struct act, a, &r->acts)
      if (types_use(&a->takes, list)) return true;
  }
  vec_each(const struct message, m, &s->messages)
    vec_each(const struct message_field, f, &m->fields)
      if (str_eq(f->is.name, list)) return true;
  return false;
}
static void note_table(void *arg, const struct expr *x) {
  struct uses_of *u = arg;
  u->found |= x->kind == EXPR_NAME && str_eq(x->text, u->list);
}
static void note_expr(void *arg, const struct record *r, const struct expr_word *x) {
  (void)r;
  expr_walk(x->tree, note_table, arg);
}
static void check_unused(struct checker *c) {
  vec_each(const struct list, l, &c->s->lists) {
    if (list_is_used(c->s, l->head.name.text)) continue;
    tell(c, FAULT_N004, l->head.name, "name", l->head.name.text)->kind = MSG_declare_kind_list;
  }
  vec_each(const struct table, t, &c->s->tables) {
    struct uses_of u = {t->head.name.text, false};
    system_exprs(c->s, note_expr, &u);
    if (!u.found) tell(c, FAULT_N004, t->head.name, "name", t->head.name.text)->kind = MSG_declare_kind_table;
  }
}

void system_check_names(struct checker *c) {
  check_roles(c);
  check_lists(c);
  vec_each(const struct record, r, &c->s->records) check_record(c, r);
  vec_each(const struct measure, m, &c->s->measures) check_unit(c, m->unit);
  vec_each(const struct message, m, &c->s->messages)
    vec_each(const struct message_field, f, &m->fields) check_type(c, &f->is);
  check_unused(c);
}
