/* From what people write to a unit: the last step of a path is the unit's name, the steps before it are names of units above
 * it, none left out. */
#include "engine/register/find.h"

#include "texts.h"

enum { STEPS_MAX = 32 };
struct steps {
  struct str at[STEPS_MAX];
  size_t len;
};

static struct steps steps_of(struct str text) {
  struct steps s = {0};
  struct str head = {0}, rest = str_trim(text);
  while (rest.len && s.len < STEPS_MAX) {
    if (!str_cut(rest, STR("/"), &head, &rest)) head = rest, rest = (struct str){0};
    if (str_trim(head).len) s.at[s.len++] = str_trim(head);
  }
  return s;
}
static bool fits(const struct org *o, const struct org_unit *u, int32_t day, const struct steps *s) {
  for (size_t i = s->len; i-- > 0;) {
    const struct org_version *v = u ? org_on(u, day) : NULL;
    if (!v || !str_eq(v->name, s->at[i])) return false;
    u = v->parent.len ? org_find(o, v->parent) : NULL;
  }
  return s->len > 0;
}
struct str org_path(const struct org *o, struct arena *mem, const struct org_unit *u, int32_t day) {
  struct str path = STR("");
  for (int depth = 0; u && depth < STEPS_MAX; depth++) {
    const struct org_version *v = org_on(u, day);
    if (!v) break;
    path = path.len ? str_fmt(mem, STRF "/" STRF, STRA(v->name), STRA(path)) : v->name;
    u = v->parent.len ? org_find(o, v->parent) : NULL;
  }
  return path;
}
bool org_find_named(const struct org *o, struct str text, int32_t day, struct str *out_id, struct err *e) {
  const struct org_unit *found = org_find(o, str_trim(text));
  const struct steps s = steps_of(text);
  org_list list = {0};
  AUTO_ARENA mem = {0};
  if (found && org_on(found, day)) {
    *out_id = found->id;
    return true;
  }
  if (s.len) org_called(o, &mem, s.at[s.len - 1], &list);
  found = NULL;
  for (size_t i = 0; i < list.len; i++) {
    const struct org_unit *u = list.at[i];
    if (!fits(o, u, day, &s)) continue;
    if (found)
      return fail(e, ERR_INVALID, MSG_org_ambiguous, "name", str_slice(text, 0, 90), "one",
                  org_path(o, &mem, found, day), "other", org_path(o, &mem, u, day));
    found = u;
  }
  if (!found) return fail(e, ERR_NOT_FOUND, MSG_org_not_named, "name", str_slice(text, 0, 200));
  *out_id = found->id;
  return true;
}
