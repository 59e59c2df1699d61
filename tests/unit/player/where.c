/* Conditions over the server's answers, worked out by the player itself. */
#include "fake.h"

static void holds(const char *record, const char *condition, enum truth wanted) {
  struct fake_run r;
  struct str why;
  struct err e = {0};
  fake_play(&r, FAKE_RIGHT, "  - {as: an, do: thing.make, with: {title: 灯}, name: a}\n");
  AUTO_JSON *j = NULL;
  assert_true(json_parse(str_of(record), &j, &e));
  const enum truth got = where_holds(&r.play, j, str_of(condition), &why);
  fake_end(&r);
  if (got != wanted) print_error("%s over %s: %d\n", condition, record, (int)got);
  assert_int_equal(got, wanted);
}
static const char row[] =
    "{\"id\": \"x\", \"state\": \"open\", \"fields\": {\"title\": \"灯\", \"n\": \"12.50\", \"on\": \"2026-03-02\", "
    "\"carried\": true, "
    "\"time\": {\"from\": \"2026-04-01T07:00:00+08:00\"}, \"unit\": {\"id\": \"u\", \"name\": \"办公室\"}, \"level\": "
    "{\"code\": "
    "\"high\", \"label\": \"高\"}, \"earlier\": {\"id\": \"r1\"}, \"gone\": null}, \"clocks\": {\"fix\": {\"over\": "
    "true}}}";

static void what_is_said_of_a_row(void **state) {
  (void)state;
  holds(row, "state = .open", TRUTH_YES);
  holds(row, "state != .open", TRUTH_NO);
  holds(row, "carried", TRUTH_YES);
  holds(row, "not carried", TRUTH_NO);
  holds(row, "title = \"灯\" and n = 12.5", TRUTH_YES);
  holds(row, "n > 9", TRUTH_YES);
  holds(row, "on >= 2026-03-02", TRUTH_YES);
  holds(row, "date(time.from) >= 2026-04-02", TRUTH_NO);
  holds(row, "unit.name = \"办公室\" and level = .high", TRUTH_YES);
  holds(row, "state in (.closed, .open)", TRUTH_YES);
  holds(row, "state = .open and clock(fix).over", TRUTH_YES);
  holds(row, "earlier = a", TRUTH_YES);
  holds(row, "gone is none", TRUTH_YES);
}
static void what_is_missing_is_unknown(void **state) {
  (void)state;
  holds(row, "gone = 3", TRUTH_UNKNOWN);
  holds(row, "gone = 3 or state = .open", TRUTH_YES);
  holds(row, "gone = 3 and state = .closed", TRUTH_NO);
  holds(row, "clock(other).over", TRUTH_UNKNOWN);
}
static void other_records_are_asked_for(void **state) {
  (void)state;
  holds("{}", "a.state = .open", TRUTH_YES);
  holds("{}", "a.title = \"桌\"", TRUTH_NO);
}
static void what_makes_no_sense_is_said(void **state) {
  (void)state;
  holds(row, "state =", TRUTH_NO_SENSE);
  holds(row, "count(parts) = 3", TRUTH_NO_SENSE);
  holds(row, "title", TRUTH_NO_SENSE);
  holds(row, "n + 1 = 13.5", TRUTH_NO_SENSE);
}

UNIT_TESTS(where) = {
    cmocka_unit_test(what_is_said_of_a_row),
    cmocka_unit_test(what_is_missing_is_unknown),
    cmocka_unit_test(other_records_are_asked_for),
    cmocka_unit_test(what_makes_no_sense_is_said),
};
UNIT_COUNT(where);
