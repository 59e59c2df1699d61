/* What happened in the rounds of a record, out of its events. An event of a round names it and its opening, for acts of a declaration may be
 * called as these are. Of an answer only what was noted is there: nothing of a blind round, nothing sealed, and no more than whoever asks
 * may read of the record's fields. */
#include "app/systems_rounds.h"
#include "sql.h"
#include "store/event.h"
#include "texts.h"

enum { EVENTS_LOOKED = 100 };
static const struct happening {
  const char *act; /* of the event, as the engine notes it */
  int msg;
  bool is_somebodys;
} happenings[] = {{"open", MSG_systems_told_open, false},     {"answer", MSG_systems_told_answer, true},
                  {"add", MSG_systems_told_add, true},        {"silent", MSG_systems_told_silent, false},
                  {"done", MSG_systems_told_done, false},     {"deputy_asked", MSG_systems_told_deputy, false},
                  {"failed", MSG_systems_told_failed, false}, {"round_refused", MSG_systems_told_refused, false},
                  {"off", MSG_systems_told_off, false}};
static const struct happening *happening_of(struct str act) {
  for (size_t i = 0; i < COUNT_OF(happenings); i++)
    if (str_eqz(act, happenings[i].act)) return &happenings[i];
  return NULL;
}
static bool take_answer(struct system_run *x, struct flow_row *row, const struct sql_event_fields *r,
                        struct round_told *io, struct err *e) {
  const struct flow_asking *a = io->asking;
  for (size_t i = 0; i < a->count; i++) {
    bool may = str_eq(a->fields[i].name, r->field) && r->value.len && !event_is_sealed(r->value);
    if (may) TRY(systems_reads(x, row->record, row->id, a->fields[i].class, &may, e));
    if (!may) continue;
    if (!io->values) io->values = arena_new_n(x->run.mem, struct value, a->count);
    io->values[i] = flow_words_value(&x->run, &a->fields[i], r->value);
  }
  return true;
}
/* *io keeps no round when it is no event of one. */
static bool read_event(struct system_run *x, struct flow_row *row, int64_t seq, struct round_told *io, struct err *e) {
  struct sql_event_fields_rows rows = {0};
  struct str round = STR("");
  const struct {
    const char *field;
    struct str *to;
  } known[] = {{"round", &round},       {"opening", &io->opening},       {"party", &io->party},
               {"person", &io->person}, {"instead_of", &io->instead_of}, {"says", &io->says}};
  TRY(sql_event_fields(x->run.session, x->run.mem, &(struct sql_event_fields_in){STORE_TENANT, seq}, SIZE_MAX, &rows,
                       e));
  vec_each(const struct sql_event_fields, r, &rows)
    for (size_t i = 0; i < COUNT_OF(known); i++)
      if (str_eqz(r->field, known[i].field)) *known[i].to = r->value;
  vec_each(const struct flow_asking, a, &row->record->rounds)
    if (io->opening.len && str_eq(a->round->head.name.text, round)) io->asking = a;
  vec_each(const struct sql_event_fields, r, &rows)
    if (io->asking) TRY(take_answer(x, row, r, io, e));
  return true;
}
/* A second answer of a party in the same opening changes the first. */
static void name_change(const rounds_told *before, struct round_told *io) {
  vec_each(const struct round_told, b, before)
    if (io->msg == MSG_systems_told_answer && b->is_answer && b->asking == io->asking &&
        str_eq(b->opening, io->opening) && str_eq(b->party, io->party)) {
      io->msg = MSG_systems_told_change;
      io->what = "change";
      return;
    }
}
bool systems_rounds_told(struct system_run *x, struct flow_row *row, rounds_told *out, struct err *e) {
  const struct sql_event_of_in in = {STORE_TENANT, row->record->name, row->id, INT64_MAX, EVENTS_LOOKED};
  struct sql_event_of_rows rows = {0};
  if (!row->record->rounds.len) return true;
  TRY(sql_event_of(x->run.session, x->run.mem, &in, SIZE_MAX, &rows, e));
  for (size_t i = rows.len; i-- > 0;) {
    const struct sql_event_of *ev = &rows.at[i];
    const struct happening *h = happening_of(ev->act);
    if (!h) continue;
    struct round_told t = {.seq = ev->seq,
                           .at_us = ev->at_us,
                           .what = h->act,
                           .msg = h->msg,
                           .is_somebodys = h->is_somebodys,
                           .is_answer = h->msg == MSG_systems_told_answer,
                           .actor = ev->actor,
                           .says = STR("")};
    TRY(read_event(x, row, ev->seq, &t, e));
    if (!t.asking) continue;
    name_change(out, &t);
    vec_push(x->run.mem, out) = t;
  }
  return true;
}
