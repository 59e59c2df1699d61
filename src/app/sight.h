/* Reading sensitive data is an act: it leaves an event before the value is shown. */
#ifndef APP_SIGHT_H
#define APP_SIGHT_H
#include "base/err.h"

struct store;
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
