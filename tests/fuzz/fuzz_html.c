/* Any valid UTF-8 through the reader: the layer gives the input back, the text is UTF-8, the places lie in order. */
#include "base/must.h"
#include "base/utf8.h"
#include "text/extract.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  AUTO_ARENA mem = {0};
  const struct str text = {(const char *)data, size};
  if (!utf8_valid(text)) return 0;
  struct layer l;
  place_list places = {0};
  must(html_read(&mem, text, &l, &places));
  must(layer_holds(&mem, &l) && utf8_valid(l.out));
  uint32_t before = 0;
  vec_each(const struct place, p, &places) {
    must(p->at.at >= before && p->at.end >= p->at.at && p->at.end <= l.out.len);
    before = p->at.at;
  }
  return 0;
}
