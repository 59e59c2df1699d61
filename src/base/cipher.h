/* Ciphers and keyed digests (OpenSSL's libcrypto), and the text form of bytes. Building blocks only: what the program
 * seals goes through base/seal.h, which never lets a caller choose an initial vector. */
#ifndef BASE_CIPHER_H
#define BASE_CIPHER_H
#include "base/hash.h"

struct digest cipher_hmac_sm3(struct str key, struct str text); /* RFC 2104 with GB/T 32905-2016 */

/* GB/T 32907-2016 in counter mode (GB/T 17964): in and out may be the same bytes. Encrypts and decrypts. */
enum { CIPHER_SM4_KEY = 16, CIPHER_SM4_IV = 16 };
void cipher_sm4_ctr(const unsigned char *key, const unsigned char *iv, struct str in, char *out);

/* AES-256-GCM (NIST SP 800-38D), initial vector of 96 bits, tag of 128. */
enum { CIPHER_GCM_KEY = 32, CIPHER_GCM_IV = 12, CIPHER_GCM_TAG = 16 };
void cipher_gcm_seal(const unsigned char *key, const unsigned char *iv, struct str aad, struct str in, char *out,
                     unsigned char *out_tag);
bool cipher_gcm_open(const unsigned char *key, const unsigned char *iv, struct str aad, struct str in, char *out,
                     const unsigned char *tag); /* false: altered; out must not be used then */

bool cipher_same(const void *a, const void *b, size_t n); /* in a time that does not tell where they differ */
void cipher_wipe(void *at, size_t n);                     /* a secret that is no longer needed */

struct str cipher_base64(struct arena *a, struct str bytes);             /* RFC 4648, 4, with padding */
bool cipher_unbase64(struct arena *a, struct str text, struct str *out); /* strict */
bool cipher_unhex(struct str text, unsigned char *out, size_t n);        /* exactly n bytes */
#endif
