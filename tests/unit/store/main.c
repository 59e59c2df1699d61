/* All tests of src/store: on SQLite, and on PostgreSQL when tests/run has started a cluster. */
#include "scratch.h"
#include "unit.h"

UNIT_FILE(store);
UNIT_FILE(event);
UNIT_FILE(copy);
UNIT_FILE(list);
UNIT_FILE(tamper);
UNIT_FILE(anchor);
UNIT_FILE(reseal);
UNIT_FILE(unit_path);
UNIT_FILE(compose);
UNIT_FILE(declared);
UNIT_FILE(search);
UNIT_FILE(journal);
UNIT_FILE(full);

/* house: allow mutable - set between the runs */
const char *scratch_cluster;

int main(void) {
  const char *cluster = getenv("GANGMU_TEST_PG");
  cmocka_set_message_output(CM_OUTPUT_TAP);
  int failed = 0;
  for (int i = 0; i < (cluster && *cluster ? 2 : 1); i++) {
    scratch_cluster = i ? cluster : NULL;
    failed += UNIT_RUN(store);
    failed += UNIT_RUN(event);
    failed += UNIT_RUN(copy);
    failed += UNIT_RUN(list);
    failed += UNIT_RUN(tamper);
    failed += UNIT_RUN(anchor);
    failed += UNIT_RUN(reseal);
    failed += UNIT_RUN(unit_path);
    failed += UNIT_RUN(compose);
    failed += UNIT_RUN(declared);
    failed += UNIT_RUN(search);
    failed += UNIT_RUN(journal);
    failed += UNIT_RUN(full);
  }
  return failed != 0;
}
