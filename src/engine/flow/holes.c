/* The expressions in texts of notices and tasks: read once, by the check; found by where the text stands. */
#include <stdlib.h>

#include "declare/check.h"
#include "engine/flow/env.h"

static void add(struct flow *f, const struct word *text, const expr_words *holes) {
  vec_push(f->mem, &f->texts) = (struct flow_holes){text->text.at, holes};
}
static void of_effect(void *arg, const struct effect *x) {
  if (x->notify) add(arg, &x->notify->text, &x->notify->holes);
  if (x->task) add(arg, &x->task->title, &x->task->holes);
}
static void of_record(struct flow *f, const struct record *r) {
  vec_each(const struct act, a, &r->acts) effects_walk(&a->does, of_effect, f);
  vec_each(const struct state, s, &r->states) effects_walk(&s->enter, of_effect, f);
  vec_each(const struct clock, c, &r->clocks)
    vec_each(const struct clock_level, l, &c->levels) effects_walk(&l->does, of_effect, f);
}
static int by_place(const void *a, const void *b) {
  const struct flow_holes *x = a, *y = b;
  return (x->at > y->at) - (x->at < y->at);
}
void flow_gather_holes(struct flow *f) {
  for (size_t i = 0; i < f->systems.len; i++) {
    const struct system *s = f->systems.at[i]->system;
    vec_each(const struct record, r, &s->records) of_record(f, r);
    vec_each(const struct message, m, &s->messages) effects_walk(&m->does, of_effect, f);
  }
  if (f->texts.len) qsort(f->texts.at, f->texts.len, sizeof *f->texts.at, by_place);
}
const expr_words *flow_holes_of(const struct flow *f, const struct word *text) {
  const struct flow_holes key = {text->text.at, NULL};
  const struct flow_holes *found = f->texts.len ? bsearch(&key, f->texts.at, f->texts.len, sizeof key, by_place) : NULL;
  return found ? found->holes : NULL;
}
