/* The way between two places on the ground, in whole numbers: the sides of a small triangle on a ball of the earth's mean radius
 * (6371008.8 m, IUGG), the east side shortened by the cosine of the middle latitude. */
#include "declare/eval.h"

enum { FRACTION_BITS = 40 };
static const __int128 ONE = (__int128)1 << FRACTION_BITS;
static const __int128 PI = 3454217652358; /* pi * 2^40 */
static const __int128 HALF_TURN_E7 = 1800000000;
static const __int128 RADIUS_MM = 6371008800;

static __int128 radians(__int128 degrees_e7) { return degrees_e7 * PI / HALF_TURN_E7; }

/* By its series up to the tenth power: 5e-7 off at the poles, far less where people live. */
static __int128 cosine(__int128 x) {
  const __int128 square = x * x / ONE;
  __int128 sum = ONE, term = ONE;
  for (int n = 1; n <= 5; n++) {
    term = -term * square / ONE / ((2 * n - 1) * (2 * n));
    sum += term;
  }
  return sum;
}
int64_t spot_distance(struct spot a, struct spot b) {
  __int128 east = (__int128)b.longitude_e7 - a.longitude_e7;
  if (east > HALF_TURN_E7) east -= 2 * HALF_TURN_E7;
  if (east < -HALF_TURN_E7) east += 2 * HALF_TURN_E7;
  const __int128 middle = ((__int128)a.latitude_e7 + b.latitude_e7) / 2;
  const __int128 y = RADIUS_MM * radians((__int128)b.latitude_e7 - a.latitude_e7) / ONE;
  const __int128 x = RADIUS_MM * radians(east) / ONE * cosine(radians(middle)) / ONE;
  return (int64_t)((integer_root(x * x + y * y) + 500) / 1000);
}
