/* All tests of the player of stories (src/cli/scenario_*.c). */
#include "unit.h"

UNIT_FILE(play);
UNIT_FILE(where);

int main(void) {
  cmocka_set_message_output(CM_OUTPUT_TAP);
  return (UNIT_RUN(play) + UNIT_RUN(where)) != 0;
}
