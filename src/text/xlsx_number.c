/* A spreadsheet stores 30 June 2026 as 46203 and 85% as 0.85; the format makes the difference.
 *
 * Numbers are read as digits and an exponent and rounded to 15 digits in decimal, never through a binary float. Dates
 * count days from 30 December 1899 (which swallows the 29 February 1900 that never was), or from 1904. */
#include "text/xlsx_number.h"

#include "base/date.h"

enum { DIGITS_SHOWN = 15, EPOCH_1900 = -25569, EPOCH_1904 = -24107, DAY_MAX = 2958465 /* 9999-12-31 */ };

/* Letters of a date outside of quotes and brackets. */
static enum number_look look_of_code(struct str code) {
  bool quoted = false, bracket = false, percent = false;
  for (size_t i = 0; i < code.len; i++) {
    const char c = code.at[i];
    if (c == '\\') i++;
    else if (c == '"') quoted = !quoted;
    else if (c == '[' || c == ']') bracket = c == '[';
    else if (quoted || bracket) continue;
    else if ((c | 0x20) == 'y' || (c | 0x20) == 'd' || (c | 0x20) == 'm') return LOOK_DATE;
    else if (c == '%') percent = true;
  }
  return percent ? LOOK_PERCENT : LOOK_PLAIN;
}

enum number_look look_of_format(int64_t id, struct str code) {
  if (code.len) return look_of_code(code);
  if (id == 9 || id == 10) return LOOK_PERCENT;
  const bool date = (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 ||
                    (id >= 50 && id <= 54) || id == 57 || id == 58;
  return date ? LOOK_DATE : LOOK_PLAIN;
}

struct digits {
  int64_t value;
  int count, scale; /* value / 10^scale */
  bool round_up;
};

static bool take_digit(struct digits *d, char c, bool behind_point) {
  if (c < '0' || c > '9') return false;
  if (d->count < DIGITS_SHOWN) {
    d->value = d->value * 10 + (c - '0');
    d->count += d->value != 0;
    d->scale += behind_point;
  } else {
    if (d->count == DIGITS_SHOWN) d->round_up = c >= '5';
    d->count++;
    d->scale -= !behind_point;
  }
  return true;
}

bool number_read(struct str s, struct dec *out) {
  struct digits d = {0};
  const bool minus = s.len && s.at[0] == '-';
  size_t i = minus;
  for (; i < s.len && take_digit(&d, s.at[i], false);) i++;
  if (i < s.len && s.at[i] == '.')
    for (i++; i < s.len && take_digit(&d, s.at[i], true);) i++;
  int64_t power = 0;
  if (i < s.len && (s.at[i] | 0x20) == 'e') {
    struct str exponent = str_from(s, i + 1);
    if (exponent.len && exponent.at[0] == '+') exponent = str_from(exponent, 1);
    if (!str_to_int(exponent, &power) || power > 30 || power < -30) return false;
    i = s.len;
  }
  if (i < s.len || s.len <= (size_t)minus) return false;
  d.value += d.round_up;
  int64_t scale = d.scale - power;
  while (d.value && d.value % 10 == 0 && scale > 0) d.value /= 10, scale--;
  while (scale > DEC_SCALE_MAX) d.value /= 10, scale--;
  for (; scale < 0; scale++)
    if (__builtin_mul_overflow(d.value, 10, &d.value)) return false;
  *out = (struct dec){minus ? -d.value : d.value, (uint8_t)scale};
  return true;
}

struct str number_look_text(struct arena *mem, struct str raw, enum number_look look, bool is_1904) {
  struct dec n;
  if (!number_read(raw, &n)) return raw;
  if (look == LOOK_PERCENT && dec_shift(n, 2, &n)) return str_join(mem, dec_text(mem, n), STR("%"));
  if (look == LOOK_DATE && n.digits > 0) {
    int64_t day = n.digits;
    for (unsigned k = 0; k < n.scale; k++) day /= 10;
    if (day >= 1 && day <= DAY_MAX)
      return date_zh(mem, date_of_days((int32_t)day + (is_1904 ? EPOCH_1904 : EPOCH_1900)));
  }
  return dec_text(mem, n);
}
