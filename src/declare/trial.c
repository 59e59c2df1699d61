/* The environment of a trial: fields are what was given, tables are those of the package. */
#include "declare/trial.h"

#include "base/utf8.h"
#include "declare/eval.h"
#include "declare/meaning.h"
#include "texts.h"

enum { TRIAL_COST = 100000, TRIAL_DEPTH_MOST = 8, TRIAL_TABLES_MOST = 60 };

struct bench { /* what the functions of the environment need */
  struct arena *mem;
  struct meaning m;
  const struct package *p;
  const struct record *record;
  const struct trial_given *given;
  size_t count;
  int depth;
  struct rules_table *tables; /* one each of the system's */
};

/* ---- texts to values ---- */

static bool refuse(struct err *e, struct str text, const struct type_said *t) {
  return fail(e, ERR_INVALID, MSG_trial_value, "text", text, "type", t->word.text);
}
static bool number_of(const struct units *u, struct str text, const struct type_said *t, struct value *out,
                      struct err *e) {
  struct dec d;
  const struct str unit = t->type == TYPE_money ? u->money : t->unit;
  if (!dec_parse(text, &d) || !value_of_stored(u, d.digits, d.scale, unit, out)) return refuse(e, text, t);
  return true;
}
static bool moment_of(struct str text, struct value *out) {
  struct date d;
  struct str day, clock, hours, minutes;
  int64_t h, m;
  if (!str_cut(text, STR(" "), &day, &clock) || !date_parse(day, 0, &d) || !str_cut(clock, STR(":"), &hours, &minutes))
    return false;
  if (!str_to_int(hours, &h) || !str_to_int(minutes, &m) || h < 0 || h > 23 || m < 0 || m > 59) return false;
  *out = value_moment(day_moment(date_to_days(d), (h * 60 + m) * 60000000));
  return true;
}
/* `none` is missing. Units and people stand for themselves by their names. */
static bool value_of(const struct units *u, struct str text, const struct type_said *t, struct value *out,
                     struct err *e) {
  struct date d;
  struct duration by;
  *out = value_none(NONE_missing);
  if (str_eqz(text, "none")) return true;
  switch (t->type) {
    case TYPE_flag:
      *out = value_flag(str_eqz(text, "yes"));
      return str_eqz(text, "yes") || str_eqz(text, "no") || refuse(e, text, t);
    case TYPE_count:
    case TYPE_decimal:
    case TYPE_money:
    case TYPE_range: return number_of(u, text, t, out, e);
    case TYPE_date:
      if (!date_parse(text, 0, &d)) return refuse(e, text, t);
      *out = value_date(d);
      return true;
    case TYPE_moment: return moment_of(text, out) || refuse(e, text, t);
    case TYPE_duration:
      if (!duration_parse(text, &by)) return refuse(e, text, t);
      *out = value_duration(by);
      return true;
    case TYPE_choice: *out = value_code(text); return true;
    case TYPE_unit:
    case TYPE_person:
    case TYPE_ref: *out = value_thing((int64_t)(str_hash(text) >> 1), NULL); return true;
    default: *out = value_text(text); return true;
  }
}

/* ---- tables ---- */

static bool cell_of(struct bench *b, const struct named_type *column, struct str text, struct rule_cell *out,
                    struct err *e) {
  struct str low, high;
  const struct units *u = b->m.env.units;
  *out = (struct rule_cell){.kind = CELL_VALUE};
  if (str_eqz(text, "*")) {
    out->kind = CELL_ANY;
    return true;
  }
  if (column->type.type != TYPE_range || !str_cut(text, STR(".."), &low, &high))
    return value_of(u, text, &column->type, &out->value, e);
  *out = (struct rule_cell){.kind = CELL_RANGE, .has_from = low.len > 0, .has_to = high.len > 0};
  TRY(!low.len || value_of(u, low, &column->type, &out->from, e));
  return !high.len || value_of(u, high, &column->type, &out->to, e);
}
static bool row_of(struct bench *b, const struct table *t, struct rules_table *made, const struct table_row *said,
                   struct rule_row *out, struct err *e) {
  struct rule_cell *keys = arena_new_n(b->mem, struct rule_cell, t->key.len);
  struct value *gives = arena_new_n(b->mem, struct value, t->gives.len);
  for (size_t i = 0; i < t->key.len; i++) TRY(cell_of(b, &t->key.at[i], said->cells.at[i].text, &keys[i], e));
  for (size_t i = 0; i < t->gives.len; i++)
    TRY(value_of(b->m.env.units, said->cells.at[t->key.len + i].text, &t->gives.at[i].type, &gives[i], e));
  *out = (struct rule_row){made, keys, gives, 0};
  return true;
}
static bool version_of(struct bench *b, const struct table *t, struct rules_table *made, struct word since,
                       const struct table_row *rows, size_t n, struct err *e) {
  struct rules_version *v = &vec_push(b->mem, &made->versions);
  if (!date_parse(since.text, 0, &v->since)) v->since = (struct date){1, 1, 1};
  for (size_t i = 0; i < n; i++) {
    if (rows[i].cells.len != t->key.len + t->gives.len) continue; /* told by the check */
    struct rule_row *row = &vec_push(b->mem, &v->rows);
    TRY(row_of(b, t, made, &rows[i], row, e));
    row->number = (int)i + 1;
  }
  return true;
}
static bool table_of(struct bench *b, const struct table *t, struct rules_table *out, struct err *e) {
  struct str *names = arena_new_n(b->mem, struct str, t->gives.len);
  const enum rules_hit hits[] = {HIT_ONE, HIT_ONE, HIT_FIRST, HIT_ALL}; /* not said: one */
  *out = (struct rules_table){.name = t->head.name.text,
                              .hit = hits[t->hit.which],
                              .key_count = t->key.len,
                              .give_count = t->gives.len,
                              .gives = names};
  for (size_t i = 0; i < t->gives.len; i++) {
    names[i] = t->gives.at[i].head.name.text;
    if (str_eqz(names[i], "weight")) out->weight = i;
  }
  vec_each(const struct table_version, v, &t->versions)
    TRY(version_of(b, t, out, v->since, v->rows.at, v->rows.len, e));
  return version_of(b, t, out, t->since, t->rows.at, t->rows.len, e);
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
    if (str_eq(b->given[i].field, name)) return value_of(b->m.env.units, b->given[i].text, &f->is, out, e);
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

static bool read_given(const struct bench *b, struct err *e) {
  for (size_t i = 0; i < b->count; i++) {
    struct value value;
    const struct field *f = field_find(b->record, b->given[i].field);
    if (!f) return fail(e, ERR_NOT_FOUND, MSG_trial_field, "name", b->given[i].field);
    TRY(value_of(b->m.env.units, b->given[i].text, &f->is, &value, e));
  }
  return true;
}
static bool read_expr(struct faults *f, struct bench *b, struct str text, struct expr **out,
                      struct type_answer *answer) {
  struct expr_fault said = {0};
  type_faults faults = {0};
  const struct word word = {text, {1, 1, 0}, 0};
  if (!expr_parse(b->mem, text, out, &said)) {
    struct fault *x = faults_add(f, FAULT_T002, word_slice(word, (size_t)said.from, (size_t)said.to));
    x->msg = said.msg;
    for (size_t i = 0; i < said.arg_count; i++) (void)fault_arg(x, said.args[i].name, said.args[i].value);
    return false;
  }
  if (type_check(b->mem, *out, &b->m.env, NULL, answer, &faults)) return true;
  vec_each(const struct type_fault, x, &faults) {
    struct fault *y = faults_add(f, x->code, word_slice(word, (size_t)x->from, (size_t)x->to));
    if (x->msg) y->msg = x->msg;
    if (x->hint) y->hint = x->hint;
    y->kind = x->kind;
    for (size_t i = 0; i < x->arg_count; i++) (void)fault_arg(y, x->args[i].name, x->args[i].value);
  }
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
  for (size_t i = 0; i < p->system->tables.len; i++) TRY(table_of(&b, &p->system->tables.at[i], &b.tables[i], e));
  TRY(read_given(&b, e) && read_expr(f, &b, text, &tree, &answer));
  const struct calendar *calendar = calendar_known();
  const struct eval_env env = {.world = &b,
                               .units = w->units,
                               .calendar = calendar,
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
