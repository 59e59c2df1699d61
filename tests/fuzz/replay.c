/* Replays inputs of a fuzzer in the ordinary test run, with any compiler: replay_X FOLDER|FILE...
 * One TAP line for each folder or file. A crash or a broken promise ends the program, which the runner sees. */
#include <stdint.h>
#include <stdio.h>

#include "base/file.h"

enum { INPUT_MOST = 32 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool replay_file(struct str path) {
  AUTO_ARENA mem = {0};
  struct err e = {0};
  struct str bytes;
  if (!file_read(&mem, path, INPUT_MOST, &bytes, &e)) return false;
  (void)LLVMFuzzerTestOneInput((const uint8_t *)(bytes.at ? bytes.at : ""), bytes.len);
  return true;
}

/* How many inputs ran, or -1. */
static long replay(struct arena *mem, struct str path) {
  struct err e = {0};
  struct str_list names;
  if (!file_list(mem, path, &names, &e)) return replay_file(path) ? 1 : -1;
  for (size_t i = 0; i < names.len; i++)
    if (!replay_file(str_fmt(mem, STRF "/" STRF, STRA(path), STRA(names.at[i])))) return -1;
  return (long)names.len;
}

int main(int argc, char **argv) {
  AUTO_ARENA mem = {0};
  int failed = 0;
  for (int i = 1; i < argc; i++) {
    const long n = replay(&mem, str_of(argv[i]));
    (void)printf("%s %d - %s, %ld inputs\n", n < 0 ? "not ok" : "ok", i, argv[i], n);
    failed += n < 0;
  }
  return failed != 0;
}
