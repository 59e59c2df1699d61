/* Lists: order and pages both ways, filters, scope, counts with a ceiling; every list of the program fits the schema. */
#include "store/list.h"

#include "store/compose.h"
#include "store/declared.h"

#include "scratch.h"

static bool insert(struct store *tx, void *arg, struct err *e) {
  struct scratch *s = arg;
  for (int i = 0; i < 7; i++) { /* titles a a b b c c d, years 2020 2021 2022 2020 ... */
    const struct sql_plan_insert_in in = {.tenant = STORE_TENANT,
                                          .id = str_fmt(&s->mem, "p%d", i),
                                          .title = str_fmt(&s->mem, "%c", 'a' + i / 2),
                                          .year = 2020 + i % 3,
                                          .name = STR("x"),
                                          .file = STR("f"),
                                          .at_us = 100 + i,
                                          .search = str_fmt(&s->mem, "%c 10%% _%d", 'a' + i / 2, i)};
    TRY(sql_plan_insert(tx, &in, NULL, e));
  }
  return true;
}
static const struct store_value fixed[] = {{.type = 's', .s = STR_INIT("local")}};
static struct list_query query(int sort, bool falling) {
  return (struct list_query){.fixed = fixed, .sort = sort, .id = SQL_plan_list_id, .falling = falling};
}
/* The ids of the answer in a row: "p0 p1". */
static struct str ids(struct scratch *s, struct store *r, const struct list_query *q, size_t most) {
  list_rows rows = {0};
  struct err e = {0};
  struct str out = STR("");
  assert_true(store_list_rows(r, &s->mem, &sql_plan_list, q, most, &rows, &e));
  for (size_t i = 0; i < rows.len; i++)
    out = str_fmt(&s->mem, STRF "%s" STRF, STRA(out), i ? " " : "", STRA(rows.at[i].at[SQL_plan_list_id].s));
  return out;
}
#define SAYS(q, most, expected) assert_string_equal(str_z(&s.mem, ids(&s, r, &(q), most)), expected)

static void pages_go_both_ways(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL), *r = NULL;
  assert_true(store_write(st, insert, &s, &e));
  assert_non_null(r = store_read_begin(st, &e));
  struct list_query q = query(SQL_plan_list_title, false);
  SAYS(q, 3, "p0 p1 p2");
  q.has_key = true;
  q.key = store_text(STR("b"));
  q.key_id = store_text(STR("p2"));
  SAYS(q, 3, "p3 p4 p5");
  q.backward = true;
  SAYS(q, 9, "p0 p1");
  SAYS(q, 1, "p1");
  q = query(SQL_plan_list_year, true);
  SAYS(q, 9, "p5 p2 p4 p1 p6 p3 p0");
  q.has_key = true;
  q.key = store_number(2021);
  q.key_id = store_text(STR("p4"));
  SAYS(q, 2, "p1 p6");
  q.backward = true;
  SAYS(q, 1, "p2");
  store_read_end(&r);
  store_close(st);
  scratch_end(&s);
}
static void filters_and_scope_hold_for_rows_counts_and_choices(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL), *r = NULL;
  int64_t n = 0;
  list_rows years = {0};
  assert_true(store_write(st, insert, &s, &e));
  assert_non_null(r = store_read_begin(st, &e));
  struct list_query q = query(SQL_plan_list_created_us, false);
  q.filters[q.filter_count++] = (struct list_filter){SQL_plan_list_year, LIST_LEAST, store_number(2021)};
  q.filters[q.filter_count++] = (struct list_filter){SQL_plan_list_year, LIST_MOST, store_number(2021)};
  SAYS(q, 9, "p1 p4");
  q.filters[0] = (struct list_filter){SQL_plan_list_title, LIST_NOT, store_text(STR("a"))};
  SAYS(q, 9, "p3 p4 p6");
  q.filter_count = 0;
  q.filters[q.filter_count++] = (struct list_filter){SQL_plan_list_search, LIST_HAS, store_text(STR("B 10% _"))};
  SAYS(q, 9, "p2 p3");
  q.filters[0].value.s = STR("1%_"); /* letters, no wildcards */
  SAYS(q, 9, "");
  const struct store_value mine[] = {store_text(STR("p1")), store_text(STR("p5"))};
  q = query(SQL_plan_list_created_us, false);
  q.scope = (struct list_scope){.sql = "id >= @ AND id <= @", .values = mine, .count = 2};
  SAYS(q, 9, "p1 p2 p3 p4 p5");
  assert_true(store_list_count(r, &s.mem, &sql_plan_list, &q, 1000, &n, &e));
  assert_int_equal(n, 5);
  assert_true(store_list_count(r, &s.mem, &sql_plan_list, &q, 3, &n, &e));
  assert_int_equal(n, 3);
  assert_true(store_list_choices(r, &s.mem, &sql_plan_list, &q, SQL_plan_list_title, 2, &years, &e));
  assert_int_equal(years.len, 2);
  assert_true(str_eqz(years.at[1].at[0].s, "b"));
  store_read_end(&r);
  store_close(st);
  scratch_end(&s);
}
static void try_counts(struct scratch *s, struct store *r, const struct list_query *q, size_t hidden) {
  static const int rows[] = {5, 5, 7}, different[] = {3, 3, 4};
  struct err e = {0};
  int64_t n = 0;
  list_rows titles = {0};
  if (!store_list_count(r, &s->mem, &sql_plan_list, q, 1000, &n, &e))
    fail_msg(STRF, STRA(err_says(&s->mem, LANG_EN, &e)));
  assert_int_equal(n, rows[hidden]);
  assert_true(store_list_choices(r, &s->mem, &sql_plan_list, q, SQL_plan_list_title, 9, &titles, &e));
  assert_int_equal(titles.len, different[hidden]);
}
static struct list_few name_few(struct arena *mem, const void *value) {
  struct store_value *values = arena_new_n(mem, struct store_value, 2);
  values[0] = store_text(STORE_TENANT);
  values[1] = *(const struct store_value *)value;
  return (struct list_few){
      .sql =
          "SELECT f.id FROM plan f WHERE f.tenant = @ AND f.title <> @ UNION ALL SELECT f.id FROM plan f WHERE "
          "f.year = 2020",
      .values = values,
      .count = 2};
}
/* A page that may be asked of as a whole, or whose rows are few and known, is the page that each row was asked of, whatever
 * of it is seen; the ids of the few may name others, too. */
static void pages_found_otherwise_are_the_same(void **state) {
  (void)state;
  static const int sorts[] = {SQL_plan_list_title, SQL_plan_list_year, SQL_plan_list_created_us};
  static const char *const titles[] = {"a", "b", "none"}; /* which is not seen */
  struct scratch s;
  struct err e = {0};
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL), *r = NULL;
  assert_true(store_write(st, insert, &s, &e));
  assert_non_null(r = store_read_begin(st, &e));
  for (size_t i = 0; i < COUNT_OF(sorts) * COUNT_OF(titles) * 2; i++) {
    const struct store_value value[] = {store_text(str_of(titles[i % COUNT_OF(titles)]))};
    struct list_query q = query(sorts[i / COUNT_OF(titles) % COUNT_OF(sorts)], i % 2);
    for (size_t most = 1; most < 9; most++) {
      q.scope = (struct list_scope){.sql = "r.title <> @", .values = value, .count = 1};
      const char *each = str_z(&s.mem, ids(&s, r, &q, most));
      q.scope.column = SQL_plan_list_title;
      q.scope.alike = q.scope.sql;
      q.scope.alike_values = value;
      q.scope.alike_count = 1;
      SAYS(q, most, each);
      q.scope.few = name_few;
      q.scope.few_of = value;
      SAYS(q, most, each);
      q.scope.alike = NULL;
      SAYS(q, most, each);
      try_counts(&s, r, &q, i % COUNT_OF(titles));
    }
  }
  store_read_end(&r);
  store_close(st);
  scratch_end(&s);
}
/* A declared table: days of a0 b1 c- d0 e- f1 g-, a dash is no day. */
static bool declare(struct store *tx, void *arg, struct err *e) {
  struct scratch *s = arg;
  static const char *const days = "01-0-1-";
  TRY(store_declare(tx, &s->mem,
                    STR("CREATE TABLE \"made\" (\"tenant\" TEXT NOT NULL, \"id\" TEXT NOT NULL, "
                        "\"on\" TEXT, PRIMARY KEY (\"tenant\", \"id\")) STRICT"),
                    e));
  for (int i = 0; days[i]; i++) {
    AUTO_COMPOSE c = COMPOSE(&s->mem);
    compose_z(&c, "INSERT INTO \"made\" (\"tenant\", \"id\", \"on\") VALUES (");
    (void)compose_str(&c, STORE_TENANT);
    compose_z(&c, ", ");
    (void)compose_str(&c, str_fmt(&s->mem, "%c", 'a' + i));
    compose_z(&c, ", ");
    if (days[i] == '-') (void)compose_null(&c, 's');
    else (void)compose_str(&c, str_fmt(&s->mem, "%c", days[i]));
    compose_z(&c, ")");
    TRY(compose_run(&c, tx, NULL, e));
  }
  return true;
}
/* Every page from the one before, and back again: "abc defg". */
static struct str pages(struct scratch *s, struct store *r, const struct store_list *l, bool falling, bool backward,
                        size_t most) {
  struct list_query q = {.fixed = fixed, .sort = 1, .id = 0, .falling = falling, .backward = backward};
  struct err e = {0};
  struct str out = STR("");
  for (;;) {
    list_rows rows = {0};
    struct str page = STR("");
    assert_true(store_list_rows(r, &s->mem, l, &q, most, &rows, &e));
    vec_each(const struct list_row, row, &rows) page = str_join(&s->mem, page, row->at[0].s);
    if (!rows.len) return out;
    out = backward ? str_join(&s->mem, page, out) : str_join(&s->mem, out, page);
    const struct list_row *last = backward ? &rows.at[0] : &vec_last(&rows);
    q.has_key = true;
    q.key = last->at[1];
    q.key_id = last->at[0];
  }
}
static void rows_without_a_value_stand_last_and_pages_pass_over_the_edge(void **state) {
  (void)state;
  static const struct list_name names[] = {{"id", STR_INIT("id"), 's', false}, {"on", STR_INIT("on"), 's', true}};
  struct scratch s;
  struct err e = {0};
  struct store_list l;
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL), *r = NULL;
  assert_true(store_write(st, declare, &s, &e));
  assert_true(store_list_of(&s.mem, STR("made"), names, COUNT_OF(names), &l, &e));
  assert_non_null(r = store_read_begin(st, &e));
  for (size_t most = 1; most < 9; most++)
    for (int backward = 0; backward < 2; backward++) {
      assert_string_equal(str_z(&s.mem, pages(&s, r, &l, false, backward, most)), "adbfceg");
      assert_string_equal(str_z(&s.mem, pages(&s, r, &l, true, backward, most)), "fbdagec");
    }
  assert_false(store_list_of(&s.mem, STR("made; DROP"), names, COUNT_OF(names), &l, &e));
  store_read_end(&r);
  store_close(st);
  scratch_end(&s);
}
static void try_list(struct scratch *s, struct store *r, const struct store_list *l) {
  struct store_value given[8] = {0};
  struct err e = {0};
  list_rows rows = {0};
  int64_t n = 0;
  for (size_t i = 0; l->types[i]; i++) given[i] = l->types[i] == 'i' ? store_number(0) : store_text(STR("x"));
  for (size_t i = 0; i < l->count * 4; i++) {
    const int c = (int)(i / 4);
    if (l->columns[c].nullable || l->columns[c].type == 'b') continue;
    const struct store_value v = l->columns[c].type == 'i' ? store_number(1) : store_text(STR("x"));
    const struct list_query q = {.fixed = given,
                                 .sort = c,
                                 .id = c,
                                 .filters = {{c, LIST_IS, v}},
                                 .filter_count = 1,
                                 .falling = i & 1,
                                 .backward = i & 2,
                                 .has_key = true,
                                 .key = v,
                                 .key_id = v};
    if (!store_list_rows(r, &s->mem, l, &q, 2, &rows, &e) || !store_list_count(r, &s->mem, l, &q, 2, &n, &e) ||
        !store_list_choices(r, &s->mem, l, &q, c, 2, &rows, &e))
      fail_msg("%s: " STRF, l->name, STRA(err_says(&s->mem, LANG_EN, &e)));
  }
}
/* More statements than a connection keeps: those that make way come back. */
/* Conditions of rights say the same units many times, and there may be many of them. */
static void a_scope_may_be_long_and_too_long_is_refused(void **state) {
  (void)state;
  enum { MANY = 300, TOO_MANY = 400 };
  struct scratch s;
  struct err e = {0};
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL), *r = NULL;
  assert_true(store_write(st, insert, &s, &e));
  assert_non_null(r = store_read_begin(st, &e));
  struct store_value *values = arena_new_n(&s.mem, struct store_value, TOO_MANY);
  struct str sql = STR("id IN (@");
  for (int i = 0; i < TOO_MANY; i++) {
    values[i] = store_text(str_fmt(&s.mem, "p%d", i));
    if (i && i < MANY) sql = str_join(&s.mem, sql, STR(", @"));
  }
  struct list_query q = query(SQL_plan_list_title, false);
  q.scope = (struct list_scope){.sql = str_z(&s.mem, str_join(&s.mem, sql, STR(")"))), .values = values, .count = MANY};
  SAYS(q, 3, "p0 p1 p2");
  for (int i = 0; i < TOO_MANY; i++) values[i] = values[i % 2];
  for (int i = MANY; i < TOO_MANY; i++) sql = str_join(&s.mem, sql, STR(", @"));
  q.scope =
      (struct list_scope){.sql = str_z(&s.mem, str_join(&s.mem, sql, STR(")"))), .values = values, .count = TOO_MANY};
  SAYS(q, 3, "p0 p1");
  for (int i = 0; i < TOO_MANY; i++) values[i] = store_text(str_fmt(&s.mem, "p%d", i));
  list_rows rows = {0};
  assert_false(store_list_rows(r, &s.mem, &sql_plan_list, &q, 3, &rows, &e));
  assert_int_equal(e.code, ERR_BUG);
  store_read_end(&r);
  store_close(st);
  scratch_end(&s);
}
static void every_list_fits_the_schema(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL), *r = NULL;
  assert_true(store_write(st, insert, &s, &e));
  assert_non_null(r = store_read_begin(st, &e));
  for (int turn = 0; turn < 2; turn++)
    for (const struct store_list *const *l = sql_lists; *l; l++) try_list(&s, r, *l);
  const struct list_query q = query(SQL_plan_list_title, false);
  SAYS(q, 2, "p0 p1");
  store_read_end(&r);
  store_close(st);
  scratch_end(&s);
}

UNIT_TESTS(list) = {
    cmocka_unit_test(pages_go_both_ways),
    cmocka_unit_test(filters_and_scope_hold_for_rows_counts_and_choices),
    cmocka_unit_test(a_scope_may_be_long_and_too_long_is_refused),
    cmocka_unit_test(every_list_fits_the_schema),
    cmocka_unit_test(pages_found_otherwise_are_the_same),
    cmocka_unit_test(rows_without_a_value_stand_last_and_pages_pass_over_the_edge),
};
UNIT_COUNT(list);
