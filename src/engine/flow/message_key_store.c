/* Keys with which other bodies sign what they send, and we what we send them. A row says that there is one; the key itself is the keyed
 * digest of the row's id under the ring. */
#include "base/buf.h"
#include "base/cipher.h"
#include "base/limits.h"
#include "declare/check.h"
#include "engine/flow/messages.h"
#include "sql.h"
#include "store/event.h"
#include "store/store.h"
#include "texts.h"

const struct message *flow_message(const struct flow_system *s, struct str name, enum message_way way) {
  const struct message *m = s ? part_find(&s->system->messages, name) : NULL;
  return m && m->way.which == (int)way ? m : NULL;
}
bool flow_note_message(struct flow_run *run, struct str record, struct str id, const char *act,
                       const struct event_field *about, size_t count, struct err *e) {
  struct event *ev = arena_new(run->mem, struct event);
  *ev = (struct event){.at_us = run->known_us,
                       .actor = run->actor.len ? run->actor : STR("system"),
                       .record = record,
                       .id = id,
                       .act = str_of(act)};
  for (size_t i = 0; i < count; i++) event_add(ev, about[i].name, about[i].value);
  return event_append(run->session, run->mem, ev, NULL, e);
}
static struct seal_place place_of(const char *table, struct str id) {
  return (struct seal_place){STORE_TENANT, str_of(table), STR("body"), id};
}
bool flow_body_seal(struct flow_run *run, const char *table, struct str id, struct str body, struct str *out,
                    struct err *e) {
  const struct seal_place at = place_of(table, id);
  return seal_cell(store_keys(run->session), run->mem, MESSAGE_COMPARTMENT, &at, body, out, e);
}
bool flow_body_open(struct store *session, struct arena *mem, const char *table, struct str id, struct str cell,
                    struct str *out, struct err *e) {
  const struct seal_place at = place_of(table, id);
  return seal_open(store_keys(session), mem, MESSAGE_COMPARTMENT, &at, cell, out, e);
}

/* ---- keys ---- */

static bool secret_of(struct store *session, struct arena *mem, struct str system, struct str party, struct str id,
                      struct str *out, struct err *e) {
  const struct str what = str_fmt(mem, STRF "\n" STRF "\n" STRF, STRA(system), STRA(party), STRA(id));
  return seal_lookup(store_keys(session), mem, MESSAGE_COMPARTMENT, STORE_TENANT, STR("party_key"), what, out, e);
}
static bool keys_in_force(struct store *session, struct arena *mem, struct str system, struct str party,
                          struct sql_message_key_list_rows *out, struct err *e) {
  const struct sql_message_key_list_in in = {STORE_TENANT, system, party};
  return sql_message_key_list(session, mem, &in, SIZE_MAX, out, e);
}
static bool note_key(struct flow_run *run, struct str id, const char *act, struct str system, struct str party,
                     struct err *e) {
  const struct event_field about[] = {{.name = STR("system"), .value = system}, {.name = STR("party"), .value = party}};
  return flow_note_message(run, STR("message_key"), id, act, about, COUNT_OF(about), e);
}
bool flow_key_make(struct flow_run *run, struct str system, struct str party, struct flow_key *out, struct err *e) {
  struct sql_message_key_list_rows rows = {0};
  TRY(keys_in_force(run->session, run->mem, system, party, &rows, e));
  if (rows.len >= MESSAGE_KEYS_MAX)
    return fail(e, ERR_TOO_MANY, MSG_message_keys_most, "limit", str_int(run->mem, MESSAGE_KEYS_MAX));
  out->id = store_new_id(run->mem, run->known_us);
  TRY(secret_of(run->session, run->mem, system, party, out->id, &out->secret, e));
  const struct sql_message_key_insert_in in = {STORE_TENANT, out->id, system, party, run->known_us};
  return sql_message_key_insert(run->session, &in, NULL, e) && note_key(run, out->id, "make", system, party, e);
}
bool flow_key_end(struct flow_run *run, struct str id, struct err *e) {
  struct sql_message_key_get is = {0};
  bool found = false;
  TRY(sql_message_key_get(run->session, run->mem, &(struct sql_message_key_get_in){STORE_TENANT, id}, &is, &found, e));
  if (!found || is.ended_us) return fail(e, ERR_NOT_FOUND, MSG_message_key_none);
  TRY(sql_message_key_end(run->session, &(struct sql_message_key_end_in){STORE_TENANT, id, run->known_us}, NULL, e));
  return note_key(run, id, "withdraw", is.system, is.party, e);
}
bool flow_key_of(struct store *session, struct arena *mem, struct str system, struct str party, struct str id,
                 struct flow_key *out, struct err *e) {
  struct sql_message_key_get is = {0};
  bool found = false;
  TRY(sql_message_key_get(session, mem, &(struct sql_message_key_get_in){STORE_TENANT, id}, &is, &found, e));
  if (!found || is.ended_us || !str_eq(is.system, system) || !str_eq(is.party, party))
    return fail(e, ERR_FORBIDDEN, MSG_message_stranger, "party", party);
  out->id = str_dup(mem, id);
  return secret_of(session, mem, system, party, id, &out->secret, e);
}
bool flow_key_newest(struct store *session, struct arena *mem, struct str system, struct str party,
                     struct flow_key *out, struct err *e) {
  struct sql_message_key_list_rows rows = {0};
  *out = (struct flow_key){0};
  TRY(keys_in_force(session, mem, system, party, &rows, e));
  if (!rows.len) return true;
  out->id = rows.at[0].id;
  return secret_of(session, mem, system, party, out->id, &out->secret, e);
}
struct str flow_signature(struct arena *mem, struct str secret, const char *method, struct str path, struct str moment,
                          struct str body) {
  AUTO_BUF text = BUF_MAX(PLAN_FILE_MAX);
  buf_fmt(&text, "%s\n" STRF "\n" STRF "\n", method, STRA(path), STRA(moment));
  buf_str(&text, body); /* any bytes at all */
  return hash_hex(mem, cipher_hmac_sm3(secret, buf_view(&text)));
}
