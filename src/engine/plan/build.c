/* Nodes, sections and items of one document, in one walk over its lines.
 *
 * A cursor runs through the clean text; every leaf begins where the one before ended, so each byte has exactly one leaf.
 * Containers are opened and closed on a stack of bounded depth; there is no recursion. */
#include <stdlib.h>

#include "engine/plan/structure.h"

#include "base/limits.h"
#include "base/utf8.h"

enum { OPEN_NODES = 24 };

struct build {
  struct work *w;
  struct plan *p;
  struct paragraph_scan *scan;
  uint32_t cursor;
  struct {
    uint32_t node, last_child;
  } open[OPEN_NODES];
  int depth;
  /* of the document being built */
  const struct part *part;
  struct document *d;
  uint32_t section_node;             /* 0 = none open */
  int32_t items[PATH_MAX_DEPTH + 1]; /* open items by level, NO_INDEX */
  int levels;                        /* open items */
  int32_t into_index;                /* item that takes text and labels now, NO_INDEX */
  bool second;                       /* the item's body may hold inline points */
  struct table_head table;
  bool in_table;
  struct cell carried[TABLE_COLUMNS]; /* cells of the row above, for merged ones */
  int32_t row_number;                 /* number of the row above, rows below it without one */
  int32_t rows_below;
  size_t item_count; /* of all documents */
};

/* ---- nodes ---- */

static uint32_t add_node(struct build *b, enum node_kind kind, uint32_t at, uint32_t end) {
  const uint32_t made = (uint32_t)b->p->nodes.len;
  vec_push(b->p->mem, &b->p->nodes) = (struct node){.kind = kind, .at = {at, end}};
  if (b->depth == 0) return made;
  const uint32_t parent = b->open[b->depth - 1].node, before = b->open[b->depth - 1].last_child;
  b->p->nodes.at[made].parent = parent;
  if (before) b->p->nodes.at[before].next = made;
  else b->p->nodes.at[parent].first_child = made;
  b->open[b->depth - 1].last_child = made;
  return made;
}

static void leaf(struct build *b, enum node_kind kind, uint32_t end) {
  if (end <= b->cursor) return;
  (void)add_node(b, kind, b->cursor, end);
  b->cursor = end;
}

static void blank_to(struct build *b, uint32_t at) { leaf(b, NODE_BLANK, at); }

static uint32_t open_node(struct build *b, enum node_kind kind, uint32_t at) {
  blank_to(b, at);
  must(b->depth < OPEN_NODES);
  const uint32_t made = add_node(b, kind, at, at);
  b->open[b->depth].node = made;
  b->open[b->depth].last_child = 0;
  b->depth++;
  return made;
}

static void close_node(struct build *b) {
  must(b->depth > 0);
  b->depth--;
  b->p->nodes.at[b->open[b->depth].node].at.end = b->cursor;
}

/* ---- paragraphs ---- */

static void sink_leaf(void *to, enum node_kind kind, uint32_t from, uint32_t end) {
  struct build *b = to;
  must(from == b->cursor);
  leaf(b, kind, end);
}

static struct section *open_section(struct build *b) { return b->section_node ? &vec_last(&b->d->sections) : NULL; }

static void sink_label(void *to, struct span at) {
  struct build *b = to;
  if (b->into_index != NO_INDEX) {
    vec_push(b->p->mem, &b->d->items.at[b->into_index].labels) = at;
  } else if (open_section(b)) {
    vec_push(b->p->mem, &open_section(b)->labels) = at;
  }
}

static void put_paragraph(struct build *b, uint32_t from, uint32_t to) {
  if (from >= to) return;
  (void)open_node(b, NODE_PARAGRAPH, from);
  const struct paragraph_sink sink = {sink_leaf, sink_label, b};
  if (paragraph_cut(b->scan, b->w, from, to, &sink)) b->second = true;
  close_node(b);
}

static void put_lines(struct build *b, enum node_kind kind, uint32_t first, uint32_t last) {
  if (first >= last) return;
  (void)open_node(b, kind, b->w->lines.at[first].from);
  for (uint32_t k = first; k < last; k++) {
    blank_to(b, b->w->lines.at[k].from);
    leaf(b, NODE_LINE, b->w->lines.at[k].to);
  }
  close_node(b);
}

/* ---- items ---- */

/* Body ends where its last words before a trailing label do. */
static void trim_body(struct build *b, struct item *it) {
  const struct str s = b->w->text;
  for (size_t k = it->labels.len; k > 0; k--) {
    const struct span l = it->labels.at[k - 1];
    const struct str behind = str_trim(str_slice(s, l.end, it->body_at.end));
    if (l.at < it->body_at.at || l.end > it->body_at.end || (behind.len && !str_eq(behind, STR("。")))) break;
    const struct str before = str_trim(str_slice(s, it->body_at.at, l.at));
    it->body_at.end = before.len ? (uint32_t)(before.at + before.len - s.at) : it->body_at.at;
  }
}

static int by_place(const void *a, const void *b) {
  const struct span *x = a, *y = b;
  return x->at < y->at ? -1 : x->at > y->at;
}

/* In order; a line that is a point and its inline mark are one. */
static void sort_points(plan_spans *points) {
  if (points->len < 2) return;
  qsort(points->at, points->len, sizeof points->at[0], by_place);
  size_t kept = 1;
  for (size_t k = 1; k < points->len; k++)
    if (points->at[k].at != points->at[kept - 1].at) points->at[kept++] = points->at[k];
  points->len = kept;
}

/* Its own words are complete: at the first sub-item, or when it closes. */
static void finish_body(struct build *b) {
  if (b->into_index == NO_INDEX) return;
  struct item *it = &b->d->items.at[b->into_index];
  trim_body(b, it);
  if (b->second) points_inline(b->p->mem, b->w->text, it->body_at, (plan_spans *)&it->points);
  sort_points((plan_spans *)&it->points);
  b->second = false;
  b->into_index = NO_INDEX;
}

static void close_items(struct build *b, int keep) {
  finish_body(b);
  while (b->levels > keep) {
    b->levels--;
    struct item *it = &b->d->items.at[b->items[b->levels]];
    it->at.end = b->cursor;
    close_node(b);
  }
  b->into_index = NO_INDEX;
}

static void end_section(struct build *b) {
  close_items(b, 0);
  if (!b->section_node) return;
  struct section *s = open_section(b);
  s->item_count = (uint32_t)b->d->items.len - s->first_item;
  s->at.end = b->cursor;
  close_node(b);
  b->section_node = 0;
}

static struct section *begin_section(struct build *b, uint32_t at, int32_t number) {
  end_section(b);
  b->section_node = open_node(b, NODE_SECTION, at);
  vec_push(b->p->mem, &b->d->sections) = (struct section){
      .number = number, .node = b->section_node, .at = {at, at}, .first_item = (uint32_t)b->d->items.len};
  return open_section(b);
}

/* Opens an item under the `level` items that are open; level 0 stands in the section. */
static struct item *begin_item(struct build *b, uint32_t at, int32_t number, int32_t expected, int level) {
  close_items(b, level);
  if (!b->section_node) (void)begin_section(b, at, 0);
  const uint32_t section = (uint32_t)b->d->sections.len - 1;
  const int32_t parent = level > 0 ? b->items[level - 1] : NO_INDEX;
  const uint32_t node = open_node(b, NODE_ITEM, at);
  vec_push(b->p->mem, &b->d->items) = (struct item){
      .number = number, .expected = expected, .parent = parent, .section = section, .node = node, .at = {at, at}};
  const int32_t index = (int32_t)b->d->items.len - 1;
  b->item_count++;
  struct item *it = &b->d->items.at[index];
  if (parent == NO_INDEX) {
    it->path[it->depth++] = vec_last(&b->d->sections).number;
  } else {
    struct item *up = &b->d->items.at[parent];
    up->is_group = true;
    memcpy(it->path, up->path, sizeof it->path);
    it->depth = up->depth;
  }
  must(it->depth < PATH_MAX_DEPTH);
  it->path[it->depth++] = number;
  b->items[b->levels++] = index;
  b->into_index = index;
  return it;
}

/* Text of an item or section: grows the body. */
static void put_text(struct build *b, uint32_t from, uint32_t to) {
  if (from >= to) return;
  if (b->into_index != NO_INDEX) {
    struct item *it = &b->d->items.at[b->into_index];
    if (it->body_at.at == it->body_at.end) it->body_at.at = from;
    it->body_at.end = to;
  }
  put_paragraph(b, from, to);
}

static void add_point(struct build *b, uint32_t from, uint32_t to) {
  if (b->into_index == NO_INDEX || from >= to) return;
  vec_push(b->p->mem, &b->d->items.at[b->into_index].points) = (struct span){from, to};
}

/* Heading leaf, then what stands behind the title on the line. */
static void put_heading(struct build *b, const struct head *x) {
  const uint32_t to = b->w->lines.at[x->line].to;
  const uint32_t body = x->alone ? to : x->body;
  uint32_t end = x->alone ? to : body;
  struct span label;
  if (x->alone && label_at_end(b->w, x->mark.after, to, &label)) end = label.at;
  const struct str head = str_trim(str_slice(b->w->text, x->mark.at, end));
  leaf(b, NODE_HEADING, head.len ? (uint32_t)(head.at + head.len - b->w->text.at) : end);
  if (end < to && x->alone) {
    blank_to(b, end);
    sink_label(b, label);
    leaf(b, NODE_LABEL, to);
  } else if (!x->alone) {
    put_text(b, body, to);
  }
}

static void put_section(struct build *b, const struct head *x) {
  struct section *s = begin_section(b, x->mark.at, x->mark.number);
  s->expected = x->mark.shape == SHAPE_HEADING ? 0 : x->expected;
  const bool whole = x->title.end <= x->title.at; /* a long heading without title of its own */
  s->title_at = whole ? (struct span){x->mark.after, b->w->lines.at[x->line].to} : x->title;
  if (whole && x->body > x->mark.after) s->title_at.end = x->body;
  s->title = plan_text(b->p, s->title_at);
  if (whole) {
    leaf(b, NODE_HEADING, b->w->lines.at[x->line].to);
    return;
  }
  put_heading(b, x);
}

static int level_of(const struct build *b, const struct head *x) {
  int level = 0;
  for (int32_t up = x->parent; up != NO_INDEX && b->w->heads.at[up].role == HEAD_ITEM; up = b->w->heads.at[up].parent)
    level++;
  return level < b->levels ? level : b->levels;
}

static void put_item(struct build *b, const struct head *x) {
  struct item *it = begin_item(b, x->mark.at, x->mark.number, x->expected, level_of(b, x));
  it->number_at = (struct span){x->mark.at, x->mark.end};
  it->title_at = x->title;
  it->title = plan_text(b->p, x->title);
  it->body_at = (struct span){x->body, x->body};
  put_heading(b, x);
}

/* ---- tables ---- */

static void put_row(struct build *b, const struct line *l) {
  struct span cells[TABLE_COLUMNS];
  const int count = row_cells(b->w->text, (struct span){l->from, l->to}, cells, TABLE_COLUMNS);
  (void)open_node(b, NODE_ROW, l->from);
  for (int k = 0; k < count; k++) {
    blank_to(b, cells[k].at);
    leaf(b, NODE_CELL, cells[k].end);
  }
  blank_to(b, l->to);
  close_node(b);
}

static int32_t cell_number(const struct build *b, struct span cell) {
  const struct str s = str_slice(b->w->text, cell.at, cell.end);
  int64_t n = 0;
  if (str_to_int(s, &n) && n > 0 && n <= 100000) return (int32_t)n;
  struct marker m[MARKER_READINGS];
  struct str dotted = str_join(b->w->tmp, s, STR("、"));
  if (marker_read(b->w->lx, dotted, 0, (uint32_t)dotted.len, m)) return m[0].number;
  return marker_read(b->w->lx, b->w->text, cell.at, cell.end, m) ? m[0].number : 0;
}

/* One filled cell, or all filled cells alike: a row that titles those below it. */
static bool is_section_row(const struct build *b, const struct span *cells, int count, struct span *out) {
  int filled = 0;
  struct str first = {0};
  for (int k = 0; k < count; k++) {
    const struct str s = str_slice(b->w->text, cells[k].at, cells[k].end);
    if (!s.len) continue;
    if (!filled) {
      first = s;
      *out = cells[k];
    } else if (!str_eq(first, s)) {
      struct marker m[MARKER_READINGS]; /* 一 | 党的建设: number and title in two cells, nothing else */
      const struct str dotted = str_join(b->w->tmp, first, STR("、"));
      const bool numbered = marker_read(b->w->lx, dotted, 0, (uint32_t)dotted.len, m) && m[0].shape == SHAPE_HAN;
      if (!numbered || filled > 1) return false;
      out->end = cells[k].end;
    }
    filled++;
  }
  return filled > 0 && b->table.columns > 2 && (filled == 1 || filled == count || count > 2) &&
         out->end - out->at <= TITLE_CHARS * 3;
}

static void section_of_row(struct build *b, const struct line *l, struct span title) {
  struct marker m[MARKER_READINGS] = {0};
  if (!marker_read(b->w->lx, b->w->text, title.at, title.end, m)) {
    char *const tab = memchr(b->w->text.at + title.at, '\t', title.end - title.at);
    m[0].after = tab ? (uint32_t)(tab - b->w->text.at) + 1 : title.at;
    if (tab) m[0].number = cell_number(b, (struct span){title.at, (uint32_t)(tab - b->w->text.at)});
  }
  struct section *s = begin_section(b, l->from, m[0].number);
  s->expected = m[0].number;
  s->title_at = (struct span){m[0].after, title.end};
  const struct str text = str_trim(plan_text(b->p, s->title_at));
  s->title = text;
  put_row(b, l);
}

static const struct place *cell_place(const struct build *b, struct span at) {
  return source_place(&b->p->source, layer_in_at(&b->p->cleaning, at.at, false));
}

/* The cell at a place was missing in the text: repair put it in between two others. */
static bool was_missing(const struct build *b, uint32_t at) {
  const struct layer *l = &b->p->cleaning;
  size_t lo = 0, hi = l->edits.len;
  while (lo < hi) {
    const size_t mid = lo + (hi - lo) / 2;
    if (l->edits.at[mid].out_at <= at) lo = mid + 1;
    else hi = mid;
  }
  const struct edit *e = lo ? &l->edits.at[lo - 1] : NULL;
  return e && e->kind == EDIT_CELL && e->out_len > 1 && at <= e->out_at + e->out_len;
}

/* An empty cell shows the one above only when the two were merged. Containers say so. A text that lost its table does
 * not: there a cell that is missing altogether was covered by the one above, and so was an empty one of a row without
 * a number of its own; an empty cell of a numbered row is just empty. */
static bool is_merged(const struct build *b, const struct cell *above, const struct place *row, bool numbered,
                      const struct span *cell) {
  if (above->at.end <= above->at.at) return false;
  const struct place *from = cell_place(b, above->at);
  if (!row || !row->row || !from || !from->row) return !numbered || !cell || was_missing(b, cell->at);
  return from->table == row->table && from->part == row->part && row->row >= from->row &&
         row->row - from->row < from->row_span;
}

static bool may_be_merged(enum cell_role r) {
  return r != CELL_NOTE && r != CELL_RESULT && r != CELL_BODY && r != CELL_GOAL;
}

/* The row's cells with merged ones taken from above. */
static int roled_cells(struct build *b, const struct span *cells, int count, struct cell *out) {
  const struct place *row = NULL;
  bool numbered = false;
  int made = 0;
  for (int k = 0; k < count; k++) {
    if (cells[k].end <= cells[k].at) continue;
    if (!row) row = cell_place(b, cells[k]);
    numbered |= k < b->table.columns && b->table.roles[k] == CELL_NUMBER;
  }
  for (int k = 0; k < b->table.columns && k < TABLE_COLUMNS; k++) {
    const enum cell_role role = (enum cell_role)b->table.roles[k];
    const bool filled = k < count && cells[k].end > cells[k].at;
    if (filled) b->carried[k] = (struct cell){cells[k], role, false};
    const bool merged =
        !filled && may_be_merged(role) && is_merged(b, &b->carried[k], row, numbered, k < count ? &cells[k] : NULL);
    if (!filled && !merged) continue;
    out[made] = b->carried[k];
    out[made].inherited = merged;
    made++;
  }
  return made;
}

static bool names_units(enum cell_role r) {
  return r == CELL_LEAD || r == CELL_ASSIST || r == CELL_GUIDE || r == CELL_UNIT;
}

static const struct cell *cell_of(const struct cell *cells, int count, enum cell_role role) {
  for (int k = 0; k < count; k++)
    if (cells[k].role == role) return &cells[k];
  return NULL;
}

/* Title up to the first stop of a task cell without body column. */
static void split_task(struct build *b, struct item *it, struct span task) {
  const struct str s = str_slice(b->w->text, task.at, task.end);
  size_t stop = str_find(s, STR("。"));
  const size_t line = str_find(s, STR("\x0B"));
  size_t skip = 3;
  if (line < stop) {
    stop = line;
    skip = 1;
  }
  const bool titled = stop != STR_NONE && stop + skip < s.len && stop <= TITLE_CHARS * 3;
  it->title_at = titled ? (struct span){task.at, task.at + (uint32_t)stop} : (struct span){task.at, task.at};
  it->body_at = (struct span){titled ? task.at + (uint32_t)(stop + skip) : task.at, task.end};
}

static void fill_row_item(struct build *b, struct item *it, const struct cell *cells, int count) {
  const struct cell *task = cell_of(cells, count, CELL_TASK), *body = cell_of(cells, count, CELL_BODY);
  const struct cell *goal = cell_of(cells, count, CELL_GOAL);
  if (!body) body = goal;
  if (task && body) {
    it->title_at = task->at;
    it->body_at = body->at;
  } else if (task || body) {
    split_task(b, it, task ? task->at : body->at);
  }
  struct marker m[MARKER_READINGS];
  if (marker_read(b->w->lx, b->w->text, it->title_at.at, it->title_at.end, m) && !m[0].weak)
    it->title_at.at = m[0].after;
  if (marker_read(b->w->lx, b->w->text, it->body_at.at, it->body_at.end, m) && m[0].shape == SHAPE_ARABIC && !m[0].weak)
    it->body_at.at = m[0].after;
  if (str_ends(plan_text(b->p, it->title_at), STR("。"))) it->title_at.end -= 3;
  it->title = str_trim(plan_text(b->p, it->title_at));
  for (int k = 0; k < count; k++) {
    vec_push(b->p->mem, &it->cells) = cells[k];
    if (names_units(cells[k].role)) vec_push(b->p->mem, &it->labels) = cells[k].at;
    if (goal && body != goal && cells[k].role == CELL_GOAL) vec_push(b->p->mem, &it->extra) = cells[k].at;
  }
}

static bool row_follows_without_number(const struct build *b, uint32_t line) {
  if (line + 1 >= b->part->last || !b->w->lines.at[line + 1].row) return false;
  struct span cells[TABLE_COLUMNS];
  const struct line *l = &b->w->lines.at[line + 1];
  const int count = row_cells(b->w->text, (struct span){l->from, l->to}, cells, TABLE_COLUMNS);
  bool body = false, number = false;
  for (int k = 0; k < count && k < b->table.columns; k++) {
    const bool filled = cells[k].end > cells[k].at;
    number |= filled && b->table.roles[k] == CELL_NUMBER;
    body |= filled && (b->table.roles[k] == CELL_BODY || b->table.roles[k] == CELL_TASK);
  }
  return body && !number;
}

static void item_of_row(struct build *b, uint32_t line, const struct span *raw, int raw_count) {
  const struct line *l = &b->w->lines.at[line];
  struct cell cells[TABLE_COLUMNS] = {0};
  const int count = roled_cells(b, raw, raw_count, cells);
  const struct cell *number = cell_of(cells, count, CELL_NUMBER);
  if (b->item_count >= PLAN_ITEMS_MAX) { /* refused at the end */
    b->item_count++;
    put_row(b, l);
    return;
  }
  const bool has_column = number != NULL;
  const bool fresh = number && !number->inherited;
  const int32_t written = fresh ? cell_number(b, number->at) : 0;
  int32_t expected = b->row_number + 1;
  int level = 0;
  int32_t n = written ? written : expected;
  if (has_column && fresh && row_follows_without_number(b, line)) { /* one number over several rows */
    b->row_number = n;
    b->rows_below = 0;
    struct item *group = begin_item(b, l->from, n, expected, 0);
    group->number_at = number->at;
    const struct cell *task = cell_of(cells, count, CELL_TASK);
    group->title_at = task ? task->at : (struct span){l->from, l->from};
    group->title = str_trim(plan_text(b->p, group->title_at));
    group->body_at = (struct span){group->title_at.end, group->title_at.end};
  } else if (fresh || !has_column) {
    b->row_number = n;
    b->rows_below = -1;
  }
  if (b->rows_below >= 0 && b->levels > 0) {
    level = 1;
    n = expected = ++b->rows_below;
  }
  struct item *it = begin_item(b, l->from > b->cursor ? l->from : b->cursor, n, expected, level);
  if (number && fresh && level == 0) it->number_at = number->at;
  fill_row_item(b, it, cells, count);
  put_row(b, l);
  b->into_index = NO_INDEX;
}

static void put_table_line(struct build *b, uint32_t line) {
  const struct line *l = &b->w->lines.at[line];
  struct span cells[TABLE_COLUMNS], title = {0, 0};
  struct table_head head;
  if (table_read_head(b->w, line, &head)) {
    b->table = head;
    b->in_table = true;
    b->rows_below = -1;
    memset(b->carried, 0, sizeof b->carried);
    put_row(b, l);
    return;
  }
  const int count = row_cells(b->w->text, (struct span){l->from, l->to}, cells, TABLE_COLUMNS);
  if (!b->in_table || row_is_rule(b->w->text, (struct span){l->from, l->to})) {
    put_row(b, l);
  } else if (is_section_row(b, cells, count, &title)) {
    section_of_row(b, l, title);
  } else {
    item_of_row(b, line, cells, count);
  }
}

/* ---- one document ---- */

static void put_line(struct build *b, uint32_t line) {
  const struct line *l = &b->w->lines.at[line];
  if (l->row) {
    put_table_line(b, line);
    return;
  }
  if (b->in_table) {
    b->in_table = false;
    close_items(b, 0);
  }
  struct marker m[MARKER_READINGS];
  if (marker_read(b->w->lx, b->w->text, l->from, l->to, m) && m[0].shape == SHAPE_BULLET) add_point(b, l->from, l->to);
  put_text(b, l->from, l->to);
}

static void put_point(struct build *b, const struct head *x) {
  const struct line *l = &b->w->lines.at[x->line];
  uint32_t to = l->to;
  for (uint32_t k = x->line + 1; k < x->end_line && !b->w->lines.at[k].row; k++) to = b->w->lines.at[k].to;
  add_point(b, l->from, to);
  put_text(b, l->from, l->to);
}

static void put_head(struct build *b, const struct head *x) {
  if (x->role == HEAD_SECTION) put_section(b, x);
  else if (x->role == HEAD_ITEM) put_item(b, x);
  else put_point(b, x);
}

static void put_body(struct build *b) {
  uint32_t h = b->part->first_head;
  const uint32_t heads_end = h + b->part->head_count;
  for (uint32_t k = b->part->body; k < b->part->closing; k++) {
    if (h < heads_end && b->w->heads.at[h].line == k) put_head(b, &b->w->heads.at[h++]);
    else put_line(b, k);
  }
  end_section(b);
}

/* Sentences that say who leads for the whole text. */
static void find_rules(struct build *b) {
  const struct plan *p = b->p;
  const struct str s = b->w->text;
  for (size_t h = lex_first(&p->hits, b->d->at.at); h < p->hits.len && p->hits.at[h].at < b->d->at.end; h++) {
    const struct lex_hit *hit = &p->hits.at[h];
    if (!lexicon_hit_in(b->w->lx, hit->word, LEX_BIT(rule_word))) continue;
    uint32_t from = hit->at, to = hit->at + hit->len;
    while (from > b->d->at.at && hit->at - from < LABEL_CHARS) {
      const uint32_t before = (uint32_t)utf8_back(s, from);
      const uint32_t c = utf8_at(s, before);
      if (is_sentence_mark(c) || c == '\n' || c == 0xFF08 || c == '(' || c == '\t') break;
      from = before;
    }
    while (to < b->d->at.end && to - hit->at < LABEL_CHARS) {
      size_t next = to;
      const uint32_t c = utf8_next(s, &next);
      if (is_sentence_mark(c) || c == '\n' || c == 0xFF09 || c == ')' || c == '\t') break;
      to = (uint32_t)next;
    }
    const struct str rule = str_slice(s, from, to);
    bool leads = false;
    for (size_t i = 0; i < rule.len && !leads; (void)utf8_next(rule, &i))
      leads = lexicon_at(b->w->lx, rule, i, LEX_BIT(role_lead)) != NULL;
    const bool again = b->d->rules.len && vec_last(&b->d->rules).at == from;
    if (leads && !again) vec_push(b->p->mem, &b->d->rules) = (struct span){from, to};
  }
}

/* Room for the items that heads will make: they are large, and growing would copy them. */
static void reserve_items(struct build *b, const struct part *part) {
  size_t n = 0;
  for (uint32_t h = part->first_head; h < part->first_head + part->head_count; h++)
    n += b->w->heads.at[h].role == HEAD_ITEM;
  b->d->items.at = arena_new_n(b->p->mem, struct item, n);
  b->d->items.cap = n;
}

void build_part(struct build *b, const struct part *part, struct document *d) {
  b->part = part;
  b->d = d;
  reserve_items(b, part);
  b->into_index = NO_INDEX;
  b->in_table = false;
  b->row_number = 0;
  b->rows_below = -1;
  if (part->first >= part->last) {
    d->node = add_node(b, NODE_DOCUMENT, b->cursor, b->cursor);
    return;
  }
  d->node = open_node(b, NODE_DOCUMENT, b->w->lines.at[part->first].from);
  put_lines(b, NODE_FRONT, part->first, part->front_end);
  if (part->front_end < part->body) {
    (void)open_node(b, NODE_PREAMBLE, b->w->lines.at[part->front_end].from);
    for (uint32_t k = part->front_end; k < part->body; k++)
      put_paragraph(b, b->w->lines.at[k].from, b->w->lines.at[k].to);
    close_node(b);
  }
  put_body(b);
  put_lines(b, NODE_CLOSING, part->closing, part->last);
  close_node(b);
  d->is_table = part->has_table && part->head_count == 0;
  find_rules(b);
}

struct build *build_begin(struct work *w) {
  struct build *b = arena_new(w->tmp, struct build);
  *b = (struct build){.w = w, .p = w->p, .scan = paragraph_new(w->tmp), .into_index = NO_INDEX};
  (void)open_node(b, NODE_FILE, 0);
  return b;
}

bool build_end(struct build *b) {
  blank_to(b, (uint32_t)b->w->text.len);
  close_node(b);
  return b->item_count <= PLAN_ITEMS_MAX;
}
