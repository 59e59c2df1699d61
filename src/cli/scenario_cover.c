/* What the stories of a package touched, and what they never did. Acts and states are read from the events of the store when the
 * story is over, levels of clocks, ends of rounds and flows that were released from what they left in its tables, checks and guards from
 * the sentences with which the server refused. */
#include "cli/scenario.h"
#include "declare/check.h"

static void touch(struct coverage *c, struct str what) {
  vec_each(const struct str, s, &c->touched)
    if (str_eq(*s, what)) return;
  vec_push(c->mem, &c->touched) = str_dup(c->mem, what);
}
static bool is_touched(const struct coverage *c, struct str what) {
  vec_each(const struct str, s, &c->touched)
    if (str_eq(*s, what)) return true;
  return false;
}
/* "act visit.note", and "case visit.note solved" for an act with several ends. */
static void touch_event(void *arg, struct str name, struct str act, struct str to) {
  struct play *p = arg;
  struct str system, record;
  if (!str_cut(name, STR("."), &system, &record) || !str_eq(system, p->packages[0].name)) return;
  touch(p->coverage, str_fmt(p->mem, "act " STRF "." STRF, STRA(record), STRA(act)));
  touch(p->coverage, str_join(p->mem, STR("record "), record));
  if (to.len) touch(p->coverage, str_fmt(p->mem, "case " STRF "." STRF " " STRF, STRA(record), STRA(act), STRA(to)));
}
static void touch_refusals(struct play *p) {
  vec_each(const struct touch, t, &p->refusals)
    vec_each(const struct record, r, &p->packages[0].system->records) {
      vec_each(const struct check, c, &r->checks)
        if (str_eq(t->says, c->says.text))
          touch(p->coverage, str_fmt(p->mem, "check " STRF "." STRF, STRA(r->head.name.text), STRA(c->id.text)));
      vec_each(const struct act, a, &r->acts)
        if (has_word(a->says) && str_eq(t->says, a->says.text))
          touch(p->coverage, str_fmt(p->mem, "guard " STRF "." STRF, STRA(r->head.name.text), STRA(a->head.name.text)));
    }
}
/* "visit" of "pairs.visit"; false: of another package. */
static bool own_record(const struct play *p, struct str name, struct str *out) {
  struct str system;
  return str_cut(name, STR("."), &system, out) && str_eq(system, p->packages[0].name);
}
static void touch_fired(struct play *p, struct str record, struct str clock, struct str said) {
  const struct record *r = part_find(&p->packages[0].system->records, record);
  const struct clock *c = r ? part_find(&r->clocks, clock) : NULL;
  int64_t bits = 0;
  if (!c || !str_to_int(said, &bits)) return;
  for (size_t i = 0; i < c->levels.len; i++)
    if (bits >> i & 1)
      touch(p->coverage,
            str_fmt(p->mem, "level " STRF "." STRF " " STRF, STRA(record), STRA(clock), STRA(c->levels.at[i].at.text)));
}
static void touch_mark(void *arg, struct str kind, struct str name, struct str part, struct str what) {
  struct play *p = arg;
  struct str record;
  if (str_eqz(kind, "notice") || str_eqz(kind, "message")) {
    const struct str own = str_fmt(p->mem, "/s/" STRF "/", STRA(p->packages[0].name));
    if (str_eqz(kind, "notice") && str_starts(name, own)) touch(p->coverage, STR("notify"));
    if (str_eqz(kind, "message") && str_eq(name, p->packages[0].name))
      touch(p->coverage, str_fmt(p->mem, "message " STRF, STRA(part)));
    return;
  }
  if (str_eqz(name, "task.task")) touch(p->coverage, STR("task"));
  if (!own_record(p, name, &record)) return;
  if (str_eqz(kind, "fired")) return touch_fired(p, record, part, what);
  if (str_eqz(kind, "paper")) return touch(p->coverage, str_fmt(p->mem, "paper " STRF, STRA(part)));
  touch(p->coverage, str_fmt(p->mem, STRF " " STRF "." STRF "%s" STRF, STRA(kind), STRA(record), STRA(part),
                             what.len ? " " : "", STRA(what)));
}
void cover_path(struct play *p, struct str path) {
  static const char *const kinds[][2] = {{"/measures/", "measure"}, {"/public/", "page"}};
  for (size_t i = 0; p->coverage && i < COUNT_OF(kinds); i++) {
    struct str head, name, rest;
    if (!str_cut(path, str_of(kinds[i][0]), &head, &name)) continue;
    (void)str_cut(name, STR("?"), &name, &rest);
    touch(p->coverage, str_fmt(p->mem, "%s " STRF, kinds[i][1], STRA(name)));
  }
}
void cover_story(struct play *p) {
  struct err e = {0};
  if (!p->coverage) return;
  touch_refusals(p);
  if (!story_events(p->stage->where, touch_event, p, &e) || !story_marks(p->stage->where, touch_mark, p, &e))
    return; /* what was not read is untouched, which will be said */
}

static void want(const struct coverage *c, str_vec *out, struct str what) {
  if (!is_touched(c, what)) vec_push(c->mem, out) = what;
}
static void want_act(const struct coverage *c, const struct record *r, const struct act *a, str_vec *out) {
  const struct str record = r->head.name.text, act = a->head.name.text;
  want(c, out, str_fmt(c->mem, "act " STRF "." STRF, STRA(record), STRA(act)));
  for (size_t i = 0; a->to.len > 1 && i < a->to.len; i++)
    want(c, out,
         str_fmt(c->mem, "case " STRF "." STRF " " STRF, STRA(record), STRA(act), STRA(a->to.at[i].state.text)));
  if (has_word(a->says)) want(c, out, str_fmt(c->mem, "guard " STRF "." STRF, STRA(record), STRA(act)));
}
static void want_clock(const struct coverage *c, const struct record *r, const struct clock *k, str_vec *out) {
  vec_each(const struct clock_level, l, &k->levels)
    want(c, out,
         str_fmt(c->mem, "level " STRF "." STRF " " STRF, STRA(r->head.name.text), STRA(k->head.name.text),
                 STRA(l->at.text)));
}
static void want_round(const struct coverage *c, const struct record *r, const struct round *x, str_vec *out) {
  static const char *const ends[] = {"done", "failed"};
  const bool may_fail = has_expr(&x->fails) || has_word(x->else_);
  for (int i = 0; i < 1 + may_fail; i++)
    want(c, out,
         str_fmt(c->mem, "end " STRF "." STRF " %s", STRA(r->head.name.text), STRA(x->head.name.text), ends[i]));
}
/* A release was used when what it leads to came about: a value in the field, a record of that kind, a notice, a paper, a message … */
static void want_release(const struct coverage *c, const struct release *x, str_vec *out) {
  struct str kind = x->to.text, name = {0};
  (void)str_cut(x->to.text, STR(" "), &kind, &name);
  const bool is_record = str_eqz(kind, "state") || str_eqz(kind, "create");
  const struct str led = is_record                                          ? str_join(c->mem, STR("record "), name)
                         : str_eqz(kind, "notify") || str_eqz(kind, "task") ? kind
                                                                            : x->to.text;
  if (!is_touched(c, led)) vec_push(c->mem, out) = str_join(c->mem, STR("release "), x->id.text);
}
void cover_untouched(const struct coverage *c, const struct system *s, str_vec *out) {
  for (size_t i = 0; s->privacy && i < s->privacy->releases.len; i++) want_release(c, &s->privacy->releases.at[i], out);
  vec_each(const struct record, r, &s->records) {
    vec_each(const struct act, a, &r->acts) want_act(c, r, a, out);
    vec_each(const struct clock, k, &r->clocks) want_clock(c, r, k, out);
    vec_each(const struct round, x, &r->rounds) want_round(c, r, x, out);
    vec_each(const struct check, x, &r->checks)
      want(c, out, str_fmt(c->mem, "check " STRF "." STRF, STRA(r->head.name.text), STRA(x->id.text)));
  }
}
