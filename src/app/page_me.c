/* One's own account: who I am here, my password, my second factor, my sessions. Tokens for programs are in page_tokens.c. */
#include "app/page_me.h"

#include "app/qr.h"
#include "engine/account/totp.h"
#include "pages.h"
#include "texts.h"

/* ---- /me ---- */

struct me {
  struct factor factor;
  struct outside outside;
  session_rows sessions;
  token_rows tokens;
};
static bool load_me(struct web_request *rq, struct me *m, struct err *e) {
  return accounts_factor(rq, &m->factor, e) && accounts_outside(rq, &m->outside, e) &&
         accounts_sessions(rq, &m->sessions, e) && accounts_tokens(rq, &m->tokens, e);
}
static void time_json(struct web_request *rq, struct json_out *j, const char *name, int64_t at_us) {
  if (at_us) json_str(j, name, clock_rfc3339(rq->mem, at_us));
  else json_nil(j, name);
}
static void sessions_json(struct web_request *rq, const struct me *m, struct json_out *j) {
  json_open(j, "sessions", '[');
  vec_each(const struct session_row, s, &m->sessions) {
    json_open(j, NULL, '{');
    json_str(j, "id", s->id);
    json_str(j, "address", s->address);
    json_str(j, "agent", s->agent);
    time_json(rq, j, "since", s->created_us);
    time_json(rq, j, "seen", s->seen_us);
    json_bool(j, "this", s->is_this);
    json_close(j, '}');
  }
  json_close(j, ']');
}
static void tokens_json(struct web_request *rq, const struct me *m, struct json_out *j) {
  json_open(j, "tokens", '[');
  vec_each(const struct token_row, t, &m->tokens) {
    json_open(j, NULL, '{');
    json_str(j, "id", t->id);
    json_str(j, "name", t->name);
    json_str(j, "scopes", t->scopes);
    time_json(rq, j, "until", t->expires_us);
    time_json(rq, j, "used", t->used_us);
    json_close(j, '}');
  }
  json_close(j, ']');
}
static void me_json(struct web_request *rq, const struct me *m, struct json_out *j) {
  const struct who *w = who_of(rq);
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_str(j, "login", w->login);
  json_str(j, "name", w->name);
  json_str(j, "admin", w->admin);
  json_open(j, "posts", '[');
  for (size_t i = 0; i < w->holds.posts.len; i++) {
    json_open(j, NULL, '{');
    json_str(j, "role", w->holds.posts.at[i].role);
    json_str(j, "unit", w->holds.posts.at[i].unit);
    json_str(j, "unit_name", w->holds.posts.at[i].unit_name);
    json_close(j, '}');
  }
  json_close(j, ']');
  json_bool(j, "second_factor", m->factor.confirmed);
  json_str_or_null(j, "outside", m->outside.subject.len ? m->outside.subject : (struct str){0});
  sessions_json(rq, m, j);
  tokens_json(rq, m, j);
  json_close(j, '}');
  json_close(j, '}');
}

/* How a program is called that signs in; enough to tell one's own devices apart. */
static struct str agent_says(struct web_request *rq, struct str agent) {
  static const struct {
    const char *part, *name;
  } known[] = {{"Edg/", "Edge"},
               {"Firefox/", "Firefox"},
               {"Chrome/", "Chrome"},
               {"Safari/", "Safari"},
               {"curl/", "curl"}},
    systems[] = {{"Windows", "Windows"}, {"Android", "Android"}, {"iPhone", "iPhone"},
                 {"iPad", "iPad"},       {"Mac OS", "macOS"},    {"Linux", "Linux"}};
  const char *system = NULL;
  struct str name = {0};
  if (str_find(agent, STR("MicroMessenger")) != STR_NONE)
    name = page_text(rq, MSG_me_agent_wechat); /* a Chrome inside */
  for (size_t i = 0; i < COUNT_OF(known) && !name.len; i++)
    if (str_find(agent, str_of(known[i].part)) != STR_NONE) name = str_of(known[i].name);
  for (size_t i = 0; i < COUNT_OF(systems) && !system; i++)
    if (str_find(agent, str_of(systems[i].part)) != STR_NONE) system = systems[i].name;
  if (!name.len) return agent.len ? str_slice(agent, 0, 40) : page_text(rq, MSG_me_agent_unknown);
  return system ? str_fmt(rq->mem, STRF " · %s", STRA(name), system) : name;
}
static void fill_lists(struct web_request *rq, const struct me *m, struct view_me *v) {
  vec_each(const struct session_row, s, &m->sessions) {
    vec_push(rq->mem, &v->sessions) = (struct view_session){.id = s->id,
                                                            .address = s->address,
                                                            .agent = agent_says(rq, s->agent),
                                                            .since = page_when(rq, s->created_us),
                                                            .seen = page_when(rq, s->seen_us),
                                                            .is_this = s->is_this};
  }
  vec_each(const struct token_row, t, &m->tokens) {
    vec_push(rq->mem, &v->tokens) =
        (struct view_token){.id = t->id,
                            .name = t->name,
                            .scopes = t->scopes,
                            .until = date_iso(rq->mem, clock_today(t->expires_us)),
                            .used = t->used_us ? page_when(rq, t->used_us) : page_text(rq, MSG_me_never)};
  }
}
bool page_me_write(struct web_request *rq, struct web_response *rs, struct err *e) {
  const struct who *w = who_of(rq);
  struct me m = {0};
  TRY(load_me(rq, &m, e));
  if (rq->json) return me_json(rq, &m, web_json(rs)), true;
  struct view_me v = {.lang = rq->lang, .f = page_frame(rq, page_text(rq, MSG_me_title), PAGE_ME, NULL)};
  const struct msg_arg n = {"n", str_int(rq->mem, m.factor.codes_left)};
  v.login = w->login;
  v.name = w->name;
  v.roles = who_roles(rq->mem, w, rq->lang);
  v.said = page_said(rq);
  v.is_demo = w->is_demo;
  v.has_factor = m.factor.confirmed;
  if (v.has_factor) v.codes_left = msg_text(rq->mem, rq->lang, MSG_factor_codes_left, &n, 1);
  v.may_tokens = !w->admin.len;
  if (m.outside.subject.len) {
    const struct msg_arg o[] = {{"subject", m.outside.subject}, {"when", page_when(rq, m.outside.made_us)}};
    v.outside = msg_text(rq->mem, rq->lang, MSG_me_outside_is, o, COUNT_OF(o));
  }
  fill_lists(rq, &m, &v);
  v.is_many = v.sessions.len > 1;
  page_me(&rs->body, &v);
  return true;
}
bool page_me_done(struct web_request *rq, struct web_response *rs, const char *address, struct err *e) {
  if (rq->json) return page_me_write(rq, rs, e);
  web_redirect(rs, str_of(address));
  return true;
}
bool page_me_refused(const struct web_request *rq, struct web_response *rs, struct err *e, struct err *out) {
  if (rq->json || err_http(e->code) >= 500 || e->code == ERR_NOT_FOUND) return false;
  rs->status = err_http(e->code);
  *out = *e;
  *e = (struct err){0};
  return true;
}

/* ---- /me/password ---- */

static bool write_password(struct web_request *rq, struct web_response *rs, const struct err *refused) {
  const struct password_rules *rules = &sign_in_rules_known()->password;
  const struct msg_arg args[] = {{"least", str_int(rq->mem, rules->least)},
                                 {"classes", str_int(rq->mem, rules->classes)}};
  struct view_password v = {.lang = rq->lang, .f = page_frame(rq, page_text(rq, MSG_password_title), PAGE_ME, NULL)};
  v.rule = msg_text(rq->mem, rq->lang, MSG_password_rule, args, COUNT_OF(args));
  v.login = who_of(rq)->login;
  v.must = who_of(rq)->must_change;
  v.is_demo = who_of(rq)->is_demo;
  if (!v.must) v.f.back = STR("/me");
  if (refused) {
    const struct str says = err_says(rq->mem, rq->lang, refused), field = err_field(refused);
    if (str_eqz(field, "old")) v.old_error = says;
    else if (str_eqz(field, "password")) v.new_error = says;
    else v.error = says;
  }
  page_password(&rs->body, &v);
  return true;
}
static bool show_password(struct web_request *rq, struct web_response *rs, struct err *e) {
  (void)e;
  return write_password(rq, rs, NULL);
}
static bool change_password(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct err refused = {0};
  bool ok = true;
  if (web_has_field(rq, "again") && !str_eq(web_field(rq, "again"), web_field(rq, "password")))
    ok = fail(e, ERR_INVALID, MSG_password_again, "name", STR("password"));
  ok = ok && accounts_change_password(rq, rs, web_field(rq, "old"), web_field(rq, "password"), e);
  if (ok) return page_me_done(rq, rs, "/me?did=password", e);
  return page_me_refused(rq, rs, e, &refused) && write_password(rq, rs, &refused);
}

/* ---- /me/second ---- */

static bool write_factor(struct web_request *rq, struct web_response *rs, const struct factor *f,
                         const struct err *refused) {
  struct view_factor v = {.lang = rq->lang, .f = page_frame(rq, page_text(rq, MSG_factor_title), PAGE_ME, NULL)};
  v.f.back = STR("/me");
  v.secret = base32(rq->mem, f->secret);
  v.address = totp_address(rq->mem, page_text(rq, MSG_app_name), who_of(rq)->login, f->secret);
  (void)qr_path(rq->mem, v.address, &v.squares, &v.box);
  if (refused) v.error = err_says(rq->mem, rq->lang, refused);
  if (rq->json) {
    struct json_out *j = web_json(rs);
    json_open(j, NULL, '{');
    json_open(j, "data", '{');
    json_str(j, "secret", v.secret);
    json_str(j, "address", v.address);
    json_close(j, '}');
    json_close(j, '}');
  } else {
    page_factor(&rs->body, &v);
  }
  return true;
}
static bool show_factor(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct factor f = {0};
  TRY(accounts_factor(rq, &f, e));
  if (f.secret.len) return write_factor(rq, rs, &f, NULL);
  return fail(e, ERR_NOT_FOUND, MSG_factor_none);
}
static bool begin_factor(struct web_request *rq, struct web_response *rs, struct err *e) {
  TRY(accounts_factor_begin(rq, e));
  if (rq->json) return show_factor(rq, rs, e);
  web_redirect(rs, STR("/me/second"));
  return true;
}
bool page_once(struct web_request *rq, struct web_response *rs, int title, int says, const struct str *lines,
               size_t n) {
  if (rq->json) {
    struct json_out *j = web_json(rs);
    json_open(j, NULL, '{');
    json_open(j, "data", '{');
    json_open(j, "once", '[');
    for (size_t i = 0; i < n; i++) json_str(j, NULL, lines[i]);
    json_close(j, ']');
    json_close(j, '}');
    json_close(j, '}');
    return true;
  }
  struct view_once v = {.lang = rq->lang, .f = page_frame(rq, page_text(rq, title), PAGE_ME, NULL)};
  v.title = page_text(rq, title);
  v.says = page_text(rq, says);
  v.done = page_text(rq, MSG_once_done);
  for (size_t i = 0; i < n; i++) vec_push(rq->mem, &v.lines) = lines[i];
  page_shown_once(&rs->body, &v);
  return true;
}
static bool confirm_factor(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct str codes[RECOVERY_CODES];
  struct err refused = {0};
  struct factor f = {0};
  if (accounts_factor_confirm(rq, web_field(rq, "code"), codes, e))
    return page_once(rq, rs, MSG_factor_codes, MSG_factor_codes_says, codes, RECOVERY_CODES);
  if (e->code != ERR_INVALID || !page_me_refused(rq, rs, e, &refused)) return false;
  return accounts_factor(rq, &f, e) && write_factor(rq, rs, &f, &refused);
}

/* ---- what asks for the password again ---- */

struct ask {
  int title, says, verb;
  const char *action;
  bool is_danger;
};
static const struct ask ask_drop = {MSG_factor_drop, MSG_factor_drop_says, MSG_factor_drop, "/me/second/drop", true},
                        ask_codes = {MSG_factor_new_codes, MSG_factor_new_codes_says, MSG_factor_new_codes,
                                     "/me/second/codes", false};
static bool write_ask(struct web_request *rq, struct web_response *rs, const struct ask *a, const struct err *refused) {
  struct view_ask v = {.lang = rq->lang, .f = page_frame(rq, page_text(rq, a->title), PAGE_ME, NULL)};
  v.f.back = STR("/me");
  v.title = page_text(rq, a->title);
  v.says = page_text(rq, a->says);
  v.verb = page_text(rq, a->verb);
  v.action = str_of(a->action);
  v.is_danger = a->is_danger;
  v.is_demo = who_of(rq)->is_demo;
  if (refused) v.error = err_says(rq->mem, rq->lang, refused);
  page_ask(&rs->body, &v);
  return true;
}
static bool show_drop(struct web_request *rq, struct web_response *rs, struct err *e) {
  (void)e;
  return write_ask(rq, rs, &ask_drop, NULL);
}
static bool drop_factor(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct err refused = {0};
  if (accounts_factor_drop(rq, web_field(rq, "old"), e)) return page_me_done(rq, rs, "/me?did=factor_drop", e);
  return page_me_refused(rq, rs, e, &refused) && write_ask(rq, rs, &ask_drop, &refused);
}
static bool show_codes(struct web_request *rq, struct web_response *rs, struct err *e) {
  (void)e;
  return write_ask(rq, rs, &ask_codes, NULL);
}
static bool new_codes(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct str codes[RECOVERY_CODES];
  struct err refused = {0};
  if (accounts_factor_codes(rq, web_field(rq, "old"), codes, e))
    return page_once(rq, rs, MSG_factor_codes, MSG_factor_codes_says, codes, RECOVERY_CODES);
  return page_me_refused(rq, rs, e, &refused) && write_ask(rq, rs, &ask_codes, &refused);
}

/* ---- sessions ---- */

static bool end_session(struct web_request *rq, struct web_response *rs, struct err *e) {
  return accounts_session_end(rq, web_param(rq, "session"), e) && page_me_done(rq, rs, "/me?did=session_end", e);
}
static bool end_others(struct web_request *rq, struct web_response *rs, struct err *e) {
  return accounts_session_end(rq, STR(""), e) && page_me_done(rq, rs, "/me?did=session_end", e);
}

const struct route page_me_routes[] = {
    {GET, "/me", "self", page_me_write, "your own account, its sessions and tokens", .query = NULL},
    {GET, "/me/password", "self.password", show_password, "the form for a new password", .flags = ROUTE_PAGE_ONLY},
    {POST, "/me/password", "self.password", change_password, "change your password", .form = "old! password! again"},
    {GET, "/me/second", "self", show_factor, "the secret of a second factor that is being set up", .query = NULL},
    {POST, "/me/second", "self", begin_factor, "begin to set up a second factor", .form = ""},
    {POST, "/me/second/confirm", "self", confirm_factor, "confirm it by a code; gives recovery codes", .form = "code!"},
    {GET, "/me/second/codes", "self", show_codes, "asks for the password", .flags = ROUTE_PAGE_ONLY},
    {POST, "/me/second/codes", "self", new_codes, "new recovery codes; the old ones are worth nothing", .form = "old!"},
    {GET, "/me/second/drop", "self", show_drop, "asks for the password", .flags = ROUTE_PAGE_ONLY},
    {POST, "/me/second/drop", "self", drop_factor, "do without the second factor", .form = "old!"},
    {POST, "/me/sessions/{session}/end", "self", end_session, "end one of your sessions", .form = ""},
    {POST, "/me/sessions/end", "self", end_others, "end all your other sessions", .form = ""},
    {0},
};
