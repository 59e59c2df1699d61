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

bool unit_path_refresh(struct store *tx, struct arena *mem, int64_t now_us, struct err *e) {
  struct sql_unit_tree_rows tree = {0};
  struct sql_unit_path_all_rows have = {0};
  pairs want = {0};
  (void)now_us; /* unit.parent is that of today: engine/register sees to it, also at the change of day */
  TRY(sql_unit_tree(tx, mem, &(struct sql_unit_tree_in){STORE_TENANT}, SIZE_MAX, &tree, e));
  TRY(sql_unit_path_all(tx, mem, &(struct sql_unit_path_all_in){STORE_TENANT}, SIZE_MAX, &have, e));
  for (size_t i = 0; i < tree.len; i++) TRY(add_above(mem, &tree, &tree.at[i], &want, e));
  if (want.len) qsort(want.at, want.len, sizeof *want.at, by_pair);
  return write_difference(tx, &want, &have, e);
}
