/* The layout of a declaration: what is quoted and how, what stays on one line, where comments go. */
#include "base/yaml.h"
#include "declare/format.h"
#include "declare/format_tree.h"
#include "unit.h"

static struct str laid_out(struct arena *mem, const char *z) {
  struct faults f = {.mem = mem};
  struct str out;
  if (system_format(&f, STR("x"), str_of(z), &out)) return out;
  return STR("refused");
}
static void same(const char *from, const char *to) {
  AUTO_ARENA mem = {0};
  assert_str(laid_out(&mem, from), to);
}

/* ---- scalars ---- */

static void quotes(void **state) {
  (void)state;
  static const struct {
    const char *text, *block, *flow; /* alone on its line, and between brackets */
  } cases[] = {
      {"a", "a", "a"},
      {"a b，c：d", "a b，c：d", "a b，c：d"},
      {"-2 workdays", "-2 workdays", "-2 workdays"},
      {"- a", "\"- a\"", "\"- a\""},
      {"a, b", "a, b", "\"a, b\""},
      {"x in (.a, .b)", "x in (.a, .b)", "\"x in (.a, .b)\""},
      {"YH{yyyy}-{seq:5}", "YH{yyyy}-{seq:5}", "\"YH{yyyy}-{seq:5}\""},
      {"{number} 已逾期", "\"{number} 已逾期\"", "\"{number} 已逾期\""},
      {"a: b", "\"a: b\"", "\"a: b\""},
      {"a:b", "a:b", "a:b"},
      {"a #b", "\"a #b\"", "\"a #b\""},
      {"a#b", "a#b", "a#b"},
      {"a?", "a?", "\"a?\""},
      {"*", "\"*\"", "\"*\""},
      {"say \"a\"", "say \"a\"", "say \"a\""},
      {"'a'", "\"'a'\"", "\"'a'\""},
      {"\"a\\", "\"\\\"a\\\\\"", "\"\\\"a\\\\\""},
      {" a", "\" a\"", "\" a\""},
      {"null", "\"null\"", "\"null\""},
      {"a\nb", "\"a\\nb\"", "\"a\\nb\""},
      {"", "\"\"", "\"\""},
      {"\xE2\x80\xA8", "\"\\u2028\"", "\"\\u2028\""},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    const struct yaml y = {.text = str_of(cases[i].text), .quoted = true};
    AUTO_BUF block = BUF_MAX(1000), flow = BUF_MAX(1000);
    format_scalar(&block, &y, false);
    format_scalar(&flow, &y, true);
    assert_str(buf_view(&block), cases[i].block);
    assert_str(buf_view(&flow), cases[i].flow);
  }
}
static void missing_stays_missing(void **state) {
  (void)state;
  same("label: \"null\"\nsummary: null\n", "label: \"null\"\nsummary: null\n");
  same("label:\nsummary: ~\n", "label:\nsummary: ~\n");
}

/* ---- lines ---- */

static void order_of_the_table(void **state) {
  (void)state;
  same("version: 1\nsystem: x\ngangmu: 1\n", "gangmu: 1\nsystem: x\nversion: 1\n");
  same("what: 1\nsystem: x\nodd: 2\ngangmu: 1\n", "what: 1\ngangmu: 1\nsystem: x\nodd: 2\n");
  same("menu: {order: 1, group: a}\n", "menu: {group: a, order: 1}\n");
  same("lists: {b: {items: {y: 1, x: 2}}, a: {label: A}}\n", "lists: {b: {items: {y: 1, x: 2}}, a: {label: A}}\n");
}
static void brackets(void **state) {
  (void)state;
  same("rows: [ a,\n  b ]\n", "rows: [a, b]\n");
  same("rows:\n- a\n- b\n", "rows:\n  - a\n  - b\n");
  same("rows: []\nmenu: {}\n", "rows: []\nmenu: {}\n");
  same("menu: {where: x in (.a, .b), order: 1}\n", "menu: {where: x in (.a, .b), order: 1}\n");
}
static void columns(void **state) {
  (void)state;
  same("lists:\n  a: {label: A}\n  long_name: {label: B}\n\n  b: {label: C}\n",
       "lists:\n  a:         {label: A}\n  long_name: {label: B}\n\n  b: {label: C}\n");
  same("lists:\n  a: {label: A}\n  a_name_of_sixteen: {label: B}\n",
       "lists:\n  a: {label: A}\n  a_name_of_sixteen: {label: B}\n");
}
static void sections(void **state) {
  (void)state;
  same("gangmu: 1\nlists:\n  a: {label: A}\nprivacy: {rule: none}\n",
       "gangmu: 1\n\nlists:\n  a: {label: A}\nprivacy: {rule: none}\n");
}

/* ---- comments ---- */

static void comments(void **state) {
  (void)state;
  same("# head\nversion: 1 # v\n# above s\nsystem: x\n# end\n",
       "# head\n# above s\nsystem: x\nversion: 1 # v\n# end\n");
  same("roles:   # who\n  a:\n    at: [b]\n    # end of a\n  # end of roles\nversion: 1\n",
       "version: 1\n\nroles: # who\n  a:\n    at: [b]\n    # end of a\n  # end of roles\n");
  same("rows: [a, # first\n  b]\n", "rows:\n  - a # first\n  - b\n");
  same("summary: \"# none\"\nlabel: a#b\n", "label: a#b\nsummary: \"# none\"\n");
  same("summary: | # c\n  # text\n  more\n", "summary: | # c\n  # text\n  more\n");
}
static void refusals(void **state) {
  (void)state;
  same("- a\n", "refused");
  same("a: &b c\n", "refused");
  same("", "refused");
}

UNIT_TESTS(layout) = {
    cmocka_unit_test(quotes),
    cmocka_unit_test(missing_stays_missing),
    cmocka_unit_test(order_of_the_table),
    cmocka_unit_test(brackets),
    cmocka_unit_test(columns),
    cmocka_unit_test(sections),
    cmocka_unit_test(comments),
    cmocka_unit_test(refusals),
};
UNIT_COUNT(layout);
