/* A ZIP of uncompressed members, made in memory: for tests and fuzzers that need a package with chosen parts. */
#ifndef TESTS_ZIPPED_H
#define TESTS_ZIPPED_H
#include "base/buf.h"

struct zipped {
  const char *name;
  struct str bytes;
};

static inline uint32_t zipped_crc(struct str s) {
  uint32_t crc = 0xFFFFFFFFu;
  for (size_t i = 0; i < s.len; i++) {
    crc ^= (unsigned char)s.at[i];
    for (int k = 0; k < 8; k++) crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1u)));
  }
  return ~crc;
}

static inline void zipped_number(struct buf *b, uint32_t n, int bytes) {
  for (int i = 0; i < bytes; i++) buf_byte(b, (char)(n >> (8 * i)));
}

/* The fields that the local header and the directory share. */
static inline void zipped_common(struct buf *b, const struct zipped *m) {
  zipped_number(b, 20, 2);
  zipped_number(b, 0, 4); /* flags, stored */
  zipped_number(b, 0x00210000, 4);
  zipped_number(b, zipped_crc(m->bytes), 4);
  zipped_number(b, (uint32_t)m->bytes.len, 4);
  zipped_number(b, (uint32_t)m->bytes.len, 4);
  zipped_number(b, (uint32_t)strlen(m->name), 2);
  zipped_number(b, 0, 2);
}

static inline struct str zipped(struct arena *mem, const struct zipped *members, size_t n) {
  AUTO_BUF b = BUF_MAX(256 << 20);
  AUTO_BUF directory = BUF_MAX(1 << 20);
  for (size_t i = 0; i < n; i++) {
    const uint32_t at = (uint32_t)b.len;
    zipped_number(&b, 0x04034B50, 4);
    zipped_common(&b, &members[i]);
    buf_z(&b, members[i].name);
    buf_str(&b, members[i].bytes);
    zipped_number(&directory, 0x02014B50, 4);
    zipped_number(&directory, 20, 2);
    zipped_common(&directory, &members[i]);
    zipped_number(&directory, 0, 4);
    zipped_number(&directory, 0, 2);
    zipped_number(&directory, 0, 4);
    zipped_number(&directory, at, 4);
    buf_z(&directory, members[i].name);
  }
  const uint32_t at = (uint32_t)b.len;
  buf_str(&b, buf_view(&directory));
  zipped_number(&b, 0x06054B50, 4);
  zipped_number(&b, 0, 4);
  zipped_number(&b, (uint32_t)n, 2);
  zipped_number(&b, (uint32_t)n, 2);
  zipped_number(&b, (uint32_t)directory.len, 4);
  zipped_number(&b, at, 4);
  zipped_number(&b, 0, 2);
  return str_dup(mem, buf_view(&b));
}
#endif
