/* Fences: what a child may do, and how it is talked to.
 *
 * Two kinds of child. Our own (`gangmu worker`) has an allow-list of system calls: memory, its two pipes, and ending.
 * A foreign program (pdftotext) must map its libraries and fonts first, so for it there is a list of what is forbidden
 * (network, new processes, writing to files, tracing, keys, mounts) besides the same ceilings. Both are killed when the wall clock runs
 * out, and both die with the parent. Between fork and exec only calls that are safe there are made.
 * The input goes through a memory file and not a pipe: then nobody can wait for somebody who waits. */
#include "text/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/must.h"
#include "text/worker_wire.h"
#include "texts.h"

enum { WALL_EXTRA_MS = 5000, ERROR_TEXT_MAX = 64 << 10, FILES_MAX = 64, EXIT_NO_EXEC = 127 };

/* ---- in the child, before exec ---- */

static void set_limit(__rlimit_resource_t what, rlim_t n) {
  const struct rlimit limit = {n, n};
  (void)setrlimit(what, &limit);
}

static void fence_before_exec(void) {
  (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
  (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  set_limit(RLIMIT_CPU, WORKER_SECONDS);
  if (WORKER_FENCED) set_limit(RLIMIT_AS, (rlim_t)WORKER_MEMORY_MB << 20);
  set_limit(RLIMIT_FSIZE, 0);
  set_limit(RLIMIT_NOFILE, FILES_MAX);
  set_limit(RLIMIT_CORE, 0);
}

static void become(const char *const argv[], int in, int out, int err_out, scmp_filter_ctx filter) {
  if (dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err_out, 2) < 0) _exit(EXIT_NO_EXEC);
  (void)close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  fence_before_exec();
  if (filter && seccomp_load(filter) != 0) _exit(EXIT_NO_EXEC);
  execvp(argv[0], (char *const *)(uintptr_t)argv);
  _exit(EXIT_NO_EXEC);
}

/* New processes and files opened for writing are known by their flags. The newer forms of the two calls hide the flags
 * behind a pointer: they are said not to exist, and the library falls back to the older ones. */
static void forbid_by_flags(scmp_filter_ctx filter) {
  static const scmp_datum_t writes[] = {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC};
  for (size_t i = 0; i < COUNT_OF(writes); i++) {
    const struct scmp_arg_cmp second = SCMP_A1(SCMP_CMP_MASKED_EQ, writes[i], writes[i]);
    const struct scmp_arg_cmp third = SCMP_A2(SCMP_CMP_MASKED_EQ, writes[i], writes[i]);
    (void)seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(open), 1, second);
    (void)seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(openat), 1, third);
  }
  const struct scmp_arg_cmp no_thread = SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0);
  (void)seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, no_thread);
  (void)seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
  (void)seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(openat2), 0);
}

/* What no reader of documents needs. */
static scmp_filter_ctx filter_for_foreign(void) {
  static const int forbidden[] = {SCMP_SYS(socket),
                                  SCMP_SYS(connect),
                                  SCMP_SYS(bind),
                                  SCMP_SYS(listen),
                                  SCMP_SYS(accept),
                                  SCMP_SYS(accept4),
                                  SCMP_SYS(creat),
                                  SCMP_SYS(truncate),
                                  SCMP_SYS(mkdir),
                                  SCMP_SYS(mkdirat),
                                  SCMP_SYS(rmdir),
                                  SCMP_SYS(link),
                                  SCMP_SYS(linkat),
                                  SCMP_SYS(symlink),
                                  SCMP_SYS(symlinkat),
                                  SCMP_SYS(mknod),
                                  SCMP_SYS(mknodat),
                                  SCMP_SYS(fork),
                                  SCMP_SYS(vfork),
                                  SCMP_SYS(ptrace),
                                  SCMP_SYS(process_vm_readv),
                                  SCMP_SYS(process_vm_writev),
                                  SCMP_SYS(mount),
                                  SCMP_SYS(umount2),
                                  SCMP_SYS(chroot),
                                  SCMP_SYS(pivot_root),
                                  SCMP_SYS(setns),
                                  SCMP_SYS(unshare),
                                  SCMP_SYS(bpf),
                                  SCMP_SYS(keyctl),
                                  SCMP_SYS(add_key),
                                  SCMP_SYS(request_key),
                                  SCMP_SYS(kill),
                                  SCMP_SYS(unlink),
                                  SCMP_SYS(unlinkat),
                                  SCMP_SYS(rename),
                                  SCMP_SYS(renameat),
                                  SCMP_SYS(renameat2),
                                  SCMP_SYS(chmod),
                                  SCMP_SYS(fchmod),
                                  SCMP_SYS(chown),
                                  SCMP_SYS(init_module),
                                  SCMP_SYS(finit_module),
                                  SCMP_SYS(reboot),
                                  SCMP_SYS(userfaultfd),
                                  SCMP_SYS(io_uring_setup)};
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  for (size_t i = 0; filter && i < COUNT_OF(forbidden); i++)
    (void)seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), forbidden[i], 0);
  if (filter) forbid_by_flags(filter);
  return filter;
}

/* ---- in the parent ---- */

/* house: allow mutable - a figure for those who watch the program */
static atomic_int children;
int worker_children(void) { return atomic_load(&children); }

struct child {
  pid_t pid;
  int in, out, err_out; /* the parent's ends */
};

static int memory_file(struct str head, struct str bytes) {
  const int file = memfd_create("input", MFD_CLOEXEC);
  const struct str parts[] = {head, bytes};
  for (size_t k = 0; file >= 0 && k < COUNT_OF(parts); k++)
    for (size_t done = 0; done < parts[k].len;) {
      const ssize_t n = write(file, parts[k].at + done, parts[k].len - done);
      if (n <= 0 && errno != EINTR) {
        (void)close(file);
        return -1;
      }
      if (n > 0) done += (size_t)n;
    }
  if (file >= 0) (void)lseek(file, 0, SEEK_SET);
  return file;
}

static void close_all(const int *fds, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (fds[i] >= 0) (void)close(fds[i]);
}

static bool refuse_start(struct err *e) {
  const char *reason = strerrordesc_np(errno);
  fail(e, ERR_BUSY, MSG_worker_start, "reason", str_of(reason ? reason : "?"));
  return err_hint(e, MSG_worker_start_hint);
}

static bool child_start(struct child *c, const char *const argv[], struct str head, struct str input, bool foreign,
                        struct err *e) {
  int fds[5] = {memory_file(head, input), -1, -1, -1, -1};
  scmp_filter_ctx filter = foreign && WORKER_FENCED ? filter_for_foreign() : NULL;
  bool ready = fds[0] >= 0 && pipe2(fds + 1, O_CLOEXEC) == 0 && pipe2(fds + 3, O_CLOEXEC) == 0;
  const pid_t pid = ready ? fork() : -1;
  if (pid == 0) become(argv, fds[0], fds[2], fds[4], filter);
  ready = ready && pid > 0;
  if (!ready) (void)refuse_start(e);
  if (filter) seccomp_release(filter);
  const int childs[] = {fds[0], fds[2], fds[4]}, ours[] = {fds[1], fds[3]};
  close_all(childs, COUNT_OF(childs));
  if (!ready) close_all(ours, COUNT_OF(ours));
  else *c = (struct child){.pid = pid, .in = -1, .out = fds[1], .err_out = fds[3]};
  return ready;
}

/* Reads what is there; false at the end of the stream. */
static bool take(int fd, struct buf *b) {
  char chunk[64 << 10];
  const ssize_t n = read(fd, chunk, sizeof chunk);
  if (n > 0) buf_add(b, chunk, (size_t)n);
  return n > 0 || (n < 0 && errno == EINTR);
}

/* Gathers both streams until they end, the clock runs out, or too much comes. */
static void child_listen(const struct child *c, struct buf *out, struct buf *err_text, struct child_result *r) {
  const int64_t end_us = clock_steady_us() + ((int64_t)WORKER_SECONDS * 1000 + WALL_EXTRA_MS) * 1000;
  struct pollfd fds[2] = {{.fd = c->out, .events = POLLIN}, {.fd = c->err_out, .events = POLLIN}};
  while ((fds[0].fd >= 0 || fds[1].fd >= 0) && !r->timed_out && !r->too_much) {
    const int64_t left_ms = (end_us - clock_steady_us()) / 1000;
    const int n = left_ms > 0 ? poll(fds, 2, (int)left_ms) : 0;
    if (n == 0) r->timed_out = true;
    if (n > 0 && fds[0].revents && !take(c->out, out)) fds[0].fd = -1;
    if (n > 0 && fds[1].revents && !take(c->err_out, err_text)) fds[1].fd = -1;
    r->too_much = out->broken;
    if (err_text->broken) fds[1].fd = -1;
  }
}

static void child_end(const struct child *c, struct child_result *r) {
  int status = 0;
  if (r->timed_out || r->too_much) (void)kill(c->pid, SIGKILL);
  while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) r->timed_out = true;
  r->exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  (void)close(c->out);
  (void)close(c->err_out);
}

static bool run(struct arena *mem, const char *const argv[], struct str head, struct str input, size_t most,
                bool foreign, struct child_result *out, struct err *e) {
  struct child c;
  TRY(child_start(&c, argv, head, input, foreign, e));
  AUTO_BUF text = BUF_MAX(most);
  AUTO_BUF err_text = BUF_MAX(ERROR_TEXT_MAX);
  struct child_result r = {0};
  (void)atomic_fetch_add(&children, 1);
  child_listen(&c, &text, &err_text, &r);
  child_end(&c, &r);
  (void)atomic_fetch_sub(&children, 1);
  r.out = str_dup(mem, buf_view(&text));
  r.err_text = str_dup(mem, buf_view(&err_text));
  *out = r;
  return true;
}

bool child_run(struct arena *mem, const char *const argv[], struct str input, size_t most, struct child_result *out,
               struct err *e) {
  return run(mem, argv, STR(""), input, most, true, out, e);
}

bool worker_extract(struct extract *x, enum container container, struct str bytes, struct err *e) {
  static const char *const argv[] = {"/proc/self/exe", "worker", NULL};
  struct child_result r = {0};
  const struct str head = wire_request(x->mem, container, x->name, bytes.len);
  TRY(run(x->mem, argv, head, bytes, WIRE_ANSWER_MAX, false, &r, e));
  if (!r.timed_out && r.exit_status == 0 && wire_read_answer(r.out, x, e)) return e->code == ERR_NONE;
  if (e->code != ERR_NONE) return false;
  if (r.timed_out) {
    fail(e, ERR_TOO_LARGE, MSG_worker_timeout, "name", x->name, "limit", str_int(x->mem, WORKER_SECONDS));
    return err_hint(e, MSG_worker_timeout_hint);
  }
  fail(e, ERR_INVALID, MSG_worker_died, "name", x->name);
  return err_hint(e, MSG_worker_died_hint);
}

/* ---- the worker itself ---- */

static bool fence_inside(void) {
  static const int allowed[] = {
      SCMP_SYS(read),         SCMP_SYS(write),          SCMP_SYS(lseek),         SCMP_SYS(fstat),
      SCMP_SYS(newfstatat),   SCMP_SYS(close),          SCMP_SYS(mmap),          SCMP_SYS(munmap),
      SCMP_SYS(mremap),       SCMP_SYS(mprotect),       SCMP_SYS(brk),           SCMP_SYS(madvise),
      SCMP_SYS(exit),         SCMP_SYS(exit_group),     SCMP_SYS(futex),         SCMP_SYS(getrandom),
      SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask), SCMP_SYS(clock_gettime), SCMP_SYS(getpid),
      SCMP_SYS(gettid),       SCMP_SYS(tgkill)};
  /* What the libraries try without need (the time zone's file, a terminal's size): they get a plain no. */
  static const int denied[] = {SCMP_SYS(openat),  SCMP_SYS(open),      SCMP_SYS(stat),
                               SCMP_SYS(access),  SCMP_SYS(readlink),  SCMP_SYS(ioctl),
                               SCMP_SYS(sysinfo), SCMP_SYS(prlimit64), SCMP_SYS(fcntl)};
  if (!WORKER_FENCED) return true;
  scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
  bool done = filter != NULL;
  for (size_t i = 0; done && i < COUNT_OF(allowed); i++)
    done = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0) == 0;
  for (size_t i = 0; done && i < COUNT_OF(denied); i++)
    done = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), denied[i], 0) == 0;
  done = done && seccomp_load(filter) == 0;
  if (filter) seccomp_release(filter);
  return done;
}

static bool write_all(int fd, struct str s) {
  for (size_t done = 0; done < s.len;) {
    const ssize_t n = write(fd, s.at + done, s.len - done);
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) done += (size_t)n;
  }
  return true;
}

static bool read_input(struct buf *b) {
  while (!b->broken && take(0, b)) {
  }
  return !b->broken;
}

enum { WORKER_OK = 0, WORKER_NO_FENCE = 3, WORKER_BAD_REQUEST = 4, WORKER_NO_ANSWER = 5 };

int worker_main(void) {
  if (!fence_inside()) return WORKER_NO_FENCE;
  AUTO_ARENA mem = {0};
  AUTO_BUF input = BUF_MAX(WIRE_REQUEST_MAX), answer = BUF_MAX(WIRE_ANSWER_MAX);
  struct wire_task task;
  if (!read_input(&input) || !wire_read_request(buf_view(&input), &task)) return WORKER_BAD_REQUEST;
  struct extract x = {.mem = &mem, .name = task.name, .text = BUF_MAX(PLAN_FILE_MAX)};
  struct err e = {0};
  if (extract_run(&x, task.container, task.bytes, &e)) wire_put_extract(&answer, &x);
  else wire_put_refusal(&answer, &e);
  buf_drop(&x.text);
  return !answer.broken && write_all(1, buf_view(&answer)) ? WORKER_OK : WORKER_NO_ANSWER;
}
