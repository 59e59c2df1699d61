/* Everything is read and compiled first; then one act writes it all. Ids of units follow from their names, so that the
 * demo of every installation is the same and stories can name them. */
#include "app/demo.h"

#include "app/app.h"
#include "app/plans_int.h"
#include "base/embed.h"
#include "base/yaml.h"
#include "sql.h"
#include "store/unit_path.h"
#include "texts.h"

enum { PLANS_MAX = 64 };

struct demo {
  struct arena mem;
  struct plans_who who;
  struct yaml *units;
  struct prepared plans[PLANS_MAX];
  size_t plan_count;
  struct demo_count count;
};

static bool demo_file(struct arena *mem, struct str name, struct str *out, struct err *e) {
  const struct embedded *f = embed_find(str_fmt(mem, "demo/" STRF, STRA(name)));
  if (!f) return fail(e, ERR_NOT_FOUND, MSG_demo_missing, "file", name);
  *out = f->bytes;
  return true;
}
static bool demo_list(struct arena *mem, const char *file, const char *key, struct yaml **out, struct err *e) {
  struct str text = {0};
  struct yaml *root = NULL;
  TRY(demo_file(mem, str_of(file), &text, e));
  TRY(yaml_parse(mem, str_of(file), text, &root, e));
  *out = yaml_get(root, key);
  return *out || fail(e, ERR_NOT_FOUND, MSG_demo_missing, "file", str_of(file));
}
static struct str text_of(const struct yaml *map, const char *key) {
  const struct yaml *y = yaml_get(map, key);
  return y && y->kind == YAML_SCALAR ? y->text : STR("");
}

/* ---- units ---- */

static struct str unit_id(struct arena *mem, struct str parent, struct str name) {
  const uint64_t h = str_hash(str_fmt(mem, STRF "\n" STRF, STRA(parent), STRA(name)));
  return str_fmt(mem, "demo%012llx", (unsigned long long)(h & UINT64_C(0xFFFFFFFFFFFF)));
}
struct unit_list {
  struct sql_unit_all_rows rows; /* as they stand, new ones added */
};
static const struct sql_unit_all *unit_named(const struct unit_list *l, struct str name) {
  for (size_t i = 0; i < l->rows.len; i++) {
    if (str_eq(l->rows.at[i].name, name)) return &l->rows.at[i];
  }
  return NULL;
}
static bool has_id(const struct unit_list *l, struct str id) {
  for (size_t i = 0; i < l->rows.len; i++) {
    if (str_eq(l->rows.at[i].id, id)) return true;
  }
  return false;
}
static bool add_unit(struct store *tx, struct demo *d, struct unit_list *l, const struct yaml *y, struct err *e) {
  const struct str name = text_of(y, "name"), parent_name = text_of(y, "parent");
  const struct sql_unit_all *parent = parent_name.len ? unit_named(l, parent_name) : NULL;
  const struct str id = unit_id(&d->mem, parent_name, name);
  if (has_id(l, id)) return true;
  if (parent_name.len && !parent) return fail(e, ERR_INVALID, MSG_demo_no_parent, "unit", name, "parent", parent_name);
  const struct sql_unit_all row = {
      .id = id, .name = name, .kind = text_of(y, "kind"), .parent = parent ? parent->id : (struct str){0}};
  TRY(sql_unit_insert(tx,
                      &(struct sql_unit_insert_in){
                          .tenant = STORE_TENANT, .id = id, .name = name, .kind = row.kind, .parent = row.parent},
                      NULL, e));
  vec_push(&d->mem, &l->rows) = row;
  const struct yaml *aliases = yaml_get(y, "aliases");
  for (const struct yaml *a = aliases ? aliases->child : NULL; a; a = a->next)
    TRY(sql_unit_alias_insert(tx, &(struct sql_unit_alias_insert_in){STORE_TENANT, id, a->text}, NULL, e));
  d->count.units++;
  return true;
}
static bool add_units(struct store *tx, struct demo *d, struct err *e) {
  struct unit_list l = {0};
  TRY(sql_unit_all(tx, &d->mem, &(struct sql_unit_all_in){STORE_TENANT}, SIZE_MAX, &l.rows, e));
  for (const struct yaml *y = d->units->child; y; y = y->next) TRY(add_unit(tx, d, &l, y, e));
  if (!d->count.units) return true;
  TRY(unit_path_refresh(tx, &d->mem, d->who.now_us, e));
  struct event ev = {.at_us = d->who.now_us,
                     .valid = STR(""),
                     .actor = d->who.actor,
                     .record = STR("unit"),
                     .id = STR(""),
                     .act = STR("demo"),
                     .from = STR(""),
                     .to = STR("")};
  event_add(&ev, STR("now.count"), str_fmt(&d->mem, "%d", d->count.units));
  return event_append(tx, &d->mem, &ev, NULL, e);
}

/* ---- plans ---- */

static bool prepare_plan(struct plans *s, struct demo *d, const struct yaml *y, struct err *e) {
  int64_t year = 0;
  struct plans_upload up = {
      .name = text_of(y, "name"), .issuer = text_of(y, "authority"), .level = text_of(y, "level")};
  (void)str_to_int(text_of(y, "year"), &year);
  up.year = (int)year;
  TRY(demo_file(&d->mem, text_of(y, "file"), &up.bytes, e));
  must(d->plan_count < PLANS_MAX);
  d->who.now_us++; /* the list shows them in this order */
  TRY(plans_prepare(s, &d->mem, &d->who, &up, &d->plans[d->plan_count], e));
  d->plan_count++;
  return true;
}
static bool add_plan(struct store *tx, struct demo *d, const struct prepared *p, struct err *e) {
  struct str have = {0};
  TRY(plan_store_by_file(tx, &d->mem, p->row.file, &have, e));
  if (have.len) return true;
  d->count.plans++;
  return plans_keep(tx, &d->mem, &d->who, p, e);
}
static bool write_units(struct store *tx, void *arg, struct err *e) {
  struct demo *d = arg;
  d->count.units = 0; /* the act may run again */
  return add_units(tx, d, e);
}
static bool write_plans(struct store *tx, void *arg, struct err *e) {
  struct demo *d = arg;
  d->count.plans = 0;
  for (size_t i = 0; i < d->plan_count; i++) TRY(add_plan(tx, d, &d->plans[i], e));
  return true;
}
static bool load(struct plans *s, struct demo *d, struct err *e) {
  struct yaml *plans = NULL;
  TRY(demo_list(&d->mem, "units.yaml", "units", &d->units, e));
  TRY(demo_list(&d->mem, "demo.yaml", "plans", &plans, e));
  TRY(store_write(s->store, write_units, d, e));
  TRY(plans_reload_units(s, e)); /* the plans are judged by the dictionary of their own city */
  for (const struct yaml *y = plans->child; y; y = y->next) TRY(prepare_plan(s, d, y, e));
  return store_write(s->store, write_plans, d, e);
}
bool demo_load(struct plans *s, int64_t now_us, struct demo_count *out, struct err *e) {
  struct demo d = {.who = {app_local_actor(), msg_template(LANG_ZH, MSG_demo_reason), now_us}};
  const bool ok = load(s, &d, e);
  for (size_t i = 0; i < d.plan_count; i++) cache_release(s, d.plans[i].compiled);
  *out = d.count;
  arena_drop(&d.mem);
  return ok;
}
