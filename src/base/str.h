/* Strings are views: pointer and length, no terminator, any bytes. A view never owns. */
#ifndef BASE_STR_H
#define BASE_STR_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

struct str {
  const char *at;
  size_t len;
};
#define STR(lit) ((struct str){"" lit, sizeof(lit) - 1})
#define STR_INIT(lit) \
  { "" lit, sizeof(lit) - 1 } /* for static tables */
#define STRF "%.*s"           /* printf("... " STRF, STRA(s)) */
#define STRA(s) (int)(s).len, (s).at ? (s).at : ""

static inline struct str str_of(const char *z) { return (struct str){z, z ? strlen(z) : 0}; }
static inline struct str str_slice(struct str s, size_t from, size_t to) {
  if (to > s.len) to = s.len;
  if (from > to) from = to;
  return (struct str){s.at ? s.at + from : NULL, to - from};
}
static inline struct str str_from(struct str s, size_t from) { return str_slice(s, from, s.len); }
static inline bool str_eq(struct str a, struct str b) {
  return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}
static inline bool str_eqz(struct str a, const char *z) { return str_eq(a, str_of(z)); }
static inline bool str_starts(struct str s, struct str head) {
  return s.len >= head.len && (head.len == 0 || memcmp(s.at, head.at, head.len) == 0);
}
static inline bool str_ends(struct str s, struct str tail) {
  return s.len >= tail.len && (tail.len == 0 || memcmp(s.at + s.len - tail.len, tail.at, tail.len) == 0);
}

#define STR_NONE ((size_t)-1)
int str_cmp(struct str a, struct str b);                                                /* by bytes, shorter first */
size_t str_find(struct str s, struct str needle);                                       /* first place, or STR_NONE */
size_t str_rfind(struct str s, struct str needle);                                      /* last place, or STR_NONE */
bool str_cut(struct str s, struct str sep, struct str *out_head, struct str *out_tail); /* at the first sep */
struct str str_trim(struct str s);             /* ASCII blanks, U+3000, U+00A0, U+2002..200A at both ends */
uint64_t str_hash(struct str s);               /* 64-bit, stable on every machine (FNV-1a, mixed) */
bool str_to_int(struct str s, int64_t *out_n); /* whole string, ASCII digits with optional '-' */

struct str str_dup(struct arena *a, struct str s);
char *str_z(struct arena *a, struct str s); /* terminated copy, for borders with C */
struct str str_join(struct arena *a, struct str left, struct str right);
struct str str_int(struct arena *a, int64_t n); /* in decimal */
struct str str_replace(struct arena *a, struct str s, struct str what, struct str with);
__attribute__((format(printf, 2, 3))) struct str str_fmt(struct arena *a, const char *fmt, ...);
#endif
