/* What the files of rounds share: rounds_store.c, round_parties_store.c. Private to this engine. */
#ifndef ENGINE_FLOW_ROUND_PARTS_H
#define ENGINE_FLOW_ROUND_PARTS_H
#include "engine/flow/rounds.h"

struct flow_round_at { /* whose, which, which opening */
  const struct flow_record *record;
  struct str id;
  const struct flow_asking *asking;
  int64_t n;
};
static inline struct str flow_asking_name(const struct flow_asking *a) { return a->round->head.name.text; }
const struct flow_asking *flow_asking_of(const struct flow_record *r, struct str name); /* NULL = none */
/* The newest opening; n 0: never opened. */
MUST_CHECK bool flow_round_newest(struct flow_run *run, const struct flow_record *r, struct str id,
                                  const struct flow_asking *a, struct flow_round *out, struct err *e);
MUST_CHECK bool flow_party_insert(struct flow_run *run, const struct flow_round_at *at, const struct flow_party *p,
                                  struct err *e);
MUST_CHECK bool flow_party_write(struct flow_run *run, const struct flow_round_at *at, const struct flow_party *p,
                                 struct err *e);
/* Who may answer for it: holders of the round's role there, or the person. */
MUST_CHECK bool flow_party_persons(struct flow_run *run, const struct flow_round_at *at, const struct flow_party *p,
                                   struct value *out, struct err *e);
/* How long each party has; no duration: as long as it takes. */
MUST_CHECK bool flow_round_limit(struct flow_run *run, const struct flow_round_at *at, struct flow_row *row,
                                 struct value *out, struct err *e);
/* Those persons are told that they are asked; its time begins. */
MUST_CHECK bool flow_party_ask(struct flow_run *run, const struct flow_round_at *at, struct flow_row *row,
                               struct flow_party *p, const struct value *persons, struct err *e);
/* The event; answered: with what was said, unless the round is blind. `said` stands with it; empty = nothing. */
MUST_CHECK bool flow_round_note(struct flow_run *run, const struct flow_round_at *at, const char *act, struct str party,
                                const struct flow_party *answered, struct str said, struct err *e);
/* Is it over? Then it is closed and its act waits; else those are asked whose turn has come. */
MUST_CHECK bool flow_round_judge(struct flow_run *run, const struct flow_round_at *at, struct flow_row *row,
                                 struct err *e);
#endif
