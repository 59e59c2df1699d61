/* What an item becomes when it is handed out. A measure is a task when its verb asks for something; facts go to the task of their
 * measure, what belongs to none stays with the item. */
#include "engine/plan/assign.h"
#include "base/utf8.h"

static const char *const by_words[ASSIGN_BY_COUNT] = {"item", "measure"};
const char *assign_by_word(enum assign_by by) { return by_words[by]; }
bool assign_by_of(struct str word, enum assign_by *out) {
  for (int i = 0; i < ASSIGN_BY_COUNT; i++)
    if (str_eqz(word, by_words[i])) return *out = (enum assign_by)i, true;
  return false;
}

static struct str cut(struct arena *mem, struct str s, int most) {
  size_t i = 0;
  for (int n = 0; i < s.len && n < most; n++) i += utf8_len(s, i);
  if (i == s.len) return s;
  return str_fmt(mem, STRF "…", STRA(str_slice(s, 0, utf8_back(s, i))));
}
/* What the title says is the item itself. */
static bool is_work(const struct item *it, const struct measure *m) {
  const bool in_title = m->at.at >= it->title_at.at && m->at.at < it->title_at.end;
  return !in_title && m->verb_class != VERB_NONE && m->verb_class != VERB_BASIS;
}
size_t assign_measures(const struct item *it) {
  size_t n = 1;
  vec_each(const struct measure, m, &it->measures) n += is_work(it, m);
  return n > 2 ? n : 1;
}
static struct str title_of(struct arena *mem, const struct plan *p, const struct item *it) {
  const struct str body = plan_item_text(mem, p, it);
  const struct str title = it->title.len ? it->title : body;
  return cut(mem, title, ASSIGN_TITLE_CHARS);
}
static struct assign_task whole(struct arena *mem, const struct plan *p, const struct item *it) {
  struct assign_task t = {.measure = NO_INDEX, .title = title_of(mem, p, it), .due = it->due};
  bool all_events = it->measures.len > 0;
  t.words = cut(mem, plan_item_text(mem, p, it), ASSIGN_WORDS_CHARS);
  vec_each(const struct measure, m, &it->measures) all_events &= m->verb_class == VERB_EVENT;
  t.is_event = all_events;
  return t;
}
static struct assign_task part(struct arena *mem, const struct plan *p, const struct item *it, int32_t at,
                               const struct when *own) {
  const struct measure *m = &it->measures.at[at];
  const struct str words = str_trim(plan_text(p, m->at));
  return (struct assign_task){.measure = at,
                              .title = cut(mem, words, ASSIGN_TITLE_CHARS),
                              .words = cut(mem, words, ASSIGN_WORDS_CHARS),
                              .due = own ? *own : it->due,
                              .is_event = m->verb_class == VERB_EVENT};
}
static bool counts(const struct target *t) { return t->has_value && !t->unsure; }
/* The tasks of an item, and which of them each measure is. */
struct shared {
  assign_tasks *tasks;
  uint32_t *of_measure;
};
static struct assign_task *task_of(const struct shared *s, int32_t measure) {
  return &s->tasks->at[measure == NO_INDEX ? 0 : s->of_measure[measure]];
}
/* The date that the words of each measure give; NULL where they give none. */
static const struct when **own_dates(struct arena *mem, const struct item *it) {
  const struct when **at = arena_new_n(mem, const struct when *, it->measures.len + 1);
  vec_each(const struct when, w, &it->times)
    if (w->kind == TIME_DUE && w->measure != NO_INDEX && !at[w->measure]) at[w->measure] = w;
  return at;
}
/* Totals first: a part stands with its total, behind it. */
static void share_targets(struct arena *mem, const struct item *it, const struct shared *s) {
  for (size_t i = 0; i < it->targets.len; i++) {
    const struct target *t = &it->targets.at[i];
    if (counts(t) && t->part_of < 0) vec_push(mem, &task_of(s, t->measure)->targets) = (int32_t)i;
  }
  for (size_t i = 0; i < it->targets.len; i++) {
    const struct target *t = &it->targets.at[i];
    const bool is_part = counts(t) && t->part_of >= 0;
    if (is_part) vec_push(mem, &task_of(s, it->targets.at[t->part_of].measure)->targets) = (int32_t)i;
  }
}
void assign_item(struct arena *mem, const struct plan *p, const struct item *it, enum assign_by by, assign_tasks *out) {
  const struct shared s = {out, arena_new_n(mem, uint32_t, it->measures.len + 1)};
  const struct when **dates = own_dates(mem, it);
  *out = (assign_tasks){0};
  vec_push(mem, out) = whole(mem, p, it);
  for (size_t i = 0; by == ASSIGN_MEASURE && assign_measures(it) > 1 && i < it->measures.len; i++) {
    if (!is_work(it, &it->measures.at[i])) continue;
    s.of_measure[i] = (uint32_t)out->len;
    vec_push(mem, out) = part(mem, p, it, (int32_t)i, dates[i]);
  }
  share_targets(mem, it, &s);
  for (size_t i = 0; i < it->deliverables.len; i++) {
    const struct deliverable *d = &it->deliverables.at[i];
    if (d->is_new && !d->unsure && d->stage != STAGE_BASIS)
      vec_push(mem, &task_of(&s, d->measure)->results) = (int32_t)i;
  }
}
struct str assign_source(struct arena *mem, const struct plan *p, const struct document *d, const struct item *it) {
  const struct str head = d->number.text.len ? d->number.text : d->title.text;
  return str_fmt(mem, STRF STRF STRF, STRA(head), STRA(plan_item_number(mem, p, it)), STRA(it->title));
}
