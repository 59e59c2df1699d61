/* Memory by lifetime: blocks that grow threefold up to 4 MB, newest first; only the newest has room. A piece that grows
 * large gets a block of its own behind the newest, which the C library can then lengthen where it stands: no copies of
 * it are left behind. Everything taken is zeroed and aligned for any type. Nothing is ever given back singly: the piece of work that owns the arena drops it whole. Out
 * of memory, and sizes that overflow, are broken promises. */
#include "base/arena.h"

#include <malloc.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/must.h"

struct arena_block {
  struct arena_block *next;
  size_t used, size;
  alignas(max_align_t) char bytes[];
};

enum { BLOCK_FIRST = 16 << 10, BLOCK_GROWS = 3, BLOCK_MOST = 4 << 20, KEPT_MOST = 16 << 20 };
enum { LONE_LEAST = 1 << 20 /* bytes of a growing piece that gets a block of its own */ };

void arena_setup(void) {
  (void)mallopt(M_MMAP_THRESHOLD, BLOCK_MOST); /* larger ones are single and go back at once */
  (void)mallopt(M_TRIM_THRESHOLD, KEPT_MOST);  /* advice: another allocator (a sanitizer's) may refuse it */
}

static size_t round_up(size_t n) {
  const size_t unit = alignof(max_align_t);
  must(n <= SIZE_MAX - unit);
  return (n + unit - 1) / unit * unit;
}

static struct arena_block *add_block(struct arena *a, size_t need) {
  size_t size = a->head ? a->head->size * BLOCK_GROWS : (size_t)BLOCK_FIRST;
  if (size > BLOCK_MOST) size = BLOCK_MOST;
  if (size < need) size = need;
  must(size <= SIZE_MAX - sizeof(struct arena_block));
  struct arena_block *b = malloc(sizeof *b + size);
  must(b != NULL);
  b->next = a->head;
  b->used = 0;
  b->size = size;
  a->head = b;
  a->taken += size;
  return b;
}

void *arena_room(struct arena *a, size_t size) {
  size = round_up(size ? size : 1);
  struct arena_block *b = a->head;
  if (!b || b->size - b->used < size) b = add_block(a, size);
  void *p = b->bytes + b->used;
  b->used += size;
  return p;
}

void *arena_take(struct arena *a, size_t size) {
  void *p = arena_room(a, size);
  memset(p, 0, size);
  return p;
}

void *arena_take_n(struct arena *a, size_t count, size_t size) {
  must(size == 0 || count <= SIZE_MAX / size);
  return arena_take(a, count * size);
}

/* The link to the block that holds nothing but `piece`; NULL when it has none of its own. */
static struct arena_block **lone_block(struct arena *a, const char *piece, size_t size) {
  if (!a->head || size < LONE_LEAST) return NULL;
  for (struct arena_block **link = &a->head->next; *link; link = &(*link)->next)
    if ((*link)->bytes == piece) return (*link)->used == size ? link : NULL;
  return NULL;
}

/* Moves the piece to a block of its own, or lengthens the one it has. */
static char *grow_alone(struct arena *a, char *old, size_t old_size, size_t size) {
  struct arena_block **link = old ? lone_block(a, old, old_size) : NULL;
  must(size <= SIZE_MAX - sizeof(struct arena_block));
  struct arena_block *b = realloc(link ? *link : NULL, sizeof *b + size);
  must(b != NULL);
  a->taken += link ? size - old_size : size;
  b->used = b->size = size;
  if (link) {
    *link = b;
    return b->bytes;
  }
  b->next = a->head->next;
  a->head->next = b;
  if (old) memcpy(b->bytes, old, old_size);
  return b->bytes;
}

void *arena_grow(struct arena *a, void *old, size_t old_size, size_t new_size) {
  if (new_size <= old_size) return old;
  struct arena_block *b = a->head;
  const size_t had = round_up(old_size ? old_size : 1), want = round_up(new_size);
  if (old && b && (char *)old + had == b->bytes + b->used && b->size - b->used >= want - had) {
    b->used += want - had;
    memset((char *)old + old_size, 0, new_size - old_size);
    return old;
  }
  const bool alone = want >= LONE_LEAST && b;
  char *p = alone ? grow_alone(a, old, had, want) : arena_room(a, new_size);
  if (old && !alone) memcpy(p, old, old_size);
  memset(p + old_size, 0, new_size - old_size);
  return p;
}

void arena_drop(struct arena *a) {
  if (!a) return;
  for (struct arena_block *b = a->head, *next; b; b = next) {
    next = b->next;
    free(b);
  }
  *a = (struct arena){0};
}
