/* HTTP/1.0 as RFC 1945 has it, over a socket to 127.0.0.1: the server ends the connection behind its answer, so no length has to be
 * believed but the one it told, which must be right. */
#include "cli/scenario_http.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "texts.h"

/* ---- cookies ---- */

static void take_cookie(struct arena *mem, struct browser *b, struct str line) {
  struct str pair = line, rest, name, value;
  (void)str_cut(line, STR(";"), &pair, &rest);
  if (!str_cut(str_trim(pair), STR("="), &name, &value)) return;
  name = str_dup(mem, name);
  value = str_dup(mem, value);
  vec_each(struct cookie, c, &b->cookies) {
    if (str_eq(c->name, name)) {
      c->value = value;
      return;
    }
  }
  if (b->cookies.len < COOKIES_MOST) vec_push(mem, &b->cookies) = (struct cookie){name, value};
}
/* The next line of a head; false at its end. */
static bool next_line(struct str *io, struct str *out) {
  if (!io->len) return false;
  if (!str_cut(*io, STR("\r\n"), out, io)) *out = *io, *io = (struct str){0};
  return out->len > 0;
}
static bool header_line(struct str line, const char *name, struct str *out) {
  struct str head, value;
  if (!str_cut(line, STR(":"), &head, &value)) return false;
  if (head.len != strlen(name) || strncasecmp(head.at, name, head.len)) return false;
  *out = str_trim(value);
  return true;
}
static void take_cookies(struct arena *mem, struct browser *b, struct str head) {
  struct str line, value;
  while (next_line(&head, &line))
    if (header_line(line, "Set-Cookie", &value)) take_cookie(mem, b, value);
}
struct str http_header(const struct http_reply *r, const char *name) {
  struct str head = r->head, line, value;
  while (next_line(&head, &line))
    if (header_line(line, name, &value)) return value;
  return STR("");
}

/* ---- a request ---- */

struct str http_escape(struct arena *mem, struct str s) {
  static const char hex[] = "0123456789ABCDEF";
  char *z = arena_take(mem, s.len * 3 + 1), *p = z;
  for (size_t i = 0; i < s.len; i++) {
    const unsigned char c = (unsigned char)s.at[i];
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c && strchr("-._~", c)))
      *p++ = (char)c;
    else *p++ = '%', *p++ = hex[c >> 4], *p++ = hex[c & 15];
  }
  return (struct str){z, (size_t)(p - z)};
}
static void put_head(struct buf *out, int port, const struct browser *b, const struct http_ask *ask) {
  buf_fmt(out, "%s " STRF " HTTP/1.0\r\nHost: 127.0.0.1:%d\r\nUser-Agent: gangmu-scenario\r\n", ask->method,
          STRA(ask->path), port);
  if (b->cookies.len) buf_z(out, "Cookie: ");
  vec_each(const struct cookie, c, &b->cookies)
    buf_fmt(out, "%s" STRF "=" STRF, c == b->cookies.at ? "" : "; ", STRA(c->name), STRA(c->value));
  if (b->cookies.len) buf_z(out, "\r\n");
  if (b->token.len && ask->body.at) buf_fmt(out, "X-Token: " STRF "\r\n", STRA(b->token));
  if (ask->if_match.len) buf_fmt(out, "If-Match: " STRF "\r\n", STRA(ask->if_match));
  if (ask->key.len) buf_fmt(out, "Idempotency-Key: " STRF "\r\n", STRA(ask->key));
  buf_str(out, ask->headers);
  if (ask->body.at) buf_fmt(out, "Content-Type: " STRF "\r\nContent-Length: %zu\r\n", STRA(ask->type), ask->body.len);
  buf_z(out, "\r\n");
  buf_str(out, ask->body);
}
static int dial(int port) {
  const struct sockaddr_in at = {
      .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  const struct timeval limit = {.tv_sec = HTTP_SECONDS};
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  if (connect(fd, (const struct sockaddr *)&at, sizeof at) == 0) return fd;
  (void)close(fd);
  return -1;
}
static bool send_all(int fd, struct str s) {
  while (s.len) {
    const ssize_t n = send(fd, s.at, s.len, MSG_NOSIGNAL);
    if (n <= 0) return false;
    s = str_from(s, (size_t)n);
  }
  return true;
}
static bool read_all(int fd, struct buf *in) {
  for (;;) {
    char *room = buf_room(in, 16384);
    const ssize_t n = room ? read(fd, room, 16384) : -1;
    if (n <= 0) return n == 0;
    in->len += (size_t)n;
  }
}
static bool understand(struct arena *mem, struct str all, struct http_reply *out) {
  struct str head, body, line, word, rest;
  int64_t status = 0, length = 0;
  if (!str_cut(all, STR("\r\n\r\n"), &head, &body) || !str_cut(head, STR("\r\n"), &line, &head)) return false;
  if (!str_cut(line, STR(" "), &word, &rest) || !str_to_int(str_slice(rest, 0, 3), &status)) return false;
  out->head = str_dup(mem, head);
  out->body = str_dup(mem, body);
  const struct str told = http_header(out, "Content-Length");
  if (told.len && (!str_to_int(told, &length) || (size_t)length != body.len)) return false;
  out->status = (int)status;
  return true;
}
bool http_send(struct arena *mem, int port, struct browser *b, const struct http_ask *ask, struct http_reply *out,
               struct err *e) {
  AUTO_BUF sent = BUF_MAX(HTTP_REPLY_MAX), got = BUF_MAX(HTTP_REPLY_MAX);
  struct err bad = {0};
  *out = (struct http_reply){0};
  put_head(&sent, port, b, ask);
  const int fd = dial(port);
  const bool ok = fd >= 0 && !sent.broken && send_all(fd, buf_view(&sent)) && read_all(fd, &got) &&
                  understand(mem, buf_view(&got), out);
  if (fd >= 0) (void)close(fd);
  if (!ok) return fail(e, ERR_STORE, MSG_scenario_no_answer, "path", ask->path);
  take_cookies(mem, b, out->head);
  if (str_starts(http_header(out, "Content-Type"), STR("application/json")) && !json_parse(out->body, &out->json, &bad))
    out->json = NULL;
  return true;
}
