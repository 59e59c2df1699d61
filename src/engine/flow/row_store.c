/* Records in their tables. A row is read once in a run and written at the end of an act; sets, rows and sealed fields are read
 * when they are asked for. Every statement is put together from the declaration: names are checked, values are bound. */
#include "base/clock.h"
#include "engine/flow/rows.h"
#include "engine/flow/sealed.h"
#include "engine/flow/settle.h"
#include "engine/flow/words.h"
#include "sql.h"
#include "store/compose.h"
#include "store/statement.h"
#include "store/store.h"
#include "texts.h"

enum { SYSTEM_COLUMNS = 11, AREA = 10, CELLS_MAX = 3 };
static const char *const system_columns[SYSTEM_COLUMNS] = {
    "id", "rev", "number", "lookup", "state", "ended", "ended_on", "created", "creator", "changed", "area_of_unit"};
static size_t system_count(const struct flow_record *r) { return r->area.len ? SYSTEM_COLUMNS : SYSTEM_COLUMNS - 1; }

/* ---- values and columns ---- */

static int columns_of(const struct flow_field *f) {
  static const int n[] = {[FLOW_COLUMN] = 1, [FLOW_SPAN] = 2, [FLOW_POINT] = 3};
  return f->place <= FLOW_POINT ? n[f->place] : 0;
}
static char cell_type(const struct flow_field *f, int i) {
  if (f->place == FLOW_COLUMN) return f->kind;
  return f->place == FLOW_POINT && i == 2 ? 's' : 'i';
}
static struct str unit_said(const struct flow_run *run, const struct flow_field *f) {
  return f->field->is.type == TYPE_money ? run->flow->units->money : f->field->is.unit;
}
static unsigned places_of(const struct flow_field *f) {
  return f->field->is.type == TYPE_money ? 2 : f->field->is.type == TYPE_decimal ? (unsigned)f->field->is.places : 0;
}
static struct str text_of(struct flow_run *run, const struct value *v) {
  const struct flow_thing *t;
  switch (v->kind) {
    case VALUE_DATE: return date_iso(run->mem, v->date);
    case VALUE_DURATION: return duration_text(run->mem, v->duration);
    case VALUE_PERIOD: return period_text(run->mem, v->period);
    case VALUE_THING: t = flow_thing_of(v); return t ? t->id : STR("");
    default: return v->text;
  }
}
static bool integer_of(struct flow_run *run, const struct flow_field *f, const struct value *v, int64_t *out) {
  switch (v->kind) {
    case VALUE_FLAG: *out = v->flag; return true;
    case VALUE_MOMENT: *out = v->moment; return true;
    case VALUE_TIME: *out = v->time; return true;
    default: return value_stored(run->flow->units, v, unit_said(run, f), places_of(f), out);
  }
}
bool flow_cells(struct flow_run *run, const struct flow_field *f, const struct value *v, struct str address,
                struct store_value *out, struct err *e) {
  for (int i = 0; i < columns_of(f); i++) out[i] = store_none(cell_type(f, i));
  if (f->place == FLOW_POINT && address.len) out[2] = store_text(address); /* with or without degrees */
  if (value_is_none(v)) return true;
  if (f->place == FLOW_SPAN) {
    out[0] = store_number(v->span.from);
    out[1] = store_number(v->span.to);
  } else if (f->place == FLOW_POINT) {
    out[0] = store_number(v->place.latitude_e7);
    out[1] = store_number(v->place.longitude_e7);
  } else if (f->kind == 'i') {
    out[0] = store_number(0);
    if (!integer_of(run, f, v, &out[0].n)) return fail(e, ERR_INVALID, MSG_flow_number, "name", f->name);
  } else {
    out[0] = store_text(text_of(run, v));
  }
  return true;
}
static struct value thing_value(struct flow_run *run, const struct flow_field *f, struct str id) {
  const struct flow_record *r = NULL;
  switch (f->field->is.type) {
    case TYPE_unit:
    case TYPE_units: return flow_thing_value(flow_thing(run, FLOW_UNIT, NULL, id));
    case TYPE_person:
    case TYPE_persons: return flow_thing_value(flow_thing(run, FLOW_PERSON, NULL, id));
    case TYPE_ref:
    case TYPE_refs: r = flow_referred(run->flow, f); return flow_thing_value(flow_thing(run, FLOW_RECORD, r, id));
    default: return flow_thing_value(flow_thing(run, FLOW_FILE, NULL, id));
  }
}
static struct value text_value(struct flow_run *run, const struct flow_field *f, struct str s) {
  struct value v = {0};
  const struct calendar *c = run->flow->calendar;
  switch (f->type.kind) {
    case KIND_DATE: v.kind = date_parse(s, 0, &v.date) ? VALUE_DATE : VALUE_NONE; return v;
    case KIND_DURATION: v.kind = duration_parse(s, &v.duration) ? VALUE_DURATION : VALUE_NONE; return v;
    case KIND_PERIOD: v.kind = period_parse(c, f->type.period, s, &v.period) ? VALUE_PERIOD : VALUE_NONE; return v;
    case KIND_TEXT: return value_text(s);
    case KIND_CODE: return value_code(s);
    case KIND_BAD: /* of another package, or a list of rules */
      return f->field->is.type == TYPE_choice || f->field->is.type == TYPE_choices ? value_code(s)
                                                                                   : thing_value(run, f, s);
    default: return thing_value(run, f, s);
  }
}
struct value flow_cells_value(struct flow_run *run, const struct flow_field *f, const struct store_value *c) {
  struct value v = {0};
  if (c->null) return v;
  if (f->place == FLOW_SPAN) return (struct value){.kind = VALUE_SPAN, .span = {c[0].n, c[1].n}};
  if (f->place == FLOW_POINT) return (struct value){.kind = VALUE_PLACE, .place = {(int32_t)c[0].n, (int32_t)c[1].n}};
  if (f->kind != 'i') return text_value(run, f, c->s);
  switch (f->type.kind) {
    case KIND_FLAG: return value_flag(c->n != 0);
    case KIND_MOMENT: return value_moment(c->n);
    case KIND_TIME: return (struct value){.kind = VALUE_TIME, .time = (int32_t)c->n};
    default:
      return value_of_stored(run->flow->units, c->n, places_of(f), unit_said(run, f), &v) ? v : (struct value){0};
  }
}

/* ---- reading ---- */

static void put_columns(struct compose *c, const struct flow_record *r) {
  for (size_t i = 0; i < system_count(r); i++) {
    compose_z(c, i ? ", " : "");
    compose_name(c, str_of(system_columns[i]));
  }
  vec_each(const struct flow_field, f, &r->fields)
    for (int i = 0; i < columns_of(f); i++) compose_z(c, ", "), compose_name(c, f->column[i]);
}
static int column_count(const struct flow_record *r) {
  int n = (int)system_count(r);
  vec_each(const struct flow_field, f, &r->fields) n += columns_of(f);
  return n;
}
static struct store_value cell_at(struct store_stmt *s, int column, char type, struct arena *mem) {
  if (store_column_null(s, column)) return store_none(type);
  return type == 'i' ? store_number(store_column_int(s, column)) : store_text(store_column_str(s, column, mem));
}
static void take_fields(struct flow_run *run, struct store_stmt *s, int column, const struct flow_field *list, size_t n,
                        struct value *out, struct str *addresses, bool *read) {
  for (size_t i = 0; i < n; i++) {
    struct store_value cells[CELLS_MAX];
    const int count = columns_of(&list[i]);
    for (int k = 0; k < count; k++) cells[k] = cell_at(s, column++, cell_type(&list[i], k), run->mem);
    if (!count) continue;
    out[i] = flow_cells_value(run, &list[i], cells);
    if (list[i].place == FLOW_POINT && addresses) addresses[i] = cells[2].s;
    if (read) read[i] = true;
  }
}
static struct flow_row *new_row(struct flow_run *run, const struct flow_record *r) {
  struct flow_row *row = arena_new(run->mem, struct flow_row);
  row->record = r;
  row->fields = arena_new_n(run->mem, struct value, r->fields.len);
  row->words = arena_new_n(run->mem, struct str, r->fields.len);
  row->read = arena_new_n(run->mem, bool, r->fields.len);
  row->changed_field = arena_new_n(run->mem, bool, r->fields.len);
  return row;
}
static struct flow_row *take_row(struct flow_run *run, const struct flow_record *r, struct store_stmt *s) {
  struct flow_row *row = new_row(run, r);
  row->id = store_column_str(s, 0, run->mem);
  row->rev = store_column_int(s, 1);
  row->number = store_column_str(s, 2, run->mem);
  row->lookup = store_column_str(s, 3, run->mem);
  row->state = store_column_str(s, 4, run->mem);
  row->ended = store_column_int(s, 5) != 0;
  if (!date_parse(store_column_str(s, 6, run->mem), 0, &row->ended_on)) row->ended_on = (struct date){0};
  row->created = store_column_int(s, 7);
  row->creator = store_column_str(s, 8, run->mem);
  row->changed = store_column_int(s, 9);
  take_fields(run, s, (int)system_count(r), r->fields.at, r->fields.len, row->fields, row->words, row->read);
  return row;
}
static void select_rows(struct compose *c, const struct flow_record *r) {
  compose_z(c, "SELECT ");
  put_columns(c, r);
  compose_z(c, " FROM ");
  compose_name(c, r->table);
  compose_z(c, " WHERE \"tenant\" = ");
  (void)compose_str(c, STORE_TENANT);
}
bool flow_row(struct flow_run *run, const struct flow_record *r, struct str id, struct flow_row **out, struct err *e) {
  struct flow_thing *t = flow_thing(run, FLOW_RECORD, r, id);
  *out = t->row;
  if (t->row) return true;
  AUTO_COMPOSE c = COMPOSE(run->mem);
  bool found = false;
  select_rows(&c, r);
  compose_z(&c, " AND \"id\" = ");
  (void)compose_str(&c, id);
  struct store_stmt *s = compose_prepare(&c, run->session, column_count(r), e);
  if (!s) return false;
  const bool ok = store_step(s, &found, e);
  if (ok && found) *out = t->row = take_row(run, r, s);
  store_reset(s);
  return ok;
}
static bool read_ids(struct flow_run *run, struct compose *c, size_t most, struct str **out, size_t *out_n,
                     struct err *e) {
  VEC(struct str) ids = {0};
  bool row = true, ok = true;
  struct store_stmt *s = compose_prepare(c, run->session, 1, e);
  if (!s) return false;
  while (ids.len < most && (ok = store_step(s, &row, e)) && row)
    vec_push(run->mem, &ids) = store_column_str(s, 0, run->mem);
  store_reset(s);
  *out = ids.at;
  *out_n = ids.len;
  return ok;
}
/* A field of the system as a column, or a declared one with one column; false: it has none. */
static bool equality_column(struct flow_run *run, const struct flow_record *r, const struct equality *q,
                            struct compose *c, struct err *e) {
  const struct flow_field *f = flow_field(r, q->field);
  struct store_value cell[CELLS_MAX];
  if (f && f->place != FLOW_COLUMN) return true;
  if (!f && (q->value.kind != VALUE_TEXT && q->value.kind != VALUE_CODE && q->value.kind != VALUE_THING)) return true;
  if (f) TRY(flow_cells(run, f, &q->value, STR(""), cell, e));
  else cell[0] = store_text(text_of(run, &q->value));
  compose_z(c, " AND ");
  compose_name(c, f ? f->column[0] : q->field);
  compose_z(c, " = ");
  (void)compose_value(c, cell[0]);
  return true;
}
bool flow_rows_where(struct flow_run *run, const struct flow_record *r, const struct equality *equal, size_t count,
                     size_t most, struct str **out, size_t *out_n, struct err *e) {
  AUTO_COMPOSE c = COMPOSE(run->mem);
  compose_z(&c, "SELECT \"id\" FROM ");
  compose_name(&c, r->table);
  compose_z(&c, " WHERE \"tenant\" = ");
  (void)compose_str(&c, STORE_TENANT);
  for (size_t i = 0; i < count; i++) TRY(equality_column(run, r, &equal[i], &c, e));
  compose_z(&c, " ORDER BY \"id\" LIMIT ");
  compose_bound(&c, (int)most);
  return read_ids(run, &c, most, out, out_n, e);
}
bool flow_owners(struct flow_run *run, const struct flow_field *f, const struct flow_field *column, struct str value,
                 size_t most, struct str **out, size_t *out_n, struct err *e) {
  AUTO_COMPOSE c = COMPOSE(run->mem);
  compose_z(&c, column ? "SELECT DISTINCT \"owner\" FROM " : "SELECT \"owner\" FROM ");
  compose_name(&c, f->side);
  compose_z(&c, " WHERE \"tenant\" = ");
  (void)compose_str(&c, STORE_TENANT);
  compose_z(&c, " AND ");
  compose_name(&c, column ? column->column[0] : STR("value"));
  compose_z(&c, " = ");
  (void)compose_str(&c, value);
  compose_z(&c, " ORDER BY \"owner\" LIMIT ");
  compose_bound(&c, (int)most);
  return read_ids(run, &c, most, out, out_n, e);
}

/* ---- sets and rows ---- */

static void select_side(struct compose *c, const struct flow_field *f, struct str owner) {
  compose_z(c, "SELECT ");
  if (f->place == FLOW_SIDE) compose_name(c, STR("value"));
  else compose_name(c, STR("seq"));
  for (size_t i = 0; i < f->row_count; i++)
    for (int k = 0; k < columns_of(&f->rows[i]); k++) compose_z(c, ", "), compose_name(c, f->rows[i].column[k]);
  compose_z(c, " FROM ");
  compose_name(c, f->side);
  compose_z(c, " WHERE \"tenant\" = ");
  (void)compose_str(c, STORE_TENANT);
  compose_z(c, " AND \"owner\" = ");
  (void)compose_str(c, owner);
  compose_z(c, " ORDER BY \"seq\"");
}
static int side_columns(const struct flow_field *f) {
  int n = 1;
  for (size_t i = 0; i < f->row_count; i++) n += columns_of(&f->rows[i]);
  return n;
}
struct flow_thing *flow_row_thing(struct flow_run *run, const struct flow_row *of, const struct flow_field *f,
                                  struct value *values) {
  struct flow_thing *t = arena_new(run->mem, struct flow_thing);
  *t = (struct flow_thing){.kind = FLOW_ROW_OF,
                           .no = (int64_t)((uintptr_t)t >> 3),
                           .record = of->record,
                           .of = flow_thing(run, FLOW_RECORD, of->record, of->id),
                           .columns = f->rows,
                           .values = values,
                           .value_count = f->row_count};
  return t;
}
static struct value take_side(struct flow_run *run, const struct flow_row *row, const struct flow_field *f,
                              struct store_stmt *s) {
  if (f->place == FLOW_SIDE) return text_value(run, f, store_column_str(s, 0, run->mem));
  struct value *values = arena_new_n(run->mem, struct value, f->row_count);
  take_fields(run, s, 1, f->rows, f->row_count, values, NULL, NULL);
  return flow_thing_value(flow_row_thing(run, row, f, values));
}
static bool read_side(struct flow_run *run, struct flow_row *row, const struct flow_field *f, struct value *out,
                      struct err *e) {
  AUTO_COMPOSE c = COMPOSE(run->mem);
  VEC(struct value) all = {0};
  bool more = true, ok = true;
  select_side(&c, f, row->id);
  struct store_stmt *s = compose_prepare(&c, run->session, side_columns(f), e);
  if (!s) return false;
  while ((ok = store_step(s, &more, e)) && more) vec_push(run->mem, &all) = take_side(run, row, f, s);
  store_reset(s);
  *out = value_set(all.at, all.len);
  return ok;
}
static bool clear_side(struct flow_run *run, const struct flow_row *row, struct str table, struct err *e) {
  AUTO_COMPOSE c = COMPOSE(run->mem);
  compose_z(&c, "DELETE FROM ");
  compose_name(&c, table);
  compose_z(&c, " WHERE \"tenant\" = ");
  (void)compose_str(&c, STORE_TENANT);
  compose_z(&c, " AND \"owner\" = ");
  (void)compose_str(&c, row->id);
  return compose_run(&c, run->session, NULL, e);
}
static bool insert_side(struct flow_run *run, const struct flow_row *row, const struct flow_field *f, int64_t seq,
                        const struct value *v, struct err *e) {
  AUTO_COMPOSE c = COMPOSE(run->mem);
  const struct flow_thing *line = f->place == FLOW_ROWS ? flow_thing_of(v) : NULL;
  compose_z(&c, "INSERT INTO ");
  compose_name(&c, f->side);
  compose_z(&c, " (\"tenant\", \"owner\", \"seq\"");
  if (f->place == FLOW_SIDE) compose_z(&c, ", \"value\"");
  for (size_t i = 0; i < f->row_count; i++)
    for (int k = 0; k < columns_of(&f->rows[i]); k++) compose_z(&c, ", "), compose_name(&c, f->rows[i].column[k]);
  compose_z(&c, ") VALUES (");
  (void)compose_str(&c, STORE_TENANT);
  compose_z(&c, ", ");
  (void)compose_str(&c, row->id);
  compose_z(&c, ", ");
  (void)compose_int(&c, seq);
  if (f->place == FLOW_SIDE) compose_z(&c, ", "), (void)compose_str(&c, text_of(run, v));
  for (size_t i = 0; line && i < f->row_count; i++) {
    struct store_value cells[CELLS_MAX];
    TRY(flow_cells(run, &f->rows[i], &line->values[i], STR(""), cells, e));
    for (int k = 0; k < columns_of(&f->rows[i]); k++) compose_z(&c, ", "), (void)compose_value(&c, cells[k]);
  }
  compose_z(&c, ")");
  return compose_run(&c, run->session, NULL, e);
}
static bool write_side(struct flow_run *run, const struct flow_row *row, const struct flow_field *f,
                       const struct value *v, struct err *e) {
  if (row->rev) TRY(clear_side(run, row, f->side, e));
  for (size_t i = 0; v->kind == VALUE_SET && i < v->set.len; i++)
    TRY(insert_side(run, row, f, (int64_t)i + 1, &v->set.at[i], e));
  return true;
}

/* ---- a field ---- */

static bool has_live(const struct flow_field *f) {
  bool any = false;
  for (size_t i = 0; i < f->row_count; i++) any |= f->rows[i].place == FLOW_LIVE;
  return any;
}
bool flow_row_field(struct flow_run *run, struct flow_row *row, size_t i, struct value *out, struct err *e) {
  const struct flow_field *f = &row->record->fields.at[i];
  bool is_stale = false;
  if (f->place == FLOW_LIVE) {
    const struct flow_about about = {.self = row};
    return flow_eval(run, &about, f->field->value.tree, NULL, out, e);
  }
  if (!row->read[i]) {
    if (!row->rev || f->place <= FLOW_POINT) row->fields[i] = f->type.set ? value_set(NULL, 0) : (struct value){0};
    else if (f->place == FLOW_SEALED) TRY(flow_sealed_read(run, row, i, e));
    else TRY(read_side(run, row, f, &row->fields[i], e));
    row->read[i] = true;
    if (row->rev && has_live(f)) TRY(flow_lines_settle(run, row, i, &is_stale, e));
  }
  *out = row->fields[i];
  return true;
}
void flow_row_set(struct flow_row *row, size_t i, struct value v) {
  const struct flow_field *f = &row->record->fields.at[i];
  if (f->type.set && value_is_none(&v)) v = value_set(NULL, 0);
  row->fields[i] = v;
  row->read[i] = row->changed_field[i] = true;
}

/* ---- a new one ---- */

struct flow_row *flow_row_new(struct flow_run *run, const struct flow_record *r) {
  struct flow_row *row = new_row(run, r);
  row->id = store_new_id(run->mem, clock_now_us());
  row->created = row->changed = run->now_us;
  row->creator = run->person;
  flow_thing(run, FLOW_RECORD, r, row->id)->row = row;
  return row;
}
struct flow_row *flow_row_copy(struct flow_run *run, const struct flow_row *row) {
  struct flow_row *copy = new_row(run, row->record);
  struct value *values = copy->fields;
  struct str *addresses = copy->words;
  bool *read = copy->read, *changed = copy->changed_field;
  const size_t n = row->record->fields.len;
  *copy = *row;
  copy->fields = memcpy(values, row->fields, n * sizeof *values);
  copy->words = memcpy(addresses, row->words, n * sizeof *addresses);
  copy->read = memcpy(read, row->read, n * sizeof *read);
  copy->changed_field = changed;
  return copy;
}

/* ---- writing ---- */

/* Where the rows of very many units are found in larger pieces: what the unit stands under today (migration 015). */
static bool area_of(struct flow_run *run, const struct flow_row *row, struct store_value *out, struct err *e) {
  const struct flow_field *belongs = flow_field(row->record, row->record->record->belongs.text);
  const struct value *v = &row->fields[belongs - row->record->fields.at];
  const struct flow_thing *unit = value_is_none(v) ? NULL : flow_thing_of(v);
  struct sql_flow_unit_area got = {0};
  bool found = false;
  *out = store_none('s');
  if (!unit) return true;
  TRY(sql_flow_unit_area(run->session, run->mem, &(struct sql_flow_unit_area_in){STORE_TENANT, unit->id}, &got, &found,
                         e));
  if (found) *out = store_text(got.area);
  return true;
}
static bool moved(const struct flow_row *row) {
  const struct flow_field *belongs = flow_field(row->record, row->record->record->belongs.text);
  return belongs && row->changed_field[belongs - row->record->fields.at];
}
static struct store_value text_or_none(struct str s) { return s.len ? store_text(s) : store_none('s'); }
static bool put_system(struct flow_run *run, const struct flow_row *row, struct store_value out[SYSTEM_COLUMNS],
                       struct err *e) {
  out[0] = store_text(row->id);
  out[1] = store_number(row->rev + 1);
  out[2] = text_or_none(row->number);
  out[3] = text_or_none(row->lookup);
  out[4] = store_text(row->state);
  out[5] = store_number(row->ended);
  out[6] = date_none(row->ended_on) ? store_none('s') : store_text(date_iso(run->mem, row->ended_on));
  out[7] = store_number(row->created);
  out[8] = text_or_none(row->creator);
  out[9] = store_number(row->changed);
  return !row->record->area.len || (row->rev && !moved(row)) || area_of(run, row, &out[AREA], e);
}
static bool insert_row(struct flow_run *run, const struct flow_row *row, struct err *e) {
  AUTO_COMPOSE c = COMPOSE(run->mem);
  struct store_value system[SYSTEM_COLUMNS], cells[CELLS_MAX];
  TRY(put_system(run, row, system, e));
  compose_z(&c, "INSERT INTO ");
  compose_name(&c, row->record->table);
  compose_z(&c, " (\"tenant\", ");
  put_columns(&c, row->record);
  compose_z(&c, ") VALUES (");
  (void)compose_str(&c, STORE_TENANT);
  for (size_t i = 0; i < system_count(row->record); i++) compose_z(&c, ", "), (void)compose_value(&c, system[i]);
  for (size_t i = 0; i < row->record->fields.len; i++) {
    const struct flow_field *f = &row->record->fields.at[i];
    TRY(flow_cells(run, f, &row->fields[i], row->words[i], cells, e));
    for (int k = 0; k < columns_of(f); k++) compose_z(&c, ", "), (void)compose_value(&c, cells[k]);
  }
  compose_z(&c, ")");
  return compose_run(&c, run->session, NULL, e);
}
/* Only what changed: the shapes are few, one for each act. */
static bool update_row(struct flow_run *run, const struct flow_row *row, struct err *e) {
  AUTO_COMPOSE c = COMPOSE(run->mem);
  struct store_value system[SYSTEM_COLUMNS], cells[CELLS_MAX];
  int64_t changed = 0;
  TRY(put_system(run, row, system, e));
  compose_z(&c, "UPDATE ");
  compose_name(&c, row->record->table);
  compose_z(&c, " SET ");
  for (size_t i = 1; i < system_count(row->record); i++) {
    if (i == AREA && !moved(row)) continue; /* stays what it was when the row was made */
    compose_z(&c, i > 1 ? ", " : "");
    compose_name(&c, str_of(system_columns[i]));
    compose_z(&c, " = ");
    (void)compose_value(&c, system[i]);
  }
  for (size_t i = 0; i < row->record->fields.len; i++) {
    const struct flow_field *f = &row->record->fields.at[i];
    if (!row->changed_field[i]) continue;
    TRY(flow_cells(run, f, &row->fields[i], row->words[i], cells, e));
    for (int k = 0; k < columns_of(f); k++) {
      compose_z(&c, ", ");
      compose_name(&c, f->column[k]);
      compose_z(&c, " = ");
      (void)compose_value(&c, cells[k]);
    }
  }
  compose_z(&c, " WHERE \"tenant\" = ");
  (void)compose_str(&c, STORE_TENANT);
  compose_z(&c, " AND \"id\" = ");
  (void)compose_str(&c, row->id);
  compose_z(&c, " AND \"rev\" = ");
  (void)compose_int(&c, row->rev);
  TRY(compose_run(&c, run->session, &changed, e));
  return changed == 1 || fail(e, ERR_BUSY, MSG_store_busy);
}
bool flow_row_write(struct flow_run *run, struct flow_row *row, struct err *e) {
  const bool is_new = !row->rev;
  row->changed = run->now_us;
  TRY(is_new ? insert_row(run, row, e) : update_row(run, row, e));
  for (size_t i = 0; i < row->record->fields.len; i++) {
    const struct flow_field *f = &row->record->fields.at[i];
    const bool touched = is_new ? row->read[i] : row->changed_field[i];
    if (touched && (f->place == FLOW_SIDE || f->place == FLOW_ROWS)) TRY(write_side(run, row, f, &row->fields[i], e));
    if (touched && f->place == FLOW_SEALED) TRY(flow_sealed_write(run, row, i, e));
  }
  TRY(flow_words_put(run, row, is_new, e));
  memset(row->changed_field, 0, row->record->fields.len);
  row->rev++;
  return true;
}
