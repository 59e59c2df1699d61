/* From packages to what can be run: each field knows its type and its place in tables. Nothing here asks the store. */
#include "engine/flow/load.h"
#include "base/must.h"
#include "declare/check.h"
#include "declare/paper.h"
#include "engine/flow/env.h"
#include "engine/flow/measure.h"
#include "engine/flow/settle.h"
#include "engine/flow/tables.h"
#include "texts.h"

/* ---- places of fields ---- */

static enum class_said class_of(const struct field *f) {
  const enum type_word t = f->is.type;
  const int least = t == TYPE_bank_account || t == TYPE_id_number ? CLASS_sensitive
                    : t == TYPE_phone                             ? CLASS_personal
                                                                  : CLASS_inner;
  const int said = f->class.which ? f->class.which : (int)CLASS_inner;
  return (enum class_said)(said > least || (f->class.which && least == (int)CLASS_inner) ? said : least);
}
static enum flow_place place_of(const struct flow_field *f) {
  if (f->is_computed && !f->is_once && f->field->value.tree && f->field->value.tree->is_live) return FLOW_LIVE;
  if (f->class >= CLASS_sensitive) return FLOW_SEALED;
  switch (f->field->is.type) {
    case TYPE_span: return FLOW_SPAN;
    case TYPE_place: return FLOW_POINT;
    case TYPE_rows: return FLOW_ROWS;
    case TYPE_choices:
    case TYPE_units:
    case TYPE_persons:
    case TYPE_refs:
    case TYPE_files:
    case TYPE_photos: return FLOW_SIDE;
    default: return FLOW_COLUMN;
  }
}
static char kind_of(enum type_word t) {
  switch (t) {
    case TYPE_flag:
    case TYPE_count:
    case TYPE_decimal:
    case TYPE_money:
    case TYPE_moment:
    case TYPE_time: return 'i';
    default: return 's';
  }
}
/* What the number of a column counts stands in its name, so that nobody who reads the table takes 分 for 元. */
static struct str column_of(struct arena *mem, const struct field *f) {
  const struct str name = f->head.name.text;
  if (f->is.type == TYPE_money) return str_join(mem, name, STR("_fen"));
  if (f->is.type == TYPE_decimal && f->is.places) return str_fmt(mem, STRF "_e%d", STRA(name), f->is.places);
  if (f->is.type == TYPE_moment) return str_join(mem, name, STR("_us"));
  return name;
}
static void place_columns(struct arena *mem, struct flow_field *f, struct str table) {
  static const char *const span[] = {"_from", "_to"}, *const point[] = {"_lat", "_lon", "_at"};
  f->place = place_of(f);
  f->kind = kind_of(f->field->is.type);
  if (f->place == FLOW_COLUMN) f->column[0] = column_of(mem, f->field);
  for (int i = 0; f->place == FLOW_SPAN && i < 2; i++) f->column[i] = str_join(mem, f->name, str_of(span[i]));
  for (int i = 0; f->place == FLOW_POINT && i < 3; i++) f->column[i] = str_join(mem, f->name, str_of(point[i]));
  if (f->place == FLOW_SIDE || f->place == FLOW_ROWS)
    f->side = str_fmt(mem, STRF "__" STRF, STRA(table), STRA(f->name));
}
static void fill_field(struct arena *mem, struct typed *t, struct flow_record *r, const struct field *said,
                       bool in_rows, struct flow_field *out) {
  *out = (struct flow_field){.field = said,
                             .name = said->head.name.text,
                             .class = class_of(said),
                             .is_computed = has_expr(&said->value),
                             .is_once = is_yes(said->once)};
  out->type = in_rows ? meaning_said_type(&t->m, &said->is) : typed_field(t, r->record, said);
  if (said->is.type == TYPE_rows) {
    out->rows = arena_new_n(mem, struct flow_field, said->fields.len);
    out->row_count = said->fields.len;
  }
  for (size_t i = 0; i < out->row_count; i++) {
    fill_field(mem, t, r, &said->fields.at[i], true, &out->rows[i]);
    if (out->rows[i].class > out->class) out->class = out->rows[i].class;
  }
  place_columns(mem, out, r->table);
}

/* ---- systems ---- */

static struct flow_field *from_field(struct arena *mem) {
  struct flow_field *f = arena_new(mem, struct flow_field);
  struct field *said = arena_new(mem, struct field);
  said->head.name.text = f->name = FLOW_FROM;
  said->is.type = TYPE_date;
  said->label.text = msg_template(LANG_ZH, MSG_flow_register_from);
  *f = (struct flow_field){
      .field = said, .name = FLOW_FROM, .type = {.kind = KIND_DATE}, .kind = 's', .class = CLASS_inner};
  return f;
}
static void fill_record(struct arena *mem, struct flow_system *s, const struct record *said, struct flow_record *r) {
  const struct str name = said->head.name.text;
  *r = (struct flow_record){.record = said,
                            .system = s,
                            .name = str_fmt(mem, STRF "." STRF, STRA(s->name), STRA(name)),
                            .table = str_fmt(mem, STRF "_" STRF, STRA(s->name), STRA(name)),
                            .type = meaning_record_type(said)};
  vec_each(const struct field, f, &said->fields) fill_field(mem, s->typed, r, f, false, &vec_push(mem, &r->fields));
  vec_each(const struct act, a,
           &said->acts) /* asked for now, so that lists they speak of are known when threads only read */
    vec_each(const struct named_type, t, &a->takes) (void)meaning_said_type(&s->typed->m, &t->type);
  vec_each(const struct round, x, &said->rounds) {
    struct flow_asking a = {x, r, arena_new_n(mem, struct flow_field, x->answer.len), x->answer.len};
    for (size_t i = 0; i < a.count; i++) fill_field(mem, s->typed, r, &x->answer.at[i], true, &a.fields[i]);
    vec_push(mem, &r->rounds) = a;
  }
  if (is_yes(said->versions)) r->from = from_field(mem);
  const struct flow_field *belongs = flow_field(r, said->belongs.text);
  if (belongs && belongs->place == FLOW_COLUMN) r->area = STR("area_of_unit");
}
/* The check has read them once and told what is wrong. */
static bool read_papers(struct arena *mem, const struct world *w, struct flow_system *s, struct err *e) {
  const struct system *said = s->system;
  struct faults told = {.mem = mem};
  s->papers = arena_new_n(mem, struct paper_template, said->papers.len);
  for (size_t i = 0; i < said->papers.len; i++) {
    const struct package_file *x = package_file(&s->package, said->papers.at[i].template_.text);
    if (x && !paper_read(&told, said, w, &said->papers.at[i], x->path, x->text, &s->papers[i]))
      return fail(e, ERR_INVALID, MSG_upgrade_unread, "path", x->path);
  }
  return true;
}
/* Asked for now, so that lists they speak of are known when threads only read. */
static void know_messages(const struct flow_system *s) {
  vec_each(const struct message, m, &s->system->messages)
    for (size_t i = 0; m->way.which == WAY_in && i < m->fields.len; i++)
      (void)meaning_said_type(&s->typed->m, &m->fields.at[i].is);
}
bool flow_fill(struct arena *mem, const struct world *w, const struct value_reader *reader, const struct package *p,
               struct flow_system *s, struct err *e) {
  *s = (struct flow_system){.system = p->system, .package = *p, .name = p->name, .digest = package_digest(mem, p)};
  TRY(typed_begin(mem, p, w, reader, &s->typed, e));
  vec_each(const struct record, r, &p->system->records) vec_push(mem, &s->records) = (struct flow_record){.record = r};
  vec_each(struct flow_record, r, &s->records) fill_record(mem, s, r->record, r); /* its address is final now */
  know_messages(s);
  TRY(read_papers(mem, w, s, e));
  return flow_measures_load(mem, w->units, s, e);
}
static bool is_placed(const struct flow *f, const struct package *all, size_t count, struct str name) {
  if (flow_system(f, name)) return true;
  for (size_t i = 0; i < count; i++)
    if (str_eq(all[i].name, name)) return false;
  return true; /* it is not among them: the check has told so */
}
static bool may_be_placed(const struct flow *f, const struct package *all, size_t count, const struct package *p) {
  vec_each(const struct uses, u, &p->system->uses)
    if (!is_placed(f, all, count, u->head.name.text)) return false;
  return true;
}
bool flow_load(struct arena *mem, const struct world *w, const struct value_reader *reader, struct package *packages,
               size_t count, struct faults *told, struct flow *out, struct err *e) {
  *out = (struct flow){.mem = mem, .units = w->units, .calendar = reader->calendar};
  told->mem = mem;
  for (size_t i = 0; i < count; i++)
    package_check(told, &packages[i], str_fmt(mem, STRF "/", STRA(packages[i].name)), w);
  for (size_t i = 0; i < count && !told->errors; i++) packages_check_uses(told, packages, count, i);
  if (told->errors) return false;
  for (size_t i = 0; i < count; i++)
    vec_each(struct record, r, &packages[i].system->records) flow_open_register(mem, r);
  for (size_t placed = 0, before = SIZE_MAX; placed < count && placed != before;) {
    before = placed;
    for (size_t i = 0; i < count; i++) {
      if (flow_system(out, packages[i].name) || !may_be_placed(out, packages, count, &packages[i])) continue;
      struct flow_system *s = arena_new(mem, struct flow_system);
      TRY(flow_fill(mem, w, reader, &packages[i], s, e));
      vec_push(mem, &out->systems) = s;
      placed++;
    }
  }
  must(out->systems.len == count); /* the check refuses circles */
  flow_find_walks(out);
  flow_gather_holes(out);
  return true;
}

/* ---- finding ---- */

struct flow_system *flow_system(const struct flow *f, struct str name) {
  for (size_t i = 0; i < f->systems.len; i++)
    if (str_eq(f->systems.at[i]->name, name)) return f->systems.at[i];
  return NULL;
}
struct flow_record *flow_record_in(const struct flow_system *s, struct str record) {
  for (size_t i = 0; s && i < s->records.len; i++)
    if (str_eq(s->records.at[i].record->head.name.text, record)) return &s->records.at[i];
  return NULL;
}
struct flow_record *flow_record(const struct flow *f, struct str name) {
  struct str system, record;
  return str_cut(name, STR("."), &system, &record) ? flow_record_in(flow_system(f, system), record) : NULL;
}
struct flow_record *flow_record_of(const struct flow *f, const struct record *r) {
  for (size_t i = 0; i < f->systems.len; i++) {
    const struct flow_system *s = f->systems.at[i];
    const size_t n = (size_t)(r - s->system->records.at);
    if (r >= s->system->records.at && n < s->records.len) return &s->records.at[n];
  }
  return NULL;
}
struct flow_field *flow_field(const struct flow_record *r, struct str name) {
  for (size_t i = 0; i < r->fields.len; i++)
    if (str_eq(r->fields.at[i].name, name)) return &r->fields.at[i];
  return NULL;
}
const struct flow_record *flow_referred(const struct flow *f, const struct flow_field *field) {
  const struct str name = field->field->is.name;
  if (field->type.kind == KIND_RECORD) return flow_record_of(f, field->type.of);
  return flow_record(f, name); /* of another package */
}
struct str flow_taken_label(const struct flow_record *r, const struct named_type *taken) {
  const struct flow_field *f = flow_field(r, taken->head.name.text);
  if (has_word(taken->label)) return taken->label.text;
  return f ? f->field->label.text : taken->head.name.text;
}
struct str flow_state_label(const struct flow_record *r, struct str state) {
  const struct state *s = part_find(&r->record->states, state);
  return s ? s->label.text : state;
}
struct str flow_code_label(const struct flow_system *s, struct str list, struct str code) {
  const struct list *l = part_find(&s->system->lists, list);
  const struct list_item *item = l ? part_find(&l->items, code) : NULL;
  return item ? item->label.text : code;
}
