/* See sealed.h. A cell is read when somebody asks for its field, and written anew when it changes: the store's journal, its copies and
 * its backups hold cells alone. Rows carry the names of their columns, so that a later version of the package reads them. */
#include "base/json.h"
#include "base/limits.h"
#include "base/seal.h"
#include "declare/check.h"
#include "engine/flow/rows.h"
#include "engine/flow/sealed.h"
#include "store/compose.h"
#include "store/store.h"
#include "texts.h"

enum { ROWS_TEXT_MAX = 16 << 20 };

struct str flow_compartment(const struct flow_record *r) {
  const struct privacy *p = r->system->system->privacy;
  return p && has_word(p->compartment) ? p->compartment.text : r->system->name;
}
bool flow_may_seal(struct flow_run *run, const struct flow_record *r) {
  struct keys *keys = store_keys(run->session);
  return keys && keys_current(keys, flow_compartment(r)) != 0;
}
struct str flow_answer_cell(struct arena *mem, struct str round, int64_t n, struct str party, int64_t version,
                            struct str field) {
  return str_fmt(mem, STRF ".%lld." STRF ".%lld." STRF, STRA(round), (long long)n, STRA(party), (long long)version,
                 STRA(field));
}

/* ---- cells ---- */

static void where(struct compose *c, struct str owner, struct str name) {
  compose_z(c, " WHERE \"tenant\" = ");
  (void)compose_str(c, STORE_TENANT);
  compose_z(c, " AND \"owner\" = ");
  (void)compose_str(c, owner);
  compose_z(c, " AND \"field\" = ");
  (void)compose_str(c, name);
}
bool flow_cell_read(struct flow_run *run, const struct flow_record *r, struct str owner, struct str name,
                    struct str *out_said, struct err *e) {
  AUTO_COMPOSE c = COMPOSE(run->mem);
  const struct seal_place at = {STORE_TENANT, flow_sealed_table(run->mem, r), name, owner};
  struct str cell = {0}, compartment = {0};
  bool found = false;
  *out_said = STR("");
  compose_z(&c, "SELECT \"cell\", \"compartment\" FROM ");
  compose_name(&c, at.table);
  where(&c, owner, name);
  struct store_stmt *s = compose_prepare(&c, run->session, 2, e);
  if (!s) return false;
  const bool ok = store_step(s, &found, e);
  if (ok && found) cell = store_column_str(s, 0, run->mem), compartment = store_column_str(s, 1, run->mem);
  store_reset(s);
  if (!ok || !found) return ok;
  return seal_open(store_keys(run->session), run->mem, compartment, &at, cell, out_said, e);
}
static bool drop(struct flow_run *run, const struct seal_place *at, struct err *e) {
  AUTO_COMPOSE c = COMPOSE(run->mem);
  compose_z(&c, "DELETE FROM ");
  compose_name(&c, at->table);
  where(&c, at->row, at->column);
  return compose_run(&c, run->session, NULL, e);
}
bool flow_cell_write(struct flow_run *run, const struct flow_record *r, struct str owner, struct str name,
                     bool may_be_there, struct str said, struct err *e) {
  const struct seal_place at = {STORE_TENANT, flow_sealed_table(run->mem, r), name, owner};
  const struct str compartment = flow_compartment(r);
  struct str sealed;
  if (may_be_there) TRY(drop(run, &at, e));
  if (!said.len) return true;
  TRY(seal_cell(store_keys(run->session), run->mem, compartment, &at, said, &sealed, e));
  AUTO_COMPOSE c = COMPOSE(run->mem);
  compose_z(&c, "INSERT INTO ");
  compose_name(&c, at.table);
  compose_z(&c, " (\"tenant\", \"owner\", \"field\", \"compartment\", \"cell\") VALUES (");
  const struct str values[] = {STORE_TENANT, owner, name, compartment, sealed};
  for (size_t i = 0; i < COUNT_OF(values); i++) compose_z(&c, i ? ", " : ""), (void)compose_str(&c, values[i]);
  compose_z(&c, ")");
  return compose_run(&c, run->session, NULL, e);
}

/* ---- rows of a form ---- */

static bool rows_words(struct flow_run *run, const struct flow_field *f, const struct value *v, struct str *out,
                       struct err *e) {
  AUTO_BUF b = BUF_MAX(ROWS_TEXT_MAX);
  struct json_out j = {.to = &b};
  *out = STR("");
  if (v->kind != VALUE_SET || !v->set.len) return true;
  json_open(&j, NULL, '[');
  for (size_t i = 0; i < v->set.len; i++) {
    const struct flow_thing *line = flow_thing_of(&v->set.at[i]);
    json_open(&j, NULL, '{');
    for (size_t k = 0; line && k < f->row_count; k++) {
      if (f->rows[k].place == FLOW_LIVE || value_is_none(&line->values[k])) continue;
      json_str(&j, str_z(run->mem, f->rows[k].name), flow_value_words(run, &f->rows[k], &line->values[k]));
    }
    json_close(&j, '}');
  }
  json_close(&j, ']');
  if (b.broken) return fail(e, ERR_TOO_LARGE, MSG_flow_rows_large, "limit", STR("16 MB"));
  *out = str_dup(run->mem, buf_view(&b));
  return true;
}
static struct value read_line(struct flow_run *run, const struct flow_row *row, const struct flow_field *f,
                              const json_t *said) {
  struct value *values = arena_new_n(run->mem, struct value, f->row_count);
  for (size_t k = 0; k < f->row_count; k++) {
    const char *text = json_string_value(json_object_get(said, str_z(run->mem, f->rows[k].name)));
    if (text) values[k] = flow_words_value(run, &f->rows[k], str_dup(run->mem, str_of(text)));
  }
  return flow_thing_value(flow_row_thing(run, row, f, values));
}
static bool rows_value(struct flow_run *run, const struct flow_row *row, const struct flow_field *f, struct str said,
                       struct value *out, struct err *e) {
  AUTO_JSON *all = NULL;
  *out = value_set(NULL, 0);
  if (!said.len) return true;
  TRY(json_parse(said, &all, e));
  const size_t n = json_array_size(all);
  struct value *at = arena_new_n(run->mem, struct value, n);
  for (size_t i = 0; i < n; i++) at[i] = read_line(run, row, f, json_array_get(all, i));
  *out = value_set(at, n);
  return true;
}

/* ---- fields ---- */

bool flow_sealed_read(struct flow_run *run, struct flow_row *row, size_t field, struct err *e) {
  const struct flow_field *f = &row->record->fields.at[field];
  struct value *out = &row->fields[field];
  struct str said, place, address;
  *out = f->type.set ? value_set(NULL, 0) : (struct value){0};
  TRY(flow_cell_read(run, row->record, row->id, f->name, &said, e));
  if (!said.len) return true;
  if (flow_is_rows(f)) return rows_value(run, row, f, said, out, e);
  if (f->field->is.type == TYPE_place && str_cut(said, STR(" "), &place, &address)) {
    row->words[field] = address;
    said = place;
  }
  *out = flow_words_value(run, f, said);
  return true;
}
bool flow_sealed_write(struct flow_run *run, const struct flow_row *row, size_t field, struct err *e) {
  const struct flow_field *f = &row->record->fields.at[field];
  struct str said = STR("");
  if (flow_is_rows(f)) TRY(rows_words(run, f, &row->fields[field], &said, e));
  else said = flow_value_words(run, f, &row->fields[field]);
  if (said.len && f->field->is.type == TYPE_place)
    said = str_fmt(run->mem, STRF " " STRF, STRA(said), STRA(row->words[field]));
  return flow_cell_write(run, row->record, row->id, f->name, row->rev > 0, said, e);
}
