/* Anchors: once a day the place where the chain stands is fixed, in a row and in an event, and can be printed and signed.
 * Whoever cuts the end of the chain off, and the anchors with it, is found by the printed sheet.
 *
 * What is signed (SM2 with SM3, identity 1234567812345678) are these lines, each with LF:
 *   gangmu anchor 1 · tenant · day · seq · hash · number of events · microseconds since 1970 */
#ifndef STORE_ANCHOR_H
#define STORE_ANCHOR_H
#include "base/err.h"

struct store;
struct anchor {
  struct str day; /* ISO */
  int64_t seq;    /* of the last event */
  struct str hash;
  int64_t events, at_us, made;
  struct str actor;
  struct str signer, signature; /* fingerprint of the public key, base64; empty = not signed */
};
/* The signed text. New, in mem. */
struct str anchor_text(struct arena *mem, const struct anchor *a);

struct anchor_order {
  struct str actor;
  struct str key_file; /* of the SM2 key; empty = not signed */
  int64_t now_us;
};
/* Fixes the chain as it stands, once a day (at +08:00): when the day has its anchor, that one is given and *out_new is
 * false. ERR_GUARD when there is no event yet. */
MUST_CHECK bool anchor_make(struct store *store, struct arena *mem, const struct anchor_order *order,
                            struct anchor *out, bool *out_new, struct err *e);
/* For a server, which asks every minute: the same, but only when the day has no anchor and there is an event of a day before it, so
 * that a new database gets its first one on its second day. Of several servers one makes it. */
MUST_CHECK bool anchor_daily(struct store *store, struct arena *mem, const struct anchor_order *order,
                             struct anchor *out, bool *out_new, struct err *e);
/* Of a day; day empty: the last. ERR_NOT_FOUND. */
MUST_CHECK bool anchor_get(struct store *session, struct arena *mem, struct str day, struct anchor *out, struct err *e);
struct anchors {
  struct anchor *at;
  size_t len, cap;
};
/* Before a day (empty = all), newest first. */
MUST_CHECK bool anchor_list(struct store *session, struct arena *mem, struct str before, int most, struct anchors *out,
                            struct err *e);

/* What is printed against what is kept. hash: as printed, blanks between its groups. */
enum anchor_answer { ANCHOR_AGREES, ANCHOR_DIFFERS, ANCHOR_CUT /* the chain ends before it */ };
MUST_CHECK bool anchor_ask(struct store *session, struct arena *mem, int64_t seq, struct str hash,
                           enum anchor_answer *out, int64_t *out_last, struct err *e);
/* "0123 4567 …" in groups of four, eight groups a line. New, in mem. */
struct str anchor_groups(struct arena *mem, struct str hash);

/* For event_verify: the next anchors behind a day, and whether each agrees with the chain and with the event that made
 * it. */
struct anchor_checked {
  struct str day;
  int64_t seq;
  bool holds;
};
struct anchor_check_rows {
  struct anchor_checked *at;
  size_t len, cap;
};
MUST_CHECK bool anchor_check(struct store *session, struct arena *mem, struct str after, struct anchor_check_rows *out,
                             struct err *e);
#endif
