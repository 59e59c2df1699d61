/* Demo rows are held against the declaration as everything else: their columns are fields, their cells can be read by the types of these,
 * codes, states, units and rows they speak of are there. Cells of fields of another package's types are taken as they stand. */
#include "declare/check_demo.h"

#include "base/utf8.h"
#include "base/yaml.h"
#include "declare/table_file.h"
#include "declare/typed.h"
#include "texts.h"

struct demo_check {
  struct faults *f;
  const struct package *p;
  const struct world *w;
  struct typed *typed;
  const struct record *record;
  const words *head, *line; /* of the cell that is read */
  struct word cell;
};

/* ---- what rows call one another ---- */

static struct str said_in(const words *head, const words *line, struct str column) {
  for (size_t i = 0; i < head->len && i < line->len; i++)
    if (str_eq(head->at[i].text, column)) return line->at[i].text;
  return STR("");
}
static bool is_called(struct arena *mem, const struct record *r, const words *head, const words *line,
                      struct str said) {
  struct str key = STR("");
  vec_each(const struct word, w, &r->key)
    key = str_fmt(mem, STRF "%s" STRF, STRA(key), key.len ? "/" : "", STRA(said_in(head, line, w->text)));
  if (str_eq(said_in(head, line, STR("row")), said) || str_eq(said_in(head, line, STR("number")), said)) return true;
  if (key.len && str_eq(key, said)) return true;
  vec_each(const struct field, x, &r->fields)
    if (is_yes(x->unique) && str_eq(said_in(head, line, x->head.name.text), said)) return true;
  return false;
}
static const struct package_file *sheet_of(const struct demo_check *c, const struct record *r) {
  return package_file(c->p, str_fmt(c->f->mem, "demo/" STRF ".csv", STRA(r->head.name.text)));
}
static bool has_row(const struct demo_check *c, const struct record *r, struct str said) {
  const struct package_file *file = sheet_of(c, r);
  struct faults quiet = {.mem = c->f->mem};
  sheet_lines lines = {0};
  if (!file) return false;
  quiet.text = file->text;
  if (!sheet_file_read(&quiet, file->text, &lines)) return true; /* told where it stands */
  for (size_t i = 1; i < lines.len; i++)
    if (is_called(c->f->mem, r, &lines.at[0], &lines.at[i], said)) return true;
  return false;
}
static bool is_unit(const struct world *w, struct str name) {
  for (size_t i = 0; i < w->demo_unit_count; i++)
    if (str_eq(w->demo_units[i], name)) return true;
  return !w->demo_unit_count;
}
static bool find_thing(const struct value_reader *reader, const struct type *t, struct str said, struct value *out) {
  struct demo_check *c = reader->world;
  int kind = 0;
  *out = value_thing((int64_t)(str_hash(said) >> 1), NULL);
  if (t->kind == KIND_UNIT && !is_unit(c->w, said)) kind = MSG_declare_kind_demo_unit;
  if (t->kind == KIND_RECORD && !has_row(c, t->of, said)) kind = MSG_declare_kind_record;
  if (kind) fault_arg(faults_add(c->f, FAULT_N003, word_place(c->cell)), "name", said)->kind = kind;
  return true;
}

/* ---- cells ---- */

static void bad(struct demo_check *c, struct str said) {
  (void)fault_arg(faults_add(c->f, FAULT_Y013, word_place(c->cell)), "text", said);
}
static void check_codes(struct demo_check *c, const struct type *t, const struct value *v, struct str list) {
  const struct value *at = v->kind == VALUE_SET ? v->set.at : v;
  const size_t n = v->kind == VALUE_SET ? v->set.len : 1;
  for (size_t i = 0; i < n; i++) {
    if (at[i].kind != VALUE_CODE || !t->of || c->typed->m.env.has_code(&c->typed->m.env, t->of, at[i].text)) continue;
    struct fault *x = fault_arg(faults_add(c->f, FAULT_T010, word_place(c->cell)), "name", at[i].text);
    (void)fault_arg(x, "list", list);
  }
}
static void check_cell(struct demo_check *c, const struct type_said *is, const struct type *t, struct str said) {
  struct value v = {0};
  struct str head = said, tail;
  if (!said.len || str_eqz(said, "none") || t->kind == KIND_BAD || t->kind == KIND_OTHER) return;
  if (t->set) said = str_replace(c->f->mem, str_replace(c->f->mem, said, STR(";"), STR(",")), STR(" "), STR(","));
  if (t->kind == KIND_PLACE && str_cut(said, STR(" "), &head, &tail)) said = head;
  if (!value_read(c->f->mem, &c->typed->reader, t, said, &v)) bad(c, said);
  else if (t->kind == KIND_CODE) check_codes(c, t, &v, is->name);
}
/* Cells of the columns that are not computed, in their order. */
static void check_rows(struct demo_check *c, const struct field *f, struct str said) {
  struct yaml *root = NULL;
  struct err quiet = {0};
  if (!said.len) return;
  if (!yaml_parse(c->f->mem, STR("demo"), said, &root, &quiet) || root->kind != YAML_LIST) return bad(c, said);
  for (const struct yaml *row = root->child; row; row = row->next) {
    const struct yaml *cell = row->child;
    vec_each(const struct field, x, &f->fields) {
      if (has_expr(&x->value)) continue;
      const struct type t = meaning_said_type(&c->typed->m, &x->is);
      if (cell && cell->kind != YAML_SCALAR) return bad(c, said);
      if (cell) check_cell(c, &x->is, &t, cell->text);
      cell = cell ? cell->next : NULL;
    }
    if (cell) bad(c, cell->kind == YAML_SCALAR ? cell->text : said);
  }
}
static void check_state(struct demo_check *c) {
  const struct record *r = c->record;
  if (!c->cell.text.len || !r->states.len || part_find(&r->states, c->cell.text)) return;
  fault_arg(faults_add(c->f, FAULT_N003, word_place(c->cell)), "name", c->cell.text)->kind = MSG_declare_kind_state;
}
static void check_field(struct demo_check *c, const struct field *f) {
  const struct type t = meaning_field_type(&c->typed->m, c->record, f);
  if (t.kind == KIND_ROW) check_rows(c, f, c->cell.text);
  else check_cell(c, &f->is, &t, c->cell.text);
}
/* school_from and school_to of a span; NULL: no column of any kind. */
static const struct field *field_of(const struct record *r, struct str column, bool *out_end) {
  const struct field *f = field_find(r, column);
  *out_end = false;
  if (f) return f->is.type == TYPE_span ? NULL : f;
  const size_t cut = str_ends(column, STR("_from")) ? 5 : str_ends(column, STR("_to")) ? 3 : 0;
  f = cut ? field_find(r, str_slice(column, 0, column.len - cut)) : NULL;
  *out_end = f && f->is.type == TYPE_span;
  return *out_end ? f : NULL;
}
static bool is_own(struct str column) {
  return str_eqz(column, "row") || str_eqz(column, "number") || str_eqz(column, "state");
}
static void check_column(struct demo_check *c, struct str column) {
  const struct type moment = type_of(KIND_MOMENT);
  bool is_end = false;
  const struct field *f = field_of(c->record, column, &is_end);
  if (str_eqz(column, "state")) check_state(c);
  else if (is_end) check_cell(c, &f->is, &moment, c->cell.text);
  else if (f && !has_expr(&f->value)) check_field(c, f);
}
static void check_head(struct demo_check *c) {
  bool is_end = false;
  vec_each(const struct word, w, c->head)
    if (!is_own(w->text) && !field_of(c->record, w->text, &is_end))
      fault_arg(faults_add(c->f, FAULT_N003, word_place(*w)), "name", w->text)->kind = MSG_declare_kind_field;
}

/* ---- sheets ---- */

static void check_sheet(struct demo_check *c, const struct package_file *file) {
  sheet_lines lines = {0};
  if (!sheet_file_read(c->f, file->text, &lines) || !lines.len) return;
  c->head = &lines.at[0];
  check_head(c);
  for (size_t i = 1; i < lines.len; i++) {
    c->line = &lines.at[i];
    c->cell = c->line->at[0];
    if (c->line->len != c->head->len) {
      bad(c, c->cell.text);
      continue;
    }
    for (size_t k = 0; k < c->head->len; k++) {
      c->cell = c->line->at[k];
      check_column(c, c->head->at[k].text);
    }
  }
}
static void check_file(struct demo_check *c, const struct package_file *file, struct str prefix) {
  const struct str was = c->f->file, text = c->f->text;
  struct str name = str_from(file->path, STR("demo/").len);
  name = str_slice(name, 0, name.len - STR(".csv").len);
  c->record = part_find(&c->p->system->records, name);
  c->f->file = str_join(c->f->mem, prefix, file->path);
  c->f->text = file->text;
  if (c->record) check_sheet(c, file);
  else fault_arg(faults_add(c->f, FAULT_N003, (struct place){1, 1, 0}), "name", name)->kind = MSG_declare_kind_record;
  c->f->file = was;
  c->f->text = text;
}
void demo_check(struct faults *f, const struct package *p, struct str prefix, const struct world *w) {
  struct demo_check c = {.f = f, .p = p, .w = w};
  const struct value_reader reader = {w->units, calendar_known(), &c, find_thing};
  struct err quiet = {0};
  if (!typed_begin(f->mem, p, w, &reader, &c.typed, &quiet)) return; /* a table that cannot be read was told */
  vec_each(const struct package_file, x, &p->files)
    if (str_starts(x->path, STR("demo/")) && str_ends(x->path, STR(".csv"))) check_file(&c, x, prefix);
}
