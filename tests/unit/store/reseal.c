/* A key is exchanged while eight writers go on: none is refused, every value opens before, during and after, nothing stays
 * under the old key, and the chain holds throughout. */
#include <pthread.h>

#include "base/clock.h"
#include "scratch.h"
#include "store/reseal.h"

enum { WRITERS = 8, BEFORE = 450, AFTER_EACH = 12 };

struct rotation {
  struct scratch s;
  struct store *st;
  struct keys *keys;
  struct str ring;
  bool stop;
};
struct one_event {
  struct rotation *r;
  struct arena *mem;
  int n;
};
static bool append_one(struct store *tx, void *arg, struct err *e) {
  struct one_event *j = arg;
  struct event ev = {.at_us = clock_now_us(),
                     .valid = STR(""),
                     .actor = STR("甲"),
                     .record = STR("person"),
                     .id = str_fmt(j->mem, "p%d", j->n),
                     .act = STR("change"),
                     .from = STR(""),
                     .to = STR("")};
  event_add_sealed(&ev, STR("person"), STR("phone"), str_fmt(j->mem, "%011d", j->n));
  event_add_sealed(&ev, STR("person"), STR("mail"), str_fmt(j->mem, "%d@例", j->n));
  return event_append(tx, j->mem, &ev, NULL, e);
}
struct writer {
  struct rotation *r;
  int number, failed, written;
};
static void *write_on(void *arg) {
  struct writer *w = arg;
  while (w->written < AFTER_EACH || !__atomic_load_n(&w->r->stop, __ATOMIC_RELAXED)) {
    AUTO_ARENA mem = {0};
    struct err e = {0};
    struct one_event j = {w->r, &mem, 100000 * (w->number + 1) + w->written++};
    if (!store_write(w->r->st, append_one, &j, &e)) w->failed++;
  }
  return NULL;
}
static struct key_info key_of(struct rotation *r, int64_t id) {
  struct key_list list = {0};
  struct err e = {0};
  assert_true(keys_list(r->keys, &r->s.mem, &list, &e));
  for (size_t i = 0; i < list.len; i++)
    if (list.at[i].id == id) return list.at[i];
  fail_msg("no such key");
  return (struct key_info){0};
}
static int64_t uses(struct rotation *r, int64_t id) {
  struct err e = {0};
  int64_t n = 0;
  const struct key_info key = key_of(r, id);
  AUTO_READ *s = store_read_begin(r->st, &e);
  assert_true(reseal_uses(s, &r->s.mem, &key, &n, &e));
  return n;
}
static struct event_proof prove(struct rotation *r) {
  struct err e = {0};
  struct event_proof p = {0};
  AUTO_READ *s = store_read_begin(r->st, &e);
  assert_true(event_verify(s, &r->s.mem, &p, &e));
  return p;
}
static void rotation_begin(struct rotation *r) {
  struct err e = {0};
  int made = 0;
  *r = (struct rotation){0};
  scratch_begin(&r->s);
  r->ring = str_fmt(&r->s.mem, "%s/ring", r->s.dir);
  assert_true(keys_add(r->ring, (const struct str[]){STR("person")}, 1, SEAL_SM4, STR("2026-05-20"), &made, &e));
  assert_true(keys_open(r->ring, &r->keys, &e));
  r->st = scratch_open(&r->s, &(struct store_options){.keys = r->keys});
}
static void rotation_end(struct rotation *r) {
  store_close(r->st);
  keys_close(r->keys);
  (void)unlink(r->ring.at);
  scratch_end(&r->s);
}
static bool append_before(struct store *tx, void *arg, struct err *e) {
  for (int i = 0; i < BEFORE; i++) {
    AUTO_ARENA mem = {0};
    struct one_event j = {arg, &mem, i};
    TRY(append_one(tx, &j, e));
  }
  return true;
}

static void rotates_under_writers(void **state) {
  (void)state;
  struct rotation r;
  struct err e = {0};
  struct writer writers[WRITERS];
  pthread_t threads[WRITERS];
  int64_t id = 0, moved = 0;
  rotation_begin(&r);
  const int64_t first = keys_current(r.keys, STR("person"));
  assert_true(store_write(r.st, append_before, &r, &e));
  assert_int_equal(uses(&r, first), 2 * BEFORE);
  for (int i = 0; i < WRITERS; i++) {
    writers[i] = (struct writer){.r = &r, .number = i};
    assert_int_equal(pthread_create(&threads[i], NULL, write_on, &writers[i]), 0);
  }
  assert_true(keys_rotate(r.ring, STR("person"), SEAL_AES, STR("2026-06-01"), &id, &e));
  clock_sleep_us(1200000); /* a running program looks once a second */
  assert_int_equal(keys_current(r.keys, STR("person")), id);
  assert_true(reseal_run(r.st, STR("person"), &moved, &e));
  assert_true(moved >= 2 * BEFORE);
  assert_int_equal(uses(&r, first), 0);
  __atomic_store_n(&r.stop, true, __ATOMIC_RELAXED);
  int64_t events = BEFORE;
  for (int i = 0; i < WRITERS; i++) {
    (void)pthread_join(threads[i], NULL);
    assert_int_equal(writers[i].failed, 0);
    events += writers[i].written;
  }
  assert_int_equal(uses(&r, first), 0);
  assert_int_equal(uses(&r, id), 2 * events);
  assert_true(keys_retire(r.ring, first, &e));
  clock_sleep_us(1200000);
  const struct event_proof p = prove(&r);
  assert_int_equal(p.findings, 0);
  assert_int_equal(p.events, events);
  assert_int_equal(p.sealed, 2 * events);
  assert_int_equal(p.unopened, 0);
  assert_true(reseal_run(r.st, STR("person"), &moved, &e)); /* nothing left to do */
  assert_int_equal(moved, 0);
  rotation_end(&r);
}

/* One cell in the middle was altered: what comes before it is moved and stays so, its own batch is left alone, the place is
 * said; once it is settled the next run goes on. */
static void stops_at_a_broken_cell_and_goes_on(void **state) {
  (void)state;
  struct rotation r;
  struct err e = {0};
  int64_t id = 0, moved = 0;
  rotation_begin(&r);
  const int64_t first = keys_current(r.keys, STR("person"));
  assert_true(store_write(r.st, append_before, &r, &e));
  (void)scratch_sql(&r.s, "CREATE TABLE kept AS SELECT seq, field, cell FROM event_seal WHERE seq = 250");
  (void)scratch_sql(&r.s, "UPDATE event_seal SET cell = cell || 'AAAA' WHERE seq = 250");
  assert_true(keys_rotate(r.ring, STR("person"), SEAL_SM4, STR("2026-06-01"), &id, &e));
  clock_sleep_us(1200000);
  assert_false(reseal_run(r.st, STR("person"), &moved, &e));
  assert_int_equal(e.code, ERR_STORE);
  assert_true(str_find(err_says(&r.s.mem, LANG_EN, &e), STR("250")) != STR_NONE);
  assert_true(moved > 0 && moved < 500 && moved % RESEAL_BATCH == 0);
  assert_int_equal(uses(&r, id), moved);
  (void)scratch_sql(&r.s,
                    "UPDATE event_seal SET cell = (SELECT k.cell FROM kept k WHERE k.seq = event_seal.seq AND "
                    "k.field = event_seal.field) WHERE seq = 250");
  const int64_t before = moved;
  e = (struct err){0};
  assert_true(reseal_run(r.st, STR("person"), &moved, &e));
  assert_int_equal(before + moved, 2 * BEFORE);
  assert_int_equal(uses(&r, first), 0);
  assert_int_equal(prove(&r).findings, 0);
  rotation_end(&r);
}

UNIT_TESTS(reseal) = {
    cmocka_unit_test(rotates_under_writers),
    cmocka_unit_test(stops_at_a_broken_cell_and_goes_on),
};
UNIT_COUNT(reseal);
