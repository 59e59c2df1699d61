/* All tests of src/declare. */
#include "unit.h"

UNIT_FILE(base_known);
UNIT_FILE(calendar);
UNIT_FILE(eval);
UNIT_FILE(layout);
UNIT_FILE(number);
UNIT_FILE(expr);
UNIT_FILE(type);
UNIT_FILE(value);
UNIT_FILE(value_read);

int main(void) {
  cmocka_set_message_output(CM_OUTPUT_TAP);
  int failed = 0;
  failed += UNIT_RUN(expr);
  failed += UNIT_RUN(layout);
  failed += UNIT_RUN(number);
  failed += UNIT_RUN(value);
  failed += UNIT_RUN(value_read);
  failed += UNIT_RUN(type);
  failed += UNIT_RUN(eval);
  failed += UNIT_RUN(calendar);
  failed += UNIT_RUN(base_known);
  return failed != 0;
}
