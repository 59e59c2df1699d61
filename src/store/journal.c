/* The journal is written inside the transaction that it records, so it is never behind and never torn. What is in a row is
 * said in journal.h; who reads it is replay.c. */
#include "store/journal.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "sql.h"
#include "store/session.h"
#include "texts.h"

enum { KEPT_FREE = 1 << 20 }; /* memory that the notes may keep between groups */

static void put_number(struct buf *b, uint64_t n, int bytes) {
  while (bytes-- > 0) buf_byte(b, (char)(n >> (8 * bytes)));
}
struct str journal_digest(struct arena *mem, int64_t schema, struct str acts) {
  enum { SHA256_SINCE = 12 };
  return hash_hex(mem, schema < SHA256_SINCE ? hash_sm3(acts) : hash_sha256(acts));
}
uint64_t journal_hash(const struct store_sql *sql) { return str_hash(str_of(sql->text)); }

/* ---- while the acts run ---- */

void journal_begin(struct journal_notes *j) {
  if (j->bytes.cap > KEPT_FREE) buf_drop(&j->bytes);
  j->bytes.max = JOURNAL_NOTES_MAX;
  buf_clear(&j->bytes);
  j->erases = false;
  j->moves = 0;
}
static void put_sized(struct buf *b, struct str s) {
  put_number(b, s.len, 4);
  buf_str(b, s);
}
static void put_value(struct buf *b, char type, const struct copy_value *v) {
  buf_byte(b, v->null ? 'n' : type);
  if (v->null) return;
  if (type == 'i') {
    put_number(b, (uint64_t)v->n, 8);
  } else {
    put_sized(b, v->bytes);
  }
}
static void put_text(struct journal_notes *j, struct store_stmt *ran) {
  buf_byte(&j->bytes, 'T');
  buf_byte(&j->bytes, ran->sql->erases ? '1' : '0');
  put_sized(&j->bytes, str_of(ran->sql->types));
  put_sized(&j->bytes, str_of(ran->sql->text));
  ran->told = j->act;
}
void journal_note(struct journal_notes *j, struct store_stmt *ran, int64_t changed) {
  if (ran->sql->index == STORE_COMPOSED && ran->told != j->act) put_text(j, ran);
  buf_byte(&j->bytes, 'S');
  put_number(&j->bytes, ran->hash, 8);
  put_number(&j->bytes, (uint64_t)changed, 8);
  for (int i = 0; i < ran->sql->binds; i++) put_value(&j->bytes, ran->sql->types[i], &ran->args[i]);
  j->erases = j->erases || ran->sql->erases;
  j->moves += ran->moves_chain;
}
void journal_note_step(struct journal_notes *j, struct str sql) {
  buf_byte(&j->bytes, 'D');
  put_sized(&j->bytes, sql);
  j->erases = true;
}
struct journal_mark journal_begin_act(struct journal_notes *j) {
  j->act++;
  return (struct journal_mark){j->bytes.len, j->moves};
}
void journal_end_act(struct journal_notes *j, struct journal_mark mark, bool keep) {
  if (keep) {
    if (j->bytes.len > mark.bytes) buf_byte(&j->bytes, 'A');
    return;
  }
  j->bytes.len = mark.bytes;
  j->moves = mark.moves;
}
bool journal_moves_chain(const struct store_sql *sql) { return !strcmp(sql->name, "chain_move"); }

/* ---- at the end of a group ---- */

static bool read_chain(struct store *tx, struct arena *mem, struct sql_chain_get *out, struct err *e) {
  bool found = false;
  TRY(sql_chain_get(tx, mem, &(struct sql_chain_get_in){STORE_TENANT}, out, &found, e));
  if (!found) *out = (struct sql_chain_get){.hash = STR("")};
  return true;
}
static bool read_head(struct store *tx, struct arena *mem, struct sql_journal_head_get *out, struct err *e) {
  bool found = false;
  TRY(sql_journal_head_get(tx, mem, &(struct sql_journal_head_get_in){STORE_TENANT}, out, &found, e));
  return found || fail(e, ERR_STORE, MSG_journal_no_head);
}

/* ---- at the opening ---- */

enum { TEXTS_MAX = 4 << 20 };
/* What this program writes with, and the name of the setting that says so. */
struct texts {
  struct str name, value;
};
static struct texts own_texts(struct arena *mem) {
  AUTO_BUF b = BUF_MAX(TEXTS_MAX);
  for (size_t i = 0; i < sql_statement_count; i++) {
    const struct store_sql *sql = &sql_statements[i];
    if (sql->writes) buf_fmt(&b, "%d\t%s\t%s\n", sql->erases, sql->types, sql->text);
  }
  must(!b.broken);
  const struct str value = str_dup(mem, buf_view(&b));
  return (struct texts){str_fmt(mem, "journal.texts.%.16s", hash_hex(mem, hash_sha256(value)).at), value};
}
struct store_sql journal_composed(struct arena *mem, struct str types, struct str text, bool erases) {
  return (struct store_sql){.name = "of the journal",
                            .text = str_z(mem, text),
                            .index = STORE_COMPOSED,
                            .binds = (int)types.len,
                            .types = str_z(mem, types),
                            .writes = true,
                            .erases = erases};
}
bool journal_read_texts(struct arena *mem, struct str value, struct journal_texts *out, struct err *e) {
  struct str one = {0}, erases = {0}, types = {0}, text = {0};
  VEC(struct journal_text) list = {out->at, out->len, out->cap};
  while (value.len) {
    if (!str_cut(value, STR("\n"), &one, &value) || !str_cut(one, STR("\t"), &erases, &text) ||
        !str_cut(text, STR("\t"), &types, &text))
      return fail(e, ERR_CONFLICT, MSG_journal_damaged);
    vec_push(mem, &list) =
        (struct journal_text){.hash = str_hash(text), .sql = journal_composed(mem, types, text, str_eqz(erases, "1"))};
  }
  *out = (struct journal_texts){list.at, list.len, list.cap};
  return true;
}
static bool what_is_there(struct store *s, struct arena *mem, const struct texts *own, bool *out_head, bool *out_texts,
                          struct err *e) {
  struct sql_journal_head_get head = {0};
  struct sql_setting_get row = {0};
  TRY(sql_journal_head_get(s, mem, &(struct sql_journal_head_get_in){STORE_TENANT}, &head, out_head, e));
  return sql_setting_get(s, mem, &(struct sql_setting_get_in){STORE_TENANT, own->name}, &row, out_texts, e);
}
/* A journal begins where the chain stands. */
static bool start_head(struct store *tx, struct arena *mem, struct err *e) {
  struct sql_chain_get chain = {0};
  TRY(read_chain(tx, mem, &chain, e));
  return sql_journal_head_start(tx, &(struct sql_journal_head_start_in){STORE_TENANT, chain.seq, chain.hash}, NULL, e);
}
static bool start(struct store *tx, void *arg, struct err *e) {
  AUTO_ARENA mem = {0};
  const struct texts *own = arg;
  struct err why = {0};
  bool head = false, texts = false;
  TRY(what_is_there(tx, &mem, own, &head, &texts, e));
  const struct sql_setting_add_in in = {STORE_TENANT, own->name, own->value};
  if ((head || start_head(tx, &mem, &why)) && (texts || sql_setting_add(tx, &in, NULL, &why))) return true;
  return fail(e, why.code == ERR_DUPLICATE ? ERR_BUSY : why.code, MSG_store_busy); /* another process was faster */
}
bool journal_open(struct store *st, struct err *e) {
  AUTO_ARENA mem = {0};
  struct texts own = own_texts(&mem);
  bool head = false, texts = false;
  AUTO_READ *r = store_read_begin(st, e);
  if (!r || !what_is_there(r, &mem, &own, &head, &texts, e)) return false;
  store_read_end(&r);
  return (head && texts) || store_write_unnoted(st, start, &own, e);
}

/* ---- its bounds ---- */

/* The oldest rows go until half of what may be held is left. */
static bool make_room(struct store *tx, struct arena *mem, int64_t bytes, struct err *e) {
  struct sql_journal_sizes_rows rows = {0};
  int64_t last = 0;
  while (bytes > JOURNAL_MAX / 2) {
    rows.len = 0;
    TRY(sql_journal_sizes(tx, mem, &(struct sql_journal_sizes_in){STORE_TENANT, last}, SIZE_MAX, &rows, e));
    for (size_t i = 0; i < rows.len && bytes > JOURNAL_MAX / 2; i++) {
      bytes -= rows.at[i].size;
      last = rows.at[i].n;
    }
    if (!rows.len) break;
  }
  return journal_trim(tx, last, e);
}
bool journal_write(struct store *tx, const struct journal_notes *j, struct err *e) {
  AUTO_ARENA mem = {0};
  struct sql_journal_head_get head = {0};
  struct sql_chain_get chain = {0};
  const struct str acts = buf_view(&j->bytes);
  int64_t changed = 0;
  if (j->bytes.broken) return fail(e, ERR_TOO_LARGE, MSG_store_failed, "what", STR("journal"));
  if (!acts.len) return true;
  TRY(read_head(tx, &mem, &head, e) && read_chain(tx, &mem, &chain, e));
  const int64_t bytes = head.bytes + (int64_t)acts.len, from = chain.seq - j->moves;
  TRY(sql_journal_head_move(
      tx, &(struct sql_journal_head_move_in){STORE_TENANT, head.n + 1, chain.seq, chain.hash, bytes, head.n}, &changed,
      e));
  if (changed != 1) return fail(e, ERR_BUSY, MSG_store_busy);
  TRY(sql_journal_insert(tx,
                         &(struct sql_journal_insert_in){.tenant = STORE_TENANT,
                                                         .n = head.n + 1,
                                                         .version = store_schema_of(tx),
                                                         .at_us = clock_now_us(),
                                                         .from_seq = from,
                                                         .from_hash = from == head.seq ? head.hash : STR("?"),
                                                         .seq = chain.seq,
                                                         .erases = j->erases,
                                                         .size = (int64_t)acts.len,
                                                         .digest = journal_digest(&mem, store_schema_of(tx), acts),
                                                         .acts = acts},
                         NULL, e));
  return bytes <= JOURNAL_MAX || make_room(tx, &mem, bytes, e);
}

bool journal_trim(struct store *tx, int64_t n, struct err *e) {
  AUTO_ARENA mem = {0};
  struct sql_journal_head_get head = {0};
  struct sql_journal_held held = {0};
  TRY(sql_journal_trim(tx, &(struct sql_journal_trim_in){STORE_TENANT, n}, NULL, e));
  TRY(read_head(tx, &mem, &head, e));
  TRY(sql_journal_held(tx, &mem, &(struct sql_journal_held_in){STORE_TENANT}, &held, NULL, e));
  return sql_journal_head_move(
      tx, &(struct sql_journal_head_move_in){STORE_TENANT, head.n, head.seq, head.hash, held.bytes, head.n}, NULL, e);
}
