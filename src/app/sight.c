/* One event for each reading: who, whose, which fields, what for. It is on the disk before the value leaves the program. */
#include "app/sight.h"

#include "engine/register/register_store.h"
#include "store/event.h"
#include "store/store.h"
#include "texts.h"

enum { PURPOSE_MOST = 400 };

const struct sight_field sight_fields[SIGHT_FIELDS] = {{CODE_IDENTITY, "identity", "identity_masked"},
                                                       {CODE_PHONE, "phone", "phone"},
                                                       {CODE_PUPIL, "pupil_number", "pupil_number_masked"}};

/* *out_why: why it cannot be read. */
static bool read_number(struct store *s, struct arena *mem, enum lang lang, struct str person, enum code_kind kind,
                        struct str *out, struct str *out_why, struct err *e) {
  struct err why = {0};
  if (register_store_secret(s, mem, person, kind, out, &why)) return true;
  *e = why;
  if (why.code != ERR_GUARD && why.msg != MSG_seal_broken) return false;
  const struct msg_arg args[] = {{"compartment", REGISTER_COMPARTMENT}, {"why", err_says(mem, lang, e)}};
  *out = STR("");
  *out_why = msg_text(mem, lang, MSG_sight_unreadable, args, COUNT_OF(args));
  *e = (struct err){0};
  return true;
}
bool sight_number(struct store *s, struct arena *mem, const struct who *w, enum lang lang, struct str person,
                  const struct sight_field *f, struct str purpose, struct str *out, struct str *out_why,
                  struct err *e) {
  bool whole = false, ends = false;
  *out = *out_why = STR("");
  if (purpose.len) TRY(who_reads(w, s, "person", person, f->field, purpose, &whole, e));
  if (!whole) TRY(who_reads(w, s, "person", person, f->masked, purpose, &ends, e));
  if (!whole && !ends) return true;
  TRY(read_number(s, mem, lang, person, f->kind, out, out_why, e));
  if (!whole && out->len) *out = code_masked(mem, *out);
  return true;
}

struct note_work {
  struct arena *mem;
  const struct sight *s;
};
static bool append(struct store *tx, void *arg, struct err *e) {
  const struct note_work *w = arg;
  struct event ev = {.at_us = w->s->now_us,
                     .valid = STR(""),
                     .actor = w->s->actor,
                     .record = w->s->record,
                     .id = w->s->id,
                     .act = STR("sight"),
                     .from = STR(""),
                     .to = STR("")};
  event_add(&ev, STR("fields"), w->s->fields);
  event_add(&ev, STR("purpose"), w->s->purpose);
  return event_append(tx, w->mem, &ev, NULL, e);
}
bool sight_note(struct store *store, struct arena *mem, const struct sight *s, struct err *e) {
  struct sight own = *s;
  own.purpose = str_trim(s->purpose);
  if (!own.purpose.len) return fail(e, ERR_INVALID, MSG_sight_purpose);
  if (own.purpose.len > PURPOSE_MOST) return fail(e, ERR_TOO_LARGE, MSG_sight_purpose_long);
  return store_write(store, append, &(struct note_work){mem, &own}, e);
}
