/* Exact decimals: value = digits / 10^scale. Money, counts, seats and 万 are never binary floats.
 * Every operation answers false when the result does not fit 18 digits; *out is then untouched. */
#ifndef BASE_DEC_H
#define BASE_DEC_H
#include "base/must.h"
#include "base/str.h"

struct dec {
  int64_t digits;
  uint8_t scale; /* 0..12 */
};
enum { DEC_SCALE_MAX = 12 };

static inline struct dec dec_int(int64_t n) { return (struct dec){n, 0}; }
/* ASCII digits with optional '-', '.', and ',' between groups of three. The whole string, or false. */
MUST_CHECK bool dec_parse(struct str s, struct dec *out);
MUST_CHECK bool dec_add(struct dec a, struct dec b, struct dec *out);
MUST_CHECK bool dec_sub(struct dec a, struct dec b, struct dec *out);
/* a * 10^n, n may be negative. */
MUST_CHECK bool dec_shift(struct dec a, int n, struct dec *out);
int dec_cmp(struct dec a, struct dec b); /* exact, scales may differ */
static inline bool dec_eq(struct dec a, struct dec b) { return dec_cmp(a, b) == 0; }
/* Shortest exact text: 3.3, 1200, -0.5; no trailing zeros behind the point. New, in a. */
struct str dec_text(struct arena *a, struct dec d);
#endif
