/* Values of expressions in the small world: what is missing and why, exactness, sets, tables, time; refusals; the bound. */
#include "declare/eval.h"

#include "texts.h"
#include "toy.h"
#include "unit.h"

static bool work_out(struct arena *mem, const struct units *u, const char *source, struct eval_notes *notes,
                     struct value *out, const struct type **out_type, struct err *e) {
  struct expr_fault f = {0};
  struct expr *x = NULL;
  type_faults faults = {0};
  struct type_answer answer;
  const struct type_env types = toy_types(u);
  const struct eval_env env = toy_values(mem, u);
  if (!expr_parse(mem, str_of(source), &x, &f)) fail_msg("%s: %s", source, msg_key(f.msg));
  if (!type_check(mem, x, &types, NULL, &answer, &faults)) fail_msg("%s: %s", source, msg_key(faults.at[0].msg));
  *out_type = x->type;
  return eval(mem, x, &env, answer.cost, notes, out, e);
}
static void compare(const char *const cases[][2], size_t n) {
  AUTO_ARENA mem = {0};
  const struct units *u = toy_units(&mem);
  for (size_t i = 0; i < n; i++) {
    struct value v;
    const struct type *t;
    struct err e = {0};
    if (!work_out(&mem, u, cases[i][0], NULL, &v, &t, &e))
      fail_msg("%s: " STRF, cases[i][0], STRA(err_says(&mem, LANG_EN, &e)));
    struct str text = value_show(&mem, u, &v, t->said);
    if (value_is_none(&v)) text = str_fmt(&mem, "none: %s", msg_key(none_msg(v.why)) + strlen("none_"));
    if (!str_eqz(text, cases[i][1])) fail_msg("%s = " STRF ", not %s", cases[i][0], STRA(text), cases[i][1]);
  }
}

static void missing_travels(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"maybe", "none: missing"},
      {"seats + 1 个", "none: missing"},
      {"seats > 3 个", "none: missing"},
      {"seats is none", "yes"},
      {"seats is not none", "no"},
      {"maybe and no", "no"},
      {"maybe and ok", "none: missing"},
      {"maybe or ok", "yes"},
      {"not maybe", "none: missing"},
      {"fee / 0", "none: zero"},
      {"fee div 0 元 = 3 or ok", "yes"},
      {"fee / 0 > 3 元", "none: zero"},
      {"if maybe then 1 else 2", "none: missing"},
      {"if ok then none else fee", "none: missing"},
      {"sum(parts.amount)", "none: missing"},
      {"sum(parts.amount as a where a is not none)", "400.5 元"},
      {"count(parts where done)", "2"},
      {"count(parts where not done)", "1"},
      {"sum((1, if ok then none else 2))", "none: missing"},
      {"actor in (owner, parent.owner)", "none: missing"},
      {"owner in (owner, parent.owner)", "yes"},
      {"maybe in (yes, no)", "none: missing"},
      {"parent.parent.fee", "none: missing"},
      {"parent.parent is none", "yes"},
      {"photo is none", "yes"},
      {"lasts > 3 days", "none: unlike"},
      {"lasts > 0 days", "yes"},
      {"on + 2 hours", "none: unlike"},
      {"look(matrix, .low, .building).limit", "none: no_row"},
      {"classify(keywords, '天气').lead", "none: tie"},
  };
  compare(cases, COUNT_OF(cases));
}

static void numbers(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"fee - paid", "666.67 元"},
      {"price * weight", "5 元"},
      {"fee / 3 * 3 = fee", "yes"},
      {"round(fee / 3, 0.01 元)", "333.33 元"},
      {"round(-fee / 3, 1 元)", "-333 元"},
      {"round(0.125, 0.01)", "0.13"},
      {"round(-0.125, 0.01)", "-0.13"},
      {"floor(-0.125, 0.01)", "-0.13"},
      {"ceil(-0.125, 0.01)", "-0.12"},
      {"fee * rate", "335 元"},
      {"rate * 2", "67%"},
      {"rate * rate", "11.2225%"},
      {"weight + 600 g", "1 kg"},
      {"whole div 2", "3"},
      {"-7 div 2", "-4"},
      {"-7 mod 2", "1"},
      {"abs(real)", "2.5"},
      {"max(whole, real, 3)", "7"},
      {"min(fee, paid)", "333.33 元"},
      {"0.1 + 0.2 = 0.3", "yes"},
      {"1 / 3 + 1 / 6", "0.5"},
      {"schools > count(parts)", "yes"},
      {"-lasts", "-10 workdays"},
  };
  compare(cases, COUNT_OF(cases));
}

static void sets(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"first(lines where actual is none by node).node", ".normal"},
      {"last(lines by node).node", ".major"},
      {"first(lines by planned).amount", "2 元"},
      {"sum(lines.amount)", "7 元"},
      {"mean(lines.amount)", "7/3 元"},
      {"median(lines.amount)", "2 元"},
      {"quantile(lines.amount, 0.25)", "1.5 元"},
      {"min(lines.amount)", "1 元"},
      {"max(lines.node)", ".major"},
      {"stdev((2, 4, 4, 4, 5, 5, 7, 9))", "2"},
      {"cv((2, 4, 4, 4, 5, 5, 7, 9))", "0.4"},
      {"stdev((1, 2))", "0.5"},
      {"trimmed_mean((9, 1, 5, 6, 100), 1)", "20/3"},
      {"trimmed_mean((9, 1), 1)", "none: empty"},
      {"mean(parts.amount as a where a > 99999 元)", "none: empty"},
      {"sum(parts.amount as a where a > 99999 元)", "0 元"},
      {"share(round(marks).answers.sure)", "2/3"},
      {"rank(100 元, lines.amount + 200 元)", "2"},
      {"count(distinct(parts.school))", "2"},
      {"parts.subs", "(#1, #3, #2)"},
      {"count(parts.subs where not done)", "1"},
      {"kinds + .fire", "(.fire, .school)"},
      {"kinds + .building", "(.fire, .school, .building)"},
      {".fire in kinds and .building not in kinds", "yes"},
      {"count(all(part) where task = this)", "4"},
      {"count(all(part) where task = before)", "1"},
      {"sum(p.amount for p in all(part) where p.task = before)", "9 元"},
      {"the(part where task = before).amount", "9 元"},
      {"count((1 元, 60 元) as l where exists(all(part) as p where p.task = before and p.amount > l))", "1"},
      {"count(all(part) where school = last(persons(this.owner, actor) as e where e.unit = this.school).unit and not "
       "done)",
       "1"},
      {"experts as e where e.unit = this.school", "(#21)"},
      {"exists(lines as a where exists(kinds as b where b = .fire and a.share > 2))", "yes"},
      {"count(round(marks).answers where sure) = 2", "yes"},
      {"sum(custody)", "950 元"},
      {"closure(parts, subs)", "(#1, #2, #3, #4)"},
      {"gains(parts, school, next_school, rate)", "yes"}, /* 1.5 * 0.7 */
      {"gains(parts as p where p.rate < 1, school, next_school, rate)", "no"},
      {"actor in holders(checker)", "yes"},
      {"units where name = '东山一小'", "(#11)"},
      {"photo is none and experts is not none and count(parent.lines) = 0", "yes"},
  };
  compare(cases, COUNT_OF(cases));
}

static void codes_and_tables(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"grade > .normal", "yes"},
      {"grade <= .low", "no"},
      {"next(grade)", ".major"},
      {"next(next(grade))", ".major"},
      {"max(.low, grade)", ".greater"},
      {"look(matrix, grade, .fire).limit", "7 days"},
      {"look(matrix, grade, kind, at: 2025-06-01).limit", "14 days"},
      {"look(matrix, grade, kind, at: 2024-06-01).limit", "none: no_row"},
      {"look(basis, grade, .fire).limit", "(7 days)"},
      {"count(look(basis, .major, .fire))", "1"},
      {"count(look(basis, .low, .school))", "0"},
      {"look(bands, 60).fee", "1 元"},
      {"look(bands, 59.99).fee", "0 元"},
      {"look(bands, 85).fee", "2 元"},
      {"look(bands, 850).fee", "2 元"},
      {"classify(keywords, title).lead", "#12"},
      {"classify(keywords, '食堂退费收费').lead", "#11"},
      {"classify(keywords, '食堂与校车').lead", "none: tie"},
      {"band(phq, phq.total)", ".major"},
      {"count(distinct((word, 'TF-1', title)))", "2"},
      {"word in (.title, 'TF-1')", "yes"},
      {"word = 'TF-1' and starts(word, 'TF')", "yes"},
  };
  compare(cases, COUNT_OF(cases));
}

static void time_and_texts(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"today", "2026-03-02"},
      {"now", "2026-03-02 09:00"},
      {"on + 1 months", "2026-02-28"},
      {"on + 3 workdays", "2026-02-04"},
      {"due - on", "44 days"},
      {"now - created", "1441800 seconds"},
      {"created + 2 workdays", "2026-02-24 17:30"},
      {"created + 4 workhours", "2026-02-14 11:30"},
      {"now - 30 days", "2026-01-31 09:00"},
      {"workdays(on, due)", "27 workdays"},
      {"workdays(on, due) <= 5 workdays", "no"},
      {"max(0 days, today - on)", "30 days"},
      {"age(2015-03-03, today)", "10"},
      {"age(2015-03-02, today)", "11"},
      {"term(today).start", "2026-02-01"},
      {"term(today).end + 1 days", "2026-09-01"},
      {"year(on) = year(today)", "yes"},
      {"year.next", "2027"},
      {"month(today)", "2026-03"},
      {"week(today)", "2026-10"},
      {"school_year(on)", "2025"},
      {"on in year", "yes"},
      {"on in term", "no"},
      {"held_at in slot", "yes"},
      {"slot.to in slot", "no"},
      {"span(on, due).from", "2026-01-31 00:00"},
      {"since(done) > 23 hours and since(done) <= 24 hours", "yes"},
      {"clock(fix).left > 0 minutes and not clock(fix).over", "yes"},
      {"date(clock(fix).due)", "2026-03-13"},
      {"custody.held(this).available - 0.01 元", "949.99 元"},
      {"number + '/' + text(times(close))", "YH2026-00001/2"},
      {"text(fee) + text(grade) + text(on)", "1000 元greater2026-01-31"},
      {"text(school)", "东山一小"},
      {"len(title)", "8"},
      {"contains(title, '校车')", "yes"},
      {"mask('13800138000')", "138****8000"},
      {"mask('张三')", "张*"},
      {"mask('李')", "*"},
      {"has_personal('请拨打13800138000联系')", "yes"},
      {"has_personal('证号11010519491231002X。')", "yes"},
      {"has_personal('订单 20260302000012345')", "no"},
      {"has_personal('卡号 6222020000000000008')", "no"},
      {"has_personal('写信到 a.b@example.org')", "yes"},
      {"has_personal('电话０１０－６５５５５５５５')", "no"},
      {"distance(spot, spot)", "0 m"},
      {"gauge(other.open, school) = 3 处", "yes"},
  };
  compare(cases, COUNT_OF(cases));
}

static void refusals(void **state) {
  (void)state;
  static const struct {
    const char *source;
    int msg;
  } cases[] = {
      {"the(part where task = this)", MSG_eval_several},
      {"the(part where school = actor.unit and task = before)", MSG_eval_none_found},
      {"100000000000000000 * 100000000000000000 * 100000000000000000", MSG_eval_overflow},
      {"1 / 100000000000000000 / 100000000000000000 / 100000000000000000", MSG_eval_overflow},
  };
  AUTO_ARENA mem = {0};
  const struct units *u = toy_units(&mem);
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct value v;
    const struct type *t;
    struct err e = {0};
    assert_false(work_out(&mem, u, cases[i].source, NULL, &v, &t, &e));
    assert_int_equal(e.msg, cases[i].msg);
  }
}

static void the_bound_stops(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct units *u = toy_units(&mem);
  const struct type_env types = toy_types(u);
  const struct eval_env env = toy_values(&mem, u);
  struct expr_fault f = {0};
  struct expr *x = NULL;
  type_faults faults = {0};
  struct type_answer answer;
  struct value v;
  struct err e = {0};
  struct str source = STR("count(parts as p0 where p0.done)");
  for (int i = 1; i < 12; i++)
    source = str_fmt(&mem, "%.*s + count(parts.amount as a%d where a%d is none)", STRA(source), i, i);
  assert_true(expr_parse(&mem, source, &x, &f));
  assert_false(type_check(&mem, x, &types, NULL, &answer, &faults)); /* 230,000 */
  assert_true(eval(&mem, x, &env, answer.cost, NULL, &v, &e));
  assert_false(eval(&mem, x, &env, -40, NULL, &v, &e)); /* a bound of 20 steps */
  assert_int_equal(e.msg, MSG_eval_steps);
}

/* A set of a hundred thousand numbers and nothing else. */
enum { MANY = 100000 };
static bool many_type(const struct type_env *env, struct str name, struct type *out) {
  (void)env;
  *out = (struct type){.kind = KIND_NUMBER, .set = true, .most = MANY, .step = {1, 1}};
  return str_eqz(name, "many");
}
static bool many_values(const struct eval_env *env, struct arena *mem, struct str name, struct value *out,
                        struct err *e) {
  (void)env, (void)name, (void)e;
  struct value *at = arena_new_n(mem, struct value, MANY);
  for (int i = 0; i < MANY; i++) at[i] = value_int(i);
  *out = value_set(at, MANY);
  return true;
}
static void memory_is_bounded(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct units *u = toy_units(&mem);
  const struct type_env types = {.units = u, .budget = 10 * MANY, .global = many_type};
  const struct eval_env env = {.units = u, .calendar = calendar_known(), .global = many_values};
  struct str source = STR("count(many as x where len(text(x) + '");
  for (int i = 0; i < 900; i++) source = str_join(&mem, source, STR("x"));
  source = str_join(&mem, source, STR("') > 3)"));
  struct expr_fault f = {0};
  struct expr *x = NULL;
  type_faults faults = {0};
  struct type_answer answer;
  struct value v;
  struct err e = {0};
  assert_true(expr_parse(&mem, source, &x, &f) && type_check(&mem, x, &types, NULL, &answer, &faults));
  assert_false(eval(&mem, x, &env, answer.cost, NULL, &v, &e));
  assert_int_equal(e.msg, MSG_eval_memory);
}
/* The longest chain that can be read is typed and worked out without trouble. */
static void long_chains(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct units *u = toy_units(&mem);
  struct str source = STR("1");
  while (source.len + 2 <= EXPR_LENGTH_MAX) source = str_join(&mem, source, STR("+1"));
  struct value v;
  const struct type *t;
  struct err e = {0};
  assert_true(work_out(&mem, u, str_z(&mem, source), NULL, &v, &t, &e));
  assert_str(value_show(&mem, u, &v, STR("")), "500");
}

static void explanations(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct units *u = toy_units(&mem);
  struct eval_notes notes = {0};
  const struct eval_env env = toy_values(&mem, u);
  struct value v;
  const struct type *t;
  struct err e = {0};
  assert_true(
      work_out(&mem, u, "fee - paid > look(bands, 60).fee * 2 and count(parts where done) = 2", &notes, &v, &t, &e));
  assert_str(
      eval_explain(&mem, &env, &notes),
      "fee = 1000 元\npaid = 333.33 元\nfee - paid = 666.67 元\nlook(bands, 60) = #2\nlook(bands, 60).fee = 1 元\n"
      "look(bands, 60).fee * 2 = 2 元\nfee - paid > look(bands, 60).fee * 2 = yes\nparts = (#1, #2, #3, #4)\n"
      "count(parts where done) = 2\n"
      "count(parts where done) = 2 = yes\n");
  assert_int_equal(notes.looks.len, 1);
  assert_int_equal(notes.looks.at[0].row->number, 2);
  struct eval_notes words = {0};
  assert_true(work_out(&mem, u, "classify(keywords, title).lead", &words, &v, &t, &e));
  assert_int_equal(words.phrases.len, 2); /* 食堂, 校车的收费: the longest, each place once */
}

static void ways_on_the_ground(void **state) {
  (void)state;
  /* Shanghai to Hangzhou: 165 km by the great circle (haversine, R = 6371008.8 m: 164926 m) */
  const struct spot shanghai = {312304000, 1214737000}, hangzhou = {302741000, 1201551000};
  const int64_t way = spot_distance(shanghai, hangzhou);
  assert_true(way > 164926 - 800 && way < 164926 + 800);
  const struct spot near = {312304000 + 4492, 1214737000}; /* 0.0004492 degrees north: 50 m */
  assert_int_equal(spot_distance(shanghai, near), 50);
  const struct spot west = {0, 1799999000}, east = {0, -1799999000}; /* over the date line */
  assert_int_equal(spot_distance(west, east), 22);
}

UNIT_TESTS(eval) = {
    cmocka_unit_test(missing_travels),
    cmocka_unit_test(numbers),
    cmocka_unit_test(sets),
    cmocka_unit_test(time_and_texts),
    cmocka_unit_test(refusals),
    cmocka_unit_test(codes_and_tables),
    cmocka_unit_test(the_bound_stops),
    cmocka_unit_test(memory_is_bounded),
    cmocka_unit_test(long_chains),
    cmocka_unit_test(explanations),
    cmocka_unit_test(ways_on_the_ground),
};
UNIT_COUNT(eval);
