/* Any bytes as an HTML page: reader.h says what holds. */
#include "reader.h"
#include "text/extract.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  text_reader_holds(html_read, (struct str){(const char *)data, size});
  return 0;
}
