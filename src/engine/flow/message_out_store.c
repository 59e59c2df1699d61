/* What goes to other bodies. The row is written by the act that tells of it; whoever sends claims it first, sends outside any
 * transaction, and writes down what came of it: when that is lost, it is sent again under the same id. */
#include "base/clock.h"
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

enum { BODY_MAX = 200 << 10, RECEIPT_MAX = 300, LONGEST_MINUTES = 360, DOUBLINGS = 9 };
#define MINUTE (60 * SECOND_US)

/* ---- written by an act ---- */

/* As the other body can read it: codes as they are, moments RFC 3339, units and people by name. */
static bool text_of(struct flow_run *run, const struct flow_system *sys, const struct type *t, const struct value *v,
                    struct str *out, struct err *e) {
  const struct flow_thing *thing = v->kind == VALUE_THING ? flow_thing_of(v) : NULL;
  *out = STR("");
  if (value_is_none(v)) return true;
  if (v->kind == VALUE_SET) {
    struct type one = *t;
    one.set = false;
    for (size_t i = 0; i < v->set.len; i++) {
      struct str text;
      TRY(text_of(run, sys, &one, &v->set.at[i], &text, e));
      *out = str_fmt(run->mem, STRF "%s" STRF, STRA(*out), i ? "," : "", STRA(text));
    }
    return true;
  }
  if (v->kind == VALUE_TEXT) return *out = v->text, true;
  if (v->kind == VALUE_MOMENT) return *out = clock_rfc3339(run->mem, v->moment), true;
  if (thing) return flow_show(run, sys, t, v, out, e);
  *out = value_show(run->mem, run->flow->units, v, t->kind == KIND_NUMBER ? t->said : STR(""));
  return true;
}
static bool put_fields(struct flow_step *s, const struct message *m, struct json_out *j, struct err *e) {
  const struct flow_system *sys = s->about.self->record->system;
  json_open(j, "fields", '{');
  vec_each(const struct message_field, f, &m->fields) {
    struct value v = {0};
    struct str text;
    TRY(flow_eval(s->run, &s->about, f->value.tree, s->run->notes, &v, e));
    TRY(text_of(s->run, sys, f->value.tree->type, &v, &text, e));
    json_str_or_null(j, str_z(s->run->mem, f->head.name.text), value_is_none(&v) ? (struct str){0} : text);
  }
  json_close(j, '}');
  return true;
}
static bool put_out(struct flow_step *s, const struct message *m, struct err *e) {
  struct flow_run *run = s->run;
  const struct flow_system *sys = s->about.self->record->system;
  const struct str id = store_new_id(run->mem, run->known_us);
  AUTO_BUF text = BUF_MAX(BODY_MAX);
  struct json_out j = {.to = &text};
  struct value v = {0};
  struct str key, cell;
  TRY(flow_eval(run, &s->about, m->key.tree, run->notes, &v, e) && text_of(run, sys, m->key.tree->type, &v, &key, e));
  json_open(&j, NULL, '{');
  json_str(&j, "id", id);
  json_str(&j, "message", str_fmt(run->mem, STRF "." STRF, STRA(sys->name), STRA(m->head.name.text)));
  json_str(&j, "key", key);
  json_str(&j, "at", clock_rfc3339(run->mem, run->now_us));
  TRY(put_fields(s, m, &j, e));
  json_close(&j, '}');
  if (text.broken) return fail(e, ERR_TOO_LARGE, MSG_message_large, "limit", str_int(run->mem, BODY_MAX >> 10));
  TRY(flow_body_seal(run, "flow_outbox", id, buf_view(&text), &cell, e));
  const struct sql_message_out_insert_in in = {STORE_TENANT,
                                               id,
                                               sys->name,
                                               m->head.name.text,
                                               m->to.text,
                                               key,
                                               hash_hex(run->mem, hash_sm3(buf_view(&text))),
                                               cell,
                                               run->known_us};
  return sql_message_out_insert(run->session, &in, NULL, e);
}
bool flow_messages_out(struct flow_step *s, struct err *e) {
  const struct flow_record *r = s->about.self->record;
  vec_each(const struct message, m, &r->system->system->messages) {
    bool holds = true;
    if (m->way.which != WAY_out || !str_eq(m->of.text, r->record->head.name.text)) continue;
    if (!words_have(&m->on, s->act->head.name.text)) continue;
    TRY(flow_holds(s->run, &s->about, &m->when, &holds, e));
    if (holds) TRY(put_out(s, m, e));
  }
  return true;
}

/* ---- sent ---- */

bool flow_messages_due(struct store *session, struct arena *mem, int64_t now_us, flow_posted_list *out, struct err *e) {
  struct sql_message_out_due_rows rows = {0};
  const struct sql_message_out_due_in in = {STORE_TENANT, now_us, MESSAGE_TURN_MAX};
  TRY(sql_message_out_due(session, mem, &in, MESSAGE_TURN_MAX, &rows, e));
  vec_each(const struct sql_message_out_due, x, &rows) {
    struct flow_posted m = {x->id, x->system, x->message, x->party, x->key, x->address, {0}, x->tries, x->again_us};
    TRY(flow_body_open(session, mem, "flow_outbox", x->id, x->body, &m.body, e));
    vec_push(mem, out) = m;
  }
  return true;
}
bool flow_message_claim(struct store *tx, const struct flow_posted *m, int64_t until_us, bool *out_mine,
                        struct err *e) {
  int64_t changed = 0;
  TRY(sql_message_out_claim(tx, &(struct sql_message_out_claim_in){STORE_TENANT, m->id, m->was_us, until_us}, &changed,
                            e));
  *out_mine = changed == 1;
  return true;
}
static bool end(struct flow_run *run, const struct flow_posted *m, const char *phase, const char *act, struct str says,
                struct err *e) {
  int64_t changed = 0;
  says = str_slice(says, 0, says.len < RECEIPT_MAX ? says.len : RECEIPT_MAX);
  const struct event_field about[] = {{.name = STR("system"), .value = m->system},
                                      {.name = STR("message"), .value = m->message},
                                      {.name = STR("party"), .value = m->party},
                                      {.name = STR("key"), .value = m->key},
                                      {.name = STR("digest"), .value = hash_hex(run->mem, hash_sm3(m->body))},
                                      {.name = STR("says"), .value = says}};
  const struct sql_message_out_end_in in = {STORE_TENANT, m->id, str_of(phase), says, run->known_us};
  TRY(sql_message_out_end(run->session, &in, &changed, e));
  return !changed || flow_note_message(run, STR("message"), m->id, act, about, COUNT_OF(about), e);
}
bool flow_message_sent(struct flow_run *run, const struct flow_posted *m, struct str receipt, struct err *e) {
  return end(run, m, "sent", "send", receipt, e);
}
bool flow_message_unsent(struct flow_run *run, const struct flow_posted *m, struct str why, bool is_silent,
                         struct err *e) {
  const int64_t minutes = m->tries < DOUBLINGS ? INT64_C(1) << m->tries : LONGEST_MINUTES;
  const int64_t again = run->known_us + (minutes < LONGEST_MINUTES ? minutes : LONGEST_MINUTES) * MINUTE;
  TRY(sql_message_out_failed(
      run->session, &(struct sql_message_out_failed_in){STORE_TENANT, m->id, why, m->tries + 1, again}, NULL, e));
  const struct sql_message_out_hold_in hold = {STORE_TENANT, m->system, m->party, run->known_us + MINUTE};
  return !is_silent || sql_message_out_hold(run->session, &hold, NULL, e);
}

/* ---- by hand ---- */

bool flow_message_read(struct flow_run *run, struct str id, struct flow_posted *out, struct err *e) {
  struct sql_message_out_get is = {0};
  bool found = false;
  TRY(sql_message_out_get(run->session, run->mem, &(struct sql_message_out_get_in){STORE_TENANT, id}, &is, &found, e));
  if (!found || !str_eqz(is.phase, "waiting")) return fail(e, ERR_NOT_FOUND, MSG_message_none);
  *out = (struct flow_posted){.id = id, .system = is.system, .message = is.message, .party = is.party, .key = is.key};
  return flow_body_open(run->session, run->mem, "flow_outbox", id, is.body, &out->body, e);
}
bool flow_message_fetched(struct flow_run *run, const struct flow_posted *m, struct err *e) {
  const struct event_field about[] = {{.name = STR("system"), .value = m->system},
                                      {.name = STR("message"), .value = m->message},
                                      {.name = STR("party"), .value = m->party}};
  return flow_note_message(run, STR("message"), m->id, "fetch", about, COUNT_OF(about), e);
}
bool flow_message_handed(struct flow_run *run, struct str id, struct err *e) {
  struct flow_posted m;
  return flow_message_read(run, id, &m, e) && end(run, &m, "handed", "hand_over", STR(""), e);
}
bool flow_party_move(struct flow_run *run, struct str system, struct str party, struct str address, struct err *e) {
  const struct sql_message_address_set_in set = {STORE_TENANT, system, party, address};
  const struct event_field about[] = {{.name = STR("party"), .value = party},
                                      {.name = STR("address"), .value = address}};
  int64_t changed = 0;
  TRY(sql_message_address_set(run->session, &set, &changed, e));
  if (!changed)
    TRY(sql_message_address_insert(
        run->session, &(struct sql_message_address_insert_in){STORE_TENANT, system, party, address}, NULL, e));
  TRY(sql_message_out_now(run->session, &(struct sql_message_out_now_in){STORE_TENANT, system, party}, NULL, e));
  return flow_note_message(run, STR("message_party"), system, "move", about, COUNT_OF(about), e);
}
