/* Events: made, hashed and verified by the same functions, so that what is written is what is checked. */
#include "store/event.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "sql.h"
#include "store/store.h"
#include "texts.h"

enum { SALT_BYTES = 16 };

void event_add(struct event *ev, struct str name, struct str value) {
  if (!value.len) return;
  must(ev->count < EVENT_FIELDS_MAX);
  ev->fields[ev->count++] = (struct event_field){name, value};
}

static struct str field_hash(struct arena *mem, struct str salt, struct str field, struct str value) {
  struct hash_state *h = hash_sm3_begin();
  hash_add(h, salt);
  hash_add(h, field);
  hash_add(h, STR("\x1F"));
  hash_add(h, value);
  return hash_hex(mem, hash_end(h));
}
static void payload_line(struct hash_state *h, struct str field, struct str hex) {
  hash_add(h, field);
  hash_add(h, STR("\t"));
  hash_add(h, hex);
  hash_add(h, STR("\n"));
}
static struct str event_hash(struct arena *mem, const struct sql_event_after *v) {
  struct hash_state *h = hash_sm3_begin();
  const struct str lines[] = {v->prev,
                              STORE_TENANT,
                              str_fmt(mem, "%lld", (long long)v->seq),
                              str_fmt(mem, "%lld", (long long)v->at_us),
                              v->valid,
                              v->actor,
                              v->record,
                              v->id,
                              v->act,
                              v->from_state,
                              v->to_state,
                              v->payload};
  for (size_t i = 0; i < COUNT_OF(lines); i++) {
    hash_add(h, lines[i]);
    hash_add(h, STR("\n"));
  }
  return hash_hex(mem, hash_end(h));
}

static int by_name(const void *a, const void *b) {
  return str_cmp(((const struct event_field *)a)->name, ((const struct event_field *)b)->name);
}
/* Hashes and writes the values, in order of their names; gives the payload's hash. Values go in after their event. */
struct hashed {
  struct event_field f[EVENT_FIELDS_MAX];
  struct str hash[EVENT_FIELDS_MAX], salt[EVENT_FIELDS_MAX];
};
static struct str hash_fields(struct arena *mem, const struct event *ev, struct hashed *out) {
  memcpy(out->f, ev->fields, sizeof ev->fields[0] * ev->count);
  qsort(out->f, ev->count, sizeof out->f[0], by_name);
  char *salts = arena_take(mem, SALT_BYTES * ev->count);
  random_bytes(salts, SALT_BYTES * ev->count);
  struct hash_state *h = hash_sm3_begin();
  for (size_t i = 0; i < ev->count; i++) {
    out->salt[i] = (struct str){salts + i * SALT_BYTES, SALT_BYTES};
    out->hash[i] = field_hash(mem, out->salt[i], out->f[i].name, out->f[i].value);
    payload_line(h, out->f[i].name, out->hash[i]);
  }
  return hash_hex(mem, hash_end(h));
}

static bool chain_head(struct store *s, struct arena *mem, struct sql_chain_get *out, struct err *e) {
  bool found = false;
  TRY(sql_chain_get(s, mem, &(struct sql_chain_get_in){.tenant = STORE_TENANT}, out, &found, e));
  if (found) return true;
  struct err why = {0};
  *out = (struct sql_chain_get){.hash = STR("")};
  if (sql_chain_start(s, &(struct sql_chain_start_in){.tenant = STORE_TENANT}, NULL, &why)) return true;
  if (why.code == ERR_DUPLICATE) return fail(e, ERR_BUSY, MSG_store_busy); /* another began it at this moment */
  *e = why;
  return false;
}
/* Before the event is written: of two writers that follow the same event, the second must meet the chain's row, where
 * it is told to run again, and not the key of an event that is already there. */
static bool chain_follow(struct store *s, const struct sql_event_after *v, int64_t was, struct err *e) {
  int64_t changed = 0;
  TRY(sql_chain_move(s, &(struct sql_chain_move_in){.tenant = STORE_TENANT, .seq = v->seq, .hash = v->hash, .was = was},
                     &changed, e));
  return changed == 1 || fail(e, ERR_BUSY, MSG_store_busy);
}

bool event_append(struct store *s, struct arena *mem, const struct event *ev, int64_t *out_seq, struct err *e) {
  struct sql_chain_get head = {0};
  TRY(chain_head(s, mem, &head, e));
  struct hashed *fields = arena_new(mem, struct hashed);
  struct sql_event_after v = {.seq = head.seq + 1,
                              .prev = head.hash,
                              .at_us = ev->at_us,
                              .valid = ev->valid,
                              .actor = ev->actor,
                              .record = ev->record,
                              .id = ev->id,
                              .act = ev->act,
                              .from_state = ev->from,
                              .to_state = ev->to,
                              .payload = hash_fields(mem, ev, fields)};
  v.hash = event_hash(mem, &v);
  TRY(chain_follow(s, &v, head.seq, e));
  TRY(sql_event_insert(s,
                       &(struct sql_event_insert_in){.tenant = STORE_TENANT,
                                                     .seq = v.seq,
                                                     .prev = v.prev,
                                                     .hash = v.hash,
                                                     .at_us = v.at_us,
                                                     .valid = v.valid,
                                                     .actor = v.actor,
                                                     .record = v.record,
                                                     .id = v.id,
                                                     .act = v.act,
                                                     .from_state = v.from_state,
                                                     .to_state = v.to_state,
                                                     .payload = v.payload},
                       NULL, e));
  for (size_t i = 0; i < ev->count; i++) {
    TRY(sql_event_field_insert(s,
                               &(struct sql_event_field_insert_in){.tenant = STORE_TENANT,
                                                                   .seq = v.seq,
                                                                   .field = fields->f[i].name,
                                                                   .hash = fields->hash[i],
                                                                   .salt = fields->salt[i],
                                                                   .value = fields->f[i].value},
                               NULL, e));
  }
  if (out_seq) *out_seq = v.seq;
  return true;
}

/* ---- verify ---- */

static const char *broken_values(struct store *s, struct arena *mem, const struct sql_event_after *v, bool *ok,
                                 struct err *e) {
  struct sql_event_fields_rows rows = {0};
  *ok = sql_event_fields(s, mem, &(struct sql_event_fields_in){.tenant = STORE_TENANT, .seq = v->seq}, SIZE_MAX, &rows,
                         e);
  if (!*ok) return NULL;
  struct hash_state *h = hash_sm3_begin();
  const char *broken = NULL;
  for (size_t i = 0; i < rows.len; i++) {
    const struct sql_event_fields *f = &rows.at[i];
    payload_line(h, f->field, f->hash);
    if (!f->value.at && !f->salt.at) continue; /* deleted: its hash stands for it */
    if (!f->value.at || !f->salt.at || !str_eq(field_hash(mem, f->salt, f->field, f->value), f->hash)) broken = "value";
  }
  const struct str payload = hash_hex(mem, hash_end(h));
  return broken ? broken : str_eq(payload, v->payload) ? NULL : "payload";
}
static const char *broken_event(const struct sql_event_after *v, int64_t want_seq, struct str prev, struct arena *mem) {
  if (v->seq != want_seq) return "missing";
  if (!str_eq(v->prev, prev)) return "prev";
  return str_eq(event_hash(mem, v), v->hash) ? NULL : "hash";
}
static bool verify_page(struct store *s, struct arena *keep, struct event_proof *p, bool *more, struct err *e) {
  AUTO_ARENA mem = {0};
  struct sql_event_after_rows rows = {0};
  TRY(sql_event_after(s, &mem, &(struct sql_event_after_in){.tenant = STORE_TENANT, .after = p->events}, SIZE_MAX,
                      &rows, e));
  *more = rows.len > 0;
  for (size_t i = 0; i < rows.len; i++) {
    bool ok = true;
    const char *what = broken_event(&rows.at[i], p->events + 1, p->head, &mem);
    if (!what) what = broken_values(s, &mem, &rows.at[i], &ok, e);
    if (!ok) return false;
    if (what) {
      p->head = str_dup(keep, p->head);
      p->broken = p->events + 1;
      p->what = what;
      *more = false;
      return true;
    }
    p->events++;
    p->last_us = rows.at[i].at_us;
    p->head = i + 1 == rows.len ? str_dup(keep, rows.at[i].hash) : rows.at[i].hash;
  }
  return true;
}
/* What no single event shows: the end cut off, values without an event. */
static bool verify_ends(struct store *s, struct arena *mem, struct event_proof *p, struct err *e) {
  struct sql_chain_get head = {.hash = STR("")};
  bool found = false;
  TRY(sql_chain_get(s, mem, &(struct sql_chain_get_in){.tenant = STORE_TENANT}, &head, &found, e));
  struct sql_event_stray_rows stray = {0};
  TRY(sql_event_stray(s, mem, &(struct sql_event_stray_in){.tenant = STORE_TENANT}, 1, &stray, e));
  if (head.seq != p->events || !str_eq(head.hash, p->head)) {
    p->broken = p->events + 1;
    p->what = "head";
  } else if (stray.len) {
    p->broken = stray.at[0].seq;
    p->what = "stray";
  }
  return true;
}
bool event_verify(struct store *s, struct arena *mem, struct event_proof *out, struct err *e) {
  *out = (struct event_proof){.head = STR("")};
  bool more = true;
  while (more) TRY(verify_page(s, mem, out, &more, e));
  return out->broken || verify_ends(s, mem, out, e);
}
