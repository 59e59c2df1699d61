/* Reading sensitive data is an act: it leaves an event before the value is shown. */
#ifndef APP_SIGHT_H
#define APP_SIGHT_H
#include "app/who.h"
#include "base/msg.h"
#include "engine/register/codes.h"

struct store;
/* The numbers of a person, each a field of rules/rights/kernel.yaml: FIELD whole, FIELD_masked with its ends alone. */
struct sight_field {
  enum code_kind kind;
  const char *field, *masked;
};
extern const struct sight_field sight_fields[];
enum { SIGHT_FIELDS = 3 };
/* A number of a person for a page, as far as its class is open to who asks: whole for a purpose that is stated, else its ends;
 * empty, as if there were none, when not even these are. The page shows the rest also while this one cannot be read: then *out
 * is empty and *out_why says in words why (its key is missing, its cell was altered). `purpose`: as declared. */
MUST_CHECK bool sight_number(struct store *session, struct arena *mem, const struct who *w, enum lang lang,
                             struct str person, const struct sight_field *f, struct str purpose, struct str *out,
                             struct str *out_why, struct err *e);
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
