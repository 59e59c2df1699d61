/* Identity numbers, telephones and pupils' numbers: the only file that reads or writes their values, so that how they are kept
 * is decided here. `probe` finds an equal value without reading any. */
#include "base/hash.h"
#include "base/vec.h"
#include "engine/register/register_store.h"
#include "sql.h"

static struct str probe_of(struct arena *mem, enum code_kind kind, struct str value) {
  const struct str text = str_fmt(mem, STRF "\x1f%s\x1f" STRF, STRA(STORE_TENANT), code_word(kind), STRA(value));
  return hash_hex(mem, hash_sm3(text));
}
bool register_store_secret(struct store *s, struct arena *mem, struct str person, enum code_kind kind, struct str *out,
                           struct err *e) {
  struct sql_person_secret_get row = {0};
  bool found = false;
  TRY(sql_person_secret_get(s, mem, &(struct sql_person_secret_get_in){STORE_TENANT, person, str_of(code_word(kind))},
                            &row, &found, e));
  *out = found ? row.value : STR("");
  return true;
}
bool register_store_set_secret(struct store *tx, struct arena *mem, struct str person, enum code_kind kind,
                               struct str value, struct err *e) {
  const struct str field = str_of(code_word(kind));
  TRY(sql_person_secret_drop(tx, &(struct sql_person_secret_drop_in){STORE_TENANT, person, field}, NULL, e));
  if (!value.len) return true;
  return sql_person_secret_insert(
      tx, &(struct sql_person_secret_insert_in){STORE_TENANT, person, field, value, probe_of(mem, kind, value)}, NULL,
      e);
}
bool register_store_same(struct store *s, struct arena *mem, enum code_kind kind, struct str value,
                         struct register_people *out, struct err *e) {
  enum { SAME_MOST = 20 };
  struct sql_person_secret_same_rows rows = {0};
  const struct sql_person_secret_same_in in = {STORE_TENANT, str_of(code_word(kind)), probe_of(mem, kind, value)};
  TRY(sql_person_secret_same(s, mem, &in, SAME_MOST, &rows, e));
  vec_each(const struct sql_person_secret_same, r, &rows) vec_push(mem, out) = r->person;
  return true;
}
