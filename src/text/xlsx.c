/* XLSX to text: every visible sheet, one row a line, cells parted by TAB.
 *
 * Streaming: the strings table is read once into one buffer with offsets, the sheets pass through. A row's gaps become
 * empty cells, so that columns stay columns; breaks in a cell become U+000B. Hidden sheets are left out: they hold the
 * lists behind the drop-down fields. Merged areas are known only at a sheet's end and then written into the places. */
#include "base/limits.h"
#include "base/must.h"
#include "text/archive.h"
#include "text/extract.h"
#include "text/xlsx_number.h"
#include "texts.h"

enum {
  COLUMN_MAX = 16384,
  ROW_MAX = 1048576,
  SHEETS_MAX = 1024,
  FORMATS_MAX = 65536,
  GAP_MAX = 1024,
  MERGES_MAX = 100000
};

struct sheet {
  struct str name, id;
  bool hidden;
};
struct format {
  int64_t id;
  struct str code;
};
struct merge {
  uint32_t row, column, rows, columns;
};
struct xlsx_reader {
  struct extract *x;
  VEC(struct sheet) sheets;
  VEC(struct format) formats;
  VEC(uint8_t) looks; /* by style number of a cell */
  bool is_1904, in_cell_formats;
  struct buf strings;
  VEC(uint32_t) string_at; /* start of each shared string */
  bool in_text, in_phonetic;
  /* the open sheet */
  uint16_t sheet;
  struct str sheet_name;
  uint32_t row, column, written; /* written: columns written in the row */
  size_t row_at, sheet_place;
  struct buf value;
  char type; /* of the cell: s shared, i inline, t other text, b, e, n */
  int64_t style;
  VEC(struct merge) merges;
};

/* ---- workbook, styles, strings ---- */

static void workbook_start(void *ctx, const struct xml_tag *tag) {
  struct xlsx_reader *r = ctx;
  if (xml_is(tag, "workbookPr"))
    r->is_1904 = str_eqz(xml_get(tag, "date1904"), "1") || str_eqz(xml_get(tag, "date1904"), "true");
  if (!xml_is(tag, "sheet") || r->sheets.len == SHEETS_MAX) return;
  struct arena *mem = r->x->mem;
  struct str id = {0};
  for (const char **p = tag->attributes; p[0]; p += 2) { /* r:id, not sheetId */
    const struct str name = str_of(p[0]);
    if (str_ends(name, STR(":id"))) id = str_dup(mem, str_of(p[1]));
  }
  vec_push(mem, &r->sheets) = (struct sheet){
      .name = str_dup(mem, xml_get(tag, "name")),
      .id = id,
      .hidden = str_eqz(xml_get(tag, "state"), "hidden") || str_eqz(xml_get(tag, "state"), "veryHidden")};
}

static struct str format_code(const struct xlsx_reader *r, int64_t id) {
  vec_each(const struct format, f, &r->formats)
    if (f->id == id) return f->code;
  return (struct str){0};
}

enum { CODES_MAX = 1000 };

static void styles_start(void *ctx, const struct xml_tag *tag) {
  struct xlsx_reader *r = ctx;
  struct arena *mem = r->x->mem;
  if (xml_is(tag, "numFmt") && r->formats.len < CODES_MAX) {
    vec_push(mem, &r->formats) =
        (struct format){xml_int(tag, "numFmtId", -1), str_dup(mem, xml_get(tag, "formatCode"))};
  } else if (xml_is(tag, "cellXfs")) {
    r->in_cell_formats = true;
  } else if (r->in_cell_formats && xml_is(tag, "xf") && r->looks.len < FORMATS_MAX) {
    const int64_t id = xml_int(tag, "numFmtId", 0);
    vec_push(mem, &r->looks) = (uint8_t)look_of_format(id, format_code(r, id));
  }
}
static void styles_end(void *ctx, const struct xml_tag *tag) {
  struct xlsx_reader *r = ctx;
  if (xml_is(tag, "cellXfs")) r->in_cell_formats = false;
}

static void strings_start(void *ctx, const struct xml_tag *tag) {
  struct xlsx_reader *r = ctx;
  if (xml_is(tag, "si")) vec_push(r->x->mem, &r->string_at) = (uint32_t)r->strings.len;
  else if (xml_is(tag, "rPh")) r->in_phonetic = true;
  else if (xml_is(tag, "t")) r->in_text = !r->in_phonetic;
}
static void strings_end(void *ctx, const struct xml_tag *tag) {
  struct xlsx_reader *r = ctx;
  if (xml_is(tag, "rPh")) r->in_phonetic = false;
  else if (xml_is(tag, "t")) r->in_text = false;
}
static void strings_text(void *ctx, struct str text) {
  struct xlsx_reader *r = ctx;
  if (r->in_text) buf_str(&r->strings, text);
}

/* ---- cells ---- */

/* "BC12" -> row 12, column 55; false when it is none. */
static bool read_reference(struct str s, uint32_t *out_row, uint32_t *out_column) {
  uint32_t column = 0;
  size_t i = 0;
  for (; i < s.len && s.at[i] >= 'A' && s.at[i] <= 'Z' && column <= COLUMN_MAX; i++)
    column = column * 26 + (uint32_t)(s.at[i] - 'A' + 1);
  int64_t row = 0;
  if (!str_to_int(str_from(s, i), &row) || row < 1 || row > ROW_MAX || column < 1 || column > COLUMN_MAX) return false;
  *out_row = (uint32_t)row;
  *out_column = column;
  return true;
}

static void begin_row(struct xlsx_reader *r, const struct xml_tag *tag) {
  const int64_t n = xml_int(tag, "r", (int64_t)r->row + 1);
  r->row = n >= 1 && n <= ROW_MAX ? (uint32_t)n : r->row + 1;
  r->column = r->written = 0;
  r->row_at = r->x->text.len;
}

static void end_row(struct xlsx_reader *r) {
  if (r->written) buf_byte(&r->x->text, '\n');
}

static void begin_cell(struct xlsx_reader *r, const struct xml_tag *tag) {
  uint32_t row, column;
  const struct str type = xml_get(tag, "t");
  if (read_reference(xml_get(tag, "r"), &row, &column)) r->column = column;
  else r->column++;
  r->type = 'n';
  if (str_eqz(type, "s")) r->type = 's';
  else if (str_eqz(type, "inlineStr")) r->type = 'i';
  else if (str_eqz(type, "str")) r->type = 't';
  else if (str_eqz(type, "b")) r->type = 'b';
  else if (str_eqz(type, "e")) r->type = 'e';
  r->style = xml_int(tag, "s", 0);
  buf_clear(&r->value);
}

static struct str shared_string(const struct xlsx_reader *r, struct str index) {
  int64_t n = 0;
  if (!str_to_int(index, &n) || n < 0 || (size_t)n >= r->string_at.len) return (struct str){0};
  const size_t end = (size_t)n + 1 < r->string_at.len ? r->string_at.at[n + 1] : r->strings.len;
  return str_slice(buf_view(&r->strings), r->string_at.at[n], end);
}

static struct str cell_text(struct xlsx_reader *r) {
  const struct str raw = buf_view(&r->value);
  switch (r->type) {
    case 's': return shared_string(r, str_trim(raw));
    case 'b': return str_eqz(raw, "1") ? STR("TRUE") : STR("FALSE");
    case 'n': break;
    default: return raw;
  }
  const bool known = r->style >= 0 && (size_t)r->style < r->looks.len;
  return number_look_text(r->x->mem, str_trim(raw), known ? (enum number_look)r->looks.at[r->style] : LOOK_PLAIN,
                          r->is_1904);
}

static void put_text(struct buf *b, struct str text) {
  for (size_t i = 0; i < text.len; i++) {
    const char c = text.at[i];
    if (c == '\n') buf_byte(b, '\v');
    else if (c != '\r') buf_byte(b, c == '\t' ? ' ' : c);
  }
}

static void end_cell(struct xlsx_reader *r) {
  const struct str text = str_trim(cell_text(r));
  if (!text.len || r->column <= r->written || r->column - r->written > GAP_MAX) return;
  struct buf *out = &r->x->text;
  for (uint32_t i = r->written ? r->written : 1; i < r->column; i++) buf_byte(out, '\t');
  const uint32_t at = (uint32_t)out->len;
  put_text(out, text);
  r->written = r->column;
  extract_place(r->x, (struct place){.at = {at, 0},
                                     .part = r->sheet,
                                     .table = 1,
                                     .name = r->sheet_name,
                                     .row = (uint16_t)(r->row > UINT16_MAX ? UINT16_MAX : r->row),
                                     .cell = (uint16_t)r->column});
}

static void note_merge(struct xlsx_reader *r, const struct xml_tag *tag) {
  struct str from, to;
  struct merge m;
  uint32_t row, column;
  if (r->merges.len == MERGES_MAX || !str_cut(xml_get(tag, "ref"), STR(":"), &from, &to)) return;
  if (!read_reference(from, &m.row, &m.column) || !read_reference(to, &row, &column)) return;
  if (row < m.row || column < m.column) return;
  m.rows = row - m.row + 1;
  m.columns = column - m.column + 1;
  vec_push(r->x->mem, &r->merges) = m;
}

static void sheet_start(void *ctx, const struct xml_tag *tag) {
  struct xlsx_reader *r = ctx;
  if (xml_is(tag, "row")) begin_row(r, tag);
  else if (xml_is(tag, "c")) begin_cell(r, tag);
  else if (xml_is(tag, "v") || (xml_is(tag, "t") && !r->in_phonetic)) r->in_text = true;
  else if (xml_is(tag, "rPh")) r->in_phonetic = true;
  else if (xml_is(tag, "mergeCell")) note_merge(r, tag);
}
static void sheet_end(void *ctx, const struct xml_tag *tag) {
  struct xlsx_reader *r = ctx;
  if (xml_is(tag, "v") || xml_is(tag, "t")) r->in_text = false;
  else if (xml_is(tag, "rPh")) r->in_phonetic = false;
  else if (xml_is(tag, "c")) end_cell(r);
  else if (xml_is(tag, "row")) end_row(r);
}
static void sheet_text(void *ctx, struct str text) {
  struct xlsx_reader *r = ctx;
  if (r->in_text) buf_str(&r->value, text);
}

/* Rows and cells of a sheet rise, so the place of a merged area's first cell is found by halving. */
static void place_merge(struct xlsx_reader *r, const struct merge *m) {
  size_t low = r->sheet_place, high = r->x->places.len;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    const struct place *p = &r->x->places.at[middle];
    if (p->row < m->row || (p->row == m->row && p->cell < m->column)) low = middle + 1;
    else high = middle;
  }
  if (low >= r->x->places.len) return;
  struct place *p = &r->x->places.at[low];
  if (p->row != m->row || p->cell != m->column) return;
  p->row_span = (uint16_t)(m->rows > 1 && m->rows < UINT16_MAX ? m->rows : 0);
  p->col_span = (uint16_t)(m->columns > 1 ? m->columns : 0);
}

/* ---- the whole ---- */

static bool read_sheet(struct xlsx_reader *r, struct archive *a, struct str book, size_t i, struct err *e) {
  struct str part;
  TRY(archive_target(a, book, r->sheets.at[i].id, STR(""), &part, e));
  if (!part.len || r->sheets.at[i].hidden) return true;
  if (r->x->text.len) buf_byte(&r->x->text, '\n');
  r->sheet = (uint16_t)(i + 1);
  r->sheet_name = r->sheets.at[i].name;
  r->row = 0;
  r->merges.len = 0;
  r->sheet_place = r->x->places.len;
  const struct xml_events on = {.ctx = r, .start = sheet_start, .end = sheet_end, .text = sheet_text};
  TRY(archive_parse(a, part, &on, e));
  vec_each(const struct merge, m, &r->merges) place_merge(r, m);
  return true;
}

static bool read_parts(struct xlsx_reader *r, struct archive *a, struct err *e) {
  struct str book = {0}, part = {0};
  TRY(archive_target(a, STR(""), STR(""), STR("/officeDocument"), &book, e));
  if (!book.len) book = STR("xl/workbook.xml");
  const struct xml_events on_book = {.ctx = r, .start = workbook_start};
  TRY(archive_parse(a, book, &on_book, e));
  if (!r->sheets.len) {
    fail(e, ERR_INVALID, MSG_source_office_broken, "name", r->x->name, "part", book);
    return err_hint(e, MSG_source_office_broken_hint);
  }
  const struct xml_events on_styles = {.ctx = r, .start = styles_start, .end = styles_end};
  TRY(archive_target(a, book, STR(""), STR("/styles"), &part, e));
  TRY(archive_parse(a, part.len ? part : STR("xl/styles.xml"), &on_styles, e));
  const struct xml_events on_strings = {.ctx = r, .start = strings_start, .end = strings_end, .text = strings_text};
  TRY(archive_target(a, book, STR(""), STR("/sharedStrings"), &part, e));
  TRY(archive_parse(a, part.len ? part : STR("xl/sharedStrings.xml"), &on_strings, e));
  r->in_text = r->in_phonetic = false;
  for (size_t i = 0; i < r->sheets.len; i++) TRY(read_sheet(r, a, book, i, e));
  return true;
}

bool xlsx_read(struct extract *x, struct str bytes, struct err *e) {
  struct archive a;
  TRY(archive_open(&a, x->mem, x->name, bytes, e));
  struct xlsx_reader *r = arena_new(x->mem, struct xlsx_reader);
  *r = (struct xlsx_reader){.x = x, .strings = BUF_MAX(CONTAINER_INFLATE_MAX), .value = BUF_MAX(PLAN_FILE_MAX)};
  const bool done = read_parts(r, &a, e);
  if (r->value.broken || r->strings.broken) x->text.broken = true;
  buf_drop(&r->strings);
  buf_drop(&r->value);
  archive_drop(&a);
  return done;
}
