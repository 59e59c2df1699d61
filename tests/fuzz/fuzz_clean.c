/* Cleaning on any valid UTF-8: nothing is lost, the result is text, the fold keeps its length. */
#include "base/utf8.h"
#include "engine/plan/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  AUTO_ARENA mem = {0};
  struct str text = {(const char *)data, size};
  text.len = utf8_valid_len(text);
  struct plan p = {.mem = &mem, .source = {.text = text}, .options = {.lexicon = lexicon_default()}};
  struct err e = {0};
  must(plan_clean(&p, &e));
  must(layer_holds(&mem, &p.cleaning));
  must(utf8_valid(p.clean) && utf8_valid(p.folded) && p.folded.len == p.clean.len);
  for (uint32_t at = 0; at + 1 < p.clean.len && at < 4096; at += 7) {
    const struct span s = layer_in_span(&p.cleaning, (struct span){at, at + 1});
    must(s.at <= s.end && s.end <= size);
  }
  return 0;
}
