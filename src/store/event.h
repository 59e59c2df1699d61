/* The record of what was done: one chain of events for each tenant, each bound by SM3 to the one before, so that an
 * altered, missing or reordered event shows. Rows are only added.
 *
 *   field_hash   = SM3(salt ‖ field ‖ 0x1F ‖ value), salt of 16 random bytes kept beside the value
 *   payload_hash = SM3 of the lines `field TAB hex LF`, sorted by bytes
 *   hash         = SM3(prev LF tenant LF seq LF at_µs LF valid LF actor LF record LF id LF act LF from LF to LF payload LF)
 *
 * A value can be deleted with its salt; its hash stays and the chain still verifies.
 * A value above class `personal` stands in an event sealed: the field's value is then 0x1F and the hex of
 * SM3(nonce ‖ field ‖ 0x1F ‖ value), and nonce and value are a cell (base/seal.h) in the table event_seal. The chain binds
 * the value, and the cell can be sealed anew under another key. */
#ifndef STORE_EVENT_H
#define STORE_EVENT_H
#include "base/seal.h"

struct store;
struct event_field {
  struct str name, value; /* a name at most once in an event */
  struct str compartment; /* of a sealed value; empty = readable */
};
enum { EVENT_FIELDS_MAX = 64 };
struct event {
  int64_t at_us;                               /* when it was known */
  struct str valid;                            /* when it is true: a day, ISO; empty = the same */
  struct str actor, record, id, act, from, to; /* no line ends in them */
  struct event_field fields[EVENT_FIELDS_MAX];
  size_t count;
};
void event_add(struct event *ev, struct str name, struct str value); /* leaves out what is empty */
void event_add_sealed(struct event *ev, struct str compartment, struct str name, struct str value);

/* Inside an act. It holds the chain's row until the commit; ERR_BUSY when another was faster: the act runs again. Refuses
 * what seal_cell refuses. */
MUST_CHECK bool event_append(struct store *session, struct arena *mem, const struct event *ev, int64_t *out_seq,
                             struct err *e);

static inline bool event_is_sealed(struct str value) { return value.len && value.at[0] == '\x1F'; }
/* Opens a sealed value: its cell and compartment are columns of sql_event_fields. ERR_STORE when it is not what the chain
 * binds. */
MUST_CHECK bool event_unseal(struct store *session, struct arena *mem, int64_t seq, struct str field, struct str value,
                             struct str compartment, struct str cell, struct str *out, struct err *e);

/* ---- verify ---- */

#define EVENT_FAULTS(X)                                                         \
  X(MISSING, "missing")         /* events that are not there */                 \
  X(EXTRA, "extra")             /* an event before the first */                 \
  X(PREV, "prev")               /* it does not follow the one before */         \
  X(HASH, "hash")               /* something of the event itself differs */     \
  X(PAYLOAD, "payload")         /* a value was added, removed, renamed */       \
  X(VALUE, "value")             /* a value was altered */                       \
  X(CELL, "cell")               /* a sealed value altered, moved, removed */    \
  X(STRAY, "stray")             /* a value without its event */                 \
  X(HEAD, "head")               /* the chain does not end where its row says */ \
  X(ANCHOR, "anchor")           /* an anchor does not agree with the chain */   \
  X(ANCHOR_LOST, "anchor-lost") /* an anchor was removed */                     \
  X(STRANGER, "stranger")       /* rows of another tenant */
enum event_fault {
#define X(name, word) EVENT_##name,
  EVENT_FAULTS(X)
#undef X
      EVENT_FAULT_COUNT
};
const char *event_fault_word(enum event_fault f);
struct event_finding {
  int64_t seq, until; /* until: last of those missing; else seq */
  enum event_fault fault;
  struct str record, id; /* of the event, when it is there */
  struct str field;      /* of a value; an anchor's day */
};

struct event_erased {
  int64_t seq;
  struct str field;
};
enum { EVENT_LISTED = 100 }; /* findings and erased values that are listed; all are counted */
struct event_proof {
  int64_t events;                             /* that were read */
  int64_t broken;                             /* seq of the first finding; 0 = all holds */
  const char *what;                           /* its event_fault_word */
  struct str head;                            /* hash of the last, hex */
  int64_t last, last_us;                      /* seq of the last, and when it was known */
  int64_t bytes;                              /* that were hashed */
  int64_t findings, erased, sealed, unopened; /* values: erased; sealed; of these not opened for want of a key ring */
  int64_t anchors;
  struct str anchor_day; /* of the last; empty = none */
  struct event_finding *found;
  size_t found_len, found_cap;
  struct event_erased *gone;
  size_t gone_len, gone_cap;
};
/* Reads the whole chain in pages. Answers true when it could be read, whatever it found. Without a key ring in the store
 * sealed values are only counted. Lists live in mem. */
MUST_CHECK bool event_verify(struct store *session, struct arena *mem, struct event_proof *out, struct err *e);
#endif
