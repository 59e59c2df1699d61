/* Rows of a form. A column's default and value are about the row; the record around it is `this`. What a row computes stands in its
 * table like what was filled in, and follows what it reads like any computed field (settle_store.c). */
#include "declare/check.h"
#include "engine/flow/act.h"
#include "engine/flow/settle.h"
#include "texts.h"

enum { PASSES_MAX = 8 };

static bool has_computed(const struct flow_field *f) {
  bool any = false;
  for (size_t i = 0; i < f->row_count; i++) any |= f->rows[i].is_computed;
  return any;
}
static bool has_value(const struct value *v) { return v->kind == VALUE_SET ? v->set.len > 0 : !value_is_none(v); }
/* A row with values of its own: the one before stays what it was. */
static struct flow_thing *copy_line(struct flow_run *run, const struct flow_row *row, const struct flow_field *f,
                                    const struct value *of) {
  struct value *values = arena_new_n(run->mem, struct value, f->row_count);
  const struct flow_thing *line = flow_thing_of(of);
  memcpy(values, line->values, f->row_count * sizeof *values);
  return flow_row_thing(run, row, f, values);
}

/* ---- what it computes ---- */

/* One column may be made of another; the check refuses circles. io_changed: what its table holds. */
static bool settle_line(struct flow_run *run, struct flow_row *row, const struct flow_field *f, struct flow_thing *line,
                        bool *io_changed, struct err *e) {
  const struct flow_about about = {.self = row, .element = line};
  bool again = true;
  for (int pass = 0; again && pass < PASSES_MAX; pass++) {
    again = false;
    for (size_t k = 0; k < f->row_count; k++) {
      const struct flow_field *c = &f->rows[k];
      struct value v;
      if (!c->is_computed || (c->is_once && has_value(&line->values[k]))) continue;
      TRY(flow_eval(run, &about, c->field->value.tree, run->notes, &v, e));
      if (flow_same(&v, &line->values[k])) continue;
      line->values[k] = v;
      again = true;
      *io_changed |= c->place != FLOW_LIVE;
    }
  }
  return true;
}
bool flow_lines_settle(struct flow_run *run, struct flow_row *row, size_t i, bool *io_changed, struct err *e) {
  const struct flow_field *f = &row->record->fields.at[i];
  struct value was;
  bool changed = false;
  if (!has_computed(f)) return true;
  TRY(flow_row_field(run, row, i, &was, e));
  struct value *at = arena_new_n(run->mem, struct value, was.set.len);
  for (size_t k = 0; k < was.set.len; k++) {
    struct flow_thing *line = copy_line(run, row, f, &was.set.at[k]);
    TRY(settle_line(run, row, f, line, &changed, e));
    at[k] = flow_thing_value(line);
  }
  if (changed) flow_row_set(row, i, value_set(at, was.set.len));
  else row->fields[i] = value_set(at, was.set.len); /* what depends on today is in no table */
  *io_changed |= changed;
  return true;
}

/* ---- what is filled in ---- */

static bool fill_line(struct flow_step *s, const struct flow_field *f, struct flow_thing *line, struct err *e) {
  struct flow_about about = s->about;
  about.element = line;
  for (size_t k = 0; k < f->row_count; k++)
    if (f->rows[k].field->default_.tree && !has_value(&line->values[k]))
      TRY(flow_eval(s->run, &about, f->rows[k].field->default_.tree, s->run->notes, &line->values[k], e));
  return true;
}
bool flow_lines_fill(struct flow_step *s, struct err *e) {
  struct flow_row *row = s->about.self;
  for (size_t i = 0; i < row->record->fields.len; i++) {
    const struct flow_field *f = &row->record->fields.at[i];
    const struct value given = row->fields[i];
    if (!flow_is_rows(f) || !row->changed_field[i]) continue;
    struct value *at = arena_new_n(s->run->mem, struct value, given.set.len);
    for (size_t k = 0; k < given.set.len; k++) {
      struct flow_thing *line = copy_line(s->run, row, f, &given.set.at[k]);
      TRY(fill_line(s, f, line, e));
      at[k] = flow_thing_value(line);
    }
    flow_row_set(row, i, value_set(at, given.set.len));
  }
  return true;
}

/* ---- what it may lack ---- */

static struct str cell_name(struct flow_step *s, const struct flow_field *f, size_t line, struct str column) {
  return str_fmt(s->run->mem, STRF ".%zu." STRF, STRA(f->name), line, STRA(column));
}
static bool judge_line(struct flow_step *s, const struct flow_field *f, const struct value *lines, size_t n,
                       struct err *e) {
  const struct flow_thing *line = flow_thing_of(&lines[n]);
  for (size_t k = 0; k < f->row_count; k++) {
    const struct flow_field *c = &f->rows[k];
    if (c->field->need.which == 1 && !c->is_computed && !has_value(&line->values[k]))
      return fail(e, ERR_INVALID, MSG_flow_asked, "name", cell_name(s, f, n, c->name), "label", c->field->label.text);
  }
  return true;
}
static bool has_same_key(const struct flow_field *f, const struct flow_thing *a, const struct flow_thing *b) {
  for (size_t k = 0; k < f->row_count; k++)
    if (words_have(&f->field->key, f->rows[k].name) && !flow_same(&a->values[k], &b->values[k])) return false;
  return f->field->key.len > 0;
}
bool flow_lines_judge(struct flow_step *s, struct err *e) {
  const struct flow_row *row = s->about.self;
  for (size_t i = 0; i < row->record->fields.len; i++) {
    const struct flow_field *f = &row->record->fields.at[i];
    const struct value *v = &row->fields[i];
    if (!flow_is_rows(f) || (s->about.before && !row->changed_field[i])) continue;
    if (f->field->most.n && (int64_t)v->set.len > f->field->most.n)
      return fail(e, ERR_INVALID, MSG_flow_read_many, "name", f->name, "limit", str_int(s->run->mem, f->field->most.n));
    for (size_t k = 0; k < v->set.len; k++) {
      TRY(judge_line(s, f, v->set.at, k, e));
      for (size_t j = 0; j < k; j++)
        if (has_same_key(f, flow_thing_of(&v->set.at[j]), flow_thing_of(&v->set.at[k])))
          return fail(e, ERR_INVALID, MSG_flow_lines_same, "name", cell_name(s, f, k, f->field->key.at[0].text), "n",
                      str_int(s->run->mem, (int64_t)j + 1));
    }
  }
  return true;
}
