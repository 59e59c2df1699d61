/* Targets: which of an item's numbers are promises, and what they promise.
 *
 * The words of a stretch are walked once, in step with its quantities; `struct before` holds what was seen since the
 * clause, the sentence or the quantity before began. Each quantity then goes through the table `rules` from the top;
 * the first rule that applies decides. */
#include "engine/plan/targets.h"

#include "base/utf8.h"

#define VERB_GROUPS                                                                                                 \
  (LEX_BIT(verb_document) | LEX_BIT(verb_issue) | LEX_BIT(verb_count) | LEX_BIT(verb_state) | LEX_BIT(verb_event) | \
   LEX_BIT(verb_soft) | LEX_BIT(verb_start) | LEX_BIT(verb_use) | LEX_BIT(making_word))
#define MAKING_GROUPS (LEX_BIT(verb_count) | LEX_BIT(verb_event) | LEX_BIT(verb_state))

/* Bytes that may lie between a bound and its number (不低于全省平均水平 5%), and between a verb and its number. */
enum { BOUND_REACH = 36, VERB_REACH = 9 };

/* ---- what stands before a number ---- */

enum every every_of(struct str value) {
  static const struct {
    const char *word;
    enum every every;
  } words[] = {{"every day", EVERY_DAY},         {"every week", EVERY_WEEK}, {"every month", EVERY_MONTH},
               {"every quarter", EVERY_QUARTER}, {"every term", EVERY_TERM}, {"every year", EVERY_YEAR},
               {"every other", EVERY_OTHER}};
  for (size_t i = 0; i < COUNT_OF(words); i++)
    if (str_eqz(value, words[i].word)) return words[i].every;
  return EVERY_NONE;
}

static enum level level_of(struct str value) {
  static const struct {
    const char *word;
    enum level level;
  } words[] = {{"whole", LEVEL_WHOLE},
               {"province_unit", LEVEL_EACH_PROVINCE_UNIT},
               {"district", LEVEL_EACH_DISTRICT},
               {"school", LEVEL_EACH_SCHOOL},
               {"class", LEVEL_EACH_CLASS},
               {"person", LEVEL_EACH_PERSON}};
  for (size_t i = 0; i < COUNT_OF(words); i++)
    if (str_eqz(value, words[i].word)) return words[i].level;
  return LEVEL_NONE;
}

int32_t measure_at(const struct item *it, uint32_t at) {
  size_t lo = 0, hi = it->measures.len;
  while (lo < hi) {
    const size_t mid = lo + (hi - lo) / 2;
    if (it->measures.at[mid].at.end <= at) lo = mid + 1;
    else hi = mid;
  }
  return lo < it->measures.len && it->measures.at[lo].at.at <= at ? (int32_t)lo : NO_INDEX;
}

static void start_sentence(struct walk *w, uint32_t at) { w->b = (struct before){.sentence_at = at}; }

static void start_clause(struct walk *w) {
  struct before *b = &w->b;
  const struct before keep = *b;
  *b = (struct before){.sentence_at = keep.sentence_at,
                       .past = keep.past,
                       .opens_end = keep.opens_end,
                       .totals = keep.totals,
                       .each_at = keep.each_at,
                       .each_index = keep.each_index};
}

/* Moves the clause on to the one of the next quantity or hit. */
static void enter_clause(struct walk *w, uint32_t clause) {
  while (w->clause < clause) {
    const struct quantity_clause *old = &w->reading->clauses.at[w->clause++], *now = old + 1;
    if (now->sentence != old->sentence || old->mark == 0xFF1B || old->mark == ';') {
      const uint32_t opens_end = now->sentence == old->sentence ? w->b.opens_end : 0;
      start_sentence(w, now->at.at);
      w->b.opens_end = opens_end;
    } else {
      start_clause(w);
    }
  }
}

static void see_verb(struct before *b, const struct lex_hit *h, lex_bits groups) {
  if (h->at < b->verb_end) return; /* inside a longer one */
  b->verb_at = h->at;
  b->verb_end = h->at + h->len;
  b->verb_groups = groups;
  b->joint_verb |= (groups & (MAKING_GROUPS | LEX_BIT(making_word))) != 0;
  b->existing_end = 0;
}

static void see_bound(struct before *b, const struct lex_hit *h, lex_bits groups) {
  if (h->at < b->bound_end || (h->at > b->verb_at && h->at < b->verb_end)) return; /* 下达 is no 达 */
  b->bound_at = h->at;
  b->bound_end = h->at + h->len;
  b->bound_exact = (groups & LEX_BIT(bound_exact)) != 0;
  b->bound = groups & LEX_BIT(bound_ge)      ? BOUND_GE
             : groups & LEX_BIT(bound_le)    ? BOUND_LE
             : groups & LEX_BIT(bound_about) ? BOUND_ABOUT
                                             : BOUND_EQ;
}

static void see_time_of_facts(struct walk *w, const struct lex_hit *h, const struct lex_word *word) {
  if (word->groups & LEX_BIT(past_word)) {
    if (str_eqz(lex_value(word, LEX_past_word), "no")) w->mute_past = h->at + h->len;
    else if (h->at >= w->mute_past) w->b.past = true;
  }
  if (!(word->groups & LEX_BIT(present_word))) return;
  w->b.past = false;
  w->b.now = true;
}

static void see_part(struct walk *w, const struct lex_hit *h, const struct lex_word *word) {
  struct before *b = &w->b;
  const struct str value = lex_value(word, LEX_part_word);
  if (h->at < w->mute_part) return; /* the 共 of 公共 */
  if (str_eqz(value, "no")) w->mute_part = h->at + h->len;
  else if (str_eqz(value, "open")) b->opens_end = h->at + h->len;
  else if (str_eqz(value, "total")) b->totals = true;
  else {
    b->each_at = h->at;
    b->each_index = 0;
  }
}

static void see_existing(struct before *b, const struct lex_hit *h, const struct lex_word *word) {
  b->existing_end = h->at + h->len;
  b->existing_soft = str_eqz(lex_value(word, LEX_existing), "soft");
}

static void see_head(struct before *b, const struct lex_hit *h, const struct lex_word *word) {
  if (h->at + h->len == b->head_end) return; /* a longer one ends here too: 目前 */
  b->head_at = h->at;
  b->head_end = h->at + h->len;
  if (str_eqz(lex_value(word, LEX_number_head), "no")) b->head_at = b->head_end;
}

#define SEEN_GROUPS                                                                                                    \
  (VERB_GROUPS | LEX_BIT(bound_ge) | LEX_BIT(bound_le) | LEX_BIT(bound_about) | LEX_BIT(bound_exact) |                 \
   LEX_BIT(level) | LEX_BIT(existing) | LEX_BIT(soften) | LEX_BIT(encourage) | LEX_BIT(explore) | LEX_BIT(past_word) | \
   LEX_BIT(present_word) | LEX_BIT(part_word) | LEX_BIT(number_head) | LEX_BIT(slogan) | LEX_BIT(time_word) |          \
   LEX_BIT(from_word) | LEX_BIT(compare_from) | LEX_BIT(joiner))

/* 每校 says for whom; in 大班额, a longer word of value "no", 班额 does not. */
static void see_level(struct before *b, const struct lex_hit *h, const struct lex_word *word) {
  const struct str value = lex_value(word, LEX_level);
  if (h->at < b->level_end) return;
  b->level_end = h->at + h->len;
  if (!str_eqz(value, "no")) b->level = level_of(value);
}

/* Takes one word into account. Its clause is entered already. */
static void see(struct walk *w, const struct lex_hit *h, const struct lex_word *word) {
  const lex_bits g = lexicon_groups(w->p->options.lexicon, h->word);
  struct before *b = &w->b;
  if (g & VERB_GROUPS) see_verb(b, h, g);
  if (g & (LEX_BIT(bound_ge) | LEX_BIT(bound_le) | LEX_BIT(bound_about) | LEX_BIT(bound_exact))) see_bound(b, h, g);
  if (g & LEX_BIT(level)) see_level(b, h, word);
  if (g & LEX_BIT(existing)) see_existing(b, h, word);
  if (g & LEX_BIT(soften)) b->strength = STRENGTH_STRIVE;
  if (g & LEX_BIT(encourage) && !b->strength) b->strength = STRENGTH_ENCOURAGE;
  if (g & LEX_BIT(explore) && !b->strength) b->strength = STRENGTH_EXPLORE;
  if (g & (LEX_BIT(past_word) | LEX_BIT(present_word))) see_time_of_facts(w, h, word);
  if (g & LEX_BIT(part_word)) see_part(w, h, word);
  if (g & LEX_BIT(number_head)) see_head(b, h, word);
  if (g & LEX_BIT(slogan)) b->slogan_end = h->at + h->len > b->slogan_end ? h->at + h->len : b->slogan_end;
  if (g & LEX_BIT(time_word) && every_of(lex_value(word, LEX_time_word)))
    b->every = every_of(lex_value(word, LEX_time_word));
  if (g & LEX_BIT(compare_from) && !b->compare_at) b->compare_at = h->at + 1;
  if (g & LEX_BIT(from_word)) b->from = (struct span){h->at, h->at + h->len};
  if (g & LEX_BIT(joiner) && h->at >= w->passed && h->at >= b->joint_last.end) {
    b->joint_last = (struct span){h->at, h->at + h->len};
    if (!b->joint_first.end) b->joint_first = b->joint_last;
  }
}

/* A year before the plan's in front of the number makes it a fact: 2024年，全市学位达到3万个. */
static void see_times(struct walk *w, uint32_t until) {
  const int year = w->doc ? w->doc->year : 0;
  for (; w->time < w->it->times.len && w->it->times.at[w->time].at.at < until; w->time++) {
    const struct when *t = &w->it->times.at[w->time];
    if (!year || t->at.at < w->b.sentence_at || date_none(t->to)) continue;
    if (t->to.year >= year) {
      w->b.past = false;
      w->b.now = true;
    } else if (t->kind == TIME_PERIOD && !w->b.now &&
               !lexicon_before(w->p->options.lexicon, w->p->folded, t->at.at, LEX_BIT(compare_from))) {
      w->b.past = true;
    }
  }
}

static void walk_to(struct walk *w, uint32_t until) {
  const lex_hits *hits = &w->p->hits;
  for (; w->hit < hits->len && hits->at[w->hit].at < until; w->hit++) {
    const struct lex_hit *h = &hits->at[w->hit];
    if (!lexicon_hit_in(w->p->options.lexicon, h->word, SEEN_GROUPS)) continue;
    const struct lex_word *word = lexicon_word(w->p->options.lexicon, h->word);
    uint32_t clause = w->clause;
    while (clause + 1 < w->reading->clauses.len && w->reading->clauses.at[clause + 1].at.at <= h->at) clause++;
    enter_clause(w, clause);
    see(w, h, word);
  }
}

/* ---- judging one quantity ---- */

static size_t behind_blanks(struct str text, size_t at) {
  while (at < text.len && text.at[at] == ' ') at++;
  return at;
}

/* A bound of one character (近, 为) or an exact one stands right before its number, a longer one a few words before. */
static bool bound_near(const struct before *b, const struct quantity *q) {
  const bool reaches = b->bound_end - b->bound_at > 3 && b->bound != BOUND_ABOUT && !b->bound_exact;
  return q->at.at - b->bound_end <= (reaches ? BOUND_REACH : 1);
}

/* The bound of its own words: a range, the words behind it, the words before it. */
static enum bound own_bound(const struct before *b, const struct quantity *q, bool *out_bounded) {
  *out_bounded = true;
  if (q->has_max) return BOUND_RANGE;
  if (q->after != BOUND_EQ && !(q->after == BOUND_ABOUT && b->bound_end == q->at.at && b->bound == BOUND_GE))
    return q->after;
  if (b->bound_at < q->at.at && b->bound_end > q->at.at && b->bound != BOUND_EQ) return b->bound; /* 上百名 */
  const uint32_t gap = q->at.at - b->bound_end;
  if (b->bound_end && bound_near(b, q) && b->bound != BOUND_EQ) return b->bound;
  *out_bounded = b->bound_end && b->bound_exact && gap <= 1;
  return BOUND_EQ;
}

static struct look look_at(const struct walk *w, const struct quantity *q) {
  const struct before *b = &w->b;
  struct look l = {.w = w, .b = b, .q = q};
  l.bound = own_bound(b, q, &l.bounded);
  l.exact = l.bound == BOUND_EQ && l.bounded;
  if (l.exact) l.bounded = false;
  const uint32_t words = b->bound_end && b->bound_at > b->verb_at && b->bound_end <= q->at.at ? b->bound_at : q->at.at;
  const bool close = b->verb_end && words >= b->verb_end && words - b->verb_end <= VERB_REACH;
  l.making = close && (b->verb_groups & MAKING_GROUPS);
  l.near = close && (b->verb_groups & (MAKING_GROUPS | LEX_BIT(making_word)));
  const size_t behind = behind_blanks(w->p->folded, q->whole.end);
  if (behind < w->p->folded.len) l.tail = lexicon_at(w->p->options.lexicon, w->p->folded, behind, LEX_BIT(number_tail));
  return l;
}

static bool same_kind_of_unit(const struct quantity *a, const struct quantity *b) {
  return str_eq(a->unit, b->unit) || (a->kind == b->kind && a->kind != QUANTITY_COUNT) ||
         (a->unit.len && str_starts(b->unit, a->unit));
}

/* The next quantity that is no date, NULL when none. */
static const struct quantity *next_amount(const struct walk *w, size_t k) {
  enum { DATES = 3 };
  for (size_t i = k + 1; i < w->reading->quantities.len && i <= k + DATES; i++)
    if (w->reading->quantities.at[i].kind != QUANTITY_ORDINAL) return &w->reading->quantities.at[i];
  return NULL;
}

static bool keep_start(struct walk *w, const struct quantity *q, uint32_t at) {
  w->from = q->value;
  w->from_at = at;
  w->has_from = true;
  return true;
}

/* 从300元提高至650元, 在60%的基础上提高到70%: true for the first, and its value is kept for the next. */
static bool is_start_value(struct walk *w, size_t k) {
  const struct quantity *q = &w->reading->quantities.at[k];
  const struct quantity *next = next_amount(w, k);
  if (!next || next->clause > q->clause + 1 || next->at.at - q->whole.end > 120 || !same_kind_of_unit(q, next))
    return false;
  if (w->b.compare_at && lexicon_at(w->p->options.lexicon, w->p->folded, q->whole.end, LEX_BIT(compare_tail)))
    return keep_start(w, q, w->b.compare_at - 1);
  if (!w->b.from.end || q->kind == QUANTITY_ORDINAL) return false;
  for (size_t h = lex_first(&w->p->hits, q->whole.end); h < w->p->hits.len && w->p->hits.at[h].at < next->at.at; h++) {
    if (lexicon_hit_in(w->p->options.lexicon, w->p->hits.at[h].word, LEX_BIT(to_word) | LEX_BIT(bound_exact)))
      return keep_start(w, q, w->b.from.at);
  }
  return false;
}

/* 不少于10个…，10所…: the bound that stood with the one before may hold here too; 分别 says that it does. */
static void carry_bound(struct walk *w, const struct quantity *q, const struct look *l, struct target *t,
                        uint32_t sentence) {
  const bool follows = w->carried != BOUND_EQ && w->carried_kind == q->kind && !l->b->opens_end &&
                       w->carried_sentence == sentence && !w->b.joint_verb && !l->b->bound_exact;
  if (l->bound != BOUND_EQ) {
    w->carried = l->bound == BOUND_GE || l->bound == BOUND_LE ? l->bound : BOUND_EQ;
    if (q->after != BOUND_EQ) w->carried = BOUND_EQ; /* 8个以上 holds for itself */
    w->carried_sentence = sentence;
    w->carried_kind = q->kind;
  } else if (follows && l->b->each_at) {
    t->bound = w->carried;
  } else if (follows) {
    t->bound_unsure = true;
  } else {
    w->carried = BOUND_EQ;
  }
}

/* 其中 before q; a （含配套园） that closes before q opens nothing. */
static bool opens(const struct walk *w, const struct quantity *q) {
  if (!w->b.opens_end) return false;
  int depth = 0;
  for (size_t i = w->b.opens_end; i < q->at.at;) {
    const uint32_t c = utf8_next(w->p->folded, &i);
    depth += c == '(' || c == 0xFF08 ? 1 : c == ')' || c == 0xFF09 ? -1 : 0;
    if (depth < 0) return false;
  }
  return true;
}

/* The last opening bracket between two quantities, empty when none. */
static struct span bracket_between(const struct walk *w, uint32_t from, uint32_t to) {
  struct span found = {0};
  for (size_t i = from; i < to;) {
    const size_t at = i;
    const uint32_t c = utf8_next(w->p->folded, &i);
    if (c == '(' || c == 0xFF08) found = (struct span){(uint32_t)at, (uint32_t)i};
  }
  return found;
}

/* What parts two quantities of one clause: the bracket that opens between them; the joiner right behind the first
 * (幼儿园37所、小学35所: nouns come first); else the last joiner (10家企业学院、5个基地). Empty when nothing does. */
static struct span joint(const struct walk *w, const struct quantity *a, const struct quantity *b) {
  if (b->depth > a->depth) return bracket_between(w, a->whole.end, b->at.at);
  if (!w->b.joint_first.end) return (struct span){0};
  return w->b.joint_first.at <= a->whole.end + 1 ? w->b.joint_first : w->b.joint_last;
}

/* Where the member of the enumeration that q stands in begins. */
static uint32_t member_start(const struct walk *w, const struct quantity *q, const struct quantity *before) {
  const uint32_t clause = w->reading->clauses.at[q->clause].at.at;
  if (!before || before->clause != q->clause) return clause;
  const struct span j = joint(w, before, q);
  return j.end ? j.end : clause;
}

/* 到2027年、2030年，分别达到80%、95%: the time that belongs to the amount of this index; `last` when there is but one. */
static const struct when *time_of_each(const struct walk *w, const struct when *last) {
  enum { YEARS = 8 };
  const struct when *first = last, *const floor = w->it->times.at;
  if (!w->b.each_at) return last;
  for (int n = 0; n < YEARS && first > floor && first[-1].at.at >= w->b.sentence_at; n++, first--) {
    const struct lex_word *j = lexicon_at(w->p->options.lexicon, w->p->folded, first[-1].at.end, LEX_BIT(joiner));
    if (!j || first[-1].at.end + j->text.len != first->at.at) break;
  }
  return first + w->b.each_index < last ? first + w->b.each_index : last;
}

static int16_t horizon_year(const struct walk *w) {
  if (!w->time) return 0;
  const struct when *t = time_of_each(w, &w->it->times.at[w->time - 1]);
  if (t->at.at < w->b.sentence_at || date_none(t->to) || t->kind == TIME_RECUR || t->inferred) return 0;
  return w->doc && t->to.year > w->doc->year ? t->to.year : 0;
}

/* 分别增长7%、8%左右: a bound behind the last of the amounts holds for each. */
static void spread_bound(struct walk *w, const struct look *l) {
  enum { STEPS = 16 };
  if (!l->b->each_at || l->q->after == BOUND_EQ || l->bound != l->q->after) return;
  for (size_t i = w->made.len, n = 0; i-- > w->counted_base && n < STEPS; n++) {
    const struct made *m = &w->made.at[i];
    if (m->each_at != l->b->each_at || m->q.clause != l->q->clause || m->q.kind != l->q->kind) return;
    if (w->it->targets.at[i].bound != BOUND_EQ) return;
    w->it->targets.at[i].bound = l->bound;
  }
}

static void add_target(struct walk *w, const struct look *l, const struct quantity *before, bool unsure) {
  const struct quantity *q = l->q;
  const struct before *b = l->b;
  const uint32_t sentence = w->sentence_base + w->reading->clauses.at[q->clause].sentence;
  struct target t = {.number_at = q->whole,
                     .value = q->value,
                     .value_max = q->max,
                     .has_max = q->has_max,
                     .unit = q->unit,
                     .bound = l->bound,
                     .strength = b->strength,
                     .level = b->level,
                     .part_of = NO_INDEX,
                     .measure = measure_at(w->it, q->at.at),
                     .has_value = true,
                     .unsure = unsure,
                     .year = horizon_year(w)};
  if (l->bound == BOUND_RANGE) t.bound_unsure = b->bound_end && b->bound == BOUND_GE;
  /* 力争新增4所，6所社区学校: the strength of a measure reaches a clause that has no subject of its own. */
  const uint32_t clause_at = (uint32_t)behind_blanks(w->p->folded, w->reading->clauses.at[q->clause].at.at);
  if (t.measure != NO_INDEX && !t.strength &&
      (w->it->measures.at[t.measure].at.at >= clause_at || q->at.at == clause_at))
    t.strength = w->it->measures.at[t.measure].strength;
  if (w->has_from) {
    t.from = w->from;
    t.has_from = true;
  }
  carry_bound(w, q, l, &t, sentence);
  t.at = (struct span){member_start(w, q, before), q->whole.end};
  t.at.at = (uint32_t)behind_blanks(w->p->folded, t.at.at);
  const bool bound_before = b->bound_end && b->bound_end <= q->at.at && b->bound_at >= t.at.at && bound_near(b, q);
  vec_push(w->scratch, &w->made) = (struct made){.q = *q,
                                                 .sentence = sentence,
                                                 .words_end = w->has_from    ? w->from_at
                                                              : bound_before ? b->bound_at
                                                                             : q->at.at,
                                                 .bound_end = bound_before && !w->has_from ? b->bound_end : 0,
                                                 .opens = opens(w, q),
                                                 .totals = b->totals,
                                                 .own_verb = b->joint_verb,
                                                 .each = b->each_at != 0,
                                                 .each_index = b->each_index,
                                                 .each_at = b->each_at,
                                                 .clause_at = w->reading->clauses.at[q->clause].at.at};
  vec_push(w->p->mem, &w->it->targets) = t;
}

static const struct target_rule *judge(struct walk *w, size_t k, const struct look *l) {
  static const struct target_rule start_value = {"start-value", NULL, VERDICT_NONE};
  const struct target_rule *r = target_rule(l);
  if (r->verdict != VERDICT_NONE && is_start_value(w, k)) return &start_value;
  return r;
}

/* After a quantity, what was between it and the one before is forgotten. */
static void step_over(struct walk *w, bool counted) {
  struct before *b = &w->b;
  b->bound_at = b->bound_end = 0;
  b->bound_exact = false;
  b->bound = BOUND_EQ;
  b->from = (struct span){0};
  b->compare_at = 0;
  b->joint_first = b->joint_last = (struct span){0};
  b->joint_verb = false;
  if (counted) {
    b->opens_end = 0;
    b->totals = false;
  }
  if (b->each_at) b->each_index++;
}

static void finish_last(struct walk *w, const struct quantity *now) {
  if (!w->made.len || w->made.at[w->made.len - 1].words_end == UINT32_MAX) return;
  const struct quantity *last = &w->made.at[w->made.len - 1].q;
  uint32_t end = w->reading->clauses.at[last->clause].at.end;
  if (now && now->clause == last->clause) {
    const struct span j = joint(w, last, now);
    end = j.end ? j.at : now->at.at;
  }
  if (!(now && now->clause == last->clause) && !w->made.at[w->made.len - 1].each_index)
    w->made.at[w->made.len - 1].each = false;
  target_words(w, w->made.len - 1, end < last->whole.end ? last->whole.end : end);
  w->made.at[w->made.len - 1].words_end = UINT32_MAX; /* done */
}

static void judge_quantity(struct walk *w, size_t k) {
  const struct quantity *q = &w->reading->quantities.at[k],
                        *before = w->counted ? &w->reading->quantities.at[w->counted - 1] : NULL;
  walk_to(w, q->at.at);
  enter_clause(w, q->clause);
  see_times(w, q->at.at);
  const struct look l = look_at(w, q);
  const struct target_rule *r = judge(w, k, &l);
  if (w->judged) vec_push(w->scratch, w->judged) = (struct judged){q->at, r->verdict, r->why};
  const bool date = q->kind == QUANTITY_ORDINAL ||
                    ((q->kind == QUANTITY_AGE || q->kind == QUANTITY_EDITION) && r->verdict == VERDICT_NONE);
  if (q->quoted || date) return; /* words of a name, date or age: no border of what is counted */
  finish_last(w, q);
  if (r->verdict != VERDICT_NONE) spread_bound(w, &l);
  if (r->verdict != VERDICT_NONE) add_target(w, &l, before, r->verdict == VERDICT_UNSURE);
  if (r->verdict != VERDICT_NONE) w->has_from = false;
  w->passed = q->whole.end;
  step_over(w, r->verdict != VERDICT_NONE);
  w->counted = k + 1;
}

/* ---- items ---- */

static bool tells_facts(const struct plan *p, struct str title) {
  const struct lexicon *lx = p->options.lexicon;
  for (size_t i = 0; i < title.len;) {
    const struct lex_word *word = lexicon_at(lx, title, i, LEX_BIT(past_section));
    if (word && (i == 0 || str_eqz(lex_value(word, LEX_past_section), "any"))) return true;
    (void)utf8_next(title, &i);
  }
  return false;
}

/* Items of one section follow one another: its title is read for the first of them. */
static bool section_tells_facts(struct walk *w, uint32_t section) {
  if (!w->doc || section >= w->doc->sections.len) return false;
  if (w->section != &w->doc->sections.at[section]) {
    w->section = &w->doc->sections.at[section];
    w->section_facts = tells_facts(w->p, w->section->title);
  }
  return w->section_facts;
}

static void walk_stretch(struct walk *w, size_t index) {
  const struct span stretch = w->it->stretches.at[index];
  w->reading = quantities_of(&w->reader, w->it, index);
  w->hit = lex_first(&w->p->hits, stretch.at);
  w->clause = 0;
  w->counted = 0;
  w->counted_base = w->made.len;
  w->passed = stretch.at;
  w->mute_part = 0;
  w->carried = BOUND_EQ;
  w->has_from = false;
  start_sentence(w, stretch.at);
  while (w->time < w->it->times.len && w->it->times.at[w->time].at.at < stretch.at) w->time++;
  for (size_t k = 0; k < w->reading->quantities.len; k++) judge_quantity(w, k);
  finish_last(w, NULL);
  duties_of_stretch(w, stretch);
  w->sentence_base += (uint32_t)w->reading->clauses.len;
}

/* The buffers of w are used again from item to item. */
static void walk_item(struct walk *w, struct item *it) {
  w->it = it;
  w->made.len = 0;
  w->soft.len = 0;
  w->sentence_base = 0;
  w->mute_past = 0;
  w->time = 0;
  w->facts = section_tells_facts(w, it->section) || tells_facts(w->p, it->title);
  for (size_t i = 0; i < it->stretches.len; i++) walk_stretch(w, i);
  target_parts(w);
  soft_targets(w);
}

void targets_of_item(const struct plan *p, const struct document *doc, struct item *it, struct arena *scratch,
                     judged_list *judged) {
  struct walk w = {.p = p, .doc = doc, .scratch = scratch, .reader = {.p = p, .scratch = scratch}, .judged = judged};
  walk_item(&w, it);
}

void plan_targets(struct plan *p) {
  AUTO_ARENA scratch = {0};
  struct walk w = {.p = p, .scratch = &scratch, .reader = {.p = p, .scratch = &scratch}};
  vec_each(struct document, doc, &p->documents) {
    w.doc = doc;
    vec_each(struct item, it, &doc->items) walk_item(&w, it);
  }
}
