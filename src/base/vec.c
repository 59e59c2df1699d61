/* Growth of arrays in an arena: doubling, and in place when the array is the last thing taken. Large ones are lengthened
 * where they stand (arena.c) and so grow by an eighth. */
#include "base/vec.h"

#include "base/must.h"

enum { LARGE = 1 << 20 };

size_t vec_more(struct arena *a, void **at, size_t *len, size_t *cap, size_t size) {
  if (*len == *cap) {
    const size_t more = !*cap ? 4 : *cap * size < LARGE ? *cap * 2 : *cap + *cap / 8;
    must(more <= SIZE_MAX / size);
    *at = arena_grow(a, *at, *cap * size, more * size);
    *cap = more;
  }
  return (*len)++;
}
