/* Exact decimals in 64 bits. Every operation says whether its result fits; nothing is rounded and nothing wraps.
 * Comparison works over 128 bits, so that scales may differ as far as the type allows. */
#include "base/dec.h"

static bool mul10(int64_t n, unsigned times, int64_t *out) {
  for (; times; times--)
    if (__builtin_mul_overflow(n, 10, &n)) return false;
  *out = n;
  return true;
}

static struct dec shorten(struct dec d) {
  while (d.scale && d.digits % 10 == 0) {
    d.digits /= 10;
    d.scale--;
  }
  return d;
}

static bool raise_scale(struct dec *d, uint8_t scale) {
  if (d->scale >= scale) return true;
  if (!mul10(d->digits, (unsigned)(scale - d->scale), &d->digits)) return false;
  d->scale = scale;
  return true;
}

static bool same_scale(struct dec *a, struct dec *b) { return raise_scale(a, b->scale) && raise_scale(b, a->scale); }

bool dec_parse(struct str s, struct dec *out) {
  const bool minus = s.len && s.at[0] == '-';
  if (minus) s = str_from(s, 1);
  int64_t n = 0;
  size_t digits = 0, group = 0;
  bool point = false, comma = false;
  uint8_t scale = 0;
  for (size_t i = 0; i < s.len; i++) {
    const char c = s.at[i];
    if (c == '.') {
      if (point || !digits || (comma && group != 3)) return false;
      point = true;
    } else if (c == ',') {
      if (point || !digits || (comma ? group != 3 : group > 3)) return false;
      comma = true;
      group = 0;
    } else {
      if (c < '0' || c > '9') return false;
      if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, c - '0', &n)) return false;
      digits++;
      group++;
      if (point && ++scale > DEC_SCALE_MAX) return false;
    }
  }
  if (!digits || s.at[s.len - 1] == '.' || (comma && !point && group != 3)) return false;
  *out = shorten((struct dec){minus ? -n : n, scale});
  return true;
}

bool dec_add(struct dec a, struct dec b, struct dec *out) {
  int64_t n;
  if (!same_scale(&a, &b) || __builtin_add_overflow(a.digits, b.digits, &n)) return false;
  *out = shorten((struct dec){n, a.scale});
  return true;
}

bool dec_sub(struct dec a, struct dec b, struct dec *out) {
  int64_t n;
  if (!same_scale(&a, &b) || __builtin_sub_overflow(a.digits, b.digits, &n)) return false;
  *out = shorten((struct dec){n, a.scale});
  return true;
}

bool dec_shift(struct dec a, int n, struct dec *out) {
  a = shorten(a);
  for (; n > 0; n--) {
    if (a.scale) {
      a.scale--;
    } else if (__builtin_mul_overflow(a.digits, 10, &a.digits)) {
      return false;
    }
  }
  for (; n < 0; n++) {
    if (a.scale == DEC_SCALE_MAX) return false;
    a.scale++;
  }
  *out = shorten(a);
  return true;
}

int dec_cmp(struct dec a, struct dec b) {
  const __int128 ten = 10;
  __int128 x = a.digits, y = b.digits;
  for (unsigned s = a.scale; s < b.scale; s++) x *= ten;
  for (unsigned s = b.scale; s < a.scale; s++) y *= ten;
  return (x > y) - (x < y);
}

struct str dec_text(struct arena *a, struct dec d) {
  d = shorten(d);
  char text[48], *at = text + sizeof text; /* from the end: 20 digits at most, zeros up to the point, sign */
  uint64_t n = d.digits < 0 ? -(uint64_t)d.digits : (uint64_t)d.digits;
  for (unsigned place = 0; place <= d.scale || n; n /= 10) {
    *--at = (char)('0' + n % 10);
    if (++place == d.scale) *--at = '.';
  }
  if (d.digits < 0) *--at = '-';
  return str_dup(a, (struct str){at, (size_t)(text + sizeof text - at)});
}
