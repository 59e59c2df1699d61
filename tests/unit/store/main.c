/* All tests of src/store. */
#include "unit.h"

UNIT_FILE(sqlite);
UNIT_FILE(event);

int main(void) {
  cmocka_set_message_output(CM_OUTPUT_TAP);
  int failed = 0;
  failed += UNIT_RUN(sqlite);
  failed += UNIT_RUN(event);
  return failed != 0;
}
