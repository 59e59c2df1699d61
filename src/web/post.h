/* Sending to another server: one POST, the answer's status and beginning. Whom we speak to is checked by its certificate against the
 * authorities that this machine trusts; without TLS only this machine itself is spoken to (a relay on it, a test). */
#ifndef WEB_POST_H
#define WEB_POST_H
#include "base/err.h"

enum { POST_REPLY_MAX = 300 };
struct web_post {
  struct str address; /* https://host[:port]/path, or http:// of loopback */
  struct str headers; /* lines "Name: value\r\n"; may be empty */
  struct str body;    /* JSON */
  int seconds;        /* until the answer */
};
struct web_posted {
  int status;
  struct str reply; /* its beginning, UTF-8; in mem */
};
/* ERR_INVALID: it is no such address. */
MUST_CHECK bool web_post_address(struct str address, struct err *e);
struct str web_post_path(struct str address); /* "/path?query" */
/* False: no answer came (ERR_STORE, saying why). Whatever was answered is none of its business. */
MUST_CHECK bool web_post(struct arena *mem, const struct web_post *p, struct web_posted *out, struct err *e);
#endif
