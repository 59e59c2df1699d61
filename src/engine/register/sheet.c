/* Tables in and out. What comes in is the text that src/text makes of a file: a row a line, cells parted by TAB. */
#include "engine/register/sheet.h"

#include "base/buf.h"
#include "base/limits.h"
#include "text/xlsx_write.h"
#include "texts.h"

enum { HEADER_ROWS = 5, PASSED = -1, NO_COLUMN = -2, PAGE_BYTES = 64 << 20 };

struct reader {
  struct arena *mem;
  const struct sheet_form *form;
  const struct source *source;
  struct str text; /* of the first sheet */
  size_t at, place;
  int columns[SHEET_COLUMNS_MAX * 4]; /* of the file: index in the form, PASSED */
  size_t column_count;
};

/* The next line that is not blank; its number in the file comes from its first cell. */
static bool next_line(struct reader *r, struct str *out, uint32_t *out_number) {
  while (r->at < r->text.len) {
    const size_t from = r->at, end = from + str_find(str_from(r->text, from), STR("\n"));
    const size_t stop = str_find(str_from(r->text, from), STR("\n")) == STR_NONE ? r->text.len : end;
    r->at = stop + 1;
    *out = str_slice(r->text, from, stop);
    if (!str_trim(*out).len) continue;
    while (r->place < r->source->places.len && r->source->places.at[r->place].at.at < from) r->place++;
    *out_number = r->place < r->source->places.len ? r->source->places.at[r->place].row : 0;
    return true;
  }
  return false;
}
static bool next_cell(struct str *io_rest, bool *io_more, struct str *out) {
  if (!*io_more) return false;
  *io_more = str_cut(*io_rest, STR("\t"), out, io_rest);
  if (!*io_more) *out = *io_rest;
  *out = str_trim(*out);
  return true;
}
static struct str label_of(const struct sheet_column *c, enum lang lang) {
  return c->label ? msg_template(lang, c->label) : str_of(c->key);
}
static bool is_label(struct str cell, int msg) {
  return str_eq(cell, msg_template(LANG_ZH, msg)) || str_eq(cell, msg_template(LANG_EN, msg));
}
static int column_of(const struct sheet_form *form, struct str cell) {
  if (!cell.len || is_label(cell, MSG_sheet_problem)) return PASSED;
  for (size_t i = 0; i < form->count; i++)
    if (str_eq(cell, label_of(&form->columns[i], LANG_ZH)) || str_eq(cell, label_of(&form->columns[i], LANG_EN)) ||
        str_eqz(cell, form->columns[i].key))
      return (int)i;
  return NO_COLUMN;
}
/* True when the line has every column that is needed; then also whether all of it is understood. */
static bool read_header(struct reader *r, struct str line, struct str *out_unknown) {
  bool has[SHEET_COLUMNS_MAX] = {0}, more = true;
  struct str cell = {0};
  r->column_count = 0;
  *out_unknown = STR("");
  while (next_cell(&line, &more, &cell)) {
    const int column = column_of(r->form, cell);
    if (column == NO_COLUMN || (column >= 0 && has[column]) || r->column_count == COUNT_OF(r->columns)) {
      if (!out_unknown->len) *out_unknown = cell;
      continue;
    }
    if (column >= 0) has[column] = true;
    r->columns[r->column_count++] = column;
  }
  for (size_t i = 0; i < r->form->count; i++)
    if (r->form->columns[i].needed && !has[i]) return false;
  return true;
}
static bool find_header(struct reader *r, struct err *e) {
  struct str line = {0}, unknown = {0}, needed = STR("");
  uint32_t number = 0;
  for (int i = 0; i < HEADER_ROWS && next_line(r, &line, &number); i++) {
    if (!read_header(r, line, &unknown)) continue;
    if (!unknown.len) return true;
    return fail(e, ERR_INVALID, MSG_sheet_unknown_column, "name", str_slice(unknown, 0, 120));
  }
  for (size_t i = 0; i < r->form->count; i++) {
    const struct sheet_column *c = &r->form->columns[i];
    const struct str mark = needed.len ? msg_template(LANG_ZH, MSG_page_list_mark) : STR("");
    if (c->needed) needed = str_fmt(r->mem, STRF STRF STRF, STRA(needed), STRA(mark), STRA(label_of(c, LANG_ZH)));
  }
  return fail(e, ERR_INVALID, MSG_sheet_no_header, "columns", needed);
}
/* False when nothing stands in a column that is known. */
static bool read_row(const struct reader *r, struct str line, struct sheet_row *row) {
  bool more = true, any = false;
  struct str cell = {0};
  for (size_t i = 0; next_cell(&line, &more, &cell); i++)
    if (i < r->column_count && r->columns[i] >= 0) any = (row->cells[r->columns[i]] = cell).len > 0 || any;
  return any;
}
/* Of several sheets only the first: its places come first. */
static struct str first_sheet(const struct source *s) {
  for (size_t i = 1; i < s->places.len; i++)
    if (s->places.at[i].part != s->places.at[0].part) return str_slice(s->text, 0, s->places.at[i].at.at);
  return s->text;
}
bool sheet_read(struct arena *mem, const struct sheet_form *form, const struct source *source, struct sheet *out,
                struct err *e) {
  struct reader r = {.mem = mem, .form = form, .source = source, .text = first_sheet(source)};
  struct str line = {0};
  uint32_t number = 0;
  must(form->count <= SHEET_COLUMNS_MAX);
  *out = (struct sheet){.form = form};
  TRY(find_header(&r, e));
  while (next_line(&r, &line, &number)) {
    if (out->rows.len == IMPORT_ROWS_MAX)
      return fail(e, ERR_TOO_LARGE, MSG_sheet_too_long, "limit", str_int(mem, IMPORT_ROWS_MAX));
    struct sheet_row *row = &vec_push(mem, &out->rows);
    for (size_t i = 0; i < SHEET_COLUMNS_MAX; i++) row->cells[i] = STR("");
    row->number = number;
    if (!read_row(&r, line, row)) out->rows.len--;
  }
  return out->rows.len > 0 || fail(e, ERR_INVALID, MSG_sheet_empty);
}

static size_t index_of(const struct sheet *s, const char *key) {
  size_t i = 0;
  while (i < s->form->count && strcmp(s->form->columns[i].key, key) != 0) i++;
  return i;
}
struct str sheet_cell(const struct sheet *s, const struct sheet_row *row, const char *key) {
  const size_t i = index_of(s, key);
  return i < s->form->count ? row->cells[i] : STR("");
}
void sheet_set(const struct sheet *s, struct sheet_row *row, const char *key, struct str value) {
  const size_t i = index_of(s, key);
  must(i < s->form->count);
  row->cells[i] = value;
}

/* ---- writing ---- */

/* A break inside a cell is U+000B in texts; other control characters and the breaks of Unicode (their first bytes are C2 and E2)
 * only stand in quotes. */
static bool needs_quotes(struct str s) {
  for (size_t i = 0; i < s.len; i++) {
    const unsigned char c = (unsigned char)s.at[i];
    if (c < ' ' || c == ',' || c == ';' || c == '"' || c == 0xC2 || c == 0xE2) return true;
  }
  return false;
}
static void put_csv(struct buf *out, struct str s, bool last) {
  const bool quote = needs_quotes(s);
  if (quote) buf_byte(out, '"');
  for (size_t i = 0; i < s.len; i++) {
    if (s.at[i] == '"') buf_byte(out, '"');
    buf_byte(out, s.at[i] == '\v' ? '\n' : s.at[i]);
  }
  if (quote) buf_byte(out, '"');
  buf_z(out, last ? "\r\n" : ",");
}
static bool write_csv(struct arena *mem, const struct sheet *s, const struct str *problems, enum lang lang,
                      struct str *out, struct err *e) {
  AUTO_BUF b = BUF_MAX(PAGE_BYTES);
  buf_z(&b, "\xEF\xBB\xBF"); /* spreadsheets take it for UTF-8 */
  for (size_t i = 0; i < s->form->count; i++)
    put_csv(&b, label_of(&s->form->columns[i], lang), !problems && i + 1 == s->form->count);
  if (problems) put_csv(&b, msg_template(lang, MSG_sheet_problem), true);
  for (size_t r = 0; r < s->rows.len; r++) {
    for (size_t i = 0; i < s->form->count; i++)
      put_csv(&b, s->rows.at[r].cells[i], !problems && i + 1 == s->form->count);
    if (problems) put_csv(&b, problems[r], true);
  }
  if (b.broken) return fail(e, ERR_TOO_LARGE, MSG_export_too_large, "limit", str_fmt(mem, "%d MiB", PAGE_BYTES >> 20));
  *out = str_dup(mem, buf_view(&b));
  return true;
}
static bool write_xlsx(struct arena *mem, const struct sheet *s, const struct str *problems, enum lang lang,
                       struct str *out, struct err *e) {
  enum { WIDTH = 18, WIDTH_PROBLEM = 60 };
  AUTO_XLSX x = {.file = -1};
  struct xlsx_column columns[SHEET_COLUMNS_MAX + 1];
  size_t n = 0;
  for (; n < s->form->count; n++)
    columns[n] = (struct xlsx_column){.title = label_of(&s->form->columns[n], lang), .width = WIDTH};
  if (problems) columns[n++] = (struct xlsx_column){msg_template(lang, MSG_sheet_problem), WIDTH_PROBLEM, true};
  TRY(xlsx_begin(&x, mem, e));
  xlsx_sheet(&x, msg_template(lang, s->form->title), STR(""), columns, n);
  for (size_t r = 0; r < s->rows.len; r++) {
    for (size_t i = 0; i < s->form->count; i++) xlsx_text(&x, s->rows.at[r].cells[i]);
    if (problems) xlsx_text(&x, problems[r]);
    xlsx_row_end(&x);
  }
  return xlsx_finish(&x, out, e);
}
bool sheet_write(struct arena *mem, const struct sheet *s, const struct str *problems, enum lang lang,
                 enum sheet_format format, struct str *out, struct err *e) {
  return format == SHEET_CSV ? write_csv(mem, s, problems, lang, out, e) : write_xlsx(mem, s, problems, lang, out, e);
}
