/* Any bytes as the members of a DOCX: reader.h says what holds. */
#include "reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char *const names[] = {"word/document.xml", "word/numbering.xml", "word/styles.xml",
                                      "word/_rels/document.xml.rels"};
  package_reader_holds(SOURCE_DOCX, names, COUNT_OF(names), (struct str){(const char *)data, size});
  return 0;
}
