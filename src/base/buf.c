/* The growing buffer. It doubles up to its ceiling and then breaks; once broken every call is a no-op, so writers
 * check once at the end. Text after a formatted write is not terminated: what it holds is a view. */
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *buf_room(struct buf *b, size_t n) {
  if (b->broken) return NULL;
  if (n > b->max || b->len > b->max - n) {
    b->broken = true;
    return NULL;
  }
  const size_t need = b->len + n;
  if (need > b->cap) {
    size_t cap = b->cap ? b->cap * 2 : 256;
    if (cap < need) cap = need;
    if (cap > b->max) cap = b->max;
    char *p = realloc(b->at, cap);
    if (!p) {
      b->broken = true;
      return NULL;
    }
    b->at = p;
    b->cap = cap;
  }
  return b->at + b->len;
}

void buf_str(struct buf *b, struct str s) { buf_add(b, s.at, s.len); }
void buf_z(struct buf *b, const char *z) { buf_add(b, z, strlen(z)); }
void buf_byte(struct buf *b, char c) { buf_add(b, &c, 1); }
void buf_int(struct buf *b, int64_t n) {
  char digits[24];
  size_t at = sizeof digits;
  uint64_t left = n < 0 ? -(uint64_t)n : (uint64_t)n;
  do digits[--at] = (char)('0' + left % 10);
  while (left /= 10);
  if (n < 0) digits[--at] = '-';
  buf_add(b, digits + at, sizeof digits - at);
}

void buf_fmt(struct buf *b, const char *fmt, ...) {
  char small[256];
  va_list ap, again;
  va_start(ap, fmt);
  va_copy(again, ap);
  const int n = vsnprintf(small, sizeof small, fmt, ap);
  va_end(ap);
  if (n < 0) {
    b->broken = true;
  } else if ((size_t)n < sizeof small) {
    buf_add(b, small, (size_t)n);
  } else {
    char *p = buf_room(b, (size_t)n + 1);
    if (p) {
      (void)vsnprintf(p, (size_t)n + 1, fmt, again);
      b->len += (size_t)n;
    }
  }
  va_end(again);
}

void buf_clear(struct buf *b) {
  b->len = 0;
  b->broken = false;
}

void buf_drop(struct buf *b) {
  if (!b) return;
  free(b->at);
  *b = (struct buf){.max = b->max};
}
