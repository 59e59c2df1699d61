/* One thread with a rest that can be broken off. */
#include "app/pulse.h"

#include <pthread.h>
#include <time.h>

#include "base/clock.h"
#include "base/must.h"
#include "texts.h"

#define SECOND INT64_C(1000000)

struct pulse {
  struct arena mem; /* it lives in it */
  int64_t (*turn)(void *arg);
  void *arg;
  pthread_t thread;
  pthread_mutex_t lock;
  pthread_cond_t woken;
  bool ends;
};
/* Answers false when it is to end. */
static bool rest(struct pulse *p, int64_t us) {
  const int64_t until = clock_steady_us() + us;
  const struct timespec t = {until / SECOND, until % SECOND * 1000};
  (void)pthread_mutex_lock(&p->lock);
  while (!p->ends && us && pthread_cond_timedwait(&p->woken, &p->lock, &t) == 0) continue;
  const bool goes_on = !p->ends;
  (void)pthread_mutex_unlock(&p->lock);
  return goes_on;
}
static void *work(void *arg) {
  struct pulse *p = arg;
  while (rest(p, p->turn(p->arg))) continue;
  return NULL;
}
static void drop(struct pulse *p) {
  (void)pthread_cond_destroy(&p->woken);
  (void)pthread_mutex_destroy(&p->lock);
  struct arena mem = p->mem;
  arena_drop(&mem);
}
bool pulse_start(int64_t (*turn)(void *arg), void *arg, struct pulse **out, struct err *e) {
  struct arena mem = {0};
  struct pulse *p = arena_new(&mem, struct pulse);
  pthread_condattr_t steady;
  *p = (struct pulse){.mem = mem, .turn = turn, .arg = arg};
  (void)pthread_condattr_init(&steady);
  (void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
  (void)pthread_mutex_init(&p->lock, NULL);
  (void)pthread_cond_init(&p->woken, &steady);
  (void)pthread_condattr_destroy(&steady);
  *out = p;
  if (pthread_create(&p->thread, NULL, work, p) == 0) return true;
  *out = NULL;
  drop(p);
  return fail(e, ERR_STORE, MSG_store_failed, "what", STR("pthread_create"));
}
void pulse_stop(struct pulse *p) {
  if (!p) return;
  (void)pthread_mutex_lock(&p->lock);
  p->ends = true;
  (void)pthread_cond_signal(&p->woken);
  (void)pthread_mutex_unlock(&p->lock);
  (void)pthread_join(p->thread, NULL);
  drop(p);
}
