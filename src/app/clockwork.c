/* When the clocks are seen to and messages are sent, each in a thread of its own: clocks do not wait for a server elsewhere. What is due
 * and what comes of it is engine/flow/jobs_store.c and message_out_store.c. */
#include "app/clockwork.h"

#include <pthread.h>

#include "app/postman.h"
#include "app/pulse.h"
#include "app/systems.h"
#include "base/clock.h"
#include "base/log.h"
#include "engine/flow/jobs.h"
#include "engine/flow/measure.h"
#include "texts.h"

enum { LOOK_SECONDS = 20, POST_SECONDS = 5 };

struct clockwork {
  struct arena mem; /* it lives in it */
  struct systems *systems;
  struct store *store;
  pthread_mutex_t turning; /* held during a turn of the clocks */
  struct pulse *clocks, *post;
};

/* ---- what is done ---- */

static bool turn(struct systems *s, struct store *store, int64_t until_us, struct flow_jobs *out, struct err *e) {
  const struct flow_starter starter = systems_starter(s);
  AUTO_ARENA mem = {0};
  TRY(flow_versions_day(systems_flow(s), store, &starter, until_us, e));
  TRY(flow_jobs_run(systems_flow(s), store, &starter, until_us, out, e));
  TRY(flow_batches_run(systems_flow(s), store, &starter, until_us, out, e));
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
  const struct flow_starter starter = systems_starter(s);
  TRY(r && flow_facts_check(starter.begin(s, r, &mem, clock_now_us()), &proof, e));
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
static int64_t see_to_clocks(void *arg) {
  struct clockwork *c = arg;
  struct flow_jobs jobs;
  struct err e = {0};
  (void)pthread_mutex_lock(&c->turning);
  const bool ok = turn(c->systems, c->store, clock_now_us(), &jobs, &e);
  (void)pthread_mutex_unlock(&c->turning);
  if (!ok) {
    log_event(LOG_WARN, "clocks", "code", str_of(err_word(e.code)));
    jobs = (struct flow_jobs){.next_us = INT64_MAX};
  }
  return pause_us(&jobs, clock_now_us());
}
static int64_t see_to_post(void *arg) {
  struct clockwork *c = arg;
  struct err e = {0};
  bool more = false;
  if (!postman_turn(c->store, &more, &e)) log_event(LOG_WARN, "messages", "code", str_of(err_word(e.code)));
  return more && !e.code ? 0 : POST_SECONDS * SECOND_US;
}
bool clockwork_start(struct systems *s, struct store *store, struct clockwork **out, struct err *e) {
  struct arena mem = {0};
  struct clockwork *c = arena_new(&mem, struct clockwork);
  *c = (struct clockwork){.mem = mem, .systems = s, .store = store};
  (void)pthread_mutex_init(&c->turning, NULL);
  *out = c;
  if (pulse_start(see_to_clocks, c, &c->clocks, e) && pulse_start(see_to_post, c, &c->post, e)) return true;
  *out = NULL;
  clockwork_stop(c);
  return false;
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
  pulse_stop(c->post);
  pulse_stop(c->clocks);
  (void)pthread_mutex_destroy(&c->turning);
  struct arena mem = c->mem;
  arena_drop(&mem);
}
