/* Memory by lifetime.
 *
 * An arena belongs to one piece of work (a request, a compilation, a command);
 * all that is taken from it dies with it. A function that returns memory takes
 * the arena as a parameter; if it takes none, what it returns is borrowed from
 * its argument. Out of memory aborts: the ceilings of base/limits.h keep that
 * from being reachable from outside. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H
#include <stddef.h>

struct arena_block;
struct arena {
  struct arena_block *head; /* newest block, the only one with room */
  size_t taken;             /* bytes held from the system, for ceilings and bench */
};

/* Zeroed memory, aligned for any type; size 0 gives a valid pointer. */
void *arena_take(struct arena *a, size_t size);
/* The same, not cleared: for what is written whole at once. */
void *arena_room(struct arena *a, size_t size);
/* count * size with the overflow checked. */
void *arena_take_n(struct arena *a, size_t count, size_t size);
/* A larger copy of `old`; grows in place when `old` is the last thing taken. */
void *arena_grow(struct arena *a, void *old, size_t old_size, size_t new_size);
/* Once, at the start of a program: what dropped arenas free stays with the program up to some megabytes, so that the
 * kernel need not take it back and clear it anew for the next piece of work. */
void arena_setup(void);
/* Frees everything. Accepts NULL, zeroed and dropped arenas. */
void arena_drop(struct arena *a);

#define AUTO_ARENA __attribute__((cleanup(arena_drop))) struct arena
#define arena_new(a, T) ((T *)arena_take((a), sizeof(T)))
#define arena_new_n(a, T, n) ((T *)arena_take_n((a), (n), sizeof(T)))
#endif
