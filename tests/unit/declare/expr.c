/* Reading and writing of expressions: binding, places of faults, the one way to write, every expression of the examples. */
#include "declare/expr.h"

#include "../../expr_same.h"
#include "base/file.h"
#include "base/utf8.h"
#include "base/yaml.h"
#include "texts.h"
#include "unit.h"

static struct expr *read(struct arena *mem, const char *z) {
  struct expr_fault f = {0};
  struct expr *x = NULL;
  if (expr_parse(mem, str_of(z), &x, &f)) return x;
  const struct str says = msg_text(mem, LANG_EN, f.msg, f.args, f.arg_count);
  fail_msg("%s: %d-%d: " STRF, z, f.from, f.to, STRA(says));
  return NULL;
}

/* Every part in brackets, so that the shape of the tree can be compared. */
static struct str shape(struct arena *mem, const struct expr *x) {
  static const char *const ops[] = {
      "or", "and", "=", "!=", "<", "<=", ">", ">=", "in", "not in", "+", "-", "*", "/", "div", "mod"};
  if (x->kind == EXPR_BOTH)
    return str_fmt(mem, "[" STRF " %s " STRF "]", STRA(shape(mem, x->a)), ops[x->op], STRA(shape(mem, x->b)));
  if (x->kind == EXPR_NOT || x->kind == EXPR_MINUS)
    return str_fmt(mem, "[%s " STRF "]", x->kind == EXPR_NOT ? "not" : "-", STRA(shape(mem, x->a)));
  if (x->kind == EXPR_IS_NONE || x->kind == EXPR_IS_SOME)
    return str_fmt(mem, "[" STRF " %s]", STRA(shape(mem, x->a)), x->kind == EXPR_IS_NONE ? "none?" : "some?");
  return expr_text(mem, x);
}

static void binding(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"a + b * c", "[a + [b * c]]"},
      {"a - b - c", "[[a - b] - c]"},
      {"a / b * c", "[[a / b] * c]"},
      {"a div b mod c", "[[a div b] mod c]"},
      {"-a * b", "[[- a] * b]"},
      {"a - -b", "[a - [- b]]"},
      {"not a = b", "[not [a = b]]"},
      {"not a and b", "[[not a] and b]"},
      {"a or b and c", "[a or [b and c]]"},
      {"a or not b or c", "[[a or [not b]] or c]"},
      {"a + b < c * d and e", "[[[a + b] < [c * d]] and e]"},
      {"a is none or b is not none", "[[a none?] or [b some?]]"},
      {"a not in (.x, .y)", "[a not in (.x, .y)]"},
      {"(a or b) and c", "[[a or b] and c]"},
      {"a - (b - c)", "[a - [b - c]]"},
  };
  AUTO_ARENA mem = {0};
  for (size_t i = 0; i < COUNT_OF(cases); i++) assert_str(shape(&mem, read(&mem, cases[i][0])), cases[i][1]);
}

static void one_way_to_write(void **state) {
  (void)state;
  static const char *const cases[][2] = {
      {"a+b", "a + b"},
      {"((a)) and (b or c)", "a and (b or c)"},
      {"(a and b) or c", "a and b or c"},
      {"not (a = b)", "not a = b"},
      {"(not a) = b", "(not a) = b"},
      {"count( xs as e where e.a>1 by e.b )", "count(xs as e where e.a > 1 by e.b)"},
      {"(xs where c).total", "(xs where c).total"},
      {"(if a then b else c) + 1", "(if a then b else c) + 1"},
      {"if a then b else (if c then d else e)", "if a then b else if c then d else e"},
      {"sum(p.x for p in (xs where y))", "sum(p.x for p in xs where y)"},
      {"look(t, .k, at:d).fix", "look(t, .k, at: d).fix"},
      {"0.10", "0.1"},
      {"20 %", "20%"},
      {"125g", "125 g"},
      {"3 元/kg", "3 元/kg"},
      {"3 元/x(1)", "3 元 / x(1)"},
      {"\"it's\"", "\"it's\""},
      {"\"x\"", "'x'"},
      {"2026-03-02+5 days", "2026-03-02 + 5 days"},
      {"(5 元).x", "(5 元).x"},
      {"()", "()"},
      {"-(-a)", "--a"},
      {"a - (b + c)", "a - (b + c)"},
      {"(a * b) / c", "a * b / c"},
      {"custody.held( this ).available", "custody.held(this).available"},
  };
  AUTO_ARENA mem = {0};
  for (size_t i = 0; i < COUNT_OF(cases); i++) assert_str(expr_text(&mem, read(&mem, cases[i][0])), cases[i][1]);
}

static void parts_know_their_places(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct expr *x = read(&mem, "  (a + bb) * f(c).d ");
  assert_int_equal(x->from, 2);
  assert_int_equal(x->to, 19);
  assert_int_equal(x->a->from, 2);
  assert_int_equal(x->a->to, 10);
  assert_int_equal(x->a->b->from, 7);
  assert_int_equal(x->a->b->to, 9);
  assert_int_equal(x->b->from, 13);
  assert_int_equal(x->b->a->to, 17);
}

static void faults_are_exact(void **state) {
  (void)state;
  static const struct {
    const char *source;
    int msg, from, to;
  } cases[] = {
      {"", MSG_expr_empty, 0, 0},
      {"   ", MSG_expr_empty, 0, 3},
      {"if a b else c", MSG_expr_expected, 5, 6},
      {"if a then b", MSG_expr_expected_end, 11, 11},
      {"a < b < c", MSG_expr_chain, 6, 7},
      {"a = b is none", MSG_expr_chain, 6, 8},
      {"a is b", MSG_expr_expected, 5, 6},
      {"a +", MSG_expr_value_end, 3, 3},
      {"a + and", MSG_expr_value, 4, 7},
      {"a = not b", MSG_expr_wrap, 4, 7},
      {"1 + if a then b else c", MSG_expr_wrap, 4, 6},
      {"a b", MSG_expr_more, 2, 3},
      {"a)", MSG_expr_more, 1, 2},
      {"f(a, b", MSG_expr_bracket, 1, 2},
      {"(a", MSG_expr_bracket, 0, 1},
      {"x + (", MSG_expr_bracket, 4, 5},
      {"f(a b)", MSG_expr_expected, 4, 5},
      {"f(a,)", MSG_expr_value, 4, 5},
      {"f(x: 1)", MSG_expr_named, 2, 3},
      {"f(at: 1, 2)", MSG_expr_expected, 7, 8},
      {"a.", MSG_expr_name_end, 2, 2},
      {"a.5", MSG_expr_number, 1, 3},
      {"a. 5", MSG_expr_name, 3, 4},
      {".none", MSG_expr_reserved, 1, 5},
      {"a.by", MSG_expr_reserved, 2, 4},
      {"xs as if where b", MSG_expr_reserved, 6, 8},
      {"1e3", MSG_expr_number, 0, 3},
      {"1_000", MSG_expr_number, 0, 5},
      {"x + 1_000 + y", MSG_expr_number, 4, 9},
      {".5", MSG_expr_number, 0, 2},
      {"010", MSG_expr_number, 0, 3},
      {"max(1,000)", MSG_expr_number, 6, 9},
      {"2026-03", MSG_expr_number, 5, 7},
      {"1.", MSG_expr_number, 0, 2},
      {"1.2.3", MSG_expr_number, 0, 5},
      {"0x1F", MSG_expr_number, 0, 4},
      {"1234567890123456789012", MSG_expr_number_long, 0, 22},
      {"2026-02-30", MSG_expr_date, 0, 10},
      {"2026-02-031", MSG_expr_date, 0, 11},
      {"'abc", MSG_expr_quote, 0, 4},
      {"'a\nb'", MSG_expr_quote, 0, 2},
      {"Ab", MSG_expr_capital, 0, 2},
      {"a = 学校", MSG_expr_han, 4, 10},
      {"a == b", MSG_expr_sign, 2, 4},
      {"a <> b", MSG_expr_sign, 2, 4},
      {"f（a）", MSG_expr_sign, 1, 4},
      {"a ≥ b", MSG_expr_sign, 2, 5},
      {"a && b", MSG_expr_sign, 2, 4},
      {"!a", MSG_expr_sign, 0, 1},
      {"a ; b", MSG_expr_character, 2, 3},
      {"a\tb", MSG_expr_character, 1, 2},
      {"a \xff", MSG_expr_utf8, 2, 3},
      {"a.b.c.d.e.f.g.h", MSG_expr_path, 0, 15},
      {"(a.b.c).d.e.f.g.h", MSG_expr_path, 0, 17},
  };
  AUTO_ARENA mem = {0};
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    struct expr_fault f = {0};
    struct expr *x = NULL;
    const char *source = cases[i].source;
    if (expr_parse(&mem, str_of(source), &x, &f)) fail_msg("%s is read", source);
    if (f.msg != cases[i].msg || f.from != cases[i].from || f.to != cases[i].to)
      fail_msg("%s: %s %d-%d", source, msg_key(f.msg), f.from, f.to);
    for (enum lang lang = 0; lang < LANG_COUNT; lang++)
      assert_true(str_find(msg_text(&mem, lang, f.msg, f.args, f.arg_count), STR("{")) == STR_NONE);
  }
}

static struct str repeat(struct arena *mem, const char *z, int times) {
  struct str s = {0};
  for (int i = 0; i < times; i++) s = str_join(mem, s, str_of(z));
  return s;
}

static void ceilings(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct expr_fault f = {0};
  struct expr *x = NULL;
  static const char *const opening[] = {"(", "f(", "not ", "-", "if a then b else "};
  for (size_t i = 0; i < COUNT_OF(opening); i++) {
    const struct str deep = str_join(&mem, repeat(&mem, opening[i], EXPR_DEPTH_MAX + 1), STR("a"));
    assert_false(expr_parse(&mem, deep, &x, &f));
    assert_int_equal(f.msg, MSG_expr_deep);
  }
  assert_true(
      expr_parse(&mem, str_join(&mem, repeat(&mem, "a or ", 198), STR("a or b")), &x, &f)); /* a chain is not deep */
  assert_false(expr_parse(&mem, repeat(&mem, "a", EXPR_LENGTH_MAX + 1), &x, &f));
  assert_int_equal(f.msg, MSG_expr_long);
  const struct str han = str_fmt(&mem, "'" STRF "'", STRA(repeat(&mem, "学", EXPR_LENGTH_MAX - 2)));
  assert_true(expr_parse(&mem, han, &x, &f)); /* characters count, not bytes */
}

/* ---- random trees ---- */

static uint32_t next_random(uint32_t *seed) { return *seed = *seed * 1664525u + 1013904223u; }
static unsigned pick(uint32_t *seed, unsigned n) { return (next_random(seed) >> 16) % n; }
static struct expr *grow(struct arena *mem, uint32_t *seed, int depth);

static void grow_list(struct arena *mem, uint32_t *seed, struct expr *x, unsigned least, int depth) {
  for (unsigned n = least + pick(seed, 2); n; n--) vec_push(mem, &x->args) = grow(mem, seed, depth);
}
static void grow_leaf(uint32_t *seed, struct expr *x) {
  static const enum expr_kind leaves[] = {EXPR_NUMBER, EXPR_TEXT, EXPR_DATE, EXPR_CODE,
                                          EXPR_YES,    EXPR_NO,   EXPR_NONE, EXPR_NAME};
  static const struct str names[] = {STR_INIT("a"), STR_INIT("b_2"), STR_INIT("state"), STR_INIT("order")};
  static const struct str units[] = {
      {0}, STR_INIT("%"), STR_INIT("元"), STR_INIT("元/kg"), STR_INIT("workdays"), STR_INIT("m²")};
  x->kind = leaves[pick(seed, COUNT_OF(leaves))];
  if (x->kind == EXPR_NAME || x->kind == EXPR_CODE) x->text = names[pick(seed, COUNT_OF(names))];
  if (x->kind == EXPR_TEXT) x->text = pick(seed, 2) ? STR("it's") : STR("say \"no\"");
  if (x->kind == EXPR_DATE) x->date = date_of_days((int32_t)pick(seed, 20000));
  if (x->kind == EXPR_NUMBER) {
    x->number = (struct dec){pick(seed, 20000), (uint8_t)pick(seed, 4)};
    x->unit = units[pick(seed, COUNT_OF(units))];
  }
}
static void grow_inner(struct arena *mem, uint32_t *seed, struct expr *x, int depth) {
  static const enum expr_kind kinds[] = {EXPR_PATH, EXPR_CALL,  EXPR_SET,  EXPR_MINUS,  EXPR_NOT,
                                         EXPR_BOTH, EXPR_BOTH,  EXPR_BOTH, EXPR_BOTH,   EXPR_IS_NONE,
                                         EXPR_IF,   EXPR_QUERY, EXPR_EACH, EXPR_IS_SOME};
  x->kind = kinds[pick(seed, COUNT_OF(kinds))];
  if (x->kind != EXPR_CALL && x->kind != EXPR_SET) x->a = grow(mem, seed, depth);
  if (x->kind == EXPR_PATH || x->kind == EXPR_EACH || (x->kind == EXPR_QUERY && pick(seed, 2))) x->text = STR("name");
  if (x->kind == EXPR_CALL) {
    x->text = STR("look");
    if (pick(seed, 2)) x->a = grow(mem, seed, 0);
    grow_list(mem, seed, x, 0, depth);
    if (!pick(seed, 4)) x->b = grow(mem, seed, depth);
  }
  if (x->kind == EXPR_SET) grow_list(mem, seed, x, 2, depth);
  if (x->kind == EXPR_BOTH) x->op = (enum expr_op)pick(seed, OP_MOD + 1);
  const bool two =
      x->kind == EXPR_BOTH || x->kind == EXPR_IF || x->kind == EXPR_EACH || (x->kind == EXPR_QUERY && !x->text.len);
  if (two) x->b = grow(mem, seed, depth);
  if (x->kind == EXPR_IF || (x->kind == EXPR_QUERY && pick(seed, 2))) x->c = grow(mem, seed, depth);
}
static struct expr *grow(struct arena *mem, uint32_t *seed, int depth) {
  struct expr *x = arena_new(mem, struct expr);
  if (depth <= 0 || !pick(seed, 5)) grow_leaf(seed, x);
  else grow_inner(mem, seed, x, depth - 1);
  return x;
}

static void what_is_written_is_read(void **state) {
  (void)state;
  uint32_t seed = 7;
  int read_again = 0;
  for (int i = 0; i < 20000; i++) {
    AUTO_ARENA mem = {0};
    const struct expr *x = grow(&mem, &seed, 1 + i % 4);
    const struct str text = expr_text(&mem, x);
    if (utf8_count(text) > EXPR_LENGTH_MAX) continue;
    struct expr_fault f = {0};
    struct expr *y = NULL;
    if (!expr_parse(&mem, text, &y, &f)) fail_msg(STRF ": %s %d-%d", STRA(text), msg_key(f.msg), f.from, f.to);
    if (!expr_same(x, y)) fail_msg(STRF " is read as " STRF, STRA(text), STRA(expr_text(&mem, y)));
    assert_true(str_eq(expr_text(&mem, y), text));
    read_again++;
  }
  assert_true(read_again > 15000);
}

/* ---- the examples ---- */

static bool is_one_of(struct str key, const char *list) {
  AUTO_ARENA mem = {0};
  return key.len && str_find(str_of(list), str_fmt(&mem, " " STRF " ", STRA(key))) != STR_NONE;
}
/* A scalar that the language reads as an expression; labels that happen to stand under such a key are Chinese. */
static bool is_expression(const struct yaml *y, const struct yaml *parent) {
  if (y->kind != YAML_SCALAR || !y->text.len || is_han(utf8_at(y->text, 0))) return false;
  if (is_one_of(parent->key, " set with fixed fields ")) return true;
  if (is_one_of(parent->key, " do each ") && is_one_of(y->key, " in on ")) return true;
  if (is_one_of(parent->key, " task ") && is_one_of(y->key, " unit ")) return true;
  return is_one_of(y->key,
                   " when must value where default done fails while sum distinct due avoid closing lines scope into "
                   "holders limit until asks key amount ");
}
static void read_all(struct arena *mem, const char *path, const struct yaml *y, int *io_count) {
  for (const struct yaml *c = y->child; c; c = c->next) {
    read_all(mem, path, c, io_count);
    if (!is_expression(c, y)) continue;
    struct expr_fault f = {0};
    struct expr *x = NULL, *again = NULL;
    if (!expr_parse(mem, c->text, &x, &f))
      fail_msg("%s:%d: " STRF ": %s %d-%d", path, c->line, STRA(c->text), msg_key(f.msg), f.from, f.to);
    const struct str text = expr_text(mem, x);
    assert_true(expr_parse(mem, text, &again, &f) && expr_same(x, again));
    ++*io_count;
  }
}
static void examples_are_read(void **state) {
  (void)state;
  static const char *const files[] = {"systems/building/system",
                                      "systems/certify/system",
                                      "systems/hazard/system",
                                      "systems/hotline/system",
                                      "systems/mind/system",
                                      "systems/prepaid/system",
                                      "drafts/aid",
                                      "drafts/canteen",
                                      "drafts/credits",
                                      "drafts/duty",
                                      "drafts/proposals",
                                      "drafts/random_check",
                                      "drafts/venues",
                                      "drafts/visits"};
  AUTO_ARENA mem = {0};
  int count = 0;
  for (size_t i = 0; i < COUNT_OF(files); i++) {
    struct err e = {0};
    struct str text;
    struct yaml *root = NULL;
    const struct str path = str_fmt(&mem, "../shared/examples/%s.yaml", files[i]);
    if (!file_read(&mem, path, 1 << 20, &text, &e)) skip(); /* a tree without its neighbours */
    assert_true(yaml_parse(&mem, path, text, &root, &e));
    read_all(&mem, files[i], root, &count);
  }
  assert_true(count > 640);
}

static void reserved_words(void **state) {
  (void)state;
  static const char *const words[] = {"and", "as", "by",   "div", "else", "for",  "if",    "in", "is",
                                      "mod", "no", "none", "not", "or",   "then", "where", "yes"};
  for (size_t i = 0; i < COUNT_OF(words); i++) assert_true(expr_reserved(str_of(words[i])));
  assert_false(expr_reserved(STR("this")) || expr_reserved(STR("at")) || expr_reserved(STR("")));
}

UNIT_TESTS(expr) = {
    cmocka_unit_test(binding),          cmocka_unit_test(one_way_to_write),  cmocka_unit_test(parts_know_their_places),
    cmocka_unit_test(faults_are_exact), cmocka_unit_test(ceilings),          cmocka_unit_test(what_is_written_is_read),
    cmocka_unit_test(reserved_words),   cmocka_unit_test(examples_are_read),
};
UNIT_COUNT(expr);
