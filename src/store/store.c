/* The store above the engines: which engine, the writers, the pool of readers.
 *
 * Durable and still fast: a commit costs one sync of the disk, so a writer takes every act that waits, runs one after the
 * other, and commits them together (group commit; Gray and Reuter 1993, 9.4). Most acts that refuse do so before they have
 * written, and there is nothing to take back. When one refuses later, the group begins anew with a savepoint around each
 * act, and so do the next groups: the act alone is taken back and its neighbours go on. While the disk syncs, the next group gathers. When the database asks for
 * the transaction to be run again, the group runs again; when that does not help, each of its acts runs alone, so that
 * one that always collides cannot keep the others from the disk.
 *
 * Locks: `lock` guards the queue; nothing is called with it held but signals. Readers are counted by a semaphore and taken
 * by an exchange of their flag, so that those who read do not queue behind those who write. */
#include "store/store.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>

#include "base/clock.h"
#include "store/driver.h"
#include "store/journal.h"
#include "store/migrate.h"
#include "store/search.h"
#include "store/session.h"
#include "texts.h"

enum { READERS_MAX = 8, WRITERS_MAX = 4, GROUP_ACTS_MAX = 512, GROUP_US_MAX = 20000 };
enum { GUARDED_GROUPS = 64 /* with savepoints, after one was needed */ };
enum { RUNS_TOGETHER = 12, RUNS_ALONE = 20, PAUSE_US_FIRST = 500, PAUSE_US_MAX = 50000 };

/* An act that waits for a writer; lives on the stack of the thread that asked. */
struct job {
  store_act act;
  void *arg;
  struct err *err;
  bool ok;
  bool unnoted; /* not for the journal */
  sem_t done;   /* raised once, when the answer stands: no lock that all who are answered at once would want */
  struct job *next;
};

struct root;
struct store { /* a session: one connection */
  struct root *root;
  struct connection *c;
  bool writer;
  bool busy;   /* a reader that is taken; exchanged, never read and then set */
  bool failed; /* a statement of this act did not succeed: no other may run */
  bool wrote;  /* this act asked for a statement that writes */
  int guarded; /* groups that still run with savepoints */
  struct journal_notes notes;
};

struct root {
  struct store self; /* what store_open hands out; has no connection */
  const struct driver *driver;
  struct store_options options;
  struct place place;
  pthread_mutex_t lock;
  pthread_cond_t work;
  sem_t free_readers;
  pthread_t threads[WRITERS_MAX];
  struct store write[WRITERS_MAX], read[READERS_MAX];
  int readers, writers, started;
  int schema, newest; /* of the database; of the program */
  struct job *first, **last;
  int64_t commits, acts, retries;
  int queued, waiting; /* acts not answered yet; threads that wait for a reader */
  bool stopping;
  struct arena mem;
};

/* ---- statements: what the generated functions call ---- */

/* What the journal needs of a statement that writes, once for as long as it keeps its place; those of an engine's own index
 * are not noted. */
static void note_for(struct store *s, struct store_stmt *st, const struct store_sql *sql) {
  st->on = s;
  const bool composed = sql->index == STORE_COMPOSED;
  if (composed) sql = &st->own;
  if (st->sql == sql) return;
  const bool is_noted = sql->writes && (sql->index >= 0 || composed);
  st->sql = is_noted ? sql : NULL;
  if (!is_noted) return;
  const size_t places = (size_t)sql->binds;
  if (places > st->args_room) st->args = arena_new_n(&s->c->mem, struct copy_value, st->args_room = places * 2);
  st->hash = journal_hash(sql);
  st->moves_chain = journal_moves_chain(sql);
}
struct store_stmt *store_prepare(struct store *s, const struct store_sql *sql, struct err *e) {
  must(s->c);
  if (s->failed || (sql->writes && !s->writer)) {
    (void)fail(e, ERR_BUG, MSG_store_failed, "what", str_of(sql->name));
    return NULL;
  }
  struct store_stmt *st = s->root->driver->prepare(s->c, sql, e);
  s->failed = s->writer && !st;
  s->wrote |= sql->writes;
  if (st) note_for(s, st, sql);
  return st;
}
static void note_arg(struct store_stmt *s, int i, struct copy_value v) {
  if (s->sql) s->args[i - 1] = v;
}
void store_bind_str(struct store_stmt *s, int i, struct str v) {
  note_arg(s, i, (struct copy_value){.bytes = v});
  s->driver->bind_str(s, i, v);
}
void store_bind_int(struct store_stmt *s, int i, int64_t v) {
  note_arg(s, i, (struct copy_value){.n = v});
  s->driver->bind_int(s, i, v);
}
void store_bind_blob(struct store_stmt *s, int i, struct str v) {
  note_arg(s, i, (struct copy_value){.bytes = v});
  s->driver->bind_blob(s, i, v);
}
void store_bind_null(struct store_stmt *s, int i) {
  note_arg(s, i, (struct copy_value){.null = true});
  s->driver->bind_null(s, i);
}
bool store_step(struct store_stmt *s, bool *out_row, struct err *e) {
  const bool ok = s->driver->step(s, out_row, e);
  if (!ok && s->on->writer) s->on->failed = true;
  if (ok && s->sql && s->on->notes.on) journal_note(&s->on->notes, s, s->driver->changed(s));
  return ok;
}
bool store_column_null(struct store_stmt *s, int c) { return s->driver->column_null(s, c); }
struct str store_column_str(struct store_stmt *s, int c, struct arena *mem) {
  return s->driver->column_bytes(s, c, mem);
}
int64_t store_column_int(struct store_stmt *s, int c) { return s->driver->column_int(s, c); }
struct str store_column_blob(struct store_stmt *s, int c, struct arena *mem) {
  return s->driver->column_bytes(s, c, mem);
}
int64_t store_changed(struct store_stmt *s) { return s->driver->changed(s); }
void store_reset(struct store_stmt *s) {
  if (s) s->driver->reset(s);
}
bool store_run_step(struct store *s, struct str sql, struct err *e) {
  must(s->c);
  if (s->failed || !s->writer) return fail(e, ERR_BUG, MSG_store_failed, "what", sql);
  s->wrote = true;
  s->failed = !s->root->driver->declare(s->c, sql, e);
  if (!s->failed && s->notes.on) journal_note_step(&s->notes, sql);
  return !s->failed;
}

/* ---- the writers ---- */

static struct job *take_waiting(struct root *r) {
  (void)pthread_mutex_lock(&r->lock);
  struct job *j = r->first;
  r->first = NULL;
  r->last = &r->first;
  (void)pthread_mutex_unlock(&r->lock);
  return j;
}

static void answer(struct job *group) {
  for (struct job *j = group, *next; j; j = next) {
    next = j->next; /* j is gone once its thread goes on */
    (void)sem_post(&j->done);
  }
}

/* Runs one act, with s->guarded in its savepoint. False when the whole transaction must end: for a reason in e, or with e
 * empty because the act cannot be taken back without a savepoint. What the act itself says is in j. */
static bool run_act(struct store *s, struct job *j, struct err *e) {
  const struct driver *d = s->root->driver;
  const bool guarded = s->guarded > 0;
  const struct journal_mark mark = journal_begin_act(&s->notes);
  *j->err = (struct err){0};
  j->ok = false;
  TRY(!guarded || d->savepoint(s->c, e));
  s->failed = s->wrote = false;
  s->notes.on = !j->unnoted && s->root->schema >= JOURNAL_SINCE;
  j->ok = j->act(s, j->arg, j->err);
  s->notes.on = false;
  if (j->ok && s->failed) j->ok = fail(j->err, ERR_BUG, MSG_store_failed, "what", STR("an error was passed over"));
  const bool is_clean = !s->failed && !s->wrote;
  s->failed = false;
  journal_end_act(&s->notes, mark, j->ok);
  if (j->ok) return !guarded || d->savepoint_release(s->c, e);
  if (j->err->code == ERR_BUSY) {
    *e = *j->err;
    return false;
  }
  return guarded ? d->savepoint_undo(s->c, e) : is_clean;
}

/* Runs the group in one transaction. While `join`, acts that arrive meanwhile go with it. */
static bool run_group(struct store *s, struct job **io_group, bool join, struct err *e) {
  struct root *r = s->root;
  journal_begin(&s->notes);
  TRY(r->driver->begin(s->c, e));
  const int64_t until = clock_steady_us() + GROUP_US_MAX;
  struct job **tail = io_group;
  int n = 0;
  for (; *tail; n++) {
    if (!run_act(s, *tail, e)) {
      r->driver->rollback(s->c);
      return false;
    }
    tail = &(*tail)->next;
    const bool more = n < GROUP_ACTS_MAX && s->notes.bytes.len < JOURNAL_GROUP_MAX && clock_steady_us() < until;
    if (join && !*tail && more) *tail = take_waiting(r);
  }
  bool ok = journal_write(s, &s->notes, e);
  if (ok && r->options.inject && r->options.inject(r->options.inject_arg)) ok = fail(e, ERR_BUSY, MSG_store_busy);
  s->failed = false;
  if (!ok) {
    r->driver->rollback(s->c);
    return false;
  }
  TRY(r->driver->commit(s->c, e));
  if (s->notes.erases && r->driver->checkpoint) r->driver->checkpoint(s->c); /* gone from the engine's log as well */
  (void)__atomic_add_fetch(&r->commits, 1, __ATOMIC_RELAXED);
  (void)__atomic_add_fetch(&r->acts, n, __ATOMIC_RELAXED);
  return true;
}

/* Longer from time to time, and never the same for two writers that collide. */
static void pause_before(int run) {
  uint16_t chance = 0;
  random_bytes(&chance, sizeof chance);
  int64_t us = (int64_t)PAUSE_US_FIRST << (run < 8 ? run : 8);
  if (us > PAUSE_US_MAX) us = PAUSE_US_MAX;
  clock_sleep_us(us / 2 + us * chance / 2 / UINT16_MAX);
}

static bool run_until_done(struct store *s, struct job **io_group, int runs, struct err *e) {
  for (int i = 0; i < runs;) {
    *e = (struct err){0};
    if (run_group(s, io_group, runs == RUNS_TOGETHER, e)) return true;
    if (!e->code && !s->guarded) {
      s->guarded = GUARDED_GROUPS; /* the run with savepoints is not one of those that may fail */
      continue;
    }
    if (e->code != ERR_BUSY) return false;
    (void)__atomic_add_fetch(&s->root->retries, 1, __ATOMIC_RELAXED);
    pause_before(i++);
  }
  return false;
}

static void refuse(struct job *group, const struct err *why) {
  for (struct job *j = group; j; j = j->next) {
    if (j->ok || !j->err->code || j->err->code == ERR_BUSY) *j->err = *why;
    j->ok = false;
  }
}

static void commit_group(struct store *s, struct job *group) {
  struct err e = {0};
  if (!run_until_done(s, &group, RUNS_TOGETHER, &e)) {
    if (e.code != ERR_BUSY) refuse(group, &e);
    for (struct job *j = group, *next; j && e.code == ERR_BUSY; j = next) {
      struct err own = {0};
      next = j->next;
      j->next = NULL;
      if (!run_until_done(s, &j, RUNS_ALONE, &own)) refuse(j, &own);
      j->next = next;
    }
  }
  if (s->guarded) s->guarded--;
  answer(group);
}

static void *writer(void *arg) {
  struct store *s = arg;
  struct root *r = s->root;
  for (;;) {
    (void)pthread_mutex_lock(&r->lock);
    while (!r->first && !r->stopping) (void)pthread_cond_wait(&r->work, &r->lock);
    const bool end = !r->first;
    (void)pthread_mutex_unlock(&r->lock);
    if (end) return NULL;
    struct job *group = take_waiting(r);
    if (group) commit_group(s, group);
  }
}

static void wait_for(sem_t *sem) {
  while (sem_wait(sem) && errno == EINTR) {
  }
}
static bool write_noted(struct store *s, store_act act, void *arg, bool unnoted, struct err *e) {
  if (s->c) { /* inside an act */
    if (!s->writer) return fail(e, ERR_BUG, MSG_store_failed, "what", STR("write in a read"));
    return act(s, arg, e);
  }
  struct root *r = s->root;
  if (r->options.as_it_is) return fail(e, ERR_BUG, MSG_store_failed, "what", STR("write in what is only read"));
  struct job j = {.act = act, .arg = arg, .err = e, .unnoted = unnoted};
  (void)sem_init(&j.done, 0, 0);
  (void)pthread_mutex_lock(&r->lock);
  if (r->stopping) {
    (void)pthread_mutex_unlock(&r->lock);
    return fail(e, ERR_STORE, MSG_store_stopping);
  }
  *r->last = &j;
  r->last = &j.next;
  (void)__atomic_add_fetch(&r->queued, 1, __ATOMIC_RELAXED);
  (void)pthread_cond_signal(&r->work);
  (void)pthread_mutex_unlock(&r->lock);
  wait_for(&j.done);
  (void)sem_destroy(&j.done);
  (void)__atomic_sub_fetch(&r->queued, 1, __ATOMIC_RELAXED);
  return j.ok;
}

bool store_write(struct store *s, store_act act, void *arg, struct err *e) {
  return write_noted(s, act, arg, false, e);
}
bool store_write_unnoted(struct store *s, store_act act, void *arg, struct err *e) {
  return write_noted(s, act, arg, true, e);
}

/* ---- readers ---- */

/* Takes one; the semaphore promises that one is free, and another may only have taken it before if it gave one back. */
static struct store *take_reader(struct root *r) {
  for (int i = 0;; i = (i + 1) % r->readers)
    if (!__atomic_exchange_n(&r->read[i].busy, true, __ATOMIC_ACQUIRE)) return &r->read[i];
}
struct store *store_read_begin(struct store *s, struct err *e) {
  if (s->c) return s;
  struct root *r = s->root;
  (void)__atomic_add_fetch(&r->waiting, 1, __ATOMIC_RELAXED);
  wait_for(&r->free_readers);
  (void)__atomic_sub_fetch(&r->waiting, 1, __ATOMIC_RELAXED);
  struct store *got = take_reader(r);
  if (r->driver->begin(got->c, e)) return got;
  store_read_end(&got);
  return NULL;
}
void store_read_end(struct store **io) {
  struct store *s = *io;
  if (!s || s->writer) return;
  *io = NULL;
  s->root->driver->rollback(s->c);
  __atomic_store_n(&s->busy, false, __ATOMIC_RELEASE);
  (void)sem_post(&s->root->free_readers);
}
bool store_read(struct store *s, store_act act, void *arg, struct err *e) {
  AUTO_READ *r = store_read_begin(s, e);
  return r && act(r, arg, e);
}

/* ---- life ---- */

static bool connect_session(struct root *r, struct store *s, bool is_writer, struct err *e) {
  s->root = r;
  s->writer = is_writer;
  s->c = r->driver->connect(&r->place, is_writer, e);
  return s->c != NULL;
}

static bool open_all(struct root *r, struct err *e) {
  const int version = r->options.schema ? r->options.schema : r->newest;
  TRY(connect_session(r, &r->write[0], true, e));
  TRY(r->options.as_it_is || store_migrate(r->write[0].c, &r->place, version, e));
  TRY(store_schema_read(r->write[0].c, &r->place, &r->schema, e));
  r->place.may_create = false;
  for (int i = 1; i < r->writers; i++) TRY(connect_session(r, &r->write[i], true, e));
  for (int i = 0; i < r->writers; i++) TRY(r->driver->ready(r->write[i].c, e));
  for (int i = 0; i < r->readers; i++) {
    TRY(connect_session(r, &r->read[i], false, e));
    TRY(r->driver->ready(r->read[i].c, e));
  }
  for (; r->started < r->writers && !r->options.as_it_is; r->started++)
    if (pthread_create(&r->threads[r->started], NULL, writer, &r->write[r->started]))
      return fail(e, ERR_STORE, MSG_store_failed, "what", STR("pthread_create"));
  return true;
}

static void stop_writers(struct root *r) {
  (void)pthread_mutex_lock(&r->lock);
  r->stopping = true;
  (void)pthread_cond_broadcast(&r->work);
  (void)pthread_mutex_unlock(&r->lock);
  for (int i = 0; i < r->started; i++) (void)pthread_join(r->threads[i], NULL);
}

static void free_all(struct root *r) {
  for (int i = 0; i < r->readers; i++) r->driver->disconnect(r->read[i].c);
  for (int i = 0; i < r->writers; i++) {
    r->driver->disconnect(r->write[i].c);
    buf_drop(&r->write[i].notes.bytes);
  }
  (void)pthread_mutex_destroy(&r->lock);
  (void)pthread_cond_destroy(&r->work);
  (void)sem_destroy(&r->free_readers);
  struct arena mem = r->mem; /* r itself lives in it */
  arena_drop(&mem);
}

bool store_is_url(struct str where) {
  return str_starts(where, STR("postgresql://")) || str_starts(where, STR("postgres://"));
}
static const struct driver *driver_of(struct str where) {
  return store_is_url(where) ? &driver_postgres : &driver_sqlite;
}

bool store_migration(struct str where, struct arena *mem, struct str *out_sql, int *out_from, struct err *e) {
  const struct driver *d = driver_of(where);
  const struct place place = {.where = str_of(str_z(mem, where)), .label = d->label(mem, where)};
  struct connection *c = d->connect(&place, true, e);
  const bool ok = c && store_migrate_text(c, &place, mem, out_sql, out_from, e);
  d->disconnect(c);
  return ok;
}
bool store_sound(struct store *session, struct arena *mem, struct str *out_problem, struct err *e) {
  *out_problem = (struct str){0};
  return session->root->driver->sound(session->c, mem, out_problem, e);
}

static int bounded(int n, int most) { return n > 0 && n < most ? n : most; }

/* What the store itself keeps in tables: the journal as soon as there is one, the search in the newest schema. */
static bool begin_own(struct root *r, struct err *e) {
  if (r->options.as_it_is || r->schema < JOURNAL_SINCE) return true;
  return journal_open(&r->self, e) && (r->schema != r->newest || search_begin(&r->self, e));
}

bool store_open(struct str where, const struct store_options *options, struct store **out, struct err *e) {
  struct arena mem = {0};
  struct root *r = arena_new(&mem, struct root);
  r->driver = driver_of(where);
  r->newest = store_schema_version();
  r->options = options ? *options : (struct store_options){0};
  r->options.inject = NULL; /* not before it is open */
  r->readers = bounded(r->options.readers, READERS_MAX);
  r->writers = bounded(r->driver->writers, WRITERS_MAX);
  const bool may_create = !r->options.existing && !r->options.as_it_is;
  r->place = (struct place){.where = str_of(str_z(&mem, where)), .may_create = may_create};
  r->place.label = r->driver->label(&mem, r->place.where);
  r->last = &r->first;
  r->self.root = r;
  (void)pthread_mutex_init(&r->lock, NULL);
  (void)pthread_cond_init(&r->work, NULL);
  (void)sem_init(&r->free_readers, 0, (unsigned)r->readers);
  r->mem = mem;
  if (!open_all(r, e) || !begin_own(r, e)) {
    stop_writers(r);
    free_all(r);
    return false;
  }
  if (options) r->options.inject = options->inject;
  *out = &r->self;
  return true;
}
void store_close(struct store *s) {
  if (!s) return;
  struct root *r = s->root;
  stop_writers(r);
  if (r->driver->checkpoint) r->driver->checkpoint(r->write[0].c);
  free_all(r);
}
int64_t store_commits(struct store *s) { return __atomic_load_n(&s->root->commits, __ATOMIC_RELAXED); }
void store_stats(struct store *s, struct store_stats *out) {
  struct root *r = s->root;
  *out = (struct store_stats){.commits = store_commits(s),
                              .acts = __atomic_load_n(&r->acts, __ATOMIC_RELAXED),
                              .retries = __atomic_load_n(&r->retries, __ATOMIC_RELAXED),
                              .queued = __atomic_load_n(&r->queued, __ATOMIC_RELAXED),
                              .readers = r->readers,
                              .readers_wanted = __atomic_load_n(&r->waiting, __ATOMIC_RELAXED)};
  for (int i = 0; i < r->readers; i++) out->readers_busy += __atomic_load_n(&r->read[i].busy, __ATOMIC_RELAXED);
}
struct connection *store_connection(struct store *session) {
  must(session->c);
  return session->c;
}
int store_schema_of(struct store *s) { return s->root->schema; }
struct keys *store_keys(struct store *s) {
  return s->root->options.keys;
}
const char *store_engine(struct store *s) { return s->root->driver->name; }

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
