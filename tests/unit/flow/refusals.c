/* Refusals are for people: they call an input by its label, and say a reason that lies inside them in the reader's language. */
#include "bureau.h"

static const char said[] =
    "gangmu: 1\nsystem: gate\nlabel: 门卫\nrows: [S020]\nversion: 1\nsummary: 试验用\n"
    "roles:\n  keeper: {label: 门卫, at: [bureau], sees: {case: all}}\n"
    "records:\n  case:\n    label: 事项\n    belongs: at\n    fields:\n"
    "      at:   {is: unit, label: 单位, need: yes}\n"
    "      note: {is: text(20), label: 备注}\n"
    "    states: {open: 在办, done: {label: 办结, end: yes}}\n"
    "    acts:\n"
    "      make:  {label: 登记, from: start, to: open, who: [keeper], asks: [at]}\n"
    "      close:\n        label: 办结\n        from: open\n        to: done\n        who: [keeper]\n"
    "        takes: {ok: {type: flag, label: 核验结论}, note: text(20), ref: text(20)}\n"
    "        does: [{set: {note: takes.note}}]\n"
    "privacy: {rule: none, why: 试验}\n";

static bool has(struct str s, const char *z) { return str_find(s, str_of(z)) != STR_NONE; }
static void test_inputs_have_names(void **unused) {
  static const struct bureau_input steps[][3] = {{{"note", "好"}}, {{"ok", "yes"}}, {{"ok", "yes"}, {"note", "好"}}};
  static const char *const labels[] = {"核验结论", "备注", "ref"};
  struct bureau w;
  struct flow_done done;
  struct err e;
  (void)unused;
  bureau_begin_own(&w, "gate", said, NULL);
  assert_int_equal(bureau_act(&w, "p-cai", "gate.case", NULL, "make", INPUTS({"at", "u-bureau"}), &done, &e), ERR_NONE);
  const char *id = str_z(&w.scratch.mem, done.id);
  for (size_t i = 0; i < 3; i++) {
    struct bureau_input in[4] = {{0}};
    memcpy(in, steps[i], sizeof steps[i]);
    assert_int_equal(bureau_act(&w, "p-cai", "gate.case", id, "close", in, &done, &e), ERR_INVALID);
    const struct str says = err_says(&w.scratch.mem, LANG_ZH, &e);
    if (!has(says, labels[i])) fail_msg("%s: " STRF, labels[i], STRA(says));
  }
  bureau_end(&w);
}
static void test_reasons_in_the_reader_s_language(void **unused) {
  struct bureau w;
  struct expr *x = NULL;
  struct type_answer answer;
  struct err e = {0};
  (void)unused;
  bureau_begin_own(&w, "gate", said, NULL);
  const struct flow_record *r = flow_record(&w.flow, STR("gate.case"));
  struct arena *mem = &w.scratch.mem;
  assert_false(typed_expr(r->system->typed, mem, r->record, STR("nothere = 1 所"), NULL, &x, &answer, &e));
  const struct err copy = e;
  const struct str zh = err_says(mem, LANG_ZH, &copy), en = err_says(mem, LANG_EN, &copy);
  assert_true(has(zh, "没有") && has(zh, "nothere = 1 所") && has(zh, "“nothere”"));
  assert_true(has(en, "nothere") && has(en, "cannot be read") && !has(en, "没有"));
  bureau_end(&w);
}

UNIT_TESTS(refusals) = {cmocka_unit_test(test_inputs_have_names),
                        cmocka_unit_test(test_reasons_in_the_reader_s_language)};
UNIT_COUNT(refusals);
