/* One act: the values go and the event that says so is appended in the same transaction. */
#include "app/erase.h"

#include "sql.h"
#include "store/event.h"
#include "texts.h"

enum { REASON_MOST = 400 };

struct erase_work {
  struct arena *mem;
  const struct erase_order *o;
};
static struct str fields_say(struct arena *mem, const struct register_kept *kept) {
  struct str out = STR("");
  vec_each(const struct str, f, &kept->fields)
    out = str_fmt(mem, STRF "%s" STRF, STRA(out), out.len ? "," : "", STRA(*f));
  return out;
}
static bool erase(struct store *tx, void *arg, struct err *e) {
  const struct erase_work *w = arg;
  const struct erase_order *o = w->o;
  struct register_kept kept;
  struct sql_person_get person = {0};
  bool found = false;
  TRY(sql_person_get(tx, w->mem, &(struct sql_person_get_in){STORE_TENANT, o->person}, &person, &found, e));
  if (!found) return fail(e, ERR_NOT_FOUND, MSG_people_none);
  TRY(register_store_kept(tx, w->mem, o->person, &kept, e));
  if (!kept.fields.len && !kept.values) return fail(e, ERR_GUARD, MSG_erase_nothing);
  TRY(register_store_erase(tx, w->mem, o->person, e));
  struct event ev = {.at_us = o->now_us,
                     .valid = STR(""),
                     .actor = o->actor,
                     .record = STR("person"),
                     .id = o->person,
                     .act = STR("erase"),
                     .from = STR(""),
                     .to = STR("")};
  event_add(&ev, STR("fields"), fields_say(w->mem, &kept));
  event_add(&ev, STR("values"), str_int(w->mem, kept.values));
  event_add(&ev, STR("reason"), o->reason);
  return event_append(tx, w->mem, &ev, NULL, e);
}
bool erase_person(struct store *store, struct arena *mem, const struct erase_order *o, struct err *e) {
  struct erase_order own = *o;
  own.reason = str_trim(o->reason);
  if (!own.reason.len) return fail(e, ERR_INVALID, MSG_erase_needs_reason, "name", STR("reason"));
  if (own.reason.len > REASON_MOST) return fail(e, ERR_TOO_LARGE, MSG_sight_purpose_long);
  return store_write(store, erase, &(struct erase_work){mem, &own}, e);
}
