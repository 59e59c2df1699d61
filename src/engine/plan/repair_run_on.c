/* A document whose lines were run together: every heading stands in the middle of one long line.
 *
 * Only a line that holds 一、 … 二、 (or 一、 with （一） or 1. below it) behind the end of a sentence or a blank is cut:
 * enumerations inside a paragraph never use that level. Numbers count only when they are due. A line end is put before
 * each; a blank that stood there becomes it. A line that begins with a number is also cut before the next one when a
 * responsibility label stands between: 1.…。责任科室：甲科2.…。责任科室：乙科. And a heading that holds the first number below it is cut
 * when a line behind begins with the next: 一、总体要求（一）指导思想。 Linear: a marker is read only where a sentence may begin. */
#include "base/utf8.h"
#include "engine/plan/numbering.h"
#include "engine/plan/repair.h"

enum { RUN_ON_BYTES = 300, LABELLED_BYTES = 60, MARKER_BYTES = 240 };

#define ROLE_WORDS (LEX_BIT(role_lead) | LEX_BIT(role_assist) | LEX_BIT(role_any))

struct run_on {
  struct arena *mem;
  const struct lexicon *lx;
  struct str text;
  struct span line;
  changes *out;
  int32_t han, paren, arabic;
  bool fresh_paren, fresh_arabic; /* a level above has begun: 1 is due again */
  int outer, inner;               /* breaks found */
};

static bool is_blank(uint32_t c) { return c == ' ' || c == 0xA0 || c == 0x3000 || (c >= 0x2002 && c <= 0x200A); }

/* A sentence or a heading may begin behind this character. */
static bool may_end(uint32_t c) {
  return is_blank(c) || c == 0x3002 || c == 0xFF1B || c == ';' || c == 0xFF01 || c == 0xFF1F || c == ')' ||
         c == 0xFF09 || c == 0x3015 || c == 0x3011 || c == ']' || c == 0x201D || c == '!' || c == '?';
}

/* The marker at i when it is the one that is due; 0 bytes otherwise. Takes it. */
static bool take_due(struct run_on *r, uint32_t i, bool at_start) {
  struct marker m[MARKER_READINGS];
  const uint32_t stop = r->line.end - i > MARKER_BYTES ? i + MARKER_BYTES : r->line.end;
  if (!marker_read(r->lx, r->text, i, stop, m) || m[0].weak || m[0].after >= r->line.end) return false;
  const int32_t n = m[0].number;
  if (is_digit(utf8_at(r->text, m[0].after))) return false;
  switch (m[0].shape) {
    case SHAPE_HAN:
      if (n != r->han + 1 && !(at_start && !r->han)) return false;
      r->han = n;
      r->fresh_paren = r->fresh_arabic = true;
      r->outer++;
      return true;
    case SHAPE_HAN_PAREN:
      if (!r->outer || (n != r->paren + 1 && !(n == 1 && r->fresh_paren))) return false;
      r->paren = n;
      r->fresh_paren = false;
      r->fresh_arabic = true;
      r->inner++;
      return true;
    case SHAPE_ARABIC:
      if (!r->outer || (n != r->arabic + 1 && !(n == 1 && r->fresh_arabic))) return false;
      r->arabic = n;
      r->fresh_arabic = false;
      r->inner++;
      return true;
    default: return false;
  }
}

/* Behind a heading of the level above, or behind a label (责任科室：甲科2.…), a number opens an item without a stop before
 * it; 第一、二中学 and 1.5 open none. */
static bool opens_at_once(const struct run_on *r, uint32_t c, uint32_t before, bool labelled) {
  if (c == '(' || c == 0xFF08) return r->fresh_paren || labelled;
  if (is_digit(before) || before == 0x3001 || before == '.' || before == 0x7B2C) return false; /* 、 第 */
  return is_digit(c) ? r->fresh_arabic || labelled : labelled;
}

static void walk(struct run_on *r) {
  uint32_t blank_from = 0, before = ' ';
  bool due = true, labelled = false;
  for (size_t i = r->line.at; i < r->line.end;) {
    const uint32_t at = (uint32_t)i, c = utf8_next(r->text, &i);
    if (is_blank(c)) {
      if (!due || !blank_from) blank_from = at;
      due = true;
      continue;
    }
    if (c == ':' || c == 0xFF1A) labelled |= lexicon_before(r->lx, r->text, at, ROLE_WORDS) != NULL;
    const bool opens = opens_at_once(r, c, before, labelled);
    before = c;
    if ((due || opens) && take_due(r, at, at == r->line.at) && at > r->line.at) {
      const uint32_t from = blank_from ? blank_from : at;
      change_add(r->mem, r->out, from, at, STR("\n"), EDIT_LINE_BREAK, false);
      labelled = false;
    }
    blank_from = 0;
    due = may_end(c);
  }
}

/* ---- items that follow a label on one line ---- */

/* 责任科室： at i. */
static bool label_opens(const struct lexicon *lx, struct str line, size_t i) {
  const struct lex_word *word = lexicon_at(lx, line, i, ROLE_WORDS);
  const uint32_t c = word ? utf8_at(line, i + word->text.len) : 0;
  return c == ':' || c == 0xFF1A;
}

/* Place of the next colon, `end` when there is none. */
static size_t next_colon(struct str text, size_t from, size_t end) {
  const struct str rest = str_slice(text, from, end);
  const size_t narrow = str_find(rest, STR(":")), before = narrow < rest.len ? narrow : rest.len;
  const size_t wide = str_find(str_slice(rest, 0, before), STR("："));
  return from + (wide < before ? wide : before);
}

/* Place of the next colon that a word of a label stands before; `end` when there is none. */
static size_t next_label_end(const struct lexicon *lx, struct str text, size_t from, size_t end) {
  size_t colon = next_colon(text, from, end);
  while (colon < end && !lexicon_before(lx, text, colon, ROLE_WORDS)) colon = next_colon(text, colon + 1, end);
  return colon;
}

static void cut_behind_labels(struct arena *mem, const struct lexicon *lx, struct str text, struct span at,
                              changes *out) {
  struct marker first[MARKER_READINGS], m[MARKER_READINGS];
  const struct str line = str_slice(text, 0, at.end);
  if (!marker_read(lx, text, at.at, at.end, first) || first[0].weak) return;
  const int shape = first[0].shape;
  int32_t number = first[0].number;
  bool labelled = false;
  uint32_t before = ' ';
  if (shape != SHAPE_ARABIC && shape != SHAPE_HAN_PAREN && shape != SHAPE_HAN) return;
  size_t colon = next_label_end(lx, text, first[0].after, at.end);
  for (size_t i = first[0].after; i < at.end;) {
    if (i > colon) colon = next_label_end(lx, text, i, at.end);
    if (!labelled && colon == at.end) return;      /* no label can follow */
    if (!labelled && colon - i > WORD_BYTES_MAX) { /* a label stands right before its colon */
      i = colon - WORD_BYTES_MAX;
      while (((unsigned char)text.at[i] & 0xC0) == 0x80) i++;
      before = utf8_at(text, utf8_back(text, i));
    }
    const size_t here = i;
    const uint32_t c = utf8_next(text, &i);
    if (!labelled && colon - here <= WORD_BYTES_MAX) labelled = label_opens(lx, line, here);
    const bool may_open =
        labelled && !is_digit(before) && (is_digit(c) || c == '(' || c == 0xFF08 || shape == SHAPE_HAN);
    before = c;
    const size_t stop = at.end - here > MARKER_BYTES ? here + MARKER_BYTES : at.end;
    if (!may_open || !marker_read(lx, text, (uint32_t)here, (uint32_t)stop, m)) continue;
    if (m[0].shape != shape || m[0].number != number + 1 || m[0].weak || !is_han(utf8_at(text, m[0].after))) continue;
    change_add(mem, out, here, here, STR("\n"), EDIT_LINE_BREAK, false);
    number++;
    labelled = false;
  }
}

/* ---- headings that hold the first item below them ---- */

enum { GLUED_BYTES = 120, AHEAD_BYTES = 8 << 10, AHEAD_LINES = 40 };

struct glued {
  struct arena *mem;
  const struct lexicon *lx;
  struct str text;
  changes *out;
  int32_t last[SHAPE_COUNT]; /* number of the last line that began with the shape */
};

static bool reads_strong(const struct glued *g, size_t from, size_t end, struct marker *out) {
  struct marker m[MARKER_READINGS];
  const size_t stop = end - from > MARKER_BYTES ? from + MARKER_BYTES : end;
  if (!marker_read(g->lx, g->text, (uint32_t)from, (uint32_t)stop, m) || m[0].weak) return false;
  *out = m[0];
  return true;
}

static size_t line_end(struct str text, size_t from) {
  const char *nl = memchr(text.at + from, '\n', text.len - from);
  return nl ? (size_t)(nl - text.at) : text.len;
}

/* Is the next line behind that begins with a number of the shape, before the next heading, the one that follows? */
static bool next_follows(const struct glued *g, size_t end, int heading, const struct marker *m) {
  const size_t stop = g->text.len - end > AHEAD_BYTES ? end + AHEAD_BYTES : g->text.len;
  size_t from = end + 1;
  for (int n = 0; n < AHEAD_LINES && from < stop; n++) {
    const size_t to = line_end(g->text, from);
    struct marker next;
    if (reads_strong(g, from, to, &next)) {
      if (next.shape == m->shape) return next.number == m->number + 1;
      if (next.shape == heading) return false;
    }
    from = to + 1;
  }
  return false;
}

/* Shapes as they stand below one another: 一、 （一） 1. */
static bool is_below(int shape, int heading) {
  return (shape == SHAPE_HAN_PAREN && heading == SHAPE_HAN) ||
         (shape == SHAPE_ARABIC && (heading == SHAPE_HAN || heading == SHAPE_HAN_PAREN));
}

/* 一、总体要求（一）指导思想。 */
static void cut_behind_heading(struct glued *g, size_t from, size_t end) {
  struct marker head, m;
  if (!reads_strong(g, from, end, &head)) return;
  g->last[head.shape] = head.number;
  if (head.shape != SHAPE_HAN && head.shape != SHAPE_HAN_PAREN) return;
  uint32_t before = 0;
  for (size_t i = head.after; i < end && i - head.after < GLUED_BYTES;) {
    const size_t at = i;
    const uint32_t c = utf8_next(g->text, &i), left = before;
    enum { ORDINAL = 0x7B2C }; /* 第 */
    before = c;
    if (c == 0x3002) return;
    if (!is_han(left) || left == ORDINAL || !(is_digit(c) || c == '(' || c == 0xFF08)) continue;
    if (!reads_strong(g, at, end, &m) || !is_below(m.shape, head.shape) || !is_han(utf8_at(g->text, m.after))) continue;
    if (m.number != 1 && m.number != g->last[m.shape] + 1) continue;
    if (!next_follows(g, end, head.shape, &m)) continue;
    change_add(g->mem, g->out, at, at, STR("\n"), EDIT_LINE_BREAK, false);
    g->last[m.shape] = m.number;
    return;
  }
}

/* Begins with a number and holds a colon: worth a closer look. */
static bool may_hold_label(struct str text, size_t from, size_t end) {
  const unsigned char c = (unsigned char)text.at[from];
  const bool begins = (c >= '0' && c <= '9') || c == '(' || c == ' ' || c >= 0xE3;
  if (!begins || memchr(text.at + from, '\t', end - from)) return false;
  return memchr(text.at + from, ':', end - from) || str_find(str_slice(text, from, end), STR("：")) != STR_NONE;
}

void repair_run_on(struct arena *mem, const struct lexicon *lx, struct str text, changes *out) {
  struct glued glued = {.mem = mem, .lx = lx, .text = text, .out = out};
  for (size_t from = 0; from < text.len;) {
    const size_t end = line_end(text, from);
    const bool first = end - from >= RUN_ON_BYTES && str_find(str_slice(text, from, end), STR("一、")) != STR_NONE;
    if (first && !memchr(text.at + from, '\t', end - from)) {
      const size_t before = out->len;
      struct run_on r = {.mem = mem, .lx = lx, .text = text, .line = {(uint32_t)from, (uint32_t)end}, .out = out};
      walk(&r);
      if (r.outer + (r.inner > 0) < 2) out->len = before; /* one number alone says nothing */
      if (out->len == before) cut_behind_labels(mem, lx, text, r.line, out);
    } else if (end - from >= LABELLED_BYTES && may_hold_label(text, from, end)) {
      cut_behind_labels(mem, lx, text, (struct span){(uint32_t)from, (uint32_t)end}, out);
    } else {
      cut_behind_heading(&glued, from, end);
    }
    from = end + 1;
  }
}
