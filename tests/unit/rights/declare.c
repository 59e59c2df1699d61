/* Declarations are read strictly: what is wrong is refused where it stands. */
#include "engine/rights/rights.h"
#include "unit.h"

static const char head[] =
    "system: case\nrecords:\n  thing:\n    belongs: school\n    about: child\n    fields:\n"
    "      school: {is: unit(school), label: a}\n      child: {is: person}\n      phone: {is: phone, class: open}\n"
    "      lead: {is: unit, class: inner}\n      helpers: {is: persons}\n";

static void reads_a_declaration(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct rights_model m;
  struct err e = {0};
  const struct str text =
      str_fmt(&mem, "%s%s", head,
              "    acts:\n      fix: {who: [self@helpers, keeper@lead, creator, system], from: start}\n"
              "roles:\n  keeper: {label: 保管员, at: [school], sees: {thing: below}}\n"
              "  other: {sees: {thing: {scope: mine, where: 'state in (.a, .b) and not ended'}}}\n"
              "privacy:\n  compartment: voice\n  purposes: {handle: 办理}\n"
              "  opens:\n    personal: {to: [keeper], purpose: handle}\n");
  assert_true(rights_read(&mem, STR("case.yaml"), text, &m, &e));
  const struct rights_record *r = rights_record(&m, STR("thing"));
  assert_non_null(r);
  assert_str(r->table, "case_thing");
  assert_int_equal(r->units.len, 1);
  assert_int_equal(r->persons.len, 3); /* child, helpers, creator */
  assert_true(r->persons.at[1].many);
  assert_int_equal(rights_class_of(r, STR("phone")), RIGHTS_CLASS_personal); /* a phone is never open */
  assert_int_equal(rights_class_of(r, STR("lead")), RIGHTS_CLASS_inner);
  assert_int_equal(rights_class_of(r, STR("nothing")), RIGHTS_CLASS_sealed);
  assert_int_equal(rights_role(&m, STR("keeper"))->sees.at[0].word, RIGHTS_below);
  assert_int_equal(rights_role(&m, STR("other"))->sees.at[0].where.len, 2);
  assert_str(m.opens[RIGHTS_CLASS_personal].purpose, "handle");
}

static void refuses(const char *tail, int line, int column) {
  AUTO_ARENA mem = {0};
  struct rights_model m;
  struct err e = {0};
  assert_false(rights_read(&mem, STR("case.yaml"), str_fmt(&mem, "%s%s", head, tail), &m, &e));
  assert_int_equal(e.code, ERR_INVALID);
  if (e.line != line || e.column != column)
    fail_msg("%s is refused at %d:%d, not %d:%d", tail, e.line, e.column, line, column);
}
static void says_where_it_is_wrong(void **state) {
  (void)state;
  refuses("roles:\n  keeper: {sees: {thing: under}}\n", 13, 26);
  refuses("roles:\n  keeper: {sees: {think: below}}\n", 13, 19);
  refuses("roles:\n  Keeper: {sees: {thing: below}}\n", 13, 3);
  refuses("roles:\n  keeper: {sees: {thing: {scope: below, when: x}}}\n", 13, 41);
  refuses("roles:\n  keeper: {sees: {thing: {where: ended}}}\n", 13, 26);
  refuses("roles:\n  keeper:\n    sees:\n      thing: {scope: below, where: state > 3}\n", 15, 42);
  refuses("roles:\n  keeper:\n    sees:\n      thing: {scope: below, where: lake = .a}\n", 15, 14);
  refuses("roles:\n  keeper: {at: school}\n", 13, 16);
  refuses("    acts:\n      fix: {from: start}\n", 13, 7);
  refuses("    acts:\n      fix: {who: [nobody]}\n", 13, 19);
  refuses("    shared: [child]\n", 12, 14);
  refuses("privacy:\n  opens:\n    sealed: {to: []}\n", 14, 5);
  refuses("privacy:\n  opens:\n    sensitive: {to: []}\n", 14, 16);
  refuses("privacy:\n  opens:\n    personal: {to: [], purpose: handle}\n", 14, 33);
}
static void a_word_that_can_never_hold_is_refused(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct rights_model m;
  struct err e = {0};
  static const char *const sees[] = {"below", "unit", "about"};
  for (size_t i = 0; i < COUNT_OF(sees); i++) {
    e = (struct err){0};
    const struct str text =
        str_fmt(&mem, "system: a\nrecords:\n  b: {fields: {c: {is: date}}}\nroles:\n  d: {sees: {b: %s}}\n", sees[i]);
    assert_false(rights_read(&mem, STR("a"), text, &m, &e));
    assert_int_equal(e.line, 5);
  }
}

UNIT_TESTS(declare) = {
    cmocka_unit_test(reads_a_declaration),
    cmocka_unit_test(says_where_it_is_wrong),
    cmocka_unit_test(a_word_that_can_never_hold_is_refused),
};
UNIT_COUNT(declare);
