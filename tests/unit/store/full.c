/* A file that may not grow any more, as on a full disk: who is not kept is told so, who was kept stays, readers go on, and
 * once there is room again so do writers. Of files only: a full disk of PostgreSQL is its own server's. */
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

#include "scratch.h"
#include "store/replay.h"
#include "store/search.h"

enum { WRITERS = 16, ROOM = 2 << 20 };

struct writer {
  struct store *st;
  int number, kept, refused, wrong;
  bool stop_when_full;
};
struct one {
  struct arena mem;
  struct str id;
};
static bool write_one(struct store *tx, void *arg, struct err *e) {
  struct one *o = arg;
  struct event ev = {.at_us = 1780000000000000,
                     .valid = STR(""),
                     .actor = STR("甲"),
                     .record = STR("try"),
                     .id = o->id,
                     .act = STR("add"),
                     .from = STR(""),
                     .to = STR("")};
  char *bulk = arena_take(&o->mem, 4000);
  memset(bulk, 'x', 4000);
  event_add(&ev, STR("bulk"), (struct str){bulk, 4000});
  TRY(event_append(tx, &o->mem, &ev, NULL, e));
  const struct search_row row = {STR("try"), o->id, STR(""), STR("新建学校"), STR("")};
  TRY(search_put(tx, &row, e));
  return sql_setting_add(tx, &(struct sql_setting_add_in){STORE_TENANT, o->id, STR("x")}, NULL, e);
}
static void *write_many(void *arg) {
  struct writer *w = arg;
  for (int i = 0; i < 60 && !(w->stop_when_full && w->refused); i++) {
    struct one o = {0};
    struct err e = {0};
    o.id = str_fmt(&o.mem, "w%d.%d.%d", w->number, w->stop_when_full, i);
    if (store_write(w->st, write_one, &o, &e)) w->kept++;
    else w->refused++;
    if (e.code && (e.code != ERR_STORE || !e.msg)) w->wrong++;
    arena_drop(&o.mem);
  }
  return NULL;
}
static int64_t run(struct store *st, bool full, int64_t *out_refused) {
  pthread_t threads[WRITERS];
  struct writer all[WRITERS];
  int64_t kept = 0;
  *out_refused = 0;
  for (int i = 0; i < WRITERS; i++) {
    all[i] = (struct writer){.st = st, .number = i, .stop_when_full = full};
    assert_int_equal(pthread_create(&threads[i], NULL, write_many, &all[i]), 0);
  }
  for (int i = 0; i < WRITERS; i++) {
    (void)pthread_join(threads[i], NULL);
    assert_int_equal(all[i].wrong, 0);
    kept += all[i].kept;
    *out_refused += all[i].refused;
  }
  return kept;
}
static void holds(struct store *st, struct scratch *s, int64_t kept) {
  struct err e = {0};
  struct event_proof proof;
  struct search_state search;
  struct journal_state journal;
  AUTO_READ *r = store_read_begin(st, &e);
  assert_true(r && event_verify(r, &s->mem, &proof, &e) && search_check(r, &search, &e));
  assert_true(store_journal_check(r, &journal, &e));
  assert_int_equal(proof.broken, 0);
  assert_int_equal(proof.events, kept);
  assert_true(search.rows == kept && search.indexed == kept && !search.lost);
  assert_null(journal.wrong);
  store_read_end(&r);
  assert_int_equal(scratch_sql(s, "SELECT count(*) FROM setting WHERE name NOT LIKE 'journal.%'"), kept);
}

static void a_full_disk_loses_nothing(void **state) {
  (void)state;
  struct scratch s;
  struct rlimit before, small;
  int64_t refused = 0;
  if (scratch_cluster) return;
  scratch_begin(&s);
  struct store *st = scratch_open(&s, NULL);
  void (*was)(int) = signal(SIGXFSZ, SIG_IGN);
  assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
  small = (struct rlimit){ROOM, before.rlim_max};
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
  int64_t kept = run(st, true, &refused);
  assert_true(kept > 0 && refused > 0);
  holds(st, &s, kept);
  assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
  kept += run(st, false, &refused); /* there is room again */
  assert_int_equal(refused, 0);
  holds(st, &s, kept);
  store_close(st);
  st = scratch_open(&s, NULL);
  holds(st, &s, kept);
  store_close(st);
  (void)signal(SIGXFSZ, was);
  scratch_end(&s);
}

UNIT_TESTS(full) = {
    cmocka_unit_test(a_full_disk_loses_nothing),
};
UNIT_COUNT(full);
