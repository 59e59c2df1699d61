/* What the pages of accounts show: signing in, one's own account, the administrators' lists. See views.h. */
#ifndef APP_VIEWS_ACCOUNT_H
#define APP_VIEWS_ACCOUNT_H
#include "app/views.h"

struct view_demo_login {
  struct str login, name, role, unit;
};
struct view_sign_in {
  enum lang lang;
  struct view_frame f;
  struct str login, next, error, hint, said;
  struct str vouched; /* whom the proxy has signed in; empty = nobody */
  bool is_demo;       /* the demo's persons are offered */
  VEC(struct view_demo_login) people, admins;
};
struct view_second {
  enum lang lang;
  struct view_frame f;
  struct str login, next, error;
};
struct view_password {
  enum lang lang;
  struct view_frame f;
  struct str rule, login, old_error, new_error, error;
  bool must, is_demo;
};
struct view_session {
  struct str id, address, agent, since, seen;
  bool is_this;
};
struct view_token {
  struct str id, name, scopes, until, used;
};
struct view_me {
  enum lang lang;
  struct view_frame f;
  struct str login, name, roles, said, error;
  struct str outside;    /* sentence; empty: it is not bound */
  struct str codes_left; /* sentence; empty without a second factor */
  bool is_demo, has_factor, is_many, may_tokens;
  VEC(struct view_session) sessions;
  VEC(struct view_token) tokens;
};
/* Setting up the second factor: the secret as a picture and as text. */
struct view_factor {
  enum lang lang;
  struct view_frame f;
  struct str secret, address, error;
  struct str squares, box; /* path of the QR code, and its viewBox */
};
/* Something that is shown this once: recovery codes, a token. */
struct view_once {
  enum lang lang;
  struct view_frame f;
  struct str title, says, done;
  VEC(struct str) lines;
};
struct view_token_form {
  enum lang lang;
  struct view_frame f;
  struct str name, name_error, days, days_error, scopes_error, old_error, error;
  bool is_demo;
  view_options scopes;
};
/* A question that asks for the password. */
struct view_ask {
  enum lang lang;
  struct view_frame f;
  struct str title, says, action, verb, error;
  bool is_demo, is_danger;
};
struct view_account {
  struct str id, login, name, person_href, admin, state, state_css, seen, roles, outside;
  bool can_bind, is_new, is_open, is_closed, is_demo, is_self;
  view_options admins;
};
struct view_accounts {
  enum lang lang;
  struct view_frame f;
  struct str said, next, error;
  struct str login, login_error, person, person_error, name, name_error; /* of the form */
  VEC(struct view_account) rows;
};
#endif
