/* The tree of units as of any day. Pure: the history of all units in memory, acts on it, questions about a day.
 *
 * A unit has versions, each with the days it holds (both included), without gaps from its founding until it is closed; name
 * and parent change, kind does not. Laws, kept by org_apply for every day there is:
 *   - the parent of a unit that lives, lives; no unit stands under itself (each day's tree is a forest);
 *   - two units with the same parent never have the same name on one day;
 *   - a kind stands only where rules/org/kinds.yaml lets it stand;
 *   - a unit that is merged or closed leaves nobody under it.
 * An act may be told late (a day in the past) as long as nothing later is known of the unit itself. */
#ifndef ENGINE_REGISTER_ORG_H
#define ENGINE_REGISTER_ORG_H
#include "base/date.h"
#include "base/err.h"
#include "base/vec.h"

enum { ORG_OPEN = 2932896 }; /* 9999-12-31 in days */

/* ---- kinds, as data ---- */

enum { ORG_KINDS_MAX = 32, ORG_STAGES_MAX = 16 };
struct org_kind {
  struct str name;
  bool alone;
  uint32_t under; /* bit i: may stand under kind i */
  struct str stages[ORG_STAGES_MAX];
  size_t stage_count;
  struct str called[ORG_STAGES_MAX]; /* how plans name all of them at once: 各县区教育局 */
  size_t called_count;
};
struct org_rules {
  struct org_kind kinds[ORG_KINDS_MAX];
  size_t kind_count;
  struct str kin[ORG_STAGES_MAX]; /* how guardians are related */
  size_t kin_count;
};
const struct org_rules *org_rules_known(void);                                     /* those of the program, read once */
const struct org_kind *org_kind(const struct org_rules *r, struct str name);       /* or NULL */
const struct org_kind *org_kind_called(const struct org_rules *r, struct str all); /* or NULL */
/* parent empty = alone. */
bool org_may_stand(const struct org_rules *r, struct str kind, struct str parent_kind);

/* ---- history ---- */

struct org_version {
  int32_t from, until; /* days since 1970, both included */
  struct str name, kind, parent;
  int place; /* among those with the same parent */
};
typedef VEC(struct org_version) org_versions;
struct org_unit {
  struct str id;
  org_versions versions; /* by day */
  bool changed;
};
struct org {
  struct arena *mem;
  const struct org_rules *rules;
  VEC(struct org_unit) units;
  struct org_index *index; /* private */
};
void org_begin(struct org *o, struct arena *mem, const struct org_rules *rules);
/* A version as it was kept; units and versions in any order, but those of one unit by day. */
void org_load(struct org *o, struct str id, struct org_version v);
struct org_unit *org_find(const struct org *o, struct str id); /* or NULL; moves when units are added */
/* What the unit is on a day; NULL when it is not there. */
const struct org_version *org_on(const struct org_unit *u, int32_t day);
static inline int32_t org_founded(const struct org_unit *u) { return u->versions.at[0].from; }
static inline int32_t org_last_day(const struct org_unit *u) { return vec_last(&u->versions).until; }

/* ---- acts ---- */

#define ORG_ACTS(X) \
  X(FOUND, "found") X(RENAME, "rename") X(MOVE, "move") X(MERGE, "merge") X(SPLIT, "split") X(CLOSE, "close")
enum org_deed {
#define X(name, word) ORG_##name,
  ORG_ACTS(X)
#undef X
      ORG_DEED_COUNT
};
const char *org_deed_word(enum org_deed deed);
bool org_deed_of(struct str word, enum org_deed *out);

/* FOUND   unit (new id) as kind and name under parent from day on
 * RENAME  unit is called name from day on
 * MOVE    unit stands under parent (empty = alone) from day on
 * MERGE   unit is part of other from day on: what stood under it stands under other; day - 1 is its last day. What would
 *         have a name there twice gets the merged unit's name behind its own.
 * SPLIT   unit (new id, name) is founded beside other, of its kind; `with`, units under other, stand under it
 * CLOSE   day - 1 is the unit's last; refused while something stands under it */
struct org_act {
  enum org_deed deed;
  int32_t day;
  struct str unit, name, kind, parent, other;
  int place;
  const struct str *with;
  size_t with_count;
};
/* All or nothing; units that it touched are marked `changed`. */
MUST_CHECK bool org_apply(struct org *o, const struct org_act *a, struct err *e);

/* Units under `parent` (empty = those that stand alone) on a day, by place, then as they are in o. New, in mem. */
typedef VEC(const struct org_unit *) org_list;
void org_under(const struct org *o, struct arena *mem, struct str parent, int32_t day, org_list *out);
/* Units that were ever called so, once or more. */
void org_called(const struct org *o, struct arena *mem, struct str name, org_list *out);
/* The first law that does not hold on that day, in words for a test; NULL when all hold. */
const char *org_broken(const struct org *o, int32_t day);
#endif
