/* Transactions: whole or not at all, many at once, run again when the database asks for it. */
#include <pthread.h>

#include "base/clock.h"
#include "scratch.h"

struct put {
  struct str name, value;
  bool refuse;
  int runs;
};
static bool put_setting(struct store *tx, void *arg, struct err *e) {
  struct put *p = arg;
  p->runs++;
  TRY(sql_setting_add(tx, &(struct sql_setting_add_in){STORE_TENANT, p->name, p->value}, NULL, e));
  return !p->refuse || fail(e, ERR_GUARD, 0);
}
static bool has_setting(struct store *st, struct scratch *s, const char *name) {
  AUTO_READ *r = NULL;
  struct err e = {0};
  struct sql_setting_get got = {0};
  bool found = false;
  r = store_read_begin(st, &e);
  assert_non_null(r);
  assert_true(sql_setting_get(r, &s->mem, &(struct sql_setting_get_in){STORE_TENANT, str_of(name)}, &got, &found, &e));
  return found;
}

static void keeps_what_was_answered(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL);
  assert_true(store_write(st, put_setting, &(struct put){STR("a"), STR("1"), false, 0}, &e));
  store_close(st);
  st = scratch_open(&s, NULL);
  assert_true(has_setting(st, &s, "a"));
  store_close(st);
  scratch_end(&s);
}
static void a_refused_act_leaves_nothing(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL);
  assert_false(store_write(st, put_setting, &(struct put){STR("a"), STR("1"), true, 0}, &e));
  assert_int_equal(e.code, ERR_GUARD);
  assert_false(has_setting(st, &s, "a"));
  e = (struct err){0};
  assert_true(store_write(st, put_setting, &(struct put){STR("a"), STR("1"), false, 0}, &e));
  assert_false(store_write(st, put_setting, &(struct put){STR("a"), STR("2"), false, 0}, &e)); /* the key is taken */
  assert_int_equal(e.code, ERR_DUPLICATE);
  store_close(st);
  scratch_end(&s);
}

enum { WRITERS = 64, EACH = 20 };
struct writer {
  struct store *st;
  int number, failed;
};
static void *write_many(void *arg) {
  struct writer *w = arg;
  for (int i = 0; i < EACH; i++) {
    struct arena mem = {0};
    struct err e = {0};
    /* every fifth one is refused in the middle of a group: its neighbours must not notice */
    struct put p = {str_fmt(&mem, "w%d.%d", w->number, i), STR("x"), i % 5 == 4, 0};
    const bool ok = store_write(w->st, put_setting, &p, &e);
    if (ok == p.refuse || (!ok && e.code != ERR_GUARD)) w->failed++;
    arena_drop(&mem);
  }
  return NULL;
}
static void run_writers(struct store *st) {
  pthread_t threads[WRITERS];
  struct writer writers[WRITERS];
  for (int i = 0; i < WRITERS; i++) {
    writers[i] = (struct writer){st, i, 0};
    assert_int_equal(pthread_create(&threads[i], NULL, write_many, &writers[i]), 0);
  }
  for (int i = 0; i < WRITERS; i++) {
    (void)pthread_join(threads[i], NULL);
    assert_int_equal(writers[i].failed, 0);
  }
}
static int64_t count_settings(const struct scratch *s) {
  return scratch_sql(s, "SELECT count(*) FROM setting WHERE name NOT LIKE 'journal.%'");
}
static void sixty_four_writers_are_all_answered(void **state) {
  (void)state;
  struct scratch s;
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL);
  run_writers(st);
  assert_true(store_commits(st) < WRITERS * EACH); /* groups were formed */
  assert_int_equal(count_settings(&s), WRITERS * (EACH - EACH / 5));
  store_close(st);
  scratch_end(&s);
}
static bool every_third(void *arg) { return ++*(int *)arg % 3 == 0; }
static void runs_again_when_busy(void **state) {
  (void)state;
  struct scratch s;
  int commits = 0;
  scratch_begin(&s);
  struct store *st = scratch_open(&s, &(struct store_options){.inject = every_third, .inject_arg = &commits});
  run_writers(st);
  assert_int_equal(count_settings(&s), WRITERS * (EACH - EACH / 5));
  store_close(st);
  scratch_end(&s);
}
static bool always(void *arg) { return ++*(int *)arg > 0; }
static void gives_up_with_busy(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  int commits = 0;
  scratch_begin(&s);
  struct store *st = scratch_open(&s, &(struct store_options){.inject = always, .inject_arg = &commits});
  struct put p = {STR("a"), STR("1"), false, 0};
  assert_false(store_write(st, put_setting, &p, &e));
  assert_int_equal(e.code, ERR_BUSY);
  assert_true(p.runs > 1);
  assert_false(has_setting(st, &s, "a"));
  store_close(st);
  scratch_end(&s);
}

/* Eleven runs of a group end busy; in the twelfth, the last, an act refuses after it has written. The group gets its run with
 * savepoints all the same: the one that refuses keeps its reason, its neighbour is written. */
enum { RUNS_TOGETHER = 12, WAITS_MOST = 5000 };
struct late {
  struct store *st;
  struct put put;
  bool begun;
};
static bool refuse_in_the_last_run(struct store *tx, void *arg, struct err *e) {
  struct late *l = arg;
  struct store_stats stats = {0};
  __atomic_store_n(&l->begun, true, __ATOMIC_RELEASE);
  for (int i = 0; !l->put.runs && stats.queued < 2 && i < WAITS_MOST; i++) { /* for the neighbour */
    store_stats(l->st, &stats);
    clock_sleep_us(1000);
  }
  l->put.refuse = l->put.runs + 1 >= RUNS_TOGETHER;
  return put_setting(tx, &l->put, e);
}
static void *write_beside(void *arg) {
  struct late *l = arg;
  struct err e = {0};
  while (!__atomic_load_n(&l->begun, __ATOMIC_ACQUIRE)) clock_sleep_us(100);
  return store_write(l->st, put_setting, &l[1].put, &e) ? arg : NULL;
}
static bool eleven_times(void *arg) { return ++*(int *)arg < RUNS_TOGETHER; }
static void savepoints_come_after_the_last_busy_run_too(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  int commits = 0;
  pthread_t beside;
  void *kept = NULL;
  if (scratch_cluster) return; /* has four writers: whether the two are one group is chance */
  scratch_begin(&s);
  struct store *st = scratch_open(&s, &(struct store_options){.inject = eleven_times, .inject_arg = &commits});
  struct late late[] = {{.st = st, .put = {STR("late"), STR("1"), false, 0}},
                        {.st = st, .put = {STR("beside"), STR("1"), false, 0}}};
  assert_int_equal(pthread_create(&beside, NULL, write_beside, late), 0);
  assert_false(store_write(st, refuse_in_the_last_run, late, &e));
  (void)pthread_join(beside, &kept);
  assert_int_equal(e.code, ERR_GUARD);
  assert_non_null(kept);
  assert_int_equal(late[0].put.runs, RUNS_TOGETHER + 1);
  assert_in_range(late[1].put.runs, 2, RUNS_TOGETHER); /* not in the run to which its neighbour made an end */
  assert_int_equal(commits, RUNS_TOGETHER);
  assert_true(has_setting(st, &s, "beside") && !has_setting(st, &s, "late"));
  store_close(st);
  scratch_end(&s);
}

/* The key is taken; an act that goes on all the same is refused as a whole, on every engine alike. */
static bool pass_over_an_error(struct store *tx, void *arg, struct err *e) {
  (void)arg;
  struct err ignored = {0};
  const struct sql_setting_add_in taken = {STORE_TENANT, STR("a"), STR("2")},
                                  other = {STORE_TENANT, STR("b"), STR("1")};
  (void)e;
  return !sql_setting_add(tx, &taken, NULL, &ignored) && !sql_setting_add(tx, &other, NULL, &ignored);
}
static void an_error_cannot_be_passed_over(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL);
  assert_true(store_write(st, put_setting, &(struct put){STR("a"), STR("1"), false, 0}, &e));
  assert_false(store_write(st, pass_over_an_error, NULL, &e));
  assert_int_equal(e.code, ERR_BUG);
  assert_false(has_setting(st, &s, "b"));
  e = (struct err){0};
  assert_true(
      store_write(st, put_setting, &(struct put){STR("b"), STR("1"), false, 0}, &e)); /* the next is untouched */
  store_close(st);
  scratch_end(&s);
}

/* Two processes on one database, as far as the database can tell: none is told "locked", none is lost. */
static void two_stores_share_a_database(void **state) {
  (void)state;
  struct scratch s;
  pthread_t threads[WRITERS];
  struct writer writers[WRITERS];
  scratch_begin(&s);
  struct store *both[] = {scratch_open(&s, NULL), scratch_open(&s, NULL)};
  for (int i = 0; i < WRITERS; i++) {
    writers[i] = (struct writer){both[i % 2], i, 0};
    assert_int_equal(pthread_create(&threads[i], NULL, write_many, &writers[i]), 0);
  }
  for (int i = 0; i < WRITERS; i++) {
    (void)pthread_join(threads[i], NULL);
    assert_int_equal(writers[i].failed, 0);
  }
  assert_int_equal(count_settings(&s), WRITERS * (EACH - EACH / 5));
  store_close(both[0]);
  store_close(both[1]);
  scratch_end(&s);
}

/* The server cuts every connection: what was not yet committed runs again on new ones. */
static void lost_connections_are_made_again(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  if (!scratch_cluster) return; /* a file has no connections to lose */
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL);
  for (int i = 0; i < 3; i++) {
    const struct put p = {str_fmt(&s.mem, "k%d", i), STR("1"), false, 0};
    const int64_t cut = scratch_sql(&s, str_fmt(&s.mem,
                                                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE "
                                                "application_name = '%s' AND pid <> pg_backend_pid()",
                                                s.schema)
                                            .at);
    assert_true(cut > 0);
    assert_true(store_write(st, put_setting, (void *)&p, &e));
    assert_true(has_setting(st, &s, p.name.at));
  }
  store_close(st);
  scratch_end(&s);
}

static void readers_see_a_snapshot(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  struct sql_setting_get got = {0};
  bool found = true;
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL);
  struct store *r = store_read_begin(st, &e);
  const struct sql_setting_get_in in = {STORE_TENANT, STR("a")};
  assert_true(sql_setting_get(r, &s.mem, &in, &got, &found, &e));
  assert_false(found);
  assert_true(store_write(st, put_setting, &(struct put){STR("a"), STR("1"), false, 0}, &e)); /* does not wait for r */
  assert_true(sql_setting_get(r, &s.mem, &in, &got, &found, &e));
  assert_false(found);
  store_read_end(&r);
  assert_true(has_setting(st, &s, "a"));
  store_close(st);
  scratch_end(&s);
}
static bool write_in_a_read(struct store *r, void *arg, struct err *e) {
  (void)arg;
  return sql_setting_add(r, &(struct sql_setting_add_in){STORE_TENANT, STR("b"), STR("1")}, NULL, e);
}
static void a_reader_cannot_write(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL);
  assert_false(store_read(st, write_in_a_read, NULL, &e));
  assert_int_equal(e.code, ERR_BUG);
  assert_false(has_setting(st, &s, "b"));
  store_close(st);
  scratch_end(&s);
}

static void refuses_a_newer_schema(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  struct store *st = NULL;
  scratch_begin(&s);
  store_close(scratch_open(&s, NULL));
  (void)scratch_sql(&s, scratch_cluster ? "INSERT INTO gangmu_schema VALUES (999)" : "PRAGMA user_version=999");
  assert_false(store_open(str_of(s.file), NULL, &st, &e));
  assert_int_equal(e.code, ERR_INVALID);
  assert_true(str_find(err_says(&s.mem, LANG_EN, &e), STR("999")) != STR_NONE);
  scratch_end(&s);
}
static void refuses_what_is_not_ours(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  struct store *st = NULL;
  scratch_begin(&s);
  (void)scratch_sql(&s, "CREATE TABLE other (a INTEGER)");
  assert_false(store_open(str_of(s.file), NULL, &st, &e));
  assert_int_equal(e.code, ERR_INVALID);
  scratch_end(&s);
}
static void refuses_a_file_of_something_else(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  struct store *st = NULL;
  if (scratch_cluster) return; /* of files only */
  scratch_begin(&s);
  FILE *f = fopen(s.file, "wb");
  assert_non_null(f);
  for (int i = 0; i < 4096; i++) (void)fputs("no database ", f);
  (void)fclose(f);
  assert_false(store_open(str_of(s.file), NULL, &st, &e));
  assert_int_equal(e.code, ERR_INVALID);
  scratch_end(&s);
}
static void refuses_an_absent_file_when_asked(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  struct store *st = NULL;
  if (scratch_cluster) return; /* of files only */
  scratch_begin(&s);
  assert_false(store_open(str_of(s.file), &(struct store_options){.existing = true}, &st, &e));
  assert_int_equal(e.code, ERR_STORE);
  scratch_end(&s);
}
static bool prepare_all(struct store *tx, void *arg, struct err *e) {
  size_t *done = arg;
  for (*done = 0; *done < sql_statement_count; ++*done) {
    struct store_stmt *st = store_prepare(tx, &sql_statements[*done], e);
    if (!st) return false;
    store_reset(st);
  }
  return true;
}
static void every_statement_fits_the_schema(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  size_t done = 0;
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL);
  assert_true(store_write(st, prepare_all, &done, &e));
  assert_int_equal(done, sql_statement_count);
  store_close(st);
  scratch_end(&s);
}
/* What every request asks, and every row of a sheet: SQLite makes no temporary table for it, as it does for an ORDER BY with
 * a LIMIT that no index serves, and which costs more than a small answer. */
static bool makes_a_table(sqlite3 *db, const char *sql) {
  enum { OPCODE = 1 };
  sqlite3_stmt *q = NULL;
  bool makes = false;
  struct arena mem = {0};
  assert_int_equal(sqlite3_prepare_v2(db, str_fmt(&mem, "EXPLAIN %s", sql).at, -1, &q, NULL), SQLITE_OK);
  while (sqlite3_step(q) == SQLITE_ROW)
    makes |= str_eqz(str_of((const char *)sqlite3_column_text(q, OPCODE)), "OpenEphemeral");
  (void)sqlite3_finalize(q);
  arena_drop(&mem);
  return makes;
}
static void what_is_asked_often_makes_no_table(void **state) {
  (void)state;
  static const char *const often[] = {
      "session_who",       "token_who",      "setting_get",          "chain_get",       "journal_head_get",
      "person_get",        "post_of_person", "person_secret_fields", "guardian_of",     "delegation_of_person",
      "pupil_get",         "post_same",      "guardian_same",        "delegation_same", "person_named",
      "person_secret_same"};
  struct scratch s;
  sqlite3 *db = NULL;
  if (scratch_cluster) return; /* of SQLite only */
  scratch_begin(&s);
  store_close(scratch_open(&s, NULL));
  assert_int_equal(sqlite3_open(s.file, &db), SQLITE_OK);
  for (size_t i = 0; i < COUNT_OF(often); i++) {
    size_t found = 0;
    for (size_t k = 0; k < sql_statement_count; k++) {
      if (strcmp(sql_statements[k].name, often[i]) != 0) continue;
      found++;
      if (makes_a_table(db, sql_statements[k].text)) fail_msg("%s makes a table", often[i]);
    }
    if (!found) fail_msg("there is no %s", often[i]);
  }
  (void)sqlite3_close(db);
  scratch_end(&s);
}
static void ids_rise_and_differ(void **state) {
  (void)state;
  struct arena mem = {0};
  const struct str a = store_new_id(&mem, 1000000), b = store_new_id(&mem, 1000000), c = store_new_id(&mem, 2000000);
  assert_int_equal(a.len, 20);
  assert_false(str_eq(a, b));
  assert_true(str_cmp(a, c) < 0 && str_cmp(b, c) < 0);
  arena_drop(&mem);
}

UNIT_TESTS(store) = {
    cmocka_unit_test(keeps_what_was_answered),
    cmocka_unit_test(a_refused_act_leaves_nothing),
    cmocka_unit_test(sixty_four_writers_are_all_answered),
    cmocka_unit_test(runs_again_when_busy),
    cmocka_unit_test(gives_up_with_busy),
    cmocka_unit_test(savepoints_come_after_the_last_busy_run_too),
    cmocka_unit_test(an_error_cannot_be_passed_over),
    cmocka_unit_test(two_stores_share_a_database),
    cmocka_unit_test(lost_connections_are_made_again),
    cmocka_unit_test(readers_see_a_snapshot),
    cmocka_unit_test(a_reader_cannot_write),
    cmocka_unit_test(refuses_a_newer_schema),
    cmocka_unit_test(refuses_what_is_not_ours),
    cmocka_unit_test(refuses_a_file_of_something_else),
    cmocka_unit_test(refuses_an_absent_file_when_asked),
    cmocka_unit_test(every_statement_fits_the_schema),
    cmocka_unit_test(what_is_asked_often_makes_no_table),
    cmocka_unit_test(ids_rise_and_differ),
};
UNIT_COUNT(store);
