/* Where documents begin in a file, and which numbered lines are heads.
 *
 * Three things begin a document: a line of a series (…篇1, …篇2), a line that says 附件 and is no list of enclosures, and
 * numbers that start again under a line that reads like a title. What has no numbers of its own joins its neighbour: a
 * covering notice or page top joins the plan that follows, a form behind the plan becomes its closing.
 * One walk over the lines; looking back for a title is bounded. */
#include "base/utf8.h"
#include "engine/plan/structure.h"
#include "text/numeral.h"

static size_t chars_of(struct str s) { return utf8_count(s); }

static size_t read_number(struct str s, size_t i, int64_t *out_n) {
  struct dec d;
  size_t used = numeral_arabic(s, i, &d);
  if (used && d.scale == 0) {
    *out_n = d.digits;
    return used;
  }
  used = numeral_zh(s, i, out_n);
  return used;
}

/* 3 for …篇3, 篇三：…, 第三篇 …; 0 for other lines. */
static int64_t series_number(struct str s) {
  if (s.len > TITLE_CHARS * 2 * 3 || s.len < 4 || line_is_sentence(s)) return 0;
  const struct str mark = STR("篇");
  int64_t n = 0;
  const size_t at = str_rfind(s, mark);
  if (at == STR_NONE) return 0;
  const size_t used = read_number(s, at + mark.len, &n);
  if (used && at + mark.len + used == s.len) return n;
  if (str_starts(s, mark) && used) return n;
  if (str_starts(s, STR("第"))) {
    const size_t k = read_number(s, 3, &n);
    if (k && str_starts(str_from(s, 3 + k), mark)) return n;
  }
  return 0;
}

/* True when the file has lines 篇1 and 篇2. */
static bool has_series(const struct work *w) {
  int64_t due = 1;
  for (uint32_t i = 0; i < w->lines.len && due < 3; i++)
    if (series_number(line_text(w, i)) == due) due++;
  return due == 3;
}

bool line_is_attachment(const struct lexicon *lx, struct str s, bool *out_alone) {
  *out_alone = false;
  size_t i = front_word_at(lx, s, 0, "enclosure");
  if (!i) return false;
  while (i < s.len && s.at[i] == ' ') i++;
  int64_t n = 0;
  const size_t used = read_number(s, i, &n);
  i += used;
  while (i < s.len && s.at[i] == ' ') i++;
  const uint32_t c = utf8_at(s, i);
  const bool colon = c == ':' || c == 0xFF1A;
  if (colon) i += c == ':' ? 1 : 3;
  *out_alone = i >= s.len && (used || !colon);
  return true;
}

/* （试行）, （2024—2026年） and a closing 》 behind a title do not count. */
static struct str bare_title(struct str s) {
  for (;;) {
    s = str_trim(s);
    const size_t last = s.len ? utf8_back(s, s.len) : 0;
    const uint32_t c = utf8_at(s, last);
    if (c == 0x300B || c == 0x201D) {
      s = str_slice(s, 0, last);
      continue;
    }
    if (c != ')' && c != 0xFF09) return s;
    size_t open = str_rfind(s, STR("（"));
    const size_t half = str_rfind(s, STR("("));
    if (open == STR_NONE || (half != STR_NONE && half > open)) open = half;
    if (open == STR_NONE || open == 0) return s;
    s = str_slice(s, 0, open);
  }
}

bool line_ends_title(const struct work *w, struct str s, const struct lex_word **out_word) {
  *out_word = NULL;
  if (s.len > TITLE_CHARS * 2 * 3) return false;
  s = bare_title(s);
  const size_t at = str_rfind(s, STR("篇"));
  if (at != STR_NONE && at > 0 && series_number(s)) s = str_slice(s, 0, at);
  *out_word = lexicon_before(w->lx, s, s.len, LEX_BIT(title_end));
  return *out_word != NULL;
}

struct splitter {
  struct work *w;
  struct numbering n;
  struct part part;
  uint32_t prose;       /* sentence lines since the part's first head */
  bool series, in_list; /* in_list: below 附件：1.… */
};

static void end_part(struct splitter *s, uint32_t at, bool numbered) {
  s->part.last = at;
  s->part.head_count = (uint32_t)s->w->heads.len - s->part.first_head;
  if (at > s->part.first) vec_push(s->w->tmp, &s->w->parts) = s->part;
  s->part = (struct part){.first = at, .first_head = (uint32_t)s->w->heads.len, .numbered = numbered};
  s->n = (struct numbering){0};
  s->prose = 0;
  s->in_list = false;
}

static bool looks_like_date(const struct work *w, struct str s) {
  struct date d;
  return s.len < 48 && (date_parse(s, 0, &d) || front_word_end(w->lx, s, "issued") ||
                        (str_ends(s, STR("日")) && str_find(s, STR("年")) != STR_NONE));
}

/* 附件 that begins a document: alone on its line, or with a title and no other 附件 or signature around it. */
static bool attachment_cuts(const struct splitter *s, uint32_t line) {
  bool alone, other;
  const struct work *w = s->w;
  if (line == s->part.first || !line_is_attachment(w->lx, line_text(w, line), &alone)) return false;
  if (alone) return true;
  const struct lex_word *word;
  if (!line_ends_title(w, line_text(w, line), &word) || line + 2 >= w->lines.len) return false;
  if (line_is_attachment(w->lx, line_text(w, line + 1), &other) ||
      line_is_attachment(w->lx, line_text(w, line - 1), &other))
    return false;
  return !looks_like_date(w, line_text(w, line + 1)) && !looks_like_date(w, line_text(w, line + 2)) &&
         str_find(line_text(w, line), STR("：")) == STR_NONE;
}

/* The title above a restarted number, searched between the last head and `line`; 0 when there is none. */
static uint32_t title_above(const struct splitter *s, uint32_t line) {
  const struct work *w = s->w;
  const uint32_t floor = vec_last(&w->heads).line + 1;
  const uint32_t stop = line > floor + LOOK_BACK_LINES ? line - LOOK_BACK_LINES : floor;
  for (uint32_t i = line; i > stop; i--) {
    const struct str text = line_text(w, i - 1);
    const struct lex_word *word;
    if (line_is_sentence(text) || chars_of(text) < 6 || !line_ends_title(w, text, &word)) continue;
    uint32_t first = i - 1;
    while (first > stop && !line_is_sentence(line_text(w, first - 1)) && !looks_like_date(w, line_text(w, first - 1)) &&
           (front_word_find(w->lx, line_text(w, first - 1), "about") != STR_NONE ||
            front_word_at(w->lx, text, 0, "about")))
      first--;
    return first;
  }
  return 0;
}

/* Level 0 starts again at 1: a new document, a table of contents that ends here, or a slip in the numbers. */
static void on_restart(struct splitter *s, uint32_t line) {
  const uint32_t title = title_above(s, line);
  if (title > s->part.first) {
    end_part(s, title, false);
  } else if (s->prose == 0 && !s->part.has_table) {
    s->w->heads.len = s->part.first_head;
    s->n = (struct numbering){0};
  }
}

static bool restarts(const struct splitter *s, uint32_t line) {
  struct marker m[MARKER_READINGS];
  const struct line *l = &s->w->lines.at[line];
  if (s->n.depth == 0 || s->w->heads.len == s->part.first_head) return false;
  if (!marker_read(s->w->lx, s->w->text, l->from, l->to, m)) return false;
  return m[0].number == 1 && m[0].shape == s->n.open[0].shape && m[0].shape != SHAPE_DECIMAL2;
}

static void take_row(struct splitter *s, uint32_t line) {
  struct table_head head;
  if (s->part.has_table) return;
  s->part.has_table = table_read_head(s->w, line, &head);
}

/* Short words without any stop before a numbered line. */
static bool plain_heading(const struct work *w, uint32_t line) {
  const struct str s = line_text(w, line);
  if (s.len > COLON_TITLE_CHARS * 3 || line_is_sentence(s)) return false;
  static const struct str marks[] = {STR_INIT("。"), STR_INIT("，"), STR_INIT("："), STR_INIT(":"),
                                     STR_INIT("；"), STR_INIT(","),  STR_INIT("年")};
  for (size_t k = 0; k < COUNT_OF(marks); k++)
    if (str_find(s, marks[k]) != STR_NONE) return false;
  return chars_of(s) >= 4;
}

/* A heading without number: by the container's level, or plain words between a sentence and the next number of a flat list. */
static bool is_unnumbered(struct splitter *s, uint32_t line) {
  const struct work *w = s->w;
  const struct line *l = &w->lines.at[line];
  const uint8_t outer = s->n.depth ? s->n.open[0].shape : SHAPE_NONE;
  const bool any = w->heads.len > s->part.first_head;
  if (outer == SHAPE_HAN || outer == SHAPE_PART || line + 1 >= w->lines.len || line == s->part.first) return false;
  struct numbering copy = s->n;
  struct head next;
  const struct lex_word *word;
  if (l->heading)
    return l->heading >= 2 && !line_is_sentence(line_text(w, line)) &&
           (any || !line_ends_title(w, line_text(w, line), &word));
  if (!any || s->n.depth != 1 + (outer == SHAPE_HEADING) || !plain_heading(w, line)) return false;
  if (!line_is_sentence(line_text(w, line - 1))) return false;
  numbering_heading(&copy);
  return head_read(w, &copy, line + 1, &next) && next.depth == 1;
}

static void push_heading(struct splitter *s, uint32_t line) {
  const struct line *l = &s->w->lines.at[line];
  vec_push(s->w->tmp, &s->w->heads) =
      (struct head){.mark = {.at = l->from, .end = l->from, .after = l->from, .shape = SHAPE_HEADING},
                    .line = line,
                    .parent = NO_INDEX};
  numbering_heading(&s->n);
}

/* The first such heading was met only now: the one above the first numbered line was taken for front. */
static void first_heading(struct splitter *s) {
  struct work *w = s->w;
  const uint32_t first = s->part.first_head;
  if (w->heads.len == first || w->heads.at[first].mark.shape == SHAPE_HEADING) return;
  const uint32_t above = w->heads.at[first].line;
  if (above < s->part.first + 2 || !plain_heading(w, above - 1)) return;
  const struct lex_word *word;
  if (line_ends_title(w, line_text(w, above - 1), &word)) return;
  for (size_t h = first; h < w->heads.len; h++) w->heads.at[h].depth++;
  push_heading(s, above - 1);
  const struct head heading = vec_last(&w->heads);
  memmove(&w->heads.at[first + 1], &w->heads.at[first], (w->heads.len - first - 1) * sizeof w->heads.at[0]);
  w->heads.at[first] = heading;
}

/* 附件：1.… and the short lines below it; 一、 and （一） end such a list. */
static bool lists_enclosures(struct splitter *s, uint32_t line) {
  const struct str text = line_text(s->w, line);
  bool alone;
  if (line_is_attachment(s->w->lx, text, &alone) || front_word_at(s->w->lx, text, 0, "enclosures")) {
    s->in_list = !alone && !line_is_sentence(text);
    return true;
  }
  if (!s->in_list) return false;
  struct marker m[MARKER_READINGS];
  const struct line *l = &s->w->lines.at[line];
  const int count = marker_read(s->w->lx, s->w->text, l->from, l->to, m);
  s->in_list = !line_is_sentence(text) && text.len < SHORT_CHARS * 3 && (!count || m[0].shape == SHAPE_ARABIC);
  return s->in_list;
}

static void take_line(struct splitter *s, uint32_t line) {
  struct work *w = s->w;
  if (w->lines.at[line].row) {
    take_row(s, line);
    return;
  }
  const bool series = s->series && series_number(line_text(w, line)) > 0;
  if (series || attachment_cuts(s, line)) {
    end_part(s, line, series);
    return;
  }
  if (lists_enclosures(s, line)) return;
  if (restarts(s, line)) on_restart(s, line);
  struct head head;
  if (head_read(w, &s->n, line, &head)) {
    vec_push(w->tmp, &w->heads) = head;
  } else if (is_unnumbered(s, line)) {
    if (!w->lines.at[line].heading) first_heading(s);
    push_heading(s, line);
    return;
  }
  s->prose += line_is_sentence(line_text(w, line)) && w->heads.len > s->part.first_head;
}

/* Parts without numbers or task table join a neighbour. */
static void join_parts(struct work *w) {
  size_t kept = 0;
  for (size_t k = 0; k < w->parts.len; k++) {
    struct part part = w->parts.at[k];
    part.closing = part.last;
    const bool full = part.head_count > 0 || part.has_table;
    struct part *before = kept ? &w->parts.at[kept - 1] : NULL;
    const bool before_full = before && (before->head_count > 0 || before->has_table);
    if (before && !before_full) {
      part.first = before->first;
      w->parts.at[kept - 1] = part;
    } else if (before && !full) {
      before->last = part.last;
    } else {
      w->parts.at[kept++] = part;
    }
  }
  w->parts.len = kept;
}

void split_parts(struct work *w) {
  struct splitter s = {.w = w, .series = has_series(w)};
  for (uint32_t line = 0; line < w->lines.len; line++) take_line(&s, line);
  end_part(&s, (uint32_t)w->lines.len, false);
  join_parts(w);
}
