/* The anchor of the day as a server makes it: none on the first day, one on each later one however often and from however many
 * servers it is asked for, and the chain holds. Moments are given, not waited for. */
#include "store/anchor.h"

#include <pthread.h>

#include "scratch.h"

enum { SERVERS = 4, DAYS = 5 };
static const int64_t noon = 1780027200000000, day_us = 86400000000; /* 2026-05-29 at 12:00, +08:00 */

static bool append(struct store *tx, void *arg, struct err *e) {
  AUTO_ARENA mem = {0};
  const struct event ev = {.at_us = *(const int64_t *)arg,
                           .valid = STR(""),
                           .actor = STR("甲"),
                           .record = STR("plan"),
                           .id = STR("p"),
                           .act = STR("try"),
                           .from = STR(""),
                           .to = STR("")};
  return event_append(tx, &mem, &ev, NULL, e);
}
static bool ask(struct store *st, struct arena *mem, int64_t now_us, struct anchor *out) {
  const struct anchor_order order = {STR("乙"), STR(""), now_us};
  struct err e = {0};
  bool is_new = false;
  if (!anchor_daily(st, mem, &order, out, &is_new, &e)) fail_msg(STRF, STRA(err_says(mem, LANG_EN, &e)));
  return is_new;
}

static void begins_on_the_second_day(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  struct anchor a = {0};
  int64_t at = noon;
  const int64_t midnight = noon + day_us / 2;
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL);
  assert_false(ask(st, &s.mem, noon, &a)); /* no event at all */
  assert_true(store_write(st, append, &at, &e));
  assert_false(ask(st, &s.mem, noon + 60, &a));
  assert_false(ask(st, &s.mem, midnight - 1, &a));
  assert_true(ask(st, &s.mem, midnight, &a));
  assert_true(str_eqz(a.day, "2026-05-30") && a.seq == 1 && a.made == 2);
  assert_false(ask(st, &s.mem, midnight + 1, &a));
  assert_false(ask(st, &s.mem, midnight + day_us - 1, &a));
  assert_true(str_eqz(a.day, "2026-05-30") && a.made == 2); /* what stands is given */
  assert_true(ask(st, &s.mem, midnight + day_us, &a));
  store_close(st);
  scratch_end(&s);
}

struct server {
  struct scratch *s;
  struct store *st;
  int64_t now_us;
  int made;
};
static void *run(void *arg) {
  struct server *v = arg;
  AUTO_ARENA mem = {0};
  struct anchor a = {0};
  for (int i = 0; i < 3; i++) v->made += ask(v->st, &mem, v->now_us + i, &a);
  return NULL;
}
/* An SQLite file has one server, whose threads stand for several; on PostgreSQL each has its own. */
static void one_of_several_makes_it(void **state) {
  (void)state;
  struct scratch s;
  struct err e = {0};
  int64_t at = noon;
  struct server servers[SERVERS];
  scratch_begin(&s);
  for (int i = 0; i < SERVERS; i++)
    servers[i] = (struct server){.s = &s, .st = i && !scratch_cluster ? servers[0].st : scratch_open(&s, NULL)};
  assert_true(store_write(servers[0].st, append, &at, &e));
  for (int day = 1; day <= DAYS; day++) {
    pthread_t threads[SERVERS];
    int made = 0;
    for (int i = 0; i < SERVERS; i++) {
      servers[i].now_us = noon + day * day_us;
      servers[i].made = 0;
      assert_int_equal(pthread_create(&threads[i], NULL, run, &servers[i]), 0);
    }
    for (int i = 0; i < SERVERS; i++) {
      (void)pthread_join(threads[i], NULL);
      made += servers[i].made;
    }
    assert_int_equal(made, 1);
  }
  struct event_proof p = {0};
  AUTO_READ *r = store_read_begin(servers[0].st, &e);
  assert_true(r && event_verify(r, &s.mem, &p, &e));
  assert_int_equal(p.findings, 0);
  assert_int_equal(p.anchors, DAYS);
  assert_int_equal(p.events, 1 + DAYS);
  store_read_end(&r);
  for (int i = 0; i < (scratch_cluster ? SERVERS : 1); i++) store_close(servers[i].st);
  scratch_end(&s);
}

UNIT_TESTS(anchor) = {
    cmocka_unit_test(begins_on_the_second_day),
    cmocka_unit_test(one_of_several_makes_it),
};
UNIT_COUNT(anchor);
