/* The environment of a trial: fields are what was given, tables are those of the package. */
#include "declare/trial.h"

#include "base/utf8.h"
#include "declare/eval.h"
#include "declare/typing.h"
#include "declare/value_read.h"
#include "texts.h"

enum { TRIAL_COST = 100000, TRIAL_DEPTH_MOST = 8 };

struct bench { /* what the functions of the environment need */
  struct arena *mem;
  struct meaning m;
  const struct package *p;
  const struct record *record;
  const struct trial_given *given;
  size_t count;
  int depth;
  struct value_reader reader;
  struct rules_table *tables; /* one each of the system's */
};

/* Units, people and records stand for themselves by their names. */
static bool named_thing(const struct value_reader *reader, const struct type *t, struct str said, struct value *out) {
  (void)reader;
  (void)t;
  *out = value_thing((int64_t)(str_hash(said) >> 1), NULL);
  return true;
}
static bool value_of(struct bench *b, const struct field *f, struct str said, struct value *out, struct err *e) {
  const struct type t = meaning_field_type(&b->m, b->record, f);
  if (value_read(b->mem, &b->reader, &t, said, out)) return true;
  return fail(e, ERR_INVALID, MSG_trial_value, "text", said, "type", f->is.word.text);
}
static struct type *types_of(struct bench *b, const named_types *columns) {
  struct type *out = arena_new_n(b->mem, struct type, columns->len);
  for (size_t i = 0; i < columns->len; i++) out[i] = meaning_said_type(&b->m, &columns->at[i].type);
  return out;
}

/* ---- the environment ---- */

static struct bench *of_env(const struct eval_env *env) { return env->world; }

static bool env_field(const struct eval_env *env, struct arena *mem, const struct value *thing, const struct type *of,
                      struct str name, struct value *out, struct err *e);

static bool env_global(const struct eval_env *env, struct arena *mem, struct str name, struct value *out,
                       struct err *e) {
  (void)mem;
  (void)e;
  *out = str_eqz(name, "this") ? env->self : value_none(NONE_unknown);
  return true;
}
static bool computed(const struct eval_env *env, const struct field *f, struct value *out, struct err *e) {
  struct bench *b = of_env(env);
  struct type_answer answer;
  type_faults faults = {0};
  if (b->depth >= TRIAL_DEPTH_MOST)
    return fail(e, ERR_INVALID, MSG_eval_steps, "limit", str_int(b->mem, TRIAL_DEPTH_MOST));
  b->depth++;
  const bool ok = f->value.tree && type_check(b->mem, f->value.tree, &b->m.env, NULL, &answer, &faults) &&
                  eval(b->mem, f->value.tree, env, TRIAL_COST, NULL, out, e);
  b->depth--;
  return ok || e->code == ERR_NONE;
}
static bool env_field(const struct eval_env *env, struct arena *mem, const struct value *thing, const struct type *of,
                      struct str name, struct value *out, struct err *e) {
  struct bench *b = of_env(env);
  (void)mem;
  *out = value_none(NONE_unknown);
  if (of->kind != KIND_RECORD || of->of != b->record || thing->thing.id != env->self.thing.id) return true;
  const struct field *f = field_find(b->record, name);
  for (size_t i = 0; f && i < b->count; i++)
    if (str_eq(b->given[i].field, name)) return value_of(b, f, b->given[i].text, out, e);
  if (f && has_expr(&f->value)) return computed(env, f, out, e);
  *out = value_none(NONE_missing);
  return true;
}
static bool env_all(const struct eval_env *env, struct arena *mem, const struct type *record,
                    const struct equality *equal, size_t count, struct value *out, struct err *e) {
  (void)env, (void)mem, (void)record, (void)equal, (void)count, (void)e;
  *out = value_set(NULL, 0);
  return true;
}
static bool env_function(const struct eval_env *env, struct arena *mem, enum function fn, struct str label,
                         const struct value *args, size_t count, struct value *out, struct err *e) {
  (void)env, (void)mem, (void)fn, (void)label, (void)args, (void)count, (void)e;
  *out = value_none(NONE_unknown);
  return true;
}
static const struct rules_table *env_table(const struct eval_env *env, const struct type *row) {
  const struct bench *b = of_env(env);
  return &b->tables[(const struct table *)row->of - b->p->system->tables.at];
}
static int env_code_place(const struct eval_env *env, const void *list, struct str code) {
  const struct codes *k = list;
  (void)env;
  for (size_t i = 0; k->list && i < k->list->items.len; i++)
    if (str_eq(k->list->items.at[i].head.name.text, code)) return (int)i;
  return -1;
}
static struct str env_code_at(const struct eval_env *env, const void *list, int place) {
  const struct codes *k = list;
  (void)env;
  return k->list && place >= 0 && (size_t)place < k->list->items.len ? k->list->items.at[place].head.name.text
                                                                     : STR("");
}

/* ---- the trial ---- */

static bool read_given(struct bench *b, struct err *e) {
  for (size_t i = 0; i < b->count; i++) {
    struct value value;
    const struct field *f = field_find(b->record, b->given[i].field);
    if (!f) return fail(e, ERR_NOT_FOUND, MSG_trial_field, "name", b->given[i].field);
    TRY(value_of(b, f, b->given[i].text, &value, e));
  }
  return true;
}
static bool read_expr(struct faults *f, struct bench *b, struct str text, struct expr **out,
                      struct type_answer *answer) {
  struct expr_fault said = {0};
  type_faults faults = {0};
  const struct word word = {text, {1, 1, 0}, 0};
  if (!expr_parse(b->mem, text, out, &said)) {
    tell_syntax(f, word, &said);
    return false;
  }
  if (type_check(b->mem, *out, &b->m.env, NULL, answer, &faults)) return true;
  tell_types(f, word, &faults);
  return false;
}

bool trial(struct faults *f, const struct package *p, const struct world *w, struct str record, struct str text,
           const struct trial_given *given, size_t count, int64_t now_us, struct trial_answer *out, struct err *e) {
  struct checker c = {f, f->mem, p->system, w};
  struct bench b = {.mem = f->mem, .p = p, .given = given, .count = count};
  struct eval_notes notes = {0};
  struct type_answer answer;
  struct expr *tree;
  struct value value;
  b.record = part_find(&p->system->records, record);
  if (!b.record) return fail(e, ERR_NOT_FOUND, MSG_trial_record, "name", record);
  meaning_begin(&b.m, &c, w->units, TRIAL_COST);
  meaning_of(&b.m, b.record);
  b.tables = arena_new_n(b.mem, struct rules_table, p->system->tables.len);
  b.reader = (struct value_reader){.units = w->units, .calendar = calendar_known(), .thing = named_thing};
  for (size_t i = 0; i < p->system->tables.len; i++) {
    const struct table *t = &p->system->tables.at[i];
    TRY(rules_table_of(b.mem, &b.reader, t, types_of(&b, &t->key), types_of(&b, &t->gives), &b.tables[i], e));
  }
  TRY(read_given(&b, e) && read_expr(f, &b, text, &tree, &answer));
  const struct eval_env env = {.world = &b,
                               .units = w->units,
                               .calendar = b.reader.calendar,
                               .now = now_us,
                               .reference_day = date_of_days(moment_day(now_us)),
                               .self = value_thing(1, NULL),
                               .self_type = &b.m.env.self,
                               .global = env_global,
                               .field = env_field,
                               .all = env_all,
                               .function = env_function,
                               .table = env_table,
                               .code_place = env_code_place,
                               .code_at = env_code_at};
  TRY(eval(b.mem, tree, &env, answer.cost, &notes, &value, e));
  out->type = type_text(b.mem, w->units, &answer.type, b.m.env.name_of(&b.m.env, &answer.type));
  out->value = value_show(b.mem, w->units, &value, answer.type.said);
  out->explained = eval_explain(b.mem, &env, &notes);
  return true;
}
