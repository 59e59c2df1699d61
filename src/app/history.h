/* The record as people read it: events of one object, each with what changed from what to what and why. For any page that shows an object:
 *
 *   struct history h;
 *   TRY(history_read(r, mem, &(struct history_query){.record = STR("person"), .id = id, .before = before}, &h, e));
 *   history_view(rq, &h, &v.history);       // and {{include history-part.html history}} in the template
 *
 * Words: the act is the text event_RECORD_ACT, else act_ACT, else the word itself; a field is event_field_NAME, else the
 * name. What is sealed says so and is never opened here. */
#ifndef APP_HISTORY_H
#define APP_HISTORY_H
#include "app/views_history.h"
#include "base/json.h"
#include "base/vec.h"
#include "web/web.h"

struct store;
struct who;
struct history_change {
  struct str field, before, after; /* before or after may be empty */
  bool sealed, erased, hidden;     /* it is there, but may not or can no longer be read, or names somebody not seen */
};
struct history_proof {                 /* of one value, as kept */
  struct str field, value, salt, hash; /* salt in hex; value and salt .at NULL: erased */
};
struct history_event {
  int64_t seq, at_us;
  struct str valid, actor, record, id, act, from, to, reason;
  struct str name;                /* of the object, as of now; empty when it has none */
  struct str prev, payload, hash; /* of the chain, hex */
  VEC(struct history_change) changes;
  VEC(struct history_proof) proofs;
};
struct history_query {
  struct str record, id; /* the object */
  struct str act;        /* empty = any */
  int64_t before;        /* seq: goes on behind the page before; 0 = from the newest */
  int most;              /* 1..HISTORY_MOST; 0 = 50 */
  const struct who
      *asks; /* who is named in it and not seen by them is left out; NULL: everybody stays, as for the audit */
};
enum { HISTORY_MOST = 200 };
struct history {
  VEC(struct history_event) rows; /* newest first */
  int64_t next;                   /* `before` of the next page; 0 = none */
};
MUST_CHECK bool history_read(struct store *session, struct arena *mem, const struct history_query *q,
                             struct history *out, struct err *e);
/* Puts values, changes and names to an event of which the row is there. */
MUST_CHECK bool history_fill(struct store *session, struct arena *mem, struct history_event *io, struct err *e);
void history_view(struct web_request *rq, const struct history *h, struct view_history_part *out);
/* What happened, in words: 修改 · 人员, and what changed: 电话 138 → 139；…. New, in mem. */
struct str history_act_says(struct arena *mem, enum lang lang, struct str record, struct str act);
struct str history_record_says(struct arena *mem, enum lang lang, struct str record);
struct systems;
struct str history_changes_say(struct arena *mem, enum lang lang, const struct systems *systems,
                               const struct history_event *ev);
/* Where the object is shown, for whoever may not see it all that is recorded of it; empty when it has no page. */
struct str history_href(struct web_request *rq, const struct history_event *ev);
/* The members seq, at_us, at, valid, actor, record, id, name, act, from, to, reason, changes, values, prev, payload, hash of
 * an open object: with salts and hashes, so that anybody can compute the chain again. */
void history_event_json(const struct history_event *ev, struct json_out *j);
#endif
