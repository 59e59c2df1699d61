/* Anchors as rows and events: made in one transaction with the event that says so, so that an anchor that is altered or
 * taken away differs from what the chain binds. */
#include "store/anchor.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/sm2.h"
#include "base/vec.h"
#include "sql.h"
#include "store/event.h"
#include "store/store.h"
#include "texts.h"

enum { HASH_DIGITS = 64, GROUP = 4, GROUPS_A_LINE = 8 };

static struct str number(struct arena *mem, int64_t n) { return str_int(mem, n); }

struct str anchor_text(struct arena *mem, const struct anchor *a) {
  return str_fmt(mem, "gangmu anchor 1\n" STRF "\n" STRF "\n%lld\n" STRF "\n%lld\n%lld\n", STRA(STORE_TENANT),
                 STRA(a->day), (long long)a->seq, STRA(a->hash), (long long)a->events, (long long)a->at_us);
}

struct str anchor_groups(struct arena *mem, struct str hash) {
  AUTO_BUF o = BUF_MAX(1 << 10);
  for (size_t i = 0; i < hash.len; i += GROUP) {
    if (i) buf_byte(&o, i % (GROUP * GROUPS_A_LINE) ? ' ' : '\n');
    buf_str(&o, str_slice(hash, i, i + GROUP));
  }
  return str_dup(mem, buf_view(&o));
}

/* ---- making ---- */

struct make_work {
  struct arena *mem;
  const struct anchor_order *order;
  struct anchor *out;
  bool daily, is_new;
};
static struct anchor anchor_of(const struct sql_anchor_get *r) {
  return (struct anchor){.day = r->day,
                         .seq = r->seq,
                         .hash = r->hash,
                         .events = r->events,
                         .at_us = r->at_us,
                         .made = r->made,
                         .actor = r->actor,
                         .signer = r->signer,
                         .signature = r->signature};
}
static struct event event_of(struct arena *mem, const struct anchor *a) {
  struct event ev = {.at_us = a->at_us,
                     .valid = STR(""),
                     .actor = a->actor,
                     .record = STR("anchor"),
                     .id = a->day,
                     .act = STR("fix"),
                     .from = STR(""),
                     .to = STR("")};
  event_add(&ev, STR("events"), number(mem, a->events));
  event_add(&ev, STR("hash"), a->hash);
  event_add(&ev, STR("seq"), number(mem, a->seq));
  event_add(&ev, STR("signature"), a->signature);
  event_add(&ev, STR("signer"), a->signer);
  return ev;
}
/* The first event was known on a day before this one. */
static bool has_yesterday(struct store *tx, const struct make_work *w, bool *out, struct err *e) {
  struct sql_event_at first = {0};
  bool found = false;
  TRY(sql_event_at(tx, w->mem, &(struct sql_event_at_in){STORE_TENANT, 1}, &first, &found, e));
  *out = found && date_cmp(clock_today(first.at_us), clock_today(w->order->now_us)) < 0;
  return true;
}
static bool make(struct store *tx, void *arg, struct err *e) {
  struct make_work *w = arg;
  struct sql_anchor_get have = {0};
  struct sql_chain_get head = {0};
  bool found = false;
  const struct str day = date_iso(w->mem, clock_today(w->order->now_us));
  TRY(sql_anchor_get(tx, w->mem, &(struct sql_anchor_get_in){STORE_TENANT, day}, &have, &found, e));
  w->is_new = !found;
  if (found) {
    *w->out = anchor_of(&have);
    return true;
  }
  if (w->daily) TRY(has_yesterday(tx, w, &w->is_new, e));
  if (!w->is_new) return true;
  TRY(sql_chain_get(tx, w->mem, &(struct sql_chain_get_in){STORE_TENANT}, &head, &found, e));
  if (!found || !head.seq) return fail(e, ERR_GUARD, MSG_anchor_nothing);
  struct anchor a = {.day = day,
                     .seq = head.seq,
                     .hash = head.hash,
                     .events = head.seq,
                     .at_us = w->order->now_us,
                     .actor = w->order->actor,
                     .signer = STR(""),
                     .signature = STR("")};
  if (w->order->key_file.len)
    TRY(sm2_sign(w->order->key_file, w->mem, anchor_text(w->mem, &a), &a.signature, &a.signer, e));
  const struct event ev = event_of(w->mem, &a);
  TRY(event_append(tx, w->mem, &ev, &a.made, e));
  *w->out = a;
  return sql_anchor_insert(tx,
                           &(struct sql_anchor_insert_in){STORE_TENANT, a.day, a.seq, a.hash, a.events, a.at_us,
                                                          a.actor, a.signer, a.signature, a.made},
                           NULL, e);
}
static bool run_make(struct store *store, struct make_work *w, bool *out_new, struct err *e) {
  TRY(store_write(store, make, w, e));
  *out_new = w->is_new;
  return true;
}
bool anchor_make(struct store *store, struct arena *mem, const struct anchor_order *order, struct anchor *out,
                 bool *out_new, struct err *e) {
  return run_make(store, &(struct make_work){mem, order, out, false, false}, out_new, e);
}
bool anchor_daily(struct store *store, struct arena *mem, const struct anchor_order *order, struct anchor *out,
                  bool *out_new, struct err *e) {
  return run_make(store, &(struct make_work){mem, order, out, true, false}, out_new, e);
}

/* ---- reading ---- */

bool anchor_get(struct store *s, struct arena *mem, struct str day, struct anchor *out, struct err *e) {
  struct sql_anchor_get r = {0};
  bool found = false;
  TRY(sql_anchor_get(s, mem, &(struct sql_anchor_get_in){STORE_TENANT, day}, &r, &found, e));
  if (!found) return fail(e, ERR_NOT_FOUND, MSG_anchor_none);
  *out = anchor_of(&r);
  return true;
}
bool anchor_list(struct store *s, struct arena *mem, struct str before, int most, struct anchors *out, struct err *e) {
  struct sql_anchor_list_rows rows = {0};
  TRY(sql_anchor_list(
      s, mem,
      &(struct sql_anchor_list_in){.tenant = STORE_TENANT, .before = before.len ? before : STR("~"), .most = most},
      SIZE_MAX, &rows, e));
  vec_each(const struct sql_anchor_list, r, &rows) {
    vec_push(mem, out) =
        (struct anchor){r->day, r->seq, r->hash, r->events, r->at_us, r->made, r->actor, r->signer, r->signature};
  }
  return true;
}

/* Blanks, line ends and capitals are how people type what is printed. */
static bool printed_hash(struct arena *mem, struct str text, struct str *out) {
  char *hex = arena_take(mem, HASH_DIGITS);
  size_t n = 0;
  for (size_t i = 0; i < text.len; i++) {
    char c = text.at[i];
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t') continue;
    if (c >= 'A' && c <= 'F') c = (char)(c - 'A' + 'a');
    if (n == HASH_DIGITS || !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return false;
    hex[n++] = c;
  }
  *out = (struct str){hex, n};
  return n == HASH_DIGITS;
}
bool anchor_ask(struct store *s, struct arena *mem, int64_t seq, struct str hash, enum anchor_answer *out,
                int64_t *out_last, struct err *e) {
  struct sql_event_at at = {0};
  struct sql_chain_get head = {0};
  struct str want = {0};
  bool found = false, has_chain = false;
  if (!printed_hash(mem, hash, &want)) return fail(e, ERR_INVALID, MSG_anchor_bad_hash);
  TRY(sql_event_at(s, mem, &(struct sql_event_at_in){STORE_TENANT, seq}, &at, &found, e));
  TRY(sql_chain_get(s, mem, &(struct sql_chain_get_in){STORE_TENANT}, &head, &has_chain, e));
  *out_last = head.seq;
  *out = found && str_eq(at.hash, want) ? ANCHOR_AGREES : seq > head.seq ? ANCHOR_CUT : ANCHOR_DIFFERS;
  return true;
}

/* ---- checking ---- */

static bool same(struct str have, struct str want) { return have.at && str_eq(have, want); }
/* Every column of the row against the event that made it, which the chain binds. */
static bool row_holds(struct store *s, struct arena *mem, const struct sql_anchor_after *r, bool *out, struct err *e) {
  struct sql_event_fields_rows fields = {0};
  *out = same(r->stands, r->hash) && same(r->made_record, STR("anchor")) && same(r->made_id, r->day) &&
         same(r->made_act, STR("fix")) && same(r->made_actor, r->actor) && r->made_at.has && r->made_at.n == r->at_us;
  TRY(sql_event_fields(s, mem, &(struct sql_event_fields_in){STORE_TENANT, r->made}, EVENT_FIELDS_MAX, &fields, e));
  const struct anchor a = {.day = r->day,
                           .seq = r->seq,
                           .hash = r->hash,
                           .events = r->events,
                           .actor = r->actor,
                           .signer = r->signer,
                           .signature = r->signature};
  const struct event want = event_of(mem, &a);
  *out = *out && want.count == fields.len;
  for (size_t i = 0; *out && i < fields.len; i++) /* both in order of their names */
    *out = str_eq(fields.at[i].field, want.fields[i].name) && same(fields.at[i].value, want.fields[i].value);
  return true;
}
bool anchor_check(struct store *s, struct arena *mem, struct str after, struct anchor_check_rows *out, struct err *e) {
  struct sql_anchor_after_rows rows = {0};
  TRY(sql_anchor_after(s, mem, &(struct sql_anchor_after_in){STORE_TENANT, after}, SIZE_MAX, &rows, e));
  vec_each(const struct sql_anchor_after, r, &rows) {
    bool holds = false;
    TRY(row_holds(s, mem, r, &holds, e));
    vec_push(mem, out) = (struct anchor_checked){r->day, r->seq, holds};
  }
  return true;
}
