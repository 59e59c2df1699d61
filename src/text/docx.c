/* DOCX to text: paragraphs, tables and the numbers that Word draws.
 *
 * One pass over document.xml. A paragraph is gathered and written when it ends, because its number and style may come
 * late; a text box inside it is written before it. A table row is one line: cells parted by TAB, paragraphs in a cell by
 * U+000B; a cell over several columns is followed by empty ones, a cell over several rows has empty ones below it, and
 * its place says how far it reaches. A table within a cell is read as paragraphs of the cell.
 *
 * Left out, because no reader of the document sees them as its text: deleted and moved-away revisions, field codes,
 * hidden runs, comments, ruby readings, headers and footers, fallback copies of drawings, tables of contents. */
#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
#include "text/archive.h"
#include "text/docx_number.h"
#include "text/docx_style.h"
#include "text/extract.h"
#include "texts.h"

enum { BOXES_MAX = 4 /* text boxes within text boxes */, SPAN_MAX = 64, COLUMNS_MAX = 512, PARTS_NOTES = 1 };

struct para {
  struct buf text;
  struct str style;
  int64_t list_id;    /* -1 = as the style says; 0 = none */
  int level, outline; /* -1 = as the style says */
  bool goes_on;       /* its end mark is a deleted revision: the next paragraph continues it */
};
struct docx_table {
  int depth; /* tables open, 1 = in a table */
  uint16_t number, row, cell;
  uint32_t row_at, cell_at, grid; /* grid: columns passed in the row */
  bool has_text, continues;       /* of the row; the cell is covered by the one above */
  uint32_t span;
  uint32_t origin[COLUMNS_MAX]; /* index + 1 of the place whose cell reaches into the column from above */
};
struct docx_reader {
  struct extract *x;
  struct docx_styles styles;
  struct lists lists;
  struct para box[BOXES_MAX + 1];
  int boxes; /* open text boxes */
  struct docx_table table;
  uint32_t para_number;
  uint16_t part;
  int depth, skip_from; /* elements open; > 0: nothing counts until this depth is left */
  bool in_text, in_props, in_mark, run_hidden, is_contents;
};

static struct para *now(struct docx_reader *r) { return &r->box[r->boxes]; }

/* ---- writing ---- */

static bool is_space(char c) { return c == ' ' || c == '\n'; }

static struct str trimmed(const struct buf *b) {
  struct str s = buf_view(b);
  while (s.len && is_space(s.at[0])) s = str_from(s, 1);
  while (s.len && is_space(s.at[s.len - 1])) s.len--;
  return s;
}

static struct str number_of(struct docx_reader *r, const struct para *p, const struct docx_style_def *style) {
  const int64_t list = p->list_id >= 0 ? p->list_id : style->list_id;
  if (list <= 0) return (struct str){0};
  int level = p->level;
  if (level < 0 && p->list_id < 0) level = lists_style_level(&r->lists, list, style->id, style->level);
  return lists_next(&r->lists, list, level < 0 ? 0 : level);
}

static void put_in_cell(struct docx_reader *r, struct str number, struct str text) {
  struct buf *out = &r->x->text;
  if (out->len > r->table.cell_at) buf_byte(out, '\v');
  buf_str(out, number);
  const size_t from = out->len;
  buf_str(out, text);
  if (out->broken) return;
  for (size_t i = from; i < out->len; i++)
    if (out->at[i] == '\n') out->at[i] = '\v';
  r->table.has_text = true;
}

static void put_paragraph(struct docx_reader *r, struct str number, struct str text, int outline) {
  struct place p = {.at = {(uint32_t)r->x->text.len, 0},
                    .part = r->part,
                    .para = r->para_number,
                    .heading = (uint8_t)(outline > 0 ? outline : 0)};
  buf_str(&r->x->text, number);
  buf_str(&r->x->text, text);
  extract_place(r->x, p);
  buf_byte(&r->x->text, '\n');
}

static void end_paragraph(struct docx_reader *r) {
  struct para *p = now(r);
  r->para_number++;
  if (p->goes_on) return;
  const struct str text = trimmed(&p->text);
  const struct docx_style_def style = styles_resolve(&r->styles, p->style);
  if (text.len && !style.is_contents) {
    const struct str number = number_of(r, p, &style);
    if (r->table.depth) put_in_cell(r, number, text);
    else put_paragraph(r, number, text, p->outline >= 0 ? p->outline : style.outline);
  }
  buf_clear(&p->text);
}

static void begin_paragraph(struct docx_reader *r) {
  struct para *p = now(r);
  p->style = (struct str){0};
  p->list_id = p->level = p->outline = -1;
  p->goes_on = false;
}

/* ---- tables ---- */

static void begin_table(struct docx_reader *r) {
  struct docx_table *t = &r->table;
  if (t->depth++ > 0) return;
  if (t->number < UINT16_MAX) t->number++;
  t->row = 0;
  memset(t->origin, 0, sizeof t->origin);
}

static void begin_row(struct docx_reader *r) {
  struct docx_table *t = &r->table;
  if (t->depth != 1) return;
  if (t->row < UINT16_MAX) t->row++;
  t->cell = 0;
  t->grid = 0;
  t->has_text = false;
  t->row_at = (uint32_t)r->x->text.len;
}

static void begin_cell(struct docx_reader *r) {
  struct docx_table *t = &r->table;
  if (t->depth != 1) return;
  if (t->grid) buf_byte(&r->x->text, '\t');
  t->cell_at = (uint32_t)r->x->text.len;
  t->cell = (uint16_t)(t->grid + 1);
  t->span = 1;
  t->continues = false;
}

static void note_merge(struct docx_reader *r) {
  struct docx_table *t = &r->table;
  const uint32_t column = t->grid < COLUMNS_MAX ? t->grid : COLUMNS_MAX - 1;
  if (!t->continues) {
    t->origin[column] = (uint32_t)r->x->places.len; /* index + 1 of the place just added */
    return;
  }
  if (!t->origin[column]) return;
  struct place *above = &r->x->places.at[t->origin[column] - 1];
  if (above->table == t->number && t->row > above->row) above->row_span = (uint16_t)(t->row - above->row + 1);
}

static void end_cell(struct docx_reader *r) {
  struct docx_table *t = &r->table;
  if (t->depth != 1 || !t->cell) return;
  if (!t->continues || r->x->text.len > t->cell_at) {
    extract_place(r->x, (struct place){.at = {t->cell_at, 0},
                                       .part = r->part,
                                       .para = r->para_number,
                                       .table = t->number,
                                       .row = t->row,
                                       .cell = t->cell,
                                       .col_span = (uint16_t)(t->span > 1 ? t->span : 0)});
    t->continues = false;
  }
  note_merge(r);
  for (uint32_t i = 1; i < t->span; i++) buf_byte(&r->x->text, '\t');
  t->grid += t->span;
  t->cell = 0;
}

static void end_row(struct docx_reader *r) {
  if (r->table.depth != 1) return;
  buf_byte(&r->x->text, '\n');
}

static void cell_property(struct docx_reader *r, const struct xml_tag *tag) {
  struct docx_table *t = &r->table;
  if (t->depth != 1) return;
  if (xml_is(tag, "gridSpan")) {
    const int64_t n = xml_int(tag, "val", 1);
    t->span = n > 1 && n <= SPAN_MAX ? (uint32_t)n : 1;
  } else if (xml_is(tag, "vMerge")) {
    t->continues = !str_eqz(xml_get(tag, "val"), "restart");
  } else if (xml_is(tag, "gridBefore")) {
    const int64_t n = xml_int(tag, "val", 0);
    for (int64_t i = 1; i < n && n <= SPAN_MAX; i++) buf_byte(&r->x->text, '\t');
    if (n > 0 && n <= SPAN_MAX) t->grid = (uint32_t)n;
  }
}

/* ---- elements ---- */

static bool is_left_out(const struct docx_reader *r, const struct xml_tag *tag) {
  static const char *const names[] = {
      "moveFrom",       "Fallback",        "pPrChange", "rPrChange", "sectPrChange", "tblPrChange",
      "tcPrChange",     "trPrChange",      "rt",        "instrText", "delText",      "delInstrText",
      "sdtPlaceholder", "numberingChange", "sectPr"};
  if (xml_is(tag, "del")) return !r->in_props;
  if (r->is_contents && xml_is(tag, "sdtContent")) return true;
  for (size_t i = 0; i < COUNT_OF(names); i++)
    if (xml_is(tag, names[i])) return true;
  return false;
}

static void put_symbol(struct docx_reader *r, const struct xml_tag *tag) {
  const struct str hex = xml_get(tag, "char");
  uint32_t c = 0;
  for (size_t i = 0; i < hex.len && i < 6; i++) {
    const char d = hex.at[i];
    const uint32_t v = d >= '0' && d <= '9' ? (uint32_t)(d - '0') : ((uint32_t)d | 0x20) - 'a' + 10;
    if (v > 15) return;
    c = c * 16 + v;
  }
  char z[4];
  if (c >= 0x20 && c <= 0xFFFD && (c < 0xD800 || c > 0xDFFF)) buf_add(&now(r)->text, z, utf8_put(z, c));
}

static void para_property(struct docx_reader *r, const struct xml_tag *tag) {
  struct para *p = now(r);
  if (xml_is(tag, "pStyle")) {
    p->style = str_dup(r->x->mem, xml_get(tag, "val"));
  } else if (xml_is(tag, "numId")) {
    p->list_id = xml_int(tag, "val", 0);
    if (p->level < 0) p->level = 0;
  } else if (xml_is(tag, "ilvl")) {
    p->level = (int)(xml_int(tag, "val", 0) & 0xF);
  } else if (xml_is(tag, "outlineLvl")) {
    const int64_t n = xml_int(tag, "val", 9);
    p->outline = n >= 0 && n < 9 ? (int)n + 1 : 0;
  } else if (xml_is(tag, "rPr")) {
    r->in_mark = true;
  } else if (r->in_mark && xml_is(tag, "del")) {
    p->goes_on = true;
  }
}

static void run_content(struct docx_reader *r, const struct xml_tag *tag) {
  struct buf *b = &now(r)->text;
  if (xml_is(tag, "t")) r->in_text = true;
  else if (xml_is(tag, "r")) r->run_hidden = false;
  else if (xml_is(tag, "vanish")) r->run_hidden = xml_on(tag);
  else if (xml_is(tag, "br") || xml_is(tag, "cr")) buf_byte(b, '\n');
  else if (xml_is(tag, "tab") || xml_is(tag, "ptab")) buf_byte(b, ' ');
  else if (xml_is(tag, "noBreakHyphen")) buf_byte(b, '-');
  else if (xml_is(tag, "sym")) put_symbol(r, tag);
}

static bool block_start(struct docx_reader *r, const struct xml_tag *tag) {
  if (xml_is(tag, "p")) begin_paragraph(r);
  else if (xml_is(tag, "pPr")) r->in_props = true;
  else if (xml_is(tag, "tbl")) begin_table(r);
  else if (xml_is(tag, "tr")) begin_row(r);
  else if (xml_is(tag, "tc")) begin_cell(r);
  else if (xml_is(tag, "gridSpan") || xml_is(tag, "vMerge") || xml_is(tag, "gridBefore")) cell_property(r, tag);
  else if (xml_is(tag, "docPartGallery")) r->is_contents = str_eqz(xml_get(tag, "val"), "Table of Contents");
  else return false;
  return true;
}

/* Only WordprocessingML counts; drawings and mathematics have elements of the same names. */
static bool is_word(const struct xml_tag *tag) {
  return !tag->prefix.len || str_eqz(tag->prefix, "w") || (str_eqz(tag->prefix, "m") && xml_is(tag, "t"));
}

static void on_start(void *ctx, const struct xml_tag *tag) {
  struct docx_reader *r = ctx;
  r->depth++;
  if (r->skip_from) return;
  if (is_left_out(r, tag)) {
    r->skip_from = r->depth;
    return;
  }
  if (xml_is(tag, "footnote") || xml_is(tag, "endnote")) {
    if (xml_get(tag, "type").len) r->skip_from = r->depth; /* separators */
    return;
  }
  if (!is_word(tag)) return;
  if (xml_is(tag, "txbxContent")) {
    if (r->boxes == BOXES_MAX) r->skip_from = r->depth;
    else r->boxes++;
    r->in_props = false;
  } else if (!block_start(r, tag)) {
    if (r->in_props) para_property(r, tag);
    else run_content(r, tag);
  }
}

static void on_end(void *ctx, const struct xml_tag *tag) {
  struct docx_reader *r = ctx;
  const int depth = r->depth--;
  if (r->skip_from) {
    if (depth == r->skip_from) {
      r->skip_from = 0;
      if (xml_is(tag, "sdtContent")) r->is_contents = false;
    }
    return;
  }
  if (!is_word(tag)) return;
  if (xml_is(tag, "t")) r->in_text = false;
  else if (xml_is(tag, "p")) end_paragraph(r);
  else if (xml_is(tag, "pPr")) r->in_props = false;
  else if (xml_is(tag, "rPr")) r->in_mark = false;
  else if (xml_is(tag, "tc")) end_cell(r);
  else if (xml_is(tag, "tr")) end_row(r);
  else if (xml_is(tag, "tbl")) r->table.depth -= r->table.depth > 0;
  else if (xml_is(tag, "sdt")) r->is_contents = false;
  else if (xml_is(tag, "txbxContent")) r->boxes -= r->boxes > 0;
}

static void on_text(void *ctx, struct str text) {
  struct docx_reader *r = ctx;
  if (!r->in_text || r->skip_from || r->run_hidden) return;
  struct buf *b = &now(r)->text;
  const size_t from = b->len;
  buf_str(b, text);
  if (b->broken) return;
  for (size_t i = from; i < b->len; i++)
    if ((unsigned char)b->at[i] < 0x20) b->at[i] = ' ';
}

/* ---- the whole ---- */

static bool read_part(struct docx_reader *r, struct archive *a, struct str part, uint16_t number, struct err *e) {
  const struct xml_events on = {.ctx = r, .start = on_start, .end = on_end, .text = on_text};
  r->part = number;
  r->para_number = 1;
  return archive_parse(a, part, &on, e);
}

static bool read_parts(struct docx_reader *r, struct archive *a, struct err *e) {
  struct str main = {0}, part = {0};
  TRY(archive_target(a, STR(""), STR(""), STR("/officeDocument"), &main, e));
  if (!main.len) main = STR("word/document.xml");
  if (!archive_has(a, main)) {
    fail(e, ERR_INVALID, MSG_source_office_broken, "name", r->x->name, "part", main);
    return err_hint(e, MSG_source_office_broken_hint);
  }
  TRY(archive_target(a, main, STR(""), STR("/styles"), &part, e));
  TRY(styles_read(&r->styles, a, part.len ? part : STR("word/styles.xml"), e));
  TRY(archive_target(a, main, STR(""), STR("/numbering"), &part, e));
  TRY(lists_read(&r->lists, a, part.len ? part : STR("word/numbering.xml"), e));
  TRY(read_part(r, a, main, 0, e));
  TRY(archive_target(a, main, STR(""), STR("/footnotes"), &part, e));
  if (part.len) TRY(read_part(r, a, part, PARTS_NOTES, e));
  TRY(archive_target(a, main, STR(""), STR("/endnotes"), &part, e));
  if (part.len) TRY(read_part(r, a, part, PARTS_NOTES + 1, e));
  return true;
}

bool docx_read(struct extract *x, struct str bytes, struct err *e) {
  struct archive a;
  TRY(archive_open(&a, x->mem, x->name, bytes, e));
  struct docx_reader *r = arena_new(x->mem, struct docx_reader);
  *r = (struct docx_reader){.x = x, .styles.mem = x->mem, .lists.mem = x->mem};
  for (size_t i = 0; i < COUNT_OF(r->box); i++) r->box[i].text = BUF_MAX(PLAN_FILE_MAX);
  const bool done = read_parts(r, &a, e);
  for (size_t i = 0; i < COUNT_OF(r->box); i++) {
    if (r->box[i].text.broken) x->text.broken = true;
    buf_drop(&r->box[i].text);
  }
  archive_drop(&a);
  return done;
}
