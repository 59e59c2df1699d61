/* Opening bytes in a test: the text or the message of the refusal, and the laws every source keeps. */
#ifndef UNIT_TEXT_OPEN_H
#define UNIT_TEXT_OPEN_H
#include "base/must.h"
#include "text/source.h"
#include "unit.h"

static inline struct source open_ok(struct arena *mem, const char *name, struct str bytes) {
  struct source s = {0};
  struct err e = {0};
  if (!source_open(mem, str_of(name), bytes, false, &s, &e)) {
    const struct str says = err_says(mem, LANG_EN, &e);
    fail_msg("refused: %.*s", STRA(says));
  }
  for (int i = 0; i < s.layer_count; i++) assert_true(layer_holds(mem, &s.layers[i]));
  return s;
}

static inline int open_refused(struct arena *mem, const char *name, struct str bytes) {
  struct source s = {0};
  struct err e = {0};
  assert_false(source_open(mem, str_of(name), bytes, false, &s, &e));
  assert_int_not_equal(e.code, ERR_NONE);
  assert_int_not_equal(e.hint, 0);
  return e.msg;
}

/* The bytes of the file that the first `words` of the text came from. */
static inline struct str file_part(const struct source *s, const char *words) {
  const size_t at = str_find(s->text, str_of(words));
  if (at == STR_NONE) fail_msg("no %s in the text", words);
  const struct span span = source_span(s, (struct span){(uint32_t)at, (uint32_t)(at + strlen(words))});
  return str_slice(s->file, span.at, span.end);
}
#endif
