/* Migrations run forward only: src/store/sql/migrations/NNN.sql, embedded, applied in order of their numbers. A step and
 * its new version are one transaction, so a crash between leaves a whole older schema. The application id tells our
 * files from others' (SQLite keeps both numbers in the file's header). */
#include "store/migrate.h"

#include "base/embed.h"
#include "store/store.h"
#include "texts.h"

enum { APPLICATION_ID = 0x47616E67 }; /* "Gang" */

static const struct str step_prefix = STR_INIT("src/store/sql/migrations/");

/* Migration number of an embedded file, 0 when it is none. */
static int step_number(const struct embedded *f) {
  int64_t n = 0;
  if (!str_starts(f->path ? str_of(f->path) : (struct str){0}, step_prefix)) return 0;
  const struct str name = str_from(str_of(f->path), step_prefix.len);
  return name.len == 7 && str_ends(name, STR(".sql")) && str_to_int(str_slice(name, 0, 3), &n) ? (int)n : 0;
}
static const struct embedded *find_step(int number) {
  size_t n = 0;
  const struct embedded *all = embed_all(&n);
  for (size_t i = 0; i < n; i++) {
    if (step_number(&all[i]) == number) return &all[i];
  }
  return NULL;
}
int store_schema_version(void) {
  int v = 0;
  while (find_step(v + 1)) v++;
  return v;
}

static bool db_fail(sqlite3 *db, struct err *e) {
  return fail(e, ERR_STORE, MSG_store_failed, "what", str_of(sqlite3_errmsg(db)));
}
static bool db_int(sqlite3 *db, const char *sql, int64_t *out, struct err *e) {
  sqlite3_stmt *st = NULL;
  if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK) return db_fail(db, e);
  const bool ok = sqlite3_step(st) == SQLITE_ROW;
  *out = sqlite3_column_int64(st, 0);
  (void)sqlite3_finalize(st);
  return ok || db_fail(db, e);
}
static bool db_run(sqlite3 *db, const char *sql, struct err *e) {
  return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK || db_fail(db, e);
}

static bool apply(sqlite3 *db, int version, struct err *e) {
  AUTO_ARENA mem = {0};
  const struct embedded *step = find_step(version);
  const struct str numbers = str_fmt(&mem, "PRAGMA user_version=%d; PRAGMA application_id=%d", version, APPLICATION_ID);
  if (db_run(db, str_z(&mem, step->bytes), e) && db_run(db, str_z(&mem, numbers), e)) return true;
  return false;
}
/* Under the write lock, so that two processes that start at once do it one after the other. */
static bool forward(sqlite3 *db, struct err *e) {
  int64_t version = 0;
  TRY(db_run(db, "BEGIN IMMEDIATE", e));
  bool ok = db_int(db, "PRAGMA user_version", &version, e);
  for (int v = (int)version + 1; ok && v <= store_schema_version(); v++) ok = apply(db, v, e);
  if (ok) return db_run(db, "COMMIT", e);
  (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
  return false;
}

bool store_migrate(sqlite3 *db, struct str file, struct err *e) {
  int64_t id = 0, version = 0, tables = 0;
  if (!db_int(db, "PRAGMA application_id", &id, e)) {
    *e = (struct err){0};
    return fail(e, ERR_INVALID, MSG_store_not_ours, "file", file);
  }
  TRY(db_int(db, "PRAGMA user_version", &version, e));
  if (!db_int(db, "SELECT count(*) FROM sqlite_schema", &tables, e)) {
    *e = (struct err){0};
    return fail(e, ERR_INVALID, MSG_store_not_ours, "file", file);
  }
  if (tables && id != APPLICATION_ID) return fail(e, ERR_INVALID, MSG_store_not_ours, "file", file);
  if (version > store_schema_version()) {
    AUTO_ARENA mem = {0};
    return fail(e, ERR_INVALID, MSG_store_newer, "file", file, "version", str_fmt(&mem, "%d", (int)version));
  }
  if (tables && version == store_schema_version()) return true;
  TRY(db_run(db, "PRAGMA journal_mode=WAL", e));
  return forward(db, e);
}
