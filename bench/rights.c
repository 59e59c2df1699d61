/* Is what a person may see found fast, whatever the scope? A million records of six thousand units on both engines; for
 * every scope word and the bad cases of each: a list of 50, one check, a bounded count, beside the same question without
 * any scope in the same run.
 *
 *   bench_rights [ROWS [FILE [WORD]]]    PostgreSQL too when GANGMU_TEST_PG names a cluster (bench/with_postgres.py starts
 *                                        one). FILE is filled and left, as is the cluster; a FILE that is there is
 *                                        measured as it is. WORD: only questions that have it in their name.
 *
 * Bars: a list under 5 ms, a check under 50 µs; the least of some turns in rounds through all of them, so that the machine's
 * other work does not count. Exit 1 when one is missed. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "engine/rights/rights_store.h"
#include "folder.h"
#include "place.h"
#include "store/store.h"
#include "store/unit_path.h"

enum {
  DISTRICTS = 20,
  SCHOOLS = 298,
  PERSONS = 20000,
  PUPILS = 100000,
  ROUNDS = 4,
  TURNS = 11,
  BATCHES = 12,
  CHECKS = 20,
  PAGE = 51,
  PIECE = 1 << 16
};
static const double list_bar_ms = 5, check_bar_us = 50;
static const int64_t now_us = INT64_C(1795312800000000);

static const char declaration[] =
    "system: bench\n"
    "roles:\n"
    "  chief: {sees: {thing: all}}\n"
    "  filtered: {sees: {thing: {scope: all, where: state != .draft}}}\n"
    "  district: {sees: {thing: below}}\n"
    "  narrowed: {sees: {thing: {scope: below, where: state != .draft}}}\n"
    "  school: {sees: {thing: unit}}\n"
    "  worker: {sees: {thing: mine}}\n"
    "  expert: {sees: {thing: asked}}\n"
    "  pupil: {sees: {thing: about}}\n"
    "records:\n"
    "  thing:\n"
    "    belongs: school\n"
    "    about: child\n"
    "    fields: {school: {is: unit, area: area}, child: {is: person}, title: {is: text}}\n";

/* ---- data ---- */

static int chance(struct bench_place *p, int most) {
  p->chance = p->chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return (int)((p->chance >> 33) % (uint64_t)most);
}
/* A row of table `into`: the values parted by tabs. SQLite gets it as INSERTs of many rows, PostgreSQL by COPY. */
static void flush(struct bench_place *p, const char *into) {
  if (!p->rows.len) return;
  if (p->pg) {
    if (PQputCopyData(p->pg, p->rows.at, (int)p->rows.len) != 1) printf("%s\n", PQerrorMessage(p->pg)), exit(2);
    buf_clear(&p->rows);
    return;
  }
  AUTO_BUF sql = BUF_MAX(4 * PIECE);
  buf_fmt(&sql, "INSERT INTO %s VALUES ('", into);
  for (size_t i = 0; i + 1 < p->rows.len; i++) {
    const char c = p->rows.at[i];
    if (c == '\t') buf_z(&sql, "','");
    else if (c == '\n') buf_z(&sql, "'),('");
    else buf_byte(&sql, c);
  }
  buf_add(&sql, "')", 3);
  must_run(p, sql.at);
  buf_clear(&p->rows);
}
static void table_begin(struct bench_place *p, const char *into) {
  AUTO_ARENA mem = {0};
  if (p->pg) {
    PGresult *r = PQexec(p->pg, str_fmt(&mem, "COPY %s FROM STDIN", into).at);
    PQclear(r);
  } else must_run(p, "BEGIN");
}
static void row_end(struct bench_place *p, const char *into) {
  buf_byte(&p->rows, '\n');
  if (p->rows.len > PIECE / 2) flush(p, into);
}
static void table_end(struct bench_place *p, const char *into) {
  flush(p, into);
  if (!p->pg) must_run(p, "COMMIT");
  else {
    if (PQputCopyEnd(p->pg, NULL) != 1) exit(2);
    for (PGresult *r; (r = PQgetResult(p->pg)); PQclear(r))
      if (PQresultStatus(r) != PGRES_COMMAND_OK) printf("%s\n", PQerrorMessage(p->pg)), exit(2);
  }
}
static void put_school(struct buf *b, int district, int school) {
  buf_fmt(b, "s%02d%03d000000000000", district, school);
}

static void fill_units(struct bench_place *p) {
  table_begin(p, "unit (tenant, id, name, kind, parent)");
  for (int d = -3; d < DISTRICTS; d++) {
    static const char *const tops[] = {"root", "halfA", "halfB"};
    if (d < 0 && d > -3) buf_fmt(&p->rows, "local\t%s\t%s\tbureau\troot", tops[-d], tops[-d]);
    else if (d == -3) buf_z(&p->rows, "local\troot\troot\tbureau\t");
    else buf_fmt(&p->rows, "local\td%02d\td%02d\tdistrict\t%s", d, d, d < DISTRICTS / 2 ? "halfA" : "halfB");
    row_end(p, "unit (tenant, id, name, kind, parent)");
    for (int s = 0; d >= 0 && s < SCHOOLS; s++) {
      buf_z(&p->rows, "local\t");
      put_school(&p->rows, d, s);
      buf_fmt(&p->rows, "\tschool %d %d\tschool\td%02d", d, s, d);
      row_end(p, "unit (tenant, id, name, kind, parent)");
    }
  }
  table_end(p, "unit (tenant, id, name, kind, parent)");
}
/* The school of row i, oldest first: 0 of district 0 has the first 100 rows (0.01 %), 1 the next thousand and none since;
 * district 5 has 1 %, the first half of the districts 50 %, all through; a busy school 10 %; districts 10 to 14 have the
 * older half of the rest, 15 to 19 the newer one. */
static int chance_district(struct bench_place *p, int i, int n, int kind, int *out_school) {
  *out_school = chance(p, SCHOOLS);
  if (kind < 1) return 5;
  if (kind < 11) *out_school = 0;
  if (kind < 11) return 1;
  if (kind >= 50) return (i < n / 4 * 3 ? 10 : 15) + chance(p, 5);
  *out_school = 2 + chance(p, SCHOOLS - 2);
  const int d = chance(p, 9);
  return d < 5 ? d : d + 1;
}
/* The school and the area, which is its district. */
static void put_place(struct bench_place *p, int i, int n) {
  const int kind = chance(p, 100), old = n / 10000;
  int school = i >= old, district = 0;
  if (i >= old + n / 1000) district = chance_district(p, i, n, kind, &school);
  put_school(&p->rows, district, school);
  buf_fmt(&p->rows, "\td%02d", district);
}
static void fill_things(struct bench_place *p, int n) {
  static const char *const states[] = {"draft", "open", "done"};
  table_begin(p, "bench_thing");
  for (int i = 0; i < n; i++) {
    buf_fmt(&p->rows, "local\t%012d%08x\t", i, (unsigned)chance(p, INT32_MAX));
    put_place(p, i, n);
    buf_fmt(&p->rows, "\t%s\t", states[chance(p, 3)]);
    if (i == 7 || i == n / 2) buf_z(&p->rows, "pfew");
    else if (i % 2) buf_z(&p->rows, "pmany");
    else buf_fmt(&p->rows, "p%05d", chance(p, PERSONS));
    if (i % 100 == 0) buf_z(&p->rows, "\tkmany");
    else buf_fmt(&p->rows, "\tk%05d", chance(p, PUPILS));
    buf_fmt(&p->rows, "\ttitle %d\t%0100d", i, i);
    row_end(p, "bench_thing");
  }
  table_end(p, "bench_thing");
}
/* Parties point at things by what is known of their ids: they are read back. */
static const char asked_rows[] =
    "INSERT INTO round_party (tenant, record, role, party, id) SELECT 'local', 'thing', '', 'pfew', id FROM "
    "bench_thing WHERE "
    "title IN ('title 3', 'title 500', 'title 77777');"
    "INSERT INTO round_party (tenant, record, role, party, id) SELECT 'local', 'thing', '', 'pmany', id FROM "
    "bench_thing WHERE "
    "title LIKE '%7';"
    "INSERT INTO round_party (tenant, record, role, party, id) SELECT 'local', 'thing', 'expert', 'd05', id FROM "
    "bench_thing "
    "WHERE title LIKE '%33';"
    "INSERT INTO guardian (tenant, id, person, pupil, kin, from_day, until_day) VALUES ('local', 'g1', 'pguard', "
    "'k00017', '', "
    "'2020-01-01', '9999-12-31'), ('local', 'g2', 'pguard', 'k04711', '', '2020-01-01', '9999-12-31');";

static bool refresh(struct store *tx, void *arg, struct err *e) { return unit_path_refresh(tx, arg, now_us, e); }
static void say(struct arena *mem, const struct err *e) {
  printf(STRF "\n", STRA(err_says(mem, LANG_EN, e)));
  exit(2);
}
static void fill(struct bench_place *p, struct arena *mem, int rows) {
  struct store *st = NULL;
  struct err e = {0};
  if (!store_open(p->where, NULL, &st, &e)) say(mem, &e);
  store_close(st);
  bench_open(p, mem);
  fill_units(p);
  const char *t = p->pg ? "text COLLATE \"C\" NOT NULL" : "TEXT NOT NULL";
  must_run(
      p,
      str_fmt(
          mem,
          "CREATE TABLE bench_thing (tenant %s, id %s, school %s, area %s, state %s, creator %s, child %s, title %s, "
          "body %s, PRIMARY KEY (tenant, id))%s",
          t, t, t, t, t, t, t, t, t, p->pg ? "" : " STRICT")
          .at);
  fill_things(p, rows);
  must_run(p, "UPDATE unit SET parent = NULL WHERE parent = ''");
  static const char *const columns[] = {"school", "area", "creator", "child"};
  for (size_t i = 0; i < COUNT_OF(columns); i++)
    must_run(p, str_fmt(mem, "CREATE INDEX bench_%s ON bench_thing (tenant, %s, id)", columns[i], columns[i]).at);
  must_run(p, asked_rows);
  if (p->pg) must_run(p, "ANALYZE");
  if (!store_open(p->where, NULL, &st, &e) || !store_write(st, refresh, mem, &e)) say(mem, &e);
  store_close(st);
  if (p->pg) must_run(p, "VACUUM ANALYZE");
  bench_close(p);
}

/* ---- questions ---- */

struct question {
  const char *name, *person, *role, *units[21];
};
#define SCHOOL(n) "s" n "000000000000"
static const struct question questions[] = {
    {"all", "x", "chief", {"root"}},
    {"all, where", "x", "filtered", {"root"}},
    {"below 100 %", "x", "district", {"root"}},
    {"below 50 %", "x", "district", {"halfA"}},
    {"below 50 %, where", "x", "narrowed", {"halfA"}},
    {"below 1 %", "x", "district", {"d05"}},
    {"below 0.01 %", "x", "district", {SCHOOL("00000")}},
    {"below, all rows old", "x", "district", {SCHOOL("00001")}},
    {"below, a district's rows old", "x", "district", {"d12"}},
    {"below, 5 districts' rows old", "x", "district", {"d10", "d11", "d12", "d13", "d14"}},
    {"below, 20 posts", "x", "district", {"d00", "d01", "d02", "d03", "d04", "d05", "d06", "d07", "d08", "d09",
                                          "d10", "d11", "d12", "d13", "d14", "d15", "d16", "d17", "d18", "d19"}},
    {"unit 10 %", "x", "school", {SCHOOL("01000")}},
    {"unit 0.01 %", "x", "school", {SCHOOL("00000")}},
    {"unit, 20 posts, old, busy", "x", "school", {SCHOOL("00000"), SCHOOL("00001"), SCHOOL("01000"), SCHOOL("02003"),
                                                  SCHOOL("02004"), SCHOOL("02005"), SCHOOL("03003"), SCHOOL("03004"),
                                                  SCHOOL("03005"), SCHOOL("04003"), SCHOOL("04004"), SCHOOL("04005"),
                                                  SCHOOL("10003"), SCHOOL("10004"), SCHOOL("10005"), SCHOOL("11003"),
                                                  SCHOOL("12004"), SCHOOL("13005"), SCHOOL("14003"), SCHOOL("17004")}},
    {"mine, 50 %", "pmany", "worker", {"d01"}},
    {"mine, two", "pfew", "worker", {"d01"}},
    {"mine, by two wards", "pguard", "worker", {"d01"}},
    {"asked, 10 %", "pmany", "expert", {"d01"}},
    {"asked, three", "pfew", "expert", {"d01"}},
    {"asked, a unit, 1 %", "x", "expert", {"d05"}},
    {"about, 1 %", "kmany", "pupil", {"d01"}},
    {"about, ten", "k00017", "pupil", {"d01"}},
    {"nothing", "x", "stranger", {"d01"}},
};

struct run {
  struct arena *mem;
  struct store *st;
  const struct rights_model *m;
  struct rights_row last;
};
static void person_of(struct run *r, const struct question *q, struct rights_person *p) {
  struct err e = {0};
  if (!rights_person_load(r->st, r->mem, r->m, STR("nobody"), now_us, p, &e)) say(r->mem, &e);
  p->id = str_of(q->person);
  for (int i = 0; q->units[i]; i++)
    vec_push(r->mem, &p->posts) = (struct rights_post){.role = str_of(q->role), .unit = str_of(q->units[i])};
}
static double least(const double *t, int n) {
  double low = t[0];
  for (int i = 1; i < n; i++)
    if (t[i] < low) low = t[i];
  return low;
}
static double list_ms(struct run *r, const struct rights_view *v, size_t *out_n) {
  static const struct str columns[] = {STR_INIT("school"), STR_INIT("state"), STR_INIT("creator"), STR_INIT("title")};
  const struct rights_list q = {.columns = columns, .types = "ssss", .most = PAGE};
  double t[TURNS];
  for (int i = 0; i < TURNS; i++) {
    AUTO_ARENA mem = {0};
    rights_rows rows = {0};
    struct err e = {0};
    const int64_t began = clock_steady_us();
    if (!rights_list(r->st, &mem, v, &q, &rows, &e)) say(r->mem, &e);
    t[i] = (double)(clock_steady_us() - began) / 1000;
    *out_n = rows.len;
  }
  return least(t, TURNS);
}
/* Ids from all over the first twenty thousand, seen and unseen. */
static double check_us(struct run *r, const struct rights_condition *c, const rights_rows *ids) {
  double t[BATCHES];
  for (int i = 0; i < BATCHES; i++) {
    AUTO_ARENA mem = {0};
    struct err e = {0};
    bool is = false;
    const int64_t began = clock_steady_us();
    for (size_t k = 0; k < CHECKS; k++) {
      const struct str id = ids->at[(k * BATCHES + (size_t)i) * ids->len / (BATCHES * CHECKS)].at[0].s;
      if (!rights_check(r->st, &mem, r->m->records.at, c, id, &is, &e)) say(r->mem, &e);
    }
    t[i] = (double)(clock_steady_us() - began) / CHECKS;
  }
  return least(t, BATCHES);
}
static double count_ms(struct run *r, const struct rights_view *v, int64_t *out_n) {
  double t[TURNS];
  for (int i = 0; i < TURNS; i++) {
    AUTO_ARENA mem = {0};
    struct err e = {0};
    const int64_t began = clock_steady_us();
    if (!rights_count(r->st, &mem, v, 1001, out_n, &e)) say(r->mem, &e);
    t[i] = (double)(clock_steady_us() - began) / 1000;
  }
  return least(t, TURNS);
}

/* The least of what was measured of a question. */
struct found {
  size_t rows;
  int64_t counted;
  double list, check, count;
};
static void take_least(double *io, double t) { *io = *io > 0 && *io < t ? *io : t; }
static void take_turn(struct run *r, const struct rights_view *v, const rights_rows *ids, struct found *io) {
  take_least(&io->list, list_ms(r, v, &io->rows));
  take_least(&io->check, check_us(r, &v->seen, ids));
  take_least(&io->count, count_ms(r, v, &io->counted));
}
/* In rounds through all questions: a moment in which the machine does something else falls on none of them alone. */
static void take_rounds(struct run *r, const struct str only, const rights_rows *ids, struct found *out) {
  struct found *bare = &out[COUNT_OF(questions)], *trip = &out[COUNT_OF(questions) + 1];
  const struct rights_view every = {.record = r->m->records.at, .seen = {.always = true, .sql = STR("1 = 1")}};
  const struct rights_condition nothing = {.sql = STR("1 = 0")};
  for (int round = 0; round < ROUNDS; round++) {
    take_turn(r, &every, ids, bare);
    take_least(&trip->check, check_us(r, &nothing, ids));
    for (size_t i = 0; i < COUNT_OF(questions); i++) {
      struct rights_person who;
      struct rights_view v;
      if (str_find(str_of(questions[i].name), only) == STR_NONE) continue;
      person_of(r, &questions[i], &who);
      rights_compile(r->mem, r->m, r->m->records.at, &who, &v);
      take_turn(r, &v, ids, &out[i]);
    }
  }
}
static bool measure(struct bench_place *p, const struct rights_model *m, struct str only) {
  AUTO_ARENA mem = {0};
  struct store *st = NULL;
  struct err e = {0};
  struct found found[COUNT_OF(questions) + 2] = {0};
  if (!store_open(p->where, &(struct store_options){.readers = 1}, &st, &e)) say(&mem, &e);
  AUTO_READ *reader = store_read_begin(st, &e);
  struct run r = {.mem = &mem, .st = reader, .m = m};
  rights_rows ids = {0};
  const struct rights_view every = {.record = m->records.at, .seen = {.always = true, .sql = STR("1 = 1")}};
  const struct rights_list all = {.types = "", .most = 20000};
  if (!reader || !rights_list(reader, &mem, &every, &all, &ids, &e)) say(&mem, &e);
  take_rounds(&r, only, &ids, found);
  const struct found *bare = &found[COUNT_OF(questions)];
  printf("%s: without scope: list %.3f ms, check %.1f us; an empty answer %.1f us\n", store_engine(st), bare->list,
         bare->check, bare[1].check);
  printf("%-30s %5s %10s %7s %10s %7s %9s %9s\n", "", "rows", "list ms", "ratio", "check us", "ratio", "count", "ms");
  bool good = true;
  for (size_t i = 0; i < COUNT_OF(questions); i++) {
    const struct found *f = &found[i];
    if (!(f->check > 0)) continue; /* not asked for */
    const bool ok = f->list < list_bar_ms && f->check < check_bar_us;
    printf("%-30s %5zu %10.3f %7.1f %10.1f %7.2f %9lld %9.3f  %s\n", questions[i].name, f->rows, f->list,
           f->list / bare->list, f->check, f->check / bare->check, (long long)f->counted, f->count,
           ok ? "ok" : "MISSED");
    good &= ok;
  }
  store_read_end(&reader);
  store_close(st);
  return good;
}

int main(int argc, char **argv) {
  AUTO_ARENA mem = {0};
  struct rights_model m;
  struct err e = {0};
  int64_t rows = 1000000;
  const char *url = getenv("GANGMU_TEST_PG");
  struct bench_folder own;
  if (argc > 1) (void)str_to_int(str_of(argv[1]), &rows);
  if (!bench_folder_make(&own) || !rights_read(&mem, STR("bench.yaml"), str_of(declaration), &m, &e)) say(&mem, &e);
  struct bench_place lite = {.where = str_of(own.file), .rows = BUF_MAX(4 * PIECE), .chance = 5};
  const bool kept = argc > 2 && !access(argv[2], R_OK);
  const struct str only = argc > 3 ? str_of(argv[3]) : STR("");
  if (argc > 2) lite.where = str_of(argv[2]);
  if (!kept) fill(&lite, &mem, (int)rows);
  bool good = measure(&lite, &m, only);
  bench_folder_drop(&own);
  if (url && *url) {
    struct bench_place pg = {.url = url, .where = str_of(url), .rows = BUF_MAX(4 * PIECE), .chance = 5};
    if (!kept) fill(&pg, &mem, (int)rows);
    good &= measure(&pg, &m, only);
  }
  printf("bars: a list of 50 of %lld under %.0f ms, a check under %.0f us: %s\n", (long long)rows, list_bar_ms,
         check_bar_us, good ? "held" : "missed");
  return good ? 0 : 1;
}
