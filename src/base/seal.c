/* Cells: sealed with the current key of a compartment, opened with the key they name, bound to the place they stand in.
 * What is authenticated is put together with lengths, so that no two places give the same bytes. */
#include "base/seal.h"

#include "base/cipher.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/ring.h"
#include "texts.h"

enum { SM4_MAC = 32 };

static bool cut_head(struct str cell, enum seal_suite *out_suite, int64_t *out_id, struct str *out_body) {
  struct str suite, rest, id;
  return str_cut(cell, STR("."), &suite, &rest) && str_cut(rest, STR("."), &id, out_body) &&
         seal_suite_of(suite, out_suite) && str_to_int(id, out_id) && *out_id > 0;
}
int64_t seal_key_of(struct str cell) {
  enum seal_suite suite;
  struct str body;
  int64_t id = 0;
  return cut_head(cell, &suite, &id, &body) ? id : 0;
}

/* "gangmu cell", suite, key, and where the cell stands; each part with its length before it. */
static struct str context(struct arena *mem, const struct ring_key *k, const struct seal_place *at) {
  const struct str parts[] = {STR("gangmu cell 1"),
                              str_of(seal_suite_word(k->info.suite)),
                              str_int(mem, k->info.id),
                              k->info.compartment,
                              at->tenant,
                              at->table,
                              at->column,
                              at->row};
  struct str all = STR("");
  for (size_t i = 0; i < COUNT_OF(parts); i++)
    all = str_join(mem, all, str_fmt(mem, "%zu:" STRF "\n", parts[i].len, STRA(parts[i])));
  return all;
}
static struct digest sm4_mac(struct arena *mem, const struct ring_key *k, struct str about, struct str iv_and_text) {
  return cipher_hmac_sm3((struct str){(const char *)k->mac, sizeof k->mac}, str_join(mem, about, iv_and_text));
}

static struct str seal_sm4(struct arena *mem, const struct ring_key *k, struct str about, struct str value) {
  const size_t sealed = CIPHER_SM4_IV + value.len;
  char *out = arena_take(mem, sealed + SM4_MAC);
  random_bytes(out, CIPHER_SM4_IV);
  cipher_sm4_ctr(k->cipher, (unsigned char *)out, value, out + CIPHER_SM4_IV);
  const struct digest mac = sm4_mac(mem, k, about, (struct str){out, sealed});
  memcpy(out + sealed, mac.at, SM4_MAC);
  return (struct str){out, sealed + SM4_MAC};
}
static bool open_sm4(struct arena *mem, const struct ring_key *k, struct str about, struct str body, struct str *out) {
  if (body.len < CIPHER_SM4_IV + SM4_MAC) return false;
  const size_t sealed = body.len - SM4_MAC;
  const struct digest mac = sm4_mac(mem, k, about, str_slice(body, 0, sealed));
  if (!cipher_same(mac.at, body.at + sealed, SM4_MAC)) return false;
  char *value = arena_take(mem, sealed - CIPHER_SM4_IV + 1);
  cipher_sm4_ctr(k->cipher, (const unsigned char *)body.at, str_slice(body, CIPHER_SM4_IV, sealed), value);
  *out = (struct str){value, sealed - CIPHER_SM4_IV};
  return true;
}
static struct str seal_aes(struct arena *mem, const struct ring_key *k, struct str about, struct str value) {
  char *out = arena_take(mem, CIPHER_GCM_IV + value.len + CIPHER_GCM_TAG);
  random_bytes(out, CIPHER_GCM_IV);
  cipher_gcm_seal(k->cipher, (unsigned char *)out, about, value, out + CIPHER_GCM_IV,
                  (unsigned char *)out + CIPHER_GCM_IV + value.len);
  return (struct str){out, CIPHER_GCM_IV + value.len + CIPHER_GCM_TAG};
}
static bool open_aes(struct arena *mem, const struct ring_key *k, struct str about, struct str body, struct str *out) {
  if (body.len < CIPHER_GCM_IV + CIPHER_GCM_TAG) return false;
  const struct str text = str_slice(body, CIPHER_GCM_IV, body.len - CIPHER_GCM_TAG);
  char *value = arena_take(mem, text.len + 1);
  *out = (struct str){value, text.len};
  return cipher_gcm_open(k->cipher, (const unsigned char *)body.at, about, text, value,
                         (const unsigned char *)body.at + body.len - CIPHER_GCM_TAG);
}

static const struct ring_key *key_for(struct keys *k, struct str compartment, enum key_state state, struct err *e) {
  const struct ring_key *key = k ? ring_of(ring_now(k), compartment, state) : NULL;
  if (!k) (void)fail(e, ERR_GUARD, MSG_keys_none);
  else if (!key && !fail(e, ERR_GUARD, MSG_keys_no_compartment, "compartment", compartment))
    (void)err_hint(e, MSG_keys_no_compartment_hint);
  return key;
}

bool seal_cell(struct keys *k, struct arena *mem, struct str compartment, const struct seal_place *at, struct str value,
               struct str *out_cell, struct err *e) {
  const struct ring_key *key = key_for(k, compartment, KEY_CURRENT, e);
  if (!key) return false;
  if (value.len > SEAL_VALUE_MAX) return fail(e, ERR_TOO_LARGE, MSG_seal_too_large);
  AUTO_ARENA own = {0};
  const struct str about = context(&own, key, at);
  const struct str body =
      key->info.suite == SEAL_SM4 ? seal_sm4(&own, key, about, value) : seal_aes(&own, key, about, value);
  *out_cell = str_fmt(mem, "%s.%lld." STRF, seal_suite_word(key->info.suite), (long long)key->info.id,
                      STRA(cipher_base64(&own, body)));
  return true;
}

bool seal_open(struct keys *k, struct arena *mem, struct str compartment, const struct seal_place *at, struct str cell,
               struct str *out_value, struct err *e) {
  enum seal_suite suite;
  struct str text, body, value = {0};
  int64_t id = 0;
  *out_value = STR("");
  if (!cell.len) return true;
  if (!k) return fail(e, ERR_GUARD, MSG_keys_none);
  AUTO_ARENA own = {0};
  if (!cut_head(cell, &suite, &id, &text) || !cipher_unbase64(&own, text, &body))
    return fail(e, ERR_STORE, MSG_seal_broken, "table", at->table, "column", at->column, "row", at->row);
  const struct ring_key *key = ring_find(ring_now(k), id);
  if (!key) return fail(e, ERR_GUARD, MSG_seal_no_key, "compartment", compartment, "key", str_int(&own, id));
  const struct str about = context(&own, key, at);
  const bool ok = suite == key->info.suite && str_eq(compartment, key->info.compartment) &&
                  (suite == SEAL_SM4 ? open_sm4 : open_aes)(&own, key, about, body, &value);
  if (!ok) return fail(e, ERR_STORE, MSG_seal_broken, "table", at->table, "column", at->column, "row", at->row);
  *out_value = str_dup(mem, value);
  return true;
}

bool seal_lookup(struct keys *k, struct arena *mem, struct str compartment, struct str tenant, struct str what,
                 struct str value, struct str *out_hex, struct err *e) {
  const struct ring_key *key = key_for(k, compartment, KEY_LOOKUP, e);
  if (!key) return false;
  AUTO_ARENA own = {0};
  const struct str about = context(&own, key, &(struct seal_place){.tenant = tenant, .column = what});
  *out_hex = hash_hex(
      mem, cipher_hmac_sm3((struct str){(const char *)key->mac, sizeof key->mac}, str_join(&own, about, value)));
  return true;
}
