/* Messages from and to other bodies (`messages` of a declaration, ways `in` and `out`).
 *
 * In: whoever sends has a key with us. A message with a key of its own (`key`) is done once, whole with all that follows from it, or it is
 * refused and waits with the reason until it is tried again; a second one with the same key and content is told what came of the
 * first. Out: written in the transaction of the act, sent later, at least once, each time with the same id. As long as it waits what a
 * message says is sealed (compartment `message`); afterwards only its digest is kept.
 *
 * Signature: HMAC-SM3, hex, over the lines METHOD, path, moment (seconds since 1970), each ended by LF, and the bytes of the body behind them; the
 * key is the 64 characters that were handed out, as they stand. They are worked out from the ring's lookup key of the compartment
 * and the key's id (seal_lookup): a copy of the database holds none. */
#ifndef ENGINE_FLOW_MESSAGE_H
#define ENGINE_FLOW_MESSAGE_H
#include "engine/flow/flow.h"

#define MESSAGE_COMPARTMENT STR("message")

/* NULL: the system has no message of this name that goes this way. */
const struct message *flow_message(const struct flow_system *s, struct str name, enum message_way way);

/* ---- keys (message_key_store.c) ---- */

struct flow_key {
  struct str id, secret;
};
/* Inside an act, with its event. ERR_TOO_MANY over MESSAGE_KEYS_MAX. */
MUST_CHECK bool flow_key_make(struct flow_run *run, struct str system, struct str party, struct flow_key *out,
                              struct err *e);
MUST_CHECK bool flow_key_end(struct flow_run *run, struct str id, struct err *e);
/* ERR_FORBIDDEN: no such key of this body is in force. */
MUST_CHECK bool flow_key_of(struct store *session, struct arena *mem, struct str system, struct str party,
                            struct str id, struct flow_key *out, struct err *e);
/* The newest in force; *out empty: there is none. */
MUST_CHECK bool flow_key_newest(struct store *session, struct arena *mem, struct str system, struct str party,
                                struct flow_key *out, struct err *e);
struct str flow_signature(struct arena *mem, struct str secret, const char *method, struct str path, struct str moment,
                          struct str body);

/* ---- in (message_in_store.c) ---- */

struct flow_sent { /* a field as it came */
  struct str name, text;
};
struct flow_arrival { /* a message whose signature was found good */
  const struct flow_system *system;
  const struct message *said;
  const struct flow_sent *fields;
  size_t count;
};
struct flow_taken {
  struct str id, key; /* of the message: ours, theirs */
  const struct flow_record *record;
  struct str owner, number; /* what it made, else what it was done on first; record NULL: nothing */
  bool is_replayed;
};
/* Inside an act. Refuses what its fields or its acts refuse; ERR_KEY_REUSED for another content under a key that was done, ERR_GUARD for
 * one that was put aside. When it refuses, nothing is left. */
MUST_CHECK bool flow_message_take(struct flow_run *run, const struct flow_arrival *a, struct flow_taken *out,
                                  struct err *e);
/* Is this a refusal with which a message waits? Not when the store could not be had, nor when it was done before. */
bool flow_message_waits(const struct err *why);
/* Inside another act: it was refused, and waits. ERR_TOO_MANY over MESSAGES_WAITING_MAX. */
MUST_CHECK bool flow_message_wait(struct flow_run *run, const struct flow_arrival *a, const struct err *why,
                                  struct err *e);
/* What waits under our id, to be taken again; lives in the run's memory. ERR_NOT_FOUND: nothing waits there. */
MUST_CHECK bool flow_message_waiting(struct flow_run *run, struct str id, struct flow_arrival *out, struct err *e);
/* Inside an act: it is put aside for good, for a reason. */
MUST_CHECK bool flow_message_close(struct flow_run *run, struct str id, struct str reason, struct err *e);

/* ---- out (message_out_store.c) ---- */

struct flow_step;
/* Those of this act, written into the outbox. */
MUST_CHECK bool flow_messages_out(struct flow_step *s, struct err *e);
struct flow_posted { /* one that is to be sent */
  struct str id, system, message, party, key, address, body;
  int64_t tries, was_us; /* was_us: of the claim */
};
typedef VEC(struct flow_posted) flow_posted_list;
MUST_CHECK bool flow_messages_due(struct store *session, struct arena *mem, int64_t now_us, flow_posted_list *out,
                                  struct err *e);
/* Inside an act: *out_mine, it is ours to send until until_us; nobody else takes it before. */
MUST_CHECK bool flow_message_claim(struct store *tx, const struct flow_posted *m, int64_t until_us, bool *out_mine,
                                   struct err *e);
/* Inside an act: what came of it. A receipt, with its event; or why not: it is tried again after one minute, two, four …, at most six hours.
 * With is_silent all that goes to the same body waits a minute. */
MUST_CHECK bool flow_message_sent(struct flow_run *run, const struct flow_posted *m, struct str receipt, struct err *e);
MUST_CHECK bool flow_message_unsent(struct flow_run *run, const struct flow_posted *m, struct str why, bool is_silent,
                                    struct err *e);
/* What waits under this id, for whoever takes it along by hand; ERR_NOT_FOUND. */
MUST_CHECK bool flow_message_read(struct flow_run *run, struct str id, struct flow_posted *out, struct err *e);
/* Inside an act: that somebody took it along is noted. */
MUST_CHECK bool flow_message_fetched(struct flow_run *run, const struct flow_posted *m, struct err *e);
/* Inside an act: a person has handed it over. */
MUST_CHECK bool flow_message_handed(struct flow_run *run, struct str id, struct err *e);
/* Inside an act: where messages for this body go; empty: nowhere, they wait. Those that wait are tried at once. */
MUST_CHECK bool flow_party_move(struct flow_run *run, struct str system, struct str party, struct str address,
                                struct err *e);
#endif
