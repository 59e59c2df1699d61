/* Digests (OpenSSL's libcrypto) and hex. Ciphers and keyed digests are in base/cipher.h. */
#ifndef BASE_HASH_H
#define BASE_HASH_H
#include "base/str.h"

struct digest {
  unsigned char at[32];
};
struct digest hash_sm3(struct str s); /* GB/T 32905-2016 */
struct digest hash_sha256(struct str s);
/* Over several pieces without joining them. */
struct hash_state;
struct hash_state *hash_sm3_begin(void);
void hash_add(struct hash_state *h, struct str s);
struct digest hash_end(struct hash_state *h); /* frees h */
void hash_drop(struct hash_state *h);         /* the same when nobody wants the digest */
/* HMAC-SHA-1 (RFC 2104), for the codes of authenticator apps alone. */
void hash_hmac_sha1(struct str key, struct str text, unsigned char out[20]);
struct digest hash_turn(struct hash_state *h);         /* the digest so far; h begins anew */
struct str hash_hex(struct arena *a, struct digest d); /* 64 lower-case digits */
void hash_hex_at(char *out, struct digest d);          /* the same, not terminated */
#endif
