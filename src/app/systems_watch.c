/* A thread that asks the folder for names, sizes and times of its files, and loads it when they have changed and rest. Looking is
 * cheaper than being told (inotify): it needs no list of watched folders that has to follow what editors do with them. */
#include "app/systems_watch.h"

#include <pthread.h>
#include <time.h>

#include "app/clockwork.h"
#include "app/systems.h"
#include "base/clock.h"
#include "base/file.h"
#include "declare/check.h"
#include "texts.h"

enum { LOOK_US = 150000, REST_US = 100000, RESTLESS_MOST = 10, GATE_US = 250000, SAID_MAX = 256 << 10 };

/* One set of packages and the requests that keep it. */
struct systems_held {
  struct arena mem; /* it lives in it */
  struct systems *systems;
  size_t requests;
  struct systems_held *older;
};
struct systems_watch {
  struct arena mem; /* it lives in it */
  struct systems_watch_order order;
  uint64_t taken; /* what the folder looked like when it was last loaded */
  int restless;   /* looks at which it had changed just now */
  pthread_t thread;
  pthread_mutex_t lock; /* of all below */
  pthread_cond_t woken, changed;
  bool ends, is_closed;      /* closed: requests that come wait */
  struct systems_held *held; /* in force, and behind it those that requests still keep */
  struct arena said;         /* of the news */
  int64_t at_us;
  bool is_broken;
  struct str text[LANG_COUNT];
};

/* ---- sets and the requests that keep them ---- */

static struct systems_held *held_new(struct systems *s, struct systems_held *older) {
  struct arena mem = {0};
  struct systems_held *h = arena_new(&mem, struct systems_held);
  *h = (struct systems_held){mem, s, 0, older};
  return h;
}
static void held_drop(struct systems_held *h) {
  struct arena mem = h->mem;
  arena_drop(&mem);
}
/* Locked. Those that are not in force and that nobody keeps. */
static void drop_unkept(struct systems_watch *w) {
  for (struct systems_held **at = &w->held->older; *at;) {
    struct systems_held *h = *at;
    if (h->requests) {
      at = &h->older;
      continue;
    }
    *at = h->older;
    systems_stop(h->systems);
    held_drop(h);
  }
}
bool systems_watch_identify(struct web_request *rq, struct err *e) {
  struct systems_watch *w = app_of(rq)->watch;
  struct app *own = arena_new(rq->mem, struct app);
  *own = *app_of(rq);
  (void)pthread_mutex_lock(&w->lock);
  while (w->is_closed) (void)pthread_cond_wait(&w->changed, &w->lock);
  own->held = w->held;
  own->systems = w->held->systems;
  w->held->requests++;
  (void)pthread_mutex_unlock(&w->lock);
  rq->app = own;
  return accounts_identify(rq, e);
}
void systems_watch_ended(struct web_request *rq) {
  const struct app *own = app_of(rq);
  if (!own->held) return;
  (void)pthread_mutex_lock(&own->watch->lock);
  own->held->requests--;
  drop_unkept(own->watch);
  (void)pthread_cond_broadcast(&own->watch->changed);
  (void)pthread_mutex_unlock(&own->watch->lock);
}

/* ---- what is said ---- */

static void put_err(struct arena *mem, enum lang lang, const struct err *e, struct buf *out) {
  if (e->line) buf_fmt(out, STRF ":%d:%d: ", STRA(e->file), e->line, e->column);
  buf_fmt(out, STRF "\n", STRA(err_says(mem, lang, e)));
  const struct str hint = err_hint_says(mem, lang, e);
  if (hint.len) buf_fmt(out, "  hint: " STRF "\n", STRA(hint));
}
/* names: what was taken over; NULL: nothing, by told or by e. */
static struct str words_of(struct arena *mem, enum lang lang, const struct str *names, const struct faults *told,
                           const struct err *e) {
  AUTO_BUF out = BUF_MAX(SAID_MAX);
  const struct msg_arg arg = {"names", names ? *names : STR("")};
  const int head = !names ? MSG_develop_kept : names->len ? MSG_develop_taken : MSG_develop_as_before;
  buf_fmt(&out, STRF "\n", STRA(msg_text(mem, lang, head, &arg, 1)));
  faults_print(told, lang, &out);
  if (e->code) put_err(mem, lang, e, &out);
  return str_dup(mem, buf_view(&out));
}
static void publish(struct systems_watch *w, const struct str *names, const struct faults *told, const struct err *e) {
  struct arena mem = {0};
  struct str text[LANG_COUNT];
  for (int i = 0; i < LANG_COUNT; i++) text[i] = words_of(&mem, (enum lang)i, names, told, e);
  (void)pthread_mutex_lock(&w->lock);
  struct arena old = w->said;
  w->said = mem;
  memcpy(w->text, text, sizeof text);
  w->is_broken = !names;
  w->at_us = clock_now_us();
  (void)pthread_mutex_unlock(&w->lock);
  arena_drop(&old);
  w->order.say(w->order.arg, text[w->order.lang]); /* only this thread changes it */
}
void systems_watch_news(struct systems_watch *w, struct arena *mem, enum lang lang, struct systems_news *out) {
  (void)pthread_mutex_lock(&w->lock);
  *out = (struct systems_news){w->at_us, w->is_broken, str_dup(mem, w->text[lang])};
  (void)pthread_mutex_unlock(&w->lock);
}

/* ---- taking over ---- */

/* "repairs (2), -bus": what is new or other than what is in force, with its version; what is gone. */
static struct str changed_names(struct arena *mem, const struct systems *before, const struct systems *now) {
  const struct flow *a = systems_flow(before), *b = systems_flow(now);
  struct str out = STR("");
  for (size_t i = 0; i < b->systems.len; i++) {
    const struct flow_system *s = b->systems.at[i], *was = flow_system(a, s->name);
    if (was && str_eq(was->digest, s->digest)) continue;
    const struct str one = str_fmt(mem, STRF " (%lld)", STRA(s->name), (long long)s->system->version.n);
    out = out.len ? str_fmt(mem, STRF ", " STRF, STRA(out), STRA(one)) : one;
  }
  for (size_t i = 0; i < a->systems.len; i++)
    if (!flow_system(b, a->systems.at[i]->name))
      out = str_fmt(mem, STRF "%s-" STRF, STRA(out), out.len ? ", " : "", STRA(a->systems.at[i]->name));
  return out;
}
/* Requests that come wait from here on; those under way have a moment to end. */
static void close_gate(struct systems_watch *w) {
  const int64_t until = clock_steady_us() + GATE_US;
  const struct timespec t = {until / SECOND_US, until % SECOND_US * 1000};
  (void)pthread_mutex_lock(&w->lock);
  w->is_closed = true;
  while (w->held->requests && pthread_cond_timedwait(&w->changed, &w->lock, &t) == 0) continue;
  (void)pthread_mutex_unlock(&w->lock);
}
static void open_gate(struct systems_watch *w, struct systems *fresh) {
  (void)pthread_mutex_lock(&w->lock);
  if (fresh) {
    w->held = held_new(fresh, w->held);
    w->order.app->systems = fresh;
    drop_unkept(w);
  }
  w->is_closed = false;
  (void)pthread_cond_broadcast(&w->changed);
  (void)pthread_mutex_unlock(&w->lock);
}
static bool replace(struct systems_watch *w, struct systems *fresh, struct err *e) {
  struct app *app = w->order.app;
  close_gate(w);
  clockwork_hold(app->clocks);
  const bool ok = systems_install(fresh, true, clock_now_us(), e);
  clockwork_release(app->clocks, ok ? fresh : app->systems);
  open_gate(w, ok ? fresh : NULL);
  return ok;
}
static void take_over(struct systems_watch *w) {
  AUTO_ARENA mem = {0};
  struct app *app = w->order.app;
  struct systems *fresh = NULL;
  struct faults told = {0};
  struct err e = {0};
  if (!systems_load(app->store, w->order.dir, clock_now_us(), &told, &fresh, &e)) {
    publish(w, NULL, &told, &e);
    systems_stop(fresh);
    return;
  }
  const struct str names = changed_names(&mem, app->systems, fresh);
  const bool is_same = !names.len, was_broken = w->is_broken;
  if (!is_same && !replace(w, fresh, &e)) publish(w, NULL, &told, &e);
  else if (!is_same || was_broken) publish(w, &names, &told, &e);
  if (is_same || e.code) systems_stop(fresh);
}

/* ---- looking ---- */

static uint64_t mixed(uint64_t h, const void *bytes, size_t n) { /* FNV-1a */
  for (size_t i = 0; i < n; i++) h = (h ^ ((const unsigned char *)bytes)[i]) * UINT64_C(1099511628211);
  return h;
}
/* Adds the files of a folder and, one step down, those of the folders in it. What cannot be read is as if it were not there:
 * loading says what is wrong with it. */
static void look_at(struct arena *mem, struct str dir, int deeper, uint64_t *io, int64_t *io_newest) {
  struct str_list files = {0}, folders = {0};
  struct err ignored = {0};
  if (!file_list(mem, dir, &files, &ignored) || !file_folders(mem, dir, &folders, &ignored)) return;
  for (size_t i = 0; i < files.len; i++) {
    const struct str path = str_fmt(mem, STRF "/" STRF, STRA(dir), STRA(files.at[i]));
    const int64_t is[] = {file_size(path), file_changed_us(path)};
    *io = mixed(mixed(*io, path.at, path.len + 1), is, sizeof is);
    if (is[1] > *io_newest) *io_newest = is[1];
  }
  for (size_t i = 0; deeper && i < folders.len; i++) {
    const struct str path = str_fmt(mem, STRF "/" STRF, STRA(dir), STRA(folders.at[i]));
    *io = mixed(*io, path.at, path.len + 1);
    look_at(mem, path, deeper - 1, io, io_newest);
  }
}
/* What is being written is let rest, but not for ever: a file may carry a time that is to come. */
static void look(struct systems_watch *w) {
  AUTO_ARENA mem = {0};
  uint64_t now = UINT64_C(14695981039346656037);
  int64_t newest = 0;
  look_at(&mem, w->order.dir, 2, &now, &newest);
  if (now == w->taken) return;
  if (newest + REST_US > clock_now_us() && w->restless++ < RESTLESS_MOST) return;
  w->restless = 0;
  w->taken = now;
  take_over(w);
}
static bool sleeps(struct systems_watch *w) {
  const int64_t until = clock_steady_us() + LOOK_US;
  const struct timespec t = {until / SECOND_US, until % SECOND_US * 1000};
  (void)pthread_mutex_lock(&w->lock);
  while (!w->ends && pthread_cond_timedwait(&w->woken, &w->lock, &t) == 0) continue;
  const bool goes_on = !w->ends;
  (void)pthread_mutex_unlock(&w->lock);
  return goes_on;
}
static void *watch(void *arg) {
  struct systems_watch *w = arg;
  while (sleeps(w)) look(w);
  return NULL;
}

/* ---- life ---- */

static void drop_all(struct systems_watch *w) {
  w->order.app->watch = NULL;
  drop_unkept(w); /* no request is left */
  held_drop(w->held);
  (void)pthread_cond_destroy(&w->changed);
  (void)pthread_cond_destroy(&w->woken);
  (void)pthread_mutex_destroy(&w->lock);
  arena_drop(&w->said);
  struct arena mem = w->mem;
  arena_drop(&mem);
}
bool systems_watch_start(const struct systems_watch_order *order, struct systems_watch **out, struct err *e) {
  struct arena mem = {0};
  struct systems_watch *w = arena_new(&mem, struct systems_watch);
  pthread_condattr_t steady;
  *w = (struct systems_watch){.mem = mem, .order = *order};
  w->held = held_new(order->app->systems, NULL);
  (void)pthread_condattr_init(&steady);
  (void)pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
  (void)pthread_mutex_init(&w->lock, NULL);
  (void)pthread_cond_init(&w->woken, &steady);
  (void)pthread_cond_init(&w->changed, &steady);
  (void)pthread_condattr_destroy(&steady);
  order->app->watch = w;
  *out = w;
  if (pthread_create(&w->thread, NULL, watch, w) == 0) return true;
  drop_all(w);
  *out = NULL;
  return fail(e, ERR_STORE, MSG_store_failed, "what", STR("pthread_create"));
}
void systems_watch_stop(struct systems_watch *w) {
  if (!w) return;
  (void)pthread_mutex_lock(&w->lock);
  w->ends = true;
  (void)pthread_cond_signal(&w->woken);
  (void)pthread_mutex_unlock(&w->lock);
  (void)pthread_join(w->thread, NULL);
  drop_all(w);
}
