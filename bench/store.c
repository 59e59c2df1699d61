/* How many durable creates a second does the store take from 64 writers, what does the journal cost, and what is gained
 * over a commit for each create? A create is an event with three values (chain, SM3) and a row.
 *
 *   bench_store [DATABASE]      a file that is made and goes away, or an empty PostgreSQL database
 *
 * In turns in one run: with the journal, without it, and one writer alone (a sync for each create: what a store without
 * group commit gives to any number of writers). Bars: with the journal at least 0.6 of without; 64 writers at least 5
 * times one writer. Exit 1 when one is missed. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "folder.h"
#include "sql.h"
#include "store/event.h"
#include "store/session.h"

enum { WRITERS = 64, TURNS = 5, TURN_US = 1500000 };

struct writer {
  struct store *st;
  bool noted;
  int number, turn;
  int64_t until, done;
};
struct create {
  struct arena mem;
  struct str id;
};
static bool create(struct store *tx, void *arg, struct err *e) {
  struct create *c = arg;
  struct event ev = {.at_us = 1780000000000000,
                     .valid = STR("2026-05-20"),
                     .actor = STR("甲"),
                     .record = STR("task"),
                     .id = c->id,
                     .act = STR("create"),
                     .from = STR(""),
                     .to = STR("open")};
  event_add(&ev, STR("title"), STR("推进学校建设。新建学校41所。"));
  event_add(&ev, STR("unit"), STR("发展规划与财务处"));
  event_add(&ev, STR("due"), STR("2026-12-31"));
  TRY(event_append(tx, &c->mem, &ev, NULL, e));
  return sql_setting_add(tx, &(struct sql_setting_add_in){STORE_TENANT, c->id, STR("推进学校建设。新建学校41所。")},
                         NULL, e);
}
static void *write_until(void *arg) {
  struct writer *w = arg;
  for (; clock_steady_us() < w->until; w->done++) {
    struct create c = {0};
    struct err e = {0};
    c.id = str_fmt(&c.mem, "t%d.%d.%lld", w->turn, w->number, (long long)w->done);
    const bool ok = w->noted ? store_write(w->st, create, &c, &e) : store_write_unnoted(w->st, create, &c, &e);
    if (!ok) {
      fprintf(stderr, STRF "\n", STRA(err_says(&c.mem, LANG_EN, &e)));
      exit(2);
    }
    arena_drop(&c.mem);
  }
  return NULL;
}
/* Creates a second. */
static double run(struct store *st, int writers, bool noted, double *out_group) {
  static int turn;
  pthread_t threads[WRITERS];
  struct writer all[WRITERS];
  int64_t done = 0;
  const int64_t began = clock_steady_us(), commits = store_commits(st);
  turn++;
  for (int i = 0; i < writers; i++) {
    all[i] = (struct writer){st, noted, i, turn, began + TURN_US, 0};
    if (pthread_create(&threads[i], NULL, write_until, &all[i])) exit(2);
  }
  for (int i = 0; i < writers; i++) {
    (void)pthread_join(threads[i], NULL);
    done += all[i].done;
  }
  *out_group = (double)done / (double)(store_commits(st) - commits);
  return (double)done * 1e6 / (double)(clock_steady_us() - began);
}
static int by_size(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}
static double median(double *all) {
  qsort(all, TURNS, sizeof *all, by_size);
  return all[TURNS / 2];
}

int main(int argc, char **argv) {
  struct bench_folder own;
  struct store *st = NULL;
  struct err e = {0};
  double with[TURNS], without[TURNS], alone[TURNS], cost[TURNS], gain[TURNS], group = 0, ignored = 0;
  if (!bench_folder_make(&own)) return 2;
  if (!store_open(str_of(argc > 1 ? argv[1] : own.file), NULL, &st, &e)) return 2;
  for (int t = 0; t < TURNS; t++) {
    with[t] = run(st, WRITERS, true, &group);
    without[t] = run(st, WRITERS, false, &ignored);
    alone[t] = run(st, 1, true, &ignored);
    cost[t] = with[t] / without[t];
    gain[t] = with[t] / alone[t];
  }
  const double costs = median(cost), gains = median(gain);
  printf(
      "%s, %d writers: %.0f creates/s, %.0f without the journal (ratio %.2f), %.0f a commit; one writer %.0f/s (x "
      "%.1f)\n",
      store_engine(st), WRITERS, median(with), median(without), costs, group, median(alone), gains);
  const bool ok = costs >= 0.6 && gains >= 5;
  if (!ok) printf("MISSED\n");
  store_close(st);
  bench_folder_drop(&own);
  return ok ? 0 : 1;
}
