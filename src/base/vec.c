/* Growth of arrays in an arena: doubling, and in place when the array is the last thing taken. Where the C library can
 * lengthen a block without copying it (arena.c), by an eighth, so that little stands empty. */
#include "base/vec.h"

#include "base/must.h"

enum { LARGE = 8 << 20 /* twice the threshold of arena_setup */ };

size_t vec_more(struct arena *a, void **at, size_t *len, size_t *cap, size_t size) {
  if (*len == *cap) {
    const size_t more = !*cap ? 4 : *cap * size < LARGE ? *cap * 2 : *cap + *cap / 8;
    must(more <= SIZE_MAX / size);
    *at = arena_grow(a, *at, *cap * size, more * size);
    *cap = more;
  }
  return (*len)++;
}
