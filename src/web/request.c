/* From bytes to a request that a handler may trust: address, language, person, fields; and the refusals that come before
 * any handler. */
#include <strings.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/secret.h"
#include "texts.h"
#include "web/http.h"

const char session_cookie[] = "gangmu_session", form_cookie[] = "gangmu_form";
static const char lang_cookie[] = "gangmu_lang";

struct str header_in(struct MHD_Connection *c, const char *name) {
  return str_of(MHD_lookup_connection_value(c, MHD_HEADER_KIND, name));
}

/* ---- who may ask ---- */

/* A page of another site can make its own name point to 127.0.0.1 (DNS rebinding); the Host it then sends is that name.
 * The port does not matter: a tunnel may change it. */
static bool host_is_local(struct str host) {
  const size_t colon = str_starts(host, STR("[")) ? str_find(host, STR("]:")) : str_find(host, STR(":"));
  if (colon != STR_NONE) host = str_slice(host, 0, colon + (host.at[0] == '['));
  if (form_same_word(host, STR("localhost")) || str_eq(host, STR("[::1]"))) return true;
  if (!str_starts(host, STR("127."))) return false;
  int dots = 0;
  for (size_t i = 0; i < host.len; i++) {
    if (host.at[i] == '.') dots++;
    else if (host.at[i] < '0' || host.at[i] > '9') return false;
  }
  return dots == 3;
}
static bool host_is_ours(const struct web_exchange *x) {
  const struct web_config *c = &x->web->config;
  struct str host = x->host;
  const size_t colon = str_rfind(host, STR(":"));
  if (colon != STR_NONE && !str_ends(host, STR("]"))) host = str_slice(host, 0, colon);
  for (size_t i = 0; i < c->host_count; i++)
    if (form_same_word(host, c->hosts[i])) return true;
  return host_is_local(x->host);
}
static bool same_site(const struct web_exchange *x) {
  const struct str site = header_in(x->connection, "Sec-Fetch-Site");
  if (site.len && !str_eqz(site, "same-origin") && !str_eqz(site, "none")) return false;
  const struct str origin = header_in(x->connection, "Origin");
  if (!origin.len) return true;
  const size_t at = str_find(origin, STR("://"));
  return at != STR_NONE && form_same_word(str_from(origin, at + 3), x->host);
}

/* Another browser's or program's cookie of this name; ours have one shape. */
static struct str own_cookie(struct web_exchange *x, const char *name) {
  const struct str s = str_of(MHD_lookup_connection_value(x->connection, MHD_COOKIE_KIND, name));
  return s.len == 2 * WEB_SECRET_BYTES && strspn(s.at, "0123456789abcdef") == s.len ? s : (struct str){0};
}
struct str web_session_new(struct arena *mem) {
  struct digest chance;
  _Static_assert(sizeof chance.at == WEB_SECRET_BYTES, "written as a digest is");
  random_bytes(chance.at, sizeof chance.at);
  return hash_hex(mem, chance);
}
void request_make_token(struct web_exchange *x) {
  struct hash_state *h = hash_sm3_begin();
  hash_add(h, (struct str){(const char *)x->web->config.secret, sizeof x->web->config.secret});
  hash_add(h, x->form_key);
  x->rq.token = str_slice(hash_hex(&x->mem, hash_end(h)), 0, 32);
}
/* A program's bearer stands for itself; a browser has the cookie of its session, and before that one for its forms. */
static void find_session(struct web_exchange *x) {
  const struct str said = header_in(x->connection, "Authorization");
  if (x->rq.json && said.len > 7 && form_same_word(str_slice(said, 0, 7), STR("Bearer "))) {
    x->rq.bearer = str_trim(str_from(said, 7));
    return;
  }
  x->rq.session = own_cookie(x, session_cookie);
  x->form_key = x->rq.session.len ? x->rq.session : own_cookie(x, form_cookie);
  x->new_form_key = !x->form_key.len;
  if (x->new_form_key) x->form_key = web_session_new(&x->mem);
  request_make_token(x);
}
void web_session_begin(struct web_request *rq, struct web_response *rs, struct str session) {
  struct web_exchange *x = rq->exchange;
  rq->session = x->form_key = session;
  x->new_form_key = false;
  request_make_token(x);
  web_cookie(rq, rs, session_cookie, session, 0);
}
void web_session_end(struct web_request *rq, struct web_response *rs) {
  rq->session = (struct str){0};
  web_cookie(rq, rs, session_cookie, STR(""), -1);
}
bool request_token(struct web_exchange *x, struct err *e) {
  if (x->rq.bearer.len) return true; /* no browser sends it by itself */
  if (x->rq.route->flags & ROUTE_NOBODY) return same_site(x) || fail(e, ERR_FORBIDDEN, MSG_web_token);
  struct str given = header_in(x->connection, "X-Token");
  if (!given.len) given = web_field(&x->rq, "token");
  if (!x->new_form_key && same_site(x) && secret_same(given, x->rq.token)) return true;
  return fail(e, ERR_FORBIDDEN, MSG_web_token);
}

/* ---- the frame of the request, and who sent it ---- */

/* Two readers of one stream (a proxy and we) must see the same requests in it. What could be read in two ways is
 * refused, and nothing behind it is read. */
struct frame {
  struct str vouch_header;
  int hosts, lengths, codings, vouches;
  bool strange;
  struct str forwarded, vouched;
};
static enum MHD_Result look_at_header(void *cls, enum MHD_ValueKind kind, const char *name, const char *value) {
  struct frame *f = cls;
  (void)kind;
  const struct str word = str_of(name), v = str_of(value);
  if (form_same_word(word, STR("Host"))) f->hosts++;
  if (form_same_word(word, STR("X-Forwarded-For"))) f->forwarded = v; /* the last one: our proxy's */
  if (f->vouch_header.len && form_same_word(word, f->vouch_header)) {
    f->vouches++;
    f->vouched = v;
  }
  if (form_same_word(word, STR("Content-Length"))) {
    f->lengths++;
    f->strange |= !v.len || strspn(value, "0123456789") != v.len;
  }
  if (form_same_word(word, STR("Transfer-Encoding"))) {
    f->codings++;
    f->strange |= !form_same_word(v, STR("chunked"));
  }
  for (size_t i = 0; i < word.len; i++) f->strange |= (unsigned char)word.at[i] <= ' ';
  return MHD_YES;
}
static bool frame_is_clear(struct web_exchange *x, struct frame *out, struct err *e) {
  struct frame f = {.vouch_header = x->web->config.vouch_header};
  (void)MHD_get_connection_values(x->connection, MHD_HEADER_KIND, look_at_header, &f);
  *out = f;
  if (f.hosts == 1 && f.lengths + f.codings <= 1 && !f.strange) return true;
  x->last = x->no_body = true;
  return fail(e, ERR_BAD_REQUEST, MSG_web_bad_frame);
}
/* Whom a proxy of ours says it has signed in. Anybody else's word is not looked at but noted, and so is a proxy that lets a
 * second one through: it would be the client's own. */
static void find_vouched(struct web_exchange *x, const struct frame *f, bool is_proxy) {
  if (is_proxy && f->vouches == 1) x->rq.vouched = str_trim(f->vouched);
  if (f->vouches && (!is_proxy || f->vouches > 1))
    log_event(LOG_WARN, "vouch-refused", "from", x->rq.address, "why", is_proxy ? STR("twice") : STR("no proxy"));
}
static void find_peer(struct web_exchange *x, const struct frame *f) {
  const struct web_config *c = &x->web->config;
  const union MHD_ConnectionInfo *info = MHD_get_connection_info(x->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  struct peer peer;
  peer_of_socket(info ? info->client_addr : NULL, &peer);
  x->is_here = peer_is_loopback(&peer);
  x->rq.secure = x->web->tls != NULL;
  const bool is_proxy = c->proxy_count && peer_in(&peer, c->proxies, c->proxy_count);
  if (is_proxy) {
    peer_forwarded(&peer, f->forwarded, c->proxies, c->proxy_count);
    x->rq.secure |= str_eqz(header_in(x->connection, "X-Forwarded-Proto"), "https");
  }
  x->rq.address = peer_text(&x->mem, &peer);
  find_vouched(x, f, is_proxy);
}

/* ---- the request line and the headers ---- */

static enum lang lang_of(struct str s, bool *known) {
  *known = true;
  if (str_starts(s, STR("zh"))) return LANG_ZH;
  if (str_starts(s, STR("en"))) return LANG_EN;
  *known = false;
  return LANG_ZH;
}
/* The first language of the list that we speak; lists come in order of preference. */
static enum lang accepted_lang(struct str list) {
  while (list.len) {
    struct str one = list, rest = {0};
    if (!str_cut(list, STR(","), &one, &rest)) one = list, rest = (struct str){0};
    bool known = false;
    const enum lang l = lang_of(str_trim(one), &known);
    if (known) return l;
    list = rest;
  }
  return LANG_ZH;
}
static void find_lang(struct web_exchange *x) {
  bool known = false;
  const struct str asked = web_query(&x->rq, "lang");
  x->rq.lang = lang_of(asked, &known);
  if (known) {
    web_cookie(&x->rq, &x->rs, lang_cookie, x->rq.lang == LANG_EN ? STR("en") : STR("zh"), 400 * 86400);
    return;
  }
  x->rq.lang = lang_of(str_of(MHD_lookup_connection_value(x->connection, MHD_COOKIE_KIND, lang_cookie)), &known);
  if (!known) x->rq.lang = accepted_lang(header_in(x->connection, "Accept-Language"));
}
static void give_number(struct web_exchange *x) {
  unsigned char b[4];
  random_bytes(b, sizeof b);
  x->rq.id = str_fmt(&x->mem, "%02X%02X-%02X%02X", b[0], b[1], b[2], b[3]);
}
static bool find_path(struct web_exchange *x, struct err *e) {
  struct web_request *rq = &x->rq;
  struct str raw = x->uri, query = STR("");
  if (!str_cut(x->uri, STR("?"), &raw, &query)) raw = x->uri, query = STR("");
  rq->query_string = query;
  if (!form_path(&x->mem, raw, &rq->path)) {
    rq->path = STR("/");
    return fail(e, ERR_BAD_REQUEST, MSG_web_bad_path);
  }
  static const struct str api = STR_INIT("/api/v1");
  if (str_starts(rq->path, api) && (rq->path.len == api.len || rq->path.at[api.len] == '/')) {
    rq->json = true;
    rq->path = str_from(rq->path, api.len);
    if (!rq->path.len) rq->path = STR("/");
  }
  web_fields fields = {0};
  if (!form_urlencoded(&x->mem, query, &fields, e)) return false;
  rq->query = fields.at;
  rq->query_count = fields.len;
  return true;
}
static bool find_route(struct web_exchange *x, struct err *e) {
  struct web_request *rq = &x->rq;
  if (!rq->method) {
    x->rs.status = 405;
    return fail(e, ERR_BAD_REQUEST, MSG_web_method);
  }
  bool other = false;
  rq->route = router_find(x->web->router, rq->method, rq->path, rq->params, &other);
  if (other) {
    x->rs.status = 405;
    web_header(&x->rs, "Allow", rq->method == GET ? STR("POST") : STR("GET, HEAD"));
    return fail(e, ERR_BAD_REQUEST, MSG_web_method);
  }
  const unsigned flags = rq->route ? rq->route->flags : 0;
  const bool wrong_side = rq->json ? flags & (ROUTE_PAGE_ONLY | ROUTE_PLAIN) : flags & ROUTE_API_ONLY;
  if (rq->route && !wrong_side) return true;
  rq->route = NULL;
  return fail(e, ERR_NOT_FOUND, MSG_web_not_found);
}

static size_t body_limit(const struct web_exchange *x) {
  const bool upload = x->rq.route && (x->rq.route->flags & ROUTE_UPLOAD);
  return upload ? (size_t)PLAN_FILE_MAX + FORM_MAX : FORM_MAX;
}
static bool body_too_large(struct web_exchange *x, struct err *e) {
  const bool upload = body_limit(x) > FORM_MAX;
  (void)fail(e, ERR_TOO_LARGE, MSG_web_too_large, "limit",
             str_fmt(&x->mem, "%d MB", (upload ? PLAN_FILE_MAX : FORM_MAX) >> 20));
  if (upload) (void)err_hint(e, MSG_web_too_large_hint);
  return false;
}
/* Room for the body is taken once, and only a few large ones at a time. */
static bool begin_body(struct web_exchange *x, struct err *e) {
  int64_t length = 0;
  const struct str said = header_in(x->connection, "Content-Length");
  x->no_body = x->rq.method != POST;
  x->body = BUF_MAX(body_limit(x));
  if (said.len && !str_to_int(said, &length)) return fail(e, ERR_BAD_REQUEST, MSG_web_bad_form);
  if (length > (int64_t)body_limit(x)) {
    (void)body_too_large(x, e);
    x->drain = length <= HTTP_DRAIN_MAX && !header_in(x->connection, "Expect").len;
    x->no_body = !x->drain;
    return false;
  }
  if (length > FORM_MAX || (!said.len && x->rq.method == POST && body_limit(x) > FORM_MAX)) {
    if (__atomic_add_fetch(&x->web->bodies, 1, __ATOMIC_RELAXED) > HTTP_BODIES_MAX) {
      (void)__atomic_sub_fetch(&x->web->bodies, 1, __ATOMIC_RELAXED);
      return fail(e, ERR_BUSY, MSG_web_busy);
    }
    x->counted = true;
  }
  return true;
}

/* Who asks is found out for refusals too: their pages have a frame. */
static bool admit(struct web_exchange *x, bool found, struct err *e) {
  const struct web_config *c = &x->web->config;
  struct err second = {0};
  if (found && (x->rq.route->flags & ROUTE_PLAIN)) return true;
  if (c->identify && !c->identify(&x->rq, found ? e : &second)) return false;
  return found && (!c->decide || c->decide(&x->rq, e));
}
void request_begin(struct web_exchange *x, const char *method) {
  struct web_request *rq = &x->rq;
  struct err *e = &x->err;
  rq->mem = &x->mem;
  rq->app = x->web->config.app;
  rq->actor = STR("");
  rq->exchange = x;
  rq->now_us = clock_now_us();
  rq->method = !strcmp(method, "GET") || !strcmp(method, "HEAD") ? GET : !strcmp(method, "POST") ? POST : 0;
  x->rs.status = 200;
  x->rs.body = BUF_MAX(PAGE_MAX);
  x->host = header_in(x->connection, "Host");
  struct frame frame = {0};
  give_number(x);
  bool ok = frame_is_clear(x, &frame, e);
  find_peer(x, &frame);
  ok = find_path(x, e) && ok;
  find_session(x);
  if (ok) find_lang(x);
  rq->partial = !rq->json && header_in(x->connection, "HX-Request").len > 0;
  rq->script = rq->partial || header_in(x->connection, "X-Requested-With").len > 0;
  x->rs.type = rq->json ? "application/json; charset=utf-8" : "text/html; charset=utf-8";
  if (ok && !host_is_ours(x)) ok = fail(e, ERR_FORBIDDEN, MSG_web_host);
  if (ok && (rq->json || !str_starts(rq->path, STR("/static/")))) ok = admit(x, find_route(x, e), e);
  if (ok) ok = begin_body(x, e);
  if (!ok && rq->method != POST) x->no_body = true;
}

bool request_fields(struct web_exchange *x, struct err *e) {
  struct web_request *rq = &x->rq;
  const struct str type = header_in(x->connection, "Content-Type"), body = buf_view(&x->body);
  web_fields fields = {0};
  struct str boundary = {0};
  if (x->body.broken) return body_too_large(x, e);
  rq->body = body;
  if (!body.len) return true;
  if (form_boundary(type, &boundary)) {
    TRY(form_multipart(&x->mem, body, boundary, &fields, e));
  } else if (str_starts(type, STR("application/json"))) {
    TRY(form_json(&x->mem, body, &fields, e));
  } else if (str_starts(type, STR("application/x-www-form-urlencoded"))) {
    TRY(form_urlencoded(&x->mem, body, &fields, e));
  } else {
    return fail(e, ERR_BAD_REQUEST, MSG_web_bad_form);
  }
  rq->fields = fields.at;
  rq->field_count = fields.len;
  return true;
}

/* ---- for logs and figures ---- */

static bool is_file(const struct web_exchange *x) { return str_starts(x->rq.path, STR("/static/")) && !x->rq.json; }
struct str request_route(const struct web_exchange *x) {
  if (x->rq.route) return str_of(x->rq.route->path);
  return is_file(x) ? STR("/static") : STR("");
}
bool web_may_measure(const struct web_request *rq) {
  static const struct str bearer = STR_INIT("Bearer ");
  const struct web_exchange *x = rq->exchange;
  const struct str given = header_in(x->connection, "Authorization"), token = x->web->config.metrics_token;
  if (token.len && str_starts(given, bearer)) return secret_same(str_from(given, bearer.len), token);
  return x->is_here && !x->web->config.proxy_count;
}

/* ---- for handlers ---- */

struct str web_param(const struct web_request *rq, const char *name) {
  const char *p = rq->route ? rq->route->path : "";
  const size_t len = strlen(name);
  for (int i = 0; (p = strchr(p, '{')); i++) {
    p++;
    if (!strncmp(p, name, len) && p[len] == '}') return rq->params[i];
  }
  return STR("");
}
static const struct web_field *find_field(const struct web_field *f, size_t n, const char *name) {
  for (size_t i = 0; i < n; i++) {
    if (str_eqz(f[i].name, name)) return &f[i];
  }
  return NULL;
}
struct str web_query(const struct web_request *rq, const char *name) {
  const struct web_field *f = find_field(rq->query, rq->query_count, name);
  return f ? f->value : STR("");
}
struct str web_field(const struct web_request *rq, const char *name) {
  const struct web_field *f = find_field(rq->fields, rq->field_count, name);
  return f && !f->is_file ? f->value : STR("");
}
bool web_has_field(const struct web_request *rq, const char *name) {
  return find_field(rq->fields, rq->field_count, name) != NULL;
}
const struct web_field *web_file(const struct web_request *rq, const char *name) {
  const struct web_field *f = find_field(rq->fields, rq->field_count, name);
  return f && f->is_file && (f->file_name.len || f->value.len) ? f : NULL;
}
bool web_int(const struct web_request *rq, const char *name, int64_t least, int64_t most, int64_t absent, int64_t *out,
             struct err *e) {
  struct str s = str_trim(web_field(rq, name));
  if (!s.len) s = str_trim(web_query(rq, name));
  *out = absent;
  if (!s.len) return true;
  int64_t n = 0;
  if (str_to_int(s, &n) && n >= least && n <= most) {
    *out = n;
    return true;
  }
  return fail(e, ERR_INVALID, MSG_web_bad_number, "name", str_of(name), "least", str_int(rq->mem, least), "most",
              str_int(rq->mem, most));
}
struct str web_header_in(const struct web_request *rq, const char *name) {
  return header_in(rq->exchange->connection, name);
}
struct str web_escape(struct arena *mem, struct str s) {
  return form_escape(mem, s, false);
}
struct str web_here(const struct web_request *rq, const char *name, struct str value) {
  struct buf b = BUF_MAX(HTTP_HEADER_MAX * 4);
  buf_str(&b, form_escape(rq->mem, rq->path, true));
  char mark = '?';
  for (size_t i = 0; i < rq->query_count; i++) {
    if (str_eqz(rq->query[i].name, name)) continue;
    buf_byte(&b, mark);
    buf_str(&b, form_escape(rq->mem, rq->query[i].name, false));
    buf_byte(&b, '=');
    buf_str(&b, form_escape(rq->mem, rq->query[i].value, false));
    mark = '&';
  }
  if (value.len) {
    buf_byte(&b, mark);
    buf_z(&b, name);
    buf_byte(&b, '=');
    buf_str(&b, form_escape(rq->mem, value, false));
  }
  const struct str out = str_dup(rq->mem, buf_view(&b));
  buf_drop(&b);
  return out;
}
