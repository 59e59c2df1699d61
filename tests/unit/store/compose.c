/* Statements put together: a value is never text, a name is only a name, and nothing but one reading statement passes. */
#include "store/compose.h"
#include "scratch.h"

struct trial {
  struct scratch s;
  struct store *st, *r;
};
static void begin(struct trial *t) {
  struct err e = {0};
  scratch_begin(&t->s);
  t->st = scratch_open(&t->s, NULL);
  t->r = store_read_begin(t->st, &e);
  assert_non_null(t->r);
}
static void end(struct trial *t) {
  store_read_end(&t->r);
  store_close(t->st);
  scratch_end(&t->s);
}
static void a_value_stays_a_value(void **state) {
  (void)state;
  static const char *const values[] = {"plain", "it's", "'; DROP TABLE unit; --", "\"x\"", "$1", "@", "教育局", ""};
  struct trial t;
  begin(&t);
  for (size_t i = 0; i < COUNT_OF(values); i++) {
    AUTO_ARENA mem = {0};
    struct err e = {0};
    bool row = false;
    AUTO_COMPOSE c = COMPOSE(&mem);
    const struct str v = str_of(values[i]);
    compose_z(&c, "SELECT count(*) FROM unit r WHERE ");
    compose_condition(&c, STR("r.id = @ OR r.name = @"), (struct str[]){v, v}, 2);
    struct store_stmt *s = compose_prepare(&c, t.r, 1, &e);
    assert_non_null(s);
    assert_true(store_step(s, &row, &e) && row);
    assert_int_equal(store_column_int(s, 0), 0);
    store_reset(s);
  }
  assert_int_equal(scratch_sql(&t.s, "SELECT count(*) FROM unit"), 0); /* it is still there */
  end(&t);
}
static void only_one_reading_statement_passes(void **state) {
  (void)state;
  static const char *const texts[] = {"SELECT 'x'",       "SELECT 1; SELECT 2", "SELECT 1 -- x",
                                      "SELECT 1 /* x */", "DELETE FROM unit",   "SELECT name\n FROM unit",
                                      "SELECT @",         "SELECT \\x",         "SELECT 1 FROM \xe8\xa1\xa8"};
  struct trial t;
  begin(&t);
  for (size_t i = 0; i < COUNT_OF(texts); i++) {
    AUTO_ARENA mem = {0};
    struct err e = {0};
    AUTO_COMPOSE c = COMPOSE(&mem);
    compose_z(&c, texts[i]);
    if (compose_prepare(&c, t.r, 1, &e)) fail_msg("let through: %s", texts[i]);
    assert_int_equal(e.code, ERR_BUG);
  }
  end(&t);
}
static void only_names_are_names(void **state) {
  (void)state;
  static const char *const names[] = {
      "",        "Unit",  "1a",
      "a-b",     "a b",   "a\"b",
      "unit.id", "unité", "a234567890123456789012345678901234567890123456789012345678901234"};
  struct trial t;
  begin(&t);
  for (size_t i = 0; i < COUNT_OF(names); i++) {
    AUTO_ARENA mem = {0};
    struct err e = {0};
    AUTO_COMPOSE c = COMPOSE(&mem);
    compose_z(&c, "SELECT 1 FROM ");
    compose_name(&c, str_of(names[i]));
    if (compose_prepare(&c, t.r, 1, &e)) fail_msg("let through: %s", names[i]);
    assert_int_equal(e.code, ERR_BUG);
  }
  assert_true(compose_is_name(STR("hazard_hazard__photos")));
  end(&t);
}
static void every_place_has_its_value(void **state) {
  (void)state;
  struct trial t;
  begin(&t);
  for (size_t n = 0; n < 4; n += 3) { /* one too few, one too many */
    AUTO_ARENA mem = {0};
    struct err e = {0};
    AUTO_COMPOSE c = COMPOSE(&mem);
    compose_z(&c, "SELECT 1 FROM unit WHERE ");
    compose_condition(&c, STR("id = @ OR id = @"), (struct str[]){STR("a"), STR("b"), STR("c")}, n);
    assert_null(compose_prepare(&c, t.r, 1, &e));
  }
  end(&t);
}

UNIT_TESTS(compose) = {
    cmocka_unit_test(a_value_stays_a_value),
    cmocka_unit_test(only_one_reading_statement_passes),
    cmocka_unit_test(only_names_are_names),
    cmocka_unit_test(every_place_has_its_value),
};
UNIT_COUNT(compose);
