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

/* Without blanks and marks at both ends, and without 的 in front. */
static struct str bare(struct str s) {
  for (;;) {
    const size_t before = s.len;
    s = str_trim(s);
    const uint32_t first = utf8_at(s, 0);
    if (first == 0x7684 || first == 0x3001 || first == '(' || first == 0xFF08 || first == ')' || first == 0xFF09) {
      size_t i = 0;
      (void)utf8_next(s, &i);
      s = str_from(s, i);
    }
    if (s.len) {
      const size_t last_at = utf8_back(s, s.len);
      const uint32_t last = utf8_at(s, last_at);
      if (last == 0x3001 || last == '(' || last == 0xFF08 || last == 0x7684) s = str_slice(s, 0, last_at);
    }
    if (s.len == before) return clip(s);
  }
}

struct str words_dropped(const struct lexicon *lx, struct str s, lex_bits groups) {
  for (int k = 0; k < 12 && s.len; k++) {
    const struct lex_word *w = lexicon_at(lx, s, 0, groups);
    if (!w || w->text.len >= s.len || lexicon_at(lx, s, w->text.len, LEX_BIT(noun_end))) break;
    s = str_trim(str_from(s, w->text.len));
  }
  return s;
}

#define LEADING                                                                                                      \
  (LEX_BIT(joiner) | LEX_BIT(part_word) | LEX_BIT(level) | LEX_BIT(soften) | LEX_BIT(encourage) | LEX_BIT(explore) | \
   LEX_BIT(time_word) | LEX_BIT(present_word) | LEX_BIT(adverb) | LEX_BIT(verb_count) | LEX_BIT(verb_state) |        \
   LEX_BIT(verb_event) | LEX_BIT(verb_soft) | LEX_BIT(verb_start) | LEX_BIT(verb_use) | LEX_BIT(from_word) |         \
   LEX_BIT(making_word))

/* First place in [from, to) where a verb starts that is at least two characters long, or `to`. */
static uint32_t first_verb(const struct plan *p, uint32_t from, uint32_t to) {
  const lex_bits verbs = LEX_BIT(verb_state) | LEX_BIT(verb_count) | LEX_BIT(verb_event) | LEX_BIT(verb_soft) |
                         LEX_BIT(bound_exact) | LEX_BIT(verb_start) | LEX_BIT(verb_use);
  for (size_t h = lex_first(&p->hits, from); h < p->hits.len && p->hits.at[h].at < to; h++)
    if (p->hits.at[h].len >= 6 && lexicon_word(p->options.lexicon, p->hits.at[h].word)->groups & verbs)
      return p->hits.at[h].at;
  return to;
}

/* 小学和初中分别不低于60%和80%: the k-th subject before 分别. */
static struct str kth_subject(const struct plan *p, const struct made *m) {
  const uint32_t from = m->each_at - m->clause_at > WHAT_MAX * 2 ? m->each_at - WHAT_MAX * 2 : m->clause_at;
  uint32_t at = from;
  int index = 0;
  for (size_t h = lex_first(&p->hits, from); h < p->hits.len && p->hits.at[h].at < m->each_at; h++) {
    const struct lex_hit *hit = &p->hits.at[h];
    if (hit->at < at || !(lexicon_word(p->options.lexicon, hit->word)->groups & LEX_BIT(joiner))) continue;
    if (index++ == m->each_index)
      return bare(words_dropped(p->options.lexicon, bare(str_slice(p->folded, at, hit->at)), LEADING));
    at = hit->at + hit->len;
  }
  return index == m->each_index ? bare(str_slice(p->folded, at, m->each_at)) : (struct str){0};
}

void target_words(struct walk *w, size_t index, uint32_t member_end) {
  const struct plan *p = w->p;
  const struct lexicon *lx = p->options.lexicon;
  const struct made *m = &w->made.at[index];
  struct target *t = &w->it->targets.at[index];
  if (member_end - t->number_at.end > 2 * WHAT_MAX)
    member_end = (uint32_t)(t->number_at.end + clip(str_slice(p->folded, t->number_at.end, member_end)).len);
  t->at.end = member_end;
  struct str before = bare(words_dropped(lx, bare(str_slice(p->folded, t->at.at, m->words_end)), LEADING));
  if (before.len > WHAT_MAX) before = str_from(before, before.len - WHAT_MAX);
  const struct str after = bare(str_slice(p->folded, t->number_at.end, member_end));
  if (m->each && m->each_at < m->q.at.at && m->each_at >= m->clause_at) {
    const struct str subject = kth_subject(p, m);
    if (subject.len) {
      t->what = subject;
      if (t->unit.len && str_eqz(t->unit, "%")) t->denominator = subject;
      return;
    }
  }
  if (m->q.kind == QUANTITY_SHARE && after.len) {
    const uint32_t from = (uint32_t)(after.at - p->folded.at), to = first_verb(p, from, from + (uint32_t)after.len);
    t->denominator = bare(str_slice(p->folded, from, to));
    const struct str rest = bare(str_slice(p->folded, to, member_end));
    t->what = rest.len ? rest : before;
    return;
  }
  t->what = after.len ? after : before;
}
