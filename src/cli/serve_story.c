/* The control of a story's server: a thread that listens on a Unix socket and serves one line at a time. It moves the program's
 * clock, which base/clock.h keeps, and counts the store's transactions down to the one before which the process has to die. */
#include "cli/serve_story.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/story.h"
#include "base/clock.h"
#include "texts.h"

enum { LINE_MAX_BYTES = 200, WAKE_MS = 100, WAIT_SECONDS = 5 };
#define LATE_US INT64_C(60000000) /* a moment that has passed by less is the present */

struct story_server {
  struct arena mem;
  struct story_server_host host;
  char path[sizeof((struct sockaddr_un *)0)->sun_path];
  int listener;
  pthread_t thread;
  bool runs;
  _Atomic bool ends;
  _Atomic int writes_left; /* 0: no end is near */
};

struct story_server *story_server_new(void) {
  struct arena mem = {0};
  struct story_server *s = arena_new(&mem, struct story_server);
  s->mem = mem;
  s->listener = -1;
  return s;
}
/* The store's writer asks before each commit. */
bool story_server_inject(void *arg) {
  struct story_server *s = arg;
  if (atomic_load(&s->writes_left) && atomic_fetch_sub(&s->writes_left, 1) == 1) (void)kill(getpid(), SIGKILL);
  return false;
}

/* ---- what the lines ask for ---- */

static bool run_jobs(struct story_server *s, int64_t until_us, struct err *e) {
  return s->host.jobs(s->host.arg, until_us, e);
}
static bool move_clock(struct story_server *s, struct str word, struct err *e) {
  int64_t to = 0;
  const int64_t now = clock_now_us();
  if (!str_to_int(word, &to) || to < now - LATE_US) return fail(e, ERR_INVALID, MSG_story_bad_line);
  if (to > now) clock_story(to);
  return run_jobs(s, to > now ? to : now, e);
}
static bool set_stop(struct story_server *s, struct str word, struct err *e) {
  int64_t n = 0;
  if (!str_to_int(word, &n) || n < 0 || n > 1000000) return fail(e, ERR_INVALID, MSG_story_bad_line);
  atomic_store(&s->writes_left, (int)n);
  return true;
}
static bool obey(struct story_server *s, struct str line, struct err *e) {
  struct str word = line, rest = {0};
  (void)str_cut(line, STR(" "), &word, &rest);
  if (str_eqz(word, "now")) return true;
  if (str_eqz(word, "clock")) return move_clock(s, rest, e);
  if (str_eqz(word, "jobs")) return run_jobs(s, clock_now_us(), e);
  if (str_eqz(word, "rows")) return s->host.rows(s->host.arg, e);
  if (str_eqz(word, "recount")) return s->host.recount(s->host.arg, e);
  if (str_eqz(word, "stop")) return set_stop(s, rest, e);
  return fail(e, ERR_INVALID, MSG_story_bad_line);
}
static struct str answer(struct story_server *s, struct arena *mem, struct str line) {
  struct err e = {0};
  if (obey(s, str_trim(line), &e)) return str_fmt(mem, "ok %lld\n", (long long)clock_now_us());
  return str_fmt(mem, "error " STRF "\n", STRA(err_says(mem, LANG_ZH, &e)));
}

/* ---- the socket ---- */

static bool wait_for(struct story_server *s, int fd) {
  struct pollfd p = {.fd = fd, .events = POLLIN};
  while (!atomic_load(&s->ends)) {
    const int got = poll(&p, 1, WAKE_MS);
    if (got > 0) return true;
  }
  return false;
}
static void serve_one(struct story_server *s, int fd) {
  char line[LINE_MAX_BYTES];
  size_t n = 0;
  while (n < sizeof line && wait_for(s, fd)) {
    const ssize_t got = read(fd, line + n, sizeof line - n);
    if (got <= 0) return;
    n += (size_t)got;
    const char *end = memchr(line, '\n', n);
    if (!end) continue;
    AUTO_ARENA mem = {0};
    const struct str said = answer(s, &mem, (struct str){line, (size_t)(end - line)});
    if (send(fd, said.at, said.len, MSG_NOSIGNAL) != (ssize_t)said.len) return;
    n = 0;
  }
}
static void *listen_on(void *arg) {
  struct story_server *s = arg;
  while (wait_for(s, s->listener)) {
    const int fd = accept4(s->listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0) continue;
    const struct timeval limit = {.tv_sec = WAIT_SECONDS};
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    serve_one(s, fd);
    (void)close(fd);
  }
  return NULL;
}
static bool open_socket(struct story_server *s, struct str path, struct err *e) {
  struct sockaddr_un at = {.sun_family = AF_UNIX};
  if (!path.len || path.len >= sizeof at.sun_path)
    return fail(e, ERR_INVALID, MSG_file_unwritable, "path", path, "reason", STR(""));
  memcpy(at.sun_path, path.at, path.len);
  memcpy(s->path, path.at, path.len);
  (void)unlink(s->path);
  s->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const bool ok = s->listener >= 0 && bind(s->listener, (const struct sockaddr *)&at, sizeof at) == 0 &&
                  listen(s->listener, 4) == 0;
  return ok || fail(e, ERR_STORE, MSG_file_unwritable, "path", path, "reason", STR(""));
}
bool story_server_claim(struct store *store, struct str db, struct err *e) {
  int64_t last_us = 0;
  TRY(story_stands_at(store, &last_us, e));
  if (!last_us) return fail(e, ERR_GUARD, MSG_story_other, "db", db);
  clock_story(last_us);
  return true;
}
bool story_server_start(struct story_server *s, struct str socket, const struct story_server_host *host,
                        struct err *e) {
  s->host = *host;
  TRY(open_socket(s, socket, e));
  s->runs = pthread_create(&s->thread, NULL, listen_on, s) == 0;
  return s->runs || fail(e, ERR_STORE, MSG_file_unwritable, "path", socket, "reason", STR(""));
}
void story_server_stop(struct story_server *s) {
  if (!s) return;
  atomic_store(&s->ends, true);
  if (s->runs) (void)pthread_join(s->thread, NULL);
  if (s->listener >= 0) (void)close(s->listener);
  if (s->runs) (void)unlink(s->path);
  struct arena mem = s->mem; /* it holds s */
  arena_drop(&mem);
}
