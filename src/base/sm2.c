/* SM2 through OpenSSL's EVP interface. What the library cannot read is the person's file and is said so. */
#include "base/sm2.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/cipher.h"
#include "base/file.h"
#include "texts.h"

enum { PEM_MAX = 16 << 10 };
static const char identity[] = "1234567812345678"; /* GM/T 0009-2012, 10 */

static void drop_key(EVP_PKEY **k) { EVP_PKEY_free(*k); }
#define AUTO_KEY __attribute__((cleanup(drop_key))) EVP_PKEY
static void drop_bio(BIO **b) { BIO_free_all(*b); }
#define AUTO_BIO __attribute__((cleanup(drop_bio))) BIO

static bool is_sm2(const EVP_PKEY *k) { return k && EVP_PKEY_is_a(k, "SM2"); }
static struct str bio_text(struct arena *mem, BIO *b) {
  char *at = NULL;
  const long n = BIO_get_mem_data(b, &at);
  return str_dup(mem, (struct str){at, n > 0 ? (size_t)n : 0});
}

bool sm2_new(struct arena *mem, struct str *out_private, struct str *out_public, struct err *e) {
  AUTO_KEY *k = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
  AUTO_BIO *priv = BIO_new(BIO_s_mem());
  AUTO_BIO *pub = BIO_new(BIO_s_mem());
  if (!k || !priv || !pub || PEM_write_bio_PrivateKey(priv, k, NULL, NULL, 0, NULL, NULL) != 1 ||
      PEM_write_bio_PUBKEY(pub, k) != 1)
    return fail(e, ERR_BUG, MSG_sm2_failed);
  *out_private = bio_text(mem, priv);
  *out_public = bio_text(mem, pub);
  return true;
}

static bool bad_key(struct err *e, struct str file) { return fail(e, ERR_INVALID, MSG_sm2_no_key, "file", file); }

static struct str fingerprint(struct arena *mem, EVP_PKEY *k) {
  unsigned char *der = NULL;
  const int n = i2d_PUBKEY(k, &der);
  must(n > 0);
  const struct str hex = hash_hex(mem, hash_sm3((struct str){(const char *)der, (size_t)n}));
  OPENSSL_free(der);
  return str_slice(hex, 0, 16);
}
/* A context that hashes with SM3 and signs or verifies with k under the usual identity. */
static EVP_MD_CTX *begin(EVP_PKEY *k, bool sign) {
  EVP_MD_CTX *c = EVP_MD_CTX_new();
  EVP_PKEY_CTX *p = EVP_PKEY_CTX_new(k, NULL);
  must(c && p && EVP_PKEY_CTX_set1_id(p, identity, (int)sizeof identity - 1) == 1);
  EVP_MD_CTX_set_pkey_ctx(c, p);
  must((sign ? EVP_DigestSignInit : EVP_DigestVerifyInit)(c, NULL, EVP_sm3(), NULL, k) == 1);
  return c;
}
static void end(EVP_MD_CTX *c) {
  EVP_PKEY_CTX *p = EVP_MD_CTX_get_pkey_ctx(c); /* ours: set_pkey_ctx leaves it to the caller */
  EVP_MD_CTX_free(c);
  EVP_PKEY_CTX_free(p);
}

bool sm2_sign(struct str key_file, struct arena *mem, struct str text, struct str *out_signature,
              struct str *out_signer, struct err *e) {
  struct str pem = {0};
  TRY(file_read_private(mem, key_file, PEM_MAX, &pem, e));
  AUTO_BIO *b = BIO_new_mem_buf(pem.at, (int)pem.len);
  AUTO_KEY *k = b ? PEM_read_bio_PrivateKey(b, NULL, NULL, NULL) : NULL;
  cipher_wipe((char *)pem.at, pem.len);
  if (!is_sm2(k)) return bad_key(e, key_file);
  unsigned char sig[256];
  size_t n = sizeof sig;
  EVP_MD_CTX *c = begin(k, true);
  const bool ok = EVP_DigestSign(c, sig, &n, (const unsigned char *)text.at, text.len) == 1;
  end(c);
  if (!ok) return fail(e, ERR_BUG, MSG_sm2_failed);
  *out_signature = cipher_base64(mem, (struct str){(const char *)sig, n});
  *out_signer = fingerprint(mem, k);
  return true;
}

bool sm2_holds(struct str key_file, struct arena *mem, struct str text, struct str signature, bool *out,
               struct err *e) {
  struct str pem = {0}, sig = {0};
  *out = false;
  TRY(file_read(mem, key_file, PEM_MAX, &pem, e));
  const bool is_public = str_find(pem, STR("PUBLIC KEY")) != STR_NONE;
  AUTO_BIO *b = BIO_new_mem_buf(pem.at, (int)pem.len);
  AUTO_KEY *k = !b          ? NULL
                : is_public ? PEM_read_bio_PUBKEY(b, NULL, NULL, NULL)
                            : PEM_read_bio_PrivateKey(b, NULL, NULL, NULL);
  if (!is_sm2(k)) return bad_key(e, key_file);
  if (!cipher_unbase64(mem, signature, &sig) || !sig.len) return true;
  EVP_MD_CTX *c = begin(k, false);
  *out = EVP_DigestVerify(c, (const unsigned char *)sig.at, sig.len, (const unsigned char *)text.at, text.len) == 1;
  end(c);
  return true;
}
