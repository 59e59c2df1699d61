/* Values of the small world. A value stands as an expression of the language, `#3` is a thing, `#1,2` a set of things,
 * `@31.2,121.5` a place, `2026-03-02 09:00` a moment; what is not there is missing. */
#include "base/must.h"
#include "toy.h"

static const struct {
  const char *of;
  int64_t id;
  const char *field, *value;
} facts[] = {
    {"task", 1, "number", "'YH2026-00001'"},
    {"task", 1, "state", ".fixing"},
    {"task", 1, "ended", "no"},
    {"task", 1, "created", "2026-02-13 16:30"},
    {"task", 1, "schools", "41 所"},
    {"task", 1, "price", "12.5 元/kg"},
    {"task", 1, "weight", "0.4 kg"},
    {"task", 1, "fee", "1000 元"},
    {"task", 1, "paid", "333.33 元"},
    {"task", 1, "rate", "33.5%"},
    {"task", 1, "whole", "7"},
    {"task", 1, "real", "-2.5"},
    {"task", 1, "ok", "yes"},
    {"task", 1, "title", "'食堂和校车的收费'"},
    {"task", 1, "word", "'TF-1'"},
    {"task", 1, "grade", ".greater"},
    {"task", 1, "kind", ".fire"},
    {"task", 1, "kinds", "(.fire, .school)"},
    {"task", 1, "on", "2026-01-31"},
    {"task", 1, "due", "2026-03-16"},
    {"task", 1, "held_at", "2026-03-02 10:00"},
    {"task", 1, "lasts", "10 workdays"},
    {"task", 1, "slot", "span(2026-03-02, 2026-03-03)"},
    {"task", 1, "year", "year(2026-05-05)"},
    {"task", 1, "term", "term(2026-03-02)"},
    {"task", 1, "school", "#11"},
    {"task", 1, "owner", "#21"},
    {"task", 1, "experts", "#21,22"},
    {"task", 1, "spot", "@31.2304,121.4737"},
    {"task", 1, "parent", "#2"},
    {"task", 1, "lines", "#1,2,3"},
    {"task", 1, "parts", "#1,2,3,4"},
    {"task", 1, "phq", "#1"},
    {"task", 2, "fee", "5 元"},
    {"task", 2, "parts", "#5"},
    {"part", 1, "amount", "100 元"},
    {"part", 1, "on", "2026-02-20"},
    {"part", 1, "done", "yes"},
    {"part", 1, "school", "#11"},
    {"part", 1, "task", "#1"},
    {"part", 1, "next_school", "#12"},
    {"part", 1, "rate", "1.5"},
    {"part", 2, "amount", "250.5 元"},
    {"part", 2, "on", "2026-02-28"},
    {"part", 2, "done", "no"},
    {"part", 2, "school", "#11"},
    {"part", 2, "task", "#1"},
    {"part", 2, "subs", "#1,3"},
    {"part", 3, "amount", "50 元"},
    {"part", 3, "on", "2026-02-25"},
    {"part", 3, "school", "#12"},
    {"part", 3, "task", "#1"},
    {"part", 3, "next_school", "#11"},
    {"part", 3, "rate", "0.7"},
    {"part", 3, "subs", "#2"},
    {"part", 4, "on", "2026-03-01"},
    {"part", 4, "done", "yes"},
    {"part", 4, "school", "#12"},
    {"part", 4, "task", "#1"},
    {"part", 5, "amount", "9 元"},
    {"part", 5, "task", "#2"},
    {"part", 5, "school", "#11"},
    {"line", 1, "node", ".major"},
    {"line", 1, "amount", "1 元"},
    {"line", 1, "planned", "2026-05-01"},
    {"line", 1, "share", "0.5"},
    {"line", 2, "node", ".low"},
    {"line", 2, "amount", "2 元"},
    {"line", 2, "planned", "2026-03-01"},
    {"line", 2, "actual", "2026-03-02"},
    {"line", 3, "node", ".normal"},
    {"line", 3, "amount", "4 元"},
    {"line", 3, "planned", "2026-04-01"},
    {"line", 3, "share", "2.5"},
    {"phq", 1, "total", "12"},
    {"phq", 1, "q9", "1"},
    {"unit", 11, "name", "'东山一小'"},
    {"unit", 11, "kind", ".school"},
    {"unit", 11, "parent", "#10"},
    {"unit", 12, "name", "'西山二小'"},
    {"person", 21, "unit", "#11"},
    {"person", 22, "unit", "#12"},
    {"clock", 1, "due", "2026-03-13 17:30"},
    {"clock", 1, "over", "no"},
    {"clock", 1, "left", "540 workminutes"},
    {"marks", 1, "open", "no"},
    {"marks", 1, "answers", "#1,2,3"},
    {"answer", 1, "sure", "yes"},
    {"answer", 2, "sure", "yes"},
    {"answer", 3, "sure", "no"},
    {"account", 1, "available", "950 元"},
    {"globals", 0, "this", "#1"},
    {"globals", 0, "actor", "#22"},
    {"globals", 0, "before", "#2"},
    {"globals", 0, "units", "#11,12"},
    {"globals", 0, "custody", "#1"},
};

struct toy_world {
  const struct units *units;
  struct type_env types;
  struct rules_table matrix, basis, bands, keywords;
};

/* ---- values from text ---- */

static struct value things(struct arena *mem, struct str s, bool is_set) {
  VEC(struct value) all = {0};
  for (struct str rest = s; rest.len;) {
    struct str head = rest, tail = {0};
    int64_t id;
    (void)str_cut(rest, STR(","), &head, &tail);
    must(str_to_int(head, &id));
    vec_push(mem, &all) = value_thing(id, NULL);
    rest = tail;
  }
  return is_set ? value_set(all.at, all.len) : all.at[0];
}
static struct value moment(struct str s) {
  struct date d;
  int64_t hour, minute;
  must(date_parse(str_slice(s, 0, 10), 0, &d) && str_to_int(str_slice(s, 11, 13), &hour) &&
       str_to_int(str_slice(s, 14, 16), &minute));
  return value_moment(day_moment(date_to_days(d), (hour * 60 + minute) * 60 * SECOND_US));
}
static struct value spot(struct str s) {
  struct str north, east;
  struct dec a, b;
  must(str_cut(s, STR(","), &north, &east) && dec_parse(north, &a) && dec_parse(east, &b));
  struct value v = {.kind = VALUE_PLACE};
  int64_t x, y;
  must(ratio_scaled(ratio_of_dec(a), 7, &x) && ratio_scaled(ratio_of_dec(b), 7, &y));
  v.place = (struct spot){(int32_t)x, (int32_t)y};
  return v;
}
static struct value of_expression(struct arena *mem, const struct eval_env *env, const char *z,
                                  const struct type *want) {
  const struct toy_world *w = env->world;
  struct expr_fault f = {0};
  struct expr *x = NULL;
  struct type_answer answer;
  type_faults faults = {0};
  struct value v;
  struct err e = {0};
  must(expr_parse(mem, str_of(z), &x, &f));
  must(type_check(mem, x, &w->types, want, &answer, &faults));
  must(eval(mem, x, env, answer.cost, NULL, &v, &e));
  return v;
}
static struct value read_fact(struct arena *mem, const struct eval_env *env, const char *z, const struct type *t) {
  if (*z == '#') return things(mem, str_of(z + 1), t->set);
  if (*z == '@') return spot(str_of(z + 1));
  return t->kind == KIND_MOMENT ? moment(str_of(z)) : of_expression(mem, env, z, t);
}

static struct value counted(const struct units *u, int64_t n, struct str unit) {
  struct value v;
  must(value_of_stored(u, n, 0, unit, &v));
  return v;
}

static bool find_fact(const struct eval_env *env, struct arena *mem, const char *of, int64_t id, struct str field,
                      const struct type *t, struct value *out) {
  *out = t->set ? value_set(NULL, 0) : value_none(NONE_missing);
  for (size_t i = 0; i < COUNT_OF(facts); i++)
    if (!strcmp(of, facts[i].of) && facts[i].id == id && str_eqz(field, facts[i].field))
      *out = read_fact(mem, env, facts[i].value, t);
  return true;
}

/* ---- the environment ---- */

static bool toy_field(const struct eval_env *env, struct arena *mem, const struct value *thing, const struct type *of,
                      struct str name, struct value *out, struct err *e) {
  const struct toy_world *w = env->world;
  const char *o = of->kind == KIND_UNIT      ? "unit"
                  : of->kind == KIND_PERSON  ? "person"
                  : of->kind == KIND_CLOCK   ? "clock"
                  : of->kind == KIND_ACCOUNT ? "account"
                                             : of->of;
  struct type one = *of, t = {.kind = str_eqz(name, "due")    ? KIND_MOMENT
                                      : str_eqz(name, "left") ? KIND_DURATION
                                                              : KIND_FLAG};
  (void)e;
  one.set = false;
  if (of->kind != KIND_CLOCK) must(w->types.field(&w->types, &one, name, &t));
  return find_fact(env, mem, o, thing->thing.id, name, &t, out);
}
static bool toy_global(const struct eval_env *env, struct arena *mem, struct str name, struct value *out,
                       struct err *e) {
  const struct toy_world *w = env->world;
  struct type t;
  (void)e;
  must(w->types.global(&w->types, name, &t));
  return find_fact(env, mem, "globals", 0, name, &t, out);
}
/* Parts 1 to 5, fewer by an equality on the task, so that a lost equality shows. */
static bool toy_all(const struct eval_env *env, struct arena *mem, const struct type *record,
                    const struct equality *equal, size_t count, struct value *out, struct err *e) {
  (void)env, (void)record, (void)e;
  *out = things(mem, STR("1,2,3,4,5"), true);
  for (size_t i = 0; i < count; i++)
    if (str_eqz(equal[i].field, "task"))
      *out = equal[i].value.thing.id == 1 ? things(mem, STR("1,2,3,4"), true) : things(mem, STR("5"), true);
  return true;
}
static bool toy_call(const struct eval_env *env, struct arena *mem, const struct value *owner, const struct type *of,
                     struct str name, const struct value *args, size_t count, struct value *out, struct err *e) {
  (void)env, (void)mem, (void)owner, (void)of, (void)e;
  must(str_eqz(name, "held") && count == 1);
  *out = args[0];
  return true;
}
static bool toy_function(const struct eval_env *env, struct arena *mem, enum function f, struct str label,
                         const struct value *args, size_t count, struct value *out, struct err *e) {
  (void)env, (void)e, (void)count;
  switch (f) {
    case FUNCTION_clock: *out = value_thing(str_eqz(label, "fix"), NULL); return true;
    case FUNCTION_asked_round: *out = value_thing(str_eqz(label, "marks"), NULL); return true;
    case FUNCTION_times: *out = value_int(str_eqz(label, "close") ? 2 : 0); return true;
    case FUNCTION_entered: *out = moment(STR("2026-03-01 09:00")); return true;
    case FUNCTION_holders: *out = things(mem, STR("22"), true); return true;
    case FUNCTION_band: *out = value_code(args[0].number.n > 10 ? STR("major") : STR("low")); return true;
    case FUNCTION_gauge: *out = counted(env->units, str_eqz(label, "other.open") ? 3 : 0, STR("处")); return true;
    case FUNCTION_sum: *out = counted(env->units, 950, STR("元")); return true;
    default: *out = value_none(NONE_unknown); return true;
  }
}
static const struct rules_table *toy_table(const struct eval_env *env, const struct type *row) {
  const struct toy_world *w = env->world;
  return !strcmp(row->of, "matrix")  ? &w->matrix
         : !strcmp(row->of, "basis") ? &w->basis
         : !strcmp(row->of, "bands") ? &w->bands
                                     : &w->keywords;
}
static const struct str grades[] = {STR_INIT("low"), STR_INIT("normal"), STR_INIT("greater"), STR_INIT("major")};
static int toy_code_place(const struct eval_env *env, const void *list, struct str code) {
  (void)env, (void)list;
  for (size_t i = 0; i < COUNT_OF(grades); i++)
    if (str_eq(grades[i], code)) return (int)i;
  return -1;
}
static struct str toy_code_at(const struct eval_env *env, const void *list, int place) {
  (void)env, (void)list;
  return place < (int)COUNT_OF(grades) ? grades[place] : (struct str){0};
}

/* ---- tables ---- */

static struct rule_row *add_row(struct arena *mem, const struct rules_table *t, struct rules_version *v) {
  struct rule_row *row = &vec_push(mem, &v->rows);
  *row = (struct rule_row){t, arena_new_n(mem, struct rule_cell, t->key_count),
                           arena_new_n(mem, struct value, t->give_count), (int)v->rows.len};
  return row;
}
static struct rule_cell range(int64_t from, int64_t to) { /* -1: open */
  return (struct rule_cell){
      .kind = CELL_RANGE, .has_from = from >= 0, .has_to = to >= 0, .from = value_int(from), .to = value_int(to)};
}
static void put_cell(const struct rule_row *row, size_t i, struct rule_cell c) {
  ((struct rule_cell *)row->keys)[i] = c;
}
static void put_give(const struct rule_row *row, size_t i, struct value v) { ((struct value *)row->gives)[i] = v; }
static struct rule_cell code_cell(const char *z) {
  return *z == '*' ? (struct rule_cell){.kind = CELL_ANY}
                   : (struct rule_cell){.kind = CELL_VALUE, .value = value_code(str_of(z))};
}

static void fill_matrix(struct arena *mem, struct rules_table *t, enum rules_hit hit) {
  static const char *const rows[][4] = {
      {"major", "fire", "3 days", "major"}, {"greater", "*", "7 days", "greater"}, {"low", "fire", "30 days", "low"}};
  static const struct str gives[] = {STR_INIT("limit"), STR_INIT("grade")};
  *t = (struct rules_table){.hit = hit, .name = STR("matrix"), .key_count = 2, .give_count = 2, .gives = gives};
  for (int version = 0; version < 2; version++) {
    struct rules_version *v = &vec_push(mem, &t->versions);
    *v = (struct rules_version){.since = {(int16_t)(2025 + version), 1, 1}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
      const struct rule_row *row = add_row(mem, t, v);
      struct duration limit;
      must(duration_parse(str_of(rows[i][2]), &limit));
      limit.n *= 2 - version; /* it was twice as long in 2025 */
      put_cell(row, 0, code_cell(rows[i][0]));
      put_cell(row, 1, code_cell(rows[i][1]));
      put_give(row, 0, value_duration(limit));
      put_give(row, 1, value_code(str_of(rows[i][3])));
    }
  }
}
static void fill_bands(struct arena *mem, struct toy_world *w) {
  static const struct str gives[] = {STR_INIT("fee")};
  const struct rule_cell cells[] = {range(0, 60), range(60, 85), range(85, -1)};
  w->bands = (struct rules_table){.name = STR("bands"), .key_count = 1, .give_count = 1, .gives = gives};
  struct rules_version *v = &vec_push(mem, &w->bands.versions);
  *v = (struct rules_version){.since = {2026, 1, 1}};
  for (size_t i = 0; i < COUNT_OF(cells); i++) {
    const struct rule_row *row = add_row(mem, &w->bands, v);
    put_cell(row, 0, cells[i]);
    put_give(row, 0, counted(w->units, (int64_t)i, STR("元")));
  }
}
static void fill_keywords(struct arena *mem, struct toy_world *w) {
  static const struct {
    const char *phrase;
    int64_t lead, weight;
  } rows[] = {{"收费", 11, 2}, {"食堂", 12, 4}, {"校车", 13, 4}, {"校车的收费", 13, 1}, {"退费", 11, 3}};
  static const struct str gives[] = {STR_INIT("lead"), STR_INIT("weight")};
  w->keywords =
      (struct rules_table){.name = STR("keywords"), .key_count = 1, .give_count = 2, .gives = gives, .weight = 1};
  struct rules_version *v = &vec_push(mem, &w->keywords.versions);
  *v = (struct rules_version){.since = {2026, 1, 1}};
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    const struct rule_row *row = add_row(mem, &w->keywords, v);
    put_cell(row, 0, (struct rule_cell){.kind = CELL_VALUE, .value = value_text(str_of(rows[i].phrase))});
    put_give(row, 0, value_thing(rows[i].lead, NULL));
    put_give(row, 1, value_int(rows[i].weight));
  }
}

struct eval_env toy_values(struct arena *mem, const struct units *u) {
  struct toy_world *w = arena_new(mem, struct toy_world);
  *w = (struct toy_world){.units = u, .types = toy_types(u)};
  fill_matrix(mem, &w->matrix, HIT_ONE);
  fill_matrix(mem, &w->basis, HIT_ALL);
  fill_bands(mem, w);
  fill_keywords(mem, w);
  return (struct eval_env){.world = w,
                           .units = u,
                           .calendar = calendar_known(),
                           .now = moment(STR("2026-03-02 09:00")).moment,
                           .reference_day = {2026, 3, 2},
                           .self = value_thing(1, NULL),
                           .self_type = &w->types.self,
                           .global = toy_global,
                           .field = toy_field,
                           .all = toy_all,
                           .call = toy_call,
                           .function = toy_function,
                           .table = toy_table,
                           .code_place = toy_code_place,
                           .code_at = toy_code_at};
}
