/* All tests of src/engine/account. */
#include "unit.h"

UNIT_FILE(totp);
UNIT_FILE(rules);
UNIT_FILE(roles);

int main(void) {
  cmocka_set_message_output(CM_OUTPUT_TAP);
  int failed = 0;
  failed += UNIT_RUN(totp);
  failed += UNIT_RUN(rules);
  failed += UNIT_RUN(roles);
  return failed != 0;
}
