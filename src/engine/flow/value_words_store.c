/* Values as texts where there is no column for them: answers of rounds, versions of registers, and what their events say. A value that has
 * one cell is what stands in that cell; sets stand with commas; of a table inside the form a row is a line, its cells apart by tabs. */
#include "declare/check.h"
#include "engine/flow/rows.h"
#include "store/statement.h"

static struct flow_field as_column(const struct flow_field *f) {
  struct flow_field plain = *f;
  plain.place = FLOW_COLUMN;
  return plain;
}

/* ---- one ---- */

static struct str one_words(struct flow_run *run, const struct flow_field *f, const struct value *v) {
  const struct flow_field plain = as_column(f);
  struct store_value cell = {0};
  struct err ignored = {0};
  if (v->kind == VALUE_SPAN) return str_fmt(run->mem, "%lld..%lld", (long long)v->span.from, (long long)v->span.to);
  if (v->kind == VALUE_PLACE) return str_fmt(run->mem, "%d,%d", (int)v->place.latitude_e7, (int)v->place.longitude_e7);
  if (value_is_none(v) || !flow_cells(run, &plain, v, STR(""), &cell, &ignored) || cell.null) return STR("");
  return cell.type == 'i' ? str_int(run->mem, cell.n) : cell.s;
}
static struct value one_value(struct flow_run *run, const struct flow_field *f, struct str said) {
  const struct flow_field plain = as_column(f);
  struct store_value cell = f->kind == 'i' ? store_number(0) : store_text(said);
  struct str from, to;
  int64_t a, b;
  if (f->field->is.type == TYPE_span || f->field->is.type == TYPE_place) {
    if (!str_cut(said, f->field->is.type == TYPE_span ? STR("..") : STR(","), &from, &to) || !str_to_int(from, &a) ||
        !str_to_int(to, &b))
      return (struct value){0};
    if (f->field->is.type == TYPE_span) return (struct value){.kind = VALUE_SPAN, .span = {a, b}};
    return (struct value){.kind = VALUE_PLACE, .place = {(int32_t)a, (int32_t)b}};
  }
  if (f->kind == 'i' && !str_to_int(said, &cell.n)) cell.null = true;
  return flow_cells_value(run, &plain, &cell);
}

/* ---- rows ---- */

static void put_cell(struct buf *b, struct str s) {
  for (size_t i = 0; i < s.len; i++) {
    const char c = s.at[i];
    if (c == '\\' || c == '\t' || c == '\n') buf_byte(b, '\\');
    buf_byte(b, c == '\t' ? 't' : c == '\n' ? 'n' : c);
  }
}
static struct str cell_said(struct arena *mem, struct str s) {
  char *out = arena_take(mem, s.len + 1);
  size_t n = 0;
  for (size_t i = 0; i < s.len; i++) {
    const bool is_escape = s.at[i] == '\\' && i + 1 < s.len;
    if (is_escape) i++;
    out[n++] = (char)(is_escape && s.at[i] == 't' ? '\t' : is_escape && s.at[i] == 'n' ? '\n' : s.at[i]);
  }
  return (struct str){out, n};
}
static struct str rows_words(struct flow_run *run, const struct flow_field *f, const struct value *v) {
  AUTO_BUF b = BUF_MAX(FLOW_WORDS_MOST);
  for (size_t i = 0; i < v->set.len; i++) {
    const struct flow_thing *line = flow_thing_of(&v->set.at[i]);
    if (i) buf_byte(&b, '\n');
    for (size_t k = 0; line && k < f->row_count && k < line->value_count; k++) {
      if (k) buf_byte(&b, '\t');
      put_cell(&b, flow_value_words(run, &f->rows[k], &line->values[k]));
    }
  }
  return str_dup(run->mem, buf_view(&b));
}
static struct value row_value(struct flow_run *run, const struct flow_field *f, struct str line) {
  struct flow_thing *t = flow_thing(run, FLOW_ROW_OF, NULL, STR(""));
  struct str cell, rest = line;
  t->columns = f->rows;
  t->value_count = f->row_count;
  t->values = arena_new_n(run->mem, struct value, f->row_count);
  for (size_t k = 0; k < f->row_count; k++) {
    if (!str_cut(rest, STR("\t"), &cell, &rest)) cell = rest, rest = STR("");
    t->values[k] = cell.len ? flow_words_value(run, &f->rows[k], cell_said(run->mem, cell)) : (struct value){0};
  }
  return flow_thing_value(t);
}

/* ---- any ---- */

struct value flow_words_value(struct flow_run *run, const struct flow_field *f, struct str said) {
  const bool is_rows = f->field->is.type == TYPE_rows;
  VEC(struct value) all = {0};
  struct str one, rest = said;
  if (!f->type.set && !is_rows) return one_value(run, f, said);
  for (bool more = said.len > 0; more; said = rest) {
    more = str_cut(said, is_rows ? STR("\n") : STR(","), &one, &rest);
    if (!more) one = said;
    vec_push(run->mem, &all) = is_rows ? row_value(run, f, one) : one_value(run, f, one);
  }
  return value_set(all.at, all.len);
}
struct str flow_value_words(struct flow_run *run, const struct flow_field *f, const struct value *v) {
  struct str out = STR("");
  if (f->field->is.type == TYPE_rows) return v->kind == VALUE_SET ? rows_words(run, f, v) : out;
  if (v->kind != VALUE_SET) return one_words(run, f, v);
  for (size_t i = 0; i < v->set.len; i++)
    out = str_fmt(run->mem, STRF "%s" STRF, STRA(out), i ? "," : "", STRA(one_words(run, f, &v->set.at[i])));
  return out;
}
