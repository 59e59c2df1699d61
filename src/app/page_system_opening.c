/* Openings: sealed fields of one record are read for a stated reason, once, by whom the declaration names; with two keys by the second
 * of two persons within an hour. Each reading, and each key that waits, is an event; the values stand in no list and no page. */
#include "app/systems_form.h"
#include "declare/check.h"
#include "sql.h"
#include "store/event.h"
#include "texts.h"

enum { EVENTS_LOOKED = 100 };
#define KEY_US (INT64_C(3600) * SECOND_US) /* the second key comes within an hour of the first */

struct opening_ask {
  struct web_request *rq;
  struct system_place at;
  const struct opening *opening;
  struct str reason;
  bool is_waiting; /* the first of two keys was noted */
  int64_t seq;     /* of the event */
};

static bool is_named(struct system_run *x, struct flow_row *row, const struct opening *o, bool *out, struct err *e) {
  const struct flow_about about = {.self = row};
  *out = false;
  vec_each(const struct word, term, &o->who) {
    struct str *persons = NULL;
    size_t n = 0;
    TRY(flow_persons(&x->run, &about, term->text, &persons, &n, e));
    for (size_t i = 0; i < n; i++) *out |= str_eq(persons[i], x->run.person);
  }
  return true;
}
static bool may_open(struct system_run *x, struct flow_row *row, const struct opening *o, struct err *e) {
  const struct flow_about about = {.self = row};
  bool is = false;
  TRY(is_named(x, row, o, &is, e));
  if (!is) return fail(e, ERR_FORBIDDEN, MSG_flow_forbidden, "act", o->label.text);
  TRY(flow_holds(&x->run, &about, &o->when, &is, e));
  return is || fail(e, ERR_GUARD, MSG_flow_guard, "act", o->label.text);
}

/* ---- events ---- */

static bool note(struct opening_ask *w, struct store *tx, const char *act, struct err *e) {
  struct web_request *rq = w->rq;
  struct event ev = {
      .at_us = rq->now_us, .actor = rq->actor, .record = w->at.record->name, .id = w->at.id, .act = str_of(act)};
  event_add(&ev, STR("what"), w->opening->head.name.text);
  event_add(&ev, STR("person"), who_of(rq)->person);
  event_add(&ev, STR("purpose"), w->opening->purpose.text);
  event_add(&ev, STR("reason"), w->reason);
  return event_append(tx, rq->mem, &ev, &w->seq, e);
}
/* What an event says of the opening: *out_is: it is about this one. */
static bool read_event(struct opening_ask *w, struct store *tx, int64_t seq, bool *out_is, struct str *out_person,
                       struct err *e) {
  struct sql_event_fields_rows rows = {0};
  *out_is = false;
  *out_person = (struct str){0};
  TRY(sql_event_fields(tx, w->rq->mem, &(struct sql_event_fields_in){STORE_TENANT, seq}, SIZE_MAX, &rows, e));
  vec_each(const struct sql_event_fields, r, &rows) {
    if (str_eqz(r->field, "what")) *out_is = str_eq(r->value, w->opening->head.name.text);
    if (str_eqz(r->field, "person")) *out_person = r->value;
  }
  return true;
}
/* A key of somebody else that waits: not older than an hour, and not used since. */
static bool has_key(struct opening_ask *w, struct store *tx, bool *out, struct err *e) {
  struct sql_event_of_rows rows = {0};
  const struct sql_event_of_in in = {STORE_TENANT, w->at.record->name, w->at.id, INT64_MAX, EVENTS_LOOKED};
  *out = false;
  TRY(sql_event_of(tx, w->rq->mem, &in, SIZE_MAX, &rows, e));
  vec_each(const struct sql_event_of, r, &rows) {
    const bool was_opened = str_eqz(r->act, "opened"), was_asked = str_eqz(r->act, "opening_asked");
    struct str person;
    bool is = false;
    if (r->at_us < w->rq->now_us - KEY_US) return true;
    if (was_opened || was_asked) TRY(read_event(w, tx, r->seq, &is, &person, e));
    if (is && was_opened) return true;
    if (is && was_asked && !str_eq(person, who_of(w->rq)->person)) return *out = true, true;
  }
  return true;
}

/* ---- the act ---- */

static bool tell_others(struct opening_ask *w, struct system_run *x, struct flow_row *row, struct err *e) {
  const struct flow_about about = {.self = row};
  const struct msg_arg args[] = {
      {"who", who_of(w->rq)->name}, {"number", row->number}, {"what", w->opening->label.text}};
  const struct str text = msg_text(w->rq->mem, LANG_ZH, MSG_opening_told, args, COUNT_OF(args));
  const struct str link = system_address(w->rq->mem, w->at.record, row->id, "");
  vec_each(const struct word, term, &w->opening->tells) {
    struct str *persons = NULL;
    size_t n = 0;
    TRY(flow_persons(&x->run, &about, term->text, &persons, &n, e));
    for (size_t i = 0; i < n; i++) TRY(x->run.host->notify(x->run.host->arg, &x->run, persons[i], text, link, e));
  }
  return true;
}
static bool open_record(struct store *tx, void *arg, struct err *e) {
  struct opening_ask *w = arg;
  struct system_run x;
  struct flow_row *row = NULL;
  bool is_ready = w->opening->keys.n < 2;
  systems_begin(&x, w->rq, tx);
  TRY(systems_row(&x, w->at.record, w->at.id, &row, e) && may_open(&x, row, w->opening, e));
  if (!is_ready) TRY(has_key(w, tx, &is_ready, e));
  w->is_waiting = !is_ready;
  if (!is_ready) return note(w, tx, "opening_asked", e);
  return note(w, tx, "opened", e) && tell_others(w, &x, row, e);
}
static bool put_values(struct opening_ask *w, struct web_response *rs, struct err *e) {
  AUTO_READ *r = store_read_begin(app_of(w->rq)->store, e);
  struct json_out *j = web_json(rs);
  struct system_run x;
  struct flow_row *row = NULL;
  AUTO_ARENA mem = {0};
  if (!r) return false;
  systems_begin(&x, w->rq, r);
  TRY(flow_row(&x.run, w->at.record, w->at.id, &row, e));
  if (!row) return fail(e, ERR_NOT_FOUND, MSG_systems_none);
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_str(j, "id", row->id);
  json_str(j, "number", row->number);
  json_open(j, "fields", '{');
  vec_each(const struct word, said, &w->opening->fields) {
    const struct field *declared = field_said(w->at.record->record, said->text);
    const struct flow_field *f = flow_field(w->at.record, declared->head.name.text);
    struct value v = {0};
    TRY(flow_row_field(&x.run, row, (size_t)(f - w->at.record->fields.at), &v, e));
    TRY(systems_value_json(&x, w->at.system, str_z(&mem, f->name), &f->field->is, &f->type, &v, j, e));
  }
  json_close(j, '}');
  json_close(j, '}');
  json_open(j, "done", '{');
  json_int(j, "seq", w->seq);
  json_close(j, '}');
  json_close(j, '}');
  return true;
}
static bool post_opening(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct opening_ask w = {.rq = rq, .reason = str_trim(web_field(rq, "reason"))};
  TRY(systems_place(rq, &w.at, e));
  const struct privacy *p = w.at.system->system->privacy;
  if (p) w.opening = part_find(&p->openings, web_param(rq, "opening"));
  if (!w.opening || opening_record(w.at.system->system, w.opening) != w.at.record->record)
    return fail(e, ERR_NOT_FOUND, MSG_systems_no_act);
  if (!w.reason.len) return fail(e, ERR_INVALID, MSG_opening_reason, "name", STR("reason"));
  TRY(store_write(app_of(rq)->store, open_record, &w, e));
  if (w.is_waiting) return fail(e, ERR_TWO_KEYS, MSG_opening_waits);
  return put_values(&w, rs, e);
}

const struct route page_system_opening_routes[] = {
    {POST, "/s/{system}/{record}/{id}/openings/{opening}", "system.act", post_opening,
     "reads sealed fields of one record, for a reason; with two keys the first is noted and answered two_keys",
     .form = "reason!", .flags = ROUTE_API_ONLY},
    {0},
};
