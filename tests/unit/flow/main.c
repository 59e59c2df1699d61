/* All tests of src/engine/flow: on SQLite, and on PostgreSQL when tests/run has started a cluster. */
#include <stdlib.h>

#include "../store/scratch.h"

UNIT_FILE(clock);
UNIT_FILE(env);
UNIT_FILE(acts);
UNIT_FILE(rounds);
UNIT_FILE(lines);
UNIT_FILE(keep);
UNIT_FILE(measure);
UNIT_FILE(facts);
UNIT_FILE(jobs);
UNIT_FILE(merge);
UNIT_FILE(papers);
UNIT_FILE(rounds_model);
UNIT_FILE(sealed);
UNIT_FILE(night);
UNIT_FILE(refusals);
UNIT_FILE(upgrade);

/* house: allow mutable - set between the runs */
const char *scratch_cluster;

int main(void) {
  const char *cluster = getenv("GANGMU_TEST_PG");
  cmocka_set_message_output(CM_OUTPUT_TAP);
  int failed = UNIT_RUN(clock);
  failed += UNIT_RUN(measure);
  for (int i = 0; i < (cluster && *cluster ? 2 : 1); i++) {
    scratch_cluster = i ? cluster : NULL;
    failed += UNIT_RUN(env);
    failed += UNIT_RUN(acts);
    failed += UNIT_RUN(rounds);
    failed += UNIT_RUN(lines);
    failed += UNIT_RUN(keep);
    failed += UNIT_RUN(facts);
    failed += UNIT_RUN(jobs);
    failed += UNIT_RUN(merge);
    failed += UNIT_RUN(papers);
    failed += UNIT_RUN(rounds_model);
    failed += UNIT_RUN(sealed);
    failed += UNIT_RUN(night);
    failed += UNIT_RUN(refusals);
    failed += UNIT_RUN(upgrade);
  }
  return failed != 0;
}
