/* How fast is a chain verified, beside the bare hashing of the same number of bytes by OpenSSL in the same run? And is the
 * memory that of a page, whatever the length?
 *
 *   bench_verify [EVENTS]        200,000 when none is given; the bar of memory is asked with 1,000,000
 *
 * Events are appended as acts append them, 500 a transaction, with three values of ordinary length. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "folder.h"
#include "store/event.h"
#include "store/store.h"

enum { EVENTS = 200000, A_BATCH = 500, TURNS = 3, CHUNK = 1 << 20, MEMORY_MB = 24 };
static const double share_least = 0.10; /* of bare hashing: the rest reads rows and begins 5 hashes an event */

struct batch {
  int64_t from;
};
static bool append(struct store *tx, void *arg, struct err *e) {
  const struct batch *b = arg;
  for (int64_t i = b->from; i < b->from + A_BATCH; i++) {
    AUTO_ARENA mem = {0};
    struct event ev = {.at_us = 1780000000000000 + i,
                       .valid = STR(""),
                       .actor = STR("王老师"),
                       .record = STR("person"),
                       .id = str_fmt(&mem, "01m81h73f0%010lld", (long long)i),
                       .act = STR("change"),
                       .from = STR(""),
                       .to = STR("")};
    event_add(&ev, STR("was.name"), STR("云岚市第一实验小学"));
    event_add(&ev, STR("now.name"), str_fmt(&mem, "云岚市第%lld实验小学", (long long)i));
    event_add(&ev, STR("reason"), STR("按市政府批复更名，自下学期起使用新名称。"));
    TRY(event_append(tx, &mem, &ev, NULL, e));
  }
  return true;
}
static int64_t peak_kb(void) {
  struct rusage u = {0};
  (void)getrusage(RUSAGE_SELF, &u);
  return u.ru_maxrss;
}
static int64_t bare_ns(int64_t bytes) {
  static char chunk[CHUNK]; /* house: allow mutable - a megabyte of zeros */
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned n = 0;
  const int64_t began = clock_cpu_ns();
  EVP_MD_CTX *c = EVP_MD_CTX_new();
  must(c && EVP_DigestInit_ex(c, EVP_sm3(), NULL) == 1);
  for (int64_t done = 0; done < bytes; done += CHUNK)
    must(EVP_DigestUpdate(c, chunk, (size_t)(bytes - done < CHUNK ? bytes - done : CHUNK)) == 1);
  must(EVP_DigestFinal_ex(c, out, &n) == 1);
  EVP_MD_CTX_free(c);
  return clock_cpu_ns() - began;
}
static bool verify(struct store *st, struct event_proof *out, int64_t *out_ns, struct err *e) {
  AUTO_ARENA mem = {0};
  AUTO_READ *r = store_read_begin(st, e);
  const int64_t began = clock_cpu_ns();
  if (!r || !event_verify(r, &mem, out, e)) return false;
  *out_ns = clock_cpu_ns() - began;
  return out->findings == 0;
}
static bool fill(struct store *st, int64_t events, struct err *e) {
  for (int64_t i = 0; i < events; i += A_BATCH) TRY(store_write(st, append, &(struct batch){i}, e));
  return true;
}
static bool measure(struct store *st, int64_t events, struct err *e) {
  int64_t best = INT64_MAX, bare = INT64_MAX;
  struct event_proof p = {0};
  const int64_t before = peak_kb();
  for (int i = 0; i < TURNS; i++) {
    int64_t ns = 0;
    TRY(verify(st, &p, &ns, e));
    if (ns < best) best = ns;
    const int64_t b = bare_ns(p.bytes);
    if (b < bare) bare = b;
  }
  const int64_t grown = peak_kb() - before;
  const double share = (double)bare / (double)best;
  printf("events %lld, bytes hashed %lld\n", (long long)p.events, (long long)p.bytes);
  printf("verify %.0f events/s, %.1f MB/s; bare SM3 %.1f MB/s; share %.2f (at least %.2f)\n",
         (double)p.events * 1e9 / (double)best, (double)p.bytes * 1e3 / (double)best,
         (double)p.bytes * 1e3 / (double)bare, share, share_least);
  printf("memory grew by %lld kB (at most %d MB)\n", (long long)grown, MEMORY_MB);
  return p.events == events && share >= share_least && grown <= MEMORY_MB << 10;
}

int main(int argc, char **argv) {
  struct bench_folder own;
  int64_t events = EVENTS;
  struct store *st = NULL;
  struct err e = {0};
  if (argc > 1 && !str_to_int(str_of(argv[1]), &events)) return 2;
  events = (events + A_BATCH - 1) / A_BATCH * A_BATCH;
  must(bench_folder_make(&own));
  arena_setup();
  bool ok = store_open(str_of(own.file), NULL, &st, &e) && fill(st, events, &e);
  ok = ok && measure(st, events, &e);
  store_close(st);
  bench_folder_drop(&own);
  if (e.code) printf("error %s %s\n", err_word(e.code), e.where ? e.where : "");
  printf("%s\n", ok ? "held" : "missed");
  return ok ? 0 : 1;
}
