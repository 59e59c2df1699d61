/* Packages against one another: what `uses` names is there, and no package needs itself by way of others. */
#include "base/yaml.h"
#include "declare/check.h"
#include "declare/package.h"
#include "texts.h"

struct uses_check {
  struct faults *f; /* of the package that is looked at */
  const struct package *all;
  size_t count;
  bool *seen; /* while looking for a circle: what lies behind this one was looked at */
};

static size_t number_of(const struct uses_check *u, struct str name) {
  size_t i = 0;
  while (i < u->count && !str_eq(u->all[i].name, name)) i++;
  return i;
}
static const struct system *find(const struct uses_check *u, struct str name) {
  const size_t i = number_of(u, name);
  return i < u->count ? u->all[i].system : NULL;
}
static void lacking(struct uses_check *u, struct place at, struct str name, int kind) {
  fault_arg(faults_add(u->f, FAULT_N003, at), "name", name)->kind = kind;
}

/* ---- what is named ---- */

static void check_inputs(struct uses_check *u, const struct act *a, const struct yaml *names) {
  for (const struct yaml *y = names->child; y; y = y->next)
    if (!words_have(&a->asks, y->text) && !words_have(&a->may, y->text) && !part_find(&a->takes, y->text))
      lacking(u, node_place(y), y->text, MSG_declare_kind_field);
}
static void check_record_used(struct uses_check *u, const struct record *r, const struct yaml *said) {
  const struct yaml *acts = yaml_get(said, "acts"), *read = yaml_get(said, "fields");
  for (const struct yaml *y = acts ? acts->child : NULL; y; y = y->next) {
    const struct act *a = part_find(&r->acts, y->key);
    if (!a) lacking(u, key_place(y), y->key, MSG_declare_kind_act);
    else check_inputs(u, a, y);
  }
  for (const struct yaml *y = read ? read->child : NULL; y; y = y->next)
    if (!field_find(r, y->text) && system_field(y->text) == TYPE_missing)
      lacking(u, node_place(y), y->text, MSG_declare_kind_field);
}
static void check_uses(struct uses_check *u, const struct uses *x, const struct system *other) {
  for (const struct yaml *y = x->said ? x->said->child : NULL; y; y = y->next) {
    if (str_eqz(y->key, "measures")) {
      for (const struct yaml *m = y->child; m; m = m->next)
        if (!part_find(&other->measures, m->text)) lacking(u, node_place(m), m->text, MSG_declare_kind_measure);
      continue;
    }
    const struct record *r = part_find(&other->records, y->key);
    if (!r) lacking(u, key_place(y), y->key, MSG_declare_kind_record);
    else check_record_used(u, r, y);
  }
}

/* ---- circles ---- */

static bool leads_to(struct uses_check *u, struct str from, struct str home, struct buf *path) {
  const size_t i = number_of(u, from), before = path->len;
  buf_fmt(path, " → " STRF, STRA(from));
  if (str_eq(from, home)) return true;
  const struct system *s = i < u->count && !u->seen[i] ? u->all[i].system : NULL;
  if (s) u->seen[i] = true;
  for (size_t k = 0; s && k < s->uses.len; k++)
    if (leads_to(u, s->uses.at[k].head.name.text, home, path)) return true;
  path->len = before;
  return false;
}
static void check_circle(struct uses_check *u, const struct package *p, const struct uses *x) {
  AUTO_BUF path = BUF_MAX(16 << 10);
  buf_str(&path, p->name);
  memset(u->seen, 0, u->count * sizeof *u->seen);
  if (!leads_to(u, x->head.name.text, p->name, &path)) return;
  struct fault *y = faults_add(u->f, FAULT_N006, word_place(x->head.name));
  (void)fault_arg(y, "path", str_dup(u->f->mem, buf_view(&path)));
}

void packages_check_uses(struct faults *f, const struct package *all, size_t count, size_t which) {
  struct uses_check u = {f, all, count, arena_new_n(f->mem, bool, count)};
  const struct package *p = &all[which];
  if (!p->system) return;
  vec_each(const struct uses, x, &p->system->uses) {
    const struct system *other = find(&u, x->head.name.text);
    if (other) check_uses(&u, x, other);
    check_circle(&u, p, x);
  }
  faults_sort(f);
}
