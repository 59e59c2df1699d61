/* Laws of the layout of declarations: property_layout [FILE...] (default: tests/data/declare, what the checker's cases make of
 * their base, and the examples of the specification when they lie beside the project).
 *
 *   meaning    what system_read takes of the text and of the formatted text is the same
 *   stillness  formatting what is formatted leaves it as it is
 *   comments   every comment of the text stands in the formatted one exactly once
 *   safety     the formatter never has to refuse its own result
 * Each file is tried as it is, with comments thrown in, and with its lines and characters changed. */
#include <stdio.h>

#include "base/file.h"
#include "declare/format.h"
#include "declare/language.h"
#include "declare/system.h"

static unsigned seed = 11;
static unsigned chance(unsigned n) {
  seed = seed * 1103515245u + 12345u;
  return (seed >> 16) % n;
}
static int failures, read_count;
static void law(bool holds, const char *name, struct str text) {
  if (holds || failures++ > 5) return;
  fprintf(stderr, "broken: %s in\n%.*s\n----\n", name, (int)(text.len > 6000 ? 6000 : text.len), text.at);
}

/* ---- the same tree, by the tables ---- */

typedef VEC(char) any_vec;
static bool same_part(const struct part *p, const void *a, const void *b);
static bool same_word(const struct word *a, const struct word *b) {
  return has_word(*a) == has_word(*b) && str_eq(a->text, b->text);
}
static bool same_one(const struct key *k, const void *a, const void *b) {
  if (k->shape == SHAPE_PART) return same_part(k->part, a, b);
  if (!same_word(a, b)) return false; /* every shape begins with its word */
  if (k->shape == SHAPE_EXPR) return !((const struct expr_word *)a)->tree == !((const struct expr_word *)b)->tree;
  if (k->shape == SHAPE_CHOICE) return ((const struct choice_word *)a)->which == ((const struct choice_word *)b)->which;
  if (k->shape == SHAPE_TYPE) return ((const struct type_said *)a)->type == ((const struct type_said *)b)->type;
  return k->shape != SHAPE_NUMBER || ((const struct number_word *)a)->n == ((const struct number_word *)b)->n;
}
static bool same_key(const struct key *k, const void *a, const void *b) {
  if (k->shape == SHAPE_LATER || k->shape == SHAPE_YAML) return true;
  if (k->many == ONE && k->shape != SHAPE_PART) return same_one(k, a, b);
  if (k->many == ONE) {
    const void *x = *(void *const *)a, *y = *(void *const *)b;
    return !x == !y && (!x || same_part(k->part, x, y));
  }
  const any_vec *x = a, *y = b;
  bool same = x->len == y->len;
  for (size_t i = 0; same && i < x->len; i++) same = same_one(k, x->at + i * key_size(k), y->at + i * key_size(k));
  return same;
}
static bool same_part(const struct part *p, const void *a, const void *b) {
  const struct head *x = a, *y = b;
  if (!same_word(&x->name, &y->name) || !x->yaml != !y->yaml) return false;
  if (p->whole) return same_key(p->whole, (const char *)a + p->whole->at, (const char *)b + p->whole->at);
  for (size_t i = 0; i < p->count; i++)
    if (!same_key(&p->keys[i], (const char *)a + p->keys[i].at, (const char *)b + p->keys[i].at)) return false;
  return true;
}

/* ---- the laws ---- */

static bool format(struct arena *mem, struct str text, struct str *out, struct system **s) {
  struct faults f = {.mem = mem}, again = {.mem = mem};
  const bool ok = system_format(&f, STR("x"), text, out);
  vec_each(const struct fault, x, &f.all) law(x->code != FAULT_Y016, "safety", text);
  return ok && system_read(&again, STR("x"), text, s);
}
static void check(struct str text, unsigned marks) {
  AUTO_ARENA mem = {0};
  struct str once, twice;
  struct system *before, *after;
  if (!format(&mem, text, &once, &before)) return;
  read_count++;
  for (unsigned i = 0; i < marks; i++) {
    const struct str mark = str_fmt(&mem, "#mark%u.", i);
    const size_t at = str_find(once, mark);
    law(at != STR_NONE && str_find(str_from(once, at + 1), mark) == STR_NONE, "comments", text);
  }
  if (!format(&mem, once, &twice, &after)) {
    law(false, "safety", text);
    return;
  }
  law(str_eq(once, twice), "stillness", text);
  law(same_part(&language_system, before, after), "meaning", text);
}

static struct str with_marks(struct arena *mem, struct str text, unsigned *out_marks) {
  AUTO_BUF out = BUF_MAX(1 << 22);
  struct str line, rest = text;
  while (str_cut(rest, STR("\n"), &line, &rest)) {
    buf_str(&out, line);
    if (!chance(4)) buf_fmt(&out, " #mark%u.", (*out_marks)++);
    buf_byte(&out, '\n');
    if (!chance(6)) buf_byte(&out, '\n');
    if (!chance(4)) buf_fmt(&out, "%*s#mark%u.\n", (int)chance(5) * 2, "", (*out_marks)++);
  }
  return str_dup(mem, buf_view(&out));
}
static struct str mutated(struct arena *mem, struct str text) {
  static const char *const bits[] = {
      " ",   "\n",  "\n\n", ": ", ", ", "#", " #c", "\"",   "'",  "{", "}", "[", "]",        "- ",           "? ",
      "|\n", ">\n", "&",    "*",  "!",  "%", "~",   "null", "\\", "?", ":", "—", "\xC2\x85", "\xE2\x80\xA8", "\n# c\n"};
  AUTO_BUF out = BUF_MAX(1 << 22);
  const size_t at = chance((unsigned)text.len), cut = chance(3) ? 0 : chance(40);
  size_t to = at + cut < text.len ? at + cut : text.len, from = at;
  while (from && ((unsigned char)text.at[from] & 0xC0) == 0x80) from--;
  while (to < text.len && ((unsigned char)text.at[to] & 0xC0) == 0x80) to++;
  buf_str(&out, str_slice(text, 0, from));
  if (chance(4)) buf_z(&out, bits[chance((unsigned)COUNT_OF(bits))]);
  buf_str(&out, str_from(text, to));
  return str_dup(mem, buf_view(&out));
}

/* Each case of the checker is its base with one piece replaced. */
static void check_cases(struct arena *mem, struct str base, struct str cases) {
  struct str old, stands, rest = cases;
  while (str_cut(rest, STR("--- instead of\n"), &old, &rest)) {
    if (!str_cut(rest, STR("\n--- stands\n"), &old, &rest) || !str_cut(rest, STR("\n--- diagnostics"), &stands, &rest))
      return;
    check(str_replace(mem, base, old, stands), 0);
  }
}
static bool check_all_cases(struct err *e) {
  AUTO_ARENA mem = {0};
  struct str_list names;
  struct str base, text;
  const struct str folder = STR("tests/cases/declare");
  TRY(file_read(&mem, STR("tests/cases/declare/base.yaml"), 1 << 22, &base, e) && file_list(&mem, folder, &names, e));
  for (size_t i = 0; i < names.len; i++) {
    if (!str_ends(names.at[i], STR(".case"))) continue;
    TRY(file_read(&mem, str_fmt(&mem, STRF "/" STRF, STRA(folder), STRA(names.at[i])), 1 << 22, &text, e));
    check_cases(&mem, base, text);
  }
  return true;
}

int main(int argc, char **argv) {
  enum { ROUNDS = 120, DEEP = 4 };
  static const char *const files[] = {"tests/data/declare/layout.yaml",
                                      "tests/data/declare/layout.formatted.yaml",
                                      "tests/cases/declare/base.yaml",
                                      "rules/declare/new/system.yaml",
                                      "../shared/examples/systems/hazard/system.yaml",
                                      "../shared/examples/systems/prepaid/system.yaml",
                                      "../shared/examples/systems/certify/system.yaml",
                                      "../shared/examples/systems/mind/system.yaml",
                                      "../shared/examples/systems/hotline/system.yaml"};
  int checked = 0;
  const int count = argc > 1 ? argc - 1 : (int)COUNT_OF(files);
  for (int i = 0; i < count; i++) {
    AUTO_ARENA mem = {0};
    struct str text;
    struct err e = {0};
    const struct str path = str_of(argc > 1 ? argv[i + 1] : files[i]);
    if (!file_read(&mem, path, 1 << 22, &text, &e)) {
      if (str_starts(path, STR("../")) && argc == 1) continue;
      return 2;
    }
    check(text, 0);
    for (int round = 0; round < ROUNDS; round++, checked++) {
      AUTO_ARENA scratch = {0};
      unsigned marks = 0;
      check(with_marks(&scratch, text, &marks), marks);
      struct str x = text;
      for (unsigned n = 1 + chance(DEEP); n; n--) x = mutated(&scratch, x);
      check(x, 0);
    }
  }
  struct err e = {0};
  if (argc == 1 && !check_all_cases(&e)) return 2;
  printf("%d texts, %d read, %d laws broken\n", checked, read_count, failures);
  return failures != 0 || read_count < checked;
}
