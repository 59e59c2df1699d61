/* The store on SQLite: connections, prepared statements, the writer thread, the pool of readers.
 *
 * Durable and still fast: WAL with synchronous FULL costs one sync a commit, so the writer takes every act that waits,
 * runs each in its own savepoint, and commits them together (group commit; Gray and Reuter 1993, 9.4). An act that
 * fails is rolled back to its savepoint and its neighbours go on. While the disk syncs, the next group gathers.
 *
 * Memory: each connection has an arena that dies with it. Locks: `lock` guards the queue and the pool; nothing is
 * called with it held but signals. */
#include "store/store.h"

#include <pthread.h>
#include <sqlite3.h>

#include "base/clock.h"
#include "store/migrate.h"
#include "store/statement.h"
#include "texts.h"

enum { READERS_MAX = 8, GROUP_ACTS_MAX = 512, GROUP_US_MAX = 20000, BUSY_MS = 10000, RUNS_MAX = 20 };

struct store_stmt {
  sqlite3_stmt *stmt;
  struct store *on;
};

/* An act that waits for the writer; lives on the stack of the thread that asked. */
struct job {
  store_act act;
  void *arg;
  struct err *err;
  bool ok, done;
  pthread_cond_t ready;
  struct job *next;
};

struct root;
struct store { /* a session: one connection */
  struct root *root;
  sqlite3 *db;
  struct arena mem;
  struct store_stmt *stmts; /* by store_sql.index */
  sqlite3_stmt *begin, *commit, *rollback, *savepoint, *release, *undo;
  bool writer, busy;
};

struct root {
  struct store self; /* what store_open hands out; has no connection */
  struct store_options options;
  char *file;
  pthread_mutex_t lock;
  pthread_cond_t work, reader_free;
  pthread_t thread;
  struct store write;
  struct store read[READERS_MAX];
  int readers;
  struct job *first, **last;
  int64_t commits;
  bool stopping;
  struct arena mem;
};

static bool sqlite_fail(struct store *s, int rc, struct err *e) {
  const bool busy = rc == SQLITE_BUSY || rc == SQLITE_LOCKED;
  return fail(e, busy ? ERR_BUSY : ERR_STORE, busy ? MSG_store_busy : MSG_store_failed, "what",
              str_of(s->db ? sqlite3_errmsg(s->db) : sqlite3_errstr(rc)));
}

/* ---- statements: what the generated functions call ---- */

struct store_stmt *store_prepare(struct store *s, const struct store_sql *sql, struct err *e) {
  must(s->db);
  if (sql->writes && !s->writer) {
    (void)fail(e, ERR_BUG, MSG_store_failed, "what", str_of(sql->name));
    return NULL;
  }
  struct store_stmt *st = &s->stmts[sql->index];
  if (!st->stmt) {
    st->on = s;
    const int rc = sqlite3_prepare_v3(s->db, sql->text, -1, SQLITE_PREPARE_PERSISTENT, &st->stmt, NULL);
    if (rc != SQLITE_OK) {
      (void)sqlite_fail(s, rc, e);
      return NULL;
    }
  }
  return st;
}

void store_bind_str(struct store_stmt *s, int i, struct str v) {
  must(sqlite3_bind_text64(s->stmt, i, v.at ? v.at : "", v.len, SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK);
}
void store_bind_int(struct store_stmt *s, int i, int64_t v) { must(sqlite3_bind_int64(s->stmt, i, v) == SQLITE_OK); }
void store_bind_blob(struct store_stmt *s, int i, struct str v) {
  must(sqlite3_bind_blob64(s->stmt, i, v.at ? v.at : "", v.len, SQLITE_STATIC) == SQLITE_OK);
}
void store_bind_null(struct store_stmt *s, int i) { must(sqlite3_bind_null(s->stmt, i) == SQLITE_OK); }

bool store_step(struct store_stmt *s, bool *out_row, struct err *e) {
  const int rc = sqlite3_step(s->stmt);
  *out_row = rc == SQLITE_ROW;
  if (rc == SQLITE_ROW || rc == SQLITE_DONE) return true;
  if ((rc & 0xFF) == SQLITE_CONSTRAINT)
    return fail(e, ERR_DUPLICATE, MSG_store_failed, "what", str_of(sqlite3_errmsg(s->on->db)));
  return sqlite_fail(s->on, rc & 0xFF, e);
}
bool store_column_null(struct store_stmt *s, int c) { return sqlite3_column_type(s->stmt, c) == SQLITE_NULL; }
struct str store_column_str(struct store_stmt *s, int c, struct arena *mem) {
  const char *p = (const char *)sqlite3_column_text(s->stmt, c);
  return str_dup(mem, (struct str){p ? p : "", (size_t)sqlite3_column_bytes(s->stmt, c)});
}
int64_t store_column_int(struct store_stmt *s, int c) { return sqlite3_column_int64(s->stmt, c); }
struct str store_column_blob(struct store_stmt *s, int c, struct arena *mem) {
  const char *p = sqlite3_column_blob(s->stmt, c);
  return str_dup(mem, (struct str){p ? p : "", (size_t)sqlite3_column_bytes(s->stmt, c)});
}
int64_t store_changed(struct store_stmt *s) { return sqlite3_changes64(s->on->db); }
void store_reset(struct store_stmt *s) {
  if (!s || !s->stmt) return;
  (void)sqlite3_reset(s->stmt);
  (void)sqlite3_clear_bindings(s->stmt);
}

/* ---- connections ---- */

static bool exec(struct store *s, const char *sql, struct err *e) {
  const int rc = sqlite3_exec(s->db, sql, NULL, NULL, NULL);
  return rc == SQLITE_OK || sqlite_fail(s, rc & 0xFF, e);
}
/* One of the session's own statements (BEGIN, COMMIT, ...); answers the result code. */
static int run(sqlite3_stmt *st) {
  const int rc = sqlite3_step(st);
  (void)sqlite3_reset(st);
  return rc == SQLITE_DONE ? SQLITE_OK : rc & 0xFF;
}

/* Settings of every connection. LIKE distinguishes case, as on other engines. */
static const char settings[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;"
    "PRAGMA case_sensitive_like=ON; PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY; PRAGMA "
    "journal_size_limit=67108864;";

static bool prepare_own(struct store *s, const char *sql, sqlite3_stmt **out, struct err *e) {
  const int rc = sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
  return rc == SQLITE_OK || sqlite_fail(s, rc & 0xFF, e);
}
static bool connect_session(struct root *r, struct store *s, bool writer, struct err *e) {
  s->root = r;
  s->writer = writer;
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (writer && !r->options.existing ? SQLITE_OPEN_CREATE : 0);
  const int rc = sqlite3_open_v2(r->file, &s->db, flags, NULL);
  if (rc != SQLITE_OK)
    return fail(e, ERR_STORE, MSG_store_open, "file", str_of(r->file), "what", str_of(sqlite3_errstr(rc)));
  (void)sqlite3_extended_result_codes(s->db, 1);
  (void)sqlite3_busy_timeout(s->db, BUSY_MS);
  (void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  s->stmts = arena_new_n(&s->mem, struct store_stmt, sql_statement_count);
  return true;
}
static bool ready_session(struct store *s, struct err *e) {
  TRY(exec(s, settings, e));
  if (!s->writer) TRY(exec(s, "PRAGMA query_only=ON", e));
  TRY(prepare_own(s, s->writer ? "BEGIN IMMEDIATE" : "BEGIN", &s->begin, e));
  TRY(prepare_own(s, "COMMIT", &s->commit, e));
  TRY(prepare_own(s, "ROLLBACK", &s->rollback, e));
  TRY(prepare_own(s, "SAVEPOINT act", &s->savepoint, e));
  TRY(prepare_own(s, "RELEASE act", &s->release, e));
  return prepare_own(s, "ROLLBACK TO act", &s->undo, e);
}
static void disconnect(struct store *s) {
  if (s->db) {
    sqlite3_stmt *st = NULL;
    while ((st = sqlite3_next_stmt(s->db, NULL))) (void)sqlite3_finalize(st);
    (void)sqlite3_close(s->db);
    s->db = NULL;
  }
  arena_drop(&s->mem);
}

/* ---- the writer ---- */

static void answer(struct root *r, struct job *group) {
  (void)pthread_mutex_lock(&r->lock);
  for (struct job *j = group, *next; j; j = next) {
    next = j->next;
    j->done = true;
    (void)pthread_cond_signal(&j->ready);
  }
  (void)pthread_mutex_unlock(&r->lock);
}

static bool run_act(struct store *s, struct job *j) {
  *j->err = (struct err){0};
  if (run(s->savepoint) != SQLITE_OK) return sqlite_fail(s, SQLITE_ERROR, j->err);
  const bool ok = j->act(s, j->arg, j->err);
  if (!ok) (void)run(s->undo);
  (void)run(s->release);
  return ok;
}
static struct job *take_waiting(struct root *r) {
  (void)pthread_mutex_lock(&r->lock);
  struct job *j = r->first;
  r->first = NULL;
  r->last = &r->first;
  (void)pthread_mutex_unlock(&r->lock);
  return j;
}

/* Runs the group in one transaction; acts that arrive meanwhile join it as long as it is small. `*io_group` grows. */
static int run_group(struct root *r, struct job **io_group) {
  struct store *s = &r->write;
  const int rc = run(s->begin);
  if (rc != SQLITE_OK) return rc;
  const int64_t until = clock_steady_us() + GROUP_US_MAX;
  struct job **tail = io_group;
  for (int n = 0; *tail; n++) {
    (*tail)->ok = run_act(s, *tail);
    tail = &(*tail)->next;
    if (!*tail && n < GROUP_ACTS_MAX && clock_steady_us() < until) *tail = take_waiting(r);
  }
  if (r->options.inject && r->options.inject(r->options.inject_arg)) {
    (void)run(s->rollback);
    return SQLITE_BUSY;
  }
  const int done = run(s->commit);
  if (done != SQLITE_OK && !sqlite3_get_autocommit(s->db)) (void)run(s->rollback);
  return done;
}
static void commit_group(struct root *r, struct job *group) {
  int rc = SQLITE_BUSY;
  for (int i = 0; i < RUNS_MAX && (rc == SQLITE_BUSY || rc == SQLITE_LOCKED); i++) rc = run_group(r, &group);
  if (rc == SQLITE_OK) {
    (void)__atomic_add_fetch(&r->commits, 1, __ATOMIC_RELAXED);
  } else {
    for (struct job *j = group; j; j = j->next) {
      if (j->ok || !j->err->code) {
        *j->err = (struct err){0};
        (void)sqlite_fail(&r->write, rc, j->err);
      }
      j->ok = false;
    }
  }
  answer(r, group);
}
static void *writer(void *arg) {
  struct root *r = arg;
  for (;;) {
    (void)pthread_mutex_lock(&r->lock);
    while (!r->first && !r->stopping) (void)pthread_cond_wait(&r->work, &r->lock);
    const bool end = !r->first;
    (void)pthread_mutex_unlock(&r->lock);
    if (end) return NULL;
    struct job *group = take_waiting(r);
    if (group) commit_group(r, group);
  }
}

bool store_write(struct store *s, store_act act, void *arg, struct err *e) {
  if (s->db) { /* inside an act */
    if (!s->writer) return fail(e, ERR_BUG, MSG_store_failed, "what", STR("write in a read"));
    return act(s, arg, e);
  }
  struct root *r = s->root;
  struct job j = {.act = act, .arg = arg, .err = e, .ready = PTHREAD_COND_INITIALIZER};
  (void)pthread_mutex_lock(&r->lock);
  if (r->stopping) {
    (void)pthread_mutex_unlock(&r->lock);
    return fail(e, ERR_STORE, MSG_store_stopping);
  }
  *r->last = &j;
  r->last = &j.next;
  (void)pthread_cond_signal(&r->work);
  while (!j.done) (void)pthread_cond_wait(&j.ready, &r->lock);
  (void)pthread_mutex_unlock(&r->lock);
  (void)pthread_cond_destroy(&j.ready);
  return j.ok;
}

/* ---- readers ---- */

static struct store *free_reader(struct root *r) {
  for (int i = 0; i < r->readers; i++) {
    if (!r->read[i].busy) return &r->read[i];
  }
  return NULL;
}
struct store *store_read_begin(struct store *s, struct err *e) {
  if (s->db) return s;
  struct root *r = s->root;
  struct store *got = NULL;
  (void)pthread_mutex_lock(&r->lock);
  while (!(got = free_reader(r))) (void)pthread_cond_wait(&r->reader_free, &r->lock);
  got->busy = true;
  (void)pthread_mutex_unlock(&r->lock);
  const int rc = run(got->begin);
  if (rc == SQLITE_OK) return got;
  (void)sqlite_fail(got, rc, e);
  store_read_end(&got);
  return NULL;
}
void store_read_end(struct store **io) {
  struct store *s = *io;
  if (!s || s->writer) return;
  *io = NULL;
  if (!sqlite3_get_autocommit(s->db)) (void)run(s->commit);
  (void)pthread_mutex_lock(&s->root->lock);
  s->busy = false;
  (void)pthread_cond_signal(&s->root->reader_free);
  (void)pthread_mutex_unlock(&s->root->lock);
}
bool store_read(struct store *s, store_act act, void *arg, struct err *e) {
  AUTO_READ *r = store_read_begin(s, e);
  return r && act(r, arg, e);
}

/* ---- life ---- */

static bool open_all(struct root *r, struct err *e) {
  TRY(connect_session(r, &r->write, true, e));
  TRY(store_migrate(r->write.db, str_of(r->file), e));
  TRY(ready_session(&r->write, e));
  for (int i = 0; i < r->readers; i++) {
    TRY(connect_session(r, &r->read[i], false, e));
    TRY(ready_session(&r->read[i], e));
  }
  if (pthread_create(&r->thread, NULL, writer, r))
    return fail(e, ERR_STORE, MSG_store_failed, "what", STR("pthread_create"));
  return true;
}
static void free_all(struct root *r) {
  for (int i = 0; i < r->readers; i++) disconnect(&r->read[i]);
  disconnect(&r->write);
  (void)pthread_mutex_destroy(&r->lock);
  (void)pthread_cond_destroy(&r->work);
  (void)pthread_cond_destroy(&r->reader_free);
  struct arena mem = r->mem; /* r itself lives in it */
  arena_drop(&mem);
}
bool store_open(struct str file, const struct store_options *options, struct store **out, struct err *e) {
  struct arena mem = {0};
  struct root *r = arena_new(&mem, struct root);
  r->options = options ? *options : (struct store_options){0};
  r->readers = r->options.readers > 0 && r->options.readers < READERS_MAX ? r->options.readers : READERS_MAX;
  r->file = str_z(&mem, file);
  r->last = &r->first;
  r->self.root = r;
  r->mem = mem;
  (void)pthread_mutex_init(&r->lock, NULL);
  (void)pthread_cond_init(&r->work, NULL);
  (void)pthread_cond_init(&r->reader_free, NULL);
  if (!open_all(r, e)) {
    free_all(r);
    return false;
  }
  *out = &r->self;
  return true;
}
void store_close(struct store *s) {
  if (!s) return;
  struct root *r = s->root;
  (void)pthread_mutex_lock(&r->lock);
  r->stopping = true;
  (void)pthread_cond_signal(&r->work);
  (void)pthread_mutex_unlock(&r->lock);
  (void)pthread_join(r->thread, NULL);
  (void)sqlite3_wal_checkpoint_v2(r->write.db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
  free_all(r);
}
int64_t store_commits(struct store *s) { return __atomic_load_n(&s->root->commits, __ATOMIC_RELAXED); }

struct str store_new_id(struct arena *a, int64_t now_us) {
  static const char digits[] = "0123456789abcdefghjkmnpqrstvwxyz"; /* Crockford's base 32 */
  unsigned char chance[7];
  random_bytes(chance, sizeof chance);
  char *z = arena_take(a, 21);
  uint64_t ms = (uint64_t)(now_us / 1000);
  uint64_t low = 0;
  for (size_t i = 0; i < sizeof chance; i++) low = low << 8 | chance[i];
  for (int i = 9; i >= 0; i--, ms >>= 5) z[i] = digits[ms & 31];
  for (int i = 19; i >= 10; i--, low >>= 5) z[i] = digits[low & 31];
  return (struct str){z, 20};
}
