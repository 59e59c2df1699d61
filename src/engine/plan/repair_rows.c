/* Tables that lost their cells: every cell became a line of its own (with a | behind it, or between, or nothing), or
 * the rows are parted by | but miss the cells that were merged downwards.
 *
 * A head of at least three cells whose words are known (table_head) begins such a table. The cells that follow are laid
 * into its columns by the likeliest path (Viterbi 1967): a cell scores by how well it suits a column (a number, an office,
 * a date, a sentence), columns only rise within a row, skipped columns and several cells in one column cost something. Then line
 * ends become tabs, as the containers give them. Promises: cells × columns steps; nothing but separators is changed. */
#include "base/utf8.h"
#include "engine/plan/repair.h"
#include "engine/plan/structure.h"

#include <stdlib.h>

enum {
  HEAD_LEAST = 3,       /* columns */
  HEAD_MOST = 12,       /* wider tables cost too much to lay */
  HEAD_CHARS = 12,      /* of one cell of the head */
  CELL_LONG_CHARS = 24, /* a longer cell is running text */
  TIME_CHARS = 24,
  PERSON_CHARS = 5,
  CELLS_MAX = 100000,
  HEAD_LINE_BYTES = 400 /* a head parted by gaps */
};
/* Points for and against; only their order of size matters. */
enum { GOOD = 6, FAIR = 3, HINT = 1, NEVER = -40, SKIP = -1, SAME = -3, TURN = -2 };

struct raw_cell {
  struct span at;
  bool row_start; /* of a row drawn on one line */
  uint8_t column;
};
typedef VEC(struct raw_cell) raw_cells;

struct rows {
  struct arena *mem;
  const struct lexicon *lx;
  struct str text;
  changes *out;
  uint8_t roles[TABLE_COLUMNS];
  int columns;
  bool has_number;
  bool gaps;       /* cells parted by wide blanks instead of | */
  raw_cells cells; /* head and body */
};

/* ---- what a cell looks like ---- */

static struct str cell_text(const struct rows *r, struct span at) { return str_slice(r->text, at.at, at.end); }

static struct span trim_bars(struct str text, uint32_t from, uint32_t to) {
  while (from < to && (text.at[from] == ' ' || text.at[from] == '|')) from++;
  while (to > from && (text.at[to - 1] == ' ' || text.at[to - 1] == '|')) to--;
  return (struct span){from, to};
}

static bool is_digits(struct str s) {
  if (str_ends(s, STR("."))) s.len--;
  if (!s.len || s.len > 4) return false;
  for (size_t i = 0; i < s.len; i++)
    if (s.at[i] < '0' || s.at[i] > '9') return false;
  return true;
}

static bool is_sentence(struct str s) {
  return utf8_count(s) > CELL_LONG_CHARS || str_ends(s, STR("。")) || str_ends(s, STR("；")) || str_ends(s, STR(";"));
}

static bool one_unit(const struct lexicon *lx, struct str s) {
  s = str_trim(s);
  if (str_ends(s, STR("。"))) s.len -= 3;
  if (str_ends(s, STR("等"))) s.len -= 3;
  const lex_bits ends = LEX_BIT(unit_suffix) | LEX_BIT(unit_word) | LEX_BIT(role_assist) | LEX_BIT(role_lead);
  return s.len >= 6 && utf8_count(s) <= UNIT_CHARS && lexicon_before(lx, s, s.len, ends) != NULL;
}

/* Most of the names in the cell end as offices do. */
static bool looks_like_units(const struct lexicon *lx, struct str s) {
  size_t from = 0, all = 0, units = 0;
  for (size_t i = 0; i <= s.len;) {
    size_t next = i;
    const uint32_t c = i < s.len ? utf8_next(s, &next) : 0;
    if (i == s.len || c == 0x3001 || c == 0xFF0C || c == ',' || c == ' ' || c == 0xFF1B || c == ';') {
      all++;
      units += one_unit(lx, str_slice(s, from, i));
      from = next;
    }
    if (i == s.len) break;
    i = next;
  }
  return units > 0 && units * 3 >= all * 2;
}

/* 长期坚持, 各季度: a word of time where the rules want it, at the start, at the end or anywhere. */
static bool says_when(const struct lexicon *lx, struct str s) {
  for (size_t i = 0; i < s.len; (void)utf8_next(s, &i)) {
    const struct lex_word *w = lexicon_at(lx, s, i, LEX_BIT(cell_time));
    const struct str where = w ? lex_value(w, LEX_cell_time) : (struct str){0};
    if (str_eqz(where, "anywhere") || (i == 0 && str_eqz(where, "start"))) return true;
    if (str_eqz(where, "end") && i + w->text.len == s.len) return true;
  }
  return false;
}

static bool looks_like_time(const struct lexicon *lx, struct str s) {
  if (utf8_count(s) > TIME_CHARS || str_ends(s, STR("。"))) return false;
  if (lexicon_at(lx, s, 0, LEX_BIT(time_word))) return true;
  bool digit = false;
  for (size_t i = 0; i < s.len;) {
    const uint32_t c = utf8_next(s, &i);
    if (digit && (c == 0x6708 || c == 0x5E74 || c == 0x65E5)) return true; /* 月 年 日 */
    digit = is_digit(c);
  }
  return says_when(lx, s);
}

static int suits_text(struct str s, bool units, bool time) {
  int points = is_sentence(s) ? FAIR : HINT;
  if (units && !str_ends(s, STR("。"))) points -= FAIR;
  return time ? points - FAIR : points;
}

static int suits(const struct rows *r, struct str s, enum cell_role role) {
  const bool digits = is_digits(s);
  if (role == CELL_NUMBER) return digits ? GOOD : NEVER;
  if (digits) return -GOOD * 2;
  const bool units = looks_like_units(r->lx, s), time = looks_like_time(r->lx, s), sentence = is_sentence(s);
  switch (role) {
    case CELL_TASK:
    case CELL_BODY:
    case CELL_GOAL: return suits_text(s, units, time);
    case CELL_GROUP: return sentence || time ? -FAIR : units ? 0 : FAIR;
    case CELL_LEAD:
    case CELL_ASSIST:
    case CELL_GUIDE:
    case CELL_UNIT: return units ? GOOD : sentence || time ? -GOOD : -HINT;
    case CELL_TIME: return time ? GOOD : -GOOD;
    case CELL_RESULT:
    case CELL_NOTE: return units || time ? -FAIR : sentence ? -HINT : 0;
    case CELL_NUMBER:
    case CELL_OTHER: break;
  }
  return units || sentence ? -FAIR : utf8_count(s) <= PERSON_CHARS ? FAIR : 0;
}

/* ---- the likeliest path ---- */

struct step {
  int32_t points;
  uint8_t from; /* column of the cell before */
};

static int move_cost(const struct rows *r, const struct raw_cell *c, int before, int column) {
  const int last = r->columns - 1;
  if (c->row_start || column < before) return (c->row_start ? 0 : TURN) + SKIP * (last - before) / 2 + SKIP * column;
  if (column == before) return SAME;
  return SKIP * (column - before - 1);
}

/* Lays cells [from, to) into the columns. */
static void lay(struct rows *r, size_t from, size_t to) {
  AUTO_ARENA tmp = {0};
  const int n = r->columns;
  if (to <= from) return;
  struct step *steps = arena_new_n(&tmp, struct step, (to - from) * (size_t)n);
  for (size_t k = from; k < to; k++) {
    const struct raw_cell *cell = &r->cells.at[k];
    const struct str s = cell_text(r, cell->at);
    struct step *row = steps + (k - from) * (size_t)n;
    for (int c = 0; c < n; c++) {
      struct step best = {k == from ? SKIP * c : INT32_MIN / 2, 0};
      for (int b = 0; k > from && b < n; b++) {
        const int32_t points = (row - n)[b].points + move_cost(r, cell, b, c);
        if (points > best.points) best = (struct step){points, (uint8_t)b};
      }
      best.points += suits(r, s, (enum cell_role)r->roles[c]);
      row[c] = best;
    }
  }
  int c = 0;
  const struct step *end = steps + (to - from - 1) * (size_t)n;
  for (int k = 1; k < n; k++)
    if (end[k].points + SKIP * (n - 1 - k) / 2 > end[c].points + SKIP * (n - 1 - c) / 2) c = k;
  for (size_t k = to; k-- > from;) {
    r->cells.at[k].column = (uint8_t)c;
    c = steps[(k - from) * (size_t)n + (size_t)c].from;
  }
}

/* Offices in the last column, which is one for notes: they go on from the column before. */
static bool ends_in_note(const struct rows *r, size_t last) {
  return r->roles[r->columns - 1] == CELL_NOTE && looks_like_units(r->lx, cell_text(r, r->cells.at[last].at));
}

/* Rows that begin with their number are laid one by one: a full one as it stands. */
static void lay_rows(struct rows *r, size_t from, size_t to) {
  if (!r->has_number || r->roles[0] != CELL_NUMBER) {
    lay(r, from, to);
    return;
  }
  for (size_t k = from; k < to;) {
    size_t end = k + 1;
    while (end < to && !is_digits(cell_text(r, r->cells.at[end].at))) end++;
    if (end - k == (size_t)r->columns && is_digits(cell_text(r, r->cells.at[k].at)) && !ends_in_note(r, end - 1)) {
      for (size_t i = k; i < end; i++) r->cells.at[i].column = (uint8_t)(i - k);
    } else {
      lay(r, k, end);
    }
    r->cells.at[k].row_start = true;
    k = end;
  }
}

/* ---- writing ---- */

static struct str tabs(struct arena *mem, int n, bool newline) {
  char *s = arena_take(mem, (size_t)n + 2);
  memset(s, '\t', (size_t)n + 1);
  if (newline) s[0] = '\n';
  return (struct str){s + (newline ? 0 : 1), (size_t)n + (newline ? 1 : 0)};
}

static void between(struct rows *r, uint32_t from, uint32_t to, struct str with) {
  if (!str_eq(str_slice(r->text, from, to), with)) change_add(r->mem, r->out, from, to, with, EDIT_CELL, false);
}

/* Separators of cells [from, to): tabs within a row, a line end and tabs between rows. */
static void write_cells(struct rows *r, size_t from, size_t to) {
  for (size_t k = from; k < to; k++) {
    const struct raw_cell *a = &r->cells.at[k];
    if (k == from && a->column) between(r, a->at.at, a->at.at, tabs(r->mem, a->column, false));
    if (k + 1 == to) break;
    const struct raw_cell *b = &r->cells.at[k + 1];
    if (!b->row_start && b->column == a->column) between(r, a->at.end, b->at.at, STR("\v"));
    else if (!b->row_start && b->column > a->column)
      between(r, a->at.end, b->at.at, tabs(r->mem, b->column - a->column, false));
    else between(r, a->at.end, b->at.at, tabs(r->mem, b->column, true));
  }
}

/* ---- finding the head ---- */

static struct span line_at(struct str text, size_t from) {
  const char *nl = memchr(text.at + from, '\n', text.len - from);
  return (struct span){(uint32_t)from, (uint32_t)(nl ? (size_t)(nl - text.at) : text.len)};
}

static bool head_cell(struct str s) {
  if (!s.len || s.len > HEAD_CHARS * 4 || utf8_count(s) > HEAD_CHARS || is_digits(s)) return false;
  return str_find(s, STR("。")) == STR_NONE && str_find(s, STR("、")) == STR_NONE &&
         str_find(s, STR("：")) == STR_NONE && !memchr(s.at, ':', s.len) && !memchr(s.at, '\t', s.len);
}

struct head_count {
  int known, task, unit;
};

static void add_head(struct rows *r, struct head_count *n, struct span at) {
  AUTO_ARENA tmp = {0};
  if (r->columns >= HEAD_MOST) return;
  const int role = table_head_role(r->lx, &tmp, cell_text(r, at));
  r->roles[r->columns] = (uint8_t)(role < 0 ? CELL_OTHER : role);
  r->columns++;
  vec_push(r->mem, &r->cells) = (struct raw_cell){.at = at, .column = (uint8_t)(r->columns - 1)};
  n->known += role >= 0;
  n->task += role == CELL_TASK || role == CELL_BODY || role == CELL_GOAL;
  n->unit += role >= CELL_LEAD && role <= CELL_TIME;
  r->has_number |= role == CELL_NUMBER;
}

static bool is_head(const struct rows *r, struct head_count n) {
  return r->columns >= HEAD_LEAST && n.known >= HEAD_LEAST && n.task > 0 && n.unit > 0;
}

static void start_head(struct rows *r) {
  r->cells.len = 0;
  r->columns = 0;
  r->has_number = false;
}

/* Cells on lines of their own. Returns where the body begins, 0 when these lines are no head. */
static uint32_t head_of_lines(struct rows *r, uint32_t from) {
  struct head_count n = {0};
  AUTO_ARENA tmp = {0};
  start_head(r);
  uint32_t end = 0;
  int unknown = 0;
  for (uint32_t at = from; at < r->text.len;) {
    const struct span line = line_at(r->text, at), cell = trim_bars(r->text, line.at, line.end);
    const struct str s = cell_text(r, cell);
    at = line.end + 1;
    if (!s.len) continue;
    if (!head_cell(s) || r->columns >= HEAD_MOST) break;
    if (r->columns && str_eq(s, cell_text(r, r->cells.at[0].at))) break;
    const bool known = table_head_role(r->lx, &tmp, s) >= 0;
    if (!known && ++unknown > 1 && (utf8_at(s, 0) != '(' && utf8_at(s, 0) != 0xFF08)) break;
    if (!known && !r->columns) return 0;
    if (utf8_at(s, 0) == '(' || utf8_at(s, 0) == 0xFF08) { /* 责任股室⏎（单位） */
      between(r, vec_last(&r->cells).at.end, cell.at, STR("\v"));
      if (vec_last(&r->cells).at.at < end) end = at; /* of the last known cell: the body begins behind it */
      vec_last(&r->cells).at.end = cell.end;
      continue;
    }
    add_head(r, &n, cell);
    if (known) unknown = 0, end = at;
  }
  while (r->cells.len && end && vec_last(&r->cells).at.at >= end) {
    r->cells.len--;
    r->columns--;
  }
  while (end && r->out->len && vec_last(r->out).at.at >= end) r->out->len--; /* what was said of those cells */
  return is_head(r, n) ? end : 0;
}

/* The end of the cell at `at`: a |, or two blanks or a wide one when the row is parted by gaps. */
static uint32_t cell_end(const struct rows *r, uint32_t at, uint32_t end, uint32_t *out_next) {
  if (!r->gaps) {
    const char *bar = memchr(r->text.at + at, '|', end - at);
    const uint32_t to = bar ? (uint32_t)(bar - r->text.at) : end;
    *out_next = to + 1;
    return to;
  }
  const struct str s = str_slice(r->text, 0, end);
  for (size_t i = at; i < end;) {
    const size_t here = i;
    const uint32_t c = utf8_next(s, &i);
    if (c != 0x3000 && !(c == ' ' && i < end && (s.at[i] == ' ' || utf8_at(s, i) == 0x3000))) continue;
    while (i < end && (utf8_at(s, i) == ' ' || utf8_at(s, i) == 0x3000)) (void)utf8_next(s, &i);
    *out_next = (uint32_t)i;
    return (uint32_t)here;
  }
  *out_next = end + 1;
  return end;
}

static bool has_gap(struct str s) { return str_find(s, STR("  ")) != STR_NONE || str_find(s, STR("　")) != STR_NONE; }

/* Cells parted by | or by gaps on one line that does not begin with one. */
static uint32_t head_of_bars(struct rows *r, struct span line) {
  struct head_count n = {0};
  if (r->text.at[line.at] == '|') return 0;
  start_head(r);
  for (uint32_t at = line.at; at < line.end;) {
    uint32_t next = 0;
    const uint32_t end = cell_end(r, at, line.end, &next);
    const struct span cell = trim_bars(r->text, at, end);
    if (cell.end > cell.at) add_head(r, &n, cell);
    at = next;
  }
  return is_head(r, n) ? line.end + 1 : 0;
}

/* ---- the body ---- */

static bool is_section_line(const struct rows *r, struct span at) {
  struct marker m[MARKER_READINGS];
  return marker_read(r->lx, r->text, at.at, at.end, m) && m[0].shape == SHAPE_HAN && !m[0].weak &&
         utf8_count(cell_text(r, at)) <= TITLE_CHARS;
}

static bool ends_table(const struct rows *r, struct span at) {
  const struct str s = cell_text(r, at);
  if (memchr(s.at, '\t', s.len)) return true;
  return lexicon_at(r->lx, s, 0, LEX_BIT(closing_word)) != NULL;
}

/* A heading inside the table goes on when the next cell is a number or another heading. */
static bool section_goes_on(const struct rows *r, uint32_t at) {
  if (!r->has_number) return true;
  while (at < r->text.len) {
    const struct span line = line_at(r->text, at), cell = trim_bars(r->text, line.at, line.end);
    at = line.end + 1;
    if (cell.end > cell.at) return is_digits(cell_text(r, cell)) || is_section_line(r, cell);
  }
  return true;
}

static void push_cell(struct rows *r, struct span at, bool row_start) {
  vec_push(r->mem, &r->cells) = (struct raw_cell){.at = at, .row_start = row_start};
}

/* A table without a column for them writes its numbers all the same: they go with the words that follow. */
static void glue_numbers(struct rows *r, size_t from) {
  size_t kept = from;
  if (r->has_number) return;
  for (size_t k = from; k < r->cells.len; k++) {
    struct raw_cell c = r->cells.at[k];
    if (is_digits(cell_text(r, c.at)) && k + 1 < r->cells.len) {
      struct raw_cell *next = &r->cells.at[k + 1];
      between(r, c.at.end, next->at.at, STR("、"));
      next->at.at = c.at.at;
      next->row_start |= c.row_start;
      continue;
    }
    r->cells.at[kept++] = c;
  }
  r->cells.len = kept;
}

/* Lays and writes the cells gathered since `from`. */
static void flush(struct rows *r, size_t *io_from) {
  glue_numbers(r, *io_from);
  lay_rows(r, *io_from, r->cells.len);
  write_cells(r, *io_from, r->cells.len);
  *io_from = r->cells.len;
}

/* From the last cell to the next that begins a row. */
static void end_row(struct rows *r, uint32_t to) {
  if (r->cells.len) between(r, vec_last(&r->cells).at.end, to, STR("\n"));
}

/* The bars behind the last cell of the table. */
static uint32_t end_table(struct rows *r) {
  const uint32_t end = vec_last(&r->cells).at.end, stop = line_at(r->text, end).end;
  const struct span rest = trim_bars(r->text, end, stop);
  if (rest.end <= rest.at) between(r, end, stop, STR(""));
  return stop;
}

static uint32_t body_of_lines(struct rows *r, uint32_t from) {
  size_t group = r->cells.len;
  bool after_break = true;
  write_cells(r, 0, group);
  for (uint32_t at = from; at < r->text.len && r->cells.len < CELLS_MAX;) {
    const struct span line = line_at(r->text, at), cell = trim_bars(r->text, line.at, line.end);
    const bool section = cell.end > cell.at && is_section_line(r, cell);
    if (cell.end > cell.at && (ends_table(r, cell) || (section && !section_goes_on(r, line.end + 1)))) break;
    at = line.end + 1;
    if (cell.end <= cell.at) continue;
    if (section) flush(r, &group);
    if (section || after_break) end_row(r, cell.at);
    push_cell(r, cell, false);
    after_break = section;
    if (!section) continue;
    change_add(r->mem, r->out, cell.end, cell.end, tabs(r->mem, r->columns - 1, false), EDIT_CELL, false);
    group = r->cells.len;
  }
  flush(r, &group);
  return end_table(r);
}

/* A row on one line keeps its empty cells; only the merged ones in front are missing. Where does it begin? */
static void shift_row(struct rows *r, size_t from) {
  const int most = r->columns - 1 - vec_last(&r->cells).column;
  int best = 0, best_points = INT32_MIN;
  for (int shift = 0; shift <= most; shift++) {
    int points = SKIP * shift;
    for (size_t k = from; k < r->cells.len; k++)
      points += suits(r, cell_text(r, r->cells.at[k].at), (enum cell_role)r->roles[r->cells.at[k].column + shift]);
    if (points > best_points) {
      best_points = points;
      best = shift;
    }
  }
  for (size_t k = from; k < r->cells.len; k++) r->cells.at[k].column = (uint8_t)(r->cells.at[k].column + best);
}

/* The cells of one line; false when it is no row. */
static bool take_row(struct rows *r, struct span line) {
  const size_t from = r->cells.len;
  int column = 0;
  for (uint32_t i = line.at; i < line.end && column < r->columns; column++) {
    uint32_t next = 0;
    const uint32_t end = cell_end(r, i, line.end, &next);
    const struct span cell = trim_bars(r->text, i, end);
    i = next;
    if (cell.end <= cell.at) continue;
    if (r->cells.len == from) end_row(r, cell.at);
    push_cell(r, cell, r->cells.len == from);
    vec_last(&r->cells).column = (uint8_t)column;
  }
  if (r->cells.len == from) return false;
  shift_row(r, from);
  return true;
}

static uint32_t body_of_bars(struct rows *r, uint32_t from) {
  write_cells(r, 0, r->cells.len);
  for (uint32_t at = from; at < r->text.len && r->cells.len < CELLS_MAX;) {
    const struct span line = line_at(r->text, at);
    const struct str s = str_slice(r->text, line.at, line.end);
    if (r->gaps ? !has_gap(s) : !memchr(s.at, '|', s.len)) break;
    const size_t first = r->cells.len;
    if (take_row(r, line)) write_cells(r, first, r->cells.len);
    at = line.end + 1;
  }
  return end_table(r);
}

/* ---- the pass ---- */

static int by_place(const void *a, const void *b) {
  const struct change *x = a, *y = b;
  return x->at.at < y->at.at ? -1 : x->at.at > y->at.at;
}

static bool may_be_head(const struct rows *r, struct str s) {
  AUTO_ARENA tmp = {0};
  return head_cell(s) && table_head_role(r->lx, &tmp, s) >= 0;
}

void repair_rows(struct arena *mem, const struct lexicon *lx, struct str folded, changes *out) {
  struct rows r = {.mem = mem, .lx = lx, .text = folded, .out = out};
  for (uint32_t at = 0; at < folded.len;) {
    const struct span line = line_at(folded, at), cell = trim_bars(folded, line.at, line.end);
    const struct str s = cell_text(&r, cell);
    const size_t before = out->len;
    uint32_t body = 0, end = 0;
    at = line.end + 1;
    if (!s.len || memchr(s.at, '\t', s.len)) continue;
    r.gaps = !memchr(s.at, '|', s.len) && s.len < HEAD_LINE_BYTES && has_gap(s);
    if (r.gaps || memchr(s.at, '|', s.len)) {
      body = head_of_bars(&r, line);
      if (body && body < folded.len) end = body_of_bars(&r, body);
    } else if (may_be_head(&r, s)) {
      body = head_of_lines(&r, line.at);
      if (body && body < folded.len) end = body_of_lines(&r, body);
    }
    if (!end) out->len = before;
    if (!end && s.len && !memchr(s.at, '|', s.len) && cell.end < line.end && folded.at[line.end - 1] == '|')
      change_add(mem, out, cell.end, line.end, STR(""), EDIT_CELL, false); /* a border left behind a line */
    if (end) qsort(out->at + before, out->len - before, sizeof out->at[0], by_place);
    if (end) at = end + 1;
  }
}
