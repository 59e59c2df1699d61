/* Reads a chain from its first event to its last and says everything that does not hold, with its place in words. Two
 * cursors go side by side, one over the events and one over their values, so that the memory is that of one page of
 * each, whatever the length. After a finding it goes on from what stands there: one altered event is one finding, not
 * a break of all that follows. */
#include "base/buf.h"
#include "base/vec.h"
#include "sql.h"
#include "store/anchor.h"
#include "store/event.h"
#include "store/event_hash.h"
#include "store/store.h"

const char *event_fault_word(enum event_fault f) {
  static const char *const words[] = {
#define X(name, word) word,
      EVENT_FAULTS(X)
#undef X
  };
  return words[f];
}

struct values { /* the cursor over event_field, in order of seq and field */
  struct arena mem;
  struct sql_event_fields_from_rows rows;
  size_t at;
  int64_t seq; /* where the next page begins: behind this field of this event */
  struct str field;
  bool ended;
};
struct walk {
  struct store *s;
  struct arena *keep;
  struct event_proof *p;
  struct hasher hash;
  struct values values;
  int64_t after;   /* seq of the last one read */
  struct str prev; /* hash that the next event must follow */
  bool gap;        /* the event before the next is not there: it cannot be asked what it follows */
};

static void find(struct walk *w, enum event_fault fault, int64_t seq, const struct sql_event_after *v,
                 struct str field) {
  struct event_proof *p = w->p;
  const struct event_finding *last = p->found_len ? &p->found[p->found_len - 1] : NULL;
  if (last && fault == EVENT_STRAY && last->fault == fault && last->seq == seq) return; /* one for an event's values */
  if (!p->findings++) {
    p->broken = seq;
    p->what = event_fault_word(fault);
  }
  if (p->found_len == EVENT_LISTED) return;
  VEC(struct event_finding) list = {p->found, p->found_len, p->found_cap};
  vec_push(w->keep, &list) = (struct event_finding){.seq = seq,
                                                    .until = seq,
                                                    .fault = fault,
                                                    .record = v ? str_dup(w->keep, v->record) : STR(""),
                                                    .id = v ? str_dup(w->keep, v->id) : STR(""),
                                                    .field = str_dup(w->keep, field)};
  p->found = list.at;
  p->found_len = list.len;
  p->found_cap = list.cap;
}
static void note_erased(struct walk *w, int64_t seq, struct str field) {
  struct event_proof *p = w->p;
  p->erased++;
  if (p->gone_len == EVENT_LISTED) return;
  VEC(struct event_erased) list = {p->gone, p->gone_len, p->gone_cap};
  vec_push(w->keep, &list) = (struct event_erased){seq, str_dup(w->keep, field)};
  p->gone = list.at;
  p->gone_len = list.len;
  p->gone_cap = list.cap;
}

/* ---- values ---- */

/* The next value; NULL at the end. It stays valid until the one after it is asked for. */
static bool next_value(struct walk *w, const struct sql_event_fields_from **out, struct err *e) {
  struct values *c = &w->values;
  if (c->at == c->rows.len && !c->ended) {
    struct arena before = c->mem; /* dropped when the new page is there: `field` stands in it */
    c->mem = (struct arena){0};
    c->rows = (struct sql_event_fields_from_rows){0};
    c->at = 0;
    const bool ok = sql_event_fields_from(
        w->s, &c->mem, &(struct sql_event_fields_from_in){STORE_TENANT, c->seq, c->field}, SIZE_MAX, &c->rows, e);
    arena_drop(&before);
    TRY(ok);
    c->ended = !c->rows.len;
    if (c->rows.len) {
      c->seq = vec_last(&c->rows).seq;
      c->field = vec_last(&c->rows).field;
    }
  }
  *out = c->at < c->rows.len ? &c->rows.at[c->at] : NULL;
  return true;
}

/* A sealed value and its cell belong together; with keys the cell must hold what the chain binds. */
static bool cell_holds(struct walk *w, const struct sql_event_fields_from *f) {
  AUTO_ARENA mem = {0};
  struct err ignored = {0};
  struct str value = {0};
  const bool is_sealed = f->value.at && event_is_sealed(f->value);
  if (!is_sealed || !f->cell.at) return is_sealed == (f->cell.at != NULL);
  w->p->sealed++;
  if (store_keys(w->s))
    return event_unseal(w->s, &mem, f->seq, f->field, f->value, f->compartment, f->cell, &value, &ignored);
  w->p->unopened++;
  return true;
}
static void check_value(struct walk *w, const struct sql_event_after *v, const struct sql_event_fields_from *f) {
  char hex[EVENT_HEX];
  hash_payload_line(&w->hash, f->field, f->hash);
  if (!f->value.at && !f->salt.at) {
    note_erased(w, f->seq, f->field); /* its hash stands for it */
  } else if (!f->value.at || !f->salt.at) {
    find(w, EVENT_VALUE, v->seq, v, f->field);
  } else {
    hash_of_field(&w->hash, f->salt, f->field, f->value, hex);
    if (!hash_is(hex, f->hash)) find(w, EVENT_VALUE, v->seq, v, f->field);
  }
  if (!cell_holds(w, f)) find(w, EVENT_CELL, v->seq, v, f->field);
}
/* The values of one event; what stands before them belongs to none. */
static bool check_values(struct walk *w, const struct sql_event_after *v, struct err *e) {
  const struct sql_event_fields_from *f = NULL;
  char hex[EVENT_HEX];
  for (;; w->values.at++) {
    TRY(next_value(w, &f, e));
    if (!f || f->seq > v->seq) break;
    if (f->seq < v->seq) find(w, EVENT_STRAY, f->seq, NULL, f->field);
    else check_value(w, v, f);
  }
  hash_of_payload(&w->hash, hex);
  if (!hash_is(hex, v->payload)) find(w, EVENT_PAYLOAD, v->seq, v, STR(""));
  return true;
}

/* ---- events ---- */

static void find_missing(struct walk *w, int64_t from, int64_t until) {
  find(w, EVENT_MISSING, from, NULL, STR(""));
  if (w->p->found_len < EVENT_LISTED || w->p->findings == EVENT_LISTED) w->p->found[w->p->found_len - 1].until = until;
  w->gap = true;
}
static bool check_event(struct walk *w, const struct sql_event_after *v, struct err *e) {
  char hex[EVENT_HEX];
  w->after = v->seq;
  if (v->seq <= w->p->last) { /* only before the first: they come in order */
    find(w, EVENT_EXTRA, v->seq, v, STR(""));
    return true;
  }
  if (v->seq != w->p->last + 1) find_missing(w, w->p->last + 1, v->seq - 1);
  if (!w->gap && !str_eq(v->prev, w->prev)) find(w, EVENT_PREV, v->seq, v, STR(""));
  hash_of_event(&w->hash, v, hex);
  if (!hash_is(hex, v->hash)) find(w, EVENT_HASH, v->seq, v, STR(""));
  TRY(check_values(w, v, e));
  w->gap = false;
  w->prev = v->hash;
  w->p->last = v->seq;
  w->p->last_us = v->at_us;
  w->p->events++;
  return true;
}
static bool check_page(struct walk *w, bool *more, struct err *e) {
  AUTO_ARENA mem = {0};
  struct sql_event_after_rows rows = {0};
  TRY(sql_event_after(w->s, &mem, &(struct sql_event_after_in){.tenant = STORE_TENANT, .after = w->after}, SIZE_MAX,
                      &rows, e));
  *more = rows.len > 0;
  vec_each(const struct sql_event_after, v, &rows) TRY(check_event(w, v, e));
  w->prev = str_dup(w->keep, w->prev); /* a page's hash outlives it: 64 bytes for 500 events */
  return true;
}

/* ---- what no single event shows ---- */

static bool check_rest(struct walk *w, struct err *e) {
  const struct sql_event_fields_from *f = NULL;
  for (;; w->values.at++) {
    TRY(next_value(w, &f, e));
    if (!f) return true;
    find(w, EVENT_STRAY, f->seq, NULL, f->field);
  }
}
static bool check_head(struct walk *w, struct arena *mem, struct err *e) {
  struct sql_chain_get head = {.hash = STR("")};
  struct sql_event_seal_stray_rows cells = {0};
  struct sql_event_stranger_rows strangers = {0};
  bool found = false;
  TRY(sql_chain_get(w->s, mem, &(struct sql_chain_get_in){.tenant = STORE_TENANT}, &head, &found, e));
  if (head.seq != w->p->last || !str_eq(head.hash, w->prev)) find(w, EVENT_HEAD, w->p->last + 1, NULL, STR(""));
  TRY(sql_event_seal_stray(w->s, mem, &(struct sql_event_seal_stray_in){STORE_TENANT}, EVENT_LISTED, &cells, e));
  vec_each(const struct sql_event_seal_stray, c, &cells) find(w, EVENT_CELL, c->seq, NULL, c->field);
  TRY(sql_event_stranger(w->s, mem, &(struct sql_event_stranger_in){STORE_TENANT}, 1, &strangers, e));
  if (strangers.len) find(w, EVENT_STRANGER, strangers.at[0].seq, NULL, STR(""));
  return true;
}
static bool check_anchors(struct walk *w, struct err *e) {
  struct str day = STR("");
  for (bool more = true; more;) {
    AUTO_ARENA mem = {0};
    struct anchor_check_rows rows = {0};
    TRY(anchor_check(w->s, &mem, day, &rows, e));
    more = rows.len > 0;
    vec_each(const struct anchor_checked, a, &rows) {
      if (!a->holds) find(w, EVENT_ANCHOR, a->seq, NULL, a->day);
      w->p->anchors++;
    }
    if (more) w->p->anchor_day = day = str_dup(w->keep, vec_last(&rows).day);
  }
  AUTO_ARENA mem = {0};
  struct sql_anchor_lost_rows lost = {0};
  TRY(sql_anchor_lost(w->s, &mem, &(struct sql_anchor_lost_in){STORE_TENANT}, EVENT_LISTED, &lost, e));
  vec_each(const struct sql_anchor_lost, a, &lost) find(w, EVENT_ANCHOR_LOST, a->seq, NULL, a->id);
  return true;
}

bool event_verify(struct store *s, struct arena *mem, struct event_proof *out, struct err *e) {
  *out = (struct event_proof){.head = STR(""), .anchor_day = STR("")};
  struct walk w = {.s = s,
                   .keep = mem,

                   .p = out,
                   .hash = hasher_begin(),
                   .after = INT64_MIN,
                   .values = {.seq = INT64_MIN, .field = STR("")},
                   .prev = STR("")};
  bool ok = true;
  for (bool more = true; ok && more;) ok = check_page(&w, &more, e);
  ok = ok && check_rest(&w, e) && check_head(&w, mem, e) && check_anchors(&w, e);
  out->head = w.prev;
  out->bytes = w.hash.bytes;
  hasher_end(&w.hash);
  arena_drop(&w.values.mem);
  return ok;
}
