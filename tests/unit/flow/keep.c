/* Retention on the package of photos that citizens send: fields after half a year, records after three; what is not over stays. */
#include "bureau.h"
#include "store/event.h"

static int64_t after_days(int days) { return INT64_C(1772413200000000) + days * INT64_C(86400000000); }
static const char *sent(struct bureau *w, const char *said) {
  struct flow_done done = {0};
  struct err e;
  if (bureau_act(w, "p-cai", "snapshot.case", NULL, "send",
                 INPUTS({"kind", "ads"}, {"spot", "31.25,121.50"}, {"words", said}, {"photos", "file"}), &done, &e))
    fail_msg(STRF, STRA(err_says(&w->scratch.mem, LANG_EN, &e)));
  return str_z(&w->scratch.mem, done.id);
}
static void night(struct bureau *w, int days) {
  struct err e = {0};
  if (!flow_retention_day(&w->flow, w->store, after_days(days), &e))
    fail_msg(STRF, STRA(err_says(&w->scratch.mem, LANG_EN, &e)));
}
static int64_t count(struct bureau *w, const char *sql) { return scratch_sql(&w->scratch, sql); }
static void test_what_is_over_goes(void **unused) {
  struct bureau w;
  struct flow_done done;
  struct err e;
  struct event_proof proof;
  (void)unused;
  bureau_begin(&w);
  (void)count(&w, scratch_cluster ? "INSERT INTO file (tenant, hash, size, bytes) VALUES ('local', 'h', 1, '\\x78')"
                                  : "INSERT INTO file (tenant, hash, size, bytes) VALUES ('local', 'h', 1, x'78')");
  (void)count(&w,
              "INSERT INTO flow_file (tenant, id, hash, name, type, size, record, owner, field, person, at_us) "
              "VALUES ('local', 'file', 'h', 'a.jpg', 'image/jpeg', 1, '', '', '', 'p-cai', 0)");
  const char *const over = sent(&w, "楼上周末补课"), *const open = sent(&w, "还没有办");
  char sql[200];
  (void)snprintf(sql, sizeof sql, "UPDATE flow_file SET record = 'snapshot.case', owner = '%s', field = 'photos'",
                 over);
  (void)count(&w, sql);
  if (bureau_act(&w, "p-ban", "snapshot.case", over, "refuse", INPUTS({"public_reply", "不属实"}), &done, &e))
    fail_msg(STRF, STRA(err_says(&w.scratch.mem, LANG_EN, &e)));
  night(&w, 180); /* 180 days are not over on the 180th */
  assert_str(bureau_field(&w, "snapshot.case", str_of(over), "words"), "楼上周末补课");
  night(&w, 181);
  assert_str(bureau_field(&w, "snapshot.case", str_of(over), "words"), "");
  assert_str(bureau_field(&w, "snapshot.case", str_of(over), "public_reply"), "不属实");
  assert_str(bureau_field(&w, "snapshot.case", str_of(open), "words"), "还没有办");
  assert_int_equal(count(&w, "SELECT count(*) FROM flow_file"), 0);
  assert_int_equal(count(&w, "SELECT count(*) FROM file"), 0);
  assert_int_equal(count(&w, "SELECT count(*) FROM event_field WHERE field = 'words' AND value IS NOT NULL"), 1);
  assert_true(count(&w, "SELECT count(*) FROM event WHERE act = 'retention'") >= 2);
  const int64_t noted = count(&w, "SELECT count(*) FROM event");
  night(&w, 181);
  night(&w, 182);
  assert_int_equal(count(&w, "SELECT count(*) FROM event"), noted); /* once */
  night(&w, 3 * 366);
  assert_int_equal(count(&w, "SELECT count(*) FROM snapshot_case"), 1);
  (void)snprintf(sql, sizeof sql, "SELECT count(*) FROM flow_act WHERE id = '%s'", over);
  assert_int_equal(count(&w, sql), 0);
  {
    AUTO_READ *r = store_read_begin(w.store, &e);
    assert_non_null(r);
    assert_true(event_verify(r, &w.scratch.mem, &proof, &e));
  }
  assert_int_equal(proof.broken, 0);
  assert_true(proof.erased > 0);
  bureau_end(&w);
}

UNIT_TESTS(keep) = {cmocka_unit_test(test_what_is_over_goes)};
UNIT_COUNT(keep);
