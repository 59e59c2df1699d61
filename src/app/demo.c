/* The demo: units and people first, for the plans are judged by the dictionary of their own city; every plan is compiled before
 * one act writes them all. */
#include "app/app.h"
#include "app/demo_int.h"
#include "base/embed.h"
#include "texts.h"

static bool demo_file(struct arena *mem, struct str name, struct str *out, struct err *e) {
  const struct embedded *f = embed_find(str_fmt(mem, "demo/" STRF, STRA(name)));
  if (!f) return fail(e, ERR_NOT_FOUND, MSG_demo_missing, "file", name);
  *out = f->bytes;
  return true;
}
bool demo_root(struct arena *mem, const char *file, const struct yaml **out, struct err *e) {
  struct str text = {0};
  struct yaml *root = NULL;
  TRY(demo_file(mem, str_of(file), &text, e));
  TRY(yaml_parse(mem, str_of(file), text, &root, e));
  *out = root;
  return true;
}
bool demo_authority(struct arena *mem, struct str *out, struct err *e) {
  const struct yaml *org = NULL;
  TRY(demo_root(mem, "org.yaml", &org, e));
  *out = demo_text(org, "bureau");
  return true;
}
bool demo_list(struct arena *mem, const char *file, const char *key, struct yaml **out, struct err *e) {
  const struct yaml *root = NULL;
  TRY(demo_root(mem, file, &root, e));
  *out = yaml_get(root, key);
  return *out || fail(e, ERR_NOT_FOUND, MSG_demo_missing, "file", str_of(file));
}
struct str demo_text(const struct yaml *map, const char *key) {
  const struct yaml *y = yaml_get(map, key);
  return y && y->kind == YAML_SCALAR ? y->text : STR("");
}

/* ---- plans ---- */

static bool prepare_plan(struct plans *s, struct demo *d, const struct yaml *y, struct err *e) {
  int64_t year = 0;
  struct plans_upload up = {
      .name = demo_text(y, "name"), .issuer = demo_text(y, "authority"), .level = demo_text(y, "level")};
  AUTO_READ *r = store_read_begin(s->store, e);
  if (!r || !demo_unit(r, &d->mem, demo_text(y, "unit"), &up.unit, e)) return false;
  store_read_end(&r);
  (void)str_to_int(demo_text(y, "year"), &year);
  up.year = (int)year;
  TRY(demo_file(&d->mem, demo_text(y, "file"), &up.bytes, e));
  must(d->plan_count < DEMO_PLANS_MAX);
  d->who.now_us++; /* the list shows them in this order */
  TRY(plans_prepare(s, &d->mem, &d->who, &up, &d->plans[d->plan_count], e));
  d->plan_count++;
  return true;
}
static bool add_plan(struct store *tx, struct demo *d, const struct prepared *p, struct err *e) {
  struct str have = {0};
  size_t n = 0;
  TRY(plan_store_by_file(tx, &d->mem, p->row.file, 1, &have, &n, e));
  if (n) return true;
  d->count.plans++;
  return plans_keep(tx, &d->mem, &d->who, p, e);
}
static bool write_plans(struct store *tx, void *arg, struct err *e) {
  struct demo *d = arg;
  d->count.plans = 0;
  for (size_t i = 0; i < d->plan_count; i++) TRY(add_plan(tx, d, &d->plans[i], e));
  return true;
}
static bool load(struct plans *s, struct demo *d, bool people_only, struct err *e) {
  struct yaml *plans = NULL;
  TRY(demo_list(&d->mem, "units.yaml", "units", &d->units, e));
  TRY(demo_list(&d->mem, "demo.yaml", "plans", &plans, e));
  TRY(demo_load_org(s->store, d, e) && demo_load_accounts(s->store, d, e));
  TRY(plans_reload_units(s, e)); /* the plans are judged by the dictionary of their own city */
  for (const struct yaml *y = plans->child; y && !people_only; y = y->next) TRY(prepare_plan(s, d, y, e));
  return store_write(s->store, write_plans, d, e);
}
bool demo_load(struct plans *s, bool people_only, int64_t now_us, struct demo_count *out, struct err *e) {
  const struct str name = msg_template(LANG_ZH, MSG_demo_reason);
  struct demo d = {.who = {.actor = name, .reason = name, .now_us = now_us, .asks = &who_program}};
  const bool ok = load(s, &d, people_only, e);
  for (size_t i = 0; i < d.plan_count; i++) cache_release(s, d.plans[i].compiled);
  *out = d.count;
  arena_drop(&d.mem);
  return ok;
}
