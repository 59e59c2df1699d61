/* Walks two declarations side by side by the tables of the language. Every difference is a path; a list of rules says what a
 * difference at such a path means, the first that fits; what no rule names applies at once. */
#include "declare/upgrade.h"

#include "base/yaml.h"
#include "declare/language.h"
#include "declare/upgrade_rules.h"
#include "texts.h"

static bool same_value(const struct key *k, const struct yaml *a, const struct yaml *b);
static const struct yaml *get_key(const struct part *p, const struct yaml *y, const struct key *k) {
  if (!y) return NULL;
  if (y->kind == YAML_MAP) return yaml_get(y, k->name);
  return p->brief && str_eqz(str_of(p->brief), k->name) ? y : NULL;
}

/* ---- the same ---- */

static bool same_yaml(const struct yaml *a, const struct yaml *b) {
  if (a->kind != b->kind || a->count != b->count || !str_eq(a->text, b->text)) return false;
  for (const struct yaml *c = a->child, *d = b->child; c; c = c->next, d = d->next)
    if (!str_eq(c->key, d->key) || !same_yaml(c, d)) return false;
  return true;
}
static bool same_part(const struct part *p, const struct yaml *a, const struct yaml *b) {
  if (p->whole) return same_value(p->whole, a, b);
  for (size_t i = 0; i < p->count; i++) {
    const struct yaml *x = get_key(p, a, &p->keys[i]), *y = get_key(p, b, &p->keys[i]);
    if (!x != !y || (x && !same_value(&p->keys[i], x, y))) return false;
  }
  return true;
}
static bool same_one(const struct key *k, const struct yaml *a, const struct yaml *b) {
  return k->shape == SHAPE_PART ? same_part(k->part, a, b) : same_yaml(a, b);
}
/* `a` and `[a]` say the same where one or several may stand. */
static bool same_value(const struct key *k, const struct yaml *a, const struct yaml *b) {
  if (k->many == ONE) return same_one(k, a, b);
  const bool one_a = k->many == ONE_OR_LIST && a->kind != YAML_LIST,
             one_b = k->many == ONE_OR_LIST && b->kind != YAML_LIST;
  const struct yaml *x = one_a ? a : a->child, *y = one_b ? b : b->child;
  while (x && y) {
    if ((k->many == MAP && !str_eq(x->key, y->key)) || !same_one(k, x, y)) return false;
    x = one_a ? NULL : x->next;
    y = one_b ? NULL : y->next;
  }
  return !x && !y;
}

/* ---- the walk ---- */

struct walk {
  struct upgrade_work *work;
  struct str step[UPGRADE_STEPS];
  size_t depth;
};
static void walk_part(struct walk *w, const struct part *p, const struct yaml *a, const struct yaml *b);
static void found(struct walk *w, const struct yaml *a, const struct yaml *b) {
  struct upgrade_change c = {.depth = w->depth, .before = a, .now = b};
  memcpy(c.step, w->step, sizeof c.step);
  upgrade_judge(w->work, &c);
}
static const struct yaml *element(const struct yaml *list, struct str name, bool by_id) {
  for (const struct yaml *c = list ? list->child : NULL; c; c = c->next) {
    const struct yaml *id = by_id ? yaml_get(c, "id") : NULL;
    if (by_id ? id && str_eq(id->text, name) : str_eq(c->key, name)) return c;
  }
  return NULL;
}
static struct str name_of(const struct yaml *c, bool by_id) {
  const struct yaml *id = by_id ? yaml_get(c, "id") : NULL;
  return by_id && id ? id->text : c->key;
}
static void walk_elements(struct walk *w, const struct key *k, const struct yaml *a, const struct yaml *b, bool by_id) {
  must(w->depth < UPGRADE_STEPS);
  w->depth++;
  for (const struct yaml *c = b ? b->child : NULL; c; c = c->next) {
    w->step[w->depth - 1] = name_of(c, by_id);
    const struct yaml *old = element(a, w->step[w->depth - 1], by_id);
    if (old) walk_part(w, k->part, old, c);
    else found(w, NULL, c);
  }
  for (const struct yaml *c = a ? a->child : NULL; c; c = c->next) {
    w->step[w->depth - 1] = name_of(c, by_id);
    if (!element(b, w->step[w->depth - 1], by_id)) found(w, c, NULL);
  }
  w->depth--;
}
static void walk_key(struct walk *w, const struct key *k, const struct yaml *a, const struct yaml *b) {
  const bool is_part = k->shape == SHAPE_PART, by_id = is_part && k->many == LIST && language_key(k->part, STR("id"));
  if (is_part && (k->many == MAP || by_id)) walk_elements(w, k, a, b, by_id);
  else if (!a || !b) found(w, a, b);
  else if (is_part && k->many == ONE) walk_part(w, k->part, a, b);
  else if (!same_value(k, a, b)) found(w, a, b);
}
static void walk_part(struct walk *w, const struct part *p, const struct yaml *a, const struct yaml *b) {
  if (p->whole) {
    walk_key(w, p->whole, a, b);
    return;
  }
  must(w->depth < UPGRADE_STEPS);
  w->depth++;
  for (size_t i = 0; i < p->count; i++) {
    const struct yaml *x = get_key(p, a, &p->keys[i]), *y = get_key(p, b, &p->keys[i]);
    w->step[w->depth - 1] = str_of(p->keys[i].name);
    if (x || y) walk_key(w, &p->keys[i], x, y);
  }
  w->depth--;
}

void upgrade_compare(struct faults *f, const struct package *before, const struct package *now, struct upgrade *out) {
  *out = (struct upgrade){0};
  struct upgrade_work work = {.f = f, .before = before, .now = now, .out = out};
  struct walk w = {.work = &work};
  migrations_read(f, now, before->system->version.n, &out->migrations);
  walk_part(&w, &language_system, before->system->head.yaml, now->system->head.yaml);
  upgrade_end(&work);
  faults_sort(f);
}
