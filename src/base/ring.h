/* The key ring in memory. Private to seal.c and ring.c; others see base/seal.h. */
#ifndef BASE_RING_H
#define BASE_RING_H
#include "base/seal.h"
#include "base/vec.h"

enum { RING_SECRET = 32 };
struct ring_key {
  struct key_info info;
  unsigned char secret[RING_SECRET], cipher[RING_SECRET], mac[RING_SECRET]; /* the last two derived from the first */
};
struct ring {
  struct arena mem;
  VEC(struct ring_key) keys;
  struct ring *older; /* rings that were read before; callers may still hold them */
};
/* The ring as the file holds it now, looked at once a second at most. It stays valid until keys_close. */
const struct ring *ring_now(struct keys *k);
const struct ring_key *ring_find(const struct ring *r, int64_t id);                                 /* NULL: none */
const struct ring_key *ring_of(const struct ring *r, struct str compartment, enum key_state state); /* NULL: none */
#endif
