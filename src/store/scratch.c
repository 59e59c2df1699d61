/* A copy of a database that nobody has open: its file on SQLite (the log was taken in when it was closed), a database made from the
 * other as its template on PostgreSQL. Names are our own, of letters, digits and _. */
#include "store/scratch.h"

#include <libpq-fe.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "store/store.h"
#include "texts.h"

enum { SCRATCH_FILE_MAX = 1 << 30 };

/* ---- PostgreSQL ---- */

/* postgresql://user@host/database?options with another database. */
static struct str url_of(struct arena *mem, struct str base, struct str name) {
  struct str head = base, query = {0}, scheme, rest, authority, old;
  (void)str_cut(base, STR("?"), &head, &query);
  if (!str_cut(head, STR("://"), &scheme, &rest)) rest = head;
  if (!str_cut(rest, STR("/"), &authority, &old)) authority = rest;
  return str_fmt(mem, STRF "://" STRF "/" STRF "%s" STRF, STRA(scheme), STRA(authority), STRA(name),
                 query.len ? "?" : "", STRA(query));
}
static bool run(struct arena *mem, struct str base, struct str sql, struct err *e) {
  PGconn *c = PQconnectdb(str_z(mem, base));
  PGresult *r = PQstatus(c) == CONNECTION_OK ? PQexec(c, str_z(mem, sql)) : NULL;
  const bool ok = r && PQresultStatus(r) == PGRES_COMMAND_OK;
  const struct str why = str_dup(mem, str_trim(str_of(PQerrorMessage(c))));
  PQclear(r);
  PQfinish(c);
  return ok || fail(e, ERR_STORE, MSG_store_scratch, "why", why);
}

/* ---- SQLite ---- */

static struct str file_of(struct arena *mem, struct str base, struct str name) {
  return str_fmt(mem, STRF "/" STRF ".db", STRA(base), STRA(name));
}
static void drop_file(struct arena *mem, struct str file) {
  static const char *const ends[] = {"", "-wal", "-shm"};
  for (size_t i = 0; i < COUNT_OF(ends); i++) (void)unlink(str_z(mem, str_fmt(mem, STRF "%s", STRA(file), ends[i])));
}
/* A killed program leaves its log behind; the file is whole only with it. */
static bool copy_file(struct str from, struct str to, const char *end, struct err *e) {
  AUTO_ARENA mem = {0};
  struct str bytes;
  const struct str source = str_fmt(&mem, STRF "%s", STRA(from), end);
  if (!file_exists(source)) return true;
  TRY(file_read(&mem, source, SCRATCH_FILE_MAX, &bytes, e));
  return file_write_private(str_fmt(&mem, STRF "%s", STRA(to), end), bytes, e);
}

/* ---- both ---- */

bool scratch_make(struct arena *mem, struct str base, struct str name, struct str *out_where, struct err *e) {
  if (!store_is_url(base)) return *out_where = file_of(mem, base, name), true;
  *out_where = url_of(mem, base, name);
  return run(mem, base, str_fmt(mem, "CREATE DATABASE \"" STRF "\"", STRA(name)), e);
}
bool scratch_copy(struct arena *mem, struct str base, struct str from, struct str to, struct err *e) {
  scratch_drop(mem, base, to);
  if (store_is_url(base))
    return run(mem, base, str_fmt(mem, "CREATE DATABASE \"" STRF "\" TEMPLATE \"" STRF "\"", STRA(to), STRA(from)), e);
  const struct str source = file_of(mem, base, from), target = file_of(mem, base, to);
  return copy_file(source, target, "", e) && copy_file(source, target, "-wal", e);
}
void scratch_drop(struct arena *mem, struct str base, struct str name) {
  struct err e = {0};
  if (!store_is_url(base)) drop_file(mem, file_of(mem, base, name));
  else (void)run(mem, base, str_fmt(mem, "DROP DATABASE IF EXISTS \"" STRF "\" WITH (FORCE)", STRA(name)), &e);
}
