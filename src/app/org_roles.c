/* rules/roles.yaml, its part about roles that posts hold. */
#include "app/org_roles.h"

#include "base/embed.h"
#include "base/yaml.h"

static struct str scalar(const struct yaml *map, const char *key) {
  const struct yaml *y = yaml_get(map, key);
  return y && y->kind == YAML_SCALAR ? y->text : STR("");
}
bool org_roles_load(struct arena *mem, struct org_roles *out, struct err *e) {
  static const char file[] = "rules/roles.yaml";
  struct yaml *root = NULL;
  const struct embedded *f = embed_find(str_of(file));
  must(f);
  TRY(yaml_parse(mem, str_of(file), f->bytes, &root, e));
  const struct yaml *roles = yaml_get(root, "roles");
  must(roles);
  *out = (struct org_roles){0};
  for (const struct yaml *y = roles->child; y; y = y->next) {
    struct org_role *r = &vec_push(mem, &out->rows);
    *r = (struct org_role){.name = y->key, .label = {scalar(y, "zh"), scalar(y, "en")}};
    const struct yaml *at = yaml_get(y, "at");
    for (const struct yaml *k = at ? at->child : NULL; k; k = k->next) vec_push(mem, &r->at) = k->text;
  }
  return true;
}
const struct org_role *org_role(const struct org_roles *r, struct str name) {
  vec_each(const struct org_role, x, &r->rows)
    if (str_eq(x->name, name)) return x;
  return NULL;
}
struct str org_role_says(const struct org_roles *r, enum lang lang, struct str name) {
  const struct org_role *role = org_role(r, name);
  return role && role->label[lang].len ? role->label[lang] : name;
}
bool org_role_fits(const struct org_role *role, struct str kind) {
  vec_each(const struct str, k, &role->at)
    if (str_eq(*k, kind)) return true;
  return false;
}
const struct org_role *org_role_called(const struct org_roles *r, struct str text) {
  vec_each(const struct org_role, x, &r->rows)
    if (str_eq(x->name, text) || str_eq(x->label[LANG_ZH], text) || str_eq(x->label[LANG_EN], text)) return x;
  return NULL;
}
