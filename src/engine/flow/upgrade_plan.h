/* What is to be done to records when another version takes over. Private to this engine. */
#ifndef ENGINE_FLOW_UPGRADE_PLAN_H
#define ENGINE_FLOW_UPGRADE_PLAN_H
#include "engine/flow/tables.h"
#include "engine/flow/upgrade.h"

/* A value for a field of the new version: that of a field as it was, or an expression about the record as it was. */
struct flow_giving {
  size_t to;      /* of now->fields */
  size_t from;    /* of old.fields; unless x is there */
  struct expr *x; /* NULL: it is carried over */
};
struct flow_turn { /* of the records of one kind */
  const struct flow_record *now;
  struct record *said;      /* that of old: the new one, with fields as they were where their type was another */
  struct flow_record old;   /* by which a record is read as it was; fields that are gone stand behind those of now */
  const struct record *was; /* in the version before */
  const struct migration *told;  /* what migrations/ say; NULL = nothing */
  VEC(struct flow_giving) gives; /* what is carried over, then what is set, in its order */
  VEC(struct str) clocks;        /* whose declaration is another one */
  bool is_worked_out;            /* a computed field is new or computed otherwise */
  bool is_found;                 /* other fields are searched, or by other people */
  bool is_area_new, is_ended_new;
};
struct flow_plan {
  const struct flow_system *now;
  struct package package; /* the one before: its system.yaml alone */
  struct flow_system before;
  struct upgrade said;
  VEC(struct flow_turn) turns; /* of the records that have anything to do */
};
/* Reads the declaration before and compares. told: what is unsafe; a rehearsal refuses it. Everything lives in mem. */
MUST_CHECK bool flow_plan_read(struct arena *mem, const struct flow_system *now, struct str said_before,
                               struct faults *told, struct flow_plan *out, struct err *e);
/* The turns, once the tables are those of now. ERR_INVALID for an expression of migrations/ that cannot be read. */
MUST_CHECK bool flow_plan_turns(struct store *tx, struct arena *mem, struct flow_plan *io, struct err *e);

/* Inside an act: one record goes along. Refuses when it would not satisfy what it needs or its checks, or has nowhere to go.
 * upgrade_record_store.c */
MUST_CHECK bool flow_turn_record(struct flow_run *was, struct flow_run *run, const struct flow_plan *p,
                                 const struct flow_turn *t, struct str id, struct flow_upgraded_record *io_counts,
                                 struct err *e);
/* Clocks of the record follow the new declaration, before anything else changes: levels and pauses of those that changed.
 * clock_store.c */
MUST_CHECK bool flow_clocks_anew(struct flow_step *s, const struct flow_turn *t, struct err *e);
/* Those that migrations/ name are settled anew, by what the record is now. */
MUST_CHECK bool flow_clocks_recomputed(struct flow_step *s, const struct flow_turn *t, struct err *e);
/* Deadlines of clocks that run or stand, as record->clocks; CLOCK_NEVER: none. */
MUST_CHECK bool flow_clock_dues(struct flow_run *run, const struct flow_record *r, struct str id, int64_t *out,
                                struct err *e);
#endif
