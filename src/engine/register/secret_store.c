/* Identity numbers, telephones and pupils' numbers: the only file that reads or writes their values. Each is sealed under the
 * key of the compartment `person` and bound to its person; `probe`, a keyed hash, finds an equal value without opening any. */
#include "base/seal.h"
#include "base/vec.h"
#include "engine/register/register_store.h"
#include "sql.h"

static struct seal_place place_of(struct str person, enum code_kind kind) {
  return (struct seal_place){STORE_TENANT, STR("person_secret"), str_of(code_word(kind)), person};
}
static bool probe_of(struct store *s, struct arena *mem, enum code_kind kind, struct str value, struct str *out,
                     struct err *e) {
  return seal_lookup(store_keys(s), mem, REGISTER_COMPARTMENT, STORE_TENANT, str_of(code_word(kind)), value, out, e);
}
bool register_store_secret(struct store *s, struct arena *mem, struct str person, enum code_kind kind, struct str *out,
                           struct err *e) {
  const struct seal_place at = place_of(person, kind);
  struct sql_person_secret_get row = {0};
  bool found = false;
  TRY(sql_person_secret_get(s, mem, &(struct sql_person_secret_get_in){STORE_TENANT, person, at.column}, &row, &found,
                            e));
  *out = STR("");
  return !found || seal_open(store_keys(s), mem, REGISTER_COMPARTMENT, &at, row.value, out, e);
}
bool register_store_set_secret(struct store *tx, struct arena *mem, struct str person, enum code_kind kind,
                               struct str value, struct err *e) {
  const struct seal_place at = place_of(person, kind);
  struct str cell = {0}, probe = {0};
  TRY(sql_person_secret_drop(tx, &(struct sql_person_secret_drop_in){STORE_TENANT, person, at.column}, NULL, e));
  if (!value.len) return true;
  TRY(seal_cell(store_keys(tx), mem, REGISTER_COMPARTMENT, &at, value, &cell, e));
  TRY(probe_of(tx, mem, kind, value, &probe, e));
  return sql_person_secret_insert(
      tx, &(struct sql_person_secret_insert_in){STORE_TENANT, person, at.column, cell, probe}, NULL, e);
}
bool register_store_same(struct store *s, struct arena *mem, enum code_kind kind, struct str value,
                         struct register_people *out, struct err *e) {
  enum { SAME_MOST = 20 };
  struct sql_person_secret_same_rows rows = {0};
  struct str probe = {0};
  TRY(probe_of(s, mem, kind, value, &probe, e));
  const struct sql_person_secret_same_in in = {STORE_TENANT, str_of(code_word(kind)), probe};
  TRY(sql_person_secret_same(s, mem, &in, SAME_MOST, &rows, e));
  vec_each(const struct sql_person_secret_same, r, &rows) vec_push(mem, out) = r->person;
  return true;
}
