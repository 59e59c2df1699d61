/* Fractions in two words of 128 bits. Sums and products take out common factors first (Knuth, The Art of Computer
 * Programming 2, 4.5.1), so that nothing overflows whose result would fit but for rare sums; comparison goes by the
 * continued fractions of both sides and needs no larger number at all. */
#include "declare/ratio.h"

#include "base/must.h"

static const __int128 CEILING = (__int128)10000000000000000000u * 10000000000000000000u; /* 10^38 < 2^127 */
static bool fits(__int128 n) { return n < CEILING && n > -CEILING; }

static uint64_t gcd_short(uint64_t a, uint64_t b) {
  while (b) {
    const uint64_t rest = a % b;
    a = b;
    b = rest;
  }
  return a;
}
static __int128 gcd(__int128 a, __int128 b) {
  if (a < 0) a = -a;
  if (b < 0) b = -b;
  while (b > INT64_MAX || (a > INT64_MAX && b)) { /* dividing 128 bits is slow: only as long as it needs them */
    const __int128 rest = a % b;
    a = b;
    b = rest;
  }
  return b ? (__int128)gcd_short((uint64_t)a, (uint64_t)b) : a;
}
static bool times(__int128 a, __int128 b, __int128 *out) {
  __int128 n;
  if (__builtin_mul_overflow(a, b, &n) || !fits(n)) return false;
  *out = n;
  return true;
}

bool ratio_of(__int128 n, __int128 d, struct ratio *out) {
  must(d != 0);
  if (!fits(n) || !fits(d)) return false;
  const __int128 g = gcd(n, d);
  *out = d < 0 ? (struct ratio){-n / g, -d / g} : (struct ratio){n / g, d / g};
  return true;
}
struct ratio ratio_of_dec(struct dec d) {
  __int128 scale = 1;
  for (unsigned i = 0; i < d.scale; i++) scale *= 10;
  struct ratio out = ratio_int(0);
  must(ratio_of(d.digits, scale, &out));
  return out;
}

bool ratio_add(struct ratio a, struct ratio b, struct ratio *out) {
  if (a.d == 1 && b.d == 1) {     /* most of what is added is whole */
    const __int128 n = a.n + b.n; /* both below 10^38 */
    if (fits(n)) *out = (struct ratio){n, 1};
    return fits(n);
  }
  const __int128 g = gcd(a.d, b.d);
  __int128 x, y, sum, d;
  if (!times(a.n, b.d / g, &x) || !times(b.n, a.d / g, &y) || __builtin_add_overflow(x, y, &sum)) return false;
  const __int128 more = gcd(sum, g);
  if (!times(a.d / g, b.d / more, &d)) return false;
  return ratio_of(sum / more, d, out);
}
bool ratio_sub(struct ratio a, struct ratio b, struct ratio *out) { return ratio_add(a, ratio_negate(b), out); }
bool ratio_mul(struct ratio a, struct ratio b, struct ratio *out) {
  const __int128 g = gcd(a.n, b.d), h = gcd(b.n, a.d);
  __int128 n, d;
  if (!times(a.n / g, b.n / h, &n) || !times(a.d / h, b.d / g, &d)) return false;
  *out = (struct ratio){n, d};
  return true;
}
bool ratio_div(struct ratio a, struct ratio b, struct ratio *out) {
  must(b.n != 0);
  return ratio_mul(a, b.n < 0 ? (struct ratio){-b.d, -b.n} : (struct ratio){b.d, b.n}, out);
}

static __int128 floor_of(struct ratio a) { return a.n / a.d - (a.n % a.d < 0); }

bool ratio_div_mod(struct ratio a, struct ratio b, struct ratio *out_whole, struct ratio *out_rest) {
  struct ratio q, used, rest;
  if (!ratio_div(a, ratio_abs(b), &q)) return false;
  q = (struct ratio){floor_of(q), 1};
  if (!ratio_mul(q, ratio_abs(b), &used) || !ratio_sub(a, used, &rest)) return false;
  *out_whole = b.n < 0 ? ratio_negate(q) : q;
  *out_rest = rest;
  return true;
}

/* Two fractions above zero, by whole parts, then by the inverses of what is left. */
static int cmp_above(struct ratio a, struct ratio b) {
  for (int sign = 1;; sign = -sign) {
    const __int128 p = a.n / a.d, q = b.n / b.d, r = a.n % a.d, s = b.n % b.d;
    if (p != q) return p > q ? sign : -sign;
    if (!r || !s) return sign * ((r != 0) - (s != 0));
    a = (struct ratio){a.d, r};
    b = (struct ratio){b.d, s};
  }
}
int ratio_cmp(struct ratio a, struct ratio b) {
  if (ratio_sign(a) != ratio_sign(b)) return ratio_sign(a) > ratio_sign(b) ? 1 : -1;
  if (!a.n) return 0;
  return a.n > 0 ? cmp_above(a, b) : -cmp_above(ratio_negate(a), ratio_negate(b));
}

bool ratio_round(struct ratio a, struct ratio step, enum rounding how, struct ratio *out) {
  struct ratio q;
  must(step.n > 0);
  if (!ratio_div(a, step, &q)) return false;
  __int128 n = floor_of(q);
  const __int128 rest = q.n - n * q.d; /* below q.d */
  if (how == ROUND_UP) n += rest != 0;
  if (how == ROUND_NEAR) n += q.n < 0 ? rest > q.d - rest : rest >= q.d - rest;
  return fits(n) && ratio_mul((struct ratio){n, 1}, step, out);
}

/* By Newton from above. */
__int128 integer_root(__int128 n) {
  if (n < 2) return n;
  __int128 r = n, next = n / 2 + 1;
  while (next < r) {
    r = next;
    next = (r + n / r) / 2;
  }
  return r;
}
bool ratio_sqrt(struct ratio a, unsigned places, struct ratio *out) {
  must(a.n >= 0);
  __int128 scale = 1;
  struct ratio y, edge;
  for (unsigned i = 0; i < places; i++) scale *= 10;
  if (!ratio_mul(a, (struct ratio){scale * scale, 1}, &y)) return false;
  __int128 r = integer_root(y.n / y.d);
  /* up from r + 1/2 on, whose square is r * r + r + 1/4 */
  if (!ratio_add((struct ratio){r * r + r, 1}, (struct ratio){1, 4}, &edge)) return false;
  r += ratio_cmp(y, edge) >= 0;
  return ratio_of(r, scale, out);
}

int ratio_places(struct ratio a) {
  int twos = 0, fives = 0;
  while (a.d % 2 == 0) {
    a.d /= 2;
    twos++;
  }
  while (a.d % 5 == 0) {
    a.d /= 5;
    fives++;
  }
  return a.d != 1 ? -1 : twos > fives ? twos : fives;
}
bool ratio_scaled(struct ratio a, unsigned places, int64_t *out) {
  enum { STORED_MOST = 18 };
  __int128 scale = 1, most = 1;
  for (unsigned i = 0; i < STORED_MOST; i++) most *= 10;
  for (unsigned i = 0; i < places && i < RATIO_DIGITS; i++) scale *= 10;
  if (scale % a.d != 0) return false;
  __int128 n;
  if (!times(a.n, scale / a.d, &n) || n >= most || n <= -most) return false;
  *out = (int64_t)n;
  return true;
}

/* Digits of n >= 0, at least so many, a point before the last `places`. */
static struct str digits_of(struct arena *mem, bool minus, __int128 n, int places) {
  char text[2 * RATIO_DIGITS + 4], *at = text + sizeof text;
  for (int i = 0; n || i <= places; i++, n /= 10) {
    if (i && i == places) *--at = '.';
    *--at = (char)('0' + (int)(n % 10));
  }
  if (minus) *--at = '-';
  return str_dup(mem, (struct str){at, (size_t)(text + sizeof text - at)});
}
struct str ratio_text(struct arena *mem, struct ratio a) {
  const bool minus = a.n < 0;
  const __int128 n = minus ? -a.n : a.n;
  const int places = ratio_places(a);
  __int128 scale = 1, scaled;
  for (int i = 0; i < places && i < RATIO_DIGITS; i++) scale *= 10;
  if (places >= 0 && scale % a.d == 0 && times(n, scale / a.d, &scaled)) return digits_of(mem, minus, scaled, places);
  return str_fmt(mem, STRF "/" STRF, STRA(digits_of(mem, minus, n, 0)), STRA(digits_of(mem, false, a.d, 0)));
}
