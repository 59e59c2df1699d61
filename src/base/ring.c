/* The key ring's file: read with its permissions checked, written whole, watched while a server runs. A changed file that
 * cannot be read leaves the ring that is in use, so that a slip of an editor does not stop a server. */
#include "base/ring.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cipher.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/yaml.h"
#include "texts.h"

enum { LOOK_EVERY_US = 900000 };

struct stamp {
  struct timespec when;
  ino_t node;
  off_t size;
};
struct keys {
  pthread_mutex_t lock;
  struct ring *ring;
  struct stamp stamp;
  int64_t looked_us;
  char *path;
};

static const char *const state_words[] = {"current", "old", "lookup"};
static const char *const suite_words[] = {"sm4", "aes"};

const char *seal_suite_word(enum seal_suite s) { return suite_words[s]; }
bool seal_suite_of(struct str word, enum seal_suite *out) {
  for (int i = 0; i < (int)COUNT_OF(suite_words); i++) {
    if (!str_eqz(word, suite_words[i])) continue;
    *out = (enum seal_suite)i;
    return true;
  }
  return false;
}
static bool state_of(struct str word, enum key_state *out) {
  for (int i = 0; i < (int)COUNT_OF(state_words); i++) {
    if (!str_eqz(word, state_words[i])) continue;
    *out = (enum key_state)i;
    return true;
  }
  return false;
}

const struct ring_key *ring_find(const struct ring *r, int64_t id) {
  vec_each(const struct ring_key, k, &r->keys) {
    if (k->info.id == id) return k;
  }
  return NULL;
}
const struct ring_key *ring_of(const struct ring *r, struct str compartment, enum key_state state) {
  vec_each(const struct ring_key, k, &r->keys) {
    if (k->info.state == state && str_eq(k->info.compartment, compartment)) return k;
  }
  return NULL;
}

/* ---- reading ---- */

static void derive(struct ring_key *k) {
  const struct str secret = {(const char *)k->secret, sizeof k->secret};
  const struct digest c = cipher_hmac_sm3(secret, k->info.suite == SEAL_SM4 ? STR("sm4 cipher") : STR("aes cipher"));
  const struct digest m = cipher_hmac_sm3(secret, STR("sm4 mac"));
  memcpy(k->cipher, c.at, sizeof k->cipher);
  memcpy(k->mac, m.at, sizeof k->mac);
}
static struct str text_of(const struct yaml *row, const char *key) {
  const struct yaml *y = yaml_get(row, key);
  return y && y->kind == YAML_SCALAR ? y->text : STR("");
}
static bool read_key(struct ring *r, struct str name, const struct yaml *row, struct err *e) {
  struct ring_key k = {.info = {.compartment = text_of(row, "compartment"), .made = text_of(row, "made")}};
  const bool ok = row->kind == YAML_MAP && str_to_int(text_of(row, "id"), &k.info.id) && k.info.id > 0 &&
                  !ring_find(r, k.info.id) && k.info.compartment.len &&
                  seal_suite_of(text_of(row, "suite"), &k.info.suite) &&
                  state_of(text_of(row, "state"), &k.info.state) &&
                  (k.info.state == KEY_OLD || !ring_of(r, k.info.compartment, k.info.state)) &&
                  cipher_unhex(text_of(row, "secret"), k.secret, sizeof k.secret);
  if (!ok) {
    (void)fail(e, ERR_INVALID, MSG_keys_no_ring, "file", name);
    return err_at(e, name, row->line, row->column);
  }
  derive(&k);
  vec_push(&r->mem, &r->keys) = k;
  return true;
}
static struct stamp stamp_of(const struct stat *st) { return (struct stamp){st->st_mtim, st->st_ino, st->st_size}; }

static void drop_ring(struct ring *r) {
  for (struct ring *older; r; r = older) {
    older = r->older;
    if (r->keys.at) cipher_wipe(r->keys.at, r->keys.len * sizeof *r->keys.at);
    struct arena mem = r->mem; /* r itself lives in it */
    arena_drop(&mem);
  }
}
static struct ring *new_ring(void) {
  struct arena mem = {0};
  struct ring *r = arena_new(&mem, struct ring);
  r->mem = mem;
  return r;
}
static bool fill_ring(struct ring *r, struct str path, struct err *e) {
  struct str text = {0};
  struct yaml *root = NULL;
  TRY(file_read_private(&r->mem, path, KEYS_FILE_MAX, &text, e));
  const bool parsed = yaml_parse(&r->mem, path, text, &root, e);
  cipher_wipe((char *)text.at, text.len);
  TRY(parsed);
  const struct yaml *list = root->kind == YAML_MAP ? yaml_get(root, "keys") : NULL;
  if (!list || list->kind != YAML_LIST || list->count > KEYS_MAX)
    return fail(e, ERR_INVALID, MSG_keys_no_ring, "file", path);
  for (const struct yaml *row = list->child; row; row = row->next) TRY(read_key(r, path, row, e));
  return true;
}
/* The caller owns the ring. */
static bool read_ring(struct str path, struct ring **out, struct stamp *out_stamp, struct err *e) {
  struct stat st = {0};
  struct ring *r = new_ring();
  if (stat(str_z(&r->mem, path), &st) == 0) *out_stamp = stamp_of(&st); /* else the reading says what is wrong */
  if (!fill_ring(r, path, e)) {
    drop_ring(r);
    return false;
  }
  *out = r;
  return true;
}

bool keys_open(struct str path, struct keys **out, struct err *e) {
  struct ring *r = NULL;
  struct stamp stamp = {0};
  TRY(read_ring(path, &r, &stamp, e));
  struct keys *k = calloc(1, sizeof *k);
  must(k != NULL);
  *k = (struct keys){.ring = r, .stamp = stamp, .looked_us = clock_steady_us(), .path = str_z(&r->mem, path)};
  (void)pthread_mutex_init(&k->lock, NULL);
  *out = k;
  return true;
}
void keys_close(struct keys *k) {
  if (!k) return;
  (void)pthread_mutex_destroy(&k->lock);
  drop_ring(k->ring);
  free(k);
}

static void look_again(struct keys *k) {
  struct stat st = {0};
  struct err ignored = {0};
  struct ring *r = NULL;
  if (stat(k->path, &st) != 0) return;
  struct stamp now = stamp_of(&st);
  if (now.when.tv_sec == k->stamp.when.tv_sec && now.when.tv_nsec == k->stamp.when.tv_nsec &&
      now.node == k->stamp.node && now.size == k->stamp.size)
    return;
  if (!read_ring(str_of(k->path), &r, &now, &ignored)) return;
  r->older = k->ring;
  k->path = str_z(&r->mem, str_of(k->path));
  k->ring = r;
  k->stamp = now;
}
const struct ring *ring_now(struct keys *k) {
  (void)pthread_mutex_lock(&k->lock);
  const int64_t now = clock_steady_us();
  if (now - k->looked_us > LOOK_EVERY_US) {
    k->looked_us = now;
    look_again(k);
  }
  const struct ring *r = k->ring;
  (void)pthread_mutex_unlock(&k->lock);
  return r;
}

bool keys_list(struct keys *k, struct arena *mem, struct key_list *out, struct err *e) {
  if (!k) return fail(e, ERR_GUARD, MSG_keys_none);
  const struct ring *r = ring_now(k);
  vec_each(const struct ring_key, x, &r->keys) {
    vec_push(mem, out) = x->info;
  }
  return true;
}
int64_t keys_current(struct keys *k, struct str compartment) {
  const struct ring_key *x = k ? ring_of(ring_now(k), compartment, KEY_CURRENT) : NULL;
  return x ? x->info.id : 0;
}

/* ---- changing ---- */

static void put_key(struct buf *o, const struct ring_key *k) {
  static const char digits[] = "0123456789abcdef";
  buf_fmt(o, "  - id: %lld\n    compartment: " STRF "\n    suite: %s\n    state: %s\n    made: " STRF "\n    secret: ",
          (long long)k->info.id, STRA(k->info.compartment), suite_words[k->info.suite], state_words[k->info.state],
          STRA(k->info.made));
  for (size_t i = 0; i < sizeof k->secret; i++) {
    buf_byte(o, digits[k->secret[i] >> 4]);
    buf_byte(o, digits[k->secret[i] & 15]);
  }
  buf_byte(o, '\n');
}
static bool write_ring(struct str path, const struct ring *r, struct err *e) {
  AUTO_BUF o = BUF_MAX(KEYS_FILE_MAX);
  buf_z(&o,
        "# Gangmu keys. Secret: whoever has this file and the database can read what is sealed.\n"
        "# Without this file nobody can. Keep a copy apart from the copies of the database.\n");
  buf_z(&o, r->keys.len ? "keys:\n" : "keys: []\n");
  vec_each(const struct ring_key, k, &r->keys) put_key(&o, k);
  const bool ok = !o.broken ? file_write_private(path, buf_view(&o), e) : fail(e, ERR_TOO_LARGE, MSG_keys_too_many);
  if (o.at) cipher_wipe(o.at, o.len);
  return ok;
}
/* The first number of a ring is drawn: a cell of another ring then names a key that is not there, instead of failing as if it
 * had been altered. */
static int64_t next_id(const struct ring *r) {
  int64_t id = 0;
  uint32_t chance = 0;
  vec_each(const struct ring_key, x, &r->keys) id = x->info.id > id ? x->info.id : id;
  random_bytes(&chance, sizeof chance);
  return id ? id + 1 : 1 + (int64_t)chance;
}
static void add_key(struct ring *r, struct str compartment, enum seal_suite suite, enum key_state state,
                    struct str day) {
  struct ring_key k = {
      .info = {.id = next_id(r), .compartment = compartment, .made = day, .suite = suite, .state = state}};
  random_bytes(k.secret, sizeof k.secret);
  vec_push(&r->mem, &r->keys) = k;
  cipher_wipe(&k.secret, sizeof k.secret);
}
static bool is_name(struct str s) {
  bool ok = s.len && s.len <= 32;
  for (size_t i = 0; i < s.len; i++) ok = ok && ((s.at[i] >= 'a' && s.at[i] <= 'z') || s.at[i] == '_');
  return ok;
}

/* Of two processes that make the same ring at once one wins, and the other takes what is there. */
static bool place_ring(struct str path, const struct ring *r, bool is_new, struct err *e) {
  if (!is_new) return write_ring(path, r, e);
  AUTO_ARENA mem = {0};
  uint64_t chance = 0;
  random_bytes(&chance, sizeof chance);
  const struct str beside = str_fmt(&mem, STRF ".%llx", STRA(path), (unsigned long long)chance);
  struct err lost = {0};
  TRY(write_ring(beside, r, e));
  const bool ok = file_place(beside, path, &lost);
  (void)unlink(str_z(&mem, beside));
  if (!ok && !file_exists(path)) *e = lost;
  return ok || file_exists(path);
}
static bool add_missing(struct ring *r, const struct str *compartments, size_t n, enum seal_suite suite, struct str day,
                        int *out_made, struct err *e) {
  for (size_t i = 0; i < n; i++) {
    if (!is_name(compartments[i])) return fail(e, ERR_INVALID, MSG_keys_bad_name, "name", compartments[i]);
    if (ring_of(r, compartments[i], KEY_CURRENT)) continue;
    add_key(r, compartments[i], suite, KEY_CURRENT, day);
    if (!ring_of(r, compartments[i], KEY_LOOKUP)) add_key(r, compartments[i], suite, KEY_LOOKUP, day);
    ++*out_made;
  }
  return r->keys.len <= KEYS_MAX || fail(e, ERR_TOO_LARGE, MSG_keys_too_many);
}
bool keys_add(struct str path, const struct str *compartments, size_t n, enum seal_suite suite, struct str day,
              int *out_made, struct err *e) {
  struct ring *r = NULL;
  struct stamp stamp = {0};
  const bool is_new = !file_exists(path);
  *out_made = 0;
  if (is_new) r = new_ring();
  else TRY(read_ring(path, &r, &stamp, e));
  bool ok = add_missing(r, compartments, n, suite, day, out_made, e);
  ok = ok && (!*out_made || place_ring(path, r, is_new, e));
  drop_ring(r);
  return ok;
}
bool keys_rotate(struct str path, struct str compartment, enum seal_suite suite, struct str day, int64_t *out_id,
                 struct err *e) {
  struct ring *r = NULL;
  struct stamp stamp = {0};
  TRY(read_ring(path, &r, &stamp, e));
  bool found = false;
  vec_each(struct ring_key, k, &r->keys) {
    if (k->info.state != KEY_CURRENT || !str_eq(k->info.compartment, compartment)) continue;
    k->info.state = KEY_OLD;
    found = true;
  }
  bool ok = found || fail(e, ERR_NOT_FOUND, MSG_keys_no_compartment, "compartment", compartment);
  ok = ok && (r->keys.len < KEYS_MAX || fail(e, ERR_TOO_LARGE, MSG_keys_too_many));
  if (ok) {
    add_key(r, compartment, suite, KEY_CURRENT, day);
    *out_id = vec_last(&r->keys).info.id;
    ok = write_ring(path, r, e);
  }
  drop_ring(r);
  return ok;
}
bool keys_retire(struct str path, int64_t id, struct err *e) {
  struct ring *r = NULL;
  struct stamp stamp = {0};
  TRY(read_ring(path, &r, &stamp, e));
  size_t kept = 0;
  bool ok = true;
  for (size_t i = 0; i < r->keys.len; i++) {
    const struct key_info *k = &r->keys.at[i].info;
    if (k->id == id && k->state != KEY_OLD) ok = fail(e, ERR_GUARD, MSG_keys_in_use);
    if (k->id != id) r->keys.at[kept++] = r->keys.at[i];
  }
  if (ok && kept == r->keys.len) ok = fail(e, ERR_NOT_FOUND, MSG_keys_unknown);
  r->keys.len = kept;
  ok = ok && write_ring(path, r, e);
  drop_ring(r);
  return ok;
}
