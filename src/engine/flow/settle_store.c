/* Computed fields are kept: this record's own at once, and those of other records that read it at the end of the act.
 *
 * Which fields read a record is found once, at load: each computed field is a walk from its record over references and back sets, and
 * each record that the walk comes by is a place from which it can be walked back. When a record has changed, every walk that comes by its
 * kind is followed backwards to the records whose field has to be worked out anew; what changes there is followed in turn. The values
 * before count as well: a lesson that moves to another contract changes both. */
#include "base/limits.h"
#include "engine/flow/act.h"
#include "engine/flow/measure.h"
#include "engine/flow/settle.h"
#include "texts.h"

enum { PASSES_MAX = 8 };

/* ---- own fields ---- */

bool flow_same(const struct value *a, const struct value *b) {
  if (value_is_none(a) || value_is_none(b)) return value_is_none(a) && value_is_none(b);
  return a->kind == b->kind && (a->kind == VALUE_SET ? value_same(a, b) : value_cmp(a, b) == VALUE_EQUAL);
}
static bool settle_field(struct flow_run *run, struct flow_row *row, size_t i, bool *io_changed, struct err *e) {
  const struct flow_field *f = &row->record->fields.at[i];
  const struct flow_about about = {.self = row};
  struct value v, was;
  TRY(flow_row_field(run, row, i, &was, e));
  TRY(flow_eval(run, &about, f->field->value.tree, run->notes, &v, e));
  if (f->type.set && value_is_none(&v)) v = value_set(NULL, 0);
  if (flow_same(&v, &was)) return true;
  flow_row_set(row, i, v);
  *io_changed = true;
  return true;
}
/* One may be made of another; the check refuses circles, so that it comes to rest. */
bool flow_settle_self(struct flow_run *run, struct flow_row *row, bool at_start, struct err *e) {
  bool changed = true;
  for (int pass = 0; changed && pass < PASSES_MAX; pass++) {
    changed = false;
    for (size_t i = 0; i < row->record->fields.len; i++) {
      const struct flow_field *f = &row->record->fields.at[i];
      if (flow_is_rows(f)) TRY(flow_lines_settle(run, row, i, &changed, e));
      if (!f->is_computed || f->place == FLOW_LIVE || (f->is_once && !at_start)) continue;
      TRY(settle_field(run, row, i, &changed, e));
    }
  }
  return true;
}

/* ---- records that read it ---- */

typedef VEC(struct str) ids;
static bool add_id(struct flow_run *run, ids *all, struct str id, struct err *e) {
  for (size_t i = 0; i < all->len; i++)
    if (str_eq(all->at[i], id)) return true;
  if (all->len == FLOW_SETTLE_MAX)
    return fail(e, ERR_TOO_LARGE, MSG_flow_settle_large, "limit", str_int(run->mem, FLOW_SETTLE_MAX));
  vec_push(run->mem, all) = id;
  return true;
}
static bool add_things(struct flow_run *run, const struct value *v, ids *out, struct err *e) {
  const struct flow_thing *t;
  if (v->kind == VALUE_THING && (t = flow_thing_of(v))) return add_id(run, out, t->id, e);
  for (size_t i = 0; v->kind == VALUE_SET && i < v->set.len; i++)
    if ((t = flow_thing_of(&v->set.at[i]))) TRY(add_id(run, out, t->id, e));
  return true;
}
/* Records of step->from that reach this one by the step: those that refer to it, or the ones it refers to. */
static bool back_over(struct flow_run *run, const struct flow_hop *hop, const struct str *at, size_t n, ids *out,
                      struct err *e) {
  for (size_t i = 0; i < n; i++) {
    struct str *found = NULL;
    size_t count = 0;
    if (hop->is_back) { /* the set `visits` of pair is walked back by visit.pair */
      struct flow_row *row;
      struct value v;
      TRY(flow_row(run, hop->to, at[i], &row, e));
      if (!row) continue;
      TRY(flow_row_field(run, row, hop->field, &v, e));
      TRY(add_things(run, &v, out, e));
      continue;
    }
    const struct flow_field *f = &hop->from->fields.at[hop->field];
    const struct equality equal = {f->name, flow_thing_value(flow_thing(run, FLOW_RECORD, hop->to, at[i]))};
    if (hop->column || f->place == FLOW_SIDE)
      TRY(flow_owners(run, f, hop->column, at[i], FLOW_SETTLE_MAX + 1, &found, &count, e));
    else TRY(flow_rows_where(run, hop->from, &equal, 1, FLOW_SETTLE_MAX + 1, &found, &count, e));
    for (size_t k = 0; k < count; k++) TRY(add_id(run, out, found[k], e));
  }
  return true;
}
static bool settle_one(struct flow_run *run, const struct flow_record *r, struct str id, struct err *e) {
  struct flow_row *row;
  TRY(flow_row(run, r, id, &row, e));
  if (!row) return true;
  const struct flow_row *before = flow_row_copy(run, row);
  bool changed = false;
  TRY(flow_settle_self(run, row, false, e));
  for (size_t i = 0; i < r->fields.len; i++) changed |= row->changed_field[i];
  if (!changed) return true;
  if (++run->depth > FLOW_SETTLE_DEPTH_MAX)
    return fail(e, ERR_BUG, MSG_flow_depth, "limit", str_int(run->mem, FLOW_SETTLE_DEPTH_MAX));
  const bool ok = flow_row_write(run, row, e) && flow_clocks_follow(run, row, e) &&
                  flow_settle_others(run, row, before, e) && flow_facts_row(run, row, e);
  run->depth--;
  return ok;
}
/* From the hop that comes to the record which changed, back to the walk's own record. at: records at that hop's beginning. */
static bool follow(struct flow_run *run, const struct flow_walk *w, size_t hop, ids at, struct err *e) {
  while (hop-- > 0) {
    ids before = {0};
    TRY(back_over(run, &w->hops[hop], at.at, at.len, &before, e));
    at = before;
  }
  for (size_t i = 0; i < at.len; i++) TRY(settle_one(run, w->of, at.at[i], e));
  return true;
}
/* The record may have been, or may be now, in a set of these. */
static bool owners_now_and_before(struct flow_run *run, const struct flow_hop *hop, const struct flow_row *row,
                                  const struct flow_row *before, ids *out, struct err *e) {
  const struct flow_row *both[] = {row, before};
  for (int i = 0; i < 2; i++) {
    struct value v;
    if (!both[i]) continue;
    TRY(flow_row_field(run, (struct flow_row *)(uintptr_t)both[i], hop->field, &v, e));
    TRY(add_things(run, &v, out, e));
  }
  return true;
}
bool flow_settle_others(struct flow_run *run, const struct flow_row *row, const struct flow_row *before,
                        struct err *e) {
  const struct flow_walks *walks = row->record->walks;
  for (size_t i = 0; walks && i < walks->len; i++) {
    const struct flow_walk *w = walks->at[i].walk;
    const size_t hop = walks->at[i].hop;
    ids at = {0};
    if (w->hops[hop].is_back) TRY(owners_now_and_before(run, &w->hops[hop], row, before, &at, e));
    else TRY(back_over(run, &w->hops[hop], &row->id, 1, &at, e));
    TRY(follow(run, w, hop, at, e));
  }
  return true;
}
