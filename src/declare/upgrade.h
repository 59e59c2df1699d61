/* What an upgrade of a system with live data would do, as far as the two declarations tell it: what happens by itself, what
 * migrations/ must say, and what needs the security administrator's consent (docs/declarations.md, codes U001 to U010).
 * Whether live records are really hurt is found when it is installed. */
#ifndef DECLARE_UPGRADE_H
#define DECLARE_UPGRADE_H
#include "declare/migration.h"

struct upgrade_line {
  char sign;              /* + new, - gone, ~ changed */
  struct str path, label; /* "records.visit.fields.due", what people call it (may be empty) */
  int says;               /* message id */
  struct msg_arg arg;     /* of it; its name NULL = none */
};
typedef VEC(struct upgrade_line) upgrade_lines;
struct upgrade {
  upgrade_lines automatic, told; /* told: answered by migrations/ of the new package */
  migrations migrations;         /* what these say */
};
/* Both were read without errors. Unsafe changes are faults of f, with places in the new system.yaml. */
void upgrade_compare(struct faults *f, const struct package *before, const struct package *now, struct upgrade *out);
#endif
