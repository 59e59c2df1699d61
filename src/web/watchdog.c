/* libmicrohttpd only knows inactivity: who drips a byte now and then keeps a thread for ever. The watchdog looks at all
 * connections four times a second and shuts the socket of those that are past what their phase allows: headers have a
 * fixed time, bodies and answers must keep a minimum rate after a time of grace, our own work has no limit here. The
 * thread of the connection then sees the end and cleans up. */
#include "web/http.h"

#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "texts.h"

enum { LOOK_US = 250000, GRACE_US = 15 * 1000000, SECOND_US = 1000000, LOOKS_PER_RENEWAL = 8 };

static bool late(const struct web *w, const struct conn *c, int64_t now) {
  const int64_t past = now - c->since;
  switch (c->phase) {
    case PHASE_HEAD: return past > (int64_t)w->config.header_seconds * SECOND_US;
    case PHASE_BODY:
    case PHASE_REPLY: {
      const int64_t earned = (int64_t)(c->bytes / HTTP_RATE_MIN) * SECOND_US;
      return past > GRACE_US + earned;
    }
    case PHASE_WORK:
    case PHASE_LIVE: break; /* a reader that takes nothing is ended by the idle time */
  }
  return false;
}
static void renew(struct web *w) {
  struct err e = {0};
  AUTO_ARENA mem = {0};
  const bool now = __atomic_exchange_n(&w->renew, false, __ATOMIC_RELAXED);
  if (tls_renew(w->tls, now, &e)) log_event(LOG_INFO, "certificate", "file", w->config.certificate);
  else if (e.code) log_event(LOG_ERROR, "certificate", "says", err_says(&mem, LANG_EN, &e));
}
static void *watch(void *arg) {
  struct web *w = arg;
  for (unsigned look = 0;; look++) {
    (void)usleep(LOOK_US);
    if (w->tls && (look % LOOKS_PER_RENEWAL == 0 || __atomic_load_n(&w->renew, __ATOMIC_RELAXED))) renew(w);
    (void)pthread_mutex_lock(&w->lock);
    const bool stop = w->stopping;
    const int64_t now = clock_steady_us();
    for (struct conn *c = w->open.next; c != &w->open; c = c->next) {
      if (late(w, c, now)) (void)shutdown(c->fd, SHUT_RDWR);
    }
    (void)pthread_mutex_unlock(&w->lock);
    if (stop) return NULL;
  }
}
bool watchdog_start(struct web *w, struct err *e) {
  w->open.next = w->open.prev = &w->open;
  const size_t n = (size_t)w->config.connections + 8;
  w->conns = arena_new_n(&w->mem, struct conn, n);
  for (size_t i = 0; i < n; i++) {
    w->conns[i].next = w->spare;
    w->spare = &w->conns[i];
  }
  if (pthread_create(&w->watchdog, NULL, watch, w))
    return fail(e, ERR_STORE, MSG_web_cannot_listen, "address", STR(""), "what", STR("thread"));
  w->watching = true;
  return true;
}
void watchdog_stop(struct web *w) {
  if (!w->watching) return;
  (void)pthread_mutex_lock(&w->lock);
  w->stopping = true;
  (void)pthread_mutex_unlock(&w->lock);
  (void)pthread_join(w->watchdog, NULL);
}
void watchdog_notify(void *cls, struct MHD_Connection *connection, void **context,
                     enum MHD_ConnectionNotificationCode code) {
  struct web *w = cls;
  (void)pthread_mutex_lock(&w->lock);
  if (code == MHD_CONNECTION_NOTIFY_STARTED) {
    struct conn *c = w->spare;
    if (c) {
      w->spare = c->next;
      *c = (struct conn){.fd = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd,
                         .since = clock_steady_us(),
                         .prev = w->open.prev,
                         .next = &w->open};
      c->prev->next = c;
      c->next->prev = c;
    }
    *context = c;
  } else if (*context) {
    struct conn *c = *context;
    c->prev->next = c->next;
    c->next->prev = c->prev;
    c->next = w->spare;
    w->spare = c;
    *context = NULL;
  }
  (void)pthread_mutex_unlock(&w->lock);
}
bool watchdog_busy(struct web *w, int64_t quiet_since_us) {
  bool busy = false;
  (void)pthread_mutex_lock(&w->lock);
  for (const struct conn *c = w->open.next; c != &w->open && !busy; c = c->next)
    busy = (c->phase != PHASE_HEAD && c->phase != PHASE_LIVE) || c->since > quiet_since_us;
  (void)pthread_mutex_unlock(&w->lock);
  return busy;
}
void watchdog_phase(struct web_exchange *x, enum phase phase, uint64_t bytes) {
  struct conn *c = x->conn;
  if (!c) return;
  (void)pthread_mutex_lock(&x->web->lock);
  if (c->phase != phase) c->since = clock_steady_us();
  c->phase = phase;
  c->bytes = bytes;
  (void)pthread_mutex_unlock(&x->web->lock);
}
