/* A client as small as what it is for: HTTP/1.0 with one request a connection, over GnuTLS or, to this machine, without. */
#include "web/post.h"

#include <arpa/inet.h>
#include <gnutls/gnutls.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "texts.h"

enum { HOST_MAX = 253, READ_MAX = 16 << 10 };

struct place {
  bool is_tls;
  struct str host, port, path, authority; /* authority: as Host says it */
};
static bool is_port(struct str s) {
  int64_t n = 0;
  return str_to_int(s, &n) && n > 0 && n < 65536;
}
static bool is_plain(struct str s) {
  for (size_t i = 0; i < s.len; i++)
    if ((unsigned char)s.at[i] <= 0x20 || (unsigned char)s.at[i] >= 0x7F) return false;
  return true;
}
static bool is_loopback(struct str host) {
  return str_eqz(host, "localhost") || str_starts(host, STR("127.")) || str_eqz(host, "::1");
}
static bool place_read(struct str address, struct place *out) {
  const struct str tls = STR("https://"), open = STR("http://");
  struct str rest, host, port = {0};
  *out = (struct place){.is_tls = str_starts(address, tls)};
  if (!out->is_tls && !str_starts(address, open)) return false;
  rest = str_from(address, out->is_tls ? tls.len : open.len);
  const size_t slash = str_find(rest, STR("/"));
  out->authority = host = slash == STR_NONE ? rest : str_slice(rest, 0, slash);
  out->path = slash == STR_NONE ? STR("/") : str_from(rest, slash);
  if (str_starts(host, STR("["))) {
    if (!str_cut(str_from(host, 1), STR("]"), &host, &port)) return false;
    if (port.len && !str_starts(port, STR(":"))) return false;
    port = port.len ? str_from(port, 1) : port;
  } else {
    (void)str_cut(host, STR(":"), &host, &port);
  }
  out->host = host;
  out->port = port.len ? port : out->is_tls ? STR("443") : STR("80");
  return host.len && host.len <= HOST_MAX && is_port(out->port) && is_plain(address) &&
         str_find(out->authority, STR("@")) == STR_NONE && (out->is_tls || is_loopback(host));
}
bool web_post_address(struct str address, struct err *e) {
  struct place p;
  return place_read(address, &p) || fail(e, ERR_INVALID, MSG_post_address, "name", STR("address"));
}
struct str web_post_path(struct str address) {
  struct place p;
  return place_read(address, &p) ? p.path : STR("/");
}

/* ---- a connection ---- */

struct line {
  int fd;
  int64_t until_us; /* steady */
  gnutls_session_t tls;
  gnutls_certificate_credentials_t trust;
};
static bool silent(struct err *e, struct str why) { return fail(e, ERR_STORE, MSG_post_silent, "why", why); }
static bool has_time(const struct line *l) { return clock_steady_us() < l->until_us; }
static bool dial(struct line *l, const struct place *p, int seconds, struct err *e) {
  AUTO_ARENA mem = {0};
  const struct addrinfo want = {.ai_socktype = SOCK_STREAM};
  struct addrinfo *found = NULL;
  const struct timeval limit = {.tv_sec = seconds};
  if (getaddrinfo(str_z(&mem, p->host), str_z(&mem, p->port), &want, &found) != 0) return silent(e, p->host);
  for (const struct addrinfo *a = found; a && l->fd < 0 && has_time(l); a = a->ai_next) {
    l->fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (l->fd < 0) continue;
    (void)setsockopt(l->fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    (void)setsockopt(l->fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (connect(l->fd, a->ai_addr, a->ai_addrlen) == 0) break;
    (void)close(l->fd);
    l->fd = -1;
  }
  freeaddrinfo(found);
  return l->fd >= 0 || silent(e, p->authority);
}
static bool shake(struct line *l, const struct place *p, int seconds, struct err *e) {
  AUTO_ARENA mem = {0};
  const char *host = str_z(&mem, p->host);
  int got = gnutls_certificate_allocate_credentials(&l->trust);
  if (got >= 0) got = gnutls_certificate_set_x509_system_trust(l->trust);
  if (got >= 0) got = gnutls_init(&l->tls, GNUTLS_CLIENT);
  if (got >= 0) got = gnutls_set_default_priority(l->tls);
  if (got >= 0) got = gnutls_credentials_set(l->tls, GNUTLS_CRD_CERTIFICATE, l->trust);
  if (got >= 0) got = gnutls_server_name_set(l->tls, GNUTLS_NAME_DNS, host, p->host.len);
  if (got < 0) return silent(e, str_of(gnutls_strerror(got)));
  gnutls_session_set_verify_cert(l->tls, host, 0);
  gnutls_transport_set_int(l->tls, l->fd);
  gnutls_handshake_set_timeout(l->tls, (unsigned)seconds * 1000);
  do got = gnutls_handshake(l->tls);
  while (got < 0 && !gnutls_error_is_fatal(got) && has_time(l));
  return got >= 0 || silent(e, str_of(gnutls_strerror(got)));
}
static void hang_up(struct line *l) {
  if (l->tls) gnutls_deinit(l->tls);
  if (l->trust) gnutls_certificate_free_credentials(l->trust);
  if (l->fd >= 0) (void)close(l->fd);
}
static ssize_t put_some(struct line *l, struct str s) {
  return l->tls ? gnutls_record_send(l->tls, s.at, s.len) : send(l->fd, s.at, s.len, MSG_NOSIGNAL);
}
static bool put_all(struct line *l, struct str s, struct err *e) {
  while (s.len && has_time(l)) {
    const ssize_t n = put_some(l, s);
    if (l->tls && (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED)) continue;
    if (n <= 0) break;
    s = str_from(s, (size_t)n);
  }
  return !s.len || silent(e, STR("-"));
}
/* As much as is wanted of it; where the other side ends, an end is an end. */
static void get_all(struct line *l, struct buf *in) {
  while (in->len < READ_MAX && has_time(l)) {
    char *room = buf_room(in, 4096);
    if (!room) return;
    const ssize_t n = l->tls ? gnutls_record_recv(l->tls, room, 4096) : recv(l->fd, room, 4096, 0);
    if (l->tls && (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED)) continue;
    if (n <= 0) return;
    in->len += (size_t)n;
  }
}
static bool understand(struct arena *mem, struct str all, struct web_posted *out, struct err *e) {
  struct str line, rest, word, head, body = {0};
  int64_t status = 0;
  if (!str_cut(all, STR("\r\n"), &line, &rest) || !str_starts(line, STR("HTTP/1."))) return silent(e, STR("HTTP"));
  if (!str_cut(line, STR(" "), &word, &line) || !str_to_int(str_slice(line, 0, line.len < 3 ? line.len : 3), &status))
    return silent(e, STR("HTTP"));
  (void)str_cut(all, STR("\r\n\r\n"), &head, &body);
  if (body.len > POST_REPLY_MAX) body.len = POST_REPLY_MAX;
  while (body.len && !utf8_valid(body)) body.len--;
  out->status = (int)status;
  out->reply = str_dup(mem, str_trim(body));
  return true;
}
static bool exchange(struct line *l, struct arena *mem, const struct place *p, const struct web_post *ask,
                     struct web_posted *out, struct err *e) {
  AUTO_BUF sent = BUF_MAX(ask->body.len + (16 << 10)), got = BUF_MAX(READ_MAX * 2);
  buf_fmt(&sent, "POST " STRF " HTTP/1.0\r\nHost: " STRF "\r\nContent-Type: application/json; charset=utf-8\r\n",
          STRA(p->path), STRA(p->authority));
  buf_fmt(&sent, STRF "Content-Length: %zu\r\nConnection: close\r\n\r\n", STRA(ask->headers), ask->body.len);
  buf_str(&sent, ask->body);
  TRY(dial(l, p, ask->seconds, e) && (!p->is_tls || shake(l, p, ask->seconds, e)) && put_all(l, buf_view(&sent), e));
  get_all(l, &got);
  return understand(mem, buf_view(&got), out, e);
}
bool web_post(struct arena *mem, const struct web_post *ask, struct web_posted *out, struct err *e) {
  struct place p;
  struct line l = {.fd = -1, .until_us = clock_steady_us() + ask->seconds * INT64_C(1000000)};
  *out = (struct web_posted){0};
  if (!place_read(ask->address, &p)) return web_post_address(ask->address, e);
  const bool ok = exchange(&l, mem, &p, ask, out, e);
  hang_up(&l);
  return ok;
}
