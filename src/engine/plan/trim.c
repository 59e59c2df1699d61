/* Page furniture: what a web page or a re-poster put before and after the document.
 *
 * Pattern and position both count. Only the lines before the body begins and behind its end are looked at; the body begins with the
 * first numbered line or the first running paragraph that is no furniture itself, and ends with the last
 * such line. The words and how they count stand in rules/plan/words_furniture.yaml:
 *   whole = the line is the word; start = the line begins with it; short = it stands in a short line;
 *   any = it stands anywhere in the line.
 * Lines of a page's index block that name the number, issuer, date or title of the document are kept for the
 * structure pass. A text that would be nothing but furniture is left alone. */
#include "base/utf8.h"
#include "engine/plan/repair.h"

enum {
  ZONE_LINES = 60,
  SHORT_CHARS = 40,
  META_CHARS = 80, /* 发布时间：… 来源：… 浏览次数：… 字号：… */
  RUNNING_CHARS = 45,
  NAVIGATION_MARKS = 2,
  SAME_CHARS_MIN = 5,
  LINE_BYTES_MAX = 4096
};

struct page {
  struct arena *mem;
  const struct lexicon *lx;
  struct str text;                               /* folded */
  struct span top[ZONE_LINES], tail[ZONE_LINES]; /* lines; those of the tail from the last upwards */
  bool top_out[ZONE_LINES], tail_out[ZONE_LINES];
  size_t top_count, tail_count;
};

static size_t chars_of(struct str s) { return utf8_count(s); }

static bool is_mark(uint32_t c) {
  return c == ' ' || c == 0x3000 || c == 0xA0 || c == '|' || c == 0xFF5C || c == '-' || c == '_' || c == '=' ||
         c == '*' || c == '>' || c == '<' || c == '[' || c == ']' || c == 0x3010 || c == 0x3011 || c == ':' ||
         c == 0xFF1A || c == 0x203A || c == 0xBB || c == 0xAB || c == '~' || c == '.' || c == '/' || c == 0xB7;
}

/* The line without marks at its ends. */
static struct str bare(struct str line) {
  size_t from = 0, to = line.len;
  while (from < to && is_mark(utf8_at(line, from))) utf8_next(line, &from);
  while (to > from && is_mark(utf8_at(line, utf8_back(line, to)))) to = utf8_back(line, to);
  return str_slice(line, from, to);
}

/* Only marks; a line of asterisks is a placeholder. */
static bool is_only_marks(struct str line) { return bare(line).len == 0 && str_find(line, STR("**")) == STR_NONE; }

/* 16:56 */
static bool has_clock(struct str line) {
  for (size_t i = 2; i + 2 < line.len; i++)
    if (line.at[i] == ':' && is_digit((unsigned char)line.at[i - 1]) && is_digit((unsigned char)line.at[i - 2]) &&
        is_digit((unsigned char)line.at[i + 1]) && is_digit((unsigned char)line.at[i + 2]))
      return true;
  return false;
}

static bool is_path_of_page(struct str line) {
  size_t marks = 0;
  for (size_t i = 0; i < line.len;) {
    const uint32_t c = utf8_next(line, &i);
    marks += c == '>' || c == 0x203A || c == 0xBB || c == 0xFF1E;
  }
  return marks >= NAVIGATION_MARKS;
}

static bool word_counts(const struct lex_word *word, struct str line, size_t at, bool is_short) {
  if (str_eqz(lex_value(word, LEX_furniture), "any")) return true;
  if (str_eqz(lex_value(word, LEX_furniture), "short")) return is_short;
  if (str_eqz(lex_value(word, LEX_furniture), "start")) return bare(line).at == line.at + at;
  return str_eqz(lex_value(word, LEX_furniture), "whole") && str_eq(bare(line), word->text);
}

static bool has_furniture_word(const struct lexicon *lx, struct str line, bool is_short) {
  for (size_t i = 0; i < line.len;) {
    const struct lex_word *word = lexicon_at(lx, line, i, LEX_BIT(furniture));
    if (word && word_counts(word, line, i, is_short)) return true;
    utf8_next(line, &i);
  }
  return false;
}

/* 【打印】【关闭】, [收藏] [分享]: nothing but words of buttons between marks. */
static bool is_buttons(const struct lexicon *lx, struct str line) {
  size_t words = 0;
  if (chars_of(line) > SHORT_CHARS) return false;
  for (size_t i = 0; i < line.len;) {
    const struct lex_word *word = lexicon_at(lx, line, i, LEX_BIT(furniture));
    if (word) {
      i += word->text.len;
      words++;
    } else if (!is_mark(utf8_next(line, &i))) {
      return false;
    }
  }
  return words > 1;
}

enum meta { META_NONE, META_OTHER, META_PAGE, META_KEPT };

/* A line of the page's index block, and whether it names something of the document. */
static enum meta meta_of(const struct lexicon *lx, struct str line) {
  enum meta found = META_NONE;
  for (size_t i = 0; i < line.len;) {
    const struct lex_word *word = lexicon_at(lx, line, i, LEX_BIT(front_meta));
    if (!word) {
      utf8_next(line, &i);
      continue;
    }
    const uint32_t behind = utf8_at(line, i + word->text.len);
    const bool is_key = behind == ':' || behind == 0xFF1A || behind == '\t' || behind == 0x3011 || behind == ']';
    const struct str value = lex_value(word, LEX_front_meta);
    if (is_key && !str_eqz(value, "other") && !str_eqz(value, "page")) return META_KEPT;
    if (is_key && (i == 0 || found)) found = str_eqz(value, "page") ? META_PAGE : found ? found : META_OTHER;
    i += word->text.len;
  }
  return found;
}

/* Holds a word that the looks below ask for; most lines hold none. */
static bool has_page_word(const struct lexicon *lx, struct str line) {
  for (size_t i = 0; i < line.len; i += utf8_len(line, i))
    if (lexicon_at(lx, line, i, LEX_BIT(furniture) | LEX_BIT(front_meta))) return true;
  return false;
}

static bool is_furniture(const struct lexicon *lx, struct str line) {
  if (line.len > LINE_BYTES_MAX) return false; /* no furniture is that long */
  if (is_only_marks(line)) return true;
  if (!has_page_word(lx, line)) return chars_of(line) <= SHORT_CHARS && (has_clock(line) || is_path_of_page(line));
  const enum meta meta = meta_of(lx, line);
  if (meta == META_KEPT) return false;
  if (meta == META_PAGE) /* a date alone is kept; with 浏览次数 or 字号 beside it the line is the page's */
    return chars_of(line) <= META_CHARS && has_furniture_word(lx, line, true);
  const bool is_short = chars_of(line) <= SHORT_CHARS;
  if (has_furniture_word(lx, line, is_short) || is_buttons(lx, line)) return true;
  if (meta == META_OTHER) return chars_of(line) <= META_CHARS;
  return is_short && (has_clock(line) || is_path_of_page(line));
}

/* A numbered line belongs to the document whatever it says. */
static bool is_numbered(struct str line) {
  static const struct str numerals = STR_INIT("一二三四五六七八九十");
  if (line.len == 0) return false;
  size_t at = 0;
  const uint32_t c = utf8_next(line, &at), second = utf8_at(line, at);
  const bool is_numeral = is_digit(c) || str_find(numerals, str_slice(line, 0, at)) != STR_NONE;
  if (is_numeral && (second == 0x3001 || second == '.' || second == 0xFF0E)) return true;
  return (c == '(' || c == 0xFF08) && at + 3 <= line.len && str_find(numerals, str_slice(line, at, at + 3)) != STR_NONE;
}

/* Rows and running paragraphs are the body, too, unless they are furniture. */
static bool is_body(struct str line) {
  if (line.len > LINE_BYTES_MAX || memchr(line.at, '\t', line.len)) return true;
  return chars_of(line) > RUNNING_CHARS && (str_find(line, STR("。")) != STR_NONE ||
                                            str_find(line, STR("，")) != STR_NONE || memchr(line.at, ',', line.len));
}

static void read_top(struct page *p) {
  for (size_t from = 0; from < p->text.len && p->top_count < ZONE_LINES;) {
    const char *nl = memchr(p->text.at + from, '\n', p->text.len - from);
    const size_t end = nl ? (size_t)(nl - p->text.at) : p->text.len;
    const struct str line = str_slice(p->text, from, end);
    const bool is_out = !is_numbered(line) && is_furniture(p->lx, line);
    if (!is_out && (is_numbered(line) || is_body(line))) return;
    p->top[p->top_count] = (struct span){(uint32_t)from, (uint32_t)end};
    p->top_out[p->top_count++] = is_out;
    from = end + 1;
  }
}

static void read_tail(struct page *p) {
  const size_t floor = p->top_count ? p->top[p->top_count - 1].end : 0;
  size_t end = p->text.len;
  if (end > floor && p->text.at[end - 1] == '\n') end--;
  while (end > floor && p->tail_count < ZONE_LINES) {
    const char *nl = memrchr(p->text.at, '\n', end);
    const size_t from = nl ? (size_t)(nl - p->text.at) + 1 : 0;
    if (from < floor) return;
    const struct str line = str_slice(p->text, from, end);
    const bool is_row =
        memchr(line.at, '\t', line.len) != NULL; /* tables of a page stand before its text, not behind */
    const bool is_out = !is_row && !is_numbered(line) && is_furniture(p->lx, line);
    if (!is_out && (is_numbered(line) || is_body(line))) return;
    p->tail[p->tail_count] = (struct span){(uint32_t)from, (uint32_t)end};
    p->tail_out[p->tail_count++] = is_out;
    if (from == 0) return;
    end = from - 1;
  }
}

/* An authority stands above a notice and signs it: not repeated by the page. */
static bool ends_unit(const struct lexicon *lx, struct str s) {
  return lexicon_before(lx, s, s.len, LEX_BIT(unit_suffix) | LEX_BIT(unit_word)) != NULL;
}

/* A title that the page repeats: the later line goes. Words such as 附件 are too short to be one. */
static void find_repeated(struct page *p) {
  for (size_t i = 0; i < p->top_count; i++)
    for (size_t k = i + 1; k < p->top_count && !p->top_out[i]; k++) {
      const struct str a = str_slice(p->text, p->top[i].at, p->top[i].end),
                       b = str_slice(p->text, p->top[k].at, p->top[k].end);
      if (str_eq(a, b) && chars_of(a) >= SAME_CHARS_MIN && !ends_unit(p->lx, a)) p->top_out[k] = true;
    }
}

/* Neighbouring lines go as one change; a line takes its newline with it. */
static void cut_top(const struct page *p, changes *out) {
  for (size_t i = 0; i < p->top_count; i++) {
    if (!p->top_out[i]) continue;
    const uint32_t from = p->top[i].at;
    while (i + 1 < p->top_count && p->top_out[i + 1]) i++;
    const uint32_t end = p->top[i].end, to = end < p->text.len ? end + 1 : end;
    change_add(p->mem, out, from, to, STR(""), EDIT_FURNITURE, false);
  }
}

static void cut_tail(const struct page *p, changes *out) {
  for (size_t i = p->tail_count; i-- > 0;) {
    if (!p->tail_out[i]) continue;
    uint32_t from = p->tail[i].at;
    while (i > 0 && p->tail_out[i - 1]) i--;
    const uint32_t to = p->tail[i].end, end_before = out->len ? vec_last(out).at.end : 0;
    if (from > end_before) from--; /* the newline before it */
    change_add(p->mem, out, from, to, STR(""), EDIT_FURNITURE, false);
  }
}

void trim_furniture(struct arena *mem, const struct lexicon *lx, struct str folded, changes *out) {
  struct page p = {.mem = mem, .lx = lx, .text = folded};
  read_top(&p);
  read_tail(&p);
  find_repeated(&p);
  bool any_kept = p.top_count + p.tail_count < ZONE_LINES && folded.len > 0;
  if (any_kept) {
    any_kept = false;
    const size_t behind_top = p.top_count ? p.top[p.top_count - 1].end + 1 : 0;
    const size_t tail_from = p.tail_count ? p.tail[p.tail_count - 1].at : folded.len;
    if (behind_top < tail_from) any_kept = true;
    for (size_t i = 0; i < p.top_count; i++) any_kept |= !p.top_out[i];
    for (size_t i = 0; i < p.tail_count; i++) any_kept |= !p.tail_out[i];
  } else {
    any_kept = folded.len > 0;
  }
  if (!any_kept) return;
  cut_top(&p, out);
  cut_tail(&p, out);
}
