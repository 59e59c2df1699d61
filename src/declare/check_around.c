/* What stands around the records: measures, messages, papers, public forms and pages, privacy, ledger. */
#include "declare/check.h"
#include "declare/number.h"
#include "texts.h"

/* Units and people are records of the kernel, which packages may count. */
static bool is_kernel(struct str name) { return str_eqz(name, "unit") || str_eqz(name, "person"); }
static const struct record *want_record(struct checker *c, struct word of) {
  if (is_kernel(of.text)) return NULL;
  return part_refer(c, &c->s->records, of, MSG_declare_kind_record);
}
static void want_field(struct checker *c, const struct record *r, struct word name) {
  if (system_field(name.text) == TYPE_missing) (void)part_refer(c, &r->fields, name, MSG_declare_kind_field);
}
static void want_roles(struct checker *c, const words *names) {
  vec_each(const struct word, w, names) (void)part_refer(c, &c->s->roles, *w, MSG_declare_kind_role);
}
static void want_acts(struct checker *c, const struct record *r, const words *names) {
  vec_each(const struct word, w, names) (void)part_refer(c, &r->acts, *w, MSG_declare_kind_act);
}

static void check_number(struct checker *c, struct word w) {
  struct number_part part;
  for (size_t from = 0, to = 0; number_next(w.text, &to, &part); from = to) {
    if (part.kind != NUMBER_BAD) continue;
    struct fault *x =
        fault_arg(faults_add(c->f, FAULT_Y013, word_slice(w, from, from + 1 + part.text.len)), "text", part.text);
    x->msg = MSG_declare_number_hole;
  }
}

/* ---- measures ---- */

static void check_measure(struct checker *c, const struct measure *m) {
  const struct record *r = want_record(c, m->of);
  if (!r) return;
  if (has_word(m->at) && str_find(m->at.text, STR(".")) == STR_NONE) {
    want_field(c, r, m->at);
    const enum type_word t = field_type(r, m->at.text);
    if (t != TYPE_missing && !is_unit_type(t))
      tell(c, FAULT_M001, m->at, "name", m->at.text)->kind = MSG_declare_kind_unit_field;
  }
  const struct expr *on = m->on.tree;
  if (on && on->kind == EXPR_NAME && field_type(r, on->text) != TYPE_missing && !is_date_type(field_type(r, on->text)))
    tell(c, FAULT_M001, m->on.word, "name", on->text)->kind = MSG_declare_kind_date_field;
  if (has_word(m->rows)) (void)part_refer(c, &r->fields, m->rows, MSG_declare_kind_field);
  const struct expr *distinct = m->distinct.tree;
  const bool of_people = distinct && distinct->kind == EXPR_NAME && is_person_type(field_type(r, distinct->text));
  const bool counts_people = of_people || (is_yes(m->count) && has_word(r->about));
  if (counts_people && !(c->s->privacy && c->s->privacy->cell.n > 0))
    (void)tell(c, FAULT_M003, m->head.name, NULL, STR(""));
}

/* ---- messages, papers, public ---- */

static void check_message(struct checker *c, const struct message *m) {
  if (m->way.which <= WAY_out && !has_expr(&m->key)) (void)tell(c, FAULT_X001, m->head.name, "name", m->label.text);
  const struct record *r = want_record(c, m->of);
  if (r) want_acts(c, r, &m->on);
}
static void check_paper(struct checker *c, const struct paper *p) {
  check_number(c, p->number);
  const struct record *r = want_record(c, p->of);
  if (r) want_acts(c, r, &p->on);
}
static bool identifies(const struct field *f) {
  const enum type_word t = f->is.type;
  return t == TYPE_phone || t == TYPE_id_number || t == TYPE_bank_account || is_person_type(t) ||
         f->class.which == CLASS_sealed;
}
static void check_form(struct checker *c, const struct public_form *x) {
  struct word record = x->act, act = x->act;
  if (!x->limit) (void)tell(c, FAULT_P009, x->head.name, "name", x->label.text);
  if (!str_cut(x->act.text, STR("."), &record.text, &act.text)) return;
  act.inset += (int)record.text.len + 1;
  const struct record *r = want_record(c, record);
  const struct act *a = r ? part_refer(c, &r->acts, act, MSG_declare_kind_act) : NULL;
  if (!a) return;
  vec_each(const struct named_expr, w, &x->fixed)
    if (!part_find(&a->takes, w->head.name.text)) want_field(c, r, w->head.name);
  if (x->identity.which != IDENTITY_none) return;
  const words *lists[] = {&a->asks, &a->may};
  for (size_t i = 0; i < COUNT_OF(lists); i++)
    vec_each(const struct word, w, lists[i]) {
      const struct field *f = field_find(r, w->text);
      if (f && identifies(f)) (void)tell(c, FAULT_P012, x->identity.word, "name", f->label.text);
    }
}
static void check_public(struct checker *c) {
  if (!c->s->public) return;
  vec_each(const struct public_form, x, &c->s->public->forms) check_form(c, x);
  vec_each(const struct public_page, x, &c->s->public->pages) {
    const struct record *r = want_record(c, x->of);
    if (r)
      vec_each(const struct word, w, &x->find_by) want_field(c, r, *w);
  }
}

/* ---- privacy ---- */

static void check_purpose(struct checker *c, const struct privacy *p, struct word name) {
  (void)part_refer(c, &p->purposes, name, MSG_declare_kind_purpose);
}
static void check_opening(struct checker *c, const struct privacy *p, const struct opening *x) {
  check_purpose(c, p, x->purpose);
  want_roles(c, &x->tells);
  vec_each(const struct word, w, &x->who)
    if (who_read(w->text).kind == WHO_ROLE) (void)part_refer(c, &c->s->roles, *w, MSG_declare_kind_role);
  const struct record *r = opening_record(c->s, x);
  vec_each(const struct word, w, &x->fields)
    if (!r || !field_said(r, w->text)) tell(c, FAULT_N003, *w, "name", w->text)->kind = MSG_declare_kind_field;
}
static void check_sealed(struct checker *c, const struct privacy *p) {
  vec_each(const struct record, r, &c->s->records)
    vec_each(const struct field, f, &r->fields) {
      bool opened = f->class.which != CLASS_sealed;
      vec_each(const struct opening, x, &p->openings)
        vec_each(const struct word, w, &x->fields) opened |= field_said(r, w->text) == f;
      if (!opened) (void)tell(c, FAULT_P004, f->head.name, "name", f->label.text);
    }
}
struct filling {
  struct str field;
  bool found;
};
static void note_set(void *arg, const struct effect *x) {
  struct filling *o = arg;
  o->found |= part_find(&x->set, o->field) != NULL;
}
/* Is there an act that gives the field a value? */
static bool is_filled(const struct record *r, const struct field *f) {
  struct filling o = {f->head.name.text, has_expr(&f->value) || has_expr(&f->default_)};
  vec_each(const struct act, a, &r->acts) {
    o.found |= words_have(&a->asks, o.field) || words_have(&a->may, o.field);
    effects_walk(&a->does, note_set, &o);
  }
  vec_each(const struct state, x, &r->states) effects_walk(&x->enter, note_set, &o);
  return o.found || !r->states.len;
}
/* Platform functions that a package can switch off for itself. */
static void check_never(struct checker *c, const struct privacy *p) {
  const struct str known =
      STR("export export_names exchange profile appraisal appraisal_of_person admission discipline mining public");
  vec_each(const struct word, w, &p->never) {
    struct str left = known, one;
    bool found = false;
    while (!found && str_cut(left, STR(" "), &one, &left)) found = str_eq(one, w->text);
    if (found || str_eq(left, w->text)) continue;
    (void)fault_arg(fault_arg(tell(c, FAULT_Y011, *w, "text", w->text), "key", STR("never")), "words", known);
  }
}
/* A class above inner is read by those whom `opens` names, or in an opening: else the field is only ever written. */
static void check_readable(struct checker *c, const struct privacy *p) {
  vec_each(const struct record, r, &c->s->records)
    vec_each(const struct field, f, &r->fields) {
      const int class = f->class.which;
      bool read = class != CLASS_personal && class != CLASS_sensitive;
      if (!read) read = part_find(&p->opens, str_of(class_name(class))) != NULL;
      vec_each(const struct opening, x, &p->openings)
        vec_each(const struct word, w, &x->fields) read |= field_said(r, w->text) == f;
      if (!read) tell(c, FAULT_P004, f->head.name, "name", f->label.text)->msg = MSG_declare_p004_class;
    }
}
static void check_keep(struct checker *c, const struct keep *x) {
  struct word record = x->head.name, field = x->head.name;
  const bool has_field = str_cut(x->head.name.text, STR("."), &record.text, &field.text);
  const struct record *r = want_record(c, record);
  if (!r) return;
  field.inset += (int)record.text.len + 1;
  if (has_field) want_field(c, r, field);
  want_field(c, r, x->after);
  const struct field *f = field_find(r, x->after.text);
  if (f && !is_filled(r, f)) (void)tell(c, FAULT_P010, x->after, "name", f->label.text);
}
static void check_privacy(struct checker *c) {
  const struct privacy *p = c->s->privacy;
  if (!p) return;
  vec_each(const struct opens, x, &p->opens) {
    want_roles(c, &x->to);
    check_purpose(c, p, x->purpose);
  }
  vec_each(const struct opening, x, &p->openings) check_opening(c, p, x);
  vec_each(const struct keep, x, &p->keep) check_keep(c, x);
  check_sealed(c, p);
  check_never(c, p);
  check_readable(c, p);
  if (!p->consent) return;
  const struct record *r = want_record(c, p->consent->record);
  if (r) (void)part_refer(c, &r->states, p->consent->given, MSG_declare_kind_state);
  vec_each(const struct word, w, &p->consent->covers) (void)want_record(c, *w);
}

/* ---- ledger ---- */

static void check_ledger(struct checker *c) {
  if (!c->s->ledger) return;
  vec_each(const struct offer, x, &c->s->ledger->offers) {
    const struct measure *m = part_refer(c, &c->s->measures, x->measure, MSG_declare_kind_measure);
    if (!m || !has_word(x->unit) || str_eq(m->unit.text, x->unit.text)) continue;
    (void)fault_arg(tell(c, FAULT_L001, x->unit, "name", x->unit.text), "unit", m->unit.text);
  }
  vec_each(const struct bulletin, x, &c->s->ledger->bulletin) (void)want_record(c, x->of);
}

void system_check_around(struct checker *c) {
  vec_each(const struct record, r, &c->s->records) check_number(c, r->number);
  vec_each(const struct measure, m, &c->s->measures) check_measure(c, m);
  vec_each(const struct message, m, &c->s->messages) check_message(c, m);
  vec_each(const struct paper, p, &c->s->papers) check_paper(c, p);
  check_public(c);
  check_privacy(c);
  check_ledger(c);
}

static bool has_later(const struct faults *f) {
  vec_each(const struct fault, x, &f->all)
    if (x->code == FAULT_Y015) return true;
  return false;
}
void system_check(struct faults *f, const struct system *s, const struct world *w) {
  struct checker c = {f, f->mem, s, w};
  system_check_names(&c);
  system_check_tables(&c);
  system_check_acts(&c);
  system_check_flow(&c);
  system_check_clocks(&c);
  system_check_around(&c);
  if (!has_later(f)) system_check_types(&c); /* what is not known yet has no type */
  faults_sort(f);
}
