/* One expression in its place. */
#include "declare/typing.h"

enum { GUARD_COST = 100000 };

void tell_types(struct faults *f, struct word w, const type_faults *found) {
  vec_each(const struct type_fault, x, found) {
    struct fault *y = faults_add(f, x->code, word_slice(w, (size_t)x->from, (size_t)x->to));
    if (x->msg) y->msg = x->msg;
    if (x->hint) y->hint = x->hint;
    y->kind = x->kind;
    for (size_t i = 0; i < x->arg_count; i++) (void)fault_arg(y, x->args[i].name, x->args[i].value);
  }
}
void typing_begin(struct typing *t, struct checker *c) {
  const size_t releases = c->s->privacy ? c->s->privacy->releases.len : 0;
  *t = (struct typing){.c = c, .released = arena_new_n(c->mem, bool, releases)};
  meaning_begin(&t->m, c, c->w->units, GUARD_COST);
}
bool typing_expr(struct typing *t, const struct expr_word *x, const struct type *want, struct type_answer *out) {
  type_faults faults = {0};
  t->m.reads.len = 0;
  *out = (struct type_answer){0};
  if (!x->tree) return false;
  const bool ok = type_check(t->c->mem, x->tree, &t->m.env, want, out, &faults);
  tell_types(t->c->f, x->word, &faults);
  return ok;
}
