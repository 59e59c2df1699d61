/* Does whoever sees few of many plans get a page of the list as quickly as whoever sees them all? 20,000 plans of a thousand
 * schools on both engines: a page of 50 in two orders, its last page, and the count, for a person at the top, one of a
 * district and one of a school with 20 plans, the oldest of all.
 *
 *   bench_lists                PostgreSQL too when GANGMU_TEST_PG names a cluster (bench/with_postgres.py starts one).
 *
 * Bar: a page under 5 ms, and a count of few, too. The least of some turns. Exit 1 when it is missed. */
#include "app/plans.h"
#include "base/clock.h"
#include "folder.h"
#include "place.h"
#include "sql.h"
#include "store/list.h"
#include "store/store.h"
#include "store/unit_path.h"

enum { TURNS = 21, PAGE = 51, DISTRICTS = 20 };
static const double page_bar_ms = 5;
static const int64_t now_us = INT64_C(1795312800000000);

static const char *const fill_rows[] = {
    "INSERT INTO unit (tenant, id, name, kind, parent) VALUES ('local', 'root', 'root', 'bureau', NULL)",
    "INSERT INTO unit (tenant, id, name, kind, parent) WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n "
    "WHERE i < 19) SELECT 'local', 'd' || i, 'd' || i, 'district', 'root' FROM n",
    "INSERT INTO unit (tenant, id, name, kind, parent) WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n "
    "WHERE i < 999) SELECT 'local', 's' || i, 's' || i, 'school', 'd' || (i % 20) FROM n",
    "INSERT INTO person (tenant, id, name, created_us, updated_us, rev) SELECT 'local', 'p' || id, id, 1, 1, 1 FROM "
    "unit",
    "INSERT INTO post (tenant, id, person, unit, role, title, from_day, until_day) SELECT 'local', 'h' || id, 'p' || "
    "id, "
    "id, CASE kind WHEN 'school' THEN 'school_head' ELSE 'leader' END, '', '2020-01-01', '9999-12-31' FROM unit",
    /* a school's plans one after the other, its first school's the oldest */
    "INSERT INTO plan (tenant, id, unit, title, issuer, number, year, level, name, container, file, size, draft, "
    "voided, "
    "accepted_all, created_us, updated_us, rev, items, accepted, errors, doubts, documents, search) WITH RECURSIVE n "
    "(i) "
    "AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 19999) SELECT 'local', 'k' || (100000 + i), 's' || (i / 20), "
    "'plan ' || i * 7919 % 20000, 'issuer', '', 2010 + i % 17, 'school', 'name', 'docx', 'file', 1000, 1, 0, i % 2, "
    "1000 "
    "+ i, 1000 + i, 1, 10, 5, 0, 0, 0, 'plan ' || i FROM n",
};

static bool refresh(struct store *tx, void *arg, struct err *e) { return unit_path_refresh(tx, arg, now_us, e); }
static void say(struct arena *mem, const struct err *e) {
  printf(STRF "\n", STRA(err_says(mem, LANG_EN, e)));
  exit(2);
}
static void fill(struct bench_place *p, struct arena *mem) {
  struct store *st = NULL;
  struct err e = {0};
  if (!store_open(p->where, NULL, &st, &e)) say(mem, &e);
  store_close(st);
  bench_open(p, mem);
  for (size_t i = 0; i < COUNT_OF(fill_rows); i++) must_run(p, fill_rows[i]);
  if (!store_open(p->where, NULL, &st, &e) || !store_write(st, refresh, mem, &e)) say(mem, &e);
  store_close(st);
  if (p->pg) must_run(p, "VACUUM ANALYZE");
  bench_close(p);
}

struct asked {
  const char *name;
  int sort;
  bool falling, last;
};
static const struct asked pages[] = {{"newest", SQL_plan_list_created_us, true, false},
                                     {"by title", SQL_plan_list_title, false, false},
                                     {"last by year", SQL_plan_list_year, true, true}};

static double page_ms(struct store *r, const struct who *w, const struct asked *a, size_t *out_n) {
  double low = 1e9;
  for (int i = 0; i < TURNS; i++) {
    AUTO_ARENA mem = {0};
    struct err e = {0};
    list_rows rows = {0};
    const struct store_value fixed[] = {store_text(STORE_TENANT)};
    struct list_query q = {.fixed = fixed, .sort = a->sort, .id = SQL_plan_list_id, .falling = a->falling};
    q.has_key = q.backward = a->last;
    q.key = store_number(0);
    q.key_id = store_text(STR(""));
    q.scope = plans_scope(&mem, w);
    const int64_t began = clock_steady_us();
    if (!store_list_rows(r, &mem, &sql_plan_list, &q, PAGE, &rows, &e)) say(&mem, &e);
    const double ms = (double)(clock_steady_us() - began) / 1000;
    low = ms < low ? ms : low;
    *out_n = rows.len;
  }
  return low;
}
static double count_ms(struct store *r, const struct who *w, int64_t *out_n) {
  double low = 1e9;
  for (int i = 0; i < TURNS; i++) {
    AUTO_ARENA mem = {0};
    struct err e = {0};
    const struct store_value fixed[] = {store_text(STORE_TENANT)};
    const struct list_query q = {
        .fixed = fixed, .sort = SQL_plan_list_year, .id = SQL_plan_list_id, .scope = plans_scope(&mem, w)};
    const int64_t began = clock_steady_us();
    if (!store_list_count(r, &mem, &sql_plan_list, &q, 10001, out_n, &e)) say(&mem, &e);
    const double ms = (double)(clock_steady_us() - began) / 1000;
    low = ms < low ? ms : low;
  }
  return low;
}
static bool measure(const struct bench_place *p) {
  static const char *const persons[] = {"proot", "pd7", "ps0"};
  AUTO_ARENA mem = {0};
  struct store *st = NULL;
  struct err e = {0};
  bool good = true;
  if (!store_open(p->where, &(struct store_options){.readers = 1}, &st, &e)) say(&mem, &e);
  AUTO_READ *r = store_read_begin(st, &e);
  for (size_t i = 0; i < COUNT_OF(persons); i++) {
    struct who w = {.person = str_of(persons[i])};
    int64_t n = 0;
    if (!r || !who_load(r, &mem, now_us, &w, &e)) say(&mem, &e);
    const double counted = count_ms(r, &w, &n);
    const bool few = n <= LIST_FEW_ALL;
    printf("%s: sees %lld%s; counted in %.3f ms\n", store_engine(st), (long long)n, n > 10000 ? " and more" : "",
           counted);
    good &= !few || counted < page_bar_ms;
    for (size_t k = 0; k < COUNT_OF(pages); k++) {
      size_t rows = 0;
      const double ms = page_ms(r, &w, &pages[k], &rows);
      good &= ms < page_bar_ms;
      printf("  %-14s %3zu rows %8.3f ms  %s\n", pages[k].name, rows, ms, ms < page_bar_ms ? "ok" : "MISSED");
    }
  }
  store_read_end(&r);
  store_close(st);
  return good;
}

int main(void) {
  AUTO_ARENA mem = {0};
  const char *url = getenv("GANGMU_TEST_PG");
  struct bench_folder own;
  if (!bench_folder_make(&own)) return 2;
  struct bench_place lite = {.where = str_of(own.file)};
  fill(&lite, &mem);
  bool good = measure(&lite);
  bench_folder_drop(&own);
  if (url && *url) {
    struct bench_place pg = {.url = url, .where = str_of(url)};
    fill(&pg, &mem);
    good &= measure(&pg);
  }
  printf("bar: a page of the list, and a count of few, under %.0f ms: %s\n", page_bar_ms, good ? "held" : "missed");
  return good ? 0 : 1;
}
