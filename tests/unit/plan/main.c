#include "unit.h"

UNIT_FILE(assign);
UNIT_FILE(correct);
UNIT_FILE(deliverables);
UNIT_FILE(measures);
UNIT_FILE(names);
UNIT_FILE(parties);
UNIT_FILE(quantity);
UNIT_FILE(scan);
UNIT_FILE(structure);
UNIT_FILE(targets);
UNIT_FILE(times);
UNIT_FILE(clean);

int main(void) {
  cmocka_set_message_output(CM_OUTPUT_TAP);
  int failed = UNIT_RUN(assign);
  failed += UNIT_RUN(correct);
  failed += UNIT_RUN(deliverables);
  failed += UNIT_RUN(measures);
  failed += UNIT_RUN(names);
  failed += UNIT_RUN(parties);
  failed += UNIT_RUN(quantity);
  failed += UNIT_RUN(scan);
  failed += UNIT_RUN(structure);
  failed += UNIT_RUN(targets);
  failed += UNIT_RUN(times);
  failed += UNIT_RUN(clean);
  return failed;
}
