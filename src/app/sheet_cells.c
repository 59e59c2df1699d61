/* The form of a sheet is put together from its heads; the rest is that of units and people. */
#include "app/sheet_cells.h"

#include "base/limits.h"
#include "engine/register/sheet.h"
#include "texts.h"

struct made {
  struct sheet_column columns[SHEET_COLUMNS_MAX];
  struct sheet_form form;
};
static void make_form(const struct cells_sheet *s, struct made *out) {
  _Static_assert((int)CELLS_COLUMNS_MAX == (int)SHEET_COLUMNS_MAX, "one row holds the other");
  for (size_t i = 0; i < s->count; i++) out->columns[i] = (struct sheet_column){s->heads[i], 0, s->needed[i]};
  out->form =
      (struct sheet_form){.what = "records", .title = MSG_import_title, .columns = out->columns, .count = s->count};
}
bool cells_read(struct arena *mem, struct str name, struct str bytes, size_t most, struct cells_sheet *io,
                struct err *e) {
  struct made made;
  struct sheet sheet;
  struct source source = {0};
  if (bytes.len > IMPORT_FILE_MAX)
    return fail(e, ERR_TOO_LARGE, MSG_import_too_large, "limit", str_fmt(mem, "%d MB", IMPORT_FILE_MAX >> 20));
  TRY(source_open(mem, name, bytes, true, &source, e));
  if (source.container != SOURCE_CSV && source.container != SOURCE_XLSX && source.container != SOURCE_TEXT)
    return fail(e, ERR_INVALID, MSG_import_wrong_file);
  make_form(io, &made);
  TRY(sheet_read(mem, &made.form, &source, &sheet, e));
  if (sheet.rows.len > most) return fail(e, ERR_TOO_LARGE, MSG_sheet_too_long, "limit", str_int(mem, (int64_t)most));
  for (size_t r = 0; r < sheet.rows.len; r++) {
    struct cells_row *row = &vec_push(mem, &io->rows);
    row->number = sheet.rows.at[r].number;
    memcpy(row->cells, sheet.rows.at[r].cells, sizeof row->cells);
  }
  return true;
}
bool cells_write(struct arena *mem, const struct cells_sheet *s, const struct str *problems, enum lang lang, bool xlsx,
                 struct str *out, struct err *e) {
  struct made made;
  make_form(s, &made);
  struct sheet sheet = {.form = &made.form};
  for (size_t r = 0; r < s->rows.len; r++) {
    struct sheet_row *row = &vec_push(mem, &sheet.rows);
    row->number = s->rows.at[r].number;
    memcpy(row->cells, s->rows.at[r].cells, sizeof row->cells);
  }
  return sheet_write(mem, &sheet, problems, lang, xlsx ? SHEET_XLSX : SHEET_CSV, out, e);
}
