/* Retention: what a package's `keep` lets go when its term is over goes for good, once a day. Of a field: its cells, files and versions, the
 * papers that show it, and its values in the events of the record, whose hashes stay. Of a record: all that there is of it but its
 * events without values, and what was counted. Each is one act with an event that says what went by which rule; what erases
 * is marked in the journal, so that a restore to an earlier point erases it again. `archive` takes nothing away. */
#include "base/clock.h"
#include "declare/check.h"
#include "engine/flow/act.h"
#include "engine/flow/env.h"
#include "engine/flow/jobs.h"
#include "engine/flow/tables.h"
#include "engine/flow/words.h"
#include "sql.h"
#include "store/compose.h"
#include "store/event.h"
#include "store/store.h"
#include "texts.h"

enum { PORTION = 100 };
#define DONE STR("retention_day")

struct rule {
  const struct keep *keep;
  const struct flow_record *record;
  const struct flow_field *field; /* NULL: the record */
  struct str since;               /* column from which the term counts */
  struct store_value before;      /* what lies before is over */
};

/* ---- which ---- */

static void where(struct compose *c, const char *column, struct str id) {
  compose_z(c, " WHERE \"tenant\" = ");
  (void)compose_str(c, STORE_TENANT);
  compose_z(c, " AND ");
  compose_name(c, str_of(column));
  compose_z(c, " = ");
  (void)compose_str(c, id);
}
static void delete_from(struct compose *c, struct str table, const char *column, struct str id) {
  compose_z(c, "DELETE FROM ");
  compose_name(c, table);
  where(c, column, id);
}
static int columns_of(const struct flow_field *f) {
  static const int n[] = {[FLOW_COLUMN] = 1, [FLOW_SPAN] = 2, [FLOW_POINT] = 3};
  return f->place <= FLOW_POINT ? n[f->place] : 0;
}
/* It still holds something. */
static void is_there(struct arena *mem, struct compose *c, const struct rule *r) {
  const struct flow_field *f = r->field;
  if (!f) return;
  compose_z(c, " AND ");
  if (f->place <= FLOW_POINT) {
    compose_name(c, f->column[0]);
    compose_z(c, " IS NOT NULL");
    return;
  }
  compose_z(c, "EXISTS (SELECT 1 FROM ");
  compose_name(c, f->place == FLOW_SEALED ? flow_sealed_table(mem, r->record) : f->side);
  compose_z(c, " AS \"held\" WHERE \"held\".\"tenant\" = ");
  compose_name(c, r->record->table);
  compose_z(c, ".\"tenant\" AND \"held\".\"owner\" = ");
  compose_name(c, r->record->table);
  compose_z(c, ".\"id\"");
  if (f->place == FLOW_SEALED) compose_z(c, " AND \"held\".\"field\" = "), (void)compose_str(c, f->name);
  compose_z(c, ")");
}
typedef VEC(struct str) ids;
static bool find(struct store *session, struct arena *mem, const struct rule *r, ids *out, struct err *e) {
  AUTO_COMPOSE c = COMPOSE(mem);
  bool row = true, ok = true;
  compose_z(&c, "SELECT \"id\" FROM ");
  compose_name(&c, r->record->table);
  compose_z(&c, " WHERE \"tenant\" = ");
  (void)compose_str(&c, STORE_TENANT);
  compose_z(&c, " AND ");
  compose_name(&c, r->since);
  compose_z(&c, " < ");
  (void)compose_value(&c, r->before);
  is_there(mem, &c, r);
  compose_z(&c, " ORDER BY \"id\" LIMIT ");
  compose_bound(&c, PORTION);
  struct store_stmt *s = compose_prepare(&c, session, 1, e);
  if (!s) return false;
  while ((ok = store_step(s, &row, e)) && row) vec_push(mem, out) = store_column_str(s, 0, mem);
  store_reset(s);
  return ok;
}

/* ---- what goes ---- */

static bool erase_files(struct store *tx, struct arena *mem, const struct rule *r, struct str id, struct err *e) {
  const struct str record = r->record->name, field = r->field ? r->field->name : (struct str){0};
  struct sql_flow_keep_files_rows files = {0};
  TRY(sql_flow_keep_files(tx, mem, &(struct sql_flow_keep_files_in){STORE_TENANT, record, id, field, field.len > 0},
                          SIZE_MAX, &files, e));
  TRY(sql_flow_keep_files_erase(
      tx, &(struct sql_flow_keep_files_erase_in){STORE_TENANT, record, id, field, field.len > 0}, NULL, e));
  vec_each(const struct sql_flow_keep_files, f, &files)
    TRY(sql_flow_keep_bytes_erase(tx, &(struct sql_flow_keep_bytes_erase_in){STORE_TENANT, f->hash}, NULL, e));
  return true;
}
/* Papers that were made of the record: all, or those whose template names the field. */
static bool erase_papers(struct store *tx, struct arena *mem, const struct rule *r, struct str id, struct err *e) {
  const struct flow_system *s = r->record->system;
  struct sql_flow_paper_list_rows made = {0};
  TRY(sql_flow_paper_list(tx, mem, &(struct sql_flow_paper_list_in){STORE_TENANT, r->record->name, id}, SIZE_MAX, &made,
                          e));
  vec_each(const struct sql_flow_paper_list, p, &made) {
    const struct paper *said = part_find(&s->system->papers, p->paper);
    const struct package_file *x = said ? package_file(&s->package, said->template_.text) : NULL;
    if (r->field && x && str_find(x->text, r->field->name) == STR_NONE) continue;
    TRY(sql_flow_keep_paper_erase(tx, &(struct sql_flow_keep_paper_erase_in){STORE_TENANT, p->id}, NULL, e));
    const struct str hashes[] = {p->docx, p->pdf};
    for (size_t i = 0; i < COUNT_OF(hashes); i++)
      TRY(sql_flow_keep_bytes_erase(tx, &(struct sql_flow_keep_bytes_erase_in){STORE_TENANT, hashes[i]}, NULL, e));
  }
  return true;
}
static bool erase_cells(struct store *tx, struct arena *mem, const struct rule *r, struct str id, struct err *e) {
  const struct flow_field *f = r->field;
  AUTO_COMPOSE c = COMPOSE(mem);
  if (f->place == FLOW_SEALED) {
    delete_from(&c, flow_sealed_table(mem, r->record), "owner", id);
    compose_z(&c, " AND \"field\" = ");
    (void)compose_str(&c, f->name);
    return compose_run_erasing(&c, tx, NULL, e);
  }
  if (f->side.len) {
    delete_from(&c, f->side, "owner", id);
    return compose_run_erasing(&c, tx, NULL, e);
  }
  compose_z(&c, "UPDATE ");
  compose_name(&c, r->record->table);
  compose_z(&c, " SET ");
  for (int i = 0; i < columns_of(f); i++) {
    compose_z(&c, i ? ", " : "");
    compose_name(&c, f->column[i]);
    compose_z(&c, " = NULL");
  }
  where(&c, "id", id);
  return compose_run_erasing(&c, tx, NULL, e);
}
static bool erase_field(struct store *tx, struct arena *mem, const struct rule *r, struct str id, struct err *e) {
  const struct str record = r->record->name, field = r->field->name;
  TRY(erase_cells(tx, mem, r, id, e) && erase_files(tx, mem, r, id, e) && erase_papers(tx, mem, r, id, e));
  TRY(sql_flow_keep_versions_erase(tx, &(struct sql_flow_keep_versions_erase_in){STORE_TENANT, record, id, field, true},
                                   NULL, e));
  return sql_event_values_erase(tx, &(struct sql_event_values_erase_in){STORE_TENANT, record, id, field}, NULL, e) &&
         sql_flow_keep_event_cells_erase(
             tx, &(struct sql_flow_keep_event_cells_erase_in){STORE_TENANT, record, id, field}, NULL, e);
}
static bool erase_from(struct store *tx, struct arena *mem, struct str table, const char *column, struct str id,
                       struct str record, struct err *e) {
  AUTO_COMPOSE c = COMPOSE(mem);
  delete_from(&c, table, column, id);
  if (record.len) compose_z(&c, " AND \"record\" = "), (void)compose_str(&c, record);
  return compose_run_erasing(&c, tx, NULL, e);
}
static bool erase_record(struct store *tx, struct arena *mem, const struct rule *r, struct str id, struct err *e) {
  static const char *const shared[] = {"flow_act",          "flow_key",   "flow_follow",      "flow_draft",
                                       "flow_answer",       "flow_party", "flow_round",       "flow_clock",
                                       "flow_clock_failed", "flow_batch", "flow_batch_failed"};
  const struct str record = r->record->name, any = {0};
  TRY(erase_files(tx, mem, r, id, e) && erase_papers(tx, mem, r, id, e));
  vec_each(const struct flow_field, f, &r->record->fields)
    if (f->side.len) TRY(erase_from(tx, mem, f->side, "owner", id, any, e));
  TRY(erase_from(tx, mem, flow_sealed_table(mem, r->record), "owner", id, any, e));
  TRY(erase_from(tx, mem, r->record->table, "id", id, any, e));
  for (size_t i = 0; i < COUNT_OF(shared); i++) TRY(erase_from(tx, mem, str_of(shared[i]), "id", id, record, e));
  TRY(sql_flow_keep_versions_erase(tx, &(struct sql_flow_keep_versions_erase_in){STORE_TENANT, record, id, any, false},
                                   NULL, e));
  return sql_flow_keep_events_erase(tx, &(struct sql_flow_keep_events_erase_in){STORE_TENANT, record, id}, NULL, e) &&
         sql_event_seal_erase(tx, &(struct sql_event_seal_erase_in){STORE_TENANT, record, id}, NULL, e);
}
static bool note(struct store *tx, struct arena *mem, const struct rule *r, struct str id, int64_t now_us,
                 struct err *e) {
  struct event ev = {.at_us = now_us,
                     .actor = STR("clock"),
                     .record = r->record->name,
                     .id = id,
                     .act = STR("retention"),
                     .from = STR(""),
                     .to = STR(""),
                     .valid = STR("")};
  event_add(&ev, STR("rule"), r->keep->head.name.text);
  event_add(&ev, STR("for"), r->keep->for_.text);
  event_add(&ev, STR("after"), r->keep->after.text);
  return event_append(tx, mem, &ev, NULL, e);
}

/* ---- when ---- */

struct taking {
  const struct flow *flow;
  const struct rule *rule;
  int64_t now_us;
  bool is_more;
};
static bool take(struct store *tx, void *arg, struct err *e) {
  struct taking *t = arg;
  const struct rule *r = t->rule;
  AUTO_ARENA mem = {0};
  ids all = {0};
  TRY(find(tx, &mem, r, &all, e));
  vec_each(const struct str, id, &all) {
    TRY(r->field ? erase_field(tx, &mem, r, *id, e) : erase_record(tx, &mem, r, *id, e));
    TRY(flow_words_erased(t->flow, tx, &mem, r->record, *id, e));
    TRY(note(tx, &mem, r, *id, t->now_us, e));
  }
  t->is_more = all.len == PORTION;
  return true;
}
/* The column from which the term counts, and the value before which it is over. False: there is none. */
static bool term_of(struct arena *mem, const struct flow *f, struct rule *r, int64_t now_us) {
  static const char *const moments[] = {"created", "changed"};
  const struct flow_field *since = flow_field(r->record, r->keep->after.text);
  struct duration lasts;
  struct date before;
  bool is_moment = since && since->kind == 'i';
  r->since = since ? since->column[0] : r->keep->after.text;
  for (size_t i = 0; !since && i < COUNT_OF(moments); i++) is_moment |= str_eqz(r->since, moments[i]);
  if ((since && since->place != FLOW_COLUMN) || !duration_parse(r->keep->for_.text, &lasts)) return false;
  lasts.n = -lasts.n;
  if (!date_plus(f->calendar, clock_today(now_us), lasts, &before)) return false;
  r->before = is_moment ? store_number(day_moment(date_to_days(before), 0)) : store_text(date_iso(mem, before));
  return true;
}
static bool follow(const struct flow *f, struct store *store, const struct flow_system *s, const struct keep *k,
                   int64_t now_us, struct err *e) {
  AUTO_ARENA mem = {0};
  struct rule r = {.keep = k};
  struct str record = k->head.name.text, field;
  if (k->then.which != KEEP_delete) return true;
  if (str_cut(k->head.name.text, STR("."), &record, &field)) {
    r.record = flow_record_in(s, record);
    r.field = r.record ? flow_field(r.record, field) : NULL;
    if (!r.field || r.field->place == FLOW_LIVE) return true;
  } else {
    r.record = flow_record_in(s, record);
  }
  if (!r.record || !term_of(&mem, f, &r, now_us)) return true;
  struct taking t = {.flow = f, .rule = &r, .now_us = now_us, .is_more = true};
  while (t.is_more) TRY(store_write(store, take, &t, e));
  return true;
}
static bool note_day(struct store *tx, void *arg, struct err *e) {
  const struct str *day = arg;
  int64_t changed = 0;
  TRY(sql_flow_keep_day(tx, &(struct sql_flow_keep_day_in){STORE_TENANT, DONE, *day}, &changed, e));
  return changed || sql_setting_add(tx, &(struct sql_setting_add_in){STORE_TENANT, DONE, *day}, NULL, e);
}
bool flow_retention_day(const struct flow *f, struct store *store, int64_t now_us, struct err *e) {
  AUTO_ARENA mem = {0};
  struct sql_setting_get row = {0};
  bool done = false, any = false;
  struct str day = date_iso(&mem, clock_today(now_us));
  {
    AUTO_READ *r = store_read_begin(store, e);
    TRY(r && sql_setting_get(r, &mem, &(struct sql_setting_get_in){STORE_TENANT, DONE}, &row, &done, e));
  }
  if (done && str_cmp(row.value, day) >= 0) return true;
  for (size_t i = 0; i < f->systems.len; i++) {
    const struct privacy *p = f->systems.at[i]->system->privacy;
    if (!p) continue;
    any |= p->keep.len > 0;
    vec_each(const struct keep, k, &p->keep) TRY(follow(f, store, f->systems.at[i], k, now_us, e));
  }
  return !any || store_write(store, note_day, &day, e);
}
