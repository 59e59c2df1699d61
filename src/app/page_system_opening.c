/* Openings: sealed fields of one record are read for a stated reason, once, by whom the declaration names; with two keys by the second
 * of two persons within an hour. Each reading, and each key that waits, is an event; the values stand in no list, on no page but the
 * answer to the one who gave the reason. */
#include "app/systems_form.h"
#include "app/systems_openings.h"
#include "declare/check.h"
#include "pages.h"
#include "store/event.h"
#include "texts.h"

#define KEY_US (INT64_C(3600) * SECOND_US) /* the second key comes within an hour of the first */

struct opening_ask {
  struct web_request *rq;
  struct system_place at;
  const struct opening *opening;
  struct str reason;
  bool is_waiting; /* the first of two keys was noted */
  int64_t seq;     /* of the event */
};

/* ---- the act ---- */

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
/* A key of somebody else that waits: not older than an hour, and not used since. */
static bool has_key(struct opening_ask *w, struct system_run *x, bool *out, struct err *e) {
  opened_list all = {0};
  *out = false;
  TRY(systems_opened(x, w->at.record, w->at.id, &all, e));
  vec_each(const struct opened, o, &all) {
    if (o->at_us < w->rq->now_us - KEY_US) return true;
    if (!str_eq(o->what, w->opening->head.name.text)) continue;
    if (!o->is_first_key) return true;
    if (!str_eq(o->person, who_of(w->rq)->person)) return *out = true, true;
  }
  return true;
}
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
  TRY(systems_row(&x, w->at.record, w->at.id, &row, e) && systems_may_open(&x, row, w->opening, e));
  if (!is_ready) TRY(has_key(w, &x, &is_ready, e));
  w->is_waiting = !is_ready;
  if (!is_ready) return note(w, tx, OPENING_ASKED, e);
  return note(w, tx, OPENING_OPENED, e) && tell_others(w, &x, row, e);
}

/* ---- the answer ---- */

static const struct flow_field *field_of(const struct opening_ask *w, const struct word *said) {
  return flow_field(w->at.record, field_said(w->at.record->record, said->text)->head.name.text);
}
static bool put_values(struct opening_ask *w, struct system_run *x, struct flow_row *row, struct json_out *j,
                       struct err *e) {
  AUTO_ARENA mem = {0};
  json_open(j, NULL, '{');
  json_open(j, "data", '{');
  json_str(j, "id", row->id);
  json_str(j, "number", row->number);
  json_open(j, "fields", '{');
  vec_each(const struct word, said, &w->opening->fields) {
    const struct flow_field *f = field_of(w, said);
    struct value v = {0};
    TRY(flow_row_field(&x->run, row, (size_t)(f - w->at.record->fields.at), &v, e));
    TRY(systems_value_json(x, w->at.system, str_z(&mem, f->name), &f->field->is, &f->type, &v, j, e));
  }
  json_close(j, '}');
  json_close(j, '}');
  json_open(j, "done", '{');
  json_int(j, "seq", w->seq);
  json_close(j, '}');
  json_close(j, '}');
  return true;
}
static struct str names_of(const struct opening_ask *w) {
  struct str all = {0};
  vec_each(const struct word, said, &w->opening->fields) {
    const struct str label = field_of(w, said)->field->label.text;
    all = page_listed(w->rq->mem, w->rq->lang, all, label);
  }
  return all;
}
static bool fill_values(struct opening_ask *w, struct system_run *x, struct flow_row *row,
                        struct view_system_opening *v, struct err *e) {
  vec_each(const struct word, said, &w->opening->fields) {
    const struct flow_field *f = field_of(w, said);
    struct view_svalue *to = &vec_push(w->rq->mem, &v->values);
    struct value value = {0};
    to->label = f->field->label.text;
    TRY(flow_row_field(&x->run, row, (size_t)(f - w->at.record->fields.at), &value, e));
    TRY(flow_show(&x->run, w->at.system, &f->type, &value, &to->text, e));
  }
  return true;
}
/* The form; after the reason was given (`is_open`) the values in its place, or why not. */
static bool put_page(struct opening_ask *w, struct system_run *x, struct flow_row *row, bool is_open,
                     const struct err *why, struct web_response *rs, struct err *e) {
  struct web_request *rq = w->rq;
  const struct privacy *p = w->at.system->system->privacy;
  const struct named_text *purpose = part_find(&p->purposes, w->opening->purpose.text);
  struct view_system_opening v = {.lang = rq->lang, .title = w->opening->label.text, .reason = w->reason};
  v.f = page_frame(rq, v.title, PAGE_SYSTEMS, NULL);
  v.system = w->at.system->system->label.text;
  v.system_href = str_fmt(rq->mem, "/s/" STRF, STRA(w->at.system->name));
  v.back = v.f.back = system_address(rq->mem, w->at.record, row->id, "");
  TRY(system_record_told(x, w->at.record, row->id, &v.back_label, e));
  v.action = str_fmt(rq->mem, STRF "/openings/" STRF, STRA(v.back), STRA(w->opening->head.name.text));
  v.fields = names_of(w);
  v.purpose = purpose ? purpose->text.text : w->opening->purpose.text;
  v.is_two_keys = w->opening->keys.n >= 2;
  v.is_told = w->opening->tells.len > 0;
  if (why) v.refusal = err_says(rq->mem, rq->lang, why);
  if (why && why->code == ERR_TWO_KEYS) v.waits = v.refusal, v.refusal = (struct str){0};
  if (is_open) TRY(fill_values(w, x, row, &v, e));
  page_system_opening(&rs->body, &v);
  return true;
}
static bool answer(struct opening_ask *w, const struct err *why, bool is_open, struct web_response *rs, struct err *e) {
  AUTO_READ *r = store_read_begin(app_of(w->rq)->store, e);
  struct system_run x;
  struct flow_row *row = NULL;
  if (!r) return false;
  systems_begin(&x, w->rq, r);
  TRY(systems_row(&x, w->at.record, w->at.id, &row, e));
  if (w->rq->json) return put_values(w, &x, row, web_json(rs), e);
  if (!is_open && !why) TRY(systems_may_open(&x, row, w->opening, e));
  if (why) rs->status = err_http(why->code);
  return put_page(w, &x, row, is_open, why, rs, e);
}
static bool find(struct opening_ask *w, struct err *e) {
  TRY(systems_place(w->rq, &w->at, e));
  const struct privacy *p = w->at.system->system->privacy;
  if (p) w->opening = part_find(&p->openings, web_param(w->rq, "opening"));
  return (w->opening && opening_record(w->at.system->system, w->opening) == w->at.record->record) ||
         fail(e, ERR_NOT_FOUND, MSG_systems_no_act);
}
static bool show_opening(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct opening_ask w = {.rq = rq};
  return find(&w, e) && answer(&w, NULL, false, rs, e);
}
static bool open_now(struct opening_ask *w, struct err *e) {
  if (!w->reason.len) return fail(e, ERR_INVALID, MSG_opening_reason, "name", STR("reason"));
  TRY(store_write(app_of(w->rq)->store, open_record, w, e));
  return !w->is_waiting || fail(e, ERR_TWO_KEYS, MSG_opening_waits);
}
static bool post_opening(struct web_request *rq, struct web_response *rs, struct err *e) {
  struct opening_ask w = {.rq = rq, .reason = str_trim(web_field(rq, "reason"))};
  struct err why = {0};
  TRY(find(&w, e));
  if (open_now(&w, &why)) return answer(&w, NULL, true, rs, e);
  if (rq->json || (why.code != ERR_INVALID && why.code != ERR_TWO_KEYS)) return *e = why, false;
  return answer(&w, &why, false, rs, e);
}

const struct route page_system_opening_routes[] = {
    {GET, "/s/{system}/{record}/{id}/openings/{opening}", "system.act", show_opening, "asks for the reason",
     .flags = ROUTE_PAGE_ONLY},
    {POST, "/s/{system}/{record}/{id}/openings/{opening}", "system.act", post_opening,
     "reads sealed fields of one record, for a reason; with two keys the first is noted and answered two_keys",
     .form = "reason!"},
    {0},
};
