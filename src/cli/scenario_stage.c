/* Child processes, signals and files of a story. The server is this same program, started with its own path; it tells its port in
 * the line it prints when it is ready. A child dies with us (prctl), so that a story that is broken off leaves nobody behind. */
#include "cli/scenario_stage.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "cli/record.h"
#include "cli/serve.h"
#include "store/scratch.h"
#include "texts.h"

enum { READY_MS = 30000, STOP_TRIES = 600, SAID_MAX = 4000, LOG_MAX = 64 << 20 };

struct str stage_keys(const struct scene *s) {
  return str_fmt(s->mem, STRF "/" STRF ".keys", STRA(s->folder), STRA(s->name));
}
static struct str socket_of(const struct scene *s) {
  return str_fmt(s->mem, STRF "/" STRF ".sock", STRA(s->folder), STRA(s->name));
}
static struct str log_of(const struct scene *s) {
  return str_fmt(s->mem, STRF "/" STRF ".log", STRA(s->folder), STRA(s->name));
}

/* ---- children ---- */

/* In the child: nothing but what may be done between fork and exec. */
static void become(const char *const *words, const char *log, int out) {
  const int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
  (void)dup2(out < 0 ? fd : out, STDOUT_FILENO);
  (void)dup2(fd, STDERR_FILENO);
  (void)execv("/proc/self/exe", (char *const *)(uintptr_t)words);
  _exit(127);
}
static int spawn(struct scene *s, const char *const *words, int out) {
  const char *log = str_z(s->mem, log_of(s));
  const pid_t pid = fork();
  if (pid == 0) become(words, log, out);
  return pid;
}
bool stage_run(struct scene *s, const char *const *words, int *out_status, struct err *e) {
  int status = 0;
  const int pid = spawn(s, words, -1);
  if (pid < 0 || waitpid(pid, &status, 0) != pid) return fail(e, ERR_STORE, MSG_scenario_no_child);
  *out_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  return true;
}
/* http://127.0.0.1:PORT/ in the first line. */
static bool read_port(struct str said, int *out) {
  const size_t at = str_rfind(said, STR("127.0.0.1:"));
  struct str port = at == STR_NONE ? STR("") : str_from(said, at + 10), rest;
  int64_t n = 0;
  if (!str_cut(port, STR("/"), &port, &rest) || !str_to_int(port, &n)) return false;
  *out = (int)n;
  return true;
}
static bool wait_ready(struct scene *s, int fd) {
  char said[SAID_MAX];
  size_t n = 0;
  struct pollfd p = {.fd = fd, .events = POLLIN};
  while (n < sizeof said && poll(&p, 1, READY_MS) > 0) {
    const ssize_t got = read(fd, said + n, sizeof said - n);
    if (got <= 0) return false;
    n += (size_t)got;
    if (read_port((struct str){said, n}, &s->port)) return true;
  }
  return false;
}
static bool connect_control(struct scene *s) {
  struct sockaddr_un at = {.sun_family = AF_UNIX};
  const struct str path = socket_of(s);
  if (path.len >= sizeof at.sun_path) return false;
  memcpy(at.sun_path, path.at, path.len);
  s->control = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  return s->control >= 0 && connect(s->control, (const struct sockaddr *)&at, sizeof at) == 0;
}
bool stage_start(struct scene *s, struct err *e) {
  int pipes[2];
  if (pipe2(pipes, O_CLOEXEC)) return fail(e, ERR_STORE, MSG_scenario_no_child);
  const char *const words[] = {"gangmu",    "serve",
                               "--db",      str_z(s->mem, s->where),
                               "--keys",    str_z(s->mem, stage_keys(s)),
                               "--listen",  "127.0.0.1:0",
                               "--log",     "warn",
                               "--story",   str_z(s->mem, socket_of(s)),
                               "--systems", str_z(s->mem, s->systems),
                               NULL};
  s->pid = spawn(s, words, pipes[1]);
  (void)close(pipes[1]);
  const bool ok = s->pid > 0 && wait_ready(s, pipes[0]) && connect_control(s);
  (void)close(pipes[0]);
  if (!ok) return fail(e, ERR_STORE, MSG_scenario_no_server, "log", stage_log_tail(s, 600));
  const struct str again = str_fmt(s->mem, "clock %lld", (long long)s->now_us); /* a restart is no journey in time */
  return stage_say(s, s->now_us ? again : STR("now"), NULL, e);
}
static void reap(struct scene *s, int sig) {
  int status = 0;
  if (s->control >= 0) (void)close(s->control);
  s->control = -1;
  if (s->pid <= 0) return;
  (void)kill(s->pid, sig);
  for (int i = 0; i < STOP_TRIES; i++) {
    if (waitpid(s->pid, &status, WNOHANG) == s->pid) return (void)(s->pid = 0);
    clock_sleep_us(i < 100 ? 2000 : 50000);
  }
  (void)kill(s->pid, SIGKILL);
  (void)waitpid(s->pid, &status, 0);
  s->pid = 0;
}
void stage_stop(struct scene *s) { reap(s, SIGTERM); }
void stage_kill(struct scene *s) { reap(s, SIGKILL); }

/* ---- the socket ---- */

bool stage_say(struct scene *s, struct str line, int64_t *out_us, struct err *e) {
  char said[SAID_MAX];
  size_t n = 0;
  const struct str sent = str_fmt(s->mem, STRF "\n", STRA(line));
  int64_t us = 0;
  bool ok = s->control >= 0 && send(s->control, sent.at, sent.len, MSG_NOSIGNAL) == (ssize_t)sent.len;
  while (ok && n < sizeof said && !memchr(said, '\n', n)) {
    const ssize_t got = read(s->control, said + n, sizeof said - n);
    if (got <= 0) ok = false;
    else n += (size_t)got;
  }
  const struct str answer = str_trim((struct str){said, n});
  if (ok && str_starts(answer, STR("ok ")) && str_to_int(str_from(answer, 3), &us)) {
    s->now_us = us;
    if (out_us) *out_us = us;
    return true;
  }
  return fail(e, ERR_STORE, MSG_scenario_clock, "line", line, "said", ok ? answer : STR("-"));
}
struct str stage_log_tail(struct scene *s, size_t most) {
  struct str log = {0};
  struct err e = {0};
  if (!file_read(s->mem, log_of(s), LOG_MAX, &log, &e)) return STR("");
  log = str_trim(log);
  return log.len > most ? str_from(log, log.len - most) : log;
}

/* ---- the store ---- */

static bool fill(struct scene *s, story_actors *actors, int64_t start_us, struct err *e) {
  struct opened o = {0};
  clock_story(start_us);
  const bool ok = record_keys(stage_keys(s), s->where, true, &o.keys, e) &&
                  opened_with(&o, s->where, &(struct store_options){.keys = o.keys}, 1 << 20, e) &&
                  story_make(o.plans, o.store, s->mem, s->password, clock_now_us(), actors, &s->units, e);
  opened_end(&o);
  clock_story(0);
  return ok;
}
/* Of a compartment, or with NULL those that the program always has. */
static bool make_key(struct scene *s, const char *compartment, struct err *e) {
  const char *const argv[] = {
      "gangmu",    "keys", "new", "--keys", str_z(s->mem, stage_keys(s)), compartment ? "--compartment" : NULL,
      compartment, NULL};
  int status = 0;
  TRY(stage_run(s, argv, &status, e));
  return status == 0 || fail(e, ERR_STORE, MSG_scenario_no_server, "log", stage_log_tail(s, 600));
}
static bool make_keys(struct scene *s, struct err *e) {
  TRY(make_key(s, NULL, e));
  for (size_t i = 0; i < s->compartment_count; i++) TRY(make_key(s, str_z(s->mem, s->compartments[i]), e));
  return true;
}
bool stage_begin(struct scene *s, story_actors *actors, int64_t start_us, struct err *e) {
  s->control = -1;
  return make_keys(s, e) && scratch_make(s->mem, s->base, s->name, &s->where, e) && fill(s, actors, start_us, e) &&
         stage_start(s, e) && (!s->rows || stage_say(s, STR("rows"), NULL, e));
}
void stage_end(struct scene *s) {
  stage_stop(s);
  if (s->keep) return;
  scratch_drop(s->mem, s->base, s->name);
  (void)unlink(str_z(s->mem, stage_keys(s)));
  (void)unlink(str_z(s->mem, log_of(s)));
  (void)unlink(str_z(s->mem, socket_of(s)));
}
bool stage_save(struct scene *s, struct str *out_copy, struct err *e) {
  *out_copy = str_fmt(s->mem, STRF "_%d", STRA(s->name), ++s->copies);
  stage_stop(s);
  return scratch_copy(s->mem, s->base, s->name, *out_copy, e) && stage_start(s, e);
}
bool stage_restore(struct scene *s, struct str copy, struct err *e) {
  stage_kill(s);
  return scratch_copy(s->mem, s->base, copy, s->name, e) && stage_start(s, e);
}
void stage_forget(struct scene *s, struct str copy) { scratch_drop(s->mem, s->base, copy); }
