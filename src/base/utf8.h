/* UTF-8, strictly: no surrogates, no overlong forms, nothing above U+10FFFF. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H
#include "base/str.h"

/* Bytes of the valid character that begins at p, of which n > 0 bytes are there; 0 when none does. */
static inline size_t utf8_sequence(const unsigned char *p, size_t n) {
  const unsigned char c = p[0];
  if (c < 0x80) return 1;
  if (c < 0xC2) return 0;
  if (c < 0xE0) return n >= 2 && (p[1] & 0xC0) == 0x80 ? 2 : 0;
  if (c < 0xF0) {
    if (n < 3 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80) return 0;
    if (c == 0xE0 && p[1] < 0xA0) return 0;
    if (c == 0xED && p[1] > 0x9F) return 0;
    return 3;
  }
  if (c > 0xF4 || n < 4) return 0;
  if ((p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80 || (p[3] & 0xC0) != 0x80) return 0;
  if (c == 0xF0 && p[1] < 0x90) return 0;
  if (c == 0xF4 && p[1] > 0x8F) return 0;
  return 4;
}
/* Offset of the first byte that is not valid UTF-8, or s.len. ASCII runs go eight bytes at a time. */
size_t utf8_valid_len(struct str s);
static inline bool utf8_valid(struct str s) { return utf8_valid_len(s) == s.len; }

/* The character whose three bytes begin at p. Its marks are taken off all at once. */
static inline uint32_t utf8_three(const unsigned char *p) {
  return ((uint32_t)p[0] << 12) + ((uint32_t)p[1] << 6) + p[2] - (0xE0u << 12) - (0x80u << 6) - 0x80u;
}
/* Decodes the character at s.at[i] (i < s.len) of VALID text; *io_i moves behind it. */
static inline uint32_t utf8_next(struct str s, size_t *io_i) {
  const unsigned char *p = (const unsigned char *)s.at + *io_i;
  if (p[0] < 0x80) {
    *io_i += 1;
    return p[0];
  }
  if ((p[0] & 0xF0) == 0xE0) { /* most characters of a plan */
    *io_i += 3;
    return utf8_three(p);
  }
  if (p[0] < 0xE0) {
    *io_i += 2;
    return ((uint32_t)(p[0] & 0x1F) << 6) | (p[1] & 0x3F);
  }
  *io_i += 4;
  return ((uint32_t)(p[0] & 0x07) << 18) | ((uint32_t)(p[1] & 0x3F) << 12) | ((uint32_t)(p[2] & 0x3F) << 6) |
         (p[3] & 0x3F);
}
/* The character at i, without moving; 0 at or past the end. */
static inline uint32_t utf8_at(struct str s, size_t i) { return i < s.len ? utf8_next(s, &i) : 0; }
/* Start of the character before i (i > 0) in valid text. */
static inline size_t utf8_back(struct str s, size_t i) {
  do i--;
  while (i && ((unsigned char)s.at[i] & 0xC0) == 0x80);
  return i;
}
/* Bytes of the character that begins at i (i < s.len), by its first byte. */
static inline size_t utf8_len(struct str s, size_t i) {
  const unsigned char lead = (unsigned char)s.at[i];
  return lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}
/* True when a character of U+4000..U+DFFF begins at i (i < s.len): three bytes, no mark, digit or blank. Lets a scan
 * for such pass over Han characters without decoding them. */
static inline bool utf8_is_inner(struct str s, size_t i) {
  const unsigned char lead = (unsigned char)s.at[i];
  return lead >= 0xE4 && lead <= 0xED;
}
/* Writes c to out (4 bytes of room); returns its length 1..4. */
size_t utf8_put(char *out, uint32_t c);
/* Characters in valid text. */
size_t utf8_count(struct str s);

/* Han: unified ideographs with extensions A..H, compatibility ideographs, 〇 and 々. */
static inline bool is_han(uint32_t c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x20000 && c <= 0x323AF) ||
         (c >= 0xF900 && c <= 0xFAFF) || c == 0x3007 || c == 0x3005;
}
static inline bool is_digit(uint32_t c) { return (c >= '0' && c <= '9') || (c >= 0xFF10 && c <= 0xFF19); }
#endif
