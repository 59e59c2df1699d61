/* What a target counts: the noun before the number (竣工学校41所) or behind it (遴选30名五年制高职产业教授), and of a
 * percentage what it is a share of (全省60%的中小学).
 *
 * The words before the number end at its bound and begin behind verbs, levels and times; those behind it reach to the end of the member of
 * the enumeration. When nothing is left behind the number, the noun stood before it. */
#include "base/utf8.h"
#include "engine/plan/targets.h"

enum { WHAT_MAX = 180 }; /* bytes of a noun that is kept */

static struct str clip(struct str s) {
  if (s.len <= WHAT_MAX) return s;
  size_t end = WHAT_MAX;
  while (end && ((unsigned char)s.at[end] & 0xC0) == 0x80) end--;
  return str_slice(s, 0, end);
}

/* The start of the last `most` bytes before `to`, not before `from`, on a whole character. */
static uint32_t near_start(struct str text, uint32_t from, uint32_t to, uint32_t most) {
  if (to - from <= most) return from;
  uint32_t at = to - most;
  while (at < to && ((unsigned char)text.at[at] & 0xC0) == 0x80) at++;
  return at;
}

static bool opens(uint32_t c) { return c == '(' || c == 0xFF08; }
static bool closes(uint32_t c) { return c == ')' || c == 0xFF09; }

/* （改扩建）公办幼儿园 without the bracket in front; s when it has none or nothing stands behind it. */
static struct str without_bracket(struct str s) {
  if (!opens(utf8_at(s, 0))) return s;
  for (size_t i = 0; i < s.len && i < WHAT_MAX;)
    if (closes(utf8_next(s, &i))) return i < s.len ? str_from(s, i) : s;
  return s;
}

/* Without blanks and marks at both ends, and without a bracket or 的 in front. */
static struct str bare(struct str s) {
  for (;;) {
    const size_t before = s.len;
    s = without_bracket(str_trim(s));
    const uint32_t first = utf8_at(s, 0);
    if (first == 0x7684 || first == 0x3001 || opens(first) || closes(first)) {
      size_t i = 0;
      (void)utf8_next(s, &i);
      s = str_from(s, i);
    }
    if (s.len) {
      const size_t last_at = utf8_back(s, s.len);
      const uint32_t last = utf8_at(s, last_at);
      if (last == 0x3001 || opens(last) || last == 0x7684) s = str_slice(s, 0, last_at);
    }
    if (s.len == before) return clip(s);
  }
}

#define ACTS                                                                                                    \
  (LEX_BIT(verb_count) | LEX_BIT(verb_state) | LEX_BIT(verb_event) | LEX_BIT(verb_soft) | LEX_BIT(verb_start) | \
   LEX_BIT(verb_use) | LEX_BIT(making_word) | LEX_BIT(encourage) | LEX_BIT(explore))

/* 覆盖率, 培训班: the verb w is the start of a noun; but 今年力争 is none, nor 新增力争. */
static bool starts_noun(const struct lexicon *lx, struct str s, const struct lex_word *w, lex_bits groups) {
  const struct lex_word *end = lexicon_at(lx, s, w->text.len, LEX_BIT(noun_end));
  if (!end || !(w->groups & ACTS)) return false;
  const struct lex_word *next = lexicon_at(lx, s, w->text.len, groups);
  return !next || next->text.len <= end->text.len;
}

/* 人均体育场地面积: a mean is a part of what it is a mean of. */
static bool is_mean(const struct lex_word *w) {
  enum { MEAN = 0x5747 };
  return w->groups & LEX_BIT(level) && utf8_at(w->text, utf8_back(w->text, w->text.len)) == MEAN;
}

static bool is_act(const struct lexicon *lx, struct str s) {
  const struct lex_word *w = lexicon_at(lx, s, 0, ACTS);
  return w && w->text.len == s.len;
}

/* 基本医保, 公共设施: an adverb with no verb behind it, and a word that only holds another, begin the noun; of 投入增长
 * both stay. */
static bool is_part_of_noun(const struct lexicon *lx, struct str s, const struct lex_word *w, lex_bits groups) {
  const struct str rest = str_from(s, w->text.len);
  if (w->groups & LEX_BIT(part_word) && str_eqz(lex_value(w, LEX_part_word), "no")) return true;
  if (w->groups & LEX_BIT(level) && str_eqz(lex_value(w, LEX_level), "no")) return true;
  if (w->groups & LEX_BIT(making_word) && is_act(lx, rest)) return true;
  return !(w->groups & groups & ~LEX_BIT(adverb)) && !lexicon_at(lx, rest, 0, groups);
}

struct str words_dropped(const struct lexicon *lx, struct str s, lex_bits groups) {
  for (int k = 0; k < 12 && s.len; k++) {
    const struct lex_word *w = lexicon_at(lx, s, 0, groups);
    if (!w || w->text.len >= s.len || starts_noun(lx, s, w, groups) || is_mean(w)) break;
    if (is_part_of_noun(lx, s, w, groups)) break;
    s = str_trim(str_from(s, w->text.len));
  }
  return s;
}

#define LEADING                                                                                                      \
  (LEX_BIT(joiner) | LEX_BIT(part_word) | LEX_BIT(level) | LEX_BIT(soften) | LEX_BIT(encourage) | LEX_BIT(explore) | \
   LEX_BIT(time_word) | LEX_BIT(present_word) | LEX_BIT(adverb) | LEX_BIT(verb_count) | LEX_BIT(verb_state) |        \
   LEX_BIT(verb_event) | LEX_BIT(verb_soft) | LEX_BIT(verb_start) | LEX_BIT(verb_use) | LEX_BIT(making_word))

#define STATING                                                                                                  \
  (LEX_BIT(verb_state) | LEX_BIT(verb_count) | LEX_BIT(verb_event) | LEX_BIT(verb_soft) | LEX_BIT(bound_exact) | \
   LEX_BIT(verb_start) | LEX_BIT(verb_use))

/* First place in [from, to) where a verb starts that is at least two characters long, or `to`. */
static uint32_t first_verb(const struct plan *p, uint32_t from, uint32_t to) {
  for (size_t h = lex_first(&p->hits, from); h < p->hits.len && p->hits.at[h].at < to; h++)
    if (p->hits.at[h].len >= 6 && lexicon_hit_in(p->options.lexicon, p->hits.at[h].word, STATING))
      return p->hits.at[h].at;
  return to;
}

/* 小学和初中分别不低于60%和80%: the k-th subject before 分别. */
static struct str kth_subject(const struct plan *p, const struct made *m) {
  const uint32_t from = near_start(p->folded, m->clause_at, m->each_at, 2 * WHAT_MAX);
  uint32_t at = from;
  int index = 0;
  for (size_t h = lex_first(&p->hits, from); h < p->hits.len && p->hits.at[h].at < m->each_at; h++) {
    const struct lex_hit *hit = &p->hits.at[h];
    if (hit->at < at || !lexicon_hit_in(p->options.lexicon, hit->word, LEX_BIT(joiner))) continue;
    if (index++ == m->each_index)
      return bare(words_dropped(p->options.lexicon, bare(str_slice(p->folded, at, hit->at)), LEADING));
    at = hit->at + hit->len;
  }
  return index == m->each_index ? bare(str_slice(p->folded, at, m->each_at)) : (struct str){0};
}

/* Words at the end of a noun that belong to the verb behind it: 比例力争, 失业率全年, 幼儿园基本. */
#define TRAILING                                                                                         \
  (LEX_BIT(soften) | LEX_BIT(time_word) | LEX_BIT(present_word) | LEX_BIT(encourage) | LEX_BIT(adverb) | \
   LEX_BIT(explore))

static struct str without_trailing(const struct lexicon *lx, struct str s) {
  for (int k = 0; k < 6; k++) {
    const struct lex_word *w = lexicon_before(lx, s, s.len, TRAILING);
    if (!w || w->text.len >= s.len) break;
    s = bare(str_slice(s, 0, s.len - w->text.len));
  }
  return s;
}

/* The time that starts at `at` among the last few that were seen, NULL when none. */
static const struct when *time_at(const struct walk *w, uint32_t at) {
  enum { STEPS = 8 };
  for (size_t i = w->time, n = 0; i-- > 0 && n < STEPS; n++) {
    const struct when *t = &w->it->times.at[i];
    if (t->at.at == at) return t;
  }
  return NULL;
}

/* 较上年, 比2020年, 在2020年的基础上: what is compared with, in [from, to); empty when nothing. */
static struct span comparison_in(const struct walk *w, uint32_t from, uint32_t to) {
  const struct plan *p = w->p;
  const struct lexicon *lx = p->options.lexicon;
  for (size_t h = lex_first(&p->hits, from); h < p->hits.len && p->hits.at[h].at < to; h++) {
    const struct lex_hit *hit = &p->hits.at[h];
    if (!lexicon_hit_in(lx, hit->word, LEX_BIT(compare_from)) || hit->at == from) continue;
    uint32_t end = hit->at + hit->len;
    const struct lex_word *whole = lexicon_at(lx, p->folded, hit->at, LEX_BIT(past_word)),
                          *past = lexicon_at(lx, p->folded, end, LEX_BIT(past_word));
    const struct when *t = time_at(w, end);
    if (whole && whole->text.len > hit->len) end = hit->at + (uint32_t)whole->text.len;
    else if (t) end = t->at.end;
    else if (past) end += (uint32_t)past->text.len;
    else continue;
    for (int k = 0; k < 3; k++) {
      const struct lex_word *tail = lexicon_at(lx, p->folded, end, LEX_BIT(compare_tail));
      if (!tail) break;
      end += (uint32_t)tail->text.len;
    }
    if (end <= to) return (struct span){hit->at, end};
  }
  return (struct span){0};
}

static struct str noun_of(const struct walk *w, uint32_t from, uint32_t to) {
  const struct lexicon *lx = w->p->options.lexicon;
  const struct str words = bare(words_dropped(lx, bare(str_slice(w->p->folded, from, to)), LEADING));
  return bare(words_dropped(lx, without_trailing(lx, words), LEADING));
}

/* The noun in the words before a number. Dates in it say when, not what; of 近视率较上年下降 stays 近视率下降. */
static struct str noun_before(const struct walk *w, uint32_t from, uint32_t to) {
  enum { STEPS = 8, VERB_BYTES = 6 };
  if (to - from > 2 * WHAT_MAX) from = near_start(w->p->folded, from, to, WHAT_MAX);
  const struct span compared = comparison_in(w, from, to);
  if (compared.end) {
    const struct str left = noun_of(w, from, compared.at), right = noun_of(w, compared.end, to);
    const struct lex_word *each = lexicon_at(w->p->options.lexicon, left, 0, LEX_BIT(part_word));
    if (each && each->text.len == left.len) return right; /* 分别比上年提高 */
    if (left.len) return clip(str_join(w->p->mem, left, right));
  }
  for (size_t i = w->time, n = 0; i-- > 0 && n < STEPS; n++) {
    const struct span at = w->it->times.at[i].at;
    if (at.at >= to) continue;
    if (at.end <= from) break;
    const struct str rest = at.end < to ? noun_of(w, at.end, to) : (struct str){0};
    const bool verb = rest.len && rest.len <= VERB_BYTES && w->it->times.at[i].kind == TIME_RECUR;
    const struct str left = verb ? noun_of(w, from, at.at) : (struct str){0};
    if (left.len) return clip(str_join(w->p->mem, left, rest)); /* 近视率每年下降, 校长每学期听课 */
    if (rest.len) return rest;
    to = at.at > from ? at.at : from;
  }
  return noun_of(w, from, to);
}

/* Where the words behind the number begin: brackets passed over; `end` when a joiner follows (15所、合格园全覆盖). */
static uint32_t words_behind(const struct plan *p, uint32_t at, uint32_t end) {
  while (at < end && p->folded.at[at] == ' ') at++;
  const uint32_t behind = skip_bracket(p, at, end);
  const struct lex_word *joiner =
      behind < end ? lexicon_at(p->options.lexicon, p->folded, behind, LEX_BIT(joiner)) : NULL;
  return joiner && behind + joiner->text.len < end ? end : behind;
}

/* 建成20所高水平学校；到2030年，建成50所: a number without a noun counts what the one before it counts. */
static void take_noun(const struct walk *w, size_t index) {
  const struct lexicon *lx = w->p->options.lexicon;
  struct target *t = &w->it->targets.at[index];
  if ((t->what.len && !is_act(lx, t->what)) || !index) return;
  const struct target *last = t - 1;
  const struct made *now = &w->made.at[index], *before = now - 1;
  const bool beside = !t->what.len && before->q.clause == now->q.clause; /* 小区450个、4200栋 */
  if (beside || (str_eq(last->unit, t->unit) && now->sentence - before->sentence <= 1)) t->what = last->what;
  const bool same = str_eq(last->what, t->what) && str_eq(last->unit, t->unit);
  if (same && !t->denominator.len) t->denominator = last->denominator; /* 覆盖率分别达到80%、95% */
}

static void find_words(struct walk *w, size_t index, uint32_t member_end);

void target_words(struct walk *w, size_t index, uint32_t member_end) {
  find_words(w, index, member_end);
  struct str *what = &w->it->targets.at[index].what; /* 力争95%: the word says how firm it is, not what is counted */
  const struct lex_word *how = lexicon_at(w->p->options.lexicon, *what, 0, TRAILING);
  if (how && how->text.len == what->len) *what = (struct str){0};
  take_noun(w, index);
}

/* 每校至少开设社团20个: a verb and its object between the bound and the number. */
static struct str noun_behind_bound(const struct walk *w, const struct made *m) {
  const struct lexicon *lx = w->p->options.lexicon;
  const struct str words = str_slice(w->p->folded, m->bound_end, m->q.at.at);
  if (!m->bound_end || !lexicon_at(lx, words, 0, ACTS)) return (struct str){0};
  const struct str noun = noun_of(w, m->bound_end, m->q.at.at);
  return is_act(lx, noun) ? (struct str){0} : noun;
}

static void find_words(struct walk *w, size_t index, uint32_t member_end) {
  const struct plan *p = w->p;
  const struct made *m = &w->made.at[index];
  struct target *t = &w->it->targets.at[index];
  if (member_end - t->number_at.end > 2 * WHAT_MAX)
    member_end = (uint32_t)(t->number_at.end + clip(str_slice(p->folded, t->number_at.end, member_end)).len);
  t->at.end = member_end;
  const uint32_t behind = words_behind(p, t->number_at.end, member_end);
  const struct str between = noun_behind_bound(w, m);
  const struct str before = between.len ? between : noun_before(w, t->at.at, m->words_end),
                   after = bare(str_slice(p->folded, behind, member_end));
  if (m->each && m->each_at < m->q.at.at && m->each_at >= m->clause_at) {
    const struct str subject = kth_subject(p, m);
    if (subject.len) {
      t->what = subject;
      if (m->each_index) t->at.at = span_trim(p, (struct span){m->clause_at, m->q.at.at}).at; /* the words of all */
      const bool is_rate = lexicon_before(p->options.lexicon, subject, subject.len, LEX_BIT(rate_word)) != NULL;
      if (str_eqz(t->unit, "%") && !is_rate) t->denominator = subject;
      return;
    }
  }
  if (m->q.kind == QUANTITY_SHARE && after.len) {
    const uint32_t from = (uint32_t)(after.at - p->folded.at), to = first_verb(p, from, from + (uint32_t)after.len);
    t->denominator = without_trailing(p->options.lexicon, bare(str_slice(p->folded, from, to)));
    const struct str rest = bare(str_slice(p->folded, to, member_end));
    const bool verb_alone = before.len && is_act(p->options.lexicon, rest); /* 优良率提升3个百分点达到58% */
    t->what = rest.len && !verb_alone ? rest : before;
    return;
  }
  t->what = after.len ? after : before;
}
