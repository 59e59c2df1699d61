/* Rounds: several parties are asked and answer; see flow.h and docs/declarations.md. */
#ifndef ENGINE_FLOW_ROUNDS_H
#define ENGINE_FLOW_ROUNDS_H
#include "engine/flow/flow.h"

struct flow_party {
  struct str id; /* unit or person */
  bool is_unit;
  int64_t place; /* its turn */
  enum {
    PARTY_WAITING,
    PARTY_ASKED,
    PARTY_DEPUTY,
    PARTY_ANSWERED,
    PARTY_SILENT
  } state;              /* DEPUTY: its deputy was asked */
  int64_t due_us;       /* 0 = none */
  struct str person;    /* who answered */
  int64_t answered_us;  /* 0 = not yet */
  int64_t version;      /* of the answer */
  struct str added_by;  /* person; empty = asked from the beginning */
  struct value *fields; /* of the newest answer, as round->answer; NULL = none */
};
struct flow_round {
  const struct flow_asking *asking;
  int64_t n, opened_us, closed_us; /* closed_us 0: it is open */
  struct str outcome;              /* open done failed off */
  VEC(struct flow_party) parties;  /* by their turn */
};
typedef VEC(struct flow_round) flow_rounds;
/* Openings of a record's rounds, with their parties and newest answers, oldest first. */
MUST_CHECK bool flow_rounds_of(struct flow_run *run, const struct flow_record *r, struct str id, flow_rounds *out,
                               struct err *e);
/* For which of the asked parties may the run's person answer now? Index into parties; SIZE_MAX = none. */
MUST_CHECK bool flow_round_mine(struct flow_run *run, const struct flow_round *round, size_t *out, struct err *e);

struct flow_answering {
  const struct flow_record *record;
  struct str id, round;
  struct str party; /* for which one; empty: the first that the person may answer for */
  const struct flow_input *inputs;
  size_t input_count;
};
/* An answer, or a change of one while the round is open. Inside store_write. ERR_NOT_FOUND when nobody asks, ERR_FORBIDDEN when
 * somebody else is asked, ERR_GUARD when the round has ended or the party's turn has not come, ERR_INVALID naming a field. */
MUST_CHECK bool flow_round_answer(struct flow_run *run, const struct flow_answering *a, struct err *e);
/* Adds a party (加签): `before` makes whoever adds it wait for its answer. ERR_FORBIDDEN, ERR_TOO_MANY, ERR_DUPLICATE. */
MUST_CHECK bool flow_round_add(struct flow_run *run, const struct flow_record *r, struct str id, struct str round,
                               struct str party, bool before, struct err *e);
/* Open rounds of a record that has come to its end are called off. */
MUST_CHECK bool flow_rounds_off(struct flow_step *s, struct err *e);

/* ---- silence: for the scheduler (jobs_store.c) ---- */

struct flow_silence { /* a party whose time is over at due_us */
  struct str record, id, round, party;
  int64_t n, due_us;
};
/* The first of them, ever; due_us INT64_MAX: none. Rounds of systems that are not loaded are passed over. */
MUST_CHECK bool flow_round_next(const struct flow *f, struct store *session, struct arena *mem,
                                struct flow_silence *out, struct err *e);
/* What follows from it, inside store_write; *out_mine false: it was seen to already, nothing is done. */
MUST_CHECK bool flow_round_silent(struct flow_run *run, const struct flow_silence *s, bool *out_mine, struct err *e);
/* What follows was refused: the record's history says so, and it is tried again then. */
MUST_CHECK bool flow_round_put_off(struct flow_run *run, const struct flow_silence *s, int64_t again_us,
                                   struct str says, bool *out_mine, struct err *e);
#endif
