/* One record ends as merged into another of its kind: what it has in sets of files, people, units and records goes over as far as the
 * field takes it and no check of the other refuses it, whoever referred to it refers to the other, and tasks that wait for it wait for
 * the other. It keeps what it had: both histories stay. The state in which it ends, and with it the end of its clocks and rounds, is the
 * act's. */
#include "base/limits.h"
#include "declare/check.h"
#include "engine/flow/act.h"
#include "sql.h"
#include "store/store.h"
#include "texts.h"

static struct flow_step step_on(struct flow_run *run, struct flow_row *row, struct flow_done *done) {
  struct flow_step s = {.run = run, .about.self = row, .from = row->state, .done = done};
  s.about.before = flow_row_copy(run, row);
  s.touched = arena_new_n(run->mem, bool, row->record->fields.len);
  return s;
}
/* What another act would do at its end. */
static bool keep(struct flow_step *s, const char *act, struct str merged, struct err *e) {
  struct flow_run *run = s->run;
  TRY(flow_settle_self(run, s->about.self, false, e) && flow_clocks(s, e));
  TRY(flow_note_merge(s, str_of(act), merged, e) && flow_row_write(run, s->about.self, e));
  return flow_settle_others(run, s->about.self, s->about.before, e) && flow_facts(s, e);
}

/* ---- what it has ---- */

static bool goes_over(const struct flow_field *f) {
  switch (f->field->is.type) {
    case TYPE_files:
    case TYPE_photos:
    case TYPE_units:
    case TYPE_persons:
    case TYPE_refs: return f->place == FLOW_SIDE && !f->is_computed;
    default: return false;
  }
}
static bool is_in(const struct value *all, size_t n, struct str id) {
  for (size_t i = 0; i < n; i++)
    if (str_eq(flow_thing_of(&all[i])->id, id)) return true;
  return false;
}
static bool is_file(const struct flow_field *f) {
  return f->field->is.type == TYPE_files || f->field->is.type == TYPE_photos;
}
/* Both have it, each under a name of its own, so that one can be let go while the other is kept. */
static bool own_file(struct flow_step *s, const struct flow_field *f, struct value *io, struct err *e) {
  struct flow_run *run = s->run;
  struct sql_flow_file_get has = {0};
  bool found = false;
  const struct str old = flow_thing_of(io)->id, id = store_new_id(run->mem, run->now_us);
  TRY(sql_flow_file_get(run->session, run->mem, &(struct sql_flow_file_get_in){STORE_TENANT, old}, &has, &found, e));
  if (!found) return true;
  TRY(sql_flow_file_insert(run->session,
                           &(struct sql_flow_file_insert_in){STORE_TENANT, id, has.hash, has.name, has.type, has.size,
                                                             has.person, run->now_us},
                           NULL, e));
  *io = flow_thing_value(flow_thing(run, FLOW_FILE, NULL, id));
  return sql_flow_file_keep(run->session,
                            &(struct sql_flow_file_keep_in){.tenant = STORE_TENANT,
                                                            .id = id,
                                                            .record = s->about.self->record->name,
                                                            .owner = s->about.self->id,
                                                            .field = f->name},
                            NULL, e);
}
/* One more, unless the field has no place for it or a check of the other refuses it. */
static bool take_one(struct flow_step *s, size_t i, const struct value *one, struct err *e) {
  struct flow_row *into = s->about.self;
  const int64_t most = into->record->fields.at[i].field->is.most;
  const struct value kept = into->fields[i];
  const size_t n = kept.set.len;
  const bool was_changed = into->changed_field[i];
  struct err why = {0};
  if (most && (int64_t)n >= most) return true;
  struct value *at = arena_new_n(s->run->mem, struct value, n + 1);
  if (n) memcpy(at, kept.set.at, n * sizeof *at);
  at[n] = *one;
  flow_row_set(into, i, value_set(at, n + 1));
  if (flow_judge(s, true, &why)) {
    const struct flow_field *f = &into->record->fields.at[i];
    return !is_file(f) || own_file(s, f, &at[n], e);
  }
  if (why.code >= ERR_BUG) return *e = why, false;
  flow_row_set(into, i, kept);
  into->changed_field[i] = was_changed;
  return true;
}
static bool take_set(struct flow_step *s, struct flow_row *from, size_t i, struct err *e) {
  struct flow_row *into = s->about.self;
  struct value come, kept;
  TRY(flow_row_field(s->run, from, i, &come, e) && flow_row_field(s->run, into, i, &kept, e));
  for (size_t k = 0; come.kind == VALUE_SET && kept.kind == VALUE_SET && k < come.set.len; k++) {
    const struct str id = flow_thing_of(&come.set.at[k])->id;
    if (is_in(into->fields[i].set.at, into->fields[i].set.len, id)) continue;
    if (!str_eq(id, from->id) && !str_eq(id, into->id)) TRY(take_one(s, i, &come.set.at[k], e));
  }
  return true;
}

/* ---- who refers to it ---- */

struct moving {
  struct flow_run *run;
  const struct flow_record *of;
  struct str from, into;
};
static struct value turned(const struct moving *m, const struct flow_field *f, const struct value *v) {
  const struct value into = flow_thing_value(flow_thing(m->run, FLOW_RECORD, m->of, m->into));
  if (f->place != FLOW_SIDE) return into;
  struct value *at = arena_new_n(m->run->mem, struct value, v->set.len);
  size_t n = 0;
  const bool is_there = is_in(v->set.at, v->set.len, m->into);
  for (size_t i = 0; i < v->set.len; i++) {
    const bool is_it = str_eq(flow_thing_of(&v->set.at[i])->id, m->from);
    if (!is_it || !is_there) at[n++] = is_it ? into : v->set.at[i];
  }
  return value_set(at, n);
}
static bool turn_one(const struct moving *m, const struct flow_record *r, const struct flow_field *f, struct str id,
                     struct err *e) {
  struct flow_done done = {0};
  struct flow_row *row = NULL;
  struct value v;
  const size_t i = (size_t)(f - r->fields.at);
  if (str_eq(id, m->from) || str_eq(id, m->into)) return true;
  TRY(flow_row(m->run, r, id, &row, e));
  if (!row) return true;
  struct flow_step s = step_on(m->run, row, &done);
  TRY(flow_row_field(m->run, row, i, &v, e));
  flow_row_set(row, i, turned(m, f, &v));
  return keep(&s, "reference_merged", m->from, e);
}
static bool turn_field(const struct moving *m, const struct flow_record *r, const struct flow_field *f, struct err *e) {
  const struct equality equal = {f->name, flow_thing_value(flow_thing(m->run, FLOW_RECORD, m->of, m->from))};
  struct str *found = NULL;
  size_t n = 0;
  if (f->place == FLOW_SIDE) TRY(flow_owners(m->run, f, NULL, m->from, FLOW_EACH_MAX + 1, &found, &n, e));
  else TRY(flow_rows_where(m->run, r, &equal, 1, FLOW_EACH_MAX + 1, &found, &n, e));
  if (n > FLOW_EACH_MAX)
    return fail(e, ERR_TOO_LARGE, MSG_flow_each_large, "limit", str_int(m->run->mem, FLOW_EACH_MAX));
  for (size_t i = 0; i < n; i++) TRY(turn_one(m, r, f, found[i], e));
  return true;
}
static bool turn_references(const struct moving *m, struct err *e) {
  const struct flow *all = m->run->flow;
  for (size_t i = 0; i < all->systems.len; i++)
    vec_each(const struct flow_record, r, &all->systems.at[i]->records)
      vec_each(const struct flow_field, f, &r->fields) {
        const bool has_place = f->place == FLOW_COLUMN || f->place == FLOW_SIDE;
        const bool refers = f->field->is.type == TYPE_ref || f->field->is.type == TYPE_refs;
        if (refers && has_place && !f->is_computed && flow_referred(all, f) == m->of) TRY(turn_field(m, r, f, e));
      }
  return true;
}

/* ---- both ---- */

bool flow_merge(struct flow_step *s, const struct flow_thing *into, struct err *e) {
  struct flow_run *run = s->run;
  struct flow_row *from = s->about.self, *other = NULL;
  struct flow_done done = {0};
  if (into->record == from->record) TRY(flow_row(run, into->record, into->id, &other, e));
  if (!other) return fail(e, ERR_INVALID, MSG_flow_merge, "name", STR("into"));
  struct flow_step t = step_on(run, other, &done);
  for (size_t i = 0; i < other->record->fields.len; i++)
    if (goes_over(&other->record->fields.at[i])) TRY(take_set(&t, from, i, e));
  TRY(keep(&t, "merged_in", from->id, e));
  const struct moving m = {run, from->record, from->id, other->id};
  TRY(turn_references(&m, e));
  TRY(sql_flow_follow_move(
      run->session, &(struct sql_flow_follow_move_in){STORE_TENANT, from->record->name, from->id, other->id}, NULL, e));
  t.from = STR(""); /* tasks that waited for the state in which the other is already */
  return flow_follow(&t, e);
}
