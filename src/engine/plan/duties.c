/* Duties (每学期不少于2次), universals (全覆盖, 每个县都有), comparisons (不低于当地公务员平均工资) and aims without a measure
 * (明显提高).
 *
 * All four hang on words of the lexicon; the words of a stretch are walked once beside its clauses and quantities.
 * A clause gives at most one duty and one universal. */
#include "base/utf8.h"
#include "engine/plan/targets.h"

#define BOUNDS (LEX_BIT(bound_ge) | LEX_BIT(bound_le) | LEX_BIT(bound_about))

enum { CLAUSE_MAX = 600 }; /* bytes of a clause that a fact keeps */

struct pass {
  struct walk *w;
  struct span stretch;
  size_t hit, quantity, book;
};

static const struct lex_word *word_of(const struct walk *w, const struct lex_hit *h) {
  return lexicon_word(w->p->options.lexicon, h->word);
}

static struct span clipped(const struct walk *w, struct span at) {
  if (span_len(at) <= CLAUSE_MAX) return at;
  at.end = at.at + CLAUSE_MAX;
  while (at.end > at.at && ((unsigned char)w->p->folded.at[at.end] & 0xC0) == 0x80) at.end--;
  return at;
}

/* The text between two places without blanks and quotes at its ends. */
static struct str trimmed_text(const struct walk *w, uint32_t from, uint32_t to) {
  struct str s = str_trim(plan_text(w->p, clipped(w, (struct span){from, to})));
  for (uint32_t c = utf8_at(s, 0); c == 0x201C || c == 0x201D; c = utf8_at(s, 0)) s = str_trim(str_from(s, 3));
  while (s.len >= 3 && (str_ends(s, STR("“")) || str_ends(s, STR("”")))) s = str_trim(str_slice(s, 0, s.len - 3));
  return s;
}

#define VERBS                                                                                                 \
  (LEX_BIT(verb_count) | LEX_BIT(verb_state) | LEX_BIT(verb_event) | LEX_BIT(verb_soft) | LEX_BIT(verb_use) | \
   LEX_BIT(verb_start) | LEX_BIT(adverb) | LEX_BIT(soften) | LEX_BIT(encourage) | LEX_BIT(explore))

/* ---- duties ---- */

static bool is_counting(const struct quantity *q, enum every every) {
  if (q->kind == QUANTITY_TIMES || q->kind == QUANTITY_EDITION) return true;
  return (q->kind == QUANTITY_COUNT || q->kind == QUANTITY_SPAN || q->kind == QUANTITY_LESSON) && every != EVERY_YEAR &&
         every != EVERY_OTHER;
}

static enum bound bound_before(const struct walk *w, const struct quantity *q) {
  size_t lo = 0, hi = w->made.len;
  while (lo < hi) {
    const size_t mid = lo + (hi - lo) / 2;
    if (w->made.at[mid].q.at.at < q->at.at) lo = mid + 1;
    else hi = mid;
  }
  if (lo < w->made.len && w->made.at[lo].q.at.at == q->at.at) return w->it->targets.at[lo].bound;
  if (q->has_max) return BOUND_RANGE;
  if (q->after != BOUND_EQ) return q->after;
  const struct lex_word *b = lexicon_before(w->p->options.lexicon, w->p->folded, q->at.at, BOUNDS);
  if (!b) return BOUND_EQ;
  return b->groups & LEX_BIT(bound_ge) ? BOUND_GE : b->groups & LEX_BIT(bound_le) ? BOUND_LE : BOUND_ABOUT;
}

/* 第1个月. */
static bool says_which(const struct walk *w, const struct quantity *q) {
  const struct lex_word *head = lexicon_before(w->p->options.lexicon, w->p->folded, q->at.at, LEX_BIT(number_head));
  return head && str_eqz(lex_value(head, LEX_number_head), "which");
}

/* The clause holds 每…; its first counting quantity behind that says how often. */
static void add_duty(struct pass *p, const struct quantity_clause *c, const struct lex_hit *every_hit, enum every every,
                     bool has_verb) {
  struct walk *w = p->w;
  const struct quantity *how_often = NULL;
  bool sum = false; /* 每生每年1000元 is the measure of a sum, no duty */
  for (size_t k = p->quantity; k < w->reading->quantities.len && w->reading->quantities.at[k].at.at < c->at.end; k++) {
    const struct quantity *q = &w->reading->quantities.at[k];
    if (q->at.at < every_hit->at || q->quoted || says_which(w, q)) continue;
    sum |= q->kind == QUANTITY_MONEY || q->kind == QUANTITY_SHARE;
    if (!is_counting(q, every)) continue;
    how_often = q;
    break;
  }
  if (!how_often && (sum || (!has_verb && (every == EVERY_YEAR || every == EVERY_OTHER)))) return;
  if (!how_often && c->at.end - (every_hit->at + every_hit->len) < 6) return;
  struct duty d = {.at = clipped(w, c->at), .every = every, .measure = measure_at(w->it, every_hit->at)};
  const uint32_t behind = every_hit->at + every_hit->len;
  if (how_often) {
    d.count = how_often->value;
    d.has_count = true;
    d.bound = bound_before(w, how_often);
    d.what = trimmed_text(w, how_often->whole.end, c->at.end);
    const struct lex_word *bound = lexicon_before(w->p->options.lexicon, w->p->folded, how_often->at.at, BOUNDS);
    if (!d.what.len) d.what = trimmed_text(w, behind, how_often->at.at - (uint32_t)(bound ? bound->text.len : 0));
  } else {
    d.what = trimmed_text(w, behind, c->at.end);
  }
  vec_push(w->p->mem, &w->it->duties) = d;
}

/* ---- universals ---- */

struct seen {
  const struct lex_hit *each, *cover, *both;
};

static void add_universal(struct pass *p, const struct quantity_clause *c, const struct seen *s) {
  struct walk *w = p->w;
  struct universal u = {.at = clipped(w, c->at)};
  if (s->each && s->both && s->both->at > s->each->at) {
    u.list = trimmed_text(w, s->each->at, s->both->at);
  } else if (s->cover) {
    u.list = trimmed_text(w, c->at.at, s->cover->at);
  } else if (s->both) {
    u.list = trimmed_text(w, c->at.at, s->both->at);
  } else {
    return;
  }
  u.list = words_dropped(w->p->options.lexicon, u.list, VERBS);
  if (!u.list.len) return;
  u.measure = measure_at(w->it, c->at.at);
  vec_push(w->p->mem, &w->it->universals) = u;
}

static void see_universal(struct pass *p, struct seen *s, const struct lex_hit *h, const struct lex_word *word) {
  const struct str value = lex_value(word, LEX_universal);
  if (h->at < p->w->mute_universal) return;
  if (str_eqz(value, "no")) p->w->mute_universal = h->at + h->len;
  else if (str_eqz(value, "cover")) s->cover = s->cover ? s->cover : h;
  else if (str_eqz(value, "each")) s->each = s->each ? s->each : h;
  else if (!s->both) s->both = h;
}

/* ---- comparisons ---- */

/* True when a number with a measure stands in [from, to): then the bound is one of a target. */
static bool quantity_between(const struct pass *p, uint32_t from, uint32_t to) {
  const struct reading *r = p->w->reading;
  size_t lo = p->quantity, hi = r->quantities.len;
  while (lo < hi) {
    const size_t mid = lo + (hi - lo) / 2;
    if (r->quantities.at[mid].at.at < from) lo = mid + 1;
    else hi = mid;
  }
  return lo < r->quantities.len && r->quantities.at[lo].at.at < to;
}

/* 报名人数超过计划的，电脑派位; 超过计划的全部派位: whom the rule concerns. */
static bool is_condition(const struct walk *w, uint32_t from, uint32_t to) {
  enum { REACH = 60 };
  if (str_ends(str_trim(plan_text(w->p, (struct span){from, to})), STR("的"))) return true;
  for (size_t i = from; i < to && i < from + REACH; (void)utf8_next(w->p->folded, &i))
    if (lexicon_at(w->p->options.lexicon, w->p->folded, i, LEX_BIT(condition_tail))) return true;
  return false;
}

static void add_comparison(struct pass *p, const struct quantity_clause *c, const struct lex_hit *h,
                           const struct lex_word *word) {
  struct walk *w = p->w;
  if (quantity_between(p, h->at, c->at.end) || is_condition(w, h->at + h->len, c->at.end)) return;
  struct comparison cmp = {.at = clipped(w, c->at), .measure = measure_at(w->it, h->at)};
  const struct str value = lex_value(word, LEX_compare_word);
  cmp.bound = str_eqz(value, "le") ? BOUND_LE : str_eqz(value, "eq") ? BOUND_EQ : BOUND_GE;
  cmp.subject = trimmed_text(w, c->at.at, h->at);
  cmp.object = trimmed_text(w, h->at + h->len, c->at.end);
  cmp.subject = words_dropped(w->p->options.lexicon, cmp.subject, VERBS);
  if (!cmp.subject.len && !cmp.object.len) return;
  vec_push(w->p->mem, &w->it->comparisons) = cmp;
}

/* ---- the walk ---- */

#define DUTY_VERBS \
  (LEX_BIT(verb_event) | LEX_BIT(verb_document) | LEX_BIT(verb_count) | LEX_BIT(verb_use) | LEX_BIT(verb_state))
#define DUTY_GROUPS \
  (DUTY_VERBS | LEX_BIT(universal) | LEX_BIT(level) | LEX_BIT(time_word) | LEX_BIT(compare_word) | LEX_BIT(soft_target))

/* 《关于进一步提高…的意见》: words of a title aim at nothing. Asked with rising places. */
static bool in_book(struct pass *p, uint32_t at) {
  const struct reading *r = p->w->reading;
  while (p->book < r->books.len && r->books.at[p->book].end <= at) p->book++;
  return p->book < r->books.len && r->books.at[p->book].at <= at;
}

static void duties_of_clause(struct pass *p, const struct quantity_clause *c) {
  struct walk *w = p->w;
  const lex_hits *hits = &w->p->hits;
  struct seen seen = {0};
  const struct lex_hit *every_hit = NULL, *compared = NULL;
  enum every every = EVERY_NONE;
  bool verb = false;
  uint32_t soft_end = 0;
  for (; p->hit < hits->len && hits->at[p->hit].at < c->at.end; p->hit++) {
    const struct lex_hit *h = &hits->at[p->hit];
    if (h->at < c->at.at || !lexicon_hit_in(w->p->options.lexicon, h->word, DUTY_GROUPS)) continue;
    const lex_bits groups = lexicon_groups(w->p->options.lexicon, h->word);
    const struct lex_word *word = word_of(w, h);
    if (groups & LEX_BIT(soft_target) && h->at >= soft_end && !in_book(p, h->at)) {
      soft_end = h->at + h->len;
      vec_push(w->scratch, &w->soft) =
          (struct soft_aim){.word = {h->at, soft_end}, .clause_at = c->at.at, .clause_end = c->at.end};
    }
    if (groups & LEX_BIT(universal)) see_universal(p, &seen, h, word);
    if (!seen.each && groups & LEX_BIT(level) && !str_eqz(lex_value(word, LEX_level), "whole")) seen.each = h;
    if (!every_hit && groups & LEX_BIT(time_word) && (every = every_of(lex_value(word, LEX_time_word))) != EVERY_NONE)
      every_hit = h;
    if (groups & LEX_BIT(compare_word) && (!compared || h->at >= compared->at + compared->len)) {
      add_comparison(p, c, h, word);
      compared = h;
    }
    verb |= every_hit && h->at > every_hit->at && (groups & DUTY_VERBS) != 0;
  }
  while (p->quantity < w->reading->quantities.len && w->reading->quantities.at[p->quantity].at.at < c->at.at)
    p->quantity++;
  if (every_hit) add_duty(p, c, every_hit, every, verb);
  add_universal(p, c, &seen);
}

void duties_of_stretch(struct walk *w, struct span stretch) {
  struct pass p = {.w = w, .stretch = stretch, .hit = lex_first(&w->p->hits, stretch.at)};
  w->mute_universal = 0;
  for (size_t c = 0; c < w->reading->clauses.len; c++) {
    /* comparisons look for quantities of their own clause, so the cursor is moved first */
    while (p.quantity < w->reading->quantities.len && w->reading->quantities.at[p.quantity].clause < c) p.quantity++;
    duties_of_clause(&p, &w->reading->clauses.at[c]);
  }
}

/* True when no clause ends in [from, to). */
static bool same_clause(const struct walk *w, uint32_t from, uint32_t to) {
  for (size_t i = from; i < to;) {
    const uint32_t c = utf8_next(w->p->folded, &i);
    if (c == 0xFF0C || c == ',' || c == 0x3002 || c == 0xFF1B || c == ';' || c == 0xFF1A || c == ':' || c < 0x20)
      return false;
  }
  return true;
}

/* A soft aim is kept as a target without a value, for a person to give it a measure; not where its clause has one.
 * They come behind all targets with numbers, whose indexes so stay those of w->made. */
void soft_targets(struct walk *w) {
  enum { NEAR = 48 };
  size_t with_number = 0;
  vec_each(struct soft_aim, s, &w->soft) {
    while (with_number < w->made.len && w->made.at[with_number].q.at.at < s->word.at) with_number++;
    if (with_number && w->made.at[with_number - 1].q.at.at >= s->clause_at) continue;
    const uint32_t next = with_number < w->made.len ? w->made.at[with_number].q.at.at : UINT32_MAX;
    if (next > s->word.end && next - s->word.end < NEAR && same_clause(w, s->word.end, next)) continue;
    struct span at = {s->word.end - s->clause_at > CLAUSE_MAX ? s->word.at : s->clause_at, s->word.end};
    struct str what = trimmed_text(w, at.at, s->word.at);
    if (!what.len && s->clause_end - at.at <= CLAUSE_MAX) { /* 进一步提高学习质量: what is meant stands behind */
      at.end = s->clause_end;
      what = trimmed_text(w, s->word.end, at.end);
    }
    struct target t = {.at = at,
                       .number_at = s->word,
                       .what = what,
                       .part_of = NO_INDEX,
                       .measure = measure_at(w->it, s->word.at),
                       .unsure = true};
    vec_push(w->p->mem, &w->it->targets) = t;
  }
}
