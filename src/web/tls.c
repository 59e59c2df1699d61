/* Each handshake asks for the certificate, so a new one is served from the moment it is read and open connections keep
 * what they have. A pair that was replaced may still be in the hands of a handshake; it is freed at a later change, when no
 * handshake can be as old as that. */
#include "web/tls.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "texts.h"

/* TLS 1.3 and 1.2; no key exchange without forward secrecy, no cipher without authentication. */
const char tls_priorities[] =
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-CIPHER-ALL:+AES-256-GCM:+CHACHA20-POLY1305:+AES-128-GCM:"
    "-MAC-ALL:+AEAD:-SIGN-RSA-SHA1:-SIGN-ECDSA-SHA1:%SERVER_PRECEDENCE";

enum { CHAIN_MAX = 8, PEM_MAX = 1 << 20, KEEP_US = 120 * 1000000 };

struct pair {
  gnutls_pcert_st chain[CHAIN_MAX];
  unsigned count;
  gnutls_privkey_t key;
  int64_t replaced_us;
  struct pair *next; /* older */
};
struct marks { /* what a file looked like when it was read */
  struct timespec changed;
  ino_t number;
  off_t size;
};
struct tls {
  struct str certificate, key;
  _Atomic(struct pair *) now;
  struct pair *old;
  struct marks seen[2];
  struct arena mem;
};

/* house: allow mutable - GnuTLS hands its callback nothing of ours */
static _Atomic(struct tls *) serving;

/* ---- reading ---- */

static void drop_pair(struct pair *p) {
  if (!p) return;
  for (unsigned i = 0; i < p->count; i++) gnutls_pcert_deinit(&p->chain[i]);
  if (p->key) gnutls_privkey_deinit(p->key);
  gnutls_free(p);
}
static bool bad(struct err *e, struct str file, int code) {
  return fail(e, ERR_INVALID, MSG_tls_unusable, "file", file, "what", str_of(gnutls_strerror(code)));
}
static gnutls_datum_t datum(struct str s) {
  return (gnutls_datum_t){(unsigned char *)(uintptr_t)s.at, (unsigned)s.len};
}

/* Does the first certificate name this key, and is its time not over? */
static bool fits(const struct pair *p, struct str pem, struct str file, struct err *e) {
  unsigned char left[32], right[32];
  size_t left_size = sizeof left, right_size = sizeof right;
  const gnutls_datum_t bytes = datum(pem);
  gnutls_pubkey_t own = NULL;
  gnutls_x509_crt_t crt = NULL;
  int rc = gnutls_pubkey_init(&own);
  if (!rc) rc = gnutls_x509_crt_init(&crt);
  if (!rc) rc = gnutls_pubkey_import_privkey(own, p->key, 0, 0);
  if (!rc) rc = gnutls_pubkey_get_key_id(own, GNUTLS_KEYID_USE_SHA256, left, &left_size);
  if (!rc) rc = gnutls_pubkey_get_key_id(p->chain[0].pubkey, GNUTLS_KEYID_USE_SHA256, right, &right_size);
  if (!rc) rc = gnutls_x509_crt_import(crt, &bytes, GNUTLS_X509_FMT_PEM);
  const bool same = !rc && left_size == right_size && !memcmp(left, right, left_size);
  const bool over = !rc && gnutls_x509_crt_get_expiration_time(crt) < clock_now_us() / 1000000;
  if (crt) gnutls_x509_crt_deinit(crt);
  if (own) gnutls_pubkey_deinit(own);
  if (rc) return bad(e, file, rc);
  if (!same) return fail(e, ERR_INVALID, MSG_tls_no_pair, "file", file);
  return !over || fail(e, ERR_INVALID, MSG_tls_expired, "file", file);
}

static bool fill_pair(struct pair *p, struct str certificate, struct str key, struct arena *mem, struct err *e) {
  struct str pem = {0}, secret = {0};
  TRY(file_read(mem, certificate, PEM_MAX, &pem, e));
  TRY(file_read(mem, key, PEM_MAX, &secret, e));
  const gnutls_datum_t chain = datum(pem), own = datum(secret);
  unsigned n = CHAIN_MAX;
  int rc = gnutls_pcert_list_import_x509_raw(p->chain, &n, &chain, GNUTLS_X509_FMT_PEM, 0);
  if (rc < 0) return bad(e, certificate, rc);
  p->count = n;
  rc = gnutls_privkey_init(&p->key);
  if (!rc) rc = gnutls_privkey_import_x509_raw(p->key, &own, GNUTLS_X509_FMT_PEM, NULL, 0);
  explicit_bzero((void *)(uintptr_t)secret.at, secret.len);
  if (rc) return bad(e, key, rc);
  return fits(p, pem, certificate, e);
}
static struct pair *read_pair(struct str certificate, struct str key, struct err *e) {
  AUTO_ARENA mem = {0};
  struct stat st;
  struct pair *p = gnutls_calloc(1, sizeof *p);
  must(p);
  bool ok = fill_pair(p, certificate, key, &mem, e);
  if (ok && stat(str_z(&mem, key), &st) == 0 && (st.st_mode & S_IRWXO))
    ok = fail(e, ERR_INVALID, MSG_tls_key_open, "file", key);
  if (ok) return p;
  drop_pair(p);
  return NULL;
}
bool tls_check(struct str certificate, struct str key, struct err *e) {
  struct pair *p = read_pair(certificate, key, e);
  drop_pair(p);
  return p != NULL;
}

static void mark(struct str file, struct marks *out) {
  AUTO_ARENA mem = {0};
  struct stat st = {0};
  (void)stat(str_z(&mem, file), &st); /* a file that is gone has marks of its own: zeros */
  *out = (struct marks){st.st_mtim, st.st_ino, st.st_size};
}
static bool same_marks(const struct marks *a, const struct marks *b) {
  return a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec && a->number == b->number &&
         a->size == b->size;
}

/* ---- handshakes ---- */

static int hand_out(gnutls_session_t session, const gnutls_datum_t *names, int count,
                    const gnutls_pk_algorithm_t *kinds, int kind_count, gnutls_pcert_st **out_chain,
                    unsigned *out_count, gnutls_privkey_t *out_key) {
  (void)session, (void)names, (void)count, (void)kinds, (void)kind_count;
  struct tls *t = atomic_load(&serving);
  struct pair *p = t ? atomic_load(&t->now) : NULL;
  if (!p) return -1;
  *out_chain = p->chain;
  *out_count = p->count;
  *out_key = p->key;
  return 0;
}
void *tls_callback(void) { return (void *)(uintptr_t)hand_out; }

/* ---- life ---- */

bool tls_open(struct str certificate, struct str key, struct tls **out, struct err *e) {
  struct arena mem = {0};
  struct tls *t = arena_new(&mem, struct tls);
  t->certificate = str_dup(&mem, certificate);
  t->key = str_dup(&mem, key);
  t->mem = mem;
  mark(certificate, &t->seen[0]);
  mark(key, &t->seen[1]);
  struct pair *p = read_pair(certificate, key, e);
  atomic_store(&t->now, p);
  if (!p) {
    tls_close(t);
    return false;
  }
  atomic_store(&serving, t);
  *out = t;
  return true;
}

static void forget_old(struct tls *t, int64_t now) {
  struct pair **at = &t->old;
  while (*at && now - (*at)->replaced_us < KEEP_US) at = &(*at)->next;
  struct pair *p = *at;
  *at = NULL;
  for (struct pair *next; p; p = next) {
    next = p->next;
    drop_pair(p);
  }
}
bool tls_renew(struct tls *t, bool now, struct err *e) {
  struct marks seen[2];
  mark(t->certificate, &seen[0]);
  mark(t->key, &seen[1]);
  if (!now && same_marks(&seen[0], &t->seen[0]) && same_marks(&seen[1], &t->seen[1])) return false;
  memcpy(t->seen, seen, sizeof seen);
  struct pair *p = read_pair(t->certificate, t->key, e);
  if (!p) return false;
  struct pair *was = atomic_exchange(&t->now, p);
  was->replaced_us = clock_steady_us();
  was->next = t->old;
  t->old = was;
  forget_old(t, was->replaced_us);
  return true;
}
void tls_close(struct tls *t) {
  if (!t) return;
  struct tls *mine = t;
  (void)atomic_compare_exchange_strong(&serving, &mine, NULL);
  drop_pair(atomic_load(&t->now));
  for (struct pair *p = t->old, *next; p; p = next) {
    next = p->next;
    drop_pair(p);
  }
  struct arena mem = t->mem; /* t itself lives in it */
  arena_drop(&mem);
}
