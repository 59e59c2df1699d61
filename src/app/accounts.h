/* Accounts as a service: who signs in, what a session is worth, what failed. Every act is one event; no event, log or answer
 * ever holds a password, a token or a code.
 *
 * What is the same whether an account exists or not: the words of a refusal, the time it takes (a password is always
 * checked against some hash), and the waiting after failures, which are counted for the name that was typed. */
#ifndef APP_ACCOUNTS_H
#define APP_ACCOUNTS_H
#include "app/who.h"
#include "engine/account/rules.h"
#include "store/store.h"

struct accounts;
/* demo: the demo's accounts may be used, by a click. Logins of a database without administrators are made by
 * accounts_first. */
MUST_CHECK bool accounts_start(struct store *store, bool demo, struct accounts **out, struct err *e);
/* Before serving: secrets of second factors from before they were sealed are sealed, and the journal lets go of them. ERR_GUARD
 * when there are such and the ring has no key for them. */
MUST_CHECK bool accounts_seal_factors(struct store *store, int64_t now_us, struct err *e);
void accounts_stop(struct accounts *a);

/* The two questions of web_config. Their app is a struct app. */
MUST_CHECK bool accounts_identify(struct web_request *rq, struct err *e);
MUST_CHECK bool accounts_decide(struct web_request *rq, struct err *e);

/* ---- signing in ---- */

enum { FIRST_ADMINS = 3 };
struct first_admins {
  struct str login[FIRST_ADMINS], password[FIRST_ADMINS]; /* to be shown once; empty when there are administrators */
};
/* Makes the three administrators with one-time passwords when the database has none but the demo's. */
MUST_CHECK bool accounts_first(struct accounts *a, struct arena *mem, int64_t now_us, struct first_admins *out,
                               struct err *e);
/* A new one-time password for an account, whose sessions end; for the command line. */
MUST_CHECK bool accounts_reset(struct accounts *a, struct arena *mem, struct str login, struct str actor,
                               int64_t now_us, struct str *out_password, struct err *e);

/* Checks the password and opens a session under a new token, whose cookie goes with rs. With a second factor the session
 * is not open yet (*out_second) until accounts_second has taken its code, under another token. Refuses: ERR_FORBIDDEN (one text
 * for all reasons), ERR_TOO_MANY while the name or the address waits, ERR_BUSY. */
MUST_CHECK bool accounts_sign_in(struct web_request *rq, struct web_response *rs, struct str login, struct str password,
                                 bool *out_second, struct err *e);
/* Does this browser's session wait for its second factor? Its login then, else empty. */
MUST_CHECK bool accounts_waiting(struct web_request *rq, struct str *out_login, struct err *e);
/* Takes a code of the app or a recovery code. Refuses like accounts_sign_in; ERR_SIGN_IN when nothing waits. */
MUST_CHECK bool accounts_second(struct web_request *rq, struct web_response *rs, struct str code, struct err *e);
/* The same by a click, for one of the demo's accounts; ERR_NOT_FOUND when they are not offered. */
MUST_CHECK bool accounts_sign_in_demo(struct web_request *rq, struct web_response *rs, struct str login, struct err *e);
/* Another system vouches for this person: opens a session of the account that is bound to its `subject`. The provider's name
 * is the program's own word; whoever calls has made sure that the system did say so, in this request. Nobody's password is
 * looked at; a second factor of the account is asked for all the same (*out_second). Such a session counts only while the
 * other system goes on naming the same person. Refuses: ERR_FORBIDDEN (one text: no account is bound, or it is not open, an
 * administrator's or the demo's), ERR_TOO_MANY while the subject or the address waits. */
MUST_CHECK bool accounts_enter_outside(struct web_request *rq, struct web_response *rs, const char *provider,
                                       struct str subject, bool *out_second, struct err *e);
#define OUTSIDE_PROXY "proxy" /* the one provider there is: web_config.vouch_header */
MUST_CHECK bool accounts_sign_out(struct web_request *rq, struct web_response *rs, struct err *e);

struct demo_login {
  struct str login, name, role, unit; /* role: its name, or that of the administration */
  bool is_admin;
};
typedef VEC(struct demo_login) demo_logins;
/* Whom the sign-in page offers; nobody without --demo or to somebody who is not on this machine. */
bool accounts_offer_demo(const struct web_request *rq);
MUST_CHECK bool accounts_demo_logins(struct web_request *rq, demo_logins *out, struct err *e);

struct account_row {
  struct str id, login, name, person, admin, outside; /* outside: the subject it is bound to; empty = none */
  struct str state;                                   /* state: new, open, closed */
  bool is_demo, must_change, has_password;
  int64_t seen_us; /* 0 = never signed in */
};
typedef VEC(struct account_row) account_rows;
/* By login; `after` a login goes on behind it. */
MUST_CHECK bool accounts_list(struct accounts *a, struct arena *mem, struct str after, size_t most, account_rows *out,
                              struct err *e);

/* ---- a person's own account ---- */

/* Is this the password of the account that is signed in? Guesses count like those at the door. Refuses ERR_INVALID at field
 * "old". The demo's accounts have none and pass. */
MUST_CHECK bool accounts_confirm(struct web_request *rq, struct str password, struct err *e);
/* Refuses ERR_INVALID at field "old" or "password". Other sessions end; this one goes on under a new token. */
MUST_CHECK bool accounts_change_password(struct web_request *rq, struct web_response *rs, struct str old,
                                         struct str password, struct err *e);

struct outside {      /* whom the proxy's sign-in calls the account that is signed in */
  struct str subject; /* empty = it is not bound */
  int64_t made_us;
};
MUST_CHECK bool accounts_outside(struct web_request *rq, struct outside *out, struct err *e);
struct factor { /* the second factor of the account that is signed in */
  bool confirmed, begun;
  struct str secret;  /* while it is begun: to be shown; empty afterwards */
  int64_t codes_left; /* recovery codes */
};
MUST_CHECK bool accounts_factor(struct web_request *rq, struct factor *out, struct err *e);
/* Makes a new secret, which counts for nothing until it is confirmed. ERR_GUARD when there is a factor, or in the demo. */
MUST_CHECK bool accounts_factor_begin(struct web_request *rq, struct err *e);
enum { RECOVERY_CODES = 10 };
/* Confirms it by a code; gives the recovery codes, shown this once. ERR_INVALID at "code". */
MUST_CHECK bool accounts_factor_confirm(struct web_request *rq, struct str code, struct str out[RECOVERY_CODES],
                                        struct err *e);
/* Both ask for the password, see accounts_confirm. */
MUST_CHECK bool accounts_factor_codes(struct web_request *rq, struct str password, struct str out[RECOVERY_CODES],
                                      struct err *e);
MUST_CHECK bool accounts_factor_drop(struct web_request *rq, struct str password, struct err *e);

struct session_row {
  struct str id, address, agent;
  int64_t created_us, seen_us;
  bool is_this;
};
typedef VEC(struct session_row) session_rows;
MUST_CHECK bool accounts_sessions(struct web_request *rq, session_rows *out, struct err *e); /* live ones */
/* Ends one session of one's own; `id` empty = all but this one. ERR_NOT_FOUND. */
MUST_CHECK bool accounts_session_end(struct web_request *rq, struct str id, struct err *e);

struct token_row {
  struct str id, name, scopes;
  int64_t created_us, expires_us, used_us; /* used_us 0 = never */
};
typedef VEC(struct token_row) token_rows;
struct token_wish {
  struct str name, scopes; /* scopes: read, act, or names of acts, a blank between */
  int days;
};
MUST_CHECK bool accounts_tokens(struct web_request *rq, token_rows *out, struct err *e);
/* A token for a program that acts as this account, within the scopes. It is in *out this once. Asks for the password.
 * ERR_INVALID at "name", "scopes", "days"; ERR_GUARD for administrators, who act in person, and beyond TOKENS_MAX. */
MUST_CHECK bool accounts_token_make(struct web_request *rq, const struct token_wish *wish, struct str password,
                                    struct str *out, struct err *e);
MUST_CHECK bool accounts_token_end(struct web_request *rq, struct str id, struct err *e);

/* ---- what administrators do with other accounts; nobody with their own (ERR_GUARD) ---- */

/* A new account, for a person (by id or whole name) or, without one, under a name. It can be used when a security
 * administrator has approved it; *out_password is its one-time password, shown this once. ERR_INVALID at "login", "person",
 * "name". */
MUST_CHECK bool accounts_make(struct web_request *rq, struct str login, struct str person, struct str name,
                              struct str *out_password, struct err *e);
MUST_CHECK bool accounts_reset_other(struct web_request *rq, struct str id, struct str *out_password, struct err *e);
enum account_deed {
  ACCOUNT_CLOSE,   /* system: its sessions and tokens are over */
  ACCOUNT_REOPEN,  /* system: waits for approval again */
  ACCOUNT_APPROVE, /* security */
  ACCOUNT_UNLOCK,  /* security: failures are forgotten, the second factor is dropped */
};
MUST_CHECK bool accounts_do(struct web_request *rq, struct str id, enum account_deed deed, struct err *e);
/* Which person of the proxy's sign-in this account is; empty = none any more. Its sessions end, and it is told. ERR_INVALID at
 * "subject"; ERR_GUARD for administrators, who sign in with their own password, and for the demo's accounts. */
MUST_CHECK bool accounts_bind(struct web_request *rq, struct str id, struct str subject, struct err *e);
/* system, security, audit, or empty for none; its sessions end. ERR_GUARD when it would leave one of the three to nobody. */
MUST_CHECK bool accounts_set_admin(struct web_request *rq, struct str id, struct str admin, struct err *e);
/* 周敏（zhoumin）: who acted, in every event. In mem. */
struct str actor_of(struct arena *mem, struct str name, struct str login);
/* The login in it, borrowed; all of it when it is the name of a program. */
struct str actor_login(struct str actor);
#endif
