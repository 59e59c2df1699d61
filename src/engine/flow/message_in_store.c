/* What other bodies send. The row that remembers a message is written in the transaction that does what the message brings about, so
 * that neither is there without the other; what was refused leaves a row of its own, which waits. */
#include "base/hash.h"
#include "base/json.h"
#include "base/limits.h"
#include "declare/check.h"
#include "engine/flow/act.h"
#include "engine/flow/env.h"
#include "engine/flow/messages.h"
#include "sql.h"
#include "store/event.h"
#include "store/store.h"
#include "texts.h"

enum { KEY_TEXT_MAX = 200, BODY_MAX = 200 << 10 };

/* ---- what it says ---- */

static const struct flow_sent *sent_as(const struct flow_arrival *a, struct str name) {
  for (size_t i = 0; i < a->count; i++)
    if (str_eq(a->fields[i].name, name)) return &a->fields[i];
  return NULL;
}
/* Bodies outside do not know our ids: a unit may be called by its name. */
static bool unit_named(struct flow_run *run, const struct message_field *f, struct str said, struct str *out,
                       struct err *e) {
  struct sql_system_unit_named_rows rows = {0};
  *out = said;
  if (f->is.type != TYPE_unit || !said.len) return true;
  TRY(sql_system_unit_named(run->session, run->mem, &(struct sql_system_unit_named_in){STORE_TENANT, said}, 2, &rows,
                            e));
  if (rows.len > 1) return fail(e, ERR_INVALID, MSG_message_unit_several, "name", f->head.name.text);
  if (rows.len == 1) *out = rows.at[0].id;
  return true;
}
static bool read_fields(struct flow_run *run, const struct flow_arrival *a, struct flow_thing **out, struct err *e) {
  const struct message *m = a->said;
  struct flow_thing *t = *out = flow_thing(run, FLOW_VALUES, NULL, m->head.name.text);
  struct str *names = arena_new_n(run->mem, struct str, m->fields.len);
  t->names = names;
  t->values = arena_new_n(run->mem, struct value, m->fields.len);
  t->value_count = m->fields.len;
  for (size_t i = 0; i < a->count; i++)
    if (!part_find(&m->fields, a->fields[i].name))
      return fail(e, ERR_INVALID, MSG_message_no_field, "name", a->fields[i].name);
  for (size_t i = 0; i < m->fields.len; i++) {
    const struct message_field *f = &m->fields.at[i];
    const struct flow_sent *sent = sent_as(a, f->head.name.text);
    const struct type type = meaning_said_type(&a->system->typed->m, &f->is);
    struct str said = STR("");
    names[i] = f->head.name.text;
    if (sent) TRY(unit_named(run, f, str_trim(sent->text), &said, e));
    if (!said.len && is_yes(f->need)) return fail(e, ERR_INVALID, MSG_message_needs, "name", names[i]);
    if (said.len) TRY(flow_read(run, a->system, names[i], f->label.text, &f->is, &type, said, &t->values[i], e));
    else t->values[i] = value_none(NONE_missing);
  }
  return true;
}
static bool key_of(struct flow_run *run, const struct flow_arrival *a, const struct flow_thing *values, struct str *out,
                   struct err *e) {
  const struct flow_about about = {.system = a->system, .message = (struct flow_thing *)(uintptr_t)values};
  struct value v = {0};
  TRY(flow_eval(run, &about, a->said->key.tree, NULL, &v, e));
  const struct str said = v.kind == VALUE_TEXT ? v.text : value_show(run->mem, run->flow->units, &v, STR(""));
  if (value_is_none(&v) || !said.len) return fail(e, ERR_INVALID, MSG_message_no_key);
  if (said.len > KEY_TEXT_MAX)
    return fail(e, ERR_INVALID, MSG_message_key_long, "limit", str_int(run->mem, KEY_TEXT_MAX));
  *out = said;
  return true;
}
/* Of the declared fields in their order, then of what else was sent: the same whatever the order it came in. */
static struct str digest_of(struct flow_run *run, const struct flow_arrival *a) {
  AUTO_BUF text = BUF_MAX(BODY_MAX * 2);
  vec_each(const struct message_field, f, &a->said->fields) {
    const struct flow_sent *x = sent_as(a, f->head.name.text);
    if (x) buf_fmt(&text, STRF "=" STRF "\n", STRA(x->name), STRA(x->text));
  }
  for (size_t i = 0; i < a->count; i++)
    if (!part_find(&a->said->fields, a->fields[i].name))
      buf_fmt(&text, STRF "=" STRF "\n", STRA(a->fields[i].name), STRA(a->fields[i].text));
  return hash_hex(run->mem, hash_sm3(buf_view(&text)));
}
static bool body_of(struct flow_run *run, const struct flow_arrival *a, struct str *out, struct err *e) {
  AUTO_BUF text = BUF_MAX(BODY_MAX);
  struct json_out j = {.to = &text};
  json_open(&j, NULL, '{');
  for (size_t i = 0; i < a->count; i++) json_str(&j, str_z(run->mem, a->fields[i].name), a->fields[i].text);
  json_close(&j, '}');
  if (text.broken) return fail(e, ERR_TOO_LARGE, MSG_message_large, "limit", str_int(run->mem, BODY_MAX >> 10));
  *out = str_dup(run->mem, buf_view(&text));
  return true;
}

/* ---- its row ---- */

struct known { /* a message of this key that came before */
  struct sql_message_in_find is;
  bool found;
};
static struct str unread_key(struct flow_run *run, struct str digest) {
  return str_fmt(run->mem, "#" STRF, STRA(digest));
}
/* Under its key, or as it waits since it could not be read. */
static bool find_known(struct flow_run *run, const struct flow_arrival *a, struct str key, struct str digest,
                       struct known *out, struct err *e) {
  struct sql_message_in_find_in in = {STORE_TENANT, a->system->name, a->said->head.name.text, key};
  *out = (struct known){0};
  TRY(sql_message_in_find(run->session, run->mem, &in, &out->is, &out->found, e));
  in.key = unread_key(run, digest);
  return out->found || sql_message_in_find(run->session, run->mem, &in, &out->is, &out->found, e);
}
static bool put_row(struct flow_run *run, const struct known *was, const struct sql_message_in_insert_in *row,
                    struct err *e) {
  int64_t changed = 1;
  if (!was->found) return sql_message_in_insert(run->session, row, NULL, e);
  const struct sql_message_in_change_in in = {.tenant = STORE_TENANT,
                                              .id = was->is.id,
                                              .key = row->key,
                                              .digest = row->digest,
                                              .phase = row->phase,
                                              .says = row->says,
                                              .body = row->body,
                                              .tries = was->is.tries + 1,
                                              .record = row->record,
                                              .owner = row->owner};
  TRY(sql_message_in_change(run->session, &in, &changed, e));
  return changed == 1 || fail(e, ERR_BUSY, MSG_store_busy);
}
static bool note(struct flow_run *run, const struct flow_arrival *a, struct str id, struct str key, const char *act,
                 struct str says, struct err *e) {
  const struct event_field about[] = {{.name = STR("system"), .value = a->system->name},
                                      {.name = STR("message"), .value = a->said->head.name.text},
                                      {.name = STR("party"), .value = a->said->from.text},
                                      {.name = STR("key"), .value = key},
                                      {.name = STR("says"), .value = says}};
  return flow_note_message(run, STR("message"), id, act, about, COUNT_OF(about), e);
}
/* What it made stands in a row that may be seen no more: its number is asked for anew. */
static bool number_of(struct flow_run *run, struct flow_taken *out, struct err *e) {
  struct flow_row *row = NULL;
  if (out->record) TRY(flow_row(run, out->record, out->owner, &row, e));
  if (row) out->number = row->number;
  return true;
}
static bool answer_again(struct flow_run *run, const struct known *was, struct str digest, struct flow_taken *out,
                         struct err *e) {
  if (str_eqz(was->is.phase, "closed")) return fail(e, ERR_GUARD, MSG_message_closed);
  if (!str_eq(was->is.digest, digest)) return fail(e, ERR_KEY_REUSED, MSG_message_key_reused, "key", out->key);
  out->id = was->is.id;
  out->record = flow_record(run->flow, was->is.record);
  out->owner = was->is.owner;
  out->is_replayed = true;
  return number_of(run, out, e);
}

/* ---- taken ---- */

static bool perform(struct flow_run *run, const struct flow_arrival *a, struct flow_thing *values,
                    struct flow_taken *out, struct err *e) {
  struct eval_notes notes = {0};
  struct flow_done done = {0};
  struct flow_step s = {.run = run,
                        .about = {.system = a->system, .message = values},
                        .of = a->system->records.len ? &a->system->records.at[0] : NULL,
                        .done = &done};
  bool holds = true;
  run->by = FLOW_BY_SYSTEM;
  TRY(flow_holds(run, &s.about, &a->said->when, &holds, e));
  if (!holds) return true;
  run->notes = &notes;
  run->depth++; /* acts that it brings about wait until all of it is written */
  TRY(flow_effects(&s, &a->said->does, e));
  run->depth--;
  run->notes = NULL;
  TRY(flow_acts_later(run, e));
  out->record = s.made;
  out->owner = done.id;
  out->number = done.number;
  return true;
}
bool flow_message_take(struct flow_run *run, const struct flow_arrival *a, struct flow_taken *out, struct err *e) {
  struct flow_thing *values;
  struct known was;
  *out = (struct flow_taken){0};
  TRY(read_fields(run, a, &values, e) && key_of(run, a, values, &out->key, e));
  const struct str digest = digest_of(run, a);
  TRY(find_known(run, a, out->key, digest, &was, e));
  if (was.found && !str_eqz(was.is.phase, "waiting")) return answer_again(run, &was, digest, out, e);
  out->id = was.found ? was.is.id : store_new_id(run->mem, run->known_us);
  TRY(perform(run, a, values, out, e));
  const struct sql_message_in_insert_in row = {.tenant = STORE_TENANT,
                                               .system = a->system->name,
                                               .message = a->said->head.name.text,
                                               .key = out->key,
                                               .id = out->id,
                                               .digest = digest,
                                               .phase = STR("done"),
                                               .tries = 1,
                                               .came_us = run->known_us,
                                               .record = out->record ? out->record->name : STR(""),
                                               .owner = out->owner};
  return put_row(run, &was, &row, e) && note(run, a, out->id, out->key, "take", STR(""), e);
}

/* ---- waiting ---- */

bool flow_message_waits(const struct err *why) {
  return why->code != ERR_BUSY && why->code != ERR_STORE && why->code != ERR_KEY_REUSED;
}
/* Its key; of one that cannot be read so far its content stands for it. */
static bool key_to_wait(struct flow_run *run, const struct flow_arrival *a, struct str digest, struct str *out,
                        struct err *e) {
  struct flow_thing *values;
  struct err unread = {0};
  if (read_fields(run, a, &values, &unread) && key_of(run, a, values, out, &unread)) return true;
  *out = unread_key(run, digest);
  return flow_message_waits(&unread) || fail(e, unread.code, MSG_store_busy);
}
static bool room_for(struct flow_run *run, struct str system, struct err *e) {
  struct sql_message_in_waiting n = {0};
  TRY(sql_message_in_waiting(run->session, run->mem, &(struct sql_message_in_waiting_in){STORE_TENANT, system}, &n,
                             NULL, e));
  return n.n < MESSAGES_WAITING_MAX ||
         fail(e, ERR_TOO_MANY, MSG_message_many, "limit", str_int(run->mem, MESSAGES_WAITING_MAX));
}
bool flow_message_wait(struct flow_run *run, const struct flow_arrival *a, const struct err *why, struct err *e) {
  const struct str digest = digest_of(run, a), says = err_says(run->mem, LANG_ZH, why);
  struct str key, body, cell;
  struct known was;
  TRY(key_to_wait(run, a, digest, &key, e) && find_known(run, a, key, digest, &was, e));
  if (was.found && !str_eqz(was.is.phase, "waiting")) return true; /* put aside: it waits no more */
  const struct str id = was.found ? was.is.id : store_new_id(run->mem, run->known_us);
  if (!was.found) TRY(room_for(run, a->system->name, e));
  TRY(body_of(run, a, &body, e) && flow_body_seal(run, "flow_inbox", id, body, &cell, e));
  const struct sql_message_in_insert_in row = {.tenant = STORE_TENANT,
                                               .system = a->system->name,
                                               .message = a->said->head.name.text,
                                               .key = key,
                                               .id = id,
                                               .digest = digest,
                                               .phase = STR("waiting"),
                                               .says = says,
                                               .body = cell,
                                               .tries = 1,
                                               .came_us = run->known_us};
  return put_row(run, &was, &row, e) && note(run, a, id, key, "wait", says, e);
}

/* ---- looked at by a person ---- */

static bool read_body(struct flow_run *run, struct str body, struct flow_arrival *out, struct err *e) {
  AUTO_JSON *root = NULL;
  const char *name;
  const json_t *v;
  TRY(json_parse(body, &root, e));
  struct flow_sent *all = arena_new_n(run->mem, struct flow_sent, json_object_size(root));
  json_object_foreach(root, name, v) {
    const struct str text = {json_string_value(v), json_string_length(v)};
    all[out->count++] = (struct flow_sent){str_dup(run->mem, str_of(name)), str_dup(run->mem, text)};
  }
  out->fields = all;
  return true;
}
static bool get_waiting(struct flow_run *run, struct str id, struct sql_message_in_get *out, struct err *e) {
  bool found = false;
  TRY(sql_message_in_get(run->session, run->mem, &(struct sql_message_in_get_in){STORE_TENANT, id}, out, &found, e));
  return (found && str_eqz(out->phase, "waiting")) || fail(e, ERR_NOT_FOUND, MSG_message_none);
}
bool flow_message_waiting(struct flow_run *run, struct str id, struct flow_arrival *out, struct err *e) {
  struct sql_message_in_get is = {0};
  struct str body;
  TRY(get_waiting(run, id, &is, e));
  *out = (struct flow_arrival){.system = flow_system(run->flow, is.system)};
  out->said = flow_message(out->system, is.message, WAY_in);
  if (!out->said) return fail(e, ERR_NOT_FOUND, MSG_message_gone, "name", is.message);
  return flow_body_open(run->session, run->mem, "flow_inbox", id, is.body, &body, e) && read_body(run, body, out, e);
}
bool flow_message_close(struct flow_run *run, struct str id, struct str reason, struct err *e) {
  struct sql_message_in_get is = {0};
  reason = str_trim(reason);
  TRY(get_waiting(run, id, &is, e));
  if (!reason.len || reason.len > KEY_TEXT_MAX * 2)
    return fail(e, ERR_INVALID, MSG_message_reason, "name", STR("reason"));
  const struct sql_message_in_change_in in = {.tenant = STORE_TENANT,
                                              .id = id,
                                              .key = is.key,
                                              .digest = STR(""),
                                              .phase = STR("closed"),
                                              .says = reason,
                                              .body = STR(""),
                                              .tries = is.tries};
  const struct event_field about[] = {{.name = STR("system"), .value = is.system},
                                      {.name = STR("message"), .value = is.message},
                                      {.name = STR("key"), .value = is.key},
                                      {.name = STR("says"), .value = reason}};
  TRY(sql_message_in_change(run->session, &in, NULL, e));
  return flow_note_message(run, STR("message"), id, "close", about, COUNT_OF(about), e);
}
