/* Any bytes opened as a file: refused with a message, or text whose layers all give back what they were made from. */
#include "base/must.h"
#include "base/utf8.h"
#include "text/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_places(const struct source *s) {
  uint32_t before = 0;
  for (size_t i = 0; i < s->places.len; i++) {
    const struct place *p = &s->places.at[i];
    must(p->at.at >= before && p->at.end >= p->at.at && p->at.end <= s->text.len);
    before = p->at.at;
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  AUTO_ARENA mem = {0};
  struct err e = {0};
  struct source s;
  const struct str bytes = {(const char *)data, size};
  if (size >= 4 && memcmp(data, "%PDF", 4) == 0) return 0; /* another program's work */
  if (!source_open(&mem, STR("fuzz.txt"), bytes, false, &s, &e)) {
    must(e.code != ERR_NONE && e.msg != 0);
    return 0;
  }
  must(utf8_valid(s.text));
  for (int i = 0; i < s.layer_count; i++) must(layer_holds(&mem, &s.layers[i]));
  check_places(&s);
  const struct span whole = source_span(&s, (struct span){0, (uint32_t)s.text.len});
  must(whole.end >= whole.at && (s.layer_count == 0 || whole.end <= s.file.len));
  return 0;
}
