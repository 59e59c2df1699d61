/* Roles as the register needs them: what people call them and where they can be held (rules/roles.yaml). */
#ifndef APP_ORG_ROLES_H
#define APP_ORG_ROLES_H
#include "base/err.h"
#include "base/vec.h"

struct org_role {
  struct str name, label[LANG_COUNT];
  VEC(struct str) at; /* kinds of units */
};
struct org_roles {
  VEC(struct org_role) rows;
};
MUST_CHECK bool org_roles_load(struct arena *mem, struct org_roles *out, struct err *e);
const struct org_role *org_role(const struct org_roles *r, struct str name); /* or NULL */
struct str org_role_says(const struct org_roles *r, enum lang lang, struct str name);
bool org_role_fits(const struct org_role *role, struct str kind);
/* By its name, or by what it is called in either language; NULL when there is none. */
const struct org_role *org_role_called(const struct org_roles *r, struct str text);
#endif
