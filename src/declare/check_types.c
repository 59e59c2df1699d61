/* Types and flows: every expression of a system in the place where it stands. */
#include "declare/typing.h"
#include "texts.h"

enum { HOLES_MOST = 30 };

static const struct sink nowhere = {.kind = SINK_NONE};
static struct type flag(void) { return type_of(KIND_FLAG); }

/* ---- one expression ---- */

static void check_expr(struct typing *t, const struct expr_word *x, const struct type *want, const struct sink *to) {
  struct type_answer answer;
  if (typing_expr(t, x, want, &answer)) leaks_check(t, x->word, to);
}
static void check_flag(struct typing *t, const struct expr_word *x, const struct sink *to) {
  const struct type want = flag();
  check_expr(t, x, &want, to);
}
static void check_kind(struct typing *t, const struct expr_word *x, enum kind kind, const struct sink *to) {
  const struct type want = type_of(kind);
  check_expr(t, x, &want, to);
}

/* {expressions} in the texts of notices and tasks; kept for whoever fills them. */
static void check_holes(struct typing *t, struct word text, const struct sink *to, expr_words *out) {
  struct str said;
  out->len = 0;
  for (size_t at = 0; text_hole(text.text, &at, &said) && out->len < HOLES_MOST;) {
    const size_t from = (size_t)(said.at - text.text.at);
    struct expr_word *hole = &vec_push(t->c->mem, out);
    struct expr_fault fault = {0};
    hole->word = (struct word){said, word_slice(text, from, from + said.len), 0};
    if (expr_parse(t->c->mem, said, &hole->tree, &fault)) {
      check_expr(t, hole, NULL, to);
    } else {
      tell_syntax(t->c->f, hole->word, &fault);
    }
  }
}

/* ---- effects ---- */

struct effect_place {
  struct typing *t;
  const struct expr_word *also; /* a condition that holds for all of them: the limit of a clock; NULL = none */
  const struct type *also_type;
};
static void check_effects(struct effect_place *p, const effects *list);

/* Whether it happens tells the condition, its own and the one it stands under. */
static void check_condition(struct effect_place *p, const struct effect *x, struct sink to) {
  to.by_condition = true;
  if (has_expr(&x->when)) check_flag(p->t, &x->when, &to);
  if (p->also) check_expr(p->t, p->also, p->also_type, &to);
}
static void check_set(struct effect_place *p, const struct effect *x) {
  struct typing *t = p->t;
  const struct record *r = t->m.record;
  vec_each(const struct named_expr, s, &x->set) {
    const struct field *f = r ? field_find(r, s->head.name.text) : NULL;
    if (!f) continue;
    const struct sink to = {.kind = SINK_FIELD, .record = r, .field = f};
    const struct type want = meaning_field_type(&t->m, r, f);
    check_expr(t, &s->value, &want, &to);
    check_condition(p, x, to);
  }
}
static void check_set_row(struct effect_place *p, const struct effect *x) {
  struct typing *t = p->t;
  const struct record *r = t->m.record;
  const struct field *rows = r ? field_find(r, x->set_row->in.text) : NULL;
  if (!rows || rows->is.type != TYPE_rows) return;
  const struct type self = t->m.env.self;
  meaning_of_row(&t->m, (struct row_of){.fields = &rows->fields, .record = r});
  check_flag(t, &x->set_row->where, &nowhere);
  t->m.env.self = self;
  vec_each(const struct named_expr, s, &x->set_row->set) {
    const struct field *f = part_find(&rows->fields, s->head.name.text);
    if (!f) continue;
    const struct sink to = {.kind = SINK_FIELD, .record = r, .field = f};
    const struct type want = meaning_said_type(&t->m, &f->is);
    check_expr(t, &s->value, &want, &to);
    check_condition(p, x, to);
  }
}
/* Values handed to an act of another record: fields of it, or what the act takes. */
static void check_with(struct effect_place *p, const struct record *r, const struct act *a, const named_exprs *with) {
  struct typing *t = p->t;
  vec_each(const struct named_expr, w, with) {
    const struct field *f = field_find(r, w->head.name.text);
    const struct named_type *taken = a ? part_find(&a->takes, w->head.name.text) : NULL;
    const struct sink to = {.kind = f ? SINK_FIELD : SINK_CREATE, .record = r, .field = f};
    if (!f && !taken) continue;
    const struct type want = f ? meaning_field_type(&t->m, r, f) : meaning_said_type(&t->m, &taken->type);
    check_expr(t, &w->value, &want, &to);
  }
}
static void check_create(struct effect_place *p, const struct effect *x) {
  struct typing *t = p->t;
  const struct record *r = part_find(&t->c->s->records, x->create->record.text);
  if (r) {
    check_with(p, r, part_find(&r->acts, x->create->act.text), &x->create->with);
    check_condition(p, x, (struct sink){.kind = SINK_CREATE, .record = r});
    return;
  }
  const struct sink to = {.kind = SINK_FOREIGN, .name = x->create->record.text};
  vec_each(const struct named_expr, w, &x->create->with) check_expr(t, &w->value, NULL, &to);
  check_condition(p, x, to);
}
static void check_do(struct effect_place *p, const struct effect *x) {
  struct typing *t = p->t;
  struct type_answer on;
  if (!typing_expr(t, &x->do_->on, NULL, &on)) return;
  if (on.type.kind != KIND_RECORD) { /* of another package */
    const struct sink to = {.kind = SINK_FOREIGN, .name = x->do_->act.text};
    vec_each(const struct named_expr, w, &x->do_->with) check_expr(t, &w->value, NULL, &to);
    check_condition(p, x, to);
    return;
  }
  const struct record *r = on.type.of;
  const struct act *a = part_refer(t->c, &r->acts, x->do_->act, MSG_declare_kind_act);
  if (!a) return;
  if (!act_has(a, WHO_SYSTEM)) (void)tell(t->c, FAULT_F009, x->do_->act, "act", a->label.text);
  check_with(p, r, a, &x->do_->with);
  check_condition(p, x, (struct sink){.kind = SINK_STATE, .record = r});
}
static void check_each(struct effect_place *p, const struct effect *x) {
  struct typing *t = p->t;
  struct type_answer in;
  if (!typing_expr(t, &x->each->in, NULL, &in)) return;
  struct type one = in.type;
  one.set = false;
  vec_push(t->c->mem, &t->m.bound) = (struct bound){x->each->as.text, one};
  const struct act *during = t->m.act;
  if (is_yes(x->each->batch)) t->m.act = NULL; /* it is done later: what the act took is not there */
  check_effects(p, &x->each->does);
  t->m.act = during;
  t->m.bound.len--;
}
static void check_notify(struct effect_place *p, const struct effect *x) {
  const struct sink to = {.kind = SINK_NOTIFY, .record = p->t->m.record, .receivers = &x->notify->to};
  check_holes(p->t, x->notify->text, &to, &x->notify->holes);
  check_condition(p, x, to);
}
static void check_task(struct effect_place *p, const struct effect *x) {
  const struct sink to = {.kind = SINK_TASK};
  check_holes(p->t, x->task->title, &to, &x->task->holes);
  check_kind(p->t, &x->task->unit, KIND_UNIT, &to);
  check_kind(p->t, &x->task->due, KIND_DATE, &to);
  check_expr(p->t, &x->task->source, NULL, &to);
  check_condition(p, x, to);
}
static void check_effect(struct effect_place *p, const struct effect *x) {
  struct typing *t = p->t;
  check_flag(t, &x->when, &nowhere);
  check_set(p, x);
  if (x->set_row) check_set_row(p, x);
  if (x->create) check_create(p, x);
  if (x->do_) check_do(p, x);
  if (x->each) check_each(p, x);
  if (x->notify) check_notify(p, x);
  if (x->task) check_task(p, x);
  if (x->extend) check_kind(t, &x->extend->by, KIND_DURATION, &nowhere);
  if (x->extend) check_kind(t, &x->extend->to, KIND_DATE, &nowhere);
  if (x->merge && t->m.record) {
    const struct type want = meaning_record_type(t->m.record);
    check_expr(t, &x->merge->into, &want, &nowhere);
  }
  if (has_word(x->paper)) check_condition(p, x, (struct sink){.kind = SINK_PAPER, .name = x->paper.text});
}
static void check_effects(struct effect_place *p, const effects *list) {
  vec_each(const struct effect, x, list) check_effect(p, x);
}

/* ---- records ---- */

/* What changes with the day is worked out when it is shown: nothing can be found or ordered by it. */
static bool is_found_by(const struct record *r, const struct field *f) {
  const struct str name = f->head.name.text;
  const struct views *v = r->views;
  return is_yes(f->unique) || is_yes(f->search) || words_have(&r->key, name) ||
         (v && (str_eq(v->board.text, name) || str_eq(v->calendar.text, name)));
}
static void check_field(struct typing *t, const struct record *r, const struct field *f) {
  struct type_answer answer;
  const struct sink to = {.kind = SINK_FIELD, .record = r, .field = f};
  const struct type want = meaning_field_type(&t->m, r, f);
  check_expr(t, &f->default_, &want, &nowhere);
  if (!has_expr(&f->value) || !typing_expr(t, &f->value, &want, &answer)) return;
  leaks_check(t, f->value.word, &to);
  if (answer.is_live && is_found_by(r, f)) (void)tell(t->c, FAULT_T013, f->head.name, "name", f->label.text);
  if (answer.is_looking_around && !is_yes(f->once)) (void)tell(t->c, FAULT_T011, f->value.word, NULL, STR(""));
}
/* What a row computes is about the row; the record around it is `this`. */
static void check_row_fields(struct typing *t, const struct record *r, const struct field *rows) {
  const struct type self = t->m.env.self;
  meaning_of_row(&t->m, (struct row_of){.fields = &rows->fields, .record = r});
  vec_each(const struct field, f, &rows->fields) {
    const struct sink to = {.kind = SINK_FIELD, .record = r, .field = f};
    const struct type want = meaning_said_type(&t->m, &f->is);
    check_expr(t, &f->default_, &want, &nowhere);
    check_expr(t, &f->value, &want, &to);
  }
  t->m.env.self = self;
}
static void check_act(struct typing *t, const struct record *r, const struct act *a) {
  struct effect_place p = {t, NULL, NULL};
  const struct sink state = {.kind = SINK_STATE, .record = r, .by_condition = true};
  t->m.act = a;
  check_flag(t, &a->when, &nowhere);
  const struct type persons = type_set_of(type_of(KIND_PERSON), SET_MOST);
  vec_each(const struct expr_word, x, &a->except) check_expr(t, x, &persons, &nowhere);
  vec_each(const struct act_case, x, &a->to) check_flag(t, &x->when, &state);
  check_effects(&p, &a->does);
  t->m.act = NULL;
}
/* `all`, `any`, `at_least(3)`, or an expression over answers. */
static bool is_plain_done(const struct expr *x) {
  const bool word = x && x->kind == EXPR_NAME && (str_eqz(x->text, "all") || str_eqz(x->text, "any"));
  return word || (x && x->kind == EXPR_CALL && !x->a && str_eqz(x->text, "at_least"));
}
static void check_round(struct typing *t, const struct round *x) {
  check_expr(t, &x->asks, NULL, &nowhere);
  check_kind(t, &x->limit, KIND_DURATION, &nowhere);
  t->m.round = x;
  if (!is_plain_done(x->done.tree)) check_flag(t, &x->done, &nowhere);
  check_flag(t, &x->fails, &nowhere);
  t->m.round = NULL;
}
static void check_clock(struct typing *t, const struct clock *k) {
  const struct type duration = type_of(KIND_DURATION);
  const bool by_limit = has_expr(&k->limit);
  struct effect_place p = {t, by_limit ? &k->limit : &k->until, by_limit ? &duration : NULL};
  check_expr(t, &k->limit, &duration, &nowhere);
  check_expr(t, &k->until, NULL, &nowhere);
  if (k->pauses) check_flag(t, &k->pauses->while_, &nowhere);
  vec_each(const struct clock_level, l, &k->levels) {
    check_flag(t, &l->when, &nowhere);
    check_effects(&p, &l->does);
  }
}
static void check_record(struct typing *t, const struct record *r) {
  struct effect_place p = {t, NULL, NULL};
  meaning_of(&t->m, r);
  vec_each(const struct field, f, &r->fields) check_field(t, r, f);
  vec_each(const struct field, f, &r->fields) check_row_fields(t, r, f);
  vec_each(const struct check, x, &r->checks) check_flag(t, &x->must, &nowhere);
  vec_each(const struct act, a, &r->acts) check_act(t, r, a);
  vec_each(const struct state, x, &r->states) check_effects(&p, &x->enter);
  vec_each(const struct round, x, &r->rounds) check_round(t, x);
  vec_each(const struct clock, k, &r->clocks) check_clock(t, k);
  if (r->views)
    vec_each(const struct expr_word, x, &r->views->list) check_expr(t, x, NULL, &nowhere);
}

/* ---- around the records ---- */

static const struct record *set_record(struct typing *t, struct word of) {
  const struct record *r = part_find(&t->c->s->records, of.text);
  meaning_of(&t->m, r);
  return r;
}
static void check_measure(struct typing *t, const struct measure *x) {
  const struct sink to = {.kind = SINK_MEASURE, .name = x->head.name.text};
  const struct expr_word *numbers[] = {&x->sum, &x->mean, &x->median, &x->on};
  const struct record *r = set_record(t, x->of);
  const struct field *rows = r && has_word(x->rows) ? field_find(r, x->rows.text) : NULL;
  if (has_word(x->of) && !r) return; /* units, people: the kernel counts them */
  t->m.of_measures = !r;
  if (rows && rows->is.type == TYPE_rows) { /* facts are the rows: the name of the field is one of them */
    struct type one = meaning_field_type(&t->m, r, rows);
    one.set = false;
    vec_push(t->c->mem, &t->m.bound) = (struct bound){rows->head.name.text, one};
  }
  struct type period = type_of(KIND_PERIOD);
  period.period = PERIOD_month; /* every kind has a start and an end */
  vec_push(t->c->mem, &t->m.bound) = (struct bound){STR("period"), period};
  check_flag(t, &x->where, &to);
  for (size_t i = 0; i < COUNT_OF(numbers); i++) check_expr(t, numbers[i], NULL, &to);
  check_expr(t, &x->distinct, NULL, &nowhere); /* of persons only how many is told, and that by cells */
  vec_each(const struct expr_word, b, &x->by) check_expr(t, b, NULL, &to);
  if (has_expr(&x->value)) check_expr(t, &x->value, NULL, &nowhere);
}
static void check_message(struct typing *t, const struct message *x) {
  const struct sink to = {.kind = SINK_MESSAGE, .name = x->head.name.text};
  struct effect_place p = {t, NULL, NULL};
  (void)set_record(t, x->of);
  if (x->way.which == WAY_in) {
    t->m.message = x;
    meaning_of_row(&t->m, (struct row_of){.message = x});
    check_expr(t, &x->key, NULL, &nowhere);
    check_flag(t, &x->when, &nowhere);
    check_effects(&p, &x->does);
  } else if (x->way.which == WAY_out) {
    const struct sink whether = {.kind = SINK_MESSAGE, .name = x->head.name.text, .by_condition = true};
    check_expr(t, &x->key, NULL, &to);
    check_flag(t, &x->when, &whether);
    vec_each(const struct message_field, f, &x->fields) check_expr(t, &f->value, NULL, &to);
  }
}
/* What a form fills in by itself is an input of its act. */
static void check_form(struct typing *t, const struct public_form *x) {
  struct effect_place p = {t, NULL, NULL};
  struct word record = x->act, act = x->act;
  if (!str_cut(x->act.text, STR("."), &record.text, &act.text)) return;
  const struct record *r = set_record(t, record);
  if (r) check_with(&p, r, part_find(&r->acts, act.text), &x->fixed);
}
static void check_pages(struct typing *t) {
  const struct public_part *p = t->c->s->public;
  if (!p) return;
  vec_each(const struct public_form, x, &p->forms) check_form(t, x);
  vec_each(const struct public_page, x, &p->pages) {
    const struct sink to = {.kind = SINK_PAGE, .name = x->head.name.text};
    (void)set_record(t, x->of);
    check_flag(t, &x->where, &to);
    vec_each(const struct expr_word, s, &x->shows) check_expr(t, s, NULL, &to);
    check_expr(t, &x->until, NULL, &nowhere);
  }
}
static void check_openings(struct typing *t) {
  const struct privacy *p = t->c->s->privacy;
  if (!p) return;
  vec_each(const struct opening, x, &p->openings) {
    const struct record *r = opening_record(t->c->s, x);
    if (!r) continue;
    meaning_of(&t->m, r);
    check_flag(t, &x->when, &nowhere);
  }
}
static void check_rest(struct typing *t) {
  const struct system *s = t->c->s;
  vec_each(const struct role, r, &s->roles)
    vec_each(const struct sees, x, &r->sees) {
      (void)set_record(t, x->head.name);
      check_flag(t, &x->where, &nowhere);
    }
  vec_each(const struct paper, x, &s->papers) {
    (void)set_record(t, x->of);
    check_flag(t, &x->when, &nowhere);
  }
  if (!s->ledger) return;
  vec_each(const struct bulletin, x, &s->ledger->bulletin) {
    const struct sink to = {.kind = SINK_TASK};
    (void)set_record(t, x->of);
    check_flag(t, &x->where, &to);
    vec_each(const struct expr_word, y, &x->shows) check_expr(t, y, NULL, &to);
  }
}

void system_check_types(struct checker *c) {
  struct typing t;
  typing_begin(&t, c);
  vec_each(const struct record, r, &c->s->records) check_record(&t, r);
  vec_each(const struct record, r, &c->s->records) circles_check(&t, r);
  vec_each(const struct measure, x, &c->s->measures) check_measure(&t, x);
  vec_each(const struct message, x, &c->s->messages) check_message(&t, x);
  check_pages(&t);
  check_openings(&t);
  check_rest(&t);
  leaks_end(&t);
}
