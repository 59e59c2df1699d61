/* Looking names up, and walking over what was declared. */
#include "base/vec.h"
#include "declare/check.h"
#include "texts.h"

static const struct head *head_at(const void *at, size_t size, size_t i) {
  return (const struct head *)((const char *)at + i * size);
}
const void *parts_find(const void *at, size_t len, size_t size, struct str name) {
  for (size_t i = 0; i < len; i++)
    if (str_eq(head_at(at, size, i)->name.text, name)) return head_at(at, size, i);
  return NULL;
}
const void *parts_refer(struct checker *c, const void *at, size_t len, size_t size, struct word name, int kind) {
  if (!has_word(name)) return NULL;
  const void *found = parts_find(at, len, size, name.text);
  if (found) return found;
  struct nearest near = nearest_to(name.text);
  for (size_t i = 0; i < len; i++) nearest_offer(&near, head_at(at, size, i)->name.text);
  struct fault *x = tell(c, FAULT_N003, name, "name", name.text);
  x->kind = kind;
  if (near.best.len) {
    x->hint = MSG_declare_near_hint;
    (void)fault_arg(x, "near", near.best);
  }
  return NULL;
}
struct fault *tell(struct checker *c, enum fault_code code, struct word at, const char *hole, struct str value) {
  struct fault *x = faults_add(c->f, code, word_place(at));
  return hole ? fault_arg(x, hole, value) : x;
}
bool words_have(const words *list, struct str text) {
  vec_each(const struct word, w, list)
    if (str_eq(w->text, text)) return true;
  return false;
}

/* ---- who ---- */

struct who_said who_read(struct str term) {
  static const struct {
    const char *word;
    enum who_kind kind;
  } fixed[] = {{"creator", WHO_CREATOR}, {"public", WHO_PUBLIC}, {"clock", WHO_CLOCK}, {"system", WHO_SYSTEM}};
  struct who_said out = {.kind = WHO_ROLE, .role = term};
  for (size_t i = 0; i < COUNT_OF(fixed); i++)
    if (str_eqz(term, fixed[i].word)) return (struct who_said){.kind = fixed[i].kind};
  if (!str_cut(term, STR("@"), &out.role, &out.field)) return out;
  out.kind = str_eqz(out.role, "self") ? WHO_SELF_AT : WHO_ROLE_AT;
  return out;
}
bool act_has(const struct act *a, enum who_kind kind) {
  vec_each(const struct word, w, &a->who)
    if (who_read(w->text).kind == kind) return true;
  return false;
}
bool act_by_person(const struct act *a) {
  vec_each(const struct word, w, &a->who)
    if (who_read(w->text).kind <= WHO_PUBLIC) return true;
  return false;
}
bool act_by_itself(const struct act *a) { return act_by_person(a) || act_has(a, WHO_CLOCK); }

const struct act *act_done(const struct system *s, const struct record *r, const struct effect_do *x, bool *out_several,
                           const struct record **out_r) {
  const struct expr *on = x->on.tree;
  const bool is_this = r && on && on->kind == EXPR_NAME && str_eqz(on->text, "this");
  const struct act *found = is_this ? part_find(&r->acts, x->act.text) : NULL;
  const struct record *owner = r;
  *out_several = false;
  for (size_t i = 0; !is_this && i < s->records.len; i++) {
    const struct act *a = part_find(&s->records.at[i].acts, x->act.text);
    *out_several |= a && found;
    if (!a) continue;
    found = a;
    owner = &s->records.at[i];
  }
  if (out_r) *out_r = owner;
  return *out_several ? NULL : found;
}

bool text_hole(struct str text, size_t *io_at, struct str *out) {
  const size_t open = str_find(str_from(text, *io_at), STR("{"));
  const size_t close = open == STR_NONE ? STR_NONE : str_find(str_from(text, *io_at + open), STR("}"));
  if (close == STR_NONE) return false;
  *out = str_slice(text, *io_at + open + 1, *io_at + open + close);
  *io_at += open + close + 1;
  return true;
}

/* ---- fields ---- */

static const struct own_field {
  const char *name;
  enum type_word type;
  int label;
} own_fields[] = {{"id", TYPE_code, MSG_declare_own_id},
                  {"number", TYPE_text, MSG_declare_own_number},
                  {"lookup", TYPE_code, MSG_declare_own_lookup},
                  {"state", TYPE_choice, MSG_declare_own_state},
                  {"ended", TYPE_flag, MSG_declare_own_ended},
                  {"ended_on", TYPE_date, MSG_declare_own_ended_on},
                  {"created", TYPE_moment, MSG_declare_own_created},
                  {"creator", TYPE_person, MSG_declare_own_creator},
                  {"changed", TYPE_moment, MSG_declare_own_changed},
                  {"rev", TYPE_count, MSG_declare_own_rev},
                  {"tenant", TYPE_code, MSG_declare_own_id},
                  {"owner", TYPE_code, MSG_declare_own_id},
                  {"area_of_unit", TYPE_code, MSG_declare_own_id}};
static const struct own_field *own_field(struct str name) {
  for (size_t i = 0; i < COUNT_OF(own_fields); i++)
    if (str_eqz(name, own_fields[i].name)) return &own_fields[i];
  return NULL;
}
enum type_word system_field(struct str name) {
  const struct own_field *f = own_field(name);
  return f ? f->type : TYPE_missing;
}
int system_field_label(struct str name) {
  const struct own_field *f = own_field(name);
  return f ? f->label : 0;
}
const struct field *field_find(const struct record *r, struct str name) { return part_find(&r->fields, name); }
const struct field *field_said(const struct record *r, struct str said) {
  struct str record, field;
  if (!str_cut(said, STR("."), &record, &field)) return field_find(r, said);
  return str_eq(record, r->head.name.text) ? field_find(r, field) : NULL;
}
const struct record *opening_record(const struct system *s, const struct opening *o) {
  vec_each(const struct record, r, &s->records)
    if (o->fields.len && field_said(r, o->fields.at[0].text)) return r;
  return NULL;
}
enum type_word field_type(const struct record *r, struct str name) {
  const struct field *f = field_find(r, name);
  return f ? f->is.type : system_field(name);
}
bool is_unit_type(enum type_word t) { return t == TYPE_unit || t == TYPE_units; }
bool is_person_type(enum type_word t) { return t == TYPE_person || t == TYPE_persons; }
bool is_date_type(enum type_word t) {
  return t == TYPE_date || t == TYPE_moment || t == TYPE_year || t == TYPE_period || t == TYPE_span;
}

/* ---- walking ---- */

void expr_walk(const struct expr *x, node_visit visit, void *arg) {
  if (!x) return;
  visit(arg, x);
  expr_walk(x->a, visit, arg);
  expr_walk(x->b, visit, arg);
  expr_walk(x->c, visit, arg);
  for (size_t i = 0; i < x->args.len; i++) expr_walk(x->args.at[i], visit, arg);
}
void effects_walk(const effects *list, effect_visit visit, void *arg) {
  vec_each(const struct effect, x, list) {
    visit(arg, x);
    if (x->each) effects_walk(&x->each->does, visit, arg);
  }
}

struct setting { /* of a field: is it set, or a record of its kind merged away? */
  const struct field *field;
  bool found;
};
static void note_set(void *arg, const struct effect *x) {
  struct setting *o = arg;
  o->found |= part_find(&x->set, o->field->head.name.text) != NULL;
  o->found |= x->task && str_eq(x->task->into.text, o->field->head.name.text);
}
static void note_merge(void *arg, const struct effect *x) { ((struct setting *)arg)->found |= x->merge != NULL; }
static void record_effects(const struct record *r, effect_visit visit, struct setting *o) {
  vec_each(const struct act, a, &r->acts) effects_walk(&a->does, visit, o);
  vec_each(const struct state, x, &r->states) effects_walk(&x->enter, visit, o);
  vec_each(const struct clock, x, &r->clocks)
    vec_each(const struct clock_level, l, &x->levels) effects_walk(&l->does, visit, o);
}
bool field_given_at_start(const struct system *s, const struct record *r, const struct field *f) {
  struct setting o = {.field = f};
  const struct record *to = part_find(&s->records, f->is.name);
  if (!to || !r->states.len || has_expr(&f->value)) return false;
  vec_each(const struct act, a, &r->acts) {
    const bool is_start = a->from.len == 1 && str_eqz(a->from.at[0].text, "start");
    if (!is_start && (words_have(&a->asks, f->head.name.text) || words_have(&a->may, f->head.name.text))) return false;
  }
  record_effects(r, note_set, &o);
  record_effects(to, note_merge, &o);
  return !o.found;
}

struct expr_walker {
  const struct record *r;
  expr_visit visit;
  void *arg;
};
static void one(const struct expr_walker *w, const struct expr_word *x) {
  if (x->tree) w->visit(w->arg, w->r, x);
}
static void each_of(const struct expr_walker *w, const expr_words *list) {
  vec_each(const struct expr_word, x, list) one(w, x);
}
static void named(const struct expr_walker *w, const named_exprs *list) {
  vec_each(const struct named_expr, x, list) one(w, &x->value);
}
static void of_effect(void *arg, const struct effect *x) {
  const struct expr_walker *w = arg;
  one(w, &x->when);
  named(w, &x->set);
  if (x->set_row) one(w, &x->set_row->where), named(w, &x->set_row->set);
  if (x->create) named(w, &x->create->with);
  if (x->do_) one(w, &x->do_->on), named(w, &x->do_->with);
  if (x->each) one(w, &x->each->in);
  if (x->extend) one(w, &x->extend->by), one(w, &x->extend->to);
  if (x->task) one(w, &x->task->unit), one(w, &x->task->due), one(w, &x->task->source);
  if (x->merge) one(w, &x->merge->into);
}
static void of_fields(const struct expr_walker *w, const fields *list) {
  vec_each(const struct field, x, list) {
    one(w, &x->default_);
    one(w, &x->value);
    of_fields(w, &x->fields);
  }
}
static void of_act(struct expr_walker *w, const struct act *a) {
  vec_each(const struct act_case, x, &a->to) one(w, &x->when);
  each_of(w, &a->except);
  one(w, &a->when);
  effects_walk(&a->does, of_effect, w);
}
static void of_record(struct expr_walker *w, const struct record *r) {
  w->r = r;
  of_fields(w, &r->fields);
  vec_each(const struct check, x, &r->checks) one(w, &x->must);
  vec_each(const struct state, x, &r->states) effects_walk(&x->enter, of_effect, w);
  vec_each(const struct act, x, &r->acts) of_act(w, x);
  vec_each(const struct round, x, &r->rounds) {
    one(w, &x->asks), one(w, &x->done), one(w, &x->fails), one(w, &x->limit);
    of_fields(w, &x->answer);
  }
  vec_each(const struct clock, x, &r->clocks) {
    one(w, &x->limit), one(w, &x->until);
    if (x->pauses) one(w, &x->pauses->while_);
    vec_each(const struct clock_level, l, &x->levels) one(w, &l->when), effects_walk(&l->does, of_effect, w);
  }
  if (r->views) each_of(w, &r->views->list);
}
static void of_message(struct expr_walker *w, const struct message *x) {
  one(w, &x->when), one(w, &x->key);
  vec_each(const struct message_field, f, &x->fields) one(w, &f->value);
  effects_walk(&x->does, of_effect, w);
}
static void of_public(struct expr_walker *w, const struct system *s) {
  vec_each(const struct public_form, x, &s->public->forms) named(w, &x->fixed);
  vec_each(const struct public_page, x, &s->public->pages) {
    w->r = part_find(&s->records, x->of.text);
    one(w, &x->where), one(w, &x->until), each_of(w, &x->shows);
  }
}
void system_exprs(const struct system *s, expr_visit visit, void *arg) {
  struct expr_walker w = {NULL, visit, arg};
  vec_each(const struct role, x, &s->roles)
    vec_each(const struct sees, y, &x->sees) {
      w.r = part_find(&s->records, y->head.name.text);
      one(&w, &y->where);
    }
  vec_each(const struct record, x, &s->records) of_record(&w, x);
  vec_each(const struct measure, x, &s->measures) {
    w.r = part_find(&s->records, x->of.text);
    one(&w, &x->where), one(&w, &x->sum), one(&w, &x->distinct), one(&w, &x->mean), one(&w, &x->median);
    one(&w, &x->on), one(&w, &x->value), each_of(&w, &x->by);
  }
  vec_each(const struct message, x, &s->messages) {
    w.r = part_find(&s->records, x->of.text);
    of_message(&w, x);
  }
  vec_each(const struct paper, x, &s->papers) {
    w.r = part_find(&s->records, x->of.text);
    one(&w, &x->when);
  }
  if (s->public) of_public(&w, s);
  if (s->privacy)
    vec_each(const struct opening, x, &s->privacy->openings) {
      w.r = opening_record(s, x);
      one(&w, &x->when);
    }
  if (!s->ledger) return;
  vec_each(const struct bulletin, x, &s->ledger->bulletin) {
    w.r = part_find(&s->records, x->of.text);
    one(&w, &x->where), each_of(&w, &x->shows);
  }
}
