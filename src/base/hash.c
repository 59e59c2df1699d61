/* SM3 and SHA-256 through OpenSSL's EVP interface. Digests of public record hashes,
 * etags and file identities; nothing here is for passwords. A digest that the library refuses is a broken
 * installation, so it ends the program. */
#include "base/hash.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/must.h"

struct hash_state {
  EVP_MD_CTX *ctx;
};

/* house: allow mutable - looked up once; asking OpenSSL by name each time costs as much as a short text's digest */
static struct {
  pthread_once_t once;
  EVP_MD *sm3, *sha256;
} found = {.once = PTHREAD_ONCE_INIT};

static void find(void) {
  found.sm3 = EVP_MD_fetch(NULL, "SM3", NULL);
  found.sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
}
static const EVP_MD *sm3(void) {
  must(pthread_once(&found.once, find) == 0);
  return found.sm3;
}
static const EVP_MD *sha256(void) {
  must(pthread_once(&found.once, find) == 0);
  return found.sha256;
}

static EVP_MD_CTX *begin(const EVP_MD *md) {
  EVP_MD_CTX *ctx = EVP_MD_CTX_new();
  must(ctx && md && EVP_DigestInit_ex(ctx, md, NULL) == 1);
  return ctx;
}

static void add(EVP_MD_CTX *ctx, struct str s) { must(EVP_DigestUpdate(ctx, s.at, s.len) == 1); }

static struct digest end(EVP_MD_CTX *ctx) {
  struct digest d;
  unsigned n = 0;
  must(EVP_DigestFinal_ex(ctx, d.at, &n) == 1 && n == sizeof d.at);
  EVP_MD_CTX_free(ctx);
  return d;
}

static struct digest once(const EVP_MD *md, struct str s) {
  EVP_MD_CTX *ctx = begin(md);
  add(ctx, s);
  return end(ctx);
}

struct digest hash_sm3(struct str s) {
  return once(sm3(), s);
}
struct digest hash_sha256(struct str s) {
  return once(sha256(), s);
}

struct hash_state *hash_sm3_begin(void) {
  struct hash_state *h = malloc(sizeof *h);
  must(h != NULL);
  h->ctx = begin(sm3());
  return h;
}

void hash_add(struct hash_state *h, struct str s) { add(h->ctx, s); }

struct digest hash_end(struct hash_state *h) {
  const struct digest d = end(h->ctx);
  free(h);
  return d;
}

void hash_drop(struct hash_state *h) {
  EVP_MD_CTX_free(h->ctx);
  free(h);
}

void hash_hmac_sha1(struct str key, struct str text, unsigned char out[20]) {
  unsigned n = 20;
  must(HMAC(EVP_sha1(), key.at, (int)key.len, (const unsigned char *)text.at, text.len, out, &n) && n == 20);
}

struct digest hash_turn(struct hash_state *h) {
  struct digest d;
  unsigned n = 0;
  must(EVP_DigestFinal_ex(h->ctx, d.at, &n) == 1 && n == sizeof d.at);
  must(EVP_DigestInit_ex(h->ctx, NULL, NULL) == 1); /* the same digest, found once */
  return d;
}

void hash_hex_at(char *out, struct digest d) {
  static const char digits[] = "0123456789abcdef";
  for (size_t i = 0; i < sizeof d.at; i++) {
    out[2 * i] = digits[d.at[i] >> 4];
    out[2 * i + 1] = digits[d.at[i] & 15];
  }
}
struct str hash_hex(struct arena *a, struct digest d) {
  char *p = arena_take(a, 2 * sizeof d.at + 1);
  hash_hex_at(p, d);
  return (struct str){p, 2 * sizeof d.at};
}
