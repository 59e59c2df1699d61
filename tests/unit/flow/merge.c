/* Orders of the hotline that are merged: what goes over, what stays, who refers to which, what ends. */
#include "bureau.h"

static void done(struct bureau *w, enum err_code code, const struct err *e) {
  if (code) fail_msg(STRF, STRA(err_says(&w->scratch.mem, LANG_EN, e)));
}
static void act(struct bureau *w, const char *id, const char *name, const struct bureau_input *in) {
  struct flow_done out;
  struct err e;
  done(w, bureau_act(w, "p-ban", "hotline.order", id, name, in, &out, &e), &e);
}
static const char *order(struct bureau *w) {
  struct flow_done out;
  struct err e;
  done(w,
       bureau_act(w, "p-ban", "hotline.order", NULL, "register",
                  INPUTS({"title", "校门口拥堵"}, {"body", "放学时段车多"}, {"channel", "phone"}), &out, &e),
       &e);
  const char *id = str_z(&w->scratch.mem, out.id);
  act(w, id, "accept", INPUTS({"class", "help"}));
  return id;
}
/* Sent to the office, which gives it back: the office is among those that refused it, both departments are to help. */
static void send_around(struct bureau *w, const char *id) {
  act(w, id, "dispatch", INPUTS({"lead", "u-office"}, {"joints", "u-plan,u-safety"}));
  act(w, id, "refuse", INPUTS({"refuse_why", "非我处职责"}, {"refuse_basis", "职责清单第3条"}));
}
/* sql has ID where the id is to stand. */
static int64_t count(struct bureau *w, const char *sql, const char *id) {
  struct arena *mem = &w->scratch.mem;
  return scratch_sql(&w->scratch, str_z(mem, str_replace(mem, str_of(sql), STR("ID"), str_of(id))));
}
static void test_one_into_another(void **unused) {
  struct bureau w;
  (void)unused;
  bureau_begin(&w);
  const char *a = order(&w), *b = order(&w), *c = order(&w);
  send_around(&w, b);
  act(&w, a, "dispatch", INPUTS({"lead", "u-plan"}));
  act(&w, c, "merge", INPUTS({"into", b}));
  assert_int_equal(count(&w, "SELECT count(*) FROM hotline_order WHERE \"into\" = 'ID'", b), 1);
  assert_true(count(&w, "SELECT count(*) FROM flow_clock WHERE id = 'ID' AND next_us IS NOT NULL", b) > 0);
  (void)count(
      &w,
      "INSERT INTO flow_follow (tenant, record, id, state, task) VALUES ('local', 'hotline.order', 'ID', 'done', 't')",
      b);
  (void)count(&w,
              "INSERT INTO flow_file (tenant, id, hash, name, type, size, record, owner, field, person, at_us) VALUES "
              "('local', 'photo', 'h', 'a.jpg', 'image/jpeg', 1, 'hotline.order', 'ID', 'photos', 'p-ban', 0)",
              b);
  (void)count(&w, "INSERT INTO hotline_order__photos (tenant, owner, seq, value) VALUES ('local', 'ID', 1, 'photo')",
              b);
  act(&w, b, "merge", INPUTS({"into", a}));
  /* both have the photo, each its own */
  assert_int_equal(count(&w, "SELECT count(*) FROM flow_file WHERE owner = 'ID' AND hash = 'h'", b), 1);
  assert_int_equal(count(&w,
                         "SELECT count(*) FROM flow_file f JOIN hotline_order__photos p ON p.value = f.id "
                         "WHERE f.owner = 'ID' AND p.owner = 'ID'",
                         a),
                   1);
  assert_str(bureau_field(&w, "hotline.order", str_of(b), "state"), "merged");
  assert_str(bureau_field(&w, "hotline.order", str_of(a), "state"), "sent");
  /* its joint department goes over, not the one that leads the other: a check refuses that */
  assert_str(bureau_field(&w, "hotline.order", str_of(a), "joints"), "安全处");
  assert_str(bureau_field(&w, "hotline.order", str_of(a), "refused_by"), "办公室");
  /* it keeps what it had */
  assert_int_equal(count(&w, "SELECT count(*) FROM hotline_order__joints WHERE owner = 'ID'", b), 2);
  /* what was merged into it is now of the other, and so is what waits for it */
  assert_int_equal(count(&w, "SELECT count(*) FROM hotline_order WHERE \"into\" = 'ID'", a), 2);
  assert_int_equal(count(&w, "SELECT count(*) FROM flow_follow WHERE id = 'ID'", a), 1);
  assert_int_equal(count(&w, "SELECT count(*) FROM flow_clock WHERE id = 'ID' AND next_us IS NOT NULL", b), 0);
  assert_int_equal(count(&w, "SELECT count(*) FROM event WHERE id = 'ID' AND act = 'merged_in'", a), 1);
  assert_int_equal(count(&w, "SELECT count(*) FROM event WHERE id = 'ID' AND act = 'reference_merged'", c), 1);
  assert_int_equal(count(&w, "SELECT count(*) FROM event WHERE id = 'ID' AND act = 'merge'", b), 1);
  bureau_end(&w);
}
static void test_not_into_itself(void **unused) {
  struct bureau w;
  struct flow_done out;
  struct err e;
  (void)unused;
  bureau_begin(&w);
  const char *a = order(&w), *b = order(&w);
  assert_int_equal(bureau_act(&w, "p-ban", "hotline.order", a, "merge", INPUTS({"into", a}), &out, &e), ERR_GUARD);
  act(&w, b, "merge", INPUTS({"into", a}));
  assert_int_equal(bureau_act(&w, "p-ban", "hotline.order", a, "merge", INPUTS({"into", b}), &out, &e), ERR_GUARD);
  assert_str(bureau_field(&w, "hotline.order", str_of(a), "state"), "accepted");
  bureau_end(&w);
}

UNIT_TESTS(merge) = {cmocka_unit_test(test_one_into_another), cmocka_unit_test(test_not_into_itself)};
UNIT_COUNT(merge);
