/* Notices and to-dos: one table, a bell with a count on every page, a list of one's own, and a live count while a page is
 * open. Everything works without script; the live count is only sooner.
 *
 * A notice belongs to a person. Whoever stands in for somebody who is away is shown that person's to-dos about plans too, as long
 * as they do and only of plans they see; what is done is done for both.
 *
 *   inside an act:  TRY(notice_add(tx, mem, now_us, &(struct notice){.person = who->actor, .kind = NOTICE_TODO,
 *                       .msg = MSG_notice_to_check, .about = title, .n = 3, .link = address}, e)); */
#ifndef APP_NOTICES_H
#define APP_NOTICES_H
#include "base/err.h"
#include "store/store.h"

enum notice_kind { NOTICE_NEWS, NOTICE_TODO };
struct notice {
  struct str person; /* the actor of their events: rq->actor; kept by the login in it, so a new name loses nothing */
  enum notice_kind kind;
  int msg; /* with the holes {about} and {n} */
  struct str about;
  int64_t n;
  struct str link; /* address of ours */
  struct str plan; /* whoever does not see it any more does not read this; empty = about no plan */
  int64_t tell_us; /* it stands in the list at once and calls its reader from then on; 0 = at once */
};
MUST_CHECK bool notice_add(struct store *tx, int64_t now_us, const struct notice *n, struct err *e);

/* The streams that are open, and the counts that pages ask for again and again. */
struct notices;
struct notices *notices_new(void);
void notices_drop(struct notices *n); /* accepts NULL; no stream is open any more */

struct web_request;
/* Looks how many wait for the one who asks, and how much they can do, when it may have changed. Before the handler: no reader of the store is held
 * yet, so that no request holds one and waits for a second. */
void notices_look(struct web_request *rq);
/* What was found: at most NOTICES_SHOWN_MAX. Asks the store nothing. */
int notices_unread(struct web_request *rq);
/* The same of what one can do now (systems_inbox.h): "14", "50+"; empty = nothing. In the request. */
struct str notices_waiting(struct web_request *rq);
#endif
