/* A growing buffer with a ceiling from birth that fails stickily: once it is
 * broken (full, or no memory) every further call does nothing, so that forty
 * appends need one check. Owns its bytes. */
#ifndef BASE_BUF_H
#define BASE_BUF_H
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"

struct buf {
  char *at;
  size_t len, cap, max;
  bool broken;
};
#define BUF_MAX(n) ((struct buf){.max = (n)}) /* an empty buffer that may grow to n bytes */

void buf_str(struct buf *b, struct str s);
void buf_z(struct buf *b, const char *z);
void buf_byte(struct buf *b, char c);
void buf_int(struct buf *b, int64_t n);
__attribute__((format(printf, 2, 3))) void buf_fmt(struct buf *b, const char *fmt, ...);
/* Makes room for n bytes and returns where they go (raise len by what was written); NULL once broken. */
char *buf_room(struct buf *b, size_t n);
static inline void buf_add(struct buf *b, const void *bytes, size_t n) {
  char *p = n && !b->broken && n <= b->cap - b->len ? b->at + b->len : n ? buf_room(b, n) : NULL;
  if (!p) return;
  memcpy(p, bytes, n);
  b->len += n;
}
static inline struct str buf_view(const struct buf *b) { return (struct str){b->at, b->len}; }
void buf_clear(struct buf *b); /* empties, keeps the memory, mends `broken` */
void buf_drop(struct buf *b);
#define AUTO_BUF __attribute__((cleanup(buf_drop))) struct buf
#endif
