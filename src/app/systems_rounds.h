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
/* May they add a party to this opening now? */
MUST_CHECK bool systems_may_add(struct system_run *x, struct flow_row *row, const struct flow_round *r, bool *out,
                                struct err *e);
/* May what this party said be shown to whoever asks? is_mine: they answer for it. */
bool systems_answer_shown(const struct flow_round *round, const struct flow_party *p, bool is_mine);
#endif
