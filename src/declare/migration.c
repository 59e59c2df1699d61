/* The reader of migrations/. It knows the new version alone; what is said of states that are no more is a name and a target. */
#include "declare/migration.h"

#include "base/limits.h"
#include "base/yaml.h"
#include "declare/check.h"
#include "declare/read.h"
#include "texts.h"

struct step_file {
  const struct package_file *file;
  struct yaml *root;
  int64_t from, to;
};
typedef VEC(struct step_file) step_files;
struct read {
  struct faults *f;
  const struct package *now;
  migrations *out;
};

/* ---- faults ---- */

static struct fault *tell_at(struct faults *f, const struct package_file *file, enum fault_code code,
                             const struct yaml *y) {
  struct fault *x = faults_add(f, code, key_place(y));
  x->file = file->path;
  x->text = file->text;
  return x;
}
static void no_such(struct faults *f, const struct package_file *file, const struct yaml *y, int kind,
                    struct str name) {
  struct fault *x = fault_arg(tell_at(f, file, FAULT_N003, y), "name", name);
  x->kind = kind;
}

/* ---- files ---- */

static bool number_of(const struct yaml *y, int64_t *out) { return y && word_whole(y->text, out); }
static void read_file(struct faults *f, const struct package_file *file, step_files *out) {
  struct step_file s = {.file = file};
  struct err e = {0};
  if (!yaml_parse(f->mem, file->path, file->text, &s.root, &e)) {
    struct fault *x = faults_add(f, FAULT_Y010, (struct place){e.line ? e.line : 1, e.column ? e.column : 1, 0});
    x->file = file->path;
    x->text = file->text;
    return;
  }
  static const char *const heads[] = {"from", "to"};
  int64_t *const into[] = {&s.from, &s.to};
  for (size_t i = 0; i < COUNT_OF(heads); i++) {
    if (number_of(yaml_get(s.root, heads[i]), into[i])) continue;
    (void)fault_arg(fault_arg(tell_at(f, file, FAULT_Y005, s.root), "key", str_of(heads[i])), "part", file->path);
    return;
  }
  size_t k = out->len;
  vec_push(f->mem, out) = s;
  for (; k > 0 && out->at[k - 1].to > s.to; k--) out->at[k] = out->at[k - 1];
  out->at[k] = s;
}

/* ---- what one says of one record ---- */

static struct migration *of_record(struct read *r, struct str record) {
  vec_each(struct migration, m, r->out)
    if (str_eq(m->record, record)) return m;
  struct migration *m = &vec_push(r->f->mem, r->out);
  *m = (struct migration){.record = record};
  return m;
}
static void add(struct read *r, migration_list *list, const struct package_file *file, const struct yaml *y,
                struct str name, struct str text) {
  if (list->len == MIGRATION_LINES_MAX) {
    (void)fault_arg(fault_arg(tell_at(r->f, file, FAULT_Y012, y), "key", name), "limit",
                    str_int(r->f->mem, MIGRATION_LINES_MAX));
    return;
  }
  vec_push(r->f->mem, list) = (struct migration_said){name, text, file, y};
}
/* A state that an earlier file sent somewhere goes on from there. */
static void read_states(struct read *r, struct migration *m, const struct package_file *file, const struct yaml *said) {
  const size_t before = m->states.len;
  for (const struct yaml *y = said->child; y; y = y->next) {
    bool is_way = false;
    for (size_t i = 0; i < before; i++) {
      if (!str_eq(m->states.at[i].text, y->key)) continue;
      m->states.at[i] = (struct migration_said){m->states.at[i].name, y->text, file, y};
      is_way |= str_eq(m->states.at[i].name, y->key);
    }
    if (!is_way) add(r, &m->states, file, y, y->key, y->text);
  }
}
static void read_set(struct read *r, const struct record *of, struct migration *m, const struct package_file *file,
                     const struct yaml *said) {
  for (const struct yaml *y = said->child; y; y = y->next) {
    const struct field *x = part_find(&of->fields, y->key);
    if (!x) no_such(r->f, file, y, MSG_declare_kind_field, y->key);
    else if (has_expr(&x->value)) (void)fault_arg(tell_at(r->f, file, FAULT_F006, y), "name", y->key);
    else add(r, &m->set, file, y, y->key, y->text);
  }
}
static void read_recompute(struct read *r, const struct record *of, struct migration *m,
                           const struct package_file *file, const struct yaml *said) {
  for (const struct yaml *y = said->kind == YAML_LIST ? said->child : said; y;
       y = said->kind == YAML_LIST ? y->next : NULL) {
    if (!part_find(&of->clocks, y->text)) no_such(r->f, file, y, MSG_declare_kind_clock, y->text);
    else if (!migration_says(&m->recompute, y->text)) add(r, &m->recompute, file, y, y->text, (struct str){0});
  }
}
static void read_record(struct read *r, const struct package_file *file, const struct yaml *said) {
  const struct record *of = part_find(&r->now->system->records, said->key);
  if (!of) {
    no_such(r->f, file, said, MSG_declare_kind_record, said->key);
    return;
  }
  struct migration *m = of_record(r, said->key);
  for (const struct yaml *y = said->child; y; y = y->next) {
    if (str_eqz(y->key, "states")) read_states(r, m, file, y);
    else if (str_eqz(y->key, "set")) read_set(r, of, m, file, y);
    else if (str_eqz(y->key, "recompute")) read_recompute(r, of, m, file, y);
    else (void)fault_arg(fault_arg(tell_at(r->f, file, FAULT_Y004, y), "key", y->key), "part", said->key);
  }
}
static void check_targets(struct read *r) {
  vec_each(const struct migration, m, r->out) {
    const struct record *of = part_find(&r->now->system->records, m->record);
    vec_each(const struct migration_said, s, &m->states)
      if (!part_find(&of->states, s->text)) no_such(r->f, s->file, s->at, MSG_declare_kind_state, s->text);
  }
}

void migrations_read(struct faults *f, const struct package *now, int64_t from, migrations *out) {
  struct read r = {f, now, out};
  step_files files = {0};
  *out = (migrations){0};
  vec_each(const struct package_file, x, &now->files)
    if (str_starts(x->path, STR("migrations/"))) read_file(f, x, &files);
  vec_each(const struct step_file, s, &files) {
    if (s->from < from || s->to > now->system->version.n || s->to <= s->from) continue;
    for (const struct yaml *y = s->root->child; y; y = y->next)
      if (!str_eqz(y->key, "from") && !str_eqz(y->key, "to")) read_record(&r, s->file, y);
  }
  check_targets(&r);
}
const struct migration *migration_of(const migrations *all, struct str record) {
  vec_each(const struct migration, m, all)
    if (str_eq(m->record, record)) return m;
  return NULL;
}
const struct migration_said *migration_says(const migration_list *list, struct str name) {
  for (size_t i = list->len; i-- > 0;)
    if (str_eq(list->at[i].name, name)) return &list->at[i];
  return NULL;
}
