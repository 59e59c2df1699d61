/* The store on PostgreSQL, through libpq.
 *
 * Writers run SERIALIZABLE, readers REPEATABLE READ and read only: a snapshot as on SQLite. Statements are prepared
 * once a connection with declared types, parameters and results are binary: bigint, text, bytea and nothing else. A
 * statement's rows come at once and are walked by store_step; what can be long has a LIMIT of its own.
 *
 * What may run again is ERR_BUSY: serialization failures and deadlocks (class 40), a lock that was not had in time, and
 * a connection that was lost before the commit was sent. A connection lost during the commit is ERR_STORE: nobody can
 * say then whether it was kept. Plain SQL only, for other engines of this protocol: no advisory locks, no LISTEN. */
#include <libpq-fe.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/vec.h"
#include "store/driver.h"
#include "texts.h"

enum { OID_BYTEA = 17, OID_INT8 = 20, OID_TEXT = 25, BINDS_MAX = 320, SCHEMA_TEXT_MAX = 4 << 20, TYPE_INT_BYTES = 8 };
enum { COPY_PIECE = 1 << 16, COPY_ROW_MAX = 256 << 20 };

struct pg_stmt {
  struct store_stmt head;
  const struct store_sql *sql;
  int name;
  struct pg_connection *c;
  bool prepared, ran;
  bool streamed; /* rows_begin's: they come one by one */
  const char *values[BINDS_MAX];
  int lengths[BINDS_MAX];
  unsigned char numbers[BINDS_MAX][TYPE_INT_BYTES];
  PGresult *result;
  int row;
};
struct pg_connection {
  struct connection head;
  PGconn *pg;
  struct pg_stmt **stmts; /* by statement_slot, made when first used */
};
static struct pg_connection *of(struct connection *c) { return (struct pg_connection *)(void *)c; }
static struct pg_stmt *st_of(struct store_stmt *s) { return (struct pg_stmt *)(void *)s; }

/* ---- errors ---- */

static bool state_is(const char *state, const char *what) { return state && str_starts(str_of(state), str_of(what)); }

static bool pg_fail(struct pg_connection *c, const PGresult *r, struct err *e) {
  const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
  const char *says = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
  const bool lost = PQstatus(c->pg) != CONNECTION_OK;
  if (lost || state_is(state, "40") || state_is(state, "55P03") || state_is(state, "57P0"))
    return fail(e, ERR_BUSY, MSG_store_busy);
  if (state_is(state, "23"))
    return fail(e, ERR_DUPLICATE, MSG_store_failed, "what", str_of(says ? says : "constraint"));
  return fail(e, ERR_STORE, MSG_store_failed, "what", str_trim(str_of(says ? says : PQerrorMessage(c->pg))));
}

/* A command without rows, or several of them. */
static bool exec(struct pg_connection *c, const char *sql, struct err *e) {
  PGresult *r = PQexec(c->pg, sql);
  const ExecStatusType status = PQresultStatus(r);
  const bool ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || pg_fail(c, r, e);
  PQclear(r);
  return ok;
}

/* ---- full-text search: pairs of characters in a GIN index, and LIKE to see that they stand in a row ---- */

/* Lexemes are given as they are (a cast, not to_tsvector): no dictionary, locale or parser has a say. Without fastupdate
 * no search waits for a list of what was not yet put in order. */
static const char search_schema[] =
    "CREATE TABLE IF NOT EXISTS search_index (tenant text COLLATE \"C\" NOT NULL, doc bigint NOT NULL, line text "
    "COLLATE "
    "\"C\" NOT NULL, grams tsvector NOT NULL, PRIMARY KEY (tenant, doc));\n"
    "CREATE INDEX IF NOT EXISTS search_grams ON search_index USING gin (grams) WITH (fastupdate = off);\n";
static const struct store_sql search[SEARCH_STATEMENTS] = {
    [SEARCH_ADD] = {"search_add",
                    "INSERT INTO search_index (tenant, doc, line, grams) VALUES ($1, $2, $3, CAST($4::text AS "
                    "tsvector))",
                    -1, 4, 0, "siss", true, false},
    [SEARCH_REMOVE] = {"search_remove", "DELETE FROM search_index WHERE tenant = $1 AND doc = $2", -2, 2, 0, "si", true,
                       false},
    [SEARCH_CLEAR] = {"search_clear", "DELETE FROM search_index WHERE tenant = $1", -3, 1, 0, "s", true, false},
    [SEARCH_COUNT] = {"search_count", "SELECT count(*) FROM search_index WHERE tenant = $1", -4, 1, 1, "s", false,
                      false},
    [SEARCH_FIND] =
        {"search_find",
         "SELECT r.doc, r.kind, r.id, r.unit, r.title, r.body FROM search_index i JOIN search_row r ON "
         "r.tenant = i.tenant AND r.doc = i.doc WHERE i.tenant = $1::text AND i.grams @@ CAST($2::text AS "
         "tsquery) AND i.doc < $3::bigint AND i.line LIKE $5::text AND i.line LIKE $6::text AND i.line LIKE "
         "$7::text AND i.line LIKE $8::text AND i.line LIKE $9::text AND i.line LIKE $10::text AND i.line "
         "LIKE $11::text AND i.line LIKE $12::text ORDER BY i.doc DESC LIMIT $4::bigint",
         -5, 4 + SEARCH_PHRASES_MAX, 6, "ssiissssssss", false, false},
    [SEARCH_WITHIN] = {"search_within",
                       "SELECT count(*) FROM (SELECT 1 FROM search_index i WHERE i.tenant = $1::text AND i.grams @@ "
                       "CAST($2::text AS tsquery) LIMIT $3::bigint) x",
                       -6, 3, 1, "ssi", false, false},
};
static const char search_ids[] =
    "FROM search_index i JOIN search_row s ON s.tenant = i.tenant AND s.doc = i.doc WHERE i.grams @@ CAST(@ AS "
    "tsquery) AND i.tenant = @ AND s.kind = @";
_Static_assert(SEARCH_PHRASES_MAX == 8, "as many LIKE");

/* ---- statements ---- */

static Oid type_of(char letter) { return letter == 'i' ? OID_INT8 : letter == 'b' ? OID_BYTEA : OID_TEXT; }

static bool prepare_there(struct pg_connection *c, struct pg_stmt *st, struct err *e) {
  Oid types[BINDS_MAX] = {0};
  char name[16];
  must(st->sql->binds <= BINDS_MAX);
  for (int i = 0; i < st->sql->binds; i++) types[i] = type_of(st->sql->types[i]);
  (void)snprintf(name, sizeof name, "s%d", st->name);
  PGresult *r = PQprepare(c->pg, name, st->sql->text, st->sql->binds, types);
  st->prepared = PQresultStatus(r) == PGRES_COMMAND_OK || pg_fail(c, r, e);
  PQclear(r);
  return st->prepared;
}

static bool forget(struct pg_stmt *st, struct err *e) {
  char command[32];
  (void)snprintf(command, sizeof command, "DEALLOCATE s%d", st->name);
  if (st->prepared) TRY(exec(st->c, command, e));
  st->prepared = false;
  st->sql = NULL;
  return true;
}
/* A composed statement lives as long as it keeps its place; the others are constants. */
static void take_sql(struct pg_stmt *st, const struct store_sql *sql) {
  if (sql->index == STORE_COMPOSED) stmt_take(&st->head, sql);
  st->sql = sql->index == STORE_COMPOSED ? &st->head.own : sql;
}
static bool is_there(const struct pg_stmt *st, const struct store_sql *sql) {
  if (sql->index == STORE_COMPOSED) return stmt_is(&st->head, sql);
  return st->sql == sql || !strcmp(st->sql->text, sql->text);
}
static struct store_stmt *prepare(struct connection *conn, const struct store_sql *sql, struct err *e) {
  struct pg_connection *c = of(conn);
  const size_t at = statement_slot(sql);
  struct pg_stmt *st = c->stmts[at];
  if (!st) {
    st = c->stmts[at] = arena_new(&conn->mem, struct pg_stmt);
    st->head.driver = &driver_postgres;
    st->name = (int)at;
    st->c = c;
  }
  if (st->sql && !is_there(st, sql) && !forget(st, e)) return NULL;
  if (!st->sql) take_sql(st, sql);
  if (!st->prepared && !prepare_there(c, st, e)) return NULL;
  st->ran = false;
  return &st->head;
}
static void bind_str(struct store_stmt *s, int i, struct str v) {
  st_of(s)->values[i - 1] = v.at ? v.at : "";
  must(v.len <= INT32_MAX);
  st_of(s)->lengths[i - 1] = (int)v.len;
}
static void bind_int(struct store_stmt *s, int i, int64_t v) {
  unsigned char *n = st_of(s)->numbers[i - 1];
  for (int k = 0; k < TYPE_INT_BYTES; k++) n[k] = (unsigned char)((uint64_t)v >> (8 * (TYPE_INT_BYTES - 1 - k)));
  bind_str(s, i, (struct str){(const char *)n, TYPE_INT_BYTES});
}
static void bind_null(struct store_stmt *s, int i) {
  st_of(s)->values[i - 1] = NULL;
  st_of(s)->lengths[i - 1] = 0;
}

/* What is searched is planned anew each time: a rare word wants the index, a frequent one the latest rows. */
static bool run_there(struct pg_stmt *st, struct err *e) {
  static const int binary[BINDS_MAX] = {[0 ... BINDS_MAX - 1] = 1};
  const struct store_sql *sql = st->sql;
  char name[16];
  (void)snprintf(name, sizeof name, "s%d", st->name);
  if (sql == &search[SEARCH_FIND] || sql == &search[SEARCH_WITHIN])
    st->result = PQexecParams(st->c->pg, sql->text, sql->binds, NULL, st->values, st->lengths, binary, 1);
  else st->result = PQexecPrepared(st->c->pg, name, sql->binds, st->values, st->lengths, binary, 1);
  st->row = -1;
  st->ran = true;
  const ExecStatusType status = PQresultStatus(st->result);
  return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || pg_fail(st->c, st->result, e);
}
static bool next_streamed(struct pg_stmt *st, bool *out_row, struct err *e);
static bool step(struct store_stmt *s, bool *out_row, struct err *e) {
  struct pg_stmt *st = st_of(s);
  *out_row = false;
  if (st->streamed) return next_streamed(st, out_row, e);
  if (!st->ran) TRY(run_there(st, e));
  *out_row = ++st->row < PQntuples(st->result);
  return true;
}
static bool column_null(struct store_stmt *s, int c) { return PQgetisnull(st_of(s)->result, st_of(s)->row, c); }
static struct str column_bytes(struct store_stmt *s, int c, struct arena *mem) {
  const struct pg_stmt *st = st_of(s);
  return str_dup(mem, (struct str){PQgetvalue(st->result, st->row, c), (size_t)PQgetlength(st->result, st->row, c)});
}
/* smallint, integer and bigint alike: big-endian, signed. */
static int64_t column_int(struct store_stmt *s, int c) {
  const struct pg_stmt *st = st_of(s);
  const char *p = PQgetvalue(st->result, st->row, c);
  const int len = PQgetlength(st->result, st->row, c);
  uint64_t n = len && (p[0] & 0x80) ? UINT64_MAX : 0;
  for (int i = 0; i < len && i < TYPE_INT_BYTES; i++) n = n << 8 | (unsigned char)p[i];
  return (int64_t)n;
}
static int64_t changed(struct store_stmt *s) {
  int64_t n = 0;
  (void)str_to_int(str_of(PQcmdTuples(st_of(s)->result)), &n);
  return n;
}
static void reset(struct store_stmt *s) {
  PQclear(st_of(s)->result);
  st_of(s)->result = NULL;
  st_of(s)->ran = false;
}

/* ---- connections ---- */

static void forget_prepared(struct pg_connection *c) {
  for (size_t i = 0; i < STATEMENT_SLOTS; i++)
    if (c->stmts[i]) c->stmts[i]->prepared = false;
}

/* host, port and name of the database: nothing secret. */
static struct str label(struct arena *mem, struct str where) {
  PQconninfoOption *all = PQconninfoParse(where.at, NULL);
  struct str out = STR("postgresql://");
  static const char *const parts[] = {"host", "port", "dbname"};
  static const char *const before[] = {"", ":", "/"};
  for (size_t k = 0; all && k < COUNT_OF(parts); k++)
    for (const PQconninfoOption *o = all; o->keyword; o++)
      if (o->val && str_eqz(str_of(o->keyword), parts[k]))
        out = str_fmt(mem, STRF "%s%s", STRA(out), before[k], o->val);
  PQconninfoFree(all);
  return out;
}

static void disconnect(struct connection *conn) {
  if (!conn) return;
  struct pg_connection *c = of(conn);
  for (size_t i = 0; i < STATEMENT_SLOTS; i++)
    if (c->stmts[i]) buf_drop(&c->stmts[i]->head.words);
  PQfinish(c->pg);
  struct arena mem = conn->mem; /* conn itself lives in it */
  arena_drop(&mem);
}

static void ignore_notice(void *arg, const PGresult *r) {
  (void)arg;
  (void)r;
}

static struct connection *connect_url(const struct place *place, bool writer, struct err *e) {
  struct arena mem = {0};
  struct pg_connection *c = arena_new(&mem, struct pg_connection);
  c->stmts = arena_new_n(&mem, struct pg_stmt *, STATEMENT_SLOTS);
  c->head = (struct connection){&driver_postgres, mem, writer};
  const char *const keys[] = {"dbname", "connect_timeout", "fallback_application_name", "client_encoding", NULL};
  const char *const values[] = {place->where.at, "10", "gangmu", "UTF8", NULL};
  c->pg = PQconnectdbParams(keys, values, 1);
  if (PQstatus(c->pg) != CONNECTION_OK) {
    (void)fail(e, ERR_STORE, MSG_store_open, "file", place->label, "what", str_trim(str_of(PQerrorMessage(c->pg))));
    disconnect(&c->head);
    return NULL;
  }
  (void)PQsetNoticeReceiver(c->pg, ignore_notice, NULL);
  return &c->head;
}

/* Plans are made once: statements name their indexes by their form, and planning one of many branches costs more than
 * running it. None is compiled: that takes longer (60 ms) than any of them runs. An engine that has no such setting plans
 * as it likes. */
static bool ready(struct connection *conn, struct err *e) {
  struct err ignored = {0};
  (void)exec(of(conn), "SET plan_cache_mode = force_generic_plan", &ignored);
  ignored = (struct err){0};
  (void)exec(of(conn), "SET jit = off", &ignored);
  return exec(of(conn), "SET synchronous_commit = on; SET lock_timeout = '10s'; SET standard_conforming_strings = on",
              e);
}

/* ---- transactions ---- */

/* A server that went away and came back is met here, where nothing is lost by starting anew. */
static bool reconnect(struct connection *conn, struct err *e) {
  struct pg_connection *c = of(conn);
  PQreset(c->pg);
  forget_prepared(c);
  if (PQstatus(c->pg) != CONNECTION_OK) return fail(e, ERR_BUSY, MSG_store_busy);
  return ready(conn, e);
}
static bool begin(struct connection *conn, struct err *e) {
  const char *sql =
      conn->writer ? "BEGIN ISOLATION LEVEL SERIALIZABLE" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
  struct err first = {0};
  if (PQstatus(of(conn)->pg) == CONNECTION_OK) {
    if (exec(of(conn), sql, &first)) return true;
    if (PQstatus(of(conn)->pg) == CONNECTION_OK) {
      *e = first;
      return false;
    }
  }
  TRY(reconnect(conn, e));
  return exec(of(conn), sql, e);
}
static void rollback(struct connection *conn) {
  struct err ignored = {0};
  if (PQtransactionStatus(of(conn)->pg) != PQTRANS_IDLE) (void)exec(of(conn), "ROLLBACK", &ignored);
}
/* COMMIT of a transaction that failed before answers ROLLBACK: that is no commit. */
static bool commit(struct connection *conn, struct err *e) {
  struct pg_connection *c = of(conn);
  PGresult *r = PQexec(c->pg, "COMMIT");
  bool ok = PQresultStatus(r) == PGRES_COMMAND_OK;
  if (ok && str_eqz(str_of(PQcmdStatus(r)), "ROLLBACK")) ok = fail(e, ERR_BUSY, MSG_store_busy);
  else if (!ok && PQstatus(c->pg) != CONNECTION_OK) (void)fail(e, ERR_STORE, MSG_store_unknown);
  else if (!ok) (void)pg_fail(c, r, e);
  PQclear(r);
  if (!ok) rollback(conn);
  return ok;
}
static bool savepoint(struct connection *c, struct err *e) { return exec(of(c), "SAVEPOINT act", e); }
static bool savepoint_release(struct connection *c, struct err *e) { return exec(of(c), "RELEASE SAVEPOINT act", e); }
static bool savepoint_undo(struct connection *c, struct err *e) {
  return exec(of(c), "ROLLBACK TO SAVEPOINT act; RELEASE SAVEPOINT act", e);
}

/* ---- schema ---- */

static bool read_int(struct pg_connection *c, const char *sql, int64_t *out, struct err *e) {
  PGresult *r = PQexec(c->pg, sql);
  const bool ok = (PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) == 1) || pg_fail(c, r, e);
  if (ok) (void)str_to_int(str_of(PQgetvalue(r, 0, 0)), out);
  PQclear(r);
  return ok;
}
static bool schema_read(struct connection *conn, const struct place *place, struct schema_state *out, struct err *e) {
  int64_t tables = 0, own = 0;
  struct pg_connection *c = of(conn);
  (void)place;
  TRY(read_int(c, "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema()", &tables, e));
  TRY(read_int(c,
               "SELECT count(*) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = "
               "'gangmu_schema'",
               &own, e));
  out->empty = !tables;
  out->ours = own > 0;
  return !own || read_int(c, "SELECT max(version) FROM gangmu_schema", &out->version, e);
}
/* Two processes that start on an empty database: the second waits here and then finds the table made. */
static bool schema_begin(struct connection *conn, struct err *e) {
  struct pg_connection *c = of(conn);
  struct err why = {0};
  TRY(exec(c, "BEGIN ISOLATION LEVEL READ COMMITTED", e));
  if (exec(c,
           "CREATE TABLE IF NOT EXISTS gangmu_schema (version bigint NOT NULL PRIMARY KEY);"
           "LOCK TABLE gangmu_schema IN ACCESS EXCLUSIVE MODE",
           &why))
    return true;
  rollback(conn);
  if (why.code == ERR_DUPLICATE) return fail(e, ERR_BUSY, MSG_store_busy);
  *e = why;
  return false;
}
static bool schema_step(struct connection *conn, struct str sql, int version, struct err *e) {
  AUTO_ARENA mem = {0};
  TRY(exec(of(conn), str_z(&mem, sql), e));
  return exec(of(conn), str_fmt(&mem, "INSERT INTO gangmu_schema (version) VALUES (%d)", version).at, e);
}
static bool schema_end(struct connection *conn, bool keep, struct err *e) {
  if (keep) return commit(conn, e);
  rollback(conn);
  return true;
}

/* A word of a migration in PostgreSQL's way; itself when it is none of the three types. */
static struct str word_here(struct str word) {
  if (str_eqz(word, "INTEGER")) return STR("bigint");
  if (str_eqz(word, "BLOB")) return STR("bytea");
  return str_eqz(word, "TEXT") ? STR("text COLLATE \"C\"") : word;
}
static bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}
/* End of what starts at `at`: a quoted text, a comment, a word, or one byte. */
static size_t token_end(struct str s, size_t at) {
  size_t i = at + 1;
  const char c = s.at[at];
  if (c == '\'' || c == '"') {
    while (i < s.len && s.at[i] != c) i++;
    return i < s.len ? i + 1 : i;
  }
  if (c == '-' && i < s.len && s.at[i] == '-')
    while (i < s.len && s.at[i] != '\n') i++;
  else if (is_word_byte(c))
    while (i < s.len && is_word_byte(s.at[i])) i++;
  return i;
}
static struct str schema_text(struct arena *mem, struct str sql) {
  AUTO_BUF out = BUF_MAX(SCHEMA_TEXT_MAX);
  for (size_t i = 0; i < sql.len;) {
    const size_t end = token_end(sql, i);
    const struct str token = str_slice(sql, i, end);
    i = end;
    if (!str_eqz(token, "STRICT")) buf_str(&out, word_here(token));
  }
  must(!out.broken);
  return str_dup(mem, buf_view(&out));
}
static bool declare(struct connection *conn, struct str sql, struct err *e) {
  AUTO_ARENA mem = {0};
  return exec(of(conn), str_z(&mem, schema_text(&mem, sql)), e);
}

/* ---- whole tables ---- */

/* A query whose answer is text, of at most one text parameter; NULL and *e set when it fails. */
static PGresult *ask(struct pg_connection *c, const char *sql, struct str arg, struct err *e) {
  AUTO_ARENA mem = {0};
  const char *const values[] = {arg.at ? str_z(&mem, arg) : NULL};
  PGresult *r = PQexecParams(c->pg, sql, arg.at ? 1 : 0, NULL, values, NULL, NULL, 0);
  if (PQresultStatus(r) == PGRES_TUPLES_OK) return r;
  (void)pg_fail(c, r, e);
  PQclear(r);
  return NULL;
}
static struct str cell(struct arena *mem, const PGresult *r, int row, int column) {
  return str_dup(mem, str_of(PQgetvalue(r, row, column)));
}

static bool sound(struct connection *conn, struct arena *mem, struct str *out_problem, struct err *e) {
  static const char *const settings[] = {"fsync", "full_page_writes", "synchronous_commit"};
  for (size_t i = 0; i < COUNT_OF(settings) && !out_problem->len; i++) {
    PGresult *r = ask(of(conn), "SELECT current_setting($1)", str_of(settings[i]), e);
    if (!r) return false;
    if (str_eqz(str_of(PQgetvalue(r, 0, 0)), "off")) *out_problem = str_fmt(mem, "%s = off", settings[i]);
    PQclear(r);
  }
  return true;
}

static bool read_columns(struct pg_connection *c, struct arena *mem, struct catalog_table *t, struct err *e) {
  PGresult *r = ask(c,
                    "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = "
                    "current_schema() AND table_name = $1 ORDER BY ordinal_position",
                    t->name, e);
  if (!r) return false;
  for (int i = 0; i < PQntuples(r); i++) {
    const struct str type = cell(mem, r, i, 1);
    const char letter = str_eqz(type, "text") ? 's' : str_eqz(type, "bigint") ? 'i' : str_eqz(type, "bytea") ? 'b' : 0;
    vec_push(mem, &t->columns) = (struct catalog_column){cell(mem, r, i, 0), letter};
  }
  PQclear(r);
  return true;
}
static const char key_names[] =
    "SELECT k.column_name FROM information_schema.table_constraints n JOIN information_schema.key_column_usage k ON "
    "k.constraint_schema = n.constraint_schema AND k.constraint_name = n.constraint_name AND k.table_name = "
    "n.table_name "
    "WHERE n.table_schema = current_schema() AND n.table_name = $1 AND n.constraint_type = 'PRIMARY KEY' ORDER BY "
    "k.ordinal_position";
static const char referred_names[] =
    "SELECT DISTINCT f.relname FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class f ON f.oid = "
    "k.confrelid JOIN pg_namespace s ON s.oid = t.relnamespace WHERE k.contype = 'f' AND s.nspname = current_schema() "
    "AND "
    "t.relname = $1 ORDER BY 1";

static bool read_names(struct pg_connection *c, struct arena *mem, const char *sql, struct str table,
                       catalog_names *out, struct err *e) {
  PGresult *r = ask(c, sql, table, e);
  if (!r) return false;
  for (int i = 0; i < PQntuples(r); i++) vec_push(mem, out) = cell(mem, r, i, 0);
  PQclear(r);
  return true;
}
static bool catalog(struct connection *conn, struct arena *mem, struct catalog *out, struct err *e) {
  struct pg_connection *c = of(conn);
  PGresult *r = ask(c,
                    "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND "
                    "table_type = 'BASE TABLE' AND table_name NOT IN ('gangmu_schema', 'search_index') ORDER BY "
                    "table_name COLLATE \"C\"",
                    (struct str){0}, e);
  if (!r) return false;
  for (int i = 0; i < PQntuples(r); i++)
    vec_push(mem, &out->tables) = (struct catalog_table){.name = cell(mem, r, i, 0)};
  PQclear(r);
  vec_each(struct catalog_table, t, &out->tables)
    TRY(read_columns(c, mem, t, e) && read_names(c, mem, key_names, t->name, &t->keys, e) &&
        read_names(c, mem, referred_names, t->name, &t->refers, e));
  return true;
}

/* Rows one by one as they come. */
static struct store_stmt *rows_begin(struct connection *conn, struct str sql, struct err *e) {
  struct pg_connection *c = of(conn);
  struct pg_stmt *st = arena_new(&conn->mem, struct pg_stmt);
  *st = (struct pg_stmt){.head = {.driver = &driver_postgres}, .c = c, .streamed = true};
  if (PQsendQueryParams(c->pg, sql.at, 0, NULL, NULL, NULL, NULL, 1) && PQsetSingleRowMode(c->pg)) return &st->head;
  (void)pg_fail(c, NULL, e);
  return NULL;
}
static bool next_streamed(struct pg_stmt *st, bool *out_row, struct err *e) {
  PQclear(st->result);
  st->result = PQgetResult(st->c->pg);
  st->row = 0;
  const ExecStatusType status = PQresultStatus(st->result);
  *out_row = status == PGRES_SINGLE_TUPLE;
  return *out_row || status == PGRES_TUPLES_OK || pg_fail(st->c, st->result, e);
}
static void rows_end(struct store_stmt *rows) {
  struct pg_stmt *st = st_of(rows);
  const bool ended = PQresultStatus(st->result) != PGRES_SINGLE_TUPLE;
  char why[256];
  PGcancel *cancel = ended ? NULL : PQgetCancel(st->c->pg);
  if (cancel) (void)PQcancel(cancel, why, sizeof why);
  PQfreeCancel(cancel);
  do {
    PQclear(st->result);
  } while ((st->result = PQgetResult(st->c->pg)));
}

/* COPY in its binary form: a head, for each row the count of columns and of each its length and bytes, a tail. */
struct pg_loader {
  struct loader head;
  struct pg_connection *c;
  const struct catalog_table *table;
  struct buf out;
};
static void put_big_endian(struct buf *b, uint64_t n, int bytes) {
  while (bytes-- > 0) buf_byte(b, (char)(n >> (8 * bytes)));
}
static bool flush(struct pg_loader *l, struct err *e) {
  if (l->out.broken) return fail(e, ERR_TOO_LARGE, MSG_store_failed, "what", l->table->name);
  if (l->out.len && PQputCopyData(l->c->pg, l->out.at, (int)l->out.len) != 1) return pg_fail(l->c, NULL, e);
  buf_clear(&l->out);
  return true;
}
static struct loader *load_begin(struct connection *conn, struct arena *mem, const struct catalog_table *t,
                                 struct err *e) {
  struct pg_loader *l = arena_new(mem, struct pg_loader);
  *l = (struct pg_loader){{&driver_postgres}, of(conn), t, BUF_MAX(COPY_ROW_MAX)};
  buf_fmt(&l->out, "COPY \"" STRF "\"", STRA(t->name));
  for (size_t i = 0; i < t->columns.len; i++)
    buf_fmt(&l->out, "%s\"" STRF "\"", i ? ", " : " (", STRA(t->columns.at[i].name));
  buf_z(&l->out, ") FROM STDIN (FORMAT binary)");
  PGresult *r = PQexec(l->c->pg, str_z(mem, buf_view(&l->out)));
  const bool ok = PQresultStatus(r) == PGRES_COPY_IN || pg_fail(l->c, r, e);
  PQclear(r);
  buf_clear(&l->out);
  buf_add(&l->out, "PGCOPY\n\377\r\n\0", 11);
  put_big_endian(&l->out, 0, 8);
  if (!ok) buf_drop(&l->out);
  return ok ? &l->head : NULL;
}
static bool load_row(struct loader *head, const struct copy_value *row, struct err *e) {
  struct pg_loader *l = (struct pg_loader *)(void *)head;
  put_big_endian(&l->out, l->table->columns.len, 2);
  for (size_t i = 0; i < l->table->columns.len; i++) {
    const bool is_int = l->table->columns.at[i].type == 'i';
    put_big_endian(&l->out, row[i].null ? UINT32_MAX : is_int ? TYPE_INT_BYTES : row[i].bytes.len, 4);
    if (row[i].null) continue;
    if (is_int) put_big_endian(&l->out, (uint64_t)row[i].n, TYPE_INT_BYTES);
    else buf_str(&l->out, row[i].bytes);
  }
  return l->out.len < COPY_PIECE || flush(l, e);
}
static bool load_end(struct loader *head, bool keep, struct err *e) {
  struct pg_loader *l = (struct pg_loader *)(void *)head;
  put_big_endian(&l->out, UINT16_MAX, 2);
  keep = keep && flush(l, e);
  buf_drop(&l->out);
  if (PQputCopyEnd(l->c->pg, keep ? NULL : "not kept") != 1) return pg_fail(l->c, NULL, e);
  for (PGresult *r; (r = PQgetResult(l->c->pg)); PQclear(r))
    if (keep && PQresultStatus(r) != PGRES_COMMAND_OK) keep = pg_fail(l->c, r, e);
  return keep;
}

const struct driver driver_postgres = {
    .name = "postgresql",
    .writers = 1,
    .label = label,
    .connect = connect_url,
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
    .prepare = prepare,
    .bind_str = bind_str,
    .bind_int = bind_int,
    .bind_blob = bind_str,
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
