/* See declared.h. The grammar is small enough to be read whole, so nothing is let through because nobody thought of it: a
 * text that was not read to its end is not run. */
#include "store/declared.h"

#include "sql.h"
#include "store/compose.h"
#include "store/session.h"
#include "texts.h"

/* ---- reading ---- */

struct reader {
  struct str rest;
  bool broken;
};
static void skip_blanks(struct reader *r) {
  while (r->rest.len && (r->rest.at[0] == ' ' || r->rest.at[0] == '\n')) r->rest = str_from(r->rest, 1);
}
static bool is_word_byte(char c) { return (c >= 'A' && c <= 'Z') || c == '_'; }
/* One word of capitals, or one sign. */
static bool is_next(struct reader *r, const char *what) {
  const struct str s = str_of(what);
  skip_blanks(r);
  if (r->broken || !str_starts(r->rest, s)) return false;
  if (is_word_byte(what[0]) && r->rest.len > s.len && is_word_byte(r->rest.at[s.len])) return false;
  r->rest = str_from(r->rest, s.len);
  return true;
}
static void must_be(struct reader *r, const char *what) { r->broken = !is_next(r, what); }
static void words(struct reader *r, const char *const *at, size_t n) {
  for (size_t i = 0; i < n; i++) must_be(r, at[i]);
}
static struct str name(struct reader *r) {
  struct str got = {0}, rest = {0};
  must_be(r, "\"");
  if (!r->broken && str_cut(r->rest, STR("\""), &got, &rest) && compose_is_name(got)) r->rest = rest;
  else r->broken = true;
  return got;
}
static void type(struct reader *r) { r->broken = !is_next(r, "TEXT") && !is_next(r, "INTEGER") && !is_next(r, "BLOB"); }
/* "tenant", and at least one more. */
static void names(struct reader *r, bool ordered) {
  must_be(r, "(");
  if (!str_eqz(name(r), "tenant")) r->broken = true;
  must_be(r, ",");
  do {
    (void)name(r);
    if (ordered) (void)is_next(r, "DESC");
  } while (is_next(r, ","));
  must_be(r, ")");
}
static void create_table(struct reader *r, struct declared_step *out) {
  static const char *const not_null[] = {"NOT", "NULL"}, *const key[] = {"PRIMARY", "KEY"};
  out->kind = DECLARED_TABLE;
  out->made = out->table = name(r);
  must_be(r, "(");
  if (!str_eqz(name(r), "tenant")) r->broken = true;
  must_be(r, "TEXT");
  words(r, not_null, COUNT_OF(not_null));
  for (must_be(r, ","); !r->broken && !is_next(r, key[0]); must_be(r, ",")) {
    (void)name(r);
    type(r);
    if (is_next(r, not_null[0])) must_be(r, not_null[1]);
  }
  must_be(r, key[1]);
  names(r, false);
  must_be(r, ")");
  must_be(r, "STRICT");
}
static void create(struct reader *r, struct declared_step *out) {
  if (is_next(r, "TABLE")) {
    create_table(r, out);
    return;
  }
  (void)is_next(r, "UNIQUE");
  must_be(r, "INDEX");
  out->kind = DECLARED_INDEX;
  out->made = name(r);
  must_be(r, "ON");
  out->table = name(r);
  names(r, true);
}
static void alter(struct reader *r, struct declared_step *out) {
  must_be(r, "TABLE");
  out->table = name(r);
  out->kind = is_next(r, "ADD") ? DECLARED_ADD : DECLARED_RENAME;
  if (out->kind == DECLARED_RENAME) must_be(r, "RENAME");
  must_be(r, "COLUMN");
  out->column = name(r);
  if (out->kind == DECLARED_ADD) {
    type(r);
    return;
  }
  must_be(r, "TO");
  out->to = name(r);
}
bool declared_read(struct str sql, struct declared_step *out) {
  struct reader r = {.rest = sql};
  *out = (struct declared_step){0};
  if (is_next(&r, "CREATE")) {
    create(&r, out);
  } else if (is_next(&r, "ALTER")) {
    alter(&r, out);
  } else {
    must_be(&r, "DROP");
    must_be(&r, "INDEX");
    out->kind = DECLARED_DROP;
    out->made = name(&r);
  }
  skip_blanks(&r);
  return !r.broken && !r.rest.len;
}

/* ---- running ---- */

/* Names that an engine or the store keeps for itself: a copy passes over them. */
static bool is_kept(struct str name) {
  return str_starts(name, STR("sqlite")) || str_starts(name, STR("pg_")) || str_starts(name, STR("gangmu_")) ||
         str_starts(name, STR("search_index"));
}
static bool refuse(struct str what, struct err *e) { return fail(e, ERR_BUG, MSG_store_failed, "what", what); }
/* Was it made by a step? The program's own tables are not changed here. */
static bool must_be_declared(struct store *tx, struct arena *mem, struct str name, struct err *e) {
  struct sql_declared_made got = {0};
  TRY(sql_declared_made(tx, mem, &(struct sql_declared_made_in){STORE_TENANT, name}, &got, NULL, e));
  return got.n > 0 || refuse(str_fmt(mem, STRF " was not declared", STRA(name)), e);
}
bool store_declare(struct store *tx, struct arena *mem, struct str sql, struct err *e) {
  struct declared_step step;
  struct sql_declared_last last = {0};
  if (!declared_read(sql, &step) || is_kept(step.made)) return refuse(STR("a step of declared tables was refused"), e);
  if (step.kind != DECLARED_TABLE)
    TRY(must_be_declared(tx, mem, step.kind == DECLARED_DROP ? step.made : step.table, e));
  TRY(sql_declared_last(tx, mem, &(struct sql_declared_last_in){STORE_TENANT}, &last, NULL, e));
  TRY(sql_declared_add(tx, &(struct sql_declared_add_in){STORE_TENANT, last.n + 1, step.made, sql}, NULL, e));
  return store_run_step(tx, sql, e);
}
