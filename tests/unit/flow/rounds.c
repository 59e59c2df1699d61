/* Rounds on the task package: countersigning, adding a signer, silence, calling off. */
#include "engine/flow/rounds.h"
#include "bureau.h"
#include "engine/flow/jobs.h"

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
static const struct flow_host host = {NULL, host_may, host_notify, NULL};
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
static struct flow_run *begin_run(void *arg, struct store *session, struct arena *mem, int64_t now_us) {
  struct bureau *w = arg;
  struct flow_run *run = arena_new(mem, struct flow_run);
  flow_begin(run, &w->flow, session, mem, &host, now_us);
  return run;
}
static struct flow_jobs turn(struct bureau *w) {
  const struct flow_starter starter = {w, begin_run};
  struct flow_jobs out;
  struct err e = {0};
  if (!flow_jobs_run(&w->flow, w->store, &starter, w->now_us, &out, &e))
    fail_msg(STRF, STRA(err_says(&w->scratch.mem, LANG_EN, &e)));
  return out;
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
static void test_complaint_no_countersign(void **unused) {
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
static void test_complaint_no_add_sign(void **unused) {
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
  (void)unused;
  bureau_begin(&w);
  const char *id = signed_task(&w, "u-plan,u-safety");
  assert_int_equal(answers((struct answering){&w, "p-cai2", id, .view = "agree"}), ERR_NONE);
  (void)turn(&w);
  assert_str(outcome(&w, id), "open");
  w.now_us += INT64_C(8) * 86400 * 1000000; /* five workdays are over */
  (void)turn(&w);
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

/* One whom the adder waits for: the others are not held up, and the adder's turn comes back. */
static void test_complaint_no_add_sign_before_me(void **unused) {
  struct bureau w;
  (void)unused;
  bureau_begin(&w);
  struct flow_record *r = flow_record(&w.flow, STR("task.task"));
  struct round mine = *r->rounds.at[0].round;
  struct round_add add = *mine.add;
  const struct round *declared = r->rounds.at[0].round;
  struct word who = {.text = STR("handler@joints")};
  add.who.at = &who;
  add.who.len = 1;
  mine.add = &add;
  const char *id = signed_task(&w, "u-plan,u-safety");
  r->rounds.at[0].round = &mine;
  assert_int_equal(answers((struct answering){&w, "p-cai2", id, .adds = true, .before = true, .unit = "u-office"}),
                   ERR_NONE);
  assert_int_equal(answers((struct answering){&w, "p-cai2", id, .view = "agree"}), ERR_GUARD); /* waits now */
  assert_int_equal(answers((struct answering){&w, "p-doer", id, .view = "agree"}), ERR_NONE);  /* of the office */
  assert_int_equal(answers((struct answering){&w, "p-cai2", id, .view = "agree"}), ERR_NONE);
  assert_str(outcome(&w, id), "open");
  assert_int_equal(answers((struct answering){&w, "p-an2", id, .view = "agree"}), ERR_NONE);
  assert_str(outcome(&w, id), "done");
  r->rounds.at[0].round = declared;
  bureau_end(&w);
}
static void act(struct bureau *w, const char *id, const char *name, const struct bureau_input *in) {
  struct flow_done out;
  struct err e;
  const enum err_code code = bureau_act(w, "p-ban", "hotline.order", id, name, in, &out, &e);
  if (code) fail_msg("%s: " STRF, name, STRA(err_says(&w->scratch.mem, LANG_EN, &e)));
}
/* Back to any step that was passed, not to one that was not, by choice; all that was done stays. */
static void test_complaint_no_return_to_any_step(void **unused) {
  struct bureau w;
  struct flow_done order;
  struct err e;
  (void)unused;
  bureau_begin(&w);
  assert_int_equal(
      bureau_act(&w, "p-ban", "hotline.order", NULL, "register",
                 INPUTS({"title", "校门口拥堵"}, {"body", "放学时段车多"}, {"channel", "phone"}), &order, &e),
      ERR_NONE);
  const char *id = str_z(&w.scratch.mem, order.id);
  const struct bureau_input *reply =
      INPUTS({"reply", "已与交警协商设临时停车位"}, {"public_reply", "已设临时停车位并安排护学岗"});
  act(&w, id, "accept", INPUTS({"class", "help"}));
  act(&w, id, "dispatch", INPUTS({"lead", "u-office"}));
  act(&w, id, "sign", NULL);
  act(&w, id, "answer", reply);
  assert_int_equal(bureau_act(&w, "p-ban", "hotline.order", id, "send_back",
                              INPUTS({"fault", "没有写明时间"}, {"back_to", "taken"}), &order, &e),
                   ERR_INVALID);
  assert_str(err_field(&e), "back_to");
  act(&w, id, "send_back", INPUTS({"fault", "没有写明时间"}, {"back_to", "sent"})); /* two steps back */
  assert_str(bureau_field(&w, "hotline.order", str_of(id), "state"), "sent");
  assert_str(bureau_field(&w, "hotline.order", str_of(id), "public_reply"), "已设临时停车位并安排护学岗");
  act(&w, id, "sign", NULL);
  act(&w, id, "answer", reply);
  act(&w, id, "send_back", INPUTS({"fault", "没有写明时间"}, {"back_to", "working"})); /* one step back */
  assert_str(bureau_field(&w, "hotline.order", str_of(id), "state"), "working");
  bureau_end(&w);
}
/* Work orders that circle between bodies: one that was given back twice goes to who rules, and round no more. */
static void test_complaint_orders_circle(void **unused) {
  struct bureau w;
  struct flow_done order;
  struct err e;
  (void)unused;
  bureau_begin(&w);
  assert_int_equal(
      bureau_act(&w, "p-ban", "hotline.order", NULL, "register",
                 INPUTS({"title", "校门口拥堵"}, {"body", "放学时段车多"}, {"channel", "phone"}), &order, &e),
      ERR_NONE);
  const char *id = str_z(&w.scratch.mem, order.id);
  const struct bureau_input *no = INPUTS({"refuse_why", "非我处职责"}, {"refuse_basis", "职责清单第3条"});
  act(&w, id, "accept", INPUTS({"class", "help"}));
  act(&w, id, "dispatch", INPUTS({"lead", "u-office"}));
  act(&w, id, "refuse", no);
  assert_int_equal(bureau_act(&w, "p-ban", "hotline.order", id, "dispatch", INPUTS({"lead", "u-office"}), &order, &e),
                   ERR_GUARD); /* not to one that has given it back */
  act(&w, id, "dispatch", INPUTS({"lead", "u-plan"}));
  act(&w, id, "refuse", no);
  assert_str(bureau_field(&w, "hotline.order", str_of(id), "state"), "arbiting");
  assert_int_equal(bureau_act(&w, "p-ban", "hotline.order", id, "dispatch", INPUTS({"lead", "u-safety"}), &order, &e),
                   ERR_GUARD); /* nor on to a third */
  bureau_end(&w);
}

UNIT_TESTS(rounds) = {cmocka_unit_test(test_complaint_no_countersign),
                      cmocka_unit_test(test_complaint_no_add_sign),
                      cmocka_unit_test(test_complaint_no_add_sign_before_me),
                      cmocka_unit_test(test_complaint_no_return_to_any_step),
                      cmocka_unit_test(test_complaint_orders_circle),
                      cmocka_unit_test(test_silence_counts_as_no_objection),
                      cmocka_unit_test(test_an_end_calls_it_off)};
UNIT_COUNT(rounds);
