/* Reading and filling whole tables. SQL is put together here of names from the database's own catalogue, only of those that
 * are plain (a-z, 0-9, _), and quoted: declared tables have columns of any name. */
#include "store/copy.h"

#include "base/buf.h"
#include "base/hash.h"
#include "base/vec.h"
#include "sql.h"
#include "store/driver.h"
#include "store/journal.h"
#include "store/search.h"
#include "store/session.h"
#include "texts.h"

enum { SQL_MAX = 1 << 16 };

/* ---- the catalogue ---- */

static bool is_plain(struct str name) {
  for (size_t i = 0; i < name.len; i++) {
    const char c = name.at[i];
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
  }
  return name.len > 0 && name.len < 64;
}

static bool check_names(const struct catalog *cat, struct err *e) {
  vec_each(const struct catalog_table, t, &cat->tables) {
    if (!is_plain(t->name)) return fail(e, ERR_INVALID, MSG_copy_bad_name, "name", t->name);
    vec_each(const struct catalog_column, c, &t->columns)
      if (!is_plain(c->name) || !c->type) return fail(e, ERR_INVALID, MSG_copy_bad_name, "name", c->name);
  }
  return true;
}

static bool is_placed(const struct catalog *cat, const bool *placed, struct str name) {
  for (size_t i = 0; i < cat->tables.len; i++)
    if (str_eq(cat->tables.at[i].name, name)) return placed[i];
  return true; /* not ours to place */
}
static bool may_be_placed(const struct catalog *cat, const bool *placed, const struct catalog_table *t) {
  vec_each(const struct str, r, &t->refers)
    if (!str_eq(*r, t->name) && !is_placed(cat, placed, *r)) return false;
  return true;
}
/* Referenced tables first; tables in a ring of references stay in the order of their names. */
static void order(struct arena *mem, struct catalog *cat) {
  const size_t n = cat->tables.len;
  struct catalog_table *sorted = arena_new_n(mem, struct catalog_table, n);
  bool *placed = arena_new_n(mem, bool, n);
  for (size_t k = 0; k < n; k++) {
    size_t pick = n;
    for (size_t i = 0; i < n && pick == n; i++)
      if (!placed[i] && may_be_placed(cat, placed, &cat->tables.at[i])) pick = i;
    for (size_t i = 0; i < n && pick == n; i++)
      if (!placed[i]) pick = i;
    sorted[k] = cat->tables.at[pick];
    placed[pick] = true;
  }
  cat->tables.at = sorted;
}

static bool read_catalog(struct store *session, struct arena *mem, struct catalog *out, struct err *e) {
  struct connection *c = store_connection(session);
  *out = (struct catalog){0};
  TRY(c->driver->catalog(c, mem, out, e) && check_names(out, e));
  order(mem, out);
  return true;
}

/* ---- reading ---- */

static struct str select_all(struct arena *mem, const struct catalog_table *t) {
  AUTO_BUF b = BUF_MAX(SQL_MAX);
  for (size_t i = 0; i < t->columns.len; i++)
    buf_fmt(&b, "%s\"" STRF "\"", i ? ", " : "SELECT ", STRA(t->columns.at[i].name));
  buf_fmt(&b, " FROM \"" STRF "\"", STRA(t->name));
  for (size_t i = 0; i < t->keys.len; i++) buf_fmt(&b, "%s\"" STRF "\"", i ? ", " : " ORDER BY ", STRA(t->keys.at[i]));
  must(!b.broken);
  return str_of(str_z(mem, buf_view(&b)));
}

static void hash_value(struct hash_state *h, const struct catalog_column *c, const struct copy_value *v) {
  unsigned char head[9] = {(unsigned char)(v->null ? 'n' : c->type)};
  const uint64_t n = v->null ? 0 : c->type == 'i' ? (uint64_t)v->n : v->bytes.len;
  for (int i = 0; i < 8; i++) head[1 + i] = (unsigned char)(n >> (56 - 8 * i));
  hash_add(h, (struct str){(const char *)head, sizeof head});
  if (!v->null && c->type != 'i') hash_add(h, v->bytes);
}

static void read_row(struct store_stmt *rows, struct arena *mem, const struct catalog_table *t,
                     struct copy_value *row) {
  const struct driver *d = rows->driver;
  for (size_t i = 0; i < t->columns.len; i++) {
    const int k = (int)i;
    row[i] = (struct copy_value){.null = d->column_null(rows, k)};
    if (row[i].null) continue;
    if (t->columns.at[i].type == 'i') row[i].n = d->column_int(rows, k);
    else row[i].bytes = d->column_bytes(rows, k, mem);
  }
}

/* Reads a table to its end, and hands each row to the loader when there is one. */
static bool walk_rows(struct store_stmt *rows, const struct catalog_table *t, struct loader *into,
                      struct table_sum *sum, struct hash_state *h, struct err *e) {
  AUTO_ARENA list = {0};
  struct copy_value *row = arena_new_n(&list, struct copy_value, t->columns.len);
  for (bool more = true;; sum->rows++) {
    AUTO_ARENA mem = {0};
    TRY(rows->driver->step(rows, &more, e));
    if (!more) return true;
    read_row(rows, &mem, t, row);
    for (size_t i = 0; i < t->columns.len; i++) hash_value(h, &t->columns.at[i], &row[i]);
    if (into) TRY(into->driver->load_row(into, row, e));
  }
}

static bool walk_table(struct store *session, struct arena *mem, const struct catalog_table *t, struct loader *into,
                       struct table_sums *out, struct err *e) {
  struct connection *c = store_connection(session);
  struct store_stmt *rows = c->driver->rows_begin(c, select_all(mem, t), e);
  if (!rows) return false;
  struct table_sum sum = {.name = t->name};
  struct hash_state *h = hash_sm3_begin();
  const bool ok = walk_rows(rows, t, into, &sum, h, e);
  c->driver->rows_end(rows);
  sum.digest = hash_hex(mem, hash_end(h));
  vec_push(mem, out) = sum;
  return ok;
}

bool store_sums(struct store *session, struct arena *mem, struct table_sums *out, struct err *e) {
  struct catalog cat;
  *out = (struct table_sums){0};
  TRY(read_catalog(session, mem, &cat, e));
  vec_each(const struct catalog_table, t, &cat.tables) TRY(walk_table(session, mem, t, NULL, out, e));
  return true;
}

/* ---- copying ---- */

struct copying {
  struct store *from; /* a reader: its snapshot stays the same when the act runs again */
  struct arena *mem;
  struct table_sums *sums;
};

static bool has_column(const struct catalog_table *t, struct str name) {
  vec_each(const struct catalog_column, c, &t->columns)
    if (str_eq(c->name, name)) return true;
  return false;
}
static const struct catalog_table *find_table(const struct catalog *cat, struct str name) {
  vec_each(const struct catalog_table, t, &cat->tables)
    if (str_eq(t->name, name)) return t;
  return NULL;
}
/* The same tables with the same columns on both sides. */
static bool same_shape(const struct catalog *a, const struct catalog *b, struct err *e) {
  if (a->tables.len != b->tables.len) return fail(e, ERR_CONFLICT, MSG_copy_other_shape, "table", STR("*"));
  vec_each(const struct catalog_table, t, &a->tables) {
    const struct catalog_table *other = find_table(b, t->name);
    bool same = other && other->columns.len == t->columns.len;
    vec_each(const struct catalog_column, c, &t->columns) same = same && has_column(other, c->name);
    if (!same) return fail(e, ERR_CONFLICT, MSG_copy_other_shape, "table", t->name);
  }
  return true;
}

static bool is_empty(struct store *session, struct arena *mem, const struct catalog *cat, struct err *e) {
  struct connection *c = store_connection(session);
  vec_each(const struct catalog_table, t, &cat->tables) {
    bool row = false;
    struct store_stmt *rows = c->driver->rows_begin(c, select_all(mem, t), e);
    if (!rows) return false;
    const bool ok = rows->driver->step(rows, &row, e);
    c->driver->rows_end(rows);
    if (!ok) return false;
    if (row) return fail(e, ERR_CONFLICT, MSG_copy_not_empty, "table", t->name);
  }
  return true;
}

/* The tables of declarations come to be as they did in the source. */
static bool declare_all(struct store *from, struct store *to, struct arena *mem, const struct catalog *cat,
                        struct err *e) {
  struct sql_declared_steps_rows rows = {0};
  if (!find_table(cat, STR("declared_step"))) return true; /* an older schema has none */
  TRY(sql_declared_steps(from, mem, &(struct sql_declared_steps_in){STORE_TENANT}, SIZE_MAX, &rows, e));
  vec_each(const struct sql_declared_steps, r, &rows) TRY(store_run_step(to, r->sql, e));
  return true;
}

static bool copy_all(struct store *to, void *arg, struct err *e) {
  struct copying *job = arg;
  struct connection *c = store_connection(to);
  struct catalog from, into;
  *job->sums = (struct table_sums){0};
  TRY(read_catalog(job->from, job->mem, &from, e) && read_catalog(to, job->mem, &into, e));
  if (store_schema_of(to) >= JOURNAL_SINCE) { /* every database that was opened has one */
    TRY(sql_journal_head_clear(to, &(struct sql_journal_head_clear_in){STORE_TENANT}, NULL, e));
    TRY(sql_journal_texts_clear(to, &(struct sql_journal_texts_clear_in){STORE_TENANT}, NULL, e));
  }
  TRY(is_empty(to, job->mem, &into, e) && declare_all(job->from, to, job->mem, &from, e));
  TRY(read_catalog(to, job->mem, &into, e) && same_shape(&from, &into, e));
  vec_each(const struct catalog_table, t, &from.tables) {
    struct loader *load = c->driver->load_begin(c, job->mem, t, e);
    if (!load) return false;
    const bool ok = walk_table(job->from, job->mem, t, load, job->sums, e);
    if (!c->driver->load_end(load, ok, e)) return false;
  }
  const bool newest = store_schema_of(to) == store_schema_version(); /* else it is seen to when it is brought forward */
  return !newest || search_rebuild(to, e);                           /* the engine's own index is no table of ours */
}

bool store_copy(struct store *from, struct store *to, struct arena *mem, struct table_sums *out, struct err *e) {
  struct table_sums after = {0};
  AUTO_READ *reader = store_read_begin(from, e);
  struct copying job = {reader, mem, out};
  if (!reader || !store_write_unnoted(to, copy_all, &job, e)) return false;
  AUTO_READ *check = store_read_begin(to, e);
  if (!check || !store_sums(check, mem, &after, e)) return false;
  vec_each(struct table_sum, s, out) {
    vec_each(const struct table_sum, t, &after)
      if (str_eq(s->name, t->name)) s->equal = s->rows == t->rows && str_eq(s->digest, t->digest);
  }
  return true;
}
