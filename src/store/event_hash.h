/* The hashes of events, made and checked by the same functions. Private to src/store. */
#ifndef STORE_EVENT_HASH_H
#define STORE_EVENT_HASH_H
#include "base/hash.h"
#include "store/event.h"

struct sql_event_after;
/* One context for many hashes; `bytes` counts what went through. */
struct hasher {
  struct hash_state *one, *payload;
  int64_t bytes;
};
struct hasher hasher_begin(void);
void hasher_end(struct hasher *h);
#define AUTO_HASHER __attribute__((cleanup(hasher_end))) struct hasher

enum { EVENT_HEX = 64 };
/* Each gives 64 hex digits. */
void hash_of_field(struct hasher *h, struct str salt, struct str field, struct str value, char out[EVENT_HEX]);
void hash_payload_line(struct hasher *h, struct str field, struct str hex); /* sorted by field */
void hash_of_payload(struct hasher *h, char out[EVENT_HEX]);                /* of the lines since the last one */
void hash_of_event(struct hasher *h, const struct sql_event_after *v, char out[EVENT_HEX]);
bool hash_is(const char hex[EVENT_HEX], struct str s);

struct seal_place event_seal_place(struct arena *mem, int64_t seq, struct str field);
#endif
