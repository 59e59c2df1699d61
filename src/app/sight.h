/* Reading sensitive data is an act: it leaves an event before the value is shown. */
#ifndef APP_SIGHT_H
#define APP_SIGHT_H
#include "base/msg.h"
#include "engine/register/codes.h"

struct store;
/* A number of a person for a page, which shows the rest also while this one cannot be read: then *out is empty and *out_why says
 * in words why (its key is missing, its cell was altered). */
MUST_CHECK bool sight_number(struct store *session, struct arena *mem, enum lang lang, struct str person,
                             enum code_kind kind, struct str *out, struct str *out_why, struct err *e);
struct sight {
  struct str actor;
  struct str record, id; /* whose */
  struct str fields;     /* which: names with a comma between */
  struct str purpose;    /* what for: a word the rules know, or a sentence */
  int64_t now_us;
};
/* ERR_INVALID without a purpose. Only when it answers true may the value be shown. */
MUST_CHECK bool sight_note(struct store *store, struct arena *mem, const struct sight *s, struct err *e);
#endif
