/* Shared by the files of the web base; not for handlers. */
#ifndef WEB_HTTP_H
#define WEB_HTTP_H
#include <microhttpd.h>
#include <pthread.h>

#include "web/form.h"
#include "web/metrics.h"
#include "web/route.h"
#include "web/tls.h"

enum { WEB_SECRET_BYTES = 32 }; /* of sessions, and of what stands in for one before signing in */
/* What the watchdog sees of a connection. Times in µs of the steady clock. */
enum phase { PHASE_HEAD, PHASE_BODY, PHASE_WORK, PHASE_REPLY, PHASE_LIVE };
struct conn {
  int fd;
  enum phase phase;
  int64_t since;  /* when the phase began */
  uint64_t bytes; /* BODY: received; REPLY: to be sent */
  struct conn *prev, *next;
};
struct web {
  struct arena mem;
  struct web_config config;
  const struct route *const *tables; /* the program's and our own */
  struct router *router;
  struct MHD_Daemon *daemon;
  uint16_t port;
  pthread_mutex_t lock;
  struct conn *conns, open, *spare; /* all; ring of those in use; free ones */
  pthread_t watchdog;
  bool watching, stopping;
  bool closing; /* every answer from here on is the last of its connection */
  bool renew;   /* the certificate shall be read again, changed or not */
  struct tls *tls;
  struct metrics *metrics;
  int bodies;  /* large uploads being taken in */
  int working; /* requests between their headers and the end of their answer */
};

/* One request and its answer. Lives in its own arena, from the request line to the end of the answer. */
struct web_exchange {
  struct arena mem;
  struct web *web;
  struct MHD_Connection *connection;
  struct conn *conn;
  struct str uri, host;
  struct web_request rq;
  struct web_response rs;
  struct buf body; /* of the request */
  struct err err;  /* a refusal found before the end of the body */
  int64_t begun;
  bool is_here; /* the other end of the connection is this machine */
  bool met, drain, counted, no_body;
  bool last;        /* the connection ends with this answer */
  struct buf piece; /* of a stream: what is being sent, up to `sent` of it */
  size_t sent;
  uint64_t streamed; /* bytes before this piece */
  bool more;
  uint64_t answered; /* bytes of the answer, as far as it was sent */
  size_t drained;
  struct str form_key; /* what the tokens of this browser's forms are made of: its session, else a cookie for that */
  bool new_form_key;
};

/* Fills rq from the request line and the headers; a refusal in x->err. */
void request_begin(struct web_exchange *x, const char *method);
/* Reads the body into fields. */
MUST_CHECK bool request_fields(struct web_exchange *x, struct err *e);
/* Checks the token of a change. */
MUST_CHECK bool request_token(struct web_exchange *x, struct err *e);
/* The pattern of its route, for logs and figures: never what was typed. "" when there is none. */
struct str request_route(const struct web_exchange *x);
/* Sends rs; the error when e->code is set. */
enum MHD_Result response_send(struct web_exchange *x, struct err *e);

void watchdog_phase(struct web_exchange *x, enum phase phase, uint64_t bytes);
/* Is a connection at work, or was it so lately that its next request may be under way? */
bool watchdog_busy(struct web *w, int64_t quiet_since_us);
MUST_CHECK bool watchdog_start(struct web *w, struct err *e);
void watchdog_stop(struct web *w);
void watchdog_notify(void *cls, struct MHD_Connection *c, void **socket_context,
                     enum MHD_ConnectionNotificationCode code);

/* Makes rq->token from form_key. */
void request_make_token(struct web_exchange *x);
extern const char form_cookie[], session_cookie[];
extern const struct route web_own_routes[]; /* /openapi.json */
struct str header_in(struct MHD_Connection *c, const char *name);
#endif
