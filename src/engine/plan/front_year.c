/* The year of a plan: from its title (2026年, 2024—2026年, 十五五), else its preamble, else for yearly kinds of paper its date; and
 * the year that the text itself speaks of (第39个教师节, 二十大 … 开局之年), kept apart when the two disagree. */
#include "base/utf8.h"
#include "engine/plan/structure.h"
#include "text/numeral.h"

static bool is_range_dash(uint32_t c) {
  return c == 0x2014 || c == 0x2013 || c == '-' || c == '~' || c == 0xFF5E || c == 0x81F3 || c == 0x2015 ||
         c == 0x2500 || c == 0xFF0D || c == 0x5230;
}

static size_t year_at(struct str s, size_t i, int16_t *out) {
  int64_t y = 0;
  if (i + 4 <= s.len && s.at[i] == '2' && s.at[i + 1] == '0' && str_to_int(str_slice(s, i, i + 4), &y) &&
      !is_digit(utf8_at(s, i + 4)) && (i == 0 || !is_digit((unsigned char)s.at[i - 1]))) {
    *out = (int16_t)y;
    return 4;
  }
  const size_t used = numeral_zh(s, i, &y);
  if (used < 12 || y < 1990 || y > 2100) return 0;
  *out = (int16_t)y;
  return used;
}

static bool tells(const struct lex_word *word, const char *what) {
  return word && str_eqz(lex_value(word, LEX_year_word), what);
}
static bool year_word_before(const struct lexicon *lx, struct str s, size_t end, const char *what) {
  return tells(lexicon_before(lx, s, end, LEX_BIT(year_word)), what);
}

/* 2026年, 2024—2026年, 十四五 in a title. */
static bool years_of_title(const struct lexicon *lx, struct str s, int16_t *out_year, int16_t *out_to) {
  for (size_t i = 0; i < s.len;) {
    const size_t at = i;
    const uint32_t c = utf8_next(s, &i);
    const size_t used = c == '2' || c == 0x4E8C ? year_at(s, at, out_year) : 0;
    if (!used) continue;
    if (year_word_before(lx, s, at, "until")) continue;
    size_t k = at + used;
    if (str_starts(str_from(s, k), STR("年"))) k += 3;
    size_t dash = k;
    while (dash < s.len) {
      size_t next = dash;
      if (!is_range_dash(utf8_next(s, &next))) break;
      dash = next;
    }
    if (dash > k && year_at(s, dash, out_to) && *out_to > *out_year && *out_to < *out_year + 20) return true;
    *out_to = 0;
    if (k > at + used) return true;
  }
  *out_year = 0;
  return false;
}

/* The five-year plans: the 14th is 2021-2025. */
static int16_t five_year_first(int64_t n) { return (int16_t)(1951 + 5 * n); }

static bool five_years_of(struct str s, size_t from, int64_t *out_n) {
  for (size_t at; (at = str_find(str_from(s, from), STR("十"))) != STR_NONE;) {
    at += from;
    const size_t used = numeral_zh(s, at, out_n);
    if (used && *out_n >= 10 && *out_n < 20 && str_starts(str_from(s, at + used), STR("五")) &&
        !is_han(utf8_at(s, at ? utf8_back(s, at) : s.len)))
      return true;
    if (used == 6 && *out_n == 15 && str_starts(str_from(s, at + 6), STR("五"))) return true;
    from = at + 3;
  }
  return false;
}

/* 第39个教师节: 2023. */
static int16_t year_of_anchor(const struct work *w, const struct lex_hit *h, const struct lex_word *word) {
  const struct str s = w->text;
  int64_t n = 0;
  struct dec d;
  size_t at = h->at;
  if (year_word_before(w->lx, s, at, "nth")) {
    const struct str before = str_slice(s, at > 24 ? at - 24 : 0, utf8_back(s, at));
    const size_t mark = str_rfind(before, STR("第"));
    if (mark == STR_NONE) return 0;
    if (numeral_arabic(before, mark + 3, &d) && d.scale == 0) n = d.digits;
    else if (!numeral_zh(before, mark + 3, &n)) return 0;
    return n > 0 && n < 200 ? (int16_t)(word->number + n) : 0;
  }
  at += h->len;
  const size_t used = numeral_arabic(s, at, &d);
  if (!used || d.scale || d.digits < 10 || d.digits > 200) return 0;
  if (!tells(lexicon_at(w->lx, s, at + used, LEX_BIT(year_word)), "anniversary")) return 0;
  return (int16_t)(word->number + d.digits);
}

/* 党的二十大精神的开局之年, “十四五”规划的收官之年 before `at`. Congresses are held every five years, the 20th in 2022. */
static int16_t year_of_turn(struct str s, size_t at, bool last) {
  const struct str before = str_slice(s, at > 90 ? at - 90 : 0, at);
  int64_t n = 0;
  for (size_t i = 0; i < before.len; i++) {
    if (((unsigned char)before.at[i] & 0xC0) == 0x80) continue;
    const size_t used = numeral_zh(before, i, &n);
    if (used && !last && n >= 18 && n <= 40 && str_starts(str_from(before, i + used), STR("大")))
      return (int16_t)(2023 + 5 * (n - 20));
    if (used && n >= 10 && n < 20 && str_starts(str_from(before, i + used), STR("五")))
      return (int16_t)(five_year_first(n) + (last ? 4 : 0));
  }
  return 0;
}

/* The part of the preamble that is read for a year. */
static struct span lead_of(const struct document *d) {
  enum { LEAD_BYTES = 3000 };
  const struct span lead = d->preamble_at;
  return (struct span){lead.at, lead.end < lead.at + LEAD_BYTES ? lead.end : lead.at + LEAD_BYTES};
}

/* The year of the first word in the preamble that opens or closes five years; 0 when there is none. */
static int16_t year_by_turn(const struct work *w, struct span lead, bool last) {
  for (size_t h = lex_first(&w->p->hits, lead.at); h < w->p->hits.len && w->p->hits.at[h].at < lead.end; h++) {
    const struct lex_hit *hit = &w->p->hits.at[h];
    if (!lexicon_hit_in(w->lx, hit->word, LEX_BIT(year_word)) || hit->at + hit->len > lead.end) continue;
    if (tells(lexicon_word(w->lx, hit->word), last ? "closes" : "opens"))
      return year_of_turn(str_slice(w->text, lead.at, lead.end), hit->at - lead.at, last);
  }
  return 0;
}

static int16_t internal_year(const struct work *w, const struct document *d) {
  const struct span at = d->at, lead = lead_of(d);
  int16_t year = year_by_turn(w, lead, false);
  if (!year) year = year_by_turn(w, lead, true);
  for (size_t h = lex_first(&w->p->hits, at.at); !year && h < w->p->hits.len && w->p->hits.at[h].at < at.end; h++) {
    const struct lex_hit *hit = &w->p->hits.at[h];
    if (lexicon_hit_in(w->lx, hit->word, LEX_BIT(year_anchor)))
      year = year_of_anchor(w, hit, lexicon_word(w->lx, hit->word));
  }
  return year;
}

/* 2026年是…, 2026年全市教育工作的总体要求是 in the preamble. */
static int16_t year_of_preamble(const struct work *w, const struct document *d) {
  const struct span lead = lead_of(d);
  const struct str s = str_slice(w->text, lead.at, lead.end);
  for (size_t i = 0; i + 7 < s.len; i++) {
    int16_t year = 0;
    if (s.at[i] != '2' || !year_at(s, i, &year) || !str_starts(str_from(s, i + 4), STR("年"))) continue;
    if (i + 7 < s.len && lexicon_at(w->lx, s, i + 7, LEX_BIT(year_tail))) return year;
  }
  return 0;
}

void front_find_year(const struct work *w, struct document *d, const struct lex_word *title_word) {
  int64_t n = 0;
  int16_t year = 0, to = 0;
  const int16_t internal = internal_year(w, d);
  const struct str titles[] = {d->title.text, d->notice_title.text};
  for (size_t k = 0; k < COUNT_OF(titles) && !year; k++) (void)years_of_title(w->lx, titles[k], &year, &to);
  for (size_t k = 0; k < COUNT_OF(titles) && !year; k++)
    if (five_years_of(titles[k], 0, &n)) {
      year = five_year_first(n);
      to = (int16_t)(year + 4);
    }
  const bool yearly = title_word && str_eqz(lex_value(title_word, LEX_title_end), "yearly");
  const bool in_title = year > 0;
  if (!year && (yearly || !d->title.text.len)) year = year_of_preamble(w, d);
  if (!year && yearly && internal) year = internal;
  if (!year && yearly && d->date.month < 11) year = d->date.year;
  if (in_title && !to && internal && internal != year) {
    d->year_labelled = year;
    d->year_internal = internal;
    year = 0;
  }
  d->year = w->p->options.year ? (int16_t)w->p->options.year : year;
  d->year_to = to;
}

void front_year_series(struct plan *p, const struct work *w) {
  int16_t labelled = 0, internal = 0;
  for (size_t k = 0; k < p->documents.len; k++)
    if (w->parts.at[k].numbered && p->documents.at[k].year_internal) {
      labelled = p->documents.at[k].year_labelled;
      internal = p->documents.at[k].year_internal;
    }
  for (size_t k = 0; internal && k < p->documents.len; k++) {
    struct document *d = &p->documents.at[k];
    if (!w->parts.at[k].numbered || d->year != labelled) continue;
    d->year = 0;
    d->year_labelled = labelled;
    d->year_internal = internal;
  }
}
