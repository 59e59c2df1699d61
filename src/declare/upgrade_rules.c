/* The rules of an upgrade, one row a kind of difference. Unsafe ones become faults; the others lines that a person reads. */
#include "declare/upgrade_rules.h"

#include "base/utf8.h"
#include "declare/check.h"
#include "declare/duration.h"
#include "declare/read.h"
#include "texts.h"

/* told(w, "visit", SET, "due"): what migrations/ say of it, or NULL. */
enum told_of { STATES, SET };
static const struct migration_said *told(const struct upgrade_work *w, struct str record, enum told_of what,
                                         struct str name) {
  const struct migration *m = migration_of(&w->out->migrations, record);
  return m ? migration_says(what == STATES ? &m->states : &m->set, name) : NULL;
}

/* ---- what is said of a change ---- */

static struct str label_of(const struct yaml *y) {
  const struct yaml *label = yaml_get(y, "label");
  return label ? label->text : (struct str){0};
}
static void say(struct upgrade_work *w, const struct upgrade_change *c, bool by_itself, int msg, struct msg_arg arg) {
  const struct yaml *y = c->now ? c->now : c->before;
  struct str path = c->step[0];
  for (size_t i = 1; i < c->depth; i++) path = str_fmt(w->f->mem, STRF "." STRF, STRA(path), STRA(c->step[i]));
  upgrade_lines *lines = by_itself ? &w->out->automatic : &w->out->told;
  const char sign = !c->before ? '+' : !c->now ? '-' : '~';
  vec_push(w->f->mem, lines) = (struct upgrade_line){sign, path, label_of(y), msg, arg};
}
static void say_auto(struct upgrade_work *w, const struct upgrade_change *c, int msg) {
  say(w, c, true, msg, (struct msg_arg){0});
}
/* What is gone has no place in the new file: the nearest of its parents that is still there stands for it. */
static const struct yaml *still_there(const struct upgrade_work *w, const struct upgrade_change *c) {
  const struct yaml *y = w->now->system->head.yaml;
  for (size_t i = 0; i < c->depth; i++) {
    const struct yaml *next = y->kind == YAML_MAP ? yaml_get(y, str_z(w->f->mem, c->step[i])) : NULL;
    if (!next) break;
    y = next;
  }
  return y;
}
static struct fault *unsafe(struct upgrade_work *w, const struct upgrade_change *c, enum fault_code code) {
  const struct yaml *y = c->now ? c->now : still_there(w, c);
  return fault_arg(faults_add(w->f, code, key_place(y)), "name", c->step[c->depth - 1]);
}
static struct str text_of(const struct yaml *y) { return y ? y->text : (struct str){0}; }

/* ---- records and fields ---- */

static const struct field *field_of(const struct package *p, struct str record, struct str name) {
  vec_each(const struct record, r, &p->system->records)
    if (str_eq(r->head.name.text, record))
      vec_each(const struct field, x, &r->fields)
        if (str_eq(x->head.name.text, name)) return x;
  return NULL;
}
static bool is_renamed(const struct upgrade_work *w, struct str record, struct str old) {
  vec_each(const struct record, r, &w->now->system->records)
    if (str_eq(r->head.name.text, record))
      vec_each(const struct field, x, &r->fields)
        if (has_word(x->was) && str_eq(x->was.text, old)) return true;
  return false;
}
static void want_value(struct upgrade_work *w, const struct upgrade_change *c, const struct field *x) {
  const struct str record = c->step[1], name = c->step[3];
  if (has_expr(&x->value)) say_auto(w, c, MSG_upgrade_field_job);
  else if (told(w, record, SET, name)) say(w, c, false, MSG_upgrade_given, (struct msg_arg){0});
  else {
    struct fault *y = unsafe(w, c, FAULT_U001);
    y->args[0].value = name;
  }
}
static void field_added(struct upgrade_work *w, const struct upgrade_change *c) {
  const struct field *x = field_of(w->now, c->step[1], c->step[3]);
  const bool renamed = has_word(x->was) && field_of(w->before, c->step[1], x->was.text);
  if (renamed) say(w, c, true, MSG_upgrade_field_renamed, (struct msg_arg){"name", x->was.text});
  else if (x->need.which || has_expr(&x->value)) want_value(w, c, x);
  else say_auto(w, c, MSG_upgrade_field_added);
}
static void field_removed(struct upgrade_work *w, const struct upgrade_change *c) {
  if (!is_renamed(w, c->step[1], c->step[3])) say_auto(w, c, MSG_upgrade_field_removed);
}
static void need_changed(struct upgrade_work *w, const struct upgrade_change *c) {
  if (c->now && str_eqz(c->now->text, "yes")) want_value(w, c, field_of(w->now, c->step[1], c->step[3]));
  else say_auto(w, c, MSG_upgrade_changed);
}
static bool is_wider(const struct type_said *a, const struct type_said *b) {
  enum { CODE_MOST = 40 };
  if (a->type == TYPE_code && b->type == TYPE_text) return b->most >= CODE_MOST;
  const bool same_name = str_eq(a->name, b->name) || (!b->name.len && b->type != TYPE_ref && b->type != TYPE_refs);
  return a->type == b->type && str_eq(a->unit, b->unit) && same_name && a->most <= b->most && a->places <= b->places;
}
static void type_changed(struct upgrade_work *w, const struct upgrade_change *c) {
  const struct field *a = field_of(w->before, c->step[1], c->step[3]), *b = field_of(w->now, c->step[1], c->step[3]);
  if (is_wider(&a->is, &b->is)) say_auto(w, c, MSG_upgrade_wider);
  else if (told(w, c->step[1], SET, c->step[3])) say(w, c, false, MSG_upgrade_given, (struct msg_arg){0});
  else {
    struct fault *x = unsafe(w, c, FAULT_U002);
    x->args[0].value = c->step[3];
    (void)fault_arg(fault_arg(x, "old", a->is.word.text), "new", b->is.word.text);
  }
}
/* A column of rows: the values of rows are not worked out anew, so nothing but widening in its place is possible. */
static void column_type_changed(struct upgrade_work *w, const struct upgrade_change *c) {
  const struct field *a = field_of(w->before, c->step[1], c->step[3]), *b = field_of(w->now, c->step[1], c->step[3]);
  const struct field *x = part_find(&a->fields, c->step[5]), *y = part_find(&b->fields, c->step[5]);
  if (is_wider(&x->is, &y->is) && x->is.places == y->is.places) {
    say_auto(w, c, MSG_upgrade_wider);
    return;
  }
  struct fault *told_so = unsafe(w, c, FAULT_U002);
  told_so->args[0].value = c->step[5];
  told_so->hint = MSG_upgrade_column_hint;
  (void)fault_arg(fault_arg(told_so, "old", x->is.word.text), "new", y->is.word.text);
}
/* Numbers of persons and accounts are never below a class of their own. */
static int class_of(const struct field *x) {
  const enum type_word t = x->is.type;
  const bool is_account = t == TYPE_bank_account || t == TYPE_id_number;
  const int least = is_account                                 ? CLASS_sensitive
                    : t == TYPE_phone || t == TYPE_credit_code ? CLASS_personal
                                                               : CLASS_open;
  const int said = x->class.which ? x->class.which : CLASS_inner;
  return said > least ? said : least;
}
static struct str class_word(struct upgrade_work *w, const struct upgrade_change *c, const struct package *p) {
  const struct field *x = field_of(p, c->step[1], c->step[3]);
  return has_word(x->class.word) ? x->class.word.text : str_dup(w->f->mem, STR("inner"));
}
static void class_changed(struct upgrade_work *w, const struct upgrade_change *c) {
  const struct field *a = field_of(w->before, c->step[1], c->step[3]), *b = field_of(w->now, c->step[1], c->step[3]);
  if (class_of(b) >= class_of(a)) {
    say_auto(w, c, MSG_upgrade_safer);
    return;
  }
  struct fault *x = unsafe(w, c, FAULT_U006);
  x->at = word_place(has_word(b->class.word) ? b->class.word : b->head.name);
  x->args[0].value = c->step[3];
  (void)fault_arg(fault_arg(x, "old", class_word(w, c, w->before)), "new", class_word(w, c, w->now));
}

/* ---- states, clocks, lists ---- */

static bool has_state(const struct package *p, struct str record, struct str name) {
  vec_each(const struct record, r, &p->system->records)
    if (str_eq(r->head.name.text, record))
      vec_each(const struct state, x, &r->states)
        if (str_eq(x->head.name.text, name)) return true;
  return false;
}
static struct str any_state(const struct package *p, struct str record) {
  vec_each(const struct record, r, &p->system->records)
    if (str_eq(r->head.name.text, record) && r->states.len) return r->states.at[0].head.name.text;
  return STR("…");
}
static void state_removed(struct upgrade_work *w, const struct upgrade_change *c) {
  const struct str record = c->step[1], name = c->step[3];
  const struct migration_said *to = told(w, record, STATES, name);
  if (to && has_state(w->now, record, to->text)) {
    say(w, c, false, MSG_upgrade_mapped, (struct msg_arg){"name", to->text});
    return;
  }
  const struct str next = any_state(w->now, record);
  (void)fault_arg(unsafe(w, c, FAULT_U003), "example",
                  str_fmt(w->f->mem, "{" STRF ": " STRF "}", STRA(name), STRA(next)));
}
static void record_added(struct upgrade_work *w, const struct upgrade_change *c) {
  say_auto(w, c, MSG_upgrade_record_added);
}
static void record_removed(struct upgrade_work *w, const struct upgrade_change *c) { (void)unsafe(w, c, FAULT_U004); }
static void code_removed(struct upgrade_work *w, const struct upgrade_change *c) { (void)unsafe(w, c, FAULT_U005); }
static void clock_changed(struct upgrade_work *w, const struct upgrade_change *c) {
  say_auto(w, c, MSG_upgrade_clock_changed);
}
static void table_changed(struct upgrade_work *w, const struct upgrade_change *c) {
  say_auto(w, c, MSG_upgrade_table_changed);
}

/* ---- privacy ---- */

static void release_changed(struct upgrade_work *w, const struct upgrade_change *c) {
  vec_each(const struct release, x, &w->now->system->privacy->releases) {
    if (!str_eq(x->id.text, c->step[2])) continue;
    struct fault *y = faults_add(w->f, FAULT_U007, word_place(x->id));
    (void)fault_arg(fault_arg(fault_arg(y, "name", x->id.text), "from", x->from.text), "to", x->to.text);
  }
}
static void stricter(struct upgrade_work *w, const struct upgrade_change *c) { say_auto(w, c, MSG_upgrade_safer); }
/* Of months against days what is certain counts: a month has at least 28 days. What cannot be told is asked. */
static bool may_be_longer(struct str now, struct str before) {
  enum { MONTH_LEAST = 28, YEAR_MONTHS = 12, WEEK_DAYS = 7 };
  struct duration a, b;
  if (!duration_parse(now, &a) || !duration_parse(before, &b)) return true;
  const enum duration_order order = duration_cmp(a, b);
  if (order != DURATION_UNLIKE) return order == DURATION_MORE;
  const bool days_first = duration_family(a.unit) == DURATION_DAY && duration_family(b.unit) == DURATION_MONTH;
  if (!days_first) return true;
  const int64_t months = b.unit == DURATION_years ? YEAR_MONTHS : 1, days = a.unit == DURATION_weeks ? WEEK_DAYS : 1;
  return a.n > INT32_MAX || b.n > INT32_MAX || a.n * days > b.n * months * MONTH_LEAST;
}
static void kept_longer(struct upgrade_work *w, const struct upgrade_change *c) {
  struct fault *x = unsafe(w, c, FAULT_U008);
  x->args[0].value = c->step[2];
  (void)fault_arg(fault_arg(x, "old", text_of(c->before)), "new", c->now ? c->now->text : STR("∞"));
}
static void keep_removed(struct upgrade_work *w, const struct upgrade_change *c) {
  struct upgrade_change said = *c;
  said.before = yaml_get(c->before, "for");
  kept_longer(w, &said);
}
static void keep_for_changed(struct upgrade_work *w, const struct upgrade_change *c) {
  if (may_be_longer(c->now->text, c->before->text)) kept_longer(w, c);
  else stricter(w, c);
}
static void keep_then_changed(struct upgrade_work *w, const struct upgrade_change *c) {
  if (str_eqz(c->now->text, "archive")) kept_longer(w, c);
  else stricter(w, c);
}
static bool says_never(const struct package *p, struct str word) {
  vec_each(const struct word, x, &p->system->privacy->never)
    if (str_eq(x->text, word)) return true;
  return false;
}
static void never_changed(struct upgrade_work *w, const struct upgrade_change *c) {
  const size_t before = w->f->errors;
  vec_each(const struct word, x, &w->before->system->privacy->never)
    if (!says_never(w->now, x->text)) unsafe(w, c, FAULT_U009)->args[0].value = x->text;
  if (w->f->errors == before) stricter(w, c);
}

/* ---- the rules ---- */

enum { ADDED = 1, REMOVED = 2, CHANGED = 4, ANY = 7 };
static void number_changed(struct upgrade_work *w, const struct upgrade_change *c) { (void)w, (void)c; }
static const struct rule {
  const char *path; /* * is any name; what is deeper fits as well */
  int what;
  void (*judge)(struct upgrade_work *w, const struct upgrade_change *c);
} rules[] = {
    {"version", ANY, number_changed},
    {"records *", ADDED, record_added},
    {"records *", REMOVED, record_removed},
    {"records * fields * need", ANY, need_changed},
    {"records * fields * is", CHANGED, type_changed},
    {"records * fields * fields * is", CHANGED, column_type_changed},
    {"records * fields * class", ANY, class_changed},
    {"records * fields *", ADDED, field_added},
    {"records * fields *", REMOVED, field_removed},
    {"records * states *", REMOVED, state_removed},
    {"records * clocks *", CHANGED, clock_changed},
    {"lists * items *", REMOVED, code_removed},
    {"tables *", CHANGED, table_changed},
    {"privacy releases * why", ANY, NULL},
    {"privacy releases *", ADDED | CHANGED, release_changed},
    {"privacy releases *", REMOVED, stricter},
    {"privacy keep *", ADDED, stricter},
    {"privacy keep *", REMOVED, keep_removed},
    {"privacy keep * for", CHANGED, keep_for_changed},
    {"privacy keep * then", CHANGED, keep_then_changed},
    {"privacy keep * after", CHANGED, kept_longer},
    {"privacy never", ANY, never_changed},
};
/* An element is added or removed as a whole at the depth of the rule; deeper down it is changed. */
static bool fits(const struct rule *r, const struct upgrade_change *c) {
  struct str one, rest = str_of(r->path);
  size_t i = 0;
  for (bool more = true; more; i++) {
    more = str_cut(rest, STR(" "), &one, &rest);
    if (!more) one = rest;
    if (i == c->depth || (!str_eqz(one, "*") && !str_eq(one, c->step[i]))) return false;
  }
  const int what = i < c->depth || (c->before && c->now) ? CHANGED : c->now ? ADDED : REMOVED;
  return r->what & what;
}
void upgrade_judge(struct upgrade_work *w, const struct upgrade_change *c) {
  w->changed = true;
  for (size_t i = 0; i < COUNT_OF(rules); i++) {
    if (!fits(&rules[i], c)) continue;
    if (rules[i].judge) rules[i].judge(w, c);
    else break;
    return;
  }
  say_auto(w, c, !c->before ? MSG_upgrade_added : !c->now ? MSG_upgrade_removed : MSG_upgrade_changed);
}
void upgrade_end(struct upgrade_work *w) {
  const struct number_word *a = &w->before->system->version, *b = &w->now->system->version;
  if (!w->changed || b->n > a->n) return;
  (void)fault_arg(faults_add(w->f, FAULT_U010, word_place(b->word)), "old", str_int(w->f->mem, a->n));
}
