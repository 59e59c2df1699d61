/* The door: signing in by password, in the demo by a click, and signing out. Outside of it everything is asked who asks;
 * where a person was going is remembered as an address of ours and nothing else. */
#include "app/page.h"
#include "app/views_account.h"
#include "pages.h"
#include "texts.h"

enum { NEXT_BYTES = 2000 };

bool page_is_own(struct str address) {
  if (!address.len || address.len > NEXT_BYTES || address.at[0] != '/') return false;
  if (address.len > 1 && address.at[1] == '/') return false;
  for (size_t i = 0; i < address.len; i++) {
    const unsigned char c = (unsigned char)address.at[i];
    if (c <= 0x20 || c >= 0x7F || c == '\\') return false; /* browsers read \ as / and drop line ends */
  }
  return true;
}

/* Where somebody lands who was going nowhere. */
static struct str home_of(const struct who *w) {
  if (w->must_change) return STR("/me/password");
  if (can(w, "plan.see")) return STR("/plans");
  if (can(w, "account.manage")) return STR("/admin/accounts");
  if (can(w, "role.grant")) return STR("/admin/roles");
  return can(w, "system.see") ? STR("/inbox") : STR("/me");
}
static struct str next_of(struct web_request *rq) {
  const struct str next = web_has_field(rq, "next") ? web_field(rq, "next") : web_query(rq, "next");
  return page_is_own(next) ? next : STR("");
}

/* ---- the page ---- */

static bool add_demo(struct web_request *rq, struct view_sign_in *v, struct err *e) {
  demo_logins list = {0};
  TRY(accounts_demo_logins(rq, &list, e));
  v->is_demo = accounts_offer_demo(rq);
  for (size_t i = 0; i < list.len; i++) {
    const struct demo_login *d = &list.at[i];
    const struct role_rule *role = roles_role(roles_known(), d->role, d->is_admin);
    const struct view_demo_login row = {d->login, d->name, role ? role->label[rq->lang] : d->role, d->unit};
    if (d->is_admin) vec_push(rq->mem, &v->admins) = row;
    else vec_push(rq->mem, &v->people) = row;
  }
  return true;
}
static bool write_page(struct web_request *rq, struct web_response *rs, const struct err *refused, struct err *e) {
  struct view_sign_in v = {.lang = rq->lang, .f = page_frame(rq, page_text(rq, MSG_sign_in_title), PAGE_OTHER, NULL)};
  TRY(add_demo(rq, &v, e));
  v.next = next_of(rq);
  v.vouched = rq->vouched;
  v.login = web_field(rq, "login");
  v.said = page_said(rq);
  if (refused) {
    rs->status = err_http(refused->code);
    v.error = err_says(rq->mem, rq->lang, refused);
    v.hint = err_hint_says(rq->mem, rq->lang, refused);
  }
  page_sign_in(&rs->body, &v);
  return true;
}
static bool show_sign_in(struct web_request *rq, struct web_response *rs, struct err *e) {
  const struct str next = next_of(rq);
  if (!rq->who) return write_page(rq, rs, NULL, e);
  web_redirect(rs, next.len ? next : home_of(who_of(rq)));
  return true;
}

/* ---- who am I ---- */

static bool show_session(struct web_request *rq, struct web_response *rs, struct err *e) {
  (void)e;
  const struct who *w = who_of(rq);
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_str(j, "actor", rq->actor);
  json_str(j, "token", rq->token);
  if (w) {
    json_str(j, "login", w->login);
    json_str(j, "name", w->name);
    json_bool(j, "must_change", w->must_change);
    json_open(j, "roles", '[');
    if (w->admin.len) json_str(j, NULL, w->admin);
    for (size_t i = 0; i < w->holds.posts.len; i++) json_str(j, NULL, w->holds.posts.at[i].role);
    json_close(j, ']');
  }
  json_close(j, '}');
  json_close(j, '}');
  return true;
}

/* ---- acts ---- */

static bool done(struct web_request *rq, struct web_response *rs, struct err *e) {
  const struct str next = next_of(rq);
  if (rq->json) return show_session(rq, rs, e);
  web_redirect(rs, next.len && !who_of(rq)->must_change ? next : home_of(who_of(rq)));
  return true;
}
/* The password was right; what is left is a code. */
static bool ask_second(struct web_request *rq, struct web_response *rs) {
  const struct str next = next_of(rq);
  if (rq->json) {
    struct json_out *j = web_json(rs);
    json_open(j, NULL, '{');
    json_open(j, "data", '{');
    json_bool(j, "second", true);
    json_str(j, "token", rq->token);
    json_close(j, '}');
    json_close(j, '}');
    return true;
  }
  web_redirect(rs, next.len ? str_fmt(rq->mem, "/sign-in/second?next=" STRF, STRA(web_escape(rq->mem, next)))
                            : STR("/sign-in/second"));
  return true;
}
static bool refuse(struct web_request *rq, struct web_response *rs, struct err *e) {
  if (rq->json || err_http(e->code) >= 500) return false;
  const struct err refused = *e;
  *e = (struct err){0};
  return write_page(rq, rs, &refused, e);
}
static bool sign_in(struct web_request *rq, struct web_response *rs, struct err *e) {
  bool is_second = false;
  if (accounts_sign_in(rq, rs, web_field(rq, "login"), web_field(rq, "password"), &is_second, e))
    return is_second ? ask_second(rq, rs) : done(rq, rs, e);
  return refuse(rq, rs, e);
}
static bool sign_in_outside(struct web_request *rq, struct web_response *rs, struct err *e) {
  bool is_second = false;
  if (!rq->vouched.len) return fail(e, ERR_NOT_FOUND, MSG_web_not_found);
  if (accounts_enter_outside(rq, rs, OUTSIDE_PROXY, rq->vouched, &is_second, e))
    return is_second ? ask_second(rq, rs) : done(rq, rs, e);
  return refuse(rq, rs, e);
}
static bool write_second(struct web_request *rq, struct web_response *rs, struct str login, const struct err *refused) {
  struct view_second v = {.lang = rq->lang,
                          .f = page_frame(rq, page_text(rq, MSG_second_title), PAGE_OTHER, NULL),
                          .login = login,
                          .next = next_of(rq)};
  if (refused) {
    rs->status = err_http(refused->code);
    v.error = err_says(rq->mem, rq->lang, refused);
  }
  page_second(&rs->body, &v);
  return true;
}
static bool show_second(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct str login = {0};
  TRY(accounts_waiting(rq, &login, e));
  if (login.len) return write_second(rq, rs, login, NULL);
  web_redirect(rs, STR("/sign-in"));
  return true;
}
static bool take_second(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct str login = {0};
  if (accounts_second(rq, rs, web_field(rq, "code"), e)) return done(rq, rs, e);
  if (rq->json || err_http(e->code) >= 500) return false;
  const struct err refused = *e;
  *e = (struct err){0};
  TRY(accounts_waiting(rq, &login, e));
  return login.len ? write_second(rq, rs, login, &refused) : write_page(rq, rs, &refused, e);
}
static bool sign_in_demo(struct web_request *rq, struct web_response *rs, struct err *e) {
  return accounts_sign_in_demo(rq, rs, web_field(rq, "login"), e) && done(rq, rs, e);
}
static bool sign_out(struct web_request *rq, struct web_response *rs, struct err *e) {
  TRY(accounts_sign_out(rq, rs, e));
  if (rq->json) return show_session(rq, rs, e);
  web_redirect(rs, STR("/sign-in?did=sign_out"));
  return true;
}
static bool go_home(struct web_request *rq, struct web_response *rs, struct err *e) {
  (void)e;
  web_redirect(rs, home_of(who_of(rq)));
  return true;
}

const struct route page_sign_in_routes[] = {
    {GET, "/", "leave", go_home, "to the first page of whoever is signed in", .flags = ROUTE_PAGE_ONLY},
    {GET, "/sign-in", "open", show_sign_in, "the form to sign in", .query = "next", .flags = ROUTE_PAGE_ONLY},
    {POST, "/sign-in", "open", sign_in, "sign in", .form = "login! password! next"},
    {GET, "/sign-in/second", "open", show_second, "asks for the code of the second factor", .query = "next",
     .flags = ROUTE_PAGE_ONLY},
    {POST, "/sign-in/second", "open", take_second, "the second factor: a code of the app, or a recovery code",
     .form = "code! next"},
    {POST, "/sign-in/demo", "open", sign_in_demo, "sign in as a person of the demo (only with --demo)",
     .form = "login! next"},
    {POST, "/sign-in/outside", "open", sign_in_outside,
     "sign in as whom the proxy names (only with the setting sign-in-header)", .form = "next"},
    {POST, "/sign-out", "leave", sign_out, "end this session", .form = ""},
    {GET, "/session", "open", show_session,
     "who you are, and the token for changes (send it as X-Token, with the cookies)", .flags = ROUTE_API_ONLY},
    {0},
};
