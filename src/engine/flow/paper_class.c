/* How secret a paper is: the highest class of what its template can show. It is kept as bytes, so whoever reads it reads all of it. */
#include "declare/check.h"
#include "engine/flow/flow.h"
#include "engine/flow/paper.h"

struct looking {
  const struct flow_system *s;
  const struct flow_record *record;
  enum class_said highest;
};
static void take(struct looking *l, const struct flow_field *f) {
  if (f && f->class > l->highest) l->highest = f->class;
}
/* A name behind a dot may be of any record: the most secret that is called so. */
static void look_at(void *arg, const struct expr *x) {
  struct looking *l = arg;
  if (x->kind == EXPR_NAME && x->bound == BOUND_FIELD) take(l, flow_field(l->record, x->text));
  if (x->kind != EXPR_PATH && !(x->kind == EXPR_NAME && x->bound == BOUND_ELEMENT)) return;
  vec_each(const struct flow_record, r, &l->s->records) {
    take(l, flow_field(r, x->text));
    vec_each(const struct flow_field, f, &r->fields)
      for (size_t i = 0; i < f->row_count; i++)
        if (str_eq(f->rows[i].name, x->text)) take(l, &f->rows[i]);
  }
}
static void look_through(struct looking *l, const struct paper_part *part) {
  for (; part; part = part->next) {
    if (part->tree) expr_walk(part->tree, look_at, l);
    look_through(l, part->first);
  }
}
enum class_said flow_paper_class(const struct flow_record *r, const struct paper_template *t) {
  struct looking l = {r->system, r, CLASS_open};
  look_through(&l, t->top.first);
  return l.highest;
}
