/* Any bytes as a sheet of units, people and pupils: read or refused; what is read can be written and is read again the same. */
#include "engine/register/sheet.h"
#include "texts.h"

static const struct sheet_column columns[] = {
    {"id", MSG_sheet_id, false}, {"name", MSG_units_col_name, true}, {"kind", MSG_units_kind, false}};
static const struct sheet_form form = {"units", MSG_units_title, columns, 3};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  AUTO_ARENA mem = {0};
  struct err e = {0};
  struct source first = {0}, second = {0};
  struct sheet a = {0}, b = {0};
  struct str out = {0};
  const struct str bytes = {(const char *)data, size};
  if (size > 1 << 16 || !source_open(&mem, STR("x.csv"), bytes, false, &first, &e)) return 0;
  if (!sheet_read(&mem, &form, &first, &a, &e)) return 0;
  must(sheet_write(&mem, &a, NULL, LANG_ZH, SHEET_CSV, &out, &e));
  must(source_open(&mem, STR("x.csv"), out, false, &second, &e));
  must(sheet_read(&mem, &form, &second, &b, &e));
  must(b.rows.len == a.rows.len);
  for (size_t i = 0; i < a.rows.len; i++)
    for (size_t k = 0; k < form.count; k++) must(str_eq(a.rows.at[i].cells[k], b.rows.at[i].cells[k]));
  return 0;
}
