/* The tables of a system as steps of DDL, in the portable words of migrations. Only what a record never lacks is NOT NULL: what
 * a field needs is the business of acts, and a later version may add one. */
#include "engine/flow/tables.h"
#include "base/buf.h"

enum { STEP_MAX = 64 << 10 };
struct step {
  struct arena *mem;
  struct buf text;
};
static void put(struct step *s, const char *sql) { buf_z(&s->text, sql); }
static void name(struct step *s, struct str n) { buf_fmt(&s->text, "\"" STRF "\"", STRA(n)); }
static void column(struct step *s, struct str n, const char *type) {
  put(s, ", ");
  name(s, n);
  put(s, type);
}
static void finish(struct step *s, flow_steps *out) {
  must(!s->text.broken);
  vec_push(s->mem, out) = str_dup(s->mem, buf_view(&s->text));
  buf_clear(&s->text);
}
static const char *type_of_field(const struct flow_field *f) {
  return f->place != FLOW_COLUMN || f->kind == 'i' ? " INTEGER" : " TEXT";
}
static void field_columns(struct step *s, const struct flow_field *f) {
  for (int i = 0; i < flow_columns_of(f); i++)
    column(s, f->column[i], f->place == FLOW_POINT && i == 2 ? " TEXT" : type_of_field(f));
}
static void create(struct step *s, struct str table) {
  put(s, "CREATE TABLE ");
  name(s, table);
  put(s, " (\"tenant\" TEXT NOT NULL");
}

/* ---- indexes ---- */

static void index_on(struct step *s, flow_steps *out, const struct flow_record *r, struct str col, bool unique) {
  put(s, unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
  name(s, str_fmt(s->mem, "%s" STRF "__" STRF, unique ? "u_" : "i_", STRA(r->table), STRA(col)));
  put(s, " ON ");
  name(s, r->table);
  put(s, " (\"tenant\"");
  column(s, col, "");
  put(s, unique ? ")" : ", \"id\")");
  finish(s, out);
}
bool flow_is_found_by(const struct flow_record *r, const struct flow_field *f) {
  const enum type_word t = f->field->is.type;
  if (t == TYPE_unit || t == TYPE_person || t == TYPE_ref) return true;
  const struct views *v = r->record->views;
  if (v && (str_eq(v->board.text, f->name) || str_eq(v->calendar.text, f->name))) return true;
  if (v)
    vec_each(const struct expr_word, x, &v->list)
      if (x->tree && x->tree->kind == EXPR_NAME && str_eq(x->tree->text, f->name)) return true;
  vec_each(const struct word, k, &r->record->key)
    if (str_eq(k->text, f->name)) return true;
  return false;
}
static void field_index(struct step *s, const struct flow_record *r, const struct flow_field *f, flow_steps *out) {
  const bool one = f->place == FLOW_COLUMN, unique = f->field->unique.which == 1;
  if (one && unique) index_on(s, out, r, f->column[0], true);
  else if (one && flow_is_found_by(r, f)) index_on(s, out, r, f->column[0], false);
  else if (f->place == FLOW_SPAN) index_on(s, out, r, f->column[1], false);
  const struct views *v = r->record->views;
  const bool by_day = v && f->place == FLOW_SPAN && str_eq(v->calendar.text, f->name);
  const bool by_place = v && f->place == FLOW_POINT && str_eq(v->map.text, f->name);
  if (by_day || by_place) index_on(s, out, r, f->column[0], false);
}
/* `key:` of several fields. */
static void key_index(struct step *s, flow_steps *out, const struct flow_record *r) {
  if (!r->record->key.len) return;
  put(s, "CREATE UNIQUE INDEX ");
  name(s, str_fmt(s->mem, "k_" STRF, STRA(r->table)));
  put(s, " ON ");
  name(s, r->table);
  put(s, " (\"tenant\"");
  vec_each(const struct word, k, &r->record->key) {
    const struct flow_field *f = flow_field(r, k->text);
    if (f && f->place == FLOW_COLUMN) column(s, f->column[0], "");
  }
  put(s, ")");
  finish(s, out);
}

/* ---- tables ---- */

static void main_table(struct step *s, flow_steps *out, const struct flow_record *r) {
  create(s, r->table);
  put(s, ", \"id\" TEXT NOT NULL, \"rev\" INTEGER NOT NULL, \"number\" TEXT, \"lookup\" TEXT, \"state\" TEXT NOT NULL");
  put(s, ", \"ended\" INTEGER NOT NULL, \"ended_on\" TEXT, \"created\" INTEGER NOT NULL, \"creator\" TEXT");
  put(s, ", \"changed\" INTEGER NOT NULL");
  if (r->area.len) column(s, r->area, " TEXT");
  vec_each(const struct flow_field, f, &r->fields) field_columns(s, f);
  put(s, ", PRIMARY KEY (\"tenant\", \"id\")) STRICT");
  finish(s, out);
}
static void main_indexes(struct step *s, flow_steps *out, const struct flow_record *r) {
  static const char *const always[] = {"state", "creator", "changed", "created"};
  for (size_t i = 0; i < COUNT_OF(always); i++) index_on(s, out, r, str_of(always[i]), false);
  index_on(s, out, r, STR("lookup"), true);
  if (r->record->number.text.len) index_on(s, out, r, STR("number"), true);
  if (r->area.len) index_on(s, out, r, r->area, false);
  key_index(s, out, r);
}
static void side_index(struct step *s, flow_steps *out, struct str table) {
  put(s, "CREATE INDEX ");
  name(s, str_join(s->mem, STR("i_"), table));
  put(s, " ON ");
  name(s, table);
  put(s, " (\"tenant\", \"value\", \"owner\")");
  finish(s, out);
}
void flow_table_side(struct arena *mem, const struct flow_field *f, flow_steps *out) {
  struct step s = {mem, BUF_MAX(STEP_MAX)};
  if (f->side.len) {
    create(&s, f->side);
    put(&s, ", \"owner\" TEXT NOT NULL, \"seq\" INTEGER NOT NULL");
    if (f->place == FLOW_SIDE) put(&s, ", \"value\" TEXT NOT NULL");
    for (size_t i = 0; i < f->row_count; i++) field_columns(&s, &f->rows[i]);
    put(&s, ", PRIMARY KEY (\"tenant\", \"owner\", \"seq\")) STRICT");
    finish(&s, out);
    if (f->place == FLOW_SIDE) side_index(&s, out, f->side);
  }
  buf_drop(&s.text);
}
struct str flow_sealed_table(struct arena *mem, const struct flow_record *r) {
  return str_join(mem, r->table, STR("__sealed"));
}
static void sealed_table(struct step *s, flow_steps *out, const struct flow_record *r) {
  create(s, flow_sealed_table(s->mem, r));
  put(s, ", \"owner\" TEXT NOT NULL, \"field\" TEXT NOT NULL, \"compartment\" TEXT NOT NULL, \"cell\" TEXT NOT NULL");
  put(s, ", PRIMARY KEY (\"tenant\", \"owner\", \"field\")) STRICT");
  finish(s, out);
}
void flow_table_indexes(struct arena *mem, const struct flow_record *r, flow_steps *out) {
  struct step s = {mem, BUF_MAX(STEP_MAX)};
  main_indexes(&s, out, r);
  vec_each(const struct flow_field, f, &r->fields) field_index(&s, r, f, out);
  buf_drop(&s.text);
}
void flow_table_record(struct arena *mem, const struct flow_record *r, flow_steps *out) {
  struct step s = {mem, BUF_MAX(STEP_MAX)};
  main_table(&s, out, r);
  sealed_table(&s, out, r);
  buf_drop(&s.text);
  vec_each(const struct flow_field, f, &r->fields) flow_table_side(mem, f, out);
  flow_table_indexes(mem, r, out);
}
int flow_columns_of(const struct flow_field *f) {
  static const int columns[] = {[FLOW_COLUMN] = 1, [FLOW_SPAN] = 2, [FLOW_POINT] = 3};
  return f->place <= FLOW_POINT ? columns[f->place] : 0;
}
void flow_table_column(struct arena *mem, struct str table, const struct flow_field *f, int i, flow_steps *out) {
  struct step s = {mem, BUF_MAX(STEP_MAX)};
  put(&s, "ALTER TABLE ");
  name(&s, table);
  put(&s, " ADD COLUMN ");
  name(&s, f->column[i]);
  put(&s, f->place == FLOW_POINT && i == 2 ? " TEXT" : type_of_field(f));
  finish(&s, out);
  buf_drop(&s.text);
}
void flow_tables(struct arena *mem, const struct flow_system *s, flow_steps *out) {
  vec_each(const struct flow_record, r, &s->records) flow_table_record(mem, r, out);
}
