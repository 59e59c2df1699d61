/* The chain: what is written verifies; what is altered, cut out or added shows, with its place. */
#include <pthread.h>

#include "base/buf.h"
#include "base/hash.h"
#include "scratch.h"

static bool append(struct store *tx, void *arg, struct err *e) {
  struct scratch *s = arg;
  struct event ev = {.at_us = 1780000000000000,
                     .valid = STR("2026-05-20"),
                     .actor = STR("甲"),
                     .record = STR("plan"),
                     .id = STR("p1"),
                     .act = STR("correct"),
                     .from = STR(""),
                     .to = STR("")};
  event_add(&ev, STR("reason"), STR("数字有误"));
  event_add(&ev, STR("now.value"), STR("41"));
  event_add(&ev, STR("empty"), STR(""));
  return event_append(tx, &s->mem, &ev, NULL, e);
}
static struct store *with_events(struct scratch *s, int n) {
  struct err e = {0};
  scratch_begin(s);
  struct store *st = scratch_open(s, NULL);
  for (int i = 0; i < n; i++) assert_true(store_write(st, append, s, &e));
  return st;
}
static struct event_proof prove(struct scratch *s, struct store *st) {
  struct err e = {0};
  struct event_proof p = {0};
  AUTO_READ *r = store_read_begin(st, &e);
  assert_non_null(r);
  assert_true(event_verify(r, &s->mem, &p, &e));
  return p;
}
static void a_whole_chain_holds(void **state) {
  (void)state;
  struct scratch s;
  struct store *st = with_events(&s, 5);
  const struct event_proof p = prove(&s, st);
  assert_int_equal(p.events, 5);
  assert_int_equal(p.broken, 0);
  assert_int_equal(p.head.len, 64);
  store_close(st);
  scratch_end(&s);
}
static void an_empty_chain_holds(void **state) {
  (void)state;
  struct scratch s;
  struct store *st = with_events(&s, 0);
  assert_int_equal(prove(&s, st).broken, 0);
  store_close(st);
  scratch_end(&s);
}
/* The hash of an event is what the design says, computed here from its words alone. */
static void the_hash_is_the_declared_one(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  struct sql_event_after_rows rows = {0};
  struct sql_event_fields_rows fields = {0};
  struct store *st = with_events(&s, 1);
  AUTO_READ *r = store_read_begin(st, &e);
  assert_true(sql_event_after(r, &s.mem, &(struct sql_event_after_in){STORE_TENANT, 0}, 10, &rows, &e));
  assert_true(sql_event_fields(r, &s.mem, &(struct sql_event_fields_in){STORE_TENANT, 1}, 10, &fields, &e));
  assert_int_equal(fields.len, 2); /* empty values are left out */
  struct buf payload = BUF_MAX(4096);
  for (size_t i = 0; i < fields.len; i++) {
    const struct str bytes = str_fmt(&s.mem, STRF "\x1F" STRF, STRA(fields.at[i].field), STRA(fields.at[i].value));
    const struct str salted = str_join(&s.mem, fields.at[i].salt, bytes);
    const struct str hex = hash_hex(&s.mem, hash_sm3(salted));
    assert_true(str_eq(hex, fields.at[i].hash));
    buf_fmt(&payload, STRF "\t" STRF "\n", STRA(fields.at[i].field), STRA(hex));
  }
  const struct str payload_hash = hash_hex(&s.mem, hash_sm3(buf_view(&payload)));
  assert_true(str_eq(payload_hash, rows.at[0].payload));
  const struct str line = str_fmt(
      &s.mem, "\nlocal\n1\n1780000000000000\n2026-05-20\n甲\nplan\np1\ncorrect\n\n\n" STRF "\n", STRA(payload_hash));
  assert_true(str_eq(hash_hex(&s.mem, hash_sm3(line)), rows.at[0].hash));
  buf_drop(&payload);
  store_read_end(&r);
  store_close(st);
  scratch_end(&s);
}

enum { WRITERS = 8, EACH = 10 };
struct appender {
  struct store *st;
  bool failed;
};
static void *append_many(void *arg) {
  struct appender *a = arg;
  for (int i = 0; i < EACH; i++) {
    struct scratch own = {0};
    struct err e = {0};
    if (!store_write(a->st, append, &own, &e)) a->failed = true;
    arena_drop(&own.mem);
  }
  return NULL;
}
/* Both begin one chain and follow the same last event again and again: one of them is told so and runs again. */
static void two_stores_make_one_chain(void **state) {
  (void)state;
  struct scratch s;
  pthread_t threads[WRITERS];
  struct appender all[WRITERS];
  struct store *st = with_events(&s, 0), *other = scratch_open(&s, NULL);
  for (int i = 0; i < WRITERS; i++) {
    all[i] = (struct appender){i % 2 ? st : other, false};
    assert_int_equal(pthread_create(&threads[i], NULL, append_many, &all[i]), 0);
  }
  for (int i = 0; i < WRITERS; i++) {
    (void)pthread_join(threads[i], NULL);
    assert_false(all[i].failed);
  }
  const struct event_proof p = prove(&s, st);
  assert_int_equal(p.broken, 0);
  assert_int_equal(p.events, WRITERS * EACH);
  store_close(st);
  store_close(other);
  scratch_end(&s);
}

struct damage {
  const char *sql, *what;
  int64_t at;
};
static void damage_shows(const struct damage *d) {
  struct scratch s;
  struct store *st = with_events(&s, 5);
  store_close(st);
  (void)scratch_sql(&s, d->sql);
  st = scratch_open(&s, NULL);
  const struct event_proof p = prove(&s, st);
  assert_int_equal(p.broken, d->at);
  if (d->what) assert_string_equal(p.what, d->what);
  store_close(st);
  scratch_end(&s);
}
static void any_damage_shows_with_its_place(void **state) {
  (void)state;
  static const struct damage all[] = {
      {"UPDATE event SET actor = 'x' WHERE seq = 3", "hash", 3},
      {"UPDATE event SET at_us = at_us + 1 WHERE seq = 2", "hash", 2},
      {"UPDATE event_field SET value = '42' WHERE seq = 4 AND field = 'now.value'", "value", 4},
      {"UPDATE event_field SET value = NULL WHERE seq = 4 AND field = 'now.value'", "value", 4},
      {"DELETE FROM event_field WHERE seq = 4 AND field = 'reason'", "payload", 4},
      {"DELETE FROM event_field WHERE seq = 2; DELETE FROM event WHERE seq = 2", "missing", 2},
      {"DELETE FROM event_field WHERE seq = 5; DELETE FROM event WHERE seq = 5", "head", 5},
      {"UPDATE event SET seq = 7 WHERE seq = 5; UPDATE event_field SET seq = 7 WHERE seq = 5", "missing", 5},
      {"UPDATE chain SET hash = 'x'", "head", 6},
      {"INSERT INTO event_field VALUES ('local', 99, 'a', 'b', NULL, NULL)", "stray", 99},
  };
  for (size_t i = 0; i < COUNT_OF(all); i++) damage_shows(&all[i]);
}
static void a_deleted_value_leaves_its_proof(void **state) {
  (void)state;
  damage_shows(&(struct damage){
      "UPDATE event_field SET value = NULL, salt = NULL WHERE seq = 4 AND field = 'now.value'", NULL, 0});
}

UNIT_TESTS(event) = {
    cmocka_unit_test(a_whole_chain_holds),
    cmocka_unit_test(an_empty_chain_holds),
    cmocka_unit_test(the_hash_is_the_declared_one),
    cmocka_unit_test(two_stores_make_one_chain),
    cmocka_unit_test(any_damage_shows_with_its_place),
    cmocka_unit_test(a_deleted_value_leaves_its_proof),
};
UNIT_COUNT(event);
