/* Reading of numbers with measures; see quantity.h.
 *
 * One pass over the signs of the stretch: digits, Chinese numerals, and marks that part clauses, quotes or brackets. At a
 * number the grammar is
 *
 *   quantity = number [round] [万|亿] measure [range-mark number … measure] [bound behind]
 *   number   = digits | Chinese numeral | 百分之 numeral | numeral 分之 numeral
 *
 * and what glues a number to letters, signs or other numbers (5G, 1+N, 1:1, 8:30, 2.0) makes it none. */
#include "engine/plan/quantity.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "text/numeral.h"

/* ---- marks ---- */

enum mark {
  MARK_NONE,
  MARK_CLAUSE,
  MARK_SENTENCE,
  MARK_LINE,
  MARK_OPEN_QUOTE,
  MARK_CLOSE_QUOTE,
  MARK_PLAIN_QUOTE,
  MARK_OPEN,
  MARK_CLOSE
};

static enum mark mark_of(uint32_t c) {
  switch (c) {
    case 0xFF0C:
    case ',':
    case 0xFF1B:
    case ';':
    case 0xFF1A:
    case ':': return MARK_CLAUSE; /* ，；： */
    case 0x3002:
    case 0xFF01:
    case '!':
    case 0xFF1F:
    case '?': return MARK_SENTENCE; /* 。！？ */
    case '\n':
    case '\t':
    case '\v': return MARK_LINE;
    case 0x201C:
    case 0x2018:
    case 0x300A:
    case 0x3008:
    case 0x300C:
    case 0x300E: return MARK_OPEN_QUOTE;
    case 0x201D:
    case 0x2019:
    case 0x300B:
    case 0x3009:
    case 0x300D:
    case 0x300F: return MARK_CLOSE_QUOTE;
    case '"': return MARK_PLAIN_QUOTE;
    case '(':
    case 0xFF08:
    case 0x3014:
    case '[': return MARK_OPEN;
    case ')':
    case 0xFF09:
    case 0x3015:
    case ']': return MARK_CLOSE;
    default: return MARK_NONE;
  }
}

static inline size_t char_len(unsigned char lead) {
  static const uint8_t lens[16] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4};
  return lens[lead >> 4];
}

static bool is_numeral(uint32_t c) {
  switch (c) {
    case 0x4E00:
    case 0x4E8C:
    case 0x4E24:
    case 0x4E09:
    case 0x56DB:
    case 0x4E94:
    case 0x516D:
    case 0x4E03:
    case 0x516B:
    case 0x4E5D:
    case 0x5341:
    case 0x767E:
    case 0x5343:
    case 0x3007:
    case 0x96F6: return true;
    default: return false;
  }
}

/* ---- a scan of one stretch ---- */

struct scan {
  const struct plan *p;
  struct arena *mem;
  struct reading *out;
  struct str text; /* folded, cut at the end of the stretch */
  uint32_t start;  /* of the stretch */
  uint32_t clause_at, sentence;
  int quotes, depth;
  uint32_t book_at; /* of the 《 that is open */
  bool plain_quote;
};

static bool is_letter(uint32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0xFF21 && c <= 0xFF3A) ||
         (c >= 0xFF41 && c <= 0xFF5A);
}
static bool is_plus(uint32_t c) { return c == '+' || c == 0xFF0B || c == 0xD7 || c == '*' || c == '=' || c == '#'; }
static bool is_colon(uint32_t c) { return c == ':' || c == 0xFF1A || c == 0x2236; }
static bool is_dot(uint32_t c) {
  return c == 0xB7 || c == 0x2022 || c == 0x30FB || c == '.' || c == '/' || c == '@' || c == '_';
}
static bool is_dash(uint32_t c) {
  return c == '-' || c == 0xFF0D || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 || c == '~' || c == 0xFF5E ||
         c == 0x301C || c == 0x223C;
}
static bool is_range_word(uint32_t c) { return is_dash(c) || c == 0x81F3 || c == 0x5230; } /* 至 到 */

static uint32_t char_before(const struct scan *s, size_t at) {
  return at > s->start ? utf8_at(s->text, utf8_back(s->text, at)) : 0;
}

static size_t skip_blank(struct str text, size_t at) {
  while (at < text.len && (text.at[at] == ' ' || utf8_at(text, at) == 0x3000))
    at += char_len((unsigned char)text.at[at]);
  return at;
}

/* A number of either script at `at`; returns its bytes. */
struct number {
  struct dec value, max;
  bool has_max, han, one, plain; /* plain: nothing follows 万 inside the numeral */
  int shift;                     /* 4 for a Chinese numeral of whole 万, 8 of whole 亿 */
};
static size_t read_han(struct str text, size_t at, struct number *out) {
  int64_t n = 0;
  size_t len = numeral_zh(text, at, &n);
  if (!len) return 0;
  *out = (struct number){.value = dec_int(n), .han = true, .one = n == 1};
  if (n > 0 && n < 10 && is_numeral(utf8_at(text, at + len))) { /* 一两项, 三五个 */
    int64_t m = 0;
    const size_t more = numeral_zh(text, at + len, &m);
    if (more == 3 && m == n + 1 + (n == 3 && m == 5)) {
      *out = (struct number){.value = dec_int(n), .max = dec_int(m), .has_max = true, .han = true};
      return len + more;
    }
  }
  return len;
}

static size_t read_number(struct str text, size_t at, struct number *out) {
  if (at >= text.len) return 0;
  struct dec d;
  const size_t len = numeral_arabic(text, at, &d);
  if (len) {
    *out = (struct number){.value = d};
    return len;
  }
  return is_numeral(utf8_at(text, at)) ? read_han(text, at, out) : 0;
}

/* ---- what stands behind the number ---- */

static const struct {
  const char *word;
  enum quantity_kind kind;
} kind_words[] = {{"count", QUANTITY_COUNT}, {"site", QUANTITY_COUNT},      {"times", QUANTITY_TIMES},
                  {"share", QUANTITY_SHARE}, {"money", QUANTITY_MONEY},     {"size", QUANTITY_SIZE},
                  {"rate", QUANTITY_RATE},   {"lesson", QUANTITY_LESSON},   {"span", QUANTITY_SPAN},
                  {"age", QUANTITY_AGE},     {"edition", QUANTITY_EDITION}, {"ordinal", QUANTITY_ORDINAL}};

static enum quantity_kind kind_of(const struct lex_word *w) {
  const struct str value = lex_value(w, LEX_measure_word);
  for (size_t i = 0; i < COUNT_OF(kind_words); i++)
    if (str_eqz(value, kind_words[i].word)) return kind_words[i].kind;
  return QUANTITY_COUNT;
}

struct str quantity_unit(struct str measure) {
  return str_eqz(measure, "％") ? STR("%") : measure;
}

static bool is_round(uint32_t c) { return c == 0x4F59 || c == 0x591A || c == 0x51E0 || c == 0x6765; } /* 余 多 几 来 */
static bool is_big(uint32_t c) { return c == 0x4E07 || c == 0x4EBF; }                                 /* 万 亿 */

struct measured {
  size_t end;
  struct str unit;
  enum quantity_kind kind;
  bool round, found, firm;
  int shift; /* powers of ten of 十 百 千 behind digits: 5千名 */
};

static int small_power(uint32_t c) { return c == 0x5341 ? 1 : c == 0x767E ? 2 : c == 0x5343 ? 3 : 0; }

/* [round] [十百千] [round] [万亿] [round] measure. The unit is 万 with the measure, 余 left out. */
static struct measured read_measure(const struct scan *s, size_t at, bool digits) {
  struct measured m = {.end = at};
  size_t i = skip_blank(s->text, at), big_at = 0, big_end = 0;
  for (int k = 0; k < 6 && i < s->text.len; k++) {
    const uint32_t c = utf8_at(s->text, i);
    if (is_round(c)) m.round = true;
    else if (is_big(c)) {
      if (!big_end) big_at = i;
      big_end = i + 3;
    } else if (digits && small_power(c) && !m.shift && !big_end) m.shift = small_power(c);
    else break;
    i += 3;
  }
  i = skip_blank(s->text, i);
  const struct lex_word *w =
      i < s->text.len ? lexicon_at(s->p->options.lexicon, s->text, i, LEX_BIT(measure_word)) : NULL;
  const struct lex_word *name =
      i < s->text.len ? lexicon_at(s->p->options.lexicon, s->text, i, LEX_BIT(number_name)) : NULL;
  const struct str big = str_slice(s->text, big_at, big_end);
  if (name && (!w || w->text.len < name->text.len) && !str_eqz(lex_value(name, LEX_number_name), "no"))
    return m; /* 3126工程, 100人才 */
  if (w) {
    const struct str word = quantity_unit(w->text);
    m.kind = kind_of(w);
    m.firm = str_eqz(lex_value(w, LEX_measure_word), "site");
    m.unit = big_end && big_end == i ? str_slice(s->text, big_at, i + w->text.len)
             : big_end               ? str_join(s->p->mem, big, word)
                                     : word;
    m.end = i + w->text.len;
    m.found = true;
  } else if (big_end) {
    m = (struct measured){
        .end = big_end, .unit = big, .kind = QUANTITY_COUNT, .round = m.round, .found = true, .shift = m.shift};
  } else if (digits && is_han(utf8_at(s->text, i)) && i == at + 0) {
    m.unit = str_slice(s->text, i, i + char_len((unsigned char)s->text.at[i]));
    m.kind = QUANTITY_UNLISTED;
    m.end = i + m.unit.len;
    m.found = true;
  }
  return m;
}

static void read_after(const struct scan *s, struct quantity *q) {
  const size_t at = skip_blank(s->text, q->at.end);
  const struct lex_word *w =
      at < s->text.len ? lexicon_at(s->p->options.lexicon, s->text, at,
                                    LEX_BIT(bound_after_ge) | LEX_BIT(bound_after_le) | LEX_BIT(bound_after_about))
                       : NULL;
  q->whole = q->at;
  if (!w) return;
  q->whole.end = (uint32_t)(at + w->text.len);
  q->after = w->groups & LEX_BIT(bound_after_ge)   ? BOUND_GE
             : w->groups & LEX_BIT(bound_after_le) ? BOUND_LE
                                                   : BOUND_ABOUT;
}

/* A range mark and a second number: 3-5所, 3所至5所, 60%—70%. `m` is the measure of the first, if it has one. */
static bool read_range(const struct scan *s, struct number *n, size_t *io_end, struct measured *io_m) {
  size_t at = *io_end;
  uint32_t c = utf8_at(s->text, at);
  if (n->has_max || !is_range_word(c)) return false;
  for (int k = 0; k < 2 && is_range_word(utf8_at(s->text, at)); k++) at += char_len((unsigned char)s->text.at[at]);
  struct number second;
  const size_t len = read_number(s->text, skip_blank(s->text, at), &second);
  if (!len || second.has_max) return false;
  at = skip_blank(s->text, at) + len;
  const struct measured m = read_measure(s, at, !second.han);
  if (!m.found || m.kind == QUANTITY_UNLISTED) return false;
  if (io_m && io_m->found && !str_eq(io_m->unit, m.unit)) return false;
  if (m.kind != QUANTITY_ORDINAL && dec_cmp(second.value, n->value) < 0) return false;
  n->max = second.value;
  n->has_max = true;
  if (io_m) *io_m = m;
  *io_end = m.end;
  return true;
}

/* ---- one quantity ---- */

/* What makes the number at [at, end) part of a name, ratio, clock time or version; *out_end is then behind all of it. */
static bool is_glued(const struct scan *s, size_t at, size_t end, size_t *out_end) {
  const uint32_t before = char_before(s, at), after = utf8_at(s->text, end);
  *out_end = end;
  if (is_letter(before) || is_plus(before) || before == '.' || before == '/' || before == '@') return true;
  if (is_colon(before) && at > s->start + 3 && is_digit(char_before(s, utf8_back(s->text, at))))
    return true; /* 3:4:3 */
  const size_t next = end < s->text.len ? end + char_len((unsigned char)s->text.at[end]) : end;
  const bool digit_next = is_digit(utf8_at(s->text, next));
  if (is_plus(after) || ((is_colon(after) || is_dot(after)) && digit_next)) {
    struct dec rest;
    *out_end = next + (digit_next ? numeral_arabic(s->text, next, &rest) : 0);
    return true;
  }
  if (after == 0x6BD4 && digit_next) { /* 1比20 */
    struct dec rest;
    *out_end = next + numeral_arabic(s->text, next, &rest);
    return true;
  }
  return false;
}

/* 三分之一 is 1 of the unit "/3"; 百分之八十 is 80 %, 千分之三 3 ‰. */
static bool read_fraction(struct number *n, struct str text, size_t *io_end, struct measured *out_m) {
  const struct str of = STR("分之");
  if (!str_starts(str_from(text, *io_end), of)) return false;
  struct number top;
  const size_t len = read_number(text, *io_end + of.len, &top);
  if (!len) return false;
  static const struct {
    int64_t of;
    const char *unit;
  } units[] = {{2, "/2"}, {3, "/3"}, {4, "/4"}, {5, "/5"}, {10, "/10"}, {100, "%"}, {1000, "‰"}};
  for (size_t i = 0; i < COUNT_OF(units); i++) {
    if (!dec_eq(n->value, dec_int(units[i].of))) continue;
    n->value = top.value;
    n->one = false;
    *io_end += of.len + len;
    *out_m = (struct measured){.end = *io_end, .unit = str_of(units[i].unit), .kind = QUANTITY_SHARE, .found = true};
    return true;
  }
  return false;
}

/* 3/4 right before a noun or a bound, 全区3/4以上学校: 3 of the unit "/4". */
static bool read_slash(const struct scan *s, size_t at, struct number *n, size_t *io_end, struct measured *out_m) {
  static const char *const units[] = {"/2", "/3", "/4", "/5"};
  enum { LEAST = 2 };
  struct number below;
  const size_t slash = *io_end, len = s->text.at[slash] == '/' ? read_number(s->text, slash + 1, &below) : 0;
  if (!len || below.han || below.value.scale || n->value.scale || below.value.digits < LEAST) return false;
  if (below.value.digits - LEAST >= (int64_t)COUNT_OF(units) || n->value.digits >= below.value.digits) return false;
  if (n->value.digits == 0 || !is_han(char_before(s, at)) || !is_han(utf8_at(s->text, slash + 1 + len))) return false;
  *io_end = slash + 1 + len;
  *out_m = (struct measured){
      .end = *io_end, .unit = str_of(units[below.value.digits - LEAST]), .kind = QUANTITY_SHARE, .found = true};
  return true;
}

/* 1.13所 at the start of a line or sentence: the number of an item, and 13所. A count of things has no such fraction. */
static bool holds_item_number(const struct scan *s, size_t at, const struct number *n, const struct measured *m) {
  if (n->han || !n->value.scale || n->has_max || m->kind != QUANTITY_COUNT || is_big(utf8_at(m->unit, 0))) return false;
  const uint32_t before = char_before(s, at);
  return !before || before == '\n' || before == 0x3002 || before == 0xFF1B;
}

/* 一半 and 半数 are 1 of the unit "/2". */
static bool read_half(struct number *n, struct str text, size_t at, size_t *io_end, struct measured *out_m) {
  enum { HALF = 0x534A, NUMBER = 0x6570 };
  const bool one = n->one && utf8_at(text, *io_end) == HALF;
  if (!one && !(utf8_at(text, at) == HALF && utf8_at(text, at + 3) == NUMBER)) return false;
  *n = (struct number){.value = dec_int(1), .han = true};
  *io_end = one ? *io_end + 3 : at + 6;
  *out_m = (struct measured){.end = *io_end, .unit = STR("/2"), .kind = QUANTITY_SHARE, .found = true};
  return true;
}

/* 控制在12/10万以内: so many in a hundred thousand; the unit is all of "/10万". */
static bool read_per_number(struct str text, size_t end, struct measured *out_m) {
  struct dec of;
  if (utf8_at(text, end) != '/') return false;
  const size_t len = numeral_arabic(text, end + 1, &of), to = end + 1 + len;
  if (!len || !is_big(utf8_at(text, to)) || !(dec_eq(of, dec_int(10)) || dec_eq(of, dec_int(1)))) return false;
  *out_m =
      (struct measured){.end = to + 3, .unit = str_slice(text, end, to + 3), .kind = QUANTITY_SHARE, .found = true};
  return true;
}

/* 三万 of a Chinese numeral is written 3 with the unit 万, as with digits. */
static void lift_big(const struct scan *s, struct number *n, size_t end, struct measured *m) {
  if (!n->han || n->has_max || n->value.digits < 10000 || n->value.digits % 10000) return;
  const struct str big = str_slice(s->text, end - 3, end);
  if (!is_big(utf8_at(big, 0)) || n->value.digits % (utf8_at(big, 0) == 0x4EBF ? 100000000 : 10000)) return;
  n->value.digits /= utf8_at(big, 0) == 0x4EBF ? 100000000 : 10000;
  m->unit = end + m->unit.len == m->end ? str_slice(s->text, end - 3, m->end) : str_join(s->p->mem, big, m->unit);
}

static size_t behind_joiner(struct str text, size_t at) {
  const uint32_t c = utf8_at(text, at);
  return c == 0x3001 || c == 0x548C ? at + 3 : at; /* 、 和 */
}

/* 提高2个、3个百分点: the first counts points too. */
static void share_measure(struct scan *s, const struct quantity *q) {
  if (!s->out->quantities.len || q->kind != QUANTITY_SHARE) return;
  struct quantity *last = &vec_last(&s->out->quantities);
  if (last->clause == q->clause && last->kind == QUANTITY_COUNT && last->unit.len < q->unit.len &&
      str_starts(q->unit, last->unit) && last->whole.end == last->at.end &&
      behind_joiner(s->text, last->at.end) == q->at.at && last->at.end != q->at.at) {
    last->unit = q->unit;
    last->kind = q->kind;
  }
}

/* 小学、初中分别达到60、80所: the measure stands once, behind the last of the amounts. */
static struct measured measure_of_next(const struct scan *s, size_t end) {
  enum { REACH = 180, NEXT = 4 };
  struct measured none = {.end = end};
  const size_t from = end - s->clause_at > REACH ? end - REACH : s->clause_at;
  size_t at = end;
  if (str_find(str_slice(s->text, from, end), STR("分别")) == STR_NONE) return none;
  for (int k = 0; k < NEXT; k++) {
    struct number n;
    const size_t next = behind_joiner(s->text, at), len = next > at ? read_number(s->text, next, &n) : 0;
    if (!len) return none;
    struct measured m = read_measure(s, next + len, !n.han);
    at = next + len;
    if (!m.found) continue;
    if (m.kind == QUANTITY_ORDINAL || m.kind == QUANTITY_UNLISTED || m.kind == QUANTITY_EDITION) return none;
    m.end = end;
    return m;
  }
  return none;
}

static void add_quantity(struct scan *s, size_t at, const struct number *n, const struct measured *m) {
  struct quantity q = {.at = {(uint32_t)at, (uint32_t)m->end},
                       .clause = (uint32_t)s->out->clauses.len,
                       .value = n->value,
                       .max = n->max,
                       .has_max = n->has_max,
                       .unit = m->unit,
                       .kind = m->kind,
                       .han = n->han,
                       .one = n->one,
                       .firm = m->firm,
                       .quoted = s->quotes > 0 || s->plain_quote,
                       .depth = s->depth};
  if (m->shift && !dec_shift(q.value, m->shift, &q.value)) return;
  if (m->shift && q.has_max && !dec_shift(q.max, m->shift, &q.max)) return;
  read_after(s, &q);
  if (m->round && q.after == BOUND_EQ) q.after = BOUND_ABOUT;
  share_measure(s, &q);
  vec_push(s->mem, &s->out->quantities) = q;
}

/* Reads at a digit or numeral; returns the place behind what was taken. */
static size_t take_number(struct scan *s, size_t at) {
  struct number n = {0};
  struct measured m = {0};
  const size_t len = read_number(s->text, at, &n);
  size_t end = at + len;
  if ((n.han || !len) && read_half(&n, s->text, at, &end, &m)) {
    add_quantity(s, at, &n, &m);
    return end;
  }
  if (!len) { /* more digits than a number can have */
    while (end < s->text.len && (is_digit(utf8_at(s->text, end)))) end += char_len((unsigned char)s->text.at[end]);
    return end > at ? end : at + char_len((unsigned char)s->text.at[at]);
  }
  if (n.han && read_fraction(&n, s->text, &end, &m)) {
    add_quantity(s, at, &n, &m);
    return m.end;
  }
  if (!n.han && read_per_number(s->text, end, &m)) {
    add_quantity(s, at, &n, &m);
    return m.end;
  }
  if (!n.han && end < s->text.len && read_slash(s, at, &n, &end, &m)) {
    add_quantity(s, at, &n, &m);
    return m.end;
  }
  if (!n.han && is_glued(s, at, end, &end)) return end;
  if (read_range(s, &n, &end, &m)) {
    add_quantity(s, at, &n, &m);
    return m.end;
  }
  m = read_measure(s, end, !n.han);
  if (!m.found || m.kind == QUANTITY_UNLISTED) {
    const struct measured next = measure_of_next(s, end);
    if (next.found) m = next;
  }
  if (!m.found) return end;
  if (holds_item_number(s, at, &n, &m)) return m.end;
  if (n.han) lift_big(s, &n, end, &m);
  size_t behind = m.end;
  if (m.kind != QUANTITY_ORDINAL && m.kind != QUANTITY_UNLISTED && read_range(s, &n, &behind, &m)) m.end = behind;
  add_quantity(s, at, &n, &m);
  return m.end;
}

/* ---- the pass ---- */

static void end_clause(struct scan *s, size_t at, uint32_t mark) {
  vec_push(s->mem, &s->out->clauses) =
      (struct quantity_clause){.at = {s->clause_at, (uint32_t)at}, .mark = mark, .sentence = s->sentence};
}

/* A comma between digits belongs to no clause, nor a colon. */
static bool parts_clause(const struct scan *s, size_t at, size_t next, uint32_t c) {
  return c > 0x7F || !(is_digit(char_before(s, at)) && is_digit(utf8_at(s->text, next)) && c != ';');
}

static void take_mark(struct scan *s, size_t at, size_t next, uint32_t c, enum mark mark) {
  switch (mark) {
    case MARK_OPEN_QUOTE:
      if (c == 0x300A) s->book_at = (uint32_t)at;
      if (s->quotes < PLAN_DEPTH_MAX) s->quotes++;
      return;
    case MARK_CLOSE_QUOTE:
      if (c == 0x300B && s->quotes) vec_push(s->mem, &s->out->books) = (struct span){s->book_at, (uint32_t)next};
      if (s->quotes) s->quotes--;
      return;
    case MARK_PLAIN_QUOTE: s->plain_quote = !s->plain_quote; return;
    case MARK_OPEN:
      if (s->depth < PLAN_DEPTH_MAX) s->depth++;
      return;
    case MARK_CLOSE:
      if (s->depth) s->depth--;
      return;
    case MARK_LINE:
    case MARK_SENTENCE:
      s->quotes = s->depth = 0;
      s->plain_quote = false;
      break;
    case MARK_CLAUSE:
    case MARK_NONE: break;
  }
  if (mark == MARK_CLAUSE && !parts_clause(s, at, next, c)) return;
  end_clause(s, at, c);
  if (mark != MARK_CLAUSE) s->sentence++;
  s->clause_at = (uint32_t)next;
}

const struct reading *quantity_read(struct reader *r, struct span stretch) {
  struct reading *out = &r->last;
  out->quantities.len = out->clauses.len = out->books.len = 0;
  struct scan s = {.p = r->p,
                   .mem = r->scratch,
                   .out = out,
                   .text = str_slice(r->p->folded, 0, stretch.end),
                   .start = stretch.at,
                   .clause_at = stretch.at};
  uint32_t done = stretch.at;
  for (const struct sign *x = sign_from(&r->p->signs, stretch.at); x->at < stretch.end; x++) {
    if (x->at < done) continue; /* inside a number */
    if (x->kind == SIGN_DIGIT || x->kind == SIGN_NUMERAL) {
      done = (uint32_t)take_number(&s, x->at);
      while (is_digit(utf8_at(s.text, done))) done = (uint32_t)take_number(&s, done); /* the rest of a run */
    } else {
      const enum mark mark = mark_of(x->c);
      if (mark) take_mark(&s, x->at, x->at + x->len, x->c, mark);
    }
  }
  end_clause(&s, s.text.len, 0);
  return out;
}

static void *kept(struct arena *mem, const void *at, size_t bytes) {
  void *to = arena_take(mem, bytes);
  return bytes ? memcpy(to, at, bytes) : to;
}

/* A text crowded with numbers is read again rather than kept: a reading takes several times its words. */
static bool may_keep(struct reader *r, size_t bytes) {
  enum { FACTOR = 2, FREE = 512 << 10 };
  if (!r->keeps || r->kept + bytes > r->p->folded.len * FACTOR + FREE) return false;
  r->kept += bytes;
  return true;
}

const struct reading *quantities_of(struct reader *r, struct item *it, size_t i) {
  struct arena *mem = r->p->mem;
  if (!it->readings && may_keep(r, it->stretches.len * sizeof *it->readings))
    it->readings = arena_new_n(mem, struct reading, it->stretches.len);
  struct reading *known = it->readings ? &it->readings[i] : NULL;
  if (known && known->clauses.at) return known;
  const struct reading *x = quantity_read(r, it->stretches.at[i]);
  const size_t quantities = x->quantities.len * sizeof *x->quantities.at,
               clauses = x->clauses.len * sizeof *x->clauses.at, books = x->books.len * sizeof *x->books.at;
  if (!known || !may_keep(r, quantities + clauses + books)) return x;
  *known = (struct reading){.quantities = {kept(mem, x->quantities.at, quantities), x->quantities.len, 0},
                            .clauses = {kept(mem, x->clauses.at, clauses), x->clauses.len, 0},
                            .books = {kept(mem, x->books.at, books), x->books.len, 0}};
  return known;
}
