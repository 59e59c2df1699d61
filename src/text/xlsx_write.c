/* XLSX out through libxlsxwriter in its constant-memory way: rows go to disk as they come.
 *
 * The library writes to a file name only, so it is given a memory file by its /proc name. Its one source of
 * differences between runs, the creation time, is fixed. A dec becomes the nearest double here and nowhere else,
 * because the file format holds numbers so. */
#include "text/xlsx_write.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/limits.h"
#include "base/must.h"
#include "base/utf8.h"
#include "texts.h"

enum { CELL_MOST = 32767, NAME_MOST = 31, PAPER_A4 = 9, LINE_POINTS = 16, TITLE_POINTS = 36, ROW_POINTS_MOST = 400 };

bool xlsx_begin(struct xlsx *x, struct arena *mem, struct err *e) {
  *x = (struct xlsx){.mem = mem, .file = memfd_create("xlsx", MFD_CLOEXEC)};
  if (x->file < 0) return fail(e, ERR_BUSY, MSG_export_too_large, "limit", STR("memfd"));
  char path[64];
  (void)snprintf(path, sizeof path, "/proc/self/fd/%d", x->file);
  lxw_workbook_options options = {.constant_memory = LXW_TRUE};
  x->book = workbook_new_opt(path, &options);
  must(x->book != NULL);
  lxw_doc_properties fixed = {.created = 315532800}; /* 1980-01-01 */
  workbook_set_properties(x->book, &fixed);
  x->head = workbook_add_format(x->book);
  format_set_bold(x->head);
  format_set_text_wrap(x->head);
  format_set_align(x->head, LXW_ALIGN_CENTER);
  format_set_align(x->head, LXW_ALIGN_VERTICAL_CENTER);
  format_set_border(x->head, LXW_BORDER_THIN);
  format_set_bg_color(x->head, 0xE8EEF4);
  x->plain = workbook_add_format(x->book);
  format_set_align(x->plain, LXW_ALIGN_VERTICAL_TOP);
  format_set_border(x->plain, LXW_BORDER_THIN);
  x->wrapped = workbook_add_format(x->book);
  format_set_align(x->wrapped, LXW_ALIGN_VERTICAL_TOP);
  format_set_border(x->wrapped, LXW_BORDER_THIN);
  format_set_text_wrap(x->wrapped);
  x->title = workbook_add_format(x->book);
  format_set_bold(x->title);
  format_set_font_size(x->title, 18);
  format_set_align(x->title, LXW_ALIGN_CENTER);
  format_set_align(x->title, LXW_ALIGN_VERTICAL_CENTER);
  x->band = workbook_add_format(x->book);
  format_set_bold(x->band);
  format_set_align(x->band, LXW_ALIGN_VERTICAL_CENTER);
  format_set_border(x->band, LXW_BORDER_THIN);
  return true;
}

/* The beginning of s, at most so many UTF-16 units: spreadsheets count in these. */
static struct str first_units(struct str s, size_t most) {
  size_t end = 0;
  for (size_t i = 0, count = 0; i < s.len; end = i) {
    count += utf8_next(s, &i) > 0xFFFF ? 2 : 1;
    if (count > most) break;
  }
  return str_slice(s, 0, end);
}

/* A name that a spreadsheet accepts: no []:*?/\ and no quote at its ends, 31 characters. */
static char *sheet_name(struct arena *mem, struct str name) {
  char *z = str_z(mem, first_units(name, NAME_MOST));
  for (char *p = z; *p; p++)
    if (strchr("[]:*?/\\'", *p)) *p = ' ';
  return *z ? z : str_z(mem, STR("Sheet"));
}

static void end_sheet(struct xlsx *x) {
  if (!x->sheet || !x->columns) return;
  const lxw_row_t last = x->row ? x->row - 1 : 0;
  worksheet_autofilter(x->sheet, x->header, 0, last, (lxw_col_t)(x->columns - 1));
  x->sheet = NULL;
}

static char *cell_text(struct arena *mem, struct str s) {
  char *z = str_z(mem, first_units(s, CELL_MOST));
  for (char *p = z; *p; p++)
    if ((unsigned char)*p < 0x20 && *p != '\n') *p = ' ';
  return z;
}

/* One text over all columns of the open row. */
static void put_across(struct xlsx *x, struct str s, struct lxw_format *format, uint32_t points) {
  worksheet_set_row(x->sheet, x->row, points, NULL);
  char *z = cell_text(x->mem, s);
  if (x->columns == 1) worksheet_write_string(x->sheet, x->row, 0, z, format);
  else if (worksheet_merge_range(x->sheet, x->row, 0, x->row, (lxw_col_t)(x->columns - 1), z, format) != LXW_NO_ERROR)
    x->broken = true;
  x->row++;
}

static void set_up_page(struct xlsx *x) {
  worksheet_set_paper(x->sheet, PAPER_A4);
  worksheet_set_landscape(x->sheet);
  worksheet_fit_to_pages(x->sheet, 1, 0);
  worksheet_repeat_rows(x->sheet, x->header, x->header);
  worksheet_freeze_panes(x->sheet, x->header + 1, 0);
}

void xlsx_sheet(struct xlsx *x, struct str name, struct str title, const struct xlsx_column *columns, size_t n) {
  must(n >= 1 && n <= XLSX_COLUMNS_MAX);
  end_sheet(x);
  x->sheet = workbook_add_worksheet(x->book, sheet_name(x->mem, name));
  if (!x->sheet) { /* the name is taken: the library's own */
    x->sheet = workbook_add_worksheet(x->book, NULL);
    must(x->sheet != NULL);
  }
  x->columns = (uint32_t)n;
  x->header = title.len > 0;
  x->row = x->col = x->lines = 0;
  set_up_page(x);
  for (size_t i = 0; i < n; i++) {
    worksheet_set_column(x->sheet, (lxw_col_t)i, (lxw_col_t)i, columns[i].width, NULL);
    x->wrap[i] = columns[i].wrap;
    x->width[i] = columns[i].width ? columns[i].width : 1;
  }
  if (title.len) put_across(x, title, x->title, TITLE_POINTS);
  for (size_t i = 0; i < n; i++)
    worksheet_write_string(x->sheet, x->row, (lxw_col_t)i, cell_text(x->mem, columns[i].title), x->head);
  x->row++;
}

void xlsx_band(struct xlsx *x, struct str s) { put_across(x, s, x->band, LINE_POINTS + 6); }

/* Lines that a text takes in a column: a Han character is two wide. */
static uint32_t lines_of(struct str s, uint32_t width) {
  uint32_t lines = 1, used = 0;
  for (size_t i = 0; i < s.len;) {
    const uint32_t c = utf8_next(s, &i), wide = c > 0x2E7F ? 2 : 1;
    if (c == '\n' || used + wide > width) {
      lines++;
      used = 0;
    }
    if (c != '\n') used += wide;
  }
  return lines;
}

void xlsx_text(struct xlsx *x, struct str s) {
  must(x->sheet && x->col < x->columns);
  struct lxw_format *format = x->wrap[x->col] ? x->wrapped : x->plain;
  const uint32_t lines = x->wrap[x->col] ? lines_of(s, x->width[x->col]) : 1;
  if (lines > x->lines) x->lines = lines;
  const lxw_col_t col = (lxw_col_t)x->col++;
  const lxw_error rc = s.len ? worksheet_write_string(x->sheet, x->row, col, cell_text(x->mem, s), format)
                             : worksheet_write_blank(x->sheet, x->row, col, format);
  if (rc != LXW_NO_ERROR) x->broken = true;
}

void xlsx_number(struct xlsx *x, struct dec d) {
  must(x->sheet && x->col < x->columns);
  /* house: allow strtod - libxlsxwriter takes a number as double */
  const double n = strtod(str_z(x->mem, dec_text(x->mem, d)), NULL);
  if (worksheet_write_number(x->sheet, x->row, (lxw_col_t)x->col++, n, x->plain) != LXW_NO_ERROR) x->broken = true;
}

void xlsx_skip(struct xlsx *x) { xlsx_text(x, (struct str){0}); }

void xlsx_row_end(struct xlsx *x) {
  const uint32_t points = x->lines * LINE_POINTS;
  if (x->lines > 1) worksheet_set_row(x->sheet, x->row, points < ROW_POINTS_MOST ? points : ROW_POINTS_MOST, NULL);
  x->lines = 0;
  x->row++;
  x->col = 0;
}

static bool read_file(int file, struct arena *mem, struct str *out) {
  struct stat st;
  if (fstat(file, &st) != 0 || st.st_size <= 0 || st.st_size > PAGE_MAX) return false;
  char *at = arena_take(mem, (size_t)st.st_size);
  size_t got = 0;
  while (got < (size_t)st.st_size) {
    const ssize_t n = pread(file, at + got, (size_t)st.st_size - got, (off_t)got);
    if (n <= 0) return false;
    got += (size_t)n;
  }
  *out = (struct str){at, got};
  return true;
}

bool xlsx_finish(struct xlsx *x, struct str *out_bytes, struct err *e) {
  end_sheet(x);
  const bool closed = workbook_close(x->book) == LXW_NO_ERROR;
  x->book = NULL;
  const bool done = closed && !x->broken && read_file(x->file, x->mem, out_bytes);
  xlsx_drop(x);
  if (done) return true;
  return fail(e, ERR_TOO_LARGE, MSG_export_too_large, "limit", str_fmt(x->mem, "%d MiB", PAGE_MAX >> 20));
}

void xlsx_drop(struct xlsx *x) {
  if (x->book) {
    (void)workbook_close(x->book);
    x->book = NULL;
  }
  if (x->mem && x->file >= 0) (void)close(x->file);
  x->file = -1;
}
