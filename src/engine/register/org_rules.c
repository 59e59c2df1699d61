/* Kinds of units and ways of kinship, read from rules/org/kinds.yaml. */
#include <pthread.h>

#include "base/embed.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "engine/register/org.h"

static bool is_yes(const struct yaml *y) { return y && str_eqz(y->text, "yes"); }
static int kind_index(const struct org_rules *r, struct str name) {
  for (size_t i = 0; i < r->kind_count; i++)
    if (str_eq(r->kinds[i].name, name)) return (int)i;
  return -1;
}
static void read_kind(struct org_rules *r, struct org_kind *k, const struct yaml *y) {
  const struct yaml *under = yaml_get(y, "under"), *stages = yaml_get(y, "stages"), *called = yaml_get(y, "all");
  k->alone = is_yes(yaml_get(y, "alone"));
  for (const struct yaml *u = under ? under->child : NULL; u; u = u->next) {
    const int at = kind_index(r, u->text);
    must(at >= 0);
    k->under |= 1u << at;
  }
  for (const struct yaml *s = stages ? stages->child : NULL; s; s = s->next) {
    must(k->stage_count < ORG_STAGES_MAX);
    k->stages[k->stage_count++] = s->text;
  }
  for (const struct yaml *c = called ? called->child : NULL; c; c = c->next) {
    must(k->called_count < ORG_STAGES_MAX);
    k->called[k->called_count++] = c->text;
  }
}

/* house: allow mutable - set once and never again */
static struct {
  pthread_once_t once;
  struct arena mem;
  struct org_rules rules;
} built_in = {.once = PTHREAD_ONCE_INIT};

static void read_built_in(void) {
  const struct embedded *f = embed_find(STR("rules/org/kinds.yaml"));
  struct org_rules *r = &built_in.rules;
  struct yaml *root = NULL;
  struct err e = {0};
  must(f && yaml_parse(&built_in.mem, str_of(f->path), f->bytes, &root, &e));
  const struct yaml *kinds = yaml_get(root, "kinds"), *kin = yaml_get(root, "kin");
  must(kinds && kin && kinds->count <= ORG_KINDS_MAX && kin->count <= ORG_STAGES_MAX);
  for (const struct yaml *y = kinds->child; y; y = y->next) r->kinds[r->kind_count++].name = y->key;
  size_t i = 0;
  for (const struct yaml *y = kinds->child; y; y = y->next) read_kind(r, &r->kinds[i++], y);
  for (const struct yaml *y = kin->child; y; y = y->next) r->kin[r->kin_count++] = y->text;
}
const struct org_rules *org_rules_known(void) {
  must(pthread_once(&built_in.once, read_built_in) == 0);
  return &built_in.rules;
}
const struct org_kind *org_kind(const struct org_rules *r, struct str name) {
  const int i = kind_index(r, name);
  return i < 0 ? NULL : &r->kinds[i];
}
/* Brackets, commas and blanks between the words do not count: 各县（市、区）教育局. */
static bool is_called(struct str said, struct str word) {
  size_t i = 0, k = 0;
  while (i < said.len) {
    size_t next = i;
    const uint32_t c = utf8_next(said, &next);
    const struct str one = str_slice(said, i, next);
    i = next;
    if (c == ' ' || c == '(' || c == ')' || c == 0xFF08 || c == 0xFF09 || c == 0x3001) continue;
    if (!str_starts(str_from(word, k), one)) return false;
    k += one.len;
  }
  return k == word.len;
}
const struct org_kind *org_kind_called(const struct org_rules *r, struct str all) {
  for (size_t i = 0; i < r->kind_count; i++)
    for (size_t k = 0; k < r->kinds[i].called_count; k++)
      if (is_called(all, r->kinds[i].called[k])) return &r->kinds[i];
  return NULL;
}
bool org_may_stand(const struct org_rules *r, struct str kind, struct str parent_kind) {
  const struct org_kind *k = org_kind(r, kind);
  const int above = parent_kind.len ? kind_index(r, parent_kind) : -1;
  if (!k) return false;
  return parent_kind.len ? above >= 0 && (k->under >> above & 1) : k->alone;
}
