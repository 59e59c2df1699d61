/* Effects, in the order in which they are written. An act that another one does runs whole, with its own guard, as the system; when it
 * refuses, the first one does. */
#include "base/limits.h"
#include "base/utf8.h"
#include "declare/check.h"
#include "engine/flow/act.h"
#include "sql.h"
#include "store/store.h"
#include "texts.h"

enum { TITLE_MAX = 80 }; /* of a task */

static bool eval_word(struct flow_step *s, const struct expr_word *x, struct value *out, struct err *e) {
  *out = (struct value){0};
  return !x->tree || flow_eval(s->run, &s->about, x->tree, s->run->notes, out, e);
}

/* ---- own fields ---- */

static bool do_set(struct flow_step *s, const named_exprs *set, struct err *e) {
  vec_each(const struct named_expr, x, set) {
    const struct flow_field *f = flow_field(s->about.self->record, x->head.name.text);
    struct value v;
    TRY(eval_word(s, &x->value, &v, e));
    if (f && f->type.set && value_is_none(&v)) v = value_set(NULL, 0);
    if (f) flow_row_set(s->about.self, (size_t)(f - s->about.self->record->fields.at), v);
  }
  return true;
}
static size_t column_of(const struct flow_field *f, struct str name) {
  size_t i = 0;
  while (i < f->row_count && !str_eq(f->rows[i].name, name)) i++;
  return i;
}
/* The rows as they are after it, a new set: the one before stays what it was. */
static bool set_one_row(struct flow_step *s, const struct effect_set_row *x, const struct flow_field *f,
                        const struct flow_thing *line, struct value *out, struct err *e) {
  struct flow_run *run = s->run;
  struct value *values = arena_new_n(run->mem, struct value, f->row_count);
  struct flow_about about = s->about;
  bool holds = false;
  memcpy(values, line->values, f->row_count * sizeof *values);
  about.element = line;
  TRY(flow_holds(run, &about, &x->where, &holds, e));
  if (holds)
    vec_each(const struct named_expr, set, &x->set) {
      const size_t k = column_of(f, set->head.name.text);
      if (k < f->row_count) TRY(flow_eval(run, &s->about, set->value.tree, run->notes, &values[k], e));
    }
  *out = flow_thing_value(flow_row_thing(run, s->about.self, f, values));
  return true;
}
static bool do_set_row(struct flow_step *s, const struct effect_set_row *x, struct err *e) {
  const struct flow_field *f = flow_field(s->about.self->record, x->in.text);
  struct value set;
  if (!f || !flow_is_rows(f)) return true;
  const size_t i = (size_t)(f - s->about.self->record->fields.at);
  TRY(flow_row_field(s->run, s->about.self, i, &set, e));
  struct value *at = arena_new_n(s->run->mem, struct value, set.set.len);
  for (size_t k = 0; k < set.set.len; k++) TRY(set_one_row(s, x, f, flow_thing_of(&set.set.at[k]), &at[k], e));
  flow_row_set(s->about.self, i, value_set(at, set.set.len));
  return true;
}

/* ---- other records ---- */

static bool inputs_of(struct flow_step *s, const named_exprs *with, struct flow_input **out, struct err *e) {
  *out = arena_new_n(s->run->mem, struct flow_input, with->len);
  for (size_t i = 0; i < with->len; i++) {
    (*out)[i].name = with->at[i].head.name.text;
    TRY(eval_word(s, &with->at[i].value, &(*out)[i].value, e));
  }
  return true;
}
/* What is missing is not given: an optional input stays out. */
static size_t drop_missing(struct flow_input *in, size_t n) {
  size_t kept = 0;
  for (size_t i = 0; i < n; i++)
    if (!value_is_none(&in[i].value)) in[kept++] = in[i];
  return kept;
}
static bool act_as_system(struct flow_step *s, const struct flow_ask *ask, struct flow_done *done, struct err *e) {
  struct flow_run *run = s->run;
  const enum flow_by by = run->by;
  run->by = FLOW_BY_SYSTEM;
  const bool ok = flow_act(run, ask, done, e);
  run->by = by;
  return ok;
}
/* What a message brings about: the first record is what the sender is told. */
static bool act_for(struct flow_step *s, const struct flow_ask *ask, struct err *e) {
  struct flow_done done;
  TRY(act_as_system(s, ask, &done, e));
  if (s->about.self || s->made) return true;
  s->made = ask->record;
  *s->done = done;
  return true;
}
/* An act done by another sees the record as it is now. */
static bool write_draft(struct flow_step *s, struct err *e) {
  struct flow_row *row = s->about.self;
  if (!row) return true;
  TRY(flow_settle_self(s->run, row, false, e));
  for (size_t i = 0; i < row->record->fields.len; i++) s->touched[i] |= row->changed_field[i];
  return flow_row_write(s->run, row, e);
}
static bool do_create(struct flow_step *s, const struct effect_create *x, struct err *e) {
  const struct flow_record *here = s->about.self ? s->about.self->record : s->of;
  const bool is_here = str_find(x->record.text, STR(".")) == STR_NONE;
  const struct flow_record *r =
      is_here ? flow_record_in(here->system, x->record.text) : flow_record(s->run->flow, x->record.text);
  if (!r) return fail(e, ERR_GUARD, MSG_flow_no_system, "name", x->record.text);
  struct flow_ask ask = {.record = r, .act = x->act.text, .input_count = x->with.len};
  struct flow_input *in;
  TRY(write_draft(s, e) && inputs_of(s, &x->with, &in, e)); /* what is handed on is as the draft stands now */
  ask.inputs = in;
  ask.input_count = drop_missing(in, ask.input_count);
  return act_for(s, &ask, e);
}
static bool do_act(struct flow_step *s, const struct effect_do *x, struct err *e) {
  struct value on;
  TRY(eval_word(s, &x->on, &on, e));
  const struct flow_thing *t = on.kind == VALUE_THING ? flow_thing_of(&on) : NULL;
  if (!t || t->kind != FLOW_RECORD) /* nothing to do it on; whoever sent a message is told */
    return s->about.self || fail(e, ERR_NOT_FOUND, MSG_message_about_none);
  struct flow_ask ask = {.record = t->record, .act = x->act.text, .id = t->id, .input_count = x->with.len};
  struct flow_input *in;
  TRY(write_draft(s, e) && inputs_of(s, &x->with, &in, e)); /* what is handed on is as the draft stands now */
  ask.inputs = in;
  ask.input_count = drop_missing(in, ask.input_count);
  return act_for(s, &ask, e);
}
static bool do_each(struct flow_step *s, const struct effect_each *x, struct err *e) {
  struct flow_run *run = s->run;
  struct value in;
  TRY(eval_word(s, &x->in, &in, e));
  if (in.kind != VALUE_SET) return true;
  if (is_yes(x->batch) && s->about.self && !s->about.bound_count) return flow_batch_add(s, x, &in, e);
  if (in.set.len > FLOW_EACH_MAX)
    return fail(e, ERR_TOO_LARGE, MSG_flow_each_large, "limit", str_int(run->mem, FLOW_EACH_MAX));
  const struct flow_bound *around = s->about.bound;
  const size_t count = s->about.bound_count;
  struct flow_bound *bound = arena_new_n(run->mem, struct flow_bound, count + 1);
  for (size_t i = 0; i < count; i++) bound[i] = around[i];
  bool ok = true;
  for (size_t i = 0; ok && i < in.set.len; i++) {
    bound[count] = (struct flow_bound){x->as.text, in.set.at[i]};
    s->about.bound = bound;
    s->about.bound_count = count + 1;
    ok = flow_effects(s, &x->does, e);
  }
  s->about.bound = around;
  s->about.bound_count = count;
  return ok;
}

/* ---- people ---- */

static struct str link_of(struct flow_step *s) {
  const struct flow_row *row = s->about.self;
  if (!row) return STR("");
  return str_fmt(s->run->mem, "/s/" STRF "/" STRF "/" STRF, STRA(row->record->system->name),
                 STRA(row->record->record->head.name.text), STRA(row->id));
}
static bool is_known(const struct str *all, size_t n, struct str one) {
  for (size_t i = 0; i < n; i++)
    if (str_eq(all[i], one)) return true;
  return false;
}
static bool do_notify(struct flow_step *s, const struct effect_notify *x, struct err *e) {
  struct flow_run *run = s->run;
  VEC(struct str) told = {0};
  struct str text;
  TRY(flow_text(run, &s->about, &x->text, &text, e));
  vec_each(const struct word, term, &x->to) {
    struct str *persons = NULL;
    size_t n = 0;
    TRY(flow_persons(run, &s->about, term->text, &persons, &n, e));
    for (size_t i = 0; i < n; i++) {
      if (is_known(told.at, told.len, persons[i])) continue;
      vec_push(run->mem, &told) = persons[i];
      TRY(run->host->notify(run->host->arg, run, persons[i], text, link_of(s), e));
    }
  }
  return true;
}

/* ---- tasks ---- */

static bool task_input(struct flow_step *s, const char *name, const struct expr_word *x, struct flow_input *in,
                       size_t *n, struct err *e) {
  struct value v;
  TRY(eval_word(s, x, &v, e));
  if (!value_is_none(&v)) in[(*n)++] = (struct flow_input){.name = str_of(name), .value = v};
  return true;
}
static struct str first_characters(struct str s, size_t most) {
  size_t at = 0;
  for (; most && at < s.len; most--) at += utf8_len(s, at);
  return str_slice(s, 0, at);
}
/* The new task into a field of this record; into a set besides those that are there. */
static bool take_in(struct flow_step *s, struct word into, const struct flow_record *r, struct str id, struct err *e) {
  struct flow_row *row = s->about.self;
  const struct flow_field *f = has_word(into) && row ? flow_field(row->record, into.text) : NULL;
  const struct value made = flow_thing_value(flow_thing(s->run, FLOW_RECORD, r, id));
  struct value was;
  if (!f) return true;
  const size_t i = (size_t)(f - row->record->fields.at);
  if (!f->type.set) return flow_row_set(row, i, made), true;
  TRY(flow_row_field(s->run, row, i, &was, e));
  const size_t n = was.kind == VALUE_SET ? was.set.len : 0;
  if ((int64_t)n >= f->field->is.most)
    return fail(e, ERR_INVALID, MSG_flow_read_many, "name", f->name, "limit", str_int(s->run->mem, f->field->is.most));
  struct value *at = arena_new_n(s->run->mem, struct value, n + 1);
  if (n) memcpy(at, was.set.at, n * sizeof *at);
  at[n] = made;
  flow_row_set(row, i, value_set(at, n + 1));
  return true;
}
static bool do_task(struct flow_step *s, const struct effect_task *x, struct err *e) {
  struct flow_run *run = s->run;
  const struct flow_record *r = flow_record(run->flow, STR("task.task"));
  struct flow_input in[8] = {0};
  struct flow_done done;
  struct str title;
  size_t n = 0;
  if (!r) return fail(e, ERR_GUARD, MSG_flow_no_system, "name", STR("task.task"));
  TRY(flow_text(run, &s->about, &x->title, &title, e));
  in[n++] = (struct flow_input){.name = STR("title"), .value = value_text(first_characters(title, TITLE_MAX))};
  TRY(task_input(s, "unit", &x->unit, in, &n, e) && task_input(s, "due", &x->due, in, &n, e));
  const bool whole = n == 3;
  if (has_expr(&x->source)) TRY(task_input(s, "source", &x->source, in, &n, e));
  if (has_word(x->kind)) in[n++] = (struct flow_input){.name = STR("kind"), .value = value_code(x->kind.text)};
  if (has_word(x->follows)) in[n++] = (struct flow_input){.name = STR("bound"), .value = value_flag(true)};
  const struct flow_ask ask = {.record = r, .act = whole ? STR("make") : STR("draft"), .inputs = in, .input_count = n};
  TRY(write_draft(s, e) && act_as_system(s, &ask, &done, e) && take_in(s, x->into, r, done.id, e));
  const struct flow_row *row = s->about.self;
  return !has_word(x->follows) ||
         sql_flow_follow_insert(
             run->session,
             &(struct sql_flow_follow_insert_in){STORE_TENANT, row->record->name, row->id, x->follows.text, done.id},
             NULL, e);
}
/* Tasks that wait for the state which the record has just entered. */
bool flow_follow(struct flow_step *s, struct err *e) {
  struct flow_run *run = s->run;
  const struct flow_row *row = s->about.self;
  const struct flow_record *r = flow_record(run->flow, STR("task.task"));
  struct sql_flow_follow_list_rows rows = {0};
  if (!r || str_eq(s->from, row->state)) return true;
  TRY(sql_flow_follow_list(run->session, run->mem,
                           &(struct sql_flow_follow_list_in){STORE_TENANT, row->record->name, row->id, row->state},
                           SIZE_MAX, &rows, e));
  vec_each(const struct sql_flow_follow_list, x, &rows) {
    const struct flow_ask ask = {.record = r, .act = STR("follow"), .id = x->task};
    struct flow_row *task = NULL;
    struct flow_done done;
    TRY(flow_row(run, r, x->task, &task, e));
    if (task && !task->ended) TRY(act_as_system(s, &ask, &done, e));
  }
  return true;
}

/* ---- one after the other ---- */

static bool do_merge(struct flow_step *s, const struct effect_merge *x, struct err *e) {
  struct value into;
  TRY(eval_word(s, &x->into, &into, e));
  const struct flow_thing *t = into.kind == VALUE_THING ? flow_thing_of(&into) : NULL;
  if (!t || t->kind != FLOW_RECORD || str_eq(t->id, s->about.self->id))
    return fail(e, ERR_INVALID, MSG_flow_merge, "name", STR("into"));
  return write_draft(s, e) && flow_merge(s, t, e);
}
static bool do_one(struct flow_step *s, const struct effect *x, struct err *e) {
  TRY(do_set(s, &x->set, e));
  if (x->set_row) return do_set_row(s, x->set_row, e);
  if (x->create) return do_create(s, x->create, e);
  if (x->do_) return do_act(s, x->do_, e);
  if (x->each) return do_each(s, x->each, e);
  if (x->open) return write_draft(s, e) && flow_round_open(s, x->open->round.text, e);
  if (x->extend) return flow_clock_extend(s, x->extend, e);
  if (x->notify) return do_notify(s, x->notify, e);
  if (x->task) return do_task(s, x->task, e);
  if (x->merge) return do_merge(s, x->merge, e);
  if (has_word(x->paper)) return write_draft(s, e) && flow_paper(s, x->paper.text, e);
  return true;
}
bool flow_effects(struct flow_step *s, const effects *list, struct err *e) {
  vec_each(const struct effect, x, list) {
    bool holds = true;
    if (has_expr(&x->when)) TRY(flow_holds(s->run, &s->about, &x->when, &holds, e));
    if (holds) TRY(do_one(s, x, e));
  }
  return true;
}
