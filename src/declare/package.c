/* A folder is a set of files with known places. What lies in it and has no place is refused: a package that carries what
 * nobody reads is one that somebody will trust for the wrong reason. */
#include "declare/package.h"

#include "base/embed.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "declare/check_demo.h"
#include "declare/paper.h"
#include "declare/read.h"
#include "declare/story.h"
#include "declare/table_file.h"
#include "texts.h"

static const struct place_of {
  const char *folder, *ending;
} folders[] = {{"scenarios", ".yaml"}, {"tables", ".csv"}, {"papers", ".html"},
               {"texts", ".yaml"},     {"demo", ".csv"},   {"migrations", ".yaml"}};

/* ---- load ---- */

struct loader {
  struct arena *mem;
  struct str dir;
  struct package *out;
  size_t bytes;
};
static bool load_file(struct loader *l, struct str path, struct err *e) {
  struct package_file *file = &vec_push(l->mem, &l->out->files);
  file->path = path;
  TRY(file_read(l->mem, str_fmt(l->mem, STRF "/" STRF, STRA(l->dir), STRA(path)), PACKAGE_MAX, &file->text, e));
  l->bytes += file->text.len;
  if (l->bytes <= PACKAGE_MAX && l->out->files.len <= PACKAGE_FILES_MAX) return true;
  return fail(e, ERR_TOO_LARGE, MSG_declare_package_large, "limit", str_fmt(l->mem, "%d MB", PACKAGE_MAX >> 20));
}
static bool is_of_editor(struct str name) { return str_starts(name, STR(".")) || str_ends(name, STR("~")); }
static bool load_folder(struct loader *l, struct str folder, struct err *e) {
  struct str_list names;
  const struct str dir = folder.len ? str_fmt(l->mem, STRF "/" STRF, STRA(l->dir), STRA(folder)) : l->dir;
  TRY(file_list(l->mem, dir, &names, e));
  for (size_t i = 0; i < names.len; i++) {
    const struct str name = names.at[i];
    if (is_of_editor(name)) continue;
    TRY(load_file(l, folder.len ? str_fmt(l->mem, STRF "/" STRF, STRA(folder), STRA(name)) : name, e));
  }
  return true;
}
bool package_load(struct arena *mem, struct str dir, struct package *out, struct err *e) {
  struct str_list inner;
  while (dir.len > 1 && str_ends(dir, STR("/"))) dir.len--;
  struct loader l = {mem, dir, out, 0};
  *out = (struct package){.name = file_base(dir)};
  TRY(load_folder(&l, STR(""), e));
  TRY(file_folders(mem, dir, &inner, e));
  for (size_t i = 0; i < inner.len; i++) TRY(load_folder(&l, inner.at[i], e));
  return true;
}

/* ---- built in ---- */

#define SYSTEMS STR("systems/")
void packages_built_in(struct arena *mem, package_names *out) {
  size_t n = 0;
  const struct embedded *all = embed_all(&n);
  for (size_t i = 0; i < n; i++) {
    struct str path = str_of(all[i].path), name, rest;
    if (!str_starts(path, SYSTEMS) || !str_cut(str_from(path, SYSTEMS.len), STR("/"), &name, &rest)) continue;
    if (str_eqz(rest, "system.yaml")) vec_push(mem, out) = name;
  }
}
bool package_built_in(struct arena *mem, struct str name, struct package *out, struct err *e) {
  const struct str head = str_fmt(mem, "systems/" STRF "/", STRA(name));
  size_t n = 0;
  const struct embedded *all = embed_all(&n);
  *out = (struct package){.name = name};
  for (size_t i = 0; i < n; i++) {
    const struct str path = str_of(all[i].path);
    if (str_starts(path, head))
      vec_push(mem, &out->files) = (struct package_file){str_from(path, head.len), all[i].bytes};
  }
  return out->files.len || fail(e, ERR_NOT_FOUND, MSG_declare_no_system, "name", name);
}
struct str package_digest(struct arena *mem, const struct package *p) {
  AUTO_BUF b = BUF_MAX(2 * PACKAGE_MAX);
  vec_each(const struct package_file, f, &p->files) {
    buf_fmt(&b, STRF "\n%zu\n", STRA(f->path), f->text.len);
    buf_str(&b, f->text);
  }
  return hash_hex(mem, hash_sha256(buf_view(&b)));
}

/* ---- check ---- */

const struct package_file *package_file(const struct package *p, struct str path) {
  vec_each(const struct package_file, x, &p->files)
    if (str_eq(x->path, path)) return x;
  return NULL;
}
static bool has_place(struct str path) {
  struct str folder, name;
  if (!str_cut(path, STR("/"), &folder, &name)) return str_eqz(path, "system.yaml") || str_eqz(path, "scenario.yaml");
  for (size_t i = 0; i < COUNT_OF(folders); i++)
    if (str_eqz(folder, folders[i].folder)) return str_ends(name, str_of(folders[i].ending));
  return false;
}
static void check_files(struct faults *f, const struct package *p, struct str prefix) {
  vec_each(const struct package_file, x, &p->files) {
    if (has_place(x->path)) continue;
    struct fault *y = fault_arg(faults_add(f, FAULT_Y014, (struct place){1, 1, 0}), "name", x->path);
    y->file = str_join(f->mem, prefix, x->path);
    y->text = STR("");
  }
}
static void want_file(struct faults *f, const struct package *p, struct word path) {
  if (!has_word(path) || package_file(p, path.text)) return;
  struct fault *x = fault_arg(faults_add(f, FAULT_N003, word_place(path)), "name", path.text);
  x->kind = MSG_declare_kind_file;
}
static void check_files_named(struct faults *f, const struct package *p) {
  const struct system *s = p->system;
  vec_each(const struct table, t, &s->tables) {
    want_file(f, p, t->file);
    vec_each(const struct table_version, v, &t->versions) want_file(f, p, v->file);
  }
  vec_each(const struct paper, x, &s->papers) want_file(f, p, x->template_);
  if (has_word(s->system) && !str_eq(s->system.text, p->name)) {
    struct fault *x = fault_arg(faults_add(f, FAULT_Y011, word_place(s->system)), "text", s->system.text);
    (void)fault_arg(fault_arg(x, "key", STR("system")), "words", p->name);
  }
}
/* After the check of the declaration, whose faults point into system.yaml; these point into the files. */
static void read_table_files(struct faults *f, struct package *p, struct str prefix) {
  vec_each(struct table, t, &p->system->tables) {
    const struct package_file *file = has_word(t->file) ? package_file(p, t->file.text) : NULL;
    const struct str was = f->file, text = f->text;
    if (!file) continue;
    f->file = str_join(f->mem, prefix, file->path);
    f->text = file->text;
    table_file_read(f, t, file->text);
    f->file = was;
    f->text = text;
  }
}
static void check_papers(struct faults *f, const struct package *p, struct str prefix, const struct world *w) {
  struct paper_template read;
  vec_each(const struct paper, x, &p->system->papers) {
    const struct package_file *file = has_word(x->template_) ? package_file(p, x->template_.text) : NULL;
    if (file) (void)paper_read(f, p->system, w, x, str_join(f->mem, prefix, file->path), file->text, &read);
  }
}
void package_check(struct faults *f, struct package *p, struct str prefix, const struct world *w) {
  const struct package_file *said = package_file(p, STR("system.yaml"));
  f->file = str_join(f->mem, prefix, STR("system.yaml"));
  check_files(f, p, prefix);
  if (!said || !package_file(p, STR("scenario.yaml"))) {
    struct fault *x = fault_arg(faults_add(f, FAULT_Y005, (struct place){1, 1, 0}), "part", p->name);
    (void)fault_arg(x, "key", said ? STR("scenario.yaml") : STR("system.yaml"));
  }
  if (!said || !system_read(f, f->file, said->text, &p->system)) return;
  check_files_named(f, p);
  system_check(f, p->system, w);
  read_table_files(f, p, prefix);
  check_papers(f, p, prefix, w);
  if (!f->errors) demo_check(f, p, prefix, w);
  vec_each(const struct package_file, x, &p->files) {
    const bool is_story = str_eqz(x->path, "scenario.yaml") || str_starts(x->path, STR("scenarios/"));
    if (is_story) story_check(f, p->system, str_join(f->mem, prefix, x->path), x->text);
  }
  faults_sort(f);
}
