/* The types of the small world: one table of fields, one of labels. */
#include "toy.h"

#include "base/embed.h"
#include "base/must.h"

static const struct {
  const char *of, *name, *spec;
} fields[] = {
    {"task", "id", "number"},
    {"task", "number", "text"},
    {"task", "state", "choice(task_state)"},
    {"task", "ended", "flag"},
    {"task", "created", "moment"},
    {"task", "schools", "count(所)"},
    {"task", "seats", "count(个)"},
    {"task", "price", "decimal(2,元/kg)"},
    {"task", "weight", "decimal(2,kg)"},
    {"task", "fee", "money"},
    {"task", "paid", "money"},
    {"task", "rate", "decimal(2,%)"},
    {"task", "points", "decimal(0,分)"},
    {"task", "whole", "number"},
    {"task", "real", "decimal(2)"},
    {"task", "area", "decimal(2,m²)"},
    {"task", "ok", "flag"},
    {"task", "maybe", "flag"},
    {"task", "title", "text"},
    {"task", "word", "code"},
    {"task", "grade", "choice(grade)"},
    {"task", "kind", "choice(kind)"},
    {"task", "kinds", "set(20) choice(kind)"},
    {"task", "on", "date"},
    {"task", "due", "date"},
    {"task", "held_at", "moment"},
    {"task", "lasts", "duration"},
    {"task", "slot", "span"},
    {"task", "year", "period(year)"},
    {"task", "term", "period(term)"},
    {"task", "school", "unit"},
    {"task", "owner", "person"},
    {"task", "experts", "set(20) person"},
    {"task", "spot", "place"},
    {"task", "photo", "file"},
    {"task", "parent", "ref(task)"},
    {"task", "lines", "set(500) rows(line)"},
    {"task", "parts", "set(10000) ref(part)"},
    {"task", "phq", "sheet(phq)"},
    {"part", "amount", "money"},
    {"part", "on", "date"},
    {"part", "done", "flag"},
    {"part", "state", "choice(task_state)"},
    {"part", "task", "ref(task)"},
    {"part", "subs", "set(10000) ref(part)"},
    {"part", "school", "unit"},
    {"part", "next_school", "unit"},
    {"part", "rate", "decimal(2)"},
    {"line", "node", "choice(grade)"},
    {"line", "amount", "money"},
    {"line", "planned", "date"},
    {"line", "actual", "date"},
    {"line", "share", "decimal(2)"},
    {"phq", "total", "number"},
    {"phq", "q9", "number"},
    {"phq", "band", "choice(grade)"},
    {"unit", "name", "text"},
    {"unit", "kind", "choice(kind)"},
    {"unit", "parent", "unit"},
    {"person", "unit", "unit"},
    {"person", "token", "text"},
    {"matrix", "limit", "duration"},
    {"matrix", "grade", "choice(grade)"},
    {"basis", "limit", "duration"},
    {"bands", "fee", "money"},
    {"keywords", "lead", "unit"},
    {"account", "balance", "money"},
    {"account", "available", "money"},
    {"marks", "open", "flag"},
    {"marks", "answers", "set(50) rows(answer)"},
    {"answer", "sure", "flag"},
    {"answer", "sheet", "sheet(phq)"},
};
static const struct {
  const char *list, *code;
  bool is_ordered;
} codes[] = {
    {"grade", "low", true},        {"grade", "normal", true},      {"grade", "greater", true},
    {"grade", "major", true},      {"kind", "building", false},    {"kind", "fire", false},
    {"kind", "school", false},     {"task_state", "found", false}, {"task_state", "fixing", false},
    {"task_state", "done", false},
};
static const struct {
  enum label what;
  const char *name, *spec;
} labels[] = {
    {LABEL_CLOCK, "fix", "clock"},
    {LABEL_ACT, "close", "flag"},
    {LABEL_STATE, "done", "flag"},
    {LABEL_TABLE, "matrix", "look(matrix)"},
    {LABEL_TABLE, "basis", "set(100) look(basis)"},
    {LABEL_TABLE, "bands", "look(bands)"},
    {LABEL_WORDS, "keywords", "look(keywords)"},
    {LABEL_SHEET, "phq", "sheet(phq)"},
    {LABEL_RECORD, "part", "ref(part)"},
    {LABEL_RECORD, "task", "ref(task)"},
    {LABEL_ROLE, "checker", "flag"},
    {LABEL_MEASURE, "other.open", "count(处)"},
    {LABEL_ROUND, "marks", "round(marks)"},
};
static const struct {
  const char *name, *spec;
} globals[] = {
    {"this", "ref(task)"},      {"actor", "person"},          {"before", "ref(task)"},
    {"period", "period(year)"}, {"units", "set(10000) unit"}, {"custody", "book"},
};

static const void *named(struct str name) { /* one address for each name */
  for (size_t i = 0; i < COUNT_OF(fields); i++)
    if (str_eqz(name, fields[i].of)) return fields[i].of;
  for (size_t i = 0; i < COUNT_OF(codes); i++)
    if (str_eqz(name, codes[i].list)) return codes[i].list;
  return NULL;
}

const struct units *toy_units(struct arena *mem) {
  struct units *u = arena_new(mem, struct units);
  struct err e = {0};
  const struct embedded *f = embed_find(STR("rules/units.yaml"));
  must(f && units_parse(mem, f->bytes, u, &e));
  return u;
}

static struct str inside(struct str spec) {
  struct str head, tail;
  return str_cut(spec, STR("("), &head, &tail) ? str_slice(tail, 0, tail.len - 1) : (struct str){0};
}
static struct type number_type(const struct units *u, int places, struct str unit) {
  struct type t = {0};
  must(type_number(u, places, unit, &t));
  return t;
}
static struct type decimal_type(const struct units *u, struct str in) {
  struct str head = in, tail = {0};
  (void)str_cut(in, STR(","), &head, &tail);
  return number_type(u, head.at[0] - '0', tail);
}
struct type toy_type(const struct units *u, const char *spec) {
  static const struct {
    const char *word;
    enum kind kind;
  } kinds[] = {{"flag", KIND_FLAG},         {"text", KIND_TEXT},       {"date", KIND_DATE},   {"moment", KIND_MOMENT},
               {"duration", KIND_DURATION}, {"span", KIND_SPAN},       {"place", KIND_PLACE}, {"unit", KIND_UNIT},
               {"person", KIND_PERSON},     {"file", KIND_OTHER},      {"clock", KIND_CLOCK}, {"choice", KIND_CODE},
               {"ref", KIND_RECORD},        {"rows", KIND_ROW},        {"sheet", KIND_SHEET}, {"look", KIND_TABLE_ROW},
               {"code", KIND_CODE},         {"account", KIND_ACCOUNT}, {"round", KIND_ROUND}};
  struct str s = str_of(spec), head = s, tail;
  int64_t most = 0;
  if (str_starts(s, STR("set(")) && str_cut(s, STR(") "), &head, &tail)) {
    must(str_to_int(str_from(head, 4), &most));
    return type_set_of(toy_type(u, tail.at), most);
  }
  const struct str in = inside(s);
  if (str_eqz(s, "number")) return number_type(u, 0, STR(""));
  if (str_eqz(s, "money")) return number_type(u, 2, STR("元"));
  if (str_starts(s, STR("count"))) return number_type(u, 0, in);
  if (str_starts(s, STR("decimal"))) return decimal_type(u, in);
  if (str_eqz(s, "book")) {
    struct type t = number_type(u, 2, STR("元"));
    t.kind = KIND_BOOK;
    return t;
  }
  struct type t = {0};
  if (str_starts(s, STR("period"))) {
    t.kind = KIND_PERIOD;
    must(period_kind_of(in, &t.period));
    return t;
  }
  (void)str_cut(s, STR("("), &head, &tail);
  for (size_t i = 0; i < COUNT_OF(kinds); i++)
    if (str_eqz(head, kinds[i].word)) t.kind = kinds[i].kind;
  must(t.kind != KIND_BAD);
  t.of = named(in);
  if (t.kind == KIND_RECORD) t.most = 5000000;
  return t;
}

/* ---- the environment ---- */

static const char *owner(const struct type *of) {
  if (of->kind == KIND_UNIT) return "unit";
  if (of->kind == KIND_PERSON) return "person";
  return of->kind == KIND_ACCOUNT ? "account" : (const char *)of->of;
}
static bool toy_field(const struct type_env *env, const struct type *of, struct str name, struct type *out) {
  const char *o = owner(of);
  for (size_t i = 0; o && i < COUNT_OF(fields); i++)
    if (!strcmp(o, fields[i].of) && str_eqz(name, fields[i].name)) {
      *out = toy_type(env->units, fields[i].spec);
      return true;
    }
  return false;
}
static bool toy_global(const struct type_env *env, struct str name, struct type *out) {
  for (size_t i = 0; i < COUNT_OF(globals); i++)
    if (str_eqz(name, globals[i].name)) {
      *out = toy_type(env->units, globals[i].spec);
      return true;
    }
  return false;
}
static bool toy_label(const struct type_env *env, enum label what, struct str name, struct type *out) {
  for (size_t i = 0; i < COUNT_OF(labels); i++)
    if (labels[i].what == what && str_eqz(name, labels[i].name)) {
      *out = toy_type(env->units, labels[i].spec);
      return true;
    }
  return false;
}
static bool toy_call(const struct type_env *env, const struct type *of, struct str name, const struct type *args,
                     size_t count, struct type *out) {
  (void)env;
  if (of->kind != KIND_BOOK || !str_eqz(name, "held") || count != 1 || args[0].kind != KIND_RECORD) return false;
  *out = type_of(KIND_ACCOUNT);
  return true;
}
static bool toy_key(const struct type_env *env, const struct type *row, size_t i, struct type *out) {
  static const char *const matrix[] = {"choice(grade)", "choice(kind)"};
  const bool is_matrix = strcmp((const char *)row->of, "bands") != 0;
  if (i >= (is_matrix ? 2 : 1)) return false;
  *out = toy_type(env->units, is_matrix ? matrix[i] : "number");
  return true;
}
static bool toy_has_code(const struct type_env *env, const void *list, struct str code) {
  (void)env;
  for (size_t i = 0; i < COUNT_OF(codes); i++)
    if (!strcmp(list, codes[i].list) && str_eqz(code, codes[i].code)) return true;
  return false;
}
static bool toy_is_ordered(const struct type_env *env, const void *list) {
  (void)env;
  for (size_t i = 0; i < COUNT_OF(codes); i++)
    if (!strcmp(list, codes[i].list)) return codes[i].is_ordered;
  return false;
}
static bool toy_is_indexed(const struct type_env *env, const struct type *of, struct str field) {
  struct type t;
  return toy_field(env, of, field, &t) && (t.kind == KIND_UNIT || t.kind == KIND_RECORD || str_eqz(field, "state"));
}
static struct str toy_name_of(const struct type_env *env, const struct type *t) {
  (void)env;
  return str_of((const char *)t->of);
}
static void toy_offer_names(const struct type_env *env, const struct type *of, struct nearest *n) {
  (void)env;
  const char *o = of ? owner(of) : NULL;
  for (size_t i = 0; o && i < COUNT_OF(fields); i++)
    if (!strcmp(o, fields[i].of)) nearest_offer(n, str_of(fields[i].name));
}
static void toy_offer_labels(const struct type_env *env, enum label what, struct nearest *n) {
  (void)env;
  for (size_t i = 0; i < COUNT_OF(labels); i++)
    if (labels[i].what == what) nearest_offer(n, str_of(labels[i].name));
}
static void toy_offer_codes(const struct type_env *env, const void *list, struct nearest *n) {
  (void)env;
  for (size_t i = 0; i < COUNT_OF(codes); i++)
    if (!strcmp(list, codes[i].list)) nearest_offer(n, str_of(codes[i].code));
}
struct type_env toy_types(const struct units *u) {
  return (struct type_env){.units = u,
                           .budget = 100000,
                           .self = toy_type(u, "ref(task)"),
                           .global = toy_global,
                           .field = toy_field,
                           .call = toy_call,
                           .label = toy_label,
                           .key = toy_key,
                           .has_code = toy_has_code,
                           .is_ordered = toy_is_ordered,
                           .is_indexed = toy_is_indexed,
                           .name_of = toy_name_of,
                           .offer_names = toy_offer_names,
                           .offer_labels = toy_offer_labels,
                           .offer_codes = toy_offer_codes};
}
