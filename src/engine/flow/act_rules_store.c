/* What an act is held against: its inputs, the state it leads to, checks, spans that exclude one another, persons excepted. */
#include "declare/check.h"
#include "engine/flow/act.h"
#include "store/compose.h"
#include "store/store.h"
#include "texts.h"

/* ---- inputs ---- */

static const struct flow_input *input_of(const struct flow_ask *ask, struct str name) {
  for (size_t i = 0; i < ask->input_count; i++)
    if (str_eq(ask->inputs[i].name, name)) return &ask->inputs[i];
  return NULL;
}
static bool has_value(const struct value *v) { return v->kind == VALUE_SET ? v->set.len > 0 : !value_is_none(v); }
static bool is_taken(const struct act *a, struct str name) {
  return words_have(&a->asks, name) || words_have(&a->may, name) || part_find(&a->takes, name);
}
static bool fill_takes(struct flow_step *s, const struct flow_ask *ask, struct err *e) {
  const named_types *takes = &s->act->takes;
  if (!takes->len) return true;
  struct flow_thing *t = arena_new(s->run->mem, struct flow_thing);
  struct str *names = arena_new_n(s->run->mem, struct str, takes->len);
  *t = (struct flow_thing){.kind = FLOW_VALUES, .no = 1, .names = names, .value_count = takes->len};
  t->values = arena_new_n(s->run->mem, struct value, takes->len);
  for (size_t i = 0; i < takes->len; i++) {
    const struct flow_input *in = input_of(ask, takes->at[i].head.name.text);
    names[i] = takes->at[i].head.name.text;
    if (in) t->values[i] = in->value;
    if (!in || !has_value(&in->value))
      return fail(e, ERR_INVALID, MSG_flow_asked, "name", names[i], "label",
                  flow_taken_label(s->about.self->record, &takes->at[i]));
  }
  s->about.takes = t;
  return true;
}
static bool fill_default(struct flow_step *s, size_t i, struct err *e) {
  struct flow_row *row = s->about.self;
  const struct flow_field *f = &row->record->fields.at[i];
  struct value v = {0};
  if (!f->field->default_.tree || row->changed_field[i]) return true;
  TRY(flow_eval(s->run, &s->about, f->field->default_.tree, s->run->notes, &v, e));
  flow_row_set(row, i, v);
  return true;
}
bool flow_fill_draft(struct flow_step *s, const struct flow_ask *ask, struct err *e) {
  struct flow_row *row = s->about.self;
  TRY(fill_takes(s, ask, e));
  for (size_t k = 0; k < ask->input_count; k++) {
    const struct flow_input *in = &ask->inputs[k];
    const struct flow_field *f = flow_field(row->record, in->name);
    if (!is_taken(s->act, in->name))
      return fail(e, ERR_INVALID, MSG_flow_not_taken, "name", in->name, "act", s->act->label.text);
    if (!f || part_find(&s->act->takes, in->name)) continue;
    const size_t i = (size_t)(f - row->record->fields.at);
    flow_row_set(row, i, in->value);
    row->words[i] = in->words;
  }
  for (size_t i = 0; !ask->id.len && i < row->record->fields.len; i++) TRY(fill_default(s, i, e));
  return flow_lines_fill(s, e);
}
/* A place is there by its words alone; who knows no degrees says where it is. */
static bool lacks(struct flow_step *s, const struct flow_field *f, bool *out, struct err *e) {
  const size_t i = (size_t)(f - s->about.self->record->fields.at);
  struct value v;
  TRY(flow_row_field(s->run, s->about.self, i, &v, e));
  *out = !has_value(&v) && !(f->place == FLOW_POINT && s->about.self->words[i].len);
  return true;
}
bool flow_asks_there(struct flow_step *s, const struct flow_ask *ask, struct err *e) {
  const struct flow_record *r = s->about.self->record;
  bool is_lacking = false;
  vec_each(const struct word, w, &s->act->asks) {
    const struct flow_field *f = flow_field(r, w->text);
    if (f) TRY(lacks(s, f, &is_lacking, e));
    if (f && is_lacking) return fail(e, ERR_INVALID, MSG_flow_asked, "name", f->name, "label", f->field->label.text);
  }
  (void)ask;
  return true;
}

/* ---- persons excepted ---- */

static bool is_among(const struct value *set, struct str person) {
  const struct flow_thing *t;
  if (set->kind == VALUE_THING && (t = flow_thing_of(set))) return str_eq(t->id, person);
  for (size_t i = 0; set->kind == VALUE_SET && i < set->set.len; i++)
    if ((t = flow_thing_of(&set->set.at[i])) && str_eq(t->id, person)) return true;
  return false;
}
bool flow_excepted(struct flow_step *s, struct err *e) {
  const struct flow_run *run = s->run;
  vec_each(const struct expr_word, x, &s->act->except) {
    struct value persons = {0};
    if (x->tree) TRY(flow_eval(s->run, &s->about, x->tree, run->notes, &persons, e));
    if (is_among(&persons, run->person) || (run->instead_of.len && is_among(&persons, run->instead_of)))
      return fail(e, ERR_FORBIDDEN, MSG_flow_excepted, "act", s->act->label.text);
  }
  return true;
}

/* ---- the target ---- */

static const struct act *act_of(const struct flow_row *row, struct str name) {
  return part_find(&row->record->record->acts, name);
}
static bool goes_back(const struct act *a) { return a->to.len == 1 && str_eqz(a->to.at[0].state.text, "back"); }
/* Sent back by an act whose next one jumps to where it came from. Deeds hold this act last. */
static bool resumes(const struct flow_row *row, const flow_deeds *deeds, struct str *out) {
  enum { THEN_RESUME = 2 };
  for (size_t i = deeds->len - 1; i-- > 0;) {
    const struct flow_deed *d = &deeds->at[i];
    if (str_eq(d->from, d->to)) continue; /* stayed */
    const struct act *a = act_of(row, d->act);
    *out = d->from;
    return a && goes_back(a) && a->then.which == THEN_RESUME;
  }
  return false;
}
static bool was_visited(const flow_deeds *deeds, struct str state) {
  for (size_t i = 0; i + 1 < deeds->len; i++)
    if (str_eq(deeds->at[i].to, state)) return true;
  return false;
}
static bool target_back(struct flow_step *s, const struct flow_ask *ask, const flow_deeds *deeds, struct str *out,
                        struct err *e) {
  *out = ask->back_to;
  if (words_have(&s->act->back, *out) && was_visited(deeds, *out)) return true;
  return fail(e, ERR_INVALID, MSG_flow_back, "name", STR("back_to"));
}
bool flow_target(struct flow_step *s, const struct flow_ask *ask, struct str *out, struct err *e) {
  flow_deeds *deeds;
  struct str back;
  TRY(flow_deeds_of(s->run, s->about.self->record, s->about.self->id, &deeds, e));
  if (goes_back(s->act)) return target_back(s, ask, deeds, out, e);
  vec_each(const struct act_case, c, &s->act->to) {
    bool holds = true;
    if (has_expr(&c->when)) TRY(flow_holds(s->run, &s->about, &c->when, &holds, e));
    if (!holds) continue;
    *out = str_eqz(c->state.text, "same") ? s->from : c->state.text;
    if (!str_eq(*out, s->from) && resumes(s->about.self, deeds, &back)) *out = back;
    return true;
  }
  return fail(e, ERR_BUG, MSG_flow_no_case, "act", s->act->label.text); /* the check refuses it: F007 */
}

/* ---- checks ---- */

static bool check_one(struct flow_step *s, const struct check *c, bool is_confirmed, struct err *e) {
  struct value v = {0};
  if (c->must.tree) TRY(flow_eval(s->run, &s->about, c->must.tree, s->run->notes, &v, e));
  if (!value_is_no(&v)) return true;
  const bool warns = c->level.which != 0;
  if (!warns)
    return fail(e, ERR_INVALID, MSG_flow_check, "name", has_word(c->at) ? c->at.text : c->id.text, "says", c->says.text,
                "id", c->id.text);
  vec_push(s->run->mem, &s->done->warnings) = c->says.text;
  if (is_confirmed || s->run->by != FLOW_BY_PERSON) return true;
  return fail(e, ERR_CONFIRM, MSG_flow_confirm, "name", has_word(c->at) ? c->at.text : c->id.text, "says",
              c->says.text);
}
static bool needs(struct flow_step *s, struct err *e) {
  bool is_lacking = false;
  vec_each(const struct flow_field, f, &s->about.self->record->fields) {
    if (f->field->need.which != 1 || f->is_computed) continue;
    TRY(lacks(s, f, &is_lacking, e));
    if (is_lacking) return fail(e, ERR_INVALID, MSG_flow_asked, "name", f->name, "label", f->field->label.text);
  }
  return true;
}

/* ---- spans that exclude one another ---- */

static bool exclusive_key(struct flow_step *s, const struct exclusive *x, struct compose *c, bool *out_whole,
                          struct err *e) {
  const struct flow_row *row = s->about.self;
  vec_each(const struct word, k, &x->key) {
    const struct flow_field *f = flow_field(row->record, k->text);
    struct store_value cell[3];
    if (!f || f->place != FLOW_COLUMN) continue;
    TRY(flow_cells(s->run, f, &row->fields[f - row->record->fields.at], STR(""), cell, e));
    *out_whole = *out_whole && !cell[0].null;
    compose_z(c, " AND ");
    compose_name(c, f->column[0]);
    compose_z(c, " = ");
    (void)compose_value(c, cell[0]);
  }
  return true;
}
static bool is_taken_already(struct flow_step *s, const struct exclusive *x, const struct flow_field *during,
                             struct str *out_number, bool *out, struct err *e) {
  const struct flow_row *row = s->about.self;
  const struct value *v = &row->fields[during - row->record->fields.at];
  bool whole = v->kind == VALUE_SPAN;
  AUTO_COMPOSE c = COMPOSE(s->run->mem);
  *out = false;
  compose_z(&c, "SELECT COALESCE(\"number\", \"id\") FROM ");
  compose_name(&c, row->record->table);
  compose_z(&c, " WHERE \"tenant\" = ");
  (void)compose_str(&c, STORE_TENANT);
  compose_z(&c, " AND \"ended\" = 0 AND \"id\" <> ");
  (void)compose_str(&c, row->id);
  TRY(exclusive_key(s, x, &c, &whole, e));
  if (!whole) return true;
  const char *const ends[] = {" < ", " > "};
  for (int i = 0; i < 2; i++) {
    compose_z(&c, " AND ");
    compose_name(&c, during->column[i]);
    compose_z(&c, ends[i]);
    (void)compose_int(&c, i ? v->span.from : v->span.to);
  }
  compose_z(&c, " LIMIT 1");
  struct store_stmt *st = compose_prepare(&c, s->run->session, 1, e);
  if (!st) return false;
  const bool ok = store_step(st, out, e);
  if (ok && *out) *out_number = store_column_str(st, 0, s->run->mem);
  store_reset(st);
  return ok;
}
static bool excludes(struct flow_step *s, struct err *e) {
  const struct flow_row *row = s->about.self;
  vec_each(const struct exclusive, x, &row->record->record->exclusive) {
    const struct flow_field *during = flow_field(row->record, x->during.text);
    struct str other = {0};
    bool is = false;
    if (!during || during->place != FLOW_SPAN || row->ended) continue;
    TRY(is_taken_already(s, x, during, &other, &is, e));
    if (is) return fail(e, ERR_EXCLUSIVE, MSG_flow_exclusive, "name", during->name, "other", other);
  }
  return true;
}

/* ---- what there is only one of ---- */

/* That there is such a record is told to whoever may see it; anybody else would learn it by trying. */
static bool refuse_same(struct flow_step *s, const struct equality *equal, size_t n, const struct flow_field *f,
                        struct err *e) {
  struct str *ids = NULL;
  size_t count = 0;
  TRY(flow_rows_where(s->run, s->about.self->record, equal, n, 2, &ids, &count, e));
  for (size_t i = 0; i < count; i++) {
    bool tells = false;
    if (str_eq(ids[i], s->about.self->id)) continue;
    TRY(flow_sees(s->run, s->about.self->record, ids[i], &tells, e));
    if (tells) return fail(e, ERR_DUPLICATE, MSG_flow_duplicate, "name", f->name, "label", f->field->label.text);
    return fail(e, ERR_INVALID, MSG_flow_not_free, "name", f->name, "label", f->field->label.text);
  }
  return true;
}
static bool is_written_anew(const struct flow_step *s, size_t i) {
  return !s->about.before || s->about.self->changed_field[i];
}
bool flow_unique(struct flow_step *s, struct err *e) {
  const struct flow_row *row = s->about.self;
  const struct flow_record *r = row->record;
  for (size_t i = 0; i < r->fields.len; i++) {
    const struct flow_field *f = &r->fields.at[i];
    const struct equality equal = {f->name, row->fields[i]};
    if (f->field->unique.which == 1 && f->place == FLOW_COLUMN && !value_is_none(&equal.value) && is_written_anew(s, i))
      TRY(refuse_same(s, &equal, 1, f, e));
  }
  enum { KEY_MOST = 8 };
  struct equality key[KEY_MOST];
  const struct flow_field *last = NULL;
  size_t n = 0;
  bool anew = false;
  vec_each(const struct word, k, &r->record->key) {
    const struct flow_field *f = flow_field(r, k->text);
    const size_t i = f ? (size_t)(f - r->fields.at) : 0;
    if (!f || f->place != FLOW_COLUMN || n == KEY_MOST || value_is_none(&row->fields[i])) return true;
    key[n++] = (struct equality){f->name, row->fields[i]};
    anew |= is_written_anew(s, i);
    last = f;
  }
  return !n || !anew || refuse_same(s, key, n, last, e);
}

bool flow_judge(struct flow_step *s, bool is_confirmed, struct err *e) {
  TRY(needs(s, e) && flow_lines_judge(s, e));
  vec_each(const struct check, c, &s->about.self->record->record->checks) TRY(check_one(s, c, is_confirmed, e));
  return (!s->about.before || flow_unique(s, e)) && excludes(s, e);
}
