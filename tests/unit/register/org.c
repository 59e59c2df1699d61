/* Acts on a small tree: what each changes from its day on, and what it refuses. Random histories: tests/property/org.c. */
#include "engine/register/org.h"

#include "texts.h"
#include "unit.h"

struct town {
  struct arena mem;
  struct org o;
};
static int msg_of(struct town *t, struct org_act a) {
  struct err e = {0};
  return org_apply(&t->o, &a, &e) ? 0 : e.msg;
}
static struct org_act found(int32_t day, const char *id, const char *kind, const char *parent) {
  return (struct org_act){.deed = ORG_FOUND,
                          .day = day,
                          .unit = str_of(id),
                          .name = str_of(id),
                          .kind = str_of(kind),
                          .parent = str_of(parent),
                          .other = STR("")};
}
/* A bureau with a department and two schools, one with a class; all of day 10. */
static void town_begin(struct town *t) {
  *t = (struct town){0};
  org_begin(&t->o, &t->mem, org_rules_known());
  assert_int_equal(msg_of(t, found(10, "bureau", "bureau", "")), 0);
  assert_int_equal(msg_of(t, found(10, "office", "department", "bureau")), 0);
  assert_int_equal(msg_of(t, found(10, "first", "school", "bureau")), 0);
  assert_int_equal(msg_of(t, found(10, "second", "school", "bureau")), 0);
  assert_int_equal(msg_of(t, found(10, "1A", "class", "first")), 0);
}
static struct str parent_on(const struct town *t, const char *id, int32_t day) {
  const struct org_version *v = org_on(org_find(&t->o, str_of(id)), day);
  return v ? v->parent : STR("(none)");
}
static void each_act_holds_from_its_day(void **state) {
  (void)state;
  struct town t;
  town_begin(&t);
  assert_int_equal(
      msg_of(&t, (struct org_act){.deed = ORG_RENAME, .day = 20, .unit = STR("first"), .name = STR("新名")}), 0);
  assert_str(org_on(org_find(&t.o, STR("first")), 19)->name, "first");
  assert_str(org_on(org_find(&t.o, STR("first")), 20)->name, "新名");
  assert_int_equal(
      msg_of(&t, (struct org_act){.deed = ORG_MOVE, .day = 30, .unit = STR("1A"), .parent = STR("second")}), 0);
  assert_str(parent_on(&t, "1A", 29), "first");
  assert_str(parent_on(&t, "1A", 30), "second");
  assert_null(org_on(org_find(&t.o, STR("first")), 9));
  assert_null(org_broken(&t.o, 30));
  arena_drop(&t.mem);
}
static void a_merger_hands_over_and_keeps_names_apart(void **state) {
  (void)state;
  struct town t;
  town_begin(&t);
  struct org_act twin = found(10, "2A", "class", "second");
  twin.name = STR("1A");
  assert_int_equal(msg_of(&t, twin), 0);
  assert_int_equal(
      msg_of(&t, (struct org_act){.deed = ORG_MERGE, .day = 50, .unit = STR("first"), .other = STR("second")}), 0);
  assert_null(org_on(org_find(&t.o, STR("first")), 50));
  assert_str(parent_on(&t, "1A", 49), "first");
  assert_str(parent_on(&t, "1A", 50), "second");
  assert_str(org_on(org_find(&t.o, STR("1A")), 50)->name, "1A（原first）");
  for (int32_t day = 0; day < 60; day++) assert_null(org_broken(&t.o, day));
  arena_drop(&t.mem);
}
static void what_would_break_a_law_is_refused(void **state) {
  (void)state;
  struct town t;
  town_begin(&t);
  assert_int_equal(msg_of(&t, found(5, "early", "department", "bureau")), MSG_org_parent_not_there);
  assert_int_equal(msg_of(&t, found(20, "first2", "class", "bureau")), MSG_org_wrong_place);
  assert_int_equal(msg_of(&t, found(20, "lone", "class", "")), MSG_org_not_alone);
  assert_int_equal(msg_of(&t, found(20, "odd", "castle", "")), MSG_org_no_kind);
  struct org_act twin = found(20, "x", "school", "bureau");
  twin.name = STR("first");
  assert_int_equal(msg_of(&t, twin), MSG_org_name_taken);
  assert_int_equal(msg_of(&t, found(20, "first", "school", "bureau")), MSG_org_id_taken);
  assert_int_equal(msg_of(&t, (struct org_act){.deed = ORG_CLOSE, .day = 20, .unit = STR("first")}), MSG_org_has_under);
  assert_int_equal(msg_of(&t, (struct org_act){.deed = ORG_CLOSE, .day = 10, .unit = STR("1A")}), MSG_org_too_early);
  assert_int_equal(
      msg_of(&t, (struct org_act){.deed = ORG_MERGE, .day = 20, .unit = STR("first"), .other = STR("office")}),
      MSG_org_other_kind);
  assert_int_equal(
      msg_of(&t, (struct org_act){.deed = ORG_MERGE, .day = 20, .unit = STR("first"), .other = STR("first")}),
      MSG_org_into_itself);
  assert_int_equal(msg_of(&t, found(20, "upper", "bureau", "bureau")), 0);
  assert_int_equal(
      msg_of(&t, (struct org_act){.deed = ORG_MOVE, .day = 30, .unit = STR("bureau"), .parent = STR("upper")}),
      MSG_org_under_itself);
  assert_int_equal(msg_of(&t, (struct org_act){.deed = ORG_CLOSE, .day = 20, .unit = STR("gone")}), MSG_org_no_unit);
  arena_drop(&t.mem);
}
/* B goes under A later; A may not go under B before, although on that day nothing is wrong yet. */
static void a_circle_on_a_later_day_is_refused(void **state) {
  (void)state;
  struct town t;
  town_begin(&t);
  assert_int_equal(msg_of(&t, found(10, "A", "bureau", "")), 0);
  assert_int_equal(msg_of(&t, found(10, "B", "bureau", "")), 0);
  assert_int_equal(msg_of(&t, (struct org_act){.deed = ORG_MOVE, .day = 40, .unit = STR("B"), .parent = STR("A")}), 0);
  assert_int_equal(msg_of(&t, (struct org_act){.deed = ORG_MOVE, .day = 30, .unit = STR("A"), .parent = STR("B")}),
                   MSG_org_under_itself);
  assert_str(parent_on(&t, "A", 30), "");
  arena_drop(&t.mem);
}
static void a_split_takes_some_along(void **state) {
  (void)state;
  struct town t;
  town_begin(&t);
  const struct str with[] = {STR("1A")};
  const struct org_act a = {.deed = ORG_SPLIT,
                            .day = 60,
                            .unit = STR("third"),
                            .name = STR("third"),
                            .other = STR("first"),
                            .with = with,
                            .with_count = 1};
  assert_int_equal(msg_of(&t, a), 0);
  assert_str(parent_on(&t, "1A", 60), "third");
  assert_str(parent_on(&t, "third", 60), "bureau");
  assert_null(org_broken(&t.o, 60));
  arena_drop(&t.mem);
}

UNIT_TESTS(org) = {cmocka_unit_test(each_act_holds_from_its_day),
                   cmocka_unit_test(a_merger_hands_over_and_keeps_names_apart),
                   cmocka_unit_test(what_would_break_a_law_is_refused),
                   cmocka_unit_test(a_circle_on_a_later_day_is_refused), cmocka_unit_test(a_split_takes_some_along)};
UNIT_COUNT(org);
