/* The server: libmicrohttpd with a thread for each connection, behind web.h.
 *
 * Why this mode: a handler may block on the store or on the fenced worker without holding up anybody else (measured:
 * p99 of the others 0.8 ms, against 1.4 s with a pool of four). Its price, a stack for each open connection, is bounded
 * by the limits on connections. What libmicrohttpd does not do is in watchdog.c.
 *
 * The life of a request: request_line (an exchange is made) -> take (headers, body in pieces, then the answer) ->
 * completed (log, everything freed). */
#include "web/web.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <signal.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/vec.h"
#include "texts.h"
#include "web/assets.h"
#include "web/http.h"

enum { STACK_BYTES = 1 << 20, TABLES_MAX = 64, WAIT_US = 20000, QUIET_US = 1000000, GREET_TURNS = 4 };

/* ---- one request ---- */

/* libmicrohttpd calls this first, with the address as it came. */
static void *request_line(void *cls, const char *uri, struct MHD_Connection *c) {
  struct arena mem = {0};
  struct web_exchange *x = arena_new(&mem, struct web_exchange);
  x->uri = str_dup(&mem, str_of(uri));
  x->web = cls;
  x->connection = c;
  x->begun = clock_steady_us();
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  x->conn = info ? info->socket_context : NULL;
  x->mem = mem;
  (void)__atomic_add_fetch(&x->web->working, 1, __ATOMIC_RELAXED);
  return x;
}

static void answer_static(struct web_exchange *x, struct err *e) {
  struct web_response *rs = &x->rs;
  struct asset a = {0};
  if (!asset_find(str_from(x->rq.path, 8), &a)) {
    (void)fail(e, ERR_NOT_FOUND, MSG_web_not_found);
    return;
  }
  const struct str etag = str_fmt(&x->mem, "\"%s\"", a.etag);
  rs->cached = true;
  rs->header_count = 0;
  rs->type = a.type;
  web_header(rs, "ETag", etag);
  web_header(rs, "Cache-Control", a.fixed ? STR("public, max-age=31536000, immutable") : STR("no-cache"));
  rs->fixed = a.bytes;
  const struct str have = header_in(x->connection, "If-None-Match");
  if (have.len && str_find(have, etag) != STR_NONE) {
    rs->status = 304;
    rs->fixed = STR("");
    return;
  }
  if (!a.gzip.len) return;
  web_header(rs, "Vary", STR("Accept-Encoding"));
  if (str_find(header_in(x->connection, "Accept-Encoding"), STR("gzip")) == STR_NONE) return;
  web_header(rs, "Content-Encoding", STR("gzip"));
  rs->fixed = a.gzip;
}
static bool answer_route(struct web_exchange *x, struct err *e) {
  if (x->rq.method == POST) {
    TRY(request_fields(x, e));
    TRY(request_token(x, e));
  }
  if (x->rq.route->run(&x->rq, &x->rs, e)) return true;
  return e->code || fail(e, ERR_BUG, MSG_web_bug, "id", x->rq.id); /* a handler that fails says why */
}
static enum MHD_Result answer(struct web_exchange *x) {
  struct err *e = &x->err;
  watchdog_phase(x, PHASE_WORK, 0);
  if (!e->code) {
    if (str_starts(x->rq.path, STR("/static/")) && !x->rq.json) answer_static(x, e);
    else if (!x->rq.route) (void)fail(e, ERR_NOT_FOUND, MSG_web_not_found);
    else if (!answer_route(x, e)) must(e->code);
  }
  return response_send(x, e);
}
static enum MHD_Result take_body(struct web_exchange *x, const char *bytes, size_t *io_size) {
  const size_t n = *io_size;
  *io_size = 0;
  if (!x->err.code) buf_add(&x->body, bytes, n);
  x->drained += n;
  watchdog_phase(x, PHASE_BODY, x->drained);
  if (x->body.broken && !x->drain) { /* a body of unknown length passed the limit */
    buf_drop(&x->body);
    x->body = (struct buf){.broken = true};
    x->drain = true;
  }
  return x->drained <= HTTP_DRAIN_MAX ? MHD_YES : MHD_NO;
}
static enum MHD_Result take(void *cls, struct MHD_Connection *c, const char *url, const char *method,
                            const char *version, const char *bytes, size_t *io_size, void **io_x) {
  (void)cls, (void)c, (void)url, (void)version;
  struct web_exchange *x = *io_x;
  if (!x->met) {
    x->met = true;
    request_begin(x, method);
    if (x->err.code && x->no_body && (x->rq.method != GET || x->last)) return answer(x); /* at once, before the body */
    watchdog_phase(x, PHASE_BODY, 0);
    return MHD_YES;
  }
  return *io_size ? take_body(x, bytes, io_size) : answer(x);
}

/* A sign for the person that is the same in every line and tells no name. */
static struct str sign_of(struct web_exchange *x) {
  enum { SHOWN = 12 };
  if (!x->rq.actor.len) return STR("");
  struct hash_state *h = hash_sm3_begin();
  hash_add(h, (struct str){(const char *)x->web->config.secret, sizeof x->web->config.secret});
  hash_add(h, x->rq.actor);
  return str_slice(hash_hex(&x->mem, hash_end(h)), 0, SHOWN);
}
/* One line and the figures of a request that has ended. The watchers' own questions and files are for debugging. */
static void account(struct web_exchange *x, bool whole) {
  const bool is_static = str_starts(x->rq.path, STR("/static/"));
  const int64_t us = clock_steady_us() - x->begun;
  if (!x->met) return;
  metrics_count(x->web->metrics, x->rq.route, is_static, x->rs.status, us, x->answered);
  const unsigned flags = x->rq.route ? x->rq.route->flags : 0;
  const bool quiet = is_static || (flags & ROUTE_PLAIN);
  const struct log_field fields[] = {{"request", x->rq.id, 0},
                                     {"method", x->rq.method == POST ? STR("POST") : STR("GET"), 0},
                                     {"route", request_route(x), 0},
                                     {.name = "status", .number = x->rs.status},
                                     {.name = "us", .number = us},
                                     {.name = "bytes", .number = (int64_t)x->answered},
                                     {"who", sign_of(x), 0},
                                     {"from", flags & ROUTE_NOBODY ? STR("") : x->rq.address, 0},
                                     {"end", whole ? STR("sent") : STR("cut"), 0}};
  log_fields(quiet && x->rs.status < 500 ? LOG_DEBUG : LOG_INFO, "request", fields, COUNT_OF(fields));
}
static void completed(void *cls, struct MHD_Connection *c, void **io_x, enum MHD_RequestTerminationCode code) {
  (void)cls, (void)c;
  struct web_exchange *x = *io_x;
  if (!x) return;
  *io_x = NULL;
  account(x, code == MHD_REQUEST_TERMINATED_COMPLETED_OK);
  if (x->counted) (void)__atomic_sub_fetch(&x->web->bodies, 1, __ATOMIC_RELAXED);
  watchdog_phase(x, PHASE_HEAD, 0);
  (void)__atomic_sub_fetch(&x->web->working, 1, __ATOMIC_RELAXED);
  buf_drop(&x->body);
  buf_drop(&x->rs.body);
  buf_drop(&x->piece);
  if (x->rs.stream.ended) x->rs.stream.ended(x->rs.stream.arg);
  if (x->met && x->web->config.ended) x->web->config.ended(&x->rq);
  struct arena mem = x->mem; /* x itself lives in it */
  arena_drop(&mem);
}

/* Paths are unescaped by form_path, strictly; libmicrohttpd shall leave them alone. */
static size_t keep_escapes(void *cls, struct MHD_Connection *c, char *s) {
  (void)cls, (void)c;
  return strlen(s);
}

/* ---- figures ---- */

void web_metric(struct buf *out, const char *name, const char *type, const char *help, int64_t value) {
  buf_fmt(out, "# HELP %s %s\n# TYPE %s %s\n%s %lld\n", name, help, name, type, name, (long long)value);
}
void web_metrics(const struct web_request *rq, struct buf *out) {
  struct web *w = rq->exchange->web;
  int64_t open = 0;
  (void)pthread_mutex_lock(&w->lock);
  for (const struct conn *c = w->open.next; c != &w->open; c = c->next) open++;
  (void)pthread_mutex_unlock(&w->lock);
  web_metric(out, "gangmu_in_flight", "gauge", "Requests being answered, this one included.",
             __atomic_load_n(&w->working, __ATOMIC_RELAXED));
  web_metric(out, "gangmu_connections", "gauge", "Open connections.", open);
  web_metric(out, "gangmu_uploads_in_flight", "gauge", "Large bodies being taken in.",
             __atomic_load_n(&w->bodies, __ATOMIC_RELAXED));
  metrics_write(w->metrics, out);
}
bool web_is_closing(const struct web_request *rq) {
  return __atomic_load_n(&rq->exchange->web->closing, __ATOMIC_RELAXED);
}

/* ---- our own routes ---- */

static bool show_openapi(struct web_request *rq, struct web_response *rs, struct err *e) {
  (void)e;
  if (!web_fresh(rq, rs, STR("openapi"))) web_openapi(rq->exchange->web->tables, web_json(rs));
  return true;
}
const struct route web_own_routes[] = {
    {GET, "/openapi.json", "open", show_openapi, "this description", .flags = ROUTE_API_ONLY},
    {0},
};

/* ---- life ---- */

union address {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
};
static bool address_of(const struct web_config *c, union address *out, struct err *e) {
  const struct str text = str_of(c->address);
  struct peer p;
  memset(out, 0, sizeof *out);
  if (!peer_parse(text, &p)) return fail(e, ERR_INVALID, MSG_web_bad_address, "address", text);
  if (strchr(c->address, ':')) {
    out->v6.sin6_family = AF_INET6;
    out->v6.sin6_port = htons(c->port);
    memcpy(&out->v6.sin6_addr, p.bytes, sizeof p.bytes);
  } else {
    out->v4.sin_family = AF_INET;
    out->v4.sin_port = htons(c->port);
    memcpy(&out->v4.sin_addr, p.bytes + 12, 4);
  }
  if (peer_is_loopback(&p)) return true;
  if (!c->certificate.len && !c->proxy_count) return fail(e, ERR_INVALID, MSG_web_not_loopback, "address", text);
  return c->host_count || fail(e, ERR_INVALID, MSG_web_needs_hosts, "address", text);
}
/* Behind a proxy and without TLS of our own, what a stranger sends us directly would go over the wire as it is. */
static enum MHD_Result let_in(void *cls, const struct sockaddr *from, socklen_t size) {
  const struct web *w = cls;
  struct peer peer;
  (void)size;
  if (w->tls || !w->config.proxy_count) return MHD_YES;
  peer_of_socket(from, &peer);
  return peer_is_loopback(&peer) || peer_in(&peer, w->config.proxies, w->config.proxy_count) ? MHD_YES : MHD_NO;
}
static bool listen_on(struct web *w, union address *at, struct err *e) {
  const unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL | MHD_USE_ITC |
                         (at->any.sa_family == AF_INET6 ? MHD_USE_IPv6 : 0) | (w->tls ? MHD_USE_TLS : 0);
  const struct MHD_OptionItem safe[] = {{MHD_OPTION_HTTPS_CERT_CALLBACK, 0, tls_callback()},
                                        {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)tls_priorities},
                                        {MHD_OPTION_END, 0, NULL}};
  w->daemon = MHD_start_daemon(
      flags, 0, let_in, w, take, w, MHD_OPTION_SOCK_ADDR, &at->any, MHD_OPTION_CONNECTION_LIMIT,
      (unsigned)w->config.connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)w->config.per_address,
      MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)w->config.idle_seconds, MHD_OPTION_THREAD_STACK_SIZE,
      (size_t)STACK_BYTES, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_HEADER_MAX, MHD_OPTION_URI_LOG_CALLBACK,
      request_line, w, MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes, NULL, MHD_OPTION_NOTIFY_COMPLETED, completed, NULL,
      MHD_OPTION_NOTIFY_CONNECTION, watchdog_notify, w, MHD_OPTION_LISTENING_ADDRESS_REUSE, 1u, MHD_OPTION_ARRAY,
      w->tls ? safe : &safe[2], MHD_OPTION_END);
  if (w->daemon) {
    w->port = MHD_get_daemon_info(w->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    return true;
  }
  AUTO_ARENA mem = {0};
  return fail(e, ERR_STORE, MSG_web_cannot_listen, "address",
              str_fmt(&mem, "%s:%d", w->config.address, (int)w->config.port), "what", str_of(strerror(errno)));
}
static const struct route *const *all_tables(struct arena *mem, const struct route *const *tables) {
  const struct route **all = arena_new_n(mem, const struct route *, TABLES_MAX);
  size_t n = 0;
  for (; *tables; tables++) {
    must(n + 2 < TABLES_MAX);
    all[n++] = *tables;
  }
  all[n] = web_own_routes;
  return all;
}
static void free_web(struct web *w) {
  watchdog_stop(w);
  tls_close(w->tls);
  (void)pthread_mutex_destroy(&w->lock);
  struct arena mem = w->mem; /* w itself lives in it */
  arena_drop(&mem);
}
static int or_else(int n, int other) { return n > 0 ? n : other; }
bool web_start(const struct web_config *config, struct web **out, struct err *e) {
  union address at;
  TRY(address_of(config, &at, e));
  struct arena mem = {0};
  struct web *w = arena_new(&mem, struct web);
  w->config = *config;
  w->config.connections = or_else(config->connections, HTTP_CONNECTIONS_MAX);
  w->config.per_address = or_else(config->per_address, HTTP_PER_ADDRESS_MAX);
  w->config.header_seconds = or_else(config->header_seconds, HTTP_HEADER_SECONDS);
  w->config.idle_seconds = or_else(config->idle_seconds, HTTP_IDLE_SECONDS);
  w->tables = all_tables(&mem, config->routes);
  w->router = router_new(&mem, w->tables);
  w->metrics = metrics_new(&mem, w->tables);
  w->mem = mem;
  (void)pthread_mutex_init(&w->lock, NULL);
  (void)signal(SIGPIPE, SIG_IGN);
  if ((config->certificate.len && !tls_open(config->certificate, config->key, &w->tls, e)) || !watchdog_start(w, e) ||
      !listen_on(w, &at, e)) {
    free_web(w);
    return false;
  }
  *out = w;
  return true;
}
uint16_t web_port(const struct web *w) { return w->port; }
void web_renew(struct web *w) { __atomic_store_n(&w->renew, true, __ATOMIC_RELAXED); }

/* Whom the kernel has greeted already may have sent a request: closing the socket would cut them off. So no new greeting is
 * answered any more (packets with SYN alone are dropped; who sent one tries again and finds the port closed, or the
 * server that comes next), greetings under way get time to end, and all who are greeted are let in. */
static void stop_greeting(int listener) {
  enum { FLAGS_AT = 13, SYN = 2, ACK = 16, ALL = 1 << 18 };
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_B | BPF_ABS, FLAGS_AT), BPF_STMT(BPF_ALU | BPF_AND | BPF_K, SYN | ACK),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYN, 0, 1), BPF_STMT(BPF_RET | BPF_K, 0), BPF_STMT(BPF_RET | BPF_K, ALL)};
  const struct sock_fprog filter = {COUNT_OF(code), code};
  (void)setsockopt(listener, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter);
}
static void take_greeted(struct web *w, int listener) {
  union address from;
  socklen_t size = sizeof from;
  for (int fd; (fd = accept4(listener, &from.any, &size, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0; size = sizeof from)
    if (MHD_add_connection(w->daemon, fd, &from.any, size) != MHD_YES) (void)close(fd);
}
static void close_listener(struct web *w, int listener) {
  stop_greeting(listener);
  for (int i = 0; i < GREET_TURNS; i++) {
    take_greeted(w, listener);
    (void)usleep(WAIT_US);
  }
  take_greeted(w, listener);
  (void)close(listener);
}
void web_stop(struct web *w, int seconds) {
  const int64_t begun = clock_steady_us(), until = begun + (int64_t)seconds * 1000000;
  __atomic_store_n(&w->closing, true, __ATOMIC_RELAXED);
  const int listener = MHD_quiesce_daemon(w->daemon);
  if (listener >= 0) close_listener(w, listener);
  for (int64_t now = begun; now < until; now = clock_steady_us()) {
    const bool working = __atomic_load_n(&w->working, __ATOMIC_RELAXED) > 0;
    if (!working && now > begun + QUIET_US && !watchdog_busy(w, now - QUIET_US)) break;
    (void)usleep(WAIT_US);
  }
  MHD_stop_daemon(w->daemon);
  free_web(w);
}
