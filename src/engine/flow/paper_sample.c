/* The demo rows of a package as a world for expressions: things are rows, found by what the sheets of the other records call them. */
#include "engine/flow/paper_sample.h"

#include "base/yaml.h"
#include "declare/number.h"
#include "engine/flow/env.h"
#include "text/rows.h"
#include "texts.h"

enum { SAMPLE_COST = 100000, SAMPLE_DEPTH_MOST = 12 };

struct thing_of {                   /* what value.thing.at points to */
  struct str name;                  /* as it was called: of units, people, clocks, rounds and what was not found */
  const struct sample_sheet *sheet; /* of a record: its row */
  size_t row;
  const struct row_of *columns; /* of a row of a field: its cells */
  const struct yaml *cells;
  const struct thing_of *of;
};
struct sample_sheet {
  const struct record *record;
  text_rows rows;                /* the first: names of the columns */
  VEC(struct thing_of *) things; /* one a row */
};
struct sample {
  struct arena *mem;
  const struct package *p;
  struct typed *typed;
  struct sample_sheet *sheets; /* as system->records */
  const struct eval_env *env;
  int depth;
};

/* ---- sheets ---- */

static bool read_sheet(struct sample *s, struct sample_sheet *sheet, struct err *e) {
  const struct str path = str_fmt(s->mem, "demo/" STRF ".csv", STRA(sheet->record->head.name.text));
  const struct package_file *f = package_file(s->p, path);
  if (f) TRY(text_rows_read(s->mem, path, f->text, &sheet->rows, e));
  for (size_t i = 1; i < sheet->rows.len; i++) {
    struct thing_of *t = vec_push(s->mem, &sheet->things) = arena_new(s->mem, struct thing_of);
    *t = (struct thing_of){.sheet = sheet, .row = i};
  }
  return true;
}
static struct str cell_of(const struct sample_sheet *sheet, size_t row, struct str column) {
  const text_cells *header = &sheet->rows.at[0], *line = &sheet->rows.at[row];
  for (size_t i = 0; i < header->len && i < line->len; i++)
    if (str_eq(header->at[i], column)) return line->at[i];
  return STR("");
}
/* A number that the sheet does not give is the one it would get. */
static struct str number_of(struct sample *s, const struct thing_of *t) {
  const struct str said = cell_of(t->sheet, t->row, STR("number"));
  const struct word pattern = t->sheet->record->number;
  if (said.len || !has_word(pattern)) return said;
  return number_text(s->mem, pattern.text, date_of_days(moment_day(s->env->now)), (int64_t)t->row);
}

/* ---- things by their words ---- */

static struct str key_of(struct sample *s, const struct thing_of *t) {
  struct str out = STR("");
  vec_each(const struct word, w, &t->sheet->record->key)
    out = str_fmt(s->mem, STRF "%s" STRF, STRA(out), out.len ? "/" : "", STRA(cell_of(t->sheet, t->row, w->text)));
  return out;
}
static bool is_called(struct sample *s, const struct thing_of *t, struct str said) {
  if (str_eq(cell_of(t->sheet, t->row, STR("row")), said) || str_eq(number_of(s, t), said)) return true;
  if (str_eq(key_of(s, t), said)) return true;
  vec_each(const struct field, f, &t->sheet->record->fields)
    if (is_yes(f->unique) && str_eq(cell_of(t->sheet, t->row, f->head.name.text), said)) return true;
  return false;
}
static struct value value_of_thing(const struct thing_of *t) {
  return value_thing((int64_t)((uintptr_t)t & INT64_MAX), t);
}
static bool read_thing(const struct value_reader *reader, const struct type *t, struct str said, struct value *out) {
  struct sample *s = reader->world;
  const struct sample_sheet *sheet = NULL;
  for (size_t i = 0; t->kind == KIND_RECORD && i < s->p->system->records.len; i++)
    if (s->sheets[i].record == t->of) sheet = &s->sheets[i];
  for (size_t i = 0; sheet && i < sheet->things.len; i++)
    if (is_called(s, sheet->things.at[i], said)) return *out = value_of_thing(sheet->things.at[i]), true;
  struct thing_of *made = arena_new(s->mem, struct thing_of);
  made->name = said;
  *out = value_thing((int64_t)(str_hash(said) >> 1), made);
  return true;
}

/* ---- cells to values ---- */

/* Sets stand parted by blanks, places with their words behind. */
static struct value read_cell(struct sample *s, const struct type *t, struct str said) {
  struct value v = value_none(NONE_missing);
  struct str head = said, tail;
  if (!said.len || str_eqz(said, "none")) return t->set ? value_set(NULL, 0) : v;
  if (t->set) said = str_replace(s->mem, said, STR(" "), STR(","));
  if (t->kind == KIND_PLACE && str_cut(said, STR(" "), &head, &tail)) said = head;
  return value_read(s->mem, &s->typed->reader, t, said, &v) ? v : value_none(NONE_missing);
}
static struct value read_rows(struct sample *s, const struct type *t, const struct thing_of *of, struct str said) {
  struct yaml *root = NULL;
  struct err quiet = {0};
  VEC(struct value) all = {0};
  if (!said.len || !yaml_parse(s->mem, STR("demo"), said, &root, &quiet) || root->kind != YAML_LIST)
    return value_set(NULL, 0);
  for (const struct yaml *row = root->child; row; row = row->next) {
    struct thing_of *made = arena_new(s->mem, struct thing_of);
    *made = (struct thing_of){.columns = t->of, .cells = row, .of = of};
    vec_push(s->mem, &all) = value_of_thing(made);
  }
  return value_set(all.at, all.len);
}
static struct value read_span_cells(struct sample *s, const struct type *t, const struct thing_of *of,
                                    struct str name) {
  const struct str from = cell_of(of->sheet, of->row, str_join(s->mem, name, STR("_from")));
  const struct str to = cell_of(of->sheet, of->row, str_join(s->mem, name, STR("_to")));
  return read_cell(s, t, from.len ? str_fmt(s->mem, STRF ".." STRF, STRA(from), STRA(to)) : STR(""));
}

/* ---- fields ---- */

static struct sample *of_env(const struct eval_env *env) { return env->world; }

static bool compute(const struct eval_env *env, const struct value *self, const struct type *type,
                    const struct expr *tree, struct value *out, struct err *e) {
  struct sample *s = of_env(env);
  struct eval_env inner = *env;
  inner.self = *self;
  inner.self_type = type;
  inner.held = NULL;
  if (!tree || s->depth >= SAMPLE_DEPTH_MOST) return true;
  s->depth++;
  const bool ok = eval(s->mem, tree, &inner, SAMPLE_COST, NULL, out, e);
  s->depth--;
  return ok;
}
static bool back_set(struct sample *s, const struct value *thing, struct str name, struct value *out) {
  VEC(struct value) all = {0};
  const struct record *of = ((const struct thing_of *)thing->thing.at)->sheet->record;
  for (size_t k = 0; k < s->p->system->records.len; k++) {
    const struct sample_sheet *sheet = &s->sheets[k];
    vec_each(const struct field, f, &sheet->record->fields) {
      if (!str_eq(f->back.text, name) || !str_eq(f->is.name, of->head.name.text)) continue;
      const struct type t = meaning_field_type(&s->typed->m, sheet->record, f);
      for (size_t i = 0; i < sheet->things.len; i++) {
        const struct value v = read_cell(s, &t, cell_of(sheet, i + 1, f->head.name.text));
        if (v.kind == VALUE_THING && v.thing.id == thing->thing.id)
          vec_push(s->mem, &all) = value_of_thing(sheet->things.at[i]);
      }
    }
  }
  *out = value_set(all.at, all.len);
  return true;
}
static bool own_field(struct sample *s, const struct thing_of *t, struct str name, struct value *out) {
  const struct str said = cell_of(t->sheet, t->row, name);
  switch (system_field(name)) {
    case TYPE_missing: return false;
    case TYPE_choice: *out = said.len ? value_code(said) : value_none(NONE_missing); break;
    case TYPE_moment: *out = value_moment(s->env->now); break;
    case TYPE_flag: *out = value_flag(false); break;
    case TYPE_text: *out = value_text(number_of(s, t)); break;
    default: *out = value_none(NONE_unknown); break;
  }
  return true;
}
static bool record_field(const struct eval_env *env, const struct value *thing, const struct type *of, struct str name,
                         struct value *out, struct err *e) {
  struct sample *s = of_env(env);
  const struct thing_of *t = thing->thing.at;
  *out = value_none(NONE_unknown);
  if (!t->sheet) return true;
  const struct field *f = field_find(t->sheet->record, name);
  if (!f) return own_field(s, t, name, out) || back_set(s, thing, name, out);
  const struct type type = meaning_field_type(&s->typed->m, t->sheet->record, f);
  const struct str said = cell_of(t->sheet, t->row, name);
  if (has_expr(&f->value) && !said.len) return compute(env, thing, of, f->value.tree, out, e);
  if (type.kind == KIND_ROW) *out = read_rows(s, &type, t, said);
  else if (type.kind == KIND_SPAN) *out = read_span_cells(s, &type, t, name);
  else *out = read_cell(s, &type, said);
  return true;
}
/* Cells of a row are those of the fields that are not computed. */
static bool row_field(const struct eval_env *env, const struct value *thing, const struct type *of, struct str name,
                      struct value *out, struct err *e) {
  struct sample *s = of_env(env);
  const struct thing_of *t = thing->thing.at;
  const struct yaml *cell = t->cells ? t->cells->child : NULL;
  *out = value_none(NONE_unknown);
  if (!t->columns || !t->columns->fields) return true;
  vec_each(const struct field, f, t->columns->fields) {
    if (str_eq(f->head.name.text, name)) {
      const struct type type = meaning_said_type(&s->typed->m, &f->is);
      if (has_expr(&f->value)) return compute(env, thing, of, f->value.tree, out, e);
      *out = read_cell(s, &type, cell ? cell->text : STR(""));
      return true;
    }
    if (cell && !has_expr(&f->value)) cell = cell->next;
  }
  return true;
}

/* ---- the environment ---- */

static bool clock_due(const struct eval_env *env, const struct thing_of *t, struct value *out, struct err *e) {
  const struct thing_of *of = t->of;
  const struct clock *c = of && of->sheet ? part_find(&of->sheet->record->clocks, t->name) : NULL;
  struct type type = c ? meaning_record_type(of->sheet->record) : (struct type){0};
  struct value self = value_of_thing(of), v = value_none(NONE_unknown);
  int64_t due;
  if (!c) return true;
  TRY(compute(env, &self, &type, has_expr(&c->until) ? c->until.tree : c->limit.tree, &v, e));
  if (v.kind == VALUE_DATE) *out = value_moment(day_moment(date_to_days(v.date), DAY_US - SECOND_US));
  if (v.kind == VALUE_MOMENT) *out = v;
  if (v.kind == VALUE_DURATION && calendar_due(env->calendar, env->now, v.duration, &due)) *out = value_moment(due);
  return true;
}
static bool env_field(const struct eval_env *env, struct arena *mem, const struct value *thing, const struct type *of,
                      struct str name, struct value *out, struct err *e) {
  const struct thing_of *t = thing->thing.at;
  (void)mem;
  if (of->kind == KIND_RECORD) return record_field(env, thing, of, name, out, e);
  if (of->kind == KIND_ROW) return row_field(env, thing, of, name, out, e);
  *out = value_none(NONE_unknown);
  if (of->kind == KIND_CLOCK && str_eqz(name, "due")) return clock_due(env, t, out, e);
  const bool is_named = (of->kind == KIND_UNIT || of->kind == KIND_PERSON) && str_eqz(name, "name");
  if (is_named) *out = value_text(t->name);
  return true;
}
static bool env_global(const struct eval_env *env, struct arena *mem, struct str name, struct value *out,
                       struct err *e) {
  (void)mem, (void)e;
  *out = str_eqz(name, "this") ? env->self : value_none(NONE_unknown);
  return true;
}
static bool env_all(const struct eval_env *env, struct arena *mem, const struct type *record,
                    const struct equality *equal, size_t count, struct value *out, struct err *e) {
  struct sample *s = of_env(env);
  VEC(struct value) all = {0};
  (void)equal, (void)count, (void)e;
  for (size_t k = 0; k < s->p->system->records.len; k++)
    for (size_t i = 0; s->sheets[k].record == record->of && i < s->sheets[k].things.len; i++)
      vec_push(mem, &all) = value_of_thing(s->sheets[k].things.at[i]);
  *out = value_set(all.at, all.len);
  return true;
}
static bool env_function(const struct eval_env *env, struct arena *mem, enum function fn, struct str label,
                         const struct value *args, size_t count, struct value *out, struct err *e) {
  (void)args, (void)count, (void)e;
  *out = value_none(NONE_unknown);
  if (fn != FUNCTION_clock && fn != FUNCTION_asked_round) return true;
  struct thing_of *t = arena_new(mem, struct thing_of);
  *t = (struct thing_of){.name = label, .of = env->self.thing.at};
  *out = value_of_thing(t);
  return true;
}
static const struct rules_table *env_table(const struct eval_env *env, const struct type *row) {
  const struct sample *s = of_env(env);
  return &s->typed->tables[(const struct table *)row->of - s->p->system->tables.at];
}
static int env_code_place(const struct eval_env *env, const void *list, struct str code) {
  (void)env;
  return flow_code_place(list, code);
}
static struct str env_code_at(const struct eval_env *env, const void *list, int place) {
  (void)env;
  return flow_code_at(list, place);
}
/* A record is called by its name or title, else by its number. */
static struct str name_of(void *arg, struct arena *mem, const struct type *t, const struct value *v) {
  struct sample *s = arg;
  const struct thing_of *x = v->kind == VALUE_THING ? v->thing.at : NULL;
  (void)mem, (void)t;
  if (!x || !x->sheet) return x ? x->name : STR("");
  const struct str name = cell_of(x->sheet, x->row, STR("name")), title = cell_of(x->sheet, x->row, STR("title"));
  return name.len ? name : title.len ? title : number_of(s, x);
}

/* ---- the sample ---- */

static bool begin(struct sample *s, const struct world *w, struct err *e) {
  const struct system *system = s->p->system;
  const struct value_reader reader = {w->units, calendar_known(), s, read_thing};
  s->sheets = arena_new_n(s->mem, struct sample_sheet, system->records.len);
  for (size_t i = 0; i < system->records.len; i++) {
    s->sheets[i].record = &system->records.at[i];
    TRY(read_sheet(s, &s->sheets[i], e));
  }
  return typed_begin(s->mem, s->p, w, &reader, &s->typed, e);
}
static bool read_template(struct sample *s, struct faults *f, const struct world *w, struct str name,
                          struct paper_template *out, struct err *e) {
  const struct paper *paper = part_find(&s->p->system->papers, name);
  if (!paper) return fail(e, ERR_NOT_FOUND, MSG_paper_none_such, "name", name);
  const struct package_file *x = package_file(s->p, paper->template_.text);
  must(x); /* the package was checked */
  return paper_read(f, s->p->system, w, paper, x->path, x->text, out) ||
         fail(e, ERR_INVALID, MSG_upgrade_unread, "path", x->path);
}
bool paper_sample(struct arena *mem, const struct package *p, const struct world *w, struct str paper,
                  struct office_head head, int64_t now_us, struct paper_made *out, struct err *e) {
  struct sample s = {.mem = mem, .p = p};
  struct faults f = {.mem = mem};
  struct paper_template template;
  struct type self_type;
  struct eval_env env = {.world = &s,
                         .units = w->units,
                         .calendar = calendar_known(),
                         .now = now_us,
                         .reference_day = date_of_days(moment_day(now_us)),
                         .self_type = &self_type,
                         .global = env_global,
                         .field = env_field,
                         .all = env_all,
                         .function = env_function,
                         .table = env_table,
                         .code_place = env_code_place,
                         .code_at = env_code_at};
  s.env = &env;
  TRY(begin(&s, w, e) && read_template(&s, &f, w, paper, &template, e));
  const struct sample_sheet *sheet = &s.sheets[template.record - p->system->records.at];
  if (!sheet->things.len) return fail(e, ERR_NOT_FOUND, MSG_paper_no_demo, "name", template.record->head.name.text);
  self_type = meaning_record_type(template.record);
  env.self = value_of_thing(sheet->things.at[0]);
  head.day = env.reference_day;
  const struct paper *said = template.paper;
  if (has_word(said->number)) head.number = number_text(mem, said->number.text, head.day, 1);
  if (is_yes(said->verify)) head.verify = verify_number(mem, 202601010001);
  const struct paper_job job = {&template, &env, {&s, name_of}, head};
  struct paper_said filled;
  return paper_fill(mem, &job, &filled, e) && paper_draw(mem, &filled, out, e);
}
