/* Declarations of rights in (rules/rights, rules/roles.yaml): a refusal has a place; of what is read every condition can be put
 * together for somebody who holds every role, has a value for each place, and is nothing but words, names and places; roles
 * hold declared acts only. */
#include "base/yaml.h"
#include "engine/account/roles.h"
#include "engine/rights/rights.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* As store/compose.h lets it through. */
static void check_condition(const struct rights_condition *c) {
  size_t places = 0;
  for (size_t i = 0; i < c->sql.len; i++) {
    places += c->sql.at[i] == '@';
    must(c->sql.at[i] >= ' ' && c->sql.at[i] < 0x7F && !strchr("';$", c->sql.at[i]));
  }
  must(places == c->values.len && !(c->always && c->never));
}
static void check_record(struct arena *mem, const struct rights_model *m, const struct rights_record *rec,
                         const struct rights_person *p) {
  struct rights_view v;
  struct rights_condition one;
  rights_compile(mem, m, rec, p, &v);
  check_condition(&v.seen);
  for (int c = 0; c < RIGHTS_CLASS_COUNT; c++) check_condition(&v.class[c]);
  must(v.class[RIGHTS_CLASS_sealed].never);
  vec_each(const struct rights_grant, g, &v.grants) {
    must(g->posts.len > 0 && str_eq(g->sees->record, rec->name));
    rights_compile_grant(mem, &v, g, p, &one);
    check_condition(&one);
  }
  vec_each(const struct rights_act, act, &rec->acts) {
    rights_compile_act(mem, &v, p, act->name, &one);
    check_condition(&one);
  }
  vec_each(const struct rights_column, c, &rec->units) {
    rights_compile_alike(mem, &v, p, c->name, &one);
    check_condition(&one);
  }
}
static void check_model(struct arena *mem, const struct rights_model *m) {
  struct rights_person p = {.id = STR("p1"), .today = STR("2026-11-22")};
  if (m->purposes.len) p.purpose = m->purposes.at[0];
  vec_push(mem, &p.places) = (struct rights_place){STR("u2"), STR("department"), STR("u1")};
  vec_push(mem, &p.places) = (struct rights_place){STR("u1"), STR("bureau"), STR("")};
  vec_each(const struct rights_role, role, &m->roles) {
    vec_push(mem, &p.posts) =
        (struct rights_post){.id = STR("o"), .role = role->name, .unit = STR("u2"), .kind = STR("department")};
  }
  vec_each(const struct rights_record, rec, &m->records) check_record(mem, m, rec, &p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  AUTO_ARENA mem = {0};
  struct err e = {0};
  struct rights_model m;
  struct roles roles = {0};
  const struct str text = {(const char *)data, size};
  if (rights_read(&mem, STR("fuzz.yaml"), text, &m, &e)) check_model(&mem, &m);
  else must(e.code != ERR_NONE);
  e = (struct err){0};
  if (!roles_parse(&mem, STR("fuzz.yaml"), text, &roles, &e)) {
    must(e.code != ERR_NONE);
    return 0;
  }
  vec_each(const struct role_rule, role, &roles.roles)
    vec_each(const struct str, act, &role->may) must(roles_act(&roles, *act));
  return 0;
}
