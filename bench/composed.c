/* What does a statement cost that was put together while the program runs, beside one that was compiled with it? A record
 * is created as the runtime of declarations does it: an event with three values and one row, once by the generated insert
 * of the widest table (24 columns, 18 values), once by the same insert composed anew for each act.
 *
 *   bench_composed [DATABASE]      a file that is made and goes away, or an empty PostgreSQL database
 *
 * In turns in one run, 64 writers, in processor time of the whole program for each act: what the disk and others on the
 * machine take is no part of it. Bar: the composed one takes at most 1.1 times as long. Exit 1 when it is missed. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "folder.h"
#include "sql.h"
#include "store/compose.h"
#include "store/event.h"
#include "store/store.h"

enum { WRITERS = 64, TURNS = 9, TURN_US = 1000000 };

struct writer {
  struct store *st;
  store_act act;
  int number, turn;
  int64_t until, done;
};
struct create {
  struct arena mem;
  struct str id;
};
static bool append(struct store *tx, struct create *c, struct err *e) {
  struct event ev = {.at_us = 1780000000000000,
                     .valid = STR("2026-05-20"),
                     .actor = STR("甲"),
                     .record = STR("pairs.visit"),
                     .id = c->id,
                     .act = STR("create"),
                     .from = STR(""),
                     .to = STR("open")};
  event_add(&ev, STR("title"), STR("推进学校建设。新建学校41所。"));
  event_add(&ev, STR("unit"), STR("发展规划与财务处"));
  event_add(&ev, STR("due"), STR("2026-12-31"));
  return event_append(tx, &c->mem, &ev, NULL, e);
}
static bool generated(struct store *tx, void *arg, struct err *e) {
  struct create *c = arg;
  const struct sql_plan_insert_in in = {.tenant = STORE_TENANT,
                                        .id = c->id,
                                        .unit = STR("u"),
                                        .title = STR("推进学校建设"),
                                        .issuer = STR("云岚市教育局"),
                                        .number = STR(""),
                                        .year = 2026,
                                        .level = STR("city"),
                                        .name = STR("a.docx"),
                                        .container = STR("docx"),
                                        .file = STR("f"),
                                        .size = 4711,
                                        .at_us = 1780000000000000,
                                        .search = STR("推进学校建设")};
  return append(tx, c, e) && sql_plan_insert(tx, &in, NULL, e);
}
/* The same columns in the same order; what the generated statement says by a word is said by it here, too. */
static const struct {
  const char *name, *word; /* word NULL: a value */
} columns[] = {{"tenant", NULL},     {"id", NULL},         {"unit", NULL},      {"title", NULL}, {"issuer", NULL},
               {"number", NULL},     {"year", NULL},       {"level", NULL},     {"name", NULL},  {"container", NULL},
               {"file", NULL},       {"size", NULL},       {"draft", "1"},      {"voided", "0"}, {"accepted_all", "0"},
               {"created_us", NULL}, {"updated_us", NULL}, {"rev", "1"},        {"items", NULL}, {"accepted", "0"},
               {"errors", NULL},     {"doubts", NULL},     {"documents", NULL}, {"search", NULL}};
static bool composed(struct store *tx, void *arg, struct err *e) {
  struct create *c = arg;
  const struct store_value values[] = {store_text(STORE_TENANT),
                                       store_text(c->id),
                                       store_text(STR("u")),
                                       store_text(STR("推进学校建设")),
                                       store_text(STR("云岚市教育局")),
                                       store_text(STR("")),
                                       store_number(2026),
                                       store_text(STR("city")),
                                       store_text(STR("a.docx")),
                                       store_text(STR("docx")),
                                       store_text(STR("f")),
                                       store_number(4711),
                                       store_number(1780000000000000),
                                       store_number(1780000000000000),
                                       store_number(0),
                                       store_number(0),
                                       store_number(0),
                                       store_number(0),
                                       store_text(STR("推进学校建设"))};
  size_t next = 0;
  AUTO_COMPOSE q = COMPOSE(&c->mem);
  compose_z(&q, "INSERT INTO ");
  compose_name(&q, STR("plan"));
  for (size_t i = 0; i < COUNT_OF(columns); i++) {
    compose_z(&q, i ? ", " : " (");
    compose_name(&q, str_of(columns[i].name));
  }
  for (size_t i = 0; i < COUNT_OF(columns); i++) {
    compose_z(&q, i ? ", " : ") VALUES (");
    if (columns[i].word) compose_z(&q, columns[i].word);
    else (void)compose_value(&q, values[next++]);
  }
  compose_z(&q, ")");
  return append(tx, c, e) && compose_run(&q, tx, NULL, e);
}
static void *write_until(void *arg) {
  struct writer *w = arg;
  for (; clock_steady_us() < w->until; w->done++) {
    struct create c = {0};
    struct err e = {0};
    c.id = str_fmt(&c.mem, "t%d.%d.%lld", w->turn, w->number, (long long)w->done);
    if (!store_write(w->st, w->act, &c, &e)) {
      fprintf(stderr, STRF "\n", STRA(err_says(&c.mem, LANG_EN, &e)));
      exit(2);
    }
    arena_drop(&c.mem);
  }
  return NULL;
}
static double processor_us(void) {
  struct timespec t;
  (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}
/* Microseconds an act. */
static double run(struct store *st, store_act act) {
  static int turn;
  pthread_t threads[WRITERS];
  struct writer all[WRITERS];
  int64_t done = 0;
  const int64_t began = clock_steady_us();
  const double before = processor_us();
  turn++;
  for (int i = 0; i < WRITERS; i++) {
    all[i] = (struct writer){st, act, i, turn, began + TURN_US, 0};
    if (pthread_create(&threads[i], NULL, write_until, &all[i])) exit(2);
  }
  for (int i = 0; i < WRITERS; i++) {
    (void)pthread_join(threads[i], NULL);
    done += all[i].done;
  }
  return (processor_us() - before) / (double)done;
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
  double by_program[TURNS], by_text[TURNS], ratio[TURNS];
  if (!bench_folder_make(&own)) return 2;
  if (!store_open(str_of(argc > 1 ? argv[1] : own.file), NULL, &st, &e)) return 2;
  (void)run(st, generated);
  for (int t = 0; t < TURNS; t++) { /* who is first changes: the table grows */
    if (t % 2) by_text[t] = run(st, composed);
    by_program[t] = run(st, generated);
    if (t % 2 == 0) by_text[t] = run(st, composed);
    ratio[t] = by_text[t] / by_program[t];
  }
  const double got = median(ratio);
  printf("%s, %d writers: %.0f us an act by composed statements, %.0f by generated ones (ratio %.2f)\n",
         store_engine(st), WRITERS, median(by_text), median(by_program), got);
  if (got > 1.1) printf("MISSED\n");
  store_close(st);
  bench_folder_drop(&own);
  return got <= 1.1 ? 0 : 1;
}
