/* Paragraphs: sentences, responsibility labels, enumerated points.
 *
 * One scan finds the marks of a paragraph; brackets are matched with a stack, and only outermost pairs count, so that ten
 * thousand open brackets cost ten thousand steps. A bracket is a label when its words say so (rules/plan: roles, label_end,
 * names of units); what the units are called and who leads is read later (parties.c). A sentence never ends inside
 * a closed bracket. The cut gives every byte to exactly one leaf. */
#include "base/limits.h"
#include "base/utf8.h"
#include "engine/plan/structure.h"
#include "text/numeral.h"

#define ROLE_WORDS (LEX_BIT(role_lead) | LEX_BIT(role_assist) | LEX_BIT(role_guide) | LEX_BIT(role_any))
#define UNIT_WORDS (LEX_BIT(unit_suffix) | LEX_BIT(unit_word))

enum mark_kind { MARK_STOP, MARK_OPEN, MARK_CLOSE, MARK_QUOTE_CLOSE };
struct mark {
  uint32_t at;
  uint8_t len, kind;
};
struct pair {
  uint32_t open, close; /* close: behind the bracket */
};
struct paragraph_scan {
  struct arena *tmp;
  VEC(struct mark) marks;
  VEC(uint32_t) stack;
  VEC(struct pair) pairs; /* outermost, in order */
  bool has_second;        /* 二是, （2） ... stands somewhere */
};

struct paragraph_scan *paragraph_new(struct arena *tmp) {
  struct paragraph_scan *s = arena_new(tmp, struct paragraph_scan);
  s->tmp = tmp;
  return s;
}

/* ---- words ---- */

static bool is_space(uint32_t c) {
  return c == ' ' || c == '\t' || c == 0x0B || c == 0x3000 || c == 0xA0 || (c >= 0x2002 && c <= 0x200A);
}

static uint32_t skip_left(struct str s, uint32_t from, uint32_t to) {
  while (from < to) {
    size_t next = from;
    if (!is_space(utf8_next(s, &next))) break;
    from = (uint32_t)next;
  }
  return from;
}
static uint32_t skip_right(struct str s, uint32_t from, uint32_t to) {
  while (to > from) {
    const size_t before = utf8_back(s, to);
    if (!is_space(utf8_at(s, before))) break;
    to = (uint32_t)before;
  }
  return to;
}

/* 责任单位： at i; returns where the names begin, 0 when there is none. `bare`: a blank or 为 will do for a colon. */
static uint32_t role_and_colon(const struct work *w, uint32_t i, uint32_t to, bool bare) {
  const struct lex_word *word = lexicon_at(w->lx, str_slice(w->text, 0, to), i, ROLE_WORDS);
  if (!word) return 0;
  const uint32_t at = i + (uint32_t)word->text.len;
  const uint32_t gap = skip_left(w->text, at, to);
  const uint32_t c = gap < to ? utf8_at(w->text, gap) : 0;
  if (c == 0xFF1A) return gap + 3;
  if (c == ':') return gap + 1;
  if (!bare || word->text.len < 12) return 0;
  if (c == 0x4E3A) return gap + 3; /* 牵头单位为 */
  return gap > at ? gap : 0;
}

static bool parts_names(uint32_t c) {
  return c == 0x3001 || c == 0xFF0C || c == ',' || c == 0xFF1B || c == ';' || c == 0x0B;
}

static int bracket_of(uint32_t c, bool open) {
  if (c == (open ? '(' : ')') || c == (open ? '[' : ']')) return 1;
  const bool wide = open ? c == 0xFF08 || c == 0x3014 || c == 0x3010 || c == 0xFF3B
                         : c == 0xFF09 || c == 0x3015 || c == 0x3011 || c == 0xFF3D;
  return wide ? 3 : 0;
}
static int bracket_len(struct str s, size_t i, bool open) { return bracket_of(utf8_at(s, i), open); }

/* A、B: every part ends as the name of a unit does. */
static bool all_units(const struct work *w, uint32_t from, uint32_t to) {
  const struct str s = str_slice(w->text, 0, to);
  uint32_t begin = from;
  int depth = 0; /* 各县（市、区） is one name */
  for (size_t i = from; i <= to;) {
    size_t next = i;
    const uint32_t c = i < to ? utf8_next(s, &next) : 0;
    if (i < to) depth += bracket_len(s, i, true) ? 1 : bracket_len(s, i, false) && depth ? -1 : 0;
    if (i == to || (!depth && parts_names(c))) {
      const uint32_t a = skip_left(s, begin, (uint32_t)i), b = skip_right(s, a, (uint32_t)i);
      if (b - a < 6 || b - a > UNIT_CHARS * 3 || !lexicon_before(w->lx, str_slice(s, a, b), b - a, UNIT_WORDS))
        return false;
      begin = (uint32_t)next;
    }
    if (i == to) break;
    i = next;
  }
  return true;
}

/* The first word for a leader in text[from..to) stands behind an office: A牵头，各单位配合. */
static bool led_by_unit(const struct work *w, uint32_t from, uint32_t to) {
  const lex_hits *hits = &w->p->hits;
  for (size_t h = lex_first(hits, from); h < hits->len && hits->at[h].at < to; h++) {
    const uint32_t at = hits->at[h].at;
    if (lexicon_hit_in(w->lx, hits->at[h].word, LEX_BIT(role_lead)))
      return lexicon_before(w->lx, str_slice(w->text, from, to), at - from, UNIT_WORDS) != NULL;
  }
  return false;
}

/* A、B负责; A牵头，B、C配合; A、B等按职责分工负责 */
static bool ends_in_charge(const struct work *w, uint32_t from, uint32_t to) {
  const struct str s = str_slice(w->text, from, to);
  if (str_find(s, STR("。")) != STR_NONE) return false;
  const struct lex_word *word = lexicon_before(w->lx, s, s.len, LEX_BIT(label_end));
  if (!word || word->text.len >= s.len) return false;
  size_t end = s.len - word->text.len;
  const struct lex_word *manner = lexicon_before(w->lx, s, end, LEX_BIT(role_manner)); /* 分别牵头负责 */
  if (manner && manner->text.len < end) end -= manner->text.len;
  if (end >= 3 && str_ends(str_slice(s, 0, end), STR("等"))) end -= 3;
  if (lexicon_before(w->lx, s, end, UNIT_WORDS)) return true;
  return led_by_unit(w, from, to);
}

/* 责任领导：张三；责任科室：A: a later field names an office. */
static bool later_field(const struct work *w, uint32_t from, uint32_t to) {
  const struct lex_word *word = lexicon_at(w->lx, str_slice(w->text, 0, to), from, LEX_BIT(role_skip));
  if (!word) return false;
  for (size_t i = from; i < to;) {
    const uint32_t c = utf8_next(w->text, &i);
    if ((parts_names(c) || c == ' ' || c == 0x3000) &&
        role_and_colon(w, skip_left(w->text, (uint32_t)i, to), to, false))
      return true;
  }
  return false;
}

/* A、B负责，2026年底前完成; 由A牵头，会同B: the first part that ends in charge decides. */
static bool part_in_charge(const struct work *w, uint32_t from, uint32_t to) {
  for (size_t i = from; i < to;) {
    const uint32_t at = (uint32_t)i, c = utf8_next(w->text, &i);
    if ((c == 0xFF0C || c == ',' || c == 0xFF1B) && ends_in_charge(w, from, at)) return true;
  }
  return ends_in_charge(w, from, to);
}

/* A、B；排第一位的为牵头单位，下同 */
static bool units_and_rule(const struct work *w, uint32_t from, uint32_t to) {
  uint32_t part = 0; /* end of the units, when a rule follows */
  const struct str s = str_slice(w->text, 0, to);
  for (size_t i = from; i < to;) {
    const uint32_t at = (uint32_t)i;
    if (lexicon_at(w->lx, s, at, LEX_BIT(role_first))) return part && all_units(w, from, part);
    const uint32_t c = utf8_next(w->text, &i);
    if (c == 0xFF0C || c == ',' || c == 0xFF1B || c == ';') part = at;
  }
  return false;
}

/* The words between brackets are a label. `at_edge`: behind a sentence or at the end of one; `at_end`: both, where bare
 * names will do. */
static bool label_words(const struct work *w, uint32_t from, uint32_t to, bool at_edge, bool at_end) {
  from = skip_left(w->text, from, to);
  to = skip_right(w->text, from, to);
  if (from >= to || to - from > LABEL_CHARS * 3) return false;
  if (role_and_colon(w, from, to, true) || later_field(w, from, to)) return true;
  if (at_edge && (part_in_charge(w, from, to) || units_and_rule(w, from, to))) return true;
  return at_end && all_units(w, from, to);
}

/* 【责任单位】A、B: the bracket holds the word, the names follow. */
static bool role_alone(const struct work *w, uint32_t from, uint32_t to) {
  const struct lex_word *word = lexicon_at(w->lx, str_slice(w->text, 0, to), from, ROLE_WORDS);
  return word && from + word->text.len == to && word->text.len >= 12;
}

/* 牵头领导：张某, 完成时限：9月底 on their own line. */
static bool person_or_date_line(const struct work *w, uint32_t from, uint32_t to) {
  if (to - from > UNIT_CHARS * 3 || from >= to) return false;
  const struct str s = str_slice(w->text, 0, to);
  const struct lex_word *word = lexicon_at(w->lx, s, from, LEX_BIT(role_skip));
  const uint32_t c = word && (word->groups & LEX_BIT(role_line)) ? utf8_at(s, from + word->text.len) : 0;
  return (c == ':' || c == 0xFF1A) && str_find(str_from(s, from), STR("。")) == STR_NONE;
}

bool label_is_line(const struct work *w, uint32_t from, uint32_t to) {
  if (role_and_colon(w, from, to, false) || person_or_date_line(w, from, to)) return true;
  const int open = bracket_len(w->text, from, true);
  if (!open) return false;
  int depth = 0;
  const uint32_t stop = to - from > LABEL_CHARS * 3 ? from + LABEL_CHARS * 3 : to;
  for (size_t i = from; i < stop;) {
    const size_t at = i;
    (void)utf8_next(w->text, &i);
    depth += bracket_len(w->text, at, true) > 0;
    if (!bracket_len(w->text, at, false) || --depth > 0) continue;
    const uint32_t a = from + (uint32_t)open;
    if (role_alone(w, a, (uint32_t)at)) return true;
    const uint32_t rest = skip_left(w->text, (uint32_t)i, to);
    return (rest >= to || to - rest <= 3) && label_words(w, a, (uint32_t)at, true, true);
  }
  return false;
}

/* Start of the sentence in which `at` stands is right before it. */
static bool after_stop(const struct work *w, uint32_t from, uint32_t at) {
  const uint32_t before = skip_right(w->text, from, at);
  if (before <= from) return true;
  const size_t last = utf8_back(w->text, before);
  return is_sentence_mark(utf8_at(w->text, last)) || bracket_len(w->text, last, false) > 0;
}

bool label_at_end(const struct work *w, uint32_t from, uint32_t to, struct span *out) {
  uint32_t end = skip_right(w->text, from, to);
  if (end > from + 3 && str_ends(str_slice(w->text, from, end), STR("。"))) end = skip_right(w->text, from, end - 3);
  if (end <= from) return false;
  const size_t close = utf8_back(w->text, end);
  if (!bracket_len(w->text, close, false)) return false;
  const uint32_t stop = end - from > LABEL_CHARS * 3 ? end - LABEL_CHARS * 3 : from;
  int depth = 0;
  for (size_t i = end; i > stop;) {
    i = utf8_back(w->text, i);
    if (utf8_is_inner(w->text, i)) continue;
    depth += bracket_len(w->text, i, false) > 0;
    const int open = bracket_len(w->text, i, true);
    if (!open || --depth > 0) continue;
    const bool behind = after_stop(w, from, (uint32_t)i);
    if (!label_words(w, (uint32_t)i + (uint32_t)open, (uint32_t)close, true, behind)) return false;
    *out = (struct span){(uint32_t)i, end};
    return true;
  }
  return false;
}

/* ---- marks ---- */

static void add_mark(struct paragraph_scan *scan, const struct sign *s, enum mark_kind kind) {
  vec_push(scan->tmp, &scan->marks) = (struct mark){s->at, s->len, (uint8_t)kind};
}

/* 二是 二要 （2 (二 ②: a list of points has its second. */
static bool is_second(struct str s, const struct sign *x, uint32_t to) {
  const struct str behind = str_slice(s, x->at + x->len, to);
  if (x->c == 0x4E8C) return str_starts(behind, STR("是")) || str_starts(behind, STR("要"));
  if (x->c == '(' || x->c == 0xFF08) return str_starts(behind, STR("2")) || str_starts(behind, STR("二"));
  return x->c == 0x2461;
}

/* Marks of text[from..to). */
static void find_marks(struct paragraph_scan *scan, const struct work *w, uint32_t from, uint32_t to) {
  for (const struct sign *x = sign_from(&w->p->signs, from); x->at < to; x++) {
    if (is_second(w->text, x, to)) scan->has_second = true;
    if (x->kind == SIGN_STOP) add_mark(scan, x, MARK_STOP);
    else if (x->c == 0x201D) add_mark(scan, x, MARK_QUOTE_CLOSE);
    else if (bracket_of(x->c, true)) add_mark(scan, x, MARK_OPEN);
    else if (bracket_of(x->c, false)) add_mark(scan, x, MARK_CLOSE);
  }
}

/* Outermost closed pairs, in order: a pair drops those it encloses. */
static void match_brackets(struct paragraph_scan *scan) {
  scan->stack.len = 0;
  scan->pairs.len = 0;
  vec_each(struct mark, m, &scan->marks) {
    if (m->kind == MARK_OPEN) vec_push(scan->tmp, &scan->stack) = m->at;
    if (m->kind != MARK_CLOSE || !scan->stack.len) continue;
    const struct pair made = {vec_last(&scan->stack), m->at + m->len};
    scan->stack.len--;
    while (scan->pairs.len && vec_last(&scan->pairs).open > made.open) scan->pairs.len--;
    vec_push(scan->tmp, &scan->pairs) = made;
  }
}

/* ---- the cut ---- */

struct cut {
  struct paragraph_scan *scan;
  const struct work *w;
  const struct paragraph_sink *sink;
  uint32_t from, to, at; /* at: first byte without leaf */
};

static void put(struct cut *c, enum node_kind kind, uint32_t end) {
  if (end <= c->at) return;
  c->sink->leaf(c->sink->to, kind, c->at, end);
  c->at = end;
}

/* The sentence up to `end`, blanks apart. */
static void put_sentence(struct cut *c, uint32_t end) {
  const uint32_t begin = skip_left(c->w->text, c->at, end), stop = skip_right(c->w->text, begin, end);
  put(c, NODE_BLANK, begin);
  put(c, NODE_SENTENCE, stop);
  put(c, NODE_BLANK, end);
}

static void put_label(struct cut *c, struct span label, uint32_t end) {
  put_sentence(c, label.at);
  c->sink->label(c->sink->to, label);
  put(c, NODE_LABEL, end);
}

/* 责任单位：A、B or 责任领导：甲 责任单位：A without brackets at the beginning of a sentence: a label to the end of the
 * paragraph. */
static bool label_to_end(struct cut *c) {
  const uint32_t begin = skip_left(c->w->text, c->at, c->to);
  if (begin >= c->to || c->to - begin > LABEL_CHARS * 3) return false;
  if (!role_and_colon(c->w, begin, c->to, false) && !later_field(c->w, begin, c->to)) return false;
  put(c, NODE_BLANK, begin);
  put_label(c, (struct span){begin, skip_right(c->w->text, begin, c->to)}, c->to);
  return true;
}

/* A closed bracket: a label, or part of its sentence. */
static void take_pair(struct cut *c, const struct pair *b) {
  const struct str s = c->w->text;
  const uint32_t inner = b->open + (uint32_t)bracket_len(s, b->open, true);
  const uint32_t close = (uint32_t)utf8_back(s, b->close);
  const bool behind = after_stop(c->w, c->from, b->open);
  if (behind && role_alone(c->w, inner, close)) {
    put_label(c, (struct span){b->open, skip_right(s, b->open, c->to)}, c->to);
    return;
  }
  const uint32_t rest = skip_left(s, b->close, c->to);
  const bool stop_follows = rest < c->to && utf8_at(s, rest) == 0x3002;
  const bool last = rest >= c->to || (stop_follows && skip_left(s, rest + 3, c->to) >= c->to);
  if (!label_words(c->w, inner, close, behind || last || stop_follows, behind && last)) return;
  put_label(c, (struct span){b->open, b->close}, stop_follows ? rest + 3 : b->close);
}

/* Marks that follow a stop at once belong to it: ？！ 。” */
static uint32_t stop_end(const struct paragraph_scan *scan, size_t *io_k) {
  uint32_t end = scan->marks.at[*io_k].at + scan->marks.at[*io_k].len;
  while (*io_k + 1 < scan->marks.len) {
    const struct mark *next = &scan->marks.at[*io_k + 1];
    if (next->at != end || (next->kind != MARK_STOP && next->kind != MARK_QUOTE_CLOSE)) break;
    *io_k += 1;
    end = next->at + next->len;
  }
  return end;
}

static void cut_marks(struct cut *c) {
  struct paragraph_scan *scan = c->scan;
  size_t pair = 0;
  uint32_t closed_until = 0;
  for (size_t k = 0; k < scan->marks.len && c->at < c->to; k++) {
    const struct mark *m = &scan->marks.at[k];
    if (m->at < closed_until || m->at < c->at) continue;
    while (pair < scan->pairs.len && scan->pairs.at[pair].open < m->at) pair++;
    if (m->kind == MARK_OPEN && pair < scan->pairs.len && scan->pairs.at[pair].open == m->at) {
      closed_until = scan->pairs.at[pair].close;
      take_pair(c, &scan->pairs.at[pair]);
      continue;
    }
    if (m->kind != MARK_STOP) continue;
    put_sentence(c, stop_end(scan, &k));
    if (label_to_end(c)) return;
  }
}

bool paragraph_cut(struct paragraph_scan *scan, const struct work *w, uint32_t from, uint32_t to,
                   const struct paragraph_sink *sink) {
  scan->marks.len = 0;
  scan->has_second = false;
  struct cut c = {.scan = scan, .w = w, .sink = sink, .from = from, .to = to, .at = from};
  if (label_is_line(w, from, to)) {
    put_label(&c, (struct span){from, skip_right(w->text, from, to)}, to);
    return false;
  }
  find_marks(scan, w, from, to);
  match_brackets(scan);
  cut_marks(&c);
  put_sentence(&c, to);
  return scan->has_second;
}

/* ---- inline points ---- */

/* The k-th mark of a style; empty when the style does not go so far. */
static struct str point_mark(struct arena *mem, int style, int k) {
  static const char *const circled[] = {"①", "②", "③", "④", "⑤", "⑥", "⑦", "⑧", "⑨", "⑩"};
  const struct str zh = numeral_zh_text(mem, k);
  switch (style) {
    case 0: return str_join(mem, zh, STR("是"));
    case 1: return str_join(mem, zh, STR("要"));
    case 2: return str_fmt(mem, "（%d）", k);
    case 3: return str_fmt(mem, "(%d)", k);
    case 4: return str_fmt(mem, "（" STRF "）", STRA(zh));
    case 5: return str_fmt(mem, "(" STRF ")", STRA(zh));
    default: return k <= (int)COUNT_OF(circled) ? str_of(circled[k - 1]) : (struct str){0};
  }
}

enum { POINT_STYLES = 7, POINTS_MAX = 60 };

static uint32_t sentence_end(struct str s, uint32_t from, uint32_t to) {
  const size_t line = str_find(str_slice(s, from, to), STR("\n"));
  const struct str rest = str_slice(s, from, line == STR_NONE ? to : from + line);
  const size_t stop = str_find(rest, STR("。"));
  return from + (uint32_t)(stop == STR_NONE ? rest.len : stop + 3);
}

static void points_of_style(struct arena *mem, struct str s, struct span body, int style, plan_spans *out) {
  AUTO_ARENA scratch = {0};
  uint32_t at = body.at;
  const size_t before = out->len;
  for (int k = 1; k <= POINTS_MAX; k++) {
    const struct str mark = point_mark(&scratch, style, k);
    const size_t found = mark.len ? str_find(str_slice(s, at, body.end), mark) : STR_NONE;
    if (found == STR_NONE) break;
    const uint32_t here = at + (uint32_t)found;
    if (k > 1) vec_last(out).end = skip_right(s, vec_last(out).at, here);
    vec_push(mem, out) = (struct span){here, here};
    at = here + (uint32_t)mark.len;
  }
  if (out->len < before + 2) {
    out->len = before;
    return;
  }
  vec_last(out).end = sentence_end(s, at, body.end);
}

void points_inline(struct arena *mem, struct str text, struct span body, plan_spans *out) {
  for (int style = 0; style < POINT_STYLES; style++) points_of_style(mem, text, body, style, out);
}
