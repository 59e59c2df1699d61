/* The closure is the tree, whatever was moved: random trees, random moves, compared with a walk up the parents. */
#include "store/unit_path.h"
#include "scratch.h"

enum { UNITS = 40, ROUNDS = 30, NOBODY = -1 };

struct forest {
  struct scratch *s;
  int parent[UNITS];
  bool there[UNITS];
  uint64_t chance;
};
static int chance(struct forest *f, int most) {
  f->chance = f->chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (int)((f->chance >> 33) % (uint64_t)most);
}
static bool is_under(const struct forest *f, int unit, int above) {
  for (; unit != NOBODY && f->there[unit]; unit = f->parent[unit])
    if (unit == above) return true;
  return false;
}

/* Writes the forest as rows, past the store, as an import would. */
static void write_units(const struct forest *f) {
  AUTO_ARENA mem = {0};
  (void)scratch_sql(f->s, "DELETE FROM unit");
  for (int i = 0; i < UNITS; i++) {
    const struct str parent = f->parent[i] == NOBODY ? STR("NULL") : str_fmt(&mem, "'u%02d'", f->parent[i]);
    const struct str sql = str_fmt(
        &mem,
        "INSERT INTO unit (tenant, id, name, kind, parent) VALUES ('local', 'u%02d', 'n%02d', 'school', " STRF ")", i,
        i, STRA(parent));
    if (f->there[i]) (void)scratch_sql(f->s, sql.at);
  }
}
static bool refresh(struct store *tx, void *arg, struct err *e) { return unit_path_refresh(tx, arg, 0, e); }

static void check(const struct forest *f) {
  AUTO_ARENA mem = {0};
  int64_t pairs = 0;
  for (int a = 0; a < UNITS; a++) {
    for (int u = 0; u < UNITS; u++) {
      if (!f->there[a] || !f->there[u] || !is_under(f, u, a)) continue;
      pairs++;
      const struct str sql = str_fmt(
          &mem, "SELECT count(*) FROM unit_path WHERE tenant = 'local' AND above = 'u%02d' AND unit = 'u%02d'", a, u);
      assert_int_equal(scratch_sql(f->s, sql.at), 1);
    }
  }
  assert_int_equal(scratch_sql(f->s, "SELECT count(*) FROM unit_path"), pairs);
  /* today's area of each unit is known at itself, and whatever is known of a unit of today is known above it, and no more */
  assert_int_equal(
      scratch_sql(f->s,
                  "SELECT count(*) FROM unit u WHERE NOT EXISTS (SELECT 1 FROM unit_area a WHERE a.above = "
                  "u.id AND a.own = 1 AND a.area = COALESCE((SELECT x.id FROM unit x WHERE x.id = "
                  "u.parent), u.id))"),
      0);
  assert_int_equal(
      scratch_sql(f->s,
                  "SELECT count(*) FROM (SELECT p.above, a.area FROM unit_path p JOIN unit_area a ON a.above = p.unit "
                  "AND a.own = 1 WHERE p.above <> p.unit EXCEPT SELECT above, area FROM unit_area WHERE own = 0) x"),
      0);
  assert_int_equal(
      scratch_sql(f->s,
                  "SELECT count(*) FROM (SELECT above, area FROM unit_area WHERE own = 0 EXCEPT SELECT p.above, a.area "
                  "FROM unit_path p JOIN unit_area a ON a.above = p.unit AND a.own = 1 WHERE p.above <> p.unit) x"),
      0);
}

static void follows_every_move(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL);
  struct forest f = {.s = &s, .chance = 7};
  for (int i = 0; i < UNITS; i++) {
    f.there[i] = true;
    f.parent[i] = i ? chance(&f, i) : NOBODY;
  }
  for (int round = 0; round < ROUNDS; round++) {
    const int unit = 1 + chance(&f, UNITS - 1), to = chance(&f, UNITS);
    if (!is_under(&f, to, unit)) f.parent[unit] = to;
    f.there[1 + chance(&f, UNITS - 1)] = chance(&f, 3) > 0;
    write_units(&f);
    assert_true(store_write(st, refresh, &s.mem, &e));
    if (round % 6 == 0) check(&f);
  }
  check(&f);
  store_close(st);
  scratch_end(&s);
}

static void a_circle_is_refused_and_changes_nothing(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL);
  (void)scratch_sql(&s, "INSERT INTO unit (tenant, id, name, kind, parent) VALUES ('local', 'a', 'a', 'school', NULL)");
  assert_true(store_write(st, refresh, &s.mem, &e));
  (void)scratch_sql(&s, "INSERT INTO unit (tenant, id, name, kind, parent) VALUES ('local', 'b', 'b', 'school', 'a')");
  (void)scratch_sql(&s, "UPDATE unit SET parent = 'b' WHERE id = 'a'");
  assert_false(store_write(st, refresh, &s.mem, &e));
  assert_int_equal(e.code, ERR_INVALID);
  assert_int_equal(scratch_sql(&s, "SELECT count(*) FROM unit_path"), 1);
  store_close(st);
  scratch_end(&s);
}

UNIT_TESTS(unit_path) = {
    cmocka_unit_test(follows_every_move),
    cmocka_unit_test(a_circle_is_refused_and_changes_nothing),
};
UNIT_COUNT(unit_path);
