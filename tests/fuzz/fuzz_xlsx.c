/* Any bytes as the members of an XLSX: reader.h says what holds. */
#include "reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char *const names[] = {"xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml",
                                      "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"};
  package_reader_holds(SOURCE_XLSX, names, COUNT_OF(names), (struct str){(const char *)data, size});
  return 0;
}
