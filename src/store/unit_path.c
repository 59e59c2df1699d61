/* The closure of the tree, kept by difference: the pairs that the tree of today has are computed in memory, sorted as the
 * table is, and both lists are walked side by side; only what one of them lacks is written. Six thousand units of five
 * levels are thirty thousand pairs: read in some milliseconds, and a change touches as many rows as units move. */
#include "store/unit_path.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/vec.h"
#include "sql.h"
#include "store/store.h"
#include "texts.h"

struct pair {
  struct str above, unit;
};
typedef VEC(struct pair) pairs;

static int by_id(const void *key, const void *row) {
  return str_cmp(*(const struct str *)key, ((const struct sql_unit_tree *)row)->id);
}
static const struct sql_unit_tree *unit_of(const struct sql_unit_tree_rows *tree, struct str id) {
  return tree->len ? bsearch(&id, tree->at, tree->len, sizeof *tree->at, by_id) : NULL;
}

/* A unit whose parent is not there today stands on top. */
static bool add_above(struct arena *mem, const struct sql_unit_tree_rows *tree, const struct sql_unit_tree *unit,
                      pairs *out, struct err *e) {
  int depth = 0;
  for (const struct sql_unit_tree *u = unit; u; u = u->parent.at ? unit_of(tree, u->parent) : NULL) {
    if (depth++ == UNIT_DEPTH_MAX)
      return fail(e, ERR_INVALID, MSG_unit_path_depth, "id", unit->id, "limit", str_int(mem, UNIT_DEPTH_MAX));
    vec_push(mem, out) = (struct pair){u->id, unit->id};
  }
  return true;
}

static int order(struct pair a, struct pair b) {
  const int above = str_cmp(a.above, b.above);
  return above ? above : str_cmp(a.unit, b.unit);
}
static int by_pair(const void *a, const void *b) { return order(*(const struct pair *)a, *(const struct pair *)b); }

static bool add(struct store *tx, struct pair p, struct err *e) {
  return sql_unit_path_insert(tx, &(struct sql_unit_path_insert_in){STORE_TENANT, p.above, p.unit}, NULL, e);
}
static bool drop(struct store *tx, struct pair p, struct err *e) {
  return sql_unit_path_delete(tx, &(struct sql_unit_path_delete_in){STORE_TENANT, p.above, p.unit}, NULL, e);
}

static bool write_difference(struct store *tx, const pairs *want, const struct sql_unit_path_all_rows *have,
                             struct err *e) {
  size_t w = 0, h = 0;
  while (w < want->len || h < have->len) {
    const struct pair is = h < have->len ? (struct pair){have->at[h].above, have->at[h].unit} : (struct pair){0};
    const int n = w == want->len ? 1 : h == have->len ? -1 : order(want->at[w], is);
    if (n < 0) TRY(add(tx, want->at[w], e));
    if (n > 0) TRY(drop(tx, is, e));
    w += n <= 0;
    h += n >= 0;
  }
  return true;
}

/* ---- areas: see migration 015 ---- */

typedef VEC(struct sql_unit_area_all) areas;

static int by_area(const void *x, const void *y) {
  const struct sql_unit_area_all *a = x, *b = y;
  const int n = order((struct pair){a->above, a->area}, (struct pair){b->above, b->area});
  return n ? n : a->own < b->own ? -1 : a->own > b->own;
}
static void add_area(struct arena *mem, const struct sql_unit_tree_rows *tree, const struct sql_unit_tree *unit,
                     struct str area, areas *out) {
  for (const struct sql_unit_tree *u = unit; u; u = u->parent.at ? unit_of(tree, u->parent) : NULL)
    vec_push(mem, out) = (struct sql_unit_area_all){u->id, area, u == unit};
}
/* Today's area of each unit and all before, at itself and at those above it; what no unit of today has stays its own. */
static void want_areas(struct arena *mem, const struct sql_unit_tree_rows *tree,
                       const struct sql_unit_area_all_rows *have, areas *out) {
  for (size_t i = 0; i < tree->len; i++) {
    const struct sql_unit_tree *u = &tree->at[i];
    const struct sql_unit_tree *parent = u->parent.at ? unit_of(tree, u->parent) : NULL;
    add_area(mem, tree, u, parent ? parent->id : u->id, out);
  }
  vec_each(const struct sql_unit_area_all, h, have) {
    const struct sql_unit_tree *u = h->own ? unit_of(tree, h->above) : NULL;
    if (u) add_area(mem, tree, u, h->area, out);
    else if (h->own) vec_push(mem, out) = *h;
  }
  if (out->len) qsort(out->at, out->len, sizeof *out->at, by_area);
}
static bool refresh_areas(struct store *tx, struct arena *mem, const struct sql_unit_tree_rows *tree, struct err *e) {
  struct sql_unit_area_all_rows have = {0};
  areas want = {0};
  TRY(sql_unit_area_all(tx, mem, &(struct sql_unit_area_all_in){STORE_TENANT}, SIZE_MAX, &have, e));
  want_areas(mem, tree, &have, &want);
  for (size_t w = 0, h = 0; w < want.len || h < have.len;) {
    const struct sql_unit_area_all *is = h < have.len ? &have.at[h] : NULL, *to = w < want.len ? &want.at[w] : NULL;
    const int n = !to ? 1 : !is ? -1 : by_area(to, is);
    if (n < 0)
      TRY(sql_unit_area_insert(tx, &(struct sql_unit_area_insert_in){STORE_TENANT, to->above, to->area, to->own}, NULL,
                               e));
    if (n > 0)
      TRY(sql_unit_area_delete(tx, &(struct sql_unit_area_delete_in){STORE_TENANT, is->above, is->area}, NULL, e));
    h += n >= 0;
    if (n <= 0)
      for (w++; w < want.len && !by_area(&want.at[w], to); w++) {
      }
  }
  return true;
}

bool unit_path_refresh(struct store *tx, struct arena *mem, int64_t now_us, struct err *e) {
  struct sql_unit_tree_rows tree = {0};
  struct sql_unit_path_all_rows have = {0};
  pairs want = {0};
  (void)now_us; /* unit.parent is that of today: engine/register sees to it, also at the change of day */
  TRY(sql_unit_tree(tx, mem, &(struct sql_unit_tree_in){STORE_TENANT}, SIZE_MAX, &tree, e));
  TRY(sql_unit_path_all(tx, mem, &(struct sql_unit_path_all_in){STORE_TENANT}, SIZE_MAX, &have, e));
  for (size_t i = 0; i < tree.len; i++) TRY(add_above(mem, &tree, &tree.at[i], &want, e));
  if (want.len) qsort(want.at, want.len, sizeof *want.at, by_pair);
  return write_difference(tx, &want, &have, e) && refresh_areas(tx, mem, &tree, e);
}
