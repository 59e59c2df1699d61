/* A table of open addressing with room for FORM_SENDERS_MAX: the hash of who and which form, the end of the term, the count. When it is
 * full, rows of terms that are over go; when none are, newcomers are refused until then. */
#include "app/systems_turns.h"

#include <pthread.h>

#include "base/cipher.h"
#include "base/clock.h"
#include "base/limits.h"
#include "texts.h"

enum { SLOTS = 1 << 16, KEY = 32 };
_Static_assert(FORM_SENDERS_MAX < SLOTS / 2, "half of the table stays empty");
struct turn {
  uint64_t who; /* 0: empty */
  int64_t until_us, n;
};
struct turns {
  pthread_mutex_t lock;
  char key[KEY];
  struct turn *at;
  size_t used;
};

struct turns *turns_new(struct arena *mem) {
  struct turns *t = arena_new(mem, struct turns);
  random_bytes(t->key, sizeof t->key);
  t->at = arena_new_n(mem, struct turn, SLOTS);
  must(pthread_mutex_init(&t->lock, NULL) == 0);
  return t;
}
void turns_drop(struct turns *t) {
  if (!t) return;
  cipher_wipe(t->key, sizeof t->key);
  (void)pthread_mutex_destroy(&t->lock);
}
/* A household or a telephone has a whole /64 of IPv6: four groups. */
static struct str network_of(struct str address) {
  size_t colons = 0;
  if (str_find(address, STR(".")) != STR_NONE) return address;
  for (size_t i = 0; i < address.len; i++)
    if (address.at[i] == ':' && ++colons == 4) return str_slice(address, 0, i);
  return address;
}
static uint64_t who_is(const struct turns *t, struct str form, struct str address) {
  AUTO_ARENA mem = {0};
  const struct str text = str_fmt(&mem, STRF "\n" STRF, STRA(form), STRA(network_of(address)));
  const struct digest d = cipher_hmac_sm3((struct str){t->key, sizeof t->key}, text);
  uint64_t who = 0;
  memcpy(&who, d.at, sizeof who);
  return who ? who : 1;
}
static struct turn *slot_of(struct turn *at, uint64_t who) {
  size_t i = who & (SLOTS - 1);
  while (at[i].who && at[i].who != who) i = (i + 1) & (SLOTS - 1);
  return &at[i];
}
static void forget(struct turns *t, int64_t now_us) {
  AUTO_ARENA mem = {0};
  struct turn *kept = arena_new_n(&mem, struct turn, SLOTS);
  t->used = 0;
  for (size_t i = 0; i < SLOTS; i++) {
    if (!t->at[i].who || t->at[i].until_us <= now_us) continue;
    *slot_of(kept, t->at[i].who) = t->at[i];
    t->used++;
  }
  memcpy(t->at, kept, SLOTS * sizeof *kept);
}
static bool take(struct turns *t, uint64_t who, int64_t now_us, int64_t until_us, int64_t most) {
  struct turn *x = slot_of(t->at, who);
  if (!x->who && t->used >= FORM_SENDERS_MAX) {
    forget(t, now_us);
    if (t->used >= FORM_SENDERS_MAX) return false;
    x = slot_of(t->at, who);
  }
  if (!x->who) t->used++;
  if (x->until_us != until_us) *x = (struct turn){who, until_us, 0};
  if (x->n >= most) return false;
  x->n++;
  return true;
}
bool turns_take(struct turns *t, struct str form, struct str address, int64_t now_us, int64_t until_us, int64_t most,
                struct err *e) {
  const uint64_t who = who_is(t, form, address);
  must(pthread_mutex_lock(&t->lock) == 0);
  const bool ok = take(t, who, now_us, until_us, most);
  must(pthread_mutex_unlock(&t->lock) == 0);
  return ok || fail(e, ERR_TOO_MANY, MSG_public_too_many);
}
void turns_give(struct turns *t, struct str form, struct str address) {
  const uint64_t who = who_is(t, form, address);
  must(pthread_mutex_lock(&t->lock) == 0);
  struct turn *x = slot_of(t->at, who);
  if (x->who && x->n > 0) x->n--;
  must(pthread_mutex_unlock(&t->lock) == 0);
}
