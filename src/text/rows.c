/* Rows out of the text of a source: a line a row, cells parted by TAB. */
#include "text/rows.h"

#include "text/source.h"

/* Breaks inside a cell are U+000B there. */
static struct str cell_of(struct arena *mem, struct str said) {
  return str_replace(mem, str_trim(said), STR("\v"), STR("\n"));
}
static void read_line(struct arena *mem, struct str line, text_cells *out) {
  struct str head;
  while (str_cut(line, STR("\t"), &head, &line)) vec_push(mem, out) = cell_of(mem, head);
  vec_push(mem, out) = cell_of(mem, line);
}
bool text_rows_read(struct arena *mem, struct str name, struct str bytes, text_rows *out, struct err *e) {
  struct source source;
  struct str rest, line;
  *out = (text_rows){0};
  TRY(source_open(mem, name, bytes, false, &source, e));
  for (rest = source.text; rest.len;) {
    if (!str_cut(rest, STR("\n"), &line, &rest)) {
      line = rest;
      rest = STR("");
    }
    if (str_trim(line).len) read_line(mem, line, &vec_push(mem, out));
  }
  return true;
}
