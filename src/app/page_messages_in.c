/* Where other bodies send their messages: nobody is signed in, the signature says who it is. What is refused once it was found to be
 * theirs waits, and the sender is told so. */
#include "app/systems.h"
#include "base/cipher.h"
#include "declare/check.h"
#include "engine/flow/message.h"
#include "texts.h"

struct coming { /* an act of the store: may run again */
  struct web_request *rq;
  struct flow_arrival a;
  struct flow_taken taken;
  const struct err *why;
};
static void begin(struct coming *w, struct system_run *x, struct store *session) {
  systems_begin_for(x, app_of(w->rq)->systems, session, w->rq->mem, NULL, w->rq->now_us, w->rq->lang);
}
static bool take(struct store *tx, void *arg, struct err *e) {
  struct coming *w = arg;
  struct system_run x;
  begin(w, &x, tx);
  return flow_message_take(&x.run, &w->a, &w->taken, e);
}
static bool wait(struct store *tx, void *arg, struct err *e) {
  struct coming *w = arg;
  struct system_run x;
  begin(w, &x, tx);
  return flow_message_wait(&x.run, &w->a, w->why, e);
}

/* ---- whose it is ---- */

static bool is_fresh(const struct web_request *rq, struct str moment, struct err *e) {
  const int64_t now = rq->now_us / SECOND_US;
  int64_t told = 0;
  if (str_to_int(moment, &told) && told >= now - MESSAGE_STALE_SECONDS && told <= now + MESSAGE_STALE_SECONDS)
    return true;
  return fail(e, ERR_FORBIDDEN, MSG_message_stale, "limit", str_int(rq->mem, MESSAGE_STALE_SECONDS));
}
static bool is_theirs(struct coming *w, struct err *e) {
  struct web_request *rq = w->rq;
  const struct str key = web_header_in(rq, "Message-Key"), moment = web_header_in(rq, "Message-Moment"),
                   told = web_header_in(rq, "Message-Signature");
  struct flow_key k = {0};
  if (!key.len || !moment.len || !told.len) {
    (void)fail(e, ERR_FORBIDDEN, MSG_message_unsigned);
    return err_hint(e, MSG_message_unsigned_hint);
  }
  AUTO_READ *r = store_read_begin(app_of(rq)->store, e);
  if (!r || !flow_key_of(r, rq->mem, w->a.system->name, w->a.said->from.text, key, &k, e)) return false;
  TRY(is_fresh(rq, moment, e));
  const struct str path = str_join(rq->mem, STR("/api/v1"), rq->path);
  const struct str ours = flow_signature(rq->mem, k.secret, "POST", path, moment, rq->body);
  if (told.len == ours.len && cipher_same(told.at, ours.at, ours.len)) return true;
  (void)fail(e, ERR_FORBIDDEN, MSG_message_unsigned);
  return err_hint(e, MSG_message_unsigned_hint);
}

/* ---- what came of it ---- */

static void answer(struct web_response *rs, const struct flow_taken *t) {
  struct json_out *j = web_json(rs);
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_str(j, "message", t->id);
  json_str(j, "key", t->key);
  if (t->record) {
    json_str(j, "record", t->record->record->head.name.text);
    json_str(j, "id", t->owner);
    json_str(j, "number", t->number);
  }
  json_close(j, '}');
  json_open(j, "done", '{');
  json_bool(j, "replayed", t->is_replayed);
  json_close(j, '}');
  json_close(j, '}');
}
/* It waits, and the sender is told why; else what hinders that. */
static bool keep(struct coming *w, struct err *e) {
  struct err refused = {0};
  w->why = e;
  if (store_write(app_of(w->rq)->store, wait, w, &refused)) return err_hint(e, MSG_message_waits);
  const struct str says = err_says(w->rq->mem, w->rq->lang, &refused);
  *e = (struct err){0};
  return fail(e, refused.code, MSG_flow_says, "says", says);
}
static bool post_message(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct coming w = {.rq = rq, .a.system = flow_system(systems_flow(app_of(rq)->systems), web_param(rq, "system"))};
  w.a.said = flow_message(w.a.system, web_param(rq, "message"), WAY_in);
  if (!w.a.said) return fail(e, ERR_NOT_FOUND, MSG_systems_no_system);
  TRY(is_theirs(&w, e));
  struct flow_sent *sent = arena_new_n(rq->mem, struct flow_sent, rq->field_count);
  for (size_t i = 0; i < rq->field_count; i++) sent[i] = (struct flow_sent){rq->fields[i].name, rq->fields[i].value};
  w.a.fields = sent;
  w.a.count = rq->field_count;
  if (store_write(app_of(rq)->store, take, &w, e)) return answer(rs, &w.taken), true;
  return flow_message_waits(e) && keep(&w, e);
}

const struct route page_messages_in_routes[] = {
    {POST, "/s/{system}/messages/{message}", "open", post_message,
     "a message of another body: flat JSON, signed by Message-Key, Message-Moment, Message-Signature "
     "(docs/messages.md)",
     .flags = ROUTE_API_ONLY | ROUTE_NOBODY},
    {0},
};
