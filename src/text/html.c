/* HTML to text with the place of every word kept.
 *
 * Two passes over the same tokens: the first finds which tables hold data and which only lay out the page (those hold
 * tables, or a single column); the second weaves the text. Block elements and <br> end a line; a row of a data table is
 * a line with TAB between cells and U+000B between the paragraphs of a cell. Blanks of the source are folded as a
 * browser does, except that a line end between Han characters is nothing. Breaks are put down when the next text comes,
 * so that none stands at an end. */
#include "base/must.h"
#include "base/utf8.h"
#include "text/extract.h"
#include "text/html_token.h"
#include "text/weave.h"

enum role {
  ROLE_INLINE,
  ROLE_BLOCK,
  ROLE_BREAK,
  ROLE_RAW,
  ROLE_SKIP,
  ROLE_FURNITURE,
  ROLE_TABLE,
  ROLE_ROW,
  ROLE_CELL,
  ROLE_HEADING,
  ROLE_PRE
};
static const struct {
  const char *name;
  enum role role;
} roles[] = {
    {"p", ROLE_BLOCK},       {"div", ROLE_BLOCK},        {"li", ROLE_BLOCK},      {"ul", ROLE_BLOCK},
    {"ol", ROLE_BLOCK},      {"section", ROLE_BLOCK},    {"article", ROLE_BLOCK}, {"header", ROLE_BLOCK},
    {"footer", ROLE_BLOCK},  {"main", ROLE_BLOCK},       {"aside", ROLE_BLOCK},   {"blockquote", ROLE_BLOCK},
    {"dl", ROLE_BLOCK},      {"dt", ROLE_BLOCK},         {"dd", ROLE_BLOCK},      {"form", ROLE_BLOCK},
    {"center", ROLE_BLOCK},  {"body", ROLE_BLOCK},       {"html", ROLE_BLOCK},    {"head", ROLE_BLOCK},
    {"figure", ROLE_BLOCK},  {"figcaption", ROLE_BLOCK}, {"caption", ROLE_BLOCK}, {"fieldset", ROLE_BLOCK},
    {"address", ROLE_BLOCK}, {"hr", ROLE_BLOCK},         {"br", ROLE_BREAK},      {"pre", ROLE_PRE},
    {"h1", ROLE_HEADING},    {"h2", ROLE_HEADING},       {"h3", ROLE_HEADING},    {"h4", ROLE_HEADING},
    {"h5", ROLE_HEADING},    {"h6", ROLE_HEADING},       {"table", ROLE_TABLE},   {"tr", ROLE_ROW},
    {"td", ROLE_CELL},       {"th", ROLE_CELL},          {"script", ROLE_RAW},    {"style", ROLE_RAW},
    {"title", ROLE_RAW},     {"textarea", ROLE_RAW},     {"noscript", ROLE_SKIP}, {"select", ROLE_SKIP},
    {"svg", ROLE_SKIP},      {"math", ROLE_SKIP},        {"iframe", ROLE_SKIP},   {"template", ROLE_SKIP},
    {"button", ROLE_SKIP},   {"nav", ROLE_FURNITURE},
};

static enum role role_of(const char *name, size_t *out_index) {
  for (size_t i = 0; i < COUNT_OF(roles); i++)
    if (roles[i].name[0] == name[0] && strcmp(roles[i].name, name) == 0) {
      *out_index = i;
      return roles[i].role;
    }
  return ROLE_INLINE;
}

enum pending { PEND_NONE, PEND_SPACE, PEND_BREAK };
enum { NESTED_MAX = 256, GRID_MAX = 256, CELL_BYTES_MAX = 20000, ROWSPAN_MAX = 1000 };

struct table_info {
  uint32_t rows, wide_rows, cells; /* cells: of the open row */
  size_t cell_at;
  bool nested, big_cell;
};
struct html {
  struct weave w;
  struct str in;
  place_list *places;
  VEC(struct table_info) tables;
  size_t table_next;
  size_t last_close[COUNT_OF(roles)]; /* + 1; 0 = not searched yet: the last end tag of an element that is skipped */
  enum pending pending;
  bool soft;      /* the pending blank holds a line end */
  bool line_open; /* text stands on the line or in the cell */
  int pre;
  /* the open data table */
  bool in_data, in_cell;
  uint16_t table, row, column, cell;
  uint32_t cell_at, row_span, col_span;
  uint16_t covered[GRID_MAX]; /* rows that a cell above still reaches down */
  size_t spare;               /* empty cells that may still be put in for covered ones */
  uint8_t heading;
  uint32_t heading_at;
};

/* ---- first pass: tables ---- */

static void end_table_cell(struct table_info *t, size_t at) {
  if (t->cell_at && at - t->cell_at > CELL_BYTES_MAX) t->big_cell = true;
  t->cell_at = 0;
}

static void end_table_row(struct table_info *t, size_t at) {
  end_table_cell(t, at);
  t->wide_rows += t->cells > 1;
  t->cells = 0;
}

static void survey_tag(struct html *h, const struct html_token *k, uint32_t *open, int *depth, enum role role) {
  struct table_info *t = *depth > 0 && *depth <= NESTED_MAX ? &h->tables.at[open[*depth - 1]] : NULL;
  if (role == ROLE_TABLE && k->kind == HTML_OPEN) {
    if (t) t->nested = true;
    if (*depth < NESTED_MAX) open[(*depth)++] = (uint32_t)h->tables.len;
    vec_push(h->w.mem, &h->tables) = (struct table_info){0};
  } else if (t && role == ROLE_TABLE) {
    end_table_row(t, k->at);
    (*depth)--;
  } else if (t && role == ROLE_ROW) {
    end_table_row(t, k->at);
    t->rows += k->kind == HTML_OPEN;
  } else if (t && role == ROLE_CELL) {
    end_table_cell(t, k->at);
    if (k->kind == HTML_OPEN) {
      t->cells++;
      t->cell_at = k->end;
    }
  }
}

static void survey(struct html *h) {
  struct html_tokens tokens = html_tokens_of(h->in);
  uint32_t *open = arena_new_n(h->w.mem, uint32_t, NESTED_MAX);
  int depth = 0;
  for (struct html_token k = html_next(&tokens); k.kind != HTML_END; k = html_next(&tokens)) {
    size_t index = 0;
    const enum role role = k.name[0] ? role_of(k.name, &index) : ROLE_INLINE;
    if (role == ROLE_RAW && k.kind == HTML_OPEN) tokens.at = html_find_close(h->in, k.end, k.name);
    else survey_tag(h, &k, open, &depth, role);
  }
}

static bool is_data(const struct table_info *t) {
  return !t->nested && !t->big_cell && t->rows >= 2 && t->wide_rows >= 1;
}

/* ---- text ---- */

static void drop_to(struct html *h, size_t end, enum edit_kind kind) {
  if (end > h->w.at) weave_edit(&h->w, end - h->w.at, STR(""), kind, false);
}

/* Puts down the break or blank that waits, now that text follows it. */
static void settle(struct html *h, bool next_is_ascii) {
  const unsigned char last = (unsigned char)weave_last(&h->w);
  if (h->pending == PEND_BREAK && h->w.out_len && (h->in_cell ? h->line_open : last != '\n'))
    weave_edit(&h->w, 0, h->in_cell ? STR("\v") : STR("\n"), EDIT_MARKUP, false);
  else if (h->pending == PEND_SPACE && h->line_open && (!h->soft || (last < 0x80 && next_is_ascii)))
    weave_edit(&h->w, 0, STR(" "), EDIT_BLANK, false);
  h->pending = PEND_NONE;
  h->soft = false;
  h->line_open = true;
}

static bool is_white(char c) { return c == ' ' || c == '\n' || c == '\t'; }

static void read_blanks(struct html *h, size_t end) {
  size_t to = h->w.at;
  bool soft = false;
  for (; to < end && is_white(h->in.at[to]); to++) soft |= h->in.at[to] == '\n';
  const bool plain = to - h->w.at == 1 && !soft && h->in.at[h->w.at] == ' ' && to < end && h->line_open && !h->pending;
  if (h->pre && h->line_open && h->pending == PEND_NONE && !h->in_cell) {
    weave_keep_to(&h->w, to);
  } else if (plain) {
    weave_keep_to(&h->w, to);
  } else {
    drop_to(h, to, EDIT_BLANK);
    if (h->pre && soft) h->pending = PEND_BREAK;
    if (h->pending == PEND_NONE) {
      h->pending = PEND_SPACE;
      h->soft = soft;
    }
  }
}

static void read_text(struct html *h, size_t end) {
  while (h->w.at < end) {
    const char c = h->in.at[h->w.at];
    char decoded[8];
    size_t made = 0;
    const size_t entity = c == '&' ? html_entity(str_slice(h->in, 0, end), h->w.at, decoded, &made) : 0;
    if (is_white(c)) {
      read_blanks(h, end);
    } else if (entity) {
      settle(h, (unsigned char)decoded[0] < 0x80);
      const bool splits = decoded[0] == '\n' || decoded[0] == '\t' || (unsigned char)decoded[0] < 0x20;
      weave_edit(&h->w, entity, splits ? STR(" ") : (struct str){decoded, made}, EDIT_ENTITY, false);
    } else {
      settle(h, (unsigned char)c < 0x80);
      size_t to = h->w.at + 1;
      while (to < end && !is_white(h->in.at[to]) && h->in.at[to] != '&') to++;
      weave_keep_to(&h->w, to);
    }
  }
}

/* ---- tags ---- */

static void end_heading(struct html *h) {
  if (h->heading && h->w.out_len > h->heading_at && !h->in_data) {
    uint32_t at = h->heading_at;
    while (at < h->w.out_len && h->w.out[at] == '\n') at++;
    vec_push(h->w.mem, h->places) = (struct place){.at = {at, (uint32_t)h->w.out_len}, .heading = h->heading};
  }
  h->heading = 0;
}

static void end_cell(struct html *h) {
  if (!h->in_cell) return;
  if (h->w.out_len > h->cell_at)
    vec_push(h->w.mem, h->places) = (struct place){.at = {h->cell_at, (uint32_t)h->w.out_len},
                                                   .table = h->table,
                                                   .row = h->row,
                                                   .cell = h->cell,
                                                   .row_span = (uint16_t)(h->row_span > 1 ? h->row_span : 0),
                                                   .col_span = (uint16_t)(h->col_span > 1 ? h->col_span : 0)};
  h->in_cell = false;
}

static bool put_empty_cell(struct html *h) {
  if (!h->spare) return false;
  h->spare--;
  if (h->column) weave_edit(&h->w, 0, STR("\t"), EDIT_MARKUP, false);
  h->column++;
  return true;
}

static void begin_cell(struct html *h, const struct html_token *k) {
  end_cell(h);
  for (uint32_t i = 1; i < h->col_span && h->cell && h->column < GRID_MAX; i++)
    if (!put_empty_cell(h)) break;
  while (h->column < GRID_MAX && h->covered[h->column]) {
    h->covered[h->column]--;
    if (!put_empty_cell(h)) break;
  }
  if (h->column) weave_edit(&h->w, 0, STR("\t"), EDIT_MARKUP, false);
  const struct str tag = str_slice(h->in, k->at, k->end);
  h->row_span = html_number(tag, "rowspan");
  h->col_span = html_number(tag, "colspan");
  if (h->col_span > GRID_MAX) h->col_span = 1;
  for (uint32_t i = 0; h->row_span > 1 && h->row_span < ROWSPAN_MAX && i < h->col_span && h->column + i < GRID_MAX; i++)
    h->covered[h->column + i] = (uint16_t)(h->row_span - 1);
  if (h->column < UINT16_MAX) h->column++;
  h->cell = h->column;
  h->cell_at = (uint32_t)h->w.out_len;
  h->in_cell = true;
  h->line_open = false;
  h->pending = PEND_NONE;
}

static void begin_row(struct html *h) {
  end_cell(h);
  h->pending = PEND_BREAK;
  settle(h, true);
  h->line_open = false;
  if (h->row < UINT16_MAX) h->row++;
  h->column = h->cell = 0;
  h->col_span = 1;
}

static void table_tag(struct html *h, const struct html_token *k, enum role role) {
  const bool opens = k->kind == HTML_OPEN;
  if (role == ROLE_TABLE && opens) {
    if (!h->in_data) end_heading(h);
    end_cell(h);
    h->in_data = h->table_next < h->tables.len && is_data(&h->tables.at[h->table_next]);
    h->table_next++;
    h->row = 0;
    memset(h->covered, 0, sizeof h->covered);
    if (h->in_data && h->table < UINT16_MAX) h->table++;
  } else if (role == ROLE_TABLE) {
    end_cell(h);
    h->in_data = false;
  } else if (h->in_data && role == ROLE_ROW && opens) {
    begin_row(h);
    return;
  } else if (h->in_data && role == ROLE_CELL) {
    if (opens && h->row) begin_cell(h, k);
    else end_cell(h);
    return;
  }
  h->pending = PEND_BREAK;
}

/* Skips from a start tag behind its end tag, when there is one. Tables inside still count. */
static void skip_element(struct html *h, struct html_tokens *t, const struct html_token *k, size_t index,
                         enum edit_kind kind) {
  if (!h->last_close[index]) {
    size_t last = 0;
    for (size_t i = html_find_close(h->in, 0, k->name); i < h->in.len; i = html_find_close(h->in, i + 1, k->name))
      last = i + 1;
    h->last_close[index] = last ? last : 1;
  }
  if (h->last_close[index] <= k->end) {
    drop_to(h, k->end, EDIT_MARKUP);
    return;
  }
  int depth = 1;
  struct html_token next = *k;
  while (depth > 0 && next.kind != HTML_END) {
    next = html_next(t);
    size_t other = 0;
    if (next.kind == HTML_OPEN && role_of(next.name, &other) == ROLE_RAW)
      t->at = html_find_close(h->in, next.end, next.name);
    if (next.kind == HTML_OPEN && strcmp(next.name, "table") == 0) h->table_next++;
    if (strcmp(next.name, k->name) == 0) depth += next.kind == HTML_OPEN ? 1 : -1;
  }
  drop_to(h, t->at, kind);
}

static void block_tag(struct html *h, const struct html_token *k, enum role role) {
  h->pending = PEND_BREAK;
  if (role == ROLE_PRE) h->pre += k->kind == HTML_OPEN ? 1 : h->pre > 0 ? -1 : 0;
  if (role != ROLE_HEADING) return;
  end_heading(h);
  if (k->kind == HTML_OPEN && !h->in_data) {
    h->heading = (uint8_t)(k->name[1] - '0');
    h->heading_at = (uint32_t)h->w.out_len;
  }
}

static void read_tag(struct html *h, struct html_tokens *t, const struct html_token *k) {
  size_t index = 0;
  const enum role role = role_of(k->name, &index);
  switch (role) {
    case ROLE_RAW:
      if (k->kind == HTML_OPEN) t->at = html_find_close(h->in, k->end, k->name);
      drop_to(h, t->at, EDIT_MARKUP);
      return;
    case ROLE_SKIP:
    case ROLE_FURNITURE:
      if (k->kind != HTML_OPEN) break;
      skip_element(h, t, k, index, role == ROLE_SKIP ? EDIT_MARKUP : EDIT_FURNITURE);
      h->pending = PEND_BREAK;
      return;
    case ROLE_INLINE: break;
    default:
      drop_to(h, k->end, EDIT_MARKUP);
      if (role == ROLE_TABLE || role == ROLE_ROW || role == ROLE_CELL) table_tag(h, k, role);
      else block_tag(h, k, role);
      return;
  }
  drop_to(h, k->end, EDIT_MARKUP);
}

bool html_read(struct arena *mem, struct str text, struct layer *l, place_list *places) {
  struct html *h = arena_new(mem, struct html);
  *h = (struct html){.in = text, .places = places, .spare = text.len, .col_span = 1};
  weave_begin(&h->w, mem, text, text.len * 2 + 64, l);
  survey(h);
  struct html_tokens tokens = html_tokens_of(text);
  for (struct html_token k = html_next(&tokens); k.kind != HTML_END; k = html_next(&tokens)) {
    if (k.kind == HTML_TEXT) read_text(h, k.end);
    else if (k.kind == HTML_OTHER) drop_to(h, k.end, EDIT_MARKUP);
    else read_tag(h, &tokens, &k);
  }
  end_cell(h);
  end_heading(h);
  weave_end(&h->w);
  return true;
}

/* charset=gb2312 in the first kilobyte; letters, digits and dashes behind it. */
struct str html_charset(struct str bytes) {
  const struct str head = str_slice(bytes, 0, 2048);
  const size_t i = str_find(head, STR("charset="));
  if (i == STR_NONE) return (struct str){0};
  size_t from = i + 8;
  while (from < head.len && (head.at[from] == '"' || head.at[from] == '\'' || head.at[from] == ' ')) from++;
  size_t to = from;
  while (to < head.len &&
         ((head.at[to] >= '0' && head.at[to] <= '9') || (head.at[to] | 0x20) >= 'a' || head.at[to] == '-') &&
         (unsigned char)head.at[to] < 0x7B)
    to++;
  return str_slice(head, from, to);
}
