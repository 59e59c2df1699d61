/* Answers: helpers for handlers, the shape of errors, and the headers that every answer has. */
#include "base/hash.h"
#include "base/log.h"
#include "texts.h"
#include "web/assets.h"
#include "web/http.h"

enum { STREAM_BLOCK = 32 << 10 };

static const struct {
  const char *name, *value;
} always[] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src "
     "'self'; "
     "manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"},
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "same-origin"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"X-Frame-Options", "DENY"},
};

/* ---- for handlers ---- */

struct json_out *web_json(struct web_response *rs) {
  rs->json.to = &rs->body;
  return &rs->json;
}
void web_redirect(struct web_response *rs, struct str location) {
  must(str_starts(location, STR("/")) && !str_starts(location, STR("//"))); /* only addresses of ours */
  rs->status = 303;
  rs->location = location;
}
void web_header(struct web_response *rs, const char *name, struct str value) {
  must(rs->header_count < WEB_HEADERS);
  must(!value.len || (!memchr(value.at, '\r', value.len) && !memchr(value.at, '\n', value.len)));
  rs->headers[rs->header_count].name = name;
  rs->headers[rs->header_count++].value = value;
}
void web_cookie(struct web_request *rq, struct web_response *rs, const char *name, struct str value, int seconds) {
  const struct str age = seconds ? str_fmt(rq->mem, "; Max-Age=%d", seconds < 0 ? 0 : seconds) : STR("");
  web_header(rs, "Set-Cookie",
             str_fmt(rq->mem, "%s=" STRF "; Path=/; HttpOnly; SameSite=Strict%s" STRF, name, STRA(value),
                     rq->secure ? "; Secure" : "", STRA(age)));
}
void web_download(struct web_request *rq, struct web_response *rs, struct str name, const char *type) {
  char *plain = arena_take(rq->mem, name.len + 1); /* for readers without filename* */
  size_t n = 0;
  for (size_t i = 0; i < name.len; i++) {
    const unsigned char c = (unsigned char)name.at[i];
    if (c >= 0x80 ? (c & 0xC0) != 0x80 : true)
      plain[n++] = c >= 0x80 || c < 0x20 || strchr("\"\\/;%", c) ? '_' : (char)c;
  }
  rs->type = type;
  web_header(rs, "Content-Disposition",
             str_fmt(rq->mem, "attachment; filename=\"" STRF "\"; filename*=UTF-8''" STRF, (int)n, plain,
                     STRA(form_escape(rq->mem, name, false))));
}
bool web_ending(const struct web_request *rq) { return __atomic_load_n(&rq->exchange->web->closing, __ATOMIC_RELAXED); }
bool web_fresh(struct web_request *rq, struct web_response *rs, struct str tag) {
  struct hash_state *h = hash_sm3_begin();
  hash_add(h, tag);
  hash_add(h, STR("\x1F" GANGMU_VERSION "\x1F"));
  hash_add(h, rq->lang == LANG_EN ? STR("en") : STR("zh"));
  hash_add(h, rq->partial ? STR("part") : rq->json ? STR("json") : rq->token); /* pages hold the token */
  hash_add(h, rq->query_string);
  hash_add(h, rq->actor); /* what one may see, another may not */
  const struct str etag = str_fmt(rq->mem, "\"%.32s\"", hash_hex(rq->mem, hash_end(h)).at);
  web_header(rs, "ETag", etag);
  web_header(rs, "Cache-Control", STR("private, no-cache"));
  web_header(rs, "Vary", STR("Accept-Language, Cookie, HX-Request"));
  rs->cached = true;
  const struct str have = header_in(rq->exchange->connection, "If-None-Match");
  if (!have.len || str_find(have, etag) == STR_NONE) return false;
  rs->status = 304;
  return true;
}

/* ---- errors ---- */

static void error_json(struct web_exchange *x, const struct err *e) {
  struct json_out *j = web_json(&x->rs);
  j->depth = 0;
  j->has[0] = false;
  const struct str hint = err_hint_says(&x->mem, x->rq.lang, e);
  json_open(j, NULL, '{');
  json_z(j, "code", err_word(e->code));
  json_str(j, "says", err_says(&x->mem, x->rq.lang, e));
  if (e->line) {
    json_open(j, "at", '{');
    json_str(j, "file", e->file);
    json_int(j, "line", e->line);
    json_int(j, "column", e->column);
    json_close(j, '}');
  } else if (err_field(e).len) {
    json_open(j, "at", '{');
    json_str(j, "field", err_field(e));
    json_close(j, '}');
  } else {
    json_nil(j, "at");
  }
  json_str(j, "hint", hint);
  json_str(j, "request", x->rq.id);
  json_close(j, '}');
}
static void put_escaped(struct buf *b, struct str s) {
  for (size_t i = 0; i < s.len; i++) {
    const char c = s.at[i];
    if (c == '&') buf_z(b, "&amp;");
    else if (c == '<') buf_z(b, "&lt;");
    else if (c == '>') buf_z(b, "&gt;");
    else buf_byte(b, c);
  }
}
/* When the program gives no page of its own. */
static void error_plain(struct web_exchange *x, const struct err *e) {
  struct buf *b = &x->rs.body;
  buf_z(b, "<!doctype html><meta charset=\"utf-8\"><title>");
  buf_z(b, err_word(e->code));
  buf_z(b, "</title><p>");
  put_escaped(b, err_says(&x->mem, x->rq.lang, e));
  buf_z(b, "</p><p>");
  put_escaped(b, err_hint_says(&x->mem, x->rq.lang, e));
  buf_z(b, "</p>");
}
static void log_error(struct web_exchange *x, const struct err *e) {
  const bool ours = err_http(e->code) >= 500;
  if (!ours && e->code != ERR_FORBIDDEN) return;
  /* What a refusal says may hold what a person typed; what our own failures say is needed to mend them. */
  const struct str says = ours ? err_says(&x->mem, LANG_EN, e) : str_of(msg_key(e->msg));
  log_event(ours ? LOG_ERROR : LOG_WARN, "refused", "request", x->rq.id, "route", request_route(x), "code",
            str_of(err_word(e->code)), "says", says, "where", str_of(e->where ? e->where : ""));
}
static void write_error(struct web_exchange *x, struct err *e) {
  struct web_response *rs = &x->rs;
  log_error(x, e);
  if (e->code == ERR_BUG) {
    *e = (struct err){0};
    (void)fail(e, ERR_BUG, MSG_web_bug, "id", x->rq.id);
  }
  if (rs->status != 405) rs->status = err_http(e->code);
  buf_clear(&rs->body);
  rs->fixed = rs->location = (struct str){0};
  rs->stream.next = NULL;
  rs->cached = false;
  if (rs->status != 405) rs->header_count = 0;
  if (e->code == ERR_BUSY) web_header(rs, "Retry-After", STR("2"));
  rs->type = x->rq.json ? "application/json; charset=utf-8" : "text/html; charset=utf-8";
  if (x->rq.json) error_json(x, e);
  else if (x->web->config.error_page) x->web->config.error_page(&x->rq, rs, e);
  else error_plain(x, e);
}

/* ---- sending ---- */

static void put_header(struct web_exchange *x, struct MHD_Response *r, const char *name, struct str value) {
  (void)MHD_add_response_header(r, name, str_z(&x->mem, value));
}
static void put_headers(struct web_exchange *x, struct MHD_Response *r) {
  struct web_response *rs = &x->rs;
  const bool plain = x->rq.route && (x->rq.route->flags & (ROUTE_PLAIN | ROUTE_NOBODY));
  for (size_t i = 0; i < COUNT_OF(always); i++) (void)MHD_add_response_header(r, always[i].name, always[i].value);
  if (x->rq.secure) (void)MHD_add_response_header(r, "Strict-Transport-Security", "max-age=31536000");
  if (x->last || __atomic_load_n(&x->web->closing, __ATOMIC_RELAXED))
    (void)MHD_add_response_header(r, MHD_HTTP_HEADER_CONNECTION, "close");
  if (rs->status != 304 && (rs->body.len || rs->fixed.at || rs->stream.next))
    (void)MHD_add_response_header(r, "Content-Type", rs->type);
  if (!rs->cached) (void)MHD_add_response_header(r, "Cache-Control", "no-store");
  if (x->new_form_key && !plain && !rs->fixed.at) web_cookie(&x->rq, rs, form_cookie, x->form_key, 0);
  if (rs->location.len) put_header(x, r, "Location", rs->location);
  for (int i = 0; i < rs->header_count; i++) put_header(x, r, rs->headers[i].name, rs->headers[i].value);
}
/* The next bytes of a stream, in the thread of its connection. */
static bool next_piece(struct web_exchange *x) {
  const struct web_stream *s = &x->rs.stream;
  struct err e = {0};
  x->streamed += x->sent;
  x->sent = 0;
  buf_clear(&x->piece);
  if (s->next(s->arg, &x->piece, &x->more, &e) && !x->piece.broken) {
    watchdog_phase(x, s->live ? PHASE_LIVE : PHASE_REPLY, x->streamed + x->piece.len);
    return true;
  }
  log_error(x, &e);
  return false;
}
static ssize_t read_stream(void *cls, uint64_t at, char *out, size_t most) {
  struct web_exchange *x = cls;
  (void)at;
  while (x->sent == x->piece.len) {
    if (!x->more) return MHD_CONTENT_READER_END_OF_STREAM;
    if (!next_piece(x)) return MHD_CONTENT_READER_END_WITH_ERROR;
  }
  const size_t left = x->piece.len - x->sent, n = left < most ? left : most;
  memcpy(out, x->piece.at + x->sent, n);
  x->sent += n;
  x->answered += n;
  return (ssize_t)n;
}
static struct MHD_Response *make_response(struct web_exchange *x) {
  struct web_response *rs = &x->rs;
  const struct str bytes = rs->fixed.at ? rs->fixed : buf_view(&rs->body);
  if (rs->stream.next) {
    x->piece = BUF_MAX(STREAM_PIECE_MAX);
    x->more = true;
    watchdog_phase(x, rs->stream.live ? PHASE_LIVE : PHASE_REPLY, 0);
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream, x, NULL);
  }
  x->answered = bytes.len;
  watchdog_phase(x, PHASE_REPLY, bytes.len);
  return MHD_create_response_from_buffer(bytes.len, bytes.len ? (void *)(uintptr_t)bytes.at : (void *)(uintptr_t) "",
                                         MHD_RESPMEM_PERSISTENT);
}
enum MHD_Result response_send(struct web_exchange *x, struct err *e) {
  struct web_response *rs = &x->rs;
  if (!e->code && rs->body.broken)
    (void)fail(e, ERR_TOO_LARGE, MSG_web_page_large, "limit", str_fmt(&x->mem, "%d MB", PAGE_MAX >> 20));
  if (e->code) write_error(x, e);
  struct MHD_Response *r = make_response(x);
  if (!r) return MHD_NO;
  put_headers(x, r);
  const enum MHD_Result done = MHD_queue_response(x->connection, (unsigned)rs->status, r);
  MHD_destroy_response(r);
  return done;
}
