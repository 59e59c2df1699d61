/* What was compiled stays in memory as long as there is room: entries are counted by the bytes of their arenas, the one
 * unused longest goes first, and one that is in use is only forgotten, and freed when its last reader lets go. */
#include "app/plans_int.h"

static struct plan_entry **slot_of(struct plans *s, struct str key) { return &s->slots[str_hash(key) % CACHE_SLOTS]; }

static struct plan_entry *find_locked(struct plans *s, struct str key) {
  struct plan_entry *x = *slot_of(s, key);
  while (x && !str_eq(x->key, key)) x = x->chain;
  return x;
}
static void unlink_ring(struct plan_entry *x) {
  x->prev->next = x->next;
  x->next->prev = x->prev;
}
static void to_front(struct plans *s, struct plan_entry *x) {
  x->next = s->ring.next;
  x->prev = &s->ring;
  x->next->prev = x->prev->next = x;
}
static void free_entry(struct plan_entry *x) {
  struct arena mem = x->mem; /* x itself lives in it */
  arena_drop(&mem);
}
/* Gives one reference back; returns the entry that it held in turn, when it was the last. */
static struct plan_entry *release_locked(struct plan_entry *x) {
  if (--x->refs > 0) return NULL;
  struct plan_entry *from = x->from;
  free_entry(x);
  return from;
}
static void release_all_locked(struct plan_entry *x) {
  while (x) x = release_locked(x);
}
static void forget_locked(struct plans *s, struct plan_entry *x) {
  struct plan_entry **at = slot_of(s, x->key);
  while (*at != x) at = &(*at)->chain;
  *at = x->chain;
  unlink_ring(x);
  s->bytes -= x->mem.taken;
  s->entries--;
  release_all_locked(x);
}

struct plan_entry *cache_get(struct plans *s, struct str key) {
  (void)pthread_mutex_lock(&s->lock);
  struct plan_entry *x = find_locked(s, key);
  s->hits += x != NULL;
  s->misses += x == NULL;
  if (x) {
    x->refs++;
    unlink_ring(x);
    to_front(s, x);
  }
  (void)pthread_mutex_unlock(&s->lock);
  return x;
}
struct plan_entry *cache_new(struct str key) {
  struct arena mem = {0};
  struct plan_entry *x = arena_new(&mem, struct plan_entry);
  x->mem = mem;
  x->key = str_dup(&x->mem, key);
  x->refs = 1;
  return x;
}
struct plan_entry *cache_put(struct plans *s, struct plan_entry *x) {
  (void)pthread_mutex_lock(&s->lock);
  struct plan_entry *other = find_locked(s, x->key);
  if (other) {
    other->refs++;
    release_all_locked(x);
    (void)pthread_mutex_unlock(&s->lock);
    return other;
  }
  struct plan_entry **slot = slot_of(s, x->key);
  x->chain = *slot;
  *slot = x;
  x->refs++;
  to_front(s, x);
  s->bytes += x->mem.taken;
  s->entries++;
  while (s->bytes > s->most && s->ring.prev != x) forget_locked(s, s->ring.prev);
  (void)pthread_mutex_unlock(&s->lock);
  return x;
}
void cache_release(struct plans *s, struct plan_entry *x) {
  if (!x) return;
  (void)pthread_mutex_lock(&s->lock);
  release_all_locked(x);
  (void)pthread_mutex_unlock(&s->lock);
}
void cache_drop_all(struct plans *s) {
  (void)pthread_mutex_lock(&s->lock);
  while (s->ring.next != &s->ring) forget_locked(s, s->ring.next);
  (void)pthread_mutex_unlock(&s->lock);
}
void plans_stats(struct plans *s, struct plans_stats *out) {
  (void)pthread_mutex_lock(&s->lock);
  *out = (struct plans_stats){(int64_t)s->bytes, s->entries, s->hits, s->misses};
  (void)pthread_mutex_unlock(&s->lock);
}
