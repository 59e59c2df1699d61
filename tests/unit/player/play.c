/* A player that lets something pass is worse than none: what is wrong must fail, whatever it is. */
#include "fake.h"

#define MAKE "  - {as: an, do: thing.make, with: {title: 灯}, name: a}\n"

static void play_count(enum fake_manner manner, const char *steps, int passed, int failed, int not_yet) {
  struct fake_run r;
  fake_play(&r, manner, steps);
  if (r.result.passed != passed || r.result.failed != failed || r.result.not_yet != not_yet) {
    print_error("%d passed, %d failed, %d not yet: %s\n" STRF "\n", r.result.passed, r.result.failed, r.result.not_yet,
                steps, STRA(r.result.broken));
    vec_each(__typeof__(struct step_result *), s, &r.result.steps)
      vec_each(struct miss, m, &(*s)->misses)
        print_error("  " STRF ": " STRF " | " STRF "\n", STRA((*s)->no), STRA(m->expected), STRA(m->got));
    fake_end(&r);
    fail_msg("otherwise than wanted");
  }
  fake_end(&r);
}
static void passes(const char *steps) { play_count(FAKE_RIGHT, steps, 2, 0, 0); }
static void fails(const char *steps) { play_count(FAKE_RIGHT, steps, 1, 1, 0); }

static void right_expectations_pass(void **state) {
  (void)state;
  passes(MAKE
         "  - {as: an, see: a, expect: {state: open, fields: {title: 灯, due: none, unit: 办公室, share: 60%}}}\n");
  passes(MAKE "  - {as: an, see: a, expect: {state: [closed, open], fields: {parts: [b, a]}}}\n");
  passes(MAKE
         "  - {as: an, see: a, expect: {clock: {fix: {due: 2026-03-09 17:30, over: no}}, shows: [title], hides: "
         "[due]}}\n");
  passes(MAKE "  - {as: an, do: a.close, expect: {state: closed}}\n");
  passes(MAKE "  - {as: an, list: thing, where: state = .open and title = \"灯\", expect: {rows: [a], count: 1}}\n");
}
static void wrong_expectations_fail(void **state) {
  (void)state;
  fails(MAKE "  - {as: an, see: a, expect: {state: closed}}\n");
  fails(MAKE "  - {as: an, see: a, expect: {fields: {title: 桌}}}\n");
  fails(MAKE "  - {as: an, see: a, expect: {fields: {title: none}}}\n");
  fails(MAKE "  - {as: an, see: a, expect: {fields: {due: 2026-03-02}}}\n");
  fails(MAKE "  - {as: an, see: a, expect: {fields: {share: 61%}}}\n");
  fails(MAKE "  - {as: an, see: a, expect: {fields: {parts: [a]}}}\n");
  fails(MAKE "  - {as: an, see: a, expect: {fields: {parts: [a, a]}}}\n");
  fails(MAKE "  - {as: an, see: a, expect: {clock: {fix: {due: 2026-03-09 17:31}}}}\n");
  fails(MAKE "  - {as: an, see: a, expect: {clock: {other: {over: no}}}}\n");
  fails(MAKE "  - {as: an, see: a, expect: {shows: [due]}}\n");
  fails(MAKE "  - {as: an, see: a, expect: {hides: [title]}}\n");
  fails(MAKE "  - {as: an, see: a, expect: {papers: [order]}}\n");
  fails(MAKE "  - {as: an, list: thing, where: state = .closed, expect: {count: 1}}\n");
  fails(MAKE "  - {as: an, see: a, expect: {chain: ok}}\n"); /* this stage has none */
}
static void unknown_fails(void **state) {
  (void)state;
  fails(MAKE "  - {as: an, see: a, expect: {colour: red}}\n");
  fails(MAKE "  - {as: an, see: a, expect: {tasks: [{has: 灯}]}}\n");
  fails(MAKE "  - {as: an, dance: a}\n");
  fails(MAKE "  - {as: nobody, see: a}\n");
  fails(MAKE "  - {see: a}\n");
  fails(MAKE "  - {as: an, see: b}\n");
  fails(MAKE "  - {as: an, do: a.burn}\n");
  fails(MAKE "  - {as: an, list: thing, where: distance(a) > 3 m}\n");
  fails(MAKE "  - {clock: tomorrow}\n");
}
static void what_is_not_there_fails(void **state) {
  (void)state;
  play_count(FAKE_GONE, MAKE "  - {as: an, see: a, refused: {code: not_found}}\n", 0, 2, 0);
  play_count(FAKE_GONE, "  - {as: an, do: thing.make, with: {title: 灯}, expect: {state: open}}\n", 0, 1, 0);
  play_count(FAKE_GONE, "  - {expect: {measures: {toy.all: {value: 0}}, notices: [{to: an, has: 灯}]}}\n", 0, 1, 0);
}
static void refusals_are_held_to_their_word(void **state) {
  (void)state;
  passes(MAKE "  - {as: an, do: thing.make, refused: {code: invalid, at: title, says: 不行}}\n");
  fails(MAKE "  - {as: an, do: thing.make, refused: {code: guard}}\n");
  fails(MAKE "  - {as: an, do: thing.make, refused: {code: invalid, says: 可以}}\n");
  fails(MAKE "  - {as: an, do: thing.make, refused: {code: invalid, because: 不行}}\n");
  fails(MAKE "  - {as: an, do: a.close, refused: {code: guard}}\n"); /* it is done, and was not to be */
  fails(MAKE "  - {as: an, do: thing.make}\n");
}
static void a_trace_fails(void **state) {
  (void)state;
  static const char twice[] = MAKE "  - {as: an, do: a.close}\n  - {as: an, do: a.close, refused: {code: guard}}\n";
  static const char more[] = MAKE "  - {as: an, do: thing.make, refused: {code: invalid}}\n";
  play_count(FAKE_RIGHT, twice, 3, 0, 0);
  play_count(FAKE_TRACE, twice, 2, 1, 0);
  play_count(FAKE_RIGHT, more, 2, 0, 0);
  play_count(FAKE_TRACE, more, 1, 1, 0);
}
static void what_needs_more_is_not_yet(void **state) {
  (void)state;
  play_count(FAKE_RIGHT, MAKE "  - {as: an, see: a, needs: ledger, expect: {state: open, tasks: [{has: 灯}]}}\n", 1, 0,
             1);
  play_count(FAKE_RIGHT, MAKE "  - {as: an, see: a, needs: ledger, expect: {state: closed, tasks: [{has: 灯}]}}\n", 1,
             1, 0);
}
static void conditions_and_repeats(void **state) {
  (void)state;
  play_count(FAKE_RIGHT,
             MAKE "  - {as: an, if: a.state = .closed, do: a.close}\n  - {as: an, see: a, expect: {state: open}}\n", 2,
             0, 0);
  play_count(FAKE_RIGHT,
             "  - repeat: [{times: 2, with: {t: 灯}}, {times: 1, with: {t: 桌}}]\n    steps:\n"
             "      - {as: an, do: thing.make, with: {title: \"<t><n>\"}, name: a<n>}\n"
             "  - {as: an, see: a3}\n",
             5, 0, 0);
  play_count(FAKE_RIGHT, MAKE "  - {as: an, do: a.close}\n  - {replay: last, expect: {replayed: yes}}\n", 2, 1, 0);
  play_count(FAKE_RIGHT,
             MAKE
             "  - together:\n      - {as: an, do: a.close}\n      - {as: an, do: a.close}\n"
             "    expect: {succeed: 1, refused: {code: guard}}\n    then: {state: [closed]}\n",
             2, 0, 0);
  play_count(FAKE_RIGHT,
             MAKE
             "  - together:\n      - {as: an, do: a.close}\n      - {as: an, do: a.close}\n"
             "    expect: {succeed: 2}\n",
             1, 1, 0);
  play_count(
      FAKE_RIGHT,
      MAKE "  - together:\n      - {as: an, do: a.close}\n      - {as: an, do: a.close}\n    then: {state: [closed]}\n",
      2, 0, 0); /* who wins is left open */
  play_count(
      FAKE_RIGHT,
      MAKE
      "  - together:\n      - {as: an, do: a.close}\n      - {as: an, do: thing.make}\n    then: {state: [closed]}\n",
      1, 1, 0);
}
static void a_session_that_is_over_begins_again(void **state) {
  (void)state;
  struct fake_run r;
  fake_play(&r, FAKE_RIGHT, MAKE);
  r.server.expired = true;
  struct http_reply reply = {0};
  struct err e = {0};
  assert_true(play_get(&r.play, 0, STR("/api/v1/s/toy/thing/r1"), &reply, &e));
  assert_int_equal(reply.status, 200);
  assert_int_equal(r.server.sign_ins, 2);
  fake_end(&r);
}

UNIT_TESTS(play) = {
    cmocka_unit_test(right_expectations_pass),
    cmocka_unit_test(wrong_expectations_fail),
    cmocka_unit_test(unknown_fails),
    cmocka_unit_test(what_is_not_there_fails),
    cmocka_unit_test(refusals_are_held_to_their_word),
    cmocka_unit_test(a_trace_fails),
    cmocka_unit_test(what_needs_more_is_not_yet),
    cmocka_unit_test(conditions_and_repeats),
    cmocka_unit_test(a_session_that_is_over_begins_again),
};
UNIT_COUNT(play);
