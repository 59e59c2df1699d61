/* Rounds on the task package: countersigning, adding a signer, silence, calling off. */
#include "engine/flow/rounds.h"
#include "bureau.h"

struct answering {
  struct bureau *w;
  const char *person, *id, *party, *view;
  bool adds, before;
  const char *unit;
};
static bool host_may(void *arg, struct flow_run *run, const struct flow_record *r, struct str id, struct str act,
                     bool *out, bool *out_seen, struct err *e) {
  (void)arg, (void)run, (void)r, (void)id, (void)act, (void)e;
  *out = *out_seen = true;
  return true;
}
static bool host_notify(void *arg, struct flow_run *run, struct str person, struct str text, struct str link,
                        struct err *e) {
  (void)arg, (void)run, (void)person, (void)text, (void)link, (void)e;
  return true;
}
static const struct flow_host host = {NULL, host_may, host_notify};
static bool answer(struct store *tx, void *arg, struct err *e) {
  const struct answering *a = arg;
  struct flow_run run;
  const struct flow_record *r = flow_record(&a->w->flow, STR("task.task"));
  const struct flow_input in[] = {{.name = STR("view"), .value = value_code(str_of(a->view ? a->view : "agree"))}};
  flow_begin(&run, &a->w->flow, tx, &a->w->scratch.mem, &host, a->w->now_us);
  run.by = FLOW_BY_PERSON;
  run.person = run.actor = str_of(a->person);
  if (a->adds) return flow_round_add(&run, r, str_of(a->id), STR("joint"), str_of(a->unit), a->before, e);
  const struct flow_answering said = {r,  str_of(a->id),  STR("joint"), str_of(a->party ? a->party : ""),
                                      in, a->view ? 1 : 0};
  return flow_round_answer(&run, &said, e);
}
static enum err_code answers(struct answering a) {
  struct err e = {0};
  return store_write(a.w->store, answer, &a, &e) ? ERR_NONE : e.code;
}
static bool due(struct store *tx, void *arg, struct err *e) {
  struct bureau *w = arg;
  struct flow_run run;
  bool done;
  flow_begin(&run, &w->flow, tx, &w->scratch.mem, &host, w->now_us);
  run.by = FLOW_BY_CLOCK;
  do TRY(flow_round_due(&run, w->now_us, &done, e));
  while (done);
  return true;
}
static struct str outcome(struct bureau *w, const char *id) {
  struct err e = {0};
  struct flow_run run;
  flow_rounds all = {0};
  AUTO_READ *session = store_read_begin(w->store, &e);
  flow_begin(&run, &w->flow, session, &w->scratch.mem, &host, w->now_us);
  assert_true(flow_rounds_of(&run, flow_record(&w->flow, STR("task.task")), str_of(id), &all, &e));
  return all.len ? vec_last(&all).outcome : STR("");
}
static const char *signed_task(struct bureau *w, const char *joints) {
  struct flow_done task;
  struct err e;
  assert_int_equal(
      bureau_act(w, "p-ban", "task.task", NULL, "make",
                 INPUTS({"title", "修跑道"}, {"unit", "u-office"}, {"due", "2026-04-30"}, {"joints", joints}), &task,
                 &e),
      ERR_NONE);
  const char *id = str_z(&w->scratch.mem, task.id);
  const enum err_code code = bureau_act(w, "p-ban", "task.task", id, "sign", INPUTS({"doer", "p-doer"}), &task, &e);
  if (code) fail_msg(STRF, STRA(err_says(&w->scratch.mem, LANG_EN, &e)));
  return id;
}
static void test_all_must_answer(void **unused) {
  struct bureau w;
  struct flow_done task;
  struct err e;
  (void)unused;
  bureau_begin(&w);
  const char *id = signed_task(&w, "u-plan,u-safety");
  assert_str(outcome(&w, id), "open");
  const struct bureau_input *finish = INPUTS({"result", "修好"});
  assert_int_equal(bureau_act(&w, "p-doer", "task.task", id, "finish", finish, &task, &e), ERR_GUARD);
  assert_int_equal(answers((struct answering){&w, "p-lead", id, .view = "agree"}), ERR_FORBIDDEN);
  assert_int_equal(answers((struct answering){&w, "p-cai2", id, .view = NULL}), ERR_INVALID);
  assert_int_equal(answers((struct answering){&w, "p-cai2", id, .view = "agree"}), ERR_NONE);
  assert_int_equal(answers((struct answering){&w, "p-cai2", id, .view = "amend"}), ERR_NONE); /* changed while open */
  assert_str(outcome(&w, id), "open");
  assert_int_equal(answers((struct answering){&w, "p-an2", id, .view = "agree"}), ERR_NONE);
  assert_str(outcome(&w, id), "done");
  assert_int_equal(answers((struct answering){&w, "p-an2", id, .view = "against"}), ERR_GUARD); /* not after its end */
  assert_int_equal(scratch_sql(&w.scratch, "SELECT count(*) FROM flow_answer"), 3);             /* the old one stays */
  bureau_end(&w);
}
static void test_adding_a_signer_before(void **unused) {
  struct bureau w;
  (void)unused;
  bureau_begin(&w);
  const char *id = signed_task(&w, "u-plan");
  assert_int_equal(answers((struct answering){&w, "p-lead", id, .adds = true, .before = true, .unit = "u-safety"}),
                   ERR_FORBIDDEN);
  assert_int_equal(answers((struct answering){&w, "p-doer", id, .adds = true, .before = true, .unit = "u-safety"}),
                   ERR_NONE);
  assert_int_equal(answers((struct answering){&w, "p-doer", id, .adds = true, .before = true, .unit = "u-safety"}),
                   ERR_DUPLICATE);
  assert_int_equal(answers((struct answering){&w, "p-cai2", id, .view = "agree"}), ERR_NONE);
  assert_str(outcome(&w, id), "open");
  assert_int_equal(answers((struct answering){&w, "p-an2", id, .view = "agree"}), ERR_NONE);
  assert_str(outcome(&w, id), "done");
  bureau_end(&w);
}
static void test_silence_counts_as_no_objection(void **unused) {
  struct bureau w;
  struct err e = {0};
  (void)unused;
  bureau_begin(&w);
  const char *id = signed_task(&w, "u-plan,u-safety");
  assert_int_equal(answers((struct answering){&w, "p-cai2", id, .view = "agree"}), ERR_NONE);
  assert_true(store_write(w.store, due, &w, &e));
  assert_str(outcome(&w, id), "open");
  w.now_us += INT64_C(8) * 86400 * 1000000; /* five workdays are over */
  assert_true(store_write(w.store, due, &w, &e));
  assert_str(outcome(&w, id), "done");
  bureau_end(&w);
}
static void test_an_end_calls_it_off(void **unused) {
  struct bureau w;
  struct flow_done task;
  struct err e;
  (void)unused;
  bureau_begin(&w);
  const char *id = signed_task(&w, "u-plan");
  assert_int_equal(bureau_act(&w, "p-lead", "task.task", id, "cancel", INPUTS({"reason", "不再需要"}), &task, &e),
                   ERR_NONE);
  assert_str(outcome(&w, id), "off");
  bureau_end(&w);
}

UNIT_TESTS(rounds) = {cmocka_unit_test(test_all_must_answer), cmocka_unit_test(test_adding_a_signer_before),
                      cmocka_unit_test(test_silence_counts_as_no_objection),
                      cmocka_unit_test(test_an_end_calls_it_off)};
UNIT_COUNT(rounds);
