/* Numerals of Chinese documents.
 *
 * Two ways of writing are read: by places (二〇二六: one digit a character) and by units (三百零五, 两万).
 * A unit-wise numeral is read as a sum of falling units within a section of 万 or 亿; reading stops before the
 * first character that would break the fall, so 十四五 is 14 and what follows is left to the caller. Two bare
 * digits side by side (三五个, 一两项) are two numbers, not 35 and 12; three and more, or any with 〇, are places.
 * Never reads more than 18 digits and never past the string. */
#include "text/numeral.h"

#include "base/utf8.h"

enum { ZH_DIGITS_MAX = 18 };

struct zh_char {
  int digit;    /* 0..9, -1 = none */
  int64_t unit; /* 10, 100, 1000, 10^4, 10^8; 0 = none */
};

static struct zh_char zh_char_of(uint32_t c) {
  switch (c) {
    case 0x3007: /* 〇 */
    case 0x25CB: /* ○ as typists write it */
    case 0x96F6: return (struct zh_char){0, 0};
    case 0x4E00: return (struct zh_char){1, 0};
    case 0x4E8C:
    case 0x4E24: return (struct zh_char){2, 0};
    case 0x4E09: return (struct zh_char){3, 0};
    case 0x56DB: return (struct zh_char){4, 0};
    case 0x4E94: return (struct zh_char){5, 0};
    case 0x516D: return (struct zh_char){6, 0};
    case 0x4E03: return (struct zh_char){7, 0};
    case 0x516B: return (struct zh_char){8, 0};
    case 0x4E5D: return (struct zh_char){9, 0};
    case 0x5341: return (struct zh_char){-1, 10};
    case 0x767E: return (struct zh_char){-1, 100};
    case 0x5343: return (struct zh_char){-1, 1000};
    case 0x4E07: return (struct zh_char){-1, 10000};
    case 0x4EBF: return (struct zh_char){-1, 100000000};
    default: return (struct zh_char){-1, 0};
  }
}

/* 二〇二六 at i: the run of bare digits when it counts as places; 0 otherwise. */
static size_t read_places(struct str s, size_t i, int64_t *out_n) {
  int64_t n = 0;
  int count = 0;
  bool zero = false;
  size_t at = i;
  while (at < s.len && count < ZH_DIGITS_MAX) {
    size_t next = at;
    const struct zh_char c = zh_char_of(utf8_next(s, &next));
    if (c.digit < 0) {
      if (c.unit && !zero) return 0; /* 二百: by units */
      break;
    }
    zero |= c.digit == 0;
    n = n * 10 + c.digit;
    count++;
    at = next;
  }
  if (count < 3 && !(count == 2 && zero)) return 0;
  *out_n = n;
  return at - i;
}

struct zh_sum {
  int64_t total, section;
  int64_t last_unit; /* within the section; the next must be smaller */
  int64_t last_big;  /* 万, 亿 */
  int digit;         /* waiting for its unit, -1 = none */
  bool zero;         /* a 零 stands before it */
};

/* Takes a unit into the sum; false when the fall of units is broken by it. */
static bool sum_unit(struct zh_sum *z, int64_t unit) {
  if (unit >= 10000) {
    const int64_t section = z->section + (z->digit > 0 ? z->digit : 0);
    if (section == 0 || (z->last_big && unit >= z->last_big)) return false;
    *z = (struct zh_sum){.total = z->total + section * unit, .last_big = unit, .digit = -1};
    return true;
  }
  if ((z->last_unit && unit >= z->last_unit) || z->digit == 0) return false;
  z->section += (z->digit > 0 ? z->digit : 1) * unit;
  z->last_unit = unit;
  z->digit = -1;
  z->zero = false;
  return true;
}

/* What a digit at the end is worth: 一百五 is 150, 一百零五 is 105, 十五 is 15. */
static int64_t last_digit(const struct zh_sum *z) {
  if (z->digit <= 0) return 0;
  const int64_t before = z->last_unit ? z->last_unit : z->last_big;
  return !z->zero && before > 10 ? z->digit * before / 10 : z->digit;
}

static size_t read_units(struct str s, size_t i, int64_t *out_n) {
  struct zh_sum z = {.digit = -1};
  size_t at = i, end = i; /* end: behind the last character that surely belongs */
  while (at < s.len) {
    size_t next = at;
    const struct zh_char c = zh_char_of(utf8_next(s, &next));
    if (c.digit == 0 && (z.last_unit || z.last_big) && z.digit < 0 && !z.zero) {
      z.zero = true;
      at = next;
      continue;
    }
    if (c.digit > 0 && z.digit < 0) z.digit = c.digit;
    else if (!c.unit || !sum_unit(&z, c.unit)) break;
    at = end = next;
  }
  if (end == i) return 0;
  *out_n = z.total + z.section + last_digit(&z);
  return end - i;
}

size_t numeral_zh(struct str s, size_t i, int64_t *out_n) {
  if (i >= s.len) return 0;
  size_t next = i;
  const uint32_t c = utf8_next(s, &next);
  if (c == 0x5EFF || c == 0x5345) { /* 廿 卅 */
    const struct zh_char d = zh_char_of(utf8_at(s, next));
    *out_n = (c == 0x5EFF ? 20 : 30) + (d.digit > 0 ? d.digit : 0);
    return next - i + (d.digit > 0 ? 3 : 0);
  }
  const struct zh_char first = zh_char_of(c);
  if (first.digit < 0 && (first.unit == 0 || first.unit > 1000)) return 0; /* 万, 亿 need a number before them */
  const size_t places = first.digit >= 0 ? read_places(s, i, out_n) : 0;
  if (places) return places;
  if (first.digit == 0) {
    *out_n = 0;
    return next - i;
  }
  return read_units(s, i, out_n);
}

/* The digit at s[i], -1 if none; *io_i moves behind it. */
static int arabic_digit(struct str s, size_t *io_i) {
  if (*io_i >= s.len) return -1;
  const unsigned char b = (unsigned char)s.at[*io_i];
  if (b >= '0' && b <= '9') {
    *io_i += 1;
    return b - '0';
  }
  if (b != 0xEF) return -1;
  size_t next = *io_i;
  const uint32_t c = utf8_next(s, &next);
  if (c < 0xFF10 || c > 0xFF19) return -1;
  *io_i = next;
  return (int)(c - 0xFF10);
}

/* Behind a comma at s[i]: exactly three digits and no fourth. */
static bool group_of_three(struct str s, size_t i) {
  for (int k = 0; k < 3; k++)
    if (arabic_digit(s, &i) < 0) return false;
  return arabic_digit(s, &i) < 0;
}

/* Integer digits with groups; false when they are too many. */
static bool read_whole(struct str s, size_t *io_i, int64_t *out_n, int *out_count) {
  int64_t n = 0;
  int count = 0, since_comma = 0;
  bool grouped = false;
  for (;;) {
    const int d = arabic_digit(s, io_i);
    if (d >= 0) {
      if (++count > ZH_DIGITS_MAX) return false;
      n = n * 10 + d;
      since_comma++;
      continue;
    }
    const bool comma = *io_i < s.len && s.at[*io_i] == ',' && since_comma > 0 && since_comma <= 3 && count > 0;
    if (!comma || (grouped && since_comma != 3) || !group_of_three(s, *io_i + 1)) break;
    *io_i += 1;
    grouped = true;
    since_comma = 0;
  }
  *out_n = n;
  *out_count = count;
  return true;
}

size_t numeral_arabic(struct str s, size_t i, struct dec *out_d) {
  int64_t n = 0;
  int count = 0;
  size_t at = i;
  if (!read_whole(s, &at, &n, &count) || count == 0) return 0;
  uint8_t scale = 0;
  size_t dot = at;
  const uint32_t c = utf8_at(s, at);
  if (c == '.' || c == 0xFF0E) { /* ． */
    (void)utf8_next(s, &dot);
    for (int d; scale < DEC_SCALE_MAX && count < ZH_DIGITS_MAX && (d = arabic_digit(s, &dot)) >= 0; count++) {
      n = n * 10 + d;
      scale++;
    }
    if (scale) at = dot;
  }
  *out_d = (struct dec){n, scale};
  return at - i;
}

/* One section below 10,000; `inner` when a higher one stands before it (then 十 is 一十 and gaps show a 零). */
static size_t put_section(char *out, int n, bool inner) {
  static const char digits[10][4] = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
  static const char units[4][4] = {"", "十", "百", "千"};
  size_t len = 0;
  bool any = inner, zero = false;
  const int divisors[4] = {1, 10, 100, 1000};
  for (int p = 3; p >= 0; p--) {
    const int d = n / divisors[p] % 10;
    if (d == 0) {
      zero = any;
      continue;
    }
    if (zero) memcpy(out + len, digits[0], 3), len += 3;
    if (!(d == 1 && p == 1 && !any)) memcpy(out + len, digits[d], 3), len += 3;
    if (p) memcpy(out + len, units[p], 3), len += 3;
    any = true;
    zero = false;
  }
  return len;
}

struct str numeral_zh_text(struct arena *a, int64_t n) {
  must(n >= 0 && n < 100000000);
  if (n == 0) return STR("零");
  char *out = arena_take(a, 64);
  size_t len = 0;
  const int high = (int)(n / 10000), low = (int)(n % 10000);
  if (high) {
    len = put_section(out, high, false);
    memcpy(out + len, "万", 3);
    len += 3;
  }
  if (low) len += put_section(out + len, low, high > 0);
  return (struct str){out, len};
}
