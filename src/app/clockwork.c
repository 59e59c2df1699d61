/* The scheduler's thread. It decides when; what is due and what comes of it is engine/flow/jobs_store.c. */
#include "app/clockwork.h"

#include <pthread.h>
#include <time.h>

#include "app/systems.h"
#include "base/clock.h"
#include "base/log.h"
#include "engine/flow/jobs.h"
#include "engine/flow/measure.h"
#include "texts.h"

enum { LOOK_SECONDS = 20 };

struct clockwork {
  struct arena mem; /* it lives in it */
  struct systems *systems;
  struct store *store;
  pthread_t thread;
  pthread_mutex_t turning; /* held during a turn */
  pthread_mutex_t lock;
  pthread_cond_t woken;
  bool ends;
};

/* ---- what is done ---- */

static struct flow_run *begin(void *arg, struct store *session, struct arena *mem, int64_t now_us) {
  struct system_run *x = arena_new(mem, struct system_run);
  systems_begin_for(x, arg, session, mem, NULL, now_us, LANG_ZH);
  return &x->run;
}
static bool turn(struct systems *s, struct store *store, int64_t until_us, struct flow_jobs *out, struct err *e) {
  const struct flow_starter starter = {s, begin};
  AUTO_ARENA mem = {0};
  TRY(flow_versions_day(systems_flow(s), store, &starter, until_us, e));
  TRY(flow_jobs_run(systems_flow(s), store, &starter, until_us, out, e));
  TRY(flow_retention_day(systems_flow(s), store, until_us, e));
  TRY(flow_facts_day(systems_flow(s), store, &starter, until_us, e));
  if (out->failed) log_event(LOG_WARN, "clocks", "refused", str_int(&mem, out->failed));
  return true;
}
bool clockwork_run(struct systems *s, struct store *store, int64_t until_us, struct err *e) {
  struct flow_jobs jobs = {.is_more = true};
  while (jobs.is_more) TRY(turn(s, store, until_us, &jobs, e));
  return true;
}

bool clockwork_recount(struct systems *s, struct store *store, struct err *e) {
  AUTO_READ *r = store_read_begin(store, e);
  AUTO_ARENA mem = {0};
  struct flow_facts_proof proof;
  TRY(r && flow_facts_check(begin(s, r, &mem, clock_now_us()), &proof, e));
  if (!proof.faults) return true;
  const struct str place = str_fmt(&mem, STRF " " STRF, STRA(proof.what), STRA(proof.id));
  return fail(e, ERR_INVALID, MSG_measures_disagree, "n", str_int(&mem, proof.faults), "measure", proof.measure,
              "place", place);
}

/* ---- when ---- */

/* At most LOOK_SECONDS; at once while there is more to do. */
static int64_t pause_us(const struct flow_jobs *jobs, int64_t now_us) {
  const int64_t longest = LOOK_SECONDS * SECOND_US, wait = jobs->next_us - now_us;
  if (jobs->is_more || wait < 0) return 0;
  return wait < longest ? wait : longest;
}
/* Answers false when it is to end. */
static bool sleep_for(struct clockwork *c, int64_t us) {
  const int64_t until = clock_steady_us() + us;
  const struct timespec t = {until / SECOND_US, until % SECOND_US * 1000};
  (void)pthread_mutex_lock(&c->lock);
  while (!c->ends && us && pthread_cond_timedwait(&c->woken, &c->lock, &t) == 0) continue;
  const bool goes_on = !c->ends;
  (void)pthread_mutex_unlock(&c->lock);
  return goes_on;
}
static void *work(void *arg) {
  struct clockwork *c = arg;
  struct flow_jobs jobs;
  do {
    struct err e = {0};
    (void)pthread_mutex_lock(&c->turning);
    const bool ok = turn(c->systems, c->store, clock_now_us(), &jobs, &e);
    (void)pthread_mutex_unlock(&c->turning);
    if (!ok) {
      log_event(LOG_WARN, "clocks", "code", str_of(err_word(e.code)));
      jobs = (struct flow_jobs){.next_us = INT64_MAX};
    }
  } while (sleep_for(c, pause_us(&jobs, clock_now_us())));
  return NULL;
}
bool clockwork_start(struct systems *s, struct store *store, struct clockwork **out, struct err *e) {
  struct arena mem = {0};
  struct clockwork *c = arena_new(&mem, struct clockwork);
  pthread_condattr_t steady;
  *c = (struct clockwork){.mem = mem, .systems = s, .store = store};
  (void)pthread_condattr_init(&steady);
  (void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
  (void)pthread_mutex_init(&c->turning, NULL);
  (void)pthread_mutex_init(&c->lock, NULL);
  (void)pthread_cond_init(&c->woken, &steady);
  (void)pthread_condattr_destroy(&steady);
  *out = NULL;
  if (pthread_create(&c->thread, NULL, work, c)) {
    arena_drop(&mem);
    return fail(e, ERR_STORE, MSG_store_failed, "what", STR("pthread_create"));
  }
  *out = c;
  return true;
}
void clockwork_hold(struct clockwork *c) {
  if (c) (void)pthread_mutex_lock(&c->turning);
}
void clockwork_release(struct clockwork *c, struct systems *s) {
  if (!c) return;
  c->systems = s;
  (void)pthread_mutex_unlock(&c->turning);
}
void clockwork_stop(struct clockwork *c) {
  if (!c) return;
  (void)pthread_mutex_lock(&c->lock);
  c->ends = true;
  (void)pthread_cond_signal(&c->woken);
  (void)pthread_mutex_unlock(&c->lock);
  (void)pthread_join(c->thread, NULL);
  (void)pthread_cond_destroy(&c->woken);
  (void)pthread_mutex_destroy(&c->lock);
  (void)pthread_mutex_destroy(&c->turning);
  struct arena mem = c->mem;
  arena_drop(&mem);
}
