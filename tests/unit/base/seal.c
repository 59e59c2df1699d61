/* Published vectors of the ciphers; cells that open where they stand and nowhere else; the ring's file. */
#include "base/seal.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cipher.h"
#include "base/clock.h"
#include "base/file.h"
#include "texts.h"
#include "unit.h"

static struct str bytes_of(struct arena *mem, const char *hex) {
  const size_t n = strlen(hex) / 2;
  unsigned char *out = arena_take(mem, n + 1);
  assert_true(cipher_unhex(str_of(hex), out, n));
  return (struct str){(const char *)out, n};
}
static const unsigned char *key_of(struct arena *mem, const char *hex) {
  return (const unsigned char *)bytes_of(mem, hex).at;
}

/* GB/T 32907-2016, appendix A: one block, and the same block a million times. A counter of one block over zeros gives the
 * bare cipher. */
static void sm4_is_the_standard_one(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const char zeros[16] = {0};
  const unsigned char *key = key_of(&mem, "0123456789abcdeffedcba9876543210");
  char block[16];
  memcpy(block, key, sizeof block);
  for (int i = 0; i < 1000000; i++) {
    char next[16];
    cipher_sm4_ctr(key, (const unsigned char *)block, (struct str){zeros, 16}, next);
    memcpy(block, next, sizeof block);
    if (i == 0) assert_memory_equal(block, key_of(&mem, "681edf34d206965e86b3e94f536e4246"), 16);
  }
  assert_memory_equal(block, key_of(&mem, "595298c7c6fd271f0402f804c33d3f66"), 16);
}
/* draft-ribose-cfrg-sm4-10, A.2.5.1 */
static void sm4_counts_as_published(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct str in = bytes_of(&mem,
                                 "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
                                 "eeeeeeeeeeeeeeeeffffffffffffffffaaaaaaaaaaaaaaaabbbbbbbbbbbbbbbb");
  char out[64];
  cipher_sm4_ctr(key_of(&mem, "0123456789abcdeffedcba9876543210"), key_of(&mem, "000102030405060708090a0b0c0d0e0f"), in,
                 out);
  assert_memory_equal(out,
                      key_of(&mem,
                             "ac3236cb970cc20791364c395a1342d1a3cbc1878c6f30cd074cce385cdd70c7"
                             "f234bc0e24c11980fd1286310ce37b926e02fcd0faa0baf38b2933851d824514"),
                      64);
}
/* GB/T 32905-2016, appendix A.1 and A.2 */
static void sm3_is_the_standard_one(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  assert_str(hash_hex(&mem, hash_sm3(STR("abc"))), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  assert_str(hash_hex(&mem, hash_sm3(STR("abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd"))),
             "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}
/* NIST's vectors for GCM (McGrew and Viega), cases 14 and 16. */
static void gcm_is_the_standard_one(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  static const struct {
    const char *key, *iv, *aad, *in, *out, *tag;
  } cases[] = {
      {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000", "",
       "00000000000000000000000000000000", "cea7403d4d606b6e074ec5d3baf39d18", "d0d1c8a799996bf0265b98b5d48ab919"},
      {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
       "feedfacedeadbeeffeedfacedeadbeefabaddad2",
       "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
       "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
       "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
       "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
       "76fc6ece0f4e1768cddf8853bb2d551b"},
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    const struct str in = bytes_of(&mem, cases[i].in), aad = bytes_of(&mem, cases[i].aad);
    const unsigned char *key = key_of(&mem, cases[i].key), *iv = key_of(&mem, cases[i].iv);
    unsigned char tag[16];
    char out[64], back[64];
    cipher_gcm_seal(key, iv, aad, in, out, tag);
    assert_memory_equal(out, key_of(&mem, cases[i].out), in.len);
    assert_memory_equal(tag, key_of(&mem, cases[i].tag), sizeof tag);
    assert_true(cipher_gcm_open(key, iv, aad, (struct str){out, in.len}, back, tag));
    assert_memory_equal(back, in.at, in.len);
    tag[15] ^= 1;
    assert_false(cipher_gcm_open(key, iv, aad, (struct str){out, in.len}, back, tag));
  }
}
/* Computed with `openssl mac -digest SM3 -macopt hexkey:... HMAC`. */
static void hmac_is_the_one_of_others(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  const struct str key = bytes_of(&mem, "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  struct str longer = key;
  while (longer.len < 96) longer = str_join(&mem, longer, key);
  assert_str(hash_hex(&mem, cipher_hmac_sm3(key, STR("abc"))),
             "a8f95cf26f204957e7ca73c9602a25dda35f168b28103b51dfc968c810416b63");
  assert_str(hash_hex(&mem, cipher_hmac_sm3(longer, STR("abc"))),
             "e59a060e544e8123dd023b4aa23d4b24b56d9c78983f991e13544cb50c9e97c5");
}
static void base64_is_strict(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  static const char *const good[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"}; /* RFC 4648, 10 */
  struct str out = {0};
  for (size_t i = 0; i < COUNT_OF(good); i++) {
    assert_str(cipher_base64(&mem, str_slice(STR("foobar"), 0, i)), good[i]);
    assert_true(cipher_unbase64(&mem, str_of(good[i]), &out));
    assert_true(str_eq(out, str_slice(STR("foobar"), 0, i)));
  }
  static const char *const bad[] = {"Zg=", "Zh==", " Zg==", "Zg==\n", "Z===", "====", "Zm9v*A==", "Zg==Zg=="};
  for (size_t i = 0; i < COUNT_OF(bad); i++) assert_false(cipher_unbase64(&mem, str_of(bad[i]), &out));
}

/* ---- cells ---- */

struct ring_test {
  struct arena mem;
  struct str path;
  struct keys *keys;
};
static void ring_begin(struct ring_test *t, enum seal_suite suite) {
  const char *scratch = getenv("SCRATCH");
  const struct str compartments[] = {STR("person"), STR("voice")};
  struct err e = {0};
  int made = 0;
  *t = (struct ring_test){0};
  t->path = str_fmt(&t->mem, "%s/unit-%d.keys", scratch ? scratch : ".", (int)getpid());
  (void)unlink(t->path.at);
  assert_true(keys_add(t->path, compartments, 2, suite, STR("2026-05-20"), &made, &e));
  assert_int_equal(made, 2);
  assert_true(keys_open(t->path, &t->keys, &e));
}
static void ring_end(struct ring_test *t) {
  keys_close(t->keys);
  (void)unlink(t->path.at);
  arena_drop(&t->mem);
}
static const struct seal_place here = {{"t", 1}, {"person", 6}, {"phone", 5}, {"p1", 2}};

static void a_cell_opens_in_its_place_only(void **state) {
  (void)state;
  for (int suite = SEAL_SM4; suite <= SEAL_AES; suite++) {
    struct ring_test t;
    struct err e = {0};
    struct str cell = {0}, again = {0}, value = {0};
    ring_begin(&t, (enum seal_suite)suite);
    assert_true(seal_cell(t.keys, &t.mem, STR("person"), &here, STR("13800000001"), &cell, &e));
    assert_true(seal_cell(t.keys, &t.mem, STR("person"), &here, STR("13800000001"), &again, &e));
    assert_false(str_eq(cell, again));                           /* equal values do not show */
    assert_true(str_find(cell, STR("13800000001")) == STR_NONE); /* three digits may stand there by chance */
    assert_int_equal(seal_key_of(cell), keys_current(t.keys, STR("person")));
    assert_true(seal_open(t.keys, &t.mem, STR("person"), &here, cell, &value, &e));
    assert_str(value, "13800000001");
    const struct seal_place others[] = {{STR("u"), here.table, here.column, here.row},
                                        {here.tenant, STR("post"), here.column, here.row},
                                        {here.tenant, here.table, STR("mail"), here.row},
                                        {here.tenant, here.table, here.column, STR("p2")},
                                        {here.tenant, here.table, STR("phonep"), STR("1")}};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
      e = (struct err){0};
      assert_false(seal_open(t.keys, &t.mem, STR("person"), &others[i], cell, &value, &e));
      assert_int_equal(e.code, ERR_STORE);
    }
    e = (struct err){0};
    assert_false(seal_open(t.keys, &t.mem, STR("voice"), &here, cell, &value, &e));
    ring_end(&t);
  }
}
/* Every character of a cell changed, every cell cut short: none opens. */
static void an_altered_cell_does_not_open(void **state) {
  (void)state;
  for (int suite = SEAL_SM4; suite <= SEAL_AES; suite++) {
    struct ring_test t;
    struct err e = {0};
    struct str cell = {0}, value = {0};
    ring_begin(&t, (enum seal_suite)suite);
    assert_true(seal_cell(t.keys, &t.mem, STR("person"), &here, STR("值"), &cell, &e));
    for (size_t i = 0; i < cell.len; i++) {
      char *z = str_z(&t.mem, cell);
      z[i] = z[i] == 'A' ? 'B' : 'A';
      e = (struct err){0};
      assert_false(seal_open(t.keys, &t.mem, STR("person"), &here, str_of(z), &value, &e));
      e = (struct err){0};
      if (i) assert_false(seal_open(t.keys, &t.mem, STR("person"), &here, str_slice(cell, 0, i), &value, &e));
    }
    ring_end(&t);
  }
}
static void empty_values_and_missing_keys(void **state) {
  (void)state;
  struct ring_test t;
  struct err e = {0}, none = {0}, unknown = {0}, large = {0};
  struct str cell = {0}, value = {0};
  ring_begin(&t, SEAL_SM4);
  assert_true(seal_cell(t.keys, &t.mem, STR("person"), &here, STR(""), &cell, &e));
  assert_true(cell.len > 0);
  assert_true(seal_open(t.keys, &t.mem, STR("person"), &here, cell, &value, &e));
  assert_int_equal(value.len, 0);
  assert_true(seal_open(NULL, &t.mem, STR("person"), &here, STR(""), &value, &e)); /* no cell, nothing to open */
  assert_false(seal_cell(NULL, &t.mem, STR("person"), &here, STR("x"), &cell, &none));
  assert_int_equal(none.msg, MSG_keys_none);
  assert_false(seal_cell(t.keys, &t.mem, STR("other"), &here, STR("x"), &cell, &unknown));
  assert_int_equal(unknown.code, ERR_GUARD);
  char *much = arena_take(&t.mem, (256 << 10) + 1);
  memset(much, 'x', (256 << 10) + 1);
  assert_false(seal_cell(t.keys, &t.mem, STR("person"), &here, (struct str){much, (256 << 10) + 1}, &cell, &large));
  assert_int_equal(large.code, ERR_TOO_LARGE);
  ring_end(&t);
}
static void lookups_find_equal_values(void **state) {
  (void)state;
  struct ring_test t;
  struct err e = {0};
  struct str a = {0}, b = {0}, c = {0}, d = {0};
  ring_begin(&t, SEAL_SM4);
  assert_true(seal_lookup(t.keys, &t.mem, STR("person"), STR("t"), STR("id"), STR("110101"), &a, &e));
  assert_true(seal_lookup(t.keys, &t.mem, STR("person"), STR("t"), STR("id"), STR("110101"), &b, &e));
  assert_true(seal_lookup(t.keys, &t.mem, STR("person"), STR("t"), STR("phone"), STR("110101"), &c, &e));
  assert_true(seal_lookup(t.keys, &t.mem, STR("voice"), STR("t"), STR("id"), STR("110101"), &d, &e));
  assert_int_equal(a.len, 64);
  assert_true(str_eq(a, b));
  assert_false(str_eq(a, c));
  assert_false(str_eq(a, d));
  ring_end(&t);
}

/* ---- the ring ---- */

static void a_running_ring_sees_the_new_key(void **state) {
  (void)state;
  struct ring_test t;
  struct err e = {0};
  struct str old = {0}, fresh = {0}, value = {0}, hash = {0}, same = {0};
  int64_t id = 0;
  ring_begin(&t, SEAL_SM4);
  const int64_t first = keys_current(t.keys, STR("person"));
  assert_true(seal_cell(t.keys, &t.mem, STR("person"), &here, STR("x"), &old, &e));
  assert_true(seal_lookup(t.keys, &t.mem, STR("person"), STR("t"), STR("id"), STR("1"), &hash, &e));
  assert_true(keys_rotate(t.path, STR("person"), SEAL_AES, STR("2026-06-01"), &id, &e));
  clock_sleep_us(1100000);
  assert_int_equal(keys_current(t.keys, STR("person")), id);
  assert_true(seal_cell(t.keys, &t.mem, STR("person"), &here, STR("x"), &fresh, &e));
  assert_true(str_starts(fresh, STR("aes.")));
  assert_true(seal_open(t.keys, &t.mem, STR("person"), &here, old, &value, &e)); /* both open */
  assert_true(seal_open(t.keys, &t.mem, STR("person"), &here, fresh, &value, &e));
  assert_true(seal_lookup(t.keys, &t.mem, STR("person"), STR("t"), STR("id"), STR("1"), &same, &e));
  assert_true(str_eq(hash, same)); /* lookups stay */
  assert_false(keys_retire(t.path, id, &e));
  assert_int_equal(e.code, ERR_GUARD);
  e = (struct err){0};
  assert_true(keys_retire(t.path, first, &e));
  clock_sleep_us(1100000);
  assert_false(seal_open(t.keys, &t.mem, STR("person"), &here, old, &value, &e));
  assert_int_equal(e.code, ERR_GUARD);
  e = (struct err){0};
  assert_true(file_write_private(t.path, STR("keys: [broken"), &e)); /* a slip leaves the ring that is in use */
  clock_sleep_us(1100000);
  assert_int_equal(keys_current(t.keys, STR("person")), id);
  ring_end(&t);
}
static void a_ring_that_others_may_read_is_refused(void **state) {
  (void)state;
  struct ring_test t;
  struct err e = {0};
  struct keys *k = NULL;
  int made = 0;
  ring_begin(&t, SEAL_SM4);
  struct stat st;
  assert_int_equal(stat(t.path.at, &st), 0);
  assert_int_equal(st.st_mode & 0777, 0600);
  for (unsigned bit = 1; bit <= 040; bit <<= 1) {
    e = (struct err){0};
    assert_int_equal(chmod(t.path.at, 0600 | bit), 0);
    assert_false(keys_open(t.path, &k, &e));
    assert_int_equal(e.code, ERR_FORBIDDEN);
  }
  assert_int_equal(chmod(t.path.at, 0600), 0);
  e = (struct err){0};
  assert_true(keys_add(t.path, (const struct str[]){STR("person")}, 1, SEAL_SM4, STR("2026-05-20"), &made, &e));
  assert_int_equal(made, 0); /* what is there stays */
  assert_false(keys_add(t.path, (const struct str[]){STR("A: b")}, 1, SEAL_SM4, STR("2026-05-20"), &made, &e));
  assert_int_equal(e.code, ERR_INVALID);
  ring_end(&t);
}
enum { MAKERS = 8 };
struct maker {
  struct str path;
  struct keys *keys;
  bool ok;
};
static void *make_ring(void *arg) {
  struct maker *m = arg;
  struct err e = {0};
  int made = 0;
  m->ok = keys_add(m->path, (const struct str[]){STR("person")}, 1, SEAL_SM4, STR("2026-05-20"), &made, &e) &&
          keys_open(m->path, &m->keys, &e);
  return NULL;
}
/* Several servers begin at once beside a database that has no ring yet: all end with the same keys. */
static void makers_at_once_share_one_ring(void **state) {
  (void)state;
  AUTO_ARENA mem = {0};
  struct maker makers[MAKERS];
  pthread_t threads[MAKERS];
  const char *scratch = getenv("SCRATCH");
  const struct str path = str_fmt(&mem, "%s/many-%d.keys", scratch ? scratch : ".", (int)getpid());
  for (int i = 0; i < MAKERS; i++) {
    makers[i] = (struct maker){.path = path};
    assert_int_equal(pthread_create(&threads[i], NULL, make_ring, &makers[i]), 0);
  }
  for (int i = 0; i < MAKERS; i++) {
    (void)pthread_join(threads[i], NULL);
    assert_true(makers[i].ok);
    assert_int_equal(keys_current(makers[i].keys, STR("person")), keys_current(makers[0].keys, STR("person")));
  }
  for (int i = 0; i < MAKERS; i++) keys_close(makers[i].keys);
  (void)unlink(path.at);
}
static void what_is_no_ring_is_refused(void **state) {
  (void)state;
  static const char *const bad[] = {
      "",
      "keys: x\n",
      "other: []\n",
      "keys:\n  - {id: 1}\n",
      "keys:\n  - {id: 1, compartment: a, suite: sm4, state: current, made: d, secret: 00}\n",
      "keys:\n  - {id: 0, compartment: a, suite: sm4, state: current, made: d, secret: "
      "0000000000000000000000000000000000000000000000000000000000000000}\n",
      "keys:\n  - {id: 1, compartment: a, suite: des, state: current, made: d, secret: "
      "0000000000000000000000000000000000000000000000000000000000000000}\n",
  };
  struct ring_test t;
  ring_begin(&t, SEAL_SM4);
  for (size_t i = 0; i < COUNT_OF(bad); i++) {
    struct err e = {0};
    struct keys *k = NULL;
    assert_true(file_write_private(t.path, str_of(bad[i]), &e));
    assert_false(keys_open(t.path, &k, &e));
    assert_int_equal(e.code, ERR_INVALID);
  }
  ring_end(&t);
}

UNIT_TESTS(seal) = {
    cmocka_unit_test(sm4_is_the_standard_one),         cmocka_unit_test(sm4_counts_as_published),
    cmocka_unit_test(sm3_is_the_standard_one),         cmocka_unit_test(gcm_is_the_standard_one),
    cmocka_unit_test(hmac_is_the_one_of_others),       cmocka_unit_test(base64_is_strict),
    cmocka_unit_test(a_cell_opens_in_its_place_only),  cmocka_unit_test(an_altered_cell_does_not_open),
    cmocka_unit_test(empty_values_and_missing_keys),   cmocka_unit_test(lookups_find_equal_values),
    cmocka_unit_test(a_running_ring_sees_the_new_key), cmocka_unit_test(a_ring_that_others_may_read_is_refused),
    cmocka_unit_test(makers_at_once_share_one_ring),   cmocka_unit_test(what_is_no_ring_is_refused),
};
UNIT_COUNT(seal);
