/* Rotation: batch after batch, each read and written in one act, so that no writer waits longer than a batch takes. The
 * statements pass over what is fresh already; where a run was stopped, the next one goes on. */
#include "store/reseal.h"

#include "base/vec.h"
#include "sql.h"
#include "store/store.h"

struct sealed_cell {
  struct str row, column, compartment, cell;
};
struct cells {
  struct sealed_cell *at;
  size_t len, cap;
};
struct cell_query {
  struct str compartment, fresh; /* cells like `fresh` are passed over */
  struct str row, column;        /* behind this one; empty = from the start */
};
struct sealed_table {
  const char *table, *compartment; /* compartment NULL: each row names its own */
  bool (*next)(struct store *s, struct arena *mem, const struct cell_query *q, struct cells *out, struct err *e);
  bool (*put)(struct store *s, const struct sealed_cell *c, struct str cell, int64_t *out_changed, struct err *e);
  bool (*uses)(struct store *s, struct arena *mem, struct str compartment, struct str like, int64_t *out,
               struct err *e);
};

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
    vec_push(mem, out) = (struct sealed_cell){str_int(mem, r->seq), r->field, q->compartment, r->cell};
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
static bool event_uses(struct store *s, struct arena *mem, struct str compartment, struct str like, int64_t *out,
                       struct err *e) {
  struct sql_reseal_event_uses n = {0};
  TRY(sql_reseal_event_uses(s, mem, &(struct sql_reseal_event_uses_in){STORE_TENANT, compartment, like}, &n, NULL, e));
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
    vec_push(mem, out) = (struct sealed_cell){r->person, r->field, q->compartment, r->cell};
  }
  return true;
}
static bool person_put(struct store *s, const struct sealed_cell *c, struct str cell, int64_t *out_changed,
                       struct err *e) {
  return sql_reseal_person_put(s, &(struct sql_reseal_person_put_in){STORE_TENANT, cell, c->row, c->column, c->cell},
                               out_changed, e);
}
static bool person_uses(struct store *s, struct arena *mem, struct str compartment, struct str like, int64_t *out,
                        struct err *e) {
  struct sql_reseal_person_uses n = {0};
  (void)compartment;
  TRY(sql_reseal_person_uses(s, mem, &(struct sql_reseal_person_uses_in){STORE_TENANT, like}, &n, NULL, e));
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
    vec_push(mem, out) = (struct sealed_cell){r->account, STR("secret"), q->compartment, r->cell};
  }
  return true;
}
static bool factor_put(struct store *s, const struct sealed_cell *c, struct str cell, int64_t *out_changed,
                       struct err *e) {
  return sql_reseal_factor_put(s, &(struct sql_reseal_factor_put_in){STORE_TENANT, cell, c->row, c->cell}, out_changed,
                               e);
}
static bool factor_uses(struct store *s, struct arena *mem, struct str compartment, struct str like, int64_t *out,
                        struct err *e) {
  struct sql_reseal_factor_uses n = {0};
  (void)compartment;
  TRY(sql_reseal_factor_uses(s, mem, &(struct sql_reseal_factor_uses_in){STORE_TENANT, beginning(like)}, &n, NULL, e));
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
    vec_push(mem, out) = (struct sealed_cell){r->id, STR("bytes"), q->compartment, r->cell};
  }
  return true;
}
static bool draft_put(struct store *s, const struct sealed_cell *c, struct str cell, int64_t *out_changed,
                      struct err *e) {
  return sql_reseal_draft_put(s, &(struct sql_reseal_draft_put_in){STORE_TENANT, cell, c->row, c->cell}, out_changed,
                              e);
}
static bool draft_uses(struct store *s, struct arena *mem, struct str compartment, struct str like, int64_t *out,
                       struct err *e) {
  struct sql_reseal_draft_uses n = {0};
  (void)compartment;
  TRY(sql_reseal_draft_uses(s, mem, &(struct sql_reseal_draft_uses_in){STORE_TENANT, beginning(like)}, &n, NULL, e));
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
    vec_push(mem, out) = (struct sealed_cell){r->id, STR("body"), q->compartment, r->cell};
  return true;
}
static bool inbox_put(struct store *s, const struct sealed_cell *c, struct str cell, int64_t *out_changed,
                      struct err *e) {
  return sql_reseal_inbox_put(s, &(struct sql_reseal_inbox_put_in){STORE_TENANT, cell, c->row, c->cell}, out_changed,
                              e);
}
static bool inbox_uses(struct store *s, struct arena *mem, struct str compartment, struct str like, int64_t *out,
                       struct err *e) {
  struct sql_reseal_inbox_uses n = {0};
  (void)compartment;
  TRY(sql_reseal_inbox_uses(s, mem, &(struct sql_reseal_inbox_uses_in){STORE_TENANT, like}, &n, NULL, e));
  *out += n.n;
  return true;
}
static bool outbox_next(struct store *s, struct arena *mem, const struct cell_query *q, struct cells *out,
                        struct err *e) {
  struct sql_reseal_outbox_next_rows rows = {0};
  TRY(sql_reseal_outbox_next(s, mem, &(struct sql_reseal_outbox_next_in){STORE_TENANT, q->row, q->fresh, RESEAL_BATCH},
                             SIZE_MAX, &rows, e));
  vec_each(const struct sql_reseal_outbox_next, r, &rows)
    vec_push(mem, out) = (struct sealed_cell){r->id, STR("body"), q->compartment, r->cell};
  return true;
}
static bool outbox_put(struct store *s, const struct sealed_cell *c, struct str cell, int64_t *out_changed,
                       struct err *e) {
  return sql_reseal_outbox_put(s, &(struct sql_reseal_outbox_put_in){STORE_TENANT, cell, c->row, c->cell}, out_changed,
                               e);
}
static bool outbox_uses(struct store *s, struct arena *mem, struct str compartment, struct str like, int64_t *out,
                        struct err *e) {
  struct sql_reseal_outbox_uses n = {0};
  (void)compartment;
  TRY(sql_reseal_outbox_uses(s, mem, &(struct sql_reseal_outbox_uses_in){STORE_TENANT, like}, &n, NULL, e));
  *out += n.n;
  return true;
}

static const struct sealed_table tables[] = {
    {"event_seal", NULL, event_next, event_put, event_uses},
    {"person_secret", "person", person_next, person_put, person_uses},
    {"second_factor", "second_factor", factor_next, factor_put, factor_uses},
    {"import_draft", "person", draft_next, draft_put, draft_uses},
    {"flow_inbox", "message", inbox_next, inbox_put, inbox_uses},
    {"flow_outbox", "message", outbox_next, outbox_put, outbox_uses},
};
static bool has_cells_of(const struct sealed_table *t, struct str compartment) {
  return !t->compartment || str_eqz(compartment, t->compartment);
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
  const struct seal_place at = {STORE_TENANT, str_of(w->table->table), c->column, c->row};
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
    w.q = (struct cell_query){compartment, like_key(&mem, key.suite, key.id), w.row, w.column};
    TRY(store_write(store, batch, &w, e));
    *io_moved += w.moved;
  }
  return true;
}
/* Until a walk finds nothing: a server that had not seen the new key yet may have written behind the first one. */
bool reseal_run(struct store *store, struct str compartment, int64_t *out_moved, struct err *e) {
  *out_moved = 0;
  for (int64_t before = -1; before != *out_moved;) {
    before = *out_moved;
    for (size_t i = 0; i < COUNT_OF(tables); i++)
      if (has_cells_of(&tables[i], compartment)) TRY(run_table(store, compartment, &tables[i], out_moved, e));
  }
  return true;
}
static bool count_cells(struct store *s, struct arena *mem, struct str compartment, struct str like, int64_t *out,
                        struct err *e) {
  *out = 0;
  for (size_t i = 0; i < COUNT_OF(tables); i++)
    if (has_cells_of(&tables[i], compartment)) TRY(tables[i].uses(s, mem, compartment, like, out, e));
  return true;
}
bool reseal_uses(struct store *s, struct arena *mem, const struct key_info *key, int64_t *out_cells, struct err *e) {
  return count_cells(s, mem, key->compartment, like_key(mem, key->suite, key->id), out_cells, e);
}
/* The compartments of the program, and once each of those that only the ring names: of packages. */
static bool is_counted(const struct key_list *keys, size_t i) {
  const struct str name = keys->at[i].compartment;
  for (size_t k = 0; k < COUNT_OF(compartments); k++)
    if (str_eq(compartments[k], name)) return true;
  for (size_t k = 0; k < i; k++)
    if (str_eq(keys->at[k].compartment, name)) return true;
  return false;
}
bool reseal_lost(struct store *s, struct arena *mem, int64_t *out_cells, struct err *e) {
  struct key_list keys = {0};
  int64_t n = 0;
  *out_cells = 0;
  TRY(keys_list(store_keys(s), mem, &keys, e));
  for (size_t i = 0; i < COUNT_OF(compartments); i++) {
    TRY(count_cells(s, mem, compartments[i], STR("%"), &n, e));
    *out_cells += n;
  }
  for (size_t i = 0; i < keys.len; i++) {
    if (!is_counted(&keys, i)) {
      TRY(count_cells(s, mem, keys.at[i].compartment, STR("%"), &n, e));
      *out_cells += n;
    }
    TRY(reseal_uses(s, mem, &keys.at[i], &n, e));
    *out_cells -= n;
  }
  return true;
}
