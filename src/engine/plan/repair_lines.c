/* Repairs of lines and blanks.
 *
 * Blanks at the ends of lines and cells and blank lines go. Inside a line one blank goes where Chinese typesetting
 * never writes one: beside Chinese punctuation, and between Han and digits or letters in running text. A blank between two Han
 * characters, two words or columns, and any longer gap, parts names or columns and stays.
 *
 * A line end goes only when the line cannot be over: a bracket or title mark that the next line closes, a comma, or a
 * text wrapped at one width by the program that wrote it. A line that begins with a number, bullet or cell never
 * joins the line before, and a heading never swallows the line behind. */
#include "base/utf8.h"
#include "engine/plan/repair.h"

/* ---- characters ---- */

static bool is_blank(uint32_t c) {
  return c == ' ' || c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F || c == 0x3000;
}
static bool is_word(uint32_t c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
/* Marks beside which Chinese text has no blank. */
static bool is_full_mark(uint32_t c) {
  return (c >= 0x3001 && c <= 0x3002) || (c >= 0x3008 && c <= 0x3011) || (c >= 0x3014 && c <= 0x3015) || c == 0xFF0C ||
         c == 0xFF1A || c == 0xFF1B || c == 0xFF08 || c == 0xFF09 || c == 0xFF01 || c == 0xFF1F || c == 0x201C ||
         c == 0x201D;
}
static bool is_half_mark(uint32_t c) { return c == ',' || c == ';' || c == ':' || c == '(' || c == ')'; }
static bool ends_text(uint32_t c) {
  return c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == '!' || c == '?' || c == 0xFF1B || c == ';' || c == 0xFF1A ||
         c == ':' || c == '.' || c == 0x2026;
}
static bool is_comma(uint32_t c) { return c == 0x3001 || c == 0xFF0C || c == ','; }
static uint32_t before(struct str text, size_t i) { return i ? utf8_at(text, utf8_back(text, i)) : 0; }

/* ---- lines ---- */

struct line {
  struct span at; /* without its newline, blanks trimmed */
  uint32_t full_end;
  bool has_cells, is_numbered;
  bool continues; /* the line before it */
  int8_t listing; /* `key: value key: value` rather than a sentence: 1 yes, 0 no, -1 not looked at yet */
  uint16_t width; /* columns: Han count two; only when the text is wrapped */
};
struct lines {
  struct arena *mem;
  const struct lexicon *lx;
  struct str text;
  changes *out;
  struct line last; /* the last line that is not blank */
  bool has_last;
  bool has_wide_blanks; /* the text has blanks other than U+0020 */
  bool broken;          /* wrapped at uneven widths */
  bool has_parted;      /* only a blank line or indentation says that some wrapped line is over */
  int wrap_width;       /* columns at which the text is wrapped, 0 = it is not */
};

/* 一二三四五六七八九十百零〇 */
static bool is_numeral(uint32_t c) {
  return c == 0x4E00 || c == 0x4E8C || c == 0x4E09 || c == 0x56DB || c == 0x4E94 || c == 0x516D || c == 0x4E03 ||
         c == 0x516B || c == 0x4E5D || c == 0x5341 || c == 0x767E || c == 0x96F6 || c == 0x3007;
}

/* 章 节 条 部(分) 篇 编, and the 、 of 第一、; 第二届 starts nothing. */
static bool is_chapter_word(uint32_t c) {
  return c == 0x7AE0 || c == 0x8282 || c == 0x6761 || c == 0x90E8 || c == 0x7BC7 || c == 0x7F16 || c == 0x3001;
}

/* True when the text at i begins with something that starts a new line by right. */
static bool starts_item(struct str s, size_t i) {
  size_t at = i, n = 0;
  uint32_t c = utf8_at(s, at);
  if (c == 0x2014 || c == 0x2022 || c == 0x25CF || c == 0x25A0 || c == 0x25C6 || c == 0xB7 || c == '*' || c == '#' ||
      c == '|' || (c >= 0x2460 && c <= 0x24FF) || c == 0x25CB || c == 0x2605 || c == 0x203B || c == '-' || c == '>')
    return true;
  const bool is_bracketed = c == '(' || c == 0xFF08 || c == 0x3014 || c == '[';
  const bool is_chapter = c == 0x7B2C; /* 第一章 */
  if (is_bracketed || is_chapter) utf8_next(s, &at);
  for (; at < s.len && n < 8; n++) {
    size_t next = at;
    c = utf8_next(s, &next);
    if (!is_digit(c) && !is_numeral(c)) break;
    at = next;
  }
  if (n == 0) return false;
  c = utf8_at(s, at);
  if (is_bracketed) return c == ')' || c == 0xFF09 || c == 0x3015 || c == ']';
  if (is_chapter) return is_chapter_word(c);
  if (c == ' ') c = utf8_at(s, at + 1); /* 2 .夯实 */
  return c == '.' || c == 0xFF0E || c == 0x3001 || c == ')' || c == 0xFF09;
}

static void drop(struct lines *w, size_t from, size_t to, enum edit_kind kind) {
  if (to > from) change_add(w->mem, w->out, from, to, STR(""), (uint8_t)kind, false);
}

/* A line with a colon and without a stop: 发布日期:… 来源:… */
static bool is_listing(struct str text, struct line *l) {
  if (l->listing >= 0) return l->listing;
  const struct str s = str_slice(text, l->at.at, l->at.end);
  const bool has_colon = memchr(s.at, ':', s.len) || str_find(s, STR("：")) != STR_NONE;
  l->listing = has_colon && str_find(s, STR("。")) == STR_NONE && str_find(s, STR("；")) == STR_NONE;
  return l->listing;
}

/* May one blank between these two go? */
static bool is_stray(struct str text, struct line *l, uint32_t left, uint32_t right) {
  if (is_full_mark(left) || is_full_mark(right)) return true;
  if (is_half_mark(left) && !is_word(right)) return is_han(right);
  if (is_half_mark(right) && is_han(left)) return true;
  if (is_listing(text, l)) return false;
  return (is_han(left) && is_word(right)) || (is_word(left) && is_han(right)) || (left == '.' && is_han(right));
}

/* Decodes only behind the first bytes of blanks. */
static bool blank_at(struct str text, size_t i) {
  const unsigned char lead = (unsigned char)text.at[i];
  return lead == ' ' || ((lead == 0xC2 || lead == 0xE2 || lead == 0xE3) && is_blank(utf8_at(text, i)));
}

/* Blanks of one cell, or of the line when it has no cells. */
static void clean_blanks(struct lines *w, struct line *l, size_t from, size_t to) {
  size_t i = from;
  while (i < to) {
    if (!w->has_wide_blanks) {
      const char *blank = memchr(w->text.at + i, ' ', to - i);
      if (!blank) return;
      i = (size_t)(blank - w->text.at);
    }
    if (!blank_at(w->text, i)) {
      i += utf8_len(w->text, i);
      continue;
    }
    size_t end = i, count = 0;
    uint32_t c = 0, first = utf8_at(w->text, i);
    while (end < to) {
      size_t next = end;
      c = utf8_next(w->text, &next);
      if (!is_blank(c)) break;
      end = next;
      count++;
    }
    const bool at_edge = i == from || end == to;
    const bool is_single = count == 1 && first != 0x3000 && first != 0x2003;
    if (at_edge || (is_single && is_stray(w->text, l, before(w->text, i), c))) drop(w, i, end, EDIT_BLANK);
    i = end;
  }
}

/* Columns of a stretch: what takes three bytes or more is two wide. */
static uint16_t columns(struct str text, struct span at) {
  size_t width = 0;
  for (size_t i = at.at; i < at.end && width < UINT16_MAX - 1;) {
    const unsigned char lead = (unsigned char)text.at[i];
    width += lead >= 0xE0 ? 2 : 1;
    i += lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  }
  return (uint16_t)width;
}

static struct line read_line(struct str text, size_t from) {
  struct line l = {.at = {(uint32_t)from, (uint32_t)from}};
  const char *nl = memchr(text.at + from, '\n', text.len - from);
  l.full_end = (uint32_t)(nl ? (size_t)(nl - text.at) : text.len);
  const size_t len = l.full_end - from;
  l.has_cells = len && (memchr(text.at + from, '\t', len) || memchr(text.at + from, '\v', len));
  l.listing = -1;
  size_t at = from, end = l.full_end;
  while (at < end && is_blank(utf8_at(text, at))) utf8_next(text, &at);
  while (end > at && is_blank(before(text, end))) end = utf8_back(text, end);
  l.at = (struct span){(uint32_t)at, (uint32_t)end};
  l.is_numbered = starts_item(text, at);
  return l;
}

/* ---- joining ---- */

/* The bracket or mark that the end of the line leaves open, looking back a little way; 0 when none. */
static uint32_t left_open(struct str text, struct span at, size_t *out_at) {
  enum { LOOK_BACK = 240 };
  int depth = 0;
  for (size_t i = at.end; i > at.at && at.end - i < LOOK_BACK;) {
    i = utf8_back(text, i);
    const uint32_t c = utf8_at(text, i);
    if (c == 0x3002) return 0;
    if (c == ')' || c == 0xFF09 || c == 0x300B || c == 0x201D || c == 0x3015 || c == 0x3011) depth++;
    if (c == '(' || c == 0xFF08 || c == 0x300A || c == 0x201C || c == 0x3014 || c == 0x3010) {
      if (depth == 0) return *out_at = i, c;
      depth--;
    }
  }
  return 0;
}

static bool closes(uint32_t open, uint32_t c) {
  switch (open) {
    case '(':
    case 0xFF08: return c == ')' || c == 0xFF09;
    case 0x300A: return c == 0x300B;
    case 0x201C: return c == 0x201D;
    case 0x3014: return c == 0x3015;
    case 0x3010: return c == 0x3011;
    default: return false;
  }
}

/* True when the line closes `open` before anything else opens or a sentence ends. */
static bool line_closes(struct str text, struct span at, uint32_t open) {
  enum { LOOK_AHEAD = 240 };
  for (size_t i = at.at; i < at.end && i - at.at < LOOK_AHEAD;) {
    const uint32_t c = utf8_next(text, &i);
    if (closes(open, c)) return true;
    if (c == '(' || c == 0xFF08 || c == 0x300A || c == 0x3002) return false;
  }
  return false;
}

/* A line of running text: it has a stop or a comma inside, so it is no heading, name or date. */
static bool is_running(struct str text, struct span at) {
  for (size_t i = at.at; i < at.end;) {
    const uint32_t c = utf8_next(text, &i);
    if (i < at.end && (c == 0x3002 || c == 0xFF0C || c == ',' || c == 0xFF1B)) return true;
  }
  return false;
}

/* A column takes two bytes at most: a line of more than WRAP_BYTES is wider than any wrapped one without being counted. */
enum {
  HAN_WIDTH = 2,
  TAIL_MAX = 6,
  WRAP_SLACK = 3,
  WRAP_MIN = 30,
  WRAP_MAX = 160,
  WRAP_LINES_MIN = 6,
  LONGEST_LINES_MIN = 4,
  WRAP_BYTES = 2 * WRAP_MAX
};

/* Bytes of the number, with its sign, or of the word that begins the line. */
static size_t first_word(struct str text, const struct line *l) {
  size_t i = l->at.at;
  while (i < l->at.end && (is_word(utf8_at(text, i)) || text.at[i] == '.' || text.at[i] == '%')) i++;
  return i - l->at.at;
}

/* Columns of what no program parts at the start of a line: a number or word, or a character, and the marks behind. */
static int first_columns(struct str text, const struct line *l) {
  size_t i = l->at.at + first_word(text, l);
  if (i == l->at.at && i < l->at.end) utf8_next(text, &i);
  while (i < l->at.end && (is_comma(utf8_at(text, i)) || ends_text(utf8_at(text, i)))) utf8_next(text, &i);
  return columns(text, (struct span){l->at.at, (uint32_t)i});
}

/* Quotes and digits are narrower here and wider there: a line of running text may stop some columns before or behind the
 * others. */
static bool is_long(const struct lines *w, const struct line *l) {
  return l->width * 4 >= w->wrap_width * 3 && l->width <= w->wrap_width * 5 / 4;
}

/* 覆盖率达到 / 89%: no line begins with a share. */
static bool begins_with_share(struct str text, const struct line *l) {
  const size_t n = first_word(text, l);
  return n > 1 && is_digit((unsigned char)text.at[l->at.at]) && text.at[l->at.at + n - 1] == '%';
}

/* Has `a` no room left for what begins `b`? */
static bool fills_width(const struct lines *w, const struct line *a, const struct line *b) {
  const int next = first_columns(w->text, b);
  return w->wrap_width && a->width + (next > WRAP_SLACK ? next : WRAP_SLACK) >= w->wrap_width &&
         a->width <= w->wrap_width;
}

static bool is_indented(const struct line *l, uint32_t from) { return l->at.at > from; }

enum { BROKEN_BYTES = 66, BROKEN_LINES_MIN = 3, FIELD_BYTES = 27 };

/* A line of running text (a stop or two commas inside, no field) that stops without any mark. */
static bool stops_in_text(struct str text, struct span at) {
  if (at.end - at.at < BROKEN_BYTES || ends_text(before(text, at.end))) return false;
  const uint32_t last = before(text, at.end);
  if (!is_han(last) && !is_word(last)) return false;
  int commas = 0;
  for (size_t i = at.at; i < at.end;) {
    const uint32_t c = utf8_next(text, &i);
    if (c == 0x3002 || c == 0xFF1B) return true;
    if (i - at.at < FIELD_BYTES && (c == 0xFF1A || c == ':')) return false; /* 责任单位：… */
    commas += c == 0xFF0C || c == ',';
  }
  return commas >= 2;
}

/* 责任单位：… begins a line of its own. */
static bool is_field(struct str text, struct span at) {
  for (size_t i = at.at; i < at.end && i - at.at < FIELD_BYTES;) {
    const uint32_t c = utf8_next(text, &i);
    if (c == 0xFF1A || c == ':') return true;
  }
  return false;
}

/* Lines of uneven width that stop in mid-text: enough of them say that the whole text was wrapped. */
static bool find_broken(struct str text) {
  uint32_t broken = 0, total = 0;
  for (size_t from = 0; from < text.len;) {
    const char *nl = memchr(text.at + from, '\n', text.len - from);
    const size_t end = nl ? (size_t)(nl - text.at) : text.len;
    size_t to = end;
    while (to > from && text.at[to - 1] == ' ') to--;
    total += to > from;
    broken += to > from && !memchr(text.at + from, '\t', to - from) &&
              stops_in_text(text, (struct span){(uint32_t)from, (uint32_t)to});
    from = end + 1;
  }
  return broken >= BROKEN_LINES_MIN && broken * 4 >= total;
}

/* Characters of the line before its first stop; TAIL_MAX when there is none so near. */
static int chars_to_stop(struct str text, struct span at) {
  int n = 0;
  for (size_t i = at.at; i < at.end && n < TAIL_MAX; n++)
    if (utf8_next(text, &i) == 0x3002) return n;
  return TAIL_MAX;
}

static bool is_dash(uint32_t c) { return c == '-' || c == '~' || c == 0x2013 || c == 0x2014 || c == 0xFF5E; }

/* A number that the wrapping has cut: 0. / 2万个, 小学 / 1.2万个, 第 / 四、五轮, 3 / -5所. */
static bool is_cut_number(struct str text, const struct line *a, const struct line *b) {
  enum { ORDINAL = 0x7B2C }; /* 第 */
  const size_t last_at = utf8_back(text, a->at.end);
  const uint32_t last = utf8_at(text, last_at), first = utf8_at(text, b->at.at);
  if (last == ORDINAL || (is_dash(last) && is_digit(first))) return true;
  if (is_dash(first) && is_digit(last) && is_digit(utf8_at(text, b->at.at + utf8_len(text, b->at.at)))) return true;
  if (last == '.') return is_digit(first) && is_digit(before(text, last_at));
  const size_t n = is_digit(first) && !ends_text(last) ? first_word(text, b) : 0;
  const size_t dot = n ? str_find(str_slice(text, b->at.at, b->at.at + n), STR(".")) : STR_NONE;
  return dot != STR_NONE && dot + 1 < n;
}

/* Does the line stop where the program that wrote it wrapped it? */
static bool is_wrapped(const struct lines *w, const struct line *a, const struct line *b) {
  const uint32_t last = before(w->text, a->at.end);
  if (w->broken && !is_field(w->text, b->at) && stops_in_text(w->text, a->at)) return true;
  if ((w->broken || w->wrap_width) && is_han(last) && begins_with_share(w->text, b)) return true;
  if (!w->wrap_width || !(is_han(last) || is_word(last) || is_full_mark(last) || last == '%')) return false;
  const bool is_text = a->continues || is_running(w->text, a->at);
  if (is_text && is_long(w, a)) return true;
  if (a->is_numbered && !is_text && is_long(w, a) && chars_to_stop(w->text, b->at) < TAIL_MAX) return true;
  return fills_width(w, a, b) && (!a->is_numbered || is_text || a->width + HAN_WIDTH > w->wrap_width);
}

/* Is the line `a` not over, but goes on in `b`? Blank lines between them go anyway, so they and indentation count only
 * where lines are wrapped. */
static bool should_join(struct lines *w, const struct line *a, const struct line *b, uint32_t b_from) {
  const struct str t = w->text;
  if (a->has_cells || b->has_cells) return false;
  if (w->wrap_width && is_long(w, a) && is_cut_number(t, a, b)) return true;
  if (b->is_numbered) return false;
  const uint32_t last = before(t, a->at.end), first = utf8_at(t, b->at.at);
  size_t open_at = 0;
  const uint32_t open = left_open(t, a->at, &open_at);
  if (open && line_closes(t, b->at, open)) return true;
  if (closes('(', first) || first == 0x3002 || is_comma(first) || first == 0xFF1B || first == 0x300B || first == 0x201D)
    return true;
  const bool is_label = (last == ':' || last == 0xFF1A) && w->wrap_width && is_long(w, a) && a->full_end + 1 == b_from;
  if (is_label && is_running(t, a->at) && !is_indented(b, b_from)) return true; /* 责任单位：甲处；完成时限： */
  if (ends_text(last)) return false;
  if (is_comma(last)) return is_han(first) || first == 0x201C || first == 0x300A || is_word(first);
  if (!is_wrapped(w, a, b)) return false;
  const bool is_apart = a->full_end + 1 != b_from || is_indented(b, b_from);
  w->has_parted |= is_apart;
  return !is_apart;
}

struct widths { /* of lines with something in them; the last place is for all that are wider */
  uint32_t all[WRAP_MAX + 2], cut[WRAP_MAX + 2]; /* cut: those that stop in mid-text */
  uint32_t total;
};
static void count_widths(struct str text, struct widths *c) {
  for (size_t from = 0; from < text.len;) {
    const struct line l = read_line(text, from);
    const uint32_t start = (uint32_t)from;
    from = (size_t)l.full_end + 1;
    if (l.at.at >= l.at.end || l.has_cells) continue;
    const bool is_wide = l.full_end - start > WRAP_BYTES;
    const uint16_t width = is_wide ? WRAP_MAX + 1 : columns(text, (struct span){start, l.full_end});
    const int at = width > WRAP_MAX ? WRAP_MAX + 1 : width;
    c->total++;
    c->all[at]++;
    c->cut[at] += !ends_text(before(text, l.at.end));
  }
}

/* The width at which most lines that stop in mid-text stop. There must be enough of them: a third of all lines, or, where
 * paragraphs are short, some, and next to no line that is longer. */
static int find_wrap_width(struct str text) {
  struct widths c = {0};
  count_widths(text, &c);
  if (c.total < WRAP_LINES_MIN || c.all[WRAP_MAX + 1] * 20 > c.total) return 0;
  uint32_t best = 0, longer = 0;
  int width = 0;
  for (int at = WRAP_MIN; at <= WRAP_MAX; at++) {
    uint32_t near = 0;
    for (int d = 0; d < WRAP_SLACK; d++) near += c.cut[at - d];
    if (near >= best && near) best = near, width = at;
  }
  for (int at = width + WRAP_SLACK; at <= WRAP_MAX + 1; at++) longer += c.all[at];
  const bool is_longest = longer * 20 <= c.total && best * 24 >= c.total;
  return (best >= WRAP_LINES_MIN && best * 3 >= c.total) || (best >= LONGEST_LINES_MIN && is_longest) ? width : 0;
}

static void join(struct lines *w, const struct line *b) {
  const uint32_t last = before(w->text, w->last.at.end), first = utf8_at(w->text, b->at.at);
  const bool is_gap = last == 'x' && first == 'x'; /* xx市: a name left out */
  const bool needs_blank = is_word(last) && is_word(first) && !is_digit(last) && !is_gap;
  change_add(w->mem, w->out, w->last.at.end, b->at.at, needs_blank ? STR(" ") : STR(""), EDIT_LINE_JOIN, false);
}

/* What stands between the last line and this one: trailing blanks, blank lines, indentation. */
static void clean_between(struct lines *w, const struct line *l) {
  if (!w->has_last) {
    drop(w, 0, l->at.at, EDIT_BLANK);
    return;
  }
  const char *nl = memchr(w->text.at + w->last.at.end, '\n', l->at.at - w->last.at.end);
  const size_t kept = (size_t)(nl - w->text.at);
  drop(w, w->last.at.end, kept, EDIT_BLANK);
  drop(w, kept + 1, l->at.at, EDIT_BLANK);
}

static void clean_inside(struct lines *w, struct line *l) {
  for (size_t from = l->at.at; from <= l->at.end;) {
    size_t to = from;
    if (l->has_cells)
      while (to < l->at.end && w->text.at[to] != '\t' && w->text.at[to] != '\v') to++;
    else to = l->at.end;
    clean_blanks(w, l, from, to);
    from = to + 1;
  }
}

/* Looked for in one sweep without branches, which many bytes go through at once. */
static bool any_wide_blank(struct str text) {
  const unsigned char *p = (const unsigned char *)text.at;
  unsigned char found = 0;
  for (size_t i = 0; i + 2 < text.len; i++) {
    const unsigned char a = p[i], b = p[i + 1], c = p[i + 2];
    const bool is_no_break = (a == 0xC2) & (b == 0xA0), is_han = (a == 0xE3) & (b == 0x80) & (c == 0x80);
    const bool is_narrow = (a == 0xE2) & (((b == 0x80) & ((c <= 0x8A) | (c == 0xAF))) | ((b == 0x81) & (c == 0x9F)));
    found |= (unsigned char)(is_no_break | is_han | is_narrow);
  }
  return found || str_ends(text, STR("\xC2\xA0"));
}

bool repair_lines(struct arena *mem, const struct lexicon *lx, struct str text, changes *out) {
  struct lines w = {
      .mem = mem, .lx = lx, .text = text, .out = out, .wrap_width = find_wrap_width(text), .broken = find_broken(text)};
  w.has_wide_blanks = any_wide_blank(text);
  for (size_t from = 0; from < text.len;) {
    struct line l = read_line(text, from);
    if (w.wrap_width) l.width = columns(text, (struct span){(uint32_t)from, l.full_end});
    if (l.at.at < l.at.end) {
      l.continues = w.has_last && should_join(&w, &w.last, &l, (uint32_t)from);
      if (l.continues) join(&w, &l);
      else clean_between(&w, &l);
      clean_inside(&w, &l);
      w.last = l;
      w.has_last = true;
    }
    from = (size_t)l.full_end + 1;
  }
  const size_t end = w.has_last ? w.last.at.end : 0;
  const bool has_newline = memchr(text.at + end, '\n', text.len - end) != NULL && w.has_last;
  if (!has_newline) drop(&w, end, text.len, EDIT_BLANK);
  else {
    const size_t nl = (size_t)((const char *)memchr(text.at + end, '\n', text.len - end) - text.at);
    drop(&w, end, nl, EDIT_BLANK);
    drop(&w, nl + 1, text.len, EDIT_BLANK);
  }
  return w.has_parted;
}
