/* Migrations run forward only: src/store/sql/migrations/NNN.sql, embedded, applied in order of their numbers. The steps
 * and the new version are one transaction, so a crash between leaves a whole older schema. They are written once, in
 * plain SQL with the types TEXT, INTEGER and BLOB; the engine's schema_text says them in its own words. */
#include "store/migrate.h"

#include "base/embed.h"
#include "texts.h"

enum { TRIES = 5 }; /* another process may do the same at the same moment */

static const struct str step_prefix = STR_INIT("src/store/sql/migrations/");

/* Migration number of an embedded file, 0 when it is none. */
static int step_number(const struct embedded *f) {
  int64_t n = 0;
  if (!str_starts(f->path ? str_of(f->path) : (struct str){0}, step_prefix)) return 0;
  const struct str name = str_from(str_of(f->path), step_prefix.len);
  return name.len == 7 && str_ends(name, STR(".sql")) && str_to_int(str_slice(name, 0, 3), &n) ? (int)n : 0;
}
static const struct embedded *find_step(int number) {
  size_t n = 0;
  const struct embedded *all = embed_all(&n);
  for (size_t i = 0; i < n; i++)
    if (step_number(&all[i]) == number) return &all[i];
  return NULL;
}
int store_schema_version(void) {
  int v = 0;
  while (find_step(v + 1)) v++;
  return v;
}

static bool read_state(struct connection *c, const struct place *place, struct schema_state *out, struct err *e) {
  *out = (struct schema_state){0};
  TRY(c->driver->schema_read(c, place, out, e));
  if (!out->empty && !out->ours) return fail(e, ERR_INVALID, MSG_store_not_ours, "file", place->label);
  if (out->version <= store_schema_version()) return true;
  AUTO_ARENA mem = {0};
  return fail(e, ERR_INVALID, MSG_store_newer, "file", place->label, "version", str_int(&mem, (int)out->version));
}

/* A step in the engine's words; the last one sees to the engine's own index too. */
static struct str step_text(const struct driver *d, struct arena *mem, int v) {
  const struct str text = d->schema_text(mem, find_step(v)->bytes);
  return v == store_schema_version() ? str_join(mem, text, str_of(d->search_schema)) : text;
}

/* Alone among all processes: what another one did meanwhile is read again first. */
static bool forward(struct connection *c, const struct place *place, int version, struct err *e) {
  AUTO_ARENA mem = {0};
  struct schema_state now = {0};
  struct err ignored = {0};
  TRY(c->driver->schema_begin(c, e));
  bool ok = read_state(c, place, &now, e);
  for (int v = (int)now.version + 1; ok && v <= version; v++)
    ok = c->driver->schema_step(c, step_text(c->driver, &mem, v), v, e);
  if (ok) return c->driver->schema_end(c, true, e);
  (void)c->driver->schema_end(c, false, &ignored);
  return false;
}

bool store_migrate(struct connection *c, const struct place *place, int version, struct err *e) {
  for (int i = 0; i < TRIES; i++) {
    struct schema_state now = {0};
    *e = (struct err){0};
    TRY(read_state(c, place, &now, e));
    if (now.ours && now.version >= version) return true;
    if (forward(c, place, version, e)) return true;
    if (e->code != ERR_BUSY) return false;
  }
  return false;
}

bool store_schema_read(struct connection *c, const struct place *place, int *out_version, struct err *e) {
  struct schema_state now = {0};
  TRY(read_state(c, place, &now, e));
  *out_version = (int)now.version;
  return now.ours || fail(e, ERR_INVALID, MSG_store_not_ours, "file", place->label);
}

bool store_migrate_text(struct connection *c, const struct place *place, struct arena *mem, struct str *out_sql,
                        int *out_from, struct err *e) {
  struct schema_state now = {0};
  TRY(read_state(c, place, &now, e));
  *out_from = (int)now.version;
  *out_sql = STR("");
  for (int v = *out_from + 1; v <= store_schema_version(); v++) {
    const struct str step = step_text(c->driver, mem, v);
    *out_sql = str_fmt(mem, STRF "-- %03d\n" STRF, STRA(*out_sql), v, STRA(step));
  }
  return true;
}
