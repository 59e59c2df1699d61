/* Exact numbers: fractions of integers of 38 digits. No operation rounds unless it says so, none wraps: each answers
 * false when the result, or a number on the way to it, needs more than 38 digits; *out is then untouched. */
#ifndef DECLARE_RATIO_H
#define DECLARE_RATIO_H
#include "base/dec.h"

struct ratio { /* in lowest terms, d > 0; zeroed memory is no number */
  __int128 n, d;
};
enum { RATIO_DIGITS = 38 };
enum rounding { ROUND_NEAR, ROUND_DOWN, ROUND_UP }; /* half away from zero; towards minus; towards plus infinity */

static inline struct ratio ratio_int(int64_t n) { return (struct ratio){n, 1}; }
static inline bool ratio_is_zero(struct ratio a) { return a.n == 0; }
static inline bool ratio_is_whole(struct ratio a) { return a.d == 1; }
static inline int ratio_sign(struct ratio a) { return (a.n > 0) - (a.n < 0); }
struct ratio ratio_of_dec(struct dec d);
/* n / d for d != 0. */
MUST_CHECK bool ratio_of(__int128 n, __int128 d, struct ratio *out);
MUST_CHECK bool ratio_add(struct ratio a, struct ratio b, struct ratio *out);
MUST_CHECK bool ratio_sub(struct ratio a, struct ratio b, struct ratio *out);
MUST_CHECK bool ratio_mul(struct ratio a, struct ratio b, struct ratio *out);
/* b != 0. */
MUST_CHECK bool ratio_div(struct ratio a, struct ratio b, struct ratio *out);
/* The greatest integer not above a / b, and what is left: 0 <= rest < |b|. b != 0. */
MUST_CHECK bool ratio_div_mod(struct ratio a, struct ratio b, struct ratio *out_whole, struct ratio *out_rest);
static inline struct ratio ratio_negate(struct ratio a) { return (struct ratio){-a.n, a.d}; }
static inline struct ratio ratio_abs(struct ratio a) { return a.n < 0 ? ratio_negate(a) : a; }
int ratio_cmp(struct ratio a, struct ratio b); /* exact for all numbers, cannot overflow */
/* A whole multiple of step > 0. */
MUST_CHECK bool ratio_round(struct ratio a, struct ratio step, enum rounding how, struct ratio *out);
/* The greatest r with r * r <= n, for n >= 0. */
__int128 integer_root(__int128 n);
/* The square root of a >= 0 to so many places, half away from zero. */
MUST_CHECK bool ratio_sqrt(struct ratio a, unsigned places, struct ratio *out);
/* a * 10^places as an integer; false if that is none, or has more than 18 digits. */
MUST_CHECK bool ratio_scaled(struct ratio a, unsigned places, int64_t *out);
/* Places behind the point that write it exactly; -1 = no number of places does. */
int ratio_places(struct ratio a);
/* 3.25, -1200; a fraction that no decimal writes as 1/3. New, in mem. */
struct str ratio_text(struct arena *mem, struct ratio a);
#endif
