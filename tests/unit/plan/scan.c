/* What is found in one pass: the words of the lexicon, and the signs. */
#include "base/utf8.h"
#include "engine/plan/plan.h"
#include "unit.h"

static struct plan scanned(struct arena *mem, struct str text) {
  struct plan p = {.mem = mem, .folded = text};
  p.options.lexicon = lexicon_default();
  plan_scan(&p);
  return p;
}

static const char *const texts[] = {
    "",
    "一",
    "（一）新建、改扩建中小学校12,345所，认定省级示范园3.5万个；到2026年底，全市“双减”《办法》落实率达100%。",
    "全覆盖。\n2.某某区×月×日",
    "〇𠀀国家级高水平专业群\t１２、1,2 xx**__",
};

/* The scan gives the words of its groups that a look at every place gives, the longest first. */
static void finds_every_word(void **state) {
  (void)state;
  for (size_t t = 0; t < COUNT_OF(texts); t++) {
    AUTO_ARENA mem = {0};
    const struct plan p = scanned(&mem, str_of(texts[t]));
    size_t h = 0;
    for (size_t at = 0; at < p.folded.len; (void)utf8_next(p.folded, &at))
      for (size_t len = p.folded.len - at; len > 0; len--) {
        const struct lex_word *w = lexicon_at(p.options.lexicon, str_slice(p.folded, at, at + len), 0, LEX_WALKED);
        if (!w || w->text.len != len) continue;
        assert_true(h < p.hits.len);
        assert_int_equal(p.hits.at[h].at, at);
        assert_int_equal(p.hits.at[h++].len, len);
      }
    assert_int_equal(h, p.hits.len);
    for (uint32_t at = 0; at <= p.folded.len; at++) {
      const size_t first = lex_first(&p.hits, at);
      assert_true(first == p.hits.len || p.hits.at[first].at >= at);
      assert_true(first == 0 || p.hits.at[first - 1].at < at);
    }
  }
}

static void finds_signs_by_place(void **state) {
  (void)state;
  for (size_t t = 0; t < COUNT_OF(texts); t++) {
    AUTO_ARENA mem = {0};
    const struct plan p = scanned(&mem, str_of(texts[t]));
    for (uint32_t at = 0; at <= p.folded.len; at++) {
      const struct sign *s = sign_from(&p.signs, at);
      assert_true(s->at >= at);
      assert_true(s == p.signs.at || s[-1].at < at);
      assert_true(s->at == UINT32_MAX || s->c == utf8_at(p.folded, s->at));
    }
  }
}

static void tells_signs_apart(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct plan p = scanned(&mem, STR("甲，1,234所（‘乙’）：三；丙。\nx"));
  static const uint8_t kinds[] = {SIGN_COMMA, SIGN_DIGIT,   SIGN_OPEN,      SIGN_QUOTE, SIGN_QUOTE, SIGN_CLOSE,
                                  SIGN_COLON, SIGN_NUMERAL, SIGN_SEMICOLON, SIGN_STOP,  SIGN_LINE,  SIGN_OTHER};
  assert_int_equal(p.signs.len, COUNT_OF(kinds) + 1);
  size_t k = 0;
  for (size_t i = 0; i < p.signs.len; i++)
    if (i != 2) assert_int_equal(p.signs.at[i].kind, kinds[k++]);
  assert_int_equal(p.signs.at[2].c, '2'); /* behind the comma a run begins */
  assert_int_equal(sign_turn(&p.signs.at[3]), 1);
  assert_int_equal(p.signs.at[p.signs.len].at, UINT32_MAX);
}

UNIT_TESTS(scan) = {
    cmocka_unit_test(finds_every_word),
    cmocka_unit_test(finds_signs_by_place),
    cmocka_unit_test(tells_signs_apart),
};
UNIT_COUNT(scan);
