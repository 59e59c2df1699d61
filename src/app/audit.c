/* The chain's state, and its check as an event of the record. */
#include "app/audit.h"

#include "base/clock.h"
#include "sql.h"
#include "store/store.h"

struct str audit_moment(struct arena *mem, int64_t at_us) {
  const struct str whole = clock_rfc3339(mem, at_us);
  return str_fmt(mem, STRF " " STRF, STRA(str_slice(whole, 0, 10)), STRA(str_slice(whole, 11, 19)));
}

static bool last_check(struct store *s, struct arena *mem, struct audit_state *out, struct err *e) {
  struct history h = {0};
  const struct history_query q = {.record = STR("chain"), .id = STORE_TENANT, .act = STR("verify"), .most = 1};
  TRY(history_read(s, mem, &q, &h, e));
  if (!h.rows.len) return true;
  out->checked_us = h.rows.at[0].at_us;
  vec_each(const struct history_change, c, &h.rows.at[0].changes) {
    if (str_eqz(c->field, "findings")) (void)str_to_int(c->after, &out->checked_findings);
  }
  return true;
}
bool audit_read_state(struct store *s, struct arena *mem, struct audit_state *out, struct err *e) {
  struct sql_chain_get head = {.hash = STR("")};
  struct err none = {0};
  bool found = false;
  TRY(sql_chain_get(s, mem, &(struct sql_chain_get_in){STORE_TENANT}, &head, &found, e));
  *out = (struct audit_state){.events = head.seq, .head = head.hash};
  out->has_anchor = anchor_get(s, mem, STR(""), &out->anchor, &none);
  if (!out->has_anchor && none.code != ERR_NOT_FOUND) {
    *e = none;
    return false;
  }
  return last_check(s, mem, out, e);
}

/* ---- the check ---- */

struct check_work {
  struct arena *mem;
  struct str actor;
  int64_t now_us;
  const struct event_proof *proof;
};
static bool note_check(struct store *tx, void *arg, struct err *e) {
  const struct check_work *w = arg;
  struct event ev = {.at_us = w->now_us,
                     .valid = STR(""),
                     .actor = w->actor,
                     .record = STR("chain"),
                     .id = STORE_TENANT,
                     .act = STR("verify"),
                     .from = STR(""),
                     .to = STR("")};
  event_add(&ev, STR("events"), str_int(w->mem, w->proof->events));
  event_add(&ev, STR("findings"), str_int(w->mem, w->proof->findings));
  event_add(&ev, STR("head"), w->proof->head);
  if (w->proof->findings) event_add(&ev, STR("first"), str_int(w->mem, w->proof->broken));
  return event_append(tx, w->mem, &ev, NULL, e);
}
static bool read_chain(struct store *s, void *arg, struct err *e) {
  struct check_work *w = arg;
  return event_verify(s, w->mem, (struct event_proof *)w->proof, e);
}
bool audit_verify(struct store *store, struct arena *mem, struct str actor, int64_t now_us, struct event_proof *out,
                  struct err *e) {
  struct check_work w = {mem, actor, now_us, out};
  TRY(store_read(store, read_chain, &w, e));
  return store_write(store, note_check, &w, e);
}
