/* Steps of DDL from one version of a record to the next. What is there is known from the steps that were taken, not from the
 * declaration before: a field that is gone leaves its column behind. A column that is in the way of a new one gets another name, so
 * that a new field is empty and nothing that was written is lost. */
#include "engine/flow/tables_change_store.h"
#include "sql.h"
#include "store/store.h"

struct change {
  struct arena *mem;
  flow_made_list *made;
  flow_steps *out;
  struct str table;
};

/* ---- what was made ---- */

static void add_made(struct arena *mem, flow_made_list *out, struct str sql) {
  struct flow_made m = {.sql = sql};
  must(declared_read(sql, &m.step));
  vec_push(mem, out) = m;
}
bool flow_made_read(struct store *session, struct arena *mem, flow_made_list *out, struct err *e) {
  struct sql_declared_steps_rows rows = {0};
  *out = (flow_made_list){0};
  TRY(sql_declared_steps(session, mem, &(struct sql_declared_steps_in){STORE_TENANT}, SIZE_MAX, &rows, e));
  vec_each(const struct sql_declared_steps, r, &rows) add_made(mem, out, r->sql);
  return true;
}
static bool has_table(const flow_made_list *made, struct str table) {
  vec_each(const struct flow_made, m, made)
    if (m->step.kind == DECLARED_TABLE && str_eq(m->step.made, table)) return true;
  return false;
}
/* The text of CREATE TABLE names each of its columns, quoted, behind the first bracket. */
static bool has_column(struct arena *mem, const flow_made_list *made, struct str table, struct str column) {
  const struct str quoted = str_fmt(mem, "\"" STRF "\"", STRA(column));
  bool is_there = false;
  vec_each(const struct flow_made, m, made) {
    const struct declared_step *s = &m->step;
    if (s->kind == DECLARED_TABLE && str_eq(s->made, table))
      is_there = str_find(str_from(m->sql, str_find(m->sql, STR("("))), quoted) != STR_NONE;
    if (!str_eq(s->table, table) || (s->kind != DECLARED_ADD && s->kind != DECLARED_RENAME)) continue;
    if (str_eq(s->column, column)) is_there = s->kind == DECLARED_ADD;
    if (s->kind == DECLARED_RENAME && str_eq(s->to, column)) is_there = true;
  }
  return is_there;
}
/* What made the index that is there; empty: there is none of this name. */
static struct str index_said(const flow_made_list *made, struct str index) {
  struct str out = {0};
  vec_each(const struct flow_made, m, made) {
    if (!str_eq(m->step.made, index)) continue;
    if (m->step.kind == DECLARED_INDEX) out = m->sql;
    if (m->step.kind == DECLARED_DROP) out = (struct str){0};
  }
  return out;
}
/* A column of a field that moved has its own name, unless a field of now wanted it. */
struct str flow_moved_column(const flow_made_list *made, const struct flow_record *now, struct str column) {
  struct str out = column;
  bool is_wanted = false;
  vec_each(const struct flow_field, f, &now->fields)
    for (int i = 0; i < flow_columns_of(f); i++) is_wanted |= str_eq(f->column[i], column);
  if (!is_wanted) return column;
  vec_each(const struct flow_made, m, made)
    if (m->step.kind == DECLARED_RENAME && str_eq(m->step.table, now->table) && str_eq(m->step.column, column))
      out = m->step.to;
  return out;
}

/* ---- steps ---- */

static void take(struct change *c, struct str sql) {
  add_made(c->mem, c->made, sql);
  vec_push(c->mem, c->out) = sql;
}
static void drop_index(struct change *c, struct str index) {
  if (index_said(c->made, index).len) take(c, str_fmt(c->mem, "DROP INDEX \"" STRF "\"", STRA(index)));
}
static void rename_column(struct change *c, struct str from, struct str to) {
  static const char *const heads[] = {"i", "u"};
  take(c, str_fmt(c->mem, "ALTER TABLE \"" STRF "\" RENAME COLUMN \"" STRF "\" TO \"" STRF "\"", STRA(c->table),
                  STRA(from), STRA(to)));
  for (size_t i = 0; i < COUNT_OF(heads); i++)
    drop_index(c, str_fmt(c->mem, "%s_" STRF "__" STRF, heads[i], STRA(c->table), STRA(from)));
}
/* Out of the way, under the first name that is free. */
static void free_column(struct change *c, struct str column) {
  struct str away = column;
  for (int n = 1; has_column(c->mem, c->made, c->table, away); n++)
    away = str_fmt(c->mem, STRF "__%d", STRA(column), n);
  if (!str_eq(away, column)) rename_column(c, column, away);
}
static void take_all(struct change *c, const flow_steps *steps) {
  vec_each(const struct str, sql, steps) take(c, *sql);
}

/* ---- fields ---- */

static bool same_number(const struct type_said *a, const struct type_said *b) {
  return a->type == b->type && a->places == b->places && str_eq(a->unit, b->unit);
}
enum flow_way flow_way_of(const struct flow_field *was, const struct flow_field *f) {
  if (!was || was->place == FLOW_LIVE || f->place == FLOW_LIVE) return FLOW_WAY_NEW;
  if (was->place != f->place || was->kind != f->kind) return FLOW_WAY_MOVES;
  switch (f->place) {
    case FLOW_COLUMN:
      return f->kind == 's' || same_number(&was->field->is, &f->field->is) ? FLOW_WAY_STAYS : FLOW_WAY_MOVES;
    case FLOW_SIDE:
    case FLOW_ROWS: return str_eq(was->side, f->side) ? FLOW_WAY_STAYS : FLOW_WAY_MOVES;
    case FLOW_SEALED: return str_eq(was->name, f->name) ? FLOW_WAY_STAYS : FLOW_WAY_MOVES;
    default: return FLOW_WAY_STAYS;
  }
}
struct flow_field *flow_was(const struct flow_record *before, const struct flow_record *now,
                            const struct flow_field *f) {
  struct flow_field *own = flow_field(before, f->name);
  if (own || !has_word(f->field->was) || flow_field(now, f->field->was.text)) return own;
  return flow_field(before, f->field->was.text);
}
static void keep_columns(struct change *c, const struct flow_field *was, const struct flow_field *f) {
  for (int i = 0; i < flow_columns_of(f); i++) {
    if (str_eq(was->column[i], f->column[i])) continue;
    free_column(c, f->column[i]);
    rename_column(c, was->column[i], f->column[i]);
  }
}
static void add_columns(struct change *c, const struct flow_field *f) {
  flow_steps steps = {0};
  for (int i = 0; i < flow_columns_of(f); i++) {
    free_column(c, f->column[i]);
    flow_table_column(c->mem, c->table, f, i, &steps);
  }
  take_all(c, &steps);
}
/* Columns of rows that are new; what they were called before is told by `was` as well. */
static void change_rows(struct change *c, const struct flow_field *was, const struct flow_field *f) {
  struct change inner = *c;
  inner.table = f->side;
  for (size_t i = 0; i < f->row_count; i++) {
    const struct flow_field *g = &f->rows[i], *own = NULL, *old = NULL;
    for (size_t k = 0; k < was->row_count; k++) {
      if (str_eq(was->rows[k].name, g->name)) own = &was->rows[k];
      if (has_word(g->field->was) && str_eq(was->rows[k].name, g->field->was.text)) old = &was->rows[k];
    }
    const struct flow_field *w = own ? own : old;
    if (flow_way_of(w, g) == FLOW_WAY_STAYS) keep_columns(&inner, w, g);
    else add_columns(&inner, g);
  }
}
static void change_field(struct change *c, const struct flow_record *before, const struct flow_record *now,
                         const struct flow_field *f) {
  const struct flow_field *was = flow_was(before, now, f);
  const bool stays = flow_way_of(was, f) == FLOW_WAY_STAYS;
  flow_steps steps = {0};
  if (stays) keep_columns(c, was, f);
  else add_columns(c, f);
  if (f->side.len && !has_table(c->made, f->side)) flow_table_side(c->mem, f, &steps);
  take_all(c, &steps);
  if (stays && f->place == FLOW_ROWS) change_rows(c, was, f);
}

/* ---- indexes ---- */

static bool is_wanted(const flow_made_list *wanted, struct str index) {
  vec_each(const struct flow_made, m, wanted)
    if (str_eq(m->step.made, index)) return true;
  return false;
}
/* What there need not be one of any more must not be refused by an index that nobody speaks of. */
static void drop_unwanted(struct change *c, const flow_made_list *wanted) {
  const struct str unique = str_fmt(c->mem, "u_" STRF "__", STRA(c->table)),
                   key = str_join(c->mem, STR("k_"), c->table);
  for (size_t i = 0, n = c->made->len; i < n; i++) {
    const struct str index = c->made->at[i].step.made;
    if ((str_starts(index, unique) || str_eq(index, key)) && !is_wanted(wanted, index)) drop_index(c, index);
  }
}
static void change_indexes(struct change *c, const struct flow_record *now) {
  flow_steps steps = {0};
  flow_made_list wanted = {0};
  flow_table_indexes(c->mem, now, &steps);
  vec_each(const struct str, sql, &steps) add_made(c->mem, &wanted, *sql);
  vec_each(const struct flow_made, m, &wanted) {
    if (str_eq(index_said(c->made, m->step.made), m->sql)) continue;
    drop_index(c, m->step.made);
    take(c, m->sql);
  }
  drop_unwanted(c, &wanted);
}

void flow_tables_change(struct arena *mem, const struct flow_record *before, const struct flow_record *now,
                        flow_made_list *io_made, flow_steps *out) {
  struct change c = {mem, io_made, out, now->table};
  vec_each(const struct flow_field, f, &now->fields) change_field(&c, before, now, f);
  if (now->area.len && !has_column(mem, io_made, now->table, now->area)) {
    const struct flow_field area = {.place = FLOW_COLUMN, .kind = 's', .column = {now->area}};
    add_columns(&c, &area);
  }
  change_indexes(&c, now);
}
