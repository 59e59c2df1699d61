/* rules/roles.yaml as structs. What a mistake in it would open is worse than a start that fails, so everything in it is
 * checked: each act declared, each label there, no act in the hands of two administrators. */
#include "engine/account/roles.h"

#include <pthread.h>

#include "base/embed.h"
#include "base/yaml.h"
#include "texts.h"

static bool wrong(struct str file, const struct yaml *y, int msg, struct str what, struct err *e) {
  (void)fail(e, ERR_INVALID, msg, "what", what);
  return err_at(e, file, y->line, y->column);
}
static bool labels_of(struct str file, const struct yaml *y, struct str out[2], struct err *e) {
  static const char *const langs[] = {[LANG_ZH] = "zh", [LANG_EN] = "en"};
  for (int i = 0; i < 2; i++) {
    const struct yaml *label = y->kind == YAML_MAP ? yaml_get(y, langs[i]) : NULL;
    if (!label || !label->text.len) return wrong(file, y, MSG_roles_no_label, y->key, e);
    out[i] = label->text;
  }
  return true;
}
static const struct yaml *children(const struct yaml *map, const char *key) {
  const struct yaml *y = map && map->kind == YAML_MAP ? yaml_get(map, key) : NULL;
  return y ? y->child : NULL;
}

static bool read_role(struct arena *mem, struct str file, const struct yaml *y, bool administrator, struct roles *out,
                      struct err *e) {
  struct role_rule role = {.name = y->key, .is_administrator = administrator};
  if (roles_role(out, role.name, administrator)) return wrong(file, y, MSG_roles_twice, role.name, e);
  TRY(labels_of(file, y, role.label, e));
  for (const struct yaml *at = children(y, "at"); at; at = at->next) vec_push(mem, &role.at) = at->text;
  for (const struct yaml *may = children(y, "may"); may; may = may->next) {
    if (!roles_act(out, may->text)) return wrong(file, may, MSG_roles_no_act, may->text, e);
    for (size_t i = 0; administrator && !str_ends(may->text, STR(".see")) && i < out->roles.len; i++)
      if (role_may(&out->roles.at[i], may->text)) return wrong(file, may, MSG_roles_overlap, may->text, e);
    vec_push(mem, &role.may) = may->text;
  }
  vec_push(mem, &out->roles) = role;
  return true;
}
bool roles_parse(struct arena *mem, struct str name, struct str text, struct roles *out, struct err *e) {
  struct yaml *root = NULL;
  TRY(yaml_parse(mem, name, text, &root, e));
  for (const struct yaml *y = children(root, "acts"); y; y = y->next) {
    struct act_rule act = {.name = y->key};
    TRY(labels_of(name, y, act.label, e));
    for (const struct yaml *on = children(y, "on"); on; on = on->next) vec_push(mem, &act.on) = on->text;
    vec_push(mem, &out->acts) = act;
  }
  for (const struct yaml *y = children(root, "roles"); y; y = y->next) TRY(read_role(mem, name, y, false, out, e));
  for (const struct yaml *y = children(root, "administrators"); y; y = y->next)
    TRY(read_role(mem, name, y, true, out, e));
  return true;
}

/* house: allow mutable - set once and never again */
static struct {
  pthread_once_t once;
  struct arena mem;
  struct roles roles;
} built_in = {.once = PTHREAD_ONCE_INIT};

static void read_built_in(void) {
  const struct embedded *file = embed_find(STR("rules/roles.yaml"));
  struct err e = {0};
  must(file && roles_parse(&built_in.mem, str_of(file->path), file->bytes, &built_in.roles, &e));
}
const struct roles *roles_known(void) {
  must(pthread_once(&built_in.once, read_built_in) == 0);
  return &built_in.roles;
}

const struct act_rule *roles_act(const struct roles *r, struct str act) {
  for (size_t i = 0; i < r->acts.len; i++)
    if (str_eq(r->acts.at[i].name, act)) return &r->acts.at[i];
  return NULL;
}
const struct role_rule *roles_role(const struct roles *r, struct str role, bool administrator) {
  for (size_t i = 0; i < r->roles.len; i++)
    if (r->roles.at[i].is_administrator == administrator && str_eq(r->roles.at[i].name, role)) return &r->roles.at[i];
  return NULL;
}
const struct role_rule *roles_called(const struct roles *r, struct str text) {
  vec_each(const struct role_rule, x, &r->roles) {
    if (x->is_administrator) continue;
    if (str_eq(x->name, text) || str_eq(x->label[LANG_ZH], text) || str_eq(x->label[LANG_EN], text)) return x;
  }
  return NULL;
}
struct str roles_say(const struct roles *r, enum lang lang, struct str role) {
  const struct role_rule *rule = roles_role(r, role, false);
  return rule ? rule->label[lang] : role;
}
bool role_may(const struct role_rule *role, struct str act) {
  for (size_t i = 0; i < role->may.len; i++)
    if (str_eq(role->may.at[i], act)) return true;
  return false;
}
bool role_stands_at(const struct role_rule *role, struct str unit_kind) {
  for (size_t i = 0; i < role->at.len; i++)
    if (str_eq(role->at.at[i], unit_kind)) return true;
  return false;
}
