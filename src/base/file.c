/* Whole files: read with a ceiling, written beside and renamed so that the old one stays whole until the new one
 * is on the disk. Errors name the path as the person gave it. Handles close by cleanup attribute. */
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/vec.h"
#include "texts.h"

enum { READ_STEP = 64 << 10 };

static void fd_close(const int *fd) {
  if (*fd >= 0) (void)close(*fd);
}
#define AUTO_FD __attribute__((cleanup(fd_close))) int

static bool fail_errno(struct err *e, struct str path, int code, enum msg otherwise) {
  if (code == ENOENT) {
    (void)fail(e, ERR_NOT_FOUND, MSG_file_absent, "path", path);
    return err_hint(e, MSG_file_absent_hint);
  }
  if (code == EACCES || code == EPERM || code == EROFS) {
    (void)fail(e, ERR_FORBIDDEN, MSG_file_denied, "path", path);
    return err_hint(e, MSG_file_denied_hint);
  }
  if (code == EISDIR) {
    (void)fail(e, ERR_BAD_REQUEST, MSG_file_is_folder, "path", path);
    return err_hint(e, MSG_file_is_folder_hint);
  }
  char text[128];
  return fail(e, ERR_STORE, otherwise, "path", path, "reason", str_of(strerror_r(code, text, sizeof text)));
}

static bool fail_large(struct arena *a, struct err *e, struct str path, size_t most) {
  const size_t unit = 1 << 20;
  const struct str limit =
      most >= unit && most % unit == 0 ? str_fmt(a, "%zu MB", most / unit) : str_fmt(a, "%zu B", most);
  (void)fail(e, ERR_TOO_LARGE, MSG_file_too_large, "path", path, "limit", limit);
  return err_hint(e, MSG_file_too_large_hint);
}

/* Room for the next read: the known size plus one byte, so that growth is seen; else steps that double. */
static size_t next_cap(size_t cap, size_t known, size_t most) {
  size_t want = cap ? cap * 2 : (known ? known + 1 : (size_t)READ_STEP);
  if (want > most + 1) want = most + 1;
  return want;
}

static bool read_all(struct arena *a, int fd, struct str path, size_t known, size_t most, struct str *out,
                     struct err *e) {
  char *p = NULL;
  size_t n = 0, cap = 0;
  for (;;) {
    if (n == cap) {
      const size_t want = next_cap(cap, known, most);
      if (want == cap) return fail_large(a, e, path, most);
      p = arena_grow(a, p, cap, want);
      cap = want;
    }
    const ssize_t got = read(fd, p + n, cap - n);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno(e, path, errno, MSG_file_unreadable);
    if (got == 0) break;
    n += (size_t)got;
  }
  if (n > most) return fail_large(a, e, path, most);
  *out = (struct str){p, n};
  return true;
}

/* What is opened is what is looked at. */
static bool check_private(const struct stat *st, struct str path, struct err *e) {
  if (!(st->st_mode & (S_IRWXG | S_IRWXO)) && st->st_uid == geteuid()) return true;
  return fail(e, ERR_FORBIDDEN, MSG_file_not_private, "path", path);
}
static bool read_path(struct arena *a, struct str path, size_t most, bool is_private, struct str *out, struct err *e) {
  /* without O_NONBLOCK the opening of a pipe waits for a writer, perhaps for ever */
  AUTO_FD own = open(str_z(a, path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (own < 0) return fail_errno(e, path, errno, MSG_file_unreadable);
  struct stat st;
  if (fstat(own, &st) != 0) return fail_errno(e, path, errno, MSG_file_unreadable);
  if (S_ISDIR(st.st_mode)) return fail_errno(e, path, EISDIR, MSG_file_unreadable);
  if (!S_ISREG(st.st_mode)) {
    (void)fail(e, ERR_BAD_REQUEST, MSG_file_not_plain, "path", path);
    return err_hint(e, MSG_file_not_plain_hint);
  }
  if (is_private) TRY(check_private(&st, path, e));
  const size_t known = (size_t)st.st_size;
  if (known > most) return fail_large(a, e, path, most);
  return read_all(a, own, path, known, most, out, e);
}
bool file_read(struct arena *a, struct str path, size_t most, struct str *out, struct err *e) {
  if (str_eqz(path, "-")) return read_all(a, STDIN_FILENO, path, 0, most, out, e);
  return read_path(a, path, most, false, out, e);
}
bool file_read_private(struct arena *a, struct str path, size_t most, struct str *out, struct err *e) {
  return read_path(a, path, most, true, out, e);
}

static bool write_all(int fd, struct str bytes) {
  while (bytes.len) {
    const ssize_t put = write(fd, bytes.at, bytes.len);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    bytes = str_from(bytes, (size_t)put);
  }
  return true;
}

/* A device, such as /dev/null, is written into; to rename a file over it would take it away from everybody. */
static bool write_device(char *path, struct str bytes) {
  AUTO_FD fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
  return fd >= 0 && write_all(fd, bytes);
}

static bool write_beside(struct str path, struct str bytes, mode_t mode, struct err *e) {
  AUTO_ARENA mem = {0};
  char *to = str_z(&mem, path);
  char *beside = str_z(&mem, str_join(&mem, path, STR(".XXXXXX")));
  AUTO_FD fd = mkostemp(beside, O_CLOEXEC);
  if (fd < 0) return fail_errno(e, path, errno, MSG_file_unwritable);
  if (!write_all(fd, bytes) || fchmod(fd, mode) != 0 || fsync(fd) != 0 || rename(beside, to) != 0) {
    const int code = errno;
    (void)unlink(beside);
    return fail_errno(e, path, code, MSG_file_unwritable);
  }
  return true;
}
bool file_write(struct str path, struct str bytes, struct err *e) {
  AUTO_ARENA mem = {0};
  struct stat st;
  char *to = str_z(&mem, path);
  if (stat(to, &st) == 0 && S_ISCHR(st.st_mode))
    return write_device(to, bytes) || fail_errno(e, path, errno, MSG_file_unwritable);
  return write_beside(path, bytes, 0644, e);
}
bool file_write_private(struct str path, struct str bytes, struct err *e) { return write_beside(path, bytes, 0600, e); }

static bool sync_path(char *path, int flags) {
  AUTO_FD fd = open(path, flags | O_CLOEXEC);
  return fd >= 0 && fsync(fd) == 0;
}

bool file_place(struct str from, struct str to, struct err *e) {
  AUTO_ARENA mem = {0};
  char *old_path = str_z(&mem, from), *new_path = str_z(&mem, to);
  if (!sync_path(old_path, O_RDONLY) || link(old_path, new_path) != 0)
    return fail_errno(e, to, errno, MSG_file_unwritable);
  (void)unlink(old_path);
  (void)sync_path(str_z(&mem, file_folder(to)), O_RDONLY | O_DIRECTORY);
  return true;
}

bool file_make_folder(struct str path, struct err *e) {
  AUTO_ARENA mem = {0};
  return mkdir(str_z(&mem, path), 0777) == 0 || fail_errno(e, path, errno, MSG_file_unwritable);
}

int64_t file_size(struct str path) {
  AUTO_ARENA mem = {0};
  struct stat st;
  return stat(str_z(&mem, path), &st) == 0 ? (int64_t)st.st_size : -1;
}

int64_t file_room(struct str path) {
  AUTO_ARENA mem = {0};
  struct statvfs v;
  if (statvfs(str_z(&mem, file_folder(path)), &v) != 0) return -1;
  return (int64_t)v.f_bavail * (int64_t)v.f_frsize;
}

int64_t file_changed_us(struct str path) {
  AUTO_ARENA mem = {0};
  struct stat st;
  if (stat(str_z(&mem, path), &st) != 0) return -1;
  return (int64_t)st.st_mtim.tv_sec * 1000000 + st.st_mtim.tv_nsec / 1000;
}

bool file_exists(struct str path) {
  AUTO_ARENA mem = {0};
  return access(str_z(&mem, path), F_OK) == 0;
}

struct str file_folder(struct str path) {
  const size_t slash = str_rfind(path, STR("/"));
  return slash == STR_NONE ? STR(".") : str_slice(path, 0, slash ? slash : 1);
}

struct str file_base(struct str path) {
  const size_t slash = str_rfind(path, STR("/"));
  return slash == STR_NONE ? path : str_from(path, slash + 1);
}

struct str file_extension(struct str path) {
  const struct str base = file_base(path);
  const size_t dot = str_rfind(base, STR("."));
  return dot == STR_NONE || dot == 0 ? (struct str){0} : str_from(base, dot + 1);
}

static int by_bytes(const void *a, const void *b) { return str_cmp(*(const struct str *)a, *(const struct str *)b); }

static bool is_of(DIR *dir, const struct dirent *entry, mode_t kind) {
  if (entry->d_type != DT_UNKNOWN && entry->d_type != DT_LNK) return (mode_t)DTTOIF(entry->d_type) == kind;
  struct stat st;
  return fstatat(dirfd(dir), entry->d_name, &st, 0) == 0 && (st.st_mode & S_IFMT) == kind;
}
static bool list(struct arena *a, struct str dir, mode_t kind, struct str_list *out, struct err *e) {
  DIR *d = opendir(str_z(a, dir));
  if (!d) return fail_errno(e, dir, errno, MSG_file_unreadable);
  VEC(struct str) names = {0};
  for (const struct dirent *entry; (entry = readdir(d)) != NULL;) {
    const bool hidden = kind == S_IFDIR && entry->d_name[0] == '.';
    if (!hidden && is_of(d, entry, kind)) vec_push(a, &names) = str_dup(a, str_of(entry->d_name));
  }
  (void)closedir(d);
  if (names.len) qsort(names.at, names.len, sizeof *names.at, by_bytes);
  *out = (struct str_list){names.at, names.len};
  return true;
}
bool file_list(struct arena *a, struct str dir, struct str_list *out, struct err *e) {
  return list(a, dir, S_IFREG, out, e);
}
bool file_folders(struct arena *a, struct str dir, struct str_list *out, struct err *e) {
  return list(a, dir, S_IFDIR, out, e);
}
