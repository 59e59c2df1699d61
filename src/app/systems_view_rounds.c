/* Rounds on the page of a record: who was asked, until when, what they answered, and whose turn it is. What may not be shown of an answer
 * (systems_rounds.h) is not there. */
#include "app/systems_rounds.h"

#include "app/systems_form.h"
#include "base/clock.h"
#include "declare/check.h"
#include "texts.h"

struct showing {
  struct system_run *x;
  struct web_request *rq;
  const struct flow_row *row;
};
static bool name_of(const struct showing *o, bool is_unit, struct str id, struct str *out, struct err *e) {
  static const struct type person = {.kind = KIND_PERSON}, unit = {.kind = KIND_UNIT};
  const struct value v = flow_thing_value(flow_thing(&o->x->run, is_unit ? FLOW_UNIT : FLOW_PERSON, NULL, id));
  *out = STR("");
  return !id.len || flow_show(&o->x->run, o->row->record->system, is_unit ? &unit : &person, &v, out, e);
}
static struct str with(const struct showing *o, int msg, const char *hole, struct str value) {
  const struct msg_arg arg = {hole, value};
  return msg_text(o->rq->mem, o->rq->lang, msg, &arg, 1);
}
static bool fill_rows(const struct showing *o, const struct flow_field *f, const struct value *v,
                      struct view_svalue *to, struct err *e) {
  for (size_t i = 0; i < f->row_count; i++) vec_push(o->rq->mem, &to->heads) = f->rows[i].field->label.text;
  for (size_t i = 0; v->kind == VALUE_SET && i < v->set.len; i++) {
    const struct flow_thing *line = flow_thing_of(&v->set.at[i]);
    struct view_line *l = &vec_push(o->rq->mem, &to->lines);
    for (size_t k = 0; k < f->row_count && k < line->value_count; k++)
      TRY(flow_show(&o->x->run, o->row->record->system, &f->rows[k].type, &line->values[k],
                    &vec_push(o->rq->mem, &l->cells), e));
  }
  return true;
}
static bool fill_answer(const struct showing *o, const struct flow_asking *a, const struct flow_party *p,
                        struct view_sparty *to, struct err *e) {
  for (size_t i = 0; i < a->count; i++) {
    const struct flow_field *f = &a->fields[i];
    struct view_svalue v = {.label = f->field->label.text};
    bool may = false;
    TRY(systems_reads(o->x, o->row->record, o->row->id, f->class, &may, e));
    if (!may || value_is_none(&p->fields[i])) continue;
    if (f->place == FLOW_ROWS) TRY(fill_rows(o, f, &p->fields[i], &v, e));
    else TRY(flow_show(&o->x->run, o->row->record->system, &f->type, &p->fields[i], &v.text, e));
    if (v.text.len || v.lines.len) vec_push(o->rq->mem, &to->values) = v;
  }
  return true;
}
static void fill_state(const struct showing *o, const struct flow_round *r, const struct flow_party *p,
                       struct view_sparty *to) {
  static const int says[] = {MSG_systems_party_waiting, MSG_systems_party_asked, MSG_systems_party_deputy,
                             MSG_systems_party_answered, MSG_systems_party_silent};
  const bool is_asked = p->state == PARTY_ASKED || p->state == PARTY_DEPUTY;
  const bool is_over = is_asked && p->due_us && p->due_us < o->rq->now_us;
  to->says = page_text(o->rq, r->closed_us && is_asked ? MSG_systems_party_unasked : says[p->state]);
  to->css = p->state == PARTY_ANSWERED ? STR("g") : is_over ? STR("r") : STR("n");
  if (is_asked && p->due_us && !r->closed_us)
    to->due = with(o, MSG_systems_due, "at", page_moment_of(o->rq->mem, p->due_us));
}
static bool fill_party(const struct showing *o, const struct flow_round *r, const struct flow_party *p, bool is_mine,
                       struct view_sparty *to, struct err *e) {
  struct str by;
  fill_state(o, r, p, to);
  to->is_mine = is_mine;
  TRY(name_of(o, p->is_unit, p->id, &to->who, e) && name_of(o, false, p->added_by, &by, e));
  if (by.len) to->added = with(o, MSG_systems_party_added, "name", by);
  if (p->answered_us) to->when = page_when(o->rq, p->answered_us);
  if (p->is_unit) TRY(name_of(o, false, p->person, &to->by, e));
  to->is_hidden = p->fields && !systems_answer_shown(r, p, is_mine);
  return !systems_answer_shown(r, p, is_mine) || fill_answer(o, r->asking, p, to, e);
}
bool systems_may_add(struct system_run *x, struct flow_row *row, const struct flow_round *r, bool *out, struct err *e) {
  const struct round_add *add = r->asking->round->add;
  const struct flow_about about = {.self = row};
  int64_t added = 0;
  *out = false;
  vec_each(const struct flow_party, p, &r->parties) added += p->added_by.len > 0;
  if (!add || r->closed_us || (add->most.n && added >= add->most.n)) return true;
  vec_each(const struct word, term, &add->who) {
    struct str *persons = NULL;
    size_t n = 0;
    TRY(flow_persons(&x->run, &about, term->text, &persons, &n, e));
    for (size_t i = 0; i < n; i++) *out |= str_eq(persons[i], x->run.person);
  }
  return true;
}
/* 3家已答2家 */
static struct str finding(const struct showing *o, const struct flow_round *r) {
  int64_t answered = 0;
  vec_each(const struct flow_party, p, &r->parties) answered += p->state == PARTY_ANSWERED;
  const struct msg_arg args[] = {{"all", str_int(o->rq->mem, (int64_t)r->parties.len)},
                                 {"n", str_int(o->rq->mem, answered)}};
  const int msg = !r->closed_us                   ? MSG_systems_round_open
                  : str_eqz(r->outcome, "done")   ? MSG_systems_round_done
                  : str_eqz(r->outcome, "failed") ? MSG_systems_round_failed
                                                  : MSG_systems_round_off;
  return msg_text(o->rq->mem, o->rq->lang, msg, args, COUNT_OF(args));
}
static bool fill_round(const struct showing *o, struct flow_row *row, const struct flow_round *r,
                       struct view_sround *to, struct err *e) {
  const struct str name = r->asking->round->head.name.text;
  const struct str at =
      str_fmt(o->rq->mem, STRF "/rounds/" STRF, STRA(system_address(o->rq->mem, row->record, row->id, "")), STRA(name));
  size_t mine = SIZE_MAX;
  bool may_add = false;
  TRY(flow_round_mine(&o->x->run, r, &mine, e) && systems_may_add(o->x, row, r, &may_add, e));
  to->id = str_fmt(o->rq->mem, "r-" STRF, STRA(name));
  to->label = r->asking->round->label.text;
  if (r->n > 1) to->label = str_fmt(o->rq->mem, STRF "（%lld）", STRA(to->label), (long long)r->n);
  to->says = finding(o, r);
  to->is_open = !r->closed_us;
  if (mine != SIZE_MAX) {
    to->answer_href = str_fmt(o->rq->mem, STRF "/answer", STRA(at));
    to->has_answered = r->parties.at[mine].state == PARTY_ANSWERED;
  }
  if (may_add) to->add_href = str_fmt(o->rq->mem, STRF "/add", STRA(at));
  for (size_t i = 0; i < r->parties.len; i++)
    TRY(fill_party(o, r, &r->parties.at[i], i == mine, &vec_push(o->rq->mem, &to->parties), e));
  return true;
}
bool systems_rounds_fill(struct system_run *x, struct web_request *rq, struct flow_row *row,
                         struct view_system_record *v, struct err *e) {
  const struct showing o = {x, rq, row};
  flow_rounds all = {0};
  TRY(flow_rounds_of(&x->run, row->record, row->id, &all, e));
  for (size_t i = all.len; i-- > 0;) TRY(fill_round(&o, row, &all.at[i], &vec_push(rq->mem, &v->rounds), e));
  return true;
}

/* ---- what happened ---- */

static bool who_did(const struct showing *o, const struct round_told *t, struct str *out, struct err *e) {
  struct str holder;
  *out = page_text(o->rq, MSG_systems_by_system);
  if (!t->is_somebodys) return true;
  *out = t->actor; /* an event of before says no more */
  if (t->person.len) TRY(name_of(o, false, t->person, out, e));
  if (!t->instead_of.len) return true;
  TRY(name_of(o, false, t->instead_of, &holder, e));
  const struct msg_arg args[] = {{"name", *out}, {"holder", holder}};
  *out = msg_text(o->rq->mem, o->rq->lang, MSG_systems_instead, args, COUNT_OF(args));
  return true;
}
/* 会签意见：同意；说明：…… Tables inside the form stand in the round itself. */
static bool answer_says(const struct showing *o, const struct round_told *t, struct str *out, struct err *e) {
  const struct flow_asking *a = t->asking;
  *out = t->says;
  for (size_t i = 0; t->values && i < a->count; i++) {
    struct str text = STR("");
    if (a->fields[i].place != FLOW_ROWS)
      TRY(flow_show(&o->x->run, o->row->record->system, &a->fields[i].type, &t->values[i], &text, e));
    const struct str one = str_fmt(o->rq->mem, STRF "：" STRF, STRA(a->fields[i].field->label.text), STRA(text));
    if (text.len) *out = out->len ? str_fmt(o->rq->mem, STRF "；" STRF, STRA(*out), STRA(one)) : one;
  }
  return true;
}
static bool fill_told(const struct showing *o, const struct round_told *t, struct view_sdeed *to, struct err *e) {
  struct str party;
  TRY(name_of(o, t->asking->round->as.text.len > 0, t->party, &party, e) && who_did(o, t, &to->who, e));
  const struct msg_arg args[] = {{"round", t->asking->round->label.text}, {"party", party}};
  to->seq = t->seq;
  to->when = page_when(o->rq, t->at_us);
  to->what = msg_text(o->rq->mem, o->rq->lang, t->msg, args, COUNT_OF(args));
  return answer_says(o, t, &to->detail, e);
}
bool systems_rounds_deeds(struct system_run *x, struct web_request *rq, struct flow_row *row,
                          struct view_system_record *v, struct err *e) {
  const struct showing o = {x, rq, row};
  rounds_told all = {0};
  TRY(systems_rounds_told(x, row, &all, e));
  vec_each(const struct round_told, t, &all) TRY(fill_told(&o, t, &vec_push(rq->mem, &v->deeds), e));
  return true;
}
