/* All tests of src/text. Started as `unit_text worker` it is the fenced child of its own tests. */
#include "text/worker.h"
#include "unit.h"

UNIT_FILE(numeral);
UNIT_FILE(decode);
UNIT_FILE(markup);
UNIT_FILE(composed);
UNIT_FILE(office);
UNIT_FILE(pdf);
UNIT_FILE(reading);
UNIT_FILE(layer);
UNIT_FILE(han);

/* What cairo and fontconfig keep until the program ends is no leak of ours; for builds with the leak sanitizer. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) { return "leak:libcairo\nleak:libfontconfig\n"; }

int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "worker") == 0) return worker_main();
  cmocka_set_message_output(CM_OUTPUT_TAP);
  int failed = 0;
  failed += UNIT_RUN(numeral);
  failed += UNIT_RUN(decode);
  failed += UNIT_RUN(markup);
  failed += UNIT_RUN(composed);
  failed += UNIT_RUN(office);
  failed += UNIT_RUN(pdf);
  failed += UNIT_RUN(reading);
  failed += UNIT_RUN(layer);
  failed += UNIT_RUN(han);
  return failed != 0;
}
