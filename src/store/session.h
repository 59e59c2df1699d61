/* What other files of the store may know of a session. Private to src/store. */
#ifndef STORE_SESSION_H
#define STORE_SESSION_H
#include "store/store.h"

struct connection;
struct connection *store_connection(struct store *session); /* of an act or a reader */
/* As store_write, but the journal does not hear of it: for whole copies and for what comes out of a journal. */
MUST_CHECK bool store_write_unnoted(struct store *s, store_act act, void *arg, struct err *e);
/* A step of declared tables, run in the act and noted in the journal; *e set when not. */
MUST_CHECK bool store_run_step(struct store *session, struct str sql, struct err *e);
#endif
