/* The acts and roles of the program, and what a mistake in the file is told. */
#include "engine/account/roles.h"

#include "texts.h"
#include "unit.h"

static void the_three_administrators_do_not_overlap(void **state) {
  (void)state;
  const struct roles *r = roles_known();
  int administrators = 0;
  for (size_t a = 0; a < r->acts.len; a++) {
    int holders = 0, roles = 0;
    for (size_t i = 0; i < r->roles.len; i++) {
      const bool has = role_may(&r->roles.at[i], r->acts.at[a].name);
      if (r->roles.at[i].is_administrator) holders += has;
      else roles += has;
    }
    assert_true(holders || roles); /* no act is nobody's */
    if (str_ends(r->acts.at[a].name, STR(".see"))) continue;
    assert_true(holders <= 1);
    assert_true(!holders || !roles); /* nor does any role hold what an administrator does */
  }
  for (size_t i = 0; i < r->roles.len; i++) administrators += r->roles.at[i].is_administrator;
  assert_int_equal(administrators, 3);
}
static void roles_stand_at_kinds_of_units(void **state) {
  (void)state;
  const struct role_rule *planner = roles_role(roles_known(), STR("planner"), false);
  assert_non_null(planner);
  assert_true(role_stands_at(planner, STR("bureau")));
  assert_false(role_stands_at(planner, STR("school")));
  assert_true(role_may(planner, STR("plan.upload")));
  assert_false(role_may(planner, STR("account.manage")));
  assert_null(roles_role(roles_known(), STR("planner"), true));
  assert_null(roles_role(roles_known(), STR("system"), false));
}

static int refused_as(const char *text) {
  AUTO_ARENA mem = {0};
  struct roles r = {0};
  struct err e = {0};
  assert_false(roles_parse(&mem, STR("roles.yaml"), str_of(text), &r, &e));
  assert_int_equal(e.code, ERR_INVALID);
  assert_true(e.line > 0);
  return e.msg;
}
static void mistakes_are_told(void **state) {
  (void)state;
  assert_int_equal(refused_as("acts:\n  a: {zh: 甲}\n"), MSG_roles_no_label);
  assert_int_equal(refused_as("acts:\n  a: {zh: 甲, en: a}\nroles:\n  r: {zh: 角, en: r, may: [b]}\n"),
                   MSG_roles_no_act);
  assert_int_equal(refused_as("acts:\n  a: {zh: 甲, en: a}\nadministrators:\n  s: {zh: 系, en: s, may: [a]}\n"
                              "  t: {zh: 安, en: t, may: [a]}\n"),
                   MSG_roles_overlap);
  assert_int_equal(refused_as("acts:\n  a: {zh: 甲, en: a}\nroles:\n  r: {zh: 角, en: r, may: [a]}\n"
                              "administrators:\n  s: {zh: 系, en: s, may: [a]}\n"),
                   MSG_roles_overlap);
}

UNIT_TESTS(roles) = {
    cmocka_unit_test(the_three_administrators_do_not_overlap),
    cmocka_unit_test(roles_stand_at_kinds_of_units),
    cmocka_unit_test(mistakes_are_told),
};
UNIT_COUNT(roles);
