/* The states as a graph: what is never reached, what has no way out, which clock cannot stop, which acts trigger one
 * another for ever. Reachability follows declared ways only; what a guard allows is not judged, so that a fault told here is
 * one for every record. States are at most 64, so sets of them are bits. */
#include "declare/check.h"
#include "texts.h"

enum { STATES_MOST = 64 };
typedef uint64_t states;

struct flow {
  struct checker *c;
  const struct record *r;
  states end;
};

static states bit(size_t i) { return i < STATES_MOST ? (states)1 << i : 0; }
static states state_bit(const struct record *r, struct str name) {
  const struct state *s = part_find(&r->states, name);
  return s ? bit((size_t)(s - r->states.at)) : 0;
}
static states states_of(const struct record *r, const words *names) {
  states out = 0;
  vec_each(const struct word, w, names) out |= state_bit(r, w->text);
  return out;
}
/* Where an act may lead from these states. */
static states targets(const struct record *r, const struct act *a, states from) {
  states out = 0;
  vec_each(const struct act_case, x, &a->to) {
    if (str_eqz(x->state.text, "same")) out |= from;
    else if (str_eqz(x->state.text, "back")) out |= states_of(r, &a->back);
    else out |= state_bit(r, x->state.text);
  }
  return out;
}
/* All states that are reached from these, themselves among them. */
static states reach(const struct record *r, states from) {
  for (states before = 0; before != from;) {
    before = from;
    vec_each(const struct act, a, &r->acts) {
      const states leaves = states_of(r, &a->from) & from;
      if (leaves) from |= targets(r, a, leaves);
    }
  }
  return from;
}
static states first_states(const struct record *r) {
  states out = 0;
  vec_each(const struct act, a, &r->acts)
    if (words_have(&a->from, STR("start"))) out |= targets(r, a, 0);
  return out;
}

/* ---- acts that something other than a person does ---- */

struct trigger {
  const struct system *s;
  struct str act; /* looked for */
  bool found;
};
static void note_trigger(void *arg, const struct effect *x) {
  struct trigger *t = arg;
  t->found |= (x->do_ && str_eq(x->do_->act.text, t->act)) || (x->create && str_eq(x->create->act.text, t->act));
}
static void triggers_of_record(struct trigger *t, const struct record *r) {
  vec_each(const struct act, a, &r->acts) effects_walk(&a->does, note_trigger, t);
  vec_each(const struct state, x, &r->states) effects_walk(&x->enter, note_trigger, t);
  vec_each(const struct round, x, &r->rounds) t->found |= str_eq(x->then.text, t->act) || str_eq(x->else_.text, t->act);
  vec_each(const struct clock, x, &r->clocks)
    vec_each(const struct clock_level, l, &x->levels) effects_walk(&l->does, note_trigger, t);
}
static bool is_triggered(const struct system *s, const struct act *a) {
  struct trigger t = {s, a->head.name.text, false};
  if (!act_has(a, WHO_SYSTEM) || !t.act.len) return false;
  vec_each(const struct record, r, &s->records) triggers_of_record(&t, r);
  vec_each(const struct message, m, &s->messages) effects_walk(&m->does, note_trigger, &t);
  return t.found;
}
static bool can_happen(const struct system *s, const struct act *a) { return act_by_itself(a) || is_triggered(s, a); }

/* ---- states ---- */

static void check_state(struct flow *w, size_t i, states reached) {
  const struct state *s = &w->r->states.at[i];
  size_t out = 0, dead_ends = 0;
  vec_each(const struct act, a, &w->r->acts) {
    if (!words_have(&a->from, s->head.name.text)) continue;
    const states to = targets(w->r, a, bit(i)) & ~bit(i);
    out += to && can_happen(w->c->s, a);
    dead_ends += to && !(to & ~w->end);
  }
  const struct str label = s->label.text;
  if (!(reached & bit(i))) (void)tell(w->c, FAULT_F001, s->head.name, "name", label);
  if (!out && !is_yes(s->end)) (void)tell(w->c, FAULT_F002, s->head.name, "name", label);
  if (!is_yes(s->end) || !dead_ends) return;
  struct fault *x = tell(w->c, FAULT_F010, s->head.name, "name", label);
  (void)fault_arg(x, "n", str_int(w->c->mem, (int64_t)dead_ends));
}

/* ---- clocks ---- */

static void check_clock(struct flow *w, const struct clock *k) {
  const states stops = states_of(w->r, &k->stops) | w->end;
  vec_each(const struct word, start, &k->starts) {
    const states from = state_bit(w->r, start->text);
    if (!from || (reach(w->r, from) & stops)) continue;
    const struct state *s = part_find(&w->r->states, start->text);
    (void)fault_arg(tell(w->c, FAULT_C001, k->head.name, "name", k->label.text), "state", s->label.text);
  }
}

/* ---- acts that trigger acts ---- */

enum { TRIGGER_DEPTH_MOST = 6, TRIGGER_ACTS_MOST = 2048 };
struct walk {
  struct checker *c;
  const struct act *path[TRIGGER_DEPTH_MOST + 2];
  size_t depth;
  bool told;
  size_t steps;
};
static void follow(struct walk *w, const struct record *r, const struct act *a);

struct following {
  struct walk *w;
  const struct record *r;
};
static void follow_effect(void *arg, const struct effect *x) {
  const struct following *o = arg;
  if (x->create) {
    const struct record *r = part_find(&o->w->c->s->records, x->create->record.text);
    if (r) follow(o->w, r, part_find(&r->acts, x->create->act.text));
  }
  if (!x->do_) return;
  bool several;
  const struct record *r;
  const struct act *a = act_done(o->w->c->s, o->r, x->do_, &several, &r);
  if (a) follow(o->w, r, a);
}
static void tell_circle(struct walk *w, const struct act *a) {
  AUTO_BUF text = BUF_MAX(4 << 10);
  for (size_t i = 0; i < w->depth; i++) buf_fmt(&text, STRF " → ", STRA(w->path[i]->head.name.text));
  buf_str(&text, a->head.name.text);
  (void)tell(w->c, FAULT_F011, w->path[0]->head.name, "path", str_dup(w->c->mem, buf_view(&text)));
  w->told = true;
}
static void follow(struct walk *w, const struct record *r, const struct act *a) {
  struct following o = {w, r};
  if (!a || w->told || w->steps++ > TRIGGER_ACTS_MOST) return;
  bool again = w->depth > TRIGGER_DEPTH_MOST;
  for (size_t i = 0; i < w->depth; i++) again |= w->path[i] == a;
  if (again) {
    if (w->path[0] == a || w->depth > TRIGGER_DEPTH_MOST) tell_circle(w, a);
    return;
  }
  w->path[w->depth++] = a;
  effects_walk(&a->does, follow_effect, &o);
  for (size_t i = 0; i < r->states.len; i++)
    if (targets(r, a, 0) & bit(i)) effects_walk(&r->states.at[i].enter, follow_effect, &o);
  w->depth--;
}

void system_check_flow(struct checker *c) {
  vec_each(const struct record, r, &c->s->records) {
    struct flow w = {c, r, 0};
    if (!r->states.len) continue;
    for (size_t i = 0; i < r->states.len; i++) w.end |= is_yes(r->states.at[i].end) ? bit(i) : 0;
    const states reached = reach(r, first_states(r));
    for (size_t i = 0; i < r->states.len && i < STATES_MOST; i++) check_state(&w, i, reached);
    vec_each(const struct clock, k, &r->clocks) check_clock(&w, k);
    vec_each(const struct act, a, &r->acts) {
      struct walk t = {.c = c};
      follow(&t, r, a);
    }
  }
}
