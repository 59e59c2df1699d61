/* Who asks, as the pages know them: an account, the person behind it, what they hold, and the decision what they may do.
 * Lives in the request.
 *
 *   TRY(may(who_of(rq), rq->lang, STR("plan.correct"), NULL, e));               // at all: before a handler
 *   TRY(may(w, lang, act, &(struct object){s, "plan", id, MSG_plans_none}, e));  // on this one, in a reader or in the act
 *   TRY(who_filter(w, s, "plan", ids, n, in_it, e));                            // rows found by other means: searches
 *   who_condition(w, "plan", fields, &condition);                               // a list, its count, its choices */
#ifndef APP_WHO_H
#define APP_WHO_H
#include "base/limits.h"
#include "engine/account/roles.h"
#include "engine/rights/rights_store.h"
#include "web/web.h"

struct who {
  struct str account, login, name;
  struct str person;  /* empty: an administrator without one */
  struct str admin;   /* system, security, audit; empty = none */
  struct str session; /* its id; empty for a program's token */
  struct str scopes;  /* of a program's token */
  struct rights_person
      holds;               /* today: one's posts and those stood in for; of an administrator the administration alone */
  struct who_views *views; /* what that shows, put together when it is first asked for */
  bool must_change;        /* the password first */
  bool is_demo;
  const struct systems *systems; /* whose roles their posts may name; NULL: none */
  bool is_program;               /* this program itself (who_program): sees and may everything */
};
static inline const struct who *who_of(const struct web_request *rq) { return rq->who; }
/* The program at its own work: the demonstration, making the search again. Never an answer to somebody. */
extern const struct who who_program;
/* Reads what a person, or an administrator, holds at this moment: w->person and w->admin say who; mem is the request's. */
MUST_CHECK bool who_load(struct store *s, struct arena *mem, int64_t now_us, struct who *w, struct err *e);

/* What an act is done on, or what is looked at. */
struct object {
  struct store *at; /* a reader; or the act that writes, so that nothing changes in between */
  const char *table;
  struct str id;
  int absent; /* says what is said of one that is not there; one that is not seen answers the same */
};
/* THE decision: may this one do the act, on this thing? Everything that asks goes through here: routes before their
 * handlers (without a thing), handlers and acts on the thing they are about, pages that offer an act. `w` NULL is somebody
 * who is not signed in. Seven acts stand outside the roles:
 *   open            anybody
 *   leave           whoever has a session, even before the first password is changed
 *   self.password   the same; nothing else until it is changed
 *   self            whoever is signed in, about their own account; never a program
 *   system.see, system.act   whoever is signed in with a post: what they see and may do, the package decides (app/systems.h)
 *   search.see      the same, and administrators who see units: each group of what is found has its own right
 * A thing must be seen, else ERR_NOT_FOUND with `absent`; and unless the act is to see, seen through a role that holds the
 * act; an empty act asks only whether it is seen. Refuses with ERR_SIGN_IN or, saying which act and why in `lang`, ERR_FORBIDDEN. */
MUST_CHECK bool may(const struct who *w, enum lang lang, struct str act, const struct object *on, struct err *e);
/* The same as a question: what a page offers. At all, and on a thing, which fails only when the store does. */
bool can(const struct who *w, const char *act);
MUST_CHECK bool can_on(const struct who *w, const char *act, const struct object *on, bool *out_may, struct err *e);

/* ---- the same for many: over the records of rules/rights/kernel.yaml that are in the table ---- */

/* Which of the rows are seen; out_in: one for each id. Any number of ids. */
MUST_CHECK bool who_filter(const struct who *w, struct store *s, const char *table, const struct str *ids, size_t n,
                           bool *out_in, struct err *e);
/* On which of these things may they do the act? As who_filter. */
MUST_CHECK bool who_filter_act(const struct who *w, struct store *s, const char *act, const char *table,
                               const struct str *ids, size_t n, bool *out_in, struct err *e);
/* The same for rows that a statement gave: *out_seen has a flag for each. */
#define SEEN_ROWS(memory, who, session, table, id, rows, out_seen, e)                \
  do {                                                                               \
    struct str *ids_ = arena_new_n((memory), struct str, (rows)->len);               \
    *(out_seen) = arena_new_n((memory), bool, (rows)->len);                          \
    for (size_t i_ = 0; i_ < (rows)->len; i_++) ids_[i_] = (rows)->at[i_].id;        \
    TRY(who_filter((who), (session), (table), ids_, (rows)->len, *(out_seen), (e))); \
  } while (0)
/* The same for a statement that is put together elsewhere: over alias r of the table, @ for each value. `fields` (ended by
 * NULL) are what it tells or asks for: rows of which all of them may be read, by the highest of their classes. A record
 * that has some of them is asked for those; one that has none shows nothing. */
void who_condition(const struct who *w, const char *table, const char *const *fields, struct rights_condition *out);
/* The part of it that asks for nothing but this column: two rows with the same value are seen alike. */
void who_alike(const struct who *w, const char *table, const char *column, struct rights_condition *out);
/* A statement that gives the ids of the rows seen, of each grant at most `most`; never when they see all of the table. */
void who_ids(const struct who *w, const char *table, int most, struct rights_condition *out);
/* May they read this field of the row, by its class? The row is seen. `purpose`: what for, as the declaration knows it;
 * empty = none stated. */
MUST_CHECK bool who_reads(const struct who *w, struct store *s, const char *table, struct str id, const char *field,
                          struct str purpose, bool *out_may, struct err *e);

/* Units at which they do an act that makes a row of the table: the seats of their posts whose role holds it, in the order of
 * the posts, each once. out: room for RIGHTS_POSTS_MAX. */
size_t who_seats(const struct who *w, struct str act, const char *table, struct str *out);

/* ---- why ---- */

/* rules/rights/kernel.yaml with the acts of rules/roles.yaml; read once. */
const struct rights_model *who_model(void);
const struct rights_view *who_view(const struct who *w, const struct rights_record *record);
/* Their posts or their administration, as people say them: 计划管理员（发展规划与财务处）. In mem. */
struct str who_roles(struct arena *mem, const struct who *w, enum lang lang);
#endif
