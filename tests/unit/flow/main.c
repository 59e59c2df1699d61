/* All tests of src/engine/flow. */
#include "unit.h"

UNIT_FILE(clock);

int main(void) {
  cmocka_set_message_output(CM_OUTPUT_TAP);
  int failed = 0;
  failed += UNIT_RUN(clock);
  return failed != 0;
}
