/* The walks of computed fields over references and back sets. The tree was typed by the check: each step that lands on a record is a hop;
 * inside of where, by and for the element's own steps begin where the set ends. */
#include "base/must.h"
#include "declare/check.h"
#include "engine/flow/settle.h"

struct finder {
  struct flow *flow;
  const struct flow_record *of;
  struct flow_walk at, from; /* where the walk stands; where bare names of the expression do */
};

static const struct flow_record *where(const struct finder *w) {
  return w->at.len ? w->at.hops[w->at.len - 1].to : w->of;
}
static void keep(struct finder *w) {
  struct arena *mem = w->flow->mem;
  if (!w->at.len) return;
  struct flow_walk *walk = arena_new(mem, struct flow_walk);
  *walk = w->at;
  walk->of = w->of;
  struct flow_record *to = (struct flow_record *)(uintptr_t)where(w); /* of this flow, which is being made */
  if (!to->walks) to->walks = arena_new(mem, struct flow_walks);
  for (size_t i = 0; i < to->walks->len; i++) /* a field that takes the same way twice */
    if (to->walks->at[i].walk->of == walk->of && to->walks->at[i].walk->len == walk->len &&
        !memcmp(to->walks->at[i].walk->hops, walk->hops, walk->len * sizeof *walk->hops))
      return;
  vec_push(mem, to->walks) = (struct flow_pass){walk, walk->len - 1};
}
/* A reference in the rows of a form. What is sealed cannot be found by its value: it is not walked back. */
static bool hop_out_of_row(struct finder *w, const struct flow_field *rows, struct str name, struct flow_hop *out) {
  const struct flow_record *from = where(w);
  *out = (struct flow_hop){.from = from, .field = (size_t)(rows - from->fields.at)};
  if (rows->place == FLOW_SEALED) return false;
  for (size_t i = 0; i < rows->row_count; i++)
    if (str_eq(rows->rows[i].name, name)) out->column = &rows->rows[i];
  if (!out->column || out->column->field->is.type != TYPE_ref) return false;
  out->to = flow_referred(w->flow, out->column);
  return out->to != NULL;
}
/* A reference of this record, or a set of those that refer to it. */
static bool hop_over(struct finder *w, const struct flow_record *from, struct str name, struct flow_hop *out) {
  const struct flow_field *f = flow_field(from, name);
  *out = (struct flow_hop){.from = from};
  if (w->at.rows) return hop_out_of_row(w, w->at.rows, name, out);
  if (f) {
    const enum type_word t = f->place == FLOW_SEALED ? TYPE_missing : f->field->is.type;
    out->to = t == TYPE_ref || t == TYPE_refs ? flow_referred(w->flow, f) : NULL;
    out->field = (size_t)(f - from->fields.at);
    return out->to != NULL;
  }
  vec_each(const struct flow_record, other, &from->system->records)
    vec_each(const struct flow_field, back, &other->fields) {
      if (!str_eq(back->field->back.text, name) || flow_referred(w->flow, back) != from) continue;
      *out = (struct flow_hop){from, other, (size_t)(back - other->fields.at), .is_back = true};
      return true;
    }
  return false;
}
/* True: the walk stands on what is reached by this name from where it stood, a record or the rows of a form. */
static bool step_to(struct finder *w, struct str name) {
  struct flow_hop hop;
  const struct flow_field *f = w->at.rows ? NULL : flow_field(where(w), name);
  if (f && flow_is_rows(f)) return w->at.rows = f, true;
  if (w->at.len == FLOW_HOPS_MAX || !hop_over(w, where(w), name, &hop)) return false;
  w->at.hops[w->at.len++] = hop;
  w->at.rows = NULL;
  return true;
}
static void find(struct finder *w, const struct expr *x, const struct flow_walk *element);
/* Stands on what x gives, if that is records; else where it was. True: it stands on records. */
static bool stand_on(struct finder *w, const struct expr *x, const struct flow_walk *element) {
  if (!x) return false;
  if (x->kind == EXPR_QUERY) return stand_on(w, x->a, element);
  if (x->kind == EXPR_NAME) {
    if (str_eqz(x->text, "this")) return w->at = (struct flow_walk){0}, true;
    if (x->bound == BOUND_ELEMENT || x->bound == BOUND_HELD) w->at = element ? *element : w->at;
    else if (x->bound == BOUND_FIELD) w->at = w->from;
    else return false;
    if (x->bound == BOUND_HELD) return element != NULL;
  } else if (x->kind == EXPR_PATH) {
    if (!stand_on(w, x->a, element)) return false;
  } else {
    return false;
  }
  return step_to(w, x->text);
}
/* x reads a field of records by a path: the hops before its last step are a walk. */
static void find_path(struct finder *w, const struct expr *x, const struct flow_walk *element) {
  const struct flow_walk was = w->at;
  if (x->kind == EXPR_PATH && stand_on(w, x->a, element)) {
    keep(w);
    if (step_to(w, x->text)) keep(w);
  } else if (x->kind == EXPR_NAME && (x->bound == BOUND_FIELD || x->bound == BOUND_ELEMENT)) {
    w->at = was;
    if (stand_on(w, x, element)) keep(w);
    else if (x->bound == BOUND_ELEMENT && element) w->at = *element, keep(w);
  }
  w->at = was;
}
static void find_query(struct finder *w, const struct expr *x, const struct flow_walk *element) {
  const struct flow_walk was = w->at;
  struct flow_walk inner = {0};
  find(w, x->a, element);
  const bool stands = stand_on(w, x->a, element);
  if (stands) inner = w->at, keep(w);
  w->at = was;
  find(w, x->b, stands ? &inner : element);
  find(w, x->c, stands ? &inner : element);
}
static void find(struct finder *w, const struct expr *x, const struct flow_walk *element) {
  if (!x) return;
  if (x->kind == EXPR_QUERY) {
    find_query(w, x, element);
    return;
  }
  find_path(w, x, element);
  if (x->kind == EXPR_PATH) {
    find(w, x->a, element);
    return;
  }
  find(w, x->a, element);
  find(w, x->b, element);
  find(w, x->c, element);
  for (size_t i = 0; i < x->args.len; i++) find(w, x->args.at[i], element);
}
static bool is_followed(const struct flow_field *x) { return x->is_computed && x->place != FLOW_LIVE && !x->is_once; }
static void find_of(struct flow *f, const struct flow_record *r, const struct flow_field *x) {
  struct finder w = {.flow = f, .of = r};
  if (is_followed(x)) find(&w, x->field->value.tree, NULL);
  for (size_t i = 0; i < x->row_count; i++) { /* bare names are those of the row */
    w = (struct finder){.flow = f, .of = r, .at.rows = x, .from.rows = x};
    if (is_followed(&x->rows[i])) find(&w, x->rows[i].field->value.tree, NULL);
  }
}
void flow_find_walks(struct flow *f) {
  for (size_t i = 0; i < f->systems.len; i++)
    vec_each(const struct flow_record, r, &f->systems.at[i]->records)
      vec_each(const struct flow_field, x, &r->fields) find_of(f, r, x);
}
