/* Rows of a form that compute, registers whose values are true from a day on, and records that follow what their rows refer to. */
#include "bureau.h"
#include "texts.h"

static int64_t day_us(int days) {
  return INT64_C(1772413200000000) + days * INT64_C(86400000000);
} /* after 2026-03-02 */
static void act_is(struct bureau *w, enum err_code want, const char *at, enum err_code got, const struct err *e) {
  if (want != got) fail_msg("%s: " STRF, err_word(got), STRA(err_says(&w->scratch.mem, LANG_EN, e)));
  if (at) assert_str(err_field(e), at);
}
static void prepare(struct bureau *w) {
  bureau_begin(w);
  (void)scratch_sql(&w->scratch,
                    "INSERT INTO post (tenant, id, person, unit, role, title, from_day, until_day) VALUES "
                    "('local', 'o-c', 'p-cai', 'u-plan', 'fees.checker', '', '2020-01-01', '9999-12-31')");
  (void)scratch_sql(&w->scratch,
                    "INSERT INTO post (tenant, id, person, unit, role, title, from_day, until_day) VALUES "
                    "('local', 'o-c2', 'p-an2', 'u-safety', 'fees.checker', '', '2020-01-01', '9999-12-31')");
  (void)scratch_sql(&w->scratch,
                    "INSERT INTO flow_file (tenant, id, hash, name, type, size, record, owner, field, person, at_us) "
                    "VALUES ('local', 'file', 'h', 'a.pdf', 'application/pdf', 1, '', '', '', 'p-cai', 0)");
}
static const char *item(struct bureau *w) {
  struct flow_done done;
  struct err e;
  act_is(w, ERR_NONE, NULL,
         bureau_act(w, "p-cai", "fees.item", NULL, "add",
                    INPUTS({"code", "F1"}, {"name", "课后服务费"}, {"kind", "service"}, {"stage", "primary"},
                           {"per", "term"}, {"standard", "300.00"}, {"basis", "文"}, {"since", "2025-09-01"}),
                    &done, &e),
         &e);
  return str_z(&w->scratch.mem, done.id);
}
static struct str filed(struct bureau *w, const char *lines, enum err_code want, const char *at) {
  struct flow_done done = {0};
  struct err e;
  act_is(w, want, at,
         bureau_act(w, "p-cai", "fees.visit", NULL, "file",
                    INPUTS({"school", "u-one"}, {"on", "2026-03-02"}, {"term", "2025-2"}, {"partner", "p-an2"},
                           {"lines", lines}, {"proof", "file"}, {"problems", "over"}, {"due", "2026-04-10"}),
                    &done, &e),
         &e);
  return done.id;
}
static void change(struct bureau *w, const char *id, const char *standard, const char *from) {
  struct flow_done done;
  struct err e;
  act_is(w, ERR_NONE, NULL,
         bureau_act(w, "p-cai", "fees.item", id, "change", INPUTS({"standard", standard}, {"from", from}), &done, &e),
         &e);
}
static void test_rows_compute(void **unused) {
  struct bureau w;
  (void)unused;
  prepare(&w);
  const char *const id = item(&w);
  char lines[200];
  (void)snprintf(lines, sizeof lines, "%s|课后|380.00|500;|空调|50.00|500|yes", id);
  const struct str visit = filed(&w, lines, ERR_NONE, NULL);
  assert_str(bureau_field(&w, "fees.visit", visit, "over_total"), "65,000.00元");
  assert_str(bureau_field(&w, "fees.visit", visit, "flagged"), "是");
  assert_int_equal(scratch_sql(&w.scratch, "SELECT allowed_fen FROM fees_visit__lines WHERE seq = 1"), 30000);
  assert_int_equal(scratch_sql(&w.scratch, "SELECT forced FROM fees_visit__lines WHERE seq = 1"), 0); /* default */
  assert_int_equal(scratch_sql(&w.scratch, "SELECT forced FROM fees_visit__lines WHERE seq = 2"), 1);
  (void)filed(&w, "||50.00|500", ERR_INVALID, "lines.0.name");
  struct flow_done done;
  struct err e;
  (void)snprintf(lines, sizeof lines, "%s|300.00|yes;%s|200.00|yes", id, id);
  act_is(&w, ERR_INVALID, "lines.1.item",
         bureau_act(&w, "p-cai", "fees.notice", NULL, "draft",
                    INPUTS({"school", "u-one"}, {"term", "2025-2"}, {"lines", lines}), &done, &e),
         &e);
  bureau_end(&w);
}
static void test_versions(void **unused) {
  struct bureau w;
  struct flow_done done;
  struct err e = {0};
  char lines[200];
  (void)unused;
  prepare(&w);
  const char *const id = item(&w);
  (void)snprintf(lines, sizeof lines, "%s|课后|380.00|100", id);
  const struct str before = filed(&w, lines, ERR_NONE, NULL);
  act_is(&w, ERR_INVALID, "from",
         bureau_act(&w, "p-cai", "fees.item", id, "change", INPUTS({"standard", "280.00"}), &done, &e), &e);
  change(&w, id, "280.00", "2026-03-12");
  assert_str(bureau_field(&w, "fees.item", str_of(id), "standard"), "300.00元"); /* not yet */
  const struct flow_starter starter = bureau_starter(&w);
  for (int i = 0; i < 2; i++) {
    w.now_us = day_us(i ? 10 : 9);
    assert_true(flow_versions_day(&w.flow, w.store, &starter, w.now_us, &e));
    assert_str(bureau_field(&w, "fees.item", str_of(id), "standard"), i ? "280.00元" : "300.00元");
  }
  assert_int_equal(scratch_sql(&w.scratch, "SELECT count(*) FROM event WHERE act = 'version'"), 1);
  assert_true(flow_versions_day(&w.flow, w.store, &starter, w.now_us, &e));
  assert_int_equal(scratch_sql(&w.scratch, "SELECT count(*) FROM event WHERE act = 'version'"), 1); /* once */
  /* what speaks of the day before keeps its standard, what is new has the new one */
  assert_str(bureau_field(&w, "fees.visit", before, "over_total"), "8,000.00元");
  (void)snprintf(lines, sizeof lines, "%s|课后|380.00|100", id);
  assert_str(bureau_field(&w, "fees.visit", filed(&w, lines, ERR_NONE, NULL), "over_total"), "10,000.00元");
  /* a correction of the past is followed by what stands on it, and leaves what came later */
  change(&w, id, "350.00", "2026-03-01");
  assert_str(bureau_field(&w, "fees.item", str_of(id), "standard"), "280.00元");
  assert_str(bureau_field(&w, "fees.visit", before, "over_total"), "3,000.00元");
  bureau_end(&w);
}
UNIT_TESTS(lines) = {cmocka_unit_test(test_rows_compute), cmocka_unit_test(test_versions)};
UNIT_COUNT(lines);
