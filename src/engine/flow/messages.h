/* What the files of messages share. Private to this engine. */
#ifndef ENGINE_FLOW_MESSAGES_H
#define ENGINE_FLOW_MESSAGES_H
#include "engine/flow/message.h"

struct event_field; /* store/event.h */
/* The event of a message or a key; about: values of it. */
MUST_CHECK bool flow_note_message(struct flow_run *run, struct str record, struct str id, const char *act,
                                  const struct event_field *about, size_t count, struct err *e);
/* What a message says, as it lies in a row: sealed, bound to its table and row. */
MUST_CHECK bool flow_body_seal(struct flow_run *run, const char *table, struct str id, struct str body, struct str *out,
                               struct err *e);
MUST_CHECK bool flow_body_open(struct store *session, struct arena *mem, const char *table, struct str id,
                               struct str cell, struct str *out, struct err *e);
#endif
