/* A document whose lines were run together: every heading stands in the middle of one long line.
 *
 * Only a line that holds 一、 … 二、 (or 一、 with （一） or 1. below it) behind the end of a sentence or a blank is cut:
 * enumerations inside a paragraph never use that level. Numbers count only when they are due. A line end is put before
 * each; a blank that stood there becomes it. Linear: a marker is read only where a sentence may begin. */
#include "base/utf8.h"
#include "engine/plan/numbering.h"
#include "engine/plan/repair.h"

enum { RUN_ON_BYTES = 300, MARKER_BYTES = 240 };

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
         c == 0xFF09 || c == 0x3015 || c == 0x3011 || c == ']' || c == 0x201D;
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

static void walk(struct run_on *r) {
  uint32_t blank_from = 0;
  bool due = true;
  for (size_t i = r->line.at; i < r->line.end;) {
    const uint32_t at = (uint32_t)i, c = utf8_next(r->text, &i);
    if (is_blank(c)) {
      if (!due || !blank_from) blank_from = at;
      due = true;
      continue;
    }
    const bool opens = (c == '(' || c == 0xFF08) && r->fresh_paren; /* 二、主要任务（一）… without a stop */
    if ((due || opens) && take_due(r, at, at == r->line.at) && at > r->line.at) {
      const uint32_t from = blank_from ? blank_from : at;
      change_add(r->mem, r->out, from, at, STR("\n"), EDIT_LINE_BREAK, false);
    }
    blank_from = 0;
    due = may_end(c);
  }
}

void repair_run_on(struct arena *mem, const struct lexicon *lx, struct str text, changes *out) {
  for (size_t from = 0; from < text.len;) {
    const char *nl = memchr(text.at + from, '\n', text.len - from);
    const size_t end = nl ? (size_t)(nl - text.at) : text.len;
    const bool first = end - from >= RUN_ON_BYTES && memmem(text.at + from, end - from, "一、", 6) != NULL;
    if (first && !memchr(text.at + from, '\t', end - from)) {
      const size_t before = out->len;
      struct run_on r = {.mem = mem, .lx = lx, .text = text, .line = {(uint32_t)from, (uint32_t)end}, .out = out};
      walk(&r);
      if (r.outer + (r.inner > 0) < 2) out->len = before; /* one number alone says nothing */
    }
    from = end + 1;
  }
}
