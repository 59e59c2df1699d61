/* One database made equal to another: values of every kind, both engines, refusals, a source that is written to. */
#include <pthread.h>

#include "scratch.h"
#include "store/copy.h"

enum { FILES = 300 };
static const char *const odd_names[] = {"", "甲", "a'b\"c\\d", "tab\tand\nline", "🐎", "\x7f", "ünïcödé"};

static bool put_values(struct store *tx, void *arg, struct err *e) {
  struct scratch *s = arg;
  for (size_t i = 0; i < COUNT_OF(odd_names); i++) {
    const struct str value = str_of(odd_names[COUNT_OF(odd_names) - 1 - i]);
    TRY(sql_setting_add(tx, &(struct sql_setting_add_in){STORE_TENANT, str_of(odd_names[i]), value}, NULL, e));
  }
  for (int i = 0; i < FILES; i++) { /* blobs of every length, with zero bytes */
    char *bytes = arena_take(&s->mem, (size_t)i + 1);
    for (int k = 0; k < i; k++) bytes[k] = (char)(k * 37 + i);
    const struct str blob = {bytes, (size_t)i};
    const struct str name = str_fmt(&s->mem, "h%d", i);
    TRY(sql_file_insert(tx, &(struct sql_file_insert_in){STORE_TENANT, name, INT64_MIN + i, blob}, NULL, e));
  }
  const struct str none = {0};
  TRY(sql_unit_insert(
      tx, &(struct sql_unit_insert_in){STORE_TENANT, STR("u1"), STR("云岚市教育局"), STR("bureau"), none}, NULL, e));
  return sql_unit_insert(
      tx, &(struct sql_unit_insert_in){STORE_TENANT, STR("u2"), STR("安全处"), STR("department"), STR("u1")}, NULL, e);
}
static struct store *filled(struct scratch *s) {
  struct err e = {0};
  scratch_begin(s);
  struct store *st = scratch_open(s, NULL);
  assert_true(store_write(st, put_values, s, &e));
  return st;
}
static bool all_equal(const struct table_sums *sums) {
  for (size_t i = 0; i < sums->len; i++)
    if (!sums->at[i].equal) return false;
  return sums->len > 0;
}
static const struct table_sum *sum_of(const struct table_sums *sums, const char *name) {
  for (size_t i = 0; i < sums->len; i++)
    if (str_eqz(sums->at[i].name, name)) return &sums->at[i];
  return NULL;
}

/* From the engine under test to SQLite and back. */
static void a_copy_is_equal_on_any_engine(void **state) {
  (void)state;
  const char *cluster = scratch_cluster;
  struct scratch a, b, c;
  struct table_sums there = {0}, back = {0};
  struct err e = {0};
  struct store *first = filled(&a);
  scratch_cluster = NULL;
  scratch_begin(&b);
  struct store *file = scratch_open(&b, NULL);
  assert_true(store_copy(first, file, &a.mem, &there, &e));
  assert_true(all_equal(&there));
  assert_int_equal(sum_of(&there, "file")->rows, FILES);
  store_close(file);
  file = scratch_open(&b, NULL);
  scratch_cluster = cluster;
  scratch_begin(&c);
  struct store *last = scratch_open(&c, NULL);
  assert_true(store_copy(file, last, &a.mem, &back, &e));
  assert_true(all_equal(&back));
  for (size_t i = 0; i < there.len; i++)
    assert_true(str_eq(there.at[i].digest, sum_of(&back, there.at[i].name.at)->digest));
  store_close(first);
  store_close(last);
  scratch_end(&a);
  scratch_end(&c);
  scratch_cluster = NULL;
  store_close(file);
  scratch_end(&b);
  scratch_cluster = cluster;
}
static void a_changed_value_changes_the_digest(void **state) {
  (void)state;
  struct scratch s;
  struct table_sums before = {0}, after = {0};
  struct err e = {0};
  struct store *st = filled(&s);
  AUTO_READ *r = store_read_begin(st, &e);
  assert_true(store_sums(r, &s.mem, &before, &e));
  store_read_end(&r);
  (void)scratch_sql(&s, "UPDATE unit SET parent = NULL WHERE id = 'u2'");
  r = store_read_begin(st, &e);
  assert_true(store_sums(r, &s.mem, &after, &e));
  store_read_end(&r);
  assert_false(str_eq(sum_of(&before, "unit")->digest, sum_of(&after, "unit")->digest));
  assert_true(str_eq(sum_of(&before, "file")->digest, sum_of(&after, "file")->digest));
  store_close(st);
  scratch_end(&s);
}
static void a_target_with_rows_is_refused(void **state) {
  (void)state;
  struct scratch a, b;
  struct table_sums sums = {0};
  struct err e = {0};
  struct store *from = filled(&a), *to = filled(&b);
  assert_false(store_copy(from, to, &a.mem, &sums, &e));
  assert_int_equal(e.code, ERR_CONFLICT);
  assert_int_equal(scratch_sql(&b, "SELECT count(*) FROM file"), FILES);
  store_close(from);
  store_close(to);
  scratch_end(&a);
  scratch_end(&b);
}
static void tables_of_others_are_refused(void **state) {
  (void)state;
  struct scratch a, b;
  struct table_sums sums = {0};
  struct err e = {0};
  struct store *from = filled(&a);
  scratch_begin(&b);
  struct store *to = scratch_open(&b, NULL);
  (void)scratch_sql(&a, "CREATE TABLE mine (a INTEGER)");
  assert_false(store_copy(from, to, &a.mem, &sums, &e));
  assert_true(e.code == ERR_CONFLICT || e.code == ERR_INVALID); /* PostgreSQL's integer is none of our types */
  assert_int_equal(scratch_sql(&b, "SELECT count(*) FROM file"), 0);
  store_close(from);
  store_close(to);
  scratch_end(&a);
  scratch_end(&b);
}

struct pusher {
  struct store *st;
  bool stop, failed;
  int64_t done;
};
static bool push_one(struct store *tx, void *arg, struct err *e) {
  struct pusher *p = arg;
  AUTO_ARENA mem = {0};
  const struct str name = str_fmt(&mem, "n%lld", (long long)p->done);
  return sql_setting_add(tx, &(struct sql_setting_add_in){STORE_TENANT, name, name}, NULL, e);
}
static void *push(void *arg) {
  struct pusher *p = arg;
  while (!__atomic_load_n(&p->stop, __ATOMIC_ACQUIRE)) {
    struct err e = {0};
    if (!store_write(p->st, push_one, p, &e)) p->failed = true;
    (void)__atomic_add_fetch(&p->done, 1, __ATOMIC_RELEASE);
  }
  return NULL;
}
static void a_copy_and_writers_do_not_disturb_each_other(void **state) {
  (void)state;
  struct scratch a, b;
  struct table_sums sums = {0};
  struct err e = {0};
  pthread_t thread;
  struct pusher p = {.st = filled(&a)};
  scratch_begin(&b);
  struct store *to = scratch_open(&b, NULL);
  assert_int_equal(pthread_create(&thread, NULL, push, &p), 0);
  while (__atomic_load_n(&p.done, __ATOMIC_ACQUIRE) < 5) {
  }
  const int64_t before = __atomic_load_n(&p.done, __ATOMIC_ACQUIRE);
  assert_true(store_copy(p.st, to, &a.mem, &sums, &e));
  while (__atomic_load_n(&p.done, __ATOMIC_ACQUIRE) < before + 5) {
  }
  __atomic_store_n(&p.stop, true, __ATOMIC_RELEASE);
  (void)pthread_join(thread, NULL);
  assert_false(p.failed);
  assert_true(all_equal(&sums));
  assert_true(sum_of(&sums, "setting")->rows >= before);
  store_close(p.st);
  store_close(to);
  scratch_end(&a);
  scratch_end(&b);
}

UNIT_TESTS(copy) = {
    cmocka_unit_test(a_copy_is_equal_on_any_engine),
    cmocka_unit_test(a_changed_value_changes_the_digest),
    cmocka_unit_test(a_target_with_rows_is_refused),
    cmocka_unit_test(tables_of_others_are_refused),
    cmocka_unit_test(a_copy_and_writers_do_not_disturb_each_other),
};
UNIT_COUNT(copy);
