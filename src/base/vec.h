/* Growing arrays in an arena: VEC(struct target) targets; vec_push(mem, &targets) = (struct target){...};
 * A vec is three words and zero is empty. Elements move when it grows: keep indexes, not pointers. */
#ifndef BASE_VEC_H
#define BASE_VEC_H
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

#define VEC(T)       \
  struct {           \
    T *at;           \
    size_t len, cap; \
  }

/* Makes room for one more element; returns its index. Used through vec_push. */
size_t vec_more(struct arena *a, void **at, size_t *len, size_t *cap, size_t size);

/* An lvalue: the new, zeroed last element. */
#define vec_push(a, v)                                                                                              \
  (*({                                                                                                              \
    const size_t vec_i_ =                                                                                           \
        (v)->len < (v)->cap ? (v)->len++ : vec_more((a), (void **)&(v)->at, &(v)->len, &(v)->cap, sizeof *(v)->at); \
    &(v)->at[vec_i_];                                                                                               \
  }))
#define vec_each(T, x, v) for (T *x = (v)->at, *x##_end = (v)->at ? (v)->at + (v)->len : NULL; x < x##_end; x++)
#define vec_last(v) ((v)->at[(v)->len - 1])
#endif
