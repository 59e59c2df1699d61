/* What must not flow. A value carries the class of its field; where it goes to has a class too. A computed field may not tell
 * more than its own class, so that its class stands for all it was made of and one look at each place is the whole proof
 * (Denning, A Lattice Model of Secure Information Flow, 1976). Whether something happens tells its condition. What flows all the
 * same stands in privacy.releases, word for word. */
#include "declare/typing.h"
#include "texts.h"

/* The class of a field: as said, but telephones are at least personal, accounts and identity numbers at least sensitive. */
static int class_of(const struct field *f) {
  const int said = f->class.which ? f->class.which : CLASS_inner;
  switch (f->is.type) {
    case TYPE_phone:
    case TYPE_credit_code: return said > CLASS_personal ? said : CLASS_personal;
    case TYPE_bank_account:
    case TYPE_id_number: return said > CLASS_sensitive ? said : CLASS_sensitive;
    default: return said;
  }
}

/* ---- what may be told where ---- */

static bool role_reads(const struct system *s, struct str role, int class) {
  if (class <= CLASS_inner) return true;
  if (!s->privacy || class == CLASS_sealed) return false;
  const struct opens *o = part_find(&s->privacy->opens, str_of(class_name(class)));
  return o && words_have(&o->to, role);
}
/* The role that a receiver has: of self@fixer that of the field's persons. Who is found by an expression has none here. */
static struct str role_of(const struct record *r, struct str receiver) {
  const struct who_said who = who_read(receiver);
  const struct field *f = r && who.kind == WHO_SELF_AT ? field_find(r, who.field) : NULL;
  if (f) return f->is.name;
  return who.kind == WHO_ROLE || who.kind == WHO_ROLE_AT ? who.role : STR("");
}
static bool receivers_read(const struct system *s, const struct sink *to, int class) {
  vec_each(const struct word, w, to->receivers)
    if (!role_reads(s, role_of(to->record, w->text), class)) return false;
  return true;
}
/* That a record is there, and in which state, is known to everybody who sees it. */
static bool seers_read(const struct system *s, const struct record *r, int class) {
  vec_each(const struct role, role, &s->roles) {
    const struct sees *x = part_find(&role->sees, r->head.name.text);
    const bool sees = x && x->scope.which && x->scope.which != SEES_none;
    if (sees && !role_reads(s, role->head.name.text, class)) return false;
  }
  return true;
}
static bool fits(const struct system *s, const struct sink *to, int class) {
  switch (to->kind) {
    case SINK_NONE: return true;
    case SINK_FIELD: return class <= (to->field ? class_of(to->field) : CLASS_inner);
    case SINK_NOTIFY: return receivers_read(s, to, class);
    case SINK_STATE:
    case SINK_CREATE: return seers_read(s, to->record, class);
    default: return class <= CLASS_inner;
  }
}

/* ---- releases ---- */

static struct str target_text(struct typing *t, const struct sink *to) {
  struct arena *mem = t->c->mem;
  const struct str record = to->record ? to->record->head.name.text : to->name;
  switch (to->kind) {
    case SINK_FIELD: return str_fmt(mem, "field " STRF "." STRF, STRA(record), STRA(to->field->head.name.text));
    case SINK_STATE: return str_fmt(mem, "state " STRF, STRA(record));
    case SINK_CREATE:
    case SINK_FOREIGN: return str_fmt(mem, "create " STRF, STRA(record));
    case SINK_MESSAGE: return str_fmt(mem, "message " STRF, STRA(to->name));
    case SINK_MEASURE: return str_fmt(mem, "measure " STRF, STRA(to->name));
    case SINK_PAPER: return str_fmt(mem, "paper " STRF, STRA(to->name));
    case SINK_PAGE: return str_fmt(mem, "page " STRF, STRA(to->name));
    case SINK_TASK: return STR("task");
    default: return STR("notify");
  }
}
static bool goes_to(const struct release *r, const struct sink *to, struct str target) {
  struct str role;
  if (to->kind != SINK_NOTIFY) return str_eq(r->to.text, target);
  if (!str_starts(r->to.text, STR("notify "))) return false;
  role = str_from(r->to.text, sizeof "notify " - 1);
  vec_each(const struct word, w, to->receivers)
    if (str_eq(role_of(to->record, w->text), role)) return true;
  return false;
}
static bool is_released(struct typing *t, const struct reading *x, const struct sink *to) {
  const struct privacy *p = t->c->s->privacy;
  const struct str target = target_text(t, to);
  const struct str from =
      str_fmt(t->c->mem, STRF "." STRF, STRA(x->record->head.name.text), STRA(x->field->head.name.text));
  bool found = false;
  for (size_t i = 0; p && i < p->releases.len; i++) {
    const struct release *r = &p->releases.at[i];
    if (!str_eq(r->from.text, from) || !goes_to(r, to, target)) continue;
    t->released[i] = found = true;
  }
  return found;
}

static enum fault_code code_of(const struct sink *to) {
  if (to->kind == SINK_FOREIGN) return FAULT_P002;
  if (to->kind == SINK_MESSAGE) return FAULT_X003;
  if (to->by_condition) return FAULT_P003;
  return to->kind == SINK_NOTIFY ? FAULT_P006 : FAULT_P001;
}
void leaks_check(struct typing *t, struct word at, const struct sink *to) {
  if (to->kind == SINK_NONE) return;
  vec_each(const struct reading, x, &t->m.reads) {
    const int class = class_of(x->field);
    if (fits(t->c->s, to, class) || is_released(t, x, to)) continue;
    struct fault *y = tell(t->c, code_of(to), at, "name", x->field->label.text);
    (void)fault_arg(y, "class", str_of(class_name(class)));
    (void)fault_arg(y, "from",
                    str_fmt(t->c->mem, STRF "." STRF, STRA(x->record->head.name.text), STRA(x->field->head.name.text)));
    (void)fault_arg(y, "to", target_text(t, to));
  }
}
void leaks_end(struct typing *t) {
  const struct privacy *p = t->c->s->privacy;
  for (size_t i = 0; p && i < p->releases.len; i++) {
    const struct release *r = &p->releases.at[i];
    if (!t->released[i]) (void)tell(t->c, FAULT_P008, r->from, "name", r->id.text);
  }
}
