/* How long does a search take among 200,000 rows, beside LIKE '%...%' on the same rows in the same run?
 *
 *   bench_search [DATABASE]      a file that is made and goes away, or an empty PostgreSQL database
 *
 * Rows are sentences of common words; the words asked for are frequent, rare, a phrase, a single character and one that
 * is not there. Prints the median of the turns for the first 20 rows. The bar: under 5 ms, or ten times as fast as LIKE.
 * Exit 1 when it is missed. */
#include "store/search.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "folder.h"
#include "store/store.h"

enum { ROWS = 200000, AN_ACT = 2000, TURNS = 15, WORDS = 24, BAR_US = 5000, RATIO = 10 };

static const char *const words[WORDS] = {"教育", "学校", "建设", "推进", "教师", "学生", "管理", "发展",
                                         "质量", "评价", "改革", "安全", "服务", "课程", "培训", "完善",
                                         "机制", "督导", "资助", "营养", "体育", "艺术", "心理", "健康"};
static const struct {
  const char *says, *word;
} questions[] = {{"frequent word", "教育"}, {"rare word", "戏曲"},      {"phrase", "推进学校"},
                 {"character", "督"},       {"two words", "戏曲 教育"}, {"not there", "航天"}};

static void give_up(const struct err *e) {
  AUTO_ARENA say = {0};
  fprintf(stderr, STRF "\n", STRA(err_says(&say, LANG_EN, e)));
  exit(2);
}

struct filler {
  struct arena mem;
  int from;
  uint64_t state;
};
static unsigned roll(struct filler *f, unsigned sides) {
  f->state = f->state * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(f->state >> 33) % sides;
}
static struct str sentence(struct filler *f, int count) {
  struct str out = STR("");
  for (int i = 0; i < count; i++) {
    /* the first words of the list are the frequent ones */
    const unsigned at = roll(f, 2) ? roll(f, 4) : roll(f, WORDS);
    out = str_fmt(&f->mem, STRF "%s%s", STRA(out), words[at], i % 4 == 3 ? "，" : "");
  }
  return out;
}
static bool fill(struct store *tx, void *arg, struct err *e) {
  struct filler *f = arg;
  struct search_row *rows = arena_new_n(&f->mem, struct search_row, AN_ACT);
  const struct str prefix = str_fmt(&f->mem, "p%d/", f->from);
  for (int i = 0; i < AN_ACT; i++) {
    const struct str rare = (f->from + i) % 10000 == 77 ? STR("戏曲") : STR("");
    rows[i] = (struct search_row){STR("item"), str_fmt(&f->mem, STRF "%d", STRA(prefix), i), STR("u"), sentence(f, 4),
                                  str_join(&f->mem, sentence(f, 12), rare)};
  }
  return search_put_all(tx, STR("item"), prefix, rows, AN_ACT, e);
}

static int by_size(const void *a, const void *b) {
  const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
  return (x > y) - (x < y);
}
static int64_t median(int64_t *times) {
  qsort(times, TURNS, sizeof *times, by_size);
  return times[TURNS / 2];
}

static size_t ask(struct store *st, const char *word) {
  AUTO_ARENA mem = {0};
  struct err e = {0};
  struct search_hits hits;
  AUTO_READ *r = store_read_begin(st, &e);
  if (!r || !search_find(r, &mem, &(struct search_question){.words = str_of(word), .most = 20}, &hits, &e)) give_up(&e);
  return hits.rows.len;
}
/* LIKE as somebody without an index would ask it. */
struct plain {
  sqlite3 *db;
  PGconn *pg;
};
static size_t like(const struct plain *p, const char *word) {
  AUTO_ARENA mem = {0};
  struct str where = STR("");
  size_t n = 0;
  struct str rest = str_of(word), one;
  while (rest.len) {
    if (!str_cut(rest, STR(" "), &one, &rest)) one = rest, rest.len = 0;
    where = str_fmt(&mem, STRF " AND (title LIKE '%%" STRF "%%' OR body LIKE '%%" STRF "%%')", STRA(where), STRA(one),
                    STRA(one));
  }
  const struct str sql = str_fmt(&mem,
                                 "SELECT doc, kind, id, unit, title, body FROM search_row WHERE tenant = 'local'" STRF
                                 " ORDER BY doc DESC LIMIT 20",
                                 STRA(where));
  if (p->pg) {
    PGresult *r = PQexec(p->pg, sql.at);
    n = (size_t)PQntuples(r);
    PQclear(r);
    return n;
  }
  sqlite3_stmt *q = NULL;
  (void)sqlite3_prepare_v2(p->db, sql.at, -1, &q, NULL);
  while (sqlite3_step(q) == SQLITE_ROW) n++;
  (void)sqlite3_finalize(q);
  return n;
}
static bool compare(struct store *st, const struct plain *p) {
  bool ok = true;
  printf("%-16s %10s %10s %6s\n", "", "search us", "LIKE us", "rows");
  for (size_t i = 0; i < COUNT_OF(questions); i++) {
    int64_t ours[TURNS], theirs[TURNS];
    size_t rows = 0, same = 0;
    for (int t = 0; t < TURNS; t++) {
      const int64_t a = clock_steady_us();
      rows = ask(st, questions[i].word);
      const int64_t b = clock_steady_us();
      same = like(p, questions[i].word);
      ours[t] = b - a;
      theirs[t] = clock_steady_us() - b;
    }
    const int64_t us = median(ours), other = median(theirs);
    const bool good = rows == same && (us < BAR_US || us < other / RATIO);
    printf("%-16s %10lld %10lld %6zu %s\n", questions[i].says, (long long)us, (long long)other, rows,
           good ? "" : "MISSED");
    ok = ok && good;
  }
  return ok;
}

int main(int argc, char **argv) {
  struct bench_folder own;
  struct store *st = NULL;
  struct err e = {0};
  struct plain p = {0};
  struct filler f = {.state = 20260520};
  if (!bench_folder_make(&own)) return 2;
  const struct str where = str_of(argc > 1 ? argv[1] : own.file);
  if (!store_open(where, NULL, &st, &e)) give_up(&e);
  const int64_t began = clock_steady_us();
  for (; f.from < ROWS; f.from += AN_ACT) {
    if (!store_write(st, fill, &f, &e)) give_up(&e);
    arena_drop(&f.mem);
    f.mem = (struct arena){0};
  }
  const int64_t us = clock_steady_us() - began;
  if (argc > 1) p.pg = PQconnectdb(argv[1]);
  else (void)sqlite3_open(own.file, &p.db);
  if (p.pg) PQclear(PQexec(p.pg, "ANALYZE"));
  printf("%s: %d rows put in %.1f s\n", store_engine(st), ROWS, (double)us / 1e6);
  const bool ok = compare(st, &p);
  PQfinish(p.pg);
  (void)sqlite3_close(p.db);
  store_close(st);
  bench_folder_drop(&own);
  return ok ? 0 : 1;
}
