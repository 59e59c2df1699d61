/* The store on SQLite: WAL with synchronous FULL, so that what was answered is on the disk and readers never wait.
 *
 * One writer connection (SQLite has one writer a file), opened with BEGIN IMMEDIATE, so that another process is met
 * at the begin of a transaction, not in its middle. Application id and schema version stand in the file's header. */
#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "store/driver.h"
#include "store/search_words.h"
#include "texts.h"

enum { BUSY_MS = 10000, APPLICATION_ID = 0x47616E67 /* "Gang" */, LOAD_SQL_MAX = 1 << 16 };

struct sqlite_stmt {
  struct store_stmt head;
  sqlite3_stmt *stmt;
};
struct sqlite_connection {
  struct connection head;
  sqlite3 *db;
  struct sqlite_stmt *stmts; /* by statement_slot */
  sqlite3_stmt *begin, *commit, *rollback, *savepoint, *release, *undo;
};
static struct sqlite_connection *of(struct connection *c) { return (struct sqlite_connection *)(void *)c; }
static sqlite3_stmt *raw(struct store_stmt *s) { return ((struct sqlite_stmt *)(void *)s)->stmt; }
static sqlite3 *db_of(struct store_stmt *s) { return sqlite3_db_handle(raw(s)); }

static bool db_fail(sqlite3 *db, int rc, struct err *e) {
  const int kind = rc & 0xFF;
  const bool busy = kind == SQLITE_BUSY || kind == SQLITE_LOCKED;
  return fail(e,
              busy                        ? ERR_BUSY
              : kind == SQLITE_CONSTRAINT ? ERR_DUPLICATE
                                          : ERR_STORE,
              busy ? MSG_store_busy : MSG_store_failed, "what", str_of(db ? sqlite3_errmsg(db) : sqlite3_errstr(rc)));
}
static bool exec(sqlite3 *db, const char *sql, struct err *e) {
  const int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
  return rc == SQLITE_OK || db_fail(db, rc, e);
}

/* ---- statements ---- */

static struct store_stmt *prepare(struct connection *c, const struct store_sql *sql, struct err *e) {
  struct sqlite_connection *s = of(c);
  struct sqlite_stmt *st = &s->stmts[statement_slot(sql)];
  const bool composed = sql->index == STORE_COMPOSED;
  if (composed && st->stmt && !stmt_is(&st->head, sql)) {
    (void)sqlite3_finalize(st->stmt); /* composed ones share their places: the one before makes way */
    st->stmt = NULL;
  }
  if (!st->stmt) {
    st->head.driver = &driver_sqlite;
    const int rc = sqlite3_prepare_v3(s->db, sql->text, -1, SQLITE_PREPARE_PERSISTENT, &st->stmt, NULL);
    if (rc != SQLITE_OK) {
      (void)db_fail(s->db, rc, e);
      return NULL;
    }
    if (composed) stmt_take(&st->head, sql);
  }
  return &st->head;
}
static void bind_str(struct store_stmt *s, int i, struct str v) {
  must(sqlite3_bind_text64(raw(s), i, v.at ? v.at : "", v.len, SQLITE_STATIC, SQLITE_UTF8) == SQLITE_OK);
}
static void bind_int(struct store_stmt *s, int i, int64_t v) { must(sqlite3_bind_int64(raw(s), i, v) == SQLITE_OK); }
static void bind_blob(struct store_stmt *s, int i, struct str v) {
  must(sqlite3_bind_blob64(raw(s), i, v.at ? v.at : "", v.len, SQLITE_STATIC) == SQLITE_OK);
}
static void bind_null(struct store_stmt *s, int i) { must(sqlite3_bind_null(raw(s), i) == SQLITE_OK); }

static bool step(struct store_stmt *s, bool *out_row, struct err *e) {
  const int rc = sqlite3_step(raw(s));
  *out_row = rc == SQLITE_ROW;
  if (rc == SQLITE_ROW || rc == SQLITE_DONE) return true;
  return db_fail(db_of(s), rc, e);
}
static bool column_null(struct store_stmt *s, int c) { return sqlite3_column_type(raw(s), c) == SQLITE_NULL; }
static struct str column_bytes(struct store_stmt *s, int c, struct arena *mem) {
  const char *p = sqlite3_column_blob(raw(s), c);
  return str_dup(mem, (struct str){p ? p : "", (size_t)sqlite3_column_bytes(raw(s), c)});
}
static int64_t column_int(struct store_stmt *s, int c) { return sqlite3_column_int64(raw(s), c); }
static int64_t changed(struct store_stmt *s) { return sqlite3_changes64(db_of(s)); }
static void reset(struct store_stmt *s) {
  if (!raw(s)) return;
  (void)sqlite3_reset(raw(s));
  (void)sqlite3_clear_bindings(raw(s));
}

/* ---- full-text search: FTS5 over lines that are cut into words already ---- */

static int words_make(void *ctx, const char **args, int count, Fts5Tokenizer **out) {
  (void)args, (void)count;
  *out = ctx; /* has no state */
  return SQLITE_OK;
}
static void words_free(Fts5Tokenizer *t) { (void)t; }
/* At the place of a run also what stands in it from its second letter on, from its third … */
static int words_tails(void *to, struct str run, struct str next,
                       int (*token)(void *, int, const char *, int, int, int)) {
  const char c = run.at[0];
  int rc = SQLITE_OK;
  if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) return rc;
  for (size_t at = 1; at < run.len && rc == SQLITE_OK; at++) {
    struct search_tail tail;
    search_tail_of(run, next, at, &tail);
    rc = token(to, FTS5_TOKEN_COLOCATED, tail.text, (int)tail.len, 0, 0);
  }
  return rc;
}
static struct str word_at(const char *text, int len, int at) {
  int end = at;
  while (end < len && text[end] != ' ') end++;
  return (struct str){text + at, (size_t)(end - at)};
}
static int words_cut(Fts5Tokenizer *t, void *to, int flags, const char *text, int len,
                     int (*token)(void *, int, const char *, int, int, int)) {
  bool is_long = false;
  (void)t;
  for (int i = 0, end; i < len; i = end + 1) {
    const struct str word = word_at(text, len, i);
    end = i + (int)word.len;
    if (!word.len) continue;
    int rc = token(to, 0, word.at, (int)word.len, i, end);
    is_long |= str_eqz(word, "~");
    if (rc == SQLITE_OK && !is_long && (flags & FTS5_TOKENIZE_DOCUMENT))
      rc = words_tails(to, word, word_at(text, len, end < len ? end + 1 : len), token);
    if (rc != SQLITE_OK) return rc;
  }
  return SQLITE_OK;
}
static bool add_tokenizer(sqlite3 *db, struct err *e) {
  fts5_tokenizer words = {words_make, words_free, words_cut}; /* copied */
  fts5_api *api = NULL;
  sqlite3_stmt *st = NULL;
  int rc = sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &st, NULL);
  if (rc == SQLITE_OK) rc = sqlite3_bind_pointer(st, 1, &api, "fts5_api_ptr", NULL);
  if (rc == SQLITE_OK) (void)sqlite3_step(st);
  (void)sqlite3_finalize(st);
  if (api) rc = api->xCreateTokenizer(api, "gangmu", db, &words, NULL);
  return (api && rc == SQLITE_OK) || db_fail(db, rc, e);
}

/* Without the text, which stands in search_row: an entry is taken out by saying its words again. Acts write a few words each: what
 * they wrote is merged when there are twelve pieces of a size, not four, which was a sixth of the cost of an act. */
static const char search_schema[] =
    "CREATE VIRTUAL TABLE IF NOT EXISTS search_index USING fts5(line, content='', tokenize='gangmu');\n"
    "INSERT INTO search_index (search_index, rank) VALUES ('automerge', 12);\n";
static const struct store_sql search[SEARCH_STATEMENTS] = {
    [SEARCH_ADD] = {"search_add", "INSERT INTO search_index (rowid, line) VALUES (?2, ?3)", -1, 3, 0, "sis", true,
                    false},
    [SEARCH_REMOVE] = {"search_remove",
                       "INSERT INTO search_index (search_index, rowid, line) VALUES ('delete', ?2, ?3)", -2, 3, 0,
                       "sis", true, false},
    [SEARCH_CLEAR] = {"search_clear", "INSERT INTO search_index (search_index) SELECT 'delete-all' WHERE ?1 <> ''", -3,
                      1, 0, "s", true, false},
    [SEARCH_COUNT] = {"search_count", "SELECT count(*) FROM search_index WHERE ?1 <> ''", -4, 1, 1, "s", false, false},
    [SEARCH_FIND] = {"search_find",
                     "SELECT r.doc, r.kind, r.id, r.unit, r.title, r.body FROM search_index CROSS JOIN search_row r "
                     "WHERE search_index MATCH ?2 AND search_index.rowid < ?3 AND r.tenant = ?1 AND r.doc = "
                     "search_index.rowid ORDER BY search_index.rowid DESC LIMIT ?4",
                     -5, 4, 6, "ssii", false, false},
    [SEARCH_WITHIN] = {"search_within",
                       "SELECT count(*) FROM (SELECT rowid FROM search_index WHERE ?1 <> '' AND search_index MATCH ?2 "
                       "LIMIT ?3)",
                       -6, 3, 1, "ssi", false, false},
};
static const char search_ids[] =
    "FROM search_index CROSS JOIN search_row s WHERE search_index MATCH @ AND s.tenant = @ AND s.doc = "
    "search_index.rowid AND s.kind = @";

/* ---- connections ---- */

static struct str label(struct arena *mem, struct str where) {
  (void)mem;
  return where;
}

static void disconnect(struct connection *c) {
  if (!c) return;
  struct sqlite_connection *s = of(c);
  sqlite3_stmt *const own[] = {s->begin, s->commit, s->rollback, s->savepoint, s->release, s->undo};
  for (size_t i = 0; i < STATEMENT_SLOTS; i++) {
    (void)sqlite3_finalize(s->stmts[i].stmt);
    buf_drop(&s->stmts[i].head.words);
  }
  for (size_t i = 0; i < COUNT_OF(own); i++) (void)sqlite3_finalize(own[i]);
  (void)sqlite3_close(s->db);
  struct arena mem = c->mem; /* c itself lives in it */
  arena_drop(&mem);
}

/* Counting the bytes of all connections takes a lock at each allocation, and nobody reads the figure. */
static void configure(void) { (void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

static struct connection *connect_file(const struct place *place, bool writer, struct err *e) {
  static pthread_once_t once = PTHREAD_ONCE_INIT; /* house: allow mutable - configured before the first use */
  must(pthread_once(&once, configure) == 0);
  struct arena mem = {0};
  struct sqlite_connection *s = arena_new(&mem, struct sqlite_connection);
  s->stmts = arena_new_n(&mem, struct sqlite_stmt, STATEMENT_SLOTS);
  s->head = (struct connection){&driver_sqlite, mem, writer};
  if (place->may_create) { /* for its owner alone; what SQLite puts beside it follows */
    const int made = open(place->where.at, O_CREAT | O_EXCL | O_CLOEXEC | O_RDWR, S_IRUSR | S_IWUSR);
    if (made >= 0) (void)close(made);
  }
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (place->may_create ? SQLITE_OPEN_CREATE : 0);
  const int rc = sqlite3_open_v2(place->where.at, &s->db, flags, NULL);
  if (rc != SQLITE_OK) {
    (void)fail(e, ERR_STORE, MSG_store_open, "file", place->label, "what", str_of(sqlite3_errstr(rc)));
    disconnect(&s->head);
    return NULL;
  }
  (void)sqlite3_extended_result_codes(s->db, 1);
  (void)sqlite3_busy_timeout(s->db, BUSY_MS);
  (void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  (void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL); /* "x" is a name, and an error when there is none */
  (void)sqlite3_db_config(s->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
  if (add_tokenizer(s->db, e)) return &s->head;
  disconnect(&s->head);
  return NULL;
}

/* Settings of every connection. LIKE distinguishes case, as on other engines; what is deleted or written over is zeroes in
 * the file, not left lying in a free place. */
static const char settings[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;"
    "PRAGMA case_sensitive_like=ON; PRAGMA cache_size=-16384; PRAGMA wal_autocheckpoint=8192; PRAGMA "
    "temp_store=MEMORY; PRAGMA "
    "journal_size_limit=67108864; PRAGMA secure_delete=ON;";

static bool prepare_own(struct sqlite_connection *s, const char *sql, sqlite3_stmt **out, struct err *e) {
  const int rc = sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, out, NULL);
  return rc == SQLITE_OK || db_fail(s->db, rc, e);
}
static bool ready(struct connection *c, struct err *e) {
  struct sqlite_connection *s = of(c);
  TRY(exec(s->db, settings, e));
  TRY(exec(s->db, c->writer ? "PRAGMA cache_size=-65536" : "PRAGMA query_only=ON",
           e)); /* its pages lie all over the indexes */
  TRY(prepare_own(s, c->writer ? "BEGIN IMMEDIATE" : "BEGIN", &s->begin, e));
  TRY(prepare_own(s, "COMMIT", &s->commit, e));
  TRY(prepare_own(s, "ROLLBACK", &s->rollback, e));
  TRY(prepare_own(s, "SAVEPOINT act", &s->savepoint, e));
  TRY(prepare_own(s, "RELEASE act", &s->release, e));
  return prepare_own(s, "ROLLBACK TO act", &s->undo, e);
}

/* ---- transactions ---- */

/* One of the connection's own statements (BEGIN, COMMIT, ...). */
static bool run(struct sqlite_connection *s, sqlite3_stmt *st, struct err *e) {
  const int rc = sqlite3_step(st);
  (void)sqlite3_reset(st);
  return rc == SQLITE_DONE || db_fail(s->db, rc, e);
}
static bool begin(struct connection *c, struct err *e) { return run(of(c), of(c)->begin, e); }
static void rollback(struct connection *c) {
  struct err ignored = {0};
  if (!sqlite3_get_autocommit(of(c)->db)) (void)run(of(c), of(c)->rollback, &ignored);
}
static bool commit(struct connection *c, struct err *e) {
  if (run(of(c), of(c)->commit, e)) return true;
  rollback(c);
  return false;
}
static bool savepoint(struct connection *c, struct err *e) { return run(of(c), of(c)->savepoint, e); }
static bool savepoint_release(struct connection *c, struct err *e) { return run(of(c), of(c)->release, e); }
static bool savepoint_undo(struct connection *c, struct err *e) {
  TRY(run(of(c), of(c)->undo, e));
  return run(of(c), of(c)->release, e);
}
static void checkpoint(struct connection *c) {
  (void)sqlite3_wal_checkpoint_v2(of(c)->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
}

/* ---- schema ---- */

static bool read_int(sqlite3 *db, const char *sql, int64_t *out, struct err *e) {
  sqlite3_stmt *st = NULL;
  const int rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
  if (rc != SQLITE_OK) return db_fail(db, rc, e);
  const bool ok = sqlite3_step(st) == SQLITE_ROW;
  *out = sqlite3_column_int64(st, 0);
  (void)sqlite3_finalize(st);
  return ok || db_fail(db, SQLITE_ERROR, e);
}

/* A file that SQLite cannot read is not ours either. */
static bool schema_read(struct connection *c, const struct place *place, struct schema_state *out, struct err *e) {
  int64_t id = 0, tables = 0;
  sqlite3 *db = of(c)->db;
  struct err why = {0};
  if (!read_int(db, "PRAGMA application_id", &id, &why) || !read_int(db, "PRAGMA user_version", &out->version, &why) ||
      !read_int(db, "SELECT count(*) FROM sqlite_schema", &tables, &why)) {
    if (why.code == ERR_BUSY) *e = why;
    return fail(e, ERR_INVALID, MSG_store_not_ours, "file", place->label);
  }
  out->empty = !tables;
  out->ours = tables && id == APPLICATION_ID;
  return true;
}
static bool schema_begin(struct connection *c, struct err *e) {
  TRY(exec(of(c)->db, "PRAGMA journal_mode=WAL", e));
  return exec(of(c)->db, "BEGIN IMMEDIATE", e);
}
static bool schema_step(struct connection *c, struct str sql, int version, struct err *e) {
  AUTO_ARENA mem = {0};
  const struct str numbers = str_fmt(&mem, "PRAGMA user_version=%d; PRAGMA application_id=%d", version, APPLICATION_ID);
  TRY(exec(of(c)->db, str_z(&mem, sql), e));
  return exec(of(c)->db, numbers.at, e);
}
static bool schema_end(struct connection *c, bool keep, struct err *e) {
  return exec(of(c)->db, keep ? "COMMIT" : "ROLLBACK", e);
}
static struct str schema_text(struct arena *mem, struct str sql) {
  (void)mem;
  return sql;
}
static bool declare(struct connection *c, struct str sql, struct err *e) {
  AUTO_ARENA mem = {0};
  return exec(of(c)->db, str_z(&mem, sql), e);
}

/* ---- questions to the database itself ---- */

/* Runs a query of one text parameter and hands each row to `take`. */
static bool each_row(sqlite3 *db, const char *sql, struct str arg,
                     void (*take)(struct arena *mem, sqlite3_stmt *row, void *to), struct arena *mem, void *to,
                     struct err *e) {
  sqlite3_stmt *st = NULL;
  int rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
  if (rc == SQLITE_OK && arg.at) rc = sqlite3_bind_text64(st, 1, arg.at, arg.len, SQLITE_STATIC, SQLITE_UTF8);
  while (rc == SQLITE_OK && (rc = sqlite3_step(st)) == SQLITE_ROW) {
    take(mem, st, to);
    rc = SQLITE_OK;
  }
  (void)sqlite3_finalize(st);
  return rc == SQLITE_DONE || db_fail(db, rc, e);
}
static void take_first(struct arena *mem, sqlite3_stmt *st, void *to) {
  struct str *first = to;
  if (!first->at) *first = str_dup(mem, str_of((const char *)sqlite3_column_text(st, 0)));
}

static bool sound(struct connection *c, struct arena *mem, struct str *out_problem, struct err *e) {
  struct str says = {0}, stray = {0}, mode = {0}, sync = {0};
  sqlite3 *db = of(c)->db;
  TRY(each_row(db, "PRAGMA integrity_check(1)", (struct str){0}, take_first, mem, &says, e));
  TRY(each_row(db, "PRAGMA foreign_key_check", (struct str){0}, take_first, mem, &stray, e));
  TRY(each_row(db, "PRAGMA journal_mode", (struct str){0}, take_first, mem, &mode, e));
  TRY(each_row(db, "PRAGMA synchronous", (struct str){0}, take_first, mem, &sync, e));
  if (!str_eqz(says, "ok")) *out_problem = says;
  else if (stray.at) *out_problem = str_fmt(mem, "foreign_key_check=" STRF, STRA(stray));
  else if (!str_eqz(mode, "wal") || !str_eqz(sync, "2"))
    *out_problem = str_fmt(mem, "journal_mode=" STRF " synchronous=" STRF, STRA(mode), STRA(sync));
  return true;
}

/* ---- whole tables ---- */

struct sqlite_loader {
  struct loader head;
  struct sqlite_connection *c;
  const struct catalog_table *table;
  sqlite3_stmt *insert;
};

static struct str text_of(struct arena *mem, sqlite3_stmt *st, int column) {
  return str_dup(mem, str_of((const char *)sqlite3_column_text(st, column)));
}
static void take_table(struct arena *mem, sqlite3_stmt *st, void *to) {
  struct catalog *cat = to;
  vec_push(mem, &cat->tables) = (struct catalog_table){.name = text_of(mem, st, 0)};
}
static void take_column(struct arena *mem, sqlite3_stmt *st, void *to) {
  struct catalog_table *t = to;
  const struct str type = text_of(mem, st, 1);
  const char letter = str_eqz(type, "TEXT") ? 's' : str_eqz(type, "INTEGER") ? 'i' : str_eqz(type, "BLOB") ? 'b' : 0;
  vec_push(mem, &t->columns) = (struct catalog_column){text_of(mem, st, 0), letter};
}
static void take_name(struct arena *mem, sqlite3_stmt *st, void *to) {
  catalog_names *names = to;
  vec_push(mem, names) = text_of(mem, st, 0);
}
static bool catalog(struct connection *c, struct arena *mem, struct catalog *out, struct err *e) {
  sqlite3 *db = of(c)->db;
  TRY(each_row(db,
               "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE "
               "'search_index%' ORDER BY name",
               (struct str){0}, take_table, mem, out, e));
  vec_each(struct catalog_table, t, &out->tables) {
    TRY(each_row(db, "SELECT name, type FROM pragma_table_info(?1) ORDER BY cid", t->name, take_column, mem, t, e));
    TRY(each_row(db, "SELECT name FROM pragma_table_info(?1) WHERE pk ORDER BY pk", t->name, take_name, mem, &t->keys,
                 e));
    TRY(each_row(db, "SELECT DISTINCT \"table\" FROM pragma_foreign_key_list(?1) ORDER BY 1", t->name, take_name, mem,
                 &t->refers, e));
  }
  return true;
}

static struct store_stmt *rows_begin(struct connection *c, struct str sql, struct err *e) {
  struct sqlite_stmt *st = arena_new(&c->mem, struct sqlite_stmt);
  st->head.driver = &driver_sqlite;
  const int rc = sqlite3_prepare_v2(of(c)->db, sql.at, (int)sql.len, &st->stmt, NULL);
  if (rc == SQLITE_OK) return &st->head;
  (void)db_fail(of(c)->db, rc, e);
  return NULL;
}
static void rows_end(struct store_stmt *rows) { (void)sqlite3_finalize(raw(rows)); }

static struct loader *load_begin(struct connection *c, struct arena *mem, const struct catalog_table *t,
                                 struct err *e) {
  struct sqlite_loader *l = arena_new(mem, struct sqlite_loader);
  AUTO_BUF b = BUF_MAX(LOAD_SQL_MAX);
  *l = (struct sqlite_loader){{&driver_sqlite}, of(c), t, NULL};
  buf_fmt(&b, "INSERT INTO \"" STRF "\"", STRA(t->name));
  for (size_t i = 0; i < t->columns.len; i++)
    buf_fmt(&b, "%s\"" STRF "\"", i ? ", " : " (", STRA(t->columns.at[i].name));
  for (size_t i = 0; i < t->columns.len; i++) buf_fmt(&b, "%s?%zu", i ? ", " : ") VALUES (", i + 1);
  buf_byte(&b, ')');
  must(!b.broken);
  const int rc = sqlite3_prepare_v2(of(c)->db, b.at, (int)b.len, &l->insert, NULL);
  if (rc == SQLITE_OK) return &l->head;
  (void)db_fail(of(c)->db, rc, e);
  return NULL;
}
static bool load_row(struct loader *head, const struct copy_value *row, struct err *e) {
  struct sqlite_loader *l = (struct sqlite_loader *)(void *)head;
  struct sqlite_stmt st = {.stmt = l->insert};
  for (size_t i = 0; i < l->table->columns.len; i++) {
    const int k = (int)i + 1;
    const char type = l->table->columns.at[i].type;
    if (row[i].null) bind_null(&st.head, k);
    else if (type == 'i') bind_int(&st.head, k, row[i].n);
    else if (type == 'b') bind_blob(&st.head, k, row[i].bytes);
    else bind_str(&st.head, k, row[i].bytes);
  }
  return run(l->c, l->insert, e);
}
static bool load_end(struct loader *head, bool keep, struct err *e) {
  (void)e;
  (void)sqlite3_finalize(((struct sqlite_loader *)(void *)head)->insert);
  return keep;
}

const struct driver driver_sqlite = {
    .name = "sqlite",
    .writers = 1,
    .label = label,
    .connect = connect_file,
    .disconnect = disconnect,
    .ready = ready,
    .schema_read = schema_read,
    .schema_begin = schema_begin,
    .schema_step = schema_step,
    .schema_end = schema_end,
    .schema_text = schema_text,
    .search_schema = search_schema,
    .search = search,
    .search_ids = search_ids,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .savepoint = savepoint,
    .savepoint_release = savepoint_release,
    .savepoint_undo = savepoint_undo,
    .checkpoint = checkpoint,
    .prepare = prepare,
    .bind_str = bind_str,
    .bind_int = bind_int,
    .bind_blob = bind_blob,
    .bind_null = bind_null,
    .step = step,
    .column_null = column_null,
    .column_bytes = column_bytes,
    .column_int = column_int,
    .changed = changed,
    .reset = reset,
    .declare = declare,
    .sound = sound,
    .catalog = catalog,
    .rows_begin = rows_begin,
    .rows_end = rows_end,
    .load_begin = load_begin,
    .load_row = load_row,
    .load_end = load_end,
};
