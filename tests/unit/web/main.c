/* All tests of src/web that need no server. */
#include "unit.h"

UNIT_FILE(form);
UNIT_FILE(peer);
UNIT_FILE(route);

int main(void) {
  cmocka_set_message_output(CM_OUTPUT_TAP);
  int failed = 0;
  failed += UNIT_RUN(form);
  failed += UNIT_RUN(peer);
  failed += UNIT_RUN(route);
  return failed != 0;
}
