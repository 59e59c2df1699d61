/* All tests of src/engine/register that need no store. */
#include "unit.h"

UNIT_FILE(codes);
UNIT_FILE(org);

int main(void) {
  cmocka_set_message_output(CM_OUTPUT_TAP);
  int failed = 0;
  failed += UNIT_RUN(codes);
  failed += UNIT_RUN(org);
  return failed != 0;
}
