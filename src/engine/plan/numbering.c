/* Numbers at the beginning of lines. Reading is by shape and local; fitting is by sequence (see the header for the
 * method). Neither looks at more than the line's beginning and the open levels, so a text of n lines costs n steps. */
#include "engine/plan/numbering.h"

#include "base/utf8.h"
#include "text/numeral.h"

/* ---- reading ---- */

static bool is_blank(uint32_t c) {
  return c == ' ' || c == '\t' || c == 0x3000 || c == 0xA0 || (c >= 0x2002 && c <= 0x200A);
}

static size_t skip_blanks(struct str s, size_t i) {
  while (i < s.len) {
    size_t next = i;
    if (!is_blank(utf8_next(s, &next))) break;
    i = next;
  }
  return i;
}

/* Digits at i, at most 3 of them for a number; returns bytes, 0 when none or too many. */
static size_t read_digits(struct str s, size_t i, int32_t *out_n) {
  size_t at = i;
  int32_t n = 0;
  int count = 0;
  while (at < s.len) {
    size_t next = at;
    const uint32_t c = utf8_next(s, &next);
    if (!is_digit(c)) break;
    if (++count > 3) return 0;
    n = n * 10 + (int32_t)(c >= 0xFF10 ? c - 0xFF10 : c - '0');
    at = next;
  }
  *out_n = n;
  return count ? at - i : 0;
}

static size_t read_han(struct str s, size_t i, int32_t *out_n) {
  int64_t n = 0;
  const size_t used = numeral_zh(s, i, &n);
  if (!used || n < 1 || n > NUMBER_MAX) return 0;
  *out_n = (int32_t)n;
  return used;
}

static struct marker marker_of(int shape, int32_t number, size_t at, size_t end, struct str s) {
  return (struct marker){.shape = (uint8_t)shape,
                         .number = number,
                         .at = (uint32_t)at,
                         .end = (uint32_t)end,
                         .after = (uint32_t)skip_blanks(s, end)};
}

/* One character that is the whole number: ① ㈠ ⑴ ⒈ */
static bool read_single(struct str s, size_t i, struct marker *out) {
  static const struct {
    uint32_t first, last;
    enum shape shape;
  } rows[] = {{0x2460, 0x2473, SHAPE_CIRCLED},
              {0x2474, 0x2487, SHAPE_ARABIC_PAREN},
              {0x2488, 0x249B, SHAPE_ARABIC},
              {0x2776, 0x277F, SHAPE_CIRCLED},
              {0x3220, 0x3229, SHAPE_HAN_PAREN}};
  size_t next = i;
  const uint32_t c = utf8_next(s, &next);
  for (size_t k = 0; k < COUNT_OF(rows); k++)
    if (c >= rows[k].first && c <= rows[k].last) {
      const uint32_t sep = utf8_at(s, next);
      if (sep == 0x3001) next += 3;
      *out = marker_of((int)rows[k].shape, (int32_t)(c - rows[k].first + 1), i, next, s);
      return true;
    }
  return false;
}

/* （一） (1) */
static bool read_bracketed(struct str s, size_t i, struct marker *out) {
  size_t at = i;
  const uint32_t open = utf8_next(s, &at);
  if (open != '(' && open != 0xFF08) return false;
  at = skip_blanks(s, at);
  int32_t n = 0;
  int shape = SHAPE_HAN_PAREN;
  size_t used = read_han(s, at, &n);
  if (!used) {
    used = read_digits(s, at, &n);
    shape = SHAPE_ARABIC_PAREN;
  }
  if (!used || n < 1) return false;
  at = skip_blanks(s, at + used);
  const uint32_t close = utf8_at(s, at);
  if (close != ')' && close != 0xFF09) return false;
  at += close == ')' ? 1 : 3;
  if (utf8_at(s, at) == 0x3001) at += 3;
  *out = marker_of(shape, n, i, at, s);
  return true;
}

/* 第一部分 第一章 第一条 第一、 */
static bool read_ordinal(struct str s, size_t i, struct marker *out) {
  size_t at = i;
  if (utf8_next(s, &at) != 0x7B2C) return false; /* 第 */
  int32_t n = 0;
  size_t used = read_han(s, at, &n);
  if (!used) used = read_digits(s, at, &n);
  if (!used || n < 1) return false;
  at += used;
  const struct str rest = str_from(s, at);
  static const struct {
    struct str word;
    enum shape shape;
  } words[] = {{STR_INIT("部分"), SHAPE_PART}, {STR_INIT("章"), SHAPE_PART},    {STR_INIT("篇"), SHAPE_PART},
               {STR_INIT("编"), SHAPE_PART},   {STR_INIT("条"), SHAPE_ARTICLE}, {STR_INIT("、"), SHAPE_ORDINAL}};
  for (size_t k = 0; k < COUNT_OF(words); k++) {
    if (!str_starts(rest, words[k].word)) continue;
    at += words[k].word.len;
    const uint32_t mark = utf8_at(s, at);
    if (mark == 0xFF1A || mark == 0x3001) at += 3;
    else if (mark == ':') at++;
    *out = marker_of((int)words[k].shape, n, i, at, s);
    out->weak = words[k].shape == SHAPE_PART && str_find(rest, STR("。")) != STR_NONE;
    return true;
  }
  return false;
}

/* 一、 */
static bool read_han_head(struct str s, size_t i, struct marker *out) {
  int32_t n = 0;
  const size_t used = read_han(s, i, &n);
  if (!used) return false;
  size_t at = i + used;
  const uint32_t sep = utf8_at(s, at);
  const bool mark = sep == 0x3001 || sep == '.' || sep == 0xFF0E || sep == 0xFF64;
  if (!mark && !is_blank(sep)) return false;
  if (mark) (void)utf8_next(s, &at);
  *out = marker_of(SHAPE_HAN, n, i, at, s);
  int32_t other = 0;
  out->weak = !mark || (sep == 0x3001 && read_han(s, out->after, &other)); /* 二、三年级 */
  return true;
}

/* 1.2 and 1.2.3 behind `first` and its point; false when it is none. */
static bool read_decimal(struct str s, size_t i, int32_t first, size_t at, struct marker *out) {
  int32_t second = 0, third = 0;
  size_t used = read_digits(s, at, &second);
  if (!used || second < 1 || second > 99) return false;
  at += used;
  int shape = SHAPE_DECIMAL2;
  int32_t upper = first, number = second;
  if (utf8_at(s, at) == '.' && (used = read_digits(s, at + 1, &third)) > 0 && third >= 1 && third <= 99) {
    shape = SHAPE_DECIMAL3;
    upper = first * 100 + second;
    number = third;
    at += 1 + used;
  }
  const uint32_t sep = utf8_at(s, at);
  if (sep == 0x3001) at += 3;
  else if (sep == '.') at++;
  else if (!is_blank(sep) && !is_han(sep)) return false;
  *out = marker_of(shape, number, i, at, s);
  out->upper = upper;
  out->weak = true;
  return true;
}

/* True when digits at i are a quantity: 3万, 5%, 2.5公里; a year (2035年) is none. */
static bool is_quantity(const struct lexicon *lx, struct str s, size_t i) {
  struct dec d;
  const size_t used = numeral_arabic(s, i, &d);
  return used && lexicon_at(lx, s, i + used, LEX_BIT(quantity_tail)) != NULL;
}

/* 2 .夯实基层: a blank strayed between the number and its mark. The mark's place, or `at` where none follows so. */
static size_t mark_behind_blank(struct str s, size_t at) {
  const size_t mark = skip_blanks(s, at);
  const uint32_t c = mark > at ? utf8_at(s, mark) : 0;
  if (c != '.' && c != 0xFF0E && c != 0x3001) return at;
  return is_han(utf8_at(s, mark + (c == '.' ? 1 : 3))) ? mark : at;
}

static int read_arabic(const struct lexicon *lx, struct str s, size_t i, struct marker out[MARKER_READINGS]) {
  int32_t n = 0;
  const size_t used = read_digits(s, i, &n);
  if (!used || n < 1) return 0;
  size_t at = mark_behind_blank(s, i + used);
  const uint32_t sep = utf8_at(s, at);
  if (sep == ')' || sep == 0xFF09) {
    out[0] = marker_of(SHAPE_HALF_PAREN, n, i, at + (sep == ')' ? 1 : 3), s);
    return 1;
  }
  if (sep == 0xB0) {
    out[0] = marker_of(SHAPE_DEGREE, n, i, at + 2, s);
    return 1;
  }
  if (is_blank(sep)) {
    out[0] = marker_of(SHAPE_ARABIC, n, i, at, s);
    out[0].weak = true;
    return is_han(utf8_at(s, out[0].after)) ? 1 : 0;
  }
  const bool point = sep == '.' || sep == 0xFF0E;
  if (!point && sep != 0x3001 && sep != 0xFF64) return 0;
  (void)utf8_next(s, &at);
  int count = 0;
  const bool digit_follows = is_digit(utf8_at(s, at));
  if (point && digit_follows && (s.at[at] == '0' || is_quantity(lx, s, i))) return 0; /* 2.0 版, 3.3万 */
  if (point && digit_follows && read_decimal(s, i, n, at, &out[count])) count++;
  out[count] = marker_of(SHAPE_ARABIC, n, i, at, s);
  out[count].weak = digit_follows;
  return count + 1;
}

static bool read_bullet(struct str s, size_t i, struct marker *out) {
  size_t at = i;
  const uint32_t c = utf8_next(s, &at);
  const bool dash = c == 0x2014 || c == 0x2015 || c == 0x2500 || c == '-' || c == 0x2013;
  const bool dot = c == 0x2022 || c == 0xB7 || c == 0x25CF || c == 0x25A0 || c == 0x25C6 || c == 0x25B2 ||
                   c == 0x2605 || c == 0x25AA || c == 0x203B || c == '*';
  if (!dash && !dot) return false;
  while (at < s.len && dash && utf8_at(s, at) == c) (void)utf8_next(s, &at);
  if (c == '*' && !is_blank(utf8_at(s, at))) return false; /* ** is a hole in the text */
  *out = marker_of(SHAPE_BULLET, 0, i, at, s);
  return out->after < s.len;
}

int marker_read(const struct lexicon *lx, struct str text, uint32_t from, uint32_t to,
                struct marker out[MARKER_READINGS]) {
  const struct str s = str_slice(text, 0, to);
  if (from >= to) return 0;
  const unsigned char b = (unsigned char)s.at[from];
  if (b >= '0' && b <= '9') return read_arabic(lx, s, from, out);
  if (b < 0x80 && b != '(' && b != '-' && b != '*') return 0;
  const uint32_t c = utf8_at(s, from);
  if (is_digit(c)) return read_arabic(lx, s, from, out);
  return read_bracketed(s, from, out) || read_han_head(s, from, out) || read_ordinal(s, from, out) ||
         read_single(s, from, out) || read_bullet(s, from, out);
}

/* ---- fitting ---- */

static struct place_found due_here(int depth, int32_t number) { return (struct place_found){FIT_NEXT, depth, number}; }

/* The deepest open level of the shape, -1 if none. */
static int open_level(const struct numbering *n, int shape) {
  for (int k = n->depth - 1; k >= 0; k--)
    if (n->open[k].shape == shape) return k;
  return -1;
}

static struct place_found fit_closed(const struct numbering *n, const struct marker *m) {
  const int depth = n->depth < NUMBERING_DEPTH ? n->depth : NUMBERING_DEPTH - 1;
  const int32_t last = n->last[m->shape];
  if (m->number == 1) return (struct place_found){FIT_START, depth, 1};
  if (last > 0 && m->number == last + 1) return due_here(depth, m->number);
  const int32_t expected = n->runs[m->shape] ? last + 1 : 1;
  const bool plain = m->shape == SHAPE_HAN_PAREN || m->shape == SHAPE_HAN; /* nothing else looks like these */
  if (m->weak || (!plain && m->number > expected + NUMBER_JUMP_MAX)) return (struct place_found){FIT_NONE, 0, 0};
  return (struct place_found){FIT_FAULT, depth, expected};
}

struct place_found numbering_fit(const struct numbering *n, const struct marker *m) {
  const struct place_found none = {FIT_NONE, 0, 0};
  if (m->shape == SHAPE_BULLET || m->shape == SHAPE_NONE) return none;
  for (int k = n->depth - 1; k >= 0; k--) {
    if (n->open[k].shape != m->shape) continue;
    if (m->number == n->open[k].number + 1 && m->upper == n->open[k].upper) return due_here(k, m->number);
    if (m->number == 1 && m->upper == n->open[k].upper + 1) return due_here(k, 1); /* 1.3 then 2.1 */
  }
  const int k = open_level(n, m->shape);
  if (k < 0) return fit_closed(n, m);
  if (m->number == 1 && k < n->depth - 1 && n->depth < NUMBERING_DEPTH)
    return (struct place_found){FIT_START, n->depth, 1}; /* the same shape again, further in */
  const int32_t expected = n->open[k].number + 1;
  if (m->number > expected + NUMBER_JUMP_MAX || (m->weak && m->number != 1)) return none;
  return (struct place_found){FIT_FAULT, k, expected};
}

void numbering_take(struct numbering *n, const struct marker *m, struct place_found at) {
  must(at.depth >= 0 && at.depth < NUMBERING_DEPTH);
  const bool was_open = at.depth < n->depth && n->open[at.depth].shape == m->shape;
  if (!was_open && at.fit == FIT_NEXT && m->number > 1) n->runs[m->shape] = true;
  n->open[at.depth].shape = m->shape;
  n->open[at.depth].number = m->number;
  n->open[at.depth].upper = m->upper;
  n->depth = at.depth + 1;
  n->last[m->shape] = m->number;
}

void numbering_heading(struct numbering *n) {
  n->depth = 1;
  n->open[0].shape = SHAPE_HEADING;
  n->open[0].number = 0;
  n->open[0].upper = 0;
}
