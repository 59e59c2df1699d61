/* A database of its own for each test, in a folder that goes away. */
#ifndef UNIT_STORE_SCRATCH_H
#define UNIT_STORE_SCRATCH_H
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sql.h"
#include "store/event.h"
#include "store/statement.h"
#include "store/store.h"
#include "unit.h"

struct scratch {
  char dir[64], file[80];
  struct arena mem;
};
static inline void scratch_begin(struct scratch *s) {
  *s = (struct scratch){.dir = "/tmp/gangmu-store-XXXXXX"};
  assert_non_null(mkdtemp(s->dir));
  (void)snprintf(s->file, sizeof s->file, "%s/t.db", s->dir);
}
static inline void scratch_end(struct scratch *s) {
  static const char *const ends[] = {"", "-wal", "-shm"};
  for (size_t i = 0; i < COUNT_OF(ends); i++) {
    char name[96];
    (void)snprintf(name, sizeof name, "%s%s", s->file, ends[i]);
    (void)unlink(name);
  }
  (void)rmdir(s->dir);
  arena_drop(&s->mem);
}
static inline struct store *scratch_open(struct scratch *s, const struct store_options *options) {
  struct store *st = NULL;
  struct err e = {0};
  assert_true(store_open(str_of(s->file), options, &st, &e));
  return st;
}
#endif
