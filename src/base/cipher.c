/* SM4, AES-GCM and HMAC-SM3 through OpenSSL's EVP interface. A cipher that the library refuses is a broken
 * installation, so it ends the program; an altered text is an ordinary answer. */
#include "base/cipher.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base/must.h"

enum { SM3_BLOCK = 64 };

struct digest cipher_hmac_sm3(struct str key, struct str text) {
  unsigned char block[SM3_BLOCK] = {0};
  if (key.len > SM3_BLOCK) {
    const struct digest d = hash_sm3(key);
    memcpy(block, d.at, sizeof d.at);
  } else if (key.len) memcpy(block, key.at, key.len);
  struct digest d = {0};
  for (int turn = 0; turn < 2; turn++) { /* inner with 0x36, outer with 0x5C over the inner's digest */
    unsigned char pad[SM3_BLOCK];
    for (size_t i = 0; i < sizeof pad; i++) pad[i] = (unsigned char)(block[i] ^ (turn ? 0x5C : 0x36));
    struct hash_state *h = hash_sm3_begin();
    hash_add(h, (struct str){(const char *)pad, sizeof pad});
    hash_add(h, turn ? (struct str){(const char *)d.at, sizeof d.at} : text);
    d = hash_end(h);
    cipher_wipe(pad, sizeof pad);
  }
  cipher_wipe(block, sizeof block);
  return d;
}

static EVP_CIPHER_CTX *begin(const EVP_CIPHER *c, const unsigned char *key, const unsigned char *iv, int encrypt) {
  EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
  must(ctx && c && EVP_CipherInit_ex(ctx, c, NULL, key, iv, encrypt) == 1);
  return ctx;
}
/* Stream modes give as many bytes as they take. out NULL: associated data. */
static void update(EVP_CIPHER_CTX *ctx, struct str in, char *out) {
  int n = 0;
  must(in.len <= INT32_MAX);
  if (in.len) must(EVP_CipherUpdate(ctx, (unsigned char *)out, &n, (const unsigned char *)in.at, (int)in.len) == 1);
}
static bool finish(EVP_CIPHER_CTX *ctx) {
  unsigned char rest[EVP_MAX_BLOCK_LENGTH];
  int n = 0;
  return EVP_CipherFinal_ex(ctx, rest, &n) == 1 && n == 0;
}

void cipher_sm4_ctr(const unsigned char *key, const unsigned char *iv, struct str in, char *out) {
  EVP_CIPHER_CTX *ctx = begin(EVP_sm4_ctr(), key, iv, 1);
  update(ctx, in, out);
  must(finish(ctx));
  EVP_CIPHER_CTX_free(ctx);
}

void cipher_gcm_seal(const unsigned char *key, const unsigned char *iv, struct str aad, struct str in, char *out,
                     unsigned char *out_tag) {
  EVP_CIPHER_CTX *ctx = begin(EVP_aes_256_gcm(), key, iv, 1);
  update(ctx, aad, NULL);
  update(ctx, in, out);
  must(finish(ctx) && EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, CIPHER_GCM_TAG, out_tag) == 1);
  EVP_CIPHER_CTX_free(ctx);
}
bool cipher_gcm_open(const unsigned char *key, const unsigned char *iv, struct str aad, struct str in, char *out,
                     const unsigned char *tag) {
  unsigned char own[CIPHER_GCM_TAG];
  memcpy(own, tag, sizeof own);
  EVP_CIPHER_CTX *ctx = begin(EVP_aes_256_gcm(), key, iv, 0);
  update(ctx, aad, NULL);
  update(ctx, in, out);
  must(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_SET_TAG, CIPHER_GCM_TAG, own) == 1);
  const bool ok = finish(ctx);
  EVP_CIPHER_CTX_free(ctx);
  return ok;
}

bool cipher_same(const void *a, const void *b, size_t n) { return CRYPTO_memcmp(a, b, n) == 0; }
void cipher_wipe(void *at, size_t n) { OPENSSL_cleanse(at, n); }

struct str cipher_base64(struct arena *a, struct str bytes) {
  must(bytes.len <= INT32_MAX / 2);
  char *out = arena_take(a, 4 * ((bytes.len + 2) / 3) + 1);
  const int n = EVP_EncodeBlock((unsigned char *)out, (const unsigned char *)bytes.at, (int)bytes.len);
  return (struct str){out, (size_t)n};
}
bool cipher_unbase64(struct arena *a, struct str text, struct str *out) {
  if (text.len % 4 || text.len > INT32_MAX) return false;
  for (size_t i = 0; i < text.len; i++) /* EVP_DecodeBlock passes over blanks at the ends */
    if (text.at[i] <= ' ') return false;
  char *to = arena_take(a, text.len / 4 * 3 + 1);
  const int n = text.len ? EVP_DecodeBlock((unsigned char *)to, (const unsigned char *)text.at, (int)text.len) : 0;
  if (n < 0) return false;
  size_t pad = 0;
  while (pad < 2 && pad < text.len && text.at[text.len - 1 - pad] == '=') pad++;
  *out = (struct str){to, (size_t)n - pad};
  return str_eq(cipher_base64(a, *out), text); /* one text for the same bytes */
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
bool cipher_unhex(struct str text, unsigned char *out, size_t n) {
  if (text.len != 2 * n) return false;
  for (size_t i = 0; i < n; i++) {
    const int high = hex_digit(text.at[2 * i]), low = hex_digit(text.at[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = (unsigned char)(high << 4 | low);
  }
  return true;
}
