/* A folder of a bench's own, with a database in it that goes away with it. */
#ifndef BENCH_FOLDER_H
#define BENCH_FOLDER_H
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct bench_folder {
  char dir[32], file[40];
};
static inline bool bench_folder_make(struct bench_folder *f) {
  *f = (struct bench_folder){.dir = "/tmp/gangmu-bench-XXXXXX"};
  if (!mkdtemp(f->dir)) return false;
  (void)snprintf(f->file, sizeof f->file, "%s/t.db", f->dir);
  return true;
}
static inline void bench_folder_drop(const struct bench_folder *f) {
  static const char *const ends[] = {"", "-wal", "-shm"};
  for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
    char name[48];
    (void)snprintf(name, sizeof name, "%s%s", f->file, ends[i]);
    (void)unlink(name);
  }
  (void)rmdir(f->dir);
}
#endif
