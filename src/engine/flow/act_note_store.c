/* What stays of an act: its event in the chain, the deed that expressions ask for, the key by which the same request is known again,
 * the numbers it took. */
#include "base/clock.h"
#include "base/hash.h"
#include "declare/check.h"
#include "declare/number.h"
#include "engine/flow/act.h"
#include "engine/flow/sealed.h"
#include "sql.h"
#include "store/event.h"
#include "store/store.h"
#include "texts.h"

enum { EVENT_TEXT_MAX = 20000 };

/* ---- numbers ---- */

struct str flow_lookup_new(struct arena *mem) {
  static const char letters[] = "0123456789abcdefghjkmnpqrstvwxyz";
  enum { LETTERS = 12 };
  unsigned char chance[LETTERS];
  char *out = arena_take(mem, LETTERS);
  random_bytes(chance, sizeof chance);
  for (int i = 0; i < LETTERS; i++) out[i] = letters[chance[i] & 31];
  return (struct str){out, LETTERS};
}
static bool count_on(struct flow_run *run, struct str series, struct str head, int64_t *out, struct err *e) {
  struct sql_flow_number_get is = {0};
  bool found = false;
  int64_t changed = 1;
  TRY(sql_flow_number_get(run->session, run->mem, &(struct sql_flow_number_get_in){STORE_TENANT, series, head}, &is,
                          &found, e));
  *out = found ? is.last + 1 : 1;
  if (!found)
    return sql_flow_number_start(run->session, &(struct sql_flow_number_start_in){STORE_TENANT, series, head, 1}, NULL,
                                 e);
  TRY(sql_flow_number_move(run->session, &(struct sql_flow_number_move_in){STORE_TENANT, series, head, *out, is.last},
                           &changed, e));
  return changed == 1 || fail(e, ERR_BUSY, MSG_store_busy);
}
bool flow_number_next(struct flow_run *run, struct str series, struct str pattern, struct str *out, struct err *e) {
  const struct date day = clock_today(run->now_us);
  int64_t n = 0;
  TRY(count_on(run, series, number_series(run->mem, pattern, day), &n, e));
  *out = number_text(run->mem, pattern, day, n);
  return true;
}

/* ---- the event ---- */

static struct str event_text(struct flow_run *run, const struct flow_field *f, const struct value *v) {
  struct str out = STR("");
  if (v->kind == VALUE_SET) {
    for (size_t i = 0; i < v->set.len && out.len < EVENT_TEXT_MAX; i++) {
      const struct str one = event_text(run, f, &v->set.at[i]);
      out = str_fmt(run->mem, STRF "%s" STRF, STRA(out), i ? "," : "", STRA(one));
    }
    return out;
  }
  if (value_is_none(v)) return out;
  const struct flow_thing *t = v->kind == VALUE_THING ? flow_thing_of(v) : NULL;
  if (t && t->kind == FLOW_ROW_OF) {
    for (size_t i = 0; i < t->value_count; i++) {
      const struct str one = event_text(run, &t->columns[i], &t->values[i]);
      out = str_fmt(run->mem, STRF "%s" STRF, STRA(out), i ? " | " : "", STRA(one));
    }
    return out;
  }
  return t ? t->id : value_show(run->mem, run->flow->units, v, f->type.said);
}
static bool add_field(struct flow_step *s, struct event *ev, size_t i, struct err *e) {
  const struct flow_row *row = s->about.self;
  const struct flow_field *f = &row->record->fields.at[i];
  const struct value *v = s->coming && s->coming[i].kind != VALUE_NONE ? &s->coming[i] : &row->fields[i];
  struct str text = event_text(s->run, f, v);
  if (f->place == FLOW_POINT && row->words[i].len)
    text = str_trim(str_fmt(s->run->mem, STRF " " STRF, STRA(text), STRA(row->words[i])));
  if (ev->count + 6 > EVENT_FIELDS_MAX)
    return fail(e, ERR_TOO_LARGE, MSG_flow_event_large, "limit", str_int(s->run->mem, EVENT_FIELDS_MAX - 6));
  if (f->class >= CLASS_sensitive) event_add_sealed(ev, flow_compartment(row->record), f->name, text);
  else event_add(ev, f->name, text.len || !value_is_none(v) ? text : STR("none"));
  return true;
}
/* The rows of tables that decided, `matrix 2026-01-01 3`. */
static struct str looks_text(struct flow_run *run) {
  struct str out = STR("");
  for (size_t i = 0; run->notes && i < run->notes->looks.len; i++) {
    const struct eval_look *x = &run->notes->looks.at[i];
    const struct str one = str_fmt(run->mem, STRF " " STRF " %d", STRA(x->row->table->name),
                                   STRA(date_iso(run->mem, x->since)), x->row->number);
    if (str_find(out, one) == STR_NONE)
      out = str_fmt(run->mem, STRF "%s" STRF, STRA(out), out.len ? "; " : "", STRA(one));
  }
  return out;
}
/* What changed, known now. A level that was caught up is true since the day on which it was due. */
static bool event_of(struct flow_step *s, struct str act, struct event **out, struct err *e) {
  static const char *const by[] = {"", "public", "clock", "system"};
  struct flow_run *run = s->run;
  const struct flow_row *row = s->about.self;
  const struct str today = date_iso(run->mem, clock_today(run->now_us));
  struct event *ev = *out = arena_new(run->mem, struct event);
  *ev = (struct event){.at_us = run->known_us,
                       .valid = str_eq(today, date_iso(run->mem, clock_today(run->known_us))) ? STR("") : today,
                       .actor = run->actor.len ? run->actor : str_of(by[run->by]),
                       .record = row->record->name,
                       .id = row->id,
                       .act = act,
                       .from = s->from,
                       .to = row->state};
  for (size_t i = 0; i < row->record->fields.len; i++)
    if (row->changed_field[i] || s->touched[i] || (s->coming && s->coming[i].kind != VALUE_NONE) ||
        (!s->about.before && row->read[i] && !value_is_none(&row->fields[i])))
      TRY(add_field(s, ev, i, e));
  if (!s->about.before) event_add(ev, STR("number"), row->number);
  if (s->coming) event_add(ev, FLOW_FROM, date_iso(run->mem, s->from_day));
  event_add(ev, STR("by"), str_of(by[run->by]));
  event_add(ev, STR("tables"), looks_text(run));
  return true;
}
static bool note_event(struct flow_step *s, struct err *e) {
  struct event *ev;
  TRY(event_of(s, s->act->head.name.text, &ev, e));
  return event_append(s->run->session, s->run->mem, ev, &s->seq, e);
}
bool flow_note_level(struct flow_step *s, struct str clock, struct str level, struct str refused, struct err *e) {
  struct event *ev;
  TRY(event_of(s, refused.len ? STR("clock_refused") : STR("clock"), &ev, e));
  event_add(ev, STR("clock"), clock);
  event_add(ev, STR("level"), level);
  event_add(ev, STR("says"), refused);
  return event_append(s->run->session, s->run->mem, ev, &s->seq, e);
}
bool flow_note_version(struct flow_step *s, struct err *e) {
  struct event *ev;
  TRY(event_of(s, STR("version"), &ev, e));
  return event_append(s->run->session, s->run->mem, ev, &s->seq, e);
}
bool flow_note_merge(struct flow_step *s, struct str act, struct str merged, struct err *e) {
  struct event *ev;
  TRY(event_of(s, act, &ev, e));
  event_add(ev, STR("merged"), merged);
  return event_append(s->run->session, s->run->mem, ev, &s->seq, e);
}
bool flow_note_batch(struct flow_step *s, struct str element, struct str says, struct err *e) {
  struct event *ev;
  TRY(event_of(s, says.len ? STR("batch_refused") : STR("batch"), &ev, e));
  event_add(ev, STR("element"), element);
  event_add(ev, STR("says"), says);
  return event_append(s->run->session, s->run->mem, ev, &s->seq, e);
}
int64_t flow_deed_next(const flow_deeds *deeds) { return deeds->len ? vec_last(deeds).n + 1 : 1; }
static bool insert_deed(struct flow_step *s, const struct flow_deed *d, struct err *e) {
  const struct flow_row *row = s->about.self;
  return sql_flow_act_insert(s->run->session,
                             &(struct sql_flow_act_insert_in){.tenant = STORE_TENANT,
                                                              .record = row->record->name,
                                                              .id = row->id,
                                                              .n = d->n,
                                                              .act = d->act,
                                                              .person = d->person,
                                                              .instead_of = d->instead_of,
                                                              .from_state = d->from,
                                                              .to_state = d->to,
                                                              .at_us = d->at_us,
                                                              .seq = s->seq},
                             NULL, e);
}
static bool note_deed(struct flow_step *s, struct err *e) {
  const struct flow_row *row = s->about.self;
  flow_deeds *deeds;
  TRY(flow_deeds_of(s->run, row->record, row->id, &deeds, e));
  return insert_deed(s, &deeds->at[s->deed], e); /* an effect may have done another act on the same record since */
}
/* Among its deeds it is one that stayed where it was: their states have the new names too. */
bool flow_note_migrated(struct flow_step *s, int64_t from, int64_t to, struct str clocks, struct err *e) {
  struct flow_run *run = s->run;
  const struct flow_row *row = s->about.self;
  struct event *ev;
  flow_deeds *deeds;
  TRY(event_of(s, STR("migrated"), &ev, e) && flow_deeds_of(run, row->record, row->id, &deeds, e));
  event_add(ev, STR("version"), str_fmt(run->mem, "%lld → %lld", (long long)from, (long long)to));
  event_add(ev, STR("clock"), clocks);
  TRY(event_append(run->session, run->mem, ev, &s->seq, e));
  const struct flow_deed d = {.n = flow_deed_next(deeds),
                              .at_us = run->now_us,
                              .act = STR("migrated"),
                              .person = STR(""),
                              .instead_of = STR(""),
                              .from = row->state,
                              .to = row->state};
  return insert_deed(s, &d, e);
}
bool flow_deeds_of(struct flow_run *run, const struct flow_record *r, struct str id, flow_deeds **out, struct err *e) {
  struct flow_thing *t = flow_thing(run, FLOW_RECORD, r, id);
  *out = t->deeds;
  if (t->deeds) return true;
  struct sql_flow_act_list_rows rows = {0};
  TRY(sql_flow_act_list(run->session, run->mem, &(struct sql_flow_act_list_in){STORE_TENANT, r->name, id}, SIZE_MAX,
                        &rows, e));
  t->deeds = arena_new(run->mem, flow_deeds);
  vec_each(const struct sql_flow_act_list, x, &rows)
    vec_push(run->mem, t->deeds) =
        (struct flow_deed){x->n, x->at_us, x->act, x->person, x->instead_of, x->from_state, x->to_state};
  *out = t->deeds;
  return true;
}

/* ---- keys ---- */

static struct str sender_of(const struct flow_run *run) { return run->person.len ? run->person : STR("*"); }
static struct str asked_of(struct flow_run *run, const struct flow_ask *ask) {
  struct str all = str_fmt(run->mem, STRF " " STRF " " STRF, STRA(ask->record->name), STRA(ask->id), STRA(ask->act));
  for (size_t i = 0; i < ask->input_count; i++) {
    const struct value *v = &ask->inputs[i].value;
    const struct flow_field *f = flow_field(ask->record, ask->inputs[i].name);
    const struct str text = f ? event_text(run, f, v) : value_show(run->mem, run->flow->units, v, STR(""));
    all = str_fmt(run->mem, STRF "\n" STRF "=" STRF, STRA(all), STRA(ask->inputs[i].name), STRA(text));
  }
  return hash_hex(run->mem, hash_sha256(all));
}
static bool note_key(struct flow_step *s, const struct flow_ask *ask, struct err *e) {
  struct flow_run *run = s->run;
  const struct flow_row *row = s->about.self;
  if (!ask->key.len) return true;
  return sql_flow_key_insert(
      run->session,
      &(struct sql_flow_key_insert_in){STORE_TENANT, sender_of(run), ask->key, asked_of(run, ask), row->record->name,
                                       row->id, s->seq, run->now_us},
      NULL, e);
}
bool flow_replay(struct flow_run *run, const struct flow_ask *ask, struct flow_done *out, bool *out_is, struct err *e) {
  struct sql_flow_key_get is = {0};
  struct flow_row *row = NULL;
  *out_is = false;
  if (!ask->key.len) return true;
  TRY(sql_flow_key_get(run->session, run->mem, &(struct sql_flow_key_get_in){STORE_TENANT, sender_of(run), ask->key},
                       &is, out_is, e));
  if (!*out_is) return true;
  if (!str_eq(is.asked, asked_of(run, ask))) return fail(e, ERR_KEY_REUSED, MSG_flow_key_reused);
  TRY(flow_row(run, ask->record, is.id, &row, e));
  *out = (struct flow_done){.id = is.id, .seq = is.seq, .is_replayed = true};
  if (row) out->number = row->number, out->lookup = row->lookup, out->state = row->state, out->rev = row->rev;
  return true;
}
bool flow_note(struct flow_step *s, const struct flow_ask *ask, struct err *e) {
  return note_event(s, e) && note_deed(s, e) && note_key(s, ask, e);
}
