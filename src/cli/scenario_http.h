/* A small HTTP/1.0 client for a server on this machine: one request a connection, the whole answer in memory. Only what stories
 * need of a browser: the cookies of one site and the token of its forms. */
#ifndef CLI_SCENARIO_HTTP_H
#define CLI_SCENARIO_HTTP_H
#include "base/err.h"
#include "base/json.h"
#include "base/vec.h"

enum { HTTP_REPLY_MAX = 64 << 20, HTTP_SECONDS = 60, COOKIES_MOST = 8 };
struct cookie {
  struct str name, value;
};
struct browser { /* one person's; its texts live in the arena of the requests */
  VEC(struct cookie) cookies;
  struct str token; /* of the session, for changes */
};
struct http_ask {
  const char *method; /* "GET", "POST" */
  struct str path;    /* with its query, encoded */
  struct str type, body;
  struct str if_match, key; /* revision; Idempotency-Key; may be empty */
  struct str headers;       /* more lines, each ended by CR LF; may be empty */
};
struct http_reply {
  int status; /* 0: no answer came; the server died, or never was there */
  struct str head, body;
  json_t *json; /* of the body, when it is one; the owner is who asked */
};
/* False never means what the server said: only that it could not be talked to (out->status is 0). */
MUST_CHECK bool http_send(struct arena *mem, int port, struct browser *b, const struct http_ask *ask,
                          struct http_reply *out, struct err *e);
struct str http_header(const struct http_reply *r, const char *name); /* borrowed; empty = absent */
struct str http_escape(struct arena *mem, struct str s);              /* as part of an address */
#endif
