/* Reads a journal and does again what it says. Rows are run many at a time, each transaction whole; the row in which the
 * point lies is run act by act, and the act that goes beyond it is undone by its savepoint. A statement that changes
 * another number of rows than it did shows that the journal does not fit the database.
 *
 * A row is run in the schema in which it was written: where the next one is of a newer schema the journal's database was
 * brought forward, and so is this one. What was erased later is erased in the schema of its row, too. */
#include "store/replay.h"

#include "sql.h"
#include "store/compose.h"
#include "store/declared.h"
#include "store/journal.h"
#include "store/search.h"
#include "store/session.h"
#include "texts.h"

enum { ROWS_AT_ONCE = 200, BYTES_AT_ONCE = 16 << 20 };

/* ---- the bytes of a row ---- */

struct cursor {
  struct str rest;
  bool broken;
};
static struct str take(struct cursor *c, size_t n) {
  if (n > c->rest.len) c->broken = true;
  const struct str got = str_slice(c->rest, 0, n);
  c->rest = str_from(c->rest, n);
  return got;
}
static uint64_t take_number(struct cursor *c, size_t bytes) {
  const struct str s = take(c, bytes);
  uint64_t n = 0;
  for (size_t i = 0; i < s.len; i++) n = n << 8 | (unsigned char)s.at[i];
  return n;
}
static char take_byte(struct cursor *c) {
  const struct str s = take(c, 1);
  return s.len ? s.at[0] : 0;
}

struct statement {
  const struct store_sql *sql;
  int64_t changed;
  struct copy_value args[COMPOSE_BINDS_MAX];
};
/* What an act is made of: a statement, a step of declared tables, its end. Texts that stand in the act itself are kept
 * until then, in mem. */
struct entry {
  char tag; /* S D A */
  struct statement st;
  struct str step;
};
struct act_texts {
  struct arena *mem;
  VEC(struct journal_text) list;
};
/* This program's own first: they have a place in the connection. */
static bool read_texts(struct store *from, struct arena *mem, struct journal_texts *out, struct err *e) {
  struct sql_journal_texts_rows rows = {0};
  VEC(struct journal_text) list = {0};
  for (size_t i = 0; i < sql_statement_count; i++)
    if (sql_statements[i].writes)
      vec_push(mem, &list) = (struct journal_text){journal_hash(&sql_statements[i]), sql_statements[i]};
  *out = (struct journal_texts){list.at, list.len, list.cap};
  TRY(sql_journal_texts(from, mem, &(struct sql_journal_texts_in){STORE_TENANT}, SIZE_MAX, &rows, e));
  vec_each(const struct sql_journal_texts, r, &rows) TRY(journal_read_texts(mem, r->value, out, e));
  return true;
}
static const struct store_sql *find_sql(const struct journal_texts *texts, uint64_t hash) {
  vec_each(const struct journal_text, t, texts)
    if (t->hash == hash) return &t->sql;
  return NULL;
}
static struct str take_sized(struct cursor *c) { return take(c, take_number(c, 4)); }
static void read_text(struct cursor *c, struct act_texts *own) {
  const bool erases = take_byte(c) == '1';
  const struct str types = take_sized(c), text = take_sized(c);
  if (types.len > COMPOSE_BINDS_MAX) c->broken = true;
  if (c->broken) return;
  vec_push(own->mem, &own->list) =
      (struct journal_text){.hash = str_hash(text), .sql = journal_composed(own->mem, types, text, erases)};
}
/* The next statement, after its S. A text of the act itself goes before one of the program, the last one first. */
static bool read_statement(const struct journal_texts *texts, const struct act_texts *own, struct cursor *c,
                           struct statement *out, struct err *e) {
  const uint64_t hash = take_number(c, 8);
  out->sql = NULL;
  for (size_t i = own->list.len; i-- && !out->sql;)
    if (own->list.at[i].hash == hash) out->sql = &own->list.at[i].sql;
  if (!out->sql) out->sql = find_sql(texts, hash);
  if (!out->sql) return fail(e, ERR_CONFLICT, MSG_journal_unknown);
  out->changed = (int64_t)take_number(c, 8);
  if (out->sql->binds > (int)COUNT_OF(out->args)) return fail(e, ERR_CONFLICT, MSG_journal_damaged);
  for (int i = 0; i < out->sql->binds; i++) {
    struct copy_value *v = &out->args[i];
    const char tag = take_byte(c);
    *v = (struct copy_value){.null = tag == 'n'};
    if (tag == 'i') v->n = (int64_t)take_number(c, 8);
    else if (!v->null) v->bytes = take_sized(c);
    if (!v->null && tag != out->sql->types[i]) c->broken = true;
  }
  return !c->broken || fail(e, ERR_CONFLICT, MSG_journal_damaged);
}
static bool read_entry(const struct journal_texts *texts, struct act_texts *own, struct cursor *c, struct entry *out,
                       struct err *e) {
  while ((out->tag = take_byte(c)) == 'T') read_text(c, own);
  if (out->tag == 'S') return read_statement(texts, own, c, &out->st, e);
  if (out->tag == 'D') out->step = take_sized(c);
  else if (out->tag == 'A') own->list.len = 0;
  else c->broken = true;
  return !c->broken || fail(e, ERR_CONFLICT, MSG_journal_damaged);
}
static bool run_statement(struct store *tx, const struct statement *st, int64_t *out_changed, struct err *e) {
  struct store_stmt *s = store_prepare(tx, st->sql, e);
  bool row = false;
  if (!s) return false;
  for (int i = 0; i < st->sql->binds; i++) {
    const struct copy_value *v = &st->args[i];
    if (v->null) store_bind_null(s, i + 1);
    else if (st->sql->types[i] == 'i') store_bind_int(s, i + 1, v->n);
    else if (st->sql->types[i] == 'b') store_bind_blob(s, i + 1, v->bytes);
    else store_bind_str(s, i + 1, v->bytes);
  }
  const bool ok = store_step(s, &row, e);
  if (ok) *out_changed = store_changed(s);
  store_reset(s);
  return ok;
}
/* One act; *out_end when there is none any more. */
static bool run_act(struct store *tx, const struct journal_texts *texts, struct cursor *c, bool *out_end,
                    struct err *e) {
  AUTO_ARENA mem = {0};
  struct act_texts own = {.mem = &mem};
  struct entry at;
  *out_end = !c->rest.len;
  for (at.tag = 0; !*out_end && at.tag != 'A';) {
    int64_t changed = 0;
    TRY(read_entry(texts, &own, c, &at, e));
    if (at.tag == 'D') TRY(store_run_step(tx, at.step, e));
    if (at.tag != 'S') continue;
    TRY(run_statement(tx, &at.st, &changed, e));
    if (changed != at.st.changed) return fail(e, ERR_CONFLICT, MSG_journal_no_fit);
  }
  return true;
}

/* ---- a row ---- */

typedef struct sql_journal_next row_of_journal;

static bool read_head(struct store *s, struct arena *mem, struct sql_journal_head_get *out, struct err *e) {
  bool found = false;
  TRY(sql_journal_head_get(s, mem, &(struct sql_journal_head_get_in){STORE_TENANT}, out, &found, e));
  return found || fail(e, ERR_CONFLICT, MSG_journal_no_head);
}
static bool read_chain(struct store *s, struct arena *mem, struct sql_chain_get *out, struct err *e) {
  bool found = false;
  TRY(sql_chain_get(s, mem, &(struct sql_chain_get_in){STORE_TENANT}, out, &found, e));
  if (!found) *out = (struct sql_chain_get){.hash = STR("")};
  return true;
}
static bool is_whole(const row_of_journal *r, struct err *e) {
  AUTO_ARENA mem = {0};
  return str_eq(journal_digest(&mem, r->version, r->acts), r->digest) || fail(e, ERR_CONFLICT, MSG_journal_damaged);
}
/* Is this the row that follows what `to` is now? */
static bool fits(struct store *to, const row_of_journal *r, const struct sql_journal_head_get *head, struct err *e) {
  if (r->n != head->n + 1) return fail(e, ERR_CONFLICT, MSG_journal_missing);
  if (r->version != store_schema_of(to)) return fail(e, ERR_CONFLICT, MSG_journal_other_schema);
  if (!str_eq(r->from_hash, head->hash)) return fail(e, ERR_CONFLICT, MSG_journal_other_history);
  return is_whole(r, e);
}
/* The row becomes one of `to`, with the acts that were run. */
static bool keep_row(struct store *tx, const row_of_journal *r, struct str acts,
                     const struct sql_journal_head_get *head, struct err *e) {
  AUTO_ARENA mem = {0};
  struct sql_chain_get chain = {0};
  int64_t changed = 0;
  TRY(read_chain(tx, &mem, &chain, e));
  if (acts.len == r->acts.len && chain.seq != r->seq) return fail(e, ERR_CONFLICT, MSG_journal_no_fit);
  const struct sql_journal_insert_in in = {.tenant = STORE_TENANT,
                                           .n = r->n,
                                           .version = r->version,
                                           .at_us = r->at_us,
                                           .from_seq = r->from_seq,
                                           .from_hash = r->from_hash,
                                           .seq = chain.seq,
                                           .erases = r->erases,
                                           .size = (int64_t)acts.len,
                                           .digest = journal_digest(&mem, r->version, acts),
                                           .acts = acts};
  const int64_t bytes = head->bytes + (int64_t)acts.len;
  TRY(sql_journal_insert(tx, &in, NULL, e));
  TRY(sql_journal_head_move(
      tx, &(struct sql_journal_head_move_in){STORE_TENANT, r->n, chain.seq, chain.hash, bytes, head->n}, &changed, e));
  return changed == 1 || fail(e, ERR_BUSY, MSG_store_busy);
}

/* ---- all of it ---- */

typedef VEC(struct str) declared_steps;
struct replay {
  struct arena *mem;
  struct store *from; /* a reader */
  struct str where;   /* `to` */
  struct store *to;
  struct journal_texts texts; /* what can be run */
  int64_t until;
  int turn;             /* the schema that the next row is of, when it is a newer one; else 0 */
  struct replayed done; /* of the whole */
  struct replayed part; /* of the act that runs: it may run again */
  bool inside;          /* the point lies between two events of one act */
  bool is_cut;          /* the row in which the point lies was run in part */
  bool stop;            /* the point is reached, lies in the next row, or there is no further row */
  const row_of_journal *row;
  struct cursor c;
  declared_steps steps, steps_now; /* taken behind the point; the same of the act that runs */
};
static bool next_row(struct replay *p, struct arena *mem, int64_t after, row_of_journal *out, bool *out_found,
                     struct err *e) {
  struct sql_journal_next_rows rows = {0};
  TRY(sql_journal_next(p->from, mem, &(struct sql_journal_next_in){STORE_TENANT, after}, 1, &rows, e));
  *out_found = rows.len > 0;
  if (rows.len) *out = rows.at[0];
  return true;
}
/* A newer schema that this program has? */
static bool is_newer(struct store *to, const row_of_journal *r) {
  return r->version > store_schema_of(to) && r->version <= store_schema_version();
}
/* Brings `to` forward to a schema; 0 = as it is, which is only looked at. */
static bool stand_at(struct replay *p, int64_t schema, struct err *e) {
  if (p->to && store_schema_of(p->to) == schema) return true;
  store_close(p->to);
  p->to = NULL;
  const struct store_options options = {.existing = true, .as_it_is = !schema, .schema = (int)schema};
  return store_open(p->where, &options, &p->to, e);
}
static bool run_row(struct store *tx, struct replay *p, const row_of_journal *r,
                    const struct sql_journal_head_get *head, struct err *e) {
  struct cursor c = {.rest = r->acts};
  for (bool end = false; !end; p->part.acts += !end) TRY(run_act(tx, &p->texts, &c, &end, e));
  TRY(keep_row(tx, r, r->acts, head, e));
  p->part.rows++;
  p->part.seq = r->seq;
  return true;
}
/* Whole rows, as long as none goes beyond the point. */
static bool run_rows(struct store *tx, void *arg, struct err *e) {
  struct replay *p = arg;
  p->part = p->done;
  p->stop = false;
  p->turn = 0;
  size_t bytes = 0;
  for (int i = 0; i < ROWS_AT_ONCE && bytes < BYTES_AT_ONCE && !p->stop; i++) {
    AUTO_ARENA mem = {0};
    struct sql_journal_head_get head = {0};
    row_of_journal r = {0};
    bool found = false;
    TRY(read_head(tx, &mem, &head, e) && next_row(p, &mem, head.n, &r, &found, e));
    p->stop = !found || head.seq >= p->until || r.seq > p->until;
    if (!p->stop && is_newer(tx, &r)) p->turn = (int)r.version;
    if (p->stop || p->turn) break;
    TRY(fits(tx, &r, &head, e) && run_row(tx, p, &r, &head, e));
    bytes += r.acts.len;
  }
  return true;
}
/* One act of the row in which the point lies. */
static bool run_one(struct store *tx, void *arg, struct err *e) {
  struct replay *p = arg;
  AUTO_ARENA mem = {0};
  struct sql_chain_get chain = {0};
  struct cursor c = p->c;
  bool end = false;
  TRY(run_act(tx, &p->texts, &c, &end, e) && read_chain(tx, &mem, &chain, e));
  if (end || chain.seq > p->until) return fail(e, ERR_GUARD, MSG_journal_no_fit); /* undone: it goes beyond */
  p->part = (struct replayed){p->done.rows, p->done.acts + 1, chain.seq, 0};
  p->c = c;
  return true;
}
static bool keep_part(struct store *tx, void *arg, struct err *e) {
  struct replay *p = arg;
  AUTO_ARENA mem = {0};
  struct sql_journal_head_get head = {0};
  const struct str acts = str_slice(p->row->acts, 0, p->row->acts.len - p->c.rest.len);
  return read_head(tx, &mem, &head, e) && (!acts.len || keep_row(tx, p->row, acts, &head, e));
}
static bool run_acts(struct replay *p, struct err *e) {
  for (struct err why = {0}; p->done.seq < p->until;) {
    if (store_write_unnoted(p->to, run_one, p, &why)) {
      p->done = p->part;
    } else if (why.code == ERR_GUARD) {
      p->inside = p->c.rest.len > 0;
      return true;
    } else {
      *e = why;
      return false;
    }
  }
  return true;
}
static bool run_last_row(struct replay *p, struct err *e) {
  AUTO_ARENA mem = {0};
  struct sql_journal_head_get head = {0};
  row_of_journal *r = arena_new(p->mem, row_of_journal); /* what stands behind the point is asked for later */
  bool found = false;
  AUTO_READ *reader = store_read_begin(p->to, e);
  if (!reader || !read_head(reader, &mem, &head, e) || !next_row(p, p->mem, head.n, r, &found, e)) return false;
  store_read_end(&reader);
  if (!found || head.seq >= p->until) return true;
  if (is_newer(p->to, r)) TRY(stand_at(p, r->version, e));
  TRY(fits(p->to, r, &head, e));
  p->row = r;
  p->c = (struct cursor){.rest = r->acts};
  TRY(run_acts(p, e) && store_write_unnoted(p->to, keep_part, p, e));
  p->is_cut = p->c.rest.len < r->acts.len;
  return true;
}

/* ---- what was erased later ---- */

/* Declared tables may have come or changed since: what names a column by its later name is run where the tables are as they
 * were then, and they are as at the point again when the act ends. Indexes do not matter for that. */
struct erasing {
  struct store *tx;
  struct arena mem;
  declared_steps steps;
  size_t taken; /* so many of them are run in this act */
};
static struct str back_from(struct arena *mem, struct str sql) {
  struct declared_step s;
  if (!declared_read(sql, &s) || s.kind == DECLARED_INDEX || s.kind == DECLARED_DROP) return (struct str){0};
  if (s.kind == DECLARED_TABLE) return str_fmt(mem, "DROP TABLE \"" STRF "\"", STRA(s.table));
  if (s.kind == DECLARED_ADD)
    return str_fmt(mem, "ALTER TABLE \"" STRF "\" DROP COLUMN \"" STRF "\"", STRA(s.table), STRA(s.column));
  return str_fmt(mem, "ALTER TABLE \"" STRF "\" RENAME COLUMN \"" STRF "\" TO \"" STRF "\"", STRA(s.table), STRA(s.to),
                 STRA(s.column));
}
static bool take_back(struct erasing *x, size_t left, struct err *e) {
  for (; x->taken > left; x->taken--) TRY(store_run_step(x->tx, back_from(&x->mem, x->steps.at[x->taken - 1]), e));
  return true;
}
static bool take_steps(struct erasing *x, struct err *e) {
  for (; x->taken < x->steps.len; x->taken++) TRY(store_run_step(x->tx, x->steps.at[x->taken], e));
  return true;
}
/* One that undoes the last (an earlier restore went there and back) is the end of both. */
static bool meet_step(struct erasing *x, struct arena *mem, struct str sql, struct err *e) {
  const size_t n = x->steps.len;
  if (n && str_eq(back_from(&x->mem, x->steps.at[n - 1]), sql)) {
    TRY(take_back(x, n - 1, e));
    x->steps.len--;
  } else if (back_from(&x->mem, sql).len) {
    vec_push(mem, &x->steps) = str_dup(mem, sql);
  }
  return true;
}
static bool erase_with(struct replay *p, struct erasing *x, struct err *e) {
  struct act_texts own = {.mem = &x->mem};
  struct cursor c = p->c;
  struct entry at;
  while (c.rest.len) {
    int64_t changed = 0;
    TRY(read_entry(&p->texts, &own, &c, &at, e));
    if (at.tag == 'D') TRY(meet_step(x, p->mem, at.step, e));
    if (at.tag != 'S' || !at.st.sql->erases) continue;
    if (at.st.sql->index == STORE_COMPOSED) TRY(take_steps(x, e));
    TRY(run_statement(x->tx, &at.st, &changed, e));
    p->part.erased++;
  }
  return take_back(x, 0, e);
}
/* What the acts behind the cursor erase. */
static bool erase_acts(struct store *tx, void *arg, struct err *e) {
  struct replay *p = arg;
  struct erasing x = {.tx = tx};
  p->part = p->done;
  vec_each(const struct str, s, &p->steps) vec_push(p->mem, &x.steps) = *s; /* its own: the act may run again */
  const bool ok = erase_with(p, &x, e);
  p->steps_now = x.steps;
  arena_drop(&x.mem);
  return ok;
}
static bool erase_behind(struct replay *p, struct err *e) {
  TRY(store_write(p->to, erase_acts, p, e));
  p->done = p->part;
  p->steps = p->steps_now;
  return true;
}
/* The rest of the row in which the point lies. */
static bool erase_rest(struct replay *p, struct err *e) {
  if (!p->is_cut || !p->row->erases) return true;
  return erase_behind(p, e);
}
/* Of the row behind the point, and of the end: has the journal all that was erased since? */
static bool reaches(struct replay *p, const row_of_journal *r, int64_t last, struct err *e) {
  AUTO_ARENA mem = {0};
  struct sql_journal_head_get head = {0};
  AUTO_READ *to = store_read_begin(p->to, e);
  if (!to || !read_head(to, &mem, &head, e)) return false;
  if (!p->is_cut && r && head.seq == r->from_seq && !str_eq(head.hash, r->from_hash))
    return fail(e, ERR_CONFLICT, MSG_journal_other_history);
  if (r) return r->n == last + 1 || fail(e, ERR_CONFLICT, MSG_journal_missing);
  TRY(read_head(p->from, &mem, &head, e));
  return head.n <= last || fail(e, ERR_CONFLICT, MSG_journal_missing);
}
/* Noted in the journal of `to`: going on from there must not bring it back either. */
static bool erase_later(struct replay *p, int64_t last, struct err *e) {
  for (int64_t after = last;;) {
    AUTO_ARENA mem = {0};
    row_of_journal r = {0};
    bool found = false;
    TRY(next_row(p, &mem, after, &r, &found, e));
    if (after == last) TRY(reaches(p, found ? &r : NULL, last, e));
    if (!found) return true;
    if (r.n != after + 1) return fail(e, ERR_CONFLICT, MSG_journal_missing);
    after = r.n;
    if (!r.erases) continue;
    TRY(is_whole(&r, e));
    if (is_newer(p->to, &r)) TRY(stand_at(p, r.version, e));
    if (r.version != store_schema_of(p->to)) return fail(e, ERR_CONFLICT, MSG_journal_other_schema);
    p->c = (struct cursor){.rest = r.acts};
    TRY(erase_behind(p, e));
  }
}

static bool rebuild(struct store *tx, void *arg, struct err *e) {
  (void)arg;
  return search_rebuild(tx, e);
}
/* Where `to` stands before anything is run. */
static bool begin(struct replay *p, int64_t *out_n, struct err *e) {
  AUTO_ARENA mem = {0};
  struct sql_journal_head_get head = {0};
  struct sql_chain_get chain = {0};
  AUTO_READ *r = store_read_begin(p->to, e);
  if (!r || !read_head(r, &mem, &head, e) || !read_chain(r, &mem, &chain, e)) return false;
  p->done.seq = chain.seq;
  *out_n = head.n;
  return chain.seq <= p->until || fail(e, ERR_CONFLICT, MSG_journal_backup_later, "seq", str_int(&mem, chain.seq));
}
/* Opens `to` in the schema that it has. One from before there were journals follows the first row's. */
static bool open_to(struct replay *p, struct err *e) {
  AUTO_ARENA mem = {0};
  row_of_journal first = {0};
  bool found = false;
  TRY(stand_at(p, 0, e));
  int64_t schema = store_schema_of(p->to);
  store_close(p->to);
  p->to = NULL;
  if (store_schema_of(p->from) < JOURNAL_SINCE) return fail(e, ERR_CONFLICT, MSG_journal_other_schema);
  TRY(next_row(p, &mem, 0, &first, &found, e));
  if (schema < JOURNAL_SINCE) schema = found && first.version <= store_schema_version() ? first.version : 0;
  return stand_at(p, schema ? schema : store_schema_version(), e);
}
static bool replay(struct replay *p, struct err *e) {
  int64_t last = 0;
  TRY(open_to(p, e) && begin(p, &last, e));
  while (!p->stop) {
    TRY(store_write_unnoted(p->to, run_rows, p, e));
    p->done = p->part;
    if (p->turn) TRY(stand_at(p, p->turn, e));
  }
  TRY(run_last_row(p, e));
  if (p->until != INT64_MAX && p->done.seq != p->until) {
    AUTO_ARENA mem = {0};
    return fail(e, ERR_CONFLICT, p->inside ? MSG_journal_inside : MSG_journal_ends, "seq", str_int(&mem, p->done.seq));
  }
  TRY(begin(p, &last, e) && erase_rest(p, e) && erase_later(p, last, e));
  return stand_at(p, store_schema_version(), e) && store_write_unnoted(p->to, rebuild, NULL, e);
}
bool store_replay(struct store *from, struct str to, int64_t until_seq, struct replayed *out, struct err *e) {
  AUTO_ARENA mem = {0};
  struct replay p = {.mem = &mem, .from = from, .where = to, .until = until_seq};
  const bool ok = read_texts(from, &mem, &p.texts, e) && replay(&p, e);
  store_close(p.to);
  *out = p.done;
  return ok;
}

bool store_seq_at(struct store *s, struct arena *mem, int64_t at_us, int64_t *out_seq, struct err *e) {
  struct sql_event_first_after_rows rows = {0};
  struct sql_chain_get chain = {0};
  TRY(sql_event_first_after(s, mem, &(struct sql_event_first_after_in){STORE_TENANT, at_us}, 1, &rows, e));
  TRY(read_chain(s, mem, &chain, e));
  *out_seq = rows.len ? rows.at[0].seq - 1 : chain.seq;
  return true;
}

/* ---- for backups and the doctor ---- */

bool store_journal_last(struct store *s, struct arena *mem, int64_t *out_n, struct err *e) {
  struct sql_journal_head_get head = {0};
  TRY(read_head(s, mem, &head, e));
  *out_n = head.n;
  return true;
}
static bool trim(struct store *tx, void *arg, struct err *e) { return journal_trim(tx, *(const int64_t *)arg, e); }
bool store_journal_trim(struct store *st, int64_t n, struct err *e) { return store_write_unnoted(st, trim, &n, e); }

static void found_wrong(struct journal_state *s, const char *what, int64_t at) {
  if (s->wrong) return;
  s->wrong = what;
  s->wrong_at = at;
}
static bool check_rows(struct replay *p, struct journal_state *s, struct sql_journal_head_get *io_last, struct err *e) {
  for (bool found = true;;) {
    AUTO_ARENA mem = {0};
    row_of_journal r = {0};
    TRY(next_row(p, &mem, io_last->n, &r, &found, e));
    if (!found) return true;
    if (!s->rows++) {
      s->since_us = r.at_us;
      s->from_seq = r.from_seq;
    } else if (r.n != io_last->n + 1) {
      found_wrong(s, "missing", io_last->n + 1);
    } else if (r.from_seq != io_last->seq) {
      found_wrong(s, "behind", io_last->seq + 1);
    }
    if (!str_eq(journal_digest(&mem, r.version, r.acts), r.digest)) found_wrong(s, "damaged", r.n);
    io_last->n = r.n;
    io_last->seq = r.seq;
    s->bytes += (int64_t)r.acts.len;
  }
}
bool store_journal_check(struct store *session, struct journal_state *out, struct err *e) {
  AUTO_ARENA mem = {0};
  struct sql_journal_head_get head = {0}, last = {0};
  struct sql_chain_get chain = {0};
  struct replay p = {.from = session};
  *out = (struct journal_state){0};
  TRY(read_head(session, &mem, &head, e) && read_chain(session, &mem, &chain, e) && check_rows(&p, out, &last, e));
  if (out->rows && last.n != head.n) found_wrong(out, "missing", last.n + 1);
  if (head.seq != chain.seq || !str_eq(head.hash, chain.hash)) found_wrong(out, "behind", head.seq + 1);
  if (!out->rows) out->from_seq = head.seq;
  return true;
}
