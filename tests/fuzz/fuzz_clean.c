/* Cleaning on any valid UTF-8: nothing is lost, the same text gives the same layer, the result and its fold are UTF-8 of
 * one length, and places keep their order. That a cleaned document stays as it is, is a law of documents, not of any
 * bytes: tests/property/clean.c. */
#include "base/utf8.h"
#include "engine/plan/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CLEAN_MAX = 1 << 16 };

static struct plan cleaned(struct arena *mem, struct str text) {
  struct plan p = {.mem = mem, .source = {.text = text}, .options = {.lexicon = lexicon_default()}};
  struct err e = {0};
  must(plan_clean(&p, &e));
  return p;
}

static void check_places(const struct layer *l) {
  uint32_t before = 0;
  for (uint32_t at = 0; at < l->out.len; at += 7) {
    const struct span s = layer_in_span(l, (struct span){at, at + 1});
    must(s.at <= s.end && s.end <= l->in.len);
    must(s.at >= before || s.end >= before);
    before = s.at;
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  AUTO_ARENA mem = {0};
  const struct str text = {(const char *)data, size};
  if (size > CLEAN_MAX || !utf8_valid(text)) return 0;
  const struct plan one = cleaned(&mem, text), two = cleaned(&mem, text);
  must(layer_holds(&mem, &one.cleaning));
  must(str_eq(one.clean, two.clean) && one.cleaning.edits.len == two.cleaning.edits.len);
  must(utf8_valid(one.clean) && utf8_valid(one.folded) && one.folded.len == one.clean.len);
  check_places(&one.cleaning);
  return 0;
}
