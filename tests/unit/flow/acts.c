/* One act after the other on real packages: what is refused leaves nothing, what is done is there, what is computed follows. */
#include "bureau.h"
#include "declare/check.h"

static void done(struct bureau *w, enum err_code code, const struct err *e) {
  if (code) fail_msg(STRF, STRA(err_says(&w->scratch.mem, LANG_EN, e)));
}
static void test_a_visit(void **unused) {
  struct bureau w;
  struct flow_done pair, visit, problem;
  struct err e;
  (void)unused;
  bureau_begin(&w);
  done(&w,
       bureau_act(&w, "p-ban", "pairs.pair", NULL, "pair",
                  INPUTS({"leader", "p-lead"}, {"school", "u-one"}, {"term", "2026-01-01 00:00..2026-12-31 23:59"}),
                  &pair, &e),
       &e);
  assert_str(pair.state, "active");
  assert_int_equal(
      bureau_act(&w, "p-ban", "pairs.pair", NULL, "pair",
                 INPUTS({"leader", "p-lead"}, {"school", "u-one"}, {"term", "2026-06-01 00:00..2027-05-31 23:59"}),
                 &visit, &e),
      ERR_EXCLUSIVE);
  const struct bureau_input *note = INPUTS({"pair", str_z(&w.scratch.mem, pair.id)}, {"on", "2026-03-02"},
                                           {"way", "visit,lesson"}, {"note", "到校"}, {"key", "k1"});
  assert_int_equal(bureau_act(&w, "p-lead2", "pairs.visit", NULL, "note", note, &visit, &e), ERR_GUARD);
  done(&w, bureau_act(&w, "p-lead", "pairs.visit", NULL, "note", note, &visit, &e), &e);
  assert_str(visit.number, "ZF2026-0001");
  assert_str(bureau_field(&w, "pairs.visit", visit.id, "school"), "东山一小");
  assert_str(bureau_field(&w, "pairs.pair", pair.id, "visited"), "1次");
  /* the same request again */
  const struct str first = visit.id;
  done(&w, bureau_act(&w, "p-lead", "pairs.visit", NULL, "note", note, &visit, &e), &e);
  assert_true(visit.is_replayed && str_eq(visit.id, first));
  assert_str(bureau_field(&w, "pairs.pair", pair.id, "visited"), "1次");
  const char *const v = str_z(&w.scratch.mem, visit.id);
  assert_int_equal(
      bureau_act(&w, "p-head", "pairs.problem", NULL, "raise", INPUTS({"visit", v}, {"topic", "build"}), &problem, &e),
      ERR_INVALID);
  assert_str(err_field(&e), "what");
  done(&w,
       bureau_act(&w, "p-head", "pairs.problem", NULL, "raise",
                  INPUTS({"visit", v}, {"topic", "build"}, {"what", "操场跑道破损"}), &problem, &e),
       &e);
  assert_str(bureau_field(&w, "pairs.visit", visit.id, "problems_count"), "1个");
  assert_int_equal(bureau_act(&w, "p-ban", "pairs.visit", v, "void", INPUTS({"wrong", "重复"}), &visit, &e), ERR_GUARD);
  /* going away again: what was computed of it follows */
  done(
      &w,
      bureau_act(&w, "p-ban", "pairs.pair", str_z(&w.scratch.mem, pair.id), "part", INPUTS({"why", "调整"}), &pair, &e),
      &e);
  assert_str(pair.state, "ended");
  bureau_end(&w);
}
static void test_a_refusal_leaves_nothing(void **unused) {
  struct bureau w;
  struct flow_done pair;
  struct err e;
  (void)unused;
  bureau_begin(&w);
  w.denies = true;
  assert_int_equal(
      bureau_act(&w, "p-ban", "pairs.pair", NULL, "pair",
                 INPUTS({"leader", "p-lead"}, {"school", "u-one"}, {"term", "2026-01-01 00:00..2026-12-31 23:59"}),
                 &pair, &e),
      ERR_FORBIDDEN);
  assert_int_equal(scratch_sql(&w.scratch, "SELECT count(*) FROM pairs_pair"), 0);
  assert_int_equal(scratch_sql(&w.scratch, "SELECT count(*) FROM flow_act"), 0);
  assert_int_equal(scratch_sql(&w.scratch, "SELECT count(*) FROM event WHERE record = 'pairs.pair'"), 0);
  assert_int_equal(w.told.len, 0);
  bureau_end(&w);
}
/* Installed again nothing happens; every table is there. */
static void test_installed(void **unused) {
  struct bureau w;
  (void)unused;
  bureau_begin(&w);
  const int64_t n = scratch_sql(&w.scratch, "SELECT count(*) FROM declared_step");
  assert_true(n > 200);
  struct err e = {0};
  for (size_t i = 0; i < w.flow.systems.len; i++)
    vec_each(const struct flow_record, r, &w.flow.systems.at[i]->records)
      assert_int_equal(
          scratch_sql(&w.scratch, str_z(&w.scratch.mem,
                                        str_fmt(&w.scratch.mem, "SELECT count(*) FROM \"" STRF "\"", STRA(r->table)))),
          0);
  (void)e;
  bureau_end(&w);
}

UNIT_TESTS(acts) = {cmocka_unit_test(test_installed), cmocka_unit_test(test_a_visit),
                    cmocka_unit_test(test_a_refusal_leaves_nothing)};
UNIT_COUNT(acts);
