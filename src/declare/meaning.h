/* What names mean in the expressions of a system: the environment of type.h over a struct system. It also notes which fields
 * an expression reads, for the proof of flows. */
#ifndef DECLARE_MEANING_H
#define DECLARE_MEANING_H
#include "declare/check.h"
#include "declare/type.h"

/* Codes of a list, or the states of a record, or the kinds of units. */
struct codes {
  const struct list *list;
  const struct record *states;
  bool kinds;
  struct str base; /* a list that every package has: base.stage */
};
/* Where the fields of a row stand. */
struct row_of {
  const fields *fields;          /* of a field with rows, or of a round's answers */
  const struct round *round;     /* answers: party and at besides */
  const named_types *takes;      /* inputs of an act */
  const struct message *message; /* of an incoming message */
  const struct record *record;   /* whose classes its fields have; NULL = none */
};
struct reading {
  const struct record *record;
  const struct field *field;
  enum reach reach; /* of the record whose field it is */
};
struct bound {
  struct str name;
  struct type type;
};
struct meaning {
  struct type_env env; /* env.world points back here */
  struct checker *c;
  const struct record *record;
  const struct act *act;         /* takes, before */
  const struct round *round;     /* answers */
  const struct message *message; /* message */
  bool of_measures;              /* bare names are measures */
  VEC(struct bound) bound;       /* by `each … as`; rows of a measure */
  VEC(struct codes *) codes;
  VEC(struct row_of *) rows;
  VEC(struct reading) reads; /* by the expressions checked since it was last emptied */
};
/* units: rules/units.yaml. Lives as long as c. */
void meaning_begin(struct meaning *m, struct checker *c, const struct units *units, int64_t budget);
/* Of which record the bare names are from now on; NULL: none. */
void meaning_of(struct meaning *m, const struct record *r);
void meaning_of_row(struct meaning *m, struct row_of row);
struct type meaning_field_type(struct meaning *m, const struct record *r, const struct field *f);
struct type meaning_said_type(struct meaning *m, const struct type_said *t);
struct type meaning_record_type(const struct record *r);
#endif
