/* Rounds of a record for programs and pages. */
#ifndef APP_SYSTEMS_ROUNDS_H
#define APP_SYSTEMS_ROUNDS_H
#include "app/systems.h"
#include "engine/flow/rounds.h"

/* "rounds": the newest opening of each round that was ever opened, by name, into an open object. The record is seen. */
MUST_CHECK bool systems_rounds_json(struct system_run *x, const struct flow_row *row, struct json_out *j,
                                    struct err *e);
/* All openings for its page, newest first. */
struct view_system_record;
MUST_CHECK bool systems_rounds_fill(struct system_run *x, struct web_request *rq, struct flow_row *row,
                                    struct view_system_record *v, struct err *e);
/* What happened in its rounds: those among the last hundred events of the record, oldest first. */
struct round_told {
  int64_t seq, at_us; /* of its event */
  const struct flow_asking *asking;
  const char *what; /* open answer change add silent deputy_asked round_refused done failed off */
  int msg;          /* the same in words, with {round} and {party} */
  bool is_somebodys, is_answer;
  struct str actor, opening, party, person, instead_of,
      says;             /* person empty: of an event of before; actor names whoever it was */
  struct value *values; /* of an answer, as asking->fields; NULL: there is nothing that may be shown */
};
typedef VEC(struct round_told) rounds_told;
MUST_CHECK bool systems_rounds_told(struct system_run *x, struct flow_row *row, rounds_told *out, struct err *e);
/* The same as deeds of its page. */
MUST_CHECK bool systems_rounds_deeds(struct system_run *x, struct web_request *rq, struct flow_row *row,
                                     struct view_system_record *v, struct err *e);
/* May they add a party to this opening now? */
MUST_CHECK bool systems_may_add(struct system_run *x, struct flow_row *row, const struct flow_round *r, bool *out,
                                struct err *e);
/* May what this party said be shown to whoever asks? is_mine: they answer for it. */
bool systems_answer_shown(const struct flow_round *round, const struct flow_party *p, bool is_mine);
#endif
