/* Rotation: batch after batch, each read and written in one act, so that no writer waits longer than a batch takes. The
 * statements pass over what is fresh already; where a run was stopped, the next one goes on. Tables that packages declared
 * are found by the steps that made them. */
#include "store/reseal.h"

#include "base/vec.h"
#include "sql.h"
#include "store/compose.h"
#include "store/declared.h"
#include "store/store.h"

struct sealed_cell {
  struct str table, row, column, compartment, cell;
};
struct cells {
  struct sealed_cell *at;
  size_t len, cap;
};
struct cell_query {
  struct str table, compartment; /* compartment empty: of any; only for `uses` */
  struct str fresh;              /* `next` passes over cells like this, `uses` counts them */
  struct str row, column;        /* behind this one; empty = from the start */
};
struct sealed_table {
  struct str table;
  const char *compartment; /* NULL: each row names its own */
  bool (*next)(struct store *s, struct arena *mem, const struct cell_query *q, struct cells *out, struct err *e);
  bool (*put)(struct store *s, const struct sealed_cell *c, struct str cell, int64_t *out_changed, struct err *e);
  bool (*uses)(struct store *s, struct arena *mem, const struct cell_query *q, int64_t *out, struct err *e);
};
typedef VEC(struct sealed_table) sealed_tables;

/* ---- values of events: the column is the field's name ---- */

static bool event_next(struct store *s, struct arena *mem, const struct cell_query *q, struct cells *out,
                       struct err *e) {
  struct sql_reseal_event_next_rows rows = {0};
  int64_t seq = 0;
  if (q->row.len) must(str_to_int(q->row, &seq));
  TRY(sql_reseal_event_next(
      s, mem, &(struct sql_reseal_event_next_in){STORE_TENANT, q->compartment, seq, q->column, q->fresh, RESEAL_BATCH},
      SIZE_MAX, &rows, e));
  vec_each(const struct sql_reseal_event_next, r, &rows) {
    vec_push(mem, out) = (struct sealed_cell){q->table, str_int(mem, r->seq), r->field, q->compartment, r->cell};
  }
  return true;
}
static bool event_put(struct store *s, const struct sealed_cell *c, struct str cell, int64_t *out_changed,
                      struct err *e) {
  int64_t seq = 0;
  must(str_to_int(c->row, &seq));
  return sql_reseal_event_put(s, &(struct sql_reseal_event_put_in){STORE_TENANT, cell, seq, c->column, c->cell},
                              out_changed, e);
}
static bool event_uses(struct store *s, struct arena *mem, const struct cell_query *q, int64_t *out, struct err *e) {
  struct sql_reseal_event_uses n = {0};
  if (!q->compartment.len) {
    struct sql_reseal_event_all all = {0};
    TRY(sql_reseal_event_all(s, mem, &(struct sql_reseal_event_all_in){STORE_TENANT, q->fresh}, &all, NULL, e));
    *out += all.n;
    return true;
  }
  TRY(sql_reseal_event_uses(s, mem, &(struct sql_reseal_event_uses_in){STORE_TENANT, q->compartment, q->fresh}, &n,
                            NULL, e));
  *out += n.n;
  return true;
}

/* ---- numbers of people ---- */

static bool person_next(struct store *s, struct arena *mem, const struct cell_query *q, struct cells *out,
                        struct err *e) {
  struct sql_reseal_person_next_rows rows = {0};
  TRY(sql_reseal_person_next(
      s, mem, &(struct sql_reseal_person_next_in){STORE_TENANT, q->row, q->column, q->fresh, RESEAL_BATCH}, SIZE_MAX,
      &rows, e));
  vec_each(const struct sql_reseal_person_next, r, &rows) {
    vec_push(mem, out) = (struct sealed_cell){q->table, r->person, r->field, q->compartment, r->cell};
  }
  return true;
}
static bool person_put(struct store *s, const struct sealed_cell *c, struct str cell, int64_t *out_changed,
                       struct err *e) {
  return sql_reseal_person_put(s, &(struct sql_reseal_person_put_in){STORE_TENANT, cell, c->row, c->column, c->cell},
                               out_changed, e);
}
static bool person_uses(struct store *s, struct arena *mem, const struct cell_query *q, int64_t *out, struct err *e) {
  struct sql_reseal_person_uses n = {0};
  TRY(sql_reseal_person_uses(s, mem, &(struct sql_reseal_person_uses_in){STORE_TENANT, q->fresh}, &n, NULL, e));
  *out += n.n;
  return true;
}

/* ---- secrets of second factors ---- */

/* `sm4.7.%` without its last sign. */
static struct str beginning(struct str like) { return str_slice(like, 0, like.len - 1); }
static bool factor_next(struct store *s, struct arena *mem, const struct cell_query *q, struct cells *out,
                        struct err *e) {
  struct sql_reseal_factor_next_rows rows = {0};
  TRY(sql_reseal_factor_next(
      s, mem, &(struct sql_reseal_factor_next_in){STORE_TENANT, q->row, beginning(q->fresh), RESEAL_BATCH}, SIZE_MAX,
      &rows, e));
  vec_each(const struct sql_reseal_factor_next, r, &rows) {
    vec_push(mem, out) = (struct sealed_cell){q->table, r->account, STR("secret"), q->compartment, r->cell};
  }
  return true;
}
static bool factor_put(struct store *s, const struct sealed_cell *c, struct str cell, int64_t *out_changed,
                       struct err *e) {
  return sql_reseal_factor_put(s, &(struct sql_reseal_factor_put_in){STORE_TENANT, cell, c->row, c->cell}, out_changed,
                               e);
}
static bool factor_uses(struct store *s, struct arena *mem, const struct cell_query *q, int64_t *out, struct err *e) {
  struct sql_reseal_factor_uses n = {0};
  TRY(sql_reseal_factor_uses(s, mem, &(struct sql_reseal_factor_uses_in){STORE_TENANT, beginning(q->fresh)}, &n, NULL,
                             e));
  *out += n.n;
  return true;
}

/* ---- sheets that wait for a yes ---- */

static bool draft_next(struct store *s, struct arena *mem, const struct cell_query *q, struct cells *out,
                       struct err *e) {
  struct sql_reseal_draft_next_rows rows = {0};
  TRY(sql_reseal_draft_next(s, mem, &(struct sql_reseal_draft_next_in){STORE_TENANT, q->row, beginning(q->fresh)},
                            SIZE_MAX, &rows, e));
  vec_each(const struct sql_reseal_draft_next, r, &rows) {
    vec_push(mem, out) = (struct sealed_cell){q->table, r->id, STR("bytes"), q->compartment, r->cell};
  }
  return true;
}
static bool draft_put(struct store *s, const struct sealed_cell *c, struct str cell, int64_t *out_changed,
                      struct err *e) {
  return sql_reseal_draft_put(s, &(struct sql_reseal_draft_put_in){STORE_TENANT, cell, c->row, c->cell}, out_changed,
                              e);
}
static bool draft_uses(struct store *s, struct arena *mem, const struct cell_query *q, int64_t *out, struct err *e) {
  struct sql_reseal_draft_uses n = {0};
  TRY(sql_reseal_draft_uses(s, mem, &(struct sql_reseal_draft_uses_in){STORE_TENANT, beginning(q->fresh)}, &n, NULL,
                            e));
  *out += n.n;
  return true;
}

/* ---- messages that wait, in and out ---- */

static bool inbox_next(struct store *s, struct arena *mem, const struct cell_query *q, struct cells *out,
                       struct err *e) {
  struct sql_reseal_inbox_next_rows rows = {0};
  TRY(sql_reseal_inbox_next(s, mem, &(struct sql_reseal_inbox_next_in){STORE_TENANT, q->row, q->fresh, RESEAL_BATCH},
                            SIZE_MAX, &rows, e));
  vec_each(const struct sql_reseal_inbox_next, r, &rows)
    vec_push(mem, out) = (struct sealed_cell){q->table, r->id, STR("body"), q->compartment, r->cell};
  return true;
}
static bool inbox_put(struct store *s, const struct sealed_cell *c, struct str cell, int64_t *out_changed,
                      struct err *e) {
  return sql_reseal_inbox_put(s, &(struct sql_reseal_inbox_put_in){STORE_TENANT, cell, c->row, c->cell}, out_changed,
                              e);
}
static bool inbox_uses(struct store *s, struct arena *mem, const struct cell_query *q, int64_t *out, struct err *e) {
  struct sql_reseal_inbox_uses n = {0};
  TRY(sql_reseal_inbox_uses(s, mem, &(struct sql_reseal_inbox_uses_in){STORE_TENANT, q->fresh}, &n, NULL, e));
  *out += n.n;
  return true;
}
static bool outbox_next(struct store *s, struct arena *mem, const struct cell_query *q, struct cells *out,
                        struct err *e) {
  struct sql_reseal_outbox_next_rows rows = {0};
  TRY(sql_reseal_outbox_next(s, mem, &(struct sql_reseal_outbox_next_in){STORE_TENANT, q->row, q->fresh, RESEAL_BATCH},
                             SIZE_MAX, &rows, e));
  vec_each(const struct sql_reseal_outbox_next, r, &rows)
    vec_push(mem, out) = (struct sealed_cell){q->table, r->id, STR("body"), q->compartment, r->cell};
  return true;
}
static bool outbox_put(struct store *s, const struct sealed_cell *c, struct str cell, int64_t *out_changed,
                       struct err *e) {
  return sql_reseal_outbox_put(s, &(struct sql_reseal_outbox_put_in){STORE_TENANT, cell, c->row, c->cell}, out_changed,
                               e);
}
static bool outbox_uses(struct store *s, struct arena *mem, const struct cell_query *q, int64_t *out, struct err *e) {
  struct sql_reseal_outbox_uses n = {0};
  TRY(sql_reseal_outbox_uses(s, mem, &(struct sql_reseal_outbox_uses_in){STORE_TENANT, q->fresh}, &n, NULL, e));
  *out += n.n;
  return true;
}

/* ---- beside records of packages: (tenant, owner, field, compartment, cell) ---- */

static void where_tenant(struct compose *c) {
  compose_z(c, " WHERE \"tenant\" = ");
  (void)compose_str(c, STORE_TENANT);
}
static void and_is(struct compose *c, const char *column, const char *sign, struct str value) {
  compose_z(c, " AND ");
  compose_name(c, str_of(column));
  compose_z(c, sign);
  (void)compose_str(c, value);
}
static bool declared_next(struct store *s, struct arena *mem, const struct cell_query *q, struct cells *out,
                          struct err *e) {
  AUTO_COMPOSE c = COMPOSE(mem);
  bool row = true, ok = true;
  compose_z(&c, "SELECT \"owner\", \"field\", \"cell\" FROM ");
  compose_name(&c, q->table);
  where_tenant(&c);
  and_is(&c, "compartment", " = ", q->compartment);
  and_is(&c, "owner", " >= ", q->row);
  compose_z(&c, " AND (\"owner\" > ");
  (void)compose_str(&c, q->row);
  compose_z(&c, " OR \"field\" > ");
  (void)compose_str(&c, q->column);
  compose_z(&c, ")");
  and_is(&c, "cell", " NOT LIKE ", q->fresh);
  compose_z(&c, " ORDER BY \"owner\", \"field\" LIMIT ");
  compose_bound(&c, RESEAL_BATCH);
  struct store_stmt *st = compose_prepare(&c, s, 3, e);
  if (!st) return false;
  while ((ok = store_step(st, &row, e)) && row)
    vec_push(mem, out) = (struct sealed_cell){q->table, store_column_str(st, 0, mem), store_column_str(st, 1, mem),
                                              q->compartment, store_column_str(st, 2, mem)};
  store_reset(st);
  return ok;
}
static bool declared_put(struct store *s, const struct sealed_cell *x, struct str cell, int64_t *out_changed,
                         struct err *e) {
  AUTO_ARENA mem = {0};
  AUTO_COMPOSE c = COMPOSE(&mem);
  compose_z(&c, "UPDATE ");
  compose_name(&c, x->table);
  compose_z(&c, " SET \"cell\" = ");
  (void)compose_str(&c, cell);
  where_tenant(&c);
  and_is(&c, "owner", " = ", x->row);
  and_is(&c, "field", " = ", x->column);
  and_is(&c, "cell", " = ", x->cell);
  return compose_run(&c, s, out_changed, e);
}
static bool declared_uses(struct store *s, struct arena *mem, const struct cell_query *q, int64_t *out, struct err *e) {
  AUTO_COMPOSE c = COMPOSE(mem);
  bool row = false;
  compose_z(&c, "SELECT count(*) FROM ");
  compose_name(&c, q->table);
  where_tenant(&c);
  if (q->compartment.len) and_is(&c, "compartment", " = ", q->compartment);
  and_is(&c, "cell", " LIKE ", q->fresh);
  struct store_stmt *st = compose_prepare(&c, s, 1, e);
  if (!st) return false;
  const bool ok = store_step(st, &row, e);
  if (ok && row) *out += store_column_int(st, 0);
  store_reset(st);
  return ok;
}

/* ---- all of them ---- */

static const struct sealed_table tables[] = {
    {STR_INIT("event_seal"), NULL, event_next, event_put, event_uses},
    {STR_INIT("person_secret"), "person", person_next, person_put, person_uses},
    {STR_INIT("second_factor"), "second_factor", factor_next, factor_put, factor_uses},
    {STR_INIT("import_draft"), "person", draft_next, draft_put, draft_uses},
    {STR_INIT("flow_inbox"), "message", inbox_next, inbox_put, inbox_uses},
    {STR_INIT("flow_outbox"), "message", outbox_next, outbox_put, outbox_uses},
};
/* Declared tables are known by the columns that no field of a package can have: those are never NOT NULL. */
static bool find_tables(struct store *s, struct arena *mem, sealed_tables *out, struct err *e) {
  static const char columns[] =
      "\"owner\" TEXT NOT NULL, \"field\" TEXT NOT NULL, \"compartment\" TEXT NOT NULL, "
      "\"cell\" TEXT NOT NULL, PRIMARY KEY (\"tenant\", \"owner\", \"field\")";
  struct sql_declared_steps_rows steps = {0};
  for (size_t i = 0; i < COUNT_OF(tables); i++) vec_push(mem, out) = tables[i];
  TRY(sql_declared_steps(s, mem, &(struct sql_declared_steps_in){STORE_TENANT}, SIZE_MAX, &steps, e));
  vec_each(const struct sql_declared_steps, x, &steps) {
    struct declared_step step;
    if (!declared_read(x->sql, &step) || step.kind != DECLARED_TABLE || str_find(x->sql, str_of(columns)) == STR_NONE)
      continue;
    vec_push(mem, out) = (struct sealed_table){step.table, NULL, declared_next, declared_put, declared_uses};
  }
  return true;
}
static bool has_cells_of(const struct sealed_table *t, struct str compartment) {
  return !t->compartment || !compartment.len || str_eqz(compartment, t->compartment);
}

static const struct str compartments[] = {STR_INIT("message"), STR_INIT("person"), STR_INIT("second_factor")};

const struct str *sealed_compartments(size_t *out_n) {
  *out_n = COUNT_OF(compartments);
  return compartments;
}

/* ---- batches ---- */

struct batch_work {
  const struct sealed_table *table;
  struct arena *keep; /* of the cursor: outlives the act */
  struct cell_query q;
  struct str row, column; /* where the next batch begins */
  int64_t moved;
  bool more;
};
static bool move_cell(struct store *tx, struct arena *mem, struct batch_work *w, const struct sealed_cell *c,
                      struct err *e) {
  const struct seal_place at = {STORE_TENANT, w->table->table, c->column, c->row};
  struct str value = {0}, cell = {0};
  int64_t changed = 0;
  TRY(seal_open(store_keys(tx), mem, c->compartment, &at, c->cell, &value, e));
  TRY(seal_cell(store_keys(tx), mem, c->compartment, &at, value, &cell, e));
  TRY(w->table->put(tx, c, cell, &changed, e));
  w->moved += changed;
  return true;
}
static bool batch(struct store *tx, void *arg, struct err *e) {
  struct batch_work *w = arg;
  AUTO_ARENA mem = {0};
  struct cells list = {0};
  w->moved = 0;
  TRY(w->table->next(tx, &mem, &w->q, &list, e));
  vec_each(const struct sealed_cell, c, &list) TRY(move_cell(tx, &mem, w, c, e));
  w->more = list.len > 0;
  if (!w->more) return true;
  w->row = str_dup(w->keep, vec_last(&list).row);
  w->column = str_dup(w->keep, vec_last(&list).column);
  return true;
}
/* `sm4.7.%`: what is sealed under that key. */
static struct str like_key(struct arena *mem, enum seal_suite suite, int64_t id) {
  return str_fmt(mem, "%s.%lld.%%", seal_suite_word(suite), (long long)id);
}
static bool current_key(struct keys *keys, struct arena *mem, struct str compartment, struct key_info *out,
                        struct err *e) {
  struct key_list list = {0};
  TRY(keys_list(keys, mem, &list, e));
  vec_each(const struct key_info, k, &list) {
    if (k->state == KEY_CURRENT && str_eq(k->compartment, compartment)) *out = *k;
  }
  return true;
}

/* One walk over a table. */
static bool run_table(struct store *store, struct str compartment, const struct sealed_table *t, int64_t *io_moved,
                      struct err *e) {
  AUTO_ARENA mem = {0};
  struct batch_work w = {.table = t, .keep = &mem, .row = STR(""), .column = STR(""), .more = true};
  while (w.more) {
    struct key_info key = {0};
    TRY(current_key(store_keys(store), &mem, compartment, &key, e));
    w.q = (struct cell_query){t->table, compartment, like_key(&mem, key.suite, key.id), w.row, w.column};
    TRY(store_write(store, batch, &w, e));
    *io_moved += w.moved;
  }
  return true;
}
/* Until a walk finds nothing: a server that had not seen the new key yet may have written behind the first one. */
bool reseal_run(struct store *store, struct str compartment, int64_t *out_moved, struct err *e) {
  AUTO_ARENA mem = {0};
  *out_moved = 0;
  for (int64_t before = -1; before != *out_moved;) {
    sealed_tables all = {0};
    before = *out_moved;
    {
      AUTO_READ *s = store_read_begin(store, e);
      TRY(s && find_tables(s, &mem, &all, e));
    }
    vec_each(const struct sealed_table, t, &all)
      if (has_cells_of(t, compartment)) TRY(run_table(store, compartment, t, out_moved, e));
  }
  return true;
}
static bool count_cells(struct store *s, struct arena *mem, struct str compartment, struct str like, int64_t *out,
                        struct err *e) {
  sealed_tables all = {0};
  *out = 0;
  TRY(find_tables(s, mem, &all, e));
  vec_each(const struct sealed_table, t, &all) {
    const struct cell_query q = {.table = t->table, .compartment = compartment, .fresh = like};
    if (has_cells_of(t, compartment)) TRY(t->uses(s, mem, &q, out, e));
  }
  return true;
}
bool reseal_uses(struct store *s, struct arena *mem, const struct key_info *key, int64_t *out_cells, struct err *e) {
  return count_cells(s, mem, key->compartment, like_key(mem, key->suite, key->id), out_cells, e);
}
bool reseal_lost(struct store *s, struct arena *mem, int64_t *out_cells, int64_t *out_old, struct err *e) {
  struct key_list keys = {0};
  int64_t n = 0;
  *out_old = 0;
  TRY(count_cells(s, mem, STR(""), STR("%"), out_cells, e));
  TRY(keys_list(store_keys(s), mem, &keys, e));
  vec_each(const struct key_info, k, &keys) {
    TRY(reseal_uses(s, mem, k, &n, e));
    *out_cells -= n;
    if (k->state == KEY_OLD) *out_old += n;
  }
  return true;
}
