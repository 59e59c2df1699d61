/* Levels fire at any hour; whom they tell is called when the office opens, unless the clock runs by day and by night. */
#include "bureau.h"
#include "engine/flow/jobs.h"

static const char said[] =
    "gangmu: 1\nsystem: watch\nlabel: 值守\nrows: [S020]\nversion: 1\nsummary: 试验用\n"
    "roles:\n  keeper: {label: 值守员, at: [bureau], sees: {case: all}}\n"
    "lists:\n  haste: {label: 缓急, items: {slow: 平件, quick: 急件}}\n"
    "tables:\n  limits:\n    label: 时限\n    key: {haste: choice(haste)}\n    gives: {limit: duration}\n"
    "    rows:\n      - [slow, 4 workhours]\n      - [quick, 13 hours]\n"
    "records:\n  case:\n    label: 事项\n    belongs: at\n    fields:\n"
    "      at:    {is: unit, label: 单位, need: yes}\n"
    "      haste: {is: choice(haste), label: 缓急, need: yes}\n"
    "    states: {open: 在办, done: {label: 办结, end: yes}}\n"
    "    acts:\n"
    "      make:  {label: 登记, from: start, to: open, who: [keeper], asks: [at, haste]}\n"
    "      close: {label: 办结, from: open, to: done, who: [keeper], does: [{notify: {to: creator, text: 办结了}}]}\n"
    "    clocks:\n      do:\n        label: 办理时限\n        starts: open\n        stops: [done]\n"
    "        limit: look(limits, haste).limit\n        levels:\n"
    "          - {at: due, does: [{notify: {to: creator, text: 逾期}}]}\n"
    "privacy: {rule: none, why: 试验}\n";

static int64_t at(int day, int hour, int minute) {
  return day_moment(date_to_days((struct date){2026, 3, (int8_t)day}), (hour * 60 + minute) * 60 * SECOND_US);
}
static const char *makes(struct bureau *w, const char *haste) {
  struct flow_done done;
  struct err e;
  if (bureau_act(w, "p-cai", "watch.case", NULL, "make", INPUTS({"at", "u-bureau"}, {"haste", haste}), &done, &e))
    fail_msg(STRF, STRA(err_says(&w->scratch.mem, LANG_EN, &e)));
  return str_z(&w->scratch.mem, done.id);
}
static void turn(struct bureau *w, int64_t until) {
  const struct flow_starter starter = bureau_starter(w);
  struct flow_jobs out;
  struct err e = {0};
  if (!flow_jobs_run(&w->flow, w->store, &starter, until, &out, &e) || out.failed)
    fail_msg(STRF, STRA(err_says(&w->scratch.mem, LANG_EN, &e)));
}
static void test_at_ten_in_the_evening(void **unused) {
  struct bureau w;
  struct flow_done done;
  struct err e;
  (void)unused;
  bureau_begin_own(&w, "watch", said, NULL);
  (void)makes(&w, "slow");
  const char *quick = makes(&w, "quick");
  turn(&w, at(2, 15, 0)); /* four hours of office since nine */
  assert_int_equal(w.told.len, 0);
  turn(&w, at(2, 15, 1));
  assert_int_equal(w.told.len, 1);
  assert_int_equal(vec_last(&w.told).tell_us, at(2, 15, 1)); /* in office hours */
  turn(&w, at(2, 22, 1));
  assert_int_equal(w.told.len, 2);
  assert_int_equal(vec_last(&w.told).tell_us, 0); /* it runs at night, and so do those whom it concerns */
  w.now_us = at(2, 16, 0);
  (void)makes(&w, "slow"); /* an hour and a half today, the rest tomorrow */
  w.now_us = at(2, 22, 30);
  assert_int_equal(bureau_act(&w, "p-cai", "watch.case", quick, "close", INPUTS({0}), &done, &e), ERR_NONE);
  assert_int_equal(w.told.len, 3);
  assert_int_equal(vec_last(&w.told).tell_us, 0); /* what a person does is told as it is done */
  turn(&w, at(6, 22, 0));                         /* the program had stood still: it is known on Friday evening */
  assert_int_equal(w.told.len, 4);
  assert_int_equal(vec_last(&w.told).tell_us, at(9, 8, 30));
  bureau_end(&w);
}

UNIT_TESTS(night) = {cmocka_unit_test(test_at_ten_in_the_evening)};
UNIT_COUNT(night);
