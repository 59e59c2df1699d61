/* The page of one record: what may be read of it, its clocks, what it is joined to, what was done, what can be done now. */
#include "app/history.h"
#include "app/ledger.h"
#include "app/systems_form.h"

#include <stdlib.h>

#include "app/follows.h"
#include "app/systems_list.h"
#include "app/systems_openings.h"
#include "app/systems_papers.h"
#include "app/systems_rounds.h"
#include "declare/check.h"
#include "pages.h"
#include "sql.h"
#include "texts.h"

enum { LONG_FROM = 120, SETS_SHOWN = 20 };
struct viewing {
  struct system_run *x;
  struct web_request *rq;
  struct arena *mem;
  struct flow_row *row;
  struct view_system_record *v;
};

/* ---- values ---- */

static struct type one_of(const struct type *t) {
  struct type one = *t;
  one.set = false;
  return one;
}
static bool add_thing(struct viewing *o, const struct type *t, const struct value *v, struct view_svalue *to,
                      struct err *e) {
  const struct flow_thing *thing = flow_thing_of(v);
  struct view_link *l = &vec_push(o->mem, &to->links);
  const struct type one = one_of(t);
  if (thing->kind == FLOW_RECORD && thing->record) {
    bool seen = false;
    TRY(systems_sees(o->x, thing->record, thing->id, &seen, e));
    if (seen) l->href = system_address(o->mem, thing->record, thing->id, "");
    return system_record_told(o->x, thing->record, thing->id, &l->label, e);
  }
  if (thing->kind != FLOW_FILE) return flow_show(&o->x->run, o->row->record->system, &one, v, &l->label, e);
  struct sql_flow_file_get f = {0};
  bool found = false;
  TRY(sql_flow_file_get(o->x->run.session, o->mem, &(struct sql_flow_file_get_in){STORE_TENANT, thing->id}, &f, &found,
                        e));
  l->label = str_fmt(o->mem, STRF "（" STRF "）", STRA(f.name), STRA(page_size(o->mem, f.size)));
  l->href = str_fmt(o->mem, "/files/" STRF, STRA(thing->id));
  return true;
}
static bool shown(struct viewing *o, const struct flow_field *f, const struct value *v, struct str *out,
                  struct err *e) {
  const struct type one = one_of(&f->type);
  return flow_show(&o->x->run, o->row->record->system, v->kind == VALUE_SET ? &f->type : &one, v, out, e);
}
static bool add_rows(struct viewing *o, const struct flow_field *f, const struct value *v, struct err *e) {
  struct view_svalue *to = &vec_push(o->mem, &o->v->tables);
  to->label = f->field->label.text;
  for (size_t i = 0; i < f->row_count; i++) vec_push(o->mem, &to->heads) = f->rows[i].field->label.text;
  for (size_t i = 0; i < v->set.len; i++) {
    const struct flow_thing *line = flow_thing_of(&v->set.at[i]);
    struct view_line *l = &vec_push(o->mem, &to->lines);
    for (size_t k = 0; k < f->row_count && k < line->value_count; k++)
      TRY(shown(o, &f->rows[k], &line->values[k], &vec_push(o->mem, &l->cells), e));
  }
  return true;
}
static bool add_value(struct viewing *o, const struct flow_field *f, const struct value *v, struct err *e) {
  const bool is_long = f->field->is.type == TYPE_text && f->field->is.most >= LONG_FROM;
  const struct str address = f->place == FLOW_POINT ? o->row->words[f - o->row->record->fields.at] : STR("");
  if ((value_is_none(v) && !address.len) || (v->kind == VALUE_SET && !v->set.len)) return true;
  if (f->field->is.type == TYPE_rows) return add_rows(o, f, v, e);
  struct view_svalue *to = is_long ? &vec_push(o->mem, &o->v->texts) : &vec_push(o->mem, &o->v->facts);
  to->label = f->field->label.text;
  if (is_long) {
    to->words = v->text;
    return true;
  }
  if (v->kind == VALUE_THING) return add_thing(o, &f->type, v, to, e);
  for (size_t i = 0; v->kind == VALUE_SET && i < v->set.len && v->set.at[i].kind == VALUE_THING; i++)
    TRY(add_thing(o, &f->type, &v->set.at[i], to, e));
  if (to->links.len) return true;
  TRY(shown(o, f, v, &to->text, e));
  if (address.len) to->text = str_trim(str_fmt(o->mem, STRF " " STRF, STRA(address), STRA(to->text)));
  return true;
}
static bool fill_values(struct viewing *o, struct err *e) {
  for (size_t i = 0; i < o->row->record->fields.len; i++) {
    const struct flow_field *f = &o->row->record->fields.at[i];
    struct value v = {0};
    bool may = false;
    TRY(systems_reads(o->x, o->row->record, o->row->id, f->class, &may, e));
    if (may) TRY(flow_row_field(&o->x->run, o->row, i, &v, e));
    if (may) TRY(add_value(o, f, &v, e));
  }
  return true;
}

/* ---- clocks ---- */

static struct str with(struct viewing *o, int msg, const char *hole, struct str value) {
  const struct msg_arg arg = {hole, value};
  return msg_text(o->mem, o->rq->lang, msg, &arg, 1);
}
struct str system_duration_says(struct arena *mem, enum lang lang, struct duration d) {
  static const int units[] = {
#define X(word, family, n) [DURATION_##word] = MSG_systems_unit_##word,
      DURATION_UNITS(X)
#undef X
  };
  enum { HOUR = 60 };
  const bool is_work = d.unit == DURATION_workminutes;
  const struct msg_arg args[] = {
      {"n", str_int(mem, d.n)}, {"h", str_int(mem, d.n / HOUR)}, {"m", str_int(mem, d.n % HOUR)}};
  if ((is_work || d.unit == DURATION_minutes) && d.n >= HOUR)
    return msg_text(mem, lang, is_work ? MSG_systems_unit_whm : MSG_systems_unit_hm, args, COUNT_OF(args));
  return msg_text(mem, lang, units[d.unit], args, 1);
}
static struct str duration_says(struct viewing *o, const struct value *v) {
  return v->kind == VALUE_DURATION ? system_duration_says(o->mem, o->rq->lang, v->duration) : STR("");
}
/* used of (used + left) in hundredths, when both are of one kind. */
static int share_of(const struct value *used, const struct value *left, bool over) {
  struct duration all = {0};
  if (over) return 100;
  if (used->kind != VALUE_DURATION || left->kind != VALUE_DURATION || used->duration.unit != left->duration.unit)
    return -1;
  if (!duration_add(used->duration, left->duration, &all) || all.n <= 0) return -1;
  return (int)(used->duration.n * 100 / all.n);
}
static bool add_clock(struct viewing *o, const struct clock *c, struct err *e) {
  static const char *const names[] = {"due", "left", "over", "used", "paused", "running"};
  enum { DUE, LEFT, OVER, USED, PAUSED, RUNNING };
  const struct flow_thing *t = systems_part(o->x, FLOW_CLOCK, o->row, c->head.name.text);
  struct value v[COUNT_OF(names)] = {0};
  for (size_t i = 0; i < COUNT_OF(names); i++) TRY(flow_clock_field(&o->x->run, t, str_of(names[i]), &v[i], e));
  const bool over = value_is_yes(&v[OVER]), paused = value_is_yes(&v[PAUSED]), running = value_is_yes(&v[RUNNING]);
  if (v[DUE].kind != VALUE_MOMENT && !running && !paused) return true; /* never started: nothing to say */
  const bool stands = running || paused || over;
  struct view_sclock *to =
      stands ? &vec_push(o->mem, &o->v->clocks) : &vec_push(o->mem, &o->v->stopped); /* of the past */
  const int share = share_of(&v[USED], &v[LEFT], over);
  struct system_lamp lamp = {0};
  TRY(systems_lamp(o->x, o->row, c, &lamp, e));
  to->label = c->label.text;
  to->css = over ? STR("r") : paused || !running ? STR("n") : lamp.css.len ? lamp.css : STR("g");
  to->says = over      ? page_text(o->rq, MSG_systems_over)
             : paused  ? page_text(o->rq, MSG_systems_paused)
             : running ? with(o, MSG_systems_left, "left", duration_says(o, &v[LEFT]))
                       : page_text(o->rq, MSG_systems_stopped);
  if (v[DUE].kind == VALUE_MOMENT) to->due = with(o, MSG_systems_due, "at", page_moment_of(o->mem, v[DUE].moment));
  if (v[USED].kind == VALUE_DURATION) to->used = with(o, MSG_systems_used, "used", duration_says(o, &v[USED]));
  to->has_bar = share >= 0;
  to->bar = share;
  to->bar_css = over ? STR("b-r") : str_eqz(to->css, "y") ? STR("b-y") : STR("b-g");
  return true;
}

/* ---- what comes when nobody does anything ---- */

/* 承办人、局领导: whom a notice goes to, as the declaration calls them. */
static struct str receivers(struct viewing *o, const struct effect_notify *n) {
  const struct system *s = o->row->record->system->system;
  struct str all = STR("");
  vec_each(const struct word, w, &n->to) {
    const struct who_said said = who_read(w->text);
    const struct role *role = part_find(&s->roles, said.role);
    const struct flow_field *f = flow_field(o->row->record, said.field);
    const struct str one = role ? role->label.text : f ? f->field->label.text : STR("");
    if (one.len) all = page_listed(o->mem, o->rq->lang, all, one);
  }
  return all;
}
/* 提醒承办人；自动同意 */
static struct str rung_says(struct viewing *o, const struct clock_level *l) {
  const struct act *a = part_find(&o->row->record->record->acts, l->act.text);
  struct str all = a ? with(o, MSG_systems_ladder_act, "act", a->label.text) : STR("");
  vec_each(const struct effect, x, &l->does) {
    const struct str to = x->notify ? receivers(o, x->notify) : STR("");
    struct str one = STR("");
    if (to.len) one = with(o, MSG_systems_ladder_notify, "names", to);
    else if (x->task) one = page_text(o->rq, MSG_systems_ladder_task);
    else if (has_word(x->paper)) one = page_text(o->rq, MSG_systems_ladder_paper);
    if (one.len) all = all.len ? str_fmt(o->mem, STRF "；" STRF, STRA(all), STRA(one)) : one;
  }
  return all;
}
static bool add_ladder(struct viewing *o, const struct clock *c, struct err *e) {
  flow_ladder all = {0};
  TRY(flow_clock_ladder(&o->x->run, o->row->record, o->row->id, c, &all, e));
  vec_each(const struct flow_rung, r, &all) {
    const struct str what = rung_says(o, r->level);
    if (what.len)
      vec_push(o->mem, &o->v->ladder) =
          (struct view_srung){page_moment_of(o->mem, r->at_us), what, r->at_us <= o->rq->now_us};
  }
  return true;
}

/* ---- states, sets, acts ---- */

/* States in the order of the declaration, those it was in as done; side branches that it never entered are left out. */
static void fill_steps(struct viewing *o, const flow_deeds *deeds) {
  vec_each(const struct state, s, &o->row->record->record->states) {
    const struct str name = s->head.name.text;
    const bool is_now = str_eq(name, o->row->state);
    bool was = false;
    vec_each(const struct flow_deed, d, deeds) was |= str_eq(d->to, name) || str_eq(d->from, name);
    if (is_now || was) vec_push(o->mem, &o->v->steps) = (struct view_sstep){s->label.text, is_now, was && !is_now};
  }
  if (o->v->steps.len < 2) o->v->steps.len = 0;
}
/* By several fields: then each set says by which (被并入的、相关的). */
static bool refers_twice(const struct viewing *o, const struct flow_record *r) {
  size_t n = 0;
  vec_each(const struct flow_field, f, &r->fields)
    n += f->field->is.type == TYPE_ref && f->place == FLOW_COLUMN && flow_referred(o->x->run.flow, f) == o->row->record;
  return n > 1 || r == o->row->record;
}
/* 以此为上级任务的任务 */
static struct str set_title(struct viewing *o, const struct flow_record *r, const struct flow_field *f) {
  const struct msg_arg args[] = {{"record", r->record->label.text}, {"field", f->field->label.text}};
  if (!refers_twice(o, r)) return r->record->label.text;
  return msg_text(o->mem, o->rq->lang, MSG_systems_set_by, args, COUNT_OF(args));
}
/* Records that refer to this one, by a field with one column. */
static bool add_set(struct viewing *o, const struct flow_record *r, const struct flow_field *f, struct err *e) {
  const struct value self = flow_thing_value(flow_thing(&o->x->run, FLOW_RECORD, o->row->record, o->row->id));
  const struct equality q = {f->name, self};
  struct str *ids = NULL;
  struct view_sset *to = NULL;
  size_t n = 0;
  TRY(flow_rows_where(&o->x->run, r, &q, 1, SETS_SHOWN, &ids, &n, e));
  for (size_t i = 0; i < n; i++) {
    struct flow_row *row = NULL;
    struct str told;
    bool seen = false;
    TRY(systems_sees(o->x, r, ids[i], &seen, e));
    if (!seen) continue;
    if (!to) to = &vec_push(o->mem, &o->v->sets);
    to->title = set_title(o, r, f);
    TRY(flow_row(&o->x->run, r, ids[i], &row, e) && system_record_told(o->x, r, ids[i], &told, e));
    vec_push(o->mem, &to->links) = (struct view_link){
        .href = system_address(o->mem, r, ids[i], ""), .label = told, .count = flow_state_label(r, row->state)};
  }
  return true;
}
static bool fill_sets_of(struct viewing *o, const struct flow_system *s, struct err *e) {
  vec_each(const struct flow_record, r, &s->records)
    vec_each(const struct flow_field, f, &r->fields)
      if (f->field->is.type == TYPE_ref && f->place == FLOW_COLUMN &&
          flow_referred(o->x->run.flow, f) == o->row->record)
        TRY(add_set(o, r, f, e));
  return true;
}
/* Those of its own system first. */
static bool fill_sets(struct viewing *o, struct err *e) {
  const struct flow *f = o->x->run.flow;
  const struct flow_system *own = o->row->record->system;
  TRY(fill_sets_of(o, own, e));
  for (size_t i = 0; i < f->systems.len; i++)
    if (f->systems.at[i] != own) TRY(fill_sets_of(o, f->systems.at[i], e));
  return true;
}
static bool fill_acts(struct viewing *o, struct err *e) {
  flow_cans all = {0};
  TRY(flow_can(&o->x->run, o->row->record, o->row, &all, e));
  const struct act *awaited = system_awaited(o->row->record->record, o->row->state);
  bool can = false;
  vec_each(const struct flow_can, c, &all) can |= c->act == awaited && c->code == ERR_NONE;
  vec_each(const struct flow_can, c, &all) {
    const struct str label = c->act->label.text;
    if (c->code == ERR_NONE) {
      const bool is_first = can ? c->act == awaited : !o->v->acts.len;
      const struct str href =
          str_fmt(o->mem, STRF "/acts/" STRF, STRA(system_address(o->mem, o->row->record, o->row->id, "")),
                  STRA(c->act->head.name.text));
      vec_push(o->mem, &o->v->acts) = (struct view_link){.href = href, .label = label, .current = is_first};
    } else {
      vec_push(o->mem, &o->v->cannot) = (struct view_svalue){.label = label, .text = c->says};
    }
  }
  return true;
}

/* ---- history ---- */

static bool person_name(struct viewing *o, struct str id, struct str *out, struct err *e) {
  static const struct type person = {.kind = KIND_PERSON};
  const struct value v = flow_thing_value(flow_thing(&o->x->run, FLOW_PERSON, NULL, id));
  *out = page_text(o->rq, MSG_systems_by_system);
  return !id.len || flow_show(&o->x->run, o->row->record->system, &person, &v, out, e);
}
/* What an event noted of a field: ids become names, codes labels. */
static bool noted(struct viewing *o, const struct flow_field *f, struct str said, struct str *out, struct err *e) {
  const enum type_word t = f->field->is.type;
  struct value v = {0};
  struct type one = one_of(&f->type);
  *out = said;
  if (t == TYPE_choice) v = value_code(str_from(said, str_starts(said, STR(".")))); /* as expressions write codes */
  else if (t == TYPE_unit) v = flow_thing_value(flow_thing(&o->x->run, FLOW_UNIT, NULL, said));
  else if (t == TYPE_person) v = flow_thing_value(flow_thing(&o->x->run, FLOW_PERSON, NULL, said));
  else if (t == TYPE_flag) *out = page_text(o->rq, str_eqz(said, "yes") ? MSG_systems_yes : MSG_systems_no);
  else if (t == TYPE_ref || f->place == FLOW_SIDE || f->place == FLOW_ROWS) *out = STR("");
  return value_is_none(&v) || flow_show(&o->x->run, o->row->record->system, &one, &v, out, e);
}
/* What the act was given; what follows from it, and what it began with, stands in the record. */
static bool deed_detail(struct viewing *o, const struct act *a, int64_t seq, struct str *out, struct err *e) {
  struct sql_event_fields_rows rows = {0};
  *out = STR("");
  TRY(sql_event_fields(o->x->run.session, o->mem, &(struct sql_event_fields_in){STORE_TENANT, seq}, SIZE_MAX, &rows,
                       e));
  vec_each(const struct sql_event_fields, r, &rows) {
    const struct flow_field *f = flow_field(o->row->record, r->field);
    struct str says;
    const bool is_given = a && (words_have(&a->asks, r->field) || words_have(&a->may, r->field));
    bool may = f && is_given && !systems_is_start(a) && f->class < CLASS_sensitive && r->value.len &&
               !str_eqz(r->value, "none");
    if (may) TRY(systems_reads(o->x, o->row->record, o->row->id, f->class, &may, e));
    if (!may) continue;
    TRY(noted(o, f, r->value, &says, e));
    const struct str one =
        says.len ? str_fmt(o->mem, STRF "：" STRF, STRA(f->field->label.text), STRA(says)) : f->field->label.text;
    *out = out->len ? str_fmt(o->mem, STRF "；" STRF, STRA(*out), STRA(one)) : one;
  }
  return true;
}
static bool add_deed(struct viewing *o, const struct sql_flow_act_list *d, struct err *e) {
  const struct flow_record *r = o->row->record;
  struct view_sdeed *to = &vec_push(o->mem, &o->v->deeds);
  const struct act *a = part_find(&r->record->acts, d->act);
  to->seq = d->seq;
  to->when = page_when(o->rq, d->at_us);
  to->what = a ? a->label.text : history_act_says(o->mem, o->rq->lang, r->name, d->act);
  TRY(person_name(o, d->person, &to->who, e));
  if (d->instead_of.len) {
    struct str holder;
    TRY(person_name(o, d->instead_of, &holder, e));
    const struct msg_arg args[] = {{"name", to->who}, {"holder", holder}};
    to->who = msg_text(o->mem, o->rq->lang, MSG_systems_instead, args, COUNT_OF(args));
  }
  if (!str_eq(d->from_state, d->to_state)) to->moved = flow_state_label(r, d->to_state);
  return deed_detail(o, a, d->seq, &to->detail, e);
}
static bool add_opened(struct viewing *o, const struct opened *d, struct err *e) {
  struct view_sdeed *to = &vec_push(o->mem, &o->v->deeds);
  const struct privacy *p = o->row->record->system->system->privacy;
  const struct opening *opening = p ? part_find(&p->openings, d->what) : NULL;
  to->seq = d->seq;
  to->when = page_when(o->rq, d->at_us);
  to->what = with(o, d->is_first_key ? MSG_opening_asked : MSG_opening_opened, "what",
                  opening ? opening->label.text : d->what);
  return person_name(o, d->person, &to->who, e);
}
static int newest_first(const void *a, const void *b) {
  const int64_t x = ((const struct view_sdeed *)a)->seq, y = ((const struct view_sdeed *)b)->seq;
  return (x < y) - (x > y);
}
/* Acts, openings, what happened in rounds. */
static bool fill_deeds(struct viewing *o, struct err *e) {
  struct sql_flow_act_list_rows rows = {0};
  const struct flow_record *r = o->row->record;
  opened_list opened = {0};
  TRY(sql_flow_act_list(o->x->run.session, o->mem, &(struct sql_flow_act_list_in){STORE_TENANT, r->name, o->row->id},
                        SIZE_MAX, &rows, e));
  TRY(systems_opened(o->x, r, o->row->id, &opened, e));
  vec_each(const struct sql_flow_act_list, d, &rows) TRY(add_deed(o, d, e));
  vec_each(const struct opened, d, &opened) TRY(add_opened(o, d, e));
  TRY(systems_rounds_deeds(o->x, o->rq, o->row, o->v, e));
  if (o->v->deeds.len) qsort(o->v->deeds.at, o->v->deeds.len, sizeof *o->v->deeds.at, newest_first);
  return true;
}
static bool fill_openings(struct viewing *o, struct err *e) {
  openings all = {0};
  TRY(systems_openings(o->x, o->row, &all, e));
  vec_each(__typeof__(const struct opening *), p, &all) {
    const char *tail = str_z(o->mem, str_fmt(o->mem, "/openings/" STRF, STRA((*p)->head.name.text)));
    vec_push(o->mem, &o->v->openings) =
        (struct view_link){.href = system_address(o->mem, o->row->record, o->row->id, tail), .label = (*p)->label.text};
  }
  return true;
}

/* A text that says just the words it comes from stands there once. */
static void drop_told(struct view_system_record *v) {
  size_t kept = 0;
  for (size_t i = 0; i < v->texts.len; i++) {
    bool told = false;
    vec_each(const struct view_link, o, &v->origins) told |= str_eq(o->count, v->texts.at[i].words);
    if (!told) v->texts.at[kept++] = v->texts.at[i];
  }
  v->texts.len = kept;
}
bool system_record_page(struct system_run *x, struct web_request *rq, struct flow_row *row, struct web_response *rs,
                        struct err *e) {
  struct view_system_record v = {.lang = rq->lang};
  struct viewing o = {x, rq, rq->mem, row, &v};
  const struct flow_record *r = row->record;
  flow_deeds *deeds = NULL;
  TRY(system_record_told(x, r, row->id, &v.title, e));
  if (row->number.len && v.title.len > row->number.len + 1 && str_starts(v.title, row->number))
    v.title = str_from(v.title, row->number.len + 1); /* it stands above */
  v.f = page_frame(rq, v.title, PAGE_SYSTEMS, NULL);
  v.system = r->system->system->label.text;
  v.system_href = str_fmt(rq->mem, "/s/" STRF, STRA(r->system->name));
  v.list_label = r->record->label.text;
  v.list_href = v.f.back = str_fmt(rq->mem, STRF "/" STRF, STRA(v.system_href), STRA(r->record->head.name.text));
  v.state = flow_state_label(r, row->state);
  v.about =
      str_fmt(rq->mem, STRF " · " STRF, STRA(r->record->label.text), STRA(row->number.len ? row->number : v.state));
  v.said = page_said(rq);
  v.rev = str_int(rq->mem, row->rev);
  TRY(flow_deeds_of(&x->run, r, row->id, &deeds, e));
  fill_steps(&o, deeds);
  vec_each(const struct clock, c, &r->record->clocks) TRY(add_clock(&o, c, e) && add_ladder(&o, c, e));
  TRY(fill_values(&o, e) && fill_sets(&o, e) && fill_acts(&o, e) && fill_deeds(&o, e) && fill_openings(&o, e));
  if (!row->ended) TRY(system_alike_links(x, row, &v.alike, e));
  TRY(follows_of_record(x, row, &v.follow, e));
  TRY(ledger_origins_fill(x, row, &v.origins, e));
  drop_told(&v);
  TRY(systems_rounds_fill(x, rq, row, &v, e) && systems_papers_fill(x, rq, row, &v, e));
  page_system_record(&rs->body, &v);
  return true;
}
