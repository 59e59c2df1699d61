/* Expressions in: a refusal has a sentence and lies inside the text; a tree is written and read again as the same tree, and
 * what is written is written so again. In the small world of the unit tests it gets a type, or faults with their places; what
 * has a type is worked out to a value of that type, or refused with a sentence. */
#include "../expr_same.h"
#include "../unit/declare/toy.h"
#include "base/must.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The kind of value that a type has. */
static bool is_of_kind(enum value_kind v, enum kind k) {
  static const enum value_kind kinds[] = {
      [KIND_FLAG] = VALUE_FLAG,       [KIND_CODE] = VALUE_CODE,    [KIND_TEXT] = VALUE_TEXT,
      [KIND_NUMBER] = VALUE_NUMBER,   [KIND_DATE] = VALUE_DATE,    [KIND_MOMENT] = VALUE_MOMENT,
      [KIND_TIME] = VALUE_TIME,       [KIND_SPAN] = VALUE_SPAN,    [KIND_DURATION] = VALUE_DURATION,
      [KIND_PERIOD] = VALUE_PERIOD,   [KIND_PLACE] = VALUE_PLACE,  [KIND_UNIT] = VALUE_THING,
      [KIND_PERSON] = VALUE_THING,    [KIND_RECORD] = VALUE_THING, [KIND_ROW] = VALUE_THING,
      [KIND_SHEET] = VALUE_THING,     [KIND_CLOCK] = VALUE_THING,  [KIND_ROUND] = VALUE_THING,
      [KIND_TABLE_ROW] = VALUE_THING, [KIND_BOOK] = VALUE_THING,   [KIND_ACCOUNT] = VALUE_THING,
      [KIND_OTHER] = VALUE_THING};
  const bool is_word = v == VALUE_TEXT && k == KIND_CODE; /* a code of no list is told by its letters */
  return v == VALUE_NONE || is_word || kinds[k] == v;
}
static void value_holds(const struct value *v, const struct type *t) {
  if (!t->set) {
    must(is_of_kind(v->kind, t->kind));
    if (v->kind == VALUE_NUMBER && !t->bare) must(dimension_same(v->unit, t->unit));
    return;
  }
  must(v->kind == VALUE_SET);
  struct type element = *t;
  element.set = false;
  for (size_t i = 0; i < v->set.len; i++) value_holds(&v->set.at[i], &element);
}

static void work_out(struct arena *mem, struct expr *x, size_t size) {
  const struct units *u = toy_units(mem);
  const struct type_env types = toy_types(u);
  const struct eval_env env = toy_values(mem, u);
  struct type_answer answer;
  type_faults faults = {0};
  if (!type_check(mem, x, &types, NULL, &answer, &faults)) {
    must(faults.len > 0);
    vec_each(const struct type_fault, f, &faults) {
      must(f->msg && f->from >= 0 && f->from < f->to && (size_t)f->to <= size);
      must(msg_text(mem, LANG_ZH, f->msg, f->args, f->arg_count).len > 0);
    }
    return;
  }
  must(faults.len == 0 && answer.type.kind != KIND_BAD);
  struct eval_notes notes = {0};
  struct value v;
  struct err e = {0};
  if (!eval(mem, x, &env, answer.cost, &notes, &v, &e)) {
    must(e.msg != 0);
    return;
  }
  value_holds(&v, &answer.type);
  must(utf8_valid(value_show(mem, u, &v, answer.type.said)) && utf8_valid(eval_explain(mem, &env, &notes)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  AUTO_ARENA mem = {0};
  const struct str source = {(const char *)data, size};
  struct expr_fault f = {0};
  struct expr *x = NULL, *y = NULL;
  if (!expr_parse(&mem, source, &x, &f)) {
    must(f.msg && f.from >= 0 && f.from <= f.to && (size_t)f.to <= size);
    must(msg_text(&mem, LANG_ZH, f.msg, f.args, f.arg_count).len > 0);
    return 0;
  }
  must(x->from >= 0 && x->from < x->to && (size_t)x->to <= size);
  const struct str text = expr_text(&mem, x);
  if (utf8_count(text) <= EXPR_LENGTH_MAX) { /* blanks may make it longer than what may be read */
    must(expr_parse(&mem, text, &y, &f));
    must(expr_same(x, y) && str_eq(text, expr_text(&mem, y)));
  }
  work_out(&mem, x, size);
  return 0;
}
