/* Units and people: what the pages, the commands, the import and the demo do to them. Every act is one event in the chain
 * with two times (when it is true, when it was told) and one transaction; what is refused changes nothing.
 *
 * Acts run in a session inside a transaction: org_write begins one, runs what it is given (which may run again) and ends it.
 *
 *   static bool run(struct org_session *s, void *arg, struct err *e) { return org_unit_do(s, arg, &id, e); }
 *   TRY(org_write(store, &who, run, &order, e));
 *
 * Days are typed as people type them (2026-9-1, 2026年9月1日); an empty day is today, an empty last day is open. */
#ifndef APP_ORG_H
#define APP_ORG_H
#include "app/plans.h"
#include "engine/register/register_store.h"

struct org_session {
  struct store *tx;
  struct arena *mem;
  const struct plans_who *who;
  const struct org_rules *rules;
  const struct code_rules *codes;
  struct date today;
  struct org *tree; /* private: read when first needed */
};
typedef bool (*org_deeds)(struct org_session *s, void *arg, struct err *e);
MUST_CHECK bool org_write(struct store *store, const struct plans_who *who, org_deeds run, void *arg, struct err *e);
/* The same inside an act that runs already. */
MUST_CHECK bool org_write_in(struct store *tx, struct arena *mem, const struct plans_who *who, org_deeds run, void *arg,
                             struct err *e);
/* At the start of a server and at the change of day. */
MUST_CHECK bool org_new_day(struct store *store, int64_t now_us, struct err *e);

/* ---- units ---- */

struct org_details { /* as typed; each may be empty */
  struct str stage, credit_code, school_code, region;
};
struct org_order {
  enum org_deed deed;
  struct str unit; /* FOUND, SPLIT: the id of the new one, empty = made here */
  struct str day, name, kind, parent, other;
  int place;
  const struct str *with; /* SPLIT */
  size_t with_count;
  struct org_details details; /* FOUND */
};
/* *out_id (may be NULL): of the unit, new for FOUND and SPLIT; in the session's memory. */
MUST_CHECK bool org_unit_do(struct org_session *s, const struct org_order *order, struct str *out_id, struct err *e);
/* Codes and stage; rev 0 = whatever stands. */
MUST_CHECK bool org_unit_describe(struct org_session *s, struct str unit, int64_t rev, const struct org_details *d,
                                  struct err *e);
MUST_CHECK bool org_unit_alias(struct org_session *s, struct str unit, struct str alias, struct err *e);
/* The session's tree, with everything done so far. */
MUST_CHECK bool org_session_tree(struct org_session *s, struct org **out, struct err *e);

/* ---- people ---- */

struct org_person {
  struct str id; /* empty = made here */
  struct str name;
  struct str identity, phone, pupil_code; /* as typed */
  bool is_pupil;                          /* has a token, may have guardians */
};
MUST_CHECK bool org_person_add(struct org_session *s, const struct org_person *p, struct str *out_id, struct err *e);
/* Name and numbers as given; rev 0 = whatever stands. `keep`: empty numbers stay as they are. */
MUST_CHECK bool org_person_change(struct org_session *s, const struct org_person *p, int64_t rev, bool keep,
                                  struct err *e);
struct org_post_order {
  struct str id; /* empty = made here */
  struct str person, unit, role, title, from, until;
};
MUST_CHECK bool org_post_add(struct org_session *s, const struct org_post_order *p, struct str *out_id, struct err *e);
MUST_CHECK bool org_post_end(struct org_session *s, struct str post, struct str last_day, struct err *e);
/* Stands in for the holder of a post. */
MUST_CHECK bool org_delegate(struct org_session *s, struct str post, struct str deputy, struct str from,
                             struct str until, struct err *e);
MUST_CHECK bool org_delegate_end(struct org_session *s, struct str delegation, struct str last_day, struct err *e);
MUST_CHECK bool org_guardian_add(struct org_session *s, struct str person, struct str pupil, struct str kin,
                                 struct str from, struct str until, struct err *e);
MUST_CHECK bool org_guardian_end(struct org_session *s, struct str guardian, struct str last_day, struct err *e);

/* ---- for those who write such acts ---- */

/* A day as typed; `absent` when empty. ERR_INVALID for what is no day or outside 1900 .. today + 5 years. */
MUST_CHECK bool org_day(struct org_session *s, struct str typed, struct str absent, struct str *out_iso, struct err *e);
struct event org_event(struct org_session *s, const char *record, struct str id, const char *act, struct str day);
void org_told(struct org_session *s, struct event *ev, const char *field, struct str before, struct str after);
/* Trims; ERR_TOO_LARGE above NAME_MAX_CHARS. */
MUST_CHECK bool org_words(struct str typed, struct str *out, struct err *e);
#endif
