/* Any bytes as what pdftotext wrote: reader.h says what holds; and no page break or other control character is left. */
#include "reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  AUTO_ARENA mem = {0};
  struct err e = {0};
  struct extract x = {.mem = &mem, .name = STR("fuzz"), .text = BUF_MAX(PLAN_FILE_MAX)};
  const bool is_read = pdf_join(&x, (struct str){(const char *)data, size}, &e);
  for (size_t i = 0; i < x.text.len; i++) must((unsigned char)x.text.at[i] >= ' ' || x.text.at[i] == '\n');
  extract_holds(&x, is_read, &e);
  return 0;
}
