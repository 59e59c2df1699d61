/* All tests of src/base. */
#include "unit.h"

UNIT_FILE(str);
UNIT_FILE(memory);
UNIT_FILE(number);
UNIT_FILE(text);
UNIT_FILE(format);
UNIT_FILE(file);
UNIT_FILE(seal);

int main(void) {
  cmocka_set_message_output(CM_OUTPUT_TAP);
  int failed = 0;
  failed += UNIT_RUN(str);
  failed += UNIT_RUN(memory);
  failed += UNIT_RUN(number);
  failed += UNIT_RUN(text);
  failed += UNIT_RUN(format);
  failed += UNIT_RUN(file);
  failed += UNIT_RUN(seal);
  return failed != 0;
}
