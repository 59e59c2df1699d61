/* The tree of units in the store: its whole history read, what an act changed written, and sensitive numbers of people.
 * Functions take a session; what they return lives in `mem`. Nothing here decides: app/org does, inside one act. */
#ifndef ENGINE_REGISTER_REGISTER_STORE_H
#define ENGINE_REGISTER_REGISTER_STORE_H
#include "engine/register/codes.h"
#include "engine/register/org.h"
#include "store/store.h"

/* Days between their two forms; what is no day gives ORG_OPEN. */
int32_t register_day(struct str iso);
struct str register_day_text(struct arena *mem, int32_t day);

/* Reads every version of every unit into *o, which org_begin has begun. */
MUST_CHECK bool register_store_read(struct store *s, struct org *o, struct err *e);
/* Inside an act: versions of the units that changed, and their rows as of today (the day of now_us). A new unit's row is
 * there already (register_store_found). The closure of the tree is brought along. */
MUST_CHECK bool register_store_write(struct store *tx, struct arena *mem, struct org *o, int64_t now_us, struct err *e);
MUST_CHECK bool register_store_found(struct store *tx, const struct org_act *a, struct str kind, struct str parent,
                                     struct err *e);
/* Inside an act: brings the rows of units to the day of now_us when acts were told ahead of their day, and gives pinyin to
 * rows of an older program. *out_any: something was written. */
MUST_CHECK bool register_store_day(struct store *tx, struct arena *mem, int64_t now_us, bool *out_any, struct err *e);

/* ---- numbers that are not to be seen: CODE_IDENTITY, CODE_PHONE, CODE_PUPIL; sealed with the store's key ring, without which
 * they are refused (ERR_GUARD) ---- */

#define REGISTER_COMPARTMENT STR("person")

/* Empty when there is none. */
MUST_CHECK bool register_store_secret(struct store *s, struct arena *mem, struct str person, enum code_kind kind,
                                      struct str *out, struct err *e);
/* Inside an act; an empty value takes it away. */
MUST_CHECK bool register_store_set_secret(struct store *tx, struct arena *mem, struct str person, enum code_kind kind,
                                          struct str value, struct err *e);
/* What is kept of a person's numbers: which there are, and how many values of theirs stand in the histories, masked or sealed. */
struct register_kept {
  VEC(struct str) fields; /* code_word */
  int64_t values;
};
MUST_CHECK bool register_store_kept(struct store *s, struct arena *mem, struct str person, struct register_kept *out,
                                    struct err *e);
/* Inside an act: all of it goes for ever, here and in any restore to an earlier point (docs/decisions/0008); the chain of events
 * holds. Journal and backups from before still have it. */
MUST_CHECK bool register_store_erase(struct store *tx, struct arena *mem, struct str person, struct err *e);
/* People with the same value. */
struct register_people {
  struct str *at;
  size_t len, cap;
};
MUST_CHECK bool register_store_same(struct store *s, struct arena *mem, enum code_kind kind, struct str value,
                                    struct register_people *out, struct err *e);
#endif
