/* Properties of the tree of units, over random histories: whatever acts are taken or refused, on every day there is
 *   - the laws hold (a forest, names apart, kinds where they may stand),
 *   - the tree is the one that a naive replay of the acts taken gives: begin with nothing, go through them by day,
 *     change the map,
 *   - an act that was refused changed nothing,
 *   - people are kept: after a merger every post of the merged unit goes on at the other one.
 * A unit that is split off stands where the other one stood as far as was known when the act was told.
 * Usage: property_org [RUNS]. Exit status 1 when something does not hold. */
#include <stdio.h>
#include <stdlib.h>

#include "engine/register/org.h"
#include "engine/register/posts.h"

enum { UNITS = 40, ACTS = 120, DAYS = 400, IDS = 512 };

static unsigned roll(unsigned *io, unsigned n) {
  *io = *io * 1664525u + 1013904223u;
  return (*io >> 8) % n;
}

/* ---- the naive one ---- */

struct naive_unit {
  struct str id, name, kind, parent;
  bool alive;
};
struct naive {
  struct naive_unit units[IDS];
  size_t count;
};
static struct naive_unit *naive_find(struct naive *n, struct str id) {
  for (size_t i = 0; i < n->count; i++)
    if (str_eq(n->units[i].id, id)) return &n->units[i];
  return NULL;
}
static bool naive_taken(const struct naive *n, struct str name, struct str parent) {
  for (size_t i = 0; i < n->count; i++)
    if (n->units[i].alive && str_eq(n->units[i].name, name) && str_eq(n->units[i].parent, parent)) return true;
  return false;
}
/* An act as it was taken. Where the rule looks at what is known (which names are free), a later act about an earlier day
 * does not change what was decided: the names that a merger gave are then part of it. */
struct told {
  struct org_act act;
  bool settled;
  VEC(struct naive_unit) renamed;
};
static void hand_over(struct arena *mem, const struct naive *n, struct naive_unit *child, const struct told *t,
                      struct str from_name) {
  vec_each(const struct naive_unit, r, &t->renamed)
    if (str_eq(r->id, child->id)) child->name = r->name;
  if (!t->settled && naive_taken(n, child->name, t->act.other))
    child->name = str_fmt(mem, STRF "（原" STRF "）", STRA(child->name), STRA(from_name));
  child->parent = t->act.other;
}
static void naive_do(struct arena *mem, struct naive *n, const struct told *t) {
  const struct org_act *a = &t->act;
  struct naive_unit *u = naive_find(n, a->unit), *o = naive_find(n, a->other);
  if (a->deed == ORG_FOUND) n->units[n->count++] = (struct naive_unit){a->unit, a->name, a->kind, a->parent, true};
  if (a->deed == ORG_RENAME) u->name = a->name;
  if (a->deed == ORG_MOVE) u->parent = a->parent;
  if (a->deed == ORG_CLOSE) u->alive = false;
  if (a->deed == ORG_SPLIT) {
    n->units[n->count++] = (struct naive_unit){a->unit, a->name, o->kind, a->parent, true};
    for (size_t i = 0; i < a->with_count; i++) naive_find(n, a->with[i])->parent = a->unit;
  }
  if (a->deed != ORG_MERGE) return;
  for (size_t i = 0; i < n->count; i++) {
    struct naive_unit *child = &n->units[i];
    if (child->alive && str_eq(child->parent, a->unit)) hand_over(mem, n, child, t, u->name);
  }
  u->alive = false;
}
/* Acts by day, those of one day in the order in which they were told. */
static void naive_replay(struct arena *mem, const struct told *told, size_t n, int32_t until, struct naive *out) {
  *out = (struct naive){0};
  for (int32_t day = 0; day <= until; day++)
    for (size_t i = 0; i < n; i++)
      if (told[i].act.day == day) naive_do(mem, out, &told[i]);
}
static const char *differs(const struct org *o, struct naive *n, int32_t day) {
  size_t alive = 0, there = 0;
  for (size_t i = 0; i < n->count; i++) {
    const struct naive_unit *x = &n->units[i];
    if (!x->alive) continue;
    const struct org_unit *u = org_find(o, x->id);
    const struct org_version *v = u ? org_on(u, day) : NULL;
    if (!v) return "a unit is missing";
    if (!str_eq(v->name, x->name)) return "another name";
    if (!str_eq(v->parent, x->parent)) return "another parent";
    alive++;
  }
  vec_each(const struct org_unit, u, &o->units) there += org_on(u, day) != NULL;
  return alive == there ? NULL : "a unit too many";
}

/* ---- random acts ---- */

struct run {
  struct arena mem;
  struct org o;
  struct told taken[ACTS];
  size_t count, refused;
  unsigned seed;
  int ids;
};
static struct str some_unit(struct run *r) {
  return r->o.units.len ? r->o.units.at[roll(&r->seed, (unsigned)r->o.units.len)].id : STR("none");
}
static struct org_act some_act(struct run *r) {
  static const char *const kinds[] = {"bureau", "district", "school", "class", "department", "class"};
  static const char *const names[] = {"一", "二", "三", "四", "五", "六", "七", "八"};
  struct org_act a = {.day = (int32_t)roll(&r->seed, DAYS), .unit = some_unit(r), .other = STR(""), .parent = STR("")};
  const unsigned what = roll(&r->seed, 100);
  a.deed = r->o.units.len < 6 || what < 45 ? ORG_FOUND
           : what < 58                     ? ORG_RENAME
           : what < 74                     ? ORG_MOVE
           : what < 88                     ? ORG_MERGE
           : what < 95                     ? ORG_SPLIT
                                           : ORG_CLOSE;
  a.name = str_of(names[roll(&r->seed, COUNT_OF(names))]);
  a.kind = str_of(kinds[roll(&r->seed, COUNT_OF(kinds))]);
  if (roll(&r->seed, 8)) a.parent = some_unit(r);
  if (a.deed == ORG_MERGE || a.deed == ORG_SPLIT) a.other = some_unit(r);
  if (a.deed == ORG_FOUND || a.deed == ORG_SPLIT) a.unit = str_fmt(&r->mem, "u%d", r->ids++);
  if (a.deed == ORG_FOUND && roll(&r->seed, 2)) a.day /= 4; /* most of them early */
  if (a.deed != ORG_SPLIT) return a;
  const struct org_unit *other = org_find(&r->o, a.other);
  const struct org_version *beside = other ? org_on(other, a.day) : NULL;
  a.parent = beside ? beside->parent : STR(""); /* as it was known when the act was told */
  org_list under = {0};
  org_under(&r->o, &r->mem, a.other, a.day, &under);
  struct str *with = arena_new_n(&r->mem, struct str, under.len);
  for (size_t i = 0; i < under.len; i++)
    if (roll(&r->seed, 2)) with[a.with_count++] = under.at[i]->id;
  a.with = with;
  return a;
}
static uint64_t digest(struct run *r) {
  AUTO_ARENA mem = {0};
  uint64_t h = 0;
  vec_each(const struct org_unit, u, &r->o.units)
    vec_each(const struct org_version, v, &u->versions)
      h = h * 31 + str_hash(str_fmt(&mem, STRF "|%d|%d|" STRF "|" STRF, STRA(u->id), v->from, v->until, STRA(v->name),
                                    STRA(v->parent)));
  return h;
}
static int complain(const struct run *r, unsigned run, int32_t day, const char *what) {
  printf("not ok - run %u, after %zu acts, day %d: %s\n", run, r->count, day, what);
  return 1;
}
static void settle(struct run *r, struct told *t) {
  t->settled = true;
  if (t->act.deed != ORG_MERGE) return;
  vec_each(const struct org_unit, u, &r->o.units) {
    const struct org_version *v = org_on(u, t->act.day);
    if (v && str_eq(v->parent, t->act.other) && str_ends(v->name, STR("）")))
      vec_push(&r->mem, &t->renamed) = (struct naive_unit){.id = u->id, .name = v->name};
  }
}
static int one_run(struct run *r, const struct org_rules *rules, unsigned run) {
  static struct naive naive; /* house: allow mutable - too large for the stack */
  org_begin(&r->o, &r->mem, rules);
  while (r->count < ACTS && r->o.units.len < UNITS) {
    struct err e = {0};
    const struct org_act a = some_act(r);
    const uint64_t before = digest(r);
    if (!org_apply(&r->o, &a, &e)) {
      if (digest(r) != before) return complain(r, run, a.day, "a refused act changed something");
      if (++r->refused > 4000) break;
      continue;
    }
    r->taken[r->count++].act = a;
    naive_replay(&r->mem, r->taken, r->count, a.day, &naive);
    const char *differ = differs(&r->o, &naive, a.day);
    if (differ) return complain(r, run, a.day, differ);
    settle(r, &r->taken[r->count - 1]);
  }
  for (int32_t day = 0; day < DAYS + 2; day++) {
    const char *broken = org_broken(&r->o, day);
    if (broken) return complain(r, run, day, broken);
    naive_replay(&r->mem, r->taken, r->count, day, &naive);
    const char *differ = differs(&r->o, &naive, day);
    if (differ) return complain(r, run, day, differ);
  }
  return 0;
}

/* ---- people ---- */

/* Who holds what on a day, by counting posts. */
static size_t held(const org_posts *posts, struct str unit, int32_t day) {
  size_t n = 0;
  vec_each(const struct org_post, p, posts) n += str_eq(p->unit, unit) && p->from <= day && p->until >= day;
  return n;
}
static int people_are_kept(unsigned run) {
  AUTO_ARENA mem = {0};
  org_posts posts = {0}, after = {0};
  unsigned seed = run * 77 + 5;
  const int32_t day = 50;
  for (int i = 0; i < 60; i++) {
    const int32_t from = (int32_t)roll(&seed, 100);
    vec_push(&mem, &posts) = (struct org_post){.id = str_fmt(&mem, "p%d", i),
                                               .person = str_fmt(&mem, "x%u", roll(&seed, 20)),
                                               .unit = roll(&seed, 2) ? STR("a") : STR("b"),
                                               .from = from,
                                               .until = roll(&seed, 2) ? ORG_OPEN : from + (int32_t)roll(&seed, 60)};
  }
  vec_each(const struct org_post, p, &posts) vec_push(&mem, &after) = *p;
  org_posts_merge(&mem, &after, STR("a"), STR("b"), day);
  for (int32_t d = 0; d < 170; d++) {
    const size_t a = held(&posts, STR("a"), d), b = held(&posts, STR("b"), d);
    const bool ok = d < day ? held(&after, STR("a"), d) == a && held(&after, STR("b"), d) == b
                            : held(&after, STR("a"), d) == 0 && held(&after, STR("b"), d) == a + b;
    if (!ok) {
      printf("not ok - people, run %u, day %d\n", run, d);
      return 1;
    }
  }
  return 0;
}

int main(int argc, char **argv) {
  AUTO_ARENA mem = {0};
  const struct org_rules *rules = org_rules_known();
  int64_t runs = 24;
  int failed = 0;
  size_t taken = 0, refused = 0;
  size_t by_deed[ORG_DEED_COUNT] = {0};
  if (argc > 1 && !str_to_int(str_of(argv[1]), &runs)) return 1;
  for (unsigned run = 0; run < (unsigned)runs && !failed; run++) {
    struct run *r = arena_new(&mem, struct run);
    r->seed = run * 2654435761u + 1;
    failed += one_run(r, rules, run) + people_are_kept(run);
    taken += r->count;
    refused += r->refused;
    for (size_t i = 0; i < r->count; i++) by_deed[r->taken[i].act.deed]++;
    arena_drop(&r->mem);
  }
  for (int i = 0; i < ORG_DEED_COUNT; i++) {
    if (runs >= 24 && by_deed[i] < 10) printf("not ok - hardly any %s\n", org_deed_word((enum org_deed)i)), failed++;
  }
  if (!failed) printf("ok - %zu acts taken, %zu refused\n", taken, refused);
  return failed != 0;
}
