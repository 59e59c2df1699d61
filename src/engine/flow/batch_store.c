/* `each … batch: yes`: the act keeps what is to be done, the scheduler does it, one transaction an element. The place in the list moves in
 * that transaction, by a conditional UPDATE: of several servers one does it, and a stop in the middle leaves it to be done. An element
 * that is refused is rolled back alone, kept with the reason, told in the history of the record, and does not stop the others. */
#include "base/clock.h"
#include "base/limits.h"
#include "declare/check.h"
#include "engine/flow/act.h"
#include "engine/flow/jobs.h"
#include "sql.h"
#include "store/store.h"
#include "texts.h"

enum { PART = 1000, PENDING_MOST = 100 };

/* ---- where it stands in the declaration ---- */

struct search {
  const struct effect_each *by_effect; /* looked for; NULL: by number */
  size_t n, number;                    /* of batches seen so far; the one looked for */
  const struct effect_each *found;
};
static void visit(void *arg, const struct effect *x) {
  struct search *s = arg;
  if (!x->each || !is_yes(x->each->batch)) return;
  if (s->by_effect ? s->by_effect == x->each : s->n == s->number) s->found = x->each, s->number = s->n;
  s->n++;
}
struct stretch { /* of a declaration that has effects */
  const char *kind;
  struct str name;
  const effects *list;
};
static bool is_in(struct arena *mem, const struct stretch *p, struct search *s, struct str *io_place) {
  const struct str head = str_fmt(mem, "%s " STRF " ", p->kind, STRA(p->name));
  int64_t number = 0;
  if (!s->by_effect && (!str_starts(*io_place, head) || !str_to_int(str_from(*io_place, head.len), &number)))
    return false;
  s->n = 0;
  if (!s->by_effect) s->number = (size_t)number;
  effects_walk(p->list, visit, s);
  if (s->found && s->by_effect) *io_place = str_fmt(mem, STRF "%d", STRA(head), (int)s->number);
  return s->found != NULL;
}
static bool find(struct arena *mem, const struct record *r, struct search *s, struct str *io_place) {
  vec_each(const struct act, a, &r->acts)
    if (is_in(mem, &(struct stretch){"act", a->head.name.text, &a->does}, s, io_place)) return true;
  vec_each(const struct state, x, &r->states)
    if (is_in(mem, &(struct stretch){"state", x->head.name.text, &x->enter}, s, io_place)) return true;
  vec_each(const struct clock, c, &r->clocks)
    vec_each(const struct clock_level, l, &c->levels) {
      const struct str name = str_fmt(mem, STRF "/" STRF, STRA(c->head.name.text), STRA(l->at.text));
      if (is_in(mem, &(struct stretch){"clock", name, &l->does}, s, io_place)) return true;
    }
  return false;
}

/* ---- keeping it ---- */

static bool kind_of(struct flow_run *run, const struct value *v, struct str *out, struct err *e) {
  const struct flow_thing *t = v->kind == VALUE_THING ? flow_thing_of(v) : NULL;
  if (v->kind == VALUE_CODE) *out = STR("code");
  else if (t && t->kind == FLOW_RECORD && t->record) *out = str_join(run->mem, STR("record "), t->record->name);
  else if (t && t->kind == FLOW_UNIT) *out = STR("unit");
  else if (t && t->kind == FLOW_PERSON) *out = STR("person");
  else return fail(e, ERR_INVALID, MSG_flow_batch_kind);
  return true;
}
static bool keep_part(struct flow_run *run, struct str batch, size_t part, const struct value *set, struct err *e) {
  AUTO_BUF ids = BUF_MAX(PART * 128);
  for (size_t i = part * PART; i < set->set.len && i < (part + 1) * PART; i++) {
    const struct value *v = &set->set.at[i];
    if (ids.len) buf_byte(&ids, ',');
    buf_str(&ids, v->kind == VALUE_THING ? flow_thing_of(v)->id : v->text);
  }
  if (ids.broken) return fail(e, ERR_TOO_LARGE, MSG_flow_batch_kind);
  return sql_flow_batch_part_insert(
      run->session, &(struct sql_flow_batch_part_insert_in){STORE_TENANT, batch, (int64_t)part, buf_view(&ids)}, NULL,
      e);
}
bool flow_batch_add(struct flow_step *s, const struct effect_each *x, const struct value *set, struct err *e) {
  struct flow_run *run = s->run;
  const struct flow_row *row = s->about.self;
  struct search by = {.by_effect = x};
  struct str place = STR(""), kind;
  if (!set->set.len) return true;
  if (set->set.len > FLOW_BATCH_MAX)
    return fail(e, ERR_TOO_LARGE, MSG_flow_each_large, "limit", str_int(run->mem, FLOW_BATCH_MAX));
  TRY(kind_of(run, &set->set.at[0], &kind, e));
  if (!find(run->mem, row->record->record, &by, &place)) return fail(e, ERR_BUG, MSG_flow_batch_gone);
  const struct str batch = store_new_id(run->mem, clock_now_us());
  TRY(sql_flow_batch_insert(run->session,
                            &(struct sql_flow_batch_insert_in){.tenant = STORE_TENANT,
                                                               .batch = batch,
                                                               .record = row->record->name,
                                                               .id = row->id,
                                                               .place = place,
                                                               .kind = kind,
                                                               .count = (int64_t)set->set.len,
                                                               .begun_us = run->now_us},
                            NULL, e));
  for (size_t part = 0; part * PART < set->set.len; part++) TRY(keep_part(run, batch, part, set, e));
  return true;
}

/* ---- one element ---- */

struct job {
  const struct flow *flow;
  const struct flow_starter *starter;
  const struct sql_flow_batch_pending *batch;
  const struct flow_record *record;
  int64_t now_us;
  const struct err *why; /* it was refused: only noted */
  struct arena *mem;
  bool is_mine;
};
static bool element_of(const struct job *j, struct store *tx, struct str *out, struct err *e) {
  struct sql_flow_batch_part_get got = {0};
  const struct sql_flow_batch_part_get_in in = {STORE_TENANT, j->batch->batch, j->batch->next / PART};
  bool found = false;
  TRY(sql_flow_batch_part_get(tx, j->mem, &in, &got, &found, e));
  struct str rest = got.ids, one = {0};
  for (int64_t i = j->batch->next % PART; i >= 0; i--) {
    if (!str_cut(rest, STR(","), &one, &rest)) one = rest, rest = (struct str){0};
  }
  *out = one;
  return true;
}
static struct value value_of(const struct job *j, struct flow_run *run, struct str id) {
  struct str word, name;
  if (str_eqz(j->batch->kind, "code")) return value_code(id);
  if (str_eqz(j->batch->kind, "unit")) return flow_thing_value(flow_thing(run, FLOW_UNIT, NULL, id));
  if (str_eqz(j->batch->kind, "person")) return flow_thing_value(flow_thing(run, FLOW_PERSON, NULL, id));
  const struct flow_record *r = str_cut(j->batch->kind, STR(" "), &word, &name) ? flow_record(run->flow, name) : NULL;
  return r ? flow_thing_value(flow_thing(run, FLOW_RECORD, r, id)) : value_none(NONE_missing);
}
static bool move_on(struct job *j, struct store *tx, bool is_failed, struct err *e) {
  const struct sql_flow_batch_pending *b = j->batch;
  const bool is_last = b->next + 1 >= b->count;
  int64_t changed = 0;
  TRY(sql_flow_batch_move(tx,
                          &(struct sql_flow_batch_move_in){STORE_TENANT, b->batch, b->next, b->next + 1, is_failed,
                                                           is_last ? j->now_us : 0},
                          &changed, e));
  j->is_mine = changed == 1;
  return !j->is_mine || !is_last ||
         sql_flow_batch_parts_drop(tx, &(struct sql_flow_batch_parts_drop_in){STORE_TENANT, b->batch}, NULL, e);
}
static bool is_changed(const struct flow_step *s) {
  const struct flow_row *row = s->about.self;
  for (size_t i = 0; i < row->record->fields.len; i++)
    if (row->changed_field[i] || s->touched[i]) return true;
  return false;
}
static bool do_element(struct job *j, struct flow_run *run, struct flow_row *row, struct str element, struct err *e) {
  struct search by = {.number = 0};
  struct str place = j->batch->place;
  struct flow_done done = {0};
  if (!find(j->mem, row->record->record, &by, &place)) return fail(e, ERR_CONFLICT, MSG_flow_batch_gone);
  const struct flow_bound bound = {by.found->as.text, value_of(j, run, element)};
  struct flow_step s = {.run = run, .about = {.self = row, .bound = &bound, .bound_count = 1}, .from = row->state};
  s.done = &done;
  s.about.before = flow_row_copy(run, row);
  s.touched = arena_new_n(run->mem, bool, row->record->fields.len);
  run->depth++; /* acts that it brings about wait until it is written */
  TRY(flow_effects(&s, &by.found->does, e) && flow_settle_self(run, row, false, e));
  if (is_changed(&s)) {
    TRY(flow_clocks(&s, e) && flow_note_batch(&s, element, STR(""), e) && flow_row_write(run, row, e));
    TRY(flow_settle_others(run, row, s.about.before, e) && flow_facts(&s, e));
  }
  run->depth--;
  return flow_acts_later(run, e);
}
static bool note_refused(struct job *j, struct flow_run *run, struct flow_row *row, struct str element, struct err *e) {
  struct flow_step s = {.run = run, .about = {.self = row, .before = row}, .from = row->state};
  const struct str says = err_says(j->mem, run->lang, j->why);
  s.touched = arena_new_n(run->mem, bool, row->record->fields.len);
  const struct sql_flow_batch_failed_insert_in in = {
      STORE_TENANT, j->batch->batch, element, j->batch->record, j->batch->id, says, j->now_us};
  return flow_note_batch(&s, element, says, e) && sql_flow_batch_failed_insert(run->session, &in, NULL, e);
}
static bool act_job(struct store *tx, void *arg, struct err *e) {
  struct job *j = arg;
  struct flow_row *row = NULL;
  struct str element;
  TRY(element_of(j, tx, &element, e) && move_on(j, tx, j->why != NULL, e));
  if (!j->is_mine) return true;
  struct flow_run *run = j->starter->begin(j->starter->arg, tx, j->mem, j->now_us);
  run->by = FLOW_BY_SYSTEM;
  TRY(flow_row(run, j->record, j->batch->id, &row, e));
  if (!row) return true; /* it was erased meanwhile */
  return j->why ? note_refused(j, run, row, element, e) : do_element(j, run, row, element, e);
}
static bool run_one(struct job *j, struct store *store, struct flow_jobs *io, struct err *e) {
  AUTO_ARENA mem = {0};
  struct err why = {0};
  j->mem = &mem;
  j->why = NULL;
  if (store_write(store, act_job, j, &why)) {
    io->done += j->is_mine;
    return true;
  }
  if (why.code == ERR_STORE || why.code == ERR_BUSY) return *e = why, false;
  j->why = &why;
  TRY(store_write(store, act_job, j, e));
  io->failed += j->is_mine;
  return true;
}

/* ---- all ---- */

static bool run_batch(struct job *j, struct store *store, struct sql_flow_batch_pending *b, int *io_left,
                      struct flow_jobs *io, struct err *e) {
  for (; b->next<b->count && * io_left> 0; b->next++, --*io_left) {
    j->is_mine = false;
    TRY(run_one(j, store, io, e));
    if (!j->is_mine) return true; /* another server is at it */
  }
  io->is_more |= b->next < b->count;
  return true;
}
bool flow_batches_run(const struct flow *f, struct store *store, const struct flow_starter *starter, int64_t now_us,
                      struct flow_jobs *io, struct err *e) {
  AUTO_ARENA mem = {0};
  struct sql_flow_batch_pending_rows rows = {0};
  int left = FLOW_JOBS_TURN_MAX;
  {
    AUTO_READ *r = store_read_begin(store, e);
    const struct sql_flow_batch_pending_in in = {STORE_TENANT, PENDING_MOST};
    TRY(r && sql_flow_batch_pending(r, &mem, &in, PENDING_MOST, &rows, e));
  }
  vec_each(struct sql_flow_batch_pending, b, &rows) {
    struct job j = {.flow = f, .starter = starter, .batch = b, .record = flow_record(f, b->record), .now_us = now_us};
    if (j.record) TRY(run_batch(&j, store, b, &left, io, e));
  }
  return true;
}
