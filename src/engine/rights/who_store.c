/* Who can see a record: the question of rights turned round. Candidates come from what the record names; each is then asked
 * of the one condition, so that this list can never say anything else than the rest of the program. */
#include "engine/rights/rights_store.h"
#include "sql.h"
#include "store/compose.h"
#include "store/statement.h"
#include "store/store.h"

typedef VEC(struct str) strs;
struct seeker {
  struct store *s;
  struct arena *mem;
  const struct rights_record *rec;
  struct str id, today;
  int most;
  strs units, people;
};

static void add(struct seeker *k, strs *list, struct str value) {
  vec_each(const struct str, x, list)
    if (str_eq(*x, value)) return;
  vec_push(k->mem, list) = value;
}
static bool read_values(struct seeker *k, struct compose *q, strs *to, struct err *e) {
  struct store_stmt *st = compose_prepare(q, k->s, 1, e);
  bool row = true, ok = st != NULL;
  while (ok && (ok = store_step(st, &row, e)) && row)
    if (!store_column_null(st, 0)) add(k, to, store_column_str(st, 0, k->mem));
  store_reset(st);
  return ok;
}
static bool column_values(struct seeker *k, const struct rights_column *c, strs *to, struct err *e) {
  AUTO_COMPOSE q = COMPOSE(k->mem);
  compose_z(&q, "SELECT ");
  compose_name(&q, c->many ? c->link.value : c->name);
  compose_z(&q, " FROM ");
  compose_name(&q, c->many ? c->link.table : k->rec->table);
  compose_z(&q, " WHERE tenant = ");
  (void)compose_str(&q, STORE_TENANT);
  compose_z(&q, " AND ");
  compose_name(&q, c->many ? c->link.owner : STR("id"));
  compose_z(&q, " = ");
  (void)compose_str(&q, k->id);
  if (c->many && c->link.dated) {
    compose_z(&q, " AND from_day <= ");
    (void)compose_str(&q, k->today);
    compose_z(&q, " AND until_day >= ");
    (void)compose_str(&q, k->today);
  }
  return read_values(k, &q, to, e);
}
static bool find_parties(struct seeker *k, struct err *e) {
  AUTO_COMPOSE q = COMPOSE(k->mem);
  compose_z(&q, "SELECT party FROM round_party WHERE tenant = ");
  (void)compose_str(&q, STORE_TENANT);
  compose_z(&q, " AND record = ");
  (void)compose_str(&q, k->rec->name);
  compose_z(&q, " AND id = ");
  (void)compose_str(&q, k->id);
  return read_values(k, &q, &k->people, e); /* a unit among them is nobody's id */
}
static bool find_named(struct seeker *k, struct err *e) {
  vec_each(const struct rights_column, c, &k->rec->units)
    if (!c->link.on.len) TRY(column_values(k, c, &k->units, e));
  vec_each(const struct rights_column, c, &k->rec->persons) TRY(column_values(k, c, &k->people, e));
  TRY(find_parties(k, e));
  if (!k->rec->about.len) return true;
  strs about = {0};
  TRY(column_values(k, &(struct rights_column){.name = k->rec->about}, &about, e));
  vec_each(const struct str, pupil, &about) {
    struct sql_rights_guardians_rows rows = {0};
    add(k, &k->people, *pupil);
    TRY(sql_rights_guardians(k->s, k->mem, &(struct sql_rights_guardians_in){STORE_TENANT, *pupil, k->today}, SIZE_MAX,
                             &rows, e));
    vec_each(const struct sql_rights_guardians, r, &rows) add(k, &k->people, r->person);
  }
  return true;
}
static bool add_holders(struct seeker *k, struct str role, struct str unit, bool under, struct err *e) {
  struct sql_rights_holders_rows rows = {0};
  const struct sql_rights_holders_in in = {
      .tenant = STORE_TENANT, .role = role, .unit = unit, .today = k->today, .most = k->most, .with_under = under};
  TRY(sql_rights_holders(k->s, k->mem, &in, SIZE_MAX, &rows, e));
  vec_each(const struct sql_rights_holders, r, &rows) add(k, &k->people, r->person);
  return true;
}
bool rights_candidates(struct store *s, struct arena *mem, const struct rights_model *m,
                       const struct rights_record *record, struct str id, struct str today, int most, struct str **out,
                       size_t *out_n, struct err *e) {
  struct seeker k = {.s = s, .mem = mem, .rec = record, .id = id, .today = today, .most = most};
  bool far = record->offices.len > 0; /* posts that count elsewhere than where they are, units said by other units */
  vec_each(const struct rights_column, c, &record->units) far |= c->link.on.len > 0;
  TRY(find_named(&k, e));
  vec_each(const struct rights_role, role, &m->roles) {
    vec_each(const struct rights_sees, sees, &role->sees) {
      const bool by_unit = sees->word == RIGHTS_below || sees->word == RIGHTS_unit;
      if (!str_eq(sees->record, record->name)) continue;
      if (sees->word == RIGHTS_all || sees->word == RIGHTS_asked || (by_unit && far))
        TRY(add_holders(&k, role->name, STR(""), false, e));
      if (by_unit && !far)
        vec_each(const struct str, unit, &k.units) TRY(add_holders(&k, role->name, *unit, true, e));
    }
  }
  *out = k.people.at;
  *out_n = k.people.len;
  return true;
}
