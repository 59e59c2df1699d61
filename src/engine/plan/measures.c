/* Measures: the clauses of an item that say what will be done, each with its main verb, object, class and strength.
 *
 * The main verb is the first verb of the clause that stands at its beginning or behind an adverb; failing that, the first
 * verb at all. Adverbs are passed over (持续深入推进 -> 推进), verbs of one kind that touch are one (研制出台). A clause
 * without a verb goes on with the one before it in the sentence (新增A10所，B5所). Softening words set the strength. */
#include "base/utf8.h"
#include "engine/plan/phrase.h"

#define LEX_STRENGTH (LEX_BIT(soften) | LEX_BIT(encourage) | LEX_BIT(explore))
#define LEX_JOINING (LEX_BIT(verb_document) | LEX_BIT(verb_basis) | LEX_BIT(verb_use))
enum { TOKENS_MAX = 48 };

static const struct {
  lex_bits group;
  enum verb_class verb_class;
} classes[] = {
    /* in order of what a word that stands in several groups is taken for */
    {LEX_BIT(verb_document), VERB_DOCUMENT}, {LEX_BIT(verb_count), VERB_COUNT}, {LEX_BIT(verb_state), VERB_STATE},
    {LEX_BIT(verb_event), VERB_EVENT},       {LEX_BIT(verb_start), VERB_START}, {LEX_BIT(verb_soft), VERB_SOFT},
    {LEX_BIT(verb_basis), VERB_BASIS},       {LEX_BIT(verb_use), VERB_SOFT},    {LEX_STRENGTH, VERB_SOFT},
};

static enum verb_class class_of(lex_bits groups) {
  for (size_t i = 0; i < COUNT_OF(classes); i++)
    if (groups & classes[i].group) return classes[i].verb_class;
  return VERB_NONE;
}

static enum strength strength_of(lex_bits groups) {
  if (groups & LEX_BIT(explore)) return STRENGTH_EXPLORE;
  if (groups & LEX_BIT(encourage)) return STRENGTH_ENCOURAGE;
  if (groups & LEX_BIT(soften)) return STRENGTH_STRIVE;
  return STRENGTH_HARD;
}

struct clause_words {
  struct token at[TOKENS_MAX];
  size_t len;
};

static void read_words(const struct plan *p, struct span clause, struct clause_words *out) {
  struct word_walk w = word_walk(p, clause, LEX_VERBS | LEX_STRENGTH | LEX_BIT(adverb));
  out->len = 0;
  while (out->len < TOKENS_MAX && word_next(&w, &out->at[out->len])) out->len++;
}

static bool touches(const struct clause_words *w, size_t i) {
  return i + 1 < w->len && w->at[i].at.end == w->at[i + 1].at.at;
}

/* A word that only says how, or how firmly, when a verb follows it. */
static bool passes_on(const struct clause_words *w, size_t i) {
  const lex_bits g = w->at[i].groups;
  if (!(g & LEX_VERBS) && !(g & LEX_STRENGTH)) return true;
  if (g & LEX_BIT(encourage)) return i + 1 < w->len; /* 鼓励高校开设…: the verb of those who are encouraged */
  return (g & (LEX_BIT(adverb) | LEX_STRENGTH)) && touches(w, i);
}

/* Index of the main verb; w->len when the clause has none. Raises *io_groups by what was passed over. */
static size_t main_verb(const struct clause_words *w, uint32_t start, lex_bits *io_groups) {
  size_t first = w->len;
  bool led = w->len && w->at[0].at.at == start;
  for (size_t i = 0; i < w->len; i++) {
    if (passes_on(w, i)) {
      *io_groups |= w->at[i].groups & LEX_STRENGTH;
      led = touches(w, i) || (w->at[i].groups & LEX_STRENGTH);
      continue;
    }
    if (led) return i;
    if (first == w->len) first = i;
  }
  return first;
}

static uint32_t verb_end(const struct clause_words *w, size_t verb) {
  size_t i = verb;
  while (touches(w, i) && (w->at[i].groups & LEX_JOINING) && (w->at[i + 1].groups & LEX_JOINING)) i++;
  return w->at[i].at.end;
}

static void add_measure(struct plan *p, struct item *it, struct span clause, const struct clause_words *w, size_t verb,
                        lex_bits strength) {
  const struct span verb_at = {w->at[verb].at.at, verb_end(w, verb)};
  const struct span object_at = span_trim(p, (struct span){verb_at.end, clause.end});
  const lex_bits own = strength ? strength : w->at[verb].groups & LEX_STRENGTH & ~LEX_VERBS;
  vec_push(p->mem, &it->measures) = (struct measure){.at = clause,
                                                     .verb_at = verb_at,
                                                     .object_at = object_at,
                                                     .verb = plan_text(p, verb_at),
                                                     .object = plan_text(p, object_at),
                                                     .verb_class = class_of(w->at[verb].groups),
                                                     .strength = strength_of(own)};
}

static void stretch_measures(struct plan *p, struct item *it, struct span stretch) {
  struct clause clause;
  bool carries_on = false; /* a measure stands open in this sentence */
  for (uint32_t at = stretch.at; clause_next(p, stretch, &at, &clause);) {
    struct clause_words w;
    lex_bits strength = 0;
    read_words(p, clause.at, &w);
    const size_t verb = main_verb(&w, clause.at.at, &strength);
    if (verb < w.len) {
      add_measure(p, it, clause.at, &w, verb, strength);
      carries_on = true;
    } else if (carries_on) {
      struct measure *m = &vec_last(&it->measures);
      m->at.end = m->object_at.end = clause.at.end;
      m->object = plan_text(p, m->object_at);
    }
    if (clause.mark == MARK_STOP) carries_on = false;
  }
}

void plan_measures(struct plan *p) {
  vec_each(struct document, d, &p->documents)
    vec_each(struct item, it, &d->items)
      vec_each(const struct span, s, &it->stretches) stretch_measures(p, it, *s);
}
