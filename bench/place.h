/* Where a bench has its data: a file of SQLite or a cluster of PostgreSQL, filled past the program because that is quicker. */
#ifndef BENCH_PLACE_H
#define BENCH_PLACE_H
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"

struct bench_place {
  const char *url; /* NULL: SQLite */
  struct str where;
  sqlite3 *db;
  PGconn *pg;
  struct buf rows;
  uint64_t chance;
};
static inline void must_run(struct bench_place *p, const char *sql) {
  char *why = NULL;
  if (p->db && sqlite3_exec(p->db, sql, NULL, NULL, &why) != SQLITE_OK) printf("%s: %s\n", sql, why), exit(2);
  if (p->db) return;
  PGresult *r = PQexec(p->pg, sql);
  if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
    printf("%s: %s\n", sql, PQerrorMessage(p->pg)), exit(2);
  PQclear(r);
}
static inline void bench_open(struct bench_place *p, struct arena *mem) {
  if (p->url) p->pg = PQconnectdb(str_z(mem, p->where));
  else if (sqlite3_open(str_z(mem, p->where), &p->db) != SQLITE_OK) exit(2);
  /* rows are put in without those they refer to */
  must_run(p, p->db ? "PRAGMA synchronous=OFF" : "SET session_replication_role = replica");
}
static inline void bench_close(struct bench_place *p) {
  if (p->db) (void)sqlite3_close(p->db);
  if (p->pg) PQfinish(p->pg);
  p->db = NULL;
  p->pg = NULL;
  buf_drop(&p->rows);
}
#endif
