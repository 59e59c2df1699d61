/* A database of its own for each test: a file in a folder that goes away, or a schema in the cluster that tests/run
 * started (its URL is in GANGMU_TEST_PG). main.c runs every test on each engine that is there. */
#ifndef UNIT_STORE_SCRATCH_H
#define UNIT_STORE_SCRATCH_H
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sql.h"
#include "store/event.h"
#include "store/statement.h"
#include "store/store.h"
#include "unit.h"

struct scratch {
  char dir[64], file[400]; /* file: what store_open is given */
  char schema[64];
  struct arena mem;
};
/* The cluster's URL; NULL while the tests run on SQLite. Set by main.c. */
extern const char *scratch_cluster;

/* Runs SQL past the store, as somebody with the database's own tools would; the first value, or 0. */
static inline int64_t scratch_sql_at(const char *where, const char *sql) {
  int64_t n = 0;
  if (scratch_cluster) {
    PGconn *c = PQconnectdb(where);
    PQclear(
        PQexec(c, "SET client_min_messages = warning; SET session_replication_role = replica")); /* keys unchecked */
    PGresult *r = PQexec(c, sql);
    const ExecStatusType status = PQresultStatus(r);
    assert_true(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK);
    if (PQntuples(r)) n = strtoll(PQgetvalue(r, 0, 0), NULL, 10);
    PQclear(r);
    PQfinish(c);
    return n;
  }
  sqlite3 *db = NULL;
  sqlite3_stmt *q = NULL;
  assert_int_equal(sqlite3_open(where, &db), SQLITE_OK);
  for (const char *rest = sql; *rest;) {
    assert_int_equal(sqlite3_prepare_v2(db, rest, -1, &q, &rest), SQLITE_OK);
    const int rc = sqlite3_step(q);
    assert_true(rc == SQLITE_ROW || rc == SQLITE_DONE);
    if (rc == SQLITE_ROW) n = sqlite3_column_int64(q, 0);
    (void)sqlite3_finalize(q);
  }
  (void)sqlite3_close(db);
  return n;
}
static inline int64_t scratch_sql(const struct scratch *s, const char *sql) { return scratch_sql_at(s->file, sql); }

static inline void scratch_begin(struct scratch *s) {
  *s = (struct scratch){.dir = "/tmp/gangmu-store-XXXXXX"};
  assert_non_null(mkdtemp(s->dir));
  (void)snprintf(s->file, sizeof s->file, "%s/t.db", s->dir);
  if (!scratch_cluster) return;
  (void)snprintf(s->schema, sizeof s->schema, "t%s", s->dir + sizeof "/tmp/gangmu-store-" - 1);
  char sql[128];
  (void)snprintf(sql, sizeof sql, "CREATE SCHEMA \"%s\"", s->schema);
  (void)scratch_sql_at(scratch_cluster, sql);
  (void)snprintf(s->file, sizeof s->file, "%s&options=-csearch_path%%3D%%22%s%%22&application_name=%s", scratch_cluster,
                 s->schema, s->schema);
}
static inline void scratch_end(struct scratch *s) {
  static const char *const ends[] = {"", "-wal", "-shm"};
  char name[448];
  for (size_t i = 0; i < COUNT_OF(ends); i++) {
    (void)snprintf(name, sizeof name, "%s/t.db%s", s->dir, ends[i]);
    (void)unlink(name);
  }
  (void)rmdir(s->dir);
  if (scratch_cluster) {
    (void)snprintf(name, sizeof name, "DROP SCHEMA \"%s\" CASCADE", s->schema);
    (void)scratch_sql_at(scratch_cluster, name);
  }
  arena_drop(&s->mem);
}
static inline struct store *scratch_open(struct scratch *s, const struct store_options *options) {
  struct store *st = NULL;
  struct err e = {0};
  if (!store_open(str_of(s->file), options, &st, &e)) fail_msg(STRF, STRA(err_says(&s->mem, LANG_EN, &e)));
  return st;
}
#endif
