/* Who asks, as the pages know them: an account, the person behind it, and what they may do. Lives in the request. */
#ifndef APP_WHO_H
#define APP_WHO_H
#include "engine/account/roles.h"
#include "web/web.h"

struct who_post { /* held today */
  struct str role, title, unit, unit_name, kind;
};
struct who {
  struct str account, login, name;
  struct str person;  /* empty: an administrator without one */
  struct str admin;   /* system, security, audit; empty = none */
  struct str session; /* its id; empty for a program's token */
  struct str scopes;  /* of a program's token */
  VEC(struct who_post) posts;
  bool must_change; /* the password first */
  bool is_demo;
};
static inline const struct who *who_of(const struct web_request *rq) { return rq->who; }

/* THE decision: may this one do the act? Everything that asks goes through here: routes before their handlers, pages that
 * offer an act. `w` NULL is somebody who is not signed in. Four acts stand outside the roles:
 *   open            anybody
 *   leave           whoever has a session, even before the first password is changed
 *   self.password   the same; nothing else until it is changed
 *   self            whoever is signed in, about their own account; never a program
 * Refuses with ERR_SIGN_IN or, saying which act and why in `lang`, ERR_FORBIDDEN. What one may not see is for handlers:
 * ERR_NOT_FOUND. */
MUST_CHECK bool may(const struct who *w, enum lang lang, struct str act, struct err *e);
/* The same as a question. */
bool can(const struct who *w, const char *act);
/* Their posts or their administration, as people say them: 计划管理员（发展规划与财务处）. In mem. */
struct str who_roles(struct arena *mem, const struct who *w, enum lang lang);
#endif
