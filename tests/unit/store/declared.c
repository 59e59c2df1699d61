/* Tables of declarations: made step by step in an act, written to by composed statements, in the journal and in copies; and
 * what is no step, or no statement that writes, is refused. The columns have names that are words of SQL. */
#include "store/declared.h"

#include <pthread.h>

#include "scratch.h"
#include "store/compose.h"
#include "store/copy.h"
#include "store/list.h"
#include "store/replay.h"

static const char make_table[] =
    "CREATE TABLE \"trial_record\" (\"tenant\" TEXT NOT NULL, \"id\" TEXT NOT NULL, \"on\" TEXT, \"order\" INTEGER, "
    "\"group\" TEXT NOT NULL, \"from\" BLOB, \"user\" TEXT, PRIMARY KEY (\"tenant\", \"id\")) STRICT";
static const char make_index[] =
    "CREATE UNIQUE INDEX \"trial_record_order\" ON \"trial_record\" (\"tenant\", \"order\" DESC, \"id\")";
static const char rename_user[] = "ALTER TABLE \"trial_record\" RENAME COLUMN \"user\" TO \"where\"";
static const char add_select[] = "ALTER TABLE \"trial_record\" ADD COLUMN \"select\" TEXT";

enum { DECLARERS = 6, OWN_TABLES = 3 };
struct trial {
  struct scratch s;
  struct store *st;
  int64_t n; /* events */
};
static void begin(struct trial *t) {
  *t = (struct trial){0};
  scratch_begin(&t->s);
  t->st = scratch_open(&t->s, NULL);
}
static void end(struct trial *t) {
  store_close(t->st);
  scratch_end(&t->s);
}
static bool append(struct store *tx, struct trial *t, struct err *e) {
  struct event ev = {.at_us = 1780000000000000 + t->n,
                     .valid = STR(""),
                     .actor = STR("甲"),
                     .record = STR("trial.record"),
                     .id = STR("r"),
                     .act = STR("try"),
                     .from = STR(""),
                     .to = STR("")};
  return event_append(tx, &t->s.mem, &ev, NULL, e);
}

/* ---- acts ---- */

struct steps {
  struct trial *t;
  const char *const *at;
  size_t n;
};
static bool run_steps(struct store *tx, void *arg, struct err *e) {
  const struct steps *x = arg;
  for (size_t i = 0; i < x->n; i++) TRY(store_declare(tx, &x->t->s.mem, str_of(x->at[i]), e));
  return append(tx, x->t, e);
}
static bool try_steps(struct trial *t, const char *const *at, size_t n, struct err *e) {
  struct steps x = {t, at, n};
  *e = (struct err){0};
  const bool ok = store_write(t->st, run_steps, &x, e);
  t->n += ok;
  return ok;
}
static void declare(struct trial *t, const char *const *at, size_t n) {
  struct err e;
  if (!try_steps(t, at, n, &e)) fail_msg(STRF, STRA(err_says(&t->s.mem, LANG_EN, &e)));
}
static void declare_record(struct trial *t) { declare(t, (const char *const[]){make_table, make_index}, 2); }

struct row {
  struct trial *t;
  const char *id;
  int64_t order;
  bool bare; /* only what must be there */
  bool refused;
};
static bool insert_row(struct store *tx, void *arg, struct err *e) {
  const struct row *r = arg;
  static const char *const names[] = {"tenant", "id", "on", "order", "group", "from"};
  const struct store_value values[] = {store_text(STORE_TENANT),
                                       store_text(str_of(r->id)),
                                       r->bare ? store_none('s') : store_text(STR("a'b\"; --教育局")),
                                       r->bare ? store_none('i') : store_number(r->order),
                                       store_text(STR("")),
                                       r->bare ? store_none('b') : store_blob((struct str){"\0\1\377", 3})};
  int64_t changed = 0;
  AUTO_COMPOSE c = COMPOSE(&r->t->s.mem);
  compose_z(&c, "INSERT INTO ");
  compose_name(&c, STR("trial_record"));
  for (size_t i = 0; i < COUNT_OF(names); i++) {
    compose_z(&c, i ? ", " : " (");
    compose_name(&c, str_of(names[i]));
  }
  for (size_t i = 0; i < COUNT_OF(names); i++) {
    compose_z(&c, i ? ", " : ") VALUES (");
    (void)compose_value(&c, values[i]);
  }
  compose_z(&c, ")");
  TRY(compose_run(&c, tx, &changed, e));
  assert_int_equal(changed, 1);
  return append(tx, r->t, e) && (!r->refused || fail(e, ERR_GUARD, 0));
}
static void insert(struct trial *t, const char *id, int64_t order, bool bare) {
  struct row r = {t, id, order, bare, false};
  struct err e = {0};
  if (!store_write(t->st, insert_row, &r, &e)) fail_msg(STRF, STRA(err_says(&t->s.mem, LANG_EN, &e)));
  t->n++;
}
struct erasure {
  struct trial *t;
  const char *column;
  bool erases, deletes;
  int64_t changed;
};
static bool erase_column(struct store *tx, void *arg, struct err *e) {
  struct erasure *x = arg;
  AUTO_COMPOSE c = COMPOSE(&x->t->s.mem);
  compose_z(&c, x->deletes ? "DELETE FROM " : "UPDATE ");
  compose_name(&c, STR("trial_record"));
  if (!x->deletes) {
    compose_z(&c, " SET ");
    compose_name(&c, str_of(x->column));
    compose_z(&c, " = ");
    (void)compose_null(&c, 's');
  }
  compose_z(&c, " WHERE \"tenant\" = ");
  (void)compose_str(&c, STORE_TENANT);
  compose_z(&c, " AND \"id\" = ");
  (void)compose_str(&c, STR("a"));
  TRY(x->erases ? compose_run_erasing(&c, tx, &x->changed, e) : compose_run(&c, tx, &x->changed, e));
  return append(tx, x->t, e);
}
static int64_t change(struct trial *t, struct erasure x) {
  struct err e = {0};
  x.t = t;
  if (!store_write(t->st, erase_column, &x, &e)) fail_msg(STRF, STRA(err_says(&t->s.mem, LANG_EN, &e)));
  t->n++;
  return x.changed;
}

/* ---- the tests ---- */

static void a_record_is_written_and_read(void **state) {
  (void)state;
  struct trial t;
  struct err e = {0};
  bool row = false;
  begin(&t);
  declare_record(&t);
  insert(&t, "a", 7, false);
  insert(&t, "b", 0, true);
  AUTO_READ *r = store_read_begin(t.st, &e);
  AUTO_COMPOSE c = COMPOSE(&t.s.mem);
  compose_z(&c, "SELECT \"on\", \"order\", \"from\", \"user\" FROM \"trial_record\" WHERE \"tenant\" = ");
  (void)compose_str(&c, STORE_TENANT);
  compose_z(&c, " ORDER BY \"id\"");
  struct store_stmt *s = compose_prepare(&c, r, 4, &e);
  assert_true(s && store_step(s, &row, &e) && row);
  assert_true(str_eqz(store_column_str(s, 0, &t.s.mem), "a'b\"; --教育局"));
  assert_int_equal(store_column_int(s, 1), 7);
  assert_true(str_eq(store_column_blob(s, 2, &t.s.mem), (struct str){"\0\1\377", 3}));
  assert_true(store_column_null(s, 3));
  assert_true(store_step(s, &row, &e) && row);
  for (int i = 0; i < 4; i++) assert_true(store_column_null(s, i));
  assert_true(store_step(s, &row, &e) && !row);
  store_reset(s);
  store_read_end(&r);
  assert_int_equal(change(&t, (struct erasure){.column = "on"}), 1);
  assert_int_equal(scratch_sql(&t.s, "SELECT count(*) FROM trial_record WHERE \"on\" IS NULL"), 2);
  assert_int_equal(change(&t, (struct erasure){.deletes = true}), 1);
  assert_int_equal(scratch_sql(&t.s, "SELECT count(*) FROM trial_record"), 1);
  end(&t);
}
static void a_key_that_is_there_is_a_duplicate(void **state) {
  (void)state;
  struct trial t;
  struct err e = {0};
  begin(&t);
  declare_record(&t);
  insert(&t, "a", 7, false);
  struct row again = {&t, "a", 8, false, false};
  assert_false(store_write(t.st, insert_row, &again, &e));
  assert_int_equal(e.code, ERR_DUPLICATE);
  assert_int_equal(scratch_sql(&t.s, "SELECT count(*) FROM trial_record"), 1);
  end(&t);
}

/* ---- refusals ---- */

static void only_steps_are_run(void **state) {
  (void)state;
  static const char *const none[] = {
      "",
      "DROP TABLE \"trial_record\"",
      "CREATE TABLE \"a_b\" (\"tenant\" TEXT NOT NULL, PRIMARY KEY (\"tenant\", \"id\"))", /* not STRICT */
      "CREATE TABLE \"a_b\" (\"id\" TEXT NOT NULL, \"tenant\" TEXT NOT NULL, PRIMARY KEY (\"tenant\", \"id\")) STRICT",
      "CREATE TABLE \"a_b\" (\"tenant\" TEXT NOT NULL, \"id\" TEXT NOT NULL) STRICT",
      "CREATE TABLE \"a_b\" (\"tenant\" TEXT NOT NULL, \"id\" TEXT NOT NULL, PRIMARY KEY (\"id\")) STRICT",
      "CREATE TABLE \"a_b\" (\"tenant\" TEXT NOT NULL, \"id\" REAL, PRIMARY KEY (\"tenant\", \"id\")) STRICT",
      "CREATE TABLE \"a_b\" (\"tenant\" TEXT NOT NULL, id TEXT, PRIMARY KEY (\"tenant\", \"id\")) STRICT",
      "CREATE TABLE \"a_b\" (\"tenant\" TEXT NOT NULL, \"id\" TEXT DEFAULT 'x', PRIMARY KEY (\"tenant\", \"id\")) "
      "STRICT",
      "CREATE TABLE \"a_b\" (\"tenant\" TEXT NOT NULL, \"Id\" TEXT, PRIMARY KEY (\"tenant\", \"Id\")) STRICT",
      "CREATE TABLE \"a_b\" (\"tenant\" TEXT NOT NULL, \"id\" TEXT, PRIMARY KEY (\"tenant\", \"id\")) STRICT; SELECT 1",
      "CREATE TABLE \"a_b\" (\"tenant\" TEXT NOT NULL, \"id\" TEXT, PRIMARY KEY (\"tenant\", \"id\")) STRICT -- x",
      "CREATE TABLE \"sqlite_x\" (\"tenant\" TEXT NOT NULL, \"id\" TEXT, PRIMARY KEY (\"tenant\", \"id\")) STRICT",
      "CREATE TABLE \"search_index_x\" (\"tenant\" TEXT NOT NULL, \"id\" TEXT, PRIMARY KEY (\"tenant\", \"id\")) "
      "STRICT",
      "CREATE INDEX \"i\" ON \"trial_record\" (\"id\", \"on\")",
      "CREATE INDEX \"i\" ON \"trial_record\" (\"tenant\")",
      "CREATE INDEX \"i\" ON \"trial_record\" (\"tenant\", \"on\") WHERE \"on\" IS NULL",
      "CREATE INDEX \"i\" ON \"unit\" (\"tenant\", \"name\")",
      "ALTER TABLE \"trial_record\" ADD COLUMN \"x\" TEXT NOT NULL",
      "ALTER TABLE \"trial_record\" DROP COLUMN \"on\"",
      "ALTER TABLE \"trial_record\" RENAME TO \"x\"",
      "ALTER TABLE \"unit\" ADD COLUMN \"x\" TEXT",
      "ALTER TABLE \"event\" RENAME COLUMN \"hash\" TO \"x\"",
      "DROP INDEX \"declared_step_made\"",
      "ALTER TABLE \"trial_record\" ADD COLUMN \"x TEXT"};
  struct trial t;
  struct err e;
  begin(&t);
  declare_record(&t);
  for (size_t i = 0; i < COUNT_OF(none); i++) {
    if (try_steps(&t, &none[i], 1, &e)) fail_msg("let through: %s", none[i]);
    assert_int_equal(e.code, ERR_BUG);
  }
  const char *const twice = make_table, *const no_column = "ALTER TABLE \"trial_record\" RENAME COLUMN \"x\" TO \"y\"";
  assert_false(try_steps(&t, &twice, 1, &e));
  assert_int_equal(e.code, ERR_STORE);
  assert_false(try_steps(&t, &no_column, 1, &e));
  assert_int_equal(e.code, ERR_STORE);
  assert_int_equal(scratch_sql(&t.s, "SELECT count(*) FROM declared_step"), 2);
  end(&t);
}
static void a_unique_index_over_rows_alike_is_refused(void **state) {
  (void)state;
  static const char *const group =
      "CREATE UNIQUE INDEX \"trial_record_group\" ON \"trial_record\" (\"tenant\", \"group\")";
  struct trial t;
  struct err e;
  begin(&t);
  declare_record(&t);
  insert(&t, "a", 1, false);
  insert(&t, "b", 2, false);
  assert_false(try_steps(&t, &group, 1, &e));
  assert_int_equal(e.code, ERR_DUPLICATE);
  end(&t);
}
static bool run_text(struct store *tx, void *arg, struct err *e) {
  AUTO_ARENA mem = {0};
  AUTO_COMPOSE c = COMPOSE(&mem);
  compose_z(&c, arg);
  return compose_run(&c, tx, NULL, e);
}
static void only_writing_of_one_tenant_passes(void **state) {
  (void)state;
  static const char *const none[] = {"SELECT 1",
                                     "DELETE FROM \"trial_record\"",
                                     "DELETE FROM trial_record WHERE \"tenant\" = $1",
                                     "DELETE FROM \"trial_record\" WHERE \"id\" = $1",
                                     "DELETE FROM \"trial_record\" WHERE \"tenant\" = \"tenant\"",
                                     "DELETE FROM \"trial_record\" WHERE \"tenant\" = $1 OR \"id\" = $1",
                                     "DELETE FROM \"trial_record\" WHERE \"tenant\" = $1 AND \"id\" = $1 or 1 = 1",
                                     "DELETE FROM \"trial_record\" WHERE \"tenant\" = $1 IS NULL",
                                     "DELETE FROM \"trial_record\" WHERE (\"tenant\" = $1)",
                                     "DELETE FROM \"trial_record\" WHERE \"id\" IN (SELECT 1 WHERE \"tenant\" = $1)",
                                     "DELETE FROM \"trial_record\" WHERE \"tenant\" = $1 AND (1 = 1",
                                     "DELETE FROM \"trial_record\" WHERE \"tenant\" = $1 AND 1 = 1) OR (1 = 1",
                                     "UPDATE \"trial_record\" SET \"on\" = $1",
                                     "UPDATE \"trial_record\" SET \"on\" = 'x' WHERE \"tenant\" = $1",
                                     "UPDATE OR IGNORE \"trial_record\" SET \"on\" = $1 WHERE \"tenant\" = $1",
                                     "INSERT OR REPLACE INTO \"trial_record\" (\"tenant\") VALUES ($1)",
                                     "REPLACE INTO \"trial_record\" (\"tenant\") VALUES ($1)",
                                     "DROP TABLE \"trial_record\"",
                                     "PRAGMA query_only",
                                     "DELETE FROM \"trial_record\" WHERE \"tenant\" = $1; SELECT 1"};
  struct trial t;
  begin(&t);
  declare_record(&t);
  for (size_t i = 0; i < COUNT_OF(none); i++) {
    struct err e = {0};
    if (store_write(t.st, run_text, (void *)(uintptr_t)none[i], &e)) fail_msg("let through: %s", none[i]);
    assert_int_equal(e.code, ERR_BUG);
  }
  end(&t);
}
static bool read_text(struct store *tx, void *arg, struct err *e) {
  AUTO_ARENA mem = {0};
  AUTO_COMPOSE c = COMPOSE(&mem);
  compose_z(&c, arg);
  return compose_prepare(&c, tx, 1, e) != NULL;
}
static void reading_does_not_write_and_writing_needs_an_act(void **state) {
  (void)state;
  static const char *const none[] = {"WITH \"x\" AS (SELECT 1) DELETE FROM \"trial_record\" WHERE \"tenant\" = $1",
                                     "WITH \"x\" AS (SELECT 1) UPDATE \"trial_record\" SET \"on\" = $1",
                                     "WITH \"x\" AS (SELECT 1) insert into \"trial_record\" (\"tenant\") SELECT 1",
                                     "SELECT 1 INTO \"x\""};
  struct trial t;
  begin(&t);
  declare_record(&t);
  for (size_t i = 0; i < COUNT_OF(none); i++) {
    struct err e = {0};
    if (store_write(t.st, read_text, (void *)(uintptr_t)none[i], &e)) fail_msg("let through: %s", none[i]);
    assert_int_equal(e.code, ERR_BUG);
  }
  struct row r = {&t, "a", 1, false, false};
  struct steps x = {&t, (const char *const[]){add_select}, 1};
  struct err e = {0};
  assert_false(store_read(t.st, insert_row, &r, &e));
  assert_int_equal(e.code, ERR_BUG);
  e = (struct err){0};
  assert_false(store_read(t.st, run_steps, &x, &e));
  assert_int_equal(e.code, ERR_BUG);
  end(&t);
}
/* A name that is no column is an error, not the text of that name. */
static void a_name_is_never_a_text(void **state) {
  (void)state;
  struct trial t;
  struct err e = {0};
  begin(&t);
  declare_record(&t);
  assert_false(store_read(t.st, read_text, (void *)(uintptr_t) "SELECT \"nowhere\" FROM \"trial_record\"", &e));
  assert_int_equal(e.code, ERR_STORE);
  end(&t);
}

/* ---- what fails is taken back, what is busy runs again ---- */

static bool declare_and_refuse(struct store *tx, void *arg, struct err *e) {
  const struct steps *x = arg;
  struct row r = {x->t, "a", 1, false, false};
  return run_steps(tx, arg, e) && insert_row(tx, &r, e) && fail(e, ERR_GUARD, 0);
}
static void what_an_act_takes_back_was_never_there(void **state) {
  (void)state;
  static const char *const one[] = {make_table, make_index};
  struct trial t;
  begin(&t);
  struct steps x = {&t, one, COUNT_OF(one)};
  for (int i = 0; i < 3; i++) { /* alone in its group, and with savepoints */
    struct err e = {0};
    assert_false(store_write(t.st, declare_and_refuse, &x, &e));
    assert_int_equal(e.code, ERR_GUARD);
  }
  declare_record(&t);
  struct err e = {0};
  struct row r = {&t, "a", 1, false, true};
  assert_false(store_write(t.st, insert_row, &r, &e));
  assert_int_equal(e.code, ERR_GUARD);
  assert_int_equal(scratch_sql(&t.s, "SELECT count(*) FROM trial_record"), 0);
  insert(&t, "a", 1, false);
  end(&t);
}
static bool every_other(void *arg) { return ++*(int *)arg % 2 == 1; }

struct declarer {
  pthread_t thread;
  struct store *st;
  int number;
};
static bool declare_own(struct store *tx, void *arg, struct err *e) {
  const struct declarer *d = arg;
  AUTO_ARENA mem = {0};
  for (int i = 0; i < OWN_TABLES; i++)
    TRY(store_declare(tx, &mem,
                      str_fmt(&mem,
                              "CREATE TABLE \"own_%d_%d\" (\"tenant\" TEXT NOT NULL, \"id\" TEXT, PRIMARY KEY "
                              "(\"tenant\", \"id\")) STRICT",
                              d->number, i),
                      e));
  return true;
}
static void *declare_beside(void *arg) {
  struct declarer *d = arg;
  struct err e = {0};
  return store_write(d->st, declare_own, d, &e) ? arg : NULL;
}
/* Two processes, as it were: nobody is told "duplicate" because another one was faster. */
static void two_stores_declare_at_once(void **state) {
  (void)state;
  struct scratch s;
  struct declarer all[DECLARERS];
  void *done = NULL;
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL), *other = scratch_open(&s, NULL);
  for (int i = 0; i < DECLARERS; i++) {
    all[i] = (struct declarer){.st = i % 2 ? st : other, .number = i};
    assert_int_equal(pthread_create(&all[i].thread, NULL, declare_beside, &all[i]), 0);
  }
  for (int i = 0; i < DECLARERS; i++) {
    (void)pthread_join(all[i].thread, &done);
    assert_ptr_equal(done, &all[i]);
  }
  assert_int_equal(scratch_sql(&s, "SELECT count(*) FROM declared_step"), DECLARERS * OWN_TABLES);
  assert_int_equal(scratch_sql(&s, "SELECT max(n) FROM declared_step"), DECLARERS * OWN_TABLES);
  store_close(st);
  store_close(other);
  scratch_end(&s);
}

/* ---- lists ---- */

enum { COLUMN_id, COLUMN_on, COLUMN_order, COLUMN_group, COLUMNS };
static const struct store_column columns[COLUMNS] = {{"id", "r.\"id\"", 's', false},
                                                     {"on", "r.\"on\"", 's', true},
                                                     {"order", "COALESCE(r.\"order\", 0)", 'i', false},
                                                     {"group", "r.\"group\"", 's', false}};
static const struct store_list list = {.name = "trial",
                                       .from = "FROM \"trial_record\" r WHERE r.\"tenant\" = $1",
                                       .types = "s",
                                       .columns = columns,
                                       .count = COLUMNS};
static void a_list_is_made_of_declared_columns(void **state) {
  (void)state;
  struct trial t;
  struct err e = {0};
  list_rows rows = {0}, choices = {0};
  int64_t n = 0;
  begin(&t);
  declare_record(&t);
  insert(&t, "a", 3, false);
  insert(&t, "b", 2, false);
  insert(&t, "c", 0, true);
  const struct store_value fixed[] = {store_text(STORE_TENANT)}, scope[] = {store_number(2)};
  struct list_query q = {.fixed = fixed,
                         .sort = COLUMN_order,
                         .id = COLUMN_id,
                         .falling = true,
                         .scope = {.sql = "r.\"order\" >= @", .values = scope, .count = 1},
                         .filters = {{COLUMN_on, LIST_HAS, store_text(STR("教育"))}},
                         .filter_count = 1};
  AUTO_READ *r = store_read_begin(t.st, &e);
  assert_true(store_list_rows(r, &t.s.mem, &list, &q, 10, &rows, &e));
  assert_true(rows.len == 2 && str_eqz(rows.at[0].at[COLUMN_id].s, "a") && rows.at[1].at[COLUMN_order].n == 2);
  assert_true(store_list_count(r, &t.s.mem, &list, &q, 10, &n, &e) && n == 2);
  assert_true(store_list_choices(r, &t.s.mem, &list, &q, COLUMN_order, 10, &choices, &e));
  assert_true(choices.len == 2 && choices.at[0].at[0].n == 2);
  q.has_key = true;
  q.key = store_number(3);
  q.key_id = store_text(STR("a"));
  rows.len = 0;
  assert_true(store_list_rows(r, &t.s.mem, &list, &q, 10, &rows, &e));
  assert_true(rows.len == 1 && str_eqz(rows.at[0].at[COLUMN_id].s, "b"));
  store_read_end(&r);
  end(&t);
}

/* ---- the journal, copies ---- */

static struct table_sums sums_of(struct store *st, struct arena *mem) {
  struct table_sums sums = {0};
  struct err e = {0};
  AUTO_READ *r = store_read_begin(st, &e);
  assert_true(r && store_sums(r, mem, &sums, &e));
  return sums;
}
static void same(const struct table_sums *a, const struct table_sums *b) {
  assert_int_equal(a->len, b->len);
  for (size_t i = 0; i < a->len; i++) {
    assert_true(str_eq(a->at[i].name, b->at[i].name));
    if (!str_eq(a->at[i].digest, b->at[i].digest)) fail_msg("table " STRF " differs", STRA(a->at[i].name));
  }
}
static struct store *copy_of(struct store *st, struct scratch *s) {
  struct table_sums sums;
  struct err e = {0};
  scratch_begin(s);
  struct store *to = scratch_open(s, NULL);
  if (!store_copy(st, to, &s->mem, &sums, &e)) fail_msg(STRF, STRA(err_says(&s->mem, LANG_EN, &e)));
  for (size_t i = 0; i < sums.len; i++) assert_true(sums.at[i].equal);
  return to;
}
/* The backup brought to an event by the journal of `from`. */
static struct store *bring(struct store *backup, struct store *from, int64_t seq, struct scratch *s,
                           struct replayed *done) {
  struct err e = {0};
  store_close(copy_of(backup, s));
  AUTO_READ *journal = store_read_begin(from, &e);
  if (!journal || !store_replay(journal, str_of(s->file), seq, done, &e))
    fail_msg(STRF, STRA(err_says(&s->mem, LANG_EN, &e)));
  return scratch_open(s, NULL);
}
static void any_event_is_reached(void **state) {
  (void)state;
  enum { SHOTS = 12 };
  struct trial t;
  struct scratch b;
  struct table_sums shots[SHOTS];
  int commits = 0;
  t = (struct trial){0};
  scratch_begin(&t.s);
  t.st = scratch_open(&t.s, &(struct store_options){.inject = every_other, .inject_arg = &commits});
  struct store *backup = copy_of(t.st, &b);
  for (int i = 0; i < SHOTS; i++) {
    if (i == 0) declare_record(&t);
    else if (i == 3) declare(&t, (const char *const[]){rename_user}, 1);
    else if (i == 5) declare(&t, (const char *const[]){"DROP INDEX \"trial_record_order\"", add_select}, 2);
    else if (i == 7) (void)change(&t, (struct erasure){.column = "where"});
    else if (i == 9) (void)change(&t, (struct erasure){.deletes = true});
    else insert(&t, (const char *[]){"", "a", "b", "", "c", "", "d", "", "e", "", "f", "g"}[i], i, i % 2);
    shots[i] = sums_of(t.st, &t.s.mem);
  }
  for (int64_t seq = 1; seq <= SHOTS; seq += 1 + seq % 3) { /* 1 3 4 6 7 9 10 12 */
    struct scratch s;
    struct replayed done;
    struct store *st = bring(backup, t.st, seq, &s, &done);
    assert_int_equal(done.seq, seq);
    const struct table_sums now = sums_of(st, &s.mem);
    same(&now, &shots[seq - 1]);
    store_close(st);
    scratch_end(&s);
  }
  store_close(backup);
  scratch_end(&b);
  end(&t);
}
/* What was erased by a name that the column has only since, in a table that has more columns since, does not come back; and
 * the tables are as they were at the point. */
static void what_was_erased_later_does_not_come_back(void **state) {
  (void)state;
  struct trial t;
  struct scratch b, s, again;
  struct replayed done;
  begin(&t);
  declare_record(&t);
  struct store *backup = copy_of(t.st, &b);
  insert(&t, "a", 1, false); /* event 2 */
  insert(&t, "b", 2, false);
  declare(&t, (const char *const[]){"ALTER TABLE \"trial_record\" RENAME COLUMN \"on\" TO \"off\"", add_select}, 2);
  (void)change(&t, (struct erasure){.column = "off", .erases = true});
  (void)change(&t, (struct erasure){.column = "select", .erases = true});
  static const char *const other[] = {
      "CREATE TABLE \"trial_other\" (\"tenant\" TEXT NOT NULL, \"id\" TEXT NOT NULL, PRIMARY KEY (\"tenant\", \"id\")) "
      "STRICT"};
  declare(&t, other, 1);
  struct store *st = bring(backup, t.st, 2, &s, &done);
  assert_true(done.seq == 2 && done.erased == 2);
  assert_int_equal(scratch_sql(&s, "SELECT count(*) FROM trial_record WHERE \"on\" IS NULL"), 1);
  assert_int_equal(scratch_sql(&s, "SELECT count(*) FROM declared_step"), 2);
  struct trial on = {.s = s, .st = st, .n = 2};
  insert(&on, "c", 3, false); /* it goes on as it was */
  s = on.s;
  const struct table_sums want = sums_of(st, &s.mem);
  struct store *later = bring(backup, st, 3, &again, &done); /* by the journal of what was restored */
  const struct table_sums have = sums_of(later, &again.mem);
  same(&have, &want);
  assert_int_equal(scratch_sql(&again, "SELECT count(*) FROM trial_record WHERE \"on\" IS NULL"), 1);
  store_close(later);
  scratch_end(&again);
  later = bring(backup, st, 2, &again, &done); /* there and back stands behind its point, too */
  assert_int_equal(done.erased, 2);
  assert_int_equal(scratch_sql(&again, "SELECT count(*) FROM trial_record WHERE \"on\" IS NULL"), 1);
  store_close(later);
  scratch_end(&again);
  store_close(st);
  scratch_end(&s);
  store_close(backup);
  scratch_end(&b);
  end(&t);
}
/* From the engine under test to SQLite and back. */
static void a_copy_has_the_tables(void **state) {
  (void)state;
  const char *cluster = scratch_cluster;
  struct trial t;
  struct scratch b, c;
  begin(&t);
  declare_record(&t);
  insert(&t, "a", 1, false);
  insert(&t, "b", 1, true);
  declare(&t, (const char *const[]){rename_user, add_select}, 2);
  scratch_cluster = NULL;
  struct store *file = copy_of(t.st, &b);
  scratch_cluster = cluster;
  struct store *back = copy_of(file, &c);
  const struct table_sums want = sums_of(t.st, &t.s.mem), have = sums_of(back, &c.mem);
  same(&have, &want);
  struct trial on = {.s = c, .st = back, .n = t.n};
  insert(&on, "c", 9, false);
  c = on.s;
  assert_int_equal(scratch_sql(&c, "SELECT count(*) FROM trial_record"), 3);
  struct table_sums sums;
  struct err e = {0};
  assert_false(store_copy(t.st, back, &c.mem, &sums, &e)); /* it has rows */
  assert_int_equal(e.code, ERR_CONFLICT);
  store_close(back);
  scratch_end(&c);
  scratch_cluster = NULL;
  store_close(file);
  scratch_end(&b);
  scratch_cluster = cluster;
  end(&t);
}

UNIT_TESTS(declared) = {
    cmocka_unit_test(a_record_is_written_and_read),
    cmocka_unit_test(a_key_that_is_there_is_a_duplicate),
    cmocka_unit_test(only_steps_are_run),
    cmocka_unit_test(a_unique_index_over_rows_alike_is_refused),
    cmocka_unit_test(only_writing_of_one_tenant_passes),
    cmocka_unit_test(reading_does_not_write_and_writing_needs_an_act),
    cmocka_unit_test(a_name_is_never_a_text),
    cmocka_unit_test(what_an_act_takes_back_was_never_there),
    cmocka_unit_test(two_stores_declare_at_once),
    cmocka_unit_test(a_list_is_made_of_declared_columns),
    cmocka_unit_test(any_event_is_reached),
    cmocka_unit_test(what_was_erased_later_does_not_come_back),
    cmocka_unit_test(a_copy_has_the_tables),
};
UNIT_COUNT(declared);
