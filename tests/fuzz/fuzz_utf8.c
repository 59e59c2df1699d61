/* UTF-8, trimming, dates and decimals over any bytes. */
#include "base/date.h"
#include "base/dec.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  AUTO_ARENA mem = {0};
  const struct str s = {(const char *)data, size};
  const size_t good = utf8_valid_len(s);
  const struct str text = str_slice(s, 0, good);
  size_t count = 0;
  for (size_t i = 0; i < text.len; count++) {
    char out[4];
    const size_t at = i;
    const uint32_t c = utf8_next(text, &i);
    must(i > at && i <= text.len && utf8_put(out, c) == i - at && memcmp(out, text.at + at, i - at) == 0);
    must(utf8_back(text, i) == at);
  }
  must(count == utf8_count(text));
  const struct str trimmed = str_trim(s);
  must(trimmed.len <= s.len);
  struct date d;
  struct dec n, again;
  if (date_parse(s, 2026, &d)) must(date_valid(d));
  if (dec_parse(s, &n)) must(dec_parse(dec_text(&mem, n), &again) && dec_eq(n, again));
  return 0;
}
