/* `serve --story SOCKET`: the server of a story, whose clock another program moves. Only a store that was made for a story
 * (app/story.h) may be opened so. The socket takes one line a request and answers one line; several connections may be open.
 *
 *   now              -> ok MICROSECONDS since 1970
 *   clock MICROS     -> moves the clock forward to that moment, after every job due until then has run -> ok MICROSECONDS;
 *                       a moment that has passed is left alone, when it is less than a minute ago, else refused
 *   jobs             -> runs what is due now -> ok MICROSECONDS
 *   rows             -> the demo rows of the packages become records with a past -> ok MICROSECONDS
 *   recount          -> ok MICROSECONDS when every kept figure agrees with the records, counted by another way
 *   stop N           -> the process is killed right before its N-th transaction from now would reach the disk; 0: not any more -> ok
 *   anything else    -> error TEXT
 */
#ifndef CLI_SERVE_STORY_H
#define CLI_SERVE_STORY_H
#include "app/page.h"

struct story_server;
struct story_server_host {
  void *arg;
  bool (*jobs)(void *arg, int64_t until_us, struct err *e); /* runs whatever is due until that moment, in order */
  bool (*recount)(void *arg, struct err *e);
  bool (*rows)(void *arg, struct err *e);
};

/* Before the store is opened: what store_options.inject asks. */
struct story_server *story_server_new(void);
bool story_server_inject(void *story_server);
/* As soon as the store is open: the clock stands where the story stood last. Refuses (ERR_GUARD) a store of something else. */
MUST_CHECK bool story_server_claim(struct store *store, struct str db, struct err *e);
/* Opens the socket (an old one of that name is removed) and begins to listen. */
MUST_CHECK bool story_server_start(struct story_server *s, struct str socket, const struct story_server_host *host,
                                   struct err *e);
/* Ends the thread and removes the socket. Accepts NULL. */
void story_server_stop(struct story_server *s);
#endif
