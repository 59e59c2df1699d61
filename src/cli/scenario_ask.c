/* What a story asks of the server: who asks is signed in for real, and again when the session is over; every change carries a key
 * of its own; what is refused is remembered, for the account of what a story touched. */
#include "cli/scenario.h"
#include "texts.h"

enum { LIST_PAGES_MOST = 200 };

int player_called(const struct play *p, struct str name) {
  for (size_t i = 0; i < p->players.len; i++)
    if (str_eq(p->players.at[i].name, name)) return (int)i;
  return NOBODY;
}
static struct browser *browser_of(struct play *p, int who) { return &p->players.at[who].browser; }

/* ---- what an answer holds ---- */

struct str json_text(const json_t *j) {
  return json_is_string(j) ? (struct str){json_string_value(j), json_string_length(j)} : STR("");
}
/* Where a refusal says that something is wrong: a field of the form. */
struct str reply_at(const struct http_reply *r) {
  return json_text(json_object_get(json_object_get(r->json, "at"), "field"));
}
const char *reply_code(const struct http_reply *r) {
  const json_t *code = json_object_get(r->json, "code");
  return json_is_string(code) ? json_string_value(code) : "";
}
json_t *reply_data(const struct http_reply *r) {
  return r->status >= 200 && r->status < 300 ? json_object_get(r->json, "data") : NULL;
}
struct str json_shown(struct play *p, const json_t *j) {
  char *z = json_dumps(j, JSON_ENCODE_ANY | JSON_COMPACT);
  const struct str text = z ? str_dup(p->mem, str_of(z)) : STR("null");
  json_free_t drop;
  json_get_alloc_funcs(NULL, &drop);
  if (z) drop(z);
  return text;
}
struct str reply_shown(struct play *p, const struct http_reply *r) {
  if (!r->status) return msg_template(p->lang, MSG_scenario_silence);
  const struct str says = json_text(json_object_get(r->json, "says")), at = reply_at(r);
  if (r->status < 400) return str_fmt(p->mem, "%d", r->status);
  return str_fmt(p->mem, "%d %s%s" STRF "%s" STRF "%s", r->status, reply_code(r), at.len ? " @" : "", STRA(at),
                 says.len ? "（" : "", STRA(says), says.len ? "）" : ""); /* house: allow words - brackets */
}

/* ---- requests ---- */

static bool send(struct play *p, int who, const struct http_ask *ask, struct http_reply *out, struct err *e) {
  TRY(p->send(p, browser_of(p, who), ask, out, e));
  if (out->json) vec_push(p->mem, &p->answers) = out->json;
  return true;
}
static void note_refusal(struct play *p, const struct http_reply *r) {
  if (r->status < 400) return;
  vec_push(p->mem, &p->refusals) =
      (struct touch){str_of(reply_code(r)), reply_at(r), json_text(json_object_get(r->json, "says"))};
}
static struct str dumped(struct play *p, json_t *body) {
  vec_push(p->mem, &p->answers) = body;
  return json_shown(p, body);
}
/* A session of the site, and the token of its forms. */
static bool open_session(struct play *p, int who, struct err *e) {
  struct http_reply r = {0};
  TRY(send(p, who, &(struct http_ask){.method = "GET", .path = STR("/api/v1/session")}, &r, e));
  browser_of(p, who)->token = json_text(json_object_get(reply_data(&r), "token"));
  return true;
}
bool play_sign_in(struct play *p, int who, struct err *e) {
  struct player *x = &p->players.at[who];
  struct http_reply r = {0};
  TRY(open_session(p, who, e));
  x->signed_in = true;
  if (!x->actor) return true;
  json_t *body = json_pack("{s:s%, s:s%}", "login", x->name.at, x->name.len, "password", p->stage->password.at,
                           p->stage->password.len);
  const struct http_ask ask = {
      .method = "POST", .path = STR("/api/v1/sign-in"), .type = STR("application/json"), .body = dumped(p, body)};
  TRY(send(p, who, &ask, &r, e));
  x->browser.token = json_text(json_object_get(reply_data(&r), "token"));
  return reply_data(&r) || fail(e, ERR_FORBIDDEN, MSG_scenario_no_sign_in, "name", x->name, "said", reply_shown(p, &r));
}
bool play_ask(struct play *p, int who, struct http_ask *ask, struct http_reply *out, struct err *e) {
  if (!p->players.at[who].signed_in) TRY(play_sign_in(p, who, e));
  TRY(send(p, who, ask, out, e));
  if (out->status == 401 && p->players.at[who].actor) {
    TRY(play_sign_in(p, who, e));
    TRY(send(p, who, ask, out, e));
  }
  if (strcmp(ask->method, "GET") != 0) note_refusal(p, out);
  cover_path(p, ask->path);
  return true;
}
bool play_get(struct play *p, int who, struct str path, struct http_reply *out, struct err *e) {
  struct http_ask ask = {.method = "GET", .path = path};
  return play_ask(p, who, &ask, out, e);
}
bool play_post(struct play *p, int who, struct str path, json_t *body, struct str rev, struct http_reply *out,
               struct err *e) {
  struct http_ask ask = {.method = "POST", .path = path, .type = STR("application/json"), .if_match = rev};
  ask.body = json_shown(p, body);
  ask.key = str_fmt(p->mem, "story-%lld-%d", (long long)p->options->seed, ++p->requests);
  const bool ok = play_ask(p, who, &ask, out, e);
  p->last = (struct sent){who, ask, *out, true};
  return ok;
}

/* ---- records ---- */

static struct str record_path(struct play *p, const struct named *n) {
  return str_fmt(p->mem, "/api/v1/s/" STRF "/" STRF "/" STRF, STRA(n->system), STRA(n->record), STRA(n->id));
}
json_t *record_seen_by(struct play *p, int who, struct named *n, struct http_reply *out) {
  struct err e = {0};
  *out = (struct http_reply){0};
  if (!n->id.len || !play_get(p, who, record_path(p, n), out, &e)) return NULL;
  json_t *data = reply_data(out);
  if (!data) return NULL;
  n->witness = who;
  const struct str number = json_text(json_object_get(data, "number"));
  if (number.len) n->number = number;
  return data;
}
json_t *record_seen(struct play *p, struct named *n) {
  struct http_reply r = {0};
  json_t *data = n->witness != NOBODY ? record_seen_by(p, n->witness, n, &r) : NULL;
  for (int i = 0; !data && i < (int)p->players.len; i++)
    if (p->players.at[i].actor && !p->players.at[i].actor->admin.len) data = record_seen_by(p, i, n, &r);
  return data;
}
json_t *list_seen(struct play *p, int who, struct str system, struct str record, struct http_reply *out) {
  struct err e = {0};
  json_t *all = json_array();
  struct str next = STR("");
  vec_push(p->mem, &p->answers) = all;
  for (int i = 0; i < LIST_PAGES_MOST; i++) {
    const struct str path = str_fmt(p->mem, "/api/v1/s/" STRF "/" STRF "%s" STRF, STRA(system), STRA(record),
                                    next.len ? "?after=" : "", STRA(http_escape(p->mem, next)));
    if (!play_get(p, who, path, out, &e) || out->status != 200) return NULL;
    json_t *rows = json_object_get(out->json, "rows");
    if (!json_is_array(rows)) return NULL;
    (void)json_array_extend(all, rows);
    next = json_text(json_object_get(out->json, "next"));
    if (!next.len) return all;
  }
  return NULL;
}
