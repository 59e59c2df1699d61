/* Types of expressions: what they come to, and each fault with its code, bytes and the name it suggests. */
#include "declare/type.h"

#include "texts.h"
#include "toy.h"
#include "unit.h"

struct checked {
  struct type_answer answer;
  type_faults faults;
  bool is_good;
};
static struct checked check(struct arena *mem, const struct units *u, const char *source, const char *want) {
  struct checked c = {0};
  struct expr_fault f = {0};
  struct expr *x = NULL;
  const struct type_env env = toy_types(u);
  struct type wanted = want ? toy_type(u, want) : type_of(KIND_BAD);
  if (!expr_parse(mem, str_of(source), &x, &f)) fail_msg("%s: %s", source, msg_key(f.msg));
  c.is_good = type_check(mem, x, &env, want ? &wanted : NULL, &c.answer, &c.faults);
  return c;
}
static struct str fault_told(struct arena *mem, enum lang lang, const struct type_fault *f) {
  struct msg_arg args[FAULT_ARGS + 1];
  memcpy(args, f->args, sizeof f->args);
  size_t n = f->arg_count;
  if (f->kind) args[n++] = (struct msg_arg){"kind", msg_template(lang, f->kind)};
  return str_fmt(mem, STRF " " STRF, STRA(msg_text(mem, lang, f->msg, args, n)),
                 STRA(f->hint ? msg_text(mem, lang, f->hint, args, n) : (struct str){0}));
}

static void types_of_expressions(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"fee + paid", "number(元)"},
      {"price * weight", "number(元)"},
      {"fee / weight", "number(元/g)"},
      {"fee / paid", "number"},
      {"fee * 20%", "number(元)"},
      {"weight + 5 kg", "number(kg)"},
      {"area / 10 m", "number(m)"},
      {"count(parts)", "number"},
      {"count(parts) > 3 and count(lines) >= schools", "flag"},
      {"due - on", "duration"},
      {"on + 3 workdays", "date"},
      {"now - 30 days", "moment"},
      {"lasts * 2", "duration"},
      {"lasts / 3 days", "number"},
      {"title + ' ' + word", "text"},
      {"if ok then .major else grade", "choice(grade)"},
      {"if ok then none else fee", "number(元)"},
      {"grade in (.major, .greater)", "flag"},
      {"grade not in (.major, .greater) and state = .done", "flag"},
      {".major = grade", "flag"},
      {"max(.low, grade)", "choice(grade)"},
      {"next(grade)", "choice(grade)"},
      {"max(0 days, today - on)", "duration"},
      {"kinds + .fire", "set of choice(kind)"},
      {"parts.amount", "set of number(元)"},
      {"sum(parts.amount)", "number(元)"},
      {"sum(custody)", "number(元)"},
      {"parts.subs", "set of ref(part)"},
      {"count(parts.subs where not done) = 0", "flag"},
      {"first(lines where actual is none by node).node", "choice(grade)"},
      {"first(lines where node = .major).planned", "date"},
      {"exists(kinds as a where exists(experts as b where a != .fire and b.unit = this.school and b != owner))",
       "flag"},
      {"median(p.amount for p in all(part) where p.school = this.school and p.on > this.on - 14 days)", "number(元)"},
      {"the(part where task = this)", "ref(part)"},
      {"(1 元, 60 元) as k where exists(all(part) as p where p.task = parent and p.amount > k)", "set of number(元)"},
      {"look(basis, grade, .fire).limit", "set of duration"},
      {"look(matrix, grade, .fire).limit", "duration"},
      {"look(matrix, .major, kind, at: on).grade", "choice(grade)"},
      {"classify(keywords, title + ' ').lead", "unit"},
      {"band(phq, phq.total)", "choice(grade)"},
      {"phq.q9 >= 1", "flag"},
      {"clock(fix).over and not ended", "flag"},
      {"date(clock(fix).due)", "date"},
      {"round(marks).open", "flag"},
      {"trimmed_mean(round(marks).answers.sheet.total, 1)", "number"},
      {"round(fee / 3, 0.01 元)", "number(元)"},
      {"custody.held(this).available - 0.01 元", "number(元)"},
      {"gauge(other.open, school) = 0 处", "flag"},
      {"actor in holders(checker)", "flag"},
      {"actor.unit = school and owner = actor", "flag"},
      {"units where kind = .school", "set of unit"},
      {"experts as e where e.unit = this.school or e.unit.parent = this.school", "set of person"},
      {"year(on) = year(today)", "flag"},
      {"term(today).start + 60 days", "date"},
      {"on in year and created in slot", "flag"},
      {"term = term(on).next", "flag"},
      {"distance(spot, spot) <= 500 m", "flag"},
      {"workdays(on, due) <= 5 workdays", "flag"},
      {"age(on, today) >= 3", "flag"},
      {"times(close) < 2 and since(done) > 3 days", "flag"},
      {"rank(fee, parts.amount)", "number"},
      {"persons(owner, actor)", "set of person"},
      {"photo is not none and parent.parent.parent is none", "flag"},
      {"ok = yes and maybe", "flag"},
      {"points >= 60 分", "flag"},
      {"stdev(parts.amount)", "number(元)"},
      {"share(p.done for p in parts)", "number"},
      {"-lasts", "duration"},
      {"seats div 3 mod 2", "“flag”?"},
  };
  AUTO_ARENA mem = {0};
  const struct units *u = toy_units(&mem);
  const struct type_env env = toy_types(u);
  for (size_t i = 0; i + 1 < COUNT_OF(cases); i++) {
    const struct checked c = check(&mem, u, cases[i][0], NULL);
    if (!c.is_good) fail_msg("%s: " STRF, cases[i][0], STRA(fault_told(&mem, LANG_EN, &c.faults.at[0])));
    const struct type *t = &c.answer.type;
    const struct str text = type_text(&mem, u, t, t->of ? env.name_of(&env, t) : (struct str){0});
    if (!str_eqz(text, cases[i][1])) fail_msg("%s is " STRF ", not %s", cases[i][0], STRA(text), cases[i][1]);
  }
}

static void faults_of_types(void **state) {
  (void)state;
  static const struct {
    const char *source, *want;
    enum fault_code code;
    int from, to;
    const char *says; /* in the English sentence or hint */
  } cases[] = {
      {"feee > 0 元", NULL, FAULT_T001, 0, 4, "“fee”?"},
      {"parent.garde = .low", NULL, FAULT_T001, 7, 12, "“grade”?"},
      {"exists(lines where title = 'x')", NULL, FAULT_T001, 19, 24, "title"},
      {"cuont(parts)", NULL, FAULT_T001, 0, 12, "“count”?"},
      {"custody.owed(this)", NULL, FAULT_T001, 0, 18, "owed"},
      {"clock(fix).du", NULL, FAULT_T001, 11, 13, "“due”?"},
      {"clock(fxi).due", NULL, FAULT_N003, 6, 9, "“fix”?"},
      {"round(marsk).open", NULL, FAULT_N003, 6, 11, "“marks”?"},
      {"times(closed)", NULL, FAULT_N003, 6, 12, "“close”?"},
      {"schools + seats", NULL, FAULT_T005, 0, 15, "所"},
      {"fee > 0", NULL, FAULT_T005, 0, 7, "元"},
      {"fee + weight", NULL, FAULT_T005, 0, 12, "kg"},
      {"3 尺", NULL, FAULT_T005, 0, 5, "尺"},
      {"on + 1.5 days", NULL, FAULT_T005, 5, 13, "whole"},
      {"on = 3", NULL, FAULT_T006, 0, 6, "date"},
      {"created <= on", NULL, FAULT_T006, 0, 13, "date("},
      {"on + 3", NULL, FAULT_T006, 0, 6, "date"},
      {"title < 'b'", NULL, FAULT_T006, 0, 11, "text"},
      {"kind < .fire", NULL, FAULT_T006, 0, 12, "choice(kind)"},
      {"fee and ok", NULL, FAULT_T006, 0, 3, "flag"},
      {"count(fee)", NULL, FAULT_T006, 6, 9, "set"},
      {"sum(lines.node)", NULL, FAULT_T006, 4, 14, "number"},
      {"round(fee)", NULL, FAULT_N003, 6, 9, "fee"},
      {"round(fee / 2)", NULL, FAULT_T006, 0, 14, "2"},
      {"look(matrix, grade)", NULL, FAULT_T006, 0, 19, "3"},
      {"look(matrix, kind, kind)", NULL, FAULT_T006, 13, 17, "choice(kind)"},
      {"closure(parts, task)", NULL, FAULT_T006, 15, 19, "ref(part)"},
      {"gains(parts, school, school, done)", NULL, FAULT_T006, 29, 33, "number"},
      {"gains(parts, school, task, amount)", NULL, FAULT_T006, 0, 34, "ref(task)"},
      {"parts = parts", NULL, FAULT_T006, 0, 13, "ref(part)"},
      {"fee = parts", NULL, FAULT_T006, 0, 11, "set of ref(part)"},
      {"fee = none", NULL, FAULT_T008, 6, 10, "is none"},
      {"none != ok", NULL, FAULT_T008, 0, 4, "is none"},
      {"grade = .mayor", NULL, FAULT_T010, 8, 14, "“major”?"},
      {"kind in (.fire, .low)", NULL, FAULT_T010, 16, 20, ".low"},
      {"look(matrix, .huge, kind)", NULL, FAULT_T010, 13, 18, ".huge"},
      {".major", NULL, FAULT_T010, 0, 6, ".major"},
      {"count(all(part)) > 0", NULL, FAULT_T012, 6, 15, "5000000"},
      {"count(all(part) where task = task)", NULL, FAULT_T012, 6, 33, "5000000"},
      {"count(all(part) where task.parent.parent = task)", NULL, FAULT_T012, 6, 47, "5000000"},
      {"count(all(part) where on > this.on)", NULL, FAULT_T012, 6, 34, "5000000"},
      {"exists(parts as a where exists(parts as b where a.on = b.on))", NULL, FAULT_T012, 0, 61, "100"},
      {"exists(kinds as a where exists(kinds as b where exists(kinds as c where a = c)))", NULL, FAULT_T012, 55, 77,
       "2"},
      {"fee / 3", "money", FAULT_T007, 0, 7, "round"},
      {"fee * 0.5", "money", FAULT_T007, 0, 9, "round"},
      {"round(fee / 3, 0.001 元)", "money", FAULT_T007, 0, 25, "round"},
      {"fee + on", "money", FAULT_T006, 0, 8, "date"},
      {"weight", "money", FAULT_T005, 0, 6, "kg"},
      {"title", "flag", FAULT_T006, 0, 5, "flag"},
      {"parts", "ref(part)", FAULT_T006, 0, 5, "ref(part)"},
      {"5 g", "decimal(2,kg)", FAULT_T007, 0, 3, "round"},
      {"count(lines, at: on)", NULL, FAULT_T006, 17, 19, "look"},
  };
  AUTO_ARENA mem = {0};
  const struct units *u = toy_units(&mem);
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    const struct checked c = check(&mem, u, cases[i].source, cases[i].want);
    if (c.is_good) fail_msg("%s is good", cases[i].source);
    const struct type_fault *f = &c.faults.at[0];
    const struct str says = fault_told(&mem, LANG_EN, f);
    const bool is_it = f->code == cases[i].code && f->from == cases[i].from && f->to == cases[i].to;
    if (!is_it || c.faults.len != 1 || str_find(says, str_of(cases[i].says)) == STR_NONE)
      fail_msg("%s: %zu faults, %s %d-%d " STRF, cases[i].source, c.faults.len, fault_word(f->code), f->from, f->to,
               STRA(says));
    assert_true(str_find(says, STR("{")) == STR_NONE);
    assert_true(str_find(fault_told(&mem, LANG_ZH, f), STR("{")) == STR_NONE);
  }
}

static void what_fields_take(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"count(lines)", "count(次)"},
      {"round(fee / 3, 0.01 元)", "money"},
      {"floor(fee / 7, 1 元)", "money"},
      {"fee - paid", "money"},
      {"fee * 2", "money"},
      {"fee * 3 / 1", NULL},
      {"none", "money"},
      {".major", "choice(grade)"},
      {"if ok then .low else none", "choice(grade)"},
      {"weight + 10 g", "decimal(2,kg)"},
      {"rate * 100", "decimal(2)"},
      {"20%", "decimal(2,%)"},
      {"0.5 元 + 0.25 元", "money"},
      {"'x' + title", "text"},
      {"seats div 3 个", "number"},
      {"kinds + .fire", "set(20) choice(kind)"},
  };
  AUTO_ARENA mem = {0};
  const struct units *u = toy_units(&mem);
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    const struct checked c = check(&mem, u, cases[i][0], cases[i][1]);
    if (!c.is_good) fail_msg("%s: " STRF, cases[i][0], STRA(fault_told(&mem, LANG_EN, &c.faults.at[0])));
  }
}

static void costs(void **state) {
  (void)state;
  static const struct {
    const char *source;
    int64_t cost;
    bool is_live, looks_around;
  } cases[] = {
      {"fee > 0 元", 0, false, false},
      {"count(lines where actual is none)", 500, false, false},
      {"sum(lines.amount)", 1000, false, false}, /* the path, the sum */
      {"exists(lines as a where exists(lines as b where a.node < b.node))", 250500, false, false},
      {"count(all(part) where school = this.school and on < today)", 10000, true, true},
      {"clock(fix).due > created", 0, false, false},
      {"clock(fix).over", 0, true, false},
  };
  AUTO_ARENA mem = {0};
  const struct units *u = toy_units(&mem);
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    const struct checked c = check(&mem, u, cases[i].source, NULL);
    assert_int_equal(c.answer.cost, cases[i].cost);
    assert_true(c.answer.is_live == cases[i].is_live && c.answer.is_looking_around == cases[i].looks_around);
    assert_true(c.is_good == (cases[i].cost <= 100000));
  }
}

UNIT_TESTS(type) = {cmocka_unit_test(types_of_expressions), cmocka_unit_test(faults_of_types),
                    cmocka_unit_test(what_fields_take), cmocka_unit_test(costs)};
UNIT_COUNT(type);
