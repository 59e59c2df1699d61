/* Acts: the names in them, who may do them, what their effects need. */
#include "base/yaml.h"
#include "declare/check.h"
#include "texts.h"

struct acting { /* where an effect stands */
  struct checker *c;
  const struct record *r;
  const struct act *a; /* NULL: not in an act */
};

/* ---- who ---- */

/* Whoever does an act on a record must see it; sight through a round is enough. */
static void check_sight(struct checker *c, const struct record *r, const struct act *a, struct word at,
                        const struct role *role) {
  const struct sees *x = part_find(&role->sees, r->head.name.text);
  if (x && x->scope.which && x->scope.which != SEES_none) return;
  struct fault *y = tell(c, FAULT_F003, at, "role", role->label.text);
  (void)fault_arg(fault_arg(y, "record", r->label.text), "act", a->label.text);
}
static void check_who(struct checker *c, const struct record *r, const struct act *a, const words *list) {
  vec_each(const struct word, w, list) {
    const struct who_said who = who_read(w->text);
    struct word role = *w, field = *w;
    role.text = who.role;
    field.text = who.field;
    field.inset += (int)who.role.len + 1;
    if (who.kind == WHO_ROLE || who.kind == WHO_ROLE_AT) {
      const struct role *found = part_refer(c, &c->s->roles, role, MSG_declare_kind_role);
      if (found && a) check_sight(c, r, a, role, found);
    }
    if (!who.field.len) continue;
    const enum type_word t = field_type(r, who.field);
    const bool fits = who.kind == WHO_SELF_AT ? is_person_type(t) : is_unit_type(t);
    if (t == TYPE_missing) (void)part_refer(c, &r->fields, field, MSG_declare_kind_field);
    else if (!fits)
      tell(c, FAULT_M001, field, "name", who.field)->kind =
          who.kind == WHO_SELF_AT ? MSG_declare_kind_person_field : MSG_declare_kind_unit_field;
  }
}
/* A single role that may do both what is excepted and this: where one person holds it, nobody is left. */
struct alone {
  struct checker *c;
  const struct record *r;
  const struct act *a;
};
static const struct word *only_role(const struct act *a) {
  return a->who.len == 1 && who_read(a->who.at[0].text).kind <= WHO_ROLE_AT ? &a->who.at[0] : NULL;
}
static void note_except(void *arg, const struct expr *x) {
  const struct alone *o = arg;
  if (x->kind != EXPR_CALL || !str_eqz(x->text, "did") || x->args.len != 1) return;
  const struct act *other = part_find(&o->r->acts, x->args.at[0]->text);
  const struct word *mine = only_role(o->a), *theirs = other ? only_role(other) : NULL;
  if (!mine || !theirs || !str_eq(who_read(mine->text).role, who_read(theirs->text).role)) return;
  const struct role *role = part_find(&o->c->s->roles, who_read(mine->text).role);
  if (role) (void)fault_arg(tell(o->c, FAULT_F004, *mine, "role", role->label.text), "act", o->a->label.text);
}

/* ---- effects ---- */

static void want_open(struct checker *c, const struct act *a, struct word at) {
  if (!act_has(a, WHO_SYSTEM)) (void)tell(c, FAULT_F009, at, "act", a->label.text);
}
static bool is_given(const named_exprs *with, struct str name) { return part_find(with, name) != NULL; }
/* What a start act needs must be handed to it; what it does not know must not. */
static void check_with(struct checker *c, const struct record *r, const struct act *a, struct word at,
                       const named_exprs *with) {
  vec_each(const struct word, w, &a->asks) {
    const struct field *f = field_find(r, w->text);
    if (is_given(with, w->text) || (f && has_expr(&f->default_))) continue;
    (void)fault_arg(tell(c, FAULT_F008, at, "act", a->label.text), "name", w->text);
  }
  vec_each(const struct named_expr, x, with) {
    const struct str name = x->head.name.text;
    if (words_have(&a->asks, name) || words_have(&a->may, name) || part_find(&a->takes, name)) continue;
    struct fault *y = tell(c, FAULT_N003, x->head.name, "name", name);
    y->kind = MSG_declare_kind_field;
  }
}
static void check_create(struct checker *c, const struct effect_create *x) {
  struct str package, rest;
  if (str_cut(x->record.text, STR("."), &package, &rest)) {
    if (!part_find(&c->s->uses, package)) (void)tell(c, FAULT_N005, x->record, "name", x->record.text);
    return;
  }
  const struct record *r = part_refer(c, &c->s->records, x->record, MSG_declare_kind_record);
  const struct act *a = r ? part_refer(c, &r->acts, x->act, MSG_declare_kind_act) : NULL;
  if (!a) return;
  want_open(c, a, x->act);
  check_with(c, r, a, x->act, &x->with);
}
static void check_do(const struct acting *o, const struct effect_do *x) {
  bool several;
  const struct act *a = act_done(o->c->s, o->r, x, &several, NULL);
  if (a) want_open(o->c, a, x->act);
  else if (!several && !o->c->s->uses.len) (void)part_refer(o->c, &o->r->acts, x->act, MSG_declare_kind_act);
}
static void check_set(const struct acting *o, const named_exprs *set) {
  vec_each(const struct named_expr, x, set) {
    const struct field *f = part_refer(o->c, &o->r->fields, x->head.name, MSG_declare_kind_field);
    if (f && has_expr(&f->value)) (void)tell(o->c, FAULT_F006, x->head.name, "name", f->label.text);
  }
}
static void check_set_row(const struct acting *o, const struct effect_set_row *x) {
  const struct field *rows = part_refer(o->c, &o->r->fields, x->in, MSG_declare_kind_field);
  if (!rows) return;
  vec_each(const struct named_expr, y, &x->set)
    (void)part_refer(o->c, &rows->fields, y->head.name, MSG_declare_kind_field);
}
/* A field that takes tasks: ref(task.task), or several. */
static void check_task(const struct acting *o, const struct effect_task *x) {
  (void)part_refer(o->c, &o->r->states, x->follows, MSG_declare_kind_state);
  const struct field *f = part_refer(o->c, &o->r->fields, x->into, MSG_declare_kind_field);
  if (!f) return;
  const bool is_ref = f->is.type == TYPE_ref || f->is.type == TYPE_refs;
  if (!is_ref || !str_eqz(f->is.name, "task.task") || has_expr(&f->value))
    tell(o->c, FAULT_M001, x->into, "name", x->into.text)->kind = MSG_declare_kind_task_field;
}
static void check_to(const struct acting *o, const words *to) {
  words plain = {0};
  vec_each(const struct word, w, to)
    if (str_find(w->text, STR("(")) == STR_NONE) vec_push(o->c->mem, &plain) = *w;
  check_who(o->c, o->r, NULL, &plain);
}
/* One verb each; what this version does not know yet was told where it was read. */
static bool has_one_verb(const struct effect *x) {
  const struct yaml *y = x->head.yaml;
  return !y || y->kind != YAML_MAP || y->count == (has_expr(&x->when) ? 2 : 1);
}
static void check_effect(void *arg, const struct effect *x) {
  const struct acting *o = arg;
  struct checker *c = o->c;
  if (!has_one_verb(x)) {
    struct fault *y = faults_add(c->f, FAULT_Y006, x->head.at);
    y->msg = MSG_declare_effect_one;
  }
  if (x->create) check_create(c, x->create);
  if (!o->r) return;
  check_set(o, &x->set);
  if (x->set_row) check_set_row(o, x->set_row);
  if (x->do_) check_do(o, x->do_);
  if (x->open) (void)part_refer(c, &o->r->rounds, x->open->round, MSG_declare_kind_round);
  if (x->extend) (void)part_refer(c, &o->r->clocks, x->extend->clock, MSG_declare_kind_clock);
  if (x->extend && o->a && !has_expr(&o->a->when) && !has_expr(&x->when))
    (void)tell(c, FAULT_C005, x->extend->clock, NULL, STR(""));
  if (x->notify) check_to(o, &x->notify->to);
  if (x->task) check_task(o, x->task);
  if (has_word(x->paper)) (void)part_refer(c, &c->s->papers, x->paper, MSG_declare_kind_paper);
}

/* ---- acts ---- */

static void check_states_named(struct checker *c, const struct record *r, const words *names) {
  vec_each(const struct word, w, names)
    if (!str_eqz(w->text, "start")) (void)part_refer(c, &r->states, *w, MSG_declare_kind_state);
}
static void check_cases(struct checker *c, const struct record *r, const struct act *a) {
  for (size_t i = 0; i < a->to.len; i++) {
    const struct act_case *x = &a->to.at[i];
    const bool last = i + 1 == a->to.len;
    if (last == has_expr(&x->when)) {
      (void)tell(c, FAULT_F007, has_expr(&x->when) ? x->when.word : x->state, NULL, STR(""));
    }
    if (!str_eqz(x->state.text, "same") && !str_eqz(x->state.text, "back"))
      (void)part_refer(c, &r->states, x->state, MSG_declare_kind_state);
  }
}
static void check_inputs(struct checker *c, const struct record *r, const words *names) {
  vec_each(const struct word, w, names) {
    const struct field *f = part_refer(c, &r->fields, *w, MSG_declare_kind_field);
    if (f && has_expr(&f->value)) (void)tell(c, FAULT_F006, *w, "name", f->label.text);
  }
}
static void check_act(struct checker *c, const struct record *r, const struct act *a) {
  struct acting o = {c, r, a};
  struct alone alone = {c, r, a};
  check_states_named(c, r, &a->from);
  check_states_named(c, r, &a->back);
  check_cases(c, r, a);
  check_who(c, r, a, &a->who);
  check_inputs(c, r, &a->asks);
  check_inputs(c, r, &a->may);
  vec_each(const struct expr_word, x, &a->except) expr_walk(x->tree, note_except, &alone);
  if (has_expr(&a->when) && !has_word(a->says) && act_by_person(a))
    (void)tell(c, FAULT_F005, a->when.word, NULL, STR(""));
  effects_walk(&a->does, check_effect, &o);
}
static void check_record_effects(struct checker *c, const struct record *r) {
  struct acting o = {c, r, NULL};
  vec_each(const struct state, x, &r->states) effects_walk(&x->enter, check_effect, &o);
  vec_each(const struct clock, x, &r->clocks)
    vec_each(const struct clock_level, l, &x->levels) effects_walk(&l->does, check_effect, &o);
}

void system_check_acts(struct checker *c) {
  vec_each(const struct record, r, &c->s->records) {
    vec_each(const struct act, a, &r->acts) check_act(c, r, a);
    check_record_effects(c, r);
  }
  struct acting o = {.c = c};
  vec_each(const struct message, m, &c->s->messages) effects_walk(&m->does, check_effect, &o);
}
