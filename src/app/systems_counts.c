/* Counts and deadlines over declared tables, under the same condition as every list: what is not seen is not counted. */
#include "app/systems_counts.h"

#include "declare/check.h"
#include "engine/flow/clock.h"
#include "store/compose.h"
#include "store/statement.h"
#include "store/store.h"

/* AND alias."id" IN (what is seen); false: nothing is. */
static bool put_seen(struct system_run *x, struct compose *c, const struct flow_record *r, const char *id) {
  struct rights_condition ids;
  if (!x->who || x->who->is_program) return true;
  const struct rights_view *v = systems_view(x, r);
  if (v->seen.always) return true;
  rights_compile_ids(x->run.mem, v, SYSTEM_COUNT_MOST, &ids);
  if (ids.never) return false;
  compose_z(c, " AND ");
  compose_z(c, id);
  compose_z(c, " IN (");
  compose_condition(c, ids.sql, ids.values.at, ids.values.len);
  compose_z(c, ")");
  return true;
}
static bool read_one(struct system_run *x, struct compose *c, int64_t *out, struct err *e) {
  bool is_row = false;
  struct store_stmt *s = compose_prepare(c, x->run.session, 1, e);
  if (!s) return false;
  const bool ok = store_step(s, &is_row, e);
  if (ok && is_row) *out = store_column_int(s, 0);
  store_reset(s);
  return ok;
}
static void end_count(struct compose *c) {
  compose_z(c, " LIMIT ");
  compose_bound(c, SYSTEM_COUNT_MOST);
  compose_z(c, ") x");
}
static bool count_open(struct system_run *x, const struct flow_record *r, bool ends, int64_t *out, struct err *e) {
  AUTO_COMPOSE c = COMPOSE(x->run.mem);
  compose_z(&c, "SELECT count(*) FROM (SELECT 1 FROM ");
  compose_name(&c, r->table);
  compose_z(&c, " t WHERE t.\"tenant\" = ");
  (void)compose_str(&c, STORE_TENANT);
  if (ends) compose_z(&c, " AND t.\"ended\" = 0");
  if (!put_seen(x, &c, r, "t.\"id\"")) return true;
  end_count(&c);
  return read_one(x, &c, out, e);
}
static void from_clocks(struct compose *c, const struct flow_record *r, int64_t before_us) {
  compose_z(c, " FROM \"flow_clock\" k WHERE k.\"tenant\" = ");
  (void)compose_str(c, STORE_TENANT);
  compose_z(c, " AND k.\"record\" = ");
  (void)compose_str(c, r->name);
  compose_z(c, " AND k.\"phase\" = ");
  (void)compose_int(c, CLOCK_RUNNING);
  compose_z(c, " AND k.\"due_us\" < ");
  (void)compose_int(c, before_us);
}
static bool count_over(struct system_run *x, const struct flow_record *r, int64_t *out, struct err *e) {
  AUTO_COMPOSE c = COMPOSE(x->run.mem);
  compose_z(&c, "SELECT count(*) FROM (SELECT DISTINCT k.\"id\"");
  from_clocks(&c, r, x->run.now_us);
  if (!put_seen(x, &c, r, "k.\"id\"")) return true;
  end_count(&c);
  return read_one(x, &c, out, e);
}
bool systems_count(struct system_run *x, const struct flow_record *r, struct system_count *out, struct err *e) {
  *out = (struct system_count){0};
  vec_each(const struct state, s, &r->record->states) out->ends |= is_yes(s->end);
  TRY(count_open(x, r, out->ends, &out->open, e));
  return !r->record->clocks.len || count_over(x, r, &out->over, e);
}

/* ---- deadlines ---- */

static void add_due(struct system_run *x, system_dues *io, struct system_due d, size_t most) {
  size_t at = io->len;
  for (; at > 0 && io->at[at - 1].due_us > d.due_us; at--) continue;
  if (at >= most) return;
  if (io->len < most) vec_push(x->run.mem, io) = d;
  for (size_t i = io->len - 1; i > at; i--) io->at[i] = io->at[i - 1];
  io->at[at] = d;
}
static bool read_dues(struct system_run *x, struct compose *c, const struct flow_record *r, size_t most,
                      system_dues *io, struct err *e) {
  bool more = true, ok = true;
  struct store_stmt *s = compose_prepare(c, x->run.session, 3, e);
  if (!s) return false;
  while ((ok = store_step(s, &more, e)) && more) {
    const struct clock *k = part_find(&r->record->clocks, store_column_str(s, 1, x->run.mem));
    const struct system_due d = {r, store_column_str(s, 0, x->run.mem), k ? k->label.text : STR(""),
                                 store_column_int(s, 2)};
    add_due(x, io, d, most);
  }
  store_reset(s);
  return ok;
}
bool systems_due(struct system_run *x, const struct flow_record *r, int64_t before_us, size_t most, system_dues *io,
                 struct err *e) {
  AUTO_COMPOSE c = COMPOSE(x->run.mem);
  if (!r->record->clocks.len) return true;
  compose_z(&c, "SELECT k.\"id\", k.\"clock\", k.\"due_us\"");
  from_clocks(&c, r, before_us);
  if (!put_seen(x, &c, r, "k.\"id\"")) return true;
  compose_z(&c, " ORDER BY k.\"due_us\", k.\"id\" LIMIT ");
  compose_bound(&c, (int)most);
  return read_dues(x, &c, r, most, io, e);
}
