/* Views of bytes. Nothing here owns; what makes new text takes an arena. Searching is memmem's, and memchr's for short
 * needles; hashing is FNV-1a with a final mix, the same on every machine because files may keep it. */
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/must.h"

int str_cmp(struct str a, struct str b) {
  const size_t n = a.len < b.len ? a.len : b.len;
  const int c = n ? memcmp(a.at, b.at, n) : 0;
  if (c) return c;
  return (a.len > b.len) - (a.len < b.len);
}

/* A word or a mark is found by its last byte: in UTF-8 that one says most, and memchr reads many bytes at a time. */
enum { SHORT_NEEDLE = 12 };

static size_t find_short(struct str s, struct str needle) {
  const size_t before = needle.len - 1;
  const char *end = s.at + s.len;
  for (const char *p = s.at + before; p < end; p++) {
    p = memchr(p, needle.at[before], (size_t)(end - p));
    if (!p) return STR_NONE;
    if (before && p[-1] != needle.at[before - 1]) continue; /* spares most calls */
    if (memcmp(p - before, needle.at, before) == 0) return (size_t)(p - before - s.at);
  }
  return STR_NONE;
}

size_t str_find(struct str s, struct str needle) {
  if (needle.len == 0) return 0;
  if (s.len < needle.len) return STR_NONE;
  if (needle.len <= SHORT_NEEDLE) return find_short(s, needle);
  const char *p = memmem(s.at, s.len, needle.at, needle.len);
  return p ? (size_t)(p - s.at) : STR_NONE;
}

size_t str_rfind(struct str s, struct str needle) {
  if (s.len < needle.len) return STR_NONE;
  if (needle.len == 0) return s.len;
  for (size_t n = s.len - needle.len + 1; n > 0;) {
    const char *p = memrchr(s.at, needle.at[0], n);
    if (!p) return STR_NONE;
    n = (size_t)(p - s.at);
    if (memcmp(p, needle.at, needle.len) == 0) return n;
  }
  return STR_NONE;
}

bool str_cut(struct str s, struct str sep, struct str *out_head, struct str *out_tail) {
  const size_t i = str_find(s, sep);
  if (i == STR_NONE) return false;
  *out_head = str_slice(s, 0, i);
  *out_tail = str_from(s, i + sep.len);
  return true;
}

/* Length of the blank that starts at p (n bytes left), 0 when there is none. */
static size_t blank_len(const char *p, size_t n) {
  const unsigned char *u = (const unsigned char *)p;
  if (n >= 1 && (u[0] == ' ' || (u[0] >= '\t' && u[0] <= '\r'))) return 1;
  if (n >= 2 && u[0] == 0xC2 && u[1] == 0xA0) return 2;
  if (n >= 3 && u[0] == 0xE3 && u[1] == 0x80 && u[2] == 0x80) return 3;
  if (n >= 3 && u[0] == 0xE2 && u[1] == 0x80 && u[2] >= 0x80 && u[2] <= 0x8B) return 3;
  return 0;
}

struct str str_trim(struct str s) {
  for (size_t n; s.len && (n = blank_len(s.at, s.len)) > 0;) s = str_from(s, n);
  while (s.len) {
    size_t n = blank_len(s.at + s.len - 1, 1);
    if (!n && s.len >= 2 && blank_len(s.at + s.len - 2, 2) == 2) n = 2;
    if (!n && s.len >= 3 && blank_len(s.at + s.len - 3, 3) == 3) n = 3;
    if (!n) break;
    s.len -= n;
  }
  return s;
}

uint64_t str_hash(struct str s) {
  uint64_t h = 0xcbf29ce484222325u;
  for (size_t i = 0; i < s.len; i++) h = (h ^ (unsigned char)s.at[i]) * 0x100000001b3u;
  h ^= h >> 32;
  h *= 0xd6e8feb86659fd93u;
  h ^= h >> 32;
  return h;
}

bool str_to_int(struct str s, int64_t *out_n) {
  const bool minus = s.len && s.at[0] == '-';
  if (minus) s = str_from(s, 1);
  if (!s.len) return false;
  int64_t n = 0;
  for (size_t i = 0; i < s.len; i++) {
    if (s.at[i] < '0' || s.at[i] > '9') return false;
    if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, s.at[i] - '0', &n)) return false;
  }
  *out_n = minus ? -n : n;
  return true;
}

struct str str_dup(struct arena *a, struct str s) {
  return (struct str){str_z(a, s), s.len};
}

char *str_z(struct arena *a, struct str s) {
  char *p = arena_room(a, s.len + 1);
  if (s.len) memcpy(p, s.at, s.len);
  p[s.len] = 0;
  return p;
}

struct str str_int(struct arena *a, int64_t n) {
  enum { DIGITS = 20 };
  char *z = arena_room(a, DIGITS);
  size_t at = DIGITS;
  uint64_t left = n < 0 ? -(uint64_t)n : (uint64_t)n;
  do z[--at] = (char)('0' + left % 10);
  while (left /= 10);
  if (n < 0) z[--at] = '-';
  return (struct str){z + at, DIGITS - at};
}
struct str str_join(struct arena *a, struct str left, struct str right) {
  must(left.len <= SIZE_MAX - right.len - 1);
  char *p = arena_room(a, left.len + right.len + 1);
  if (left.len) memcpy(p, left.at, left.len);
  if (right.len) memcpy(p + left.len, right.at, right.len);
  p[left.len + right.len] = 0;
  return (struct str){p, left.len + right.len};
}

struct str str_replace(struct arena *a, struct str s, struct str what, struct str with) {
  struct str out = {0}, head, tail;
  if (!what.len || !str_cut(s, what, &head, &tail)) return s;
  do {
    out = str_join(a, str_join(a, out, head), with);
    s = tail;
  } while (str_cut(s, what, &head, &tail));
  return str_join(a, out, s);
}

struct str str_fmt(struct arena *a, const char *fmt, ...) {
  va_list ap, again;
  va_start(ap, fmt);
  va_copy(again, ap);
  char small[256]; /* most texts are short: formatted once */
  const int n = vsnprintf(small, sizeof small, fmt, ap);
  va_end(ap);
  must(n >= 0);
  char *p = arena_room(a, (size_t)n + 1);
  if ((size_t)n < sizeof small) memcpy(p, small, (size_t)n + 1);
  else (void)vsnprintf(p, (size_t)n + 1, fmt, again);
  va_end(again);
  return (struct str){p, (size_t)n};
}
