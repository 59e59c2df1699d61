/* Clocks and rounds: names in them, the order of levels, what would stand still. */
#include "declare/check.h"
#include "declare/level.h"
#include "texts.h"

static void want_states(struct checker *c, const struct record *r, const words *names) {
  vec_each(const struct word, w, names) (void)part_refer(c, &r->states, *w, MSG_declare_kind_state);
}
static void want_clock_act(struct checker *c, const struct record *r, struct word name) {
  const struct act *a = part_refer(c, &r->acts, name, MSG_declare_kind_act);
  if (a && !act_has(a, WHO_CLOCK)) (void)tell(c, FAULT_C004, name, "act", a->label.text);
}

/* ---- levels ---- */

/* Shares and amounts before the end cannot be compared, the limit is not known here. */
struct level_place {
  enum level_side side;
  int64_t rank; /* among those of the same side, rising with time */
};
/* A month has 30 days, eight hours of office time are a day. */
static int64_t seconds_of(struct duration d) {
  static const int64_t seconds[DURATION_UNIT_COUNT] = {
      [DURATION_seconds] = 1,       [DURATION_minutes] = 60,     [DURATION_hours] = 3600, [DURATION_workminutes] = 180,
      [DURATION_workhours] = 10800, [DURATION_workdays] = 86400, [DURATION_days] = 86400, [DURATION_weeks] = 604800,
      [DURATION_months] = 2592000,  [DURATION_years] = 31536000,
  };
  return d.n * seconds[d.unit];
}

/* Roughly, to put levels in order. */
static struct level_place place_of(const struct level *l) {
  switch (l->side) {
    case LEVEL_SHARE: return (struct level_place){LEVEL_SHARE, l->part * 1000 / l->of};
    case LEVEL_BEFORE: return (struct level_place){LEVEL_BEFORE, -seconds_of(l->by)};
    case LEVEL_BEHIND: return (struct level_place){LEVEL_BEHIND, seconds_of(l->by)};
    default: return (struct level_place){LEVEL_DUE, 0};
  }
}
static bool in_order(struct level_place a, struct level_place b) {
  if (a.side == b.side) return a.rank <= b.rank;
  const bool unknown = a.side <= LEVEL_BEFORE && b.side <= LEVEL_BEFORE;
  return unknown || a.side < b.side;
}
/* An act that leaves the record where it is leaves the clock running. */
static bool stays(const struct record *r, struct str name) {
  const struct act *a = part_find(&r->acts, name);
  return a && a->to.len == 1 && str_eqz(a->to.at[0].state.text, "same");
}
static void check_levels(struct checker *c, const struct record *r, const struct clock *k) {
  struct level_place last = {LEVEL_SHARE, 0};
  bool acted = false;
  vec_each(const struct clock_level, l, &k->levels) {
    struct level said;
    want_clock_act(c, r, l->act);
    if (!level_parse(l->at.text, &said)) {
      struct fault *x = tell(c, FAULT_Y013, l->at, "text", l->at.text);
      x->msg = MSG_declare_level_form;
      continue;
    }
    const struct level_place here = place_of(&said);
    if (acted || !in_order(last, here)) (void)tell(c, FAULT_C003, l->at, NULL, STR(""));
    acted |= has_word(l->act) && !has_expr(&l->when) && !stays(r, l->act.text);
    last = here;
  }
}
static void check_pauses(struct checker *c, const struct record *r, const struct clock *k) {
  const struct clock_pauses *p = k->pauses;
  if (!p) return;
  want_states(c, r, &p->in);
  want_clock_act(c, r, p->then);
  (void)part_refer(c, &r->fields, p->reason, MSG_declare_kind_field);
  const bool lacks_reason = p->in.len && !has_word(p->reason);
  if (!has_word(p->most) || lacks_reason) faults_add(c->f, FAULT_C002, p->head.name.at);
}
static void check_clock(struct checker *c, const struct record *r, const struct clock *k) {
  want_states(c, r, &k->starts);
  want_states(c, r, &k->stops);
  if (has_expr(&k->limit) == has_expr(&k->until)) {
    struct fault *x = tell(c, FAULT_Y005, k->head.name, "part", k->head.name.text);
    (void)fault_arg(x, "key", STR("limit / until"));
  }
  check_pauses(c, r, k);
  check_levels(c, r, k);
}

/* ---- rounds ---- */

static void want_system_act(struct checker *c, const struct record *r, struct word name) {
  const struct act *a = part_refer(c, &r->acts, name, MSG_declare_kind_act);
  if (a && !act_has(a, WHO_SYSTEM)) (void)tell(c, FAULT_F009, name, "act", a->label.text);
}
/* `done: at_least(5)` of a field that takes three. */
static void check_done(struct checker *c, const struct record *r, const struct round *x) {
  const struct expr *done = x->done.tree, *asks = x->asks.tree;
  if (!done || done->kind != EXPR_CALL || !str_eqz(done->text, "at_least") || done->args.len != 1) return;
  const struct field *f = asks && asks->kind == EXPR_NAME ? field_find(r, asks->text) : NULL;
  if (!f || !f->is.most || done->args.at[0]->kind != EXPR_NUMBER) return;
  if (dec_cmp(done->args.at[0]->number, dec_int(f->is.most)) > 0)
    (void)tell(c, FAULT_R002, x->done.word, "done", x->done.word.text);
}
struct opening_of {
  struct checker *c;
  const struct record *r;
  const struct act *a;
};
/* A round over a field that may be empty is opened only under a condition, or by an act that asks for the field. */
static void note_open(void *arg, const struct effect *x) {
  const struct opening_of *o = arg;
  if (!x->open || has_expr(&x->when)) return;
  const struct round *round = part_find(&o->r->rounds, x->open->round.text);
  const struct expr *asks = round ? round->asks.tree : NULL;
  const struct field *f = asks && asks->kind == EXPR_NAME ? field_find(o->r, asks->text) : NULL;
  const bool is_sure = f && (is_yes(f->need) || has_expr(&f->value) || words_have(&o->a->asks, f->head.name.text));
  if (f && !is_sure) (void)tell(o->c, FAULT_R001, x->open->round, NULL, STR(""));
}
static void check_round(struct checker *c, const struct record *r, const struct round *x) {
  (void)part_refer(c, &c->s->roles, x->as, MSG_declare_kind_role);
  want_system_act(c, r, x->then);
  want_system_act(c, r, x->else_);
  if (x->silent.which == SILENT_stop && !r->clocks.len) (void)tell(c, FAULT_R003, x->silent.word, NULL, STR(""));
  check_done(c, r, x);
}

void system_check_clocks(struct checker *c) {
  vec_each(const struct record, r, &c->s->records) {
    vec_each(const struct clock, k, &r->clocks) check_clock(c, r, k);
    vec_each(const struct round, x, &r->rounds) check_round(c, r, x);
    vec_each(const struct act, a, &r->acts) {
      struct opening_of o = {c, r, a};
      effects_walk(&a->does, note_open, &o);
    }
  }
}
