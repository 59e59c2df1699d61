/* The web base: requests, answers, routes. Knows no domain word; what it serves is in const tables of routes.
 *
 * A page's address is its API address without /api/v1: every route answers both from one handler, which loads what it
 * shows and then writes the page or, when `rq->json` is set, the JSON. The router has checked before the handler runs:
 * the framing, Host (loopback names, and those of web_config.hosts), method, that the person may do the route's act, the
 * token of a change, and every ceiling of base/limits.h. Who a person is and what an act means, the program says
 * (web_config.identify, .decide). A GET never
 * changes anything. Handlers run in parallel, one thread a connection, and may block on the store.
 *
 *   static bool show_plan(struct web_request *rq, struct web_response *rs, struct err *e) {
 *     struct plans *s = plans_of(rq);
 *     AUTO_VIEW struct plan_view *v = NULL;
 *     TRY(plans_open(s, rq->mem, web_param(rq, "id"), 0, &v, e));
 *     if (web_fresh(rq, rs, v->etag)) return true;          // 304, nothing to write
 *     if (rq->json) return plans_view_json(v, rq->lang, web_json(rs)), true;
 *     ... write HTML to &rs->body ...
 *   }
 *   const struct route plan_routes[] = {
 *     {GET, "/plans/{id}", "plan.see", show_plan, "one plan beside its source"},
 *     {POST, "/plans", "plan.upload", upload_plan, "upload a plan", .form = "file! title", .flags = ROUTE_UPLOAD},
 *     {0},
 *   };
 *
 * A handler that answers false has set the error; the router writes it, as {code, says, at, hint, request} or as the
 * page given by web_config.error_page. All memory of a request is `rq->mem`, which dies when the answer is sent;
 * `rs->body` belongs to the response. */
#ifndef WEB_WEB_H
#define WEB_WEB_H
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/limits.h"
#include "web/peer.h"

/* ---- requests ---- */

enum web_method { GET = 1, POST };

struct web_field {
  struct str name, value; /* decoded, valid UTF-8 without NUL; a file's value is its bytes, any bytes at all */
  bool is_file;
  struct str file_name; /* last step of the name the browser gave; may be empty */
};
enum { ROUTE_PARAMS = 6 };

struct route;
struct web_request {
  struct arena *mem; /* dies with the answer */
  void *app;         /* web_config.app */
  const struct route *route;
  enum web_method method;
  bool json;       /* under /api/v1: answer JSON */
  bool partial;    /* htmx asks for a part of a page (HX-Request); ignored for JSON */
  bool script;     /* asked by our script (partial, or X-Requested-With) */
  enum lang lang;  /* ?lang=, else the cookie, else Accept-Language, else Chinese */
  struct str path; /* decoded, without /api/v1: "/plans/01j…"; and the query as it came */
  struct str query_string;
  struct str token;                /* for the hidden field `token` of every form, and the header X-Token */
  struct str id;                   /* number of this request for people: "7F3A-21C4" */
  struct str actor;                /* who acts; part of every event; empty when nobody is signed in */
  const void *who;                 /* the same for the program: set by web_config.identify; NULL = nobody */
  struct str session;              /* of the cookie, unguessable; empty when there is none */
  struct str bearer;               /* of the header Authorization, under /api/v1; takes the session's place */
  struct str vouched;              /* whom our proxy says it has signed in (web_config.vouch_header); empty = nobody */
  struct str address;              /* of the client; behind a proxy of ours what that says */
  bool secure;                     /* came by TLS, to us or to the proxy */
  int64_t now_us;                  /* one moment for the whole request */
  struct str params[ROUTE_PARAMS]; /* of the pattern, in order; see web_param */
  struct str body;                 /* of a change, as it came; what it says is in `fields` */
  struct web_field *query, *fields;
  size_t query_count, field_count;
  struct web_exchange *exchange; /* private */
};

/* The part of the path named {name} in the route's pattern; empty when there is none. */
struct str web_param(const struct web_request *rq, const char *name);
/* First value of ?name=…, or of a field of the form (urlencoded, multipart, or a flat JSON object). Empty when absent. */
struct str web_query(const struct web_request *rq, const char *name);
struct str web_field(const struct web_request *rq, const char *name);
bool web_has_field(const struct web_request *rq, const char *name);
/* An uploaded file; NULL when the field is absent or no file was chosen. */
const struct web_field *web_file(const struct web_request *rq, const char *name);
/* A whole number of a query or field: `absent` when empty; ERR_INVALID naming the field when it is no number or outside. */
MUST_CHECK bool web_int(const struct web_request *rq, const char *name, int64_t least, int64_t most, int64_t absent,
                        int64_t *out, struct err *e);
struct str web_header_in(const struct web_request *rq, const char *name); /* "If-Match"; empty when absent */
/* The address of this page with one query parameter set (or dropped, value empty); the others stay. New, in rq->mem. */
struct str web_here(const struct web_request *rq, const char *name, struct str value);

/* ---- answers ---- */

enum { WEB_HEADERS = 12 };
struct web_response {
  int status;          /* 200 from the start */
  const char *type;    /* "text/html; charset=utf-8", or JSON's for the API, from the start */
  struct buf body;     /* at most PAGE_MAX */
  struct str fixed;    /* instead of body: bytes that outlive the program's requests (assets) */
  struct str location; /* of a redirect */
  struct {
    const char *name;
    struct str value;
  } headers[WEB_HEADERS];
  int header_count;
  struct web_stream {
    /* Adds the next bytes to out (given empty) and says whether more follow. false with *e set ends the connection in the
     * middle, so that nobody takes the part for the whole. */
    bool (*next)(void *arg, struct buf *out, bool *io_more, struct err *e);
    void (*ended)(void *arg); /* when the answer is over, however; may be NULL */
    void *arg;                /* lives in the request */
    bool live;                /* events: `next` may wait, a second at a time, and ends when web_ending says so */
  } stream;                   /* next set: instead of body */
  bool cached; /* the handler has set caching itself; otherwise pages are `no-store` or `no-cache` (web_fresh) */
  struct json_out json; /* writer on body, see web_json */
};

struct json_out *web_json(struct web_response *rs);
/* 303 to an address of ours; for the API 200 with {"data": {...}} is written by the handler instead. */
void web_redirect(struct web_response *rs, struct str location);
void web_header(struct web_response *rs, const char *name, struct str value);
/* The body is a file to keep: name may be Chinese (RFC 6266 with filename*), type e.g. "text/csv; charset=utf-8". */
void web_download(struct web_request *rq, struct web_response *rs, struct str name, const char *type);
/* The server is about to stop: live streams end. */
bool web_ending(const struct web_request *rq);
/* Sets the ETag (tag: any text without quotes; the language and the program's version are added). True when the reader
 * has this version already: the answer is then 304 and the handler returns true at once. */
bool web_fresh(struct web_request *rq, struct web_response *rs, struct str tag);
/* Sets a cookie of the site (SameSite=Strict, HttpOnly, Secure when the request was); seconds 0 = until the browser
 * closes, below 0 = drops it. */
void web_cookie(struct web_request *rq, struct web_response *rs, const char *name, struct str value, int seconds);
/* A session for a browser: 32 random bytes, hex, in mem. Made anew whenever somebody signs in or gains rights, so that one
 * known before is worth nothing after. */
struct str web_session_new(struct arena *mem);
/* Gives it to this browser; the tokens of forms follow it. */
void web_session_begin(struct web_request *rq, struct web_response *rs, struct str session);
void web_session_end(struct web_request *rq, struct web_response *rs);
/* As part of an address: everything but letters, digits and - . _ ~ is percent-encoded. In mem. */
struct str web_escape(struct arena *mem, struct str s);

/* ---- routes ---- */

enum {
  ROUTE_UPLOAD = 1,    /* takes files: body up to PLAN_FILE_MAX and a little */
  ROUTE_API_ONLY = 2,  /* no page: exists only under /api/v1 */
  ROUTE_PAGE_ONLY = 4, /* no twin: a part of a page, a redirect */
  ROUTE_PLAIN = 8,     /* neither: /healthz, answered at its own address only, no cookie, no log below warnings */
  ROUTE_NOBODY = 16,   /* uses nobody's rights: no cookie is set, no address is logged, a change asks for no token */
};
typedef bool (*web_handler)(struct web_request *, struct web_response *, struct err *);
struct route {
  enum web_method method;
  const char *path; /* "/plans/{id}/items/{item}"; a step is a word or one {name} */
  const char *act;  /* what it asks for, a name that web_config.decide knows; a change is always POST, with a token */
  web_handler run;
  const char *help;  /* one English line; stands in openapi.json */
  const char *query; /* names of query parameters, blank between; for openapi.json */
  const char *form;  /* names of form fields; "name!" = required, "file" is a file when ROUTE_UPLOAD */
  unsigned flags;
};

struct web_config {
  const char *address;            /* numeric */
  uint16_t port;                  /* 0 = any free one */
  struct str certificate, key;    /* files; empty = no TLS */
  const struct peer_net *proxies; /* whose X-Forwarded-For and -Proto are believed */
  size_t proxy_count;
  struct str vouch_header; /* in which those proxies name the person they have signed in; empty = none do */
  const struct str *hosts; /* names in Host, lower case, besides those of loopback */
  size_t host_count;
  const struct route *const *routes; /* tables, each ended by {0}; NULL ends */
  void *app;
  /* Who asks: sets rq->actor and rq->who from rq->session or rq->bearer. Nobody is no error, a bearer unknown is. */
  bool (*identify)(struct web_request *rq, struct err *e);
  /* May they do rq->route->act? Before the body is read. NULL = everything to everybody. */
  bool (*decide)(struct web_request *rq, struct err *e);
  /* The answer is over, however: what identify took for the request is given back. NULL = nothing was taken. */
  void (*ended)(struct web_request *rq);
  struct str metrics_token; /* empty = figures only for this machine, and not behind a proxy */
  unsigned char secret[32]; /* keys the tokens; the same after a restart keeps open forms valid */
  /* Writes the page of an error to rs->body; status and headers are set already. NULL = a plain one. */
  void (*error_page)(struct web_request *rq, struct web_response *rs, const struct err *e);
  int connections, per_address;     /* 0 = HTTP_CONNECTIONS_MAX, HTTP_PER_ADDRESS_MAX */
  int header_seconds, idle_seconds; /* 0 = HTTP_HEADER_SECONDS, HTTP_IDLE_SECONDS */
};
struct web;

/* Listens and answers until web_stop. Refuses an address that is not loopback unless there is TLS or a proxy, and names
 * to be asked by. The config is copied; what it points to must outlive the server. */
MUST_CHECK bool web_start(const struct web_config *config, struct web **out, struct err *e);
uint16_t web_port(const struct web *w);
/* Reads the certificate again; it is also read when its files change. Connections stay. */
void web_renew(struct web *w);
/* Takes no new connections, answers what was sent on those that are there (each answer says that it is the last), at most
 * for `seconds`; closes the rest. Frees w. */
void web_stop(struct web *w, int seconds);

/* ---- figures, as Prometheus reads them ---- */

/* Is this somebody who may read figures: on this machine with no proxy between, or with the token? */
bool web_may_measure(const struct web_request *rq);
/* Those of requests and connections. */
void web_metrics(const struct web_request *rq, struct buf *out);
/* One figure of a name; type "counter" or "gauge". */
void web_metric(struct buf *out, const char *name, const char *type, const char *help, int64_t value);
bool web_is_closing(const struct web_request *rq); /* web_stop was called */

/* /api/v1/openapi.json, made from the tables. */
void web_openapi(const struct route *const *routes, struct json_out *j);

/* ---- assets ---- */

/* Address of an embedded file with its hash in it, cached by browsers for a year: web_asset(mem, "ui/js/app.js") =
 * "/static/3f2a…/ui/js/app.js". All files under ui/ and vendor/ (npm parts) are served; CSS files of ui/css come as one
 * too: "ui/app.css", in order of their names. A file that is not embedded gives an address that answers 404. */
struct str web_asset(struct arena *mem, const char *path);
#endif
