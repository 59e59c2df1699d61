/* Identity numbers, telephones and pupils' numbers: the only file that reads or writes their values. Each is sealed under the
 * key of the compartment `person` and bound to its person; `probe`, a keyed hash, finds an equal value without opening any. What is erased here is erased in
 * the histories too. */
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
  vec_each(const struct sql_person_secret_same, r, &rows) {
    size_t at = out->len;
    vec_push(mem, out) = r->person;
    for (; at && str_cmp(out->at[at - 1], r->person) > 0; at--) out->at[at] = out->at[at - 1];
    out->at[at] = r->person;
  }
  return true;
}

/* ---- for good ---- */

/* Events name a number by its kind on both sides of a change. */
enum { SIDES = 2 };
static struct str event_field(struct arena *mem, enum code_kind kind, int side) {
  static const char *const sides[SIDES] = {"was", "now"};
  return str_fmt(mem, "%s.%s", sides[side], code_word(kind));
}
static const enum code_kind kinds[] = {CODE_IDENTITY, CODE_PHONE, CODE_PUPIL};

bool register_store_kept(struct store *s, struct arena *mem, struct str person, struct register_kept *out,
                         struct err *e) {
  struct sql_person_secret_fields_rows rows = {0};
  struct sql_event_sealed_values sealed = {0};
  *out = (struct register_kept){0};
  TRY(sql_person_secret_fields(s, mem, &(struct sql_person_secret_fields_in){STORE_TENANT, person}, SIZE_MAX, &rows,
                               e));
  vec_each(const struct sql_person_secret_fields, r, &rows) vec_push(mem, &out->fields) = r->field;
  TRY(sql_event_sealed_values(s, mem, &(struct sql_event_sealed_values_in){STORE_TENANT, STR("person"), person},
                              &sealed, NULL, e));
  out->values = sealed.n;
  for (size_t i = 0; i < SIDES * COUNT_OF(kinds); i++) {
    struct sql_event_values n = {0};
    const struct str field = event_field(mem, kinds[i / SIDES], (int)(i % SIDES));
    TRY(sql_event_values(s, mem, &(struct sql_event_values_in){STORE_TENANT, STR("person"), person, field}, &n, NULL,
                         e));
    out->values += n.n;
  }
  return true;
}
bool register_store_erase(struct store *tx, struct arena *mem, struct str person, struct err *e) {
  const struct str record = STR("person");
  TRY(sql_person_secret_erase(tx, &(struct sql_person_secret_erase_in){STORE_TENANT, person}, NULL, e));
  TRY(sql_event_sealed_erase(tx, &(struct sql_event_sealed_erase_in){STORE_TENANT, record, person}, NULL, e));
  TRY(sql_event_seal_erase(tx, &(struct sql_event_seal_erase_in){STORE_TENANT, record, person}, NULL, e));
  for (size_t i = 0; i < SIDES * COUNT_OF(kinds); i++) {
    const struct str field = event_field(mem, kinds[i / SIDES], (int)(i % SIDES));
    TRY(sql_event_values_erase(tx, &(struct sql_event_values_erase_in){STORE_TENANT, record, person, field}, NULL, e));
  }
  return true;
}
