/* Growth of arrays in an arena: doubling, and in place when the array is the last thing taken. */
#include "base/vec.h"

#include "base/must.h"

size_t vec_more(struct arena *a, void **at, size_t *len, size_t *cap, size_t size) {
  if (*len == *cap) {
    const size_t more = *cap ? *cap * 2 : 4;
    must(more <= SIZE_MAX / size);
    *at = arena_grow(a, *at, *cap * size, more * size);
    *cap = more;
  }
  return (*len)++;
}
