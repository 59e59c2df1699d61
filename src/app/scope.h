/* What the one who asks may see of the kernel's own records (rules/rights/kernel.yaml), by the one function of
 * engine/rights. A table may hold several records (people who work, pupils): a row is seen when one of them shows it.
 *
 *   struct scope sc;
 *   TRY(scope_of(s, rq->mem, person, admin, rq->now_us, &sc, e));
 *   TRY(scope_check(&sc, s, "person", id, MSG_people_none, e));    // not_found for what is not there and what is not seen
 *   TRY(scope_filter(&sc, s, "person", ids, n, in_it, e));         // rows found by other means: searches, names */
#ifndef APP_SCOPE_H
#define APP_SCOPE_H
#include "engine/rights/rights_store.h"

enum { SCOPE_RECORDS = 8 };
struct scope {
  struct arena *mem;
  int64_t now_us;
  struct rights_person person;
  struct rights_view views[SCOPE_RECORDS]; /* of the records of scope_model, in their order */
};
/* The program's own; read once. */
const struct rights_model *scope_model(void);
/* person: whose posts count; admin: system, security, audit, an administrator's power instead; each may be empty. */
MUST_CHECK bool scope_of(struct store *s, struct arena *mem, struct str person, struct str admin, int64_t now_us,
                         struct scope *out, struct err *e);
/* ERR_NOT_FOUND with `msg` unless the row of the table is seen. */
MUST_CHECK bool scope_check(struct scope *c, struct store *s, const char *table, struct str id, int msg, struct err *e);
/* Which of the rows are seen; out_in: one for each id. Any number of ids. */
MUST_CHECK bool scope_filter(struct scope *c, struct store *s, const char *table, const struct str *ids, size_t n,
                             bool *out_in, struct err *e);
/* The same for rows that a statement gave: *out_seen has a flag for each. */
#define SEEN_ROWS(memory, scope, session, table, id, rows, out_seen, e)                  \
  do {                                                                                   \
    struct str *ids_ = arena_new_n((memory), struct str, (rows)->len);                   \
    *(out_seen) = arena_new_n((memory), bool, (rows)->len);                              \
    for (size_t i_ = 0; i_ < (rows)->len; i_++) ids_[i_] = (rows)->at[i_].id;            \
    TRY(scope_filter((scope), (session), (table), ids_, (rows)->len, *(out_seen), (e))); \
  } while (0)
/* The same for a statement that is put together elsewhere: over alias r of the table, @ for each value. `fields` (ended by
 * NULL) are what it tells or asks for: rows of which all of them may be read, by the highest of their classes. A record
 * that has some of them is asked for those; one that has none shows nothing. */
void scope_condition(struct scope *c, const char *table, const char *const *fields, struct rights_condition *out);
#endif
