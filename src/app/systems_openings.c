/* Openings of sealed fields: who may, and what the events say of those that were used. */
#include "app/systems_openings.h"

#include "declare/check.h"
#include "sql.h"
#include "texts.h"

enum { EVENTS_LOOKED = 100 };

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
bool systems_may_open(struct system_run *x, struct flow_row *row, const struct opening *o, struct err *e) {
  const struct flow_about about = {.self = row};
  bool is = false;
  TRY(is_named(x, row, o, &is, e));
  if (!is) return fail(e, ERR_FORBIDDEN, MSG_flow_forbidden, "act", o->label.text);
  TRY(flow_holds(&x->run, &about, &o->when, &is, e));
  return is || fail(e, ERR_GUARD, MSG_flow_guard, "act", o->label.text);
}
bool systems_openings(struct system_run *x, struct flow_row *row, openings *out, struct err *e) {
  const struct system *s = row->record->system->system;
  for (size_t i = 0; s->privacy && i < s->privacy->openings.len; i++) {
    const struct opening *o = &s->privacy->openings.at[i];
    struct err why = {0};
    if (opening_record(s, o) != row->record->record) continue;
    if (systems_may_open(x, row, o, &why)) vec_push(x->run.mem, out) = o;
    else if (why.code != ERR_FORBIDDEN && why.code != ERR_GUARD) return *e = why, false;
  }
  return true;
}

/* ---- what was done ---- */

static bool read_event(struct system_run *x, const struct sql_event_of *r, struct opened *out, struct err *e) {
  struct sql_event_fields_rows rows = {0};
  const struct sql_event_fields_in in = {STORE_TENANT, r->seq};
  *out = (struct opened){.seq = r->seq, .at_us = r->at_us, .is_first_key = str_eqz(r->act, OPENING_ASKED)};
  TRY(sql_event_fields(x->run.session, x->run.mem, &in, SIZE_MAX, &rows, e));
  vec_each(const struct sql_event_fields, f, &rows) {
    if (str_eqz(f->field, "what")) out->what = f->value;
    if (str_eqz(f->field, "person")) out->person = f->value;
  }
  return true;
}
bool systems_opened(struct system_run *x, const struct flow_record *r, struct str id, opened_list *out, struct err *e) {
  struct sql_event_of_rows rows = {0};
  const struct sql_event_of_in in = {STORE_TENANT, r->name, id, INT64_MAX, EVENTS_LOOKED};
  TRY(sql_event_of(x->run.session, x->run.mem, &in, SIZE_MAX, &rows, e));
  vec_each(const struct sql_event_of, ev, &rows)
    if (str_eqz(ev->act, OPENING_OPENED) || str_eqz(ev->act, OPENING_ASKED))
      TRY(read_event(x, ev, &vec_push(x->run.mem, out), e));
  return true;
}
