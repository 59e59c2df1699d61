/* Question marks that stand for a lost 、 or a pair of quotes.
 *
 * A text that went through a narrow code page has ? where quotes and enumeration commas stood. A pair around a
 * name becomes “ ”: the words between are a known slogan or stand before the head of a name. Marks that part several
 * short words of one clause, or a word next to a 、, become 、. A mark at the end of a sentence or behind words of a question
 * is one. What stands in the middle of a clause and fits nothing stays as it is and is flagged. */
#include "base/utf8.h"
#include "engine/plan/repair_shift.h"

enum { NAME_CHARS_MAX = 14, WORD_CHARS_MAX = 9, ASK_CHARS = 14 };

struct marks {
  struct arena *mem;
  const struct lexicon *lx;
  struct str text;
  changes *out;
};

static uint32_t before(struct str text, size_t i) { return i ? utf8_at(text, utf8_back(text, i)) : 0; }
static bool is_inner(uint32_t c) {
  return is_han(c) || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '+';
}

/* Bytes of the run of word characters at i; 0 when it has more than `most` characters. */
static size_t run_at(struct str text, size_t i, int most) {
  const size_t from = i;
  for (int n = 0; i < text.len && is_inner(utf8_at(text, i)); n++) {
    if (n == most) return 0;
    utf8_next(text, &i);
  }
  return i - from;
}

static size_t run_before(struct str text, size_t i, int most) {
  const size_t to = i;
  for (int n = 0; i > 0 && is_inner(before(text, i)); n++) {
    if (n == most) return 0;
    i = utf8_back(text, i);
  }
  return to - i;
}

/* 吗 呢 什么 如何 …: words that make a question, close before the mark. */
static bool asks(const struct lexicon *lx, struct str text, size_t at) {
  for (int n = 0; n < ASK_CHARS && at > 0; n++) {
    const size_t from = utf8_back(text, at);
    if (!is_han(utf8_at(text, from))) return false;
    if (lexicon_at(lx, text, from, LEX_BIT(question_word))) return true;
    at = from;
  }
  return false;
}

/* A mark in the middle of a clause: Han before it, a word behind it. */
static bool is_inside(struct str text, size_t at) {
  return is_inner(utf8_at(text, at + 1)) && is_han(utf8_at(text, at + 1)) && at > 0 && before(text, at) >= 0x80;
}

static void mend(struct marks *w, size_t at, struct str with) {
  change_add(w->mem, w->out, at, at + 1, with, EDIT_QUESTION_MARK, false);
}

/* ?领航?计划 or ?四个意识?: the length up to and with the second mark, 0 when it is no quoted name. */
static size_t quoted_at(const struct marks *w, size_t at) {
  const size_t inner = run_at(w->text, at + 1, NAME_CHARS_MAX), end = at + 1 + inner;
  if (inner < 4 || end >= w->text.len || w->text.at[end] != '?') return 0;
  const struct str name = str_slice(w->text, at + 1, end);
  const struct lex_word *slogan = lexicon_at(w->lx, name, 0, LEX_BIT(slogan));
  const bool is_slogan = slogan && slogan->text.len == name.len;
  return is_slogan || lexicon_at(w->lx, w->text, end + 1, LEX_BIT(name_head)) ? end + 1 - at : 0;
}

static bool is_comma_mark(struct str text, size_t i) { return utf8_at(text, i) == 0x3001; }

/* Slipped bytes nearby: such a mark is a lost byte, not a lost comma. */
static bool is_near_odd(struct str text, size_t i) {
  enum { NEAR = 16 };
  for (int n = 0; n < NEAR && i < text.len && text.at[i] != '\n'; n++)
    if (is_odd_char(utf8_next(text, &i))) return true;
  return false;
}

/* Marks of one clause that part short words: where the last one stands; 0 when the mark at `at` does not begin such a row. */
static size_t row_end(const struct marks *w, size_t at) {
  const size_t left = run_before(w->text, at, WORD_CHARS_MAX);
  const bool has_left = left || run_before(w->text, at, 2 * WORD_CHARS_MAX);
  bool is_row = left && at >= left + 3 && is_comma_mark(w->text, at - left - 3);
  size_t last = at, count = 1;
  for (;;) {
    const size_t n = run_at(w->text, last + 1, WORD_CHARS_MAX);
    if (!n) break;
    const size_t next = last + 1 + n;
    if (next < w->text.len && is_comma_mark(w->text, next)) is_row = true;
    if (next >= w->text.len || w->text.at[next] != '?' || !is_inside(w->text, next)) break;
    last = next;
    count++;
  }
  return has_left && (is_row || count >= 2) ? last : 0;
}

static size_t repair_mark(struct marks *w, size_t at) {
  const size_t quoted = quoted_at(w, at);
  if (quoted) {
    mend(w, at, STR("“"));
    mend(w, at + quoted - 1, STR("”"));
    return at + quoted;
  }
  if (!is_inside(w->text, at) || asks(w->lx, w->text, at)) return at + 1;
  const size_t last = is_near_odd(w->text, at + 1) ? 0 : row_end(w, at);
  if (!last) {
    change_add(w->mem, w->out, at, at + 1, STR("?"), EDIT_QUESTION_MARK, true);
    return at + 1;
  }
  for (size_t i = at; i <= last; i++)
    if (w->text.at[i] == '?') mend(w, i, STR("、"));
  return last + 1;
}

static size_t mark_from(struct str text, size_t i) {
  const char *mark = i < text.len ? memchr(text.at + i, '?', text.len - i) : NULL;
  return mark ? (size_t)(mark - text.at) : text.len;
}

void repair_questions(struct arena *mem, const struct lexicon *lx, struct str text, changes *out) {
  struct marks w = {.mem = mem, .lx = lx, .text = text, .out = out};
  size_t count = 0; /* of marks in Chinese text, one change each: a heap of them shall not cost twice its room */
  for (size_t i = mark_from(text, 1); i + 1 < text.len; i = mark_from(text, i + 1))
    count += (text.at[i - 1] & text.at[i + 1] & 0x80) != 0;
  out->cap = count;
  out->at = arena_new_n(mem, struct change, count);
  for (size_t i = mark_from(text, 0); i < text.len;) i = mark_from(text, repair_mark(&w, i));
}
