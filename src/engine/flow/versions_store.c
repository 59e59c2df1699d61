/* Registers with `versions`: a change is true from a day on. The record's table holds what is true today; table flow_version holds, of the
 * fields that were ever changed, all values with their days, so that whoever refers to the record reads it as of the day it speaks of. A
 * later word about the same day counts more. What is of rows, places, spans or is sealed has no versions: it is what it is now. */
#include "base/clock.h"
#include "base/limits.h"
#include "engine/flow/act.h"
#include "engine/flow/env.h"
#include "engine/flow/jobs.h"
#include "engine/flow/measure.h"
#include "sql.h"
#include "store/store.h"
#include "texts.h"

static bool has_versions(const struct flow_field *f) {
  return !f->is_computed && (f->place == FLOW_COLUMN || f->place == FLOW_SIDE);
}
static bool read_at(struct flow_run *run, const struct flow_row *row, const struct flow_field *f, struct str day,
                    bool *out_is, struct value *out, struct err *e) {
  struct sql_flow_version_at got = {0};
  const struct sql_flow_version_at_in in = {STORE_TENANT, row->record->name, row->id, f->name, day};
  TRY(sql_flow_version_at(run->session, run->mem, &in, &got, out_is, e));
  if (!*out_is) return true;
  *out = !f->type.set && !got.said.len ? value_none(NONE_missing) : flow_words_value(run, f, got.said);
  return true;
}
bool flow_version(struct flow_run *run, const struct flow_row *row, struct str field, struct date day, bool *out_is,
                  struct value *out, struct err *e) {
  const struct flow_field *f = flow_field(row->record, field);
  *out_is = false;
  if (!f || !has_versions(f)) return true;
  return read_at(run, row, f, date_iso(run->mem, day), out_is, out, e);
}

/* ---- a change ---- */

static bool insert(struct flow_step *s, const struct flow_field *f, int64_t n, struct str day, const struct value *v,
                   struct err *e) {
  struct flow_run *run = s->run;
  const struct flow_row *row = s->about.self;
  const bool has_come = str_cmp(day, date_iso(run->mem, clock_today(run->now_us))) <= 0;
  return sql_flow_version_insert(run->session,
                                 &(struct sql_flow_version_insert_in){.tenant = STORE_TENANT,
                                                                      .record = row->record->name,
                                                                      .id = row->id,
                                                                      .field = f->name,
                                                                      .n = n,
                                                                      .from_day = day,
                                                                      .said = flow_value_words(run, f, v),
                                                                      .is_taken = has_come},
                                 NULL, e);
}
static bool keep_field(struct flow_step *s, size_t i, struct str day, struct err *e) {
  struct flow_run *run = s->run;
  struct flow_row *row = s->about.self;
  const struct flow_field *f = &row->record->fields.at[i];
  const struct value v = row->fields[i];
  struct value was, is;
  struct sql_flow_version_last last = {0};
  const struct sql_flow_version_last_in in = {STORE_TENANT, row->record->name, row->id, f->name};
  bool found = false;
  TRY(flow_row_field(run, (struct flow_row *)(uintptr_t)s->about.before, i, &was, e));
  TRY(sql_flow_version_last(run->session, run->mem, &in, &last, &found, e));
  if (!last.n) TRY(insert(s, f, ++last.n, STR(""), &was, e));
  TRY(insert(s, f, last.n + 1, day, &v, e));
  TRY(read_at(run, row, f, date_iso(run->mem, clock_today(run->now_us)), &found, &is, e));
  s->coming[i] = v;
  flow_row_set(row, i, is);
  row->changed_field[i] = !flow_same(&is, &was);
  return true;
}
bool flow_versions_keep(struct flow_step *s, struct err *e) {
  struct flow_row *row = s->about.self;
  if (!row->record->from || !s->about.before || !s->about.takes || s->about.takes->values[0].kind != VALUE_DATE)
    return true;
  s->from_day = s->about.takes->values[0].date;
  s->coming = arena_new_n(s->run->mem, struct value, row->record->fields.len);
  const struct str day = date_iso(s->run->mem, s->from_day);
  for (size_t i = 0; i < row->record->fields.len; i++) {
    const struct flow_field *f = &row->record->fields.at[i];
    if (row->changed_field[i] && has_versions(f)) TRY(keep_field(s, i, day, e));
    else if (row->changed_field[i] && !f->is_computed && date_cmp(s->from_day, clock_today(s->run->now_us)) > 0)
      return fail(e, ERR_INVALID, MSG_flow_register_now, "name", f->name, "label", f->field->label.text);
  }
  return true;
}

/* ---- a day that comes ---- */

struct coming {
  const struct flow *flow;
  const struct flow_starter *starter;
  int64_t now_us;
  struct str record, id;
};
static bool set_fields(struct flow_run *run, struct flow_row *row, struct str day, struct err *e) {
  struct sql_flow_version_fields_rows due = {0};
  const struct sql_flow_version_fields_in in = {STORE_TENANT, row->record->name, row->id, day};
  TRY(sql_flow_version_fields(run->session, run->mem, &in, SIZE_MAX, &due, e));
  vec_each(const struct sql_flow_version_fields, x, &due) {
    const struct flow_field *f = flow_field(row->record, x->field);
    struct value v, was;
    bool is = false;
    if (!f || !has_versions(f)) continue;
    const size_t i = (size_t)(f - row->record->fields.at);
    TRY(flow_row_field(run, row, i, &was, e) && read_at(run, row, f, day, &is, &v, e));
    if (is && !flow_same(&v, &was)) flow_row_set(row, i, v);
  }
  return true;
}
static bool take(struct store *tx, void *arg, struct err *e) {
  const struct coming *c = arg;
  AUTO_ARENA mem = {0};
  struct flow_run *run = c->starter->begin(c->starter->arg, tx, &mem, c->now_us);
  const struct flow_record *r = flow_record(c->flow, c->record);
  const struct str day = flow_today(run);
  struct flow_row *row = NULL;
  struct flow_done done = {0};
  if (r) TRY(flow_row(run, r, c->id, &row, e));
  if (row) {
    struct flow_step s = {.run = run, .about.self = row, .from = row->state, .done = &done};
    s.about.before = flow_row_copy(run, row);
    s.touched = arena_new_n(&mem, bool, r->fields.len);
    TRY(set_fields(run, row, day, e) && flow_settle_self(run, row, false, e));
    TRY(flow_note_version(&s, e) && flow_row_write(run, row, e));
    TRY(flow_settle_others(run, row, s.about.before, e) && flow_facts(&s, e));
  }
  return sql_flow_version_take(tx, &(struct sql_flow_version_take_in){STORE_TENANT, c->record, c->id, day}, NULL, e);
}
bool flow_versions_day(const struct flow *f, struct store *store, const struct flow_starter *starter, int64_t now_us,
                       struct err *e) {
  AUTO_ARENA mem = {0};
  struct sql_flow_version_coming_rows due = {0};
  const struct sql_flow_version_coming_in in = {STORE_TENANT, date_iso(&mem, clock_today(now_us))};
  {
    AUTO_READ *r = store_read_begin(store, e);
    TRY(r && sql_flow_version_coming(r, &mem, &in, FLOW_JOBS_TURN_MAX, &due, e));
  }
  vec_each(const struct sql_flow_version_coming, x, &due) {
    struct coming c = {f, starter, now_us, x->record, x->id};
    TRY(store_write(store, take, &c, e));
  }
  return true;
}
