/* Messages to other bodies, sent. What a message is, and when it is tried again, is engine/flow/message_out_store.c. */
#include "app/postman.h"

#include "base/clock.h"
#include "base/limits.h"
#include "engine/flow/message.h"
#include "store/store.h"
#include "web/post.h"

#define CLAIM_US (4 * MESSAGE_SECONDS * SECOND_US) /* nobody else takes it while we wait for an answer */

struct sending { /* acts of the store: may run again */
  struct arena *mem;
  const struct flow_posted *m;
  bool is_mine, is_silent;
  struct str receipt, why; /* one of them */
};
static bool claim(struct store *tx, void *arg, struct err *e) {
  struct sending *w = arg;
  return flow_message_claim(tx, w->m, clock_now_us() + CLAIM_US, &w->is_mine, e);
}
static bool note(struct store *tx, void *arg, struct err *e) {
  struct sending *w = arg;
  struct flow_run run; /* nothing of a declaration is asked: the packages may be taken over anew meanwhile */
  flow_begin(&run, NULL, tx, w->mem, NULL, clock_now_us());
  if (!w->why.len) return flow_message_sent(&run, w->m, w->receipt, e);
  return flow_message_unsent(&run, w->m, w->why, w->is_silent, e);
}
/* Signed with the newest key of the body; without one it goes as it is. */
static bool signed_headers(struct sending *w, struct store *session, struct str *out, struct err *e) {
  struct flow_key key;
  const struct str moment = str_int(w->mem, clock_now_us() / SECOND_US);
  *out = str_fmt(w->mem, "Message-Id: " STRF "\r\nMessage-Moment: " STRF "\r\n", STRA(w->m->id), STRA(moment));
  TRY(flow_key_newest(session, w->mem, w->m->system, w->m->party, &key, e));
  if (!key.id.len) return true;
  const struct str sign = flow_signature(w->mem, key.secret, "POST", web_post_path(w->m->address), moment, w->m->body);
  *out = str_fmt(w->mem, STRF "Message-Key: " STRF "\r\nMessage-Signature: " STRF "\r\n", STRA(*out), STRA(key.id),
                 STRA(sign));
  return true;
}
static void send_it(struct sending *w, struct str headers) {
  const struct web_post ask = {
      .address = w->m->address, .headers = headers, .body = w->m->body, .seconds = MESSAGE_SECONDS};
  struct web_posted got;
  struct err e = {0};
  w->is_silent = !web_post(w->mem, &ask, &got, &e);
  if (w->is_silent) {
    w->why = err_says(w->mem, LANG_ZH, &e);
    return;
  }
  const struct str said = str_fmt(w->mem, "%d " STRF, got.status, STRA(got.reply));
  if (got.status >= 200 && got.status < 300) w->receipt = said;
  else w->why = said;
}
static bool deliver(struct store *store, struct arena *mem, const struct flow_posted *m, struct err *e) {
  struct sending w = {.mem = mem, .m = m};
  struct str headers = {0};
  TRY(store_write(store, claim, &w, e));
  if (!w.is_mine) return true;
  {
    AUTO_READ *r = store_read_begin(store, e);
    if (!r || !signed_headers(&w, r, &headers, e)) return false;
  }
  send_it(&w, headers);
  return store_write(store, note, &w, e);
}
bool postman_turn(struct store *store, bool *out_more, struct err *e) {
  AUTO_ARENA mem = {0};
  flow_posted_list due = {0};
  {
    AUTO_READ *r = store_read_begin(store, e);
    if (!r || !flow_messages_due(r, &mem, clock_now_us(), &due, e)) return false;
  }
  *out_more = due.len == MESSAGE_TURN_MAX;
  vec_each(const struct flow_posted, m, &due) TRY(deliver(store, &mem, m, e));
  return true;
}
