/* Rows of units as versions of the engine, and back. A unit that changed is written whole: it has a handful of versions. */
#include "engine/register/register_store.h"

#include "base/clock.h"
#include "base/limits.h"
#include "sql.h"
#include "store/unit_path.h"
#include "text/reading.h"
#include "texts.h"

int32_t register_day(struct str iso) {
  struct date d = {0};
  return date_parse(iso, 0, &d) ? date_to_days(d) : ORG_OPEN;
}
struct str register_day_text(struct arena *mem, int32_t day) {
  return date_iso(mem, date_of_days(day));
}

bool register_store_read(struct store *s, struct org *o, struct err *e) {
  struct sql_unit_versions_rows rows = {0};
  TRY(sql_unit_versions(s, o->mem, &(struct sql_unit_versions_in){STORE_TENANT}, SIZE_MAX, &rows, e));
  vec_each(const struct sql_unit_versions, r, &rows) {
    const struct org_version v = {.from = register_day(r->from_day),
                                  .until = register_day(r->until_day),
                                  .name = r->name,
                                  .kind = r->kind,
                                  .parent = r->parent,
                                  .place = (int)r->place};
    org_load(o, r->unit, v);
  }
  return true;
}

static bool write_version(struct store *tx, struct arena *mem, struct str unit, const struct org_version *v,
                          struct err *e) {
  const struct reading reading = reading_make(mem, v->name, false);
  return sql_unit_version_insert(tx,
                                 &(struct sql_unit_version_insert_in){.tenant = STORE_TENANT,
                                                                      .unit = unit,
                                                                      .from_day = register_day_text(mem, v->from),
                                                                      .until_day = register_day_text(mem, v->until),
                                                                      .name = v->name,
                                                                      .kind = v->kind,
                                                                      .parent = v->parent,
                                                                      .place = v->place,
                                                                      .reading = reading.key,
                                                                      .initials = reading.initials},
                                 NULL, e);
}
/* What holds today; before the founding what will hold first, after the end what held last. */
static bool write_now(struct store *tx, struct arena *mem, const struct org_unit *u, int64_t now_us, struct err *e) {
  const int32_t today = date_to_days(clock_today(now_us));
  const struct org_version *v = org_on(u, today);
  if (!v) v = org_founded(u) > today ? &u->versions.at[0] : &vec_last(&u->versions);
  return sql_unit_now(tx,
                      &(struct sql_unit_now_in){.tenant = STORE_TENANT,
                                                .id = u->id,
                                                .name = v->name,
                                                .kind = v->kind,
                                                .parent = v->parent.len ? v->parent : (struct str){0},
                                                .place = v->place,
                                                .closed_day = register_day_text(mem, org_last_day(u)),
                                                .at_us = now_us},
                      NULL, e);
}
bool register_store_write(struct store *tx, struct arena *mem, struct org *o, int64_t now_us, struct err *e) {
  bool any = false;
  vec_each(struct org_unit, u, &o->units) {
    if (!u->changed) continue;
    any = true;
    TRY(sql_unit_versions_drop(tx, &(struct sql_unit_versions_drop_in){STORE_TENANT, u->id}, NULL, e));
    vec_each(const struct org_version, v, &u->versions) TRY(write_version(tx, mem, u->id, v, e));
    TRY(write_now(tx, mem, u, now_us, e));
    u->changed = false;
  }
  return !any || unit_path_refresh(tx, mem, now_us, e);
}
bool register_store_found(struct store *tx, const struct org_act *a, struct str kind, struct str parent,
                          struct err *e) {
  return sql_unit_insert(tx,
                         &(struct sql_unit_insert_in){.tenant = STORE_TENANT,
                                                      .id = a->unit,
                                                      .name = a->name,
                                                      .kind = kind,
                                                      .parent = parent.len ? parent : (struct str){0}},
                         NULL, e);
}

static bool read_unread(struct store *tx, struct arena *mem, bool *out_any, struct err *e) {
  struct sql_unit_version_unread_rows rows = {0};
  TRY(sql_unit_version_unread(tx, mem, &(struct sql_unit_version_unread_in){STORE_TENANT, ORG_UNITS_MAX}, ORG_UNITS_MAX,
                              &rows, e));
  vec_each(const struct sql_unit_version_unread, r, &rows) {
    const struct reading reading = reading_make(mem, r->name, false);
    if (!reading.key.len) continue; /* a name without a letter */
    *out_any = true;
    TRY(sql_unit_version_read(
        tx, &(struct sql_unit_version_read_in){STORE_TENANT, r->unit, r->from_day, reading.key, reading.initials}, NULL,
        e));
  }
  return true;
}
bool register_store_day(struct store *tx, struct arena *mem, int64_t now_us, bool *out_any, struct err *e) {
  struct sql_unit_stale_rows rows = {0};
  struct org o;
  const struct str today = date_iso(mem, clock_today(now_us));
  *out_any = false;
  TRY(read_unread(tx, mem, out_any, e));
  TRY(sql_unit_stale(tx, mem, &(struct sql_unit_stale_in){STORE_TENANT, today, ORG_UNITS_MAX}, ORG_UNITS_MAX, &rows,
                     e));
  if (!rows.len) return true;
  org_begin(&o, mem, NULL);
  TRY(register_store_read(tx, &o, e));
  vec_each(const struct sql_unit_stale, r, &rows) TRY(write_now(tx, mem, org_find(&o, r->unit), now_us, e));
  *out_any = true;
  return unit_path_refresh(tx, mem, now_us, e);
}
