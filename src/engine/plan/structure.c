/* From clean text to the tree: lines, heads, levels, documents.
 *
 * A numbered line becomes a head when its number fits the sequence (numbering.c); split.c cuts the file into documents on
 * the way. Then each level of numbers is judged as a whole: it carries work when its heads have titles of their own,
 * or labels, or stand under bare headings, or are long; short enumerations stay parts (points) of the item above. The
 * outermost level makes sections when it is bare headings or has numbered work below it, items otherwise. */
#include "engine/plan/structure.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "texts.h"

/* ---- lines ---- */

static bool blank_char(uint32_t c) {
  return c == ' ' || c == 0x3000 || c == 0xA0 || (c >= 0x2002 && c <= 0x200A) || c == '\r' || c == 0x0B;
}

static uint32_t trim_left(struct str s, size_t from, size_t to, bool tabs) {
  while (from < to) {
    size_t next = from;
    const uint32_t c = utf8_next(s, &next);
    if (!blank_char(c) && !(tabs && c == '\t')) break;
    from = next;
  }
  return (uint32_t)from;
}

static uint32_t trim_right(struct str s, size_t from, size_t to, bool tabs) {
  while (to > from) {
    const size_t before = utf8_back(s, to);
    const uint32_t c = utf8_at(s, before);
    if (!blank_char(c) && !(tabs && c == '\t')) break;
    to = before;
  }
  return (uint32_t)to;
}

/* A tab behind something is a cell border; one that only leads is a border when the line above is a row. */
static bool has_borders(struct str s, uint32_t from, uint32_t to) { /* | 甲 | 乙 | */
  int borders = 0;
  if (s.at[from] != '|') return false;
  for (uint32_t i = from; i < to && borders < 3; i++) borders += s.at[i] == '|';
  return borders == 3;
}

static void add_line(struct work *w, size_t at, size_t end, bool above_is_row) {
  const uint32_t from = trim_left(w->text, at, end, true), to = trim_right(w->text, from, end, true);
  if (from >= to) return;
  bool row = memchr(w->text.at + from, '\t', end - from) != NULL;
  if (!row && above_is_row) row = memchr(w->text.at + at, '\t', from - at) != NULL;
  const bool drawn = !row && has_borders(w->text, from, to);
  vec_push(w->tmp, &w->lines) = (struct line){.from = from, .to = to, .row = row || drawn};
  if (!row) return;
  vec_last(&w->lines).from = trim_left(w->text, at, end, false);
  vec_last(&w->lines).to = trim_right(w->text, at, end, false);
}

static void find_headings(struct work *w) {
  const struct plan *p = w->p;
  if (!p->source.places.len) return;
  vec_each(struct line, l, &w->lines) {
    const struct place *at = source_place(&p->source, layer_in_at(&p->cleaning, l->from, false));
    if (!at) continue;
    l->heading = at->heading;
  }
}

static bool scan_lines(struct work *w, struct err *e) {
  const struct str s = w->text;
  for (size_t at = 0; at < s.len;) {
    const char *nl = memchr(s.at + at, '\n', s.len - at);
    const size_t end = nl ? (size_t)(nl - s.at) : s.len;
    add_line(w, at, end, w->lines.len && vec_last(&w->lines).row);
    if (w->lines.len > PLAN_LINES_MAX)
      return fail(e, ERR_TOO_LARGE, MSG_plan_too_many_lines, "limit", str_int(w->tmp, PLAN_LINES_MAX));
    at = end + 1;
  }
  find_headings(w);
  return true;
}

bool is_sentence_mark(uint32_t c) {
  return c == 0x3002 || c == 0xFF1B || c == ';' || c == 0xFF01 || c == '!' || c == 0xFF1F || c == '?';
}

bool line_is_sentence(struct str s) {
  if (!s.len) return false;
  size_t i = utf8_back(s, s.len);
  uint32_t c = utf8_at(s, i);
  if ((c == 0x201D || c == ')' || c == 0xFF09 || c == 0x3015 || c == 0x3011 || c == ']') && i > 0) {
    if (c != 0x201D && s.len > SHORT_CHARS * 3) return true; /* a label behind a paragraph */
    i = utf8_back(s, i);
    c = utf8_at(s, i);
  }
  return is_sentence_mark(c) || s.len > 3 * 2 * SHORT_CHARS;
}

/* ---- heads ---- */

/* ★▲※ before a number mark key work. */
static uint32_t past_stars(struct str s, uint32_t from, uint32_t to) {
  static const uint32_t stars[] = {0x2605, 0x2606, 0x25B2, 0x25B3, 0x203B, 0x25CF, 0x25C6, 0x25A0};
  for (size_t i = from; i < to;) {
    const uint32_t c = utf8_next(s, &i);
    bool star = c == ' ' || c == 0x3000;
    for (size_t k = 0; k < COUNT_OF(stars); k++) star |= c == stars[k];
    if (!star) return (uint32_t)utf8_back(s, i);
  }
  return from;
}

bool head_read(const struct work *w, struct numbering *n, uint32_t line, struct head *out) {
  const struct line *l = &w->lines.at[line];
  struct marker readings[MARKER_READINGS];
  const uint32_t from = past_stars(w->text, l->from, l->to);
  const int count = marker_read(w->lx, w->text, from, l->to, readings);
  struct place_found best = {FIT_NONE, 0, 0};
  int which = -1;
  for (int k = 0; k < count; k++) {
    const struct place_found fit = numbering_fit(n, &readings[k]);
    if (fit.fit > best.fit) {
      best = fit;
      which = k;
    }
  }
  if (which < 0) return false;
  *out = (struct head){.mark = readings[which],
                       .line = line,
                       .expected = best.expected,
                       .parent = NO_INDEX,
                       .depth = (uint8_t)best.depth};
  numbering_take(n, &readings[which], best);
  out->mark.at = l->from;
  const struct str number = str_slice(w->text, from, out->mark.end);
  const struct str rest = str_slice(w->text, out->mark.after, l->to); /* （三）（三）: typed twice */
  if (number.len >= 5 && str_starts(rest, number)) out->mark.after += (uint32_t)number.len;
  return true;
}

struct title_reading {
  struct span title;
  uint32_t body;
  bool alone;
};

static bool opens(uint32_t c) { return c == 0x201C || c == 0x300A || c == '(' || c == 0xFF08 || c == 0x2018; }
static bool closes(uint32_t c) { return c == 0x201D || c == 0x300B || c == ')' || c == 0xFF09 || c == 0x2019; }

/* No title: all is body. */
static struct title_reading untitled(uint32_t from) { return (struct title_reading){{from, from}, from, false}; }

static bool wide_gap(struct str s, size_t i, uint32_t to) { /* a full-width blank or two blanks inside the line */
  const uint32_t c = utf8_at(s, i);
  return c == 0x3000 || (c == ' ' && i + 1 < to && s.at[i + 1] == ' ');
}

struct title_scan {
  int chars, commas, depth;
};

/* Whether the title ends at character c at i. */
static bool title_ends(const struct work *w, const struct title_scan *t, uint32_t c, size_t i, uint32_t to) {
  if (t->depth > 0) return false;
  if (c == 0x3002 || is_sentence_mark(c)) return true;
  if (t->commas || t->chars > COLON_TITLE_CHARS || t->chars < 2) return false;
  if (c == 0xFF1A || c == ':') return true;
  return wide_gap(w->text, i, to) && memmem(w->text.at + i, to - i, "。", 3) != NULL;
}

/* The title of text[from..to): up to the first full stop when text follows it on the line, the whole line when the line
 * is a heading (`more`: text or numbers follow below). */
static struct title_reading read_title(const struct work *w, uint32_t from, uint32_t to, bool more) {
  struct span label = {to, to};
  (void)label_at_end(w, from, to, &label);
  const uint32_t end = trim_right(w->text, from, label.at, false);
  struct title_scan t = {0};
  for (size_t i = from; i < end;) {
    const size_t at = i;
    const uint32_t c = utf8_next(w->text, &i);
    if (title_ends(w, &t, c, at, end)) {
      const bool stop = c == 0x3002 || c == 0xFF1A || c == ':' || blank_char(c);
      if (!stop || t.commas > TITLE_COMMAS) return untitled(from);
      const uint32_t body = trim_left(w->text, i, to, false);
      const bool last = body >= end;
      if (last && !more) return untitled(from);
      return (struct title_reading){{from, (uint32_t)at}, last ? end : body, last};
    }
    t.depth += opens(c) ? 1 : closes(c) && t.depth ? -1 : 0;
    t.commas += c == 0xFF0C || c == ',';
    if (++t.chars > TITLE_CHARS) return untitled(from);
  }
  if (t.commas && !more) return untitled(from);
  return (struct title_reading){{from, end}, end, true};
}

/* ---- levels ---- */

struct level_stats {
  uint32_t count, headed, labelled, under_bare, listed;
  uint64_t bytes;
};
struct levels {
  struct level_stats at[NUMBERING_DEPTH][SHAPE_COUNT];
  bool work[NUMBERING_DEPTH][SHAPE_COUNT];
  bool sections; /* depth 0 makes sections */
};

/* Parents, own lines, titles and labels of the heads of a part. */
static void finish_heads(struct work *w, const struct part *part) {
  int32_t above[NUMBERING_DEPTH + 1];
  for (int k = 0; k <= NUMBERING_DEPTH; k++) above[k] = NO_INDEX;
  for (uint32_t h = part->first_head; h < part->first_head + part->head_count; h++) {
    struct head *x = &w->heads.at[h];
    x->end_line = h + 1 < part->first_head + part->head_count ? w->heads.at[h + 1].line : part->closing;
    x->parent = NO_INDEX;
    for (int k = x->depth - 1; k >= 0 && x->parent == NO_INDEX; k--) x->parent = above[k];
    if (x->parent != NO_INDEX) w->heads.at[x->parent].has_child = true;
    above[x->depth] = (int32_t)h;
    for (int k = x->depth + 1; k <= NUMBERING_DEPTH; k++) above[k] = NO_INDEX;
  }
}

static void title_head(struct work *w, struct head *x) {
  const struct line *l = &w->lines.at[x->line];
  bool more = x->has_child;
  struct span label;
  for (uint32_t k = x->line + 1; k < x->end_line; k++) {
    const struct line *own = &w->lines.at[k];
    x->bytes += own->to - own->from;
    if (own->row) continue;
    if (label_is_line(w, own->from, own->to)) {
      x->labelled = true;
      continue;
    }
    more = true;
    if (!x->labelled && label_at_end(w, own->from, own->to, &label)) x->labelled = true;
  }
  more |= x->end_line > x->line + 1 && w->lines.at[x->line + 1].row;
  if (label_at_end(w, x->mark.after, l->to, &label)) x->labelled = true;
  x->bytes += l->to - l->from;
  const struct title_reading t = read_title(w, x->mark.after, l->to, more);
  x->title = t.title;
  x->body = t.body;
  x->alone = t.alone;
}

static void count_head(const struct work *w, struct levels *lv, const struct head *x) {
  struct level_stats *s = &lv->at[x->depth][x->mark.shape];
  s->count++;
  s->headed += x->title.end > x->title.at;
  s->labelled += x->labelled;
  s->bytes += x->bytes;
  const struct head *up = x->parent == NO_INDEX ? NULL : &w->heads.at[x->parent];
  s->under_bare += up && up->alone && up->end_line == up->line + 1;
  const struct str line = line_text(w, x->line);
  s->listed += str_ends(line, STR("；")) || str_ends(line, STR(";"));
}

static bool most(uint32_t part, uint32_t all) { return all > 0 && part * 2 >= all; }

/* Whether a level below the outermost carries work of its own. */
static bool level_works(int depth, int shape, const struct level_stats *s) {
  if (!s->count || shape == SHAPE_BULLET) return false;
  if (most(s->labelled, s->count)) return true;
  const bool headed = most(s->headed, s->count), long_ones = s->bytes / s->count >= WORK_BYTES;
  const bool bare = most(s->under_bare, s->count);
  if (depth == 1 && bare) return true;
  if (most(s->listed, s->count)) return false;
  if (shape_is_minor(shape)) return long_ones && (headed || bare);
  return bare || (headed && s->bytes / s->count >= WORK_BYTES / 2) || long_ones;
}

static void judge_levels(const struct work *w, const struct part *part, struct levels *lv) {
  uint32_t outer = 0, alone = 0, parents = 0;
  bool below = false, titled_shape = false;
  for (uint32_t h = part->first_head; h < part->first_head + part->head_count; h++) {
    const struct head *x = &w->heads.at[h];
    count_head(w, lv, x);
    if (x->depth > 0) continue;
    outer++;
    alone += x->alone;
    parents += x->has_child;
    titled_shape |= x->mark.shape == SHAPE_PART || x->mark.shape == SHAPE_HEADING;
  }
  for (int d = 1; d < NUMBERING_DEPTH; d++)
    for (int s = 0; s < SHAPE_COUNT; s++) {
      struct level_stats *st = &lv->at[d][s];
      if (d == 1 && (titled_shape || most(alone, outer)))
        st->under_bare = st->count; /* lead paragraphs do not matter */
      lv->work[d][s] = level_works(d, s, st);
      below |= d == 1 && lv->work[d][s];
    }
  lv->sections =
      titled_shape || (below && (most(alone, outer) || most(parents, outer))) || (part->has_table && alone == outer);
}

static void give_roles(struct work *w, const struct part *part, const struct levels *lv) {
  for (uint32_t h = part->first_head; h < part->first_head + part->head_count; h++) {
    struct head *x = &w->heads.at[h];
    if (x->depth == 0) {
      x->role = lv->sections ? HEAD_SECTION : HEAD_ITEM;
      continue;
    }
    const uint8_t up = x->parent == NO_INDEX ? HEAD_TEXT : w->heads.at[x->parent].role;
    const bool deep_enough = x->depth + (lv->sections ? 1 : 2) <= PATH_MAX_DEPTH;
    x->role = lv->work[x->depth][x->mark.shape] && deep_enough && (up == HEAD_SECTION || up == HEAD_ITEM) ? HEAD_ITEM
                                                                                                          : HEAD_POINT;
  }
}

static void read_levels(struct work *w, struct part *part) {
  finish_heads(w, part);
  for (uint32_t h = part->first_head; h < part->first_head + part->head_count; h++) title_head(w, &w->heads.at[h]);
  struct levels lv = {0};
  judge_levels(w, part, &lv);
  give_roles(w, part, &lv);
}

/* ---- the pass ---- */

static bool too_many_items(struct arena *tmp, struct err *e) {
  return fail(e, ERR_TOO_LARGE, MSG_plan_too_many_items, "limit", str_int(tmp, PLAN_ITEMS_MAX));
}

bool plan_structure(struct plan *p, struct err *e) {
  AUTO_ARENA tmp = {0};
  struct work w = {.p = p, .tmp = &tmp, .lx = p->options.lexicon, .text = p->folded};
  TRY(scan_lines(&w, e));
  split_parts(&w);
  if (w.heads.len > PLAN_ITEMS_MAX) return too_many_items(&tmp, e);
  struct build *b = build_begin(&w);
  for (size_t k = 0; k < w.parts.len; k++) {
    struct part *part = &w.parts.at[k];
    front_bounds(&w, part);
    read_levels(&w, part);
    vec_push(p->mem, &p->documents) = (struct document){0};
    struct document *d = &vec_last(&p->documents);
    front_read(&w, part, d);
    build_part(b, part, d);
  }
  if (!build_end(b)) return too_many_items(&tmp, e);
  front_year_series(p, &w);
  vec_each(struct document, d, &p->documents)
    vec_each(struct item, it, &d->items) it->stretches = plan_item_stretches(p->mem, p, it, true);
  return true;
}
