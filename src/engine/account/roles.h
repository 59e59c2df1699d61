/* Which acts there are, which roles hold them, and the three administrators: rules/roles.yaml, read once.
 *
 * Everything is borrowed from the program's own data and lives as long as it. An act is known by its name, as routes give
 * it. */
#ifndef ENGINE_ACCOUNT_ROLES_H
#define ENGINE_ACCOUNT_ROLES_H
#include "base/err.h"
#include "base/vec.h"

struct act_rule {
  struct str name, label[LANG_COUNT];
  VEC(struct str) on; /* records of rules/rights/kernel.yaml that it is done on */
};
struct role_rule {
  struct str name, label[LANG_COUNT];
  VEC(struct str) at;  /* kinds of units; empty for administrators */
  VEC(struct str) may; /* names of acts */
  bool is_administrator;
};
struct roles {
  VEC(struct act_rule) acts;
  VEC(struct role_rule) roles; /* the administrators behind the others */
};
/* Reads a text in the form of rules/roles.yaml into mem. Refuses (ERR_INVALID, with the place) an act that is not declared,
 * a name twice, a missing label, and an act that two administrators hold. */
MUST_CHECK bool roles_parse(struct arena *mem, struct str name, struct str text, struct roles *out, struct err *e);
const struct roles *roles_known(void); /* those of the program */
const struct act_rule *roles_act(const struct roles *r, struct str act);
/* A role, or an administrator, by its name; NULL when there is none. */
const struct role_rule *roles_role(const struct roles *r, struct str role, bool administrator);
/* A role that posts hold, by its name or by what it is called in either language; NULL when there is none. */
const struct role_rule *roles_called(const struct roles *r, struct str text);
/* What people call a role that posts hold; the name itself when it is none. */
struct str roles_say(const struct roles *r, enum lang lang, struct str role);
bool role_may(const struct role_rule *role, struct str act);
bool role_stands_at(const struct role_rule *role, struct str unit_kind);
#endif
