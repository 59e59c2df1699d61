/* What the stories of a package touched, and what they never did. Acts and states are read from the events of the store when the
 * story is over, checks and guards from the sentences with which the server refused. */
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
void cover_story(struct play *p) {
  struct err e = {0};
  if (!p->coverage) return;
  touch_refusals(p);
  if (!story_events(p->stage->where, touch_event, p, &e)) return; /* all is untouched then, which will be said */
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
void cover_untouched(const struct coverage *c, const struct system *s, str_vec *out) {
  vec_each(const struct record, r, &s->records) {
    vec_each(const struct act, a, &r->acts) want_act(c, r, a, out);
    vec_each(const struct check, x, &r->checks)
      want(c, out, str_fmt(c->mem, "check " STRF "." STRF, STRA(r->head.name.text), STRA(x->id.text)));
  }
}
