/* Events as they are appended. The chain's row is moved first; values go in after their event. */
#include "store/event.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "sql.h"
#include "store/event_hash.h"
#include "store/store.h"
#include "texts.h"

enum { SALT_BYTES = 16 };

/* What is readable never begins with the mark of a sealed value. */
void event_add(struct event *ev, struct str name, struct str value) {
  while (event_is_sealed(value)) value = str_from(value, 1);
  if (!value.len) return;
  must(ev->count < EVENT_FIELDS_MAX);
  ev->fields[ev->count++] = (struct event_field){.name = name, .value = value};
}
void event_add_sealed(struct event *ev, struct str compartment, struct str name, struct str value) {
  if (!value.len) return;
  must(ev->count < EVENT_FIELDS_MAX && compartment.len);
  ev->fields[ev->count++] = (struct event_field){name, value, compartment};
}

/* ---- hashes ---- */

struct hasher hasher_begin(void) {
  return (struct hasher){hash_sm3_begin(), hash_sm3_begin(), 0};
}
void hasher_end(struct hasher *h) {
  hash_drop(h->one);
  hash_drop(h->payload);
}
static void add(struct hasher *h, struct hash_state *to, struct str s) {
  hash_add(to, s);
  h->bytes += (int64_t)s.len;
}
void hash_of_field(struct hasher *h, struct str salt, struct str field, struct str value, char out[EVENT_HEX]) {
  add(h, h->one, salt);
  add(h, h->one, field);
  add(h, h->one, STR("\x1F"));
  add(h, h->one, value);
  hash_hex_at(out, hash_turn(h->one));
}
void hash_payload_line(struct hasher *h, struct str field, struct str hex) {
  add(h, h->payload, field);
  add(h, h->payload, STR("\t"));
  add(h, h->payload, hex);
  add(h, h->payload, STR("\n"));
}
void hash_of_payload(struct hasher *h, char out[EVENT_HEX]) { hash_hex_at(out, hash_turn(h->payload)); }
void hash_of_event(struct hasher *h, const struct sql_event_after *v, char out[EVENT_HEX]) {
  char seq[24], at[24];
  (void)snprintf(seq, sizeof seq, "%lld", (long long)v->seq);
  (void)snprintf(at, sizeof at, "%lld", (long long)v->at_us);
  const struct str lines[] = {v->prev,   STORE_TENANT, str_of(seq), str_of(at),    v->valid,    v->actor,
                              v->record, v->id,        v->act,      v->from_state, v->to_state, v->payload};
  for (size_t i = 0; i < COUNT_OF(lines); i++) {
    add(h, h->one, lines[i]);
    add(h, h->one, STR("\n"));
  }
  hash_hex_at(out, hash_turn(h->one));
}
bool hash_is(const char hex[EVENT_HEX], struct str s) { return str_eq((struct str){hex, EVENT_HEX}, s); }

/* ---- sealed values ---- */

struct seal_place event_seal_place(struct arena *mem, int64_t seq, struct str field) {
  return (struct seal_place){STORE_TENANT, STR("event_seal"), field, str_int(mem, seq)};
}
static struct str sealed_value(struct hasher *h, struct arena *mem, struct str nonce, struct str field,
                               struct str value) {
  char hex[EVENT_HEX];
  hash_of_field(h, nonce, field, value, hex);
  return str_fmt(mem, "\x1F%.*s", EVENT_HEX, hex);
}
bool event_unseal(struct store *s, struct arena *mem, int64_t seq, struct str field, struct str value,
                  struct str compartment, struct str cell, struct str *out, struct err *e) {
  AUTO_ARENA own = {0};
  AUTO_HASHER h = hasher_begin();
  struct str open = {0};
  const struct seal_place at = event_seal_place(&own, seq, field);
  TRY(seal_open(store_keys(s), mem, compartment, &at, cell, &open, e));
  const struct str nonce = str_slice(open, 0, SALT_BYTES);
  *out = str_from(open, SALT_BYTES);
  if (open.len >= SALT_BYTES && str_eq(sealed_value(&h, &own, nonce, field, *out), value)) return true;
  return fail(e, ERR_STORE, MSG_seal_broken, "table", at.table, "column", at.column, "row", at.row);
}

/* ---- appending ---- */

/* The fields of an event as they are written, in order of their names. */
struct hashed {
  struct event_field f[EVENT_FIELDS_MAX];
  struct str hash[EVENT_FIELDS_MAX], salt[EVENT_FIELDS_MAX], cell[EVENT_FIELDS_MAX];
};
static int by_name(const void *a, const void *b) {
  return str_cmp(((const struct event_field *)a)->name, ((const struct event_field *)b)->name);
}
static bool seal_field(struct hasher *h, struct keys *keys, struct arena *mem, int64_t seq, struct event_field *f,
                       struct str *out_cell, struct err *e) {
  char *nonce = arena_take(mem, SALT_BYTES);
  random_bytes(nonce, SALT_BYTES);
  const struct str value = f->value, salt = {nonce, SALT_BYTES};
  const struct seal_place at = event_seal_place(mem, seq, f->name);
  f->value = sealed_value(h, mem, salt, f->name, value);
  return seal_cell(keys, mem, f->compartment, &at, str_join(mem, salt, value), out_cell, e);
}
static bool hash_fields(struct hasher *h, struct keys *keys, struct arena *mem, const struct event *ev, int64_t seq,
                        struct hashed *out, struct str *out_payload, struct err *e) {
  memcpy(out->f, ev->fields, sizeof ev->fields[0] * ev->count);
  qsort(out->f, ev->count, sizeof out->f[0], by_name);
  char *salts = arena_take(mem, SALT_BYTES * ev->count + 1);
  random_bytes(salts, SALT_BYTES * ev->count);
  for (size_t i = 0; i < ev->count; i++) {
    char hex[EVENT_HEX];
    if (out->f[i].compartment.len) TRY(seal_field(h, keys, mem, seq, &out->f[i], &out->cell[i], e));
    out->salt[i] = (struct str){salts + i * SALT_BYTES, SALT_BYTES};
    hash_of_field(h, out->salt[i], out->f[i].name, out->f[i].value, hex);
    out->hash[i] = str_dup(mem, (struct str){hex, EVENT_HEX});
    hash_payload_line(h, out->f[i].name, out->hash[i]);
  }
  char hex[EVENT_HEX];
  hash_of_payload(h, hex);
  *out_payload = str_dup(mem, (struct str){hex, EVENT_HEX});
  return true;
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
static bool insert_event(struct store *s, const struct sql_event_after *v, struct err *e) {
  return sql_event_insert(s,
                          &(struct sql_event_insert_in){.tenant = STORE_TENANT,
                                                        .seq = v->seq,
                                                        .prev = v->prev,
                                                        .hash = v->hash,
                                                        .at_us = v->at_us,
                                                        .valid = v->valid,
                                                        .actor = v->actor,
                                                        .record = v->record,
                                                        .id = v->id,
                                                        .act = v->act,
                                                        .from_state = v->from_state,
                                                        .to_state = v->to_state,
                                                        .payload = v->payload},
                          NULL, e);
}
static bool insert_field(struct store *s, int64_t seq, const struct hashed *fields, size_t i, struct err *e) {
  const struct event_field *f = &fields->f[i];
  TRY(sql_event_field_insert(s,
                             &(struct sql_event_field_insert_in){.tenant = STORE_TENANT,
                                                                 .seq = seq,
                                                                 .field = f->name,
                                                                 .hash = fields->hash[i],
                                                                 .salt = fields->salt[i],
                                                                 .value = f->value},
                             NULL, e));
  if (!f->compartment.len) return true;
  return sql_event_seal_insert(
      s, &(struct sql_event_seal_insert_in){STORE_TENANT, seq, f->name, f->compartment, fields->cell[i]}, NULL, e);
}

bool event_append(struct store *s, struct arena *mem, const struct event *ev, int64_t *out_seq, struct err *e) {
  AUTO_HASHER h = hasher_begin();
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
                              .to_state = ev->to};
  TRY(hash_fields(&h, store_keys(s), mem, ev, v.seq, fields, &v.payload, e));
  char hex[EVENT_HEX];
  hash_of_event(&h, &v, hex);
  v.hash = str_dup(mem, (struct str){hex, EVENT_HEX});
  TRY(chain_follow(s, &v, head.seq, e));
  TRY(insert_event(s, &v, e));
  for (size_t i = 0; i < ev->count; i++) TRY(insert_field(s, v.seq, fields, i, e));
  if (out_seq) *out_seq = v.seq;
  return true;
}
