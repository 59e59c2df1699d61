/* Words to values and back, and declared tables to tables that can be looked into. */
#include "declare/value_read.h"

#include "declare/system.h"
#include "texts.h"
#include "toy.h"
#include "unit.h"

static bool by_number(const struct value_reader *reader, const struct type *t, struct str said, struct value *out) {
  (void)reader;
  int64_t id;
  if (t->kind != KIND_UNIT || !str_to_int(said, &id)) return false;
  *out = value_thing(id, NULL);
  return true;
}
static struct value_reader reader_of(const struct units *u) {
  return (struct value_reader){.units = u, .calendar = calendar_known(), .thing = by_number};
}

static void words_to_values(void **state) {
  (void)state;
  static const char *const cases[][3] = {
      /* type, words, shown */
      {"money", "1200.50", "1200.5 元"},
      {"money", "-3 元", "-3 元"},
      {"money", "none", "none"},
      {"decimal(2,%)", "33.5", "33.5%"},
      {"decimal(2,%)", "33.5%", "33.5%"},
      {"decimal(2,kg)", "0.05", "0.05 kg"},
      {"decimal(2,kg)", "50 g", "0.05 kg"},
      {"decimal(2,元/kg)", "12.5 元/kg", "12.5 元/kg"},
      {"count(所)", "41", "41 所"},
      {"flag", "yes", "yes"},
      {"flag", "no", "no"},
      {"choice(grade)", "major", ".major"},
      {"choice(grade)", ".major", ".major"},
      {"set(20) choice(kind)", "fire, school", "(.fire, .school)"},
      {"set(20) choice(kind)", "none", "()"},
      {"text", "none of these", "none of these"},
      {"date", "2026-03-02", "2026-03-02"},
      {"moment", "2026-03-02 09:05", "2026-03-02 09:05"},
      {"moment", "2026-03-02 23:59:59", "2026-03-02 23:59:59"},
      {"span", "2026-03-02 09:00..2026-03-02 10:00", "2026-03-02 09:00–2026-03-02 10:00"},
      {"duration", "10 workdays", "10 workdays"},
      {"period(term)", "2025-2", "2025-2"},
      {"period(year)", "2026", "2026"},
      {"place", "31.2304,121.4737", "31.2304,121.4737"},
      {"place", "-0.5, -180", "-0.5,-180"},
      {"unit", "11", "#11"},
      {"set(10) unit", "11,12", "(#11, #12)"},
  };
  AUTO_ARENA mem = {0};
  const struct units *u = toy_units(&mem);
  const struct value_reader reader = reader_of(u);
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    const struct type t = toy_type(u, cases[i][0]);
    struct value v, again;
    if (!value_read(&mem, &reader, &t, str_of(cases[i][1]), &v)) fail_msg("%s: %s", cases[i][0], cases[i][1]);
    const struct str shown = value_show(&mem, u, &v, t.said);
    assert_str(shown, cases[i][2]);
    const bool is_word = !t.set && v.kind != VALUE_THING && v.kind != VALUE_SPAN;
    if (is_word) assert_true(value_read(&mem, &reader, &t, shown, &again) && value_same(&v, &again));
  }
}

static void words_that_are_none(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"money", ""},
      {"money", "0.001"},
      {"money", "5 kg"},
      {"money", "5 "},
      {"money", "1e3"},
      {"count(所)", "1.5"},
      {"count(所)", "3 个"},
      {"decimal(2,kg)", "5 g"},
      {"flag", "true"},
      {"flag", ""},
      {"choice(grade)", ""},
      {"choice(grade)", "."},
      {"date", "2026-3-2"},
      {"date", "2026-02-30"},
      {"date", "20260302"},
      {"moment", "2026-03-02"},
      {"moment", "2026-03-02 9:00"},
      {"moment", "2026-03-02 24:00"},
      {"moment", "2026-03-02T09:00"},
      {"span", "2026-03-02 10:00..2026-03-02 09:00"},
      {"duration", "1 day"},
      {"duration", "x"},
      {"period(term)", "2025-3"},
      {"period(year)", "2026-1"},
      {"place", "91,0"},
      {"place", "31.2304"},
      {"place", "31.23045678,1"},
      {"unit", "x"},
      {"person", "1"},
      {"file", "x"},
      {"set(20) choice(kind)", "fire,"},
      {"set(20) choice(kind)", ",fire"},
  };
  AUTO_ARENA mem = {0};
  const struct units *u = toy_units(&mem);
  const struct value_reader reader = reader_of(u);
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    const struct type t = toy_type(u, cases[i][0]);
    struct value v = value_int(7);
    if (value_read(&mem, &reader, &t, str_of(cases[i][1]), &v))
      fail_msg("%s: \"%s\" is read", cases[i][0], cases[i][1]);
    assert_true(v.kind == VALUE_NUMBER && v.number.n == 7);
  }
}

/* ---- tables ---- */

static struct table_row row_of(struct arena *mem, const char *const *cells, size_t n) {
  struct table_row row = {0};
  for (size_t i = 0; i < n; i++) vec_push(mem, &row.cells) = (struct word){.text = str_of(cells[i]), .at = {5, 3, 1}};
  return row;
}
/* Bands of points with a fee, of two years. */
static struct table declared(struct arena *mem) {
  static const char *const now[][3] = {{"0..60", "*", "10"}, {"60..85", "fire", "20"}, {"85..", "*", "none"}};
  static const char *const before[] = {"..85", "*", "5"};
  static const char *const columns[] = {"points", "kind", "fee"};
  struct table t = {.head.name.text = STR("bands"), .since.text = STR("2026-01-01")};
  for (size_t i = 0; i < 3; i++)
    vec_push(mem, i < 2 ? &t.key : &t.gives) = (struct named_type){.head.name.text = str_of(columns[i])};
  for (size_t i = 0; i < COUNT_OF(now); i++) vec_push(mem, &t.rows) = row_of(mem, now[i], 3);
  struct table_version *earlier = &vec_push(mem, &t.versions);
  *earlier = (struct table_version){.since.text = STR("2025-01-01")};
  vec_push(mem, &earlier->rows) = row_of(mem, before, 3);
  return t;
}
static struct str fee_of(struct arena *mem, const struct units *u, const struct rules_table *t, struct date day,
                         int64_t points, const char *kind) {
  const struct rules_version *v = table_version(t, day);
  if (!v) return STR("no version");
  const struct value keys[] = {value_int(points), value_code(str_of(kind))};
  rule_rows rows = {0};
  table_look(mem, v, t, keys, &rows);
  return rows.len ? value_show(mem, u, rule_row_give(rows.at[0], STR("fee")), STR("")) : STR("no row");
}

static void tables_are_filled(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct units *u = toy_units(&mem);
  const struct value_reader reader = reader_of(u);
  const struct table said = declared(&mem);
  const struct type keys[] = {toy_type(u, "number"), toy_type(u, "choice(kind)")}, gives[] = {toy_type(u, "money")};
  struct rules_table t;
  struct err e = {0};
  assert_true(rules_table_of(&mem, &reader, &said, keys, gives, &t, &e));
  const struct date now = {2026, 3, 2}, before = {2025, 12, 31}, early = {2024, 12, 31};
  assert_str(fee_of(&mem, u, &t, now, 59, "fire"), "10 元");
  assert_str(fee_of(&mem, u, &t, now, 60, "fire"), "20 元");
  assert_str(fee_of(&mem, u, &t, now, 60, "school"),
             "10 元"); /* no row begins there for it, so the end of the lower one holds */
  assert_str(fee_of(&mem, u, &t, now, 70, "school"), "no row");
  assert_str(fee_of(&mem, u, &t, now, 85, "school"), "none");
  assert_str(fee_of(&mem, u, &t, before, 60, "fire"), "5 元");
  assert_str(fee_of(&mem, u, &t, before, 86, "fire"), "no row");
  assert_str(fee_of(&mem, u, &t, early, 60, "fire"), "no version");
}
static void cells_are_refused(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct units *u = toy_units(&mem);
  const struct value_reader reader = reader_of(u);
  struct table said = declared(&mem);
  const struct type keys[] = {toy_type(u, "number"), toy_type(u, "choice(kind)")}, gives[] = {toy_type(u, "money")};
  struct rules_table t;
  struct err e = {0};
  said.rows.at[1].cells.at[2].text = STR("1.234");
  assert_false(rules_table_of(&mem, &reader, &said, keys, gives, &t, &e));
  assert_int_equal(e.msg, MSG_table_cell);
  assert_int_equal(e.line, 5);
  said = declared(&mem);
  said.rows.at[0].cells.len = 2;
  struct err short_row = {0};
  assert_false(rules_table_of(&mem, &reader, &said, keys, gives, &t, &short_row));
}

UNIT_TESTS(value_read) = {cmocka_unit_test(words_to_values), cmocka_unit_test(words_that_are_none),
                          cmocka_unit_test(tables_are_filled), cmocka_unit_test(cells_are_refused)};
UNIT_COUNT(value_read);
