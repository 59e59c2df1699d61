/* Cells are read one at a time with their line and column, so that a fault points at what is wrong. */
#include "declare/table_file.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "texts.h"

enum { CELLS_MAX = 32, CELL_BYTES_MAX = 64 << 10 };
struct cursor {
  struct faults *f;
  struct str text;
  size_t at;
  int line;
  size_t line_at; /* where the line begins */
};

static struct place here(const struct cursor *c) {
  return (struct place){c->line, (int)utf8_count(str_slice(c->text, c->line_at, c->at)) + 1, 0};
}
static void new_line(struct cursor *c) {
  c->line++;
  c->line_at = c->at;
}
/* Up to the closing quote; two of them are one. */
static bool quoted(struct cursor *c, struct buf *out) {
  const struct place from = here(c);
  for (c->at++; c->at < c->text.len; c->at++) {
    const char b = c->text.at[c->at];
    const bool doubled = b == '"' && c->at + 1 < c->text.len && c->text.at[c->at + 1] == '"';
    if (b == '"' && !doubled) return c->at++, true;
    c->at += doubled;
    buf_byte(out, b);
    if (b == '\n') c->at++, new_line(c), c->at--;
  }
  (void)fault_arg(faults_add(c->f, FAULT_Y013, from), "text", STR("\""));
  return false;
}
static bool read_cell(struct cursor *c, struct word *out) {
  AUTO_BUF text = BUF_MAX(CELL_BYTES_MAX);
  *out = (struct word){.at = here(c)};
  if (c->at < c->text.len && c->text.at[c->at] == '"') {
    TRY(quoted(c, &text));
  } else {
    while (c->at < c->text.len && c->text.at[c->at] != ',' && c->text.at[c->at] != '\n')
      buf_byte(&text, c->text.at[c->at++]);
  }
  out->text = str_trim(str_dup(c->f->mem, buf_view(&text)));
  if (!out->text.at) out->text.at = "";
  return !text.broken;
}
/* One line of cells; false at the end of the file or when a fault was told. */
static bool read_line(struct cursor *c, words *out) {
  out->len = 0;
  while (c->at < c->text.len && c->text.at[c->at] == '\n') c->at++, new_line(c);
  if (c->at >= c->text.len) return false;
  for (;;) {
    TRY(read_cell(c, &vec_push(c->f->mem, out)));
    if (c->at >= c->text.len) return true;
    const char b = c->text.at[c->at++];
    if (b == '\n') return new_line(c), true;
    if (b != ',') return (void)fault_arg(faults_add(c->f, FAULT_Y013, here(c)), "text", STR("\"")), false;
  }
}

static struct str column_name(const struct table *t, size_t i) {
  return i < t->key.len ? t->key.at[i].head.name.text : t->gives.at[i - t->key.len].head.name.text;
}
static bool is_header(struct cursor *c, const struct table *t, const words *cells) {
  const size_t n = t->key.len + t->gives.len;
  struct str wanted = STR("");
  bool same = cells->len == n;
  for (size_t i = 0; i < n; i++) {
    same = same && str_eq(cells->at[i].text, column_name(t, i));
    wanted = str_fmt(c->f->mem, STRF "%s" STRF, STRA(wanted), i ? "," : "", STRA(column_name(t, i)));
  }
  if (!same) (void)fault_arg(faults_add(c->f, FAULT_Y013, (struct place){1, 1, 0}), "text", wanted);
  return same;
}
void table_file_read(struct faults *f, struct table *t, struct str text) {
  struct cursor c = {.f = f, .text = text, .line = 1};
  words cells = {0};
  if (!read_line(&c, &cells) || !is_header(&c, t, &cells)) return;
  for (words row = {0}; read_line(&c, &row); row = (words){0}) {
    const struct place at = row.at[0].at;
    if (row.len != t->key.len + t->gives.len || t->rows.len == TABLE_FILE_ROWS_MAX) {
      (void)fault_arg(faults_add(f, FAULT_Y013, at), "text", row.at[0].text);
      return;
    }
    vec_push(f->mem, &t->rows) = (struct table_row){.head = {.name = row.at[0], .at = at}, .cells = row};
  }
}
bool sheet_file_read(struct faults *f, struct str text, sheet_lines *out) {
  struct cursor c = {.f = f, .text = text, .line = 1};
  const size_t errors = f->errors;
  for (words line = {0}; out->len <= TABLE_FILE_ROWS_MAX && read_line(&c, &line); line = (words){0})
    vec_push(f->mem, out) = line;
  return f->errors == errors;
}
