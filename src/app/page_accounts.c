/* The two lists of accounts: the system administrator's, who makes and closes them, and the security administrator's, who
 * approves them and says who is an administrator. Neither can do what the other does. */
#include "app/page_me.h"
#include "pages.h"
#include "texts.h"

enum { ROWS = 100 };

static void row_json(struct web_request *rq, const struct account_row *r, struct json_out *j) {
  json_open(j, NULL, '{');
  json_str(j, "id", r->id);
  json_str(j, "login", r->login);
  json_str(j, "name", r->name);
  json_str(j, "person", r->person);
  json_str(j, "admin", r->admin);
  json_str(j, "state", r->state);
  json_str(j, "outside", r->outside);
  json_bool(j, "demo", r->is_demo);
  json_bool(j, "must_change", r->must_change);
  if (r->seen_us) json_str(j, "seen", clock_rfc3339(rq->mem, r->seen_us));
  else json_nil(j, "seen");
  json_close(j, '}');
}
static void rows_json(struct web_request *rq, const account_rows *rows, bool more, struct json_out *j) {
  json_open(j, NULL, '{');
  json_open(j, "rows", '[');
  for (size_t i = 0; i < rows->len; i++) row_json(rq, &rows->at[i], j);
  json_close(j, ']');
  if (more) json_str(j, "next", vec_last(rows).login);
  else json_nil(j, "next");
  json_close(j, '}');
}
static void offer_admins(struct web_request *rq, const struct account_row *r, struct view_account *v) {
  const struct roles *roles = roles_known();
  vec_push(rq->mem, &v->admins) = (struct view_option){STR(""), page_text(rq, MSG_admin_none), !r->admin.len};
  for (size_t i = 0; i < roles->roles.len; i++) {
    const struct role_rule *role = &roles->roles.at[i];
    if (role->is_administrator)
      vec_push(rq->mem, &v->admins) =
          (struct view_option){role->name, role->label[rq->lang], str_eq(role->name, r->admin)};
  }
}
static struct view_account row_view(struct web_request *rq, const struct account_row *r) {
  AUTO_ARENA scratch = {0};
  const struct role_rule *admin = roles_role(roles_known(), r->admin, true);
  struct view_account v = {.id = r->id, .login = r->login, .name = r->name, .is_demo = r->is_demo};
  v.admin = admin ? admin->label[rq->lang] : STR("");
  v.state = page_text_of(rq->mem, rq->lang, "admin_state_", str_z(&scratch, r->state));
  v.seen = r->seen_us ? page_when(rq, r->seen_us) : page_text(rq, MSG_me_never);
  v.is_new = str_eqz(r->state, "new");
  v.is_open = str_eqz(r->state, "open");
  v.is_closed = str_eqz(r->state, "closed");
  v.state_css = v.is_new ? STR(" tag-amber") : v.is_closed ? STR(" tag-red") : STR("");
  v.outside = r->outside;
  v.can_bind = (app_of(rq)->vouched || r->outside.len) && !r->is_demo && !r->admin.len;
  v.is_self = str_eq(r->id, who_of(rq)->account);
  if (r->person.len) v.person_href = str_fmt(rq->mem, "/people/" STRF, STRA(r->person));
  offer_admins(rq, r, &v);
  return v;
}

static bool write_list(struct web_request *rq, struct web_response *rs, bool security, const struct err *refused,
                       struct err *e) {
  account_rows rows = {0};
  TRY(accounts_list(app_of(rq)->accounts, rq->mem, web_query(rq, "after"), ROWS + 1, &rows, e));
  const bool more = rows.len > ROWS;
  if (more) rows.len = ROWS;
  if (rq->json) return rows_json(rq, &rows, more, web_json(rs)), true;
  const int title = security ? MSG_admin_roles : MSG_admin_accounts;
  struct view_accounts v = {.lang = rq->lang,
                            .f = page_frame(rq, page_text(rq, title), security ? PAGE_ROLES : PAGE_ACCOUNTS, NULL)};
  for (size_t i = 0; i < rows.len; i++) vec_push(rq->mem, &v.rows) = row_view(rq, &rows.at[i]);
  if (more) v.next = web_here(rq, "after", vec_last(&rows).login);
  v.said = page_said(rq);
  v.login = web_field(rq, "login");
  v.person = web_has_field(rq, "person") ? web_field(rq, "person") : web_query(rq, "person");
  v.name = web_field(rq, "name");
  if (refused) {
    const struct str says = err_says(rq->mem, rq->lang, refused), field = err_field(refused);
    if (str_eqz(field, "login")) v.login_error = says;
    else if (str_eqz(field, "person")) v.person_error = says;
    else if (str_eqz(field, "name")) v.name_error = says;
    else v.error = says;
  }
  if (security) page_roles(&rs->body, &v);
  else page_accounts(&rs->body, &v);
  return true;
}
static bool show_accounts(struct web_request *rq, struct web_response *rs, struct err *e) {
  return write_list(rq, rs, false, NULL, e);
}
static bool show_roles(struct web_request *rq, struct web_response *rs, struct err *e) {
  return write_list(rq, rs, true, NULL, e);
}

/* ---- acts ---- */

static bool ended(struct web_request *rq, struct web_response *rs, bool security, bool ok, struct err *e) {
  struct err refused = {0};
  if (!ok) return page_me_refused(rq, rs, e, &refused) && write_list(rq, rs, security, &refused, e);
  if (rq->json) return write_list(rq, rs, security, NULL, e);
  web_redirect(rs, security ? STR("/admin/roles?did=account-do") : STR("/admin/accounts?did=account-do"));
  return true;
}
static bool make(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct str password = {0};
  if (accounts_make(rq, web_field(rq, "login"), web_field(rq, "person"), web_field(rq, "name"), &password, e))
    return page_once(rq, rs, MSG_admin_reset_title, MSG_admin_reset_says, &password, 1);
  return ended(rq, rs, false, false, e);
}
static bool reset(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct str password = {0};
  if (accounts_reset_other(rq, web_param(rq, "id"), &password, e))
    return page_once(rq, rs, MSG_admin_reset_title, MSG_admin_reset_says, &password, 1);
  return ended(rq, rs, false, false, e);
}
static bool close_account(struct web_request *rq, struct web_response *rs, struct err *e) {
  return ended(rq, rs, false, accounts_do(rq, web_param(rq, "id"), ACCOUNT_CLOSE, e), e);
}
static bool reopen(struct web_request *rq, struct web_response *rs, struct err *e) {
  return ended(rq, rs, false, accounts_do(rq, web_param(rq, "id"), ACCOUNT_REOPEN, e), e);
}
static bool approve(struct web_request *rq, struct web_response *rs, struct err *e) {
  return ended(rq, rs, true, accounts_do(rq, web_param(rq, "id"), ACCOUNT_APPROVE, e), e);
}
static bool unlock(struct web_request *rq, struct web_response *rs, struct err *e) {
  return ended(rq, rs, true, accounts_do(rq, web_param(rq, "id"), ACCOUNT_UNLOCK, e), e);
}
static bool bind(struct web_request *rq, struct web_response *rs, struct err *e) {
  return ended(rq, rs, true, accounts_bind(rq, web_param(rq, "id"), web_field(rq, "subject"), e), e);
}
static bool set_admin(struct web_request *rq, struct web_response *rs, struct err *e) {
  return ended(rq, rs, true, accounts_set_admin(rq, web_param(rq, "id"), web_field(rq, "admin"), e), e);
}

const struct route page_accounts_routes[] = {
    {GET, "/admin/accounts", "account.manage", show_accounts, "all accounts", .query = "after person"},
    {POST, "/admin/accounts", "account.manage", make, "a new account; its one-time password is shown this once",
     .form = "login! person name"},
    {POST, "/admin/accounts/{id}/reset", "account.manage", reset, "a new one-time password, shown this once",
     .form = ""},
    {POST, "/admin/accounts/{id}/close", "account.manage", close_account, "close an account", .form = ""},
    {POST, "/admin/accounts/{id}/reopen", "account.manage", reopen, "a closed account waits for approval again",
     .form = ""},
    {GET, "/admin/roles", "role.grant", show_roles, "accounts as the security administrator sees them",
     .query = "after"},
    {POST, "/admin/roles/{id}/approve", "account.approve", approve, "approve a new account", .form = ""},
    {POST, "/admin/roles/{id}/unlock", "account.approve", unlock, "forget failures, drop the second factor",
     .form = ""},
    {POST, "/admin/roles/{id}/outside", "account.bind", bind,
     "whom the proxy's sign-in calls this account; empty: nobody any more", .form = "subject"},
    {POST, "/admin/roles/{id}/administrator", "role.grant", set_admin,
     "make it one of the three administrators, or none", .form = "admin"},
    {0},
};
