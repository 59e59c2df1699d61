/* Passwords: libsodium's Argon2id, the only place that knows it. Memory that cannot be had is a broken installation, so it
 * ends the program; how many run at once is the caller's ceiling. */
#include "base/secret.h"

#include <sodium.h>

#include "base/hash.h"
#include "base/must.h"

enum { PASSES = 3, MEMORY = 64 << 20 };

struct str secret_hash(struct arena *mem, struct str password) {
  char *z = arena_take(mem, crypto_pwhash_STRBYTES);
  must(sodium_init() >= 0);
  must(crypto_pwhash_str(z, password.at ? password.at : "", password.len, PASSES, MEMORY) == 0);
  return str_of(z);
}

bool secret_matches(struct str hash, struct str password) {
  char z[crypto_pwhash_STRBYTES] = "";
  must(sodium_init() >= 0);
  if (!hash.len || hash.len >= sizeof z) return false;
  memcpy(z, hash.at, hash.len);
  return crypto_pwhash_str_verify(z, password.at ? password.at : "", password.len) == 0;
}

bool secret_same(struct str a, struct str b) {
  unsigned char differ = a.len != b.len;
  for (size_t i = 0; i < a.len && i < b.len; i++) differ |= (unsigned char)(a.at[i] ^ b.at[i]);
  return !differ && a.len;
}

struct str secret_digest(struct arena *mem, struct str token) {
  return hash_hex(mem, hash_sm3(token));
}
