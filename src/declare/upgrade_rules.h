/* What a difference between two declarations means. Private to upgrade*.c. */
#ifndef DECLARE_UPGRADE_RULES_H
#define DECLARE_UPGRADE_RULES_H
#include "base/limits.h"
#include "base/yaml.h"
#include "declare/upgrade.h"

enum { UPGRADE_STEPS = YAML_DEPTH_MAX + 2 };
struct upgrade_change {
  struct str step[UPGRADE_STEPS]; /* "records" "visit" "fields" "due" */
  size_t depth;
  const struct yaml *before, *now; /* NULL: not there */
};
struct upgrade_work {
  struct faults *f;
  const struct package *before, *now;
  struct upgrade *out;
  bool changed;
};
void upgrade_judge(struct upgrade_work *w, const struct upgrade_change *c);
void upgrade_end(struct upgrade_work *w);
#endif
