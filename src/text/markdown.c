/* Markdown to text: the marks go, the words stay. Line by line, so nothing nests.
 *
 * Known: # headings (their level becomes a place), underlined headings, > quotes, fences, rules, tables with a
 * |---| line, ** and __ and ` pairs, links, images, <br>, backslash escapes, comments of one line.
 * `**` is also how published plans black out a name (**市**区教育局). So a pair counts as bold only within one line, tight
 * around at least MARKED_LEAST characters, flanking as CommonMark 0.30 (6.2) has it, and with its brackets closed;
 * everything else stays for a person to see. */
#include "base/must.h"
#include "base/utf8.h"
#include "text/extract.h"
#include "text/weave.h"

enum { MARKED_LEAST = 3 /* characters */, LINE_LOOK = 65536 /* a longer line keeps its marks */ };

struct md {
  struct weave w;
  struct str in;
  place_list *places;
  bool in_fence, in_table;
  uint16_t table, row;
};

static void drop_to(struct md *m, size_t end) {
  if (end > m->w.at) weave_edit(&m->w, end - m->w.at, STR(""), EDIT_MARKUP, false);
}

static bool is_blank(uint32_t c) { return c == 0 || c == ' ' || c == '\t' || c == '\n' || c == 0x3000 || c == 0xA0; }
static bool is_punct(uint32_t c) {
  return (c > 0x20 && c < 0x30) || (c >= 0x3A && c <= 0x40) || (c >= 0x5B && c <= 0x60) || (c >= 0x7B && c < 0x7F) ||
         (c >= 0x2010 && c <= 0x2027) || (c >= 0x3001 && c <= 0x3011) || (c >= 0xFF01 && c <= 0xFF0F) ||
         (c >= 0xFF1A && c <= 0xFF1F) || c == 0x3014 || c == 0x3015;
}

/* CommonMark's flanking: `before` and `behind` are the characters around the run of marks. */
static bool opens(uint32_t before, uint32_t behind) {
  return !is_blank(behind) && (!is_punct(behind) || is_blank(before) || is_punct(before));
}
static bool closes(uint32_t before, uint32_t behind) { return opens(behind, before); }

static bool brackets_closed(struct str s) {
  static const uint32_t pairs[][2] = {
      {0x300A, 0x300B}, {0x201C, 0x201D}, {0xFF08, 0xFF09}, {'(', ')'}, {0x3014, 0x3015}};
  int open[COUNT_OF(pairs)] = {0};
  for (size_t i = 0; i < s.len;) {
    const uint32_t c = utf8_next(s, &i);
    for (size_t k = 0; k < COUNT_OF(pairs); k++) {
      open[k] += (c == pairs[k][0]) - (c == pairs[k][1]);
      if (open[k] < 0) return false;
    }
  }
  for (size_t k = 0; k < COUNT_OF(pairs); k++)
    if (open[k]) return false;
  return true;
}

static uint32_t char_before(struct str s, size_t i) { return i ? utf8_at(s, utf8_back(s, i)) : 0; }

/* 。 ： : ； */
static bool ends_head(uint32_t c) { return c == 0x3002 || c == 0xFF1A || c == ':' || c == 0xFF1B; }

/* Length of the text between the mark at i and its partner on the line, 0 when it is no pair. */
static size_t marked_len(struct str line, size_t i, struct str mark) {
  const size_t from = i + mark.len;
  if (!opens(char_before(line, i), utf8_at(line, from))) return 0;
  const size_t k = str_find(str_from(line, from), mark);
  if (k == STR_NONE || k == 0) return 0;
  const size_t to = from + k;
  const uint32_t next = utf8_at(line, to + mark.len);
  /* A run-in head ends in a mark and its text follows at once (**1.扩大供给。**年内…): by CommonMark no pair, by any
   * reader one, so a pair that opens the line may close behind a mark that ends a head. */
  const bool head = !str_trim(str_slice(line, 0, i)).len && ends_head(char_before(line, to));
  if (!(head || closes(char_before(line, to), next)) || next == (uint32_t)(unsigned char)mark.at[0]) return 0;
  const struct str inner = str_slice(line, from, to);
  return utf8_count(inner) >= MARKED_LEAST && brackets_closed(inner) ? inner.len : 0;
}

/* [text](address): length of the text, and of all; false when it is none. */
static bool link_at(struct str line, size_t i, size_t *out_text, size_t *out_all) {
  const size_t close = str_find(str_from(line, i), STR("]("));
  if (close == STR_NONE) return false;
  const size_t end = str_find(str_from(line, i + close), STR(")"));
  if (end == STR_NONE) return false;
  *out_text = close - 1;
  *out_all = close + end + 1;
  return true;
}

struct inline_state {
  size_t bold_end, under_end, code_end; /* places of closing marks in the line, 0 = none open */
  size_t link_end, link_all;
  bool no_link;
};

static bool close_marks(struct md *m, struct inline_state *s, size_t i) {
  if (s->link_end && i == s->link_end) {
    drop_to(m, s->link_all);
    s->link_end = 0;
  } else if ((s->bold_end && i == s->bold_end) || (s->under_end && i == s->under_end)) {
    drop_to(m, i + 2);
    if (i == s->bold_end) s->bold_end = 0;
    else s->under_end = 0;
  } else if (s->code_end && i == s->code_end) {
    drop_to(m, i + 1);
    s->code_end = 0;
  } else {
    return false;
  }
  return true;
}

/* Handles what begins at in[i]; false when it is a plain character. All searches are over the rest of a bounded line. */
static bool open_marks(struct md *m, struct inline_state *s, size_t base, struct str line) {
  const size_t i = m->w.at - base;
  const char c = line.at[i];
  size_t n = 0, all = 0;
  if (c == '\\' && i + 1 < line.len && (unsigned char)line.at[i + 1] < 0x80 && is_punct((uint32_t)line.at[i + 1])) {
    drop_to(m, m->w.at + 1);
    weave_keep(&m->w, 1);
  } else if ((c == '*' || c == '_') && i + 1 < line.len && line.at[i + 1] == c) {
    size_t *end = c == '*' ? &s->bold_end : &s->under_end;
    n = *end ? 0 : marked_len(line, i, str_slice(line, i, i + 2));
    if (n) *end = base + i + 2 + n;
    if (n) drop_to(m, m->w.at + 2);
    else weave_keep(&m->w, 2);
  } else if (c == '`' && !s->code_end && (n = str_find(str_from(line, i + 1), STR("`"))) != STR_NONE && n > 0) {
    s->code_end = base + i + 1 + n;
    drop_to(m, m->w.at + 1);
  } else if (c == '!' && i + 1 < line.len && line.at[i + 1] == '[' && link_at(line, i + 1, &n, &all)) {
    drop_to(m, m->w.at + 1 + all);
  } else if (c == '[' && !s->link_end && !s->no_link) {
    s->no_link = !link_at(line, i, &n, &all);
    if (s->no_link) return false;
    s->link_end = m->w.at + 1 + n;
    s->link_all = m->w.at + all;
    drop_to(m, m->w.at + 1);
  } else if (c == '<' && str_starts(str_from(line, i), STR("<!--")) &&
             (n = str_find(str_from(line, i), STR("-->"))) != STR_NONE) {
    drop_to(m, m->w.at + n + 3);
  } else if (c == '<' && (str_starts(str_from(line, i), STR("<br>")) || str_starts(str_from(line, i), STR("<br/>")))) {
    weave_edit(&m->w, line.at[i + 3] == '>' ? 4 : 5, m->in_table ? STR("\v") : STR("\n"), EDIT_MARKUP, false);
  } else {
    return false;
  }
  return true;
}

static bool may_mark(char c) {
  return c == '\\' || c == '*' || c == '_' || c == '`' || c == '!' || c == '[' || c == '<' || c == ']';
}

/* The words of a line from the weave's place to `end`. */
static void read_inline(struct md *m, size_t end) {
  const size_t base = m->w.at;
  const struct str line = str_slice(m->in, base, end);
  struct inline_state s = {0};
  if (line.len > LINE_LOOK) weave_keep_to(&m->w, end);
  while (m->w.at < end) {
    size_t plain = m->w.at;
    while (plain < end && !may_mark(m->in.at[plain])) plain++;
    weave_keep_to(&m->w, plain);
    if (plain == end) return;
    if (!close_marks(m, &s, m->w.at) && !open_marks(m, &s, base, line)) weave_keep(&m->w, 1);
  }
}

/* ---- tables ---- */

/* |---|:--:| */
static bool is_rule_row(struct str line) {
  line = str_trim(line);
  size_t dashes = 0, bars = 0;
  for (size_t i = 0; i < line.len; i++) {
    const char c = line.at[i];
    dashes += c == '-';
    bars += c == '|';
    if (c != '-' && c != '|' && c != ':' && c != ' ') return false;
  }
  return dashes && bars;
}

static size_t cell_end(struct str in, size_t from, size_t end) {
  for (size_t i = from; i < end; i++) {
    if (in.at[i] == '\\') i++;
    else if (in.at[i] == '|') return i;
  }
  return end;
}

static void read_row(struct md *m, size_t end) {
  size_t last = end;
  while (last > m->w.at && (m->in.at[last - 1] == ' ' || m->in.at[last - 1] == '\t')) last--;
  if (last > m->w.at && m->in.at[last - 1] == '|') last--;
  size_t from = m->w.at;
  while (from < last && m->in.at[from] == ' ') from++;
  if (from < last && m->in.at[from] == '|') from++;
  drop_to(m, from);
  m->row++;
  for (uint16_t cell = 1;; cell++) {
    const size_t to = cell_end(m->in, m->w.at, last);
    size_t a = m->w.at, b = to;
    while (a < b && m->in.at[a] == ' ') a++;
    while (b > a && m->in.at[b - 1] == ' ') b--;
    drop_to(m, a);
    const uint32_t at = (uint32_t)m->w.out_len;
    read_inline(m, b);
    if (m->w.out_len > at && cell < UINT16_MAX)
      vec_push(m->w.mem, m->places) =
          (struct place){.at = {at, (uint32_t)m->w.out_len}, .table = m->table, .row = m->row, .cell = cell};
    drop_to(m, to);
    if (to == last) break;
    weave_edit(&m->w, 1, STR("\t"), EDIT_MARKUP, false);
  }
  drop_to(m, end);
}

/* ---- lines ---- */

static bool all_of(struct str line, char c, size_t least) {
  line = str_trim(line);
  for (size_t i = 0; i < line.len; i++)
    if (line.at[i] != c) return false;
  return line.len >= least;
}

static void read_heading(struct md *m, struct str line, size_t end) {
  size_t level = 0;
  while (level < line.len && line.at[level] == '#') level++;
  size_t from = level;
  while (from < line.len && line.at[from] == ' ') from++;
  size_t to = line.len;
  while (to > from && (line.at[to - 1] == '#' || line.at[to - 1] == ' ')) to--;
  const size_t start = m->w.at;
  drop_to(m, start + from);
  const uint32_t at = (uint32_t)m->w.out_len;
  read_inline(m, start + to);
  if (m->w.out_len > at)
    vec_push(m->w.mem, m->places) = (struct place){.at = {at, (uint32_t)m->w.out_len}, .heading = (uint8_t)level};
  drop_to(m, end);
}

static bool is_heading(struct str line) {
  size_t level = 0;
  while (level < line.len && line.at[level] == '#') level++;
  return level >= 1 && level <= 6 && level < line.len && line.at[level] == ' ';
}

static struct str line_at(struct str in, size_t from) {
  const char *p = from < in.len ? memchr(in.at + from, '\n', in.len - from) : NULL;
  return str_slice(in, from, p ? (size_t)(p - in.at) : in.len);
}

/* A line that is markup as a whole goes with its line end. */
static void drop_line(struct md *m, size_t end) { drop_to(m, end < m->in.len ? end + 1 : end); }

static void read_line(struct md *m) {
  const struct str line = line_at(m->in, m->w.at);
  const size_t end = m->w.at + line.len;
  const bool bar = str_find(line, STR("|")) != STR_NONE;
  if (str_starts(str_trim(line), STR("```"))) {
    m->in_fence = !m->in_fence;
    drop_line(m, end);
    return;
  }
  if (m->in_fence) {
    weave_keep_to(&m->w, end);
  } else if (m->in_table && bar && is_rule_row(line)) {
    drop_line(m, end);
    return;
  } else if (bar && (m->in_table || is_rule_row(line_at(m->in, end + 1)))) {
    if (!m->in_table && m->table < UINT16_MAX) m->table++, m->row = 0;
    m->in_table = true;
    read_row(m, end);
  } else if (all_of(line, '=', 3) || all_of(line, '-', 3) || all_of(line, '*', 3)) {
    m->in_table = false;
    drop_line(m, end);
    return;
  } else {
    m->in_table = false;
    if (is_heading(line)) {
      read_heading(m, line, end);
    } else {
      size_t from = m->w.at;
      while (from < end &&
             (m->in.at[from] == '>' || (from > m->w.at && m->in.at[from] == ' ' && m->in.at[from - 1] == '>')))
        from++;
      drop_to(m, from);
      read_inline(m, end);
    }
  }
  if (m->w.at < m->in.len) weave_keep(&m->w, 1);
}

bool markdown_read(struct arena *mem, struct str text, struct layer *l, place_list *places) {
  struct md m = {.in = text, .places = places};
  weave_begin(&m.w, mem, text, text.len + 8, l);
  while (m.w.at < text.len) read_line(&m);
  weave_end(&m.w);
  return true;
}
