/* Any question, and any text as a question to itself: words lie in order inside the text, what the engines are given holds
 * nothing but words and the signs it is built of, marks lie inside and apart, and a text is found by its own words. */
#include "base/utf8.h"
#include "store/search_words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Quotes come in pairs, and outside of them there is only what joins phrases. */
static void expression_holds(struct str s, char quote, const char *between) {
  bool inside = false;
  for (size_t i = 0; i < s.len; i++) {
    const char c = s.at[i];
    if (c == quote) inside = !inside;
    else if (inside) must(c != '\\' && c != '*' && c != ':' && c != '%' && c != '_');
    else must(strchr(between, c) != NULL);
  }
  must(!inside && s.len);
}
static void words_hold(const search_words *words, struct str text) {
  uint32_t before = 0;
  vec_each(const struct search_word, w, words) {
    must(w->at >= before && w->end > w->at && w->end <= text.len && w->word.len);
    must(utf8_valid(w->word));
    before = w->end;
  }
}
static void marks_hold(struct arena *mem, const struct search_asked *q, struct str text) {
  search_spans marks = {0};
  search_mark(mem, q, text, &marks);
  must(marks.len <= SEARCH_MARKS_MAX);
  for (size_t i = 0; i < marks.len; i++) {
    must(marks.at[i].end > marks.at[i].at && marks.at[i].end <= text.len);
    must(!i || marks.at[i].at > marks.at[i - 1].end);
  }
  must(marks.len || !q->count); /* it holds its own words */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  AUTO_ARENA mem = {0};
  const struct str text = {(const char *)data, size};
  struct search_asked q;
  struct err e = {0};
  if (!search_parse(&mem, text, &q, &e)) {
    must(e.code == ERR_INVALID && e.msg);
    return 0;
  }
  must(q.count <= SEARCH_PHRASES_MAX);
  for (size_t i = 0; i < q.count; i++) must(q.phrases[i].len);
  search_words words = {0};
  search_cut(&mem, text, &words);
  words_hold(&words, text);
  if (q.count) {
    expression_holds(search_match(&mem, &q, STR("plan")), '"', " AND*");
    expression_holds(search_tsquery(&mem, &q, STR("plan")), '\'', " &:*");
  }
  const struct search_row row = {STR("plan"), STR("p"), STR(""), text, text};
  expression_holds(search_grams(&mem, &row), '\'', " ");
  must(utf8_valid(search_line(&mem, &row)));
  marks_hold(&mem, &q, text);
  return 0;
}
