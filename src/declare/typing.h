/* One walk over all expressions: each is typed against what its place wants, and what it reads is held against what its place
 * tells to whom. Private to src/declare. */
#ifndef DECLARE_TYPING_H
#define DECLARE_TYPING_H
#include "declare/meaning.h"

/* Where a value goes to, or what happens on a condition. */
enum sink_kind {
  SINK_NONE,  /* a guard: it only lets or refuses */
  SINK_FIELD, /* record.field */
  SINK_STATE,
  SINK_CREATE,
  SINK_NOTIFY,
  SINK_TASK,
  SINK_MESSAGE,
  SINK_MEASURE,
  SINK_PAPER,
  SINK_PAGE,
  SINK_FOREIGN /* a record of another package */
};
struct sink {
  enum sink_kind kind;
  bool by_condition; /* not the content goes there, but whether it does */
  const struct record *record;
  const struct field *field;
  struct str name;        /* message, measure, paper, page; foreign record */
  const words *receivers; /* of a notice */
};
struct typing {
  struct checker *c;
  struct meaning m;
  bool *released; /* one for each of privacy.releases: something flows there */
};
void typing_begin(struct typing *t, struct checker *c);
/* Leaves in t->m.reads what it reads. want NULL: anything. False: a fault was told, or there is no expression. */
bool typing_expr(struct typing *t, const struct expr_word *x, const struct type *want, struct type_answer *out);
/* Tells what the checker of types found in an expression that stands at w. */
void tell_types(struct faults *f, struct word w, const type_faults *found);
/* Holds what was read (t->m.reads) against the place; at: the words the fault is told about. */
void leaks_check(struct typing *t, struct word at, const struct sink *to);
/* T009: computed fields of the record that need one another. A field may read itself in records that were made later, over
 * references that only their start gives; settled once, in those that were there before. */
void circles_check(struct typing *t, const struct record *r);
/* P008: releases that nothing uses. */
void leaks_end(struct typing *t);
#endif
