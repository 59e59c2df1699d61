/* Plans in a row: the words of their states, and the newest to choose from. */
#include "app/plans_int.h"

static const char *const status_words[] = {"any", "open", "accepted", "void"};
const char *plan_status_word(enum plan_status s) { return status_words[s]; }

bool plans_newest(struct plans *s, struct arena *mem, size_t most, plan_rows *out, struct err *e) {
  AUTO_READ *r = store_read_begin(s->store, e);
  return r && plan_store_newest(r, mem, most, out, e);
}
