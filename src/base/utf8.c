/* Strict UTF-8: what is not valid by the standard's table 3-7 is refused at its first byte. Runs of ASCII are passed
 * over eight bytes at a time. */
#include "base/utf8.h"

size_t utf8_valid_len(struct str s) {
  const unsigned char *p = (const unsigned char *)s.at;
  size_t i = 0;
  while (i < s.len) {
    uint64_t eight;
    if (s.len - i >= sizeof eight) {
      memcpy(&eight, p + i, sizeof eight);
      if (!(eight & 0x8080808080808080u)) {
        i += sizeof eight;
        continue;
      }
    }
    const size_t n = utf8_sequence(p + i, s.len - i);
    if (!n) return i;
    i += n;
  }
  return i;
}

size_t utf8_put(char *out, uint32_t c) {
  unsigned char *p = (unsigned char *)out;
  if (c < 0x80) {
    p[0] = (unsigned char)c;
    return 1;
  }
  if (c < 0x800) {
    p[0] = (unsigned char)(0xC0 | (c >> 6));
    p[1] = (unsigned char)(0x80 | (c & 0x3F));
    return 2;
  }
  if (c < 0x10000) {
    p[0] = (unsigned char)(0xE0 | (c >> 12));
    p[1] = (unsigned char)(0x80 | ((c >> 6) & 0x3F));
    p[2] = (unsigned char)(0x80 | (c & 0x3F));
    return 3;
  }
  p[0] = (unsigned char)(0xF0 | (c >> 18));
  p[1] = (unsigned char)(0x80 | ((c >> 12) & 0x3F));
  p[2] = (unsigned char)(0x80 | ((c >> 6) & 0x3F));
  p[3] = (unsigned char)(0x80 | (c & 0x3F));
  return 4;
}

size_t utf8_count(struct str s) {
  size_t n = 0;
  for (size_t i = 0; i < s.len; i++) n += ((unsigned char)s.at[i] & 0xC0) != 0x80;
  return n;
}
